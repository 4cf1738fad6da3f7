"""The agreement that the card shows: without optional packages, so that the same corpus gives the same card."""

from __future__ import annotations

from dataclasses import dataclass

from corpus_tool.agreement.measure import measure_corpus
from corpus_tool.agreement.types import Measure
from corpus_tool.model.corpus import Corpus
from corpus_tool.sources import annotator_folders

#: Digits that are kept: the last ones of a sum differ between machines.
_DIGITS = 4


@dataclass(frozen=True)
class AgreementRow:
    """One layer in the card.

    Attributes:
        layer: its name.
        documents: documents that at least two annotators have reviewed.
        annotators: how many annotators.
        exact_kind: F1 of spans with the same bounds and kind, the mean over pairs.
        overlap: F1 of overlapping spans.
        cohen: Cohen's kappa on tokens.
    """

    layer: str
    documents: int
    annotators: int
    exact_kind: Measure
    overlap: Measure
    cohen: Measure


def agreement_summary(corpus: Corpus) -> tuple[AgreementRow, ...]:
    """How far the annotators of a corpus agree, a row a layer; none where there are no two of them.

    Raises:
        CorpusToolError: a file cannot be opened.
    """
    if len(annotator_folders(corpus.root)) < 2:
        return ()
    found = measure_corpus(corpus)
    return tuple(
        AgreementRow(
            layer=layer.layer,
            documents=layer.documents,
            annotators=len(layer.spans),
            exact_kind=_rounded(layer.measures["exact_kind"]),
            overlap=_rounded(layer.measures["overlap"]),
            cohen=_rounded(layer.measures["cohen"]),
        )
        for layer in found.layers
    )


def _rounded(measure: Measure) -> Measure:
    value, low, high = (
        None if number is None else round(number, _DIGITS) for number in (measure.value, measure.low, measure.high)
    )
    return Measure(value, low, high, measure.n)
