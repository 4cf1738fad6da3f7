"""Words and the space between them: what formats of tokens need on their way out and in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import quote

from corpus_tool.formats.fit import without_spans
from corpus_tool.formats.foreign import ForeignDocument, Pieces, Scalar
from corpus_tool.formats.ledger import Lost
from corpus_tool.language.tokens import token_spans

#: (start, end) of words in code points, in order and apart.
Words = Sequence[tuple[int, int]]

#: How UDPipe writes white space in CoNLL-U, as ``SpacesAfter=\\s\\n``.
_ESCAPES = {"\\": "\\\\", " ": "\\s", "\t": "\\t", "\r": "\\r", "\n": "\\n", "|": "\\p"}
_UNESCAPED = {escape[1]: plain for plain, escape in _ESCAPES.items()}

#: What stands before the name of a fact about the article in a comment, as GUM has it.
META = "meta::"


class Unit(NamedTuple):
    """A run of words that a format holds together: a sentence, or a line."""

    words: Words

    @property
    def start(self) -> int:
        """Where its first word starts, in code points."""
        return self.words[0][0]

    @property
    def end(self) -> int:
        """Where its last word ends, in code points."""
        return self.words[-1][1]


def lines_of_words(text: str) -> list[Unit]:
    """The lines of a text that hold words, each as its words."""
    units = []
    at = 0
    for line in text.split("\n"):
        words = token_spans(text, at, at + len(line))
        if words:
            units.append(Unit(words))
        at += len(line) + 1
    return units


def words_of(text: str) -> Words:
    """The words of a whole text."""
    return token_spans(text, 0, len(text))


def cut_words(words: Words, edges: Iterable[int]) -> Words:
    """Words that are cut wherever an edge stands inside one, so that spans begin and end with a word."""
    inner = sorted(set(edges))
    cut = []
    at = 0
    for start, end in words:
        while at < len(inner) and inner[at] <= start:
            at += 1
        while at < len(inner) and inner[at] < end:
            cut.append((start, inner[at]))
            start = inner[at]  # noqa: PLW2901  # what is left of the word
            at += 1
        cut.append((start, end))
    return cut


def without_cut_words(document: ForeignDocument, words: Words, lost: list[Lost]) -> ForeignDocument:
    """A document without the spans that begin or end inside a word."""
    starts, ends = {start for start, _ in words}, {end for _, end in words}
    cut = [s.id for s in document.spans if any(a not in starts or b not in ends for a, b in s.pieces)]
    return without_spans(document, cut, lost, "it begins or ends inside a word")


def escaped(space: str) -> str:
    """White space as UDPipe writes it."""
    return "".join(_ESCAPES.get(c, c) for c in space)


def unescaped(space: str) -> str:
    """What ``escaped`` wrote."""
    return re.sub(r"\\(.)", lambda found: _UNESCAPED.get(found[1], found[0]), space)


def percent(text: str, signs: str) -> str:
    """A text whose white space, control characters and some signs are written as URLs write them.

    ``urllib.parse.unquote`` reads it back.
    """
    hidden = {c for c in text if c in signs or c == "%" or c.isspace() or not c.isprintable()}
    return "".join(quote(c, safe="") if c in hidden else c for c in text)


class Line(NamedTuple):
    """A line of a file with its number, from 1."""

    number: int
    text: str


def paragraphs_of_lines(text: str) -> Iterator[list[Line]]:
    """The runs of lines between blank ones. Only LF and CR LF end a line: others may stand in words."""
    held: list[Line] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        own = line.removesuffix("\r")
        if own.strip(" \t"):
            held.append(Line(number, own))
        elif held:
            yield held
            held = []
    if held:
        yield held


class Placed(NamedTuple):
    """Words in a text of their own.

    Attributes:
        text: the text.
        words: where they stand in it, in code points.
        is_told: False where the text was said and is not that of the words, which then stand with spaces.
    """

    text: str
    words: list[tuple[int, int]]
    is_told: bool = True


def placed(forms: Sequence[str], text: str | None, after: Sequence[str] = ()) -> Placed:
    """The words of a sentence in their text.

    Args:
        forms: the words.
        text: the text as the file says it, None where it does not.
        after: what stands behind each word where no text says it; one blank without.
    """
    found = _found(forms, text) if text is not None else None
    if found is not None and text is not None:
        return Placed(text, found)
    parts: list[str] = []
    words = []
    at = 0
    for number, form in enumerate(forms):
        space = after[number] if number < len(after) else " "
        words.append((at, at + len(form)))
        parts += [form, space]
        at += len(form) + len(space)
    return Placed("".join(parts[:-1]), words, is_told=text is None)


def _found(forms: Sequence[str], text: str) -> list[tuple[int, int]] | None:
    words = []
    at = 0
    for form in forms:
        while not text.startswith(form, at) and at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(form, at):
            return None
        words.append((at, at + len(form)))
        at += len(form)
    return words if not text[at:].strip() else None


def meta_comments(meta: Mapping[str, Scalar | tuple[str, ...]]) -> list[str]:
    """What is known of an article as comments: ``# meta::url = https://…``; ``meta_of_comment`` reads them."""
    return [f"# {META}{percent(key, '=')} = {_value(value)}" for key, value in meta.items()]


def meta_value(raw: str) -> Scalar | tuple[str, ...]:
    """The value of a comment: JSON where it is a string, a number, a boolean or a list of strings, else as it is."""
    try:
        value: Any = json.loads(raw, parse_constant=str)
    except (ValueError, RecursionError):
        return raw
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return value if isinstance(value, str | int | float | bool) else raw


def _value(value: Scalar | tuple[str, ...]) -> str:
    if isinstance(value, str) and meta_value(value) == value and value == " ".join(value.split()):
        return value
    # the escapes of JSON for all that is not ASCII would hide the words; line ends are escaped in any case
    return _plain(json.dumps(value, ensure_ascii=False))


def _plain(text: str) -> str:
    """Without the line ends that are none to JSON."""
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


class Token(NamedTuple):
    """A word or a run of white space as spaCy has it; ``spaced`` says whether one blank follows, which is no token."""

    start: int
    end: int
    spaced: bool


def tokens_and_spaces(text: str, words: Words) -> list[Token]:
    """The words of a text and the white space between them, as spaCy has it: together they are the whole text.

    One blank behind a word belongs to it; other white space is a token of its own.
    """
    tokens: list[Token] = []
    at = 0
    for start, end in [*words, (len(text), len(text))]:
        if at < start and text[at] == " " and tokens:
            tokens[-1] = tokens[-1]._replace(spaced=True)
            at += 1
        if at < start:
            tokens.append(Token(at, start, spaced=False))
        if start < end:
            tokens.append(Token(start, end, spaced=False))
        at = end
    return tokens


def pieces_of(raw: Any, start: int, end: int) -> Pieces:
    """The pieces of a span as JSON keeps them beside it, as long as nobody has moved the span: else it is whole."""
    try:
        own = tuple((int(one), int(other)) for one, other in raw)
    except (TypeError, ValueError):
        return ((start, end),)
    edges = [at for piece in own for at in piece]
    is_unmoved = len(own) > 1 and (edges[0], edges[-1]) == (start, end) and all(a < b for a, b in pairwise(edges))
    return own if is_unmoved else ((start, end),)
