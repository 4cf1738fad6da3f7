"""Fixing: the edits that findings offer, made where they leave a document better than it was.

A document is checked, mended and checked again. What a fix may not do is decided here, whatever a check proposes: it
never touches the article's text, no check that could see the document before may find more afterwards, and fewer
findings must be left in all. A document that cannot be written back exactly as it was read is left alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff as diff_of_lines
from typing import Any, NamedTuple

from corpus_tool.checks import Needs
from corpus_tool.checks.run import Checker, check_bytes
from corpus_tool.diagnostics import Diagnostic, Edit, Severity, apply_edits
from corpus_tool.diagnostics.position import parent_pointer
from corpus_tool.layout import exact_json
from corpus_tool.model.codec import layout
from corpus_tool.model.schemas import JsonObject


@dataclass(frozen=True)
class Fixed:
    """What became of a document.

    Attributes:
        data: its bytes, the very ones that were given where nothing could be mended.
        applied: the diagnostics whose fixes were made.
        left: the diagnostics of what is there now.
    """

    data: bytes
    applied: tuple[Diagnostic, ...] = ()
    left: tuple[Diagnostic, ...] = ()


class _State(NamedTuple):
    """A document on its way."""

    data: bytes
    raw: JsonObject
    found: tuple[Diagnostic, ...]
    is_read: bool


class _Fix(NamedTuple):
    """The edits that one or several findings offer."""

    edits: tuple[Edit, ...]
    mends: tuple[Diagnostic, ...]


class _Bench(NamedTuple):
    """How documents are checked and written while one is mended."""

    check: Callable[[bytes], tuple[bool, tuple[Diagnostic, ...]]]
    write: Callable[[JsonObject], bytes]
    wanted: Callable[[Diagnostic], bool]
    document_checks: frozenset[str]


def fix_bytes(
    data: bytes,
    checker: Checker,
    *,
    path: str = "-",
    name: str | None = None,
    first_line: int = 1,
    one_line: bool = False,
    wanted: Callable[[Diagnostic], bool] = lambda diagnostic: True,
) -> Fixed:
    """Mends what can be mended in one document without guessing.

    Args:
        data: the bytes of its file, or of its line in a shard.
        checker: what to check with.
        path: what diagnostics call the file.
        name: the file's name without its suffix; None in a shard and on standard input.
        first_line: the line of the file that ``data`` starts at.
        one_line: write the document as one line of a shard, not in the layout of a file.
        wanted: which diagnostics are to be mended.
    """

    def check(changed: bytes) -> tuple[bool, tuple[Diagnostic, ...]]:
        document, found = check_bytes(changed, path, checker, name=name, first_line=first_line)
        return document is not None, tuple(found)

    def write(raw: JsonObject) -> bytes:
        return (_line(raw) if one_line else layout(raw, checker.layers)).encode("utf-8")

    is_read, found = check(data)
    if not any(diagnostic.fix and wanted(diagnostic) for diagnostic in found):
        return Fixed(data, (), found)
    try:
        raw = exact_json(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return Fixed(data, (), found)
    document_checks = frozenset(check.code for check in checker.checks if check.needs is Needs.DOCUMENT)
    bench = _Bench(check, write, wanted, document_checks)
    state, applied = _mend(_State(data, raw, found, is_read), bench, looks_ahead=True)
    return Fixed(state.data, tuple(applied), state.found)


def _line(raw: JsonObject) -> str:
    return json.dumps(raw, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _mend(state: _State, bench: _Bench, *, looks_ahead: bool) -> tuple[_State, list[Diagnostic]]:
    """Makes fixes as long as one makes the document better; every round leaves fewer findings, so it ends."""
    applied: list[Diagnostic] = []
    while True:
        for batch in _batches(state, bench.wanted):
            better = _try(state, batch, bench, looks_ahead=looks_ahead)
            if better:
                state = better[0]
                applied += better[1]
                break
        else:
            return state, applied


def _batches(state: _State, wanted: Callable[[Diagnostic], bool]) -> Iterator[list[_Fix]]:
    """The fixes of a document in groups that do not touch each other's values, the most basic defects first."""
    by_stage: dict[int, dict[Any, _Fix]] = {}
    keys: dict[int, Any] = {}
    for diagnostic in state.found:
        if not diagnostic.fix or not wanted(diagnostic):
            continue
        if id(diagnostic.fix) not in keys:  # all findings of a drift share one fix of thousands of edits
            keys[id(diagnostic.fix)] = tuple((e.pointer, e.does, repr(e.value)) for e in diagnostic.fix)
        key = keys[id(diagnostic.fix)]
        fixes = by_stage.setdefault(_stage(diagnostic.code), {})
        mends = fixes[key].mends if key in fixes else ()
        fixes[key] = _Fix(diagnostic.fix, (*mends, diagnostic))
    for _, fixes in sorted(by_stage.items()):
        waiting = list(fixes.values())
        while waiting:
            batch, waiting = _apart(waiting)
            yield batch


