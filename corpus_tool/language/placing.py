"""Where a stretch of an old text stands in the new one, if that is certain.

A stretch is placed where one run of tokens (``alignment.runs_of``) holds all of it, and its words are the same but for
white space, composed accents and the form of quotation marks. It is not placed

- where another run would put it or one of its ends elsewhere, or something else in its place;
- where neither the word before nor the word behind is the same any more, unless it is of two words or more that both
  texts hold once;
- where a word beside it is new that may belong to it: behind a number, between two words with capitals ("Iran" in "Iran
  Air"), or without a space between them ("40" in "40%").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from corpus_tool.language.alignment import runs_of
from corpus_tool.language.alignment_tokens import is_word, same_form, tokens_of
from corpus_tool.language.alignment_words import Run

#: Words and code points that a stretch without its neighbours must have to be known by itself.
_OWN_WORDS, _OWN_LENGTH = 2, 6

#: Signs that set words apart, as ``same_form`` writes them; a hyphen, a percent sign or a currency sign does not.
_APART = frozenset(".,;:!?…()[]{}\"'—–¿¡。，、！？；：「」『』（）/")


class Doubt(StrEnum):
    """Why a stretch could not be placed."""

    GONE = "gone"
    CHANGED = "changed"
    UNSURE = "unsure"
    BESIDE = "beside"


class Place(NamedTuple):
    """Where a stretch stands in the new text.

    Attributes:
        start: its first code point.
        end: the end, exclusive.
        moved: whether it went along with a line or sentence to another place.
        beside: whether another word or sign stands beside it now.
    """

    start: int
    end: int
    moved: bool = False
    beside: bool = False


class _Side(StrEnum):
    """What stands beside a stretch in the new text, at one of its ends."""

    SAME = "same"  # what stood there in the old text
    APART = "apart"  # the end of a line or a sign that sets words apart; or the stretch itself ends with a sign
    WORD = "word"  # another word, which cannot belong to it
    JOINED = "joined"  # something that may belong to it


class _Ranges:
    """Runs by where they begin on one side, to find those over a place."""

    def __init__(self, runs: Iterable[tuple[int, Run]]) -> None:
        self._runs = sorted(runs)
        self._starts = [start for start, _ in self._runs]
        self._reach = list(accumulate((start + run.size for start, run in self._runs), max))

    def touching(self, first: int, last: int) -> Iterator[tuple[int, Run]]:
        """The runs that share a token with ``first`` to ``last`` (exclusive), each with its start."""
        at = bisect_left(self._starts, last) - 1
        while at >= 0 and self._reach[at] > first:
            start, run = self._runs[at]
            if start + run.size > first:
                yield start, run
            at -= 1

    def holding(self, first: int, last: int) -> list[Run]:
        """The runs that hold all tokens from ``first`` to ``last`` (exclusive)."""
        return [run for start, run in self.touching(first, last) if start <= first and last <= start + run.size]


class Alignment:
    """Two states of a text, ready to place stretches of the old one in the new one.

    Args:
        old: the old text.
        new: the new text.
    """

    def __init__(self, old: str, new: str) -> None:
        self._is_same = old == new
        self._old, self._new = tokens_of(old), tokens_of(new)
        runs = [] if self._is_same else runs_of(self._old, self._new)
        self._by_old = _Ranges((run.old, run) for run in runs)
        self._by_new = _Ranges((run.new, run) for run in runs)

    def place(self, start: int, end: int) -> Place | Doubt:
        """Where a stretch of the old text (code points, end exclusive) stands in the new one, or why it is in doubt."""
        if self._is_same:
            return Place(start, end)
        first, last = self._old.covering(start, end)
        if start >= end or first >= last:
            return Doubt.UNSURE
        runs = self._by_old.holding(first, last)
        run = next((run for run in runs if run.sure), None)
        if run is None:
            return self._doubt(first, last)
        shift = run.new - run.old
        for token in (first, last - 1):
            runs += self._by_old.holding(token, token + 1)
            runs += self._by_new.holding(token + shift, token + shift + 1)
        if any(other.new - other.old != shift for other in runs):
            return Doubt.UNSURE
        at, to = self._counterpart(start, first, shift), self._counterpart(end, last - 1, shift)
        if at is None or to is None or not _says_the_same(self._old.text[start:end], self._new.text[at:to]):
            return Doubt.CHANGED
        sides = (self._left(first, shift, run), self._right(last - 1, shift, run))
        if _Side.JOINED in sides or (_Side.SAME not in sides and not self._is_known_by_itself(first, last)):
            return Doubt.BESIDE
        return Place(at, to, run.moved, any(side is not _Side.SAME for side in sides))

    def _doubt(self, first: int, last: int) -> Doubt:
        """Why no run explains a stretch of tokens."""
        if self._new.occurrences(self._old.keys[first:last]):
            return Doubt.UNSURE
        return Doubt.CHANGED if any(run.sure for _, run in self._by_old.touching(first, last)) else Doubt.GONE

    def _counterpart(self, at: int, token: int, shift: int) -> int | None:
        """The new place of a code point at, in or beside a token; None where other characters stand there."""
        old, new = self._old, self._new
        start, end = old.starts[token], old.ends[token]
        new_start, new_end = new.starts[token + shift], new.ends[token + shift]
        if at <= start:
            found = new_start - (start - at)
            return found if found >= 0 and new.text.startswith(old.text[at:start], found) else None
        if at >= end:
            return new_end + (at - end) if new.text.startswith(old.text[end:at], new_end) else None
        return new_start + (at - start) if old.text[start:end] == new.text[new_start:new_end] else None

    def _left(self, token: int, shift: int, run: Run) -> _Side:
        old, new = self._old, self._new
        if token > run.old or (token in old.line_starts and token + shift in new.line_starts):
            return _Side.SAME
        if token + shift in new.line_starts or not is_word(old.keys[token]):
            return _Side.APART
        other = new.keys[token + shift - 1]
        is_glued = new.ends[token + shift - 1] == new.starts[token + shift]
        if not is_word(other):
            return _Side.APART if other in _APART else _Side.JOINED if is_glued else _Side.WORD
        is_number = _has_digit(old.keys[token]) and _has_digit(other)
        return _Side.JOINED if is_glued or is_number or _are_capital(other, old.keys[token]) else _Side.WORD

    def _right(self, token: int, shift: int, run: Run) -> _Side:
        old, new = self._old, self._new
        if token + 1 < run.old + run.size or (token + 1 in old.line_starts and token + shift + 1 in new.line_starts):
            return _Side.SAME
        if token + shift + 1 in new.line_starts or not is_word(old.keys[token]):
            return _Side.APART
        other = new.keys[token + shift + 1]
        is_glued = new.ends[token + shift] == new.starts[token + shift + 1]
        if not is_word(other):
            return _Side.APART if other in _APART else _Side.JOINED if is_glued else _Side.WORD
        is_number = _has_digit(old.keys[token])
        return _Side.JOINED if is_glued or is_number or _are_capital(other, old.keys[token]) else _Side.WORD

    def _is_known_by_itself(self, first: int, last: int) -> bool:
        words = self._old.keys[first:last]
        if sum(map(is_word, words)) < _OWN_WORDS or sum(map(len, words)) < _OWN_LENGTH:
            return False
        return self._old.occurrences(words) == self._new.occurrences(words) == 1


def _says_the_same(old: str, new: str) -> bool:
    """Whether two stretches differ in white space and in the form of signs at most."""
    return old == new or same_form(old).split() == same_form(new).split()


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _are_capital(one: str, other: str) -> bool:
    return one[:1].isupper() and other[:1].isupper()
