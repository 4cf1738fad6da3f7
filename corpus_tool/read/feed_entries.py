"""The entries of feeds, read by a parser that expands nothing, fetches nothing and keeps one entry at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.read.encoding import MARKS
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.inputs import Input
from corpus_tool.read.metadata_values import clean_date, clean_language, clean_words
from corpus_tool.read.unpack import PIECE
from corpus_tool.read.urls import web_address

ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

#: Roots of feeds, by their names without namespace; an Atom entry may stand alone.
_ROOTS = frozenset({"rss", "RDF", "feed", "entry"})

#: Elements of one entry, or between two; and bytes without a tag. Far above what feeds hold.
MAX_ELEMENTS = 20_000
_MAX_BYTES_WITHOUT_TAG = 4_000_000

_MAX_TITLE, _MAX_NAME = 1000, 200


@dataclass(frozen=True)
class Entry:
    """An entry of a feed.

    Attributes:
        kind: the root of the feed: rss, RDF or feed.
        encoding: the encoding of the file.
        line: where the entry begins, from 1.
        raw: the entry in canonical XML (Exclusive C14N), from which its SHA-256 is taken.
        id: the name that the feed gives it (guid, id, rdf:about); "" where it gives none.
        url: the address of the article.
        title: its title, in plain words.
        content: its text.
        is_html: whether ``content`` is HTML.
        is_whole: whether ``content`` is said to be the article and not a summary of it.
        published: ISO 8601, "" where it is not known.
        authors: names.
        language: BCP 47 tag.
        source: the feed's title: who publishes it.
        extra: what else it says, for ``meta.extra``.
    """

    kind: str
    encoding: str
    line: int
    raw: bytes
    id: str
    url: str
    title: str
    content: str
    is_html: bool
    is_whole: bool
    published: str
    authors: tuple[str, ...]
    language: str
    source: str
    extra: Mapping[str, str]


@dataclass
class _Feed:
    """What the feed says of all its entries."""

    kind: str = ""
    encoding: str = "utf-8"
    title: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()


def iter_entries(source: Input) -> Iterator[Entry]:
    """The entries of a feed, in order.

    Raises:
        ReadError: it is damaged, is no well-formed XML or no feed, or uses what could run away.
    """
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    stream = source.open()
    feed = _Feed()
    elements = silent = 0
    is_open = True
    while is_open:
        piece = stream.read(PIECE)
        broken = None
        try:
            if piece:
                parser.feed(piece)
            else:
                is_open = False
                parser.close()
        except etree.XMLSyntaxError as error:
            broken = error
        silent += len(piece)
        for event, element in parser.read_events():
            silent = 0
            if event == "start":
                elements += 1
                if elements > MAX_ELEMENTS:
                    raise _refused(source, element, f"has more than {MAX_ELEMENTS:,} elements in one entry")
                if not feed.kind:
                    _begin(feed, element, source)
                continue
            if _is_entry(element):
                yield _entry(element, feed, source)
                _forget(element)
                elements = 0
            else:
                _notice(feed, element)
        if broken is not None:
            raise _broken(source, broken)
        if silent > _MAX_BYTES_WITHOUT_TAG:
            raise _refused(source, None, f"has a tag or a text longer than {_MAX_BYTES_WITHOUT_TAG // 1_000_000} MB")


def _refused(source: Input, element: Any, what: str) -> ReadError:
    line = element.sourceline if element is not None else 1
    return ReadError(fault("xml-refused", source.path, f"{what}; reading stopped there", line=max(1, line or 1)))


def _broken(source: Input, error: Any) -> ReadError:
    line, column = error.position
    words = re.sub(r",? line \d+, column \d+.*", "", str(error.msg or "not XML"))
    name = (
        "xml-refused"
        if re.search(r"depth|amplification|entity loop|huge|limit", words, re.IGNORECASE)
        else "feed-invalid"
    )
    if name == "feed-invalid":
        words = f"not well-formed XML: {words}"
    return ReadError(fault(name, source.path, words, line=max(1, line or 1), column=max(1, column or 1)))


def _begin(feed: _Feed, root: Any, source: Input) -> None:
    """Looks at the root of a feed, and at what stands before it.

    Raises:
        ReadError: the file declares entities, or is no feed.
    """
    info = root.getroottree().docinfo
    if info.internalDTD is not None and next(info.internalDTD.iterentities(), None) is not None:
        raise _refused(source, None, "declares entities of its own")
    feed.kind = _name(root)
    feed.encoding = _encoding(source.head)
    feed.language = clean_language(root.get(_LANG) or "")
    if feed.kind not in _ROOTS:
        message = f"is no RSS and no Atom: its first element is <{feed.kind[:40]}>"
        raise ReadError(fault("feed-invalid", source.path, message))


def _encoding(head: bytes) -> str:
    """The encoding by the byte order mark or the XML declaration; UTF-8 without, by the standard."""
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    stated = re.match(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})", head)
    return marked or (stated[1].decode().lower() if stated else "utf-8")


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_entry(element: Any) -> bool:
    """Whether an element is an entry, and not one of the same name inside of one."""
    name, above = _name(element), element.getparent()
    if above is None:
        return name == "entry"
    return (name == "item" and _name(above) in {"channel", "RDF", "rss"}) or (
        name == "entry" and _name(above) == "feed"
    )


def _forget(element: Any) -> None:
    """Frees an entry, and what stands before it."""
    element.clear(keep_tail=False)
    above = element.getparent()
    while above is not None and element.getprevious() is not None:
        del above[0]


def _notice(feed: _Feed, element: Any) -> None:
    """Keeps what stands beside the entries: title, language, authors of the feed."""
    above = element.getparent()
    if above is None or _name(above) not in {"channel", "feed"}:
        return
    name = _name(element)
    if name == "title" and not feed.title:
        feed.title = _words(element)
    elif name == "language" and not feed.language:
        feed.language = clean_language(element.text or "")
    elif name == "author" and element.tag.startswith(f"{{{ATOM}}}"):
        feed.authors += _atom_names(element)


def _entry(element: Any, feed: _Feed, source: Input) -> Entry:
    from lxml import etree

    content, is_html, is_whole = _content(element)
    dates = [clean_date(_text(element, name)) for name in ("pubDate", f"{_DC}date", "published", "updated", "issued")]
    updated = clean_date(_text(element, "updated"))
    published = next(filter(None, dates), "")
    extra = {"updated": updated} if updated and updated != published else {}
    try:
        raw = etree.tostring(element, method="c14n", exclusive=True, with_comments=False, with_tail=False)
    except etree.LxmlError:  # relative namespaces and entities have no canonical form
        raw = etree.tostring(element, encoding="utf-8", with_tail=False)
    return Entry(
        kind=feed.kind if feed.kind != "entry" else "feed",
        encoding=feed.encoding,
        line=element.sourceline or 1,
        raw=raw,
        id=(_text(element, "guid") or _text(element, "id") or element.get(_ABOUT) or "").strip()[:2000],
        url=_url(element),
        title=_title(element),
        content=content,
        is_html=is_html,
        is_whole=is_whole,
        published=published,
        authors=_authors(element) or feed.authors,
        language=clean_language(element.get(_LANG) or _text(element, f"{_DC}language")) or feed.language,
        source=feed.title,
        extra=extra,
    )


def _child(element: Any, name: str) -> Any:
    """The first child of a name: with its namespace where that is given, else in RSS's and Atom's, which share none."""
    for child in element:
        if child.tag == name or (not name.startswith("{") and _is_plain(child.tag) and _name(child) == name):
            return child
    return None


def _is_plain(tag: Any) -> bool:
    return isinstance(tag, str) and (not tag.startswith("{") or tag[1:].startswith((ATOM, "http://purl.org/rss/1.0/}")))


def _text(element: Any, name: str) -> str:
    child = _child(element, name)
    return "" if child is None else "".join(child.itertext())


def _content(element: Any) -> tuple[str, bool, bool]:
    """The text of an entry, whether it is HTML, and whether it is the whole article as far as the feed says."""
    encoded = _text(element, _CONTENT)
    if encoded.strip():
        return encoded, True, True
    for name, is_whole in (("content", True), ("description", False), ("summary", False)):
        child = _child(element, name)
        if child is None:
            continue
        words, is_html = _construct(child)
        if words.strip():
            return words, is_html, is_whole
    return "", False, False


def _construct(child: Any) -> tuple[str, bool]:
    """The words of a text construct, and whether they are HTML: in Atom its type says so, in RSS it always is."""
    from lxml import etree

    if not str(child.tag).startswith(f"{{{ATOM}}}"):
        return "".join(child.itertext()), True
    kind = (child.get("type") or "text").lower()
    if kind == "xhtml":
        inner = "".join(etree.tostring(part, encoding="unicode") for part in child)
        return re.sub(r"(</?)(?:[A-Za-z][\w.-]{0,20}:)", r"\1", inner), True
    return "".join(child.itertext()), kind in {"html", "text/html"}


def _title(element: Any) -> str:
    child = _child(element, "title")
    return "" if child is None else _words(child)


def _words(child: Any) -> str:
    """The words of a title, which may hold HTML, in one line."""
    words = "".join(child.itertext())
    if str(child.tag).startswith(f"{{{ATOM}}}") and (child.get("type") or "text").lower() == "text":
        return " ".join(words.split())[:_MAX_TITLE]
    return clean_words(words, _MAX_TITLE)


def _url(element: Any) -> str:
    """The address of the article: the link to the page itself, else a guid that is one."""
    links = [child for child in element if isinstance(child.tag, str) and _name(child) == "link"]
    atom = [link.get("href") or "" for link in links if (link.get("rel") or "alternate") == "alternate"]
    plain = [link.text or "" for link in links if not link.get("href")]
    guid = _child(element, "guid")
    permanent = [guid.text or ""] if guid is not None and (guid.get("isPermaLink") or "true") == "true" else []
    found = (web_address(words.strip()) for words in (*plain, *atom, *permanent))
    return next(filter(None, found), "")


def _authors(element: Any) -> tuple[str, ...]:
    """The authors: dc:creator as often as it stands, Atom's names, RSS's ``name@example.org (Name)``."""
    names = [clean_words("".join(c.itertext()), _MAX_NAME) for c in element.iterchildren(f"{_DC}creator")]
    for child in element.iterchildren(f"{{{ATOM}}}author"):
        names += _atom_names(child)
    author = _text(element, "author") if not names else ""
    mail = re.fullmatch(r"\s*\S{1,200}@\S{1,200}\s*\(([^()]{1,200})\)\s*", author)
    names.append(clean_words(mail[1] if mail else "" if "@" in author else author, _MAX_NAME))
    return tuple(dict.fromkeys(filter(None, names)))


def _atom_names(author: Any) -> tuple[str, ...]:
    return tuple(filter(None, (clean_words("".join(n.itertext()), _MAX_NAME) for n in author.iter(f"{{{ATOM}}}name"))))
