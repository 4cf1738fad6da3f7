"""Mutants of the COR and SPL checks: a name that one document misses, and defects that lie between documents."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from corpus_tool.model.schemas import Layer, _layer
from mutation.planting import Mutant, Planted, Raw, add_paragraph, annotate, seal

#: Names that no generated document holds, of several words; the third and the last in scripts without capitals.
_LONG = ("Bram Quist", "Åse Nygård-Holm", "Ida Roth", "Nguyễn Vân", "Иван Петров", "Ωμέγα Λάμδα", "Zoë D’Arcy")
_NAMES = (*_LONG, "Quilombo", "مريم الكبير", "דנה לוי", "O’Malley", "D. J. Fenn", "Étienne", "Ş̌tefan")
_SENTENCES = (
    "Then {} came.", "We saw {}, and left.", "“{} was there,” they said.", "Nobody asked {} 😀.", "It was up to {}:",
    "Was it {}? Nobody knew.", "“No,” he told {}.", "And on Monday, {}’s boat was gone.",
)  # fmt: skip

#: A layer of the corpus's own whose labels have no closed list.
OWN_LAYERS: Mapping[str, Layer] = {"events": _layer("events", {"properties": {"trigger": {"type": "string"}}})}
_LABELS = ("cease-fire", "earthquake", "inauguration", "дипломатия", "zemětřesení", "négociation", "press conference")


class Corpus(NamedTuple):
    """Documents with a defect between them, and where its check should find it.

    Attributes:
        documents: the documents.
        at: the id of the document, or the path in the corpus, that the finding must be at.
        pointer: the JSON Pointer that it must have.
        splits: the split of each document; none where it is empty.
        policy: how documents are dealt to splits.
        articles: files of the corpus's articles; all those that the documents name where it is None.
        files: further files of the corpus and what they hold.
        annotators: copies of documents by people, by their names.
        deal: ``build.splits``, by which the documents are dealt where ``splits`` does not say it.
        lock: the splits that documents keep.
        table: the splits that the user's table gives.
    """

    documents: list[Raw]
    at: str
    pointer: str = ""
    splits: Mapping[str, str] = {}
    policy: str = "hash"
    articles: list[str] | None = None
    files: Mapping[str, str] = {}
    annotators: Mapping[str, list[Raw]] = {}
    deal: Mapping[str, Any] = {}
    lock: Mapping[str, str] = {}
    table: Mapping[str, str] | None = None


CorpusMutant = Callable[[random.Random, list[Raw]], Corpus]


def _say(rng: random.Random, raw: Raw, name: str) -> int:
    """Adds a paragraph with a name; returns where the name starts."""
    sentence = rng.choice(_SENTENCES).format(name)
    return add_paragraph(raw, sentence) + sentence.index(name)


def _mark(rng: random.Random, raw: Raw, name: str, layer: str = "actors", **attributes: Any) -> str:
    """Adds a paragraph with an annotated name; returns the annotation's pointer."""
    pointer = annotate(raw, layer, name, _say(rng, raw, name), **attributes)
    index = int(pointer.rpartition("/")[2])
    raw["layers"][layer][index]["id"] = f"planted{index}"
    return pointer


def name_missed(rng: random.Random, raw: Raw) -> Planted:
    name, layer = rng.choice(_NAMES), rng.choice(("actors", "locations"))
    kind = rng.choice(("other", "person" if layer == "actors" else "city"))
    missed = rng.randrange(5)
    for number in range(5):
        if number == missed:
            _say(rng, raw, name)
        else:
            _mark(rng, raw, name, layer, kind=kind, mention="name")
    return Planted(raw, "/text")


def _retold(raw: Raw) -> Raw:
    """A document ``planted`` with another one's text, and nothing else of it."""
    kept = {key: deepcopy(raw[key]) for key in ("schema", "text", "text_sha256", "blocks")}
    return {**kept, "id": "planted", "meta": {"language": "en"}, "entities": [], "relations": [], "layers": {}}


def _edited(rng: random.Random, raw: Raw) -> Raw:
    """The same, with names added, the front left out, or in another dress."""
    made = _retold(raw)
    text = made["text"]
    match rng.randrange(3):
        case 0:
            text += " ".join(rng.choices(_NAMES, k=rng.randint(1, 4)))
        case 1:
            text = text[text.index(" ", rng.randint(20, 60)) :]
        case _:
            text = text.replace("“", '"').replace("”", '"').replace(" and ", " AND ").replace("\n\n", "\r\n") + "."
    made["text"], made["blocks"] = text, [{"start": 0, "end": len(text), "kind": "paragraph"}]
    seal(made)
    return made


