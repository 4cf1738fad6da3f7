"""Other tools' annotations into a corpus: read, mapped, checked, merged with what people did, written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.exchange_document import Imported, document_of
from corpus_tool.exchange_mapping import read_mapping, whole_mapping
from corpus_tool.exchange_merge import merge_imported
from corpus_tool.exchange_survey import reader_for, reader_of, survey, unmapped
from corpus_tool.formats import ForeignReader, Format
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import ANNOTATORS
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.ledger import DROPPED, LEDGER_FILE, Loss, write_ledger
from corpus_tool.formats.mapping import LabelMapping
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import document_id, with_hash
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.storage import require_local
from corpus_tool.store import read_document, write_document


@dataclass(frozen=True)
class ImportReport:
    """What became of another tool's documents.

    Attributes:
        written: ids of the documents that were written, annotators' as ``annotators/NAME/ID``.
        unchanged: ids of those that needed no change.
        annotations: how many annotations of each layer they hold that came from the tool.
        diagnostics: what could not be read or taken over.
        losses: what was left out on purpose, or because a person's word stands; also in ``ledger.jsonl``.
    """

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    annotations: dict[str, int] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    losses: tuple[Loss, ...] = ()


@dataclass
class _Run:
    """What a run has done so far."""

    corpus: Corpus
    checker: Checker
    tool: Format
    mapping: LabelMapping
    options: ReadOptions
    layers: tuple[str, ...]
    again: bool
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    annotations: dict[str, int] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # the source's name of a document, by its id
    findings_told: int = 0  # how many of the diagnostics


def import_annotations(
    path: Path,
    into: Path,
    format_name: str,
    *,
    mapping: Path | None = None,
    again: bool = False,
    strict: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
    on_event: OnEvent | None = None,
) -> ImportReport:
    """Takes the documents and annotations of another tool into a corpus.

    A document that the corpus holds already keeps what people did to it. Where several annotators worked on one text,
    their works go into ``annotators/<name>/``, and the first one's, or that of the mapping's ``main``, into
    ``documents/`` besides.

    Args:
        path: a file or a folder of the format.
        into: the folder of the corpus.
        format_name: a name of ``corpus_tool.formats.FORMATS``.
        mapping: a YAML file that says what their labels stand for, over the usual ones.
        again: whether annotations may be added to layers that people have worked on, where they decided nothing.
        strict: whether to write nothing where anything cannot be read, or would be left out that the mapping does not
            leave out on purpose.
        on_document: called with the name of each document as it is done.
        on_event: called with each event of the run.

    Returns:
        What was written, what could not be read, and what was left out.

    Raises:
        CorpusToolError: misuse, a file that cannot be opened or written, or a label that no mapping names: the message
            shows what to write into one. With ``strict`` also the first thing that would be lost.
        ReadError: ``corpus.yaml``, the mapping, or a document of the corpus is wrong.
    """
    require_local(path, "other tools' files are read", "download them first")
    corpus = open_corpus(into)
    tool, read = reader_of(format_name)
    whole = whole_mapping(tool, corpus.layers, read_mapping(mapping, corpus.layers))
    read = reader_for(tool, read, whole)
    layers = _layers_of(path, tool, read, whole, corpus)
    config = corpus.config
    options = ReadOptions(
        root=corpus.root, language=config.language, license=config.article_license, source=config.source
    )
    run = _Run(corpus, make_checker(corpus.layers, ()), tool, whole, options, layers, again)
    if strict:
        _refuse_losses(path, read, run)
    told = Told(on_event, on_document)
    told.plan("import")
    for name, group in groupby(_documents(_read_all(path, read), run), key=lambda d: d.name):
        _take_over(list(group), run)
        _tell_findings(run, told)
        told.document(name)
    _tell_findings(run, told)
    _keep_ledger(corpus.root / LEDGER_FILE, run.losses)
    return ImportReport(
        tuple(run.written), tuple(run.unchanged), run.annotations, tuple(run.diagnostics), tuple(run.losses)
    )


def _tell_findings(run: _Run, told: Told) -> None:
    """Tells what was found since the last time."""
    for diagnostic in run.diagnostics[run.findings_told :]:
        told.finding(diagnostic.severity)
    run.findings_told = len(run.diagnostics)


def _layers_of(path: Path, tool: Format, read: ForeignReader, mapping: LabelMapping, corpus: Corpus) -> tuple[str, ...]:
    """The layers that the files annotate: those that any of their labels stands for.

    Raises:
        CorpusToolError: the mapping does not name a label, or the files hold nothing at all.
    """
    seen = survey(_read_all(path, read))
    if not seen.documents and not seen.diagnostics:
        wanted = f" ({', '.join(tool.suffixes)})" if tool.suffixes else ""
        raise CorpusToolError(f"{path}: holds no document of the format {tool.name}{wanted}")
    unknown = unmapped(seen, mapping)
    if unknown:
        told = ", ".join(f"{label} ({seen.spans[label].count:,})" for label in unknown[:8])
        more = f" and {len(unknown) - 8} more" if len(unknown) > 8 else ""
        raise CorpusToolError(
            f"{path}: no mapping says what these labels stand for: {told}{more}; the same command with --inspect in "
            f"place of --into prints a mapping to start from, and --mapping FILE names yours"
        )
    found = {rule.layer for label in seen.spans if (rule := mapping.span_rule(label)) is not None}
    return tuple(name for name in corpus.layers if name in found)


def _read_all(path: Path, read: ForeignReader) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of a path, and of the folders in ``annotators/`` below it, those of one name together."""
    folders = sorted(p for p in (path / ANNOTATORS).iterdir() if p.is_dir()) if (path / ANNOTATORS).is_dir() else []
    if not folders:
        yield from read(path)
        return
    by_name: dict[str, list[ForeignDocument]] = {}
    for folder in [path, *folders]:
        for item in read(folder):
            if isinstance(item, Diagnostic):
                yield item
            else:
                own = item if folder is path else replace(item, annotator=folder.name)
                by_name.setdefault(item.name, []).append(own)
    for documents in by_name.values():
        yield from documents


