"""Diagnostics as one JSON object; ``version`` changes when a reader of the old form would break."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from corpus_tool.diagnostics.diagnostic import Diagnostic, Severity

VERSION = 1


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """``{"version", "summary": {"error", "warning", "info"}, "diagnostics": [...]}``, ending in a newline."""
    counts = Counter(d.severity for d in diagnostics)
    report = {
        "version": VERSION,
        "summary": {str(severity): counts[severity] for severity in Severity},
        "diagnostics": [asdict(d) for d in diagnostics],
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"
