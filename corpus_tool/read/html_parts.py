"""The parts of a web page: runs of words as a browser would set them apart, each with what the page says about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.read.blocks import is_promo

#: Elements that a browser sets within a line (HTML Living Standard, 15.3); every other element begins a new one.
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "meter", "output", "q", "ruby", "rb", "rp", "rt", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "source", "audio", "video",
    "map", "area", "link", "meta",
})  # fmt: skip
#: Elements whose words a reader of the page does not see, or that are controls and not text.
_UNSEEN = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "head", "title", "iframe", "object", "embed",
    "applet", "canvas", "select", "textarea", "button", "input", "datalist", "dialog", "audio", "video", "map",
})  # fmt: skip
#: Elements around the article. Their words count only where the extractor says so.
_OUTSIDE = frozenset({"nav", "aside", "footer", "form", "menu"})
_OUTSIDE_ROLES = frozenset({"navigation", "complementary", "banner", "contentinfo", "search"})
#: Elements that hold blocks rather than a run of words: an inline byline in them stands for itself.
_BOXES = frozenset({"div", "header", "section", "article", "main", "figure", "address", "body", "hgroup", "footer"})
#: Elements whose line breaks are lay-out, not ends of lines.
_ONE_LINE = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "time"})
#: What an element says by its name alone.
_KINDS = {
    "h1": "title",
    "figcaption": "caption",
    "time": "dateline",
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), "heading"),
}
_HINTS = (
    ("byline", re.compile(r"\b(?:byline|author)", re.IGNORECASE)),
    ("dateline", re.compile(r"\b(?:dateline|timestamp|pub-?date|published)", re.IGNORECASE)),
    ("credit", re.compile(r"\b(?:credit|photographer|copyright)", re.IGNORECASE)),
    ("caption", re.compile(r"\bcaption", re.IGNORECASE)),
    ("deck", re.compile(r"\b(?:deck|dek|standfirst|subtitle|sub-?headline|strapline)", re.IGNORECASE)),
    ("promo", re.compile(r"\b(?:promo|read-?more|related|teaser)", re.IGNORECASE)),
)
#: What an element around several parts says of all of them.
_BOX_HINTS = (
    (
        "promo",
        re.compile(r"(?:^|[\s_-])(?:promo|read-?(?:more|next|also)|related|teaser|recommend|also-like)", re.IGNORECASE),
    ),
    (
        "boilerplate",
        re.compile(
            r"(?:^|[\s_-])(?:newsletter|subscri(?:be|ption)|sign-?up|share|sharing|social-(?!media-embed|embed)"
            r"|advert|ad-(?:slot|container|wrapper|unit)|sponsor|comments?(?:$|[\s_-])|cookie|breadcrumb|tag-?list)",
            re.IGNORECASE,
        ),
    ),
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text)?|tooltip|popover|hover-?card"
    r"|rollover-block)(?:\s|$)",
    re.IGNORECASE,
)
#: What stands for ``<br>`` and for the end of a table's cell while a run is gathered. No page holds a NUL here.
_BREAK, _CELL = "\0n", "\0t"
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SENTENCE_END = re.compile(r"[.!?…:;,。！？：；，、؟؛،।][\"'”’»)\]」』）]*$")

#: Code points at the end of words in which their last mark is looked for.
_LAST_MARKS = 20
#: Code points of the longest byline, caption credit or date line that a class name is believed for.
_SHORT = 300
#: Code points of a table's cell above which the cell is prose.
_LONG_CELL = 200
#: Part of a page's words that hidden elements may hold; above it the page hides its article until a script has run.
_MOST_HIDDEN = 0.5


@dataclass(frozen=True)
class Part:
    """A run of words of the page.

    Attributes:
        text: the words as the page has them; runs of ASCII white space are one space, no-break spaces stay.
        key: what two spellings of the same words share.
        kind: the kind of block that the page gives it; "" where it may be a paragraph.
        tag: the element that holds it.
        inside: whether it stands in the page's ``<article>`` or ``<main>``.
        outside: whether it stands in a menu, an aside, a footer or a form.
        quoted: whether it stands in a ``<blockquote>``, as posts of social media do.
        linked: the part of its letters and digits that are links, 0 to 1.
        boxes: numbers of the elements around it, outermost first.
        boxed: of these, the ones that promote or belong to the page by their class, each with that kind.
    """

    text: str
    key: str
    kind: str
    tag: str
    inside: bool
    outside: bool
    quoted: bool
    linked: float
    boxes: tuple[int, ...]
    boxed: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Box:
    """An element on the way down, with what the words below it inherit."""

    element: Any
    kind: str
    inside: bool
    outside: bool
    quoted: bool
    numbers: tuple[int, ...]
    boxed: tuple[tuple[int, str], ...]


@dataclass
class _Run:
    """Words that a browser would set in one line, as they come in, each with whether it is a link."""

    box: _Box
    pieces: list[tuple[str, bool]] = field(default_factory=list)


def key_of(text: str) -> str:
    """What two spellings of the same words share: composed characters, white space and marks of format left out."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def parts_of(tree: Any) -> list[Part]:
    """The parts of a page in its order.

    Args:
        tree: the page as ``lxml.html`` parses it.
    """
    return [part for run in _runs(tree) for part in _lines(run)]


