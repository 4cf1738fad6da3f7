"""Writing the page: counts, findings, agreement and losses are gathered, then it is written from top to bottom."""

from __future__ import annotations

import base64
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from corpus_tool import __version__
from corpus_tool.agreement.types import Agreement
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import replaced_atomic
from corpus_tool.report.articles import Spool, body_of, head_of, script_json
from corpus_tool.report.browsing import article_section, articles_data
from corpus_tool.report.charts import colour_of, kind_cards, map_card, name_cards, pair_cards, speech_card, time_chart
from corpus_tool.report.count import Counts, Named, count_document
from corpus_tool.report.findings import Findings, gather_findings
from corpus_tool.report.losses import LossTable, losses_of
from corpus_tool.report.markup import card, escaped, paragraph, section
from corpus_tool.report.overview import about, facts, head, made_with
from corpus_tool.report.quality import agreement_section, findings_section, losses_section, review_section
from corpus_tool.report.source import ReportSource, SplitOf, open_source
from corpus_tool.sources import annotator_folders
from corpus_tool.splits import Dealt, split_at_once

#: Articles that a page holds unless told otherwise.
ARTICLES = 1000

#: What every page of ours begins with.
_GENERATOR = '<meta name="generator" content="corpus-tool report">'

#: Resamples behind the intervals of agreement.
_BOOTSTRAP = 1000

_NAMES_NOTE = (
    "Across articles, names are counted as one by their Wikidata link where they have one, else by name and kind; "
    "within an article by its entities. Mentions without a name (“officials”) are left out of rankings, rejected "
    "annotations out of everything. Counts are of what is annotated, suggestions included."
)


@dataclass(frozen=True)
class WrittenReport:
    """What a report shows.

    Attributes:
        documents: articles that were counted.
        articles: articles that can be read in it.
        unreadable: files or lines that are no document.
        annotations: annotations by layer.
        reviewed: annotations that are a person's word.
        findings: the validator's findings by severity.
        losses: what is on record as lost, by step.
        agreement: by layer, F1 of spans with the same bounds, the mean over pairs of annotators; None where it is not
            defined; empty without several annotators.
        bytes: the size of the page.
    """

    documents: int
    articles: int
    unreadable: int
    annotations: Mapping[str, int]
    reviewed: int
    findings: Mapping[str, int]
    losses: Mapping[str, int]
    agreement: Mapping[str, float | None]
    bytes: int


@dataclass
class _Gathered:
    """Everything that the page says."""

    source: ReportSource
    findings: Findings
    losses: tuple[LossTable, ...]
    agreement: Agreement | None
    why_not: str
    counts: Counts = field(default_factory=Counts)

    @property
    def layers(self) -> list[str]:
        """The layers in their order."""
        return list(self.source.layers)


def write_report(
    path: Path,
    out: Path,
    *,
    articles: int = ARTICLES,
    jobs: int = 1,
    on_document: Callable[[str], None] = lambda name: None,
) -> WrittenReport:
    """Writes one self-contained HTML file about a corpus or a built dataset. The same input gives the same bytes.

    What is held in memory hardly grows with the number of documents: counts, names (the rarest are forgotten where
    there are too many), and where each article of the page stands in a temporary file.

    Args:
        path: a corpus, or a dataset that ``build_dataset`` wrote.
        out: the file, which takes the place of an earlier report; ``Path("-")`` for standard output.
        articles: how many articles can be read in the page at the most; of more, a sample that their ids decide.
        jobs: processes that validate.
        on_document: called with a name for each document as it is validated, and as it is read.

    Raises:
        CorpusToolError: misuse, or a file that cannot be read or written.
        ReadError: ``corpus.yaml`` or a row of the dataset is wrong.
    """
    if articles < 0:
        raise CorpusToolError(f"articles: {articles} is no number of articles")
    _refuse_foreign(out)
    source = open_source(path)
    dealt: list[Dealt] = []
    findings = gather_findings(path, jobs=jobs, on_document=on_document, on_dealt=dealt.append)
    agreement, why_not = _agreement(source)
    gathered = _Gathered(source, findings, losses_of(path, source.manifest), agreement, why_not)
    with Spool(articles) as spool:
        for document, split in source.documents(_splits(source, dealt)):
            if document is None:
                gathered.counts.unreadable += 1
                continue
            named = count_document(gathered.counts, document, split)
            if source.has_text:
                spool.offer(document.id, partial(_entry, document, split, named, gathered.layers))
            on_document(document.id)
        if not source.has_text:
            spool.seen = 0
        with _opened(out) as file:
            size = 0
            for part in _page(gathered, spool):
                file.write(part)
                size += len(part)
            file.flush()
        return _written(gathered, len(spool), size)


def _refuse_foreign(out: Path) -> None:
    """Refuses to replace a file that is no report."""
    if str(out) == "-" or not out.exists():
        return
    if not out.is_file():
        raise CorpusToolError(f"{out}: is no file; name a file, as report.html")
    with out.open("rb") as file:
        if _GENERATOR.encode() not in file.read(1000):
            raise CorpusToolError(f"{out}: is there already and no report; name another file, or move it away")


