"""How good it is, and what was lost: review, findings, agreement, ledgers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from corpus_tool.agreement.types import MEASURES, Agreement, LayerAgreement, Measure
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.report.articles import anchor_of
from corpus_tool.report.count import Counts
from corpus_tool.report.findings import Findings, FoundCode
from corpus_tool.report.losses import LossTable
from corpus_tool.report.markup import (
    NOTHING,
    card,
    counted,
    escaped,
    folded,
    isolated,
    paragraph,
    section,
    share,
    table,
)

_STATUSES = ("accepted", "corrected", "added", "suggested", "")

#: Rows of annotators and of losses that are shown.
_TOP = 40

_REVIEW_NOTE = (
    "Suggested is what a program proposed and no person has reviewed; accepted, corrected and added are a person’s "
    "word. Rejected annotations are counted here and nowhere else on this page."
)


def review_section(counts: Counts) -> str:
    """By layer and by annotator, who reviewed what."""
    layers = [
        (
            escaped(layer),
            *_by_status(statuses),
            f"{counts.rejected[layer]:,}",
            share(_human(statuses), statuses.total()),
        )
        for layer, statuses in counts.statuses.items()
    ]
    names: dict[str, Counter[str]] = {}
    for (name, status), times, _ in counts.annotators.top(10 * _TOP):
        names.setdefault(name, Counter())[status] += times
    people = [
        (isolated(name) if name else "<i>not told</i>", *_by_status(own))
        for name, own in sorted(names.items(), key=lambda item: (-item[1].total(), item[0]))[:_TOP]
    ]
    shown = [status or "no status" for status in _STATUSES]
    return section(
        "review",
        "How far people have reviewed it",
        paragraph(
            f"<b>{share(counts.reviewed, counts.annotations)}</b> of {counted(counts.annotations, 'annotation')} "
            "are a person’s word."
        ),
        table("By layer", ["layer", *shown, "rejected", "reviewed"], layers),
        table("By annotator", ["annotator", *shown], people),
        paragraph(_REVIEW_NOTE, "note"),
    )  # fmt: skip


def _by_status(statuses: Counter[str]) -> list[str]:
    return [f"{statuses[status]:,}" for status in _STATUSES]


def _human(statuses: Counter[str]) -> int:
    return sum(statuses[status] for status in HUMAN_STATUSES)


def findings_section(findings: Findings, unreadable: int, listed: Iterable[str]) -> str:
    """The validator's findings by code.

    Args:
        findings: what was found.
        unreadable: files or lines that are no document, and are missing from every figure of the page.
        listed: ids of the articles that the page holds: findings lead to them.
    """
    known = frozenset(listed)
    warning = (
        paragraph(f"<b>{counted(unreadable, 'file or line', 'files or lines')}</b> could not be read as a document and "
                  "are in none of the figures here.", "alert")
        if unreadable else ""
    )  # fmt: skip
    if not findings.codes:
        return section("findings", "What the validator finds", warning, paragraph("Nothing: no finding of any kind."))
    told = ", ".join(counted(n, str(severity)) for severity, n in findings.severities.items())
    rows = [
        (f"<b>{escaped(own.code)}</b>", escaped(own.name.replace("-", " ")), _severity(own), f"{own.count:,}")
        for own in findings.codes
    ]
    examples = "\n".join(_examples(own, known) for own in findings.codes)
    return section(
        "findings",
        "What the validator finds",
        warning,
        paragraph(escaped(told) + "."),
        table("Findings by code", ["code", "what", "severity", "findings"], rows, text_columns=3, hidden=True),
        folded("Examples of each", examples),
    )


def _severity(own: FoundCode) -> str:
    return f'<span class="sev {own.severity}">{own.severity}</span>'


def _examples(own: FoundCode, known: frozenset[str]) -> str:
    items = "".join(
        f"<li><code>{isolated(example.place)}</code> {isolated(example.message)}"
        + (f' <a href="{escaped(anchor_of(example.document))}">open</a>' if example.document in known else "")
        + "</li>"
        for example in own.examples
    )
    more = f"<li>… and {own.count - len(own.examples):,} more</li>" if own.count > len(own.examples) else ""
    return f"<h3>{escaped(own.code)} {escaped(own.name)}</h3>\n<ul>{items}{more}</ul>"


def losses_section(tables: Sequence[LossTable]) -> str:
    """What was lost on the way, by step."""
    title = "What is lost"
    if not tables:
        return section("losses", title, paragraph("Nothing is on record as lost."))
    cards = []
    for own in tables:
        rows = [(isolated(what), f"{n:,}") for what, n in own.rows[:_TOP]]
        left = len(own.rows) - len(rows)
        where = f"One by one in <code>{escaped(own.ledger)}</code>." if own.ledger != "manifest.json" else ""
        more = f"{left:,} more reasons there." if left else ""
        cards.append(
            card(escaped(own.title), table(escaped(own.title), ["what", "times"], rows, hidden=True),
                 paragraph(" ".join(part for part in (where, more) if part), "note"))
        )  # fmt: skip
    return section("losses", title, f'<div class="grid2">{"".join(cards)}</div>')


def agreement_section(agreement: Agreement | None, why_not: str, statement: str | None) -> str:
    """How far annotators agree.

    Args:
        agreement: what was measured; None where nothing was.
        why_not: why nothing was measured, where several annotators are there.
        statement: what ``corpus.yaml`` says of agreement.
    """
    said = f'<p dir="auto">{escaped(statement)}</p>' if statement else ""
    title = "How far annotators agree"
    if agreement is None:
        return section("agreement", title, said, paragraph(escaped(why_not)))
    named = ", ".join(map(isolated, agreement.annotators))
    told = f"Measured over {counted(agreement.documents, 'article')} of several annotators: {named}."
    interval = (
        f" In brackets the 95 % interval of a bootstrap over documents ({agreement.bootstrap:,} resamples)."
        if agreement.bootstrap
        else ""
    )
    measures = [name for name in MEASURES if any(name in layer.measures for layer in agreement.layers)]
    rows = [
        (escaped(layer.layer), f"{layer.documents:,}", *(_measured(layer.measures.get(name)) for name in measures))
        for layer in agreement.layers
    ]
    legend = "".join(f"<li><b>{_headed(name)}</b>: {escaped(MEASURES[name])}</li>" for name in measures)
    return section(
        "agreement",
        title,
        said,
        paragraph(told + interval),
        table("Agreement by layer", ["layer", "articles", *map(_headed, measures)], rows, hidden=True),
        f'<ul class="note">{legend}</ul>',
        *(paragraph(escaped(remark), "note") for remark in agreement.remarks),
        *(folded(f"{escaped(layer.layer.capitalize())}: pairs, kinds, attributes", *_layer_tables(layer))
          for layer in agreement.layers),
        _left_out(agreement),
    )  # fmt: skip


def _headed(name: str) -> str:
    return escaped(
        {"cohen": "Cohen’s κ", "fleiss": "Fleiss’ κ", "alpha": "α", "gamma": "γ"}.get(name, name.replace("_", " + "))
    )


def _measured(measure: Measure | None) -> str:
    if measure is None or measure.value is None:
        return NOTHING
    value = f"{measure.value:.2f}"
    if measure.low is None or measure.high is None:
        return value
    return f"{value} <small>[{measure.low:.2f}, {measure.high:.2f}]</small>"


def _layer_tables(layer: LayerAgreement) -> list[str]:
    of_pairs = [name for name in MEASURES if any(name in pair.measures for pair in layer.pairs)]
    of_kinds = [name for name in MEASURES if any(name in kind.measures for kind in layer.kinds)]
    return [
        table(
            "By pair of annotators",
            ["pair", "articles", *map(_headed, of_pairs)],
            [(f"{isolated(pair.one)}, {isolated(pair.other)}", f"{pair.documents:,}",
              *(_measured(pair.measures.get(name)) for name in of_pairs)) for pair in layer.pairs],
        ),
        table(
            "By kind",
            ["kind", "spans", *map(_headed, of_kinds)],
            [(escaped(kind.kind.replace("_", " ")) or "<i>none</i>", f"{kind.spans:,}",
              *(_measured(kind.measures.get(name)) for name in of_kinds)) for kind in layer.kinds],
        ),
        table(
            "Attributes, where both marked the same",
            ["attribute", "same", "α"],
            [(escaped(own.attribute), _measured(own.same), _measured(own.alpha)) for own in layer.attributes],
        ),
    ]  # fmt: skip


def _left_out(agreement: Agreement) -> str:
    reasons = Counter(own.reason for own in agreement.left_out)
    rows = [(escaped(reason), f"{n:,}") for reason, n in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))]
    return folded("What was not compared", table("", ["reason", "times"], rows)) if rows else ""
