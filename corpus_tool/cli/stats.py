"""corpus-tool stats."""

from __future__ import annotations

import json
from pathlib import Path

import click

from corpus_tool.cli.locations import LOCATION
from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import progress


@click.command(epilog="\b\nExamples:\n  corpus-tool stats my-corpus\n  corpus-tool stats my-corpus --json")
@click.argument("corpus", default=Path(), type=LOCATION, metavar="[CORPUS]")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(corpus: Path, as_json: bool) -> None:
    """Count documents, words, and annotations a layer and kind (figures: a measure)."""
    from corpus_tool.stats import corpus_stats

    with progress("stats") as run:
        stats = corpus_stats(corpus, on_event=run.event)
    if as_json:
        click.echo(json.dumps(vars(stats), ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from corpus_tool.diagnostics.render.text import printable

    console = Console(highlight=False)
    entities = f"{stats.entities:,} {'entity' if stats.entities == 1 else 'entities'}"
    console.print(f"{plural(stats.documents, 'document')}, {plural(stats.words, 'word')}, {entities}")
    table = Table("layer", "kind", box=None, pad_edge=False)
    table.add_column("annotations", justify="right")
    for layer, kinds in stats.layers.items():
        statuses = ", ".join(f"{n:,} {status or 'unmarked'}" for status, n in sorted(stats.statuses[layer].items()))
        table.add_row(f"[bold]{layer}[/bold]", statuses, f"[bold]{sum(kinds.values()):,}[/bold]")
        for kind, n in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
            table.add_row("", escape(printable(kind)) or "–", f"{n:,}")
    console.print(table)
