"""Blocks as quote rules read them: tokens with article offsets, what stands in marks, and sentences that respect it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus_tool.annotate.parsed import ParsedArticle, ParsedBlock
from corpus_tool.annotate.quoting.cues import introduces_speech, is_verb
from corpus_tool.language.marks import Quoted

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: The widest line of a text that is broken at a fixed width, in code points.
_WIDTH = 100
#: "TARN, Norland (NPA) — ": a place in capitals, or one with an agency in brackets, and a dash.
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’ -]{2,40}(?:, [\w. ]{1,25})?(?: \([^()\n]{1,20}\))?"
    r"|[A-Z][\w.,'’ -]{1,40} \([A-Z][^()\n]{1,19}\))"
    r"\s*(?:—|–|--|_|-)\s+"
)
_FINAL = frozenset(".!?…")
_CLOSING = frozenset("\"'”’»)]")


@dataclass(frozen=True)
class QuotedBlock:
    """One parsed block with the stretches in quotation marks that touch it.

    Attributes:
        start: the block's start in the article, in code points.
        end: the block's end.
        doc: its parse.
        quoted: outermost quoted stretches, clipped to the block, in order.
        inside: for each token the index in ``quoted`` of the stretch that it lies in, or -1.
        sentences: first and last token of each sentence; none ends inside a quoted stretch.
        heading: whether it is the title or a heading.
    """

    start: int
    end: int
    doc: Doc
    quoted: tuple[Quoted, ...]
    inside: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    heading: bool = False

    def offset(self, token: int) -> int:
        """Where a token starts in the article, in code points."""
        return self.start + self.doc[token].idx

    def offset_end(self, token: int) -> int:
        """Where a token ends in the article, in code points."""
        return self.start + self.doc[token].idx + len(self.doc[token].text)

    def holding(self, quoted: tuple[Quoted, ...]) -> QuotedBlock:
        """The same block with only some of its quoted stretches; their places in ``inside`` change with it."""
        place = {old: new for new, q in enumerate(quoted) for old, p in enumerate(self.quoted) if p is q}
        return replace(self, quoted=quoted, inside=tuple(place.get(i, -1) for i in self.inside))


def quoted_blocks(article: ParsedArticle, quoted: Sequence[Quoted]) -> list[QuotedBlock]:
    """The views of an article's blocks.

    Args:
        article: the article.
        quoted: quoted stretches of one level, apart and in order.
    """
    views = []
    first = 0
    for block in article.blocks:
        while first < len(quoted) and quoted[first].end <= block.block.start:
            first += 1
        last = first
        while last < len(quoted) and quoted[last].start < block.block.end:
            last += 1
        views.append(_view(article.text, block, quoted[first:last]))
    return views


def _view(text: str, block: ParsedBlock, quoted: Sequence[Quoted]) -> QuotedBlock:
    inside = _inside(block, quoted)
    return QuotedBlock(
        block.block.start,
        block.block.end,
        block.doc,
        tuple(quoted),
        tuple(inside),
        tuple(_sentences(text, block, quoted, inside)),
        block.block.kind in {"title", "heading"},
    )


def _inside(block: ParsedBlock, quoted: Sequence[Quoted]) -> list[int]:
    inside = [-1] * len(block.doc)
    at = 0
    for token in block.doc:
        start = block.block.start + token.idx
        while at < len(quoted) and quoted[at].end <= start:
            at += 1
        if at < len(quoted) and quoted[at].start < start + len(token.text):
            inside[token.i] = at
    return inside


def _sentences(text: str, block: ParsedBlock, quoted: Sequence[Quoted], inside: Sequence[int]) -> list[tuple[int, int]]:
    doc = block.doc
    wrapped = _is_wrapped(doc.text)
    starts = [token.i for token in doc if token.i == 0 or _begins(text, block, quoted, inside, token, wrapped)]
    dateline = _DATELINE.match(doc.text)
    if dateline:
        behind = next((token.i for token in doc if token.idx >= dateline.end()), None)
        if behind is not None and behind not in starts:
            starts = sorted([*starts, behind])
    ends = [start - 1 for start in starts[1:]] + [len(doc) - 1]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start <= end]


def _begins(
    text: str, block: ParsedBlock, quoted: Sequence[Quoted], inside: Sequence[int], token: Token, wrapped: bool
) -> bool:
    """Whether a token that is not the first begins a sentence; within one quoted stretch none does."""
    here, before = inside[token.i], inside[token.i - 1]
    if here >= 0 and here == before:
        return False
    if _new_line(block.doc, token.i, wrapped):
        return True
    if here >= 0:
        start = block.block.start
        return bool(token.is_sent_start) or _ends_sentence(text, start + token.idx, start)
    if before >= 0:
        if token.text[:1].islower():
            return False
        last = text[quoted[before].end - 2 : quoted[before].end - 1]
        if last == "." and token.text[:1].isupper():
            return True
        return bool(token.is_sent_start) and last in _FINAL and not _cue_follows(block.doc, token.i)
    return bool(token.is_sent_start) and not token.is_punct


def _cue_follows(doc: Doc, i: int) -> bool:
    """Whether a short name and a verb of speech stand at ``i``, as behind “Why?”."""
    for token in doc[i : i + 4]:
        if is_verb(token):
            return introduces_speech(token)
        if token.is_punct or token.is_space:
            return False
    return False


def _is_wrapped(text: str) -> bool:
    """Whether the lines of a block are one paragraph broken at a fixed width."""
    lines = [len(line) for line in text.split("\n")]
    return len(lines) > 1 and max(lines) <= _WIDTH and min(lines[:-1]) >= _WIDTH // 2


def _new_line(doc: Doc, i: int, wrapped: bool) -> bool:
    """Whether a token begins a line that is a paragraph of its own, not one of a hard-wrapped text."""
    if i < 1 or not doc[i - 1].is_space or "\n" not in doc[i - 1].text:
        return False
    if not wrapped or i < 2:
        return True
    return doc[i - 2].text[-1:] in _FINAL | _CLOSING | {":"} or doc[i].is_quote or doc[i].text == "''"


def _ends_sentence(text: str, at: int, start: int) -> bool:
    """Whether the text before ``at`` ends a sentence."""
    before = text[start:at].rstrip()
    while before and before[-1] in _CLOSING:
        before = before[:-1]
    return not before or before[-1] in _FINAL
