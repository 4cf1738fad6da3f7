"""UIMA CAS in JSON: what dkpro-cassis cannot take is told and taken out before it reads."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.uima import ANNOTATION, ID
from corpus_tool.formats.uima_cas_offsets import Offsets
from corpus_tool.formats.uima_cas_types import (
    ANNOTATION_BASE,
    ANY,
    STRING,
    TOP,
    Declared,
    Range,
    completed,
    first_line,
)
from corpus_tool.formats.uima_cas_xmi import Loaded

if TYPE_CHECKING:
    from cassis import TypeSystem

_TYPES, _STRUCTURES, _VIEWS = "%TYPES", "%FEATURE_STRUCTURES", "%VIEWS"
_KEY, _TYPE = "%ID", "%TYPE"
_SOFA = "uima.cas.Sofa"
_LINE = re.compile(r'"%ID"\s*:\s*(\d+)|"(\d+)"\s*:\s*\{')


@dataclass
class _Structures:
    """The feature structures of a file, by id, and the texts that they are about."""

    path: str
    lines: Mapping[int, int]
    by_id: dict[int, dict[str, Any]] = field(default_factory=dict)
    texts: dict[int, str | None] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def tell(self, name: str, message: str, key: int) -> None:
        short = str(self.by_id.get(key, {}).get(_TYPE, "feature structure")).rpartition(".")[2]
        told = f"{short} {key}: {message}"
        self.diagnostics.append(import_fault(name, self.path, told, line=self.lines.get(key, 1)))

    def take_out(self, name: str, message: str, key: int) -> None:
        """Takes a feature structure out, and tells why."""
        self.tell(name, message, key)
        del self.by_id[key]
        self.gone.add(key)


def is_cas(text: str) -> bool:
    """Whether a JSON text looks like a CAS, and not like what else may stand in a folder; broken JSON may be one."""
    return _STRUCTURES in text or _VIEWS in text or not text.lstrip().startswith("{")


def load_json(text: str, path: str, system: TypeSystem | None) -> Loaded:
    """A JSON CAS; types and features that are declared nowhere are made up from how they are used."""
    from cassis import TypeSystem, load_cas_from_json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        told = f"is not JSON: {getattr(error, 'msg', error)}"
        return Loaded(diagnostics=[import_fault("import-file-unreadable", path, told, line=line, column=column)])
    rows = _rows(data)
    if rows is None:
        told = f"is no CAS in JSON: it has no {_STRUCTURES}"
        return Loaded(diagnostics=[import_fault("import-file-unreadable", path, told)])
    structures = _Structures(path, _lines(text))
    _collect(rows, structures)
    used = _used(structures)
    _check_offsets(structures)
    _check_references(structures)
    data = {_TYPES: data.get(_TYPES) or {}, _VIEWS: _views(data.get(_VIEWS), structures)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            declared = {_TYPES: data[_TYPES], _STRUCTURES: [], _VIEWS: {}}
            embedded = load_cas_from_json(json.dumps(declared), system or TypeSystem()).typesystem
            whole = completed(embedded, used)
            data[_STRUCTURES] = list(structures.by_id.values())
            cas = load_cas_from_json(json.dumps(data), whole, merge_typesystem=False)
    except Exception as error:  # noqa: BLE001  # the library raises whatever it stumbles over
        told = f"cannot be read: {type(error).__name__}: {first_line(error)}"
        return Loaded(diagnostics=[*structures.diagnostics, import_fault("import-file-unreadable", path, told)])
    return Loaded(cas, structures.lines, structures.diagnostics)


def _rows(data: Any) -> list[Any] | None:
    """The feature structures, in either of the two forms that the format has."""
    if not isinstance(data, dict):
        return None
    found = data.get(_STRUCTURES, [] if _VIEWS in data else None)
    if isinstance(found, dict):
        rows = {key: value for key, value in found.items() if isinstance(value, dict)}
        return [{_KEY: int(key) if key.isdecimal() else None, **value} for key, value in rows.items()]
    return found if isinstance(found, list) else None


def _lines(text: str) -> dict[int, int]:
    """The line of each feature structure, by id."""
    lines: dict[int, int] = {}
    at, line = 0, 1
    for match in _LINE.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        lines.setdefault(int(match[1] or match[2]), line)
    return lines


def _collect(rows: list[Any], structures: _Structures) -> None:
    for row in rows:
        key = row.get(_KEY) if isinstance(row, dict) else None
        if type(key) is not int or not isinstance(row.get(_TYPE), str) or key in structures.by_id:
            told = f"is no feature structure with a %TYPE and an %ID of its own: {json.dumps(row)[:80]}"
            line = structures.lines.get(key, 1) if isinstance(key, int) else 1
            structures.diagnostics.append(import_fault("import-record-unreadable", structures.path, told, line=line))
            continue
        structures.by_id[key] = dict(row)
        if row[_TYPE] == _SOFA:
            text = row.get("sofaString")
            structures.texts[key] = text if isinstance(text, str) else None


def _check_offsets(structures: _Structures) -> None:
    placed: dict[int, list[tuple[int, int, int]]] = {sofa: [] for sofa in structures.texts}
    for key, row in list(structures.by_id.items()):
        if not row.keys() & {"begin", "end", "@sofa"} or row[_TYPE] == _SOFA:
            continue
        sofa = row.setdefault("@sofa", next(iter(structures.texts), None))
        if sofa not in structures.texts:
            structures.take_out("import-link-broken", f"it is about a text {sofa} that is not there", key)
        elif row.keys() & {"begin", "end"}:
            begin, end = row.get("begin"), row.get("end")
            if type(begin) is int and type(end) is int:
                placed[sofa].append((key, begin, end))
            else:
                structures.take_out("import-record-unreadable", f"its offsets are no numbers: {begin}–{end}", key)
    for sofa, found in placed.items():
        text = structures.texts[sofa]
        if text is None:
            continue
        is_own = any(ID in structures.by_id[key] for key, _, _ in found)
        offsets = Offsets.of(text, [(b, e) for _, b, e in found], is_certain=is_own)
        if offsets.remark:
            structures.diagnostics.append(import_fault("import-unit-unclear", structures.path, offsets.remark))
        for key, begin, end in found:
            fitting = offsets.fitting(begin, end)
            if fitting is None:
                told = f"{begin}–{end} is not within the text, which has {offsets.length} UTF-16 units"
                structures.take_out("import-span-outside", told, key)
            else:
                structures.by_id[key]["begin"], structures.by_id[key]["end"] = fitting


def _check_references(structures: _Structures) -> None:
    """Takes out references to what is not there; what was taken out before has been told."""
    for key, row in structures.by_id.items():
        for name, value in list(row.items()):
            if name.startswith("@") and value not in structures.by_id:
                if value is not None and value not in structures.gone:
                    structures.tell("import-link-broken", f"{name[1:]} leads to {value}, which is not there", key)
                del row[name]
        elements = row.get("%ELEMENTS")
        if row[_TYPE].endswith("[]") and isinstance(elements, list) and not row[_TYPE].startswith("uima.cas."):
            row[_TYPE] = "uima.cas.FSArray"
        if row[_TYPE] == "uima.cas.FSArray" and isinstance(elements, list):
            row["%ELEMENTS"] = [e for e in elements if e in structures.by_id]
            for lost in {e for e in elements if isinstance(e, int)} - structures.by_id.keys() - structures.gone:
                structures.tell("import-link-broken", f"an element is {lost}, which is not there", key)


def _used(structures: _Structures) -> dict[str, Declared]:
    """What the file uses, with the ranges that the values speak for."""
    used: dict[str, Declared] = {}
    for row in structures.by_id.values():
        if row[_TYPE].startswith("uima.cas."):
            continue
        supertype = ANNOTATION if "begin" in row else ANNOTATION_BASE if "@sofa" in row else TOP
        declared = used.setdefault(row[_TYPE], Declared(supertype))
        for name, value in row.items():
            if name.startswith("%") or name in ("begin", "end", "@sofa"):
                continue
            plain = name.lstrip("@#")
            declared.features.setdefault(plain, Range(_range(name, value)))
    return used


def _range(name: str, value: Any) -> str:
    if name.startswith("@"):
        return ANY
    if isinstance(value, bool):
        return "uima.cas.Boolean"
    if isinstance(value, int):
        return "uima.cas.Long"
    return "uima.cas.Double" if isinstance(value, float) or name.startswith("#") else STRING


def _views(found: Any, structures: _Structures) -> dict[str, Any]:
    """The views; of each text that none is named for, one with all that is about it."""
    views: dict[str, Any] = {}
    for name, view in (found if isinstance(found, dict) else {}).items():
        members = view.get("%MEMBERS", []) if isinstance(view, dict) else []
        if members or (isinstance(view, dict) and view.get("%SOFA") in structures.by_id):
            views[name] = {**view, "%MEMBERS": [m for m in dict.fromkeys(members) if m in structures.by_id]}
    for sofa in structures.texts:
        name = str(structures.by_id[sofa].get("sofaID", "_InitialView"))
        if name not in views:
            members = [key for key, row in structures.by_id.items() if row.get("@sofa") == sofa]
            views[name] = {"%SOFA": sofa, "%MEMBERS": members}
    return views
