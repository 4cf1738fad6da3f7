"""What assigning, measuring and merging give: frozen data that the command line, the card and the report render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Every measure by its name, in the order in which tables show them, and the question that it answers.
MEASURES: Mapping[str, str] = {
    "exact": "F1 of spans: the same bounds",
    "exact_kind": "F1 of spans: the same bounds and kind",
    "overlap": "F1 of spans: a fifth of their characters shared",
    "overlap_kind": "F1 of spans: a fifth shared, and the same kind",
    "cohen": "Cohen's kappa of tokens, mean of the pairs",
    "fleiss": "Fleiss' kappa of tokens",
    "alpha": "Krippendorff's alpha of tokens, nominal",
    "gamma": "gamma, mean of the documents",
}

#: Those of ``MEASURES`` that a pair of annotators has too, and those that a kind has.
PAIR_MEASURES = ("exact", "exact_kind", "overlap", "overlap_kind", "cohen")
KIND_MEASURES = ("exact", "overlap", "cohen")


@dataclass(frozen=True)
class Measure:
    """An estimate with the interval that a bootstrap over documents gives.

    Attributes:
        value: between 0 and 1 for F1, at most 1 for kappa, alpha and gamma; None where it is not defined.
        low: the lower end of the 95 % interval; None where there is none (one document, or no bootstrap).
        high: its upper end.
        n: what it was computed from: spans of both sides for F1, tokens for kappa and alpha, matches for attributes,
            documents for gamma.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0


@dataclass(frozen=True)
class PairAgreement:
    """Two annotators in one layer.

    Attributes:
        one: name of an annotator, the other one's in ``other``; in alphabetical order.
        documents: how many both have reviewed.
        measures: by the names of ``PAIR_MEASURES``.
    """

    one: str
    other: str
    documents: int
    measures: Mapping[str, Measure]


@dataclass(frozen=True)
class KindAgreement:
    """One kind of a layer, "" for annotations without one.

    Attributes:
        spans: annotations of the kind, over all annotators.
        measures: by the names of ``KIND_MEASURES``, each the mean over pairs. ``cohen`` asks of every token whether any
            span of the kind holds it, so nested spans count too.
    """

    kind: str
    spans: int
    measures: Mapping[str, Measure]


@dataclass(frozen=True)
class AttributeAgreement:
    """One attribute, where annotators have marked the same thing.

    Attributes:
        attribute: its name; ``speaker.entity`` is who the speaker is, where ``speaker`` is which mention.
        same: the share of pairs of annotators, over all spans that match, that say the same.
        alpha: Krippendorff's alpha; None without the ``krippendorff`` package, and for what has no closed list.
        level: "nominal"; for numbers "interval", and "interval of logarithms" for the figures' amounts.
    """

    attribute: str
    same: Measure
    alpha: Measure | None = None
    level: str = "nominal"


@dataclass(frozen=True)
class LayerAgreement:
    """How far annotators agree in one layer.

    Attributes:
        layer: its name.
        documents: documents that at least two annotators have reviewed in this layer.
        tokens: their tokens.
        spans: annotations in them, by annotator.
        measures: by the names of ``MEASURES``; what could not be computed at all is absent.
        pairs: each pair of annotators that share a document.
        kinds: by number of spans, the most frequent first.
        attributes: in the order of the layer's schema.
        fleiss_annotators: how many annotators the documents behind ``fleiss`` have; 0 without it.
        nested: spans that lie in a longer one of their layer and annotator, which token labels leave out.
    """

    layer: str
    documents: int
    tokens: int
    spans: Mapping[str, int]
    measures: Mapping[str, Measure]
    pairs: tuple[PairAgreement, ...] = ()
    kinds: tuple[KindAgreement, ...] = ()
    attributes: tuple[AttributeAgreement, ...] = ()
    fleiss_annotators: int = 0
    nested: int = 0


