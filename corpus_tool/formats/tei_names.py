"""What TEI calls things: elements for layers and kinds, names that XML allows, the features of feature structures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from corpus_tool.formats.foreign import ForeignSpan, Scalar
from corpus_tool.formats.tei_mapping import MARKING

NAMESPACE = "http://www.tei-c.org/ns/1.0"
XML_ID, XML_SPACE = (f"{{http://www.w3.org/XML/1998/namespace}}{name}" for name in ("id", "space"))

#: The type of the feature structure by which an export of ours is known, and that holds what is known of the article.
DOCUMENT = "corpus-tool.document"
#: The type of a segment that is a block.
BLOCK = "block"

_ORGANISATIONS = frozenset({"organization", "government", "state", "armed_group", "military", "media", "party"})

#: XML 1.0 without these: control characters, halves of characters, two code points that are none.
UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NAME_START, _NAME = r"[A-Za-z_\u00c0-\u02ff\u0370-\u037d\u0400-\u1fff]", r"[\w.-]"
_ESCAPE = re.compile(r"_x([0-9A-F]{4,6})_")


def element_of(span: ForeignSpan) -> tuple[str, dict[str, str]]:
    """The element for a span, and what of it TEI has attributes for."""
    said = span.attributes
    kind, is_name = str(said.get("kind", "")), said.get("mention", "name") == "name"
    if span.label in MARKING:
        return span.label, {}
    if span.label in ("actors", "locations"):
        person = "persName" if kind == "person" else "orgName" if kind in _ORGANISATIONS else "rs"
        element = "placeName" if span.label == "locations" else person
        return (element if is_name else "rs"), {"type": escaped(kind)} if kind else {}
    if span.label == "figures":
        unit = str(said.get("unit", ""))
        value = said.get("value")
        own = {"quantity": number(value)} if isinstance(value, int | float) and not isinstance(value, bool) else {}
        return "measure", own | ({"unit": unit} if re.fullmatch(r"[^\s]+", unit) and not UNFIT.search(unit) else {})
    if span.label == "quotes":
        own = {"direct": "true" if kind == "direct" else "false"} if kind in ("direct", "indirect") else {}
        return "said", own | ({"aloud": "false"} if said.get("attitude") == "thought" else {})
    return "seg", {"type": escaped(span.label)}


def escaped(name: str) -> str:
    """A name as XML allows one: every other character as ``_x0020_``, as SQL/XML has it."""

    def code(character: str) -> str:
        return f"_x{ord(character):04X}_"

    made = _ESCAPE.sub(lambda found: f"_x005F_{found[0][1:]}", name)
    made = "".join(c if re.fullmatch(_NAME, c) else code(c) for c in made)
    if made and not re.match(_NAME_START, made):
        made = code(made[0]) + made[1:]
    return made or "_x0000_"


def unescaped(name: str) -> str:
    """What ``escaped`` wrote."""
    return "" if name == "_x0000_" else _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), name)


def number(value: float) -> str:
    """A number as JSON and XML Schema write it."""
    return repr(value)


def text_xml(text: str) -> str:
    """Text as XML content; a carriage return as a reference, for XML readers would turn it into a line feed."""
    return escape(text, {"\r": "&#13;"})


def attributes_xml(attributes: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag, each with a blank before it."""
    return "".join(
        f" {key}={quoteattr(value, {chr(10): '&#10;', chr(13): '&#13;', chr(9): '&#9;'})}"
        for key, value in attributes.items()
    )


def features_xml(features: Mapping[str, Scalar | Iterable[str]]) -> Iterator[str]:
    """The features of a feature structure; strings, numbers and booleans as such, and lists of strings."""
    for name, value in features.items():
        yield f'<f name="{escaped(name)}">{_value_xml(value)}</f>'


def _value_xml(value: Scalar | Iterable[str]) -> str:
    if isinstance(value, bool):
        return f'<binary value="{str(value).lower()}"/>'
    if isinstance(value, int | float):
        return f'<numeric value="{number(value)}"/>'
    if isinstance(value, str):
        return f"<string>{text_xml(value)}</string>"
    return f'<vColl org="list">{"".join(_value_xml(item) for item in value)}</vColl>'


def features_of(structure: Any) -> dict[str, Scalar | tuple[str, ...]]:
    """The features of an ``fs`` element; ``symbol`` as text, what is more complex left out."""
    found: dict[str, Scalar | tuple[str, ...]] = {}
    for feature in structure.iterchildren("{*}f"):
        child = next(iter(feature.iterchildren("{*}*")), None)
        value = None if child is None else _value_of(child)
        if value is not None:
            found[unescaped(feature.get("name", ""))] = value
    return found


def _value_of(element: Any) -> Scalar | tuple[str, ...] | None:
    name, value = local(element), element.get("value", "")
    if name == "string":
        return str(element.text or "")
    if name == "symbol":
        return str(value)
    if name == "binary":
        return str(value) in ("true", "1")
    if name == "numeric":
        try:
            return int(value) if re.fullmatch(r"[+-]?\d+", value) else float(value)
        except ValueError:
            return str(value)
    if name == "vColl":
        return tuple(str(item.text or "") for item in element.iterchildren("{*}string"))
    return None


def local(element: Any) -> str:
    """An element's name without its namespace; "" for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def pointers(value: str | None) -> list[str]:
    """The targets of a pointing attribute."""
    return (value or "").split()
