"""Quotation marks: which opening mark belongs to which closing mark, over paragraphs, and which have no partner.

A text is read block by block. A stretch that is still open where its block ends goes on in the next block when that
block begins with a continuation mark (an opening mark of the same kind), as the press sets quotes of several
paragraphs. Apostrophes ("it's", "workers’", "’90s") and primes (5'11") are not quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec

#: Marks of one family may close each other: what writers, keyboards and converters mix within one text.
DOUBLE = "double"
SINGLE = "single"
ANGLE = "angle"
CORNER = "corner"
WHITE_CORNER = "white corner"

#: One mark, '' or ``. The class of characters comes first: that lets the scanner skip what is in none of them.
_MARK = re.compile(r"[\"“”„‟＂«»‹›'’‘‚‛`「」『』](?:(?<=')'|(?<=`)`)?")
_OPENERS = {"“": DOUBLE, "„": DOUBLE, "‟": DOUBLE, "``": DOUBLE, "«": ANGLE, "‘": SINGLE, "‚": SINGLE, "‹": SINGLE,
            "「": CORNER, "『": WHITE_CORNER}  # fmt: skip
_CLOSERS = {"”": DOUBLE, "»": ANGLE, "’": SINGLE, "›": SINGLE, "」": CORNER, "』": WHITE_CORNER}
_EITHER = {'"': DOUBLE, "＂": DOUBLE, "''": DOUBLE, "'": SINGLE, "‛": SINGLE}
#: Stretches that are open at once; news nests two, and an unclosed mark must not make a long text slow.
_DEEPEST = 12

#: Marks behind an apostrophe-like one that are looked at for one that closes instead.
_NEAR = 40

#: Marks that double as apostrophes, or as the accent that stands in for one.
_APOSTROPHES = frozenset("'’‘‛")
_ELISIONS = re.compile(
    r"(?:\d0s|\d\d\b|tis\b|twas\b|em\b|n['’]|til\b|till\b|cause\b|bout\b|round\b|cuz\b|kay\b)", re.IGNORECASE
)
#: Behind a quotation that nobody closed: “We are done, said Lind.
_CUE = re.compile(r",\s(?:said|says|asked|added|wrote)\b")
#: After these an opening mark may stand without a space.
_BEFORE_OPENING = frozenset("([{<—–-/:|…*_\"“„«‘'`")
_AFTER_CLOSING = frozenset(")]}>—–-/:;,.!?|…*_\"”»’'")


class Mark(msgspec.Struct, frozen=True, order=True, gc=False):
    """One quotation mark: code points ``start`` to ``end`` of the text."""

    start: int
    end: int
    glyph: str


#: A mark as its block has it: whether it may open, whether it may close, its family.
_Read = tuple[Mark, bool, bool, str]


class Quoted(msgspec.Struct, frozen=True, gc=False):
    """A stretch in quotation marks, the marks included.

    Attributes:
        start: of the opening mark, in code points.
        end: behind the closing mark, in code points.
        opening: the opening mark.
        closing: the closing mark.
        continuations: the opening marks that later paragraphs of the same stretch begin with.
        depth: 0 for a stretch that lies in no other one.
    """

    start: int
    end: int
    opening: Mark
    closing: Mark
    continuations: tuple[Mark, ...] = ()
    depth: int = 0


class Pairing(NamedTuple):
    """The quoted stretches of a text, in order of their opening marks, and the marks without a partner."""

    quoted: tuple[Quoted, ...]
    unpaired: tuple[Mark, ...]


# What stands in plain marks, as a pattern. It says nothing that ``_read`` and the rules below do not say, for there is
# one way only to read it: an opening mark with space before it and words behind it, a closing mark with words before
# it, between the two no marks but apostrophes and stretches in single marks of the same kind.
_ANY = "\"“”„‟＂«»‹›'’‘‚‛`"
_LEFT = r"\s" + re.escape("".join(sorted(_BEFORE_OPENING)))
_RIGHT = r"\s" + re.escape("".join(sorted(_AFTER_CLOSING)))
_ELISION = f"(?i:{_ELISIONS.pattern})"
#: Behind a letter or mark it opens nothing, and where no single mark is open it closes nothing.
_APOSTROPHE = rf"(?:(?<=[^{_LEFT}])|(?=.{_ELISION}))(?:'(?!')|[’‘‛])"
_WITHIN_A_WORD = r"(?<=[^\W_])['’‘‛](?=[^\W_])"
_WORDS = rf"[^{_ANY}]*+(?:{_APOSTROPHE}[^{_ANY}]*+)*+"
_INNER_WORDS = rf"[^{_ANY}]*+(?:{_WITHIN_A_WORD}[^{_ANY}]*+)*+"
_SINGLE = rf"(?<![^{_LEFT}])‘(?!\s|{_ELISION}){_INNER_WORDS}(?<![{_LEFT}sS])’"
_NESTED = re.compile(_SINGLE)
_PLAIN = re.compile(
    rf"(?<![^{_LEFT}])“{_WORDS}(?:(?P<curly>)|(?P<nested>(?:{_SINGLE}{_WORDS})++))(?:(?<![{_LEFT}])”|”(?=[{_RIGHT}]|\Z))"
    rf"|(?<![^{_LEFT}])\"(?=[^{_RIGHT}]){_WORDS}(?<![{_LEFT}])\"(?=[{_RIGHT}]|\Z)(?P<straight>)|{_APOSTROPHE}",
    re.DOTALL,
)


@dataclass(slots=True)
class _Open:
    mark: Mark
    family: str
    continuations: list[Mark] = field(default_factory=list)


def pair_marks(text: str, blocks: Sequence[tuple[int, int]]) -> Pairing:
    """Pairs the quotation marks of a text.

    Args:
        text: the article's text.
        blocks: (start, end) of its content blocks in order, in code points; marks outside of them are not read.
    """
    quoted: list[Quoted] = []
    unpaired: list[Mark] = []
    stack: list[_Open] = []
    for start, end in blocks:
        if stack:
            marks = _carry_over(text, start, _marks(text, start, end, start), stack, unpaired)
        else:
            plain_to = _take_plain(text, start, end, quoted)
            marks = _marks(text, start, end, plain_to) if plain_to < end else []
        if not marks:
            continue
        last_closer = max((i for i, (_, _, closes, kind) in enumerate(marks) if closes and kind == SINGLE), default=-1)
        for at, (mark, opens, closes, family) in enumerate(marks):
            if opens and stack and _continues(text, mark, family, start, stack):
                stack[-1].continuations.append(mark)
                continue
            if closes and stack:
                plural = family == SINGLE and _later(marks, at, text)
                if _close(mark, opens, family, stack, quoted, unpaired, plural):
                    continue
            if opens and (family != SINGLE or at < last_closer):
                _open(mark, family, stack, unpaired)
            elif mark.glyph not in _APOSTROPHES and (opens or closes):
                unpaired.append(mark)
    unpaired.extend(o.mark for o in stack)
    return Pairing(_nested(quoted), tuple(sorted(unpaired)))


def _outermost_first(quoted: Quoted) -> tuple[int, int]:
    return quoted.start, -quoted.end


def _take_plain(text: str, start: int, end: int, quoted: list[Quoted]) -> int:
    """Adds the stretches of a block up to the first mark that is not plain, and says where that is: mostly the end."""
    at = start
    if start and not text[start - 1].isspace():
        return at
    while mark := _MARK.search(text, at, end):
        first = mark.start()
        plain = _PLAIN.match(text, first, end)
        if plain is None:
            return first
        at = plain.end()
        sort = plain.lastgroup
        if sort is None:
            continue  # an apostrophe
        if sort == "straight" and text[at - 2].isdigit():
            return first  # inches, perhaps
        quoted.append(_stretch(text, first, at))
        if sort == "nested":
            quoted += [_stretch(text, *match.span()) for match in _NESTED.finditer(text, first + 1, at - 1)]
    return end


def _stretch(text: str, start: int, end: int) -> Quoted:
    return Quoted(start, end, Mark(start, start + 1, text[start]), Mark(end - 1, end, text[end - 1]))


def _nested(quoted: Iterable[Quoted]) -> tuple[Quoted, ...]:
    """Quoted stretches in order, with the depth at which each lies in others."""
    around: list[int] = []
    ordered: list[Quoted] = []
    for q in sorted(quoted, key=_outermost_first):
        if around:
            around = [end for end in around if end >= q.end]
        ordered.append(msgspec.structs.replace(q, depth=len(around)) if around else q)
        around.append(q.end)
    return tuple(ordered)


def recovered(text: str, blocks: Sequence[tuple[int, int]], pairing: Pairing) -> tuple[Quoted, ...]:
    """The quoted stretches, and those that an opening mark begins and nothing closes, up to the end of their line.

    Args:
        text: the article's text.
        blocks: the blocks that ``pairing`` was made from, in code points.
        pairing: the result of ``pair_marks``.
    """
    found = list(pairing.quoted)
    for mark in pairing.unpaired:
        block = next(((s, e) for s, e in blocks if s <= mark.start < e), None)
        if block is None or mark.glyph in _APOSTROPHES or mark.glyph in _CLOSERS:
            continue
        before = text[block[0] : mark.start].rstrip()
        fresh = not before or before[-1] in '.!?:,…"”' or "\n" in text[len(before) + block[0] : mark.start]
        end = text.find("\n", mark.end, block[1])
        end = block[1] if end < 0 else end
        end = min([end, *(q.start for q in pairing.quoted if q.start > mark.start)])
        cue = _CUE.search(text, mark.end, end)
        end = cue.start() + 1 if cue else end
        while end > mark.end and text[end - 1].isspace():
            end -= 1
        apart = not any(q.start < end and mark.start < q.end for q in pairing.quoted)
        if fresh and apart and text[mark.end : mark.end + 1].isalnum() and text[end - 1] in ".!?…—–-,":
            found.append(Quoted(mark.start, end, mark, Mark(end, end, "")))
    return _nested(found)


def _marks(text: str, start: int, end: int, at: int) -> list[_Read]:
    """The marks of a block from ``at`` on: whether each may open and may close, and its family; no apostrophes."""
    found: list[_Read] = []
    for match in _MARK.finditer(text, at, end):
        at, behind = match.span()
        glyph = match[0]
        before = text[at - 1] if at > start else " "
        after = text[behind] if behind < end else " "
        read = _read(glyph, before, after)
        if read is None:
            continue
        opens, closes, family, doubt = read
        if doubt and (_ELISIONS.match(text, behind, end) if glyph in _APOSTROPHES else _is_prime(text, at, start)):
            continue
        found.append((Mark(at, behind, glyph), opens, closes, family))
    return found


@lru_cache(maxsize=8192)
def _read(glyph: str, before: str, after: str) -> tuple[bool, bool, str, bool] | None:
    """Whether a mark between two characters may open and may close, its family, and whether more has to be looked at.

    None for what is no quotation mark: an apostrophe within a word, an accent.
    """
    if glyph == "`":
        return None
    family = _OPENERS.get(glyph) or _CLOSERS.get(glyph) or _EITHER[glyph]
    left = before.isspace() or before in _BEFORE_OPENING
    right = after.isspace() or after in _AFTER_CLOSING
    if glyph in _APOSTROPHES:
        if before.isalnum() and after.isalnum():
            return None
        opens = left and not after.isspace() and glyph != "’"
        closes = not before.isspace() and glyph != "‘"
        return opens, closes, family, left  # perhaps an elision: ’90s
    if glyph in _OPENERS:
        # “ closes what „ opened, as German sets it.
        return True, glyph == "“" and right and not left, family, False
    if glyph in _CLOSERS:
        # ” opens in Swedish and Finnish, and by a slip of the keyboard.
        swedish = left and not right
        return swedish and glyph in "”»", not swedish or glyph in "»」』", family, False
    inches = glyph == '"' and before.isdigit() and right
    return not (right and not left), not (left and not right), family, inches


def _is_prime(text: str, at: int, start: int) -> bool:
    r"""Whether the mark at ``at`` stands for inches: 5'11\"."""
    return bool(re.search(r"\d['’′]\s?\d{1,2}$", text[max(start, at - 6) : at]))


