"""Locations: where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus_tool.annotate.agency import acts, is_government
from corpus_tool.annotate.gazetteer import table
from corpus_tool.annotate.name_types import TypedName, typed_names
from corpus_tool.annotate.names import DATELINE
from corpus_tool.annotate.nominals import iter_place_nominals
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Location

if TYPE_CHECKING:
    from spacy.tokens import Doc


def find_locations(article: ParsedArticle) -> list[Location]:
    """Location mentions of an article, ids "l1", "l2" … in order of the text."""
    names = typed_names(article)
    found = {
        (name.span.start, name.span.end): (
            article.places.kind(name.span.text) or _kind(article.blocks[name.span.block].doc, name),
            "name",
        )
        for name in names
        if name.place and actor_kind_of_place(article.blocks[name.span.block].doc, name) is None
    }
    for number, block in enumerate(article.blocks):
        taken = name_tokens(names, number)
        for nominal in iter_place_nominals(block, taken):
            found.setdefault((nominal.start, nominal.end), (nominal.kind, "nominal"))
    return [
        Location(id=f"l{n}", start=start, end=end, text=article.text[start:end], kind=kind, mention=mention)
        for n, ((start, end), (kind, mention)) in enumerate(sorted(found.items()), start=1)
    ]


def name_tokens(names: Sequence[TypedName], block: int) -> frozenset[int]:
    """The tokens of a block that belong to names."""
    return frozenset(i for n in names if n.span.block == block for i in range(n.span.first, n.span.last))


def actor_kind_of_place(doc: Doc, name: TypedName) -> str | None:
    """The kind of actor that the name of a place stands for where it acts, or None where it is a place."""
    if name.span.label == DATELINE:
        return None
    if name.kind == "country" and acts(doc, name.span):
        return "state"
    return "government" if name.kind == "city" and is_government(doc, name.span) else None


def _kind(doc: Doc, name: TypedName) -> str:
    span, kinds = name.span, table("place_nouns")
    if name.kind not in {"city", "province", "region", "district"}:
        return name.kind
    behind = doc[span.last].lower_ if span.last < len(doc) else ""
    before = doc[span.first - 2].lower_ if span.first > 1 and doc[span.first - 1].lower_ == "of" else ""
    for word in (behind, before):
        if word != "capital" and kinds.get(word) in {"city", "province", "district"}:
            return kinds[word]
    return name.kind
