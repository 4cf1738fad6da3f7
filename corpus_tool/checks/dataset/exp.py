"""A built dataset against itself and against its corpus: the EXP checks, run in one pass over the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from corpus_tool.checks.dataset import exp_columns, exp_croissant, exp_derived, exp_files, exp_rows, exp_withheld
from corpus_tool.checks.dataset.exp_folder import CARD, MANIFEST, Export, Found
from corpus_tool.checks.dataset.exp_types import is_layer
from corpus_tool.checks.dataset.exp_wanted import wanted_row
from corpus_tool.checks.dataset.export_check import (
    ExportCheck,
    ExportFinding,
    FolderCheck,
    Pair,
    PairCheck,
    Totals,
    TotalsCheck,
)
from corpus_tool.diagnostics import Diagnostic, Severity, positions_in_json
from corpus_tool.model import Annotation, CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import Layer, built_in_layers


def file_unreadable(export: Export) -> Iterator[ExportFinding]:
    """A file of the dataset cannot be read: the manifest, the card, or a Parquet file is missing, cut off or broken.

    Why it matters: what is in it cannot be checked, and will not load.

    Bad: a Parquet file that lacks its last bytes.

    Good: the dataset built again, or copied again.
    """
    for name, reason in sorted(export.faults.items()):
        yield ExportFinding(f"{name or 'the folder'} cannot be read: {reason}", name, hint="build the dataset again")


_UNREADABLE = FolderCheck("EXP101", "file-unreadable", Severity.ERROR, file_unreadable)

#: Every check of datasets, sorted by code.
EXPORT_CHECKS: tuple[ExportCheck, ...] = tuple(
    sorted(
        (
            _UNREADABLE,
            *exp_files.CHECKS,
            *exp_columns.CHECKS,
            *exp_croissant.CHECKS,
            *exp_rows.CHECKS,
            *exp_withheld.CHECKS,
            *exp_derived.CHECKS,
        ),
        key=lambda check: check.code,
    )
)


def check_export(
    dataset: Path,
    documents: Iterable[Document] | None = None,
    corpus: Corpus | None = None,
    *,
    split_of: Callable[[str], str] | None = None,
    on_document: Callable[[str], None] = lambda name: None,
) -> Iterator[Diagnostic]:
    """What is wrong with a built dataset.

    Args:
        dataset: its folder.
        documents: the documents of the corpus that it should hold; None where there is no corpus to compare with: the
            dataset is then checked against itself.
        corpus: the corpus: its layers and build options.
        split_of: gives the split that a document's id belongs to.
        on_document: called with the id of each document as it is done.

    Yields:
        Diagnostics, whose ``path`` is a file of the dataset and whose pointer leads into the manifest, into the card's
        YAML, or into the rows of a Parquet file: ``/3/actors/0`` is the first actor of the fourth row.

    Raises:
        CorpusToolError: ``dataset`` is no folder.
    """
    if not dataset.is_dir():
        raise CorpusToolError(f"{dataset}: is no folder; `corpus-tool build` writes one")
    compared = corpus if documents is not None else None
    export = Export(dataset, dict(corpus.layers if corpus else built_in_layers()), compared, split_of)
    if compared is None:
        for shard in export.configs.get("default", ()):
            own = [name for name, kind in shard.stored.items() if is_layer(kind)]
            export.layers.update({name: Layer(name, {}, Annotation, {}) for name in own if name not in export.layers})
    totals = Totals(kinds={name: Counter() for name in export.layers})
    for check in EXPORT_CHECKS:
        if isinstance(check, FolderCheck) and check is not _UNREADABLE:
            yield from diagnostics_of(check, check.run(export), dataset)
    pair_checks = [check for check in EXPORT_CHECKS if isinstance(check, PairCheck)]
    for pair in iter_pairs(export, documents):
        _count(totals, pair, export)
        for pair_check in pair_checks:
            yield from diagnostics_of(pair_check, pair_check.run(pair, export), dataset)
        on_document(pair.id)
    for check in EXPORT_CHECKS:
        if isinstance(check, TotalsCheck) and (export.corpus is not None or "default" in export.runs):
            yield from diagnostics_of(check, check.run(totals, export), dataset)
    yield from diagnostics_of(_UNREADABLE, file_unreadable(export), dataset)


def iter_pairs(export: Export, documents: Iterable[Document] | None) -> Iterator[Pair]:
    """Each document with its rows: those of the corpus in their order, then those that only the dataset has."""
    seen: set[str] = set()
    reviewed_only = export.corpus.config.build.reviewed_only if export.corpus else False
    for document in documents or ():
        seen.add(document.id)
        wanted, left_out = wanted_row(document, export.layers, reviewed_only=reviewed_only)
        rows = _rows(export, document.id)
        words = tuple(_words(export, rows))
        if export.is_withheld:
            rows = {name: [_with_words(name, found, document.text) for found in own] for name, own in rows.items()}
        yield Pair(document.id, wanted, left_out, True, rows, words)
    for runs in export.runs.values():
        for own in runs:
            if own not in seen:
                seen.add(own)
                rows = _rows(export, own)
                first = next(iter(rows.get("default", ())), None)
                told = first.row if first and export.corpus is None else None
                yield Pair(own, told, {}, False, rows, tuple(_words(export, rows)))


def _words(export: Export, rows: Mapping[str, Iterable[Found]]) -> Iterator[tuple[Found, tuple[object, ...]]]:
    for config, own in rows.items() if export.is_withheld else ():
        for found in own:
            yield from ((found, steps) for steps in exp_withheld.words_in(config, found.row))


def _with_words(config: str, found: Found, text: str) -> Found:
    return replace(found, row=exp_withheld.with_words(config, found.row, text))


def _rows(export: Export, document_id: str) -> dict[str, list[Found]]:
    return {
        config: [found for run in runs.get(document_id, ()) for found in export.rows(run)]
        for config, runs in export.runs.items()
    }


def _count(totals: Totals, pair: Pair, export: Export) -> None:
    if pair.wanted is None:
        return
    totals.documents += 1
    for name in export.layers:
        for annotation in pair.wanted.get(name) or ():
            if annotation is not None:
                kind = annotation.get("kind") or annotation.get("measure") or ""
                totals.kinds[name][str(kind)] += 1
                totals.statuses[annotation.get("status") or ""] += 1
    left_out = exp_derived.left_out_of(pair, export)
    if left_out is None:
        totals.left_out = None
    elif totals.left_out is not None:
        totals.left_out.update(left_out)


def diagnostics_of(check: ExportCheck, findings: Iterable[ExportFinding], dataset: Path) -> Iterator[Diagnostic]:
    """Findings of a check as diagnostics, with the line in the manifest or the card that a pointer leads to."""
    for finding in findings:
        line, column = finding.line, finding.column
        if finding.path == MANIFEST and finding.pointer:
            line, column = _place(dataset / MANIFEST, finding.pointer)
        elif finding.path == CARD and finding.pointer:
            line = _line_of_card(dataset / CARD, finding.pointer)
        yield Diagnostic(
            code=check.code,
            name=check.name,
            severity=check.severity,
            message=finding.message,
            path=str(dataset / finding.path),
            line=line,
            column=column,
            pointer=finding.pointer,
            hint=finding.hint,
            document=finding.document,
        )


def _place(path: Path, pointer: str) -> tuple[int, int]:
    try:
        return positions_in_json(path.read_text(encoding="utf-8"), [pointer])[pointer]
    except (OSError, ValueError):
        return 1, 1


def _line_of_card(path: Path, pointer: str) -> int:
    """The line of the card on which the top-level key of a pointer stands; 1 where there is none."""
    key = pointer[1:].partition("/")[0]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if key and line.startswith(f"{key}:")), 1)
