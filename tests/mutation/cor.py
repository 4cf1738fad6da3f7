"""Mutants of the COR checks that look at one document."""

from __future__ import annotations

import random

from mutation.planting import Mutant, Planted, Raw, add_paragraph, annotate

_NAMES = (
    ("Bram Quist", "actors", "person"), ("Åse Nygård", "actors", "person"), ("دار النور", "actors", "media"),
    ("Нова Гавань", "locations", "city"), ("Hollow Pier", "locations", "facility"), ("O’Malley", "actors", "person"),
    ("Grey Guild", "actors", "organization"), ("Isle-aux-Mers", "locations", "area"), ("נווה ים", "locations", "city"),
)  # fmt: skip
_SENTENCES = (
    "{} was seen again.", "Nobody went near {}, they said.", "On the pier 🚢 stood what belonged to {}.",
    "{}, at last!",
    "It rained on {} – twice.", "the end of {}", "They asked for {} and left.",
)  # fmt: skip


def name_missed(rng: random.Random, raw: Raw) -> Planted:
    name, layer, kind = rng.choice(_NAMES)
    missed = rng.randint(1, 2)
    marked = rng.randint(3 * missed, 3 * missed + 3)
    kinds = [True] * marked + [False] * missed
    for is_marked in rng.sample(kinds, len(kinds)):
        start = add_paragraph(raw, rng.choice(_SENTENCES).format(name))
        if is_marked:
            annotate(raw, layer, name, start, kind=kind, mention="name")
    return Planted(raw, "/text")


MUTANTS: dict[str, Mutant] = {"COR202": name_missed}
