"""What the checks across documents need to know of one document, small enough to be kept and passed on."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from corpus_tool.checks.check import is_live
from corpus_tool.checks.corpus.naming import NOT_NAMES, covered, is_name
from corpus_tool.checks.corpus.pages import headline_key, page_keys
from corpus_tool.language.shingles import gram_hashes, sketch_of
from corpus_tool.model import CONTENT_BLOCKS, Annotation, Document, Meta
from corpus_tool.model.schemas import BUILT_IN, Layer

#: Longest label, in code points: what is longer is a remark.
MAX_LABEL = 60

#: What a person did to an annotation with their own hands.
_OWN_WORK = frozenset({"added", "corrected"})

#: Runs of words that begin with capitals; the ranges hold a few small letters too, which does no harm and is fast.
_CAPITAL = "[A-Z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff]"
_CAPITALISED = re.compile(rf"\b{_CAPITAL}(?:[\w'’]+|\.)(?:[ \u00a0-]{_CAPITAL}(?:[\w'’]+|\.))+")
_WORD = re.compile(r"\w+")
_MAX_NAME_WORDS = 4


class Label(NamedTuple):
    """A value of an attribute that works as a label: how often a document has it, and the first place.

    ``is_free`` says that its attribute has no closed list. Types of relations and sources have the layer "".
    """

    layer: str
    attribute: str
    value: str
    uses: int
    nth: int
    is_free: bool


class Name(NamedTuple):
    """A name that is annotated: its layer and kind, and the first place that has it."""

    layer: str
    text: str
    kind: str
    nth: int


class Link(NamedTuple):
    """A link of the entity with a number, and what two documents may say of it otherwise: name and place.

    Latitude and longitude are in tenths of a degree.
    """

    register: str
    value: str
    nth: int
    name: str
    lat: int | None
    lon: int | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One document in about 3 kB.

    Attributes:
        id: the document's id.
        digest: the first 8 bytes of the SHA-256 of its text.
        grams: how many different word 5-grams the text has.
        sketch: the smallest of their hashes (``language/shingles.py``), 4 bytes each, little-endian.
        license: licence of the text, "" where it is not told.
        untold: which of language, source (or url) and published its metadata lacks.
        published: when it appeared, "" where it is not told.
        split: the split that its metadata gives it (``meta.extra.split``), "" where it gives none.
        pages: keys that documents of one page share (``checks/corpus/pages.py``).
        headline: the same for documents with one title on one day.
        article: path of the file that the text came from.
        sizes: how many annotations that nobody rejected each layer holds.
        labels: the labels that it uses.
        names: the names that are annotated, once for each layer and kind.
        unmarked: runs of two to four capitalised words without an annotation, in a document with annotated names.
        links: the links of its entities.
        own_work: who added or corrected how many annotations of which layer.
    """

    id: str
    digest: bytes
    grams: int = 0
    sketch: bytes = b""
    license: str = ""
    untold: tuple[str, ...] = ()
    published: str = ""
    split: str = ""
    pages: tuple[str, ...] = ()
    headline: str | None = None
    article: str | None = None
    sizes: dict[str, int] = {}
    labels: tuple[Label, ...] = ()
    names: tuple[Name, ...] = ()
    unmarked: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    own_work: tuple[tuple[str, str, int], ...] = ()


_Current = Mapping[str, Sequence[tuple[int, Annotation]]]


def summarise(document: Document, layers: Mapping[str, Layer], *, alone: bool = False) -> Summary:
    """The summary of a document.

    Args:
        document: the document.
        layers: the layers that the corpus knows.
        alone: whether there is no other document, so that its text need not be compared with any (and numpy need not
            be loaded).
    """
    grams, sketch = (0, b"") if alone else _sketch(document.text)
    meta = document.meta
    current = {name: [(n, a) for n, a in enumerate(items) if is_live(a)] for name, items in document.layers.items()}
    names = tuple(_names(current))
    return Summary(
        id=document.id,
        digest=hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).digest()[:8],
        grams=grams,
        sketch=sketch,
        license=meta.license or "",
        untold=tuple(key for key, told in _told(meta).items() if not (told or "").strip()),
        published=meta.published or "",
        split=str(meta.extra.get("split", ""))[:MAX_LABEL],
        pages=tuple(page_keys(meta)),
        headline=headline_key(meta.title or "", meta.published or ""),
        article=meta.article.path if meta.article else None,
        sizes={name: len(items) for name, items in current.items()},
        labels=tuple(_labels(document, current, layers)),
        names=names,
        unmarked=_unmarked(document) if names else (),
        links=tuple(_links(document)),
        own_work=_own_work(current),
    )


