"""Mutants of the QUO checks: who speaks, the cue, quotes within quotes, and quotation marks."""

from __future__ import annotations

import random
import re
from typing import Any

from mutation.planting import Mutant, Planted, Raw, add_paragraph, annotate, live, span_at, whole

#: Marks of many styles: opening, closing.
_MARKS = (
    ("“", "”"), ("„", "“"), ("«", "»"), ('"', '"'), ("‘", "’"), ("'", "'"), ("``", "''"), ("„", "”"), ("« ", " »"),
    ("”", "”"), ("“‘", "’”"), ("「", "」"), ("『", "』"),
)  # fmt: skip
_SAID = (
    "We lost the key", "No", "Nous partons", "Wir gehen jetzt", "نحن باقون", "אנחנו נשארים", "我们不走",
    "It’s the workers’ hall",
    "Never 🚫 again", "Café, naïve, Ó", "We saw No.\u00a07", "It was over before it began",
    "Come in, and shut the door",
)  # fmt: skip
_CUES = "told the paper", "said", "wrote", "shouted", "whispered", "a déclaré", "sagte", "说"
_SPEAKERS = "witness", "gatekeeper", "night nurse", "ferryman", "old cook"
_REPORTED = (
    "that the door was open", "that nobody came", "that the old mill would burn", "that Ó was a name",
    "that he saw 平安",
    "to leave before dawn", "whether the ferry runs", "that it was the workers’ hall", "that she wasn’t told",
)  # fmt: skip
_MARK_SIGNS = "“”„«»「」『』\"‘’'` .,!"
_MISSING = "a99", "q99", "e1", "A1", "a", "x", "a1.", "speaker"


def _tell(rng: random.Random, raw: Raw, **attributes: Any) -> tuple[str, Raw]:
    """Adds a paragraph in which somebody says something in quotation marks; the quote with its pointer."""
    opening, closing = rng.choice(_MARKS)
    said, cue, speaker = rng.choice(_SAID), rng.choice(_CUES), rng.choice(_SPEAKERS)
    words = f"{opening}{said}{rng.choice((',', '.', ''))}{closing}"
    start = add_paragraph(raw, f"{words} {cue} the {speaker} at noon.")
    return _heard(raw, words, start, cue, speaker, **attributes)


def _heard(raw: Raw, words: str, start: int, cue: str, speaker: str, **attributes: Any) -> tuple[str, Raw]:
    at = raw["text"].index(words, start)
    behind = start if raw["text"].find(cue, at + len(words)) < 0 else at + len(words)
    annotate(raw, "actors", speaker, behind, kind="person", mention="nominal")
    own = {"kind": "direct", "cue": span_at(raw, cue, behind), "speaker": raw["layers"]["actors"][-1]["id"]}
    pointer = annotate(raw, "quotes", words, at, **{**own, **attributes})
    return pointer, raw["layers"]["quotes"][-1]


def _report(rng: random.Random, raw: Raw, words: str = "", **attributes: Any) -> tuple[str, Raw]:
    """Adds a paragraph with reported speech; the quote with its pointer."""
    words = words or rng.choice(_REPORTED)
    cue, speaker = rng.choice(("said", "hopes", "has vowed", "warned them")), rng.choice(_SPEAKERS)
    start = add_paragraph(raw, f"The {speaker} {cue} {words}, and left.")
    return _heard(raw, words, start, cue, speaker, **{"kind": "indirect", **attributes})


def _quotes(raw: Raw, kind: str) -> list[tuple[str, Raw]]:
    """Live quotes of a kind that stand in no other one."""
    return [(p, q) for p, q in live(raw, "quotes") if q["kind"] == kind and "parent" not in q]


def _is_pronoun(raw: Raw, own: str) -> bool:
    return any(actor["id"] == own and actor.get("mention") == "pronoun" for actor in raw["layers"]["actors"])


