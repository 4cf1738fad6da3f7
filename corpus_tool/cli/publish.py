"""corpus-tool publish."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus_tool.cli.output import plural, print_diagnostics
from corpus_tool.cli.progress import log_option, progress

if TYPE_CHECKING:
    from corpus_tool.publish.readback import Verified
    from corpus_tool.publish.releasing import Publication


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool publish dist/wire --to hf://datasets/newsroom/wire --dry-run\n"
    "  corpus-tool publish dist/wire --to hf://datasets/newsroom/wire\n"
    "  corpus-tool publish dist/wire --to s3://newsroom/datasets/wire --yes\n"
    "  corpus-tool publish --verify hf://datasets/newsroom/wire@v1.0.0\n"
    "  corpus-tool publish dist/wire --to hf://datasets/newsroom/wire --verify"
)
@click.argument("dataset", required=False, metavar="[DATASET]")
@click.option("--to", "to", metavar="TARGET", help="hf://datasets/OWNER/NAME, s3://…, gs://… or file://…")
@click.option("--public", is_flag=True, help="For everybody to read; without it a new repository is private.")
@click.option(
    "--rights-cleared", default="", metavar="REASON", help="By whose leave texts are published that say otherwise."
)
@click.option("--accept", multiple=True, metavar="CODE", help="Findings that you have looked at, as LIC501.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--verify", "verify", is_flag=True, help="Read back what is published, and compare; publish nothing.")
@log_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    dataset: str | None,
    to: str | None,
    public: bool,
    rights_cleared: str,
    accept: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Publish a built dataset as a version, or read a published one back.

    The dataset is checked first: verify, secrets and personal data, rights, metadata. Then a summary shows what would
    change, and asks. Readers see the new version whole or not at all; it is compared file by file and tagged.

    The token comes from HF_TOKEN or `hf auth login`, a bucket's credentials from its own client's environment; no
    option takes one.
    """
    if verify:
        if public or rights_cleared or accept or dry_run or yes:
            raise click.UsageError("--verify publishes nothing: of the other options it takes --to and --json alone")
        _verify(dataset, to, as_json=as_json)
        return
    if dataset is None or to is None:
        raise click.UsageError("name the dataset's folder, and where it is to go with --to")
    from corpus_tool.publish.releasing import prepare_publication

    with progress("publish") as run:
        run.part("look through")
        plan = prepare_publication(
            Path(dataset),
            to,
            public=public,
            rights_cleared=rights_cleared,
            accept=accept,
            on_step=run.step,
            on_document=run,
        )
        run.findings(plan.diagnostics)
    _publish(plan, dry_run=dry_run, yes=yes, as_json=as_json)


def _publish(plan: Publication, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Shows a plan, asks, and carries it out."""
    from corpus_tool.publish.preflight import is_refused
    from corpus_tool.publish.releasing import carry_out, shown_call

    _show(plan, err=as_json)
    goes_on = not dry_run and not plan.refused and (yes or plan.release.is_done or _asked(plan))
    if goes_on:
        with progress("publish") as run:
            run.part("release")
            plan = carry_out(plan, on_step=run.step)
    if as_json:
        _print_json(_publication(plan, dry_run=dry_run))
    elif plan.revision is not None:
        was = "is published already" if plan.release.is_done else "published"
        click.echo(f"{plan.release.address} {plan.release.tag} {was} at {plan.revision}")
        call = shown_call(plan.calls)
        if call is not None:
            click.echo(call.line())
    elif not plan.refused:
        click.echo("nothing was published")
    if is_refused(plan.diagnostics):
        sys.exit(1)
    sys.exit(2 if plan.obstacles else int(plan.revision is None and not dry_run))


def _show(plan: Publication, *, err: bool) -> None:
    """The findings, the summary, and why it is refused."""
    from corpus_tool.diagnostics.render.text import printable, summary
    from corpus_tool.publish.preflight import is_refused
    from corpus_tool.publish.summary import render_summary

    print_diagnostics(plan.diagnostics, "full", err=True)
    click.echo(render_summary(plan.release), err=err)
    for obstacle in plan.obstacles:
        click.echo(f"not published: {printable(obstacle)}", err=True)
    if is_refused(plan.diagnostics):
        click.echo(f"not published: {summary(plan.diagnostics)}", err=True)


def _asked(plan: Publication) -> bool:
    """Whether the user says yes at a terminal.

    Raises:
        CorpusToolError: there is no terminal to ask at.
    """
    from corpus_tool.model import CorpusToolError

    if not sys.stdin.isatty():
        raise CorpusToolError("nothing was published: there is no terminal to ask at; --yes publishes without asking")
    return click.confirm(f"Publish {plan.release.tag}?", err=True)


def _publication(done: Publication, *, dry_run: bool) -> dict[str, Any]:
    from corpus_tool.publish.summary import summary_object

    return {
        "schema": "corpus-tool/publication/1",
        **summary_object(done.release),
        "dry_run": dry_run,
        "refused": done.refused,
        "obstacles": list(done.obstacles),
        "revision": done.revision,
        "load": {config: call.line() for config, call in done.calls.items()},
        "diagnostics": _told(done.diagnostics),
    }


def _verify(dataset: str | None, to: str | None, *, as_json: bool) -> None:
    from corpus_tool.publish.readback import verify_published
    from corpus_tool.publish.releasing import shown_call

    if dataset is None or (to is None and "://" not in dataset):
        raise click.UsageError("name what to read back: --verify TARGET, or DATASET --to TARGET --verify")
    address, folder = (dataset, None) if to is None else (to, Path(dataset))
    with progress("verify") as run:
        run.part("read back")
        found = verify_published(address, folder, on_step=run.step, on_document=run)
        run.findings(found.diagnostics)
    if as_json:
        _print_json(_verified(found))
    else:
        _show_verified(found)
        call = shown_call(found.calls)
        if found.is_as_built and call is not None:
            click.echo(call.line())
    sys.exit(not found.is_as_built)


def _show_verified(found: Verified) -> None:
    from corpus_tool.diagnostics.render.text import printable

    print_diagnostics(found.diagnostics, "full", err=True)
    for difference in found.differences:
        click.echo(printable(difference), err=True)
    place = f"{found.address} version {found.version} at {found.revision}"
    if found.is_as_built:
        counts = f"{plural(found.documents, 'document')} and {plural(found.spans, 'span')} checked"
        click.echo(f"{place}: as it was built; {counts}")
    else:
        click.echo(f"{place}: not as it was built")


def _verified(found: Verified) -> dict[str, Any]:
    return {
        "schema": "corpus-tool/verified/1",
        "address": found.address,
        "version": found.version,
        "revision": found.revision,
        "as_built": found.is_as_built,
        "documents": found.documents,
        "spans": found.spans,
        "differences": list(found.differences),
        "load": {config: call.line() for config, call in found.calls.items()},
        "diagnostics": _told(found.diagnostics),
    }


def _told(diagnostics: Any) -> Any:
    from corpus_tool.diagnostics.render.json import render_json

    return json.loads(render_json(diagnostics))["diagnostics"]


def _print_json(report: dict[str, Any]) -> None:
    from corpus_tool.diagnostics.render.json import json_text

    click.echo(json_text(report))
