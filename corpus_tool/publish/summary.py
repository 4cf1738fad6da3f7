"""What is shown before anything is published: as text for people, and as an object for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tool.diagnostics.render.text import printable
from corpus_tool.publish.plan import count_changes, notes_for, rows_of
from corpus_tool.publish.target import Change, FileChange, Release

_MARKS = {Change.ADDED: "+", Change.CHANGED: "~", Change.DELETED: "-"}

#: How many files the text lists; the object has them all.
LISTED = 40


def render_summary(release: Release) -> str:
    """The summary as text, without a newline at its end."""
    return "\n".join(printable(line) for line in _lines(release))


def _lines(release: Release) -> Iterator[str]:
    now = release.now
    yield f"{release.address}  {release.tag}"
    yield f"  published now  {_published(release)}"
    yield f"  read by        {_visibility(release)}"
    if now.gated:
        yield f"  gated          readers ask for access ({now.gated})"
    elif release.address.startswith("hf://"):
        yield "  gated          no"
    counts = count_changes(release)
    told = [f"{files:,} {change} ({size_of(size)})" for change, (files, size) in counts.items() if files]
    yield f"  files          {', '.join(told)}"
    changes = [change for change in release.changes if change.change is not Change.UNCHANGED]
    for change in changes[:LISTED]:
        yield f"    {_MARKS[change.change]} {change.path}  {_sizes(change)}"
    if len(changes) > LISTED:
        yield f"    … and {len(changes) - LISTED:,} more; --json lists them all"
    yield "  rows           now → then" if rows_of(now.manifest) else "  rows"
    yield from _rows(release)
    for note in notes_for(release):
        yield f"  note: {note}"


def _published(release: Release) -> str:
    now = release.now
    if not now.exists:
        return "nothing: it will be made"
    if now.revision is None:
        return "nothing"
    version = f"version {now.version} at " if now.version else ""
    return f"{version}{now.revision[:12]}"


def _visibility(release: Release) -> str:
    seen = release.now.visibility
    if not release.address.startswith("hf://") or seen is None:
        return f"{release.wish}"
    return f"{seen}" if seen is release.wish else f"{seen}, wished {release.wish}"


def _rows(release: Release) -> Iterator[str]:
    before = rows_of(release.now.manifest)
    for config in [*release.rows, *(config for config in before if config not in release.rows)]:
        own, old = release.rows.get(config, {}), before.get(config, {})
        splits = [*own, *(split for split in old if split not in own)]
        if before:
            told = [f"{split} {old.get(split, 0):,} → {own.get(split, 0):,}" for split in splits]
        else:
            told = [f"{split} {own[split]:,}" for split in splits]
        yield f"    {config}: {', '.join(told)}"


def _sizes(change: FileChange) -> str:
    if change.change is Change.CHANGED:
        return f"{size_of(change.size_before or 0)} → {size_of(change.size or 0)}"
    return size_of(change.size if change.size is not None else change.size_before or 0)


def size_of(size: int) -> str:
    """Bytes for people, in powers of 1,000."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 99.5 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def summary_object(release: Release) -> dict[str, Any]:
    """The summary as an object for JSON; sizes in bytes."""
    now = release.now
    return {
        "address": release.address,
        "version": release.version,
        "tag": release.tag,
        "visibility": {"wished": str(release.wish), "now": str(now.visibility) if now.visibility else None},
        "gated": now.gated or None,
        "published": {"exists": now.exists, "revision": now.revision, "version": now.version, "tags": dict(now.tags)},
        "files": [
            {
                "path": change.path,
                "change": str(change.change),
                "bytes": change.size,
                "bytes_published": change.size_before,
                "sha256": change.sha256,
            }
            for change in release.changes
        ],
        "rows": {"then": release.rows, "now": rows_of(now.manifest)},
        "notes": list(notes_for(release)),
    }
