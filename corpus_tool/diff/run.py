"""Comparing two versions as a whole: an index of each, then the documents that differ, one pair at a time.

Every document is read once for its digest (sixteen bytes and its id stay in memory). Then only those whose digests
differ are read again: the old ones into a temporary file, the new ones one after the other against it. Memory follows
the number of documents (some 250 bytes each), not their size, in whatever order the two sides hold them.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from corpus_tool.diff.change import FieldChange
from corpus_tool.diff.columns import compare_columns
from corpus_tool.diff.compare import compare_records, whole_document
from corpus_tool.diff.difference import Difference, Tally, Version
from corpus_tool.diff.record import Record, digest_of, dump_record, load_record
from corpus_tool.diff.sides import Columns, Side, fetch_nothing, located, open_side
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE

_NO_REJECTED = "rejected annotations, and links to them: a dataset does not hold them"
_NO_WAS = "what was suggested before a person corrected it: a dataset does not hold it"
_NO_ARTICLE = "the files that the texts came from (meta.article): a dataset does not name them"
_NO_TEXT = "places in texts that changed: the words are withheld, so offsets were compared as they stand"
_NO_SETTINGS = "what corpus.yaml says for the card: one of the datasets does not record it"


@dataclass
class _Index:
    """What is kept of the documents of one side: the digest of each by its id, and annotations counted."""

    digests: dict[str, bytes] = field(default_factory=dict)
    annotations: Counter[str] = field(default_factory=Counter)


def diff_paths(
    old: str | Path,
    new: str | Path,
    *,
    fetch: Callable[[str], Path] = fetch_nothing,
    limit: int | None = None,
    on_document: Callable[[str], None] = lambda name: None,
) -> Difference:
    """What differs between two versions.

    Each is a corpus, a dataset that a build wrote, or the address of a published one. Where one is a corpus and the
    other a dataset, they are compared as far as a dataset holds a corpus.

    Args:
        old: the one.
        new: the other.
        fetch: gives the folder that an address was downloaded into.
        limit: how many changes of each kind are kept as examples; all of them without it. Counts are always whole.
        on_document: called with the id of each document as it is read, twice for one that differs.

    Raises:
        CorpusToolError: misuse, or a file that cannot be read.
        ReadError: a document or ``corpus.yaml`` is wrong.
    """
    folders = (located(old, fetch), located(new, fetch))
    as_built = len({(folder / CONFIG_FILE).exists() for folder in folders}) == 2
    before, after = (
        open_side(folder, str(name), as_built=as_built) for folder, name in zip(folders, (old, new), strict=True)
    )
    ignored = before.unreadable | after.unreadable
    first, second = _index(before, ignored, on_document), _index(after, ignored, on_document)
    tally = Tally(limit)
    _walk(before, after, first, second, ignored, tally, on_document)
    old_columns, new_columns = _filled(before, first), _filled(after, second)
    return Difference(
        _version(before, first),
        _version(after, second),
        tally,
        tuple(compare_columns(old_columns, new_columns)),
        tuple(_settings(before, after)),
        tuple(_not_compared(before, after, ignored, tally)),
    )


def _index(side: Side, ignored: frozenset[str], on_document: Callable[[str], None]) -> _Index:
    index = _Index()
    for record in side.records(None):
        if record.id in index.digests:
            raise CorpusToolError(f"{side.name}: holds two documents with the id {record.id}; rename one of them")
        index.digests[record.id] = digest_of(_without(record, ignored))
        for name, marks in record.layers.items():
            index.annotations[name] += sum(not mark.is_rejected for mark in marks)
        on_document(record.id)
    return index


def _without(record: Record, ignored: frozenset[str]) -> Record:
    """A record without the columns that one of the two sides cannot be asked for."""
    if not ignored:
        return record
    return msgspec.structs.replace(
        record,
        meta={key: value for key, value in record.meta.items() if key not in ignored},
        layers={name: marks for name, marks in record.layers.items() if name not in ignored},
        blocks=[] if "blocks" in ignored else record.blocks,
        entities=[] if "entities" in ignored else record.entities,
        relations=[] if "relations" in ignored else record.relations,
        text=None if "text" in ignored else record.text,
    )


def _walk(
    before: Side,
    after: Side,
    first: _Index,
    second: _Index,
    ignored: frozenset[str],
    tally: Tally,
    on_document: Callable[[str], None],
) -> None:
    """Counts what became of the documents that differ."""
    common = first.digests.keys() & second.digests.keys()
    differing = {name for name in common if first.digests[name] != second.digests[name]}
    gone, come = first.digests.keys() - common, second.digests.keys() - common

    def references(layer: str) -> tuple[str, ...]:
        return tuple({*before.references.get(layer, ()), *after.references.get(layer, ())})

    with tempfile.TemporaryFile() as file:
        places: dict[str, tuple[int, int]] = {}
        for record in _wanted(before, gone | differing, ignored, on_document):
            if record.id in gone:
                tally.whole(record, whole_document(record, "removed"))
            else:
                places[record.id] = _put(file, record)
        for record in _wanted(after, come | differing, ignored, on_document):
            if record.id in come:
                tally.whole(record, whole_document(record, "added"))
            else:
                tally.within(compare_records(_get(file, *places[record.id]), record, references))


def _wanted(
    side: Side, names: set[str], ignored: frozenset[str], on_document: Callable[[str], None]
) -> Iterator[Record]:
    for record in side.records(names) if names else ():
        yield _without(record, ignored)
        on_document(record.id)


def _put(file: IO[bytes], record: Record) -> tuple[int, int]:
    data = dump_record(record)
    start = file.seek(0, 2)
    file.write(data)
    return start, len(data)


def _get(file: IO[bytes], start: int, length: int) -> Record:
    file.seek(start)
    return load_record(file.read(length))


def _version(side: Side, index: _Index) -> Version:
    told = side.settings or {}
    return Version(
        name=side.name,
        is_corpus=side.is_corpus,
        version=side.version,
        released=side.released,
        license=str(told.get("license") or ""),
        article_license=str(told.get("article_license") or ""),
        is_withheld=side.is_withheld,
        documents=len(index.digests),
        annotations={name: n for name, n in index.annotations.items() if n},
    )


def _filled(side: Side, index: _Index) -> Columns:
    """The columns of the configs that have rows: a build writes no config without."""
    rows = {name: index.annotations[name] for name in ("quotes", "figures")}
    return {config: own for config, own in side.columns.items() if rows.get(config, len(index.digests))}


def _settings(before: Side, after: Side) -> Iterator[FieldChange]:
    if before.settings is None or after.settings is None:
        return
    for key, value in before.settings.items():
        one, other = (list(told) if isinstance(told, tuple) else told for told in (value, after.settings.get(key)))
        if (one or None) != (other or None):
            yield FieldChange(key, one, other)


def _not_compared(before: Side, after: Side, ignored: frozenset[str], tally: Tally) -> Iterator[str]:
    if before.is_corpus != after.is_corpus:
        yield from (_NO_REJECTED, _NO_WAS, _NO_ARTICLE)
    if tally.fields["text"] and not (before.has_text and after.has_text):
        yield _NO_TEXT
    if before.settings is None or after.settings is None:
        yield _NO_SETTINGS
    yield from (f"the column {name}: it has another type than a build writes now" for name in sorted(ignored))
