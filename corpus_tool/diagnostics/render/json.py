"""Diagnostics as one JSON object; ``version`` changes when a reader of the old form would break."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from corpus_tool.diagnostics.diagnostic import Diagnostic, Severity
from corpus_tool.diagnostics.render.text import printable

VERSION = 1

_NOT_PLAIN = re.compile(r"[^\n -~]")


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """``{"version", "summary": {"error", "warning", "info"}, "diagnostics": [...]}``, ending in a newline.

    Of a fix only that there is one is told: the findings of a layer that drifted share one of thousands of edits.
    """
    counts = Counter(d.severity for d in diagnostics)
    report = {
        "version": VERSION,
        "summary": {str(severity): counts[severity] for severity in Severity},
        "diagnostics": [_told(d) for d in diagnostics],
    }
    return json_text(report) + "\n"


def _told(diagnostic: Diagnostic) -> dict[str, Any]:
    told = asdict(replace(diagnostic, fix=()))
    del told["fix"]
    return {**told, "fixable": bool(diagnostic.fix)}


def json_text(value: Any) -> str:
    r"""``value`` as JSON for standard output, which may be a terminal.

    Control, format and bidi characters, and half surrogates (a file name that is not UTF-8), are ``\u`` escapes; so is
    the bracket of ``##[``, with which a string could steer GitHub Actions from a log.
    """
    plain = json.dumps(value, ensure_ascii=False, indent=2).replace("##[", "##\\u005b")
    return _NOT_PLAIN.sub(_escaped, plain)


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if printable(character) == character:
        return character
    return f"\\u{ord(character):04x}" if character <= "\uffff" else json.dumps(character)[1:-1]
