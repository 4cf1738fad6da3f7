"""What an evaluation counts, and the ratios that follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Counts:
    """Hits, predictions and gold items of one measure."""

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Hits over predictions, 0 where nothing was predicted."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Hits over gold items, 0 where there are none."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / (self.predicted + self.gold) if self.predicted + self.gold else 0.0

    def add(self, hits: int, predicted: int, gold: int) -> None:
        """Counts one document."""
        self.hits += hits
        self.predicted += predicted
        self.gold += gold


@dataclass
class Share:
    """How many of a number of items were right."""

    right: int = 0
    of: int = 0

    @property
    def rate(self) -> float:
        """Right over all, 0 where there are none."""
        return self.right / self.of if self.of else 0.0

    def add(self, right: Iterable[bool]) -> None:
        """Counts a verdict for each item."""
        for verdict in right:
            self.right += verdict
            self.of += 1


@dataclass
class LayerScores:
    """One layer: spans exact and overlapping, spans with their kind, and by kind; kinds on overlapping spans."""

    exact: Counts = field(default_factory=Counts)
    overlap: Counts = field(default_factory=Counts)
    with_kind: Counts = field(default_factory=Counts)
    by_kind: dict[str, Counts] = field(default_factory=dict)
    kind_on_overlap: Share = field(default_factory=Share)


@dataclass
class QuoteScores:
    """Quotes beyond their spans, as the literature on attribution scores them.

    Attributes:
        words: words that lie in any quote.
        fragments: pieces of quotes, exact.
        found: by gold kind, the quotes that a prediction shares half of the words with (Jaccard).
        spurious: of the predicted quotes, those that share no word with gold.
        cues: cue spans, exact.
        speakers: of the found quotes, those whose speaker overlaps a gold speaker, or that rightly have none.
        attributed: quotes found with the right speaker, end to end.
    """

    words: Counts = field(default_factory=Counts)
    fragments: Counts = field(default_factory=Counts)
    found: dict[str, Share] = field(default_factory=dict)
    spurious: Share = field(default_factory=Share)
    cues: Counts = field(default_factory=Counts)
    speakers: Share = field(default_factory=Share)
    attributed: Counts = field(default_factory=Counts)


@dataclass(frozen=True)
class Disagreement:
    """One place where prediction and gold differ.

    Attributes:
        document: id of the document.
        layer: name of the layer.
        what: missed, invented, bounds, kind, value or speaker.
        start: of the span, in code points; of the gold one where there is one.
        end: its end, exclusive.
        text: the words of the span.
        context: the words around it, white space folded, the span in ⟦ ⟧.
        detail: what gold and prediction say, where both say something.
    """

    document: str
    layer: str
    what: str
    start: int
    end: int
    text: str
    context: str
    detail: str = ""


@dataclass
class Evaluation:
    """The result of comparing predicted with gold documents."""

    documents: int = 0
    missing: list[str] = field(default_factory=list)
    texts_differ: list[str] = field(default_factory=list)
    layers: dict[str, LayerScores] = field(default_factory=dict)
    values: Share = field(default_factory=Share)
    quotes: QuoteScores = field(default_factory=QuoteScores)
    disagreements: list[Disagreement] = field(default_factory=list)
