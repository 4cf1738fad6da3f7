"""An invented newsroom: as many annotated articles as a test asks for, always the same ones, and hostile ones."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]

#: Cities with the degrees that any atlas gives.
CITIES = (
    ("Trieste", 45.65, 13.77), ("Lisbon", 38.72, -9.14), ("Hobart", -42.88, 147.33), ("Duluth", 46.78, -92.11),
    ("Beira", -19.84, 34.84), ("Arica", -18.48, -70.31), ("حلب", 36.2, 37.16), ("חיפה", 32.82, 34.99),
    ("Gdańsk", 54.35, 18.65), ("Bergen", 60.39, 5.32), ("Mombasa", -4.04, 39.67), ("高雄", 22.62, 120.31),
)  # fmt: skip

PEOPLE = (
    ("Mara Okonjo", "person"), ("علي الحداد", "person"), ("Ines Vallery", "person"), ("Tomasz Rell", "person"),
    ("Harbour Union", "organization"), ("Northlight Party", "party"), ("李文静", "person"),
    ("Zoë Q\u0301uint", "person"),
)  # fmt: skip

OUTLETS = ("The Siret Courier", "Harbour Post", "Le Phare du Nord", "Mombasa Evening")
MEASURES = (("killed", "people"), ("evacuated", "families"), ("affected", "homes"), ("missing", "sailors"))
STATUSES = ("accepted", "accepted", "added", "accepted", "suggested", "suggested")

TITLES = (
    "{} counts the cost after a storm 🌊", "A night without light in {}", "Who pays for the wall of {}?",
    "In {}, the harbour opens again", "“Nobody told us”: the morning after in {}",
)  # fmt: skip

#: What stands before and behind a nominal, for as many paragraphs as are asked for.
LINES = (
    (
        "Down by the quay",
        "residents",
        "waited for the first boat until dawn, with thermos flasks and one working radio.",
    ),
    ("In the upper streets, where no water came,", "shopkeepers", "handed out candles and wrote names on a list."),
    ("All through the night", "volunteers", "filled sandbags behind the fish hall. Nobody kept count."),
    ("By noon the wind had dropped, and", "children", "were looking for the school bell in the mud."),
    ("Whether the old pier can be saved is open;", "engineers", "want to see it at low tide first."),
    ("At the town hall", "clerks", "dried land registers page by page with a hair dryer."),
)

_MARKED = re.compile(r"\{(?P<id>[a-z]+[0-9]*)\||\}")


def marked(words: str) -> tuple[str, dict[str, list[tuple[int, int]]]]:
    """Text and places of words with marks: ``{q1|“Stay {l1|here},”} she {c1|said}``; an id twice is two pieces."""
    text, places, open_marks, done = "", {}, [], 0
    for found in _MARKED.finditer(words):
        text += words[done : found.start()]
        done = found.end()
        if found["id"]:
            open_marks.append((found["id"], len(text)))
        else:
            key, start = open_marks.pop()
            places.setdefault(key, []).append((start, len(text)))
    return text + words[done:], places


def span(text: str, pieces: list[tuple[int, int]]) -> Json:
    """The position of a span, as documents have it."""
    own = {
        "start": pieces[0][0],
        "end": pieces[-1][1],
        "text": " ".join(text[start:end] for start, end in pieces),
    }
    return own if len(pieces) == 1 else {**own, "fragments": [{"start": start, "end": end} for start, end in pieces]}


def document(document_id: str, words: str, marks: Mapping[str, Mapping[str, Json]], **rest: Any) -> Json:
    """A document from marked words; ``marks`` has by layer and id the attributes, where ``cue`` names a mark.

    The first line is the title, every other one that is not empty a paragraph.
    """
    text, places = marked(words)
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\n]*\S[^\n]*", text)]
    kinds = ["title", *["paragraph"] * (len(lines) - 1)]
    layers = {}
    for layer, own in marks.items():
        made = []
        for key, attributes in own.items():
            spans = {k: span(text, places[v]) for k, v in attributes.items() if k in {"cue", "counted"}}
            made.append({"id": key, **span(text, places[key]), **attributes, **spans})
        layers[layer] = sorted(made, key=lambda one: (one["start"], -one["end"]))
    return {
        "schema": "corpus-tool/document/1",
        "id": document_id,
        "meta": {"title": text.split("\n", 1)[0], "language": "en", **rest.pop("meta", {})},
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "blocks": [{"start": s, "end": e, "kind": kind} for (s, e), kind in zip(lines, kinds, strict=True)],
        "entities": [],
        **rest,
        "layers": layers,
    }


def article(number: int, *, paragraphs: int = 3) -> Json:
    """The article of a number: who, where, how many and who says so, with emoji and scripts of both directions."""
    city, lat, lon = CITIES[number * number % len(CITIES)]
    other, other_lat, other_lon = CITIES[(number * number + 5 + number % 5) % len(CITIES)]
    first = number * 3 % len(PEOPLE)
    who, kind = PEOPLE[first]
    second, second_kind = PEOPLE[(first + 1 + number % 5) % len(PEOPLE)]
    measure, counted = MEASURES[number % len(MEASURES)]
    status = STATUSES[number % len(STATUSES)]
    made = {"provenance": {"annotator": "night desk" if status != "suggested" else "rules/1", "status": status}}
    many = 10 + number * 7 % 90
    crane = " 🏗️" if number % 2 else ""
    words = [
        TITLES[number % len(TITLES)].format(f"{{l0|{city}}}"),
        "",
        " ".join(
            (
                f"{{q1|“We lost {{f1|{many}}} {{n1|{counted}}} in one night,”}}",
                f"{{c1|said}} {{a1|{who}}} in {{l1|{city}}}.",
                f"{{q1|“And {{a2|{second}}} promised us a wall from {{l2|{other}}}.”}}",
            )
        ),
        "",
        f"{{a3|{second}}} {{c2|replied}} {{q2|that the wall\u00a0would cost {{f2|€{number + 2}m}}{crane}}}.",
    ]
    marks: dict[str, dict[str, Json]] = {
        "actors": {
            "a1": {"kind": kind, "mention": "name", "entity": "e1", **made},
            "a2": {"kind": second_kind, "mention": "name", "entity": "e2", **made},
            "a3": {"kind": second_kind, "mention": "name", "entity": "e2", **made},
        },
        "locations": {
            "l0": {"kind": "city", "mention": "name", "entity": "e3", **made},
            "l1": {"kind": "city", "mention": "name", "entity": "e3", **made},
            "l2": {"kind": "city", "mention": "name", "entity": "e4", **made},
        },
        "figures": {
            "f1": {"value": many, "modifier": "exact", "unit": "count", "measure": measure, "counted": "n1",
                   "quote": "q1", "place": "l1", **made},
            "f2": {"value": (number + 2) * 10**6, "modifier": "exact", "unit": "EUR", "measure": "money", "quote": "q2",
                   **made},
        },
        "quotes": {
            "q1": {"kind": "direct", "attitude": "speech", "cue": "c1", "speaker": "a1", **made},
            "q2": {"kind": "indirect", "attitude": "speech", "cue": "c2", "speaker": "a3", **made},
        },
    }  # fmt: skip
    for place in range(paragraphs):
        key = f"a{10 + place}"
        before, group, after = LINES[(number + place) % len(LINES)]
        words += ["", f"{before} {{{key}|{group}}} {after}"]
        marks["actors"][key] = {"kind": "group", "mention": "nominal", **made}
    entities = [
        {"id": "e1", "kind": kind, "name": who},
        {"id": "e2", "kind": second_kind, "name": second},
        {"id": "e3", "kind": "city", "name": city, "lat": lat, "lon": lon},
        {"id": "e4", "kind": "city", "name": other, "lat": other_lat, "lon": other_lon},
    ]
    meta = {
        "source": OUTLETS[number % len(OUTLETS)],
        "published": f"2025-{number % 11 + 1:02}-{number % 27 + 1:02}",
        "authors": ["Ana Pell"],
        "license": "CC0-1.0",
        "url": f"https://courier.example.org/{number}",
    }
    return document(f"storm-{number:05}", "\n".join(words), marks, meta=meta, entities=entities)


def version_of(made: Json, annotator: str, left_out: Collection[str] = ()) -> Json:
    """An annotator's version of a document: all accepted, without the actors and figures with some ids."""
    own = {"provenance": {"annotator": annotator, "status": "accepted"}}
    layers = {
        layer: [{**mark, **own} for mark in marks if mark["id"] not in left_out]
        for layer, marks in made["layers"].items()
    }
    return {**made, "layers": layers}


