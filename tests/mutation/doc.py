"""Mutants of the DOC checks: the file, its JSON, its keys and values, its ids."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import generated

from corpus_tool.model.schemas import BUILT_IN
from mutation.planting import Mutant, Planted, Raw, live, own_keys, pick

_STRUCTURAL = re.compile(r'"(?:[^"\\]|\\.)*"|([{}\[\],:])')
_NO_JSON = (
    "<<<<<<< HEAD\n",
    ">>>>>>> theirs\n",
    "=======\n",
    "// note\n",
    "'x'\n",
    "NaN\n",
    "{\n",
    "}\n",
    "]\n",
    "\\\n",
    "\x01\n",
)
_ANY = None, True, False, 5, -7, 5.5, "5", "x", "", [], ["x"], {}, {"x": 1}
_SINGLE = "null", "true", "5", "-1.5e3", '"text"', "[]", "[[]]", '["x"]'
_UNKNOWN = "mentoin", "lable", "Kind", "notes", "a/b", "x~y", "", "ключ", "start_char", "😀", "id ", "__proto__"
#: Keys with a closed list of values.
_LISTED = frozenset({"kind", "mention", "modifier", "measure", "attitude", "speaker_status", "status"})
_REQUIRED = {
    "": ("id", "meta", "text", "text_sha256", "blocks", "layers"), "blocks": ("start", "end", "kind"),
    "entities": ("id", "kind", "name"), "relations": ("id", "type", "from", "to"), "provenance": ("status",),
    "cue": ("start", "end", "text"), "counted": ("start", "end", "text"), "layers": ("id", "start", "end", "text"),
}  # fmt: skip
_BAD_IDS = "", " ", "a b", "../x", "é1", "-a", ".a", "a" * 129, "a1\n", "a/1", "a\u00a01", "١", "a1 ", "😀"
_REFERENCES = "entity", "speaker", "parent", "place", "quote", "from", "to"


def empty_file(rng: random.Random, raw: Raw) -> bytes:
    return "".join(rng.choices(" \n\r\t", k=rng.randint(0, 40))).encode()


def invalid_json(rng: random.Random, raw: Raw) -> Planted:
    text = generated.as_bytes(raw).decode()
    way = rng.randrange(4)
    if way == 0:  # cut off
        return Planted(text[: rng.randint(1, len(text) - 3)].encode())
    if way == 1:  # a sign is missing
        at = rng.choice([m.start() for m in _STRUCTURAL.finditer(text) if m[1]])
        return Planted((text[:at] + text[at + 1 :]).encode())
    if way == 2:  # a second object
        return Planted(
            (text + generated.as_line(raw).decode()[: rng.randint(1, 99)]).encode(), line=text.count("\n") + 1
        )
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    words = rng.choice(_NO_JSON)
    lines.insert(at, words)
    return Planted("".join(lines).encode(), line=at + 1 if words[0] in "<>=" else None)


def not_an_object(rng: random.Random, raw: Raw) -> bytes:
    line = generated.as_line(raw).decode()
    return rng.choice([*_SINGLE, f"[{line}]", f"[{line}, {line}]", json.dumps(line)]).encode()


def nested_too_deeply(rng: random.Random, raw: Raw) -> Planted | None:
    depth = rng.randint(70, 200)
    deep: Any = rng.choice(_ANY)
    for _ in range(depth):
        deep = [deep] if rng.random() < 0.5 else {"a": deep}
    if rng.random() < 0.2:  # more than the parser reads
        inner = "[" * rng.randint(1100, 3000)
        return Planted(generated.as_line(raw).replace(b'"blocks":', f'"blocks":{inner},"x":'.encode(), 1), line=1)
    found = pick(rng, live(raw))
    if found is None:
        return None
    pointer, item = found
    item["provenance"] = {"status": "corrected", "was": {"x": deep}}
    return Planted(raw, pointer)


def duplicate_key(rng: random.Random, raw: Raw) -> Planted:
    lines = generated.as_bytes(raw).decode().splitlines(keepends=True)
    at = rng.choice([n for n, line in enumerate(lines) if line.startswith("    ") and '{"' in line])
    item = json.loads(lines[at].strip().rstrip(","))
    key = rng.choice(list(item))
    again = json.dumps(item[key] if rng.random() < 0.5 else rng.choice(_ANY), ensure_ascii=False)
    lines[at] = lines[at].replace("{", f'{{"{key}": {again}, ', 1)
    return Planted("".join(lines).encode(), line=at + 1)


def wrong_format_version(rng: random.Random, raw: Raw) -> Planted:
    versions = [f"corpus-tool/document/{rng.choice(('0', '2', '10', '1.0', 'x'))}", "brat", "", 1, None, ["1"], True]
    own = rng.choice([*versions, "missing"])
    if own == "missing":
        del raw["schema"]
        return Planted(raw, "")
    raw["schema"] = own
    return Planted(raw, "/schema")


def missing_key(rng: random.Random, raw: Raw) -> Planted:
    pointer, item = rng.choice(own_keys(raw))
    steps = pointer.split("/")
    keys = _REQUIRED.get(steps[-1]) or _REQUIRED.get(steps[1] if len(steps) > 1 else "", ())
    if steps[-1] == "meta":
        return missing_key(rng, raw)
    if steps[1:2] == ["layers"] and len(steps) == 4:
        keys = (*keys, "kind") if steps[2] != "figures" else (*keys, *({"value", "min"} & set(item) - {"max"}))
    key = rng.choice(sorted(keys))
    if key == "min":
        item.pop("max", None)
    del item[key]
    return Planted(raw, pointer)


def unknown_key(rng: random.Random, raw: Raw) -> Planted:
    pointer, item = rng.choice(own_keys(raw))
    key = rng.choice(_UNKNOWN)
    item[key] = rng.choice(_ANY)
    return Planted(raw, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")


def wrong_type(rng: random.Random, raw: Raw) -> Planted:
    pointer, item = rng.choice(own_keys(raw))
    key = rng.choice([key for key in item if key not in _LISTED and key != "schema"] or ["kind"])
    if key not in item or (key == "kind" and not pointer.startswith("/entities")):
        return wrong_type(rng, raw)
    others = [value for value in _ANY if _type(value) is not _type(item[key])]
    item[key] = rng.choice([*others, 5.5, -0.5] if key in {"start", "end"} else others)
    if pointer == "/meta" and key == "article":
        item[key] = "articles/x.txt"
    return Planted(raw, f"{pointer}/{key}")


def _type(value: Any) -> type:
    """The JSON type of a value: integers and fractions are both numbers."""
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def unknown_value(rng: random.Random, raw: Raw) -> Planted:
    objects = [(pointer, item) for pointer, item in own_keys(raw) if not pointer.startswith("/entities")]
    places = [(pointer, item, key) for pointer, item in objects for key in item if key in _LISTED]
    pointer, item, key = rng.choice(places)
    own = str(item[key])
    item[key] = rng.choice((own.upper(), own[:-1], f"{own}s", f"{own} ", f"{own}\n", "", "x", None, 5, True, ["x"], {}))
    return Planted(raw, f"{pointer}/{key}")


def malformed_value(rng: random.Random, raw: Raw) -> Planted | None:
    meta, digest = raw["meta"], raw["text_sha256"]
    offsets = [(f"{p}/start", item, "start") for p, item in own_keys(raw) if "start" in item]
    pointer, item, key = rng.choice(offsets)
    ways: list[tuple[str, Raw, str, Any]] = [(pointer, item, key, -rng.randint(1, 99))]
    languages = ("English (US)", "en\n", "e", "", "en_US", "en-", "123", "en--GB", "ｅｎ", "en-GB ")
    ways += [("/meta/language", meta, "language", own) for own in languages]
    dates = ("31.05.2024", "2024-5-31", "2024-05-31 08:30", "2024-05-31\n", "", "٢٠٢٤", "May 2024", "2024-05-31T8:30")
    ways += [("/meta/published", meta, "published", own) for own in dates]
    ways += [("/text_sha256", raw, "text_sha256", own) for own in (digest.upper(), digest[:-1], f"{digest}\n", "", "x")]
    for i, entity in enumerate(raw["entities"]):
        ways += [(f"/entities/{i}/{key}", entity, key, "") for key in ("name", "kind")]
        ways += [
            (f"/entities/{i}/aliases/0", entity, "aliases", [""]),
            (f"/entities/{i}/links/x", entity, "links", {"x": ""}),
        ]
        ways.append((f"/entities/{i}/link_score", entity, "link_score", rng.choice((1.01, -0.01, 2, -1, 1e300))))
    for pointer, item in live(raw):
        one = {"start": item["start"], "end": item["end"]}
        ways.append((f"{pointer}/fragments", item, "fragments", rng.choice(([], [one]))))
        ways += [(f"{pointer}/{key}", item, key, "") for key in ("role", "unit") if key in item]
        if "provenance" in item:
            ways.append((f"{pointer}/provenance/score", item["provenance"], "score", rng.choice((1.5, -0.5, 100))))
    pointer, item, key, value = rng.choice(ways)
    item[key] = value
    return Planted(raw, pointer)


def undeclared_layer(rng: random.Random, raw: Raw) -> Planted:
    name = rng.choice(("acters", "Actors", "events", "actor", "", "a/b", "quotes ", "ακτορς", "locations\n"))
    if rng.random() < 0.5:
        raw["layers"][name] = rng.choice(([], {}, None, [{"id": "x1"}]))
    else:
        raw["layers"][name] = raw["layers"].pop(rng.choice(list(BUILT_IN)))
    return Planted(raw, f"/layers/{name.replace('/', '~1')}")


def offset_not_integer(rng: random.Random, raw: Raw) -> Planted:
    pointer, item = rng.choice([(pointer, item) for pointer, item in own_keys(raw) if "start" in item])
    if "fragments" in item and rng.random() < 0.5:
        nth = rng.randrange(len(item["fragments"]))
        pointer, item = f"{pointer}/fragments/{nth}", item["fragments"][nth]
    key = rng.choice(("start", "end"))
    item[key] = rng.choice((float(item[key]), 1e3, 5.0, 0.0, 1e22))
    return Planted(raw, f"{pointer}/{key}")


def malformed_id(rng: random.Random, raw: Raw) -> Planted:
    places = [(f"{p}/id", item, "id") for p, item in own_keys(raw) if "id" in item]
    places += [(f"/relations/{i}/{key}", r, key) for i, r in enumerate(raw["relations"]) for key in ("from", "to")]
    pointer, item, key = rng.choice([places[0], *places])
    item[key] = rng.choice(_BAD_IDS)
    return Planted(raw, pointer)


def id_differs_from_file_name(rng: random.Random, raw: Raw) -> Planted:
    own = raw["id"]
    name = rng.choice((own[:-1], f"{own}.ann", own.upper(), f"{own}-2", "x", "harbour fire", "港口", "📰"))
    if rng.random() < 0.5:
        return Planted(raw, "/id", name=name)
    raw["id"] = f"{own}-{rng.choice('abc.2')}"
    return Planted(raw, "/id", name=own)


def duplicate_id(rng: random.Random, raw: Raw) -> Planted | None:
    used = {item.get(key) for item in [*raw["relations"], *(a for _, a in live(raw))] for key in _REFERENCES}
    used |= {own for _, quote in live(raw, "quotes") for own in quote.get("co_speakers", ())}
    free = [(pointer, item) for pointer, item in live(raw) if item["id"] not in used]
    if rng.random() < 0.3 and raw["entities"]:
        own = rng.choice(raw["entities"])
        raw["entities"].append({"id": own["id"], "kind": own["kind"], "name": f"{own['name']} Other"})
        return Planted(raw, f"/entities/{len(raw['entities']) - 1}")
    if len(free) < 2:
        return None
    first, second = sorted(rng.sample(range(len(free)), 2))
    free[second][1]["id"] = free[first][1]["id"]
    return Planted(raw, free[second][0])


def corrected_without_was(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, live(raw))
    if found is None:
        return None
    pointer, item = found
    item["provenance"] = {"annotator": "R. Editor", "status": "corrected", **rng.choice(({}, {"was": {}}))}
    return Planted(raw, f"{pointer}/provenance")


def was_without_correction(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, live(raw))
    if found is None:
        return None
    pointer, item = found
    was = rng.choice(({"kind": "group"}, {"start": 0}, {"text": "—"}, {"entity": "e99"}, {"": {}}))
    item["provenance"] = {"status": rng.choice(("accepted", "added", "suggested")), "was": was}
    return Planted(raw, f"{pointer}/provenance")


def article_path_outside_corpus(rng: random.Random, raw: Raw) -> Planted:
    name = rng.choice(("notes.txt", "ملف.txt", "a b", "x/y.html", ""))
    way = rng.choice(
        ("/etc/{}", "../{}", "articles/../../{}", "~/{}", "C:\\{}", "\\\\server\\{}", "https://x/{}", "a\\..\\{}")
    )
    raw["meta"]["article"]["path"] = way.format(name)
    return Planted(raw, "/meta/article/path")


MUTANTS: dict[str, Mutant] = {
    "DOC101": empty_file,
    "DOC102": invalid_json,
    "DOC103": not_an_object,
    "DOC104": nested_too_deeply,
    "DOC105": duplicate_key,
    "DOC201": wrong_format_version,
    "DOC202": missing_key,
    "DOC203": unknown_key,
    "DOC204": wrong_type,
    "DOC205": unknown_value,
    "DOC206": malformed_value,
    "DOC207": undeclared_layer,
    "DOC208": offset_not_integer,
    "DOC301": malformed_id,
    "DOC302": id_differs_from_file_name,
    "DOC303": duplicate_id,
    "DOC401": corrected_without_was,
    "DOC402": was_without_correction,
    "DOC501": article_path_outside_corpus,
}
