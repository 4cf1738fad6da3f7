"""A corpus's annotations out to another tool: what its format cannot hold is listed before anything is written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus_tool.checks.run import make_checker
from corpus_tool.exchange_mapping import read_mapping
from corpus_tool.exchange_restored import really_lost
from corpus_tool.formats import FORMATS, ForeignWriter, Format
from corpus_tool.formats.files import ANNOTATORS
from corpus_tool.formats.fit import TYPE
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.ledger import LEDGER_FILE, Loss, Lost, counted, write_ledger
from corpus_tool.formats.mapping import native
from corpus_tool.formats.outgoing import Names, Outgoing, to_foreign
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import sync_folder
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import base_schema
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.storage import require_local
from corpus_tool.sources import annotator_folders
from corpus_tool.store import files_with_documents, iter_documents, read_document

#: What an export leaves out by the corpus's own rules, and no format could bring back; ``strict`` lets it pass.
REJECTED = "rejected"

#: What else than a key of ``extra`` may be lost of an entity or a relation.
_OWN_FIELDS = {
    "entities": ("entity", *base_schema()["$defs"]["entity"]["properties"]),
    "relations": ("relation", "type"),
}


@dataclass(frozen=True)
class ExportReport:
    """What became of a corpus.

    Attributes:
        out: the folder that was written.
        documents: how many documents it holds.
        annotations: how many spans each layer has in it.
        losses: what the format cannot hold; also in ``ledger.jsonl``.
    """

    out: Path
    documents: int = 0
    annotations: dict[str, int] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()


def export_annotations(
    path: Path,
    out: Path,
    format_name: str,
    *,
    mapping: Path | None = None,
    strict: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
    on_event: OnEvent | None = None,
) -> ExportReport:
    """Writes the annotations of a corpus for another tool.

    The folder holds what the tool opens, and ``ledger.jsonl``: what the format cannot hold, one loss a line.
    ``import_annotations`` of the same format reads it back. Annotations that a person rejected are left out.

    Args:
        path: the folder of the corpus.
        out: a folder that is not there yet, or is empty.
        format_name: a name of ``corpus_tool.formats.FORMATS``.
        mapping: a YAML file with the labels to use; our own without.
        strict: whether to write nothing where the format cannot hold everything.
        on_document: called with the id of each document as it is done.
        on_event: called with each event of the run.

    Raises:
        CorpusToolError: no such format, ``out`` holds files, a file cannot be opened or written, or, with ``strict``,
            something would be lost.
        ReadError: ``corpus.yaml``, the mapping or a document is wrong.
    """
    require_local(out, "an export is written", "name a folder, and upload it")
    corpus = open_corpus(path)
    tool, write = _writer_of(format_name)
    _refuse_occupied(out, corpus)
    names = Names(
        corpus.layers,
        read_mapping(mapping, corpus.layers),
        native(corpus.layers, kind_in_label=tool.kind_in_label),
        tool.kind_in_label,
    )
    if strict:
        trial = _Run(corpus, tool, names)
        for document, annotator in _documents(corpus):
            _fitted(document, annotator, trial)
        _refuse_losses([loss for loss in _all_losses(trial) if loss.what != REJECTED], tool)
    return _write(_Run(corpus, tool, names), out, write, Told(on_event, on_document))


def _writer_of(name: str) -> tuple[Format, ForeignWriter]:
    tool = FORMATS.get(name)
    if tool is None or tool.writer is None:
        writable = ", ".join(n for n, f in FORMATS.items() if f.writer is not None)
        raise CorpusToolError(f"--to {name}: no such format; one of {writable}")
    return tool, tool.writer


def _refuse_occupied(out: Path, corpus: Corpus) -> None:
    """Refuses a folder that holds anything: an export from before may hold annotators' work by now."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise CorpusToolError(f"{out}: is not a folder; name a new one with --out")
    if out.is_dir() and any(out.iterdir()):
        raise CorpusToolError(f"{out}: holds files already, which an export never overwrites; name a new folder")
    if out.resolve() == corpus.root.resolve():
        raise CorpusToolError(f"{out}: is the corpus itself; name another folder with --out")


def _refuse_losses(losses: list[Loss], tool: Format) -> None:
    if losses:
        worst = counted(losses)
        told = "; ".join(f"{c.what} of {c.layer} {c.kind}".rstrip() + f" ({c.times:,})" for c in worst[:5])
        more = f" and {len(worst) - 5} more kinds of loss" if len(worst) > 5 else ""
        raise CorpusToolError(f"--strict: {tool.name} cannot hold {told}{more}; nothing was written")


