"""The default annotators: a spaCy parse, and rules for actors, locations, quotes and figures over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from corpus_tool import __version__
from corpus_tool.annotate.actors import find_actors
from corpus_tool.annotate.entities import link_entities
from corpus_tool.annotate.figures import find_figures
from corpus_tool.annotate.locations import find_locations
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.annotate.quotes import find_quotes
from corpus_tool.model import Annotation, Document, Provenance

ANNOTATOR = f"corpus-tool-rules/{__version__}"

A = TypeVar("A", bound=Annotation)


def annotate_article(article: ParsedArticle) -> Document:
    """The article's document with all four layers and the entities suggested."""
    locations = find_locations(article)
    actors = find_actors(article, locations)
    quotes, speakers = find_quotes(article, actors)
    actors = _in_order([*actors, *speakers])
    figures = find_figures(article, locations, quotes)
    entities, actors, locations = link_entities(article, actors, locations, quotes)
    layers: dict[str, Sequence[Annotation]] = {
        "actors": actors,
        "locations": locations,
        "figures": figures,
        "quotes": quotes,
    }
    return replace(
        article.document,
        entities=tuple(entities),
        layers={name: _suggested(annotations) for name, annotations in layers.items()},
    )


def _in_order(annotations: Sequence[A]) -> list[A]:
    return sorted(annotations, key=lambda a: (a.start, -a.end, a.id))


def _suggested(annotations: Sequence[A]) -> tuple[A, ...]:
    mark = Provenance(status="suggested", annotator=ANNOTATOR)
    return tuple(replace(a, provenance=a.provenance or mark) for a in _in_order(annotations))