def _free_to_lose_speaker(raw: Raw) -> list[tuple[str, Raw]]:
    """Quotes whose speaker is no pronoun: a pronoun would then speak in no quote."""
    return [(p, q) for p, q in live(raw, "quotes") if "speaker" in q and not _is_pronoun(raw, q["speaker"])]


def dangling_speaker(rng: random.Random, raw: Raw) -> Planted:
    actors = {item["id"] for _, item in live(raw, "actors")}
    rejected = [item["id"] for item in raw["layers"]["actors"] if item["id"] not in actors]
    missing = rng.choice([own for own in (*_MISSING, *rejected, *rejected) if own not in actors])
    pointer, quote = rng.choice([*_free_to_lose_speaker(raw), _tell(rng, raw)])
    if rng.random() < 0.3:
        quote["co_speakers"] = [*quote.get("co_speakers", ()), missing]
        return Planted(raw, f"{pointer}/co_speakers/{len(quote['co_speakers']) - 1}")
    quote["speaker"] = missing
    return Planted(raw, f"{pointer}/speaker")


def dangling_parent(rng: random.Random, raw: Raw) -> Planted:
    missing = rng.choice(("q99", "a1", "e1", "Q1", "q", "q1x"))
    pointer, quote = rng.choice([*live(raw, "quotes"), _tell(rng, raw)])
    quote["parent"] = missing
    return Planted(raw, f"{pointer}/parent")


def parent_cycle(rng: random.Random, raw: Raw) -> Planted:
    nested = [(p, q) for p, q in live(raw, "quotes") if "parent" in q]
    if nested and rng.random() < 0.4:
        quote = rng.choice(nested)[1]
        outer = next(q for _, q in live(raw, "quotes") if q["id"] == quote["parent"])
        outer["parent"] = quote["id"]
        return Planted(raw)
    free = [q for _, q in [*_quotes(raw, "direct"), *_quotes(raw, "indirect"), _tell(rng, raw), _report(rng, raw)]]
    way = rng.sample(free, rng.randint(1, min(4, len(free))))
    for quote, parent in zip(way, [*way[1:], way[0]], strict=True):
        quote["parent"] = parent["id"]
    return Planted(raw)


def outside_its_parent(rng: random.Random, raw: Raw) -> Planted:
    here = _tell(rng, raw)
    there = rng.choice([*_quotes(raw, "direct"), *_quotes(raw, "mixed"), _report(rng, raw)])
    (pointer, quote), (_, other) = rng.sample([here, there], 2) if there[1] is not here[1] else (here, _tell(rng, raw))
    quote["parent"] = other["id"]
    return Planted(raw, f"{pointer}/parent")


def nested_without_parent(rng: random.Random, raw: Raw) -> Planted:
    nested = [(p, q) for p, q in live(raw, "quotes") if "parent" in q]
    if nested and rng.random() < 0.5:
        pointer, quote = rng.choice(nested)
        del quote["parent"]
        return Planted(raw, pointer)
    said = rng.choice(_SAID[:-6])
    inner, outer = rng.choice((
        ("‘{}’", "“He told me, {}”"), ("“{}”", "„Er sagte: {} und ging“"), ("“{}”", "« Il dit {} »"),
    ))  # fmt: skip
    words = inner.format(said)
    start = add_paragraph(raw, f"{outer.format(words)} said the witness.")
    _heard(raw, outer.format(words), start, "said", "witness")
    return Planted(raw, annotate(raw, "quotes", words, start, kind="direct", speaker_status="unknown"))


def no_speaker(rng: random.Random, raw: Raw) -> Planted:
    pointer, quote = rng.choice([*_free_to_lose_speaker(raw), _tell(rng, raw), _report(rng, raw)])
    for key in ("speaker", "co_speakers", "speaker_status"):
        quote.pop(key, None)
    return Planted(raw, pointer)


