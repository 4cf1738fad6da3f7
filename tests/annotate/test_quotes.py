"""Quotes: the cases of cases/quotes.toml through the real pipeline, and what holds for any text."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as struct_replace

from corpus_tool.annotate.quotes import find_quotes
from corpus_tool.model import Actor, pieces, surface

CASES = tomllib.loads((Path(__file__).parent / "cases" / "quotes.toml").read_text(encoding="utf-8"))["case"]

#: What texts of any kind are put together from.
BITS = (
    *('"', "“", "”", "'", "’", "‘", "''", "``", "«", "»", "„", ". ", ", ", "\n", "\n\n", ": ", "?", "!", "…", "(", ")"),
    *(" said ", "Lind ", " she ", " he said", "that ", "the plan is dead", "WE ARE GO", "LIND: ", "HADDAD: ", "Q: "),
    *(" told reporters ", "according to ", "police", "in her view", "a poll shows ", "wants to go", "— ", " – "),
    *("👩‍👩‍👧 ", "é", "e\u0301", "שלום ", "مرحبا ", "\u00a0", "\u200b", "\ufeff", "don’t"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["topic"])
def test_case(case: dict[str, Any], parse: Any) -> None:
    quotes, speakers = find_quotes(parse(case["text"]), [])
    of = {actor.id: actor for actor in speakers}
    texts = {quote.id: quote.text for quote in quotes}
    found = []
    for quote, wanted in zip(quotes, [*case["quotes"], *[{}] * len(quotes)], strict=False):
        row: dict[str, Any] = {"text": quote.text, "kind": quote.kind}
        if quote.cue:
            row["cue"] = quote.cue.text
        if quote.speaker:
            row["speaker"] = of[quote.speaker].text
        if quote.co_speakers:
            row["co_speakers"] = [of[c].text for c in quote.co_speakers]
        if quote.attitude != "speech":
            row["attitude"] = quote.attitude
        if quote.parent:
            row["parent"] = texts[quote.parent]
        if "mention" in wanted and quote.speaker:
            row["mention"] = of[quote.speaker].mention
        if quote.speaker_status:
            row["status"] = quote.speaker_status
        found.append(row)
    assert found == case["quotes"]


def test_an_actor_that_covers_the_subject_is_the_speaker(parse: Any) -> None:
    text = "Mayor Rosa Lind said the bridge was safe. She said it twice."
    actor = Actor(id="a1", start=6, end=15, text="Rosa Lind", kind="person", mention="name")
    quotes, speakers = find_quotes(parse(text), [actor])
    assert quotes[0].speaker == "a1"
    assert all((s.start, s.end) != (6, 15) for s in speakers)


def test_the_innermost_actor_speaks(parse: Any) -> None:
    text = "The US official said the raid was over."
    actors = [
        Actor(id="a1", start=4, end=15, text="US official", kind="person", mention="nominal"),
        Actor(id="a2", start=4, end=6, text="US", kind="state", mention="name"),
    ]
    quotes, speakers = find_quotes(parse(text), actors)
    assert [q.speaker for q in quotes] == ["a1"]
    assert speakers == []


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("‘A beginning, not an end’: museum returns the bell", ["‘A beginning, not an end’"]),
        ("“We are done here”", ["“We are done here”"]),
        ("“Night Train”", []),
        ("‘Ghost wards’ to open in May", []),
    ],
)
def test_marks_in_a_title(title: str, found: list[str], parse: Any) -> None:
    article = parse(title)
    first = article.blocks[0]
    titled = replace(article, blocks=(replace(first, block=struct_replace(first.block, kind="title")),))
    quotes, _ = find_quotes(titled, [])
    assert [q.text for q in quotes] == found
    assert all(q.kind == "direct" and q.speaker_status == "implicit" for q in quotes)


@pytest.mark.parametrize("text", ["", " \n\n ", "🎉", '"', "“", "said", "«", "''''", "‘’“”", "A\n\n\n\nB"])
def test_hardly_a_text(text: str, parse: Any) -> None:
    assert broken(text, *find_quotes(parse(text), [])) is None


@pytest.mark.parametrize("seed", range(60))
def test_any_text_gives_annotations_that_fit_it(seed: int, parse: Any) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choice(BITS) for _ in range(dice.randint(1, 80)))
    assert broken(text, *find_quotes(parse(text), [])) is None


def broken(text: str, quotes: list[Any], speakers: list[Actor]) -> str | None:
    """What is wrong with quotes and speakers by the contract for spans, or None."""
    actors = {actor.id: actor for actor in speakers}
    if len({(a.start, a.end) for a in speakers}) != len(speakers):
        return "an actor twice"
    if any(a.text != text[a.start : a.end] or a.text != a.text.strip() or not a.text for a in speakers):
        return "an actor's text"
    if len({(q.start, q.end) for q in quotes}) != len(quotes):
        return "a quote twice"
    for number, quote in enumerate(quotes):
        spans = pieces(quote)
        if quote.text != surface(text, spans) or (spans[0][0], spans[-1][1]) != (quote.start, quote.end):
            return f"text of {quote}"
        if any(a[1] >= b[0] for a, b in pairwise(spans)):
            return f"fragments of {quote}"
        if any(text[s].isspace() or text[e - 1].isspace() for s, e in spans):
            return f"edge of {quote}"
        cue = quote.cue
        if cue and (text[cue.start : cue.end] != cue.text or any(s < cue.end and cue.start < e for s, e in spans)):
            return f"cue of {quote}"
        for speaker in (actors[i] for i in (quote.speaker, *quote.co_speakers) if i):
            if any(s <= speaker.start and speaker.end <= e for s, e in spans):
                return f"speaker inside {quote}"
        if (quote.speaker is None) == (quote.speaker_status is None):
            return f"status of {quote}"
        for other in quotes[number + 1 :]:
            if quote.start < other.start < quote.end < other.end:
                return f"{quote} crosses {other}"
    return None
