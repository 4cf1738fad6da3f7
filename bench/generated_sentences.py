"""The sentences of generated documents: each writes its words and marks what is in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generated_draft import HUMAN, Draft, Raw, end_block, entity_id, last, mark, put, span
from generated_words import (
    ADJECTIVES,
    ASIDES,
    CLAUSES,
    DEEDS,
    GIVEN_NAMES,
    NOUNS,
    PEOPLE,
    ROLES,
    SAYINGS,
    SIBLINGS,
)


def _person(draft: Draft, person: Raw | None = None) -> Raw:
    person = person or draft.rng.choice(draft.people)
    known = bool(person["id"])
    words = person["aliases"][0] if known and "aliases" in person and draft.rng.random() < 0.6 else person["name"]
    return mark(draft, "actors", words, kind="person", mention="name", entity=entity_id(draft, person))


def _organization(draft: Draft) -> Raw:
    own = draft.rng.choice(draft.organizations)
    return mark(draft, "actors", own["name"], kind=own["kind"], mention="name", entity=entity_id(draft, own))


def _city(draft: Draft) -> Raw:
    city = draft.rng.choice(draft.cities)
    return mark(draft, "locations", city["name"], kind="city", mention="name", entity=entity_id(draft, city))


def _words(draft: Draft, words: str) -> Raw:
    """Writes a cue, or what a figure counts."""
    start = draft.at
    put(draft, words)
    return {"start": start, "end": draft.at, "text": words}


def _quote(draft: Draft, start: int, **attributes: Any) -> Raw:
    """Marks what was written from ``start`` on as a quote."""
    return span(draft, "quotes", start, "".join(draft.parts)[start:], {"attitude": "speech", **attributes})


def _number(draft: Draft, low: int, high: int) -> tuple[str, int]:
    """A number as it is written, and its value; never one that could be a year."""
    value = draft.rng.randint(low, high)
    return f"{value:,}", value


def _count(draft: Draft, low: int, high: int, noun: str, **attributes: Any) -> Raw:
    """Writes a number and what it counts."""
    words, value = _number(draft, low, high)
    figure = mark(draft, "figures", words, value=value, unit="count", **attributes)
    put(draft, " ")
    figure["counted"] = _words(draft, noun)
    last(figure, "provenance")
    return figure


def _meeting(draft: Draft) -> None:
    one, other = draft.rng.sample(draft.people, 2)
    first = _person(draft, one)
    put(draft, " met ")
    second = _person(draft, other)
    put(draft, " in ")
    _city(draft)
    put(draft, ".")
    if draft.rng.random() < 0.3:
        number = len(draft.relations) + 1
        draft.relations.append({"id": f"r{number}", "type": "met", "from": first["id"], "to": second["id"]})


def _office(draft: Draft) -> None:
    role = draft.rng.choice(ROLES)
    put(draft, "The ")
    mark(draft, "actors", role, kind="person", mention="nominal")
    put(draft, " of ")
    _organization(draft)
    put(draft, ", ")
    _person(draft)["role"] = role
    last(draft.layers["actors"][-1], "provenance")
    put(draft, f", saw that {draft.rng.choice(CLAUSES)}.")


def _direct(draft: Draft) -> None:
    start = draft.at
    put(draft, "“We counted ")
    figure = _count(draft, 2, 900, draft.rng.choice(PEOPLE), measure="quantity")
    put(draft, " in ")
    figure["place"] = _city(draft)["id"]
    put(draft, ",”")
    quote = _quote(draft, start, kind="direct")
    figure["quote"] = quote["id"]
    last(figure, "provenance")
    _said_by(draft, quote)


def _said_by(draft: Draft, quote: Raw, more: bool = False) -> None:
    """Who says it, behind the quote."""
    one, other = draft.rng.sample(draft.people, 2)
    put(draft, " ")
    quote["cue"] = _words(draft, "said")
    put(draft, " ")
    quote["speaker"] = _person(draft, one)["id"]
    if more:
        put(draft, " and ")
        quote["co_speakers"] = [_person(draft, other)["id"]]
    put(draft, ".")
    last(quote, "provenance")


def _together(draft: Draft) -> None:
    start = draft.at
    put(draft, f"“{draft.rng.choice(SAYINGS)},”")
    _said_by(draft, _quote(draft, start, kind="direct"), more=True)


def _split(draft: Draft) -> None:
    rng = draft.rng
    start = draft.at
    put(draft, f"“{rng.choice(SAYINGS)},”")
    first = draft.at
    put(draft, " ")
    entity = entity_id(draft, rng.choice(draft.people))
    speaker = mark(draft, "actors", rng.choice(("he", "she")), kind="person", mention="pronoun", entity=entity)
    put(draft, " ")
    cue = _words(draft, "said")
    put(draft, ". ")
    second = draft.at
    put(draft, f"“{rng.choice(CLAUSES).capitalize()}.”")
    quote = _quote(draft, start, kind="direct", cue=cue, speaker=speaker["id"])
    quote["text"] = f"{quote['text'][: first - start]} {quote['text'][second - start :]}"
    quote["fragments"] = [{"start": start, "end": first}, {"start": second, "end": draft.at}]


def _paragraphs(draft: Draft) -> None:
    start = draft.at
    put(draft, f"“{draft.rng.choice(CLAUSES).capitalize()}.")
    end_block(draft, "paragraph")
    put(draft, f"“{draft.rng.choice(SAYINGS)},”")
    _said_by(draft, _quote(draft, start, kind="direct"))


def _nested(draft: Draft) -> None:
    start = draft.at
    put(draft, "“")
    speaker = mark(draft, "actors", draft.rng.choice(("He", "She")), kind="person", mention="pronoun")
    put(draft, " ")
    cue = _words(draft, "told")
    put(draft, " me, ")
    inner_start = draft.at
    put(draft, f"‘{draft.rng.choice(SAYINGS)}’")
    inner = _quote(draft, inner_start, kind="direct", cue=cue, speaker=speaker["id"])
    put(draft, ",”")
    outer = _quote(draft, start, kind="direct")
    inner["parent"] = outer["id"]
    last(inner, "provenance")
    _said_by(draft, outer)


def _reported(draft: Draft) -> None:
    cue, attitude, lead = draft.rng.choice((
        ("said", "speech", "that "), ("thinks", "thought", "that "), ("plans", "intention", "to rebuild the "),
    ))  # fmt: skip
    speaker = _person(draft)
    put(draft, " ")
    said = _words(draft, cue)
    put(draft, " ")
    start = draft.at
    put(draft, lead + draft.rng.choice(NOUNS if attitude == "intention" else CLAUSES))
    _quote(draft, start, kind="indirect", attitude=attitude, cue=said, speaker=speaker["id"])
    put(draft, ".")


def _mixed(draft: Draft) -> None:
    rng = draft.rng
    speaker = _person(draft)
    put(draft, " ")
    cue = _words(draft, "said")
    put(draft, " ")
    start = draft.at
    put(draft, f"that the {rng.choice(NOUNS)} was “{rng.choice(ADJECTIVES)} and {rng.choice(ADJECTIVES)}”")
    _quote(draft, start, kind="mixed", cue=cue, speaker=speaker["id"])
    put(draft, ".")


def _according(draft: Draft) -> None:
    start = draft.at
    put(draft, f"The {draft.rng.choice(NOUNS)} {draft.rng.choice(DEEDS)}")
    quote = _quote(draft, start, kind="indirect")
    put(draft, ", ")
    quote["cue"] = _words(draft, "according to")
    put(draft, " ")
    quote["speaker"] = _organization(draft)["id"]
    put(draft, ".")
    last(quote, "provenance")


def _unnamed(draft: Draft) -> None:
    start = draft.at
    put(draft, f"“{draft.rng.choice(SAYINGS)},”")
    quote = _quote(draft, start, kind="direct")
    put(draft, " ")
    quote["cue"] = _words(draft, "said")
    put(draft, " an ")
    official = mark(draft, "actors", "official", kind="person", mention="nominal", anonymous=True)
    quote["speaker"] = official["id"]
    last(quote, "provenance")
    put(draft, " who gave no name.")


def _sign(draft: Draft) -> None:
    start = draft.at
    put(draft, f"“{draft.rng.choice(SAYINGS)}”")
    _quote(draft, start, kind="direct", speaker_status=draft.rng.choice(("implicit", "unknown")))
    put(draft, f" stood on the {draft.rng.choice(NOUNS)}.")


def _casualties(draft: Draft) -> None:
    put(draft, "At least ")
    dead = _count(draft, 20, 900, draft.rng.choice(PEOPLE), modifier="at_least", measure="killed")
    put(draft, " were killed and ")
    words, value = _number(draft, 2, 900)
    hurt = mark(draft, "figures", words, value=value, modifier="exact", unit="count", measure="wounded")
    put(draft, " wounded in ")
    dead["place"] = hurt["place"] = _city(draft)["id"]
    put(draft, ".")
    for figure in (dead, hurt):
        last(figure, "provenance")


def _including(draft: Draft) -> None:
    _count(draft, 500, 900, draft.rng.choice(PEOPLE), measure="evacuated")
    put(draft, ", including ")
    _count(draft, 2, 400, "children", measure="evacuated")
    put(draft, ", were brought out of ")
    _city(draft)
    put(draft, ".")


def _money(draft: Draft) -> None:
    rng = draft.rng
    sign, unit = rng.choice((("$", "USD"), ("€", "EUR"), ("£", "GBP")))
    scale, factor = rng.choice((("bn", 10**9), (" million", 10**6)))
    tenths = rng.randint(11, 99)
    put(draft, "The ")
    _organization(draft)
    put(draft, " paid ")
    words = f"{sign}{tenths / 10:g}{scale}"
    mark(draft, "figures", words, value=tenths * factor // 10, unit=unit, measure="money")
    put(draft, f" for the {rng.choice(NOUNS)}.")


def _share(draft: Draft) -> None:
    tenths = draft.rng.randint(5, 990)
    sign = draft.rng.choice(("%", " per cent", " percent"))
    put(draft, f"As {draft.rng.choice(CLAUSES)}, ")
    words = f"{tenths / 10:g}{sign}"
    figure = mark(draft, "figures", words, value=tenths / 10, unit="percent", measure="share")
    put(draft, " of the ")
    figure["counted"] = _words(draft, "ballots")
    last(figure, "provenance")
    put(draft, " were counted.")


def _distance(draft: Draft) -> None:
    words, value = _number(draft, 2, 900)
    name, unit = draft.rng.choice(((" km", "km"), (" miles", "[mi_i]"), ("\u00a0km", "km")))
    put(draft, f"The {draft.rng.choice(NOUNS)} lies ")
    mark(draft, "figures", f"{words}{name}", value=value, unit=unit, measure="distance")
    put(draft, " from ")
    _city(draft)
    put(draft, ".")


def _range(draft: Draft) -> None:
    low = draft.rng.randint(2, 400)
    high = low + draft.rng.randint(2, 400)
    words = draft.rng.choice((f"Between {low} and {high}", f"From {low} to {high}"))
    figure = mark(draft, "figures", words, min=low, max=high, modifier="range", unit="count", measure="displaced")
    put(draft, " ")
    figure["counted"] = _words(draft, draft.rng.choice(PEOPLE))
    last(figure, "provenance")
    put(draft, " lost their homes.")


def _dozens(draft: Draft) -> None:
    words, low = draft.rng.choice((("Dozens", 24), ("Scores", 40), ("Hundreds", 200), ("Thousands", 2000)))
    figure = mark(draft, "figures", words, min=low, modifier="at_least", unit="count", measure="evacuated")
    put(draft, " of ")
    figure["counted"] = _words(draft, draft.rng.choice(PEOPLE))
    last(figure, "provenance")
    put(draft, f" left when {draft.rng.choice(CLAUSES)}.")


def _state(draft: Draft) -> None:
    state = draft.rng.choice(draft.states)
    entity = entity_id(draft, state)
    span(draft, "locations", draft.at, state["name"], {"kind": "country", "mention": "name", "entity": entity})
    mark(draft, "actors", state["name"], kind="state", mention="name", entity=entity)
    put(draft, " closed its border.")


def _backed(draft: Draft) -> None:
    state = draft.rng.choice(draft.states)
    put(draft, "The ")
    name = state["name"]
    span(draft, "actors", draft.at, f"{name}-backed militia", {"kind": "armed_group", "mention": "nominal"})
    mark(draft, "actors", name, kind="state", mention="name", entity=entity_id(draft, state))
    put(draft, f"-backed militia {draft.rng.choice(DEEDS)}.")


def _siblings(draft: Draft) -> None:
    """Two people with one family name: the span of the first is in two pieces."""
    family = draft.rng.choice(SIBLINGS)
    one, other = draft.rng.sample(GIVEN_NAMES, 2)
    start = draft.at
    first = span(draft, "actors", start, one, {"kind": "person", "mention": "name"})
    put(draft, f"{one} and ")
    mark(draft, "actors", f"{other} {family}", kind="person", mention="name")
    first |= {"end": draft.at, "text": f"{one} {family}"}
    first["fragments"] = [
        {"start": start, "end": start + len(one)},
        {"start": draft.at - len(family), "end": draft.at},
    ]
    put(draft, f" {draft.rng.choice(DEEDS)}.")


def _rejected(draft: Draft) -> None:
    put(draft, "On ")
    day = mark(draft, "actors", draft.rng.choice(("Monday", "Friday", "Sunday")), kind="person", mention="name")
    day["provenance"] = {"annotator": HUMAN, "status": "rejected"}
    put(draft, f" {draft.rng.choice(CLAUSES)}.")


def _quiet(draft: Draft) -> None:
    put(draft, "In ")
    _city(draft)
    put(draft, f" {draft.rng.choice(CLAUSES)}. {draft.rng.choice(ASIDES)}")


#: What writes a sentence, and how many annotations it adds.
SENTENCES: tuple[tuple[Callable[[Draft], None], int], ...] = (
    (_meeting, 3), (_office, 3), (_direct, 4), (_together, 3), (_split, 2), (_paragraphs, 2), (_nested, 4),
    (_reported, 2), (_mixed, 2), (_according, 2), (_unnamed, 2), (_sign, 1), (_casualties, 3), (_including, 3),
    (_money, 2), (_share, 1), (_distance, 2), (_range, 1), (_dozens, 1), (_state, 2), (_backed, 2), (_siblings, 2),
    (_rejected, 1), (_quiet, 1),
)  # fmt: skip