def speaker_and_status(rng: random.Random, raw: Raw) -> Planted:
    told = [(p, q) for p, q in live(raw, "quotes") if "speaker" in q]
    pointer, quote = rng.choice([*told, _tell(rng, raw)])
    quote["speaker_status"] = rng.choice(("implicit", "unknown"))
    return Planted(raw, f"{pointer}/speaker_status")


def speaker_in_own_quote(rng: random.Random, raw: Raw) -> Planted:
    actors = live(raw, "actors")
    inside = [
        (p, q, a)
        for p, q in live(raw, "quotes")
        for _, a in actors
        if q["start"] <= a["start"] and a["end"] <= q["end"] and "fragments" not in q and "speaker" in q
        and not _is_pronoun(raw, q["speaker"])
    ]  # fmt: skip
    if inside and rng.random() < 0.4:
        pointer, quote, actor = rng.choice(inside)
        quote["speaker"] = actor["id"]
        return Planted(raw, pointer)
    opening, closing = rng.choice(_MARKS)
    words, name = rng.choice((
        ("The surgeon lied,", "surgeon"), ("Nobody trusts Bram Quist 🙄 here", "Bram Quist"),
        ("القبطان كذب", "القبطان"),
        ("守门人走了", "守门人"), ("I saw the old sexton", "old sexton"), ("D. J. Fenn did it", "D. J. Fenn"),
    ))  # fmt: skip
    start = add_paragraph(raw, f"{opening}{words}{closing} said the witness.")
    pointer, quote = _heard(raw, f"{opening}{words}{closing}", start, "said", "witness")
    annotate(raw, "actors", name, start, kind="person", mention="nominal" if name.islower() else "name")
    inner = raw["layers"]["actors"][-1]["id"]
    if rng.random() < 0.3:
        quote["co_speakers"] = [inner]
    else:
        quote["speaker"] = inner
    return Planted(raw, pointer)


def speaker_twice(rng: random.Random, raw: Raw) -> Planted:
    pointer, quote = rng.choice([*_free_to_lose_speaker(raw), _tell(rng, raw)])
    named = [quote["speaker"], *quote.get("co_speakers", ())]
    if rng.random() < 0.3:
        quote["co_speakers"] = named
        del quote["speaker"]
        if rng.random() < 0.5:
            quote["speaker_status"] = "unknown"
        return Planted(raw, pointer)
    quote["co_speakers"] = [*named[1:], rng.choice(named)]
    return Planted(raw, f"{pointer}/co_speakers/{len(named) - 1}")


def idle_pronoun(rng: random.Random, raw: Raw) -> Planted:
    free = [(p, q) for p, q in live(raw, "quotes") if "speaker" in q and _is_pronoun(raw, q["speaker"])]
    if free and rng.random() < 0.4:
        quote = rng.choice(free)[1]
        quote["speaker_status"] = "unknown"
        lost = quote.pop("speaker")
        at = next(i for i, actor in enumerate(raw["layers"]["actors"]) if actor["id"] == lost)
        return Planted(raw, f"/layers/actors/{at}")
    words, front, behind = rng.choice((
        ("She", "", " left at noon."), ("they", "Then ", " slept 😴."), ("him", "Nobody saw ", "."),
        ("We", "", " are here."),
        ("I", "It was ", ", at last."), ("Sie", "", " ging nach Hause."), ("هو", "", " خرج."), ("他", "", "走了。"),
        ("He", "… ", " came back – late."), ("herself", "Nobody but ", " knew."),
    ))  # fmt: skip
    start = add_paragraph(raw, front + words + behind)
    kind = rng.choice(("person", "group"))
    return Planted(raw, annotate(raw, "actors", words, start + len(front), kind=kind, mention="pronoun"))


