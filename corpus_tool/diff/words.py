"""A difference in words: what a changelog says and what a reason for a version says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from corpus_tool.diff.difference import Column, Difference, LayerCounts
from corpus_tool.splits import SPLITS

#: What became of annotations, as people read it.
WORDS: Mapping[str, str] = {
    "added": "added",
    "removed": "removed",
    "moved": "moved",
    "relabelled": "re-labelled",
    "status": "with another status",
    "relinked": "linked to another entity",
    "renamed": "with another id",
    "provenance": "with another origin",
}

#: What was done to an annotation that has a status now.
_STATUS = {"accepted": "accepted", "corrected": "corrected", "rejected": "rejected"}

#: How many pairs of an old and a new value are listed.
_MOST_PAIRS = 5


def counted(n: int, noun: str) -> str:
    """``3 documents``, ``1 document``; thousands in groups."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def documents_in_words(difference: Difference) -> list[str]:
    """ "12 added (3 in test)", "1 removed", "2 with another text" …; nothing where no document differs as a whole."""
    tally = difference.tally
    found = []
    for what in ("added", "removed"):
        if tally.documents[what]:
            splits = [f"{tally.splits[what, split]:,} in {split}" for split in SPLITS if tally.splits[what, split]]
            listed = f" ({', '.join(splits)})" if splits else ""
            found.append(f"{tally.documents[what]:,} {what}{listed}")
    for name, n in sorted(tally.fields.items(), key=_place):
        if name == "split":
            moves = [f"{old or 'none'} → {new or 'none'} {k:,}" for (old, new), k in sorted(tally.moves.items())]
            found.append(f"{n:,} moved to another split ({', '.join(moves)})")
        else:
            found.append(f"{n:,} with another {_NAMES.get(name, name)}")
    return found


#: Fields of a document whose names say too little.
_NAMES = {"blocks": "division into blocks", "published": "day of publication"}


def _place(item: tuple[str, int]) -> tuple[bool, bool, str]:
    return item[0] != "text", item[0] != "split", item[0]


def layer_in_words(counts: LayerCounts) -> list[str]:
    """ "45 added", "3 re-labelled (kind: person → group 3)", "2 accepted" …, in documents that both versions have."""
    found: list[str] = []
    for what, word in WORDS.items():
        n = counts.whats[what]
        if what == "status":
            found += _statuses(counts)
        elif n:
            detail = relabelled_in_words(counts) if what == "relabelled" else ""
            found.append(f"{n:,} {word}{f' ({detail})' if detail else ''}")
    return found


def relabelled_in_words(counts: LayerCounts) -> str:
    """ "kind: person → group 2, person → state 1; role 4"."""
    told = Counter({name: n for name, n in counts.fields.items() if name not in _TOLD_APART})
    parts = []
    for name, n in sorted(told.items(), key=lambda item: (-item[1], item[0])):
        pairs = [(old, new, k) for (own, old, new), k in counts.values.items() if own == name]
        pairs.sort(key=lambda pair: (-pair[2], pair[0] or "", pair[1] or ""))
        listed = ", ".join(f"{old or 'none'} → {new or 'none'} {k:,}" for old, new, k in pairs[:_MOST_PAIRS])
        more = ", …" if len(pairs) > _MOST_PAIRS else ""
        parts.append(f"{name}: {listed}{more}" if listed else f"{name} {n:,}")
    return "; ".join(parts)


_TOLD_APART = frozenset({"span", "status", "entity", "id", "annotator", "score", "was"})


def _statuses(counts: LayerCounts) -> Iterator[str]:
    new = Counter[str]()
    for (name, _, after), n in counts.values.items():
        if name == "status":
            new[_STATUS.get(after or "", "with another status")] += n
    yield from (f"{n:,} {word}" for word, n in sorted(new.items()))


def column_in_words(column: Column) -> str:
    """ "the column actors.role was added to default"."""
    if not column.column:
        return f"the config {column.config} was {column.what.removeprefix('config ')}"
    if column.what == "type changed":
        return f"the column {column.column} of {column.config} has another type ({column.old} → {column.new})"
    verb = "added to" if column.what == "column added" else "removed from"
    return f"the column {column.column} was {verb} {column.config}"
