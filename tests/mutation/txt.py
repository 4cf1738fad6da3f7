"""Mutants of the TXT checks: encodings, characters that nobody sees, blocks."""

from __future__ import annotations

import gzip
import json
import random

import generated

from mutation.planting import (
    Mutant,
    Planted,
    Raw,
    pick,
    rewrite,
    seal,
    spans_of,
    unmarked_words,
    whole,
)

#: Words that UTF-8 has in two bytes or more.
_FOREIGN = (
    "é", "ü", "ñ", "ß", "’", "—", "😀", "£", "½", "\u00a0", "…", "ł", "ş", "č", "Žižka", "дом", "عرب", "שלום", "Αθήνα",
    "海港", "नमस्ते", "안녕",
)  # fmt: skip
_NOT_NFC = "e\u0301", "A\u030a", "\u212b", "\u1112\u1161\u11ab", "\u0958", "o\u0302\u0301", "q\u0323\u0307\u0301\u0323"
_CONTROLS = (
    "\x01",
    "\x07",
    "\x08",
    "\x0b",
    "\x0c",
    "\x1b[31m",
    "\x1f",
    "\x7f",
    "\x80",
    "\x85",
    "\x92",
    "\u2028",
    "\u2029",
)
_INVISIBLE = "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e"
_UNCLOSED = "\u202d", "\u202e", "\u202e\u202c", "\u202a", "\u202b", "\u2066", "\u2067", "\u2068", "\u2068\u202c"


def _insert(rng: random.Random, raw: Raw, words: str) -> Planted | None:
    """Puts something into a word of the article that no annotation touches."""
    found = pick(rng, unmarked_words(raw))
    if found is None:
        return None
    at = rng.randint(found[0] + 1, found[1] - 1)
    rewrite(raw, at, at, words)
    return Planted(raw, "/text")


