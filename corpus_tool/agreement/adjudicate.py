"""Merging the versions of all documents, into ``documents/`` or a folder of ``annotators/``.

The annotators' versions are never changed. The ledger and the list of what is open are written first, whole, so that a
merge that is cut off has told of everything that its documents lack; the next one begins anew and ends the same.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from msgspec.structs import replace

from corpus_tool.agreement.aligned import Aligned
from corpus_tool.agreement.measure import not_reviewed
from corpus_tool.agreement.merge_document import everything, merge_versions
from corpus_tool.agreement.merge_into import beside, prepare, put_into
from corpus_tool.agreement.told import disagreement_to_json
from corpus_tool.agreement.types import Disagreement, LeftOut, Merged, NotMerged
from corpus_tool.agreement.versions import Versions, iter_versions
from corpus_tool.agreement.votes import WAYS
from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import is_document_id
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.read.lines import shard_suffix
from corpus_tool.store import files_with_documents, read_document, write_document

#: What is not in the result, and what a person is asked to decide, beside ``corpus.yaml``.
LEDGER_FILE = "merge-ledger.jsonl"
OPEN_FILE = "adjudication.jsonl"

_BARRED = "holds a person's word in this layer that no version has"


@dataclass(frozen=True)
class _Done:
    """What became of one document: what to write (None for nothing), the ledger, and what is open."""

    document: Document | None
    layers: tuple[str, ...] = ()
    ledger: tuple[NotMerged, ...] = ()
    open: tuple[Disagreement, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def merge_annotators(
    root: Path,
    *,
    by: str = "majority",
    annotators: Sequence[str] = (),
    into: str | None = None,
    dry_run: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
) -> Merged:
    """Makes one version of what annotators made of each document.

    Only layers that an annotator has reviewed are merged, and a document that one annotator has is taken as it is.
    ``documents/`` keeps every layer in which a person has worked otherwise; what a merge wrote there before, and what
    stands in a version anyway, is replaced.

    Args:
        root: the corpus, with versions in ``annotators/<name>/``.
        by: "unanimous": only what all have and say alike; "majority": what more than half have, each part as most say
            it; "review": as unanimous, and all else is left to a person.
        annotators: whose versions; all without.
        into: a folder of ``annotators/`` for the result, in place of ``documents/``.
        dry_run: whether to write nothing.
        on_document: called with the id of each document as it is done.

    Returns:
        What was written, and what is not in it: ``merge-ledger.jsonl`` lists that one by one, ``adjudication.jsonl``
        what is left to a person.

    Raises:
        CorpusToolError: misuse, or a file that cannot be read or written.
        ReadError: ``corpus.yaml`` is wrong.
    """
    if by not in WAYS:
        raise CorpusToolError(f"by: {by!r} is no way to merge; there are {', '.join(WAYS)}")
    corpus = open_corpus(root)
    without = _without(corpus, annotators, into)
    folder = corpus.documents if into is None else corpus.root / "annotators" / into
    if into is None and any(shard_suffix(path) for path in files_with_documents(folder)):
        raise CorpusToolError(
            f"{folder}: holds shards, in which documents are not changed; --into NAME merges into annotators/NAME"
        )
    left_out: list[LeftOut] = []
    checker = make_checker(corpus.layers, ())
    ledger: list[NotMerged] = []
    still_open: list[Disagreement] = []
    names: set[str] = set()
    for versions in iter_versions(corpus, annotators, without=without, on_left_out=left_out.append):
        names.update(versions.by_annotator)
        done = _merge(corpus, versions, folder, by, checker)
        ledger += done.ledger
        still_open += done.open
        left_out += done.left_out
    if not dry_run:
        _write_lines(corpus.root / LEDGER_FILE, [asdict(one) for one in ledger])
        _write_lines(corpus.root / OPEN_FILE, [disagreement_to_json(one) for one in still_open])
    written: list[str] = []
    unchanged: list[str] = []
    counts: Counter[str] = Counter()
    for versions in iter_versions(corpus, annotators, without=without):
        document = _merge(corpus, versions, folder, by, checker)
        if document.document is not None:
            for layer in document.layers:
                counts[layer] += len(document.document.layers[layer])
            changed = not dry_run and write_document(corpus, document.document, folder)
            (written if changed or dry_run else unchanged).append(versions.document)
        on_document(versions.document)
    return Merged(
        by=by,
        annotators=tuple(sorted(names)),
        written=tuple(written),
        unchanged=tuple(unchanged),
        annotations={name: counts[name] for name in corpus.layers if name in counts},
        reasons=dict(sorted(Counter((one.layer, one.reason) for one in ledger if one.attribute is None).items())),
        ledger=tuple(ledger),
        open=tuple(still_open),
        left_out=tuple(left_out),
    )


def _without(corpus: Corpus, annotators: Sequence[str], into: str | None) -> tuple[str, ...]:
    """The folders that are not read: the one that is written into.

    Raises:
        CorpusToolError: ``into`` is no name for a folder, is one of the annotators, or holds somebody's own work.
    """
    if into is None:
        return ()
    if not is_document_id(into) or ".." in into:
        raise CorpusToolError(f"into: {into!r} is no name for a folder: lower-case letters, digits, . _ and -")
    if into in annotators:
        raise CorpusToolError(f"into: {into} is one of the annotators; their versions are never changed")
    if (corpus.root / "annotators" / into).is_dir():
        for versions in iter_versions(corpus, [into]):
            if not versions.by_annotator[into].is_merged:
                raise CorpusToolError(
                    f"into: annotators/{into} holds {into}'s own work ({versions.document}); take another name"
                )
    return (into,)


def _merge(corpus: Corpus, versions: Versions, folder: Path, by: str, checker: Checker) -> _Done:
    """Merges one document, and writes nothing."""
    left_out = list(not_reviewed(versions, list(corpus.layers)))
    aligned = Aligned(versions, corpus.layers)
    path = folder / f"{versions.document}.json"
    first = next(iter(versions.by_annotator.values())).document
    try:
        old = read_document(path, checker) if path.exists() else replace(first, layers={}, entities=(), relations=())
    except ReadError:
        return _nothing(aligned, corpus, f"{folder.name}/ holds no valid document; `corpus-tool validate` says why")
    if old.text != first.text:
        return _nothing(aligned, corpus, f"the text in {folder.name}/ is another one")
    into = prepare(old, versions, corpus.layers)
    barred = f"{folder.name}/ {_BARRED}"
    ledger = list(everything(aligned, into.barred, barred))
    left_out += [LeftOut(versions.document, "", layer, barred) for layer in into.barred]
    if not into.layers:
        return _Done(None, ledger=tuple(ledger), left_out=tuple(left_out))
    made = merge_versions(aligned, into.layers, by, beside(into))
    document, gone = put_into(into, made, corpus.layers)
    why = "an end of it was replaced"
    ledger += made.ledger
    ledger += [NotMerged(old.id, folder.name, "relations", r.id, None, why, None, msgspec.to_builtins(r)) for r in gone]
    return _Done(document, into.layers, tuple(ledger), tuple(made.open), tuple(left_out))


def _nothing(aligned: Aligned, corpus: Corpus, reason: str) -> _Done:
    """A document that cannot be merged: all its annotations go into the ledger."""
    layers = [name for name in corpus.layers if aligned.versions.reviewers(name)]
    ledger = tuple(everything(aligned, layers, reason))
    return _Done(None, ledger=ledger, left_out=(LeftOut(aligned.versions.document, "", "", reason),))


def _write_lines(path: Path, rows: Sequence[object]) -> None:
    """Writes JSON lines, atomically; without any an earlier file goes.

    Raises:
        CorpusToolError: the file cannot be written, or is a symbolic link.
    """
    if path.is_symlink():
        raise CorpusToolError(f"{path}: is a symbolic link; nothing is written through links")
    if rows:
        write_atomic(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        return
    with suppress(FileNotFoundError):
        path.unlink()
