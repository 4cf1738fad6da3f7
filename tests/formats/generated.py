"""Documents made by hypothesis: valid, with everything that a document can hold, and text that breaks naive tools."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from corpus_tool.model import sha256_of, surface
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.read.blocks import find_blocks

Json = dict[str, Any]

#: Emoji, joined and with modifiers, combining marks, right-to-left and unspaced script, odd spaces and line ends,
#: quotation marks of all kinds, some without their other half, and what is mark-up to one tool or another.
NASTY = (
    "Minister", " ", " ", " ", "😀", "👩‍👩‍👧", "🇩🇪", "👍🏽", "e\u0301clair", "o\u0308", "علي", "قال", "שלום",
    "港口の火事", "\u00a0", "“We saw", "nothing,”", "‘so", "’90s", '"', "40", "$3.2bn", "dozens", "said", ",", ". ",
    "\n", "\n\n", "\u2028", "\u0085", "\t", "x", "<b>", "&amp;", "#", "T1\tActor", "\u200f", "ﬁ", "𝔘𝔫", "-", "_", "[0]",
    "|", "*", "\\", "/", "Ⅷ",
)  # fmt: skip

WORDS = st.sampled_from(
    [
        "Mayor",
        "prime minister",
        "a\tb",
        " edge ",
        "Ünï 😀",
        "two\nlines",
        "true",
        "40",
        "null",
        "علي",
        '"so"',
        "#x",
        "|",
    ]
)
SCALARS = st.one_of(WORDS, st.integers(-9, 9), st.sampled_from([0.5, -1e-9, True, False]))
EXTRA = st.dictionaries(st.sampled_from(["note", "x-ray", "of theirs", "Typ"]), SCALARS, max_size=2)
STATUSES = st.sampled_from(["suggested", "accepted", "corrected", "added", "rejected"])
KINDS = {name: st.sampled_from(layer.kinds) for name, layer in built_in_layers().items() if layer.kinds}


@st.composite
def provenances(draw: Any) -> Json:
    made: Json = {"annotator": draw(st.sampled_from(["anna", "Ben 2"])), "status": draw(STATUSES)}
    if draw(st.booleans()):
        made["score"] = draw(st.sampled_from([0.25, 1]))
    if made["status"] == "corrected":
        made["was"] = {"start": 0, "end": 1}
    return made


@st.composite
def entities(draw: Any, number: int) -> Json:
    registers = st.sampled_from(["wikidata", "geonames", "isni"])
    made: Json = {
        "id": f"e{number}",
        "kind": draw(st.sampled_from(["person", "city"])),
        "name": draw(st.sampled_from(["Rosa Lind", "علي", "two words 😀"])),
        "aliases": draw(st.lists(st.sampled_from(["Rosa", "R. Lind"]), max_size=2, unique=True)),
        "links": draw(st.dictionaries(registers, st.sampled_from(["Q1", "0000 1"]), max_size=2)),
    }
    made |= {"lat": 48.25, "lon": -1} if draw(st.booleans()) else {}
    return made | ({"extra": {"seen": 2}} if draw(st.booleans()) else {})


@dataclass
class _Making:
    """A document in the making."""

    draw: Any
    text: str
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    hulls: dict[str, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    layers: dict[str, list[Json]] = field(default_factory=lambda: {name: [] for name in built_in_layers()})

    def span(self, layer: str) -> Json | None:
        """A span in its own place, of one to three pieces; its first and last character are no space."""
        solid = [at for at, c in enumerate(self.text) if not c.isspace() and c != "\u200f"]
        count = self.draw(st.sampled_from([1, 1, 1, 2, 3]))
        ends = sorted(self.draw(st.lists(st.sampled_from(solid), min_size=2 * count, max_size=2 * count)))
        if count == 1 and self.draw(st.booleans()):
            taken = {hull for hulls in self.hulls.values() for hull in hulls}
            behind = sorted(end for _, end in taken if end in solid)  # right behind another one, at no distance
            ends = sorted([self.draw(st.sampled_from(behind or ends)), ends[1]])
        own = [(ends[2 * i], ends[2 * i + 1] + 1) for i in range(count)]
        if any(one[1] >= other[0] for one, other in pairwise(own)):
            own = [(own[0][0], own[-1][1])]
        hull = (own[0][0], own[-1][1])
        if hull in self.hulls[layer]:
            return None
        self.hulls[layer].add(hull)
        made: Json = {"start": hull[0], "end": hull[1], "text": surface(self.text, own)}
        return made | ({"fragments": [{"start": s, "end": e} for s, e in own]} if len(own) > 1 else {})

    def maybe(self, strategy: Any) -> Any:
        return self.draw(st.none() | strategy)

    def one_of(self, name: str) -> str | None:
        return self.maybe(st.sampled_from(self.ids[name])) if self.ids[name] else None

    def add(self, layer: str, **attributes: Any) -> None:
        """Adds an annotation, unless its place is taken in its layer."""
        placed = self.span(layer)
        if placed is None:
            return
        made = {"id": f"{layer[0]}{len(self.ids[layer]) + 1}", **placed, **attributes}
        made["extra"] = self.draw(EXTRA) or None
        made["provenance"] = self.maybe(provenances())
        self.ids[layer].append(made["id"])
        self.layers[layer].append({key: value for key, value in made.items() if value is not None})

    def add_actor(self) -> None:
        self.add(
            "actors",
            kind=self.draw(KINDS["actors"]),
            mention=self.maybe(st.sampled_from(["name", "nominal", "pronoun"])),
            role=self.maybe(WORDS),
            anonymous=self.maybe(st.booleans()),
            entity=self.one_of("entities"),
        )

    def add_location(self) -> None:
        self.add("locations", kind=self.draw(KINDS["locations"]), entity=self.one_of("entities"))

    def add_quote(self) -> None:
        speaker = self.one_of("actors")
        others = [i for i in self.ids["actors"] if i != speaker and self.draw(st.booleans())] if speaker else []
        self.add(
            "quotes",
            kind=self.draw(KINDS["quotes"]),
            attitude=self.maybe(st.sampled_from(["speech", "thought"])),
            cue=self.span("cue") if self.draw(st.booleans()) else None,
            speaker=speaker,
            co_speakers=others or None,
            speaker_status=None if speaker else self.draw(st.sampled_from(["implicit", "unknown"])),
            parent=self.one_of("quotes"),
        )

    def add_figure(self) -> None:
        self.add(
            "figures",
            value=self.draw(st.sampled_from([40, 3.5, -2])),
            max=self.maybe(st.just(60)),
            modifier=self.maybe(st.sampled_from(["about", "range"])),
            unit=self.maybe(st.sampled_from(["count", "USD", "[mi_i]"])),
            measure=self.maybe(st.sampled_from(["killed", "money"])),
            counted=self.span("counted") if self.draw(st.booleans()) else None,
            place=self.one_of("locations"),
            quote=self.one_of("quotes"),
        )


@st.composite
def documents(draw: Any) -> Json:
    """A document as JSON: valid, with all layers, and spans that nest, cross, touch, break off and go on."""
    texts = st.lists(st.sampled_from(NASTY), min_size=4, max_size=40).map("".join)
    text = draw(texts.filter(lambda t: t.strip(" \n\t\u00a0\u2028\u0085\u200f")))
    making = _Making(draw, text)
    found = [draw(entities(number)) for number in range(draw(st.integers(0, 3)))]
    making.ids["entities"] = [entity["id"] for entity in found]
    for add, most in ((making.add_actor, 4), (making.add_location, 3), (making.add_quote, 4), (making.add_figure, 3)):
        for _ in range(draw(st.integers(0, most))):
            add()
    annotations = [a["id"] for rows in making.layers.values() for a in rows]
    ends = st.sampled_from(annotations or ["none"])
    types = st.sampled_from(["knows", "speaker", "has role", "relation-x", "قال"])
    sure = {"extra": {"sure": "very"}}
    relations = [
        {
            "id": f"r{i}",
            "type": draw(types),
            "from": draw(ends),
            "to": draw(ends),
            **(sure if draw(st.booleans()) else {}),
        }
        for i in range(draw(st.integers(0, 2)) if annotations else 0)
    ]
    known = {"url": "https://example.org/?a=1", "authors": ["Ann Lee", "علي"]}
    blocks = [{"start": b.start, "end": b.end, "kind": b.kind} for b in find_blocks(text)]
    return {
        "schema": "corpus-tool/document/1",
        "id": "fire",
        "meta": {"language": "en", **(known if draw(st.booleans()) else {})},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": blocks if draw(st.booleans()) else [],
        "entities": found,
        "relations": relations,
        "layers": {name: sorted(rows, key=lambda a: (a["start"], -a["end"])) for name, rows in making.layers.items()},
    }
