"""Web pages: trafilatura says which words are the article, the page itself says what each block is.

Trafilatura folds white space and composes characters. Its blocks are therefore looked up in the page again, so that the
text keeps the page's own characters (a no-break space, a decomposed accent) and its captions, credits and promo lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tool.model import Block, Document, sha256_of
from corpus_tool.model.ids import document_id
from corpus_tool.read.blocks import is_boilerplate, is_promo
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import Raw, read_file, readable, refuse_half_characters
from corpus_tool.read.options import ReadOptions

_LEAF_TAGS = (
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figcaption",
    "li",
    "blockquote",
    "dd",
    "dt",
    "td",
    "th",
    "pre",
    "div",
    "time",
)
_INLINE_TAGS = ("span", "small", "cite")
_OUTSIDE = frozenset({"nav", "aside", "footer", "script", "style", "noscript", "form", "template", "svg"})
_HINTS = (
    ("byline", re.compile(r"\b(?:byline|author)", re.IGNORECASE)),
    ("dateline", re.compile(r"\b(?:dateline|timestamp|pub-?date|published)", re.IGNORECASE)),
    ("credit", re.compile(r"\b(?:credit|photographer|copyright)", re.IGNORECASE)),
    ("caption", re.compile(r"\bcaption", re.IGNORECASE)),
    ("deck", re.compile(r"\b(?:deck|dek|standfirst|subtitle|sub-?headline|strapline)", re.IGNORECASE)),
    ("promo", re.compile(r"\b(?:promo|read-?more|related|teaser)", re.IGNORECASE)),
)
#: Kinds that are kept though trafilatura leaves their words out.
_BESIDE_THE_BODY = frozenset({"title", "deck", "byline", "dateline", "caption", "credit", "promo"})
#: What trafilatura calls blocks.
_BLOCKS = frozenset({"head", "p", "item", "quote", "cell", "code"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True)
class _Part:
    """A block of the page: its words as the page has them, and the kind that the page gives it ("" for none)."""

    text: str
    kind: str
    inside: bool


def read_html(path: Path, options: ReadOptions) -> Iterator[Document | ReadError]:
    """The article of a web page.

    Raises:
        CorpusToolError: the file cannot be opened.
    """
    try:
        raw = read_file(path)
        yield _document(raw, path, options)
    except ReadError as error:
        yield error


def _document(raw: Raw, path: Path, options: ReadOptions) -> Document:
    import trafilatura
    from trafilatura.utils import load_html

    if not raw.data.strip():
        raise ReadError(fault("article-empty", raw.path, "holds no text"))
    page, encoding = _decode(raw, options.encoding)
    tree = load_html(page)
    if tree is None:
        raise ReadError(fault("article-without-text", raw.path, "no HTML was found in it"))
    _show_quotation_marks(tree)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    parts = list(_parts(tree))
    extracted: Any = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=True, include_images=False)
    if extracted is None or extracted.body is None:
        raise ReadError(fault("article-without-text", raw.path, "no article was found on the page"))
    blocks = _arrange(parts, list(_extracted(extracted.body)), extracted.title)
    if not any(kind == "paragraph" for kind, _ in blocks):
        raise ReadError(fault("article-without-text", raw.path, "no paragraph of an article was found on the page"))
    text, placed = _join(blocks)
    source_id = readable(re.sub(r"\.html?$", "", path.name, flags=re.IGNORECASE))
    slug = document_id(source_id)
    return Document(
        id=slug,
        meta=options.meta(
            title=extracted.title,
            language=language if language and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language) else None,
            source=extracted.sitename,
            url=extracted.url,
            published=extracted.date,
            authors=tuple(name.strip() for name in (extracted.author or "").split(";") if name.strip()),
            source_id=source_id if slug != source_id else None,
            article=options.article(raw, "text/html", encoding),
        ),
        text=text,
        text_sha256=sha256_of(text),
        blocks=placed,
    )


def _decode(raw: Raw, encoding: str) -> tuple[str, str]:
    """The page as text: by its byte order mark, else by its ``<meta charset>``, else by ``encoding``."""
    declared = re.search(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_-]{1,40})", raw.data[:4096], re.IGNORECASE)
    name = declared.group(1).decode("ascii").lower() if declared else encoding
    if raw.data.startswith(b"\xef\xbb\xbf"):
        name = "utf-8-sig"
    try:
        page = raw.data.decode(name)
    except (LookupError, UnicodeError) as error:
        raise ReadError(fault("article-not-utf-8", raw.path, f"the page is not {name}")) from error
    page = page.replace("\0", "")  # as browsers do
    refuse_half_characters(page, raw.path)
    return page, name


def _show_quotation_marks(tree: Any) -> None:
    """Turns ``<q>`` into the marks that browsers show; trafilatura would take its words out of the sentence."""
    for element in list(tree.iter("q")):
        nested = sum(ancestor.get("data-was") == "q" for ancestor in element.iterancestors()) % 2
        before, after = ("‘", "’") if nested else ("“", "”")
        element.tag = "span"
        element.set("data-was", "q")
        element.text = before + (element.text or "")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + after
        else:
            element.text += after


def _words_of(element: Any) -> str:
    """The text of an element with runs of ASCII white space folded to one space; no-break spaces stay."""
    return _BLANKS.sub(" ", "".join(element.itertext())).strip(" ")


def _key(text: str) -> str:
    """What two spellings of the same words share: composed characters, white space and marks of format left out."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def _parts(tree: Any) -> Iterator[_Part]:
    """The blocks of a page in its order: elements that hold words and no other block."""
    for element in tree.iter(*_LEAF_TAGS, *_INLINE_TAGS):
        above = [ancestor.tag for ancestor in element.iterancestors()]
        if not _OUTSIDE.isdisjoint(above) or "figcaption" in above:
            continue
        if element.tag in _INLINE_TAGS and (_hint_of(element) != "credit" or "figure" not in above):
            continue
        if next(element.iterdescendants(*_LEAF_TAGS), None) is not None and element.tag != "figcaption":
            continue
        yield from _split_credit(element, not {"article", "main"}.isdisjoint(above))


