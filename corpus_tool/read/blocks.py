"""Blocks of a plain-text article: what is title, deck, caption, credit, heading, paragraph, promo or boilerplate.

Text copied from a news page has no mark-up left, so a block is told by its words, its length, its end, and its
neighbours. The rules were written from how news pages are built; none looks at a publisher's name alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from corpus_tool.model import Block

_PROMO = re.compile(
    r"(?:READ|SEE|WATCH|LISTEN|RELATED|EXPLAINER|ALSO READ|MORE)\b(?:[ \xa0]+(?:MORE|ALSO|NEXT|ON|HERE))?"
    r"[ \xa0]*[:>»|]"
    r"|(?:Read|See|Watch|Related|Also read)(?: (?:more|also|next|stories|articles|coverage))?[ \xa0]*[:>»|]"
    r"|(?:READ|SEE|WATCH) (?:MORE|ALSO)\b|Read (?:the (?:rest|full story)|more) (?:here|on|at|about)\b"
    r"|(?:Click|Tap) here\b"
)
_BOILERPLATE = re.compile(
    r"(?:share (?:this|on)|sign up|subscribe|follow us|advertisement|all rights reserved|copyright\b|©"
    r"|\(c\) \d{4}|comments?$|newsletter|download (?:our|the) app|support (?:our|independent) journalism"
    r"|most (?:read|popular)|tags?:|topics?:|print this|email this"
    r"|this (?:article|story) (?:was|has been) (?:first |originally )?(?:published|updated|amended))",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:photo(?:graph)?s?|picture|image|illustration|credit|pic|video)s?(?: credit)?(?::| by\b| courtesy\b)|©|\(c\)"
    r"|.*\b(?:reuters|getty(?: images)?|afp|ap photo|epa|epa-efe|shutterstock|alamy|xinhua|anadolu|dpa|pa media)$"
    r"|.*(?:/| via )(?:ap|afp|reuters|getty images|epa|pool|handout)\)?$",
    re.IGNORECASE,
)
#: A letter that may begin a name: Å and 王 do, a to z do not.
_CAPITAL = r"[^\W\d_a-z]"
_BYLINE = re.compile(
    rf"(?:By|BY|Written by|Reporting by|Words by)[ \xa0]+(?:{_CAPITAL}[\w.'’-]+)"
    rf"(?:[ \xa0,]+(?:and |in |for |the )*{_CAPITAL}[\w.'’-]+){{0,8}}$"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATELINE = re.compile(
    rf"(?:(?:first )?published|updated|posted|last (?:updated|modified))?:?\s*(?:on |at )?(?:[a-z]+day,? )?"
    rf"(?:\d{{1,2}} {_MONTH}\.? \d{{4}}|{_MONTH}\.? \d{{1,2}},? \d{{4}}|\d{{4}}-\d\d-\d\d)"
    r"(?:[ ,|·T–-]*(?:at )?\d{1,2}[:.]\d\d.{0,20})?\.?$",
    re.IGNORECASE,
)
_FILE_PHOTO = re.compile(
    r"(?:caption|photo|file photo|in this (?:file )?(?:photo|picture|image))\b.{0,30}[:,]|\(file", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?…:;,。！？：；，、؟؛،।][\"'”’»)\]」』）]*$")
_SENTENCE_BREAK = re.compile(rf"[.!?؟।][\"”’»)]*\s+[\"“‘«(]?(?:{_CAPITAL}|\d)|[。！？][”’」』）]*(?=\w)")
_CITY_DASH = re.compile(r"[A-Z][A-Z’'` .-]+\b.{0,40}?(?:\([A-Za-z ]+\)[ \xa0]*)?[ \xa0][—–―_-]+[ \xa0]")
_OPENING = "\"“‘'«"
#: In script that sets no spaces, two characters make up about a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{1,2}|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")

#: Words of the longest title, heading, deck and credit line that occur on news pages, with some room.
_TITLE_WORDS, _HEADING_WORDS, _DECK_WORDS, _CREDIT_WORDS = 28, 10, 45, 7

#: The last block, counted from 0, where the picture over an article and its credit are looked for.
_TOP = 4

#: Characters of the longest line of hard-wrapped text.
_WRAP_WIDTH = 100


@dataclass(frozen=True)
class _Line:
    """One line or one joined run of wrapped lines, without edge white space; offsets in code points."""

    start: int
    end: int
    text: str
    own_chunk: bool  # blank lines before and after
    last_of_chunk: bool

    @cached_property
    def words(self) -> int:
        return len(_WORD.findall(self.text))

    @property
    def sentence(self) -> bool:
        return bool(_SENTENCE_END.search(self.text))


def find_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a plain-text article, each with its kind, in order; white space at their edges is left out.

    A blank line ends a block. A single line break ends one too, unless the text is hard-wrapped: then it does so only
    before an indented line.
    """
    lines = _lines(text)
    kinds = _kinds(lines)
    return tuple(Block(start=line.start, end=line.end, kind=kind) for line, kind in zip(lines, kinds, strict=True))


def is_promo(text: str) -> bool:
    """Whether a block points to another article ("READ MORE: …")."""
    return _PROMO.match(text) is not None


def is_boilerplate(text: str) -> bool:
    """Whether a short block belongs to the page and not to the article ("Share this article")."""
    return _BOILERPLATE.match(text) is not None and len(_WORD.findall(text)) <= 40


