"""Measuring how far the annotators of a corpus agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from corpus_tool.agreement.aligned import Aligned
from corpus_tool.agreement.alpha import MISSING, has_krippendorff
from corpus_tool.agreement.differ import disagreements
from corpus_tool.agreement.estimates import layer_agreement
from corpus_tool.agreement.gamma import MISSING as NO_GAMMA
from corpus_tool.agreement.gamma import GammaTally, has_gamma
from corpus_tool.agreement.tally import LayerTally
from corpus_tool.agreement.tokens import tokens_of
from corpus_tool.agreement.types import Agreement, Disagreement, LeftOut
from corpus_tool.agreement.versions import Version, Versions, annotators_of, is_merged, iter_versions
from corpus_tool.merge import is_human
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import Corpus
from corpus_tool.read.corpus import open_corpus

#: Documents below which an interval says little: the resamples are few different ones.
FEW = 10

#: Resamples of the documents for the intervals.
BOOTSTRAP = 1000


def measure_agreement(
    root: Path,
    *,
    annotators: Sequence[str] = (),
    layers: Sequence[str] = (),
    bootstrap: int = BOOTSTRAP,
    seed: int = 0,
    gamma: bool = False,
    listed: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
) -> Agreement:
    """How far annotators agree, over the documents that at least two of them have reviewed.

    Args:
        root: the corpus, with versions in ``annotators/<name>/``.
        annotators: whose versions; all without.
        layers: which layers; all without.
        bootstrap: resamples of the documents behind each 95 % interval; 0 for none.
        seed: what decides them; the same one gives the same intervals.
        gamma: whether to compute gamma too, which takes seconds a document.
        listed: whether to list every disagreement.
        on_document: called with the id of each document as it is done.

    Raises:
        CorpusToolError: misuse: no such annotator or layer, or fewer than two annotators.
        ReadError: ``corpus.yaml`` is wrong.
    """
    corpus = open_corpus(root)
    return measure_corpus(
        corpus,
        annotators=annotators,
        layers=layers,
        bootstrap=bootstrap,
        seed=seed,
        gamma=gamma,
        listed=listed,
        on_document=on_document,
    )


def measure_corpus(
    corpus: Corpus,
    *,
    annotators: Sequence[str] = (),
    layers: Sequence[str] = (),
    bootstrap: int = BOOTSTRAP,
    seed: int = 0,
    gamma: bool = False,
    listed: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
) -> Agreement:
    """``measure_agreement`` of a corpus that is open."""
    if bootstrap < 0:
        raise CorpusToolError(f"bootstrap: {bootstrap} resamples cannot be drawn")
    for name in layers:
        if name not in corpus.layers:
            raise CorpusToolError(f"{name}: no such layer; the corpus has {', '.join(corpus.layers)}")
    names = annotators_of(corpus, annotators)
    if len(names) < 2:
        raise CorpusToolError(f"{names[0]} alone cannot agree or disagree; agreement takes two annotators")
    if gamma and not has_gamma():
        raise CorpusToolError(NO_GAMMA)
    run = _Run(corpus, tuple(layers or corpus.layers), GammaTally(seed) if gamma else None, listed)
    for versions in iter_versions(corpus, annotators, on_left_out=run.left_out.append):
        run.add(versions)
        on_document(versions.document)
    return Agreement(
        annotators=tuple(sorted(run.annotators)),
        documents=run.documents,
        layers=tuple(
            layer_agreement(tally, bootstrap, seed, run.gamma)
            for name in corpus.layers
            if (tally := run.tallies.get(name)) is not None
        ),
        bootstrap=bootstrap,
        seed=seed,
        remarks=tuple(run.remarks()),
        left_out=tuple(run.left_out),
        disagreements=tuple(run.disagreements),
    )


class _Run:
    """What is gathered while documents go by."""

    def __init__(self, corpus: Corpus, layers: Sequence[str], gamma: GammaTally | None, listed: bool) -> None:
        self.corpus = corpus
        self.layers = layers
        self.gamma = gamma
        self.tallies: dict[str, LayerTally] = {}
        self.documents = 0
        self.annotators: set[str] = set()
        self.left_out: list[LeftOut] = []
        self.disagreements: list[Disagreement] = []
        self._listed = listed
        self._untouched: Counter[str] = Counter()

    def add(self, versions: Versions) -> None:
        """Counts one document."""
        self.left_out += not_reviewed(versions, self.layers)
        self.annotators.update(versions.by_annotator)
        if len(versions.by_annotator) < 2:
            return
        self.documents += 1
        aligned = Aligned(versions, self.corpus.layers)
        tokens = None
        for name in self.layers:
            reviewers = versions.reviewers(name)
            if len(reviewers) < 2:
                continue
            tokens = tokens or tokens_of(reviewers[0].document)
            tally = self.tallies.setdefault(name, LayerTally(self.corpus.layers[name]))
            if self.gamma is not None:
                self.gamma.add(name, tally.documents, reviewers)
            tally.add(aligned, reviewers, tokens)
            for version in reviewers:
                self._untouched[version.annotator] += _untouched(version, name)
            if self._listed:
                self.disagreements += disagreements(aligned, name, reviewers)

    def remarks(self) -> Iterator[str]:
        """What a reader should know before citing the figures."""
        if not self.tallies:
            yield "no two annotators have reviewed a layer of the same document: there is nothing to compare"
            return
        fewest = min(tally.documents for tally in self.tallies.values())
        if fewest < FEW:
            yield f"{fewest} document{'' if fewest == 1 else 's'}: with fewer than {FEW} the intervals say little"
        if not has_krippendorff():
            yield MISSING
        for name, count in sorted((+self._untouched).items()):
            yield (f"{count:,} suggestions stand untouched in layers that {name} reviewed; they count as {name}'s own")


def not_reviewed(versions: Versions, layers: Sequence[str]) -> Iterator[LeftOut]:
    """The layers of a document that an annotator has a copy of and has not reviewed."""
    for name, version in versions.by_annotator.items():
        if not version.reviewed:
            yield LeftOut(versions.document, name, "", "was not reviewed: nothing in it is a person's word")
            continue
        for layer in layers:
            if layer in version.document.layers and layer not in version.reviewed:
                yield LeftOut(versions.document, name, layer, "was not reviewed: it holds suggestions alone")


def _untouched(version: Version, layer: str) -> int:
    return sum(not is_human(annotation) and not is_merged(annotation) for annotation in version.spans(layer))
