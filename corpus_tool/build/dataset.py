"""Building a dataset folder: rows into Parquet, card, manifest, then the rename that makes it visible."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.build.card import Figures, Table, render_card
from corpus_tool.build.features import features_of
from corpus_tool.build.manifest import MANIFEST, inputs_digest, made_files, render_manifest
from corpus_tool.build.parquet import TableWriter
from corpus_tool.build.rows import Row, default_rows, figure_rows, prepared, quote_rows, token_rows
from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import sync_folder
from corpus_tool.model.corpus import CONFIG_FILE, Corpus
from corpus_tool.model.schemas import Layer
from corpus_tool.read.corpus import open_corpus
from corpus_tool.splits import SPLITS, hash_split
from corpus_tool.stats import words_of
from corpus_tool.store import files_with_documents, iter_documents
from corpus_tool.validate import validate_paths

#: How the rows of each config are made.
ROWS: Mapping[str, Callable[[Document, Mapping[str, Layer], Counter[str]], Iterator[Row]]] = {
    "default": default_rows,
    "tokens": token_rows,
    "quotes": quote_rows,
    "figures": figure_rows,
}

#: What file managers leave behind in a folder that somebody looked at.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class BuildReport:
    """What a build gave.

    Attributes:
        folder: the dataset.
        rows: rows by config and split.
        left_out: what a config could not carry, counted by layer and reason.
        diagnostics: what validation found; with an error among them nothing was written.
    """

    folder: Path
    rows: dict[str, dict[str, int]]
    left_out: dict[str, int]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether errors in the corpus stopped the build."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


def build_dataset(root: Path, out: Path, *, on_document: Callable[[str], None] = lambda name: None) -> BuildReport:
    """Builds the dataset of a corpus into a folder, which is replaced as a whole once all is written.

    Args:
        root: the corpus.
        out: the dataset's folder: new, empty, or built by this function before.
        on_document: called with the id of each document as it is done.

    Raises:
        CorpusToolError: misuse, an empty corpus, or a file that cannot be read or written.
        ReadError: ``corpus.yaml`` is wrong.
    """
    corpus = open_corpus(root)
    shown, out = out, Path(os.path.realpath(out))  # where --out is a link, what it leads to is replaced
    _refuse_foreign(out, root)
    _restore(out)
    found = tuple(validate_paths([root]))
    if any(d.severity is Severity.ERROR for d in found):
        return BuildReport(shown, {}, {}, found)
    if not files_with_documents(corpus.documents):
        raise CorpusToolError(f"{corpus.documents}: holds no document; there is nothing to build")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".tmp", dir=out.parent))
    except OSError as error:
        raise CorpusToolError(f"{out}: {error.strerror or error}") from error
    try:
        work.chmod(0o755)
        report = _write(corpus, work, shown, found, on_document)
        _swap(work, out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return report


def _write(
    corpus: Corpus, work: Path, out: Path, found: tuple[Diagnostic, ...], on_document: Callable[[str], None]
) -> BuildReport:
    options = corpus.config.build
    split_of = hash_split(options.splits)
    writers = {name: TableWriter(work, name, features_of(name, corpus.layers)) for name in options.configs}
    figures = Figures(kinds={name: Counter() for name in corpus.layers})
    for whole in iter_documents(corpus):
        document = prepared(whole, corpus.layers, reviewed_only=options.reviewed_only)
        split = split_of(document.id)
        for name, writer in writers.items():
            for row in ROWS[name](document, corpus.layers, figures.ledger):
                writer.write(split, row)
        _count(document, figures)
        on_document(document.id)
    for writer in writers.values():
        writer.close()
    tables = [_table(writer) for writer in writers.values() if writer.rows]
    if not tables:
        raise CorpusToolError(f"{corpus.root}: the configs {', '.join(writers)} have no row; there is nothing to build")
    rows = {table.config: {split: table.rows[split] for split in SPLITS if split in table.rows} for table in tables}
    (work / "README.md").write_text(render_card(corpus.config, tables, figures), encoding="utf-8")
    inputs = [(CONFIG_FILE, corpus.root / CONFIG_FILE)]
    inputs += [(f"documents/{path.name}", path) for path in files_with_documents(corpus.documents)]
    inputs += [(f"schema/layers/{path.name}", path) for path in (corpus.root / "schema/layers").glob("*.schema.json")]
    manifest = render_manifest(
        work,
        name=corpus.config.name,
        release=corpus.config.version,
        inputs=inputs_digest(inputs),
        rows=rows,
        ledger=figures.ledger,
    )
    (work / MANIFEST).write_text(manifest, encoding="utf-8")
    return BuildReport(out, rows, dict(sorted(figures.ledger.items())), found)


def _table(writer: TableWriter) -> Table:
    size = sum(writer.path(split).stat().st_size for split in writer.rows)
    return Table(writer.config, writer.features, writer.rows, writer.num_bytes, size)


def _count(document: Document, figures: Figures) -> None:
    figures.documents += 1
    figures.words += words_of(document)
    if document.meta.language:
        figures.languages[document.meta.language] += 1
    for name, annotations in document.layers.items():
        for annotation in annotations:
            kind = getattr(annotation, "kind", None) or getattr(annotation, "measure", None) or ""
            figures.kinds[name][str(kind)] += 1
            figures.statuses[annotation.provenance.status if annotation.provenance else ""] += 1


def _refuse_foreign(out: Path, root: Path) -> None:
    """Refuses to replace a folder that no build made."""
    folder, corpus = Path(os.path.realpath(out)), Path(os.path.realpath(root))  # Path.resolve fails on a loop of links
    if folder == corpus or folder in corpus.parents:
        raise CorpusToolError(f"{out}: holds the corpus itself; name another folder with --out")
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise CorpusToolError(f"{out}: is not a folder")
    present = {path for path in out.rglob("*") if not path.is_dir() or path.is_symlink()}
    if not present:
        return
    made = made_files(out)
    if made is None:
        raise CorpusToolError(f"{out}: is not empty and no build made it; a build replaces only what a build made")
    foreign = sorted(path.relative_to(out).as_posix() for path in present if path.name not in _LITTER)
    foreign = [path for path in foreign if path not in made]
    if foreign:
        raise CorpusToolError(f"{out}: holds {foreign[0]}, which no build made; move it away, or name another folder")


def _aside(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _restore(out: Path) -> None:
    """Puts a dataset back that a killed build had moved aside, and clears what it left behind."""
    aside = _aside(out)
    if aside.exists():
        if out.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(out)
    for leftover in out.parent.glob(f".{glob.escape(out.name)}.*.tmp"):
        shutil.rmtree(leftover, ignore_errors=True)


def _swap(work: Path, out: Path) -> None:
    """Makes ``work`` the dataset; a kill in between leaves the old one aside, where the next build finds it."""
    aside = _aside(out)
    if out.exists():
        out.rename(aside)
    work.rename(out)
    sync_folder(out.parent)
    shutil.rmtree(aside, ignore_errors=True)
