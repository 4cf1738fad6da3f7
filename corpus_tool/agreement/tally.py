"""What is counted of each document for the measures of one layer, in little memory: some numbers a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from corpus_tool.agreement.aligned import Aligned, is_amount, is_number, kind_of, number_of, statements
from corpus_tool.agreement.tokens import Labelled, Tokens, label_tokens
from corpus_tool.agreement.versions import Version
from corpus_tool.language.pairing import align_spans
from corpus_tool.model import Annotation, pieces
from corpus_tool.model.schemas import Layer

Pair = tuple[str, str]

#: The labels that the annotators of an item gave it, and how many items have just these.
Patterns = Counter[tuple[Hashable, ...]]


class Hits(NamedTuple):
    """Spans of two annotators in one document: those that match, and the spans of both."""

    exact: int
    exact_kind: int
    overlap: int
    overlap_kind: int
    spans: int


class KindHits(NamedTuple):
    """One kind, two annotators, one document: matching spans, spans of both; tokens that both, one and the other hold.

    ``tokens`` is all tokens of the document.
    """

    exact: int
    overlap: int
    spans: int
    both: int
    one: int
    other: int
    tokens: int


@dataclass
class AttributeTally:
    """One attribute.

    Attributes:
        level: of the numbers: "interval", or "interval of logarithms" for amounts.
        same: by document, the pairs of annotators that say the same.
        pairs: by document, all pairs of which one at least says anything.
        labels: by document, what annotators say, for each thing that two or more marked; for closed lists.
        numbers: the same, for numbers; who tells none is left out.
    """

    level: str = "interval"
    same: dict[int, int] = field(default_factory=dict)
    pairs: dict[int, int] = field(default_factory=dict)
    labels: dict[int, Patterns] = field(default_factory=dict)
    numbers: dict[int, list[list[float]]] = field(default_factory=dict)


@dataclass
class LayerTally:
    """One layer. Documents are named by numbers, in the order in which they were added.

    Attributes:
        documents: documents that two annotators or more have reviewed.
        tokens: their tokens.
        spans: annotations by annotator.
        kinds: annotations by kind.
        nested: spans that give no token its label.
        hits: by pair and document.
        patterns: by pair and document, the labels of tokens.
        all_patterns: by document, the labels of tokens of all its annotators.
        kind_hits: by kind, pair and document.
        attributes: by name.
    """

    layer: Layer
    documents: int = 0
    tokens: int = 0
    spans: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    nested: int = 0
    hits: dict[Pair, dict[int, Hits]] = field(default_factory=dict)
    patterns: dict[Pair, dict[int, Patterns]] = field(default_factory=dict)
    all_patterns: dict[int, Patterns] = field(default_factory=dict)
    kind_hits: dict[str, dict[Pair, dict[int, KindHits]]] = field(default_factory=dict)
    attributes: dict[str, AttributeTally] = field(default_factory=dict)

    def add(self, aligned: Aligned, reviewers: Sequence[Version], tokens: Tokens) -> None:
        """Adds a document that ``reviewers``, two or more, have reviewed in this layer."""
        number = self.documents
        self.documents += 1
        self.tokens += len(tokens)
        spans = {version.annotator: version.spans(self.layer.name) for version in reviewers}
        labelled = {name: label_tokens(tokens, own) for name, own in spans.items()}
        for name, own in spans.items():
            self.spans[name] += len(own)
            self.kinds.update(map(kind_of, own))
            self.nested += labelled[name].nested
        self.all_patterns[number] = Counter(zip(*(own.labels for own in labelled.values()), strict=True))
        for pair in combinations(sorted(spans), 2):
            one, other = (spans[name] for name in pair)
            labels = [labelled[name].labels for name in pair]
            self.hits.setdefault(pair, {})[number] = count_hits(one, other)
            self.patterns.setdefault(pair, {})[number] = Counter(zip(*labels, strict=True))
            self._add_kinds(number, pair, (one, other), [labelled[name] for name in pair], len(tokens))
        self._add_attributes(number, aligned, {version.annotator: version for version in reviewers})

    def _add_kinds(
        self,
        number: int,
        pair: Pair,
        spans: tuple[Sequence[Annotation], Sequence[Annotation]],
        labelled: Sequence[Labelled],
        tokens: int,
    ) -> None:
        for kind in sorted({kind_of(a) for own in spans for a in own}):
            one, other = ([a for a in own if kind_of(a) == kind] for own in spans)
            hits = count_hits(one, other)
            held, others = (own.kinds.get(kind, set()) for own in labelled)
            row = KindHits(
                hits.exact, hits.overlap, hits.spans, len(held & others), len(held), len(others), tokens=tokens
            )
            self.kind_hits.setdefault(kind, {}).setdefault(pair, {})[number] = row

    def _add_attributes(self, number: int, aligned: Aligned, versions: Mapping[str, Version]) -> None:
        units = []
        for unit in aligned.units.get(self.layer.name, ()):
            own = {name: annotation for name, annotation in unit.items() if name in versions}
            if len(own) > 1:
                units.append(own)
        for attribute in statements(self.layer, [aligned]):
            tally = self.attributes.setdefault(attribute, AttributeTally(_level(self.layer, attribute)))
            spec = self.layer.attributes.get(attribute, {})
            is_closed = "enum" in spec or spec.get("type") == "boolean"
            for unit in units:
                said = [
                    aligned.said(versions[name], self.layer.name, annotation, attribute)
                    for name, annotation in unit.items()
                ]
                labels = [one.label if one is not None else None for one in said]
                told = [(a, b) for a, b in combinations(labels, 2) if a is not None or b is not None]
                tally.same[number] = tally.same.get(number, 0) + sum(a == b for a, b in told)
                tally.pairs[number] = tally.pairs.get(number, 0) + len(told)
                if is_closed:
                    tally.labels.setdefault(number, Counter())[tuple(labels)] += 1
                if is_number(self.layer, attribute):
                    found = [number_of(annotation, self.layer, attribute) for annotation in unit.values()]
                    numbers = [value for value in found if value is not None]
                    if len(numbers) > 1:
                        tally.numbers.setdefault(number, []).append(numbers)


def _level(layer: Layer, attribute: str) -> str:
    return "interval of logarithms" if is_amount(layer, attribute) else "interval"


def count_hits(one: Sequence[Annotation], other: Sequence[Annotation]) -> Hits:
    """How many spans of two annotators match in one document.

    A span that stands twice in one version under different kinds counts once as a span, and each time with its kind.
    """
    kinds = [{(pieces(a), kind_of(a)) for a in own} for own in (one, other)]
    places = [Counter(place for place, _ in own) for own in kinds]
    sides = [sorted(own) for own in kinds]
    pairs = [
        (sides[0][a], sides[1][b])
        for a, b in align_spans([[place for place, _ in own] for own in sides])
        if a is not None and b is not None
    ]
    return Hits(
        exact=(places[0] & places[1]).total(),
        exact_kind=len(kinds[0] & kinds[1]),
        overlap=len(pairs),
        overlap_kind=sum(a[1] == b[1] for a, b in pairs),
        spans=len(kinds[0]) + len(kinds[1]),
    )
