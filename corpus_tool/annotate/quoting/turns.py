"""Speech without a cue verb: the turns of a transcript ("LIND: …") and headlines that begin with their source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.blocks import QuotedBlock
from corpus_tool.annotate.quoting.cues import SPEECH, is_verb
from corpus_tool.annotate.quoting.direct import token_at
from corpus_tool.annotate.quoting.drafts import Draft

#: The frame of a transcript's turn: its content is not widened to the quotation marks around the transcript.
TURN = "turn"

#: A name in capitals and a colon at the start of a paragraph.
_TURN = re.compile(r"[\"“]?((?:[^\W\d_a-z]{2,}|Q|A)(?:[ .’'-]{1,2}[^\W\d_a-z]+){0,4}):\s+(?=\S)")
#: So many turns by so many speakers make a transcript; one label in capitals does not.
_FEWEST_TURNS, _FEWEST_SPEAKERS = 3, 2
#: A turn goes on over paragraphs without a name if the next turn begins within so many.
_FARTHEST = 4
_HEADLINE = re.compile(r"((?:[^\W\d_a-z][\w.’'-]*\s){0,4}[^\W\d_a-z][\w.’'-]*)(:)\s+(?=\S)")
#: The longest line that is read as a headline, in code points.
_LONGEST = 160


def find_turns(text: str, views: Sequence[QuotedBlock], drafts: list[Draft]) -> frozenset[int]:
    """Adds the turns of a transcript, one quote each; the numbers of the blocks that they fill.

    A turn goes on over the paragraphs up to the next one if that is near, and where the same quotation goes on.
    """
    found = [(n, v, m) for n, v in enumerate(views) if (m := _TURN.match(text, v.start, v.end))]
    if len(found) < _FEWEST_TURNS or len({m.group(1) for _, _, m in found}) < _FEWEST_SPEAKERS:
        return frozenset()
    filled = set()
    for number, view, match in found:
        colon = view.doc[min(token_at(view, match.end(1)), len(view.doc) - 1)]
        name = view.doc[min(token_at(view, match.end(1) - 1), len(view.doc) - 1)]
        if match.end() >= view.end or name.i > colon.i:
            continue
        pieces = [(match.end(), view.end)]
        following = number + 1
        next_turn = next((n for n, _, _ in found if n > number), 0)
        while following < len(views) and (
            following < next_turn <= number + _FARTHEST or _goes_on(text, views[following])
        ):
            if text.startswith(("(", "["), views[following].start):
                break
            pieces.append((views[following].start, views[following].end))
            filled.add(following)
            following += 1
        filled.add(number)
        drafts.append(Draft(pieces, (match.end(1), match.end(1) + 1), name, view, SPEECH, TURN))
    return frozenset(filled)


def _goes_on(text: str, view: QuotedBlock) -> bool:
    """Whether a block begins with a continuation mark and not with a turn."""
    if _TURN.match(text, view.start, view.end):
        return False
    return any(mark.start == view.start for quoted in view.quoted for mark in quoted.continuations)


def find_headline(text: str, view: QuotedBlock, drafts: list[Draft]) -> None:
    """Adds what a headline attributes by a colon: "Lind: Harbour will open in May"."""
    end = text.find("\n", view.start, view.end)
    end = view.end if end < 0 else end
    match = _HEADLINE.match(text, view.start, end)
    if match is None or end - view.start > _LONGEST:
        return
    colon = token_at(view, match.start(2))
    label, rest = view.doc[:colon], view.doc[colon + 1 : token_at(view, end - 1) + 1]
    if not len(label) or any(is_verb(t) for t in label) or not any(is_verb(t) or t.pos_ == "AUX" for t in rest):
        return
    name = label[-1]
    if not _is_source(text, view, name.text, label.text):
        return
    cue = match.start(2), match.end(2)
    if not any(d.cue == cue for d in drafts):
        drafts.append(Draft([(match.end(), end)], cue, name, view, SPEECH, "headline"))


def _is_source(text: str, view: QuotedBlock, last: str, label: str) -> bool:
    """Whether a headline's label is a text that says something, or a name that the article uses again."""
    if last.lower() in words("document_nouns") - words("labels"):
        return True
    if (label.isupper() and len(label) > 4) or last.lower() in words("labels"):
        return False
    return bool(re.search(rf"\b{re.escape(last)}\b", text[view.end :]))