def drop_hidden(tree: Any) -> None:
    """Takes out of a page what a browser does not show, unless that is most of the page: a script would show it."""
    found = [element for element in tree.iter() if isinstance(element.tag, str) and _is_hidden(element)]
    most = _MOST_HIDDEN * len("".join(tree.itertext()))
    for element in found:
        if element is not tree and len("".join(element.itertext())) < most:
            element.drop_tree()


def words_of(element: Any) -> str:
    """The text of an element with runs of ASCII white space folded to one space; no-break spaces stay."""
    return _folded("".join(element.itertext()))


def hint_of(element: Any) -> str:
    """The kind that class, id, itemprop or rel of an element name; "" for none."""
    marks = _marks(element)
    return next((kind for kind, pattern in _HINTS if pattern.search(marks)), "") if marks else ""


def _folded(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")


def _marks(element: Any) -> str:
    return " ".join(filter(None, map(element.get, ("class", "id", "itemprop", "rel"))))[:_SHORT]


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or _HIDDEN_STYLE.search((element.get("style") or "")[:_SHORT]) is not None
        or _HIDDEN_CLASS.search((element.get("class") or "")[:_SHORT]) is not None
    )


def _runs(tree: Any) -> Iterator[_Run]:
    """The runs of words of a page, in its order."""
    number = 0
    forms = _wrapping_forms(tree)
    box = _Box(tree, "", inside=False, outside=False, quoted=False, numbers=(0,), boxed=())
    run = _Run(box)
    # What is still to be read, last first: words with whether they are a link, an element, or the box that goes on.
    todo: list[tuple[Any, _Box, bool]] = [(tree, box, False)]
    while todo:
        what, box, linked = todo.pop()
        if isinstance(what, str):
            run.pieces.append((what, linked))
            continue
        if what is None:
            if run.pieces:
                yield run
            run = _Run(box)
            continue
        if not isinstance(what.tag, str) or what.tag in _UNSEEN:
            continue
        if what.tag == "br":
            run.pieces.append((_BREAK, linked))
            continue
        inner = box
        linked = linked or what.tag == "a"
        if what is not tree and (what.tag not in _INLINE or _stands_alone(what, box)):
            number += 1
            inner = _inner(what, box, number, outside=_is_outside(what) and what not in forms)
            todo.append((None, box, linked))
        row = _row(what) if what.tag == "tr" else ""
        if row:
            todo.append((row, inner, False))
        else:
            for child in reversed(what):
                if child.tail:
                    todo.append((child.tail, inner, linked))
                todo.append((child, inner, linked))
            if what.text:
                todo.append((what.text, inner, linked))
        if inner is not box:
            todo.append((None, inner, linked))
    if run.pieces:
        yield run