def _lines(text: str) -> list[_Line]:
    rows = [(m.start(), m.group()) for m in re.finditer(r"[^\n]+|(?<=\n)(?=\n)", text)]
    wrapped = _is_wrapped(text)
    chunks: list[list[tuple[int, int]]] = [[]]
    for start, row in rows:
        stripped = row.strip()
        if not stripped:
            chunks.append([])
            continue
        begin = start + len(row) - len(row.lstrip())
        end = begin + len(stripped)
        indented = row.startswith(("\t", "   ")) and bool(chunks[-1])
        if wrapped and chunks[-1] and not indented:
            chunks[-1][-1] = (chunks[-1][-1][0], end)
        else:
            chunks[-1].append((begin, end))
    return [
        _Line(start, end, text[start:end], len(chunk) == 1, i == len(chunk) - 1)
        for chunk in chunks
        for i, (start, end) in enumerate(chunk)
    ]


def _is_wrapped(text: str) -> bool:
    """Whether line breaks stand in mid-sentence, as in text that was wrapped at a width."""
    rows = [row.rstrip() for row in text.split("\n")]
    breaks = [row for row, below in pairwise(rows) if row and below and not below[0].isspace()]
    if len(breaks) < 3:
        return False
    inside = sum(len(row) <= _WRAP_WIDTH and not _SENTENCE_END.search(row) for row in breaks)
    return inside >= 0.6 * len(breaks) and max(map(len, breaks)) <= _WRAP_WIDTH


def _kinds(lines: Sequence[_Line]) -> list[str]:
    repeated = {text for text, n in Counter(line.text for line in lines if line.words >= 5).items() if n > 1}
    kinds: list[str] = []
    last_prose = next((i for i in range(len(lines) - 1, -1, -1) if _is_prose(lines[i])), -1)
    for i, line in enumerate(lines):
        kinds.append(_kind(i, line, lines, kinds, repeated, last_prose))
    return kinds


def _kind(
    i: int, line: _Line, lines: Sequence[_Line], before: Sequence[str], repeated: set[str], last_prose: int
) -> str:
    following = lines[i + 1] if i + 1 < len(lines) else None
    if is_promo(line.text):
        return "promo"
    if is_boilerplate(line.text):
        return "boilerplate"
    if _BYLINE.match(line.text):
        return "byline"
    if line.words <= 14 and _DATELINE.match(line.text):
        return "dateline"
    if i and _is_credit(i, lines, before[-1]):
        return "credit"
    if i and _is_caption(i, lines, repeated):
        return "caption"
    if i == 0:
        return "title" if following and _is_title(line) else "paragraph"
    if _is_deck(i, line, lines, before):
        return "deck"
    if line.words <= _HEADING_WORDS and not line.sentence:
        return "heading" if i < last_prose else "boilerplate"
    return "paragraph"


def _is_prose(line: _Line) -> bool:
    return line.sentence and not is_promo(line.text) and not is_boilerplate(line.text)


def _is_title(line: _Line) -> bool:
    return line.words <= _TITLE_WORDS and not _SENTENCE_BREAK.search(line.text)


def _is_credit(i: int, lines: Sequence[_Line], kind_above: str = "") -> bool:
    """Whether line ``i`` names who took the picture: by its words, or as a name right under a caption."""
    line, above = lines[i], lines[i - 1]
    if line.words > _CREDIT_WORDS or line.sentence:
        return False
    if _CREDIT.match(line.text):
        return True
    if i + 1 >= len(lines) or not _is_all_names(line.text) or _BYLINE.match(line.text) or _DATELINE.match(line.text):
        return False
    under_a_caption = kind_above == "caption" or (
        4 <= above.words <= _DECK_WORDS and not _SENTENCE_BREAK.search(above.text)
    )
    if not line.own_chunk:
        return line.last_of_chunk and above.text[0] not in _OPENING and (above.sentence or under_a_caption)
    return 2 <= i <= _TOP and under_a_caption


def _is_all_names(text: str) -> bool:
    words = re.findall(r"[^\W\d_][\w'’.-]*", text)
    return len(words) >= 1 and all(
        word[0].isupper() or word in {"and", "of", "for", "de", "van", "von"} for word in words
    )


def _is_caption(i: int, lines: Sequence[_Line], repeated: set[str]) -> bool:
    line = lines[i]
    if (line.text in repeated and any(above.text == line.text for above in lines[:_TOP])) or _FILE_PHOTO.match(
        line.text
    ):
        return True
    return line.words <= _DECK_WORDS and i + 1 < len(lines) and _is_credit(i + 1, lines)


def _is_deck(i: int, line: _Line, lines: Sequence[_Line], before: Sequence[str]) -> bool:
    """A single sentence under the title: before the caption, or told again by the first paragraph."""
    if any(kind not in {"title", "byline", "dateline"} for kind in before) or before[0] != "title":
        return False
    if line.words > _DECK_WORDS or _SENTENCE_BREAK.search(line.text) or i + 2 >= len(lines):
        return False
    following = lines[i + 1]
    if line.text[0].islower() or _CITY_DASH.match(line.text):
        return False
    if not line.sentence:
        return line.words > _HEADING_WORDS
    if _BYLINE.match(following.text) or _DATELINE.match(following.text) or _is_caption(i + 1, lines, set()):
        return True
    return _shared(line.text, following.text) >= 0.3


def _shared(one: str, other: str) -> float:
    """The part of the longer words of one text that stand in the other too, by their first five letters."""
    stems = {word[:5].lower() for word in _WORD.findall(one) if len(word) > 3}
    return len(stems & {word[:5].lower() for word in _WORD.findall(other)}) / max(1, len(stems))