def _told(meta: Meta) -> dict[str, str | None]:
    """What the metadata says that every article should say; an address names its publisher too."""
    return {"language": meta.language, "source": meta.source or meta.url, "published": meta.published}


def _sketch(text: str) -> tuple[int, bytes]:
    sketch = sketch_of(gram_hashes(text))
    return sketch.grams, sketch.hashes.astype("<u4").tobytes()


def _names(current: _Current) -> Iterator[Name]:
    seen = set()
    for layer, items in current.items():
        if layer in NOT_NAMES:
            continue
        for nth, annotation in items:
            key = (layer, str(getattr(annotation, "kind", "")), annotation.text)
            if key not in seen and is_name(annotation):
                seen.add(key)
                yield Name(layer, annotation.text, key[1], nth)


def label_attributes(layer: Layer) -> dict[str, bool]:
    """The attributes of a layer that hold labels, and of each whether it has no closed list.

    Those are all with a closed list, and the strings of a corpus's own layer. In a built-in layer a string without a
    list holds the article's words (``role``) or a code that the FIG checks know (``unit``).
    """
    return {
        key: "enum" not in spec
        for key, spec in layer.attributes.items()
        if "enum" in spec or (layer.name not in BUILT_IN and spec.get("type") == "string" and "x-refers-to" not in spec)
    }


def _labels(document: Document, current: _Current, layers: Mapping[str, Layer]) -> Iterator[Label]:
    for name, items in current.items():
        for attribute, is_free in label_attributes(layers[name]).items() if items else ():
            values = [(nth, value) for nth, a in items if isinstance(value := getattr(a, attribute, None), str)]
            yield from _counted(name, attribute, values, is_free)
    yield from _counted("", "type", [(nth, relation.type) for nth, relation in enumerate(document.relations)])
    if document.meta.source:
        yield Label("", "source", document.meta.source, 1, 0, True)


def _counted(layer: str, attribute: str, values: Sequence[tuple[int, str]], is_free: bool = True) -> Iterator[Label]:
    counts = Counter(value for _, value in values)
    for value, count in counts.items():
        if len(value) <= MAX_LABEL:
            first = next(nth for nth, other in values if other == value)
            yield Label(layer, attribute, value, count, first, is_free)


def _unmarked(document: Document) -> tuple[str, ...]:
    """Names of two to four words that might have been annotated and were not; rejected annotations count as seen."""
    text = document.text
    seen = covered(document)
    found: set[str] = set()
    for block in document.blocks:
        if block.kind in CONTENT_BLOCKS:
            for run in _CAPITALISED.finditer(text, block.start, min(block.end, len(text))):
                words = [word.span() for word in _WORD.finditer(text, *run.span())]
                found.update(_runs_between(text, words, seen))
    return tuple(sorted(found))


def _runs_between(text: str, words: Sequence[tuple[int, int]], seen: bytearray) -> Iterator[str]:
    for first, (start, _) in enumerate(words):
        for _, end in words[first + 1 : first + _MAX_NAME_WORDS]:
            if seen.find(1, start, end) >= 0:
                break
            yield text[start:end]


def _links(document: Document) -> Iterator[Link]:
    for nth, entity in enumerate(document.entities):
        for register, value in entity.links.items():
            yield Link(register, value, nth, entity.name, _tenths(entity.lat), _tenths(entity.lon))


def _tenths(degrees: float | None) -> int | None:
    return None if degrees is None else round(min(1e6, max(-1e6, degrees)) * 10)


def _own_work(current: _Current) -> tuple[tuple[str, str, int], ...]:
    done: Counter[tuple[str, str]] = Counter()
    for layer, items in current.items():
        for _, annotation in items:
            made = annotation.provenance
            if made is not None and made.annotator is not None and made.status in _OWN_WORK:
                done[made.annotator, layer] += 1
    return tuple((annotator, layer, count) for (annotator, layer), count in done.items())
