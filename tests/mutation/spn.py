"""Mutants of the SPN checks: offsets, edges, neighbours, blocks."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from typing import Any

from corpus_tool.model import CONTENT_BLOCKS
from mutation.planting import (
    Mutant,
    Planted,
    Raw,
    add_paragraph,
    annotate,
    live,
    pick,
    rewrite,
    span_at,
    unmarked_words,
    whole,
)

#: What belongs to the character before it: marks that compose with no letter, a variation selector, a skin tone.
_TAILS = "\u0363", "\u20d7", "\u035c", "\ufe0f", "\U0001f3fd", "\u0489"
_TITLES = (
    "Mr ", "Mrs. ", "Dr ", "Dr. ", "Prof ", "President ", "Prime Minister ", "Foreign Minister ", "former President ",
    "Judge ", "Capt. ", "Ayatollah ", "Chief Justice ", "Acting Police Commissioner ", "Sir ",
)  # fmt: skip


def _parts(raw: Raw, *layers: str) -> list[tuple[str, Raw]]:
    """The live annotations of some layers, cues and counted nouns among them, each with its pointer; no fragments."""
    inner = [(f"{p}/{key}", item[key]) for p, item in live(raw, *layers) for key in ("cue", "counted") if key in item]
    return whole(raw, *layers) + inner


def _layer(pointer: str) -> str:
    return pointer.split("/")[2]


def _apart(raw: Raw, layer: str, start: int, end: int, own: Raw | None = None) -> bool:
    """Whether no other live annotation of a layer shares text with a stretch."""
    return all(item is own or item["end"] <= start or end <= item["start"] for _, item in live(raw, layer))


def _alone(raw: Raw, *layers: str) -> list[tuple[str, Raw]]:
    """The live annotations without fragments that overlap no other one of their layer."""
    return [(p, item) for p, item in whole(raw, *layers) if _apart(raw, _layer(p), item["start"], item["end"], item)]


def _move(raw: Raw, span: Raw, start: int, end: int) -> None:
    """Gives a span other offsets, and the words that stand there."""
    span |= {"start": start, "end": end, "text": raw["text"][start:end]}


def empty_span(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, _parts(raw))
    if found is None:
        return None
    pointer, span = found
    start, end = span["start"], span["end"]
    way = rng.randrange(4)
    if way == 0:
        span["end"] = start
    elif way == 1:
        span |= {"start": end, "end": rng.randint(0, end), "text": ""}
    elif way == 2:
        at = rng.choice([n for n, character in enumerate(raw["text"]) if character.isspace()])
        _move(raw, span, at, at + 1)
    else:
        span["fragments"] = [{"start": start, "end": start}, {"start": start + 1, "end": end + 1}]
    return Planted(raw, pointer)


def span_out_of_bounds(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, _parts(raw))
    if found is None:
        return None
    pointer, span = found
    length = len(raw["text"])
    way = rng.randrange(3)
    if way == 0:
        span["end"] = length + rng.choice((1, 2, 99, 10**6, 2**40))
    elif way == 1:
        size = span["end"] - span["start"]
        span["start"] = length - rng.randint(-9, min(9, size - 1))
        span["end"] = span["start"] + size
    else:
        end = length + rng.randint(1, 99)
        span["fragments"] = [{"start": span["start"], "end": span["end"]}, {"start": end - 1, "end": end}]
        span["end"] = end
    return Planted(raw, pointer)


def text_differs(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, _parts(raw))
    if found is None:
        return None
    pointer, span = found
    words = span["text"]
    way = rng.randrange(3)
    if way == 0:
        by = rng.choice((-1, 1, 2, -3, 17))
        if span["start"] + by >= 0 and span["end"] + by <= len(raw["text"]):
            span |= {"start": span["start"] + by, "end": span["end"] + by}
    elif way == 1:
        span["end"] += 1
    if raw["text"][span["start"] : span["end"]] == span["text"]:
        others = (f"{words} ", words[1:], "", " ", words[::-1], f"x{words}", words.replace(" ", "\n"), words.swapcase())
        span["text"] = rng.choice([other for other in others if other != words])
    return Planted(raw, pointer)


def fragments_disorder(rng: random.Random, raw: Raw) -> Planted | None:
    long = [(pointer, span) for pointer, span in _parts(raw) if span["end"] - span["start"] > 4]
    found = pick(rng, long)
    if found is None:
        return None
    pointer, span = found
    start, end = span["start"], span["end"]
    cut = rng.randint(start + 2, end - 2)
    span["fragments"] = rng.choice((
        [{"start": start, "end": cut}, {"start": cut, "end": end}],
        [{"start": start, "end": cut + 1}, {"start": cut, "end": end}],
        [{"start": cut, "end": end}, {"start": start, "end": cut - 1}],
        [{"start": start, "end": end}, {"start": start, "end": end}],
    ))  # fmt: skip
    return Planted(raw, pointer)


def fragments_differ_from_hull(rng: random.Random, raw: Raw) -> Planted | None:
    apart = [(pointer, item) for pointer, item in live(raw) if "fragments" in item]
    if rng.random() < 0.5 and (found := pick(rng, apart)):
        pointer, span = found
    else:
        long = pick(rng, [(pointer, span) for pointer, span in _parts(raw) if span["end"] - span["start"] > 6])
        if long is None:
            return None
        pointer, span = long
        start, end = span["start"], span["end"]
        cut = rng.randint(start + 2, end - 3)
        span["fragments"] = [{"start": start, "end": cut}, {"start": cut + 1, "end": end}]
        span["text"] = f"{raw['text'][start:cut]} {raw['text'][cut + 1 : end]}"
    if rng.random() < 0.5:
        span["start"] += rng.choice((1, -1, 2))
    else:
        span["end"] -= rng.choice((1, -1, 2))
    return Planted(raw, pointer)


def splits_character(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, _alone(raw, "actors", "locations"))
    if found is None:
        return None
    pointer, span = found
    words = rng.choice(_TAILS)
    end = span["end"]
    rewrite(raw, end, end, words)
    _move(raw, span, span["start"], end)
    return Planted(raw, pointer)


def splits_word(rng: random.Random, raw: Raw) -> Planted | None:
    text = raw["text"]
    layers = {"actors", "locations", "quotes"}
    places: list[tuple[str, Raw, int, int]] = []
    for pointer, span in [*_alone(raw, "actors", "locations"), *_parts(raw)]:
        if _layer(pointer) not in layers and not pointer.endswith("/counted"):
            continue
        if _layer(pointer) == "quotes" and not pointer.endswith("/cue"):
            continue
        if pointer.count("/") == 3 and not _apart(raw, _layer(pointer), span["start"], span["end"], span):
            continue
        for start, end in ((span["start"] + 1, span["end"]), (span["start"], span["end"] - 1)):
            moved = start if start > span["start"] else end
            around = text[moved - 1 : moved + 1]
            if start < end and around.isascii() and around.isalnum():
                places.append((pointer, span, start, end))
    found = pick(rng, places)
    if found is None:
        return None
    pointer, span, start, end = found
    _move(raw, span, start, end)
    return Planted(raw, pointer)


def edge_whitespace(rng: random.Random, raw: Raw) -> Planted | None:
    text = raw["text"]
    places = []
    for pointer, span in _parts(raw, "actors", "locations", "figures", "quotes"):
        start, end = span["start"], span["end"]
        for left, right in ((start - 1, end), (start, end + 1), (start - 1, end + 1)):
            edges = [text[at] for at in (*range(left, start), *range(end, right))]
            whole_quote = _layer(pointer) == "quotes" and not pointer.endswith("/cue")
            if set(edges) == {" "} and not whole_quote:
                places.append((pointer, span, left, right))
    found = pick(rng, places)
    if found is None:
        return None
    pointer, span, start, end = found
    if pointer.count("/") == 3 and not _apart(raw, _layer(pointer), start, end, span):
        return None
    _move(raw, span, start, end)
    return Planted(raw, pointer)


def edge_punctuation(rng: random.Random, raw: Raw) -> Planted | None:
    text = raw["text"]
    places = [
        (pointer, span)
        for pointer, span in _alone(raw, "actors", "locations")
        if span["end"] < len(text) and text[span["end"]] in ",.;:"
    ]
    found = pick(rng, places)
    if found is None or rng.random() < 0.5:
        found = pick(rng, _alone(raw, "actors", "locations"))
        if found is None:
            return None
        pointer, span = found
        mark = rng.choice((",", ";", ":", "…", " –", "/", "*", "·", " (", "•"))
        rewrite(raw, span["end"], span["end"], mark)
        return Planted(raw, pointer)
    pointer, span = found
    _move(raw, span, span["start"], span["end"] + 1)
    return Planted(raw, pointer)


def article_in_span(rng: random.Random, raw: Raw) -> Planted | None:
    nouns = [(p, span) for p, span in _parts(raw, "figures") if p.endswith("/counted")]
    found = pick(rng, [*_alone(raw, "actors", "locations"), *nouns])
    if found is None:
        return None
    pointer, span = found
    indefinite = span.get("mention") == "nominal" or pointer.endswith("/counted")
    words = rng.choice(("the ", "a ", "an ") if indefinite else ("the ",))
    start = span["start"]
    rewrite(raw, start, start, words)
    _move(raw, span, start, span["end"])
    return Planted(raw, pointer)


def title_in_name(rng: random.Random, raw: Raw) -> Planted | None:
    people = [(p, item) for p, item in _alone(raw, "actors") if item["kind"] == "person" and item["mention"] == "name"]
    found = pick(rng, people)
    if found is None:
        return None
    pointer, span = found
    start = span["start"]
    rewrite(raw, start, start, rng.choice(_TITLES))
    _move(raw, span, start, span["end"])
    return Planted(raw, pointer)


def possessive_in_name(rng: random.Random, raw: Raw) -> Planted | None:
    names = [(p, item) for p, item in whole(raw, "actors", "locations") if item.get("mention") == "name"]
    found = pick(rng, names)
    if found is None:
        return None
    pointer, span = found
    rewrite(raw, span["end"], span["end"], rng.choice(("'s", "’s")))
    return Planted(raw, pointer)


def _copy(raw: Raw, pointer: str, item: Raw, **changes: Any) -> Planted:
    """Adds a copy of an annotation, with some changes, to its layer."""
    items = raw["layers"][_layer(pointer)]
    own = {**{key: value for key, value in item.items() if key != "provenance"}, **changes}
    items.append({**own, "id": f"{item['id']}-copy"})
    return Planted(raw, f"/layers/{_layer(pointer)}/{len(items) - 1}")


def duplicate_span(rng: random.Random, raw: Raw) -> Planted | None:
    # A pronoun that speaks in no quote is QUO205.
    found = pick(rng, [(p, item) for p, item in live(raw) if item.get("mention") != "pronoun"])
    if found is None:
        return None
    pointer, item = found
    changes = rng.choice(({}, {"provenance": {"status": "added"}}, {"extra": {"x": 1}}))
    return _copy(raw, pointer, item, **changes)


def same_span_two_kinds(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, live(raw, "actors", "locations"))
    if found is None:
        return None
    pointer, item = found
    kinds = {"actors": ("group", "other", "party", "media"), "locations": ("area", "natural", "other", "border")}
    kind = rng.choice([kind for kind in kinds[_layer(pointer)] if kind != item["kind"]])
    own = {key: value for key, value in item.items() if key != "entity"}
    return _copy(raw, pointer, own, kind=kind, mention="nominal")


def crossing_spans(rng: random.Random, raw: Raw) -> Planted | None:
    text = raw["text"]
    places = []
    for pointer, item in _alone(raw, "actors", "locations"):
        first, last = item["text"].split()[0], item["text"].split()[-1]
        if first == last:
            continue
        behind = re.compile(r" [a-zA-Z]{2,}\b").match(text, item["end"])
        before = re.search(r"\b[b-su-zB-SU-Z][a-z]{2,} $", text[max(0, item["start"] - 20) : item["start"]])
        if behind:
            places.append((pointer, item, item["end"] - len(last), behind.end()))
        if before:
            places.append((pointer, item, item["start"] - len(before[0]), item["start"] + len(first)))
    found = pick(rng, places)
    if found is None:
        return None
    pointer, item, start, end = found
    if not _apart(raw, _layer(pointer), start, end, item):
        return None
    own = {"id": "x1", "start": start, "end": end, "text": text[start:end], "kind": "other", "mention": "nominal"}
    raw["layers"][_layer(pointer)].append(own)
    return Planted(raw)


def crosses_block(rng: random.Random, raw: Raw) -> Planted | None:
    text, blocks = raw["text"], raw["blocks"]
    places = []
    for block, following in pairwise(blocks):
        last = re.search(r"\b[a-zA-Z]+(?=[.,”\"]*$)", text[block["start"] : block["end"]])
        first = re.match(r"[a-zA-Z]+(?=[ .,])", text[following["start"] :])
        if last and first and block["kind"] in CONTENT_BLOCKS:
            places.append((block["start"] + last.start(), following["start"] + first.end()))
    layer = rng.choice(("actors", "locations"))
    found = pick(rng, [place for place in places if _apart(raw, layer, *place)])
    if found is None:
        return None
    start, end = found
    own = {"id": "x1", "start": start, "end": end, "text": text[start:end], "kind": "other", "mention": "nominal"}
    raw["layers"][layer].append(own)
    return Planted(raw, f"/layers/{layer}/{len(raw['layers'][layer]) - 1}")


def span_outside_content(rng: random.Random, raw: Raw) -> Planted | None:
    text = raw["text"]
    layer = rng.choice(("actors", "locations"))
    words = [
        (block["start"] + match.start(), block["start"] + match.end())
        for block in raw["blocks"]
        if block["kind"] in {"promo", "boilerplate"}
        for match in re.finditer(r"\b[A-Za-z]{3,}\b", text[block["start"] : block["end"]])
    ]
    start, end = rng.choice(words)
    if text[start:end] == "The":
        return None
    own = {"id": "x1", "start": start, "end": end, "text": text[start:end], "kind": "other", "mention": "nominal"}
    raw["layers"][layer].append(own)
    return Planted(raw, f"/layers/{layer}/{len(raw['layers'][layer]) - 1}")


def very_long_span(rng: random.Random, raw: Raw) -> Planted:
    words = [raw["text"][start:end] for start, end in unmarked_words(raw)] + [
        "grey",
        "café",
        "海港",
        "مرفأ",
        "boat",
        "😀",
    ]
    way = rng.randrange(4)
    limit = (100, 80, 4000, 100)[way]
    long = " ".join(rng.choices(words, k=limit // 2))[: limit + rng.randint(1, 60)]
    long = f"x{long.strip()}x" + "y" * max(0, limit - len(long))
    if way == 2:
        start = add_paragraph(raw, f"“{long}”")
        return Planted(
            raw, annotate(raw, "quotes", f"“{long}”", start, kind="direct", speaker_status="implicit", id="x1")
        )
    start = add_paragraph(raw, f"There were 40 {long} here.")
    if way == 3:
        counted = span_at(raw, long, start)
        own = {"value": 40, "unit": "count", "measure": "quantity", "counted": counted, "id": "x1"}
        return Planted(raw, f"{annotate(raw, 'figures', '40', start, **own)}/counted")
    layer = ("actors", "locations")[way]
    return Planted(raw, annotate(raw, layer, long, start, kind="other", mention="nominal", id="x1"))


MUTANTS: dict[str, Mutant] = {
    "SPN101": empty_span,
    "SPN102": span_out_of_bounds,
    "SPN103": text_differs,
    "SPN104": fragments_disorder,
    "SPN105": fragments_differ_from_hull,
    "SPN201": splits_character,
    "SPN202": splits_word,
    "SPN203": edge_whitespace,
    "SPN204": edge_punctuation,
    "SPN205": article_in_span,
    "SPN206": title_in_name,
    "SPN207": possessive_in_name,
    "SPN301": duplicate_span,
    "SPN302": same_span_two_kinds,
    "SPN303": crossing_spans,
    "SPN304": crosses_block,
    "SPN305": span_outside_content,
    "SPN306": very_long_span,
}
