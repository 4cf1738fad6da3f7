"""UIMA type systems: those that stand beside a file, and what a file uses without declaring it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import read_bytes
from corpus_tool.formats.uima import ANNOTATION
from corpus_tool.model import CorpusToolError

if TYPE_CHECKING:
    from cassis import TypeSystem
    from cassis.typesystem import Feature, Type

STRING, ARRAY, ANY = "uima.cas.String", "uima.cas.FSArray", "uima.cas.TOP"
#: What types without offsets, and without a text, are kinds of.
ANNOTATION_BASE, TOP = "uima.cas.AnnotationBase", "uima.cas.TOP"

#: Features that UIMA's tools use for references, whatever the type.
REFERENCES = frozenset({"Governor", "Dependent", "target", "next", "first"})


class Range(NamedTuple):
    """What a feature can hold: the name of its type, and of the type of an array's elements."""

    name: str
    elements: str | None = None


@dataclass
class Declared:
    """A type: what it is a kind of, and its own features."""

    supertype: str = ANNOTATION
    features: dict[str, Range] = field(default_factory=dict)


def needs_cassis() -> None:
    """Makes sure that dkpro-cassis is there.

    Raises:
        CorpusToolError: it is not installed.
    """
    try:
        import cassis  # noqa: F401
    except ImportError as error:
        raise CorpusToolError("UIMA CAS needs dkpro-cassis: pip install 'corpus-tool[formats]'") from error


def system_of(declared: Mapping[str, Declared], base: TypeSystem | None = None) -> TypeSystem:
    """A type system with these types and features, and all of ``base``, which stays as it is."""
    from cassis import TypeSystem, merge_typesystems

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that Python reserves, which the library renames
        system = TypeSystem() if base is None else merge_typesystems(base)
        for name, type_ in declared.items():
            if not system.contains_type(name, match_exactly=True):
                system.create_type(name, type_.supertype)
        for name, type_ in declared.items():
            own = system.get_type(name)
            for feature, range_ in type_.features.items():
                if feature_of(own, feature) is None:
                    system.create_feature(own, feature, range_.name, range_.elements)
    return system


def completed(system: TypeSystem, used: Mapping[str, Declared]) -> TypeSystem:
    """A type system in which all that a file uses is declared."""
    missing: dict[str, Declared] = {}
    for name, type_ in used.items():
        own = system.get_type(name) if system.contains_type(name, match_exactly=True) else None
        features = {f: r for f, r in type_.features.items() if own is None or feature_of(own, f) is None}
        if own is None or features:
            missing[name] = Declared(type_.supertype, features)
    return system_of(missing, system) if missing else system


def feature_of(type_: Type, name: str) -> Feature | None:
    """A feature of a type by the name that files give it; the library adds ``_`` to those that Python reserves."""
    return type_.get_feature(f"{name}_" if name in ("self", "type") else name)


def type_system_beside(path: Path) -> tuple[TypeSystem | None, list[Diagnostic]]:
    """The type system in the folder of a file, None where there is none; and what is wrong with its files."""
    found = sorted(p for p in path.parent.iterdir() if p.suffix.lower() == ".xml" and "typesystem" in p.name.lower())
    if not found:
        return None, []
    return _loaded(tuple((p, p.stat().st_mtime_ns) for p in found))


@lru_cache(maxsize=8)
def _loaded(files: tuple[tuple[Path, int], ...]) -> tuple[TypeSystem | None, list[Diagnostic]]:
    from io import BytesIO

    from cassis import load_typesystem, merge_typesystems
    from lxml import etree

    system = None
    diagnostics: list[Diagnostic] = []
    for path, _ in files:
        data = read_bytes(path)
        if isinstance(data, Diagnostic):
            diagnostics.append(data)
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                one = load_typesystem(BytesIO(etree.tostring(xml_root(data))))
                system = one if system is None else merge_typesystems(system, one)
        except Exception as error:  # noqa: BLE001  # the library raises whatever it stumbles over
            told = f"is no UIMA type system that fits the others: {first_line(error)}"
            diagnostics.append(import_fault("import-file-unreadable", str(path), told))
    return system, diagnostics


def xml_root(data: bytes) -> Any:
    """The root of an XML file from a stranger: nothing is expanded or fetched.

    Raises:
        lxml.etree.XMLSyntaxError: it is not well-formed, or too deep or too large to be read safely.
        ValueError: it declares a document type.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it declares a document type, which UIMA's tools never do")
    return root


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
    return " ".join(str(error).split())[:160] or type(error).__name__
