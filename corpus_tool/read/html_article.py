"""Which parts of a page are the article: trafilatura's judgement, told in the page's own words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from corpus_tool.read.blocks import is_boilerplate, is_promo
from corpus_tool.read.html_parts import Part, ends_sentence, key_of

#: Kinds that are kept though trafilatura leaves their words out.
_BESIDE_THE_BODY = frozenset({"title", "deck", "byline", "dateline", "caption", "credit", "promo"})
#: What trafilatura calls blocks.
_BLOCKS = frozenset({"head", "p", "item", "quote", "cell", "code"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")

#: Letters and digits from which on words that stand in the extracted text are taken to be those words.
_LONG = 25
#: Part of the article's letters and digits that its container holds.
_MOST = 0.8
#: Part of the article above which a box that calls itself a promo or a newsletter is the article's own.
_TOO_MUCH = 0.3
#: Links' part of a paragraph of prose, of a quoted post of social media, and of a link with nothing around it.
_FEW_LINKS, _SOME_LINKS, _ALL_LINKS = 0.34, 0.67, 0.9


@dataclass(frozen=True)
class _Extracted:
    """A block as trafilatura gives it."""

    kind: str
    text: str
    key: str


def article_blocks(parts: Sequence[Part], body: Any, title: str | None) -> list[tuple[str, str]]:
    """The (kind, text) blocks of the article, in the page's order.

    Args:
        parts: the page's parts.
        body: what trafilatura extracted from the page.
        title: the title that the page's metadata give, for a page that does not show one.
    """
    extracted = list(_extracted(body))
    taken, found = _taken(parts, extracted)
    body_box = _container(parts, taken)
    noise = _noise(parts, taken)
    link_lists = _link_lists(parts)
    first, last = min(taken, default=0), max(taken, default=-1)
    first = max((i for i in range(first) if parts[i].kind == "title"), default=first)
    arranged: list[tuple[str, str, int | None]] = []
    for i, part in enumerate(parts):
        boxed = next((kind for number, kind in part.boxed if number in noise), "")
        if i in taken:
            kind = _kind(part, boxed, extracted[taken[i]].kind, part.boxes[-2:-1] in link_lists)
            arranged.append((_by_words(kind, part.text), part.text, taken[i]))
        elif part.kind in _BESIDE_THE_BODY:
            if part.inside and not part.outside:
                arranged.append((part.kind, part.text, None))
        elif first < i < last and body_box in part.boxes and not boxed:
            kind = "paragraph" if _is_prose(part) else "promo" if _is_link(part) and not part.kind else ""
            if kind:
                arranged.append((_by_words(kind, part.text), part.text, None))
    missing = [(_by_words(e.kind, e.text), e.text, i) for i, e in enumerate(extracted) if i not in found]
    return _no_last_headings(_one_title(_merge(arranged, missing), title))


def _extracted(body: Any) -> Iterator[_Extracted]:
    """Trafilatura's blocks in its order."""
    runs: list[tuple[Any, list[str]]] = []
    for owner, words in _pieces(body, None):
        if not runs or runs[-1][0] is not owner:
            runs.append((owner, []))
        runs[-1][1].append(words)
    for owner, pieces in runs:
        words = _BLANKS.sub(" ", "".join(pieces)).strip()
        key = key_of(words)
        if key and owner is not None:
            yield _Extracted("heading" if owner.tag == "head" else "paragraph", words, key)


def _pieces(element: Any, owner: Any) -> Iterator[tuple[Any, str]]:
    """The text below an element, piece by piece, each with the innermost block that holds it.

    A list item may hold words and a list: both are blocks.
    """
    stack: list[tuple[Any, Any, bool]] = [(element, owner, False)]
    while stack:
        node, above, done = stack.pop()
        if done:
            yield above, node.tail or ""
            continue
        own = node if node.tag in _BLOCKS else above
        if isinstance(node.tag, str):
            yield own, (" " if node.tag == "lb" else "") + (node.text or "")
            for child in reversed(node):
                stack += [(child, own, True), (child, own, False)]


def _taken(parts: Sequence[Part], extracted: Sequence[_Extracted]) -> tuple[dict[int, int], set[int]]:
    """The parts that trafilatura took, by their place in ``parts``; each with the place of its block in ``extracted``.

    Beside it, the places of all blocks that parts stand for: a row of a table is one part and a block for each cell.
    """
    taken: dict[int, int] = {}
    waiting: dict[str, list[int]] = defaultdict(list)
    for number, block in enumerate(extracted):
        waiting[block.key].append(number)
    for outside in (False, True):  # a menu may say what a heading says; the heading comes first
        for i, part in enumerate(parts):
            if part.outside == outside and waiting.get(part.key):
                taken[i] = waiting[part.key].pop(0)
    found = _take_pieces(parts, extracted, taken)
    _take_wider(parts, extracted, taken, found)
    return dict(sorted(taken.items())), found


