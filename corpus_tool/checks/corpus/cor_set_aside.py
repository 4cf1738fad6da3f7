"""COR503: what is still set aside after an article has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding
from corpus_tool.diagnostics import Severity

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Survey

#: Annotations that are named; the file holds them all.
_NAMED = 3


def set_aside_open(survey: Survey) -> Iterator[CorpusFinding]:
    """A ledger in ``set-aside/`` holds annotations that a changed article had no certain place for.

    Why it matters: they are people's work and no longer part of the corpus; nobody would miss them. Whoever has marked
    them in the new text, or found that they no longer hold, takes their lines out.

    Bad: ``set-aside/harbour-fire.jsonl`` with a line about the actor "port official".

    Good: no such file, or an empty one.
    """
    if survey.root is None:
        return
    for path in sorted((survey.root / "set-aside").rglob("*.jsonl")):
        try:
            lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
        except OSError:
            continue
        if lines:
            named = ", ".join(map(_told, lines[:_NAMED])) + (", …" if len(lines) > _NAMED else "")
            what = "1 thing that has" if len(lines) == 1 else f"{len(lines):,} things that have"
            yield CorpusFinding(
                f"keeps {what} no place in a changed article: {named}",
                path=path.relative_to(survey.root).as_posix(),
                hint="mark it in the new text where it still holds, and take its line out",
            )


def _told(line: bytes) -> str:
    """What a line of a ledger is about, in a few words."""
    import orjson

    try:
        record: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = None
    if not isinstance(record, dict):
        return "a line that is no record"
    words = [str(record[key])[:40] for key in ("layer", "id", "attribute") if record.get(key)]
    return " ".join([*words, *([quoted(str(record["text"]), 40)] if record.get("text") else [])])


CORPUS_CHECKS = (CorpusCheck("COR503", "set-aside-open", Severity.WARNING, set_aside_open),)
