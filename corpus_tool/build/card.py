"""The dataset card: ``README.md`` with the metadata that the Hub and older readers need, and the figures."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.model.corpus import CorpusConfig
from corpus_tool.splits import SPLITS

if TYPE_CHECKING:
    from datasets import Features

#: Upper bounds of the Hub's size categories, in documents.
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)

#: What a row of each config is.
_ROWS = {
    "default": "a document: text, blocks, entities, and a column a layer",
    "tokens": "a block of content: tokens, offsets, and BIO tags for actors, locations and figures",
    "quotes": "a quote: content, speaker, cue, and the text around it",
    "figures": "a figure: value, what is counted, who says so, and where",
}


_OFFSETS = """## Offsets

All offsets are Unicode code points, end exclusive, into `text` of the config `default`: `text[start:end]` is the
annotation's `text`. An annotation with `fragments` is discontinuous: `start` and `end` are its hull, `text` its
fragments joined by one space."""

_LEDGER = """## What BIO tags cannot carry

The config `tokens` tags the outermost of nested spans. Left out of its tags, and whole in the config `default`:

| layer: reason | spans |
|---|---|
"""

_STATUS = """Suggested is what a program proposed and no person has reviewed; accepted, corrected and added are a
person's word."""


@dataclass(frozen=True)
class Table:
    """One config as it was written: its features and, by split, its rows and bytes."""

    config: str
    features: Features
    rows: Mapping[str, int]
    num_bytes: Mapping[str, int]
    download_bytes: int


@dataclass
class Figures:
    """What the card counts over the documents of the dataset."""

    documents: int = 0
    words: int = 0
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    ledger: Counter[str] = field(default_factory=Counter)


def render_card(config: CorpusConfig, tables: Sequence[Table], figures: Figures) -> str:
    """The text of ``README.md``.

    Titles and statements come from ``corpus.yaml``; what is not stated there is left out, never made up.
    """
    parts = [
        f"---\n{_metadata(config, tables, figures)}\n---",
        f"# {_escaped(config.title or config.name)}",
        _escaped(config.description or ""),
        _usage(tables),
        _split_table(tables),
        _layer_table(figures),
        _status_table(figures),
        _ledger(figures),
        _OFFSETS,
        *(
            f"## {heading}\n\n{_escaped(statement)}"
            for heading, statement in (
                ("How the articles were collected", config.collection),
                ("How they were annotated", config.annotation),
                ("Known limits", config.limits),
                ("Rights in the text", config.article_license),
                ("Citation", config.citation),
            )
            if statement
        ),
        f"Version {config.version}, built with corpus-tool. `manifest.json` holds the SHA-256 of every file.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _metadata(config: CorpusConfig, tables: Sequence[Table], figures: Figures) -> str:
    """The YAML block: licence, language, size, configs, and ``dataset_info``, which readers before 4.0 rely on."""
    from datasets import DatasetInfo
    from datasets.info import DatasetInfosDict
    from datasets.splits import SplitDict, SplitInfo
    from huggingface_hub import DatasetCardData

    infos = {}
    for table in tables:
        splits = {
            split: SplitInfo(split, num_bytes=table.num_bytes[split], num_examples=table.rows[split])
            for split in SPLITS
            if split in table.rows
        }
        infos[table.config] = DatasetInfo(
            features=table.features,
            splits=SplitDict(splits),
            download_size=table.download_bytes,
            dataset_size=sum(table.num_bytes.values()),
            config_name=table.config,
        )
    data = DatasetCardData(
        license=config.license,
        language=sorted(figures.languages) or None,
        pretty_name=config.title or config.name,
        size_categories=[next((name for bound, name in _SIZES if figures.documents < bound), "n>1T")],
        task_categories=["token-classification"],
        tags=["news", "stand-off-annotation", "quotes", "corpus-tool"],
        configs=[_config(table) for table in tables],
    )
    DatasetInfosDict(infos).to_dataset_card_data(data)
    return str(data.to_yaml())


def _config(table: Table) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "config_name": table.config,
        "data_files": [
            {"split": split, "path": f"{table.config}/{split}-*.parquet"} for split in SPLITS if split in table.rows
        ],
    }
    return {**entry, "default": True} if table.config == "default" else entry


def _escaped(text: str) -> str:
    """Words of others as plain Markdown: no heading, link, tag or rule of theirs takes effect."""
    plain = html.escape(text.strip(), quote=False)
    plain = re.sub(r"([\\`*_\[\]|#~])", r"\\\1", plain)
    return re.sub(r"(?m)^(\s*\d*)([-+=]|(?<=\d)[.)])", r"\1\\\2", plain)


def _usage(tables: Sequence[Table]) -> str:
    rows = "\n".join(f"| `{t.config}` | {_ROWS[t.config]} | {sum(t.rows.values()):,} |" for t in tables)
    return f"## Configs\n\n| config | a row is | rows |\n|---|---|---|\n{rows}"


def _split_table(tables: Sequence[Table]) -> str:
    splits = [s for s in SPLITS if any(s in t.rows for t in tables)]
    head = f"| config | {' | '.join(splits)} |\n|---|{'---|' * len(splits)}"
    rows = "\n".join(f"| `{t.config}` | {' | '.join(f'{t.rows.get(s, 0):,}' for s in splits)} |" for t in tables)
    return f"## Splits\n\nRows a split:\n\n{head}\n{rows}"


def _layer_table(figures: Figures) -> str:
    rows = []
    for layer, kinds in figures.kinds.items():
        ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{_escaped(kind)} {n:,}" for kind, n in ordered if kind)
        rows.append(f"| {_escaped(layer)} | {sum(kinds.values()):,} | {listed} |")
    head = (
        f"{figures.documents:,} documents, {figures.words:,} words.\n\n| layer | annotations | kinds |\n|---|---|---|"
    )
    return "## Annotations\n\n" + "\n".join([head, *rows])


def _status_table(figures: Figures) -> str:
    listed = ", ".join(f"{n:,} {status or 'without a status'}" for status, n in sorted(figures.statuses.items()))
    return f"By status: {listed}. {_STATUS}" if listed else ""


def _ledger(figures: Figures) -> str:
    if not figures.ledger:
        return ""
    rows = "\n".join(f"| {_escaped(what)} | {n:,} |" for what, n in sorted(figures.ledger.items()))
    return _LEDGER + rows