def _opened(out: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdout.buffer) if str(out) == "-" else replaced_atomic(out)


def _splits(source: ReportSource, dealt: Sequence[Dealt]) -> SplitOf:
    """The split of each document of a corpus, as validation dealt them; "" where a build would refuse."""
    if dealt:
        return lambda document_id: dealt[0].splits.get(document_id, "")
    return split_at_once(source.config.build.splits) or (lambda document_id: "")


def _agreement(source: ReportSource) -> tuple[Agreement | None, str]:
    """What several annotators agree on; without, why it was not measured, "" where there are no several."""
    if not source.is_corpus or len(annotator_folders(source.path)) < 2:
        return None, ""
    from corpus_tool.agreement.measure import measure_agreement

    try:
        agreement = measure_agreement(source.path, bootstrap=_BOOTSTRAP)
    except CorpusToolError as error:
        return None, f"It was not measured: {str(error).removeprefix(f'{source.path}/')}"
    if not agreement.layers:
        return None, "There are several annotators, and no article that two of them have reviewed."
    return agreement, ""


def _entry(document: Document, split: str, named: Named, layers: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    return head_of(document, split, named), body_of(document, layers)


def _page(gathered: _Gathered, spool: Spool) -> Iterator[bytes]:
    """The page from top to bottom, as UTF-8."""
    source, counts = gathered.source, gathered.counts
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    sections = [
        about(source, counts),
        review_section(counts),
        agreement_section(gathered.agreement, gathered.why_not, source.config.agreement)
        if gathered.agreement or gathered.why_not or source.config.agreement
        else "",
        findings_section(gathered.findings, counts.unreadable, (str(entry["id"]) for entry in spool.heads())),
        losses_section(gathered.losses),
        _charts(counts, gathered.layers),
    ]
    yield _encoded(
        _top(source, style, script),
        head(source),
        facts(counts, gathered.findings, gathered.agreement, source.has_text),
        "</header>",
    )
    yield _encoded(_navigation(sections), '<main id="main">', *(part for part in sections if part))
    yield from map(_encoded, article_section(spool, gathered.layers, has_text=source.has_text))
    yield _encoded("</main>", made_with(source, __version__))
    yield _encoded(f'<script type="application/json" id="data">{script_json(_data(gathered))}</script>')
    yield from articles_data(spool)
    yield _encoded(f"<script>{script}</script>", "</body>", "</html>")


def _encoded(*parts: str) -> bytes:
    return "".join(f"{part}\n" for part in parts).encode("utf-8", "replace")


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _sha256(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def _top(source: ReportSource, style: str, script: str) -> str:
    """The head of the file. Its policy lets this style and this script work, and nothing else."""
    policy = (
        f"default-src 'none'; style-src {_sha256(style)}; script-src {_sha256(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    title = escaped(source.config.title or source.config.name)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            _GENERATOR,
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#main">To the content</a>',
            "<header>",
        ]
    )


_NAVIGATION = (
    ("about", "What this is"),
    ("review", "Review"),
    ("agreement", "Agreement"),
    ("findings", "Findings"),
    ("losses", "Losses"),
    ("charts", "Charts"),
)


def _navigation(sections: Sequence[str]) -> str:
    there = [(anchor, title) for (anchor, title), part in zip(_NAVIGATION, sections, strict=True) if part]
    items = "".join(f'<li><a href="#{anchor}">{title}</a></li>' for anchor, title in (*there, ("articles", "Articles")))
    return f'<nav class="top" aria-label="Sections"><ul>{items}</ul></nav>'


def _charts(counts: Counts, layers: list[str]) -> str:
    cards = [
        card("Articles over time", time_chart(counts.days), classes="card full"),
        kind_cards(counts, layers),
        name_cards(counts),
        speech_card(counts),
        pair_cards(counts),
        map_card(counts),
    ]
    inner = "\n".join(part for part in cards if part)
    return section("charts", "What is in it", f'<div class="charts">\n{inner}\n</div>', paragraph(_NAMES_NOTE, "note"))


def _data(gathered: _Gathered) -> dict[str, Any]:
    """What the script needs besides the articles."""
    layers = gathered.layers
    return {
        "layers": [
            {
                "name": layer,
                "colour": colour_of(layer, layers),
                "links": gathered.source.relations_of(layer),
            }
            for layer in layers
        ]
    }


def _written(gathered: _Gathered, articles: int, size: int) -> WrittenReport:
    counts, agreement = gathered.counts, gathered.agreement
    measured = agreement.layers if agreement else ()
    return WrittenReport(
        documents=counts.documents,
        articles=articles,
        unreadable=counts.unreadable,
        annotations={layer: counts.kinds[layer].total() for layer in gathered.layers if layer in counts.kinds},
        reviewed=counts.reviewed,
        findings={str(severity): n for severity, n in gathered.findings.severities.items()},
        losses={table.title: sum(n for _, n in table.rows) for table in gathered.losses},
        agreement={layer.layer: layer.measures["exact"].value for layer in measured if "exact" in layer.measures},
        bytes=size,
    )
