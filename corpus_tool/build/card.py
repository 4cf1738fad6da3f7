"""The dataset card: ``README.md`` with the metadata that the Hub and older readers need, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.agreement.summary import AgreementRow
from corpus_tool.agreement.told import measure_in_words
from corpus_tool.build.card_metadata import is_address, render_metadata
from corpus_tool.build.figures import Figures, untagged
from corpus_tool.changelog import MOST_SHOWN, Entry, render_entry
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.markdown import escape_line, escape_markdown
from corpus_tool.model.corpus import CorpusConfig, SplitPolicy
from corpus_tool.read.faults import fault
from corpus_tool.sources import annotator_folders
from corpus_tool.splits import SPLITS

if TYPE_CHECKING:
    from datasets import Features

#: What a row of each config is.
ROWS = {
    "default": "a document: text, blocks, entities, and a column a layer",
    "tokens": "a block of content: tokens, offsets, and BIO tags for actors, locations and figures",
    "quotes": "a quote: content, speaker, cue, and the text around it",
    "figures": "a figure: value, what is counted, who says so, and where",
}

#: The statements of ``corpus.yaml`` that a card should make, and what each says.
STATEMENTS: Mapping[str, str] = {
    "description": "what the corpus is",
    "purpose": "why it was made",
    "collection": "how the articles were collected",
    "annotation": "how and by whom they were annotated",
    "guidelines": "where the annotators' guidelines are",
    "agreement": "how far the annotators agree",
    "limits": "its known limits",
    "article_license": "the rights in the articles' text",
    "citation": "how to cite it",
    "creators": "who made it",
}

_OFFSETS = """## Offsets

All offsets are Unicode code points, end exclusive, into `text` of the config `default`: `text[start:end]` is the
annotation's `text`. An annotation with `fragments` is discontinuous: `start` and `end` are its hull, `text` its
fragments joined by one space."""

_WITHHELD = """## The text is withheld

The dataset holds offsets, hashes and annotations without the words of the articles: `text`, the `text` of annotations,
`tokens` and what else repeats the article are null. Whoever has the articles puts them back, and has every span
checked, with `corpus-tool rehydrate DATASET --from ARTICLES --out DIR`."""

_LEDGER = """## What BIO tags cannot carry

The config `tokens` tags the outermost of nested spans. Left out of its tags, and whole in the config `default`:

| layer: reason | spans |
|---|---|
"""

_LOSSES = """## What the dataset does not carry

What the corpus has and no config of the dataset:

| layer: reason | count |
|---|---|
"""

_STATUS = """Suggested is what a program proposed and no person has reviewed; accepted, corrected and added are a
person's word."""

_AGREEMENT = """{annotators} annotators, compared by `corpus-tool agree` over the documents that two of them or more
have reviewed. In parentheses 95 % intervals from a bootstrap over documents; – where a measure is not defined.

| layer | documents | F1, the same bounds and kind | F1, overlapping | Cohen's κ on tokens |
|---|---|---|---|---|
"""

_MANIFEST = "`manifest.json` holds the SHA-256 of every file; `corpus-tool verify` checks them."

#: How each policy deals documents to splits, in words.
_POLICIES = {
    "hash": "by a hash of their ids",
    "grouped": "by a hash of their ids, with near duplicates, one page and one headline of a day kept together",
    "stratified": "so that every split has its part of each layer and kind, with near duplicates, one page and one "
    "headline of a day kept together",
    "temporal": "by their day of publication",
    "given": "as the editors say",
}


@dataclass(frozen=True)
class Table:
    """One config as it was written: its features and, by split, its rows and bytes."""

    config: str
    features: Features
    rows: Mapping[str, int]
    num_bytes: Mapping[str, int]
    download_bytes: int


def missing_statements(config: CorpusConfig, path: Path) -> Iterator[Diagnostic]:
    """A finding for each statement that ``corpus.yaml`` does not make, which names the key.

    Args:
        config: what the file says.
        path: the file.
    """
    for key, what in STATEMENTS.items():
        value = getattr(config, key)
        if key == "agreement" and len(annotator_folders(path.parent)) > 1:
            continue  # it is measured
        if not value or not "".join(value).strip():
            yield fault("statement-missing", str(path), f"the dataset card will not say {what}: {key} is missing")