def dealt(documents: list[Raw]) -> dict[str, str]:
    """Every other document, in order of their ids, into ``test``."""
    return {name: ("train", "test")[number % 2] for number, name in enumerate(sorted(raw["id"] for raw in documents))}


def exact_duplicate(rng: random.Random, documents: list[Raw]) -> Corpus:
    copied = rng.choice(documents)
    splits = dealt(documents)
    splits["planted"] = splits[copied["id"]]
    return Corpus([*documents, _retold(copied)], "planted", splits=rng.choice(({}, splits)))


def near_duplicate(rng: random.Random, documents: list[Raw]) -> Corpus:
    return Corpus([*documents, _edited(rng, rng.choice(documents))], "planted")


def duplicate_across_splits(rng: random.Random, documents: list[Raw]) -> Corpus:
    copied = rng.choice(documents)
    splits = dealt(documents)
    splits["planted"] = "test" if splits[copied["id"]] == "train" else "train"
    made = _retold(copied) if rng.random() < 0.5 else _edited(rng, copied)
    return Corpus([*documents, made], "planted", splits=splits)


def kind_differs(rng: random.Random, documents: list[Raw]) -> Corpus:
    name = rng.choice(_NAMES)
    kind, other = rng.sample(("person", "organization", "media", "party", "armed_group"), 2)
    odd, *agreeing = rng.sample(documents, rng.randint(6, len(documents)))
    for raw in agreeing:
        _mark(rng, raw, name, kind=kind, mention="name")
    return Corpus(documents, odd["id"], f"{_mark(rng, odd, name, kind=other)}/kind")


def name_missed_across(rng: random.Random, documents: list[Raw]) -> Corpus:
    name = rng.choice(_LONG)
    odd, *agreeing = rng.sample(documents, rng.randint(6, len(documents)))
    for raw in agreeing:
        _mark(rng, raw, name, kind="person")
    _say(rng, odd, name)
    return Corpus(documents, odd["id"], "/text")


def _events(raw: Raw, labels: list[str]) -> None:
    """Gives a document events with these triggers."""
    raw["layers"]["events"] = [
        {"id": f"v{number}", "start": 0, "end": 1, "text": raw["text"][:1], "trigger": label}
        for number, label in enumerate(labels)
    ]


def label_once(rng: random.Random, documents: list[Raw]) -> Corpus:
    once, *others = rng.sample(_LABELS, 4)
    for raw in documents:
        _events(raw, rng.choices(others, k=rng.randint(10, 14)) + others * 2)
    odd = rng.choice(documents)
    labels = [item["trigger"] for item in odd["layers"]["events"]]
    at = rng.randrange(len(labels))
    _events(odd, [*labels[:at], once, *labels[at:]])
    return Corpus(documents, odd["id"], f"/layers/events/{at}/trigger")


def _slip(rng: random.Random, label: str) -> str:
    """A label with one letter left out, doubled, another one, or exchanged with the next."""
    at = rng.choice([i for i in range(1, len(label) - 1) if label[i : i + 2].isalpha() and label[i] != label[i + 1]])
    front, letter, following, back = label[:at], label[at], label[at + 1], label[at + 2 :]
    return front + rng.choice((following, letter * 2 + following, f"ž{following}", following + letter)) + back


def label_variants(rng: random.Random, documents: list[Raw]) -> Corpus:
    label = rng.choice(_LABELS)
    sorts = [label.upper(), label.title(), f"{label}s", label.replace(" ", "_").replace("-", " ")]
    variant = rng.choice([made for made in sorts if made != label])
    variant = rng.choice((variant, _slip(rng, label)))
    odd = rng.choice(documents)
    for raw in documents:
        _events(raw, [label] * rng.randint(1, 3))
    events = odd["layers"]["events"]
    _events(odd, [item["trigger"] for item in events] + [variant])
    return Corpus(documents, odd["id"], f"/layers/events/{len(events)}/trigger")


