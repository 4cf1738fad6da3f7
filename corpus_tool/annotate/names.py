"""Name spans of an article, before they are typed: what the pipeline recognised, mended, and what it missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import country_names, population, table, us_state_names
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.name_bounds import flat, split_names, trim_name, with_given_name
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.annotate.roles import apposition_behind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Labels of the pipeline that may be an actor or a place.
_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART"})

_WORD = re.compile(r"\w")
_FIRST_RUN = re.compile(r"\w+")
#: Label of the places that a dateline names.
DATELINE = "DATELINE"

#: Label of a name that stands for what the name before it stands for.
SAME = "SAME"
_OTHER_SCRIPT = re.compile(r" \(([^\W\d_a-zA-Z\u00aa-\u02af][^()\x00-\x1fa-zA-Z]{1,40})\)")
_NAME_START = re.compile(r"\b(?:[A-ZÀ-ÖØ-Þ]\w*|al|el|de|van|von|bin)\b")
_DATELINE = re.compile(
    r"\s*(?P<city>[A-Z][A-Z.'’`-]+(?:[ ][A-Z][A-Z.'’`-]+){0,3})"
    r"(?:,[ ](?P<land>[A-Z][\w.]+(?:[ ][A-Z][\w.]+){0,2}))?[ ]*(?P<agency>\([^()\n]{1,30}\))?[ ]*(?:--|[—–_-])[ ]"
)


@dataclass(frozen=True)
class NameSpan:
    """A name: tokens ``first`` to ``last`` (exclusive) of a block, and its offsets in the article, in code points.

    ``label`` is the pipeline's (``""`` where a list or another mention found it).
    """

    block: int
    first: int
    last: int
    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True)
class _View:
    """One block as these functions read it: spaCy joins ``doc.text`` anew each time, so it is kept here."""

    number: int
    doc: Doc
    text: str
    base: int


@cache
def name_list() -> dict[str, tuple[str, ...]]:
    """Names that need no recogniser (countries, states, known actors and places) by their first word, longest first."""
    states = table("state_abbreviations")
    names = {*table("known_actors"), *table("known_places"), *table("country_aliases"), *states, *states.values()}
    names.update(country_names())
    names.update(us_state_names())
    names.update({name.upper() for name in names if len(name) > 3 and "." not in name})
    return by_first_word(names)


@cache
def long_names() -> dict[str, tuple[str, ...]]:
    """Listed names of three words and more, which stand against what the pipeline made of a part of them."""
    names = [name for name in (*table("known_actors"), *table("known_places")) if name.count(" ") > 1]
    return by_first_word(names)


def by_first_word(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names by the first run of word characters in them, the longest first."""
    found: dict[str, list[str]] = {}
    for name in names:
        run = _FIRST_RUN.search(name)
        if run and run.start() == 0:
            found.setdefault(run.group(), []).append(name)
    return {run: tuple(sorted(rows, key=lambda n: (-len(n), n))) for run, rows in found.items()}


def find_name_spans(article: ParsedArticle) -> list[NameSpan]:
    """Name spans of the article in order; none overlap."""
    views = [
        _View(number, block.doc, article.text[block.block.start : block.block.end], block.block.start)
        for number, block in enumerate(article.blocks)
        if len(block.doc)
    ]
    own = article.places.by_first_word
    found = [span for view in views for span in _in_block(view, own)]
    known = {span.text for span in found if _propagates(span)}
    surnames = {name.rsplit(" ", 1)[-1] for span in found if span.label == "PERSON" for name in [span.text]}
    known.update(name for name in surnames if len(name) > 2 and name[0].isupper())
    known.update({name.upper() for name in known if len(name) > 3})
    again = by_first_word(known - words("not_names"))
    return _without_overlap([*found, *_repeated(views, found, again)])


def _propagates(span: NameSpan) -> bool:
    return span.label in {"PERSON", "ORG", "GPE", "LOC"} and len(span.text) > 2 and span.text[0].isupper()


