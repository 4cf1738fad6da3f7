"""corpus-tool init."""

from __future__ import annotations

from pathlib import Path

import click

from corpus_tool.cli.locations import LOCATION


@click.command(
    epilog="\b\nExamples:\n  corpus-tool init my-corpus\n  corpus-tool init . --name harbour-news",
)
@click.argument("folder", type=LOCATION, metavar="DIR")
@click.option("--name", help="Short name of the corpus; by default that of the folder.")
def command(folder: Path, name: str | None) -> None:
    """Make DIR an empty corpus with a commented corpus.yaml."""
    from corpus_tool.init import init_corpus

    path = init_corpus(folder, name=name)
    click.echo(f"{path}: fill in title, license and description, then: corpus-tool convert ARTICLES --into {folder}")