#: What would do something if it were taken for markup, a script or an address.
HOSTILE = (
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 2">',
    "</script><script>window.ran = 3</script>",
    "<!--<script>",
    "javascript:window.ran = 4",
    "{{constructor.constructor('window.ran = 5')()}}",
    "' onmouseover='window.ran = 6",
    "\u202etxet deriaper\u202c \u2028 \u2029 \u0007",
)


def hostile() -> Json:
    """An article whose title, text, names, attributes and metadata are all hostile."""
    lines = [f"{{a{n}|{words}}} {{c{n}|said}} {{q{n}|{words} 🧨 {{l{n}|{words}}}}}." for n, words in enumerate(HOSTILE)
             if "{" not in words and "\u2028" not in words]  # fmt: skip
    own = [n for n, words in enumerate(HOSTILE) if "{" not in words and "\u2028" not in words]
    marks = {
        "actors": {f"a{n}": {"kind": "person", "mention": "name", "entity": f"e{n}", "role": HOSTILE[n]} for n in own},
        "locations": {f"l{n}": {"kind": "city", "mention": "name", "entity": f"p{n}"} for n in own},
        "quotes": {f"q{n}": {"kind": "indirect", "cue": f"c{n}", "speaker": f"a{n}", "extra": {HOSTILE[n]: HOSTILE[n]}}
                   for n in own},
    }  # fmt: skip
    entities = [{"id": f"e{n}", "kind": "person", "name": HOSTILE[n], "aliases": [HOSTILE[n]]} for n in own]
    entities += [{"id": f"p{n}", "kind": "city", "name": HOSTILE[n], "lat": n, "lon": n,
                  "links": {HOSTILE[n]: HOSTILE[n]}} for n in own]  # fmt: skip
    made = document("hostile", "\n".join(["Nothing of this runs", *lines]), marks, entities=entities)
    made["meta"].update(
        title=" ".join(HOSTILE), source=HOSTILE[2], url=HOSTILE[4], authors=list(HOSTILE[:3]), license=HOSTILE[1],
        published="2025-01-01", extra={"note": HOSTILE[0]},
    )  # fmt: skip
    return made


