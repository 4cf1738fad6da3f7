"""Invented articles for the browser: what breaks pages that count, copy or trust the text."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def span(text: str, words: str, nth: int = 0) -> Json:
    """Where words stand in a text, in code points."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


def suggested(score: float | None = None) -> Json:
    """Provenance of a suggestion."""
    told = {} if score is None else {"score": score}
    return {"provenance": {"annotator": "program 1", "status": "suggested", **told}}


#: Emoji of several code points, a combining accent, a no-break space, names in Hebrew, Arabic and Chinese, and a quote
#: of three paragraphs.
SCRIPTS = (
    "👩‍🚒🔥 Fire at the Zoe\u0308 docks\n"
    "“We left at once,” said עלי כהן of the Haifa Port Workers' Union.\n"
    "“Nobody was told 🚢 anything.\n"
    "“Not on Monday, not on Tuesday.\n"
    "“We wait for 1\u00a0300 answers.”\n"
    "مريم حداد told 陈氏 Foods that 40 people were still missing in Acre, the mayor's deputy said.\n"
)

PLAIN = (
    "Ferry strike ends\n"
    "Rosa Lind, the mayor of Tarn, said on Monday that 40 dockers would return.\n"
    "“We won,” said the union's leader, Hugo Amber.\n"
    "The ferry to Albi will sail again, she added.\n"
)


def plain_layers(status: bool = True) -> dict[str, list[Json]]:
    """Suggestions for ``PLAIN``."""
    given = suggested(0.5) if status else {}
    return {
        "actors": [
            {"id": "a1", **span(PLAIN, "Rosa Lind"), "kind": "person", "mention": "name", "entity": "e1", **given},
            {"id": "a2", **span(PLAIN, "dockers"), "kind": "group", "mention": "nominal", **given},
            {"id": "a3", **span(PLAIN, "union's leader"), "kind": "person", "mention": "nominal", **given},
            {"id": "a4", **span(PLAIN, "Hugo Amber"), "kind": "person", "mention": "name", "entity": "e2", **given},
            {"id": "a5", **span(PLAIN, "she"), "kind": "person", "mention": "pronoun", "entity": "e1", **given},
        ],
        "locations": [{"id": "l1", **span(PLAIN, "Albi"), "kind": "city", "mention": "name", "entity": "e3", **given}],
        "figures": [
            {"id": "f1", **span(PLAIN, "40"), "value": 40, "modifier": "exact", "unit": "count", "measure": "quantity",
             "counted": span(PLAIN, "dockers"), **given},
        ],
        "quotes": [
            {"id": "q1", **span(PLAIN, "that 40 dockers would return"), "kind": "indirect", "attitude": "speech",
             "cue": span(PLAIN, "said"), "speaker": "a1", **given},
            {"id": "q2", **span(PLAIN, "“We won,”"), "kind": "direct", "attitude": "speech",
             "speaker_status": "unknown", **given},
        ],
    }  # fmt: skip


PLAIN_ENTITIES: list[Json] = [
    {"id": "e1", "kind": "person", "name": "Rosa Lind"},
    {"id": "e2", "kind": "person", "name": "Hugo Amber"},
    {"id": "e3", "kind": "city", "name": "Albi"},
]

#: Each would raise a flag if it ran.
ATTACKS = (
    "<script>window.ran = 'script'</script>",
    '"><img src=x onerror="window.ran = \'onerror\'">',
    "javascript:window.ran='address'",
    "<svg onload=window.ran='svg'>",
    "<iframe srcdoc=\"<script>parent.ran='frame'</script>\"></iframe>",
    "{{constructor.constructor('window.ran=1')()}}",
    "\u202eevil\u202c \u2066isolated\u2069",
)

HOSTILE = "".join(f"{attack} said Rosa Lind in {attack}.\n" for attack in ATTACKS)


def hostile(name: str, raw_document: Any, *, broken: bool = False) -> Json:
    """A document whose every string is an attack; a broken one has them where the schema allows no such string."""
    who = span(HOSTILE, ATTACKS[0])
    actor = {"id": "a1", **who, "kind": "person", "entity": "e1", "role": ATTACKS[1], **suggested(0.2)}
    other = {"id": "a2", **span(HOSTILE, ATTACKS[1]), "kind": ATTACKS[1] if broken else "group", **suggested(0.3)}
    quote = {
        "id": "q1",
        **span(HOSTILE, ATTACKS[3]),
        "kind": "direct",
        "speaker": "a1",
        "cue": span(HOSTILE, "said"),
        **suggested(),
    }
    quote["provenance"]["annotator"] = ATTACKS[1]
    document: Json = raw_document(name, HOSTILE, layers={"actors": [actor, other], "quotes": [quote]})
    document["meta"] = {
        "title": ATTACKS[1],
        "language": "en",
        "source": ATTACKS[0],
        "url": ATTACKS[2],
        "authors": [ATTACKS[3]],
        "license": ATTACKS[0],
    }
    if broken:
        quote["id"] = ATTACKS[1]
    document["entities"] = [
        {"id": "e1", "kind": "person", "name": ATTACKS[1], "aliases": [ATTACKS[0]], "links": {ATTACKS[3]: ATTACKS[0]}}
    ]
    return document


def long_article(paragraphs: int = 500) -> tuple[str, dict[str, list[Json]]]:
    """An article of 60 words a paragraph, with six annotations in each."""
    filler = "The tide came in and went out again while clerks wrote down what the crews had seen and heard. " * 2
    rest = "Nobody at the quay of Albi knew more, and the evening was quiet.\n"
    text = ""
    layers: dict[str, list[Json]] = {"actors": [], "locations": [], "figures": [], "quotes": []}
    for i in range(paragraphs):
        quote = f"“We counted {i} boats in Tarn,”"
        paragraph = f"{quote} said Rosa Lind of the harbour office. {filler}{rest}"
        marked = (quote, "said", "Rosa Lind", "crews", "Tarn", "Albi", str(i), "boats")
        place = {words: _moved(span(paragraph, words), len(text)) for words in marked}
        text += paragraph
        name = {"mention": "name", **suggested(0.6)}
        spoken = {"kind": "direct", "cue": place["said"], "speaker": f"a{i}"}
        count = {"value": i, "unit": "count", "measure": "quantity", "counted": place["boats"], "quote": f"q{i}"}
        nominal = {"kind": "group", "mention": "nominal"}
        layers["quotes"].append({"id": f"q{i}", **place[quote], **spoken, **suggested(0.5)})
        layers["actors"].append({"id": f"a{i}", **place["Rosa Lind"], "kind": "person", **name})
        layers["actors"].append({"id": f"b{i}", **place["crews"], **nominal, **suggested(0.7)})
        layers["locations"].append({"id": f"l{i}", **place["Tarn"], "kind": "city", **name})
        layers["locations"].append({"id": f"m{i}", **place["Albi"], "kind": "city", **name})
        layers["figures"].append({"id": f"f{i}", **place[str(i)], **count, **suggested(0.5)})
    return text, layers


def _moved(found: Json, by: int) -> Json:
    return {**found, "start": found["start"] + by, "end": found["end"] + by}
