"""A web page as a tree, within limits: what no newsroom writes is refused before it can take minutes or gigabytes."""

from __future__ import annotations

import re
from typing import Any

from corpus_tool.read.faults import ReadError, fault

#: Elements of a page. News pages have some 2,000, live blogs some 10,000; for more the extractor may take minutes.
MAX_ELEMENTS = 30_000
#: How deep the elements may lie in each other. News pages have up to 60.
MAX_DEPTH = 200
#: Attributes of one element. News pages have up to 70; a parser compares each with all before it.
MAX_ATTRIBUTES = 500
#: Inline elements of one paragraph from which on they are dissolved: the extractor compares each with all before it.
_MOST_INLINE = 100

#: A tag with too many attributes. Every quantifier is possessive: no character of a tag is looked at twice.
_FULL_TAG = re.compile(
    r"<[a-zA-Z][^\s>/]*+(?:[\s/]++[^\s>=/\"'][^\s>=/]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+))?+)"
    rf"{{{MAX_ATTRIBUTES + 1}}}"
)
#: What a head may hold (HTML Living Standard, 13.2.6.4.4).
_IN_HEAD = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})
#: Inline elements, which trafilatura gives no meaning that is used here.
_INLINE = ("a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small", "span",
           "strike", "strong", "sub", "sup", "time", "tt", "u", "var")  # fmt: skip


def parse_page(page: str, path: str) -> Any:
    """The tree of a page, as ``lxml.html`` parses it: without comments, without anything fetched.

    Args:
        page: the page as text.
        path: what diagnostics call it.

    Raises:
        ReadError: it holds no HTML, too many elements, elements too deep in each other, or too many attributes.
    """
    from lxml import etree, html

    if _FULL_TAG.search(page):
        raise _too_large(path, f"an element has more than {MAX_ATTRIBUTES} attributes")
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        tree = html.document_fromstring(page.encode(), parser=parser)
    except etree.LxmlError as error:
        raise ReadError(fault("article-without-text", path, "no HTML was found in it")) from error
    depth = elements = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        elements += event == "start"
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise _too_large(path, f"its elements lie more than {MAX_DEPTH} deep in each other")
        if elements > MAX_ELEMENTS:
            raise _too_large(path, f"has more than {MAX_ELEMENTS:,} elements")
    _end_head(tree)
    return tree


def _end_head(tree: Any) -> None:
    """Moves what does not belong into ``<head>`` to the body, as browsers do.

    A page may leave out ``<body>``; libxml2 then takes an ``<article>`` for a part of the head.
    """
    from lxml import etree

    head = tree.find("head")
    first = next((i for i, child in enumerate(head) if child.tag not in _IN_HEAD), None) if head is not None else None
    if first is None:
        return
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    body[:0] = head[first:]


def thin_out(tree: Any) -> None:
    """Dissolves the inline elements of paragraphs that hold very many of them; their words stay."""
    crowded = [element for element in tree.iter() if len(element) > _MOST_INLINE]
    for element in crowded:
        if sum(child.tag in _INLINE for child in element) > _MOST_INLINE:
            _dissolve(element)


def _dissolve(element: Any) -> None:
    """Turns the inline children of an element into its own text, each run of words into one piece of it."""
    words: list[list[str]] = [[element.text or ""]]
    kept = []
    for child in element:
        if child.tag in _INLINE:
            words[-1] += [*child.itertext(), child.tail or ""]
        else:
            kept.append(child)
            words.append([child.tail or ""])
    del element[:]
    element.text = "".join(words[0])
    for child, behind in zip(kept, words[1:], strict=True):
        child.tail = "".join(behind)
        element.append(child)


def _too_large(path: str, what: str) -> ReadError:
    return ReadError(fault("article-too-large", path, what))