def _stage(code: str) -> int:
    """Other checks rely on what the schema says, and then on sound offsets."""
    return 0 if code.startswith(("DOC", "TXT1")) else 1 if code.startswith("SPN1") else 2


def _apart(fixes: Sequence[_Fix]) -> tuple[list[_Fix], list[_Fix]]:
    """Fixes that touch neither the same values nor values inside each other's, and the rest."""
    touched: set[str] = set()
    above: set[str] = set()
    chosen, rest = [], []
    for fix in fixes:
        pointers = {edit.pointer for edit in fix.edits if edit.does != "write"}
        lineage = {upper for pointer in pointers for upper in _above(pointer)}
        if pointers & (touched | above) or lineage & touched:
            rest.append(fix)
            continue
        touched |= pointers
        above |= lineage
        chosen.append(fix)
    return chosen, rest


def _above(pointer: str) -> Iterator[str]:
    while pointer:
        pointer = parent_pointer(pointer)
        yield pointer


def _try(
    state: _State, batch: Sequence[_Fix], bench: _Bench, *, looks_ahead: bool
) -> tuple[_State, list[Diagnostic]] | None:
    """The document with a batch of fixes, or with the part of it that does good; None where none does."""
    changed = _changed(state, batch, bench)
    if changed is not None:
        if _is_better(changed, state, bench):
            return changed, _mended(state, changed, batch)
        if looks_ahead:  # what shows now may be mended in its turn: a title goes, then the article before it
            ahead, more = _mend(changed, bench, looks_ahead=False)
            if _is_better(ahead, state, bench):
                return ahead, [*_mended(state, changed, batch), *more]
    if len(batch) == 1:
        return None
    half = len(batch) // 2
    return _try(state, batch[:half], bench, looks_ahead=False) or _try(state, batch[half:], bench, looks_ahead=False)


def _mended(before: _State, behind: _State, batch: Sequence[_Fix]) -> list[Diagnostic]:
    """The diagnostics that a batch mended: those that carry its fixes, and others of their codes that are gone.

    A drift is mended for its whole layer by the fix that one finding carries.
    """
    carriers = {id(diagnostic) for fix in batch for diagnostic in fix.mends}
    codes = {diagnostic.code for fix in batch for diagnostic in fix.mends}
    left = {(diagnostic.code, diagnostic.message) for diagnostic in behind.found}
    gone = (d for d in before.found if d.code in codes and (d.code, d.message) not in left)
    return list({id(d): d for d in (*(d for d in before.found if id(d) in carriers), *gone)}.values())


def _changed(state: _State, batch: Sequence[_Fix], bench: _Bench) -> _State | None:
    """The document with the edits made; None where that is not possible, or would touch the text."""
    edits = [edit for fix in batch for edit in fix.edits]
    try:
        raw = apply_edits(state.raw, edits)
        data = bench.write(raw)
    except (LookupError, TypeError, ValueError, RecursionError):
        return None
    if raw.get("text") != state.raw.get("text"):
        return None
    is_read, found = bench.check(data)
    return _State(data, raw, found, is_read)


def _finds_more(before: _State, behind: _State, bench: _Bench) -> bool:
    """Whether a check that could see the document before finds more in it now.

    Checks that were blind are those that need a document where the schema refused it, and those that look at sound
    spans alone where some were not sound.
    """
    blind: set[str] = set()
    if not before.is_read:
        blind = set(bench.document_checks)
    elif any(diagnostic.code.startswith("SPN1") for diagnostic in before.found):
        blind = {code for code in bench.document_checks if not code.startswith(("DOC", "TXT", "SPN1"))}
    own = Counter(diagnostic.code for diagnostic in before.found)
    now = Counter(diagnostic.code for diagnostic in behind.found)
    return any(count > own[code] and code not in blind for code, count in now.items())


def _is_better(now: _State, before: _State, bench: _Bench) -> bool:
    """Whether fewer findings are left, no more errors, and none more of any check that could see the document."""
    fewer = len(now.found) < len(before.found) and _errors(now) <= _errors(before)
    return fewer and not _finds_more(before, now, bench)


def _errors(state: _State) -> int:
    return sum(diagnostic.severity is Severity.ERROR for diagnostic in state.found)


def unified_diff(before: bytes, after: bytes, path: str, *, line: int | None = None) -> str:
    """What changes in a file, as ``diff -u`` tells it and ``patch`` takes it; "" where nothing does.

    It holds the document's characters as they are: whoever shows it on a terminal escapes it.

    Args:
        before: the file's bytes as they are.
        after: the bytes that it would have.
        path: the file's name, for the head of the diff.
        line: which line of a shard the bytes are, without its line end; None for those of a whole file.
    """
    if line is not None and before != after:
        old, new = (data.decode("utf-8", "backslashreplace") for data in (before, after))
        return f"--- a/{path}\n+++ b/{path}\n@@ -{line} +{line} @@\n-{old}\n+{new}\n"
    lines = diff_of_lines(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[str]:
    """Lines that end in LF alone, as patches have them: U+2028 and the like end none."""
    *whole, rest = data.decode("utf-8", "backslashreplace").split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else [])]
