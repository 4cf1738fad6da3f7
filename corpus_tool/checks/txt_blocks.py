"""TXT4xx: blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from corpus_tool.checks.check import Check, Needs, Subject, document_of, quoted
from corpus_tool.checks.fixes.mend_spans import empty_block_removed, sorted_blocks
from corpus_tool.diagnostics import Finding, Related, Severity
from corpus_tool.model import Block


def block_out_of_bounds(subject: Subject) -> Iterator[Finding]:
    """A block ends behind the end of the text.

    Why it matters: the text is cut into its blocks; this one gives less than it says, or nothing.

    Bad: a text of 10 code points and a block ``"start": 5, "end": 12``.

    Good: ``"start": 5, "end": 10``.
    """
    document = document_of(subject)
    length = len(document.text)
    for i, block in enumerate(document.blocks):
        if block.start < block.end and block.end > length:
            yield Finding(
                f"block {i} ({block.kind}) ends at {block.end}, the text at {length}",
                f"/blocks/{i}",
                "offsets are Unicode code points, end exclusive",
            )


def empty_block(subject: Subject) -> Iterator[Finding]:
    """A block holds nothing, or white space alone.

    Why it matters: it becomes a paragraph without words, and shifts the numbering of those behind it.

    Bad: ``{"start": 12, "end": 12, "kind": "paragraph"}``

    Good: no such block.
    """
    document = document_of(subject)
    for i, block in enumerate(document.blocks):
        if block.start >= block.end:
            told = f"block {i} ({block.kind}) is empty: it goes from {block.start} to {block.end}"
            yield Finding(told, f"/blocks/{i}", fix=empty_block_removed(subject, i))
        elif block.end <= len(document.text) and document.text[block.start : block.end].isspace():
            told = f"block {i} ({block.kind}) holds white space alone"
            yield Finding(told, f"/blocks/{i}", fix=empty_block_removed(subject, i))


def blocks_overlap(subject: Subject) -> Iterator[Finding]:
    """Two blocks share text, or stand out of order.

    Why it matters: words that lie in two blocks are read, counted and annotated twice.

    Bad: blocks from 0 to 20 and from 15 to 40.

    Good: blocks from 0 to 20 and from 20 to 40.
    """
    blocks = [(i, block) for i, block in enumerate(document_of(subject).blocks) if block.start < block.end]
    for (left, first), (right, second) in pairwise(blocks):
        if second.start >= first.end:
            continue
        related = (Related(f"/blocks/{left}", f"block {left}, {first.start} to {first.end}"),)
        if second.end <= first.start:
            told = f"block {right} ({second.kind}) stands before block {left} in the text"
            hint = "blocks are listed in the order of the text"
            yield Finding(told, f"/blocks/{right}", hint, related, fix=sorted_blocks(subject))
        else:
            told = f"block {right} ({second.kind}) starts at {second.start}, inside block {left}"
            yield Finding(told, f"/blocks/{right}", "blocks stand apart", related)


def text_outside_blocks(subject: Subject) -> Iterator[Finding]:
    """Words of the text belong to no block, though others do.

    Why it matters: whoever reads the article block by block, as annotators do, never sees them.

    Bad: two paragraphs and one block for the first.

    Good: a block for each; "boilerplate" for what is no content.
    """
    document = document_of(subject)
    blocks = document.blocks
    if not blocks or not _in_order(blocks, len(document.text)):
        return
    between = ((a.end, b.start) for a, b in pairwise(blocks))
    for start, end in [(0, blocks[0].start), *between, (blocks[-1].end, len(document.text))]:
        words = document.text[start:end].strip()
        if words:
            yield Finding(f"no block holds {quoted(words)}, between {start} and {end}", "/blocks", "add a block for it")


def _in_order(blocks: tuple[Block, ...], length: int) -> bool:
    """Whether blocks are sound: in order, apart, within the text."""
    apart = all(left.end <= right.start for left, right in pairwise(blocks))
    return apart and blocks[-1].end <= length and all(block.start < block.end for block in blocks)


CHECKS = (
    Check("TXT401", "block-out-of-bounds", Severity.ERROR, Needs.DOCUMENT, block_out_of_bounds),
    Check("TXT402", "empty-block", Severity.ERROR, Needs.DOCUMENT, empty_block, fixable=True),
    Check("TXT403", "blocks-overlap", Severity.ERROR, Needs.DOCUMENT, blocks_overlap, fixable=True),
    Check("TXT404", "text-outside-blocks", Severity.WARNING, Needs.DOCUMENT, text_outside_blocks),
)
