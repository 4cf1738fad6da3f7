"""Entities of other tools: those that they name, and those that coreference makes up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from corpus_tool.formats.foreign import ForeignEntity
from corpus_tool.formats.incoming_run import Run, fresh_id
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.values import value_of
from corpus_tool.model.schemas import JsonObject, base_schema

#: Fields of an entity that are numbers or a word beside its name, kind, links and aliases.
_ENTITY_FIELDS = ("lat", "lon", "link_score", "link_method")


def entities_of(same: Sequence[Sequence[str]], run: Run) -> list[JsonObject]:
    """The entities of a document: those that the source names, and those that its relations make up."""
    known = {entity.id: entity for entity in run.source.entities}
    mentions: dict[str, list[JsonObject]] = defaultdict(list)
    for _, made in run.owners.values():
        if "entity" in made:
            mentions[made["entity"]].append(made)
    for group in same:
        made_group = [run.owners[i] for i in group if i in run.owners]
        able = [made for name, made in made_group if "entity" in run.layers[name].attributes]
        names = [made["entity"] for made in able if "entity" in made]
        name = names[0] if names else f"e{len(mentions) + len(known) + 1}"
        for old in {*names} - {name}:
            mentions[name] += mentions.pop(old, [])
        mentions[name] += [made for made in able if made not in mentions[name]]
    entities = []
    for name in [*known, *(m for m in mentions if m not in known)]:
        rows = mentions.get(name, [])
        entity = _entity(known.get(name) or ForeignEntity(name), rows, run)
        if entity is not None:
            entities.append(entity)
            for made in rows:
                made["entity"] = entity["id"]
        else:
            run.lost.append(Lost("entity", name, "it has neither a name nor a mention"))
    return entities


def _entity(source: ForeignEntity, mentions: Sequence[JsonObject], run: Run) -> JsonObject | None:
    named = [m for m in mentions if m.get("mention") == "name"] or list(mentions)
    name = source.name or (max(named, key=lambda m: len(m["text"]))["text"] if named else None)
    kinds = Counter(str(m["kind"]) for m in mentions if m.get("kind"))
    kind = source.kind or (kinds.most_common(1)[0][0] if kinds else "other")
    if not name:
        return None
    key = fresh_id(source.id, "e", run.taken)
    run.lines[key] = source.line
    made: JsonObject = {"id": key, "kind": kind, "name": " ".join(name.split()) or name}
    if source.aliases:
        made["aliases"] = list(source.aliases)
    if source.links:
        made["links"] = dict(source.links)
    properties = base_schema()["$defs"]["entity"]["properties"]
    extra = {}
    for attribute, value in source.attributes.items():
        fitted = value_of(value, properties[attribute]) if attribute in _ENTITY_FIELDS else None
        if fitted is not None:
            made[attribute] = fitted
        else:
            extra[attribute] = value
    if extra:
        made["extra"] = extra
    return made
