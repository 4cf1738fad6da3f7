"""Which document of a corpus an article belongs to: a new one, an old state of it, or one that it is a copy of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from corpus_tool.model import Document
from corpus_tool.model.ids import with_hash
from corpus_tool.read import ReadError, fault
from corpus_tool.same_article import Articles, Held

#: Part of the word triples that two states of one article share at the least; two articles share next to none. The
#: lower one holds for those with one more thing in common than their name or address.
_SAME_ARTICLE, _SAME_WITH_MORE = 0.3, 0.1

#: Part of the word 5-grams that a text shares with that of a document that is not looked up, in a shard.
_SOME_WORDS = 0.1

#: Gives the document with an id, as it will be once the run has ended; None where there is none.
Lookup = Callable[[str], Document | None]

#: Says whether an id is that of a document elsewhere in the corpus, which is not looked up.
IsTaken = Callable[[str], bool]


@dataclass(frozen=True)
class Continued:
    """An article under the id of its document, and the state of that document that it follows, if any."""

    document: Document
    old: Document | None = None


@dataclass(frozen=True)
class Copy:
    """An article that the corpus holds already: where, how that shows, and whether its address tells it."""

    held: Held
    why: str
    by_address: bool = False


def own_document(
    article: Document, path: str, lookup: Lookup, is_taken: IsTaken = lambda name: False, *, shard: str = ""
) -> Continued:
    """The article under the id that it gets, and the document, on disk or of this run, that it is a new state of.

    An id that another article has already taken is made unlike by a hash: of the source's id, else of the text.

    Args:
        article: the article as it was read.
        path: what diagnostics call its file.
        lookup: gives documents by id.
        is_taken: says which ids documents elsewhere in the corpus have.
        shard: the name of the shard that the article goes into, "" for a file of its own. It enters the hash, so that
            articles of two shards that their source calls the same get two ids.

    Raises:
        ReadError: other articles have taken these ids too.
    """
    source_id = article.meta.source_id or article.id
    hashed = f"{shard}/{source_id}" if shard else source_id
    names = (article.id, with_hash(article.id, hashed), with_hash(article.id, article.text_sha256))
    free = ""
    for name in names:
        old = lookup(name)
        if old is not None and _is_same_source(old, article, source_id):
            return Continued(_renamed(article, name, source_id), old)
        if old is None and not free and not is_taken(name):
            free = name
            if not shard:
                break
    if free:
        return Continued(_renamed(article, free, source_id))
    raise ReadError(fault("article-id-twice", path, f"other articles hold the id {article.id!r} and its variants"))


def held_document(article: Document, articles: Articles, lookup: Lookup) -> Continued | Copy | None:
    """The document under another id that holds an article already: in an older state, or just so.

    An older state has the same address. Where address and words disagree the words decide: a page that gives the
    address of its front page is not the front page.

    Args:
        article: an article that has no document under its own id.
        articles: what the corpus holds.
        lookup: gives documents by id.
    """
    for held in articles.at_address(article) if article.meta.url else ():
        old = lookup(held.id)
        if old is None:
            if held.similarity >= _SOME_WORDS:
                return Copy(held, "has the same address", by_address=True)
        elif old.text == article.text:
            return Copy(held, "has the same address and the same text", by_address=True)
        elif _shared_triples(old.text, article.text) >= (
            _SAME_WITH_MORE if _has_same_title(old, article) else _SAME_ARTICLE
        ):
            meta = replace(article.meta, source_id=old.meta.source_id)
            return Continued(replace(article, id=old.id, meta=meta), old)
    same = articles.with_text(article)
    if same is None:
        return None
    return Copy(same, "has the same text" if same.is_copy else f"shares {int(100 * same.similarity)} % of its words")


def _renamed(article: Document, name: str, source_id: str) -> Document:
    if name == article.id:
        return article
    return replace(article, id=name, meta=replace(article.meta, source_id=source_id))


def _is_same_source(old: Document, new: Document, source_id: str) -> bool:
    """Whether two documents under one id come from one article: the same source id and much the same words."""
    if (old.meta.source_id or old.id) != source_id:
        return False
    if old.text == new.text or all(
        d.meta.article is not None and d.meta.article.media_type == "application/json" for d in (old, new)
    ):
        return True
    has_more = _has_same_title(old, new) or _path_inside(old) == _path_inside(new) != ""
    return _shared_triples(old.text, new.text) >= (_SAME_WITH_MORE if has_more else _SAME_ARTICLE)


def _has_same_title(old: Document, new: Document) -> bool:
    return old.meta.title is not None and old.meta.title == new.meta.title


def _path_inside(document: Document) -> str:
    """Where in the corpus the article stands, "" where it stands outside."""
    path = document.meta.article.path if document.meta.article is not None else None
    return path if path is not None and "/" in path else ""


def _shared_triples(one: str, other: str) -> float:
    """Jaccard similarity of the word triples of two texts."""
    a, b = (
        {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
        for words in (re.findall(r"\w+", text.lower()) for text in (one, other))
    )
    return len(a & b) / max(1, len(a | b))
