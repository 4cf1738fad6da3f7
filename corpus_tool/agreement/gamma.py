"""Gamma (Mathet, Widlöcher and Métivier 2015) of documents, through ``pygamma-agreement``."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from corpus_tool.agreement.aligned import kind_of
from corpus_tool.agreement.coefficients import estimate, share
from corpus_tool.agreement.types import Measure
from corpus_tool.agreement.versions import Version

#: What is said where the package is not installed.
MISSING = "gamma needs the pygamma-agreement package (some 700 MB with what it needs): pip install 'corpus-tool[gamma]'"


def has_gamma() -> bool:
    """Whether ``pygamma-agreement`` is installed."""
    return find_spec("pygamma_agreement") is not None


class GammaTally:
    """The gamma of each document, by layer."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._found: dict[str, dict[int, float]] = {}

    def add(self, layer: str, number: int, reviewers: Sequence[Version]) -> None:
        """Computes the gamma of a document; one in which nobody marked anything has none.

        Args:
            layer: the layer.
            number: of the document in the layer, from 0.
            reviewers: the annotators who reviewed it.
        """
        spans = {
            version.annotator: [(a.start, a.end, kind_of(a) or layer) for a in version.spans(layer)]
            for version in reviewers
        }
        self._found.setdefault(layer, {})
        if any(spans.values()):
            self._found[layer][number] = gamma_of(spans, self._seed)

    def measure(self, layer: str, documents: int, draw: Callable[[int], Any]) -> Measure:
        """The mean over the documents that have a gamma, with its interval."""
        import numpy as np

        found = self._found.get(layer, {})
        rows = np.zeros((documents, 2))
        for number, value in found.items():
            rows[number] = value, 1
        return estimate(rows, share, draw(documents), n=len(found))


def gamma_of(spans: dict[str, list[tuple[int, int, str]]], seed: int) -> float:
    """The gamma of one document with the package's combined dissimilarity: place and kind weigh the same.

    Args:
        spans: by annotator, start, end and kind of each span; of a discontinuous one its hull.
        seed: what decides the random documents that give the expected disorder.
    """
    import numpy as np

    with _quiet():
        from pyannote.core import Segment
        from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum

        continuum = Continuum()
        for annotator, own in sorted(spans.items()):
            continuum.add_annotator(annotator)
            for start, end, kind in own:
                continuum.add(annotator, Segment(start, end), kind)
        state = np.random.get_state()  # the package draws from numpy's global generator
        np.random.seed(seed)
        try:
            return float(continuum.compute_gamma(CombinedCategoricalDissimilarity()).gamma)
        finally:
            np.random.set_state(state)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps back the package's remarks on solvers and on its own docstrings."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
