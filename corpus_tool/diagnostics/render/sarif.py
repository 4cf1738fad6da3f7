"""Diagnostics as SARIF 2.1.0, which code-scanning services and editors read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from corpus_tool import __version__
from corpus_tool.diagnostics.diagnostic import Diagnostic, Related, Severity
from corpus_tool.diagnostics.fingerprint import fingerprint
from corpus_tool.diagnostics.render.json import json_text
from corpus_tool.diagnostics.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

_Json = dict[str, Any]


def render_sarif(diagnostics: Sequence[Diagnostic], rules: Iterable[Rule] = ()) -> str:
    """One run as a SARIF log, ending in a newline. Columns are in code points.

    Fixes are left out: SARIF replaces stretches of a file, ours set values of a document.

    Args:
        diagnostics: what was found.
        rules: what the codes stand for; a code that is not among them is told with its name alone.
    """
    known = {rule.code: _rule(rule) for rule in rules}
    for d in diagnostics:
        known.setdefault(d.code, {"id": d.code, "name": d.name, "defaultConfiguration": {"level": _LEVELS[d.severity]}})
    codes = {code: index for index, code in enumerate(known)}
    driver = {"name": "corpus-tool", "version": __version__, "rules": list(known.values())}
    seen: Counter[str] = Counter()
    results = []
    for d in diagnostics:
        own = fingerprint(d)
        seen[own] += 1
        results.append(_result(d, codes[d.code], f"{own}:{seen[own]}"))
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(rule: Rule) -> _Json:
    told = [f"Why it matters: {rule.why}", f"Bad: {rule.bad}", f"Good: {rule.good}"]
    plain = "\n\n".join(words.replace("`", "") for words in told)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary.replace("`", "")},
        "fullDescription": {"text": f"{rule.summary} {rule.why[:1].upper()}{rule.why[1:]}".replace("`", "")},
        "help": {"text": plain, "markdown": "\n\n".join(told).replace("``", "`")},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.family], "fixable": rule.fixable},
    }


def _result(d: Diagnostic, index: int, own: str) -> _Json:
    region = {"startLine": d.line, "startColumn": d.column}
    if d.context and d.context.of == "file" and not d.context.goes_on:
        start, end = d.context.marks[0]
        if end > start:
            region["endColumn"] = d.column + end - start
    location: _Json = {"physicalLocation": {"artifactLocation": {"uri": _uri(d.path)}, "region": region}}
    if d.pointer:
        location["logicalLocations"] = [_logical(d.pointer)]
    result: _Json = {
        "ruleId": d.code,
        "ruleIndex": index,
        "level": _LEVELS[d.severity],
        "message": {"text": f"{d.message}\n{d.hint}" if d.hint else d.message},
        "locations": [location],
        "partialFingerprints": {"corpusToolFinding/v1": own},
    }
    if d.related:
        result["relatedLocations"] = [_related(place, number, d) for number, place in enumerate(d.related, 1)]
    if d.document is not None:
        result["properties"] = {"document": d.document}
    return result


def _related(place: Related, number: int, d: Diagnostic) -> _Json:
    location: _Json = {
        "id": number,
        "message": {"text": place.message},
        "physicalLocation": {"artifactLocation": {"uri": _uri(place.path or d.path)}},
    }
    if place.line:
        location["physicalLocation"]["region"] = {"startLine": place.line, "startColumn": place.column or 1}
    if place.pointer:
        location["logicalLocations"] = [_logical(place.pointer)]
    return location


def _logical(pointer: str) -> _Json:
    return {"fullyQualifiedName": pointer, "kind": "value"}


def _uri(path: str) -> str:
    """A path as a URI: relative ones stay relative to the folder that the command ran in."""
    if path == "<stdin>":
        return "stdin"
    if "://" in path:
        return quote(path.encode("utf-8", "surrogatepass"), safe="/:")
    pure = PurePath(path)
    try:
        data = os.fsencode(pure.as_posix())
    except UnicodeEncodeError:
        data = pure.as_posix().encode("utf-8", "surrogatepass")
    return ("file://" if pure.is_absolute() else "") + quote(data, safe="/")
