"""Generated documents: seeded, valid, varied, and without anything that a check finds."""

from __future__ import annotations

import random
import zlib

import orjson
from generated_draft import Draft, Raw, begin_sentence, end_block, put
from generated_sentences import SENTENCES
from generated_words import (
    ADJECTIVES,
    ASIDES,
    CITIES,
    CLAUSES,
    DEEDS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    NOUNS,
    ORGANIZATIONS,
    OTHER_SCRIPTS,
    STATES,
)

from corpus_tool.model import FORMAT, sha256_of
from corpus_tool.model.codec import layout
from corpus_tool.model.schemas import built_in_layers

_LICENCES = ("CC-BY-4.0", "CC0-1.0", "CC-BY-SA-4.0")
_STRAIGHT = str.maketrans("“”", '""')
_LANGUAGES = ("en", "en-GB", "en-US")


def document(seed: int, *, kilobytes: int = 16, spans: int = 60) -> Raw:
    """A valid document in which no check finds anything: the same for the same arguments.

    Args:
        seed: decides everything that is left to chance.
        kilobytes: size of ``as_bytes`` in thousands of bytes, about; more where the spans need more.
        spans: how many annotations it has, of all layers together and with rejected ones.
    """
    rng = random.Random(seed)
    draft = _cast(rng, spans)
    title = _headline(draft)
    end_block(draft, "title")
    put(draft, f"{rng.choice(CLAUSES).capitalize()}, and the {rng.choice(NOUNS)} {rng.choice(DEEDS)}")
    end_block(draft, "deck")
    author = f"{rng.choice(GIVEN_NAMES)} {rng.choice(FAMILY_NAMES)}"
    put(draft, f"By {author}")
    end_block(draft, "byline")
    left = spans
    sentences = 0
    while left > 0:
        write, cost = rng.choice(SENTENCES)
        if cost > left:
            continue
        begin_sentence(draft)
        write(draft)
        left -= cost
        sentences += 1
        if rng.random() < 0.25:
            end_block(draft, "paragraph")
        if sentences % 9 == 8:
            end_block(draft, "paragraph")
            put(draft, f"{rng.choice(ADJECTIVES).capitalize()} {rng.choice(NOUNS)}")
            end_block(draft, "heading")
    end_block(draft, "paragraph")
    _fill(draft, kilobytes * 1000)
    put(draft, f"READ MORE: {rng.choice(ADJECTIVES).capitalize()} {rng.choice(NOUNS)}")
    end_block(draft, "promo")
    put(draft, f"© The {rng.choice(NOUNS).capitalize()} Post. All rights reserved.")
    end_block(draft, "boilerplate")
    raw = _finished(draft, seed, title, author)
    return _typed(raw) if rng.random() < 0.25 else raw


def as_bytes(raw: Raw) -> bytes:
    """A document as the bytes of its file, in the contract's layout."""
    return layout(raw, built_in_layers()).encode()


def as_line(raw: Raw) -> bytes:
    """A document as one line of a shard, without white space and without the line end."""
    return orjson.dumps(raw)


def _finished(draft: Draft, seed: int, title: str, author: str) -> Raw:
    rng = draft.rng
    text = "".join(draft.parts)
    for items in draft.layers.values():
        items.sort(key=_by_place)
    name = f"generated-{seed:06d}"
    meta = {
        "title": title,
        "language": rng.choice(_LANGUAGES),
        "source": f"{rng.choice(NOUNS).capitalize()} Post",
        "url": f"https://news.example/{name}",
        "published": f"20{rng.randint(10, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        "authors": [author],
        "license": rng.choice(_LICENCES),
        "article": {"path": f"articles/{name}.txt", "media_type": "text/plain", "encoding": "utf-8"},
    }
    return {
        "schema": FORMAT,
        "id": name,
        "meta": meta,
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": draft.blocks,
        "entities": list(draft.used.values()),
        "relations": draft.relations,
        "layers": draft.layers,
    }


def _typed(raw: Raw) -> Raw:
    """The document with the straight quotation marks of a keyboard."""
    raw["text"] = raw["text"].translate(_STRAIGHT)
    raw["text_sha256"] = sha256_of(raw["text"])
    for items in raw["layers"].values():
        for item in items:
            item["text"] = item["text"].translate(_STRAIGHT)
    return raw


def _by_place(item: Raw) -> tuple[int, int]:
    return item["start"], -item["end"]


def _cast(rng: random.Random, spans: int) -> Draft:
    """An empty document, and who and what it will be about."""
    some = min(max(2, spans // 12), len(FAMILY_NAMES))
    families = rng.sample(FAMILY_NAMES, some)
    people = [_entity(rng, "person", f"{rng.choice(GIVEN_NAMES)} {family}", family) for family in families]
    people += [_entity(rng, "person", name) for name in rng.sample(OTHER_SCRIPTS["person"], 2)]
    organizations = [_entity(rng, kind, name) for name, kind in rng.sample(ORGANIZATIONS, min(some, 5))]
    cities = [_entity(rng, "city", name) for name in rng.sample(CITIES, min(some, 5))]
    cities.append(_entity(rng, "city", rng.choice(OTHER_SCRIPTS["city"])))
    states = [_entity(rng, "state", name) for name in rng.sample(STATES, 2)]
    everyone = [*people, *organizations, *cities, *states]
    for entity in everyone:
        entity["links"] = {"wikidata": f"Q{_number(entity)}"}
    for city in cities:
        number = _number(city)
        city["links"]["geonames"] = str(number)
        city |= {"lat": round(number % 1601 / 10 - 80.05, 4), "lon": round(number % 3573 / 10 - 178.65, 4)}
        city |= {"link_score": round(rng.uniform(0.5, 1), 2), "link_method": "exact"}
    return Draft(rng, people, organizations, cities, states)


def _number(entity: Raw) -> int:
    """The number that registers know an entity by: of its name, so that all documents agree."""
    return zlib.crc32(entity["name"].encode()) + 100


def _entity(rng: random.Random, kind: str, name: str, alias: str = "") -> Raw:
    return {"id": "", "kind": kind, "name": name, **({"aliases": [alias]} if alias and rng.random() < 0.7 else {})}


def _headline(draft: Draft) -> str:
    rng = draft.rng
    words = f"{rng.choice(ADJECTIVES).capitalize()} {rng.choice(NOUNS)} {rng.choice(DEEDS)}"
    put(draft, words)
    return words


def _fill(draft: Draft, size: int) -> None:
    """Paragraphs without annotations, until the file has its size."""
    missing = size - 700 - len(as_bytes(_finished(draft, 0, "", "")))
    while missing > 0:
        words = " ".join(_filler(draft.rng) for _ in range(draft.rng.randint(2, 4)))
        put(draft, words)
        end_block(draft, "paragraph")
        missing -= len(words.encode()) + 54


def _filler(rng: random.Random) -> str:
    if rng.random() < 0.12:
        return rng.choice(ASIDES)
    clause = rng.choice(CLAUSES)
    noun, other = rng.choice(NOUNS), rng.choice(NOUNS)
    return rng.choice((
        f"The {rng.choice(ADJECTIVES)} {noun} {rng.choice(DEEDS)}, and {clause}.",
        f"As {clause}, the {noun} {rng.choice(DEEDS)} beside the {rng.choice(ADJECTIVES)} {other}.",
        f"People call it the “{rng.choice(ADJECTIVES)} {noun}”, because {clause}.",
    ))  # fmt: skip
