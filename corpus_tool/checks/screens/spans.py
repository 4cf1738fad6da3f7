"""Screens of SPN and TXT301: where spans lie, where they begin and end, how they lie to each other.

One look at the annotations (``_glance``), a column at a time, answers for all of them. A part is clear if its words are
plain (a letter or digit at either end, no article, title or possessive) and white space or punctuation stands beside
it: then no check could find anything. The checks run on the other parts alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, le
from typing import NamedTuple

from corpus_tool.checks.check import Part, Subject, document_of, is_live, is_sound
from corpus_tool.checks.spn_edges import ARTICLE, POSSESSIVE, TITLE
from corpus_tool.checks.spn_overlaps import FOREIGN, LONG
from corpus_tool.model import Actor, Annotation, Document, Span, pieces

#: ASCII that never makes one word, one number or one character with what stands beside it.
_BESIDE = frozenset(" \n\t()[]{}\"'-/:;!?*&+<>=|")
#: The same, unless a digit follows.
_STOPS = frozenset(".,")
_BEHIND = _BESIDE | _STOPS
#: The same, where an ASCII character stands on the other side.
_BESIDE_ASCII = frozenset("“”‘’«»–—…„\u00a0")

_NO_BREAK = frozenset("\u00a0\u2007\u202f")
_NO_BREAK_BEHIND_NUMBER = re.compile(r"(?<=[\d€$£¥])[\u00a0\u2007\u202f]")
_SIGNS = frozenset("$€£¥")
_QUOTE_FIRST = frozenset("“\"«„‘'—–-")
#: Kana marks that belong to the character before them, letters though they are.
_KANA_MARKS = frozenset("ﾞﾟ")
_SHORT = min(LONG.values())

_MOST_KNOWN = 65536


class _Glance(NamedTuple):
    """What one look at the annotations has seen.

    Attributes:
        sound: all offsets fit the text, those of rejected annotations too.
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
        before: what stands before offset n is ``before[n]``, a line end before the text.
        behind: what stands behind a span that ends at n is ``behind[n]``, line ends behind the text.
        calm: the offset before which no block is of a kind without annotations, and every block ends where a line does,
            so that a span without a line end lies in one block, or in none.
    """

    text: str
    before: str
    behind: str
    calm: int


class _Rule(NamedTuple):
    """What makes the words of a part plain, and those that are known to be: names come again and again."""

    is_plain: Callable[[str], bool]
    behind: frozenset[str]
    known: set[str]


def _is_plain_name(words: str) -> bool:
    first, last = words[0], words[-1]
    return (
        (first.isalnum() or first in _SIGNS)
        and first not in _KANA_MARKS
        and (last.isalnum() or last == "%" or unicodedata.category(last)[0] == "M")
        and len(words) <= _SHORT
        and "\n" not in words
        and _NO_BREAK.isdisjoint(words)
        and not (ARTICLE.match(words) or TITLE.match(words) or POSSESSIVE.search(words))
    )


def _is_plain_figure(words: str) -> bool:
    return _is_plain_name(_NO_BREAK_BEHIND_NUMBER.sub(" ", words))


def _is_plain_quote(words: str) -> bool:
    first = words[0]
    opens = first in _QUOTE_FIRST or (first.isalnum() and first not in _KANA_MARKS)
    return opens and not words[-1].isspace() and len(words) <= LONG["quotes"]


#: Of names, of what a figure counts and of cues.
_NAMES = _Rule(_is_plain_name, _BEHIND, set())
#: A figure before "." or "," may go on behind it.
_FIGURES = _Rule(_is_plain_figure, _BESIDE, set())
#: Quotes do not come again: none is remembered.
_QUOTES = _Rule(_is_plain_quote, _BEHIND, set())


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
    page = _page(document_of(subject))
    standing = subject.standing
    names = _held(subject, standing)
    unclear: list[Annotation | Span] = []
    for layer, items in standing.items():
        if layer == "quotes":
            unclear += _unclear_quotes(page, items)
        elif layer == "figures":
            unclear += _unclear(page, _FIGURES, items)
        else:
            names += items
        if layer == "actors":
            unclear += [a for a in items if isinstance(a, Actor) and a.role is not None and _has_role(a)]
    unclear += _unclear(page, _NAMES, names)
    layers = document_of(subject).layers
    rejected: list[Annotation | Span] = []
    if standing is not layers:
        fallen = {name: [a for a in items if not is_live(a)] for name, items in layers.items()}
        rejected = [*_held(subject, fallen), *(a for items in fallen.values() for a in items)]
    if not all(is_sound(span, page.text) for span in (*unclear, *rejected)):
        return _Glance(sound=False, apart=False, doubtful=[])
    ids = {id(span) for span in unclear}
    doubtful = [part for part in subject.parts if id(part.span) in ids] if unclear else []
    return _Glance(sound=True, apart=all(map(_are_apart, standing.values())), doubtful=doubtful)


def _held(subject: Subject, layers: Mapping[str, Sequence[Annotation]]) -> list[Annotation | Span]:
    """The spans inside annotations: cues, what figures count."""
    held: list[Annotation | Span] = []
    for layer, items in layers.items():
        for attribute in subject.layers[layer].span_attributes:
            held += filter(None, map(attrgetter(attribute), items))
    return held


def _page(document: Document) -> _Page:
    text, blocks = document.text, document.blocks
    before, behind = f"\n{text}", f"{text}\n\n"
    length = calm = len(text)
    reach = 0
    for block in blocks:
        end = block.end
        if block.start < reach or end <= block.start or end > length or behind[end] != "\n":
            return _Page(text, before, behind, 0)
        if block.kind in FOREIGN and block.start < calm:
            calm = block.start
        reach = end
    return _Page(text, before, behind, calm)


def _unclear(page: _Page, rule: _Rule, spans: Sequence[Annotation | Span]) -> list[Annotation | Span]:
    """Those of some spans that are not sound, or not clear: first a quick look at all, then a closer one at some."""
    text, before, behind, calm, known = page.text, page.before, page.behind, page.calm, rule.known
    length = len(text)
    unsure = [
        span
        for span in spans
        if text[span.start : span.end] != span.text
        or span.text not in known
        or span.end > length
        or before[span.start] not in _BESIDE
        or behind[span.end] not in rule.behind
        or span.start >= calm
        or span.fragments
    ]
    return [span for span in unsure if not (is_sound(span, text) and _is_clear(page, rule, span))]


def _unclear_quotes(page: _Page, quotes: Sequence[Annotation]) -> list[Annotation]:
    """The same of quotes: none is known from another document."""
    text, before, behind, calm = page.text, page.before, page.behind, page.calm
    length = len(text)
    unsure = [
        quote
        for quote in quotes
        if text[quote.start : quote.end] != quote.text
        or quote.start >= min(quote.end, calm)
        or quote.end > length
        or before[quote.start] not in _BESIDE
        or behind[quote.end] not in _BEHIND
        or quote.fragments
        or not _is_plain_quote(quote.text)
    ]
    return [quote for quote in unsure if not (is_sound(quote, text) and _is_clear(page, _QUOTES, quote))]


def _is_plain(rule: _Rule, words: str) -> bool:
    if rule is _QUOTES or words in rule.known:
        return rule is not _QUOTES or _is_plain_quote(words)
    if not rule.is_plain(words):
        return False
    if len(rule.known) >= _MOST_KNOWN:
        rule.known.clear()
    rule.known.add(words)
    return True


def _is_clear(page: _Page, rule: _Rule, span: Annotation | Span) -> bool:
    """Whether nothing can be said against the edges of a span with sound offsets, all of its pieces included."""
    if not _is_plain(rule, span.text):
        return False
    cut = pieces(span)
    for start, end in cut:
        first, last = page.text[start], page.text[end - 1]
        before, behind = page.before[start], page.behind[end]
        if start >= page.calm:
            return False
        if before not in _BESIDE and not (before in _BESIDE_ASCII and first.isascii()):
            return False
        if behind in _STOPS and rule is _FIGURES and page.behind[end + 1].isdigit():
            return False
        if behind not in _BEHIND and not (behind in _BESIDE_ASCII and last.isascii()):
            return False
        inner = len(cut) > 1 and not (rule is _QUOTES and first in _QUOTE_FIRST)
        if inner and not (first.isalnum() and first not in _KANA_MARKS):
            return False
        if len(cut) > 1 and (last.isspace() or (rule is not _QUOTES and not last.isalnum())):
            return False
    return True


def _has_role(actor: Actor) -> bool:
    return actor.role is not None and actor.text.startswith(actor.role)


def _are_apart(items: Sequence[Annotation]) -> bool:
    """Whether no two spans of a layer cross or are the same; they may lie inside each other."""
    starts = [a.start for a in items]
    ends = [a.end for a in items]
    if all(map(le, ends, starts[1:])):
        return True
    together: list[Annotation] = []  # spans that lie in one stretch of text, apart from all others
    last = reach = 0
    for a, start, end in zip(items, starts, ends, strict=True):
        if start < last:
            return _are_nested(items)
        last = start
        if start < reach:
            together.append(a)
            reach = max(reach, end)
        else:
            if len(together) > 1 and not _are_nested(together):
                return False
            together = [a]
            reach = end
    return len(together) < 2 or _are_nested(together)


def _are_nested(items: Sequence[Annotation]) -> bool:
    """The same for spans in any order, and in pieces."""
    cut = [(a.start, -a.end) for a in items if not a.fragments]
    cut += [(start, -end) for a in items if a.fragments for start, end in pieces(a)]
    cut.sort()
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
