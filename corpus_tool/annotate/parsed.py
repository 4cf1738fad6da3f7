"""What annotators read: a document, and the pipeline's parse of each block that holds content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus_tool.annotate.own_places import NO_PLACES, OwnPlaces
from corpus_tool.model import Block, Document

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token


def text_of(doc: Doc) -> str:
    """``doc.text``, joined once: spaCy joins the tokens anew on each access."""
    text = doc.user_data.get("text")
    if text is None:
        text = doc.user_data["text"] = doc.text
    return str(text)


@dataclass(frozen=True)
class ParsedBlock:
    """One content block (title, deck, caption, heading or paragraph) and its parse.

    ``doc`` is spaCy's parse of ``document.text[block.start:block.end]``, line breaks read as spaces: a token at ``idx``
    in it starts at ``block.start + idx`` in the article, in code points.
    """

    block: Block
    doc: Doc

    def bounds(self, tokens: Span | Token) -> tuple[int, int]:
        """Start and end of a token or a span of tokens in the article's text, in code points."""
        span: Any = tokens
        first, last = (span[0], span[-1]) if hasattr(span, "start_char") else (span, span)
        return self.block.start + first.idx, self.block.start + last.idx + len(last.text)


@dataclass(frozen=True)
class ParsedArticle:
    """A document without annotations, the parses of its content blocks, in order, and the user's own places."""

    document: Document
    blocks: tuple[ParsedBlock, ...]
    places: OwnPlaces = NO_PLACES

    @property
    def text(self) -> str:
        """The article's text."""
        return self.document.text
