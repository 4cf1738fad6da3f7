"""Which annotations are of names, and where they stand."""

from __future__ import annotations

from corpus_tool.model import Annotation, Document, pieces

#: Layers whose annotations are no names, whatever words they hold.
NOT_NAMES = frozenset({"figures", "quotes"})


def is_name(annotation: Annotation) -> bool:
    """Whether an annotation of a layer that may hold names marks one: it has a kind, and is said to be no other."""
    return getattr(annotation, "kind", None) is not None and getattr(annotation, "mention", "name") in {None, "name"}


def covered(document: Document) -> bytearray:
    """A byte for each code point of the text: 1 within an annotation of a layer of names, a rejected one too."""
    length = len(document.text)
    mask = bytearray(length)
    for layer, items in document.layers.items():
        if layer in NOT_NAMES:
            continue
        for annotation in items:
            for start, end in pieces(annotation) if annotation.fragments else ((annotation.start, annotation.end),):
                size = min(end, length) - start
                if size > 0:
                    mask[start : start + size] = b"\1" * size
    return mask
