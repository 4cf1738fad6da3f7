"""One document made of its annotators' versions, and a list of all that is not in it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from corpus_tool.agreement.aligned import Aligned, kind_of
from corpus_tool.agreement.differ import unit_disagreements
from corpus_tool.agreement.merge_entities import merged_entities
from corpus_tool.agreement.types import Disagreement, NotMerged
from corpus_tool.agreement.versions import Version
from corpus_tool.agreement.votes import AGREED, Verdict, decide, provenance
from corpus_tool.model import Annotation, Entity, Relation, pieces
from corpus_tool.model.schemas import Layer

#: Why a link is not in the result.
_NO_TARGET = "what it refers to is not in the result"

#: A thing that was marked: its layer, and its number there; an entity has the layer "entities".
Thing = tuple[str, int]


@dataclass
class MergedVersions:
    """What merging the versions of a document gives.

    Attributes:
        layers: the annotations in the result, with ids of their own.
        entities: those that they refer to.
        relations: between them.
        ledger: what is not in the result.
        open: what a person is asked to decide.
    """

    layers: dict[str, tuple[Annotation, ...]] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    ledger: list[NotMerged] = field(default_factory=list)
    open: list[Disagreement] = field(default_factory=list)


def merge_versions(aligned: Aligned, layers: Sequence[str], by: str, beside: Beside | None = None) -> MergedVersions:
    """Merges the versions of a document in some layers.

    Args:
        aligned: the versions.
        layers: the layers, each reviewed by at least one annotator.
        by: "unanimous", "majority" or "review".
        beside: what stays in the document that the result goes into.
    """
    merging = _Merging(aligned, by, beside or Beside())
    for layer in layers:
        merging.decide_layer(layer)
    return merging.result(layers)


@dataclass(frozen=True)
class Beside:
    """What a document holds already that the result does not replace.

    Attributes:
        taken: ids that are not free.
        targets: by layer and pieces, the id of an annotation that links may lead to.
    """

    taken: frozenset[str] = frozenset()
    targets: Mapping[tuple[str, Any], str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Standing:
    """Something that stands in the result, and who it was taken from."""

    layer: str
    thing: Thing | None
    verdict: Verdict
    ids: Mapping[str, str]

    @property
    def annotation(self) -> Annotation:
        assert self.verdict.annotation is not None
        return self.verdict.annotation


class _Merging:
    """The work on one document."""

    def __init__(self, aligned: Aligned, by: str, beside: Beside) -> None:
        self._aligned = aligned
        self._by = by
        self._beside = beside
        self._standing: list[_Standing] = []
        self._made = MergedVersions()
        self._taken = set(beside.taken)
        self._ids: dict[Thing, str] = {}

    def decide_layer(self, layer: str) -> None:
        """Decides about everything that those who reviewed a layer marked or rejected there."""
        versions = {version.annotator: version for version in self._aligned.versions.reviewers(layer)}
        for number, unit in enumerate(self._aligned.units.get(layer, ())):
            own = {name: annotation for name, annotation in unit.items() if name in versions}
            if not own:
                continue
            verdict = decide(self._aligned, layer, versions, own, self._by)
            self._note(layer, verdict, own, versions)
            if verdict.annotation is not None:
                ids = {name: own[name].id for name in verdict.agreed}
                self._standing.append(_Standing(layer, (layer, number), verdict, ids))
        self._decide_rejected(layer, versions)

    def _note(
        self, layer: str, verdict: Verdict, unit: Mapping[str, Annotation], versions: Mapping[str, Version]
    ) -> None:
        for lost in verdict.lost:
            annotation = unit[lost.annotator]
            value = annotation if lost.attribute is None else lost.value
            self._lose(lost.annotator, layer, annotation.id, lost.attribute, lost.reason, value)
        if verdict.open:
            differing = unit_disagreements(self._aligned, layer, versions, unit)
            self._made.open += [one for one in differing if one.what in verdict.open]

    def _decide_rejected(self, layer: str, versions: Mapping[str, Version]) -> None:
        """Keeps as rejected what all, or most, have rejected, so that it is not suggested again."""
        rejected: dict[tuple[Any, str], dict[str, Annotation]] = {}
        for name, version in versions.items():
            live = {annotation.id for annotation in version.spans(layer)}
            for annotation in version.document.layers.get(layer, ()):
                if annotation.id in live:
                    continue
                key = (pieces(annotation), kind_of(annotation))
                if name in rejected.get(key, {}):
                    self._lose(name, layer, annotation.id, None, "rejected twice in one version", annotation)
                else:
                    rejected.setdefault(key, {})[name] = annotation
        kept = {pieces(one.annotation) for one in self._standing if one.layer == layer}
        for (place, _), own in sorted(rejected.items(), key=lambda item: item[0]):
            most = len(own) == len(versions) or (self._by == "majority" and 2 * len(own) > len(versions))
            if place in kept or not most:
                reason = (
                    "rejected, and the result has it" if place in kept else f"rejected by {len(own)} of {len(versions)}"
                )
                for name, annotation in own.items():
                    self._lose(name, layer, annotation.id, None, reason, annotation)
                continue
            made = provenance(list(own.values()), "one" if len(versions) == 1 else self._by)
            base = _without_links(next(iter(own.values())), self._aligned.layers[layer])
            stone = replace(base, extra={**base.extra, AGREED: ",".join(own)}, provenance=made)
            ids = {name: annotation.id for name, annotation in own.items()}
            self._standing.append(_Standing(layer, None, Verdict(stone, agreed=tuple(own)), ids))

    def result(self, layers: Sequence[str]) -> MergedVersions:
        """Gives everything its id and its links."""
        self._standing.sort(key=lambda one: (one.annotation.start, -one.annotation.end, one.annotation.id))
        ids = [self._own_id(Counter(one.ids.values())) for one in self._standing]
        for one, own in zip(self._standing, ids, strict=True):
            if one.thing is not None:
                self._ids[one.thing] = own
        self._merge_entities()
        for layer in layers:
            self._made.layers[layer] = tuple(
                self._linked(one, own) for one, own in zip(self._standing, ids, strict=True) if one.layer == layer
            )
        self._merge_relations()
        self._made.ledger = [self._with_merged_id(lost) for lost in self._made.ledger]
        return self._made

    def _own_id(self, wanted: Mapping[str, int]) -> str:
        """An id that is not taken: the one that most annotators gave, or another one like it."""
        ranked = sorted(wanted, key=lambda name: (-wanted[name], name))
        free = next((name for name in ranked if name not in self._taken), None)
        if free is None:
            stem, number = ranked[0].rstrip("0123456789") or "x", 1
            while f"{stem}{number}" in self._taken:
                number += 1
            free = f"{stem}{number}"
        self._taken.add(free)
        return free

    def _merge_entities(self) -> None:
        used: dict[int, None] = {}  # in the order of the text
        for one in self._standing:
            entity = getattr(one.annotation, "entity", None)
            giver = one.verdict.source.get("entity")
            if entity is not None and giver is not None and (giver, entity) in self._aligned.entity_of:
                used[self._aligned.entity_of[giver, entity][0]] = None
        made = []
        for number in used:
            group = self._aligned.entities[number]
            own = self._own_id(Counter(entity.id for entity in group.values()))
            self._ids["entities", number] = own
            entity, lost = merged_entities(group, own)
            made.append(entity)
            for name, attribute, value in lost:
                self._lose(name, "entities", group[name].id, attribute, "another one stands", value, own)
        self._made.entities = tuple(made)

    def _linked(self, one: _Standing, own: str) -> Annotation:
        """An annotation of the result with its own id, and links to what is in the result."""
        changes: dict[str, Any] = {"id": own}
        for attribute in self._aligned.layers[one.layer].references:
            value = getattr(one.annotation, attribute, None)
            giver = one.verdict.source.get(attribute)
            if not value or giver is None:
                continue
            ids = [value] if isinstance(value, str) else list(value)
            found = [self._id_of(self._thing(giver, target)) for target in ids]
            kept = [target for target in found if target is not None]
            changes[attribute] = (kept[0] if kept else None) if isinstance(value, str) else type(value)(kept)
            if len(kept) < len(ids):
                for name, annotation_id in one.ids.items():
                    theirs = getattr(self._aligned.annotations[name, annotation_id], attribute)
                    already = any(lost.annotator == name and lost.attribute == attribute for lost in one.verdict.lost)
                    if theirs and not already:
                        self._lose(name, one.layer, annotation_id, attribute, _NO_TARGET, theirs, own)
        if changes.get("speaker", "") is None and getattr(one.annotation, "speaker_status", None) is None:
            changes["speaker_status"] = "unknown"
        return replace(one.annotation, **changes)

    def _with_merged_id(self, lost: NotMerged) -> NotMerged:
        """A line of the ledger with the annotation of the result that stands for what is not in it."""
        thing = self._aligned.unit_of.get((lost.annotator, lost.id))
        if lost.merged is not None or thing is None or thing not in self._ids:
            return lost
        return dataclasses.replace(lost, merged=self._ids[thing])

    def _id_of(self, thing: Thing | None) -> str | None:
        """What a thing is called in the result, or in what stays beside it."""
        if thing is None or thing in self._ids or thing[0] == "entities":
            return self._ids.get(thing) if thing is not None else None
        unit = self._aligned.units[thing[0]][thing[1]]
        places = sorted({pieces(annotation) for annotation in unit.values()})
        return next((own for place in places if (own := self._beside.targets.get((thing[0], place)))), None)

    def _thing(self, annotator: str, target: str) -> Thing | None:
        if (annotator, target) in self._aligned.entity_of:
            return "entities", self._aligned.entity_of[annotator, target][0]
        return self._aligned.unit_of.get((annotator, target))

    def _merge_relations(self) -> None:
        """Keeps the relations of which both ends stand, by the same rule as annotations."""
        voters = [version for version in self._aligned.versions.by_annotator.values() if version.reviewed]
        by_ends: dict[tuple[str, str | None, str | None, str], list[tuple[str, Relation]]] = {}
        for version in voters:
            for relation in version.document.relations:
                source, target = (
                    self._id_of(self._thing(version.annotator, end)) for end in (relation.source, relation.target)
                )
                unplaced = "" if source and target else f"{version.annotator} {relation.id}"
                key = (relation.type, source, target, unplaced)
                by_ends.setdefault(key, []).append((version.annotator, relation))
        made = []
        for (_, source, target, _), found in sorted(by_ends.items(), key=lambda item: repr(item[0])):
            names = {name for name, _ in found}
            enough = len(names) == len(voters) or (self._by == "majority" and 2 * len(names) > len(voters))
            if source is None or target is None or not enough:
                why = _NO_TARGET if source is None or target is None else f"marked by {len(names)} of {len(voters)}"
                for name, relation in found:
                    self._lose(name, "relations", relation.id, None, why, relation)
                continue
            own = self._own_id(Counter(relation.id for _, relation in found))
            made.append(replace(found[0][1], id=own, source=source, target=target))
        self._made.relations = tuple(made)

    def _lose(
        self,
        annotator: str,
        layer: str,
        own: str,
        attribute: str | None,
        reason: str,
        value: Any,
        merged: str | None = None,
    ) -> None:
        plain = msgspec.to_builtins(value)
        document = self._aligned.versions.document
        self._made.ledger.append(NotMerged(document, annotator, layer, own, attribute, reason, merged, plain))


def everything(aligned: Aligned, layers: Iterable[str], reason: str) -> Iterator[NotMerged]:
    """All that annotators have in some layers, as lines of the ledger with one reason."""
    for layer in layers:
        for version in aligned.versions.reviewers(layer):
            for annotation in version.document.layers[layer]:
                value = msgspec.to_builtins(annotation)
                yield NotMerged(
                    aligned.versions.document, version.annotator, layer, annotation.id, None, reason, None, value
                )


def _without_links(annotation: Annotation, layer: Layer) -> Annotation:
    """A rejected annotation without its links, which may lead nowhere in the result."""
    values = {name: getattr(annotation, name, None) for name in layer.references}
    return replace(annotation, **{name: type(v)() if isinstance(v, tuple) else None for name, v in values.items() if v})
