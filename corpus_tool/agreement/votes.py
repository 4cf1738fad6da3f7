"""What becomes of one thing that annotators marked: whether it stands, where, and with which attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from msgspec.structs import replace

from corpus_tool.agreement.aligned import NUMBERS, Aligned, statements
from corpus_tool.agreement.versions import MERGED, Version
from corpus_tool.model import Annotation, Provenance, pieces
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import Layer

#: How versions can be merged.
WAYS = ("unanimous", "majority", "review")

#: Key of ``extra`` that names those who say what a merged annotation says.
AGREED = "agreed"

#: Before a reason, where the decision is left to a person.
OPEN = "left to a person: "


class Lost(NamedTuple):
    """What an annotator said that is not in the result: an annotation (attribute None), or what it says of one."""

    annotator: str
    attribute: str | None
    reason: str
    value: Any = None


@dataclass(frozen=True)
class Verdict:
    """What becomes of one thing.

    Attributes:
        annotation: what stands in the result, with the id and the links of ``source``'s version; None where nothing
            does.
        source: whose version it was taken from, by attribute; "" for all that is not named.
        agreed: those whose annotation it is: the same bounds, kind and numbers.
        lost: what is not in the result.
        open: what a person is asked to decide: ``missing``, ``bounds`` or attributes.
    """

    annotation: Annotation | None
    source: Mapping[str, str] = field(default_factory=dict)
    agreed: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    open: tuple[str, ...] = ()


def decide(
    aligned: Aligned, layer: str, versions: Mapping[str, Version], unit: Mapping[str, Annotation], by: str
) -> Verdict:
    """Decides about one thing that some of the annotators marked.

    It stands where all of them ("unanimous", "review") or more than half ("majority") have it, and they agree, or the
    most of them, on its bounds and on what its layer demands (kind; numbers). What they say besides is decided one
    attribute after the other; one that stays undecided is left out.

    Args:
        aligned: the versions of the document.
        layer: name of the layer.
        versions: those who have reviewed it, who all have a vote.
        unit: by annotator what they marked.
        by: one of ``WAYS``.
    """
    counted = f"marked by {len(unit)} of {len(versions)}"
    if by == "majority" and 2 * len(unit) == len(versions):
        return _out(unit, f"{OPEN}{counted}", ("missing",))
    if len(unit) < len(versions) and (by != "majority" or 2 * len(unit) < len(versions)):
        is_open = by == "review"
        return _out(unit, f"{OPEN if is_open else ''}{counted}", ("missing",) if is_open else ())
    demanded = demanded_of(aligned.layers[layer])
    labels: dict[str, dict[str, Hashable]] = {"bounds": {name: pieces(a) for name, a in unit.items()}}
    for attribute in statements(aligned.layers[layer]):
        if attribute in aligned.layers[layer].attributes:
            said = {name: aligned.said(versions[name], layer, a, attribute) for name, a in unit.items()}
            labels[attribute] = {name: one.label if one is not None else None for name, one in said.items()}
    won = {what: _winner(list(votes.values()), by) for what, votes in labels.items()}
    undecided = [what for what in ("bounds", *demanded) if won[what] is _TIE]
    agreed = [name for name in unit if all(labels[what][name] == won[what] for what in ("bounds", *demanded))]
    if undecided or not agreed:
        told = f"what they say differs: {', '.join(undecided)}" if undecided else "nobody says what most say of each"
        is_open = by != "unanimous"
        return _out(unit, f"{OPEN if is_open else ''}{told}", tuple(undecided or ("bounds",)) if is_open else ())
    return _stands(aligned.layers[layer], unit, labels, won, agreed, by, alone=len(versions) == 1)


def demanded_of(layer: Layer) -> tuple[str, ...]:
    """The statements that no annotation of a layer is valid without, and its kind."""
    required = set(layer.schema.get("required", ()))
    required |= {"value"} if all(name in layer.attributes for name in NUMBERS) else set()
    required |= {"kind"} & layer.attributes.keys()
    return tuple(attribute for attribute in layer.attributes if attribute in required)


def _stands(
    layer: Layer,
    unit: Mapping[str, Annotation],
    labels: Mapping[str, Mapping[str, Hashable]],
    won: Mapping[str, Hashable],
    agreed: Sequence[str],
    by: str,
    *,
    alone: bool,
) -> Verdict:
    base = unit[agreed[0]]
    lost = [
        Lost(name, None, "outvoted: other " + " and ".join(_other(name, labels, won, layer)))
        for name in unit
        if name not in agreed
    ]
    changes: dict[str, Any] = {}
    source: dict[str, str] = {"": agreed[0]}
    still_open = []
    for attribute, votes in labels.items():
        if attribute == "bounds" or attribute in demanded_of(layer):
            continue
        wins = won[attribute]
        giver = next((name for name in (*agreed, *unit) if votes[name] == wins), None)
        if wins is _TIE and by != "unanimous":
            still_open.append(attribute)
        if wins is _TIE or giver is None:
            changes[attribute] = _default(base, attribute)
        else:
            changes[attribute] = getattr(unit[giver], attribute)
            source[attribute] = giver
        why = "differs" if wins is _TIE else "outvoted"
        why = OPEN + why if wins is _TIE and by != "unanimous" else why
        lost += [
            Lost(name, attribute, why, getattr(unit[name], attribute))
            for name in agreed
            if votes[name] is not None and votes[name] != wins
        ]
    extra, lost_extra = _extra([(name, unit[name]) for name in agreed], by)
    changes["extra"] = {**extra, AGREED: ",".join(agreed)}
    changes["provenance"] = provenance([unit[name] for name in agreed], "one" if alone else by)
    return Verdict(replace(base, **changes), source, tuple(agreed), (*lost, *lost_extra), tuple(still_open))


def provenance(annotations: Sequence[Annotation], how: str) -> Provenance:
    """Who and how: ``merge:`` and the way; the status that people gave, "suggested" where none of them did."""
    given = [a.provenance.status if a.provenance is not None else "accepted" for a in annotations]
    human = sorted({status for status in given if status in HUMAN_STATUSES})
    status = (human[0] if len(human) == 1 else "accepted") if human else "suggested"
    was = next((a.provenance.was for a in annotations if a.provenance is not None and a.provenance.was), None)
    return Provenance(annotator=f"{MERGED}{how}", status=status, was=was if status == "corrected" else None)


def _out(unit: Mapping[str, Annotation], reason: str, still_open: tuple[str, ...]) -> Verdict:
    return Verdict(None, lost=tuple(Lost(name, None, reason) for name in unit), open=still_open)


def _other(
    name: str, labels: Mapping[str, Mapping[str, Hashable]], won: Mapping[str, Hashable], layer: Layer
) -> list[str]:
    return [what for what in ("bounds", *demanded_of(layer)) if labels[what][name] != won[what]]


def _default(base: Annotation, attribute: str) -> Any:
    """What stands for an attribute that nothing is said of."""
    return () if isinstance(getattr(base, attribute), tuple) else None


def _extra(annotations: Sequence[tuple[str, Annotation]], by: str) -> tuple[dict[str, Any], list[Lost]]:
    """What ``extra`` holds in the result: of each key what all say who have it, or the most of them."""
    kept: dict[str, Any] = {}
    lost = []
    for key in sorted({key for _, annotation in annotations for key in annotation.extra}):
        votes = {name: annotation.extra[key] for name, annotation in annotations if key in annotation.extra}
        wins = _winner([(type(value).__name__, value) for value in votes.values()], by) if key != AGREED else _TIE
        for name, value in votes.items():
            if (type(value).__name__, value) == wins:
                kept[key] = value
            else:
                lost.append(Lost(name, f"extra.{key}", "differs" if wins is _TIE else "outvoted", value))
    return kept, lost


class _Tie:
    """What nobody says, and so equals no label."""


_TIE = _Tie()


def _winner(labels: Sequence[Hashable], by: str) -> Hashable:
    """The label that stands: of all, or by majority that of the most; ``_TIE`` without one."""
    ranked = Counter(labels).most_common(2)
    if len(ranked) == 1:
        return ranked[0][0]
    return ranked[0][0] if by == "majority" and ranked[0][1] > ranked[1][1] else _TIE
