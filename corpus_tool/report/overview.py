"""The head of the page: what this is, how much, from when, whose, how it was made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from corpus_tool.agreement.types import Agreement
from corpus_tool.build.card_metadata import is_address
from corpus_tool.diagnostics import Severity
from corpus_tool.report.count import Counts
from corpus_tool.report.findings import Findings
from corpus_tool.report.markup import (
    NOTHING,
    card,
    counted,
    definitions,
    escaped,
    isolated,
    paragraph,
    section,
    share,
    table,
)
from corpus_tool.report.source import ReportSource
from corpus_tool.splits import SPLITS

#: Rows of outlets and licences that are shown.
_TOP = 12

#: What ``corpus.yaml`` says in sentences, and the heading of each.
_STATEMENTS = (
    ("Why it was made", "purpose"),
    ("How the articles were collected", "collection"),
    ("How they were annotated", "annotation"),
    ("Known limits", "limits"),
    ("Rights in the text", "article_license"),
    ("How to cite it", "citation"),
)


def head(source: ReportSource) -> str:
    """Title, description, version and makers."""
    config = source.config
    by = f"By {', '.join(map(isolated, config.creators))}" if config.creators else ""
    released = f" of {escaped(config.released)}" if config.released else ""
    what = "corpus" if source.is_corpus else "dataset"
    told = " · ".join(part for part in (f"{what} <b>{isolated(config.name)}</b>",
                                         f"version {escaped(config.version)}{released}", by) if part)  # fmt: skip
    title = f'<h1 dir="auto">{escaped(config.title or config.name)}</h1>'
    description = f'<p class="lead" dir="auto">{escaped(config.description)}</p>' if config.description else ""
    return "\n".join(part for part in (paragraph(told, "kicker"), title, description) if part)


def facts(counts: Counts, findings: Findings, agreement: Agreement | None, has_text: bool) -> str:
    """The figures that a reader asks for first."""
    severities = findings.severities
    told = ((severities[Severity.ERROR], "error"), (severities[Severity.WARNING], "warning"))
    worst = ", ".join(counted(n, noun) for n, noun in told if n)
    days = sorted(day for day in counts.days if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", day))
    period = NOTHING if not days else days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    outlets = len(counts.sources.times) - ("" in counts.sources.times)
    pairs = [
        ("articles", f"{counts.documents:,}"),
        ("words", f"{counts.words:,}" if has_text else "withheld"),
        ("annotations", f"{counts.annotations:,}"),
        ("published", period),
        ("outlets", f"{outlets:,}" if outlets else NOTHING),
        ("reviewed by a person", share(counts.reviewed, counts.annotations)),
        ("found by the validator", worst or "no errors or warnings"),
    ]
    if agreement is not None:
        pairs.insert(6, ("annotators agree (F1)", _agreed(agreement)))
    cells = "".join(f"<div><dt>{term}</dt><dd>{escaped(told)}</dd></div>" for term, told in pairs)
    return f'<dl class="facts">{cells}</dl>'


def _agreed(agreement: Agreement) -> str:
    """From the layer with the lowest F1 of exact spans to that with the highest."""
    values = [layer.measures["exact"].value for layer in agreement.layers if "exact" in layer.measures]
    known = sorted(f"{value:.2f}" for value in values if value is not None)
    return NOTHING if not known else known[0] if known[0] == known[-1] else f"{known[0]} to {known[-1]}"


def about(source: ReportSource, counts: Counts) -> str:
    """What the corpus says of itself, and what its documents say: outlets, languages, licences, splits."""
    config = source.config
    license_ = isolated(config.license)
    site = f'<a href="{escaped(config.url)}" rel="noopener noreferrer">{escaped(config.url)}</a>'
    guide = config.guidelines or ""
    guidelines = (
        f'<a href="{escaped(guide)}" rel="noopener noreferrer">{escaped(guide)}</a>'
        if is_address(guide)
        else isolated(guide)
    )
    terms = [
        ("Licence of the annotations", license_),
        ("Web page", site if is_address(config.url) else ""),
        ("Guidelines", guidelines if guide.strip() else ""),
        ("Languages", _listed(counts.languages)),
    ]
    statements = "".join(
        f'<div class="said"><h3>{heading}</h3><p dir="auto">{escaped(words)}</p></div>'
        for heading, key in _STATEMENTS
        if (words := str(getattr(config, key) or "").strip())
    )
    cards = (
        card("Outlets", _ranked("outlet", counts.sources.top(_TOP + 1), "no outlet told")),
        card("Licences of the articles", _ranked("licence", counts.licences.top(_TOP + 1), "no licence told")),
        _splits(source, counts),
    )
    return section("about", "What this is", definitions(terms), f'<div class="saids">{statements}</div>',
                   _grid(*cards))  # fmt: skip


def _grid(*cards: str) -> str:
    inner = "\n".join(part for part in cards if part)
    return f'<div class="grid3">{inner}</div>' if inner else ""


def _listed(languages: Counter[str]) -> str:
    ranked = sorted(languages.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{isolated(name or 'not told')} {n:,}" for name, n in ranked[:_TOP])


def _ranked(noun: str, ranked: list[tuple[str, int, int]], unknown: str) -> str:
    rows = [(isolated(name) if name else f"<i>{unknown}</i>", f"{n:,}") for name, n, _ in ranked[:_TOP]]
    more = paragraph(f"The first {_TOP}; there are more.", "note") if len(ranked) > _TOP else ""
    return table(f"Articles by {noun}", [noun, "articles"], rows, hidden=True) + more


def _splits(source: ReportSource, counts: Counts) -> str:
    if source.manifest is None:
        known = [split for split in (*SPLITS, "") if counts.splits[split]]
        rows = [(escaped(split) or "<i>none</i>", f"{counts.splits[split]:,}") for split in known]
        return card(
            "Splits that a build would give", table("Articles by split", ["split", "articles"], rows, hidden=True)
        )
    return card("Rows by config and split", _rows_table(source.manifest))


def _rows_table(manifest: Mapping[str, Any]) -> str:
    told = manifest.get("rows")
    rows = {name: own for name, own in told.items() if isinstance(own, dict)} if isinstance(told, dict) else {}
    splits = [split for split in SPLITS if any(split in own for own in rows.values())]
    body = [
        (f"<code>{escaped(name)}</code>", *(f"{own.get(split, 0):,}" for split in splits)) for name, own in rows.items()
    ]
    return table("Rows by config and split", ["config", *splits], body, hidden=True)


def made_with(source: ReportSource, version: str) -> str:
    """The line at the foot of the page."""
    config = source.config
    built = ""
    if source.manifest is not None:
        digest = str(source.manifest.get("inputs_sha256", ""))
        tool = escaped(source.manifest.get("tool", ""))
        built = f" Built by {tool} from inputs with SHA-256 <code>{escaped(digest)}</code>."
    return (
        f"<footer><p>{isolated(config.name)} {escaped(config.version)}.{built} This page was made by "
        f"corpus-tool {escaped(version)}; it is one file, and asks no server for anything.</p></footer>"
    )