def cue_inside_content(rng: random.Random, raw: Raw) -> Planted:
    cut = [(p, q) for p, q in live(raw, "quotes") if "fragments" in q and "cue" in q]
    if cut and rng.random() < 0.5:
        pointer, quote = rng.choice(cut)
        del quote["fragments"]
        quote["text"] = raw["text"][quote["start"] : quote["end"]]
        return Planted(raw, f"{pointer}/cue")
    held = [q["parent"] for _, q in live(raw, "quotes") if "parent" in q]
    plain = [(p, q) for p, q in whole(raw, "quotes") if "cue" in q and q["id"] not in held and " " in q["text"]]
    pointer, quote = rng.choice([*plain, _report(rng, raw)])
    words = [word.strip(_MARK_SIGNS) for word in quote["text"].split()]
    word = rng.choice([word for word in words if word[:1].isalpha() and word[-1].isalnum()])
    behind = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(raw["text"], quote["start"])
    assert behind is not None
    quote["cue"] = span_at(raw, word, behind.start())
    return Planted(raw, f"{pointer}/cue")


def direct_without_marks(rng: random.Random, raw: Raw) -> Planted:
    pointer, quote = rng.choice([*_quotes(raw, "indirect"), _report(rng, raw)])
    quote["kind"] = "direct"
    return Planted(raw, pointer)


def indirect_within_marks(rng: random.Random, raw: Raw) -> Planted:
    pointer, quote = rng.choice([*_quotes(raw, "direct"), _tell(rng, raw)])
    quote["kind"] = "indirect"
    return Planted(raw, f"{pointer}/kind")


def mixed_without_mixture(rng: random.Random, raw: Raw) -> Planted:
    direct, indirect = [*_quotes(raw, "direct"), _tell(rng, raw)], [*_quotes(raw, "indirect"), _report(rng, raw)]
    pointer, quote = rng.choice(direct if rng.random() < 0.5 else indirect)
    quote["kind"] = "mixed"
    return Planted(raw, f"{pointer}/kind")


def direct_partly_in_marks(rng: random.Random, raw: Raw) -> Planted:
    opening, closing = rng.choice(_MARKS[:8])
    said = rng.choice(_SAID[:7])
    words = rng.choice((f"that the door was {opening}{said}{closing}", f"{opening}{said}{closing} to all of them"))
    pointer, quote = rng.choice([*_quotes(raw, "mixed"), _report(rng, raw, words)])
    quote["kind"] = "direct"
    return Planted(raw, f"{pointer}/kind")


def _clip(raw: Raw, quote: Raw, start: int, end: int) -> None:
    quote.update({"start": start, "end": end, "text": raw["text"][start:end]})


def cuts_quotation(rng: random.Random, raw: Raw) -> Planted | None:
    held = [q["parent"] for _, q in live(raw, "quotes") if "parent" in q]
    plain = [(p, q) for p, q in whole(raw, "quotes") if q["kind"] == "direct" and q["id"] not in held]
    plain = [(p, q) for p, q in plain if "parent" not in q and q["text"][0] == "“" and "\n" not in q["text"]]
    figures = [item for _, item in live(raw, "figures")]
    pointer, quote = rng.choice([*plain, _tell(rng, raw)])
    opening = len(quote["text"]) - len(quote["text"].lstrip(_MARK_SIGNS))
    closing = len(quote["text"].rstrip(_MARK_SIGNS))
    if any(f.get("quote") == quote["id"] for f in figures):
        return None
    way = rng.randrange(3)
    words = list(re.finditer(r"\S+", quote["text"][:closing]))
    if way == 0:
        _clip(raw, quote, quote["start"], quote["start"] + rng.choice(words).end())
    elif way == 1:
        _clip(raw, quote, quote["start"] + max(opening, rng.choice(words).start()), quote["end"])
    elif len(words) < 3 or _splits(words):
        return None
    else:
        first = rng.randint(1, len(words) - 2)
        last = rng.randint(first, len(words) - 2)
        _clip(raw, quote, quote["start"] + words[first].start(), quote["start"] + words[last].end())
    return Planted(raw, pointer)


