"""Faults of every sort, put anywhere into a document: most of them break its schema, some its JSON, some nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from mutation.planting import Raw, rewrite

#: What stands in the place of a value, written into the file as it is.
TOKENS = (
    "5.0", "1e3", "-0", "-0.0", "1E400", "NaN", "Infinity", "1e-7", "0.1e1", "123456789012345678901234567890",
    "18446744073709551615", "18446744073709551616", "9223372036854775808", "-9223372036854775809", "1180591620717411",
    '"\\ud83d"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\u0022"', "01", "+1", "'x'", "1.",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 5, 2**53 + 1, 2**63 - 1, 0.5, -0.5, 1.5, "", " ", "x", "en\n", "a1\n", "5", "person",
    "person\n", "2024-05-31\n", "ａ", "\u00e9", "e\u0301", [], [[]], {}, {"a": None}, [None], {"start": 0, "end": 1},
    {"start": 0, "end": 1, "text": ""}, [{"start": 0, "end": 1}, {"start": 2, "end": 3}], "a" * 128, "a" * 129,
    ["x", "x"], "corpus-tool/document/1", {"x": "y"}, {"x": {}}, "0" * 64, "A" * 64,
)  # fmt: skip

#: Bytes that mean something to a reader of JSON, of UTF-8 or of text.
_BYTES = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xc3", b"\xe2\x80", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n", b'"', b"\\", b"{",
    b"}", b"[", b"]", b",", b":", b"\\ud83d", b"\\u0022", b"\\n", b"1e999", b"-", b".", b"0", b"null", b" ",
    b"\x1b[31m", b"::error::", *(sign.encode() for sign in "\u2028\u202e\u0301\u200d😀“”‘«é‑"),
)  # fmt: skip


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a JSON value with each of its keys or indexes."""
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, child in pairs:
        yield value, key
        if isinstance(child, dict | list):
            yield from _places(child)


#: What rules for marks, numbers, words and characters look at.
_STRETCHES = (
    *"\"'“”‘’„«»‹›`.,;:!?-–—…()[] \n\r\t\0\u00a0\u202f\u200b\u200d\ufeff\u202e\u2067\u2069\u0301\u0331\ufe0f\u2028",
    *"\x1b\x85\ufffd😀👩🇳🇴éßĳﬁÅﾞ한中カअ्ไعא٣½²Ⅷ①%$€£°", "\n\n", "''", "``", "Ã©", "â€œ", "e\u0301", "it's ", "said",
    "that ", "the ",
    "Mr ", "Inc.", "12", "3.2bn", "1,000", "1e9", "1/2", "two dozen", "hundreds", "per cent", "at least ", "between ",
    " and ", "2019", "third", "-5", "9" * 400, "a@b.example", "+44 20 7946 0000", "https://x", "U.S.", "’s", "s'", "O'",
)  # fmt: skip


def _value(rng: random.Random) -> Any:
    return deepcopy(rng.choice(VALUES))


def json_fault(rng: random.Random, raw: Raw) -> bytes:
    """A document with one fault or two, most often one of its schema."""
    raw = deepcopy(raw)
    token = ""
    for _ in range(rng.choice((1, 1, 1, 2))):
        holder, key = rng.choice(list(_places(raw)))
        value = holder[key]
        way = rng.randrange(12)
        if way < 3:
            holder[key] = _value(rng)
        elif way == 3:
            token = token or rng.choice(TOKENS)
            holder[key] = "\u00a4token\u00a4"
        elif way == 4:
            del holder[key]
        elif way == 5 and isinstance(holder, dict):
            holder[rng.choice(("x", "", "Kind", "extra", "fragments", "provenance", "was", "a/b", "start", "id"))] = (
                _value(rng)
            )
        elif way == 6 and isinstance(holder, dict):
            holder[f"{key} "] = holder.pop(key)
        elif way == 7 and isinstance(value, str):
            holder[key] = rng.choice((f"{value}\n", f"\n{value}", value.upper(), value[:-1], "", f"{value}x"))
        elif way == 8 and isinstance(value, int | float):
            holder[key] = rng.choice((float(value), -value, value + 0.5, str(value), bool(value), value + 2**60))
        elif way == 9:
            holder[key] = rng.choice(([value], {"x": value}, {"start": value}))
        elif way == 10 and isinstance(holder, dict):
            deep: Any = {}
            for _ in range(rng.randint(1, 200)):
                deep = {"a": deep}
            holder[rng.choice(("was", "extra"))] = deep
        else:
            holder[key] = rng.choice((0, -1, 1, 10**6)) if key in ("start", "end") else _value(rng)
    text = json.dumps(raw, ensure_ascii=rng.random() < 0.2)
    text = text.replace('"\\u00a4token\\u00a4"', token).replace('"\u00a4token\u00a4"', token)
    if rng.random() < 0.08:
        key = rng.choice(("id", "start", "kind", "text", "meta", "x"))
        text = text.replace("{", f'{{"{key}": {json.dumps(_value(rng))}, ', rng.randint(1, 3))
    return text.encode()


def byte_fault(rng: random.Random, data: bytes) -> bytes:
    """A file with a few bytes put in, dropped, changed, doubled or exchanged, or cut off."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.choice((1, 1, 2, 3, 8, 40, 400)))
        way = rng.randrange(7)
        if way == 0:
            data = data[:at] + rng.choice(_BYTES) + data[at:]
        elif way == 1:
            data = data[:at] + rng.choice(_BYTES) + data[end:]
        elif way == 2:
            data = data[:at] + data[end:]
        elif way == 3:
            data = data[:end] + data[at:]
        elif way == 4:
            data = data[:at] + rng.randbytes(rng.randint(1, 3)) + data[end:]
        elif way == 5:
            other = rng.randint(0, len(data))
            data = data[:at] + data[other : other + end - at] + data[end:]
        elif rng.random() < 0.3:
            data = data[:at]
    return data


def text_fault(rng: random.Random, raw: Raw) -> Raw:
    """A document with odd stretches in its text, inside of annotations too, whose offsets stay sound."""
    for _ in range(rng.choice((1, 3, 12))):
        at = rng.randint(0, len(raw["text"]))
        end = min(len(raw["text"]), at + rng.choice((0, 0, 1, 2, 9)))
        rewrite(raw, at, end, "".join(rng.choices(_STRETCHES, k=rng.randint(1, 6))))
    return raw
