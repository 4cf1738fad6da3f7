"""corpus-tool agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import progress

if TYPE_CHECKING:
    from rich.table import Table

    from corpus_tool.agreement.types import Agreement, Disagreement, LayerAgreement, LeftOut

#: Headings of the measures in tables.
_HEADINGS = {
    "exact": "exact F1",
    "exact_kind": "+ kind",
    "overlap": "overlap F1",
    "overlap_kind": "+ kind",
    "cohen": "Cohen κ",
    "fleiss": "Fleiss κ",
    "alpha": "α",
    "gamma": "γ",
}

#: Lines of what was left out that are shown.
_MOST = 5


def names_of(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """The names of an option that takes several, with commas between them."""
    return tuple(name for part in (value or "").split(",") if (name := part.strip()))


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool agree my-corpus\n"
    "  corpus-tool agree my-corpus --annotators ana,ben --layer quotes\n"
    "  corpus-tool agree my-corpus --list | less\n"
    "  corpus-tool agree my-corpus --json > agreement.json"
)
@click.argument("corpus", default=Path(), type=LOCAL_PATH, metavar="[CORPUS]")
@click.option("--annotators", callback=names_of, metavar="NAMES", help="Whose versions: ana,ben; all without.")
@click.option("--layer", "layers", multiple=True, metavar="LAYER", help="Only this layer; may be given several times.")
@click.option(
    "--bootstrap",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    help="Resamples of the documents behind the 95 % intervals; 0 for none.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides the resamples.")
@click.option("--gamma", is_flag=True, help="Compute gamma too (extra [gamma]; seconds a document).")
@click.option("--list", "listed", is_flag=True, help="List every disagreement, with the command that opens it.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
def command(
    corpus: Path,
    annotators: tuple[str, ...],
    layers: tuple[str, ...],
    bootstrap: int,
    seed: int,
    gamma: bool,
    listed: bool,
    as_json: bool,
) -> None:
    """Measure how far the annotators of a corpus agree.

    The versions in annotators/<name>/ are compared, over the documents and layers that two annotators or more have
    reviewed: spans exactly and overlapping (F1), tokens (Cohen's and Fleiss' kappa, Krippendorff's alpha), and what
    they say of spans that match. docs/agreement.md says which measure answers which question.
    """
    from corpus_tool.agreement.measure import measure_agreement
    from corpus_tool.agreement.told import agreement_to_json

    with progress("compare") as done:
        found = measure_agreement(
            corpus,
            annotators=annotators,
            layers=layers,
            bootstrap=bootstrap,
            seed=seed,
            gamma=gamma,
            listed=listed,
            on_document=done,
        )
    if as_json:
        click.echo(json.dumps(agreement_to_json(found), ensure_ascii=False, indent=2))
        return
    if listed:
        print_disagreements(corpus, found.disagreements)
    else:
        _print(found)
    print_left_out(found.left_out)
    for remark in found.remarks:
        click.echo(f"note: {remark}", err=True)


def print_disagreements(corpus: Path, disagreements: tuple[Disagreement, ...]) -> None:
    """Prints disagreements for people: where, what each annotator says, and the command that opens the place."""
    import shlex

    from corpus_tool.diagnostics.render.text import printable

    for one in disagreements:
        words = " ".join(one.text.split())
        click.echo(f"{one.document}:{one.start}-{one.end} {one.layer} {one.what}: {printable(words)}")
        for name, said in one.says.items():
            click.echo(f"  {name}: {printable(said) if said is not None else 'not marked'}")
        click.echo(f"  corpus-tool review {shlex.join([str(corpus), *one.target])}")
    click.echo(plural(len(disagreements), "disagreement"))


def print_left_out(left_out: tuple[LeftOut, ...]) -> None:
    """Says on standard error what was left out, counted by annotator, layer and reason."""
    from corpus_tool.diagnostics.render.text import printable

    reasons: dict[tuple[str, str, str], list[str]] = {}
    for one in left_out:
        reasons.setdefault((one.annotator, one.layer, one.reason), []).append(one.document)
    for (annotator, layer, reason), documents in sorted(reasons.items()):
        named = ", ".join(documents[:_MOST]) + (f" and {len(documents) - _MOST:,} more" if documents[_MOST:] else "")
        whose = " ".join(filter(None, (annotator, layer)))
        click.echo(printable(f"left out: {whose}{': ' if whose else ''}{reason} ({named})"), err=True)


def _print(found: Agreement) -> None:
    click.echo(f"{', '.join(found.annotators)}: {plural(found.documents, 'document')} by two or more")
    if found.bootstrap:
        click.echo(f"95 % intervals from {found.bootstrap:,} resamples of the documents, seed {found.seed}")
    for layer in found.layers:
        spans = ", ".join(f"{name} {count:,}" for name, count in layer.spans.items())
        title = f"{layer.layer}: {plural(layer.documents, 'document')}, spans: {spans}"
        click.echo(f"\n{click.style(title, bold=True)}")
        _print_measures(layer)
        _print_tables(layer)


def _print_measures(layer: LayerAgreement) -> None:
    from corpus_tool.agreement.told import measure_in_words
    from corpus_tool.agreement.types import MEASURES

    told = {name: measure_in_words(layer.measures[name]) for name in MEASURES if name in layer.measures}
    width = max(map(len, told.values()))
    for name, words in told.items():
        of = f", of documents with {layer.fleiss_annotators} annotators" if name == "fleiss" else ""
        click.echo(f"  {words:<{width}}  {MEASURES[name]}{of if layer.fleiss_annotators else ''}")
    if layer.nested:
        click.echo(f"  {plural(layer.nested, 'span')} inside longer ones: not in the labels of tokens")


def _print_tables(layer: LayerAgreement) -> None:
    from rich.table import Table

    from corpus_tool.agreement.told import measure_in_words, value_in_words
    from corpus_tool.agreement.types import KIND_MEASURES, PAIR_MEASURES
    from corpus_tool.diagnostics.render.text import printable

    if len(layer.pairs) > 1:
        table = Table("  pair", box=None, pad_edge=False)
        for heading in ("documents", *(_HEADINGS[name] for name in PAIR_MEASURES)):
            table.add_column(heading, justify="right")
        for pair in layer.pairs:
            told = (value_in_words(pair.measures[name]) for name in PAIR_MEASURES)
            table.add_row(f"  {pair.one}, {pair.other}", f"{pair.documents:,}", *told)
        _print_table(table)
    if any(kind.kind for kind in layer.kinds):
        table = Table("  kind", box=None, pad_edge=False)
        for heading in ("spans", *(_HEADINGS[name] for name in KIND_MEASURES)):
            table.add_column(heading, justify="right")
        for kind in layer.kinds:
            told = (measure_in_words(kind.measures[name]) for name in KIND_MEASURES)
            table.add_row(f"  {printable(kind.kind) or '–'}", f"{kind.spans:,}", *told)
        _print_table(table)
    if layer.attributes:
        table = Table("  of matching spans", box=None, pad_edge=False)
        for heading in ("pairs", "the same", "α"):
            table.add_column(heading, justify="right")
        for attribute in layer.attributes:
            alpha = measure_in_words(attribute.alpha) if attribute.alpha else ""
            name = attribute.attribute + ("" if attribute.level == "nominal" else f" (α: {attribute.level})")
            table.add_row(f"  {name}", f"{attribute.same.n:,}", measure_in_words(attribute.same), alpha)
        _print_table(table)


def _print_table(table: Table) -> None:
    """Prints a table without the spaces that would fill its last column."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        click.echo(line.rstrip())
