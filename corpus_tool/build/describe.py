"""The files of a dataset that describe it: the card, its pictures, and ``croissant.json``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus_tool.agreement.summary import AgreementRow
from corpus_tool.build.card import Table, render_card
from corpus_tool.build.croissant import CROISSANT, render_croissant
from corpus_tool.build.figures import Figures
from corpus_tool.build.parquet import TableWriter
from corpus_tool.build.pictures import render_days, render_spans
from corpus_tool.changelog import Entry
from corpus_tool.model.corpus import CorpusConfig

CARD = "README.md"


def write_descriptions(
    folder: Path,
    config: CorpusConfig,
    tables: Sequence[Table],
    figures: Figures,
    changes: Sequence[Entry] = (),
    agreement: Sequence[AgreementRow] = (),
) -> None:
    """Writes card, pictures and ``croissant.json`` into a dataset's folder.

    Args:
        folder: the dataset's folder, which holds the Parquet files.
        config: ``corpus.yaml``.
        tables: the configs that were written.
        figures: what was counted over the documents.
        changes: the changelog of the corpus.
        agreement: what was measured of its annotators' agreement.
    """
    drawn = {
        "pictures/annotations.svg": ("Annotations by layer and split", render_spans(figures.spans)),
        "pictures/articles.svg": ("Articles over time", render_days(figures.days)),
    }
    pictures = {path: shown for path, (shown, svg) in drawn.items() if svg}
    for path in pictures:
        (folder / path).parent.mkdir(exist_ok=True)
        _write(folder / path, drawn[path][1])
    card = render_card(config, tables, figures, pictures=pictures, changes=changes, agreement=agreement)
    _write(folder / CARD, card)
    _write(folder / CROISSANT, render_croissant(config, tables))


def table_of(writer: TableWriter) -> Table:
    """What the card says of a config that was written."""
    size = sum(path.stat().st_size for split in writer.rows for path in writer.paths(split))
    return Table(writer.config, writer.features, writer.rows, writer.num_bytes, size)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
