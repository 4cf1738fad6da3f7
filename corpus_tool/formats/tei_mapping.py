"""The elements of TEI that mark a span, and what they stand for."""

from __future__ import annotations

from corpus_tool.formats.foreign import Scalar
from corpus_tool.formats.mapping import LabelMapping, SpanRule

#: The elements that mark a span.
MARKING = frozenset({
    "persName", "orgName", "placeName", "geogName", "country", "region", "settlement", "district", "bloc", "name",
    "rs", "measure", "num", "said", "q", "quote",
})  # fmt: skip


def _layer(layer: str, **constants: Scalar) -> SpanRule:
    return SpanRule(layer=layer, constants=constants)


#: What the elements stand for; ``rs`` and ``name`` with their type.
TEI_MAPPING = LabelMapping(
    spans={
        "bloc": _layer("locations", kind="area"),
        "district": _layer("locations", kind="district"),
        "geogName": _layer("locations", kind="natural"),
        "num": _layer("figures"),
        "q": _layer("quotes"),
        "region": _layer("locations", kind="region"),
        "said": _layer("quotes"),
        "settlement": _layer("locations", kind="city"),
        **{f"{e}.{t}": _layer("actors", kind="person") for e in ("name", "rs") for t in ("person", "pers")},
        **{f"{e}.{t}": _layer("actors", kind="organization") for e in ("name", "rs") for t in ("org", "organization")},
        **{f"{e}.{t}": _layer("locations", kind="other") for e in ("name", "rs") for t in ("place", "geog")},
    }
)
