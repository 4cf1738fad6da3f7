"""The text of a TEI document, and where its elements stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.foreign import ForeignBlock
from corpus_tool.formats.tei_mapping import MARKING
from corpus_tool.formats.tei_names import BLOCK, XML_ID, XML_SPACE, local

#: Elements whose content is text of its own: they stand apart from what is around them.
_BLOCKS = {
    "ab": "paragraph",
    "bibl": "paragraph",
    "byline": "byline",
    "cell": "paragraph",
    "closer": "paragraph",
    "dateline": "dateline",
    "docTitle": "title",
    "figDesc": "caption",
    "head": "heading",
    "item": "paragraph",
    "l": "paragraph",
    "opener": "paragraph",
    "p": "paragraph",
    "salute": "paragraph",
    "signed": "byline",
    "titlePart": "title",
    "trailer": "paragraph",
    "u": "paragraph",
}
#: Elements that hold elements and no text of their own.
_HOLDERS = frozenset({
    "text", "front", "body", "back", "div", "div1", "div2", "div3", "div4", "div5", "div6", "div7", "group",
    "floatingText", "lg", "list", "sp", "table", "row", "figure", "titlePage", "listBibl", "postscript", "epigraph",
    "argument",
})  # fmt: skip
#: Elements that are no part of the text as it reads.
_SILENT = frozenset({
    "listPerson", "listPlace", "listOrg", "listRelation", "standOff", "linkGrp", "fs", "fw", "teiHeader",
    "xenoData", "del", "sic", "orig", "abbr", "index",
})  # fmt: skip
_FOLDED = re.compile(r"[ \t\n\r]+")


@dataclass
class Marked:
    """An element with its place in the text, in code points; ``key`` is its xml:id, None where it has none."""

    element: Any
    start: int = 0
    end: int = 0
    key: str | None = None


@dataclass
class Flow:
    """A text as it is put together.

    Attributes:
        parts: its pieces.
        length: code points so far.
        marked: the elements that mark something, in the order of their starts.
        found: the blocks so far, in the order of their starts.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    marked: list[Marked] = field(default_factory=list)
    found: list[Marked] = field(default_factory=list)
    is_apart: bool = False  # what comes next stands in a block of its own
    has_gap: bool = False  # white space was passed over and has not been written
    waiting: list[Marked] = field(default_factory=list)  # what starts with the next character

    @property
    def text(self) -> str:
        """The text."""
        return "".join(self.parts)

    @property
    def blocks(self) -> tuple[ForeignBlock, ...] | None:
        """The blocks that hold words; the first heading is the title. None where the elements name none."""
        held = [ForeignBlock(m.start, m.end, _BLOCKS[local(m.element)]) for m in self.found if m.start < m.end]
        if held and held[0].kind == "heading":
            held[0] = held[0]._replace(kind="title")
        return tuple(held) or None

    def add(self, text: str, *, is_kept: bool) -> None:
        """Adds text as it is, or with its white space folded."""
        if is_kept:
            self._write(text)
            return
        for number, words in enumerate(_FOLDED.split(text)):
            self.has_gap = self.has_gap or number > 0
            if words:
                self._write(words)

    def break_line(self) -> None:
        """A line break within a block."""
        if self.parts and not self.is_apart:
            self.has_gap = False
            self.parts.append("\n")
            self.length += 1

    def set_apart(self) -> None:
        """What comes next does not go on with what is there."""
        self.is_apart, self.has_gap = True, False

    def start(self, element: Any) -> Marked:
        """What starts with the next character that is written."""
        marked = Marked(element, key=element.get(XML_ID))
        self.waiting.append(marked)
        return marked

    def end(self, marked: Marked) -> None:
        """Ends what has started; it is empty where nothing was written since."""
        marked.end = self.length
        if any(one is marked for one in self.waiting):
            self.waiting = [one for one in self.waiting if one is not marked]
            marked.start = self.length

    def _write(self, text: str) -> None:
        if not text:
            return
        between = "" if not self.parts else "\n\n" if self.is_apart else " " if self.has_gap else ""
        if between == " " and self.parts[-1].endswith("\n"):
            between = ""
        self.parts += [between, text]
        start = self.length + len(between)
        self.length = start + len(text)
        self.is_apart = self.has_gap = False
        for marked in self.waiting:
            marked.start = start
        self.waiting.clear()


def text_of(element: Any) -> Flow:
    """The text below an element, with what its elements mark."""
    flow = Flow()
    _walk(element, flow, is_kept=False, in_block=False)
    return flow


def _walk(element: Any, flow: Flow, *, is_kept: bool, in_block: bool) -> None:
    name = local(element)
    space = element.get(XML_SPACE)
    is_kept = space == "preserve" if space else is_kept
    is_block = name in _BLOCKS
    if is_block or name in _HOLDERS:
        flow.set_apart()
    elif name == "note" and not is_kept:
        flow.has_gap = True  # it stands right behind the word that it is about
    open_: list[Marked] = []
    if is_block and not in_block:
        open_.append(flow.start(element))
        flow.found += open_
    elif name in MARKING or element.get(XML_ID) is not None or element.get("type") == BLOCK:
        open_.append(flow.start(element))
        flow.marked += open_
    _content(element, name, flow, is_kept=is_kept, in_block=in_block or is_block)
    for marked in open_:
        flow.end(marked)
    if is_block or name in _HOLDERS:
        flow.set_apart()


def _content(element: Any, name: str, flow: Flow, *, is_kept: bool, in_block: bool) -> None:
    has_text = name not in _HOLDERS
    if has_text:
        flow.add(element.text or "", is_kept=is_kept)
    for child in element:
        inner = local(child)
        if inner == "lb":
            if child.get("break") != "no":
                flow.break_line()
        elif inner and inner not in _SILENT:
            _walk(child, flow, is_kept=is_kept, in_block=in_block)
        if has_text:
            flow.add(child.tail or "", is_kept=is_kept)
