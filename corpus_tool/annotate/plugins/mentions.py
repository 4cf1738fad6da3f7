"""From spans with a kind to mentions and entities: what models that know no coreference leave to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from corpus_tool.annotate.naming import group_names
from corpus_tool.model import Actor, Annotation, Document, Entity, Location, Provenance

_PRONOUNS = frozenset(
    ["he", "him", "his", "she", "her", "hers", "it", "its", "they", "them", "we", "us", "i", "me", "you", "who"]
)


@dataclass(frozen=True)
class Found:
    """A mention that a model found: where, in which layer, of what kind, and how sure it is (0 to 1)."""

    start: int
    end: int
    layer: str
    kind: str
    score: float | None = None
    mention: str | None = None
    role: str | None = None
    anonymous: bool | None = None


def mention_of(words: str) -> str:
    """How words refer: by a name where one of them is capitalized, or the script knows no capitals."""
    if words.lower() in _PRONOUNS and not (words.isupper() and len(words) > 1):
        return "pronoun"
    cased = [word for word in words.split() if word.lower() != word.upper()]
    return "name" if not cased or any(word[0].isupper() or word[0].isdigit() for word in cased) else "nominal"


def apart(found: Iterable[Found]) -> list[Found]:
    """The mentions that can stand beside each other in a layer: one a span, none that crosses another; surer first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (-(f.score or 0), f.start - f.end, f.start)):
        if not any(one.layer == other.layer and _clash(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda f: (f.start, -f.end))


def _clash(one: Found, other: Found) -> bool:
    if (one.start, one.end) == (other.start, other.end):
        return True
    return one.start < other.start < one.end < other.end or other.start < one.start < other.end < one.end


def document_with_mentions(document: Document, found: Sequence[Found], layers: Sequence[str]) -> Document:
    """The document with mentions in ``layers`` (actors, locations), ids "a1", "l1" …, and entities for the names."""
    made: dict[str, list[Actor | Location]] = {layer: [] for layer in layers}
    for one in apart(found):
        own = made[one.layer]
        words = document.text[one.start : one.end]
        mention = one.mention or mention_of(words)
        common = {
            "id": f"{one.layer[0]}{len(own) + 1}",
            "start": one.start,
            "end": one.end,
            "text": words,
            "kind": one.kind,
            "provenance": Provenance(status="suggested", score=one.score),
        }
        if one.layer == "actors":
            own.append(Actor(**common, mention=mention, role=one.role, anonymous=one.anonymous))  # type: ignore[arg-type]
        else:
            own.append(Location(**common, mention="name" if mention == "name" else "nominal"))  # type: ignore[arg-type]
    mentions = sorted((m for own in made.values() for m in own), key=lambda m: (m.start, m.end))
    groups = group_names([m for m in mentions if m.mention == "name"])
    entity_of = {mention: f"e{n}" for n, group in enumerate(groups, start=1) for mention in group.mentions}
    entities = [
        Entity(id=f"e{n}", kind=group.kind, name=group.name, aliases=group.aliases(group.name))
        for n, group in enumerate(groups, start=1)
    ]
    done: dict[str, tuple[Annotation, ...]] = {
        layer: tuple(replace(m, entity=entity_of.get(m.id)) for m in own) for layer, own in made.items()
    }
    return replace(document, layers=done, entities=tuple(entities))