def layer_unused(rng: random.Random, documents: list[Raw]) -> Corpus:
    layer = rng.choice(LAYERS)
    lacking = deepcopy(documents[: rng.randint(5, len(documents))])
    for raw in lacking:
        if rng.random() < 0.5:
            del raw["layers"][layer]
        else:
            raw["layers"][layer] = []
    name = rng.choice(("omar", "Ș. Țin", "عمر", "a b"))
    at = f"annotators/{name}/{lacking[0]['id']}.json"
    return Corpus(documents, at, annotators={"rosa": deepcopy(documents), name: lacking})


def article_without_document(rng: random.Random, documents: list[Raw]) -> Corpus:
    name = rng.choice(("fire", "Überflutung", "2024/حريق", "a b", "火災.old", "generated-00000x"))
    path = f"articles/{name}{rng.choice(('.txt', '.html', '.HTM', '.jsonl', '.text'))}"
    return Corpus(documents, path, articles=[*_articles(documents), path])


def article_missing(rng: random.Random, documents: list[Raw]) -> Corpus:
    odd = rng.choice(documents)
    if rng.random() < 0.5:
        odd["meta"]["article"]["path"] = f"articles/{rng.choice(_NAMES)}.txt"
    kept = [path for path in _articles(documents) if path != odd["meta"]["article"]["path"]]
    return Corpus(documents, odd["id"], "/meta/article/path", articles=kept)


def set_aside_open(rng: random.Random, documents: list[Raw]) -> Corpus:
    name = rng.choice((rng.choice(documents)["id"], "gone"))
    records = [
        {"layer": rng.choice(("actors", "quotes")), "id": f"a{n}", "text": rng.choice(_NAMES)}
        for n in range(rng.randint(1, 5))
    ]
    lines = "".join(json.dumps(record, ensure_ascii=rng.random() < 0.5) + "\n" for record in records)
    return Corpus(documents, f"set-aside/{name}.jsonl", files={f"set-aside/{name}.jsonl": lines})


def _articles(documents: list[Raw]) -> list[str]:
    return [raw["meta"]["article"]["path"] for raw in documents if "article" in raw["meta"]]


def _linked(rng: random.Random, documents: list[Raw], entity: Raw, other: Raw) -> tuple[str, int]:
    """Gives all but one of some documents one entity, and the last one another: its id, and the entity's number."""
    *agreeing, odd = rng.sample(documents, rng.randint(3, len(documents)))
    for raw in agreeing:
        raw["entities"].insert(rng.randint(0, len(raw["entities"])), {"id": "planted", **entity})
    at = rng.randint(0, len(odd["entities"]))
    odd["entities"].insert(at, {"id": "planted", **other})
    return odd["id"], at


def link_in_two_places(rng: random.Random, documents: list[Raw]) -> Corpus:
    lat, lon = rng.uniform(-85, 85), rng.uniform(-180, 180)
    kind = rng.choice(("city", "facility", "country", "natural"))
    far = 1 if kind in {"city", "facility"} else 20
    links = rng.choice(({"wikidata": "Q990017"}, {"geonames": "99001700"}, {"harbours": "no. 7 🚢"}))
    place = {"kind": kind, "name": rng.choice(_NAMES), "links": links, "lat": lat, "lon": lon}
    moved = {**place, "lat": lat - far if lat > 0 else lat + far}
    odd, at = _linked(rng, documents, place, moved)
    return Corpus(documents, odd, f"/entities/{at}/lat")


def link_with_two_names(rng: random.Random, documents: list[Raw]) -> Corpus:
    name, other = rng.sample(("Bram Quist", "Åse Nygård-Holm", "Ida\u00a0Roth", "Zoë D’Arcy", "Quilombo", "Étienne"), 2)
    links = {"wikidata": "Q990017"}
    odd, at = _linked(
        rng,
        documents,
        {"kind": "person", "name": name, "links": links},
        {"kind": "person", "name": other, "links": links},
    )
    return Corpus(documents, odd, f"/entities/{at}/links/wikidata")


def _across(rng: random.Random, documents: list[Raw]) -> tuple[Raw, Raw, dict[str, str]]:
    """Two documents of two splits, the earlier one first, and the splits."""
    splits = dealt(documents)
    one = rng.choice(documents)
    other = rng.choice([raw for raw in documents if splits[raw["id"]] != splits[one["id"]]])
    return (one, other, splits) if documents.index(one) < documents.index(other) else (other, one, splits)


