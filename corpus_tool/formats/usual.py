"""What the labels of the usual annotation schemes stand for: names by CoNLL, OntoNotes, spaCy; quotes by PARC."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.formats.mapping import LabelMapping, RelationRule, SpanRule


def _kinds(layer: str, kinds: Mapping[str, tuple[str, ...]]) -> dict[str, SpanRule]:
    return {
        label: SpanRule(layer=layer, constants={"kind": kind}) for kind, labels in kinds.items() for label in labels
    }


_ACTORS = _kinds(
    "actors",
    {
        "person": ("PER", "PERSON", "persName"),
        "organization": ("ORG", "ORGANIZATION", "ORGANISATION", "orgName"),
        "group": ("NORP",),
    },
)
_LOCATIONS = _kinds(
    "locations",
    {
        "other": ("LOC", "LOCATION", "PLACE", "placeName"),
        "area": ("GPE",),
        "facility": ("FAC", "FACILITY"),
        "country": ("COUNTRY",),
        "city": ("CITY",),
    },
)
_FIGURES = {
    **{label: SpanRule(layer="figures", constants={"measure": "money"}) for label in ("MONEY",)},
    **{label: SpanRule(layer="figures", constants={"measure": "share"}) for label in ("PERCENT", "PERCENTAGE")},
    **{label: SpanRule(layer="figures") for label in ("CARDINAL", "QUANTITY", "NUMBER", "measure")},
}
_QUOTES = {
    "Quote": SpanRule(layer="quotes"),
    "Quotation": SpanRule(layer="quotes"),
    "Content": SpanRule(layer="quotes"),
    "Cue": SpanRule(part="cue"),
    "Source": SpanRule(layer="actors", constants={"kind": "other"}),
    "Speaker": SpanRule(layer="actors", constants={"kind": "other"}),
}

#: The event and the working marks of PARC 3 and PolNeAR, which brat projects on attribution follow.
_ATTRIBUTION = {
    "Attribution": SpanRule(drop="the trigger of an event, whose arguments come in"),
    "Attribution-no-source": SpanRule(drop="the trigger of an event, whose arguments come in"),
    "Discard": SpanRule(drop="an annotator's working mark"),
    "Discuss": SpanRule(drop="an annotator's working mark"),
}
_EVENT = RelationRule(annotation="Content", attributes={"speaker": "Source", "cue": "Cue"})

#: The mapping that every format starts from; its own one is laid over it.
USUAL = LabelMapping(
    spans={**_ACTORS, **_LOCATIONS, **_FIGURES, **_QUOTES, **_ATTRIBUTION},
    relations={
        "Attribution": _EVENT,
        "Attribution-no-source": _EVENT,
        "Coreference": RelationRule(same_entity=True),
        "coref": RelationRule(same_entity=True),
        "same-entity": RelationRule(same_entity=True),
    },
)
