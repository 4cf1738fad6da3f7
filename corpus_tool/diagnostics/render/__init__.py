"""Renderers of diagnostics: one file a format."""

from collections.abc import Callable, Mapping, Sequence

from corpus_tool.diagnostics.cap import More
from corpus_tool.diagnostics.diagnostic import Diagnostic
from corpus_tool.diagnostics.render.github import render_github, render_github_line
from corpus_tool.diagnostics.render.json import render_json
from corpus_tool.diagnostics.render.sarif import render_sarif
from corpus_tool.diagnostics.render.text import render_concise, render_concise_line, render_line, render_text

#: All diagnostics as one text. ``render_sarif`` takes the rules too, and tells more with them.
RENDERERS: Mapping[str, Callable[[Sequence[Diagnostic]], str]] = {
    "concise": render_concise,
    "full": render_text,
    "github": render_github,
    "json": render_json,
    "sarif": render_sarif,
}

#: One diagnostic, or a note of how many more there are, at a time: the formats that can be printed as they come.
LINES: Mapping[str, Callable[[Diagnostic | More], str]] = {
    "concise": render_concise_line,
    "full": render_line,
    "github": render_github_line,
}

__all__ = [
    "LINES",
    "RENDERERS",
    "render_concise",
    "render_concise_line",
    "render_github",
    "render_github_line",
    "render_json",
    "render_line",
    "render_sarif",
    "render_text",
]
