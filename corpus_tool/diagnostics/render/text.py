"""Diagnostics as lines for people: ``path:line:column CODE message``, and beneath it the line that it speaks of."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from corpus_tool.diagnostics.cap import More
from corpus_tool.diagnostics.diagnostic import Context, Diagnostic, Related, Severity
from corpus_tool.diagnostics.width import has_sure_columns, underline

_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

#: Around what is marked where carets are not sure: mirrored in what runs from the right, and rare in news.
_OPEN, _CLOSE = "⟦", "⟧"


def printable(text: str) -> str:
    r"""``text`` on one line and safe for a terminal: control, format and bidi characters become ``\u`` escapes.

    So does the bracket of ``##[``, which the runner of GitHub Actions takes for a command wherever it stands in a log.
    """
    if text.isascii() and text.isprintable() and "##[" not in text:
        return text
    shown = "".join(c if c == " " or unicodedata.category(c) not in _UNSAFE else _escape(c) for c in text)
    return shown.replace("##[", "##" + _escape("["))


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def render_concise_line(item: Diagnostic | More) -> str:
    """One diagnostic on one line."""
    path = _path(item.path)
    if isinstance(item, More):
        return f"{path}: {item.message}"
    mark = "" if item.severity is Severity.ERROR else f"[{item.severity}] "
    return f"{path}:{item.line}:{item.column} {item.code} {mark}{printable(item.message)} ({item.name})"


def render_line(item: Diagnostic | More) -> str:
    """One diagnostic: its line, then pointer, context, related places and hint, each indented on lines of their own."""
    rows = [render_concise_line(item)]
    if isinstance(item, More):
        return rows[0]
    if item.pointer:
        rows.append(f"  at: {printable(item.pointer)}")
    if item.context:
        rows += _context_rows(item.context)
    for place in item.related:
        rows.append(f"  see: {_place(place)}{printable(place.message)}")
    if item.hint:
        rows.append(f"  hint: {printable(item.hint)}")
    if item.fix:
        rows.append("  fix: validate --fix mends it")
    return "\n".join(rows)


def _place(place: Related) -> str:
    line = f"{place.line}:{place.column}" if place.line else ""
    steps = [":".join(filter(None, (printable(place.path or ""), line))), printable(place.pointer)]
    return "".join(f"{step} " for step in steps if step)


def _path(path: str) -> str:
    """A path to begin a line with: "::" there would be a command of GitHub Actions."""
    shown = printable(path)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def _context_rows(context: Context) -> list[str]:
    """The line, and carets under what is marked in it.

    Where terminals differ in the columns that they set the line in, as with right-to-left letters, no caret is sure to
    lie under its word: the marked words stand in brackets instead.
    """
    label = f"  text:{context.line}" if context.of == "article" else f"  {context.line}"
    brackets = not has_sure_columns(printable(context.text))
    shown = "… " if context.offset else ""
    carets = ""
    done = 0
    for start, end in context.marks:
        shown += printable(context.text[done:start])
        words = printable(context.text[start:end])
        column, width = underline(shown, words)
        carets = carets.ljust(column) + "^" * (column + width - max(column, len(carets)))
        shown += f"{_OPEN}{words}{_CLOSE}" if brackets else words
        done = end
    shown += printable(context.text[done:]) + (" …" if context.cut else "")
    rows = [f"{label} | {shown}"]
    if not brackets:
        rows.append(f"{' ' * len(label)} | {carets}{'…' if context.goes_on else ''}")
    return rows


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each severity: "2 errors, 1 warning"; "no findings" for none."""
    return summary_of(Counter(d.severity for d in diagnostics))


def summary_of(counts: Counter[Severity]) -> str:
    """The same of what was counted already."""
    parts = [f"{counts[s]} {s if s is Severity.INFO or counts[s] == 1 else s + 's'}" for s in Severity if counts[s]]
    return ", ".join(parts) or "no findings"


def render_text(diagnostics: Iterable[Diagnostic | More]) -> str:
    """All diagnostics with their context, one after the other, ending in a newline; "" for none."""
    return "".join(_ended(render_line(item) for item in diagnostics))


def render_concise(diagnostics: Iterable[Diagnostic | More]) -> str:
    """All diagnostics, a line each, ending in a newline; "" for none."""
    return "".join(_ended(render_concise_line(item) for item in diagnostics))


def _ended(rows: Iterable[str]) -> Iterator[str]:
    return (row + "\n" for row in rows)