def same_page(rng: random.Random, documents: list[Raw]) -> Corpus:
    one, other, splits = _across(rng, documents)
    if rng.random() < 0.3:
        for raw in (one, other):
            raw["meta"] |= {"source": "Harbour Post", "source_id": "n° 7/ü"}
    else:
        path = rng.choice(("fire?id=7&b=ü", "2024/03/حريق", "a", "?p=77"))
        one["meta"]["url"] = f"https://news.example/{path}"
        sign = "&" if "?" in path else "?"
        more = rng.choice(("", "#top", f"{sign}utm_source=feed", f"{sign}fbclid=x1#c"))
        other["meta"]["url"] = f"{rng.choice(('http', 'https'))}://{rng.choice(('www.', ''))}NEWS.example/{path}{more}"
    return Corpus(documents, other["id"], splits=splits)


def same_headline(rng: random.Random, documents: list[Raw]) -> Corpus:
    one, other, splits = _across(rng, documents)
    title = rng.choice(
        ("Fire destroys “harbour” of Tarn", "塔恩港口发生大火", "حريق كبير في ميناء تارن", "Nobody’s fault, says Ali")
    )
    day = f"20{rng.randint(10, 25)}-03-{rng.randint(10, 28)}"
    one["meta"] |= {"title": title, "published": day}
    dressed = rng.choice((title.upper(), f"{title}!", f"  {title}", title.replace(" ", "\u00a0")))
    other["meta"] |= {"title": dressed, "published": day + rng.choice(("", "T08:30:00Z", "T23:59+02:00"))}
    return Corpus(documents, other["id"], splits=splits)


def layer_missing(rng: random.Random, documents: list[Raw]) -> Corpus:
    layer = rng.choice(LAYERS)
    split = rng.choice(("train", "test"))
    splits = dealt(documents)
    for raw in documents:
        if splits[raw["id"]] == split:
            match rng.randrange(3):
                case 0:
                    del raw["layers"][layer]
                case 1:
                    raw["layers"][layer] = []
                case _:
                    _reject(raw["layers"][layer])
    return Corpus(documents, "corpus.yaml", splits=splits)


def _reject(items: list[Raw]) -> None:
    for item in items:
        item["provenance"] = {"status": "rejected"}


def kind_missing(rng: random.Random, documents: list[Raw]) -> Corpus:
    layer, kind = rng.choice((("actors", "party"), ("actors", "media"), ("locations", "area"), ("locations", "border")))
    split = rng.choice(("train", "test"))
    splits = dealt(documents)
    for raw in documents:
        if splits[raw["id"]] == split:
            _reject([item for item in raw["layers"][layer] if item["kind"] == kind])
        else:
            _mark(rng, raw, rng.choice(_NAMES), layer, kind=kind, mention="nominal")
    return Corpus(documents, "corpus.yaml", splits=splits)


def out_of_time_order(rng: random.Random, documents: list[Raw]) -> Corpus:
    splits = dealt(documents)
    odd = rng.choice([raw for raw in documents if splits[raw["id"]] == "train"])
    for raw in documents:
        year = 2024 if splits[raw["id"]] == "test" else 2020
        raw["meta"]["published"] = f"{year}-{rng.randint(10, 12)}-{rng.randint(10, 28)}"
    odd["meta"]["published"] = rng.choice(("2024-12-29", "2025-01-01T00:00:00Z", "2024-12-28T10:00:00+01:00"))
    return Corpus(documents, odd["id"], "/meta/published", splits=splits, policy="temporal")


#: The layers that every base document has.
LAYERS = ("actors", "locations", "figures", "quotes")

MUTANTS: dict[str, Mutant] = {"COR202": name_missed}

CORPUS_MUTANTS: dict[str, CorpusMutant] = {
    "COR101": exact_duplicate,
    "COR102": near_duplicate,
    "COR201": kind_differs,
    "COR203": name_missed_across,
    "COR301": label_once,
    "COR302": label_variants,
    "COR401": layer_unused,
    "COR501": article_without_document,
    "COR502": article_missing,
    "COR503": set_aside_open,
    "COR601": link_in_two_places,
    "COR602": link_with_two_names,
    "SPL101": duplicate_across_splits,
    "SPL102": same_page,
    "SPL103": same_headline,
    "SPL201": layer_missing,
    "SPL202": kind_missing,
    "SPL301": out_of_time_order,
}
