"""Tags of words: B-PER, I-PER, O and their kin, in the schemes that are in use; the scheme is told by the tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from corpus_tool.formats.words import percent

OUTSIDE = "O"

#: B begins, I and M go on, E and L end, S, U and W stand alone.
_TAG = re.compile(r"([BIMELSUW])[-_](.+)")
_BEGIN, _INSIDE, _END, _SINGLE = "B", "IM", "EL", "SUW"

#: What stands where a word has no tag.
_EMPTY = frozenset({"", "_", "-", "*"})


class Tag(NamedTuple):
    """A tag, taken apart; ``part`` is "" outside of spans."""

    part: str
    label: str


class Tagged(NamedTuple):
    """A span of words by their numbers, both within it."""

    label: str
    first: int
    last: int


@dataclass
class Evidence:
    """What the tags of a column say about their scheme.

    Attributes:
        parts: the letters that occur.
        begins: how often a span that touches no other of its label begins with B.
        bare: how often one begins with I.
        broken: how often a span goes against a scheme with ends: one that no B begins, or no E ends.
    """

    parts: set[str] = field(default_factory=set)
    begins: int = 0
    bare: int = 0
    broken: int = 0

    @property
    def scheme(self) -> str:
        """The name of the scheme."""
        if self.parts & set(_END + _SINGLE):
            return "BILOU" if self.parts & {"L", "U"} else "BIOES"
        if not self.parts:
            return OUTSIDE
        if self.begins and self.bare:
            return "IOB1 or IOB2"
        if self.bare:
            return "IOB1" if "B" in self.parts else "IOB1 or IO"
        return "IOB2"


def parsed(value: str) -> Tag | None:
    """A tag; None where a value is none."""
    if value == OUTSIDE or value in _EMPTY:
        return Tag("", "")
    found = _TAG.fullmatch(value)
    return Tag(found[1], unquote(found[2])) if found else None


def is_tagged(values: Iterable[str]) -> bool:
    """Whether the values of a column are tags, most of them: parts of speech, lemmas and features hardly look so."""
    held = [value for value in values if value not in _EMPTY]
    return 2 * sum(parsed(value) is not None for value in held) > len(held)


def spans_of_tags(tags: Sequence[Tag], evidence: Evidence) -> list[Tagged]:
    """The spans that the tags of one sentence mark; what they say about their scheme goes to ``evidence``.

    Read so that every scheme gives the spans that it means: a span begins with B or S, with any tag of another label
    than the one before, and with any tag behind an end.
    """
    spans: list[Tagged] = []
    label, first, is_open = "", 0, False
    for number, tag in enumerate(tags):
        if is_open and not (tag.part and tag.part in _INSIDE + _END and tag.label == label):
            spans.append(Tagged(label, first, number - 1))
            evidence.broken += 1
            is_open = False
        if not tag.part:
            continue
        evidence.parts.add(tag.part)
        if not is_open:
            touches = number > 0 and tags[number - 1].label == tag.label
            evidence.begins += tag.part in _BEGIN and not touches
            evidence.bare += tag.part in _INSIDE
            evidence.broken += tag.part in _END + _INSIDE
            label, first, is_open = tag.label, number, True
        if tag.part in _END + _SINGLE:
            spans.append(Tagged(label, first, number))
            is_open = False
    if is_open:
        spans.append(Tagged(label, first, len(tags) - 1))
        evidence.broken += 1
    return spans


def tags_of_spans(length: int, spans: Iterable[Tagged]) -> list[str]:
    """IOB2 tags of a sentence's words; the spans lie apart from each other."""
    tags = [OUTSIDE] * length
    for label, first, last in spans:
        name = percent(label, "")
        tags[first : last + 1] = [f"B-{name}", *[f"I-{name}"] * (last - first)]
    return tags
