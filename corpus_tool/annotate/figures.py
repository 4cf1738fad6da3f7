"""Figures: how many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as replaced

from corpus_tool.annotate.counted import counted_bounds, head_of
from corpus_tool.annotate.measures import measure_of
from corpus_tool.annotate.not_figures import is_figure
from corpus_tool.annotate.parsed import ParsedArticle, ParsedBlock, text_of
from corpus_tool.language.numbers import Quantity, iter_quantities
from corpus_tool.model import Figure, Location, Quote, Span
from corpus_tool.model.document import pieces

if TYPE_CHECKING:
    from spacy.tokens import Token


def find_figures(article: ParsedArticle, locations: Sequence[Location], quotes: Sequence[Quote]) -> list[Figure]:
    """Figures of an article, ids "f1", "f2" … in order of the text, linked to the quote that claims them."""
    found = [figure for block in article.blocks for figure in _figures(article.text, block, locations)]
    found.sort(key=lambda figure: (figure.start, -figure.end))
    return [_with_quote(replaced(figure, id=f"f{n}"), quotes) for n, figure in enumerate(found, start=1)]


def _with_quote(figure: Figure, quotes: Sequence[Quote]) -> Figure:
    """The figure with the id of the innermost quote whose content holds it."""
    holding = [q for q in quotes if any(start <= figure.start and figure.end <= end for start, end in pieces(q))]
    if not holding:
        return figure
    return replaced(figure, quote=min(holding, key=lambda q: (q.end - q.start, q.start)).id)


def _figures(text: str, block: ParsedBlock, locations: Sequence[Location]) -> Iterator[Figure]:
    doc, offset = block.doc, block.block.start
    previous: Quantity | None = None
    whole = ("", -1)
    for found in iter_quantities(text_of(doc)):
        span = doc.char_span(found.start, found.end, alignment_mode="expand")
        if span is None or not len(span):
            continue
        first, last = span[0], span[-1]
        quantity = _as_age(found, text_of(doc), first, previous)
        previous = quantity
        if not is_figure(quantity, doc, first, last):
            continue
        head = head_of(quantity, first, last)
        bounds = counted_bounds(quantity, doc, head)
        counted = None
        if bounds:
            start, end = offset + bounds[0], offset + bounds[1]
            counted = Span(start=start, end=end, text=text[start:end])
        places = [x for x in locations if not counted or x.end <= counted.start or counted.end <= x.start]
        start, end = offset + quantity.start, offset + quantity.end
        measure = measure_of(quantity, first, last, head)
        if measure == "quantity" and _OF_THEM.match(text_of(doc), quantity.end) and whole[1] == first.sent.start:
            measure = whole[0]
        if quantity.unit == "count":
            whole = (measure, first.sent.start)
        yield Figure(
            id="f0",
            start=start,
            end=end,
            text=text[start:end],
            value=quantity.value,
            min=quantity.min,
            max=quantity.max,
            modifier=quantity.modifier,
            unit=quantity.unit,
            measure=measure,
            counted=counted,
            place=None if quantity.dimension in _PLACELESS else _place(block, first, last, places),
        )


#: A part of what the figure before it counts: "13 people died, four of them children".
_OF_THEM = re.compile(r"\s+of\s+(?:them|whom|those|these)\b", re.IGNORECASE)
_AGED = re.compile(
    r"\b(?:aged?|ages|the\s+ages?\s+of|turn(?:s|ed|ing)?)\s+(?:just\s+|only\s+|about\s+|around\s+)?$",
    re.IGNORECASE,
)
_IS_AGED = re.compile(
    r"\b(?:he|she|i|you|who)(?:['’](?:s|m|re|ll\s+be|d\s+be)|\s+(?:is|was|am|were|are|will\s+be|would\s+be|turns|turned))"
    r"\s+(?:just\s+|only\s+|now\s+|nearly\s+|almost\s+|about\s+|already\s+|then\s+){0,2}$",
    re.IGNORECASE,
)
_PEOPLE_OF_AN_AGE = re.compile(
    r"\b(?:people|men|women|children|voters|adults|those|anyone|kids|players|workers|persons|americans|boys?|girls?|child|everyone"
    r"|youths|drivers|students|patients|residents|population|citizens)\s+(?:under|over|above|below|older\s+than|younger\s+than)\s+$"
    r"|\b(?:man|woman|boy|girl|lad|child)\s+of\s+(?:just\s+|only\s+|about\s+)?$",
    re.IGNORECASE,
)
#: Before a name that the parse may take for a town: "said Lind, 58."
_SAID = frozenset({"say", "add", "tell", "ask", "reply", "write", "explain", "recall", "agree", "remember"})
_AGE_ENDS = re.compile(
    r"\s*(?:[,.;?!)]|$|\s(?:and|by|to|for|of|from|was|is|who|while|when|in|on|at|after|before|or)\b)"
)
#: After "people under 30" or "aged 30", whatever is not counted, and no plural.
_GOES_ON = re.compile(
    r"\s(?!(?:per|percent|million|thousand|hundred|billion|years?|people|men|women|children|more|and\s+a|or\s+(?:more|so))\b)"
    r"[a-z]+(?<!s)\b"
)
_OLDEST = 120


_NEXT_AGE = re.compile(r",?\s+and\s+|,\s+")


def _as_age(quantity: Quantity, text: str, first: Token, previous: Quantity | None) -> Quantity:
    """A bare number that is somebody's age: "aged 61", "Rosa Lind, 61, said", "she turned 50"."""
    if quantity.unit != "count" or quantity.form not in ("digits", "words", "range"):
        return quantity
    if not 0 < (quantity.value or quantity.max or 0) <= _OLDEST:
        return quantity
    before = text[max(0, quantity.start - 48) : quantity.start]
    age = replace(quantity, unit="a", dimension="age")
    follows_age = previous is not None and previous.dimension == "age"
    ends = _AGE_ENDS.match(text, quantity.end)
    if ends and follows_age and _NEXT_AGE.fullmatch(text[previous.end : quantity.start] if previous else ""):
        return age
    if ends and quantity.value != 1 and _IS_AGED.search(before):
        return age
    if (ends or _GOES_ON.match(text, quantity.end)) and (_AGED.search(before) or _PEOPLE_OF_AN_AGE.search(before)):
        return age
    return age if quantity.form == "digits" and _is_age_after_name(text, quantity, first) else quantity


