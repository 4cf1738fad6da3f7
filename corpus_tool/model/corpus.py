"""A corpus: a folder with ``corpus.yaml``, ``documents/``, and perhaps ``articles/`` and ``schema/layers/``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.model.schemas import Layer

CONFIG_FILE = "corpus.yaml"
#: Beside it, with some policies: the splits that documents keep.
LOCK_FILE = "splits.lock"
CONFIGS = ("default", "tokens", "quotes", "figures")


class SplitPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How documents are dealt to splits.

    Attributes:
        policy: "hash", "grouped", "stratified", "temporal" or "given".
        seed: what decides chance; another one deals the documents anew.
        train: parts of the whole, as 8 of 8 + 1 + 1; the first three policies go by them.
        validation: the same.
        test: the same.
        validation_from: the first day of ``validation`` with the policy "temporal", None where it has no such split.
        test_from: the first day of ``test`` with the policy "temporal".
        file: a table of documents and their splits, as a path inside the corpus, with the policy "given".
    """

    policy: str = "hash"
    seed: str | int = "corpus-tool"
    train: float = 8
    validation: float = 1
    test: float = 1
    validation_from: str | None = None
    test_from: str | None = None
    file: str | None = None


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the dataset holds.

    ``shard_bytes`` is about how many bytes a Parquet file may have. ``text`` is "included", or "withheld": offsets,
    hashes and annotations without the words of the articles.
    """

    configs: tuple[str, ...] = CONFIGS
    reviewed_only: bool = False
    text: str = "included"
    shard_bytes: int = 250_000_000
    splits: SplitPolicy = SplitPolicy()


class Ignore(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that is meant to be there, and why.

    ``code`` may be the beginning of several; ``path`` is a pattern with ``*`` and ``?`` for files of the corpus.
    """

    code: str
    reason: str
    path: str | None = None
    document: str | None = None
    pointer: str | None = None


class CorpusConfig(msgspec.Struct, frozen=True, kw_only=True):
    """``corpus.yaml``, as ``schema/corpus.schema.json`` describes it.

    An item of ``annotate`` is the name of an annotator (``annotator``) and its options.
    """

    schema: str
    name: str
    version: str
    license: str
    title: str | None = None
    description: str | None = None
    purpose: str | None = None
    language: str | None = None
    article_license: str | None = None
    source: str | None = None
    collection: str | None = None
    annotation: str | None = None
    agreement: str | None = None
    limits: str | None = None
    citation: str | None = None
    guidelines: str | None = None
    creators: tuple[str, ...] = ()
    url: str | None = None
    released: str | None = None
    annotate: tuple[dict[str, Any], ...] = ()
    build: BuildOptions = BuildOptions()
    ignore: tuple[Ignore, ...] = ()


class Corpus(msgspec.Struct, frozen=True, kw_only=True):
    """A corpus that was opened: where it is, what its ``corpus.yaml`` says, and which layers its documents may hold."""

    root: Path
    config: CorpusConfig
    layers: Mapping[str, Layer]

    @property
    def documents(self) -> Path:
        """The folder of the annotated documents."""
        return self.root / "documents"

    def document_path(self, document_id: str) -> Path:
        """The file of a document; the id must be a good one (``is_document_id``)."""
        return self.documents / f"{document_id}.json"
