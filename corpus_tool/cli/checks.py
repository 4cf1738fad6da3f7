"""corpus-tool checks."""

from __future__ import annotations

from pathlib import Path

import click

from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool checks\n"
    "  corpus-tool checks --family SPN --family FIG\n"
    "  corpus-tool checks --json"
)
@click.option("--family", "families", multiple=True, metavar="FAMILY", help="Only codes that begin with these letters.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, with what `explain` says of each.")
@click.option(
    "--docs",
    type=LOCAL_PATH,
    metavar="DIR",
    help="Write a page a check into a folder, and an index; print nothing else.",
)
def command(families: tuple[str, ...], as_json: bool, docs: Path | None) -> None:
    """List every check: its code, its name, its severity, and whether `validate --fix` mends it."""
    from dataclasses import asdict

    from corpus_tool.diagnostics.render.json import json_text
    from corpus_tool.rules import FAMILIES, RULES, write_pages

    if docs is not None:
        if families or as_json:
            raise click.UsageError("--docs writes all pages: it goes with neither --family nor --json")
        click.echo(f"{docs}: {plural(write_pages(docs), 'page')} changed")
        return
    wanted = {family.upper() for family in families}
    if unknown := sorted(wanted - FAMILIES.keys()):
        raise click.UsageError(f"no family {', '.join(unknown)}; the families are {', '.join(FAMILIES)}")
    rules = [rule for rule in RULES.values() if not wanted or rule.family in wanted]
    if as_json:
        click.echo(json_text({"version": 1, "checks": [asdict(rule) for rule in rules]}))
        return
    width = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        fix = "fix" if rule.fixable else ""
        click.echo(f"{rule.code}  {rule.name:<{width}}  {rule.severity:<7}  {fix}".rstrip())
