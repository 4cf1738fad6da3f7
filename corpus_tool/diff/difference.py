"""All that differs between two versions, counted; and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from corpus_tool.diff.change import WHATS, Change, FieldChange
from corpus_tool.diff.record import Record
from corpus_tool.model.schemas import BUILT_IN
from corpus_tool.splits import SPLITS

FORMAT = "corpus-tool/difference/1"

#: Attributes with a closed list, of which it is counted what became what.
_CLOSED = frozenset({"kind", "measure", "mention", "status"})

_RANK = {name: place for place, name in enumerate(BUILT_IN)}


@dataclass
class LayerCounts:
    """What became of the annotations of one layer, in documents that both versions have.

    Attributes:
        whats: annotations by what became of them (``change.WHATS``).
        fields: annotations by the attribute that was changed.
        values: of closed lists, by attribute, old and new value; None where it was not set.
        came: annotations of documents that were added.
        went: annotations of documents that were removed.
    """

    whats: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    values: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)
    came: int = 0
    went: int = 0


@dataclass
class Tally:
    """What was counted on the way through the documents.

    Attributes:
        documents: by "added", "removed", "changed" (text, metadata, blocks or split) and "annotated" (anything in it).
        fields: documents by what of them was changed: "text", "blocks", "split", "title" …
        splits: documents that were added or removed, by that and their split ("" where they have none).
        moves: documents by old and new split.
        layers: by layer.
        entities: by "added", "removed", "changed".
        relations: the same.
        changes: the first of them.
        unlisted: how many more there are.
    """

    limit: int | None
    documents: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    splits: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    layers: dict[str, LayerCounts] = field(default_factory=dict)
    entities: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    unlisted: int = 0
    _listed: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def whole(self, record: Record, change: Change) -> None:
        """A document that was added or removed."""
        [what] = change.what
        self.documents[what] += 1
        self.splits[what, record.split] += 1
        for name, marks in record.layers.items():
            live = sum(not mark.is_rejected for mark in marks)
            counts = self.layers.setdefault(name, LayerCounts())
            if what == "added":
                counts.came += live
            else:
                counts.went += live
        self._list(change)

    def within(self, changes: Iterable[Change]) -> None:
        """A document that both versions have."""
        seen = [self._count(change) for change in changes]
        self.documents["changed"] += any(about == "document" for about in seen)
        self.documents["annotated"] += any(about != "document" for about in seen)

    def _count(self, change: Change) -> str:
        if change.about == "document":
            self.fields.update(one.field for one in change.fields)
            self.moves.update((one.old or "", one.new or "") for one in change.fields if one.field == "split")
        elif change.about == "annotation":
            counts = self.layers.setdefault(change.layer, LayerCounts())
            counts.whats.update(change.what)
            counts.fields.update(one.field for one in change.fields)
            counts.values.update((one.field, one.old, one.new) for one in change.fields if _is_closed(one))
        else:
            own = self.entities if change.about == "entity" else self.relations
            own.update(change.what)
        self._list(change)
        return change.about

    def _list(self, change: Change) -> None:
        """Keeps a change if it is among the first of its kind."""
        key = (change.about, change.layer, change.what[0])
        if self.limit is not None and self._listed[key] >= self.limit:
            self.unlisted += 1
            return
        self._listed[key] += 1
        self.changes.append(change)


def _is_closed(change: FieldChange) -> bool:
    return change.field in _CLOSED and all(isinstance(value, str | None) for value in (change.old, change.new))


@dataclass(frozen=True)
class Version:
    """One of the two versions, as the difference tells of it.

    Attributes:
        name: as the user called it.
        is_corpus: a corpus, not a dataset.
        version: its version.
        released: the day of its publication, or "".
        license: its licence, or "" where that is not known.
        article_license: that of the texts, or "".
        is_withheld: it holds no words of the articles.
        documents: how many it has.
        annotations: how many by layer; rejected ones are left out.
    """

    name: str
    is_corpus: bool
    version: str
    released: str
    license: str
    article_license: str
    is_withheld: bool
    documents: int
    annotations: Mapping[str, int]


@dataclass(frozen=True)
class Column:
    """A config or a column that differs.

    Attributes:
        what: "config added", "config removed", "column added", "column removed" or "type changed".
        config: the config.
        column: the column; "actors.role" is an attribute of a layer. "" for a config.
        old: its old type, "" where there was none.
        new: its new one.
    """

    what: str
    config: str
    column: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Difference:
    """What differs between two versions.

    Attributes:
        old: the one.
        new: the other.
        tally: of documents and what is in them.
        columns: configs and columns that differ.
        settings: what ``corpus.yaml`` says for the card and says otherwise now.
        not_compared: what only one of the two can hold, in words.
    """

    old: Version
    new: Version
    tally: Tally
    columns: tuple[Column, ...] = ()
    settings: tuple[FieldChange, ...] = ()
    not_compared: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs; the number of the version alone is no difference."""
        tally = self.tally
        return not (
            tally.documents.total() or self.columns or self.settings or (self.old.is_withheld != self.new.is_withheld)
        )

    @property
    def layers(self) -> dict[str, LayerCounts]:
        """What became of annotations, by layer, those alone where anything did; the built-in layers come first."""
        names = sorted(self.tally.layers, key=lambda name: (_RANK.get(name, len(_RANK)), name))
        found = {name: self.tally.layers[name] for name in names}
        return {name: counts for name, counts in found.items() if counts.whats or counts.came or counts.went}


def difference_to_json(difference: Difference) -> dict[str, Any]:
    """A difference as a JSON object, as docs/diff.md describes it."""
    tally = difference.tally
    return {
        "schema": FORMAT,
        "equal": difference.is_empty,
        "old": msgspec.to_builtins(difference.old),
        "new": msgspec.to_builtins(difference.new),
        "documents": {
            **{what: tally.documents[what] for what in ("added", "removed", "changed", "annotated")},
            "added_by_split": dict(_by_split(tally, "added")),
            "removed_by_split": dict(_by_split(tally, "removed")),
            "fields": dict(sorted(tally.fields.items())),
            "moved": [{"old": old, "new": new, "documents": n} for (old, new), n in sorted(tally.moves.items())],
        },
        "annotations": {name: _layer_json(counts) for name, counts in difference.layers.items()},
        "entities": dict(sorted(tally.entities.items())),
        "relations": dict(sorted(tally.relations.items())),
        "columns": msgspec.to_builtins(difference.columns),
        "settings": msgspec.to_builtins(difference.settings),
        "not_compared": list(difference.not_compared),
        "changes": msgspec.to_builtins(tally.changes),
        "unlisted": tally.unlisted,
    }


def _by_split(tally: Tally, what: str) -> Iterator[tuple[str, int]]:
    yield from ((split, tally.splits[what, split]) for split in (*SPLITS, "") if tally.splits[what, split])


def _layer_json(counts: LayerCounts) -> dict[str, Any]:
    return {
        **{what: counts.whats[what] for what in WHATS},
        "in_added_documents": counts.came,
        "in_removed_documents": counts.went,
        "fields": dict(sorted(counts.fields.items())),
        "values": [
            {"field": name, "old": old, "new": new, "annotations": n}
            for (name, old, new), n in counts.values.most_common()
        ],
    }
