"""Name spans of an article, before they are typed: what the pipeline recognised, mended, and what it missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import country_names, table, us_state_names
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.parsed import ParsedArticle, ParsedBlock

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Labels of the pipeline that may be an actor or a place.
_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART"})

#: Words that stand before a name and are no part of it, also where a headline capitalises them.
_LEADING = frozenset(
    "a an the this that these those his her its their our my your some any all both each every no another other"
    " in at on of to from near by with for against between among after before since during under over around"
    " and or but if when while as like not so because although though however meanwhile also then why how what"
    " who where which is are was were be says said new former late ex today yesterday".split()
)

#: Words that do not end a name.
_TRAILING = frozenset(
    "and or of the in at on to for from by with as a an but is are was were has have had will would said says who"
    " that which 's ’s ' ’ `s".split()
)

_POSSESSIVE = re.compile(r"(?:'s|’s|`s|'|’)$")
_HYPHEN_TAIL = re.compile(r"(?<=[\w.])[-‐‑–](?=[a-z]{3,}$)")
_WORD = re.compile(r"\w")
_FIRST_RUN = re.compile(r"\w+")
_SPACES = re.compile(r"\s+")
_DATELINE = re.compile(
    r"\s*(?P<city>[A-Z][A-Z.'’`-]+(?:[ ][A-Z][A-Z.'’`-]+){0,3})"
    r"(?:,[ ](?P<land>[A-Z][\w.]+(?:[ ][A-Z][\w.]+){0,2}))?[ ]*(?:\([^()\n]{1,30}\))?[ ]*(?:--|[—–_:-])[ ]"
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


def flat(text: str) -> str:
    """A string with each run of white space as one space."""
    return _SPACES.sub(" ", text).strip()


@cache
def name_list() -> dict[str, tuple[str, ...]]:
    """Names that need no recogniser (countries, states, known actors and places) by their first word, longest first."""
    states = table("state_abbreviations")
    names = {*table("known_actors"), *table("known_places"), *table("country_aliases"), *states, *states.values()}
    names.update(country_names())
    names.update(us_state_names())
    names.update({name.upper() for name in names if len(name) > 3 and "." not in name})
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
    found = [span for number, block in enumerate(article.blocks) for span in _in_block(number, block)]
    known = {span.text for span in found if _propagates(span)}
    surnames = {name.rsplit(" ", 1)[-1] for span in found if span.label == "PERSON" for name in [span.text]}
    known.update(name for name in surnames if len(name) > 2 and name[0].isupper())
    again = by_first_word(known - words("not_names"))
    return _without_overlap([*found, *_repeated(article, found, again)])


def _propagates(span: NameSpan) -> bool:
    return span.label in {"PERSON", "ORG", "GPE", "LOC"} and len(span.text) > 2 and span.text[0].isupper()


def _in_block(number: int, block: ParsedBlock) -> list[NameSpan]:
    spans = [*_dateline(number, block), *_recognised(number, block)]
    taken = _covered(spans)
    listed = [s for s in _listed(number, block, name_list(), taken) if s.text not in words("not_names")]
    return _without_overlap([*spans, *listed])


def _covered(spans: Iterable[NameSpan]) -> set[int]:
    return {i for span in spans for i in range(span.first, span.last)}


def _without_overlap(spans: Iterable[NameSpan]) -> list[NameSpan]:
    kept: list[NameSpan] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def make_span(number: int, block: ParsedBlock, start: int, end: int, label: str) -> NameSpan | None:
    """The span of ``start`` to ``end`` of the block's own text, without edges that are no part of a name."""
    doc = block.doc
    text = doc.text
    while start < end and not (_WORD.match(text[start])):
        start += 1
    while end > start and not (_WORD.match(text[end - 1]) or (text[end - 1] == "." and _abbreviated(text, start, end))):
        end -= 1
    if start >= end:
        return None
    first, last = _token_at(doc, start), _token_at(doc, end - 1) + 1
    base = block.block.start
    return NameSpan(number, first, last, base + start, base + end, flat(text[start:end]), label)


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether the full stop at the end belongs to the name: "U.S.", "Calif.", "Acme Inc." """
    word = text[start:end].rsplit(None, 1)[-1]
    return "." in word[:-1] or word in table("state_abbreviations") or word in table("organization_words")


def _token_at(doc: Doc, offset: int) -> int:
    low, high = 0, len(doc) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if doc[middle].idx <= offset:
            low = middle
        else:
            high = middle - 1
    return low


def _dateline(number: int, block: ParsedBlock) -> Iterator[NameSpan]:
    match = _DATELINE.match(block.doc.text)
    for group in ("city", "land") if match else ():
        if match and match.group(group):
            span = make_span(number, block, *match.span(group), "GPE")
            if span is not None:
                yield span


def _recognised(number: int, block: ParsedBlock) -> Iterator[NameSpan]:
    for entity in block.doc.ents:
        if entity.label_ not in _LABELS:
            continue
        for first, last in _split(block.doc, entity.start, entity.end, entity.label_):
            trimmed = _trim(block.doc, first, last)
            if trimmed is None:
                continue
            span = make_span(number, block, *trimmed, entity.label_)
            if span is not None and span.text[:1].isalnum() and span.text not in words("not_names"):
                yield span


def _split(doc: Doc, first: int, last: int, label: str) -> Iterator[tuple[int, int]]:
    """Two persons that the pipeline took for one name, apart; an acronym in brackets, apart."""
    given = words("given_names")
    begin = first
    for i in range(first + 1, last - 1):
        token = doc[i].text
        two_persons = token in {"and", "&", ","} and doc[i + 1].text in given and (label == "PERSON" or doc[first].text in given)
        if two_persons or token in {"(", "[", ";", "--", "—"} or "\n\n" in token:
            yield begin, i
            begin = i + 1
    yield begin, last


def _trim(doc: Doc, first: int, last: int) -> tuple[int, int] | None:
    while first < last and (not _is_wordlike(doc[first]) or doc[first].text.lower() in _LEADING):
        first += 1
    while first < last and doc[first].text[0].islower() and not _is_particle(doc, first, last):
        first += 1
    while first < last and (not _is_wordlike(doc[last - 1]) or doc[last - 1].text.lower() in _TRAILING):
        last -= 1
    if first >= last:
        return None
    start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
    tail = _HYPHEN_TAIL.search(doc.text, doc[last - 1].idx, end)
    if tail:
        end = tail.start()
    possessive = _POSSESSIVE.search(doc.text[start:end])
    if possessive and possessive.start() > 0:
        end = start + possessive.start()
    return start, end


def _is_wordlike(token: Token) -> bool:
    return bool(_WORD.search(token.text))


def _is_particle(doc: Doc, first: int, last: int) -> bool:
    """Whether a lower-case first word belongs to the name: "al-Qaeda", "de Gaulle", "van Gogh"."""
    return doc[first].text in _PARTICLES and first + 1 < last


_PARTICLES = frozenset("al el ad an ar as ash bin ibn abu de da di del della der den dos du la le van von ten ter st".split())


def _listed(
    number: int, block: ParsedBlock, names: dict[str, tuple[str, ...]], taken: set[int], label: str = ""
) -> Iterator[NameSpan]:
    """Names of a list where they stand in a block, as whole words, outside the tokens that are taken."""
    doc = block.doc
    text = doc.text
    reach = 0
    for token in doc:
        if token.i in taken or token.idx < reach or not (token.text[0].isupper() or token.text in _PARTICLES):
            continue
        run = _FIRST_RUN.match(text, token.idx)
        for name in names.get(run.group(), ()) if run else ():
            end = token.idx + len(name)
            if _stands(text, token.idx, name) and not any(i in taken for i in range(token.i, _token_at(doc, end - 1) + 1)):
                span = make_span(number, block, token.idx, end, label)
                if span is not None:
                    reach = end
                    yield span
                break


def _stands(text: str, start: int, name: str) -> bool:
    end = start + len(name)
    if not text.startswith(name, start):
        return False
    following = text[end : end + 1]
    return not (following.isalnum() or (name[-1] == "." and following == "."))


def _repeated(article: ParsedArticle, found: list[NameSpan], names: dict[str, tuple[str, ...]]) -> Iterator[NameSpan]:
    taken: dict[int, list[NameSpan]] = {}
    for span in found:
        taken.setdefault(span.block, []).append(span)
    for number, block in enumerate(article.blocks):
        for span in _listed(number, block, names, _covered(taken.get(number, ()))):
            if not _is_common_word(block.doc, span):
                yield span


def _is_common_word(doc: Doc, span: NameSpan) -> bool:
    """Whether a repeated single word is rather a common word that begins a sentence or stands in a headline."""
    token = doc[span.first]
    return span.last - span.first == 1 and token.pos_ not in {"PROPN", "NOUN", "X"}