def _carry_over(text: str, start: int, marks: list[_Read], stack: list[_Open], unpaired: list[Mark]) -> list[_Read]:
    """What is still open from the block before goes on here if this block begins with its mark; else it is unpaired."""
    while stack and stack[-1].family == SINGLE:
        unpaired.append(stack.pop().mark)
    if not stack:
        return marks
    first = marks[0] if marks else None
    if first and not text[start : first[0].start].strip() and first[1] and first[0].glyph == stack[0].mark.glyph:
        unpaired.extend(o.mark for o in stack[1:])
        del stack[1:]
        stack[0].continuations.append(first[0])
        return marks[1:]
    unpaired.extend(o.mark for o in stack)
    stack.clear()
    return marks


def _continues(text: str, mark: Mark, family: str, start: int, stack: Sequence[_Open]) -> bool:
    """Whether a mark at the start of a line within the block is a continuation mark of what is open."""
    if not stack or stack[-1].family != family or family == SINGLE or stack[-1].mark.glyph != mark.glyph:
        return False
    line = text[text.rfind("\n", start, mark.start) + 1 : mark.start]
    return not line.strip() and mark.start - len(line) > max(start, stack[-1].mark.end)


def _later(marks: Sequence[_Read], at: int, text: str) -> bool:
    """Whether the mark at ``at`` looks like the apostrophe of a plural and another mark can close instead."""
    mark, _, _, family = marks[at]
    if family != SINGLE or text[mark.start - 1 : mark.start] not in ("s", "S"):
        return False
    following = text[mark.end : mark.end + 2]
    if len(following) < 2 or not following[0].isspace() or not following[1].isalpha():
        return False
    for other, opens, closes, kind in islice(marks, at + 1, at + 1 + _NEAR):
        if kind != SINGLE:
            continue
        if opens and not closes:
            return False
        if closes and text[other.start - 1].lower() != "s":
            return True
    return False