def _split_credit(element: Any, inside: bool) -> Iterator[_Part]:
    """A caption and the credit inside it are two blocks; any other element is one."""
    words = _words_of(element)
    if not _key(words):
        return
    kind = _hinted(element)
    if kind == "caption":
        credited = [
            child for child in element.iterdescendants() if isinstance(child.tag, str) and _hint_of(child) == "credit"
        ]
        credit = _words_of(credited[0]) if credited else ""
        if credit and words != credit and words.endswith(credit):
            yield _Part(words.removesuffix(credit).strip(" "), "caption", inside)
            yield _Part(credit, "credit", inside)
            return
    yield _Part(words, kind, inside)


def _hint_of(element: Any) -> str:
    marks = " ".join(
        filter(None, (element.get("class"), element.get("id"), element.get("itemprop"), element.get("rel")))
    )
    return next((kind for kind, pattern in _HINTS if pattern.search(marks)), "")


def _hinted(element: Any) -> str:
    """The kind that tag, class and words of an element give it; "" where it may be a paragraph."""
    if element.tag == "h1":
        return "title"
    if element.tag == "figcaption":
        return "caption"
    hint = _hint_of(element)
    words = _words_of(element)
    if is_promo(words):
        return "promo"
    if hint == "deck" or (hint and len(words) < 300):
        return hint
    if element.tag == "time":
        return "dateline"
    return "heading" if re.fullmatch(r"h[2-6]", element.tag) else ""


def _extracted(body: Any) -> Iterator[tuple[str, str]]:
    """Trafilatura's blocks as (kind, text) pairs, in its order."""
    runs: list[tuple[Any, list[str]]] = []
    for owner, words in _pieces(body, None):
        if not runs or runs[-1][0] is not owner:
            runs.append((owner, []))
        runs[-1][1].append(words)
    for owner, pieces in runs:
        words = _BLANKS.sub(" ", "".join(pieces)).strip()
        if words and owner is not None:
            yield ("heading" if owner.tag == "head" else "paragraph"), words


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
            yield own, node.text or ""
            for child in reversed(node):
                stack += [(child, own, True), (child, own, False)]


def _arrange(parts: Sequence[_Part], extracted: Sequence[tuple[str, str]], title: str | None) -> list[tuple[str, str]]:
    """The article's blocks in the page's order: what trafilatura took, and titles, captions and promos beside it."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for i, (_, text) in enumerate(extracted):
        waiting[_key(text)].append(i)
    taken: set[int] = set()
    arranged: list[tuple[str, str, int | None]] = []
    for part in parts:
        numbers = waiting.get(_key(part.text))
        if numbers:
            number = numbers.pop(0)
            taken.add(number)
            arranged.append((part.kind or _kind_of(extracted[number][0], part.text), part.text, number))
        elif part.kind in _BESIDE_THE_BODY and part.inside:
            arranged.append((part.kind, part.text, None))
    missing = [(_kind_of(kind, text), text, i) for i, (kind, text) in enumerate(extracted) if i not in taken]
    return _one_title(_merge(arranged, missing), title)


def _kind_of(kind: str, text: str) -> str:
    if is_promo(text):
        return "promo"
    return "boilerplate" if is_boilerplate(text) else kind


def _merge(
    arranged: Sequence[tuple[str, str, int | None]], missing: Iterable[tuple[str, str, int]]
) -> list[tuple[str, str]]:
    """Puts each block that the page does not have in one element behind the extracted block before it."""
    merged = list(arranged)
    for kind, text, number in missing:
        at = max((i + 1 for i, (_, _, n) in enumerate(merged) if n is not None and n < number), default=0)
        merged.insert(at, (kind, text, number))
    return [(kind, text) for kind, text, _ in merged]


def _one_title(blocks: list[tuple[str, str]], title: str | None) -> list[tuple[str, str]]:
    """Keeps the first title; a page without one in its body gets the title of its metadata."""
    first = next((i for i, (kind, _) in enumerate(blocks) if kind == "title"), None)
    if first is None:
        return [("title", title), *blocks] if title else blocks
    return [(("heading" if kind == "title" and i != first else kind), text) for i, (kind, text) in enumerate(blocks)]


def _join(blocks: Sequence[tuple[str, str]]) -> tuple[str, tuple[Block, ...]]:
    """The text of the document, blocks apart by a blank line, and where each block lies in it (code points)."""
    placed = []
    at = 0
    for kind, text in blocks:
        placed.append(Block(start=at, end=at + len(text), kind=kind))
        at += len(text) + 2
    return "\n\n".join(text for _, text in blocks) + "\n", tuple(placed)