def documents(count: int, *, paragraphs: int = 3) -> Iterator[Json]:
    """The first articles, by number."""
    return (article(number, paragraphs=paragraphs) for number in range(count))


def newsroom(
    root: Path,
    made: Iterable[Json],
    *,
    yaml: str = "",
    shard: bool = False,
    versions: Mapping[str, Iterable[Json]] | None = None,
) -> Path:
    """Writes a corpus.

    Args:
        root: its folder, which is made.
        made: its documents.
        yaml: further lines of ``corpus.yaml``.
        shard: all documents in one file.
        versions: by annotator, their versions of documents.
    """
    folder = root / "documents"
    folder.mkdir(parents=True)
    told = (
        "schema: corpus-tool/corpus/1\nname: newsroom\nversion: 1.2.0\nlicense: cc0-1.0\nlanguage: en\n"
        "title: Storms of one invented year\ndescription: News that nobody wrote down, to look at a report with.\n"
        "creators: [the night desk]\n"
    )
    (root / "corpus.yaml").write_text(told + yaml, encoding="utf-8")
    for name, own in (versions or {}).items():
        (root / "annotators" / name).mkdir(parents=True)
        for one in own:
            path = root / "annotators" / name / f"{one['id']}.json"
            path.write_text(json.dumps(one, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = ((one["id"], json.dumps(one, ensure_ascii=False)) for one in made)
    if shard:
        (folder / "all.jsonl").write_text("".join(f"{line}\n" for _, line in lines), encoding="utf-8")
    else:
        for name, line in lines:
            (folder / f"{name}.json").write_text(line + "\n", encoding="utf-8")
    return root
