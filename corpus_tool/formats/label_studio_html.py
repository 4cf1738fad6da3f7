"""Labels on HTML: a page's text, and the places in it that a browser's selection names by paths and offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats.offsets import CODE_POINTS, UTF16, same_words, scale_of, to_code_points

#: Elements that a browser sets apart from what is around them.
_APART = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
#: Elements whose content is no text of the page.
_SILENT = frozenset({"head", "noscript", "script", "style", "template", "title"})


@dataclass(frozen=True)
class _Node:
    """A text node: its path, its characters, where it starts in the page's text and in the joined text nodes."""

    path: str
    text: str
    start: int
    joined: int


@dataclass(frozen=True)
class Page:
    """A page's text: its text nodes, with an empty line between what a browser sets apart.

    Attributes:
        text: the text.
        nodes: the text nodes in order.
    """

    text: str
    nodes: tuple[_Node, ...]

    def place(self, value: Mapping[str, Any], words: str | None) -> tuple[int, int] | None:
        """Where a region stands in ``text``, in code points; None where its value names no place.

        Of the ways to read a value (paths and offsets, or offsets into all text nodes, in code points or UTF-16 units)
        the first one counts under which its words stand there; the first that leads anywhere where none does.
        """
        places = [place for place in self._places(value) if place is not None]
        right = (
            p for p in places if words is not None and same_words(self.text[slice(*p)], words.replace("\\n", "\n"))
        )
        return next(right, places[0] if places else None)

    def _places(self, value: Mapping[str, Any]) -> Iterator[tuple[int, int] | None]:
        offsets = value.get("globalOffsets")
        for unit in (CODE_POINTS, UTF16):
            yield self._by_path(value, unit)
        if isinstance(offsets, dict):
            for unit in (CODE_POINTS, UTF16):
                yield self._by_offset(offsets.get("start"), offsets.get("end"), unit)
        for unit in (CODE_POINTS, UTF16):
            yield self._by_offset(value.get("start"), value.get("end"), unit)

    def _by_path(self, value: Mapping[str, Any], unit: str) -> tuple[int, int] | None:
        start = self._point(value.get("start"), value.get("startOffset"), unit)
        end = self._point(value.get("end"), value.get("endOffset"), unit)
        return None if start is None or end is None else (start, end)

    def _point(self, path: Any, offset: Any, unit: str) -> int | None:
        if not isinstance(path, str) or not isinstance(offset, int):
            return None
        wanted = _plain(path)
        node = next((n for n in self.nodes if n.path == wanted), None)
        if node is None:
            return None
        at = to_code_points(scale_of(node.text, unit), offset)
        return None if at is None else node.start + at

    def _by_offset(self, start: Any, end: Any, unit: str) -> tuple[int, int] | None:
        """By offsets into all text nodes one after the other."""
        if not isinstance(start, int) or not isinstance(end, int) or not self.nodes:
            return None
        joined = "".join(node.text for node in self.nodes)
        scale = scale_of(joined, unit)
        at, to = to_code_points(scale, start), to_code_points(scale, end)
        if at is None or to is None or not at < to:
            return None
        # the end belongs to the node of the last character, not to the one that begins behind it
        return self._moved(at), self._moved(to - 1) + 1

    def _moved(self, at: int) -> int:
        node = self.nodes[bisect_right([n.joined for n in self.nodes], at) - 1]
        return node.start + at - node.joined


def _plain(path: str) -> str:
    """A path as nodes here have it: in lower case, a number on every step, none of the document's own steps."""
    steps = [step if "[" in step else f"{step}[1]" for step in path.lower().strip("/").split("/") if step]
    while steps and steps[0] in ("html[1]", "body[1]"):
        steps = steps[1:]
    return "/".join(steps)


def page_of(html: str) -> Page:
    """The text of a page or a piece of one.

    Args:
        html: the HTML.
    """
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = lxml_html.document_fromstring(f"<html><body>{html}</body></html>".encode("utf-8", "replace"), parser=parser)
    bodies = root.xpath("//body")
    found = list(_text_nodes(bodies[0] if bodies else root, "", is_apart=True))
    parts: list[str] = []
    nodes: list[_Node] = []
    at, joined, breaks = 0, 0, False
    for path, text, is_break in found:
        breaks = breaks or is_break
        if not text:
            continue
        if breaks and parts and text.strip():
            parts.append("\n\n")
            at += 2
        breaks = breaks and not text.strip()
        nodes.append(_Node(path, text, at, joined))
        parts.append(text)
        at, joined = at + len(text), joined + len(text)
    return Page("".join(parts), tuple(nodes))


def _text_nodes(element: Any, path: str, *, is_apart: bool) -> Iterator[tuple[str, str, bool]]:
    """Path, text, and whether a break stands before it, for every text node; empty text for a break alone."""
    counts: dict[str, int] = {}
    yield "", "", is_apart
    pieces = [element.text, *(child.tail for child in element)]
    children = [None, *element]
    number = 0
    for child, tail in zip(children, pieces, strict=True):
        if child is not None:
            tag = child.tag if isinstance(child.tag, str) else ""
            counts[tag] = counts.get(tag, 0) + 1
            if tag == "br":
                yield "", "", True
            elif tag and tag not in _SILENT:
                step = f"{tag}[{counts[tag]}]"
                yield from _text_nodes(child, f"{path}/{step}".strip("/"), is_apart=tag in _APART)
        if tail:
            number += 1
            yield f"{path}/text()[{number}]".strip("/"), tail, False
    yield "", "", is_apart