def _in_block(view: _View, own: Mapping[str, tuple[str, ...]]) -> list[NameSpan]:
    given = _listed(view, own, set(), starts=_FIRST_RUN) if own else ()
    spans = _without_overlap([*_dateline(view), *_recognised(view), *_listed(view, long_names(), set()), *given])
    taken = _covered(spans)
    listed = [s for s in _listed(view, name_list(), taken) if s.text not in words("not_names")]
    spans = _without_overlap([*spans, *listed])
    spans.extend(_in_other_script(view, spans))
    return _without_overlap([*spans, *_introduced(view, _covered(spans))])


def _in_other_script(view: _View, spans: list[NameSpan]) -> Iterator[NameSpan]:
    """Names that stand once more in another script, in parentheses behind."""
    for span in spans:
        match = _OTHER_SCRIPT.match(view.text, span.end - view.base)
        if match:
            again = _make_span(view, *match.span(1), SAME)
            if again is not None:
                yield again


def _introduced(view: _View, taken: set[int]) -> Iterator[NameSpan]:
    """Names that the pipeline missed but the text introduces: "said Rosa Lind", "Mr Lind", "near Al Tarn"."""
    doc, end = view.doc, 0
    for i in range(len(doc)):
        if i < end or i in taken or not _is_name_token(doc[i]) or doc[i].lower_ in _BEFORE_PLACES:
            continue
        end = i + 1
        while end < len(doc) and end not in taken and end - i < 4 and _is_name_token(doc[end]):
            end += 1
        said = i > 0 and doc[i - 1].lower_ in {"said", "says"} and end - i > 1
        titled = i > 0 and doc[i - 1].text in words("titles") and doc[i].pos_ == "PROPN"
        if said or titled or (end - i > 1 and apposition_behind(doc, end) is not None):
            span = _make_span(view, doc[i].idx, doc[end - 1].idx + len(doc[end - 1]), "PERSON")
            if span is not None:
                yield span
        elif i > 0 and doc[i - 1].lower_ in _BEFORE_PLACES and doc[i].pos_ == "PROPN":
            span = _make_span(view, doc[i].idx, doc[end - 1].idx + len(doc[end - 1]), "GPE")
            named = span is not None and (doc[i - 1].lower_ == "near" or population(span.text) > 0)
            if span is not None and named and span.text not in words("not_names"):
                yield span


#: Prepositions after which a name is a place's: "near" always, the others where the gazetteer has it.
_BEFORE_PLACES = frozenset({"near", "in", "at", "from", "outside", "around", "toward", "towards"})


def _is_name_token(token: Token) -> bool:
    return token.text[0].isupper() and token.pos_ in {"PROPN", "NOUN", "ADJ", "X"} and token.text not in words("titles")


def _covered(spans: Iterable[NameSpan]) -> set[int]:
    return {i for span in spans for i in range(span.first, span.last)}


def _without_overlap(spans: Iterable[NameSpan]) -> list[NameSpan]:
    kept: list[NameSpan] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _make_span(view: _View, start: int, end: int, label: str) -> NameSpan | None:
    """The span of ``start`` to ``end`` of the block's own text, without edges that are no part of a name."""
    text = view.text
    while start < end and not (_WORD.match(text[start])):
        start += 1
    while end > start and not (_WORD.match(text[end - 1]) or (text[end - 1] == "." and _abbreviated(text, start, end))):
        end -= 1
    if start >= end:
        return None
    if text[end : end + 1] == "." and text[start : end + 1].rsplit(None, 1)[-1] in _abbreviations():
        end += 1
    first, last = _token_at(view.doc, start), _token_at(view.doc, end - 1) + 1
    return NameSpan(view.number, first, last, view.base + start, view.base + end, flat(text[start:end]), label)


