"""What annotators say of each token: the label of a layer, and the kinds of the spans that hold it.

Tokens are those of the config ``tokens``: of the blocks that hold content. Where spans of a layer nest, a token has
the label of the longest of them, as the tags of that config do: one label a token is what kappa and alpha ask for. The
inner spans are counted, and are not lost to the measures of a kind, which ask one question a kind.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus_tool.agreement.aligned import kind_of
from corpus_tool.language.tokens import token_spans
from corpus_tool.model import CONTENT_BLOCKS, Annotation, Document, pieces

#: The label of a token outside all spans.
OUTSIDE = "O"


@dataclass(frozen=True)
class Tokens:
    """Where the tokens of a document begin and end, in code points."""

    starts: Sequence[int]
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True)
class Labelled:
    """What one annotator says of the tokens of a document in one layer.

    Attributes:
        labels: of each token, ``OUTSIDE`` or a kind with a "+" before it (so that no kind is taken for ``OUTSIDE``).
        kinds: by kind, the tokens that its spans hold.
        nested: spans that no token has its label from.
    """

    labels: tuple[str, ...]
    kinds: dict[str, set[int]]
    nested: int


def tokens_of(document: Document) -> Tokens:
    """The tokens of a document's content; of its whole text where it has no blocks."""
    blocks = [(b.start, b.end) for b in document.blocks if b.kind in CONTENT_BLOCKS]
    if not document.blocks:
        blocks = [(0, len(document.text))]
    spans = [span for start, end in sorted(blocks) for span in token_spans(document.text, start, end)]
    return Tokens([start for start, _ in spans], [end for _, end in spans])


def label_tokens(tokens: Tokens, annotations: Sequence[Annotation]) -> Labelled:
    """The labels that annotations of one layer give to tokens; a token belongs to a span that holds a part of it."""
    labels = [OUTSIDE] * len(tokens)
    kinds: dict[str, set[int]] = {}
    nested = 0
    for annotation in sorted(annotations, key=lambda a: (a.start - a.end, a.start, kind_of(a))):
        held = [
            token
            for start, end in pieces(annotation)
            for token in range(bisect_right(tokens.ends, start), bisect_left(tokens.starts, end))
        ]
        kinds.setdefault(kind_of(annotation), set()).update(held)
        free = [token for token in held if labels[token] == OUTSIDE]
        nested += bool(held) and not free
        for token in free:
            labels[token] = f"+{kind_of(annotation)}"
    return Labelled(tuple(labels), kinds, nested)