@dataclass(frozen=True)
class LeftOut:
    """What was not compared or merged, and why.

    Attributes:
        document: id of the document.
        annotator: whose version; "" for the document as a whole.
        layer: name of the layer; "" for all of them.
        reason: in a few words.
    """

    document: str
    annotator: str
    layer: str
    reason: str


@dataclass(frozen=True)
class Disagreement:
    """One place where annotators differ.

    Attributes:
        document: id of the document.
        layer: name of the layer.
        what: ``missing``, ``bounds``, ``kind``, or the attribute that differs (``speaker``, ``value``, ``entity`` …).
        start: where the place begins, in code points: the hull of all that they marked.
        end: its end, exclusive.
        text: the words from start to end.
        says: by annotator, what each says of what differs, in words; None for one who marked nothing there.
        ids: by annotator, the id of the annotation in their version; None for one who marked nothing there.
    """

    document: str
    layer: str
    what: str
    start: int
    end: int
    text: str
    says: Mapping[str, str | None]
    ids: Mapping[str, str | None]

    @property
    def target(self) -> tuple[str, ...]:
        """The options of ``corpus-tool review CORPUS`` that open the page at this place."""
        return "--document", self.document, "--span", f"{self.start}-{self.end}"


@dataclass(frozen=True)
class Agreement:
    """How far the annotators of a corpus agree.

    Attributes:
        annotators: their names, in alphabetical order.
        documents: documents that at least two of them have.
        layers: in the order of the corpus's layers; those that no two annotators have reviewed are absent.
        bootstrap: resamples behind the intervals, 0 for none.
        seed: what decided them.
        remarks: what a reader should know before citing the figures, a sentence each.
        left_out: what was not compared.
        disagreements: every place where they differ, in order; empty unless asked for.
    """

    annotators: tuple[str, ...]
    documents: int
    layers: tuple[LayerAgreement, ...]
    bootstrap: int = 0
    seed: int = 0
    remarks: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True)
class Share:
    """What one annotator has been given.

    Attributes:
        documents: how many, ``words`` of them together.
        shared: documents that others have too.
        written: copies that were written into the annotator's folder now.
    """

    annotator: str
    documents: int
    words: int
    shared: int
    written: int


@dataclass(frozen=True)
class Assigned:
    """What dealing gave.

    Attributes:
        shares: a row an annotator, in alphabetical order; one who was not named now and has documents is there too.
        documents: how many are assigned.
        shared: how many of them to several annotators.
        new: how many were dealt now, or got a further annotator.
        gone: ids that the file names and the corpus does not hold any more.
    """

    shares: tuple[Share, ...]
    documents: int
    shared: int
    new: int
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotMerged:
    """An annotation of an annotator, or a part of one, that is not in the merged document: a line of the ledger.

    Attributes:
        document: id of the document.
        annotator: whose annotation.
        layer: its layer; ``relations`` or ``entities`` for what is no annotation.
        id: its id in the annotator's version.
        attribute: the attribute that was not taken over; None for the annotation as a whole.
        reason: why, in a few words.
        merged: id of the annotation in the merged document that stands for it, None where there is none.
        value: the annotation, or the attribute's value, as the annotator's version has it.
    """

    document: str
    annotator: str
    layer: str
    id: str
    attribute: str | None
    reason: str
    merged: str | None
    value: Any


@dataclass(frozen=True)
class Merged:
    """What merging gave.

    Attributes:
        by: "unanimous", "majority" or "review".
        annotators: whose versions were merged.
        written: ids of the documents that were written.
        unchanged: ids of those that hold the same already.
        annotations: annotations in the result, by layer.
        reasons: by layer and reason, how many of the annotators' annotations are not in the result.
        ledger: one by one what is not in the result.
        open: places that are left to a person.
        left_out: documents and layers that were not merged.
    """

    by: str
    annotators: tuple[str, ...]
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    annotations: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[tuple[str, str], int] = field(default_factory=dict)
    ledger: tuple[NotMerged, ...] = ()
    open: tuple[Disagreement, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
