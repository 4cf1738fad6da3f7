"""Reading an annotator's options: wrong ones are told by name."""

from __future__ import annotations

from typing import TypeVar

from corpus_tool.annotate.plugins.annotator import Request
from corpus_tool.model import CorpusToolError

T = TypeVar("T")


def wrong(request: Request, message: str) -> CorpusToolError:
    """The error for an option that cannot be used."""
    return CorpusToolError(f"the annotator {request.annotator}: {message}")


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """Raises where an option is none that the annotator knows.

    Raises:
        CorpusToolError: names the option.
    """
    unknown = sorted(set(request.options) - known)
    if unknown:
        raise wrong(request, f"no option is called {unknown[0]!r}; there are {', '.join(sorted(known))}")


def text_option(request: Request, key: str) -> str:
    """A required option that is a string.

    Raises:
        CorpusToolError: it is missing, or something else.
    """
    value = request.options.get(key)
    if not isinstance(value, str) or not value.strip():
        raise wrong(request, f"the option {key!r} is missing")
    return value


def number_option(request: Request, key: str, default: float, least: float, most: float) -> float:
    """An option that is a number between ``least`` and ``most``.

    Raises:
        CorpusToolError: it is none.
    """
    value = request.options.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise wrong(request, f"the option {key!r} is a number from {least:g} to {most:g}")
    return value


def layers_option(request: Request, possible: tuple[str, ...]) -> tuple[str, ...]:
    """The option ``layers``: some of ``possible``, in that order; by default all.

    Raises:
        CorpusToolError: it holds another one, or none.
    """
    value = request.options.get("layers", list(possible))
    if not isinstance(value, list | tuple) or not value or not set(value) <= set(possible):
        raise wrong(request, f"the option 'layers' is a list of some of {', '.join(possible)}")
    return tuple(name for name in possible if name in value)
