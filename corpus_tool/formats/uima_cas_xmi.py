"""UIMA CAS in XML: what dkpro-cassis cannot take, or would take wrongly, is told and taken out before it reads."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.uima import ANNOTATION, ID, SOURCE, TARGET
from corpus_tool.formats.uima_cas_offsets import Offsets
from corpus_tool.formats.uima_cas_types import (
    ANNOTATION_BASE,
    ANY,
    ARRAY,
    REFERENCES,
    STRING,
    TOP,
    Declared,
    Range,
    completed,
    feature_of,
    first_line,
    xml_root,
)

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

_XMI_ID = "{http://www.omg.org/XMI}id"
_CAS = "{http:///uima/cas.ecore}"
_TAG = re.compile(r"\{http:///(.*)\.ecore\}(.+)")
_NUMBERS = frozenset({"uima.cas.Integer", "uima.cas.Short", "uima.cas.Long", "uima.cas.Byte"})
_FLOATS = frozenset({"uima.cas.Float", "uima.cas.Double"})
_SOFA = frozenset({_XMI_ID, "sofaNum", "sofaID", "mimeType", "sofaString", "sofaURI"})


@dataclass
class Loaded:
    """A file as the library reads it.

    Attributes:
        cas: None where nothing could be read.
        lines: line of each feature structure, by id.
        diagnostics: what was left out.
    """

    cas: Cas | None = None
    lines: Mapping[int, int] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass
class _Elements:
    """The feature structures of a file, by id, and the texts that they are about."""

    path: str
    by_id: dict[int, Any] = field(default_factory=dict)
    texts: dict[int, str | None] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def tell(self, name: str, message: str, element: Any) -> None:
        line = element.sourceline or 1
        self.diagnostics.append(
            import_fault(name, self.path, f"{_short(element)} {_key(element)}: {message}", line=line)
        )

    def take_out(self, name: str, message: str, element: Any) -> None:
        """Takes a feature structure out, and tells why."""
        self.tell(name, message, element)
        number = _number(element.get(_XMI_ID))
        if number is not None and self.by_id.get(number) is element:
            del self.by_id[number]
            self.gone.add(number)
        element.getparent().remove(element)


def load_xmi(data: bytes, path: str, system: TypeSystem | None) -> Loaded:
    """An XMI file with a type system; what that does not declare is made up from how it is used."""
    from cassis import TypeSystem, load_cas_from_xmi
    from lxml import etree

    try:
        root = xml_root(data)
    except etree.XMLSyntaxError as error:
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        told = f"is not XML: {first_line(error)}"
        return Loaded(diagnostics=[import_fault("import-file-unreadable", path, told, line=line, column=column)])
    except ValueError as error:
        return Loaded(diagnostics=[import_fault("import-file-unreadable", path, str(error))])
    if etree.QName(root).localname != "XMI":
        told = f"is no XMI: its root is {etree.QName(root).localname}"
        return Loaded(diagnostics=[import_fault("import-file-unreadable", path, told)])
    elements = _Elements(path)
    _collect(root, elements)
    _check_offsets(elements)
    whole = completed(TypeSystem() if system is None else system, _used(elements))
    _check_values(whole, elements)
    _check_views(root, elements)
    lines = {number: element.sourceline or 1 for number, element in elements.by_id.items()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cas = load_cas_from_xmi(BytesIO(etree.tostring(root)), whole)
    except Exception as error:  # noqa: BLE001  # the library raises whatever it stumbles over
        told = f"cannot be read: {type(error).__name__}: {first_line(error)}"
        return Loaded(diagnostics=[*elements.diagnostics, import_fault("import-file-unreadable", path, told)])
    return Loaded(cas, lines, elements.diagnostics)


def _collect(root: Any, elements: _Elements) -> None:
    """Finds the feature structures and the texts."""
    for element in list(root):
        if not isinstance(element.tag, str):
            root.remove(element)  # a comment
        elif element.tag == f"{_CAS}Sofa" and _number(element.get(_XMI_ID)) is not None:
            for name in set(element.attrib) - _SOFA:
                del element.attrib[name]
            elements.texts[int(element.get(_XMI_ID))] = element.get("sofaString")
        elif element.tag in (f"{_CAS}NULL", f"{_CAS}View"):
            continue
        elif not _TAG.fullmatch(element.tag):
            elements.take_out("import-record-unreadable", f"{element.tag} is no UIMA type", element)
        else:
            number = _number(element.get(_XMI_ID))
            if number is None or number in elements.by_id or number in elements.texts:
                elements.take_out("import-record-unreadable", "its xmi:id is no number, or stands twice", element)
            else:
                elements.by_id[number] = element


def _check_offsets(elements: _Elements) -> None:
    """Turns offsets into what the library expects, and takes out what lies nowhere in its text."""
    own = {n: e for n, e in elements.by_id.items() if "begin" in e.attrib or "end" in e.attrib or "sofa" in e.attrib}
    placed: dict[int, list[tuple[Any, int, int]]] = {sofa: [] for sofa in elements.texts}
    for element in own.values():
        sofa = _number(element.get("sofa"))
        if sofa not in elements.texts:
            told = f"it is about a text {element.get('sofa')} that is not there"
            elements.take_out("import-link-broken", told, element)
            continue
        begin, end = _number(element.get("begin", "0")), _number(element.get("end", "0"))
        if begin is None or end is None:
            told = f"its offsets are no numbers: {element.get('begin')}–{element.get('end')}"
            elements.take_out("import-record-unreadable", told, element)
        elif "begin" in element.attrib and "end" in element.attrib:
            placed[sofa].append((element, begin, end))
    for sofa, found in placed.items():
        text = elements.texts[sofa]
        if text is None:
            continue
        is_own = any(ID in element.attrib for element, _, _ in found)
        offsets = Offsets.of(text, [(b, e) for _, b, e in found], is_certain=is_own)
        if offsets.remark:
            elements.diagnostics.append(import_fault("import-unit-unclear", elements.path, offsets.remark))
        for element, begin, end in found:
            fitting = offsets.fitting(begin, end)
            if fitting is None:
                told = f"{begin}–{end} is not within the text, which has {offsets.length} UTF-16 units"
                elements.take_out("import-span-outside", told, element)
            else:
                element.set("begin", str(fitting[0]))
                element.set("end", str(fitting[1]))


def _used(elements: _Elements) -> dict[str, Declared]:
    """What the file uses, with the ranges that the values speak for."""
    used: dict[str, Declared] = {}
    values: dict[tuple[str, str], list[str]] = {}
    for element in elements.by_id.values():
        name = type_name(element.tag)
        supertype = ANNOTATION if "begin" in element.attrib else ANNOTATION_BASE if "sofa" in element.attrib else TOP
        declared = used.setdefault(name, Declared(supertype))
        if supertype == ANNOTATION or (supertype == ANNOTATION_BASE and declared.supertype == TOP):
            declared.supertype = supertype
        for key, value in element.attrib.items():
            if key not in (_XMI_ID, "begin", "end", "sofa"):
                values.setdefault((name, key), []).append(value)
        for child in element:
            declared.features[child.tag] = Range("uima.cas.StringArray")
    for (name, key), found in values.items():
        used[name].features.setdefault(key, _range(key, found, elements))
    return {name: d for name, d in used.items() if not name.startswith("uima.cas.")}


def _range(key: str, values: list[str], elements: _Elements) -> Range:
    numbers = {_number(value) for value in values}
    if key in REFERENCES and None not in numbers:
        known = elements.by_id.keys() | elements.gone
        if numbers & known or key in (SOURCE, TARGET, "target"):
            return Range(ANY)
    targets = [_number(part) for value in values for part in value.split()]
    links = [elements.by_id.get(number) if number is not None else None for number in targets]
    if links and all(link is not None and "target" in link.attrib and "begin" not in link.attrib for link in links):
        return Range(ARRAY, ANY)
    return Range(STRING)


def _check_values(system: TypeSystem, elements: _Elements) -> None:
    """Takes out values that are not what their features hold, and references to what is not there."""
    for element in list(elements.by_id.values()):
        if not system.contains_type(type_name(element.tag), match_exactly=True):
            elements.take_out("import-record-unreadable", "UIMA has no such type", element)
    for element in elements.by_id.values():
        type_ = system.get_type(type_name(element.tag))
        if type_.name.startswith("uima.cas.") and type_.name != ARRAY:
            continue  # an array of numbers or words
        for key, value in list(element.attrib.items()):
            feature = feature_of(type_, key)
            if key in (_XMI_ID, "begin", "end", "sofa") or feature is None or feature.rangeType is None:
                continue
            name = feature.rangeType.name
            is_inline = name in (ARRAY, "uima.cas.FSList") and not feature.multipleReferencesAllowed
            if is_inline or type_.name == ARRAY:
                kept = [part for part in value.split() if _is_there(part, key, element, elements)]
                element.set(key, " ".join(kept))
            elif name in _NUMBERS | _FLOATS | {"uima.cas.Boolean"}:
                if not _is_value(name, value):
                    elements.tell("import-record-unreadable", f"{key} cannot be {value[:40]!r}", element)
                    del element.attrib[key]
            elif (
                not system.is_primitive(feature.rangeType)
                and not name.endswith(("Array", "List"))
                and not _is_there(value, key, element, elements)
            ):
                del element.attrib[key]


def _is_value(range_: str, value: str) -> bool:
    if range_ in _NUMBERS:
        return _number(value, signed=True) is not None
    if range_ == "uima.cas.Boolean":
        return value in ("true", "false")
    try:
        float(value)
    except ValueError:
        return False
    return True


def _is_there(value: str, key: str, element: Any, elements: _Elements) -> bool:
    number = _number(value)
    if number in elements.by_id or number in elements.texts:
        return True
    if number not in elements.gone and number != 0:
        elements.tell("import-link-broken", f"{key} leads to {value[:40]!r}, which is not there", element)
    return False


def _check_views(root: Any, elements: _Elements) -> None:
    """Takes out of each view what is not there, and the views of texts that are not there."""
    for view in root.findall(f"{_CAS}View"):
        if _number(view.get("sofa")) not in elements.texts:
            root.remove(view)
            continue
        members = [m for m in view.get("members", "").split() if _number(m) in elements.by_id]
        view.set("members", " ".join(dict.fromkeys(members)))


def type_name(tag: str) -> str:
    """The UIMA type of an element."""
    match = _TAG.fullmatch(tag)
    name = f"{match[1].replace('/', '.')}.{match[2]}" if match else tag
    return name.removeprefix("uima.noNamespace.")


def _number(value: str | None, *, signed: bool = False) -> int | None:
    pattern = r"\s*[+-]?[0-9]{1,18}\s*" if signed else r"[0-9]{1,18}"
    return int(value) if value is not None and re.fullmatch(pattern, value) else None


def _short(element: Any) -> str:
    return type_name(element.tag).rpartition(".")[2]


def _key(element: Any) -> str:
    return element.get(_XMI_ID) or "without xmi:id"
