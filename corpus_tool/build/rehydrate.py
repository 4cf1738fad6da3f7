"""Putting the text back into a dataset that was built without, from a user's own copies of the articles."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.agreement.summary import AgreementRow
from corpus_tool.build.describe import table_of, write_descriptions
from corpus_tool.build.figures import Figures, count_document
from corpus_tool.build.folder import refuse_foreign, restore, swap
from corpus_tool.build.manifest import MANIFEST, render_manifest
from corpus_tool.build.parquet import TableWriter, pack
from corpus_tool.build.rows import Row
from corpus_tool.build.stored import stored_features, stored_layers, stored_rows, stored_shards
from corpus_tool.build.tables import ROWS
from corpus_tool.build.withheld import WITHHELD, document_of_row
from corpus_tool.changelog import entries_of
from corpus_tool.convert import expand_paths
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document, sha256_of
from corpus_tool.model.corpus import CONFIG_FILE, CorpusConfig
from corpus_tool.model.schemas import Layer
from corpus_tool.parity import verify_dataset
from corpus_tool.read import ReadError, ReadOptions, fault, read_articles
from corpus_tool.read.corpus import open_corpus
from corpus_tool.splits import SPLITS
from corpus_tool.store import iter_documents


@dataclass(frozen=True)
class RehydrateReport:
    """What became of the documents.

    Attributes:
        folder: the dataset with its text.
        rows: rows by config and split; none where no article was matched, and then nothing was written.
        documents: how many documents have their text back.
        missing: ids of the documents whose text was not found.
        diagnostics: what was wrong, a finding a missing document among it.
    """

    folder: Path
    rows: dict[str, dict[str, int]]
    documents: int
    missing: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass
class _Texts:
    """Texts that were found, in files by their SHA-256; and of other texts, where they stand, by the article's id."""

    folder: Path
    wanted: frozenset[str]
    others: dict[str, str] = field(default_factory=dict)

    def add(self, document: Document, path: str) -> None:
        sha256 = sha256_of(document.text)
        if sha256 in self.wanted:
            (self.folder / sha256).write_bytes(document.text.encode("utf-8"))
        else:
            self.others.setdefault(document.id, path)

    def get(self, sha256: str) -> str | None:
        path = self.folder / sha256
        return path.read_bytes().decode("utf-8") if sha256 in self.wanted and path.is_file() else None


