"""The places of a document where its annotators differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus_tool.agreement.aligned import COORDINATES, ENTITY_OF, Aligned, kind_of, statements
from corpus_tool.agreement.types import Disagreement
from corpus_tool.agreement.versions import Version
from corpus_tool.model import Annotation, pieces

#: What is said for an annotator who marked the place and does not state the attribute.
NOTHING = "nothing"


def disagreements(aligned: Aligned, layer: str, reviewers: Sequence[Version]) -> Iterator[Disagreement]:
    """Every place of a layer where annotators differ, in order of the text.

    Args:
        aligned: the versions of the document.
        layer: name of the layer.
        reviewers: those who have reviewed it.
    """
    versions = {version.annotator: version for version in reviewers}
    for unit in aligned.units.get(layer, ()):
        own = {name: annotation for name, annotation in unit.items() if name in versions}
        if own:
            yield from unit_disagreements(aligned, layer, versions, own)


def unit_disagreements(
    aligned: Aligned, layer: str, versions: Mapping[str, Version], unit: Mapping[str, Annotation]
) -> Iterator[Disagreement]:
    """What annotators say differently of one thing that some of them marked."""
    if len(unit) < len(versions):
        says = {name: in_words(unit[name]) if name in unit else None for name in versions}
        yield disagreement_at(aligned, layer, "missing", unit, says)
    if len(unit) < 2:
        return
    if len({pieces(annotation) for annotation in unit.values()}) > 1:
        says = {name: at_in_words(unit[name]) if name in unit else None for name in versions}
        yield disagreement_at(aligned, layer, "bounds", unit, says)
    told: set[str] = set()
    for attribute in statements(aligned.layers[layer], [aligned]):
        if attribute.endswith(ENTITY_OF) or (attribute == COORDINATES and "entity" in told):
            continue
        said = {name: aligned.said(versions[name], layer, own, attribute) for name, own in unit.items()}
        if len({one.label if one is not None else None for one in said.values()}) > 1:
            told.add(attribute)
            says = {
                name: (one.words if (one := said[name]) is not None else NOTHING) if name in unit else None
                for name in versions
            }
            yield disagreement_at(aligned, layer, attribute, unit, says)


def disagreement_at(
    aligned: Aligned, layer: str, what: str, unit: Mapping[str, Annotation], says: Mapping[str, str | None]
) -> Disagreement:
    """A disagreement about one thing."""
    start, end = min(a.start for a in unit.values()), max(a.end for a in unit.values())
    text = next(iter(aligned.versions.by_annotator.values())).document.text
    return Disagreement(
        document=aligned.versions.document,
        layer=layer,
        what=what,
        start=start,
        end=end,
        text=text[start:end],
        says=says,
        ids={name: unit[name].id if name in unit else None for name in says},
    )


def in_words(annotation: Annotation) -> str:
    """An annotation's words and its kind."""
    kind = kind_of(annotation)
    return f"“{annotation.text}”" + (f", {kind}" if kind else "")


def at_in_words(annotation: Annotation) -> str:
    """An annotation's words and where they stand."""
    places = "+".join(f"{start}-{end}" for start, end in pieces(annotation))
    return f"“{annotation.text}” {places}"