def _documents(items: Iterator[ForeignDocument | Diagnostic], run: _Run) -> Iterator[ForeignDocument]:
    for item in items:
        if isinstance(item, Diagnostic):
            run.diagnostics.append(item)
        else:
            yield item


def _take_over(sources: list[ForeignDocument], run: _Run) -> None:
    """Writes one text with the work of its annotators."""
    key = _key(sources[0], run)
    if key is None:
        return
    several = len(sources) > 1
    main = next((s for s in sources if s.annotator == run.mapping.main), sources[0])
    texts = {source.text for source in sources}
    for source in sources:
        if len(texts) > 1 and source.text != main.text:
            told = f"{source.annotator}'s text of {source.name!r} differs from {main.annotator}'s"
            run.diagnostics.append(import_fault("import-text-changed", source.path, told, line=source.line))
            continue
        imported = document_of(source, key, run.tool.name, run.mapping, run.layers, run.checker, run.options)
        if source is main:
            _write(imported, source, run)
        if several and source.annotator is not None:
            _write(imported, source, run, folder=document_id(source.annotator))
        if source is main or not several or source.annotator is not None:
            run.diagnostics += imported.diagnostics
            run.losses += imported.losses


def _key(source: ForeignDocument, run: _Run) -> str | None:
    """The id that a document gets: that of a document of the corpus with the same source, else a free one."""
    slug = document_id(source.name)
    for key in (slug, with_hash(slug, source.name)):
        holder = run.names.get(key) or _held_by(key, run)
        if holder is None or (holder == source.name and key not in run.names):
            run.names[key] = source.name
            return key
    told = f"another document is called {source.name!r} too"
    run.diagnostics.append(import_fault("import-text-changed", source.path, told, line=source.line))
    return None


def _held_by(key: str, run: _Run) -> str | None:
    """What the source called the document of the corpus that has an id; None where there is none."""
    path = run.corpus.document_path(key)
    if not path.exists():
        return None
    document = read_document(path, run.checker)
    return document.meta.source_id or document.id


def _write(imported: Imported, source: ForeignDocument, run: _Run, folder: str | None = None) -> None:
    """Merges a document with the one on disk, and writes it."""
    document = imported.document
    if document is None:
        return
    place = run.corpus.documents if folder is None else run.corpus.root / ANNOTATORS / folder
    file = place / f"{document.id}.json"
    result = document
    if file.exists():
        old = read_document(file, run.checker)
        if old.text != document.text:
            told = f"the text of {source.name!r} differs from {file.relative_to(run.corpus.root).as_posix()}"
            run.diagnostics.append(import_fault("import-text-changed", source.path, told, line=source.line))
            return
        merged = merge_imported(old, document, again=run.again)
        result = merged.document
        run.losses += merged.losses
        if merged.losses:
            counts: dict[str, int] = {}
            for loss in merged.losses:
                counts[loss.layer] = counts.get(loss.layer, 0) + 1
            told = " and ".join(f"{n} of {layer}" for layer, n in counts.items())
            where = file.relative_to(run.corpus.root).as_posix()
            run.diagnostics.append(
                import_fault("import-kept-out", source.path, f"left out of {where}: {told}", line=source.line)
            )
    for layer, annotations in document.layers.items():
        if folder is None:
            run.annotations[layer] = run.annotations.get(layer, 0) + len(annotations)
    named = document.id if folder is None else f"{ANNOTATORS}/{folder}/{document.id}"
    (run.written if write_document(run.corpus, result, place) else run.unchanged).append(named)


def _refuse_losses(path: Path, read: ForeignReader, run: _Run) -> None:
    """Reads everything without writing.

    Raises:
        CorpusToolError: the first thing that would be lost.
    """
    for item in _read_all(path, read):
        if isinstance(item, Diagnostic):
            raise CorpusToolError(f"--strict: {item.path}:{item.line}: {item.message}; nothing was written")
        key = document_id(item.name)
        imported = document_of(item, key, run.tool.name, run.mapping, run.layers, run.checker, run.options)
        for found in imported.diagnostics:
            raise CorpusToolError(f"--strict: {found.path}:{found.line}: {found.message}; nothing was written")
        for loss in (loss for loss in imported.losses if loss.what != DROPPED):
            told = f"{loss.kind}: {loss.why or 'left out'}"
            raise CorpusToolError(f"--strict: {item.path}: {told}; nothing was written")


def _keep_ledger(path: Path, losses: list[Loss]) -> None:
    """Writes the ledger of this import; without losses an earlier one goes."""
    if losses:
        write_ledger(path, losses)
    else:
        with suppress(FileNotFoundError):
            path.unlink()
