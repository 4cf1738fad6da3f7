"""A text as tokens that can be compared with those of another state of the text."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import regex

from corpus_tool.language.sentences import sentence_bounds
from corpus_tool.language.shingles import WITHOUT_SPACES

_ALONE = "".join(f"\\U{start:08x}-\\U{end - 1:08x}" for start, end in WITHOUT_SPACES)

#: A character of a script without spaces, a word, or any one other sign, each with its marks. Hyphens and apostrophes
#: join words, separators join digits: "Iran-backed", "don't" and "1,200.5" are a token each, "’s" is none of a name.
_TOKEN = regex.compile(
    rf"(?V1)[{_ALONE}]\p{{M}}*+"
    rf"|[\w--[{_ALONE}]]++(?:(?:[-\u2010\u2011]|['’](?!s\b)|(?<=\d)[.,:](?=\d))[\w--[{_ALONE}]]++)*+"
    r"|[^\s\w]\p{M}*+"
)

_PARAGRAPH_BREAK = regex.compile(r"\n\s*\n")

#: Marks that writers, keyboards and content systems put in each other's place; the newsroom's word is the same.
_QUOTATION_MARKS = str.maketrans({**dict.fromkeys("“”„‟＂«»", '"'), **dict.fromkeys("‘’‚‛‹›`", "'")})


@dataclass(frozen=True)
class Tokens:
    """The tokens of a text; white space stands between them.

    Attributes:
        text: the text.
        starts: where each token begins, in code points.
        ends: where each ends.
        keys: what each is compared by: its characters, composed (NFC), with one form for quotation marks.
    """

    text: str
    starts: list[int]
    ends: list[int]
    keys: list[str]

    def __len__(self) -> int:
        return len(self.keys)

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the tokens that a stretch of code points touches, end exclusive."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """The lines that hold tokens, as (first token, end)."""
        breaks = [match.start() for match in regex.finditer("\n", self.text)]
        return self._between([bisect_left(self.starts, at) for at in breaks])

    @cached_property
    def line_starts(self) -> frozenset[int]:
        """The tokens that begin a line, and the number behind the last token."""
        return frozenset({len(self), *(start for start, _ in self.lines)})

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The sentences, as (first token, end). Lines that were only wrapped belong together."""
        cuts = []
        start = 0
        for end in (*(match.start() for match in _PARAGRAPH_BREAK.finditer(self.text)), len(self.text)):
            cuts += [bisect_left(self.starts, start + to) for _, to in sentence_bounds(self.text[start:end])]
            start = end
        return self._between(cuts)

    def _between(self, cuts: list[int]) -> list[tuple[int, int]]:
        edges = sorted({0, *cuts, len(self)})
        return list(pairwise(edges))

    @cached_property
    def _joined(self) -> str:
        return "\0" + "\0".join(self.keys) + "\0"

    def occurrences(self, keys: list[str]) -> int:
        """How often tokens with these keys stand one after the other, counted without overlaps."""
        return self._joined.count("\0" + "\0".join(keys) + "\0")


def tokens_of(text: str) -> Tokens:
    """The tokens of a text, in time linear in its length."""
    starts, ends, keys = [], [], []
    for match in _TOKEN.finditer(text):
        starts.append(match.start())
        ends.append(match.end())
        keys.append(same_form(match.group()))
    return Tokens(text, starts, ends, keys)


def same_form(words: str) -> str:
    """Words as they are compared: composed, with one form for quotation marks; white space is left as it is."""
    return words if words.isascii() else unicodedata.normalize("NFC", words).translate(_QUOTATION_MARKS)


def is_word(key: str) -> bool:
    """Whether a token is a word or a number, not a sign."""
    return key[:1].isalnum() or key[:1] == "_"