def rehydrate_dataset(
    dataset: Path,
    sources: Sequence[Path],
    out: Path,
    *,
    encoding: str = "auto",
    on_document: Callable[[str], None] = lambda name: None,
) -> RehydrateReport:
    """Writes a dataset with its text from one that withholds it.

    A text is taken where its SHA-256 is the document's, and nowhere else; then every span is checked. Documents whose
    text is not found are left out and named.

    Args:
        dataset: a dataset that was built with ``text: withheld``.
        sources: articles, or folders of them, read as ``convert`` reads them; or corpora with the documents.
        out: the folder of the new dataset.
        encoding: character encoding of plain-text articles.
        on_document: called with the id of each document as it is done.

    Raises:
        CorpusToolError: misuse, a dataset that is not as it was built, or a file that cannot be read or written.
        ReadError: a corpus among the sources is broken.
    """
    manifest, config = _withheld(dataset)
    shown, out = out, Path(os.path.realpath(out))
    if out == Path(os.path.realpath(dataset)):
        raise CorpusToolError(f"{shown}: is the dataset without text; name another folder with --out")
    refuse_foreign(out, dataset)
    restore(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".tmp", dir=out.parent))
    try:
        work.chmod(0o755)
        texts = _Texts(Path(tempfile.mkdtemp(prefix="texts.", dir=work)), _hashes(dataset))
        found = _gather(texts, sources, encoding)
        report = _write(dataset, manifest, config, texts, work, shown, found, on_document)
        if report.rows:
            _refuse_faulty(work, "the text does not fit the annotations")
            swap(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return report


def _withheld(dataset: Path) -> tuple[dict[str, Any], CorpusConfig]:
    """Manifest and configuration of a sound dataset that withholds its text."""
    _refuse_faulty(dataset, "is not as it was built")
    manifest = json.loads((dataset / MANIFEST).read_text(encoding="utf-8"))
    try:
        config = msgspec.convert(manifest["corpus"], CorpusConfig)
    except (LookupError, msgspec.ValidationError) as error:
        raise CorpusToolError(f"{dataset / MANIFEST}: does not say how the dataset was built") from error
    if config.build.text != WITHHELD:
        raise CorpusToolError(f"{dataset}: holds its text; there is nothing to put back")
    if "default" not in config.build.configs:
        raise CorpusToolError(f"{dataset}: has no config default, which the text is put back into")
    return manifest, config


def _refuse_faulty(dataset: Path, why: str) -> None:
    found = verify_dataset(dataset)
    if found:
        raise CorpusToolError(f"{dataset}: {why}: {found[0].code} {found[0].message}")


def _hashes(dataset: Path) -> frozenset[str]:
    import pyarrow.parquet as pq

    found: set[str] = set()
    for _, path in stored_shards(dataset, "default"):
        found.update(map(str, pq.read_table(path, columns=["text_sha256"]).column(0).to_pylist()))
    return frozenset(found)


def _gather(texts: _Texts, sources: Sequence[Path], encoding: str) -> list[Diagnostic]:
    """Reads the sources; what cannot be read is told."""
    found: list[Diagnostic] = []
    for source in sources:
        if (source / CONFIG_FILE).is_file():
            for document in iter_documents(open_corpus(source)):
                texts.add(document, str(source))
            continue
        for path in expand_paths([source]):
            if isinstance(path, Diagnostic):
                continue  # what is no article is nothing to tell here
            for article in read_articles(path, ReadOptions(encoding=encoding)):
                if isinstance(article, ReadError):
                    found.append(article.diagnostic)
                elif isinstance(article, Diagnostic):
                    found.append(article)
                else:
                    texts.add(article, str(path))
    return found


def _write(
    dataset: Path,
    manifest: Mapping[str, Any],
    config: CorpusConfig,
    texts: _Texts,
    work: Path,
    out: Path,
    found: list[Diagnostic],
    on_document: Callable[[str], None],
) -> RehydrateReport:
    features = {
        name: stored_features(dataset, name) for name in config.build.configs if any(stored_shards(dataset, name))
    }
    layers = stored_layers(features["default"])
    writers = {name: TableWriter(work, name, own, config.build.shard_bytes) for name, own in features.items()}
    figures = Figures()
    missing: list[str] = []
    for split, _, rows in stored_rows(dataset, "default"):
        documents = [document for row in rows if (document := _document(row, texts, layers, found, missing, dataset))]
        for name, writer in writers.items():
            made = [row for document in documents for row in ROWS[name](document, layers, figures.ledger)]
            writer.write(split, pack(name, features[name], made))
        for document in documents:
            count_document(figures, document, document, split, layers)
            on_document(document.id)
    for writer in writers.values():
        writer.close()
    shutil.rmtree(texts.folder)
    figures.losses.update(manifest["losses"])
    tables = [table_of(writer) for writer in writers.values() if writer.rows]
    counted = {table.config: {split: table.rows[split] for split in SPLITS if split in table.rows} for table in tables}
    if tables:
        build = msgspec.structs.replace(config.build, text="included")
        whole = msgspec.structs.replace(config, build=build)
        changes = entries_of(manifest.get("changes"))
        agreement = msgspec.convert(manifest.get("agreement", []), tuple[AgreementRow, ...])
        write_descriptions(work, whole, tables, figures, changes, agreement)
        told = render_manifest(
            work,
            whole,
            inputs=manifest["inputs_sha256"],
            rows=counted,
            ledger=figures.ledger,
            losses=figures.losses,
            changes=changes,
            agreement=agreement,
        )
        (work / MANIFEST).write_text(told, encoding="utf-8")
    return RehydrateReport(out, counted, figures.documents, tuple(missing), tuple(found))


def _document(
    row: Row, texts: _Texts, layers: Mapping[str, Layer], found: list[Diagnostic], missing: list[str], dataset: Path
) -> Document | None:
    text = texts.get(row["text_sha256"])
    if text is not None:
        return document_of_row(row, text, layers)
    other = texts.others.get(row["id"])
    why = "no article that was given has its text"
    if other is not None:
        why = f"{other} has other words than the text that was annotated"
    missing.append(row["id"])
    found.append(fault("article-not-matched", str(dataset), f"{row['id']}: {why} (SHA-256 {row['text_sha256']})"))
    return None
