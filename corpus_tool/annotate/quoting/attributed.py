"""What a cue attributes, as token ranges of one parse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.annotate.quoting.cues import attitude_of, cue_tokens
from corpus_tool.annotate.quoting.speakers import speaker_of

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Inclusive first and last token.
Tokens = tuple[int, int]


@dataclass(frozen=True)
class Attributed:
    """A cue and its content.

    Attributes:
        frame: the construction: "clause", "object", "according" …
        verb: the verb, noun or preposition that the cue is built on.
        cue: first and last token of the cue.
        content: first and last token of each piece.
        speaker: the head of the phrase that says who speaks.
        attitude: speech, thought or intention.
    """

    frame: str
    verb: Token
    cue: Tokens
    content: tuple[Tokens, ...]
    speaker: Token | None
    attitude: str


def attributed_by(frame: str, verb: Token, first: int, last: int) -> Attributed:
    """What a verb attributes with its usual cue, speaker and attitude: the tokens from ``first`` to ``last``."""
    return Attributed(frame, verb, cue_tokens(verb), ((first, last),), speaker_of(verb), attitude_of(verb))
