"""Diagnostics as lines for people: ``path:line:column CODE message``."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from corpus_tool.diagnostics.diagnostic import Diagnostic, Severity


def printable(text: str) -> str:
    r"""``text`` on one line and safe for a terminal: control, format and bidi characters become ``\u`` escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c == " " or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else _escape(c)
        for c in text
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def render_line(diagnostic: Diagnostic) -> str:
    """One diagnostic: its line, then the hint and related places, each indented on a line of its own."""
    d = diagnostic
    mark = "" if d.severity is Severity.ERROR else f"[{d.severity}] "
    rows = [f"{printable(d.path)}:{d.line}:{d.column} {d.code} {mark}{printable(d.message)} ({d.name})"]
    if d.pointer:
        rows.append(f"  at: {printable(d.pointer)}")
    rows += [f"  see: {printable(r.pointer)} {printable(r.message)}" for r in d.related]
    if d.hint:
        rows.append(f"  hint: {printable(d.hint)}")
    return "\n".join(rows)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """How many of each severity: "2 errors, 1 warning"; "no findings" for none."""
    counts = Counter(d.severity for d in diagnostics)
    parts = [f"{counts[s]} {s if s is Severity.INFO or counts[s] == 1 else s + 's'}" for s in Severity if counts[s]]
    return ", ".join(parts) or "no findings"


def render_text(diagnostics: Sequence[Diagnostic]) -> str:
    """All diagnostics, one after the other, ending in a newline; "" for none."""
    return "".join(render_line(d) + "\n" for d in diagnostics)