@cache
def _abbreviations() -> frozenset[str]:
    """Last words of names that are written with a full stop."""
    listed = {*table("state_abbreviations"), *table("organization_words"), "Jr.", "Sr.", "Co.", "Bros."}
    return frozenset(word for word in listed if word.endswith("."))


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether the full stop at the end belongs to the name: "U.S.", "Calif.", "Acme Inc"."""
    word = text[start:end].rsplit(None, 1)[-1]
    return "." in word[:-1] or word in _abbreviations()


def _token_at(doc: Doc, offset: int) -> int:
    low, high = 0, len(doc) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if doc[middle].idx <= offset:
            low = middle
        else:
            high = middle - 1
    return low


def _dateline(view: _View) -> Iterator[NameSpan]:
    match = _DATELINE.match(view.text)
    if match is None or not (match["agency"] or match["land"] or population(match["city"])):
        return
    for group in ("city", "land"):
        if match[group]:
            span = _make_span(view, *match.span(group), DATELINE)
            if span is not None:
                yield span


def _recognised(view: _View) -> Iterator[NameSpan]:
    for entity in view.doc.ents:
        if entity.label_ not in _LABELS:
            continue
        for first, last in split_names(view.doc, entity.start, entity.end, entity.label_):
            trimmed = trim_name(view.doc, view.text, first, last, entity.label_)
            if trimmed is None:
                continue
            span = _make_span(view, *trimmed)
            if span is not None and span.text[:1].isalnum() and span.text not in words("not_names"):
                yield span


def _listed(
    view: _View,
    names: Mapping[str, tuple[str, ...]],
    taken: set[int],
    starts: re.Pattern[str] = _NAME_START,
) -> Iterator[NameSpan]:
    """Names of a list where they stand in a block, as whole words, outside the tokens that are taken."""
    doc, text = view.doc, view.text
    reach = 0
    for run in starts.finditer(text):
        start = run.start()
        for name in names.get(run.group(), ()) if start >= reach else ():
            if not _stands(text, start, name):
                continue
            tokens = range(_token_at(doc, start), _token_at(doc, start + len(name) - 1) + 1)
            span = None if any(i in taken for i in tokens) else _make_span(view, start, start + len(name), "")
            if span is not None and not (name in _WORDS_IN_CAPITALS and _shouted(text, start)):
                reach = start + len(name)
                yield span
            break


#: Acronyms that are common words where a whole line is in capitals.
_WORDS_IN_CAPITALS = frozenset(
    {
        "ANC",
        "AP",
        "APPLE",
        "AU",
        "FARC",
        "FOX",
        "GE",
        "IS",
        "IT",
        "MIT",
        "SHELL",
        "US",
        "WHO",
    }
)


def _shouted(text: str, at: int) -> bool:
    """Whether the words around an offset are all in capitals."""
    around = re.findall(r"[A-Za-z]{2,}", text[max(0, at - 25) : at + 25])
    return len(around) > 2 and all(word.isupper() for word in around[1:-1])


def _stands(text: str, start: int, name: str) -> bool:
    end = start + len(name)
    if not text.startswith(name, start):
        return False
    following = text[end : end + 1]
    if following == "$":
        return False
    return not (following.isalnum() or (name[-1] == "." and following == "."))


def _repeated(views: list[_View], found: list[NameSpan], names: dict[str, tuple[str, ...]]) -> Iterator[NameSpan]:
    taken: dict[int, list[NameSpan]] = {}
    for span in found:
        taken.setdefault(span.block, []).append(span)
    for view in views:
        for span in _listed(view, names, _covered(taken.get(view.number, ()))):
            if not _is_common_word(view.doc, span):
                yield _from_given_name(view, span)


def _from_given_name(view: _View, span: NameSpan) -> NameSpan:
    """A repeated last name with the given name before it."""
    first = with_given_name(view.doc, span.first, "")
    if first == span.first:
        return span
    start, end = view.doc[first].idx, span.end - view.base
    return _make_span(view, start, end, "PERSON") or span


def _is_common_word(doc: Doc, span: NameSpan) -> bool:
    """Whether a repeated single word is rather a common word that begins a sentence or stands in a headline."""
    token = doc[span.first]
    return span.last - span.first == 1 and token.pos_ not in {"PROPN", "NOUN", "X"}
