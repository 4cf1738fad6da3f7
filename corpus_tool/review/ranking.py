"""Which documents a correction would teach most: what is counted of a document, and the formula over it.

    gain = doubt + rarity + odds + findings
    rank = gain / (1 + words / 250)

- *doubt*: over the suggestions that nobody has decided about, the sum of ``1 - score``; where no score is told 0.5.
  That is how many of them are expected to be wrong.
- *rarity*: the same sum, each suggestion times how rare its kind is in its layer: 0 for a kind with an equal share or
  more, 1 for one ten times rarer than that, 2 for a hundred times.
- *odds*: spans that not all annotators of the document have with the same kind, and that nobody has decided about in
  ``documents/``; counted where two annotators at least have reviewed the document.
- *findings*: an error of the validator counts 1, a warning 0.5.

A page of 250 words takes about a minute to read, and opening a document another: the rank is what is gained a minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log10

import msgspec

from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.merge import is_human
from corpus_tool.model import Annotation, Document, live, pieces
from corpus_tool.review.links import iter_annotations
from corpus_tool.review.provenance import status_of
from corpus_tool.review.versions import spans_of
from corpus_tool.stats import words_of

#: How likely a suggestion without a score is wrong.
UNKNOWN_DOUBT = 0.5

#: Words that are read in a minute; opening a document takes another.
WORDS_A_MINUTE = 250

#: What findings count.
WEIGHTS: Mapping[Severity, float] = {Severity.ERROR: 1.0, Severity.WARNING: 0.5}

#: A layer and a kind of it, "" for annotations without one.
Kind = tuple[str, str]


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of a document.

    Attributes:
        id: the document.
        title: its title, "" without one.
        published: when it was published, "" where that is not told.
        words: words of its content.
        annotations: how many that nobody rejected.
        open: how many are only suggested.
        lowest_score: the lowest score of those, None where none is told.
        kinds: by layer and kind, how many annotations nobody rejected.
        doubts: by layer and kind, the sum of 1 - score over those that are only suggested.
        odds: spans that annotators do not agree about.
        findings: errors and warnings.
        weight: what they count.
        reason: why the document cannot be read, "" where it can.
    """

    id: str
    title: str = ""
    published: str = ""
    words: int = 0
    annotations: int = 0
    open: int = 0
    lowest_score: float | None = None
    kinds: dict[str, dict[str, int]] = {}
    doubts: dict[str, dict[str, float]] = {}
    odds: int = 0
    findings: int = 0
    weight: float = 0.0
    reason: str = ""


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A document and what a correction of it would teach.

    Attributes:
        document: its id.
        title: its title, "" without one.
        rank: gain a minute; what documents are put in order by.
        gain: doubt, rarity, odds and findings together.
        doubt: how many suggestions are expected to be wrong.
        rarity: what rare kinds add to that.
        odds: spans that annotators do not agree about.
        findings: what the validator's findings count.
        open: how many annotations are only suggested.
        words: words of its content.
        reasons: the same in words, what counts most first.
    """

    document: str
    title: str
    rank: float
    gain: float
    doubt: float
    rarity: float
    odds: int
    findings: float
    open: int
    words: int
    reasons: tuple[str, ...]


def kind_of(annotation: Annotation) -> str:
    """What an annotation is, among those of its layer: its kind, of a figure its measure; "" without one."""
    return str(getattr(annotation, "kind", None) or getattr(annotation, "measure", None) or "")


def count(document: Document, found: Iterable[Diagnostic], versions: Sequence[Document] = ()) -> Counted:
    """What is counted of a document.

    Args:
        document: the document.
        found: the validator's findings in it.
        versions: what annotators made of it.
    """
    kinds: dict[str, Counter[str]] = {}
    doubts: dict[str, dict[str, float]] = {}
    scores: list[float] = []
    standing = opened = 0
    for name, annotations in document.layers.items():
        for annotation in live(annotations):
            standing += 1
            kind = kind_of(annotation)
            kinds.setdefault(name, Counter())[kind] += 1
            if status_of(annotation) != "suggested":
                continue
            opened += 1
            score = annotation.provenance.score if annotation.provenance else None
            if score is not None:
                scores.append(score)
            own = doubts.setdefault(name, {})
            own[kind] = own.get(kind, 0.0) + (UNKNOWN_DOUBT if score is None else 1 - score)
    weights = [WEIGHTS[d.severity] for d in found if d.severity in WEIGHTS]
    return Counted(
        id=document.id,
        title=document.meta.title or "",
        published=document.meta.published or "",
        words=words_of(document),
        annotations=standing,
        open=opened,
        lowest_score=min(scores, default=None),
        kinds={name: dict(counts) for name, counts in kinds.items()},
        doubts=doubts,
        odds=odds_of(document, versions),
        findings=len(weights),
        weight=sum(weights),
    )


def odds_of(document: Document, versions: Sequence[Document]) -> int:
    """Spans that not all of several annotators have with the same kind, and that are not decided in the document."""
    reviewed = [v for v in versions if v.text == document.text and any(is_human(a) for _, a in iter_annotations(v))]
    if len(reviewed) < 2:
        return 0
    found = 0
    for name in {name for version in reviewed for name in version.layers}:
        decided = {pieces(a) for a in document.layers.get(name, ()) if is_human(a)}
        spans = [spans_of(version.layers.get(name, ())) for version in reviewed]
        at_odds = frozenset().union(*spans) - frozenset.intersection(*spans)
        found += len({span[0] for span in at_odds} - decided)
    return found


def rarity_of(kinds: Mapping[str, Mapping[str, int]]) -> dict[Kind, float]:
    """By layer and kind how rare the kind is: 0 for an equal share or more, 1 for a tenth of it, 2 for a hundredth."""
    found: dict[Kind, float] = {}
    for name, counts in kinds.items():
        share = sum(counts.values()) / max(len(counts), 1)
        for kind, own in counts.items():
            found[name, kind] = max(0.0, log10(share / own)) if own else 0.0
    return found


def rank(counted: Counted, rarity: Mapping[Kind, float]) -> Ranked:
    """What a correction of a document would teach, given how rare each kind is in the corpus."""
    rows = [(name, kind, own) for name, kinds in counted.doubts.items() for kind, own in kinds.items()]
    doubt = sum(own for _, _, own in rows)
    rare = sum(own * rarity.get((name, kind), 0.0) for name, kind, own in rows)
    gain = doubt + rare + counted.odds + counted.weight
    return Ranked(
        document=counted.id,
        title=counted.title,
        rank=round(gain / (1 + counted.words / WORDS_A_MINUTE), 4),
        gain=round(gain, 4),
        doubt=round(doubt, 4),
        rarity=round(rare, 4),
        odds=counted.odds,
        findings=counted.weight,
        open=counted.open,
        words=counted.words,
        reasons=_reasons(counted, doubt, rare, rarity),
    )


def _reasons(counted: Counted, doubt: float, rare: float, rarity: Mapping[Kind, float]) -> tuple[str, ...]:
    rarest = sorted(
        ((name, kind) for name, kinds in counted.doubts.items() for kind in kinds if rarity.get((name, kind), 0) > 0),
        key=lambda key: -rarity[key],
    )
    named = ", ".join(f"{name} {kind}" if kind else name for name, kind in rarest[:2])
    reasons = [
        (doubt, _plural(counted.open, "open suggestion")),
        (rare, f"rare: {named}"),
        (float(counted.odds), f"{_plural(counted.odds, 'span')} at odds"),
        (counted.weight, _plural(counted.findings, "finding")),
    ]
    return tuple(words for weight, words in sorted(reasons, key=lambda reason: -reason[0]) if weight > 0)


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
