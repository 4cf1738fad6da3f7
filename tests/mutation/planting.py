"""Planting defects: what a mutant is, and how it changes a document without breaking anything else.

A mutant takes a seeded source of chance and a valid document, which it may change, and plants the defect of one check.
Each family's file has a table ``MUTANTS`` of them, by code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from corpus_tool.model import CONTENT_BLOCKS, sha256_of

Raw = dict[str, Any]
T = TypeVar("T")


class Planted(NamedTuple):
    """A document with a defect, and where its check should find it.

    Attributes:
        data: the document, or the bytes of its file.
        pointer: the JSON Pointer that the finding must have; None where any will do.
        line: the line that the finding must have; None where any will do.
        name: the file's name without its suffix; None for the document's id.
    """

    data: Raw | bytes
    pointer: str | None = None
    line: int | None = None
    name: str | None = None


#: Returns what it planted, or None where the document has no place for the defect.
Mutant = Callable[[random.Random, Raw], Planted | Raw | bytes | None]


def pick(rng: random.Random, things: Sequence[T] | Iterator[T]) -> T | None:
    """One of some things; None where there is none."""
    things = list(things)
    return rng.choice(things) if things else None


def live(raw: Raw, *layers: str) -> list[tuple[str, Raw]]:
    """The annotations of some layers (of all, if none is named) that nobody rejected, each with its pointer."""
    return [
        (f"/layers/{layer}/{i}", item)
        for layer, items in raw["layers"].items()
        if not layers or layer in layers
        for i, item in enumerate(items)
        if item.get("provenance", {}).get("status") != "rejected"
    ]


def whole(raw: Raw, *layers: str) -> list[tuple[str, Raw]]:
    """The live annotations without fragments, each with its pointer."""
    return [(pointer, item) for pointer, item in live(raw, *layers) if "fragments" not in item]


def spans_of(raw: Raw) -> list[Raw]:
    """Everything with a start and an end: annotations, what belongs to them, fragments, not blocks."""
    found = []
    for items in raw["layers"].values():
        for item in items:
            for span in (item, item.get("cue"), item.get("counted")):
                if span is not None:
                    found += [span, *span.get("fragments", ())]
    return found


def unmarked(raw: Raw, least: int = 1) -> list[tuple[int, int]]:
    """Stretches of content blocks, ``least`` code points long, that no annotation, cue or counted noun touches."""
    taken = sorted((span["start"], span["end"]) for span in spans_of(raw))
    found = []
    for block in raw["blocks"]:
        if block["kind"] not in CONTENT_BLOCKS:
            continue
        at = block["start"]
        for start, end in [*taken, (block["end"], block["end"])]:
            if end <= at or start > block["end"]:
                continue
            if min(start, block["end"]) - 1 - (at + 1) >= least:
                found.append((at + 1, min(start, block["end"]) - 1))
            at = max(at, end)
    return found


def unmarked_words(raw: Raw) -> list[tuple[int, int]]:
    """Plain ASCII words of content blocks, four letters and more, that stand in no annotation."""
    found = []
    text = raw["text"]
    for start, end in unmarked(raw, 6):
        at = start
        for word in text[start:end].split(" "):
            if len(word) > 3 and word.isascii() and word.isalpha() and at > start and at + len(word) < end:
                found.append((at, at + len(word)))
            at += len(word) + 1
    return found


def rewrite(raw: Raw, start: int, end: int, words: str) -> None:
    """Puts other words in the place of a stretch of the text, and moves, stretches and re-reads what lies around.

    A span that begins or ends within the stretch is none of its business: the caller keeps away from those.
    """
    by = len(words) - (end - start)
    raw["text"] = raw["text"][:start] + words + raw["text"][end:]
    for span in raw["blocks"]:  # what is put in at the start of a block belongs to it
        span["start"] += by if span["start"] >= end and span["start"] > start else 0
        span["end"] += by if span["end"] >= end else 0
    for span in spans_of(raw):
        span["start"] += by if span["start"] >= end else 0
        span["end"] += by if span["end"] >= end else 0
    for span in spans_of(raw):
        if "text" in span:
            cut = span.get("fragments") or [span]
            span["text"] = " ".join(raw["text"][piece["start"] : piece["end"]] for piece in cut)
    seal(raw)


def seal(raw: Raw) -> None:
    """Writes the checksum of the text as it is now."""
    raw["text_sha256"] = sha256_of(raw["text"])


def add_paragraph(raw: Raw, words: str) -> int:
    """Adds a paragraph behind all others; returns where it starts."""
    if not raw["text"].endswith("\n\n"):
        raw["text"] += "\n\n"
    start = len(raw["text"])
    raw["text"] += words + "\n\n"
    raw["blocks"].append({"start": start, "end": start + len(words), "kind": "paragraph"})
    seal(raw)
    return start


def annotate(raw: Raw, layer: str, words: str, start: int = 0, **attributes: Any) -> str:
    """Marks the first ``words`` at or behind ``start`` in a layer; returns the pointer."""
    at = raw["text"].index(words, start)
    items = raw["layers"].setdefault(layer, [])
    own = {"id": f"{layer[0]}{len(items) + 1}", "start": at, "end": at + len(words), "text": words}
    items.append({**own, **attributes})
    return f"/layers/{layer}/{len(items) - 1}"


def span_at(raw: Raw, words: str, start: int = 0) -> Raw:
    """A cue, or what a figure counts: the first ``words`` at or behind ``start``."""
    at = raw["text"].index(words, start)
    return {"start": at, "end": at + len(words), "text": words}


def at_pointer(raw: Any, pointer: str) -> Any:
    """The value that a JSON Pointer names."""
    for step in pointer.split("/")[1:]:
        raw = raw[int(step)] if isinstance(raw, list) else raw[step]
    return raw


def own_keys(raw: Raw) -> list[tuple[str, Raw]]:
    """Every object of a document whose keys the format lists, with its pointer."""
    found: list[tuple[str, Raw]] = [("", raw), ("/meta", raw["meta"])]
    for key in ("blocks", "entities", "relations"):
        found += [(f"/{key}/{i}", item) for i, item in enumerate(raw[key])]
    for layer, items in raw["layers"].items():
        for i, item in enumerate(items):
            own = f"/layers/{layer}/{i}"
            found.append((own, item))
            found += [(f"{own}/{key}", item[key]) for key in ("cue", "counted", "provenance") if key in item]
    return found
