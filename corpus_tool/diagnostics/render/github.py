"""Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from corpus_tool.diagnostics.cap import More
from corpus_tool.diagnostics.diagnostic import Diagnostic, Severity
from corpus_tool.diagnostics.render.text import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github_line(item: Diagnostic | More) -> str:
    """One command: ``::error file=…,line=…,col=…,title=…::message``; the hint stands on a second line of the message.

    Nothing from a document can end the command or begin another: line breaks and controls are escaped for terminals
    first, then what the runner reads as syntax.
    """
    file = _property(printable(item.path))
    if isinstance(item, More):
        return f"::notice file={file},title={item.code}::{_data(item.message)}"
    told = "\n".join(printable(words) for words in (item.message, item.hint) if words)
    title = _property(printable(f"{item.code} {item.name}"))
    place = f"file={file},line={item.line},col={item.column},title={title}"
    return f"::{_COMMANDS[item.severity]} {place}::{_data(told)}"


def render_github(diagnostics: Iterable[Diagnostic | More]) -> str:
    """All diagnostics, a command each, ending in a newline; "" for none."""
    return "".join(render_github_line(item) + "\n" for item in diagnostics)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
