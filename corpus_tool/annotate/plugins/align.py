"""Where verbatim strings stand in a text: exactly, else with white space, quotation marks and dashes folded.

A language model copies words well and counts characters badly. So it is asked for words alone, and their place is
found here; what does not stand in the text is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Bounds = tuple[int, int]

_FOLDED = {
    **dict.fromkeys("“”„‟＂«»〝〞", '"'),
    **dict.fromkeys("‘’‚‛‹›`´ʼ＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹘－", "-"),
    "…": "...",
}
#: Signs without width that pages hide in words.
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


@dataclass(frozen=True)
class Folded:
    """A text with its variants of marks and spaces made alike; ``starts[i]`` is where its character i came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(text: str) -> Folded:
    """One space for a run of white space, straight quotation marks, plain dashes, no signs without width."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, character in enumerate(text):
        if character in _UNSEEN:
            continue
        if character.isspace():
            if out and out[-1] == " ":
                ends[-1] = i + 1
                continue
            character = " "  # noqa: PLW2901  # as it is written from here on
        for sign in _FOLDED.get(character, character):
            out.append(sign)
            starts.append(i)
            ends.append(i + 1)
    return Folded("".join(out), tuple(starts), tuple(ends))


def align(text: str, wanted: Sequence[str], regions: Sequence[Bounds]) -> list[Bounds | None]:
    """Where strings stand in a text, each at a place of its own.

    Strings that come in the order of the text are found in that order. Where the order does not fit, the nth time that
    a string is given it is its nth occurrence, from left to right. Whole words come before parts of words, which only
    count in script that sets no spaces.

    Args:
        text: the article's text.
        wanted: the strings, as they were given.
        regions: (start, end) of the parts of the text to look in, in order, in code points; no string lies across two.

    Returns:
        For each string (start, end) in code points, or None where it does not stand in the text, or not so often.
    """
    places = _places(text, wanted, regions)
    return _in_order(wanted, places) or _nth(wanted, places)


def occurrences(text: str, words: str, regions: Sequence[Bounds]) -> list[Bounds]:
    """Everywhere that a string stands in the regions, left to right: exactly, else folded."""
    return _places(text, [words], regions)[words]


def _places(text: str, wanted: Sequence[str], regions: Sequence[Bounds]) -> Mapping[str, list[Bounds]]:
    folded: list[tuple[int, Folded]] | None = None
    places: dict[str, list[Bounds]] = {}
    for words in dict.fromkeys(wanted):
        exact = words.strip()
        found = [b for start, end in regions for b in _exact(text, exact, start, end)] if exact else []
        if exact and not found:
            if folded is None:
                folded = [(start, fold(text[start:end])) for start, end in regions]
            found = [b for start, part in folded for b in _in_folded(text, part, start, fold(exact).text.strip())]
        places[words] = found
    return places


def _exact(text: str, words: str, start: int, end: int) -> list[Bounds]:
    found = []
    at = text.find(words, start, end)
    while at >= 0:
        if _is_whole(text, at, at + len(words)):
            found.append((at, at + len(words)))
        at = text.find(words, at + 1, end)
    return found


def _in_folded(text: str, part: Folded, offset: int, words: str) -> list[Bounds]:
    found = []
    at = part.text.find(words) if words else -1
    while at >= 0:
        bounds = (offset + part.starts[at], offset + part.ends[at + len(words) - 1])
        if _is_whole(text, *bounds):
            found.append(bounds)
        at = part.text.find(words, at + 1)
    return found


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends where words do."""
    return not (_within_word(text, start) or _within_word(text, end))


def _within_word(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    return before.isalnum() and behind.isalnum() and not (_is_unspaced(before) or _is_unspaced(behind))


def _is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that sets no spaces: Thai to Khmer, kana, Chinese characters."""
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u1000" <= character <= "\u109f"
        or "\u1780" <= character <= "\u17ff"
        or "\u3040" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or character >= "\U00020000"
    )


def _in_order(wanted: Sequence[str], places: Mapping[str, list[Bounds]]) -> list[Bounds | None] | None:
    """A place for every string that stands in the text, none left of the one before; None where there is no such."""
    taken: set[Bounds] = set()
    position = 0
    out: list[Bounds | None] = []
    for words in wanted:
        if not places[words]:
            out.append(None)
            continue
        place = next((b for b in places[words] if b[0] >= position and b not in taken), None)
        if place is None:
            return None
        taken.add(place)
        position = place[0]
        out.append(place)
    return out


def _nth(wanted: Sequence[str], places: Mapping[str, list[Bounds]]) -> list[Bounds | None]:
    taken: set[Bounds] = set()
    out: list[Bounds | None] = []
    for words in wanted:
        place = next((b for b in places[words] if b not in taken), None)
        if place is not None:
            taken.add(place)
        out.append(place)
    return out
