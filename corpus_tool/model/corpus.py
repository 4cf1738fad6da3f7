"""A corpus: a folder with ``corpus.yaml``, ``documents/``, and perhaps ``articles/`` and ``schema/layers/``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.model.schemas import Layer

CONFIG_FILE = "corpus.yaml"
CONFIGS = ("default", "tokens", "quotes", "figures")


class SplitPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How documents are dealt to splits: by a seeded hash of the id, in these parts."""

    policy: str = "hash"
    seed: str | int = "corpus-tool"
    train: float = 8
    validation: float = 1
    test: float = 1


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the dataset holds."""

    configs: tuple[str, ...] = CONFIGS
    reviewed_only: bool = False
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
    language: str | None = None
    article_license: str | None = None
    source: str | None = None
    collection: str | None = None
    annotation: str | None = None
    limits: str | None = None
    citation: str | None = None
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
