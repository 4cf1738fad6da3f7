"""corpus-tool next."""

from __future__ import annotations

import json
from pathlib import Path

import click

from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.progress import progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool next my-corpus\n"
    "  corpus-tool next my-corpus --limit 100 --json\n"
    "  corpus-tool next my-corpus --limit 1 --ids      # for corpus-tool review my-corpus --document"
)
@click.argument("corpus", default=Path(), type=LOCAL_PATH, metavar="[CORPUS]")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N",
              help="How many documents.")  # fmt: skip
@click.option("--ids", is_flag=True, help="Print the ids alone, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print documents and what they are ranked by as JSON.")
def command(corpus: Path, limit: int, ids: bool, as_json: bool) -> None:
    """Say which documents to review next: those that a correction would teach most from.

    Ranked by what a minute of review gains: doubtful and rare suggestions, annotators at odds, findings of the
    validator. docs/next.md has the formula.
    """
    from corpus_tool.review.counting import next_documents

    with progress("next") as done:
        found = next_documents(corpus, limit=limit, on_document=done)
    if as_json:
        import msgspec

        click.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=2))
        return
    if ids:
        for document in found:
            click.echo(document.document)
        return
    if not found:
        click.echo("nothing left to review")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from corpus_tool.diagnostics.render.text import printable

    table = Table("document", box=None, pad_edge=False)
    for name in ("rank", "gain", "words"):
        table.add_column(name, justify="right")
    table.add_column("because")
    for document in found:
        row = (f"{document.rank:.2f}", f"{document.gain:.1f}", f"{document.words:,}")
        table.add_row(escape(printable(document.document)), *row, escape(printable("; ".join(document.reasons))))
    console = Console(highlight=False)
    with console.capture() as shown:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in shown.get().splitlines()))
