"""Annotators as plug-ins: the built-in ones, and those of other packages (entry points ``corpus_tool.annotators``).

A factory takes the options that ``corpus.yaml`` gives and returns an ``Annotator``. Whether it may run is for the
caller to decide: making an annotator may import packages, load models and open files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from corpus_tool.annotate.plugins.annotator import Annotator, Factory, Note, Noted, Request, suggestions
from corpus_tool.model import CorpusToolError

#: Other packages' annotators are found here; nothing of them is imported before one is asked for.
ENTRY_POINTS = "corpus_tool.annotators"


def _make_default(request: Request) -> Annotator:
    from corpus_tool.annotate.plugins.default import make_default

    return make_default(request)


def _make_gliner(request: Request) -> Annotator:
    from corpus_tool.annotate.plugins.gliner import make_gliner

    return make_gliner(request)


def _make_openai(request: Request) -> Annotator:
    from corpus_tool.annotate.plugins.openai import make_openai

    return make_openai(request)


#: The built-in annotators by name, sorted. An entry point of the same name is never asked.
ANNOTATORS: Mapping[str, Callable[[Request], Annotator]] = {
    "default": _make_default,
    "gliner": _make_gliner,
    "openai": _make_openai,
}


def make_annotator(request: Request) -> Annotator:
    """The annotator that was asked for; imports its package and may load its model.

    Raises:
        CorpusToolError: there is none of that name, its package or its model is missing, or an option is wrong.
    """
    built_in = ANNOTATORS.get(request.annotator)
    return built_in(request) if built_in else _third_party(request)


def _third_party(request: Request) -> Annotator:
    from importlib.metadata import entry_points

    name = request.annotator
    found = [*entry_points(group=ENTRY_POINTS, name=name)]
    if not found:
        known = sorted({*ANNOTATORS, *(point.name for point in entry_points(group=ENTRY_POINTS))})
        raise CorpusToolError(f"no annotator is called {name!r}; installed are {', '.join(known)}")
    if len(found) > 1:
        packages = ", ".join(sorted(point.dist.name if point.dist else point.value for point in found))
        raise CorpusToolError(f"several packages call an annotator {name!r} ({packages}); uninstall all but one")
    try:
        made: Any = found[0].load()(dict(request.options))
    except CorpusToolError:
        raise
    except Exception as error:
        raise CorpusToolError(
            f"the annotator {name} ({found[0].value}) does not start: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(made, Annotator):
        raise CorpusToolError(f"the annotator {name}: {found[0].value} did not give an Annotator")
    return made


__all__ = [
    "ANNOTATORS",
    "ENTRY_POINTS",
    "Annotator",
    "Factory",
    "Note",
    "Noted",
    "Request",
    "make_annotator",
    "suggestions",
]
