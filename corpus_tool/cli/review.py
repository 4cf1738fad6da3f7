"""corpus-tool review."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import click

from corpus_tool.cli.locations import LOCAL_PATH


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool review my-corpus\n"
    "  corpus-tool review my-corpus --as ana          # your own copies, in annotators/ana\n"
    "  corpus-tool review my-corpus --document harbour-fire --span 120-131\n"
    "  corpus-tool review my-corpus --port 8765 --no-browser"
)
@click.argument("corpus", default=Path(), type=LOCAL_PATH, metavar="[CORPUS]")
@click.option("--annotator", metavar="NAME", envvar="CORPUS_TOOL_ANNOTATOR", show_envvar=True,
              help="Who you are, for the provenance of what you decide; your login name without it.")  # fmt: skip
@click.option("--as", "as_annotator", metavar="NAME",
              help="Work on copies of your own in annotators/NAME, made when you first edit a document.")  # fmt: skip
@click.option("--document", metavar="ID", help="Open this document.")
@click.option("--span", metavar="START-END", help="Show this place in it, in code points.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen; any free port without it.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def command(
    corpus: Path,
    annotator: str | None,
    as_annotator: str | None,
    document: str | None,
    span: str | None,
    port: int,
    no_browser: bool,
) -> None:
    """Correct annotations in the browser: a page on this machine alone, saved at once into the same files.

    Prints the page's address, which holds a secret of this run, and opens it. Ctrl-C ends it.
    """
    from corpus_tool.review.server import serve_review

    if span and not document:
        raise click.UsageError("--span goes with --document")
    place = f"#document={quote(document)}" if document else ""
    place += f"&span={quote(span)}" if span else ""

    def ready(address: str) -> None:
        click.echo(f"{address}{place}")
        if not no_browser:
            _open(f"{address}{place}")

    serve_review(corpus, annotator=annotator, as_annotator=as_annotator, port=port, on_ready=ready)


def _open(address: str) -> None:
    """Opens the page without waiting for the browser, which may run in this terminal."""
    import webbrowser
    from threading import Thread

    Thread(target=webbrowser.open, args=(address,), daemon=True).start()
