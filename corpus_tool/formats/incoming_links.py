"""Relations of other tools as links and parts of annotations, and as relations of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus_tool.formats.foreign import ForeignRelation, Pieces
from corpus_tool.formats.incoming_run import Run, fresh_id, span_json
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.mapping import RelationRule
from corpus_tool.model.schemas import JsonObject, Layer


def ends_of(relation: ForeignRelation, rule: RelationRule, run: Run) -> list[tuple[str, str]] | None:
    """The ends of a relation as spans; None where too few are there, which is told unless they were left out before."""
    events = {r.id: r for r in run.source.relations}
    ends: list[tuple[str, str]] = []
    for role, end in relation.ends:
        seen: set[str] = set()
        key = end
        while key in events and events[key].ends and key not in seen:
            seen.add(key)
            key = _anchor(events[key], run)
        if key in run.ids or key in run.parts:
            ends.append((role, key))
        elif key not in run.gone and rule.drop is None:
            told = f"{relation.label} {relation.id}: there is no {end}, which it calls {role}"
            run.tell("import-link-broken", told, relation.line)
    if len(ends) < 2 and rule.drop is None:
        if ends and len(relation.ends) > 1:
            run.lost.append(Lost("relation", relation.label, "what it links to was left out"))
        elif len(relation.ends) <= 1:
            run.lost.append(Lost("relation", relation.label, "it links nothing"))
        return None
    return ends


def _anchor(relation: ForeignRelation, run: Run) -> str:
    """The end that stands for a relation: the annotation that its rule names, else the first."""
    role = run.mapping.relation_rule(relation.label).annotation
    return next((end for own, end in relation.ends if own == role), relation.ends[0][1])


def set_links(relation: ForeignRelation, rule: RelationRule, ends: Sequence[tuple[str, str]], run: Run) -> None:
    """Sets the links and parts that a relation stands for."""
    owner = next((end for role, end in ends if role == rule.annotation), None)
    if owner is None or owner not in run.owners:
        run.lost.append(Lost("relation", relation.label, f"it has no annotation as {rule.annotation}"))
        return
    layer, made = run.owners[owner]
    by_role: dict[str, list[str]] = defaultdict(list)
    for role, end in ends:
        by_role[role].append(end)
    for attribute, role in rule.attributes.items():
        targets = [end for end in by_role.get(role, ()) if end != owner]
        if not targets:
            continue
        if attribute not in run.layers[layer].attributes:
            run.lost.append(Lost("relation", relation.label, f"the layer {layer} has no {attribute}"))
        elif attribute in run.layers[layer].span_attributes:
            _set_part(made, attribute, targets, relation, run)
        else:
            _set_link(made, attribute, targets, relation, run.layers[layer], run)
    if relation.attributes:
        extra = made.setdefault("extra", {})
        for key, value in relation.attributes.items():
            extra.setdefault(key, value)


def _set_part(made: JsonObject, key: str, targets: Sequence[str], relation: ForeignRelation, run: Run) -> None:
    """Sets a cue, or what a figure counts; several parts make up one with fragments."""
    pieces: list[tuple[int, int]] = []
    for target in targets:
        if target in run.parts:
            pieces += run.parts[target][1]
            run.used_parts.add(target)
        else:
            _, other = run.owners[target]
            pieces += [(f["start"], f["end"]) for f in other.get("fragments", [other])]
    held = made.get(key)
    ordered = sorted(pieces)
    if any(one[1] > other[0] for one, other in pairwise(ordered)) or held is not None:
        run.lost.append(Lost("relation", relation.label, f"there is a {key} already"))
        return
    made[key] = span_json(run.text.text, _joined(ordered))


def _joined(ordered: Sequence[tuple[int, int]]) -> Pieces:
    """Pieces that touch as one."""
    together = [ordered[0]]
    for start, end in ordered[1:]:
        if start == together[-1][1]:
            together[-1] = (together[-1][0], end)
        else:
            together.append((start, end))
    return tuple(together)


def _set_link(
    made: JsonObject, key: str, targets: Sequence[str], relation: ForeignRelation, layer: Layer, run: Run
) -> None:
    """Sets a link; further speakers are co-speakers, and what else cannot stand twice is listed."""
    for target in targets:
        if target not in run.ids:
            run.lost.append(Lost("relation", relation.label, f"{key} cannot be a part of an annotation"))
            continue
        own = run.ids[target]
        if layer.attributes[key].get("type") == "array":
            made.setdefault(key, []).append(own)
        elif key not in made:
            made[key] = own
        elif made[key] != own and key == "speaker":
            others = made.setdefault("co_speakers", [])
            if own not in others:
                others.append(own)
        elif made[key] != own:
            run.lost.append(Lost("relation", relation.label, f"there is a {key} already"))


def kept_relations(
    relation: ForeignRelation, type_: str, ends: Sequence[tuple[str, str]], run: Run
) -> Iterator[JsonObject]:
    """A relation that no layer names, as ours: one arrow from its first end to each other one."""
    inner = [(role, run.ids[end]) for role, end in ends if end in run.ids]
    if len(inner) < 2:
        run.lost.append(Lost("relation", relation.label, "an end of it is a part of an annotation"))
        return
    (_, first), *others = inner
    for role, other in others:
        key = fresh_id(relation.id, "r", run.taken)
        run.lines[key] = relation.line
        extra = dict(relation.attributes)
        if len(others) > 1:
            extra |= {"event": relation.id, "role": role}
        yield {"id": key, "type": type_, "from": first, "to": other, **({"extra": extra} if extra else {})}
