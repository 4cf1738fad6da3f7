"""Screens of SPN and TXT301: where spans lie, where they begin and end, how they lie to each other.

One pass over the annotations (``_glance``) answers for all of them. A part whose edges are plain (a letter or digit at
either end, a space or mark of punctuation beside it, no article, title or possessive) has nothing that a check of its
own could find; the checks then run on the other parts alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus_tool.checks.check import Part, Subject, document_of, is_live, is_sound
from corpus_tool.checks.spn_edges import ARTICLE, POSSESSIVE, TITLE
from corpus_tool.checks.spn_overlaps import FOREIGN, LONG
from corpus_tool.model import Actor, Annotation, Span, pieces

#: ASCII that never makes one word or one number with a letter or digit beside it.
_BESIDE = frozenset({*" \n\t()[]{}\"'-/:;!?*&+<>=|"})
#: The same, where an ASCII character stands on the other side.
_BESIDE_ASCII = frozenset("“”‘’«»–—…„\u00a0")
_STOPS = frozenset(".,")
_NO_BREAK = frozenset("\u00a0\u2007\u202f")
_NO_BREAK_BEHIND_NUMBER = re.compile(r"(?<=[\d€$£¥])[\u00a0\u2007\u202f]")
#: Signs that a figure may begin with.
_SIGNS = frozenset("$€£¥")
#: Kana marks that belong to the character before them, letters though they are.
_KANA_MARKS = frozenset("ﾞﾟ")
_SHORT = min(LONG.values())
_QUOTE_FIRST = frozenset("“\"«„‘'—–-")


class _Glance(NamedTuple):
    """What one pass over the annotations has seen.

    Attributes:
        sound: all offsets fit the text, of rejected annotations too.
        apart: no two spans of a layer cross, and none stands twice.
        doubtful: the parts whose edges, length or place among the blocks a check must look at.
    """

    sound: bool
    apart: bool
    doubtful: list[Part]


class _Page(NamedTuple):
    """The text of a document, and where on its page annotations need no second look.

    Attributes:
        text: the text.
        padded: the text with line ends around it: what stands before offset n is ``padded[n]``.
        calm: the offset before which no block is of a kind without annotations, and every block ends where a line does,
            so that a span without a line end lies in one block, or in none.
    """

    text: str
    padded: str
    calm: int


def unsound(subject: Subject) -> bool:
    """SPN101 to SPN105."""
    return not _glance(subject).sound


def doubtful_edges(subject: Subject) -> bool | Subject:
    """SPN2xx, SPN304 to SPN306, TXT301, each of which looks at one of the sound parts after the other."""
    glance = _glance(subject)
    if not glance.sound:
        return True
    return subject.narrowed(glance.doubtful) if glance.doubtful else False


def crossing(subject: Subject) -> bool:
    """SPN301 to SPN303."""
    glance = _glance(subject)
    return not (glance.sound and glance.apart)


def _glance(subject: Subject) -> _Glance:
    known: _Glance | None = subject.__dict__.get("_glance")
    if known is None:
        known = subject.__dict__["_glance"] = _look(subject)
    return known


def _look(subject: Subject) -> _Glance:
    page = _page(subject)
    doubtful: list[Part] = []
    apart = True
    for layer, items in document_of(subject).layers.items():
        if not items:
            continue
        if not _sift(page, (layer, ""), items, items, items, doubtful):
            return _Glance(sound=False, apart=False, doubtful=doubtful)
        if layer == "actors":
            _roles_in_names(items, doubtful)
        for attribute in subject.layers[layer].span_attributes:
            owners = [a for a in items if getattr(a, attribute) is not None]
            inner = [getattr(a, attribute) for a in owners]
            if not _sift(page, (layer, attribute), items, owners, inner, doubtful):
                return _Glance(sound=False, apart=False, doubtful=doubtful)
        apart = apart and _are_apart(items)
    return _Glance(sound=True, apart=apart, doubtful=doubtful)


def _sift(
    page: _Page,
    place: tuple[str, str],
    items: Sequence[Annotation],
    owners: Sequence[Annotation],
    spans: Sequence[Annotation | Span],
    doubtful: list[Part],
) -> bool:
    """Adds the parts that are not plain to ``doubtful``; False where a span is not sound.

    Args:
        page: the text and its blocks.
        place: the layer, and the attribute that holds the spans, "" for the annotations themselves.
        items: the annotations of the layer.
        owners: those that have such a span, rejected ones too.
        spans: the span of each of them.
        doubtful: what is added to.
    """
    text, padded, calm = page
    length = len(text)
    layer, attribute = place
    is_quote, is_figure = place == ("quotes", ""), place == ("figures", "")
    is_plain = _is_plain_quote if is_quote else _is_plain_figure if is_figure else _is_plain
    for owner, span in zip(owners, spans, strict=True):
        start, end, words = span.start, span.end, span.text
        if text[start:end] == words and is_plain(words) and end <= length and start < calm and not span.fragments:
            before, behind = padded[start], padded[end + 1]
            if (before in _BESIDE or (before in _BESIDE_ASCII and words[0] < "\x80")) and (
                behind in _BESIDE
                or (behind in _STOPS and not (is_figure and padded[end + 2].isdigit()))
                or (behind in _BESIDE_ASCII and words[-1] < "\x80")
            ):
                continue
        if not is_sound(span, text):
            return False
        if is_live(owner) and not (is_quote and span.fragments and _are_plain_pieces(page, span)):
            nth = next(i for i, item in enumerate(items) if item is owner)
            doubtful.append(Part(layer, nth, owner, span, attribute))
    return True


def _are_plain_pieces(page: _Page, quote: Annotation | Span) -> bool:
    """Whether the pieces of a quote begin and end plainly."""
    return quote.end < page.calm and all(
        _is_plain_quote(page.text[start:end])
        and page.padded[start] in _BESIDE
        and (page.padded[end + 1] in _BESIDE or page.padded[end + 1] in _STOPS)
        for start, end in pieces(quote)
    )


def _roles_in_names(items: Sequence[Annotation], doubtful: list[Part]) -> None:
    """Adds the actors whose text begins with their role."""
    for i, a in enumerate(items):
        if isinstance(a, Actor) and a.role is not None and a.text.startswith(a.role) and is_live(a):
            part = Part("actors", i, a, a)
            if part not in doubtful:
                doubtful.append(part)


@lru_cache(maxsize=65536)
def _is_plain(words: str) -> bool:
    """Whether nothing in the words themselves can be a fault at the edges of a name, a figure, a cue or a count."""
    return (
        (words[:1].isalnum() or words[:1] in _SIGNS)
        and words[0] not in _KANA_MARKS
        and (words[-1].isalnum() or words[-1] == "%" or unicodedata.category(words[-1])[0] == "M")
        and len(words) <= _SHORT
        and "\n" not in words
        and _NO_BREAK.isdisjoint(words)
        and not (ARTICLE.match(words) or TITLE.match(words) or POSSESSIVE.search(words))
    )


@lru_cache(maxsize=65536)
def _is_plain_figure(words: str) -> bool:
    return _is_plain(_NO_BREAK_BEHIND_NUMBER.sub(" ", words))


def _is_plain_quote(words: str) -> bool:
    first = words[:1]
    return (
        (first.isalnum() or first in _QUOTE_FIRST)
        and first not in _KANA_MARKS
        and not words[-1].isspace()
        and len(words) <= LONG["quotes"]
    )


def _page(subject: Subject) -> _Page:
    document = document_of(subject)
    text, blocks = document.text, document.blocks
    padded = f"\n{text}\n\n"
    length = len(text)
    calm = length
    reach = 0
    for block in blocks:
        end = block.end
        if block.start < reach or end <= block.start or end > length or padded[end + 1] != "\n":
            return _Page(text, padded, 0)
        if block.kind in FOREIGN and block.start < calm:
            calm = block.start
        reach = end
    return _Page(text, padded, calm)


def _are_apart(items: Sequence[Annotation]) -> bool:
    """Whether no two spans of a layer cross or are the same; they may lie inside each other."""
    outer = (0, 0)
    reach = 0  # within the outer span
    for a in items:
        start, end = a.start, a.end
        if a.fragments:
            return _are_nested(items)
        if start >= outer[1]:
            outer = (start, end)
            reach = start
        elif reach <= start and end <= outer[1] and (start, end) != outer:
            reach = end
        elif is_live(a):
            return _are_nested(items)
    return True


def _are_nested(items: Sequence[Annotation]) -> bool:
    cut = sorted((start, -end) for a in items if is_live(a) for start, end in pieces(a))
    around: list[int] = []
    last = (-1, 0)
    for piece in cut:
        start, end = piece[0], -piece[1]
        while around and around[-1] <= start:
            around.pop()
        if piece == last or (around and around[-1] < end):
            return False
        around.append(end)
        last = piece
    return True
