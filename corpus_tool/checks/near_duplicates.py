"""Near duplicates: the pairs of texts that share at least ``THRESHOLD`` of their word 5-grams.

The search is over sketches (``language/shingles.py``) and takes three steps. The smallest ``HEADS`` hashes of each text
are joined: every occurrence of a hash meets the next ``WINDOW`` texts that have it too, so a phrase that all texts share
costs no more than any other. Pairs that meet often enough are compared by their sketches. Where an estimate lies too
near the threshold to tell, the texts are read again and compared gram by gram: no pair below the threshold is reported
but for an estimate that is off by more than 3.5 standard errors.

In memory stand ``HEADS`` hashes a text (8 bytes each) and a place in a temporary file, which holds the sketches.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, NamedTuple

from corpus_tool.language.shingles import KEPT, Hashes, Sketch, jaccard, margin, resemblance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The Jaccard of word 5-grams from which on two texts are near duplicates.
THRESHOLD = 0.8

#: Hashes of a text that are joined with other texts'; a text with fewer grams joins all.
HEADS = 32

#: Texts that one occurrence of a hash meets.
WINDOW = 8

#: Meetings that make a pair worth comparing, as a part of the hashes that were joined: near duplicates meet in .8.
_MET = 4

#: Texts whose pairs are worked out at once: what bounds the memory of the join.
_BLOCK = 16_384

#: Pairs that are compared gram by gram at once: what bounds the memory of the texts read again.
_AT_ONCE = 2_000


class NearPair(NamedTuple):
    """Two texts by their numbers, the earlier one first, and the Jaccard of their word 5-grams."""

    one: int
    other: int
    similarity: float
