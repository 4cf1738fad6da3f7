"""corpus-tool assign."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from corpus_tool.cli.agree import names_of
from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool assign my-corpus --annotators ana,ben,chen\n"
    "  corpus-tool assign my-corpus --annotators ana,ben --overlap 100%\n"
    "  corpus-tool assign my-corpus --annotators ana,ben,chen --overlap 50 --each 3 --bare"
)
@click.argument("corpus", default=Path(), type=LOCAL_PATH, metavar="[CORPUS]")
@click.option(
    "--annotators", callback=names_of, required=True, metavar="NAMES", help="To whom: ana,ben; names of folders."
)
@click.option(
    "--overlap", default="20%", show_default=True, metavar="SHARE|N", help="Documents that several annotators get."
)
@click.option(
    "--each", type=click.IntRange(min=2), default=2, show_default=True, help="How many annotators these documents get."
)
@click.option("--seed", default="corpus-tool", show_default=True, help="Any word; another one deals otherwise.")
@click.option("--bare", is_flag=True, help="Copies without suggestions.")
@click.option("--dry-run", is_flag=True, help="Say who would get what, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    corpus: Path,
    annotators: tuple[str, ...],
    overlap: str,
    each: int,
    seed: str,
    bare: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Deal the documents of a corpus to several annotators.

    Who has what is written into assignments.jsonl, and each annotator gets copies in annotators/<name>/, balanced by
    words. What is dealt stays dealt: run it again when there are new documents or annotators. A copy that exists is
    never written over.
    """
    from corpus_tool.agreement.assign import assign_documents

    with progress("deal") as done:
        dealt = assign_documents(
            corpus, annotators, overlap=overlap, each=each, seed=seed, bare=bare, dry_run=dry_run, on_document=done
        )
    if as_json:
        click.echo(json.dumps(asdict(dealt), ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    whole = f"{plural(dealt.documents, 'document')}, {dealt.shared:,} of them to several annotators"
    console.print(f"{whole}; {dealt.new:,} dealt now")
    table = Table("annotator", box=None, pad_edge=False)
    for heading in ("documents", "words", "shared", "new copies"):
        table.add_column(heading, justify="right")
    for one in dealt.shares:
        table.add_row(one.annotator, *(f"{n:,}" for n in (one.documents, one.words, one.shared, one.written)))
    console.print(table)
    if dealt.gone:
        named = ", ".join(dealt.gone[:5]) + (" …" if dealt.gone[5:] else "")
        click.echo(f"note: {plural(len(dealt.gone), 'assigned document')} no longer in the corpus: {named}", err=True)
    if dry_run:
        click.echo("nothing was written (--dry-run)", err=True)
