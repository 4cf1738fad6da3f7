"""Mutants of the ENT checks: entities, links, relations and what refers to them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from corpus_tool.model.schemas import Layer, _layer
from mutation.planting import Mutant, Planted, Raw, add_paragraph, annotate, live, pick

#: A layer of a corpus's own, with references of every sort.
OWN_LAYERS: dict[str, Layer] = {
    "rulings": _layer(
        "rulings",
        {
            "properties": {
                "court": {"type": "string", "x-refers-to": "actors"},
                "places": {"type": "array", "items": {"type": "string", "x-refers-to": "locations"}},
                "party": {"type": "string", "x-refers-to": "entities"},
                "judges": {"type": "array", "items": {"type": "string", "x-refers-to": "entities"}},
                "appeal": {"type": "string", "x-refers-to": "rulings"},
            }
        },
    )
}

_ACTOR_KINDS = (
    "person", "organization", "government", "state", "armed_group", "military", "media", "party", "group", "other",
)  # fmt: skip
_LOCATION_KINDS = (
    "continent", "country", "region", "province", "city", "district", "facility", "natural", "border", "area", "other",
)  # fmt: skip
#: Words that no generated document names anybody with.
_NOMINALS = "witness", "gatekeeper", "old cook", "ferryman", "two-time winner", "night nurse", "حارس", "守门人", "שומרת"
_NAMES = (
    "Bram Quist", "Åse Nygård-Holm", "Nguyễn Vân", "مريم الكبير", "דנה לוי", "王小明", "O’Malley",
    "D. J. Fenn", "Zoë 🎻",
    "Ωμέγα", "Ida\u00a0Roth", "И. Петрова", "Quilombo (PQ)", "A1", "Jean-Luc", "Saint Étienne",
)  # fmt: skip
_MISSING = "e999", "E1", "e", "a1", "q1", "x-7", "Q801", "e1.", "1", "e01"
_ONE_WAY = "coref", "antecedent", "part_of", "Member-Of", "located in", "subevent_of", "is_a"
_TYPES = (*_ONE_WAY, "works_for", "met", "gehört zu", "与", "married_to", "العمل", "x")
_GOOD_LINKS = {
    "wikidata": "Q801", "geonames": "281184", "viaf": "102333412", "gnd": "118557513", "lei": "5493001KJTIIGC8Y1R12",
    "orcid": "0000-0002-1825-0097", "osm": "relation/1473946", "iso3166": "FR-75", "unlocode": "NLRTM",
    "wikipedia": "en:Jerusalem", "isni": "0000000121251077", "ror": "05dxps055", "harbours": "no. 7",
}  # fmt: skip


def _used(raw: Raw) -> Counter[str]:
    """How often each entity is referred to."""
    ends = [end for relation in raw["relations"] for end in (relation["from"], relation["to"])]
    return Counter([*ends, *(item["entity"] for _, item in live(raw) if "entity" in item)])


def _nominal(rng: random.Random, raw: Raw, **attributes: Any) -> str:
    """Adds a paragraph with a mention of somebody by a noun; the pointer of the mention."""
    words = rng.choice(_NOMINALS)
    front = rng.choice(("Then the", "Nobody saw the", "On the pier 🚢 the", "“No,” said the"))
    if front.startswith("“"):
        front = "Late at night the"
    start = add_paragraph(raw, f"{front} {words} {rng.choice(('left', 'slept', 'came back', 'sang “Ó”'))}.")
    return annotate(raw, "actors", words, start, **{"kind": "person", "mention": "nominal", **attributes})


def _add_entity(rng: random.Random, raw: Raw, **attributes: Any) -> str:
    """Adds an entity and a mention of it; the pointer of the entity."""
    own = {"id": f"n{len(raw['entities']) + 1}", "kind": "person", **attributes}
    raw["entities"].insert(rng.randint(0, len(raw["entities"])), own)
    _nominal(rng, raw, kind=own["kind"] if own["kind"] in _ACTOR_KINDS else "other", entity=own["id"])
    return f"/entities/{raw['entities'].index(own)}"


def _ids(raw: Raw) -> list[str]:
    return [item["id"] for _, item in live(raw)] + [entity["id"] for entity in raw["entities"]]


def _rejected(raw: Raw) -> list[str]:
    gone = {item["id"] for items in raw["layers"].values() for item in items}
    return sorted(gone - {item["id"] for _, item in live(raw)})


def _relate(rng: random.Random, raw: Raw, kind: str, start: str, end: str) -> str:
    own = {"id": f"n{len(raw['relations']) + 1}", "type": kind, "from": start, "to": end}
    raw["relations"].insert(rng.randint(0, len(raw["relations"])), own)
    return f"/relations/{raw['relations'].index(own)}"


def dangling_entity(rng: random.Random, raw: Raw) -> Planted | None:
    used = _used(raw)
    missing = rng.choice([own for own in _MISSING if own not in {entity["id"] for entity in raw["entities"]}])
    mentions = live(raw, "actors", "locations")
    found = pick(rng, [(p, m) for p, m in mentions if "entity" not in m or used[m["entity"]] > 1])
    if found is None:
        return None
    found[1]["entity"] = missing
    return Planted(raw, f"{found[0]}/entity")


def dangling_relation(rng: random.Random, raw: Raw) -> Planted:
    ids, key = _ids(raw), rng.choice(("from", "to"))
    missing = rng.choice([own for own in (*_MISSING, *_rejected(raw)) if own not in ids])
    ends = (missing, rng.choice(ids)) if key == "from" else (rng.choice(ids), missing)
    return Planted(raw, f"{_relate(rng, raw, rng.choice(_TYPES), *ends)}/{key}")


def _ruling(raw: Raw, words: str, **attributes: Any) -> str:
    start = add_paragraph(raw, f"The court {words} the claim.")
    number = len(raw["layers"].get("rulings", ())) + 1
    return annotate(raw, "rulings", words, start, **{"id": f"ruling-{number}", **attributes})


def dangling_reference(rng: random.Random, raw: Raw) -> Planted:
    key, layer = rng.choice((("court", "actors"), ("places", "locations"), ("party", ""), ("judges", "")))
    entities = [entity["id"] for entity in raw["entities"]]
    known = [item["id"] for _, item in live(raw, layer)] if layer else entities
    missing = rng.choice([own for own in (*_MISSING, *_rejected(raw), "l99") if own not in known])
    if key in ("court", "party"):
        return Planted(raw, f"{_ruling(raw, rng.choice(('heard', 'dismissed')), **{key: missing})}/{key}")
    listed = rng.sample(known, min(len(known), rng.randint(0, 3)))
    at = rng.randint(0, len(listed))
    listed.insert(at, missing)
    return Planted(raw, f"{_ruling(raw, rng.choice(('allowed', 'struck down')), **{key: listed})}/{key}/{at}")


def self_relation(rng: random.Random, raw: Raw) -> Planted:
    own = rng.choice(_ids(raw))
    return Planted(raw, _relate(rng, raw, rng.choice(_TYPES), own, own))


def mention_cycle(rng: random.Random, raw: Raw) -> Planted:
    length = rng.randint(2, 6)
    if rng.random() < 0.3:
        ids = [f"g{n}" for n in range(rng.randint(1, length))]
        for n, own in enumerate(ids):
            _ruling(raw, rng.choice(("heard", "upheld", "reversed")), id=own, appeal=ids[(n + 1) % len(ids)])
        return Planted(raw)
    way = rng.sample(_ids(raw), length)
    kind = rng.choice(_ONE_WAY)
    steps = list(zip(way, [*way[1:], way[0]], strict=True))
    for start, end in rng.sample(steps, length):
        _relate(rng, raw, kind, start, end)
    for n, relation in enumerate(raw["relations"], 1):
        relation["id"] = f"n{n}"
    return Planted(raw)


def duplicate_relation(rng: random.Random, raw: Raw) -> Planted:
    start, end = rng.sample(_ids(raw), 2)
    kind = rng.choice(_TYPES)
    own: Raw = {"type": kind, "from": start, "to": end}
    if rng.random() < 0.3:
        own["extra"] = {"since": rng.choice((2019, "2019", True, 1.5, "سنة"))}
    raw["relations"] += [{"id": "n1", **own}, {"id": "n2", **own}]
    return Planted(raw, f"/relations/{len(raw['relations']) - 1}")


def unused_entity(rng: random.Random, raw: Raw) -> Planted | None:
    if rng.random() < 0.5:
        kind = rng.choice((*_ACTOR_KINDS, *_LOCATION_KINDS))
        at = rng.randint(0, len(raw["entities"]))
        raw["entities"].insert(at, {"id": "n1", "kind": kind, "name": rng.choice(_NAMES)})
        return Planted(raw, f"/entities/{at}")
    referred = {own for item in raw["layers"]["quotes"] for own in (item.get("speaker"), *item.get("co_speakers", ()))}
    referred |= {item.get("place") for item in raw["layers"]["figures"]}
    referred |= {end for relation in raw["relations"] for end in (relation["from"], relation["to"])}
    used = _used(raw)
    mentions = live(raw, "actors", "locations")
    alone = [m for _, m in mentions if "entity" in m and used[m["entity"]] == 1 and m["id"] not in referred]
    mention = pick(rng, alone)
    if mention is None:
        return None
    mention["provenance"] = {"annotator": "R. Editor", "status": "rejected"}
    at = [entity["id"] for entity in raw["entities"]].index(mention["entity"])
    return Planted(raw, f"/entities/{at}")


def entity_kind_differs(rng: random.Random, raw: Raw) -> Planted | None:
    entities = {entity["id"]: entity for entity in raw["entities"]}
    found = pick(rng, [(p, m) for p, m in live(raw, "actors", "locations") if "entity" in m])
    if found is None:
        return None
    pointer, mention = found
    kinds = _ACTOR_KINDS if pointer.startswith("/layers/actors") else _LOCATION_KINDS
    own = entities[mention["entity"]]["kind"]
    places = {"state", "country", "city", "province", "region"}
    wrong = [
        kind for kind in kinds
        if kind != own and {kind, own} != {"state", "country"} and not (kind == "government" and own in places)
    ]  # fmt: skip
    kind = rng.choice(wrong)
    if "fragments" in mention or any(m is not mention and m["start"] == mention["start"] for _, m in live(raw)):
        return None  # the state that is a country as well: one string, two layers
    mention["kind"] = kind
    return Planted(raw, pointer)


def unknown_entity_kind(rng: random.Random, raw: Raw) -> Planted:
    at = rng.randrange(len(raw["entities"]))
    wrong = "organisation", "Person", "PER", "org", "town", "persons", "人", "شخص", "city ", "GPE", "🙂", "0"
    raw["entities"][at]["kind"] = rng.choice(wrong)
    return Planted(raw, f"/entities/{at}/kind")


def same_name_two_entities(rng: random.Random, raw: Raw) -> Planted | None:
    entity = pick(rng, [e for e in raw["entities"] if e["kind"] in _ACTOR_KINDS])
    if entity is None:
        return None
    spelled: tuple[Callable[[str], str], ...] = (str.upper, str.lower, _wide, str.title, _as_it_is)
    _add_entity(rng, raw, kind=entity["kind"], name=rng.choice(spelled)(entity["name"]))
    return Planted(raw)


def _as_it_is(name: str) -> str:
    return name


def _wide(name: str) -> str:
    return name.replace(" ", "  ")


def same_link_two_entities(rng: random.Random, raw: Raw) -> Planted | None:
    linked = pick(rng, [entity for entity in raw["entities"] if entity.get("links")])
    if linked is None:
        return None
    register = rng.choice(sorted(linked["links"]))
    same = rng.random() < 0.3 and linked["kind"] in _ACTOR_KINDS
    name, kind = (linked["name"], linked["kind"]) if same else (rng.choice(_NAMES), rng.choice(_ACTOR_KINDS[4:]))
    _add_entity(rng, raw, kind=kind, name=name, links={register: linked["links"][register]})
    return Planted(raw)


def duplicate_alias(rng: random.Random, raw: Raw) -> Planted:
    at = rng.randrange(len(raw["entities"]))
    entity = raw["entities"][at]
    aliases = [*entity.get("aliases", ()), *rng.sample(_NAMES, rng.randint(0, 3))]
    again = rng.choice([entity["name"], *aliases])
    entity["aliases"] = [*aliases, again]
    return Planted(raw, f"/entities/{at}/aliases/{len(aliases)}")


def mention_without_entity(rng: random.Random, raw: Raw) -> Planted | None:
    named = [(p, m) for p, m in live(raw, "actors", "locations") if "entity" in m and m.get("mention") == "name"]
    found = pick(rng, named)
    if found is None:
        return None
    pointer, mention = found
    layer = pointer.split("/")[2]
    start = add_paragraph(raw, rng.choice(("Later, ", "And 🙂 ", "In the end ")) + f"{mention['text']} was seen again.")
    known = {} if rng.random() < 0.4 else {"mention": "name"}
    return Planted(raw, annotate(raw, layer, mention["text"], start, kind=mention["kind"], **known))


def name_is_alias_elsewhere(rng: random.Random, raw: Raw) -> Planted | None:
    entity = pick(rng, [e for e in raw["entities"] if e["kind"] in _ACTOR_KINDS])
    if entity is None:
        return None
    name = rng.choice(_NAMES)
    entity["aliases"] = [*entity.get("aliases", ()), rng.choice((name, name.upper(), _wide(name)))]
    return Planted(raw, f"{_add_entity(rng, raw, kind=entity['kind'], name=name)}/name")


def malformed_link(rng: random.Random, raw: Raw) -> Planted:
    register = rng.choice(sorted(_GOOD_LINKS))
    good = _GOOD_LINKS[register]
    wrong = [f" {good}", f"{good}\n", f"{good} ", " ", f"{good}\u00a0", f"\t{good}"]
    if register != "harbours":
        wrong += [f"https://{register}.example/{good}", f"http://{register}.example/wiki?id={good}"]
    if register not in ("wikipedia", "harbours"):
        wrong += [f"{register}:{good}", f"{good};", f"<{good}>", f"{good}?x=1", "n/a", "٤٢", "null", "?"]
    at = rng.randrange(len(raw["entities"]))
    raw["entities"][at].setdefault("links", {})[register] = rng.choice(wrong)
    return Planted(raw, f"/entities/{at}/links/{register}")


def coordinates_out_of_range(rng: random.Random, raw: Raw) -> Planted:
    at = rng.randrange(len(raw["entities"]))
    key = rng.choice(("lat", "lon"))
    most = 90 if key == "lat" else 180
    beyond = rng.choice((most + 0.001, most + rng.uniform(0.1, 90), rng.randint(10**3, 10**9), 1e300))
    raw["entities"][at] |= {"lat": 1.5, "lon": -2, key: rng.choice((1, -1)) * beyond}
    return Planted(raw, f"/entities/{at}/{key}")


def half_coordinates(rng: random.Random, raw: Raw) -> Planted:
    at = rng.randrange(len(raw["entities"]))
    raw["entities"][at] |= {"lat": rng.choice((0, 12.5, -33.9)), "lon": rng.choice((0, 151.2, -70))}
    del raw["entities"][at][rng.choice(("lat", "lon"))]
    return Planted(raw, f"/entities/{at}")


def null_island(rng: random.Random, raw: Raw) -> Planted:
    at = rng.randrange(len(raw["entities"]))
    zeros = (0, 0.0, -0.0)
    raw["entities"][at] |= {"lat": rng.choice(zeros), "lon": rng.choice(zeros)}
    return Planted(raw, f"/entities/{at}")


MUTANTS: dict[str, Mutant] = {
    "ENT101": dangling_entity,
    "ENT102": dangling_relation,
    "ENT103": dangling_reference,
    "ENT104": self_relation,
    "ENT105": mention_cycle,
    "ENT106": duplicate_relation,
    "ENT201": unused_entity,
    "ENT202": entity_kind_differs,
    "ENT203": unknown_entity_kind,
    "ENT204": same_name_two_entities,
    "ENT205": same_link_two_entities,
    "ENT206": duplicate_alias,
    "ENT207": mention_without_entity,
    "ENT208": name_is_alias_elsewhere,
    "ENT301": malformed_link,
    "ENT302": coordinates_out_of_range,
    "ENT303": half_coordinates,
    "ENT304": null_island,
}