def _splits(words: list[re.Match[str]]) -> bool:
    """Whether a word holds a mark of its own: what lies between is then no plain part of the quotation."""
    return any(re.search(r"[“”„«»\"‘’']", word[0].strip(_MARK_SIGNS)) for word in words)


def marks_outside_span(rng: random.Random, raw: Raw) -> Planted | None:
    held = [q["parent"] for _, q in live(raw, "quotes") if "parent" in q]
    plain = [(p, q) for p, q in live(raw, "quotes") if q["kind"] == "direct" and q["id"] not in held]
    plain = [(p, q) for p, q in plain if "s' " not in q["text"]]  # an apostrophe that may as well close the quotation
    pointer, quote = rng.choice([*plain, _tell(rng, raw)])
    cut = [(f["start"], f["end"]) for f in quote.get("fragments", (quote,))]
    inner = []
    for start, end in cut:
        words = raw["text"][start:end]
        left = len(words) - len(words.lstrip(_MARK_SIGNS))
        right = len(words.rstrip(rng.choice((_MARK_SIGNS, "“”»」』\"’' "))))
        inner.append((start + left, start + right))
    quote |= {"start": inner[0][0], "end": inner[-1][1], "text": " ".join(raw["text"][a:b] for a, b in inner)}
    if "fragments" in quote:
        quote["fragments"] = [{"start": a, "end": b} for a, b in inner]
    return Planted(raw, pointer)


def unbalanced_marks(rng: random.Random, raw: Raw) -> Planted:
    said = rng.choice([words for words in _SAID if "’" not in words])
    opening, closing = rng.choice(("“”", "„“", "«»", '""', "„”", ("``", "''"), "「」", "『』"))
    words = rng.choice((
        f"{opening}{said}, said the witness at noon.", f"The witness said: {opening}{said}.",
        f"{said},{closing} said the witness.",
        f"He called it {opening}{said} and left.",
        f"{opening}{said}, he said. {opening}No, it is not,{closing} she said.",
    ))  # fmt: skip
    if closing == "“" and words.startswith(said):
        words = f"{said}” said the witness."
    if rng.random() < 0.2:  # it goes on in the next paragraph, and is closed there no more than here
        add_paragraph(raw, f"{opening}{said}.")
        words = f"{opening}{rng.choice(('No', 'Never 🚫 again', '我们不走'))}, said the witness."
    add_paragraph(raw, words)
    if rng.random() < 0.5:
        add_paragraph(raw, "Then the bell rang.")
    return Planted(raw, "/text")


def indirect_edge_punctuation(rng: random.Random, raw: Raw) -> Planted | None:
    pointer, quote = rng.choice([*_quotes(raw, "indirect"), _report(rng, raw)])
    if "fragments" in quote or raw["text"][quote["end"]] not in ".,;:":
        return None
    if raw["text"][quote["end"]] == "." and len(quote["text"].split()[-1]) < 3:
        return None  # "No.", "U.S."
    _clip(raw, quote, quote["start"], quote["end"] + 1)
    return Planted(raw, pointer)


MUTANTS: dict[str, Mutant] = {
    "QUO101": dangling_speaker,
    "QUO102": dangling_parent,
    "QUO103": parent_cycle,
    "QUO104": outside_its_parent,
    "QUO105": nested_without_parent,
    "QUO201": no_speaker,
    "QUO202": speaker_and_status,
    "QUO203": speaker_in_own_quote,
    "QUO204": speaker_twice,
    "QUO205": idle_pronoun,
    "QUO301": cue_inside_content,
    "QUO401": direct_without_marks,
    "QUO402": indirect_within_marks,
    "QUO403": mixed_without_mixture,
    "QUO404": direct_partly_in_marks,
    "QUO405": cuts_quotation,
    "QUO406": marks_outside_span,
    "QUO407": unbalanced_marks,
    "QUO408": indirect_edge_punctuation,
}
