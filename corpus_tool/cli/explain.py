"""corpus-tool explain."""

from __future__ import annotations

import click


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool explain SPN102\n"
    "  corpus-tool explain span-out-of-bounds\n"
    "  corpus-tool explain TXT207 --json"
)
@click.argument("check", metavar="CODE|NAME")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(check: str, as_json: bool) -> None:
    """Say what a code of the validator means: what is wrong, why it matters, a bad and a good example."""
    from dataclasses import asdict

    from corpus_tool.diagnostics.render.json import json_text
    from corpus_tool.rules import explain, render_markdown

    rule = explain(check)
    click.echo(json_text(asdict(rule)) if as_json else render_markdown(rule), nl=as_json)
