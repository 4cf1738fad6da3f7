"""Actors and locations of the cases in ``cases/actors_locations.toml``, and what holds of any text."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpus_tool.annotate.actors import find_actors
from corpus_tool.annotate.entities import link_entities
from corpus_tool.annotate.locations import find_locations
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Actor, Location

Parse = Callable[[str], ParsedArticle]
CASES = tomllib.loads((Path(__file__).parent / "cases" / "actors_locations.toml").read_text(encoding="utf-8"))["case"]

NASTY = [
    "",
    "   \n\n  ",
    "😀😀😀",
    "قال محمد إن المدينة آمنة. Rosa Lind said so in القاهرة.",
    "ALL CAPS HEADLINE SAYS WHO IS IN THE US ARMY",
    "“‘«»’” -- — … ''' `` O'Brien's Smith's' US' U.S.'s",
    "Mr. Mr. Mr. President President of of of the the",
    "A\nB\nC\tD\u00a0E\u200bF Rosa\nLind and New\nYork",
    "Iran-Iraq-Syria-backed-U.S.-led, (UN), [EU]; UN/EU & A&B",
    "Rosa e\u0301 Li\u0301nd of Co\u0301rdoba 👩‍👩‍👧 in Peru\u0301",
    "." * 300,
    "The the the city of of",
    "x" * 2000,
]


def annotated(parse: Parse, text: str) -> tuple[list[Actor], list[Location]]:
    article = parse(text)
    locations = find_locations(article)
    actors = find_actors(article, locations)
    _, actors, locations = link_entities(article, actors, locations, [])
    return actors, locations


def described(mention: Actor | Location) -> str:
    """A mention as the case file writes it."""
    parts = [mention.kind]
    if mention.mention == "nominal":
        parts.append("nominal")
    if isinstance(mention, Actor) and mention.role:
        parts.append(f"role={mention.role}")
    return f"{mention.text}: {', '.join(parts)}"


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:50] for case in CASES])
def test_case(parse: Parse, case: dict[str, list[str]]) -> None:
    actors, locations = annotated(parse, str(case["text"]))
    for layer, mentions in (("actors", actors), ("locations", locations)):
        found = [described(m) for m in mentions if m.text not in case.get("may", ())]
        assert found == case[layer]


def crossing(mentions: Sequence[Actor | Location]) -> bool:
    return any(a.start < b.start < a.end < b.end for a in mentions for b in mentions)


@pytest.mark.parametrize("text", [*NASTY, *(str(case["text"]) for case in CASES)])
def test_spans_are_sound(parse: Parse, text: str) -> None:
    for mentions in annotated(parse, text):
        for mention in mentions:
            assert mention.text == text[mention.start : mention.end]
            assert mention.text == mention.text.strip()
        spans = [(m.start, m.end) for m in mentions]
        assert len(spans) == len(set(spans))
        assert not crossing(mentions)
        assert len({m.id for m in mentions}) == len(mentions)


def test_names_have_entities(parse: Parse) -> None:
    text = "\n\n".join(str(case["text"]) for case in CASES)
    article = parse(text)
    locations = find_locations(article)
    entities, actors, locations = link_entities(article, find_actors(article, locations), locations, [])
    by_id = {e.id: e for e in entities}
    for mention in [*actors, *locations]:
        if mention.mention == "name":
            assert mention.entity in by_id
        if mention.entity:
            kinds = {mention.kind, "state"} if mention.kind == "country" else {mention.kind}
            assert by_id[mention.entity].kind in kinds
    names = [e.name.casefold() for e in entities]
    assert len(names) == len(set(names))
    assert [e.id for e in entities] == [f"e{n}" for n in range(1, len(entities) + 1)]