def _open(mark: Mark, family: str, stack: list[_Open], unpaired: list[Mark]) -> None:
    if len(stack) == _DEEPEST:
        unpaired.append(stack.pop(0).mark)
    depth_of_family = [i for i, o in enumerate(stack) if o.family == family]
    if depth_of_family and mark.glyph in _EITHER and stack[depth_of_family[-1]].mark.glyph == mark.glyph:
        # A straight mark cannot nest in its own kind: the earlier one was never closed.
        unpaired.extend(o.mark for o in stack[depth_of_family[-1] :])
        del stack[depth_of_family[-1] :]
    stack.append(_Open(mark, family))


def _close(
    mark: Mark,
    opens: bool,
    family: str,
    stack: list[_Open],
    quoted: list[Quoted],
    unpaired: list[Mark],
    plural: bool,
) -> bool:
    """Closes the innermost open stretch of the mark's family; False where there is none, or an apostrophe is meant."""
    at = next((i for i in range(len(stack) - 1, -1, -1) if stack[i].family == family), None)
    if at is None:
        # “Text" and "text”: converters straighten one of two; single marks within stay their own family.
        return False
    if plural:
        return True
    if stack[at].mark.end == mark.start and opens:
        return False
    unpaired.extend(o.mark for o in stack[at + 1 :] if o.family != SINGLE or o.mark.glyph not in _APOSTROPHES)
    opened = stack[at]
    del stack[at:]
    quoted.append(Quoted(opened.mark.start, mark.end, opened.mark, mark, tuple(opened.continuations)))
    return True
