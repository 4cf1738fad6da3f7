"""corpus-tool merge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus_tool.cli.agree import names_of, print_left_out
from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import progress

if TYPE_CHECKING:
    from corpus_tool.agreement.types import Merged


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool merge my-corpus\n"
    "  corpus-tool merge my-corpus --by unanimous --into gold\n"
    "  corpus-tool merge my-corpus --by review --annotators ana,ben"
)
@click.argument("corpus", default=Path(), type=LOCAL_PATH, metavar="[CORPUS]")
@click.option(
    "--by",
    type=click.Choice(["unanimous", "majority", "review"]),
    default="majority",
    show_default=True,
    help="What stands: what all say alike; what more than half say; as unanimous, and a person decides the rest.",
)
@click.option("--annotators", callback=names_of, metavar="NAMES", help="Whose versions: ana,ben; all without.")
@click.option("--into", metavar="NAME", help="Write into annotators/NAME in place of documents/.")
@click.option("--dry-run", is_flag=True, help="Say what would become of the versions, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(corpus: Path, by: str, annotators: tuple[str, ...], into: str | None, dry_run: bool, as_json: bool) -> None:
    """Make one version of each document out of its annotators' versions.

    The result goes into documents/, where no layer is replaced in which a person has worked otherwise. What is not in
    it is listed one by one in merge-ledger.jsonl, what a person has to decide in adjudication.jsonl.
    """
    from corpus_tool.agreement.adjudicate import merge_annotators
    from corpus_tool.agreement.told import merged_to_json

    with progress("merge") as done:
        merged = merge_annotators(corpus, by=by, annotators=annotators, into=into, dry_run=dry_run, on_document=done)
    if as_json:
        click.echo(json.dumps(merged_to_json(merged), ensure_ascii=False, indent=2))
        return
    _print(merged, corpus, into, dry_run=dry_run)
    print_left_out(merged.left_out)


def _print(merged: Merged, corpus: Path, into: str | None, *, dry_run: bool) -> None:
    import shlex

    from corpus_tool.agreement.adjudicate import LEDGER_FILE, OPEN_FILE

    place = "documents" if into is None else f"annotators/{into}"
    verb = "would be written to" if dry_run else "written to"
    told = ", ".join(f"{count:,} {layer}" for layer, count in merged.annotations.items())
    click.echo(
        f"{plural(len(merged.written), 'document')} {verb} {place}/, {len(merged.unchanged):,} unchanged"
        + (f": {told}" if told else "")
    )
    if merged.ledger:
        whole = sum(one.attribute is None for one in merged.ledger)
        parts = len(merged.ledger) - whole
        click.echo(f"not in the result: {plural(whole, 'annotation')}, {parts:,} of their attributes ({LEDGER_FILE})")
        for (layer, reason), count in merged.reasons.items():
            click.echo(f"  {layer}: {count:,} {reason}")
    if merged.open:
        click.echo(f"left to a person: {plural(len(merged.open), 'place')} ({OPEN_FILE}); the first one:")
        click.echo(f"  corpus-tool review {shlex.join([str(corpus), *merged.open[0].target])}")
