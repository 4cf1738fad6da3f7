"""Screen of TXT4xx: the blocks of the page."""

from __future__ import annotations

from corpus_tool.checks.check import Subject, document_of


def blocks_at_odds(subject: Subject) -> bool:
    """TXT401 to TXT404: blocks that hold words, in order, with nothing but white space between them, have no fault."""
    document = document_of(subject)
    text = document.text
    reach = 0
    for block in document.blocks:
        start, end = block.start, block.end
        if not reach <= start < end <= len(text) or text[start].isspace() or text[reach:start].strip():
            return True
        reach = end
    return bool(document.blocks) and bool(text[reach:].strip())
