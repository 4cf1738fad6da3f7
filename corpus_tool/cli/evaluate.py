"""corpus-tool evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus_tool.cli.locations import LOCATION
from corpus_tool.cli.progress import progress

if TYPE_CHECKING:
    from rich.table import Table

    from corpus_tool.evaluate.scores import Counts, Evaluation, Share


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool evaluate predicted-corpus gold-corpus\n"
    "  corpus-tool evaluate predicted.jsonl gold-corpus --errors | less\n"
    "  corpus-tool evaluate predicted.jsonl gold.jsonl --json",
)
@click.argument("predicted", type=LOCATION)
@click.argument("gold", type=LOCATION)
@click.option("--errors", is_flag=True, help="List what was missed, invented or different, with context.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(predicted: Path, gold: Path, errors: bool, as_json: bool) -> None:
    """Measure predicted annotations against gold ones: spans, kinds, values, quotes and speakers.

    Each side is a corpus, a folder of documents, or a .jsonl of documents; documents are joined by their id and must
    have the same text.
    """
    from corpus_tool.evaluate.run import evaluate_paths, evaluation_to_json

    with progress("evaluate") as run:
        result = evaluate_paths(predicted, gold, errors=errors, on_event=run.event)
    if as_json:
        click.echo(evaluation_to_json(result), nl=False)
        return
    _print_tables(result)
    from corpus_tool.diagnostics.render.text import printable

    for d in result.disagreements:
        click.echo(f"{d.document}:{d.start}-{d.end} {d.layer} {d.what}: {printable(d.context)}")
        if d.detail:
            click.echo(f"  {printable(d.detail)}")


def _print_tables(result: Evaluation) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"{result.documents:,} gold documents", end="")
    for names, what in (
        (result.missing, "without a prediction"),
        (result.texts_differ, "whose prediction has another text"),
    ):
        if names:
            console.print(
                f", {len(names):,} {what} ({', '.join(names[:3])}{' …' if len(names) > 3 else ''})",
                end="",
                markup=False,
            )
    console.print()
    spans = Table(box=None, pad_edge=False)
    for column in ("layer", "measure", "precision", "recall", "F1", "gold", "predicted"):
        spans.add_column(column, justify="left" if column in {"layer", "measure"} else "right")
    for layer, scores in result.layers.items():
        _row(spans, layer, "exact", scores.exact)
        _row(spans, "", "overlapping", scores.overlap)
        _row(spans, "", "exact, with kind", scores.with_kind)
        for kind, counts in sorted(scores.by_kind.items(), key=lambda item: -item[1].gold):
            _row(spans, "", f"  {kind or '–'}", counts)
    q = result.quotes
    for name, counts in (
        ("words", q.words),
        ("fragments", q.fragments),
        ("cues", q.cues),
        ("attributed", q.attributed),
    ):
        if counts.gold or counts.predicted:
            _row(spans, "quotes" if name == "words" else "", name, counts)
    console.print(spans)
    shares = Table(box=None, pad_edge=False)
    for column in ("", "share", "of"):
        shares.add_column(column, justify="right" if column else "left")
    for layer, scores in result.layers.items():
        _share(shares, f"{layer}: kind right on overlapping spans", scores.kind_on_overlap)
    _share(shares, "figures: value right", result.values)
    for kind, share in sorted(q.found.items()):
        _share(shares, f"quotes: found, {kind}", share)
    _share(shares, "quotes: spurious", q.spurious)
    _share(shares, "quotes: speaker right on found", q.speakers)
    console.print(shares)


def _row(table: Table, layer: str, name: str, counts: Counts) -> None:
    ratios = (f"{ratio:.3f}" for ratio in (counts.precision, counts.recall, counts.f1))
    table.add_row(layer, name, *ratios, f"{counts.gold:,}", f"{counts.predicted:,}")


def _share(table: Table, name: str, share: Share) -> None:
    if share.of:
        table.add_row(name, f"{share.rate:.3f}", f"{share.of:,}")