def _is_age_after_name(text: str, quantity: Quantity, first: Token) -> bool:
    """Whether a number is an age: a name, a comma, the number, and a comma or the end of the clause."""
    if first.i < 2 or first.nbor(-1).text != "," or not re.match(r"\s*[,.;)\n–—―]|$", text[quantity.end :][:4]):
        return False
    name = first.nbor(-2)
    if name.text == ")":
        opening = next((t for t in reversed(first.doc[max(0, name.i - 8) : name.i]) if t.text == "("), name)
        name = opening.nbor(-1) if opening.i else name
    if name.ent_type_ == "GPE" and not (name.i and name.nbor(-1).lemma_ in _SAID):
        return False
    return name.pos_ == "PROPN" and name.text[:1].isupper() and name.ent_type_ not in ("DATE", "MONEY")


#: How long something takes or how old somebody is holds nowhere in particular.
_PLACELESS = frozenset({"duration", "age"})
_AT = frozenset(
    [
        "in",
        "at",
        "near",
        "across",
        "outside",
        "around",
        "from",
        "on",
        "inside",
        "throughout",
        "off",
        "within",
        "along",
        "between",
        "over",
    ]
)


def _place(block: ParsedBlock, first: Token, last: Token, locations: Sequence[Location]) -> str | None:
    """The id of the location that a preposition ties to the figure's clause, the nearest after the figure first."""
    sentence = last.sent
    start, end = block.block.start + sentence.start_char, block.block.start + sentence.end_char
    inside = [x for x in locations if start <= x.start and x.end <= end]
    if not inside:
        return None
    clause = _clause(last)
    doc, offset = block.doc, block.block.start
    near: list[tuple[int, str]] = []
    for location in inside:
        span = doc.char_span(location.start - offset, location.end - offset, alignment_mode="expand")
        if span is None or not len(span):
            continue
        root = span.root
        preposition = root.head
        while preposition.dep_ in ("compound", "conj", "appos", "nmod", "poss") and preposition.head.i != preposition.i:
            preposition = preposition.head
        if preposition.pos_ != "ADP" or preposition.lower_ not in _AT or _clause(root) != clause:
            continue
        distance = root.i - last.i if root.i > last.i else 1000 + first.i - root.i
        near.append((distance, location.id))
    return min(near)[1] if near else None


def _clause(token: Token) -> int:
    """The index of the verb that governs a token, or of the sentence's root."""
    while token.head.i != token.i:
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass", "amod", "acl"):
            return int(token.i)
        token = token.head
    return int(token.i)