def render_card(
    config: CorpusConfig,
    tables: Sequence[Table],
    figures: Figures,
    *,
    pictures: Mapping[str, str] | None = None,
    changes: Sequence[Entry] = (),
    agreement: Sequence[AgreementRow] = (),
) -> str:
    """The text of ``README.md``.

    Titles and statements come from ``corpus.yaml``; what is not stated there is left out, never made up.

    Args:
        config: ``corpus.yaml``.
        tables: the configs that were written.
        figures: what was counted over the documents.
        pictures: path in the dataset's folder and what it shows, of each picture.
        changes: the changelog of the corpus, the newest entry first.
        agreement: what was measured of its annotators' agreement.
    """
    parts = [
        f"---\n{render_metadata(config, tables, figures)}\n---",
        f"# {escape_markdown(config.title or config.name)}",
        escape_markdown(config.description or ""),
        f"By {', '.join(map(escape_markdown, config.creators))}." if config.creators else "",
        f"<{config.url}>" if is_address(config.url) else "",
        _WITHHELD if config.build.text == "withheld" else "",
        _usage(tables),
        _split_table(tables, config.build.splits),
        _layer_table(figures),
        _status_table(figures),
        _annotator_table(figures),
        *(f"![{escape_markdown(shown)}]({path})" for path, shown in (pictures or {}).items()),
        _ledger(figures, tables),
        _losses(figures),
        _OFFSETS,
        *(
            f"## {heading}\n\n{statement}"
            for heading, statement in (
                ("Why it was made", escape_markdown(config.purpose or "")),
                ("How the articles were collected", escape_markdown(config.collection or "")),
                ("How they were annotated", _annotation(config)),
                ("How far annotators agree", _agreement(config, agreement)),
                ("Known limits", escape_markdown(config.limits or "")),
                ("Rights in the text", escape_markdown(config.article_license or "")),
                ("Citation", escape_markdown(config.citation or "")),
            )
            if statement
        ),
        _changes(changes),
        f"Version {config.version}{_released(config)}, built with corpus-tool. {_MANIFEST}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _changes(changes: Sequence[Entry]) -> str:
    if not changes:
        return ""
    return "\n\n".join(["## Changes", *(render_entry(entry) for entry in changes[:MOST_SHOWN])])


def _released(config: CorpusConfig) -> str:
    return f" of {config.released}" if config.released else ""


def _annotation(config: CorpusConfig) -> str:
    guidelines = config.guidelines or ""
    link = f"<{guidelines}>" if is_address(guidelines) else escape_markdown(guidelines)
    parts = [escape_markdown(config.annotation or ""), f"Guidelines: {link}" if guidelines.strip() else ""]
    return "\n\n".join(part for part in parts if part)


def _agreement(config: CorpusConfig, rows: Sequence[AgreementRow]) -> str:
    statement = escape_markdown(config.agreement or "")
    if not rows:
        return statement
    listed = "\n".join(
        f"| {escape_markdown(row.layer)} | {row.documents:,} | "
        f"{' | '.join(map(measure_in_words, (row.exact_kind, row.overlap, row.cohen)))} |"
        for row in rows
    )
    table = _AGREEMENT.format(annotators=max(row.annotators for row in rows)) + listed
    return f"{statement}\n\n{table}" if statement else table


def _usage(tables: Sequence[Table]) -> str:
    rows = "\n".join(f"| `{t.config}` | {ROWS[t.config]} | {sum(t.rows.values()):,} |" for t in tables)
    return f"## Configs\n\n| config | a row is | rows |\n|---|---|---|\n{rows}"


def _split_table(tables: Sequence[Table], policy: SplitPolicy) -> str:
    splits = [s for s in SPLITS if any(s in t.rows for t in tables)]
    head = f"| config | {' | '.join(splits)} |\n|---|{'---|' * len(splits)}"
    rows = "\n".join(f"| `{t.config}` | {' | '.join(f'{t.rows.get(s, 0):,}' for s in splits)} |" for t in tables)
    return f"## Splits\n\nDocuments are dealt {_dealt(policy)}. Rows a split:\n\n{head}\n{rows}"


def _dealt(policy: SplitPolicy) -> str:
    """How documents come into splits, as ``corpus.yaml`` says it."""
    how = _POLICIES[policy.policy]
    match policy.policy:
        case "temporal":
            days = {"validation": policy.validation_from, "test": policy.test_from}
            return how + "".join(f", {name} from {day}" for name, day in days.items() if day)
        case "given":
            return how
    parts = " : ".join(f"{part:g}" for part in (policy.train, policy.validation, policy.test))
    return f"{how}, in the parts {parts} ({', '.join(SPLITS)}), with the seed {escape_line(str(policy.seed))}"


def _layer_table(figures: Figures) -> str:
    rows = []
    for layer, kinds in figures.kinds.items():
        ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{escape_markdown(kind)} {n:,}" for kind, n in ordered if kind)
        rows.append(f"| {escape_markdown(layer)} | {sum(kinds.values()):,} | {listed} |")
    documents = f"{figures.documents:,} document{'' if figures.documents == 1 else 's'}"
    head = f"{documents}, {figures.words:,} words.\n\n| layer | annotations | kinds |\n|---|---|---|"
    return "## Annotations\n\n" + "\n".join([head, *rows])


def _status_table(figures: Figures) -> str:
    listed = ", ".join(f"{n:,} {status or 'without a status'}" for status, n in sorted(figures.statuses.items()))
    return f"By status: {listed}. {_STATUS}" if listed else ""


def _annotator_table(figures: Figures) -> str:
    by_name: dict[str, Counter[str]] = {}
    for (name, status), count in figures.annotators.items():
        by_name.setdefault(name, Counter())[status] += count
    if not any(by_name):
        return ""
    rows = []
    for name, statuses in sorted(by_name.items()):
        listed = ", ".join(f"{n:,} {status or 'without a status'}" for status, n in sorted(statuses.items()))
        rows.append(f"| {escape_line(name) or 'not told'} | {listed} |")
    return "\n".join(["| annotator | annotations |", "|---|---|", *rows])


def _ledger(figures: Figures, tables: Sequence[Table]) -> str:
    if not any(table.config == "tokens" for table in tables):
        return ""
    reasons = {**figures.ledger, **{f"{layer}: has no column of tags": n for layer, n in untagged(figures).items()}}
    if not reasons:
        return ""
    return _LEDGER + "\n".join(f"| {escape_line(what)} | {n:,} |" for what, n in sorted(reasons.items()))


def _losses(figures: Figures) -> str:
    if not figures.losses:
        return ""
    return _LOSSES + "\n".join(f"| {escape_line(what)} | {n:,} |" for what, n in sorted(figures.losses.items()))