def _documents(
    corpus: Corpus, on_file: Callable[[Path], None] = lambda path: None
) -> Iterator[tuple[Document, str | None]]:
    """The documents of a corpus, each followed by what its annotators made of it."""
    checker = make_checker(corpus.layers, ())
    folders = [(f.name, {p.stem: p for p in files_with_documents(f)}) for f in annotator_folders(corpus.root)]
    for document in iter_documents(corpus, on_file=on_file):
        yield document, None
        for name, files in folders:
            if document.id in files:
                yield read_document(files.pop(document.id), checker), name
    for name, files in folders:  # what stands in no other place
        for path in files.values():
            yield read_document(path, checker), name


@dataclass
class _Run:
    """What a run has done so far.

    Attributes:
        corpus: the corpus.
        tool: the format.
        names: how things are called.
        losses: what was lost of the documents.
        annotations: how many spans each layer has in the export.
        layers: by document in ``documents/`` the layers that it has.
    """

    corpus: Corpus
    tool: Format
    names: Names
    losses: list[Loss] = field(default_factory=list)
    annotations: dict[str, int] = field(default_factory=dict)
    layers: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _fitted(document: Document, annotator: str | None, run: _Run) -> ForeignDocument:
    """A document as the format can hold it; what it loses is noted in the run."""
    outgoing = to_foreign(document, run.names, annotator)
    fitted = run.tool.fit(outgoing.document)
    told = dict.fromkeys([*outgoing.lost, *fitted.lost])
    found = [loss for lost in told if (loss := _loss(lost, outgoing, document)) is not None]
    run.losses += really_lost(found, document, fitted.document, run.corpus.config)
    if annotator is None:
        kept = {span.id for span in fitted.document.spans}
        for layer, annotations in document.layers.items():
            run.annotations[layer] = run.annotations.get(layer, 0) + sum(a.id in kept for a in annotations)
        run.layers[document.id] = tuple(document.layers)
    return fitted.document


def _all_losses(run: _Run) -> tuple[Loss, ...]:
    """The losses of the documents, and of which layers were annotated: an import can go by the labels alone."""
    used = {layer for layer, count in run.annotations.items() if count}
    told: list[Loss] = []
    for key, layers in run.layers.items():
        empty, absent = (layer for layer in layers if layer not in used), sorted(used - {*layers})
        told += [Loss("layer", name, "", key, "", "without any annotation it comes back as absent") for name in empty]
        told += [Loss("layer", name, "", key, "", "absent, it comes back as annotated and empty") for name in absent]
    return (*run.losses, *told)


def _loss(lost: Lost, outgoing: Outgoing, document: Document) -> Loss | None:
    """A loss with its layer and kind; None where nothing is lost after all."""
    own = document.id if outgoing.document.annotator is None else f"{outgoing.document.annotator}/{document.id}"
    if not lost.id:
        return Loss(lost.what, "document", "", own, "", lost.why)
    layer, kind = outgoing.kinds.get(lost.id, ("", ""))
    what, why = lost.what.removeprefix(TYPE), lost.why
    if layer in _OWN_FIELDS:
        is_known = what in _OWN_FIELDS[layer] or what.startswith("extra.")
        what = what if is_known else f"extra.{what}"
    else:
        what = outgoing.paths.get(lost.id, {}).get(what, what)
    if lost.what.startswith(TYPE):
        if not what.startswith("extra."):
            return None  # the schema says what it is
        why = "it became text"
    return Loss(what, layer, kind, own, lost.id, why)


def _write(run: _Run, out: Path, write: ForeignWriter, told: Told) -> ExportReport:
    """Writes into a folder beside ``out``, which takes its place when all is there."""

    def fitted(wanted: Callable[[str | None], bool]) -> Iterator[ForeignDocument]:
        on_file = told.file if wanted(None) else lambda path: None  # each file is told once
        for document, annotator in _documents(run.corpus, on_file):
            if wanted(annotator):
                yield _fitted(document, annotator, run)
                if annotator is None:
                    told.document(document.id)

    told.plan("write", lambda: files_with_documents(run.corpus.documents))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".tmp", dir=out.parent))
        try:
            if run.tool.several_annotators:
                write(fitted(lambda annotator: True), work)
            else:
                write(fitted(lambda annotator: annotator is None), work)
                for folder in annotator_folders(run.corpus.root):
                    inner = work / ANNOTATORS / folder.name
                    inner.mkdir(parents=True)
                    write(fitted(lambda annotator, name=folder.name: annotator == name), inner)  # type: ignore[misc]
            losses = _all_losses(run)
            write_ledger(work / LEDGER_FILE, losses)
            work.chmod(0o755)
            if out.is_dir():
                out.rmdir()
            work.rename(out)
            sync_folder(out.parent)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
    except OSError as error:
        raise CorpusToolError(f"{error.filename or out}: {error.strerror or error}") from error
    return ExportReport(out, len(run.layers), run.annotations, losses)