def _take_pieces(parts: Sequence[Part], extracted: Sequence[_Extracted], taken: dict[int, int]) -> set[int]:
    """Takes parts that are pieces of an extracted block, or several of them: lines apart by ``<br>``, rows."""
    starts = [0, *accumulate(len(block.key) for block in extracted)]
    stream = "".join(block.key for block in extracted)
    covered = bytearray(len(stream))
    for number in taken.values():
        covered[starts[number] : starts[number + 1]] = b"\1" * len(extracted[number].key)
    at = 0
    for i, part in enumerate(parts):
        if i in taken:
            at = starts[taken[i] + 1]
            continue
        length = len(part.key)
        follows = i - 1 in taken and stream.startswith(part.key, at)
        found = at if follows else stream.find(part.key) if length >= _LONG else -1
        if found >= 0 and not covered[found]:
            taken[i] = bisect_right(starts, found) - 1
            covered[found : found + length] = b"\1" * length
            at = found + length
    whole = {n for n in range(len(extracted)) if 0 not in covered[starts[n] : starts[n + 1]]}
    return whole | set(taken.values())


def _take_wider(parts: Sequence[Part], extracted: Sequence[_Extracted], taken: dict[int, int], found: set[int]) -> None:
    """Takes parts of which trafilatura left some words out, such as those of a link."""
    for number, block in enumerate(extracted):
        if number in found or len(block.key) < _LONG:
            continue
        for i, part in enumerate(parts):
            if i not in taken and len(block.key) >= len(part.key) / 2 and block.key in part.key:
                taken[i] = number
                found.add(number)
                break


def _container(parts: Sequence[Part], taken: dict[int, int]) -> int:
    """The number of the innermost box that holds most of the article."""
    held: Counter[int] = Counter()
    depth: dict[int, int] = {0: 0}
    for i in taken:
        for level, number in enumerate(parts[i].boxes):
            held[number] += len(parts[i].key)
            depth[number] = level
    return max((n for n in held if held[n] >= _MOST * held[0]), key=depth.__getitem__, default=0)


def _noise(parts: Sequence[Part], taken: dict[int, int]) -> set[int]:
    """The boxes whose class says that they do not belong to the article, and that hold little of it."""
    held: Counter[int] = Counter()
    for i in taken:
        held.update(dict.fromkeys(parts[i].boxes, len(parts[i].key)))
    return {number for part in parts for number, _ in part.boxed if held[number] <= _TOO_MUCH * held[0]}


def _is_prose(part: Part) -> bool:
    """Whether a part between the article's paragraphs, which trafilatura left out, is one of them."""
    if part.outside or part.kind:
        return False
    if part.quoted:
        return part.linked <= _SOME_LINKS
    return ends_sentence(part.text) and part.linked <= _FEW_LINKS and len(part.key) >= 2 * _LONG


def _kind(part: Part, boxed: str, extracted: str, in_link_list: bool) -> str:
    """The kind of a part that trafilatura took: what the page says of it, else what is around it, else its links."""
    if part.kind not in ("", "heading"):
        return part.kind
    if boxed or in_link_list:
        return boxed or "promo"
    return "promo" if _is_link(part) else part.kind or extracted


def _is_link(part: Part) -> bool:
    """Whether a paragraph is nothing but a link, and no sentence: it leads to another article."""
    alone = part.tag in ("p", "div") and not part.outside
    return alone and part.linked >= _ALL_LINKS and not ends_sentence(part.text)


def _link_lists(parts: Sequence[Part]) -> set[tuple[int, ...]]:
    """The lists whose every item is a link and no sentence, each by the number of its box."""
    items = [part for part in parts if part.tag == "li"]
    prose = {part.boxes[-2:-1] for part in items if part.linked < _ALL_LINKS or ends_sentence(part.text)}
    return {part.boxes[-2:-1] for part in items} - prose


def _by_words(kind: str, text: str) -> str:
    if kind not in ("heading", "paragraph"):
        return kind
    if is_promo(text):
        return "promo"
    return "boilerplate" if is_boilerplate(text) else kind


def _merge(
    arranged: Sequence[tuple[str, str, int | None]], missing: Sequence[tuple[str, str, int]]
) -> list[tuple[str, str]]:
    """Puts each block that the page does not have in one element behind the extracted block before it."""
    behind: dict[int, list[tuple[str, str]]] = defaultdict(list)
    highest = list(accumulate((-1 if n is None else n for _, _, n in arranged), max))
    for kind, text, number in missing:
        # The first place from which on a later block stands; what is out of order in the page is not sorted.
        behind[bisect_left(highest, number)].append((kind, text))
    merged: list[tuple[str, str]] = []
    for i, (kind, text, _) in enumerate(arranged):
        merged += behind.get(i, [])
        merged.append((kind, text))
    return merged + behind.get(len(arranged), [])


def _one_title(blocks: list[tuple[str, str]], title: str | None) -> list[tuple[str, str]]:
    """Keeps the first title, without what repeats it; a page that shows none gets the title of its metadata."""
    first = next((text for kind, text in blocks if kind == "title"), None)
    if first is None:
        return [("title", title), *blocks] if title else blocks
    key, seen = key_of(first), False
    kept: list[tuple[str, str]] = []
    for kind, text in blocks:
        if kind in ("title", "heading", "paragraph") and key_of(text) == key:
            if kind == "title" and not seen:
                kept.append((kind, text))
                seen = True
        else:
            kept.append(("heading" if kind == "title" else kind, text))
    return kept


def _no_last_headings(blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A heading with no paragraph below it heads something that is not the article."""
    last = max((i for i, (kind, _) in enumerate(blocks) if kind == "paragraph"), default=len(blocks))
    return [("boilerplate" if kind == "heading" and i > last else kind, text) for i, (kind, text) in enumerate(blocks)]
