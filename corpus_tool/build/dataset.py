"""Building a dataset folder: rows into Parquet, card, manifest, then the rename that makes it visible."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from corpus_tool.agreement.summary import agreement_summary
from corpus_tool.build.card import missing_statements
from corpus_tool.build.current import current_manifest
from corpus_tool.build.describe import table_of, write_descriptions
from corpus_tool.build.folder import refuse_foreign, restore, swap
from corpus_tool.build.manifest import MANIFEST, inputs_digest, manifest_head, render_manifest
from corpus_tool.build.parquet import TableWriter
from corpus_tool.build.tables import write_tables
from corpus_tool.changelog import CHANGELOG_FILE, read_changelog
from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.engine import Engine
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE, Corpus
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.storage import require_local
from corpus_tool.sources import annotator_folders
from corpus_tool.split_files import write_lock
from corpus_tool.splits import SPLITS, Dealt, lock_inputs
from corpus_tool.store import iter_files_with_documents
from corpus_tool.validate import validate_paths


@dataclass(frozen=True)
class BuildReport:
    """What a build gave.

    Attributes:
        folder: the dataset.
        rows: rows by config and split.
        left_out: what a config could not carry, counted by layer and reason.
        diagnostics: what validation found; with an error among them nothing was written.
        is_current: the dataset was there already, from the same corpus by the same versions, and was left as it is.
    """

    folder: Path
    rows: dict[str, dict[str, int]]
    left_out: dict[str, int]
    diagnostics: tuple[Diagnostic, ...] = ()
    is_current: bool = False

    @property
    def refused(self) -> bool:
        """Whether errors in the corpus stopped the build."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


def build_dataset(
    root: Path,
    out: Path,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    cached: bool = True,
    shard_bytes: int | None = None,
    force: bool = False,
    dry_run: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
    on_event: OnEvent | None = None,
) -> BuildReport:
    """Builds the dataset of a corpus into a folder, which is replaced as a whole once all is written.

    A dataset that the same corpus and the same versions gave before, and whose files are unchanged, is left as it is.

    Args:
        root: the corpus.
        out: the dataset's folder: new, empty, or built by this function before.
        jobs: processes that check documents and make rows; the bytes are the same with any number.
        scheduler: address of a Dask scheduler whose workers do that in their place, as ``tcp://host:8786``.
        cached: whether to take up what was found and made before, and to keep it for a run after one that is ended.
        shard_bytes: about how many bytes a Parquet file may have; what ``corpus.yaml`` says without it.
        force: build also what is there already.
        dry_run: validate and count the rows, and write nothing.
        on_document: called with the id of each document as it is done.
        on_event: called with each event of the run: of the part ``check``, then of the part ``write``.

    Raises:
        CorpusToolError: misuse, an empty corpus, or a file that cannot be read or written.
        ReadError: ``corpus.yaml`` is wrong.
    """
    engine = Engine(jobs, scheduler)
    require_local(out, "a dataset is built", f"build into a folder, then `corpus-tool publish FOLDER --to {out}`")
    corpus = _with_shards(open_corpus(root), shard_bytes)
    shown, out = out, Path(os.path.realpath(out))  # where --out is a link, what it leads to is replaced
    refuse_foreign(out, root)
    if not dry_run:
        restore(out)
    changes = read_changelog(root)
    dealt: list[Dealt] = []
    documents = 0

    def count(name: str) -> None:
        nonlocal documents
        documents += name.startswith(str(corpus.documents))  # what annotators made of them is not built

    told = Told(on_event, on_document)
    missing = tuple(missing_statements(corpus.config, root / CONFIG_FILE))
    for diagnostic in missing:
        told.finding(diagnostic.severity)
    found = (
        *validate_paths(
            [root],
            jobs=jobs,
            scheduler=scheduler,
            cached=cached and not dry_run,
            on_dealt=dealt.append,
            on_document=count,
            on_event=on_event,
        ),
        *missing,
    )
    if any(d.severity is Severity.ERROR for d in found):
        return BuildReport(shown, {}, {}, found)
    if next(iter_files_with_documents(corpus.documents), None) is None:
        raise CorpusToolError(f"{corpus.documents}: holds no document; there is nothing to build")
    if dealt and dealt[0].lock is not None and not dry_run:
        write_lock(root, dealt[0].lock)
    inputs = _inputs(corpus)
    manifest = None if force else current_manifest(out, corpus.config, inputs)
    if manifest is not None:
        return BuildReport(shown, manifest["rows"], manifest["left_out"], found, is_current=True)
    told.plan("write", documents=documents)
    write = partial(
        write_tables,
        corpus,
        dealt=dealt[0] if dealt else None,
        engine=engine,
        on_document=told.document,
        on_retry=told.retry,
    )
    if dry_run:
        writers, figures = write(out, only_count=True)
        return BuildReport(shown, _rows(corpus, writers), dict(sorted(figures.ledger.items())), found)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".tmp", dir=out.parent))
    except OSError as error:
        raise CorpusToolError(f"{out}: {error.strerror or error}") from error
    try:
        work.chmod(0o755)
        writers, figures = write(work, state=json.dumps(manifest_head(corpus.config, inputs)) if cached else None)
        rows = _rows(corpus, writers)
        told.step("describe the dataset")
        tables = [table_of(writer) for writer in writers if writer.rows]
        agreement = agreement_summary(corpus)
        write_descriptions(work, corpus.config, tables, figures, changes, agreement)
        text = render_manifest(
            work,
            corpus.config,
            inputs=inputs,
            rows=rows,
            ledger=figures.ledger,
            losses=figures.losses,
            changes=changes,
            agreement=agreement,
        )
        (work / MANIFEST).write_text(text, encoding="utf-8")
        swap(work, out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return BuildReport(shown, rows, dict(sorted(figures.ledger.items())), found)


def _with_shards(corpus: Corpus, shard_bytes: int | None) -> Corpus:
    """The corpus, with another size of Parquet files than ``corpus.yaml`` says."""
    if shard_bytes is None:
        return corpus
    if shard_bytes < 1:
        raise CorpusToolError(f"shard_bytes: a file of {shard_bytes} bytes holds nothing")
    build = msgspec.structs.replace(corpus.config.build, shard_bytes=shard_bytes)
    return msgspec.structs.replace(corpus, config=msgspec.structs.replace(corpus.config, build=build))


def _inputs(corpus: Corpus) -> str:
    """One SHA-256 over all that the dataset is made of."""
    names = [CONFIG_FILE]
    names += [f"documents/{path.name}" for path in iter_files_with_documents(corpus.documents)]
    names += [f"schema/layers/{path.name}" for path in (corpus.root / "schema/layers").glob("*.schema.json")]
    names += [
        f"annotators/{folder.name}/{path.name}"
        for folder in annotator_folders(corpus.root)
        for path in iter_files_with_documents(folder)
    ]
    names += [CHANGELOG_FILE] if (corpus.root / CHANGELOG_FILE).is_file() else []
    names += [name for name, _ in lock_inputs(corpus)]
    return inputs_digest(corpus.root, names)


def _rows(corpus: Corpus, writers: Sequence[TableWriter]) -> dict[str, dict[str, int]]:
    """Rows by config and split; a config without rows is left out.

    Raises:
        CorpusToolError: no config has a row.
    """
    found = {w.config: {split: w.rows[split] for split in SPLITS if split in w.rows} for w in writers if w.rows}
    if not found:
        built = ", ".join(corpus.config.build.configs)
        raise CorpusToolError(f"{corpus.root}: the configs {built} have no row; there is nothing to build")
    return found
