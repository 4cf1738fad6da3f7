"""A generated document that is being written: its words, blocks and annotations so far."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]

HUMAN = "R. Editor"
_PROGRAM = "rules 1.2"


@dataclass
class Draft:
    """A document that is being written."""

    rng: random.Random
    people: Sequence[Raw]
    organizations: Sequence[Raw]
    cities: Sequence[Raw]
    states: Sequence[Raw]
    parts: list[str] = field(default_factory=list)
    at: int = 0
    block: int = 0
    blocks: list[Raw] = field(default_factory=list)
    used: dict[str, Raw] = field(default_factory=dict)
    relations: list[Raw] = field(default_factory=list)
    layers: dict[str, list[Raw]] = field(
        default_factory=lambda: {"actors": [], "locations": [], "figures": [], "quotes": []}
    )


def put(draft: Draft, words: str) -> None:
    """Writes words."""
    draft.parts.append(words)
    draft.at += len(words)


def begin_sentence(draft: Draft) -> None:
    """Parts a sentence from the one before."""
    if draft.at > draft.block:
        put(draft, " ")


def end_block(draft: Draft, kind: str) -> None:
    """Ends a block, if it holds anything, with an empty line behind it."""
    if draft.at > draft.block:
        draft.blocks.append({"start": draft.block, "end": draft.at, "kind": kind})
        put(draft, "\n\n")
        draft.block = draft.at


def mark(draft: Draft, layer: str, words: str, **attributes: Any) -> Raw:
    """Writes words and marks them."""
    annotation = span(draft, layer, draft.at, words, attributes)
    put(draft, words)
    return annotation


def span(draft: Draft, layer: str, start: int, words: str, attributes: Raw) -> Raw:
    """Marks a stretch of the text; ``words`` are what stands there."""
    items = draft.layers[layer]
    own = {"id": f"{layer[0]}{len(items) + 1}", "start": start, "end": start + len(words), "text": words}
    annotation = {**own, **attributes}
    if provenance := _provenance(draft.rng, annotation):
        annotation["provenance"] = provenance
    items.append(annotation)
    return annotation


def _provenance(rng: random.Random, annotation: Raw) -> Raw | None:
    chance = rng.random()
    if chance < 0.7:
        return None
    if chance < 0.78:
        return {"annotator": _PROGRAM, "status": "suggested", "score": round(rng.random(), 3)}
    if chance < 0.86:
        return {"annotator": HUMAN, "status": "accepted"}
    if chance < 0.93:
        return {"annotator": HUMAN, "status": "added"}
    return {"annotator": HUMAN, "status": "corrected", "was": {"end": annotation["end"] + 1}}


def entity_id(draft: Draft, entity: Raw) -> str:
    """The id of an entity, which enters the document when it is first mentioned."""
    if not entity["id"]:
        entity["id"] = f"e{len(draft.used) + 1}"
        draft.used[entity["id"]] = entity
    return str(entity["id"])


def last(item: Raw, key: str) -> None:
    """Puts a key behind the others, where the contract has it."""
    if key in item:
        item[key] = item.pop(key)
