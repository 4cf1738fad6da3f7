"""Renderers of diagnostics: one file a format."""

from collections.abc import Callable, Mapping, Sequence

from corpus_tool.diagnostics.diagnostic import Diagnostic
from corpus_tool.diagnostics.render.json import render_json
from corpus_tool.diagnostics.render.text import render_text

RENDERERS: Mapping[str, Callable[[Sequence[Diagnostic]], str]] = {"json": render_json, "text": render_text}

__all__ = ["RENDERERS", "render_json", "render_text"]