def not_utf8(rng: random.Random, raw: Raw) -> Planted:
    data = generated.as_bytes(raw)
    way = rng.randrange(6)
    if way == 0:
        return Planted(data.decode().encode(rng.choice(("utf-16", "utf-16-le", "utf-32"))) + b"\xff")
    if way == 1:
        return Planted(gzip.compress(data, mtime=0), line=1)
    if way == 2:  # one letter of Latin-1
        at = data.index("ï".encode()) if "ï".encode() in data else rng.randrange(len(data))
        return Planted(data[:at] + b"\xef " + data[at + 2 :])
    at = rng.choice([n for n in range(len(data)) if data[n] < 0x80])
    bad = rng.choice(
        (b"\xff", b"\xfe", b"\x80", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x80")
    )
    return Planted(data[:at] + bad + data[at:], line=data.count(b"\n", 0, at) + 1)


def byte_order_mark(rng: random.Random, raw: Raw) -> Planted:
    write = rng.choice((generated.as_bytes, generated.as_line))
    return Planted(b"\xef\xbb\xbf" + write(raw), line=1)


def nul_byte(rng: random.Random, raw: Raw) -> Planted:
    data = generated.as_bytes(raw)
    if rng.random() < 0.2:  # disk space that was never written
        at = rng.choice([n for n in range(len(data)) if data[n] < 0x80])
        return Planted(data[:at] + bytes(len(data) - at), line=data.count(b"\n", 0, at) + 1)
    if rng.random() < 0.1:
        return Planted(bytes(rng.randint(1, 900)), line=1)
    at = rng.choice([n for n in range(len(data)) if data[n] < 0x80])
    return Planted(data[:at] + bytes(rng.randint(1, 3)) + data[at:], line=data.count(b"\n", 0, at) + 1)


def lone_surrogate(rng: random.Random, raw: Raw) -> bytes:
    half = chr(rng.randint(0xD800, 0xDFFF))
    text = raw["text"]
    at = rng.randint(0, len(text))
    way = rng.randrange(3)
    if way == 0:
        raw["meta"]["title"] += half
    elif way == 1:
        raw["entities"].append({"id": f"e{half}", "kind": "person", "name": "x"})
    else:
        raw["text"] = text[:at] + half + text[at:]
    return json.dumps(raw).encode()


def empty_text(rng: random.Random, raw: Raw) -> Planted:
    raw |= {
        "text": "".join(rng.choices(" \n\t\u00a0\u3000", k=rng.randint(0, 9))),
        "blocks": [],
        "entities": [],
        "relations": [],
    }
    raw["layers"] = rng.choice(({}, {name: [] for name in raw["layers"]}))
    seal(raw)
    return Planted(raw, "/text")


def text_sha256_differs(rng: random.Random, raw: Raw) -> Planted | None:
    if rng.random() < 0.5:
        raw["text_sha256"] = f"{rng.getrandbits(256):064x}"
        return Planted(raw, "/text_sha256")
    found = pick(rng, unmarked_words(raw))
    if found is None:
        return None
    text = raw["text"]
    raw["text"] = f"{text[: found[0]]}{text[found[0]].swapcase()}{text[found[0] + 1 :]}"
    return Planted(raw, "/text_sha256")


def carriage_return(rng: random.Random, raw: Raw) -> Planted | None:
    if rng.random() < 0.5:
        return _insert(rng, raw, rng.choice(("\r", "\r\n", " \r ")))
    ends = [at for at, character in enumerate(raw["text"]) if character == "\n"]
    for at in reversed(ends if rng.random() < 0.3 else [rng.choice(ends)]):
        rewrite(raw, at, at + 1, "\r\n")
    return Planted(raw, "/text")


def nul_character(rng: random.Random, raw: Raw) -> Planted | None:
    return _insert(rng, raw, "\0" * rng.randint(1, 3))


def control_character(rng: random.Random, raw: Raw) -> Planted | None:
    return _insert(rng, raw, rng.choice(_CONTROLS))


def replacement_character(rng: random.Random, raw: Raw) -> Planted | None:
    return _insert(rng, raw, "\ufffd" * rng.randint(1, 3))


def mojibake(rng: random.Random, raw: Raw) -> Planted | None:
    data = rng.choice(_FOREIGN).encode()
    return _insert(rng, raw, "".join(_misread(byte) for byte in data))


def _misread(byte: int) -> str:
    """A byte as Windows-1252 reads it, or as Latin-1 does where that has nothing."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def not_nfc(rng: random.Random, raw: Raw) -> Planted | None:
    return _insert(rng, raw, rng.choice(_NOT_NFC))


def invisible_character(rng: random.Random, raw: Raw) -> Planted | None:
    return _insert(rng, raw, rng.choice(_INVISIBLE) * rng.randint(1, 2))


def bidi_override(rng: random.Random, raw: Raw) -> Planted | None:
    return _insert(rng, raw, rng.choice(_UNCLOSED))


def no_break_space_in_span(rng: random.Random, raw: Raw) -> Planted | None:
    spaces = [
        (pointer, at)
        for pointer, item in whole(raw, "actors", "locations", "figures")
        for at in range(item["start"], item["end"])
        if raw["text"][at] == " " and not raw["text"][at - 1].isdigit()
    ]
    found = pick(rng, spaces)
    if found is None:
        return None
    rewrite(raw, found[1], found[1] + 1, rng.choice("\u00a0\u2007\u202f"))
    return Planted(raw, found[0])


def block_out_of_bounds(rng: random.Random, raw: Raw) -> Planted:
    blocks, length = raw["blocks"], len(raw["text"])
    if rng.random() < 0.5:
        blocks[-1]["end"] = length + rng.randint(1, 99)
    else:
        start = rng.randint(blocks[-1]["end"], length + 50)
        blocks.append({"start": start, "end": max(start, length) + rng.randint(1, 99), "kind": "paragraph"})
    return Planted(raw, f"/blocks/{len(blocks) - 1}")


def empty_block(rng: random.Random, raw: Raw) -> Planted:
    blocks = raw["blocks"]
    nth = rng.randrange(1, len(blocks))
    end = blocks[nth - 1]["end"]
    start, end = rng.choice(((end, end), (end + 1, end + 1), (end, end + 1), (end, end + 2), (end + 2, end + 1)))
    blocks.insert(nth, {"start": start, "end": end, "kind": rng.choice(("paragraph", "promo", "heading", "caption"))})
    return Planted(raw, f"/blocks/{nth}")


def blocks_overlap(rng: random.Random, raw: Raw) -> Planted:
    blocks = raw["blocks"]
    nth = rng.randrange(1, len(blocks))
    before = blocks[nth - 1]
    way = rng.randrange(3)
    if way == 0:
        blocks[nth]["start"] = rng.randint(before["start"], before["end"] - 1)
    elif way == 1:
        before["end"] = rng.randint(blocks[nth]["start"] + 1, blocks[nth]["end"])
    else:
        blocks[nth - 1], blocks[nth] = blocks[nth], before
    return Planted(raw, f"/blocks/{nth}")


def text_outside_blocks(rng: random.Random, raw: Raw) -> Planted | None:
    taken = [(span["start"], span["end"]) for span in spans_of(raw)]
    free = [
        block
        for block in raw["blocks"]
        if not any(start < block["end"] and block["start"] < end for start, end in taken)
    ]
    block = pick(rng, free)
    if block is None:
        return None
    if rng.random() < 0.5 and (words := pick(rng, _words_in(raw, block))):
        block["start"] = words
    else:
        raw["blocks"].remove(block)
    return Planted(raw, "/blocks")


def _words_in(raw: Raw, block: Raw) -> list[int]:
    """Where the words of a block start, but for its first."""
    return [at + 1 for at in range(block["start"], block["end"] - 2) if raw["text"][at] == " "]


MUTANTS: dict[str, Mutant] = {
    "TXT101": not_utf8,
    "TXT102": byte_order_mark,
    "TXT103": nul_byte,
    "TXT104": lone_surrogate,
    "TXT201": empty_text,
    "TXT202": text_sha256_differs,
    "TXT203": carriage_return,
    "TXT204": nul_character,
    "TXT205": control_character,
    "TXT206": replacement_character,
    "TXT207": mojibake,
    "TXT208": not_nfc,
    "TXT209": invisible_character,
    "TXT210": bidi_override,
    "TXT301": no_break_space_in_span,
    "TXT401": block_out_of_bounds,
    "TXT402": empty_block,
    "TXT403": blocks_overlap,
    "TXT404": text_outside_blocks,
}