def _inner(element: Any, box: _Box, number: int, *, outside: bool) -> _Box:
    marks = _marks(element)
    boxed = next((kind for kind, pattern in _BOX_HINTS if pattern.search(marks)), "") if marks else ""
    return _Box(
        element,
        _own_kind(element) or box.kind,
        inside=box.inside or element.tag in ("article", "main"),
        outside=box.outside or outside,
        quoted=box.quoted or element.tag == "blockquote",
        numbers=(*box.numbers, number),
        boxed=(*box.boxed, (number, boxed)) if boxed else box.boxed,
    )


def _own_kind(element: Any) -> str:
    """The kind that tag and class of an element give its words; "" where they may be paragraphs."""
    if element.tag in _KINDS:
        return _KINDS[element.tag]
    hint = hint_of(element)
    if hint == "deck" or (hint and len(words_of(element)) < _SHORT):
        return hint
    return ""


def _is_outside(element: Any) -> bool:
    return element.tag in _OUTSIDE or element.get("role") in _OUTSIDE_ROLES


def _wrapping_forms(tree: Any) -> set[Any]:
    """The forms that hold most of a page: a few systems wrap all of it into one."""
    forms = list(tree.iter("form"))
    most = _MOST_HIDDEN * len("".join(tree.itertext())) if forms else 0
    return {form for form in forms if len("".join(form.itertext())) >= most}


def _stands_alone(element: Any, box: _Box) -> bool:
    """Whether an inline element is a byline, a date or a credit of its own, with no words of a sentence beside it."""
    kind = "dateline" if element.tag == "time" else hint_of(element)
    if kind not in ("byline", "dateline", "credit") or key_of(element.tail or ""):
        return False
    captioned = kind == "credit" and (box.element.tag == "figcaption" or hint_of(box.element) == "caption")
    if captioned:
        return element.getnext() is None
    before = element.getprevious()
    words = element.getparent().text if before is None else before.tail
    return box.element.tag in _BOXES and not key_of(words or "")


def _row(row: Any) -> str:
    """A row of a table as one line, cells apart by tabs; "" where its cells hold blocks, links or prose."""
    cells = [words_of(cell) for cell in row.iterchildren("td", "th")]
    if sum(map(bool, cells)) < 2 or max(map(len, cells)) > _LONG_CELL:
        return ""
    if any(isinstance(e.tag, str) and e.tag not in _INLINE for cell in row for e in cell.iterdescendants()):
        return ""
    return _CELL.join(cells)


def _lines(run: _Run) -> Iterator[Part]:
    """The parts of a run: one, or one a line where line breaks end sentences or items."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for words, linked in run.pieces:
        if words == _BREAK:
            lines.append([])
        else:
            lines[-1].append((words, linked))
    texts: list[str] = []
    pieces: list[tuple[str, bool]] = []
    for line in lines:
        text = _folded("".join(words for words, _ in line))
        if not text:
            continue
        if texts and not _goes_on(texts[-1], text, run.box):
            yield from _part(texts, pieces, run.box)
            texts, pieces = [], []
        texts.append(text)
        pieces += line
    yield from _part(texts, pieces, run.box)


def _goes_on(before: str, after: str, box: _Box) -> bool:
    """Whether a line break is lay-out: in a title or a caption, or in the middle of a sentence."""
    return box.element.tag in _ONE_LINE or (not ends_sentence(before) and after[0].islower())


def ends_sentence(text: str) -> bool:
    """Whether words end with a full stop or another mark that ends a sentence, before closing quotation marks."""
    return _SENTENCE_END.search(text[-_LAST_MARKS:]) is not None


def _part(texts: Sequence[str], pieces: Sequence[tuple[str, bool]], box: _Box) -> Iterator[Part]:
    text = " ".join(texts).replace(_CELL, "\t")
    key = key_of(text)
    if not key:
        return
    linked = len(key_of("".join(words for words, is_link in pieces if is_link)))
    yield Part(
        text=text,
        key=key,
        kind="promo" if is_promo(text) else box.kind,
        tag=box.element.tag,
        inside=box.inside,
        outside=box.outside,
        quoted=box.quoted,
        linked=linked / len(key),
        boxes=box.numbers,
        boxed=box.boxed,
    )
