"""From the sentences of a CoNLL-U file to a document: its text, its mentions and what links them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.conll_tags import Evidence, spans_of_tags
from corpus_tool.formats.conllu_entities import (
    DEFAULT_FIELDS,
    LINK_KEYS,
    TAG_KEYS,
    Brackets,
    Mention,
    Place,
    bare_tags,
    links_of,
)
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.foreign import FROM, TO, ForeignDocument, ForeignEntity, ForeignRelation, ForeignSpan, Scalar
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.words import META, meta_value, placed

#: What GUM calls facts that documents hold under another name.
_META = {"sourceURL": "url", "author": "authors", "dateCreated": "published"}

#: Keys of MISC, and comments, that are read.
_READ_MISC = frozenset({"Entity", "SpaceAfter", "SpacesAfter", "SpacesBefore", "SpacesInToken", *TAG_KEYS, *LINK_KEYS})
_READ_COMMENTS = frozenset({"text", "sent_id", "newpar"})

_NO_PLACE = "a document has no place for it"


class Shown(NamedTuple):
    """What the text shows: a word, or a token of several words like "du" for "de le".

    Attributes:
        form: as the text has it.
        before: the white space before it, where the file says it.
        after: the white space behind it; None where the file does not say it, which means one blank.
        line: of the file.
        range: the numbers of its words, where they are several.
    """

    form: str
    before: str
    after: str | None
    line: int
    range: tuple[int, int] | None


class Word(NamedTuple):
    """A word of the syntax; ``shown`` is the number of what shows it, None for one that the text does not show."""

    form: str
    misc: Mapping[str, str]
    line: int
    shown: int | None


@dataclass
class Sentence:
    """A sentence as it stands in the file.

    Attributes:
        line: of its first word.
        comments: by name; "" for one without a value.
        shown: what the text shows, in order: words, and tokens of several words.
        words: all words, those that the text does not show included.
        columns: the names of columns that hold something beside words and MISC.
    """

    line: int
    comments: dict[str, str] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)


def document_of(
    name: str,
    path: str,
    sentences: Sequence[Sentence],
    entity_fields: str | None,
    entities: Sequence[ForeignEntity],
) -> Iterator[ForeignDocument | Diagnostic]:
    """The document that sentences make up, behind what is wrong with them.

    Args:
        name: what it is called.
        path: what diagnostics call the file.
        sentences: its sentences; each shows a word at least.
        entity_fields: what ``# global.Entity`` says.
        entities: what is known of its entities.
    """
    texts: list[str] = []
    places: list[Place] = []
    at = 0
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1] if number + 1 < len(sentences) else None
        own = placed([s.form for s in sentence.shown], _said(sentence), [_after(s) for s in sentence.shown])
        if not own.is_told:
            told = "the comment # text does not hold the words below it, which were taken instead"
            yield import_fault("import-words-differ", path, told, line=sentence.line)
        before = sentence.shown[0].before
        at += len(before)
        places += _places(sentence, [(start + at, end + at) for start, end in own.words])
        texts += [before, own.text, _gap(sentence, following)]
        at += len(own.text) + len(texts[-1])
    brackets = Brackets(tuple(entity_fields.split("-")) if entity_fields else DEFAULT_FIELDS)
    evidence = Evidence()
    relations = _read_brackets(sentences, brackets)
    text = "".join(texts)
    spans = [_span(f"m{n}", m, places, text) for n, m in enumerate(brackets.mentions, 1)]
    spans += _tagged_spans(sentences, places, text, evidence)
    for line, told in brackets.faults:
        yield import_fault("import-record-unreadable", path, told, line=line)
    if evidence.scheme in ("IOB1 or IOB2", "IOB1 or IO"):
        told = f"the tags are {evidence.scheme}; where neighbours of one label part is a guess"
        yield import_fault("import-tags-unclear", path, told, line=sentences[0].line)
    yield ForeignDocument(
        name=name,
        text=text,
        path=path,
        line=sentences[0].line,
        meta=_meta(sentences),
        spans=tuple(spans),
        relations=tuple(relations),
        entities=(*entities, *_identities(brackets.mentions, {e.id for e in entities})),
        left_out=tuple(_left_out(sentences)),
    )


def _said(sentence: Sentence) -> str | None:
    """The text of a sentence, where its words do not say the space between them themselves."""
    if any(s.before or s.after not in (None, "") for s in sentence.shown):
        return None
    return sentence.comments.get("text")


def _after(shown: Shown) -> str:
    return " " if shown.after is None else shown.after


def _gap(sentence: Sentence, following: Sentence | None) -> str:
    """What stands between two sentences: what the last word says, else a blank, or a blank line before a paragraph."""
    after = sentence.shown[-1].after
    if after or following is None:
        return after or ""
    return "\n\n" if _begins_paragraph(following) else _after(sentence.shown[-1])


def _begins_paragraph(sentence: Sentence) -> bool:
    return any(key.split()[0] == "newpar" for key in sentence.comments)


def _places(sentence: Sentence, shown: Sequence[tuple[int, int]]) -> Iterator[Place]:
    """Where the words of a sentence stand: in a token of several each by itself, if together they are the token."""
    inner: dict[int, int] = {}
    joined: dict[int, str] = {}
    for word in sentence.words:
        if word.shown is not None:
            joined[word.shown] = joined.get(word.shown, "") + word.form
    edge = shown[0][0]
    for word in sentence.words:
        if word.shown is None:
            yield Place(edge, edge, word.line)
            continue
        start, end = shown[word.shown]
        if joined[word.shown] == sentence.shown[word.shown].form:
            start += inner.get(word.shown, 0)
            inner[word.shown] = inner.get(word.shown, 0) + len(word.form)
            end = start + len(word.form)
        edge = end
        yield Place(start, end, word.line)


def _read_brackets(sentences: Sequence[Sentence], brackets: Brackets) -> list[ForeignRelation]:
    """Reads the brackets of all words; the links between entities, whose ends are numbers of mentions as ``m1``."""
    opened: list[Mention] = []
    links: list[tuple[str, Mention, Mention, str, int]] = []
    at = 0
    for sentence in sentences:
        for word in sentence.words:
            value = word.misc.get("Entity", "")
            here = brackets.take(value, at, word.line) if "(" in value or ")" in value else []
            opened += here
            for key in LINK_KEYS:
                for link in links_of(word.misc.get(key, "")):
                    anaphor = next((m for m in here if m.entity == link.anaphor), None)
                    antecedent = next((m for m in reversed(opened) if m.entity == link.antecedent), None)
                    if anaphor is None or antecedent is None:
                        told = f"{key}={word.misc[key]} links entities that are not mentioned here or before"
                        brackets.faults.append((word.line, told))
                    else:
                        links.append((key, anaphor, antecedent, link.type, word.line))
            at += 1
    brackets.end()
    ids = {id(mention): f"m{number}" for number, mention in enumerate(brackets.mentions, 1)}
    return [
        ForeignRelation(
            f"b{number}",
            key,
            ((FROM, ids.get(id(one), "?")), (TO, ids.get(id(other), "?"))),
            {"type": type_} if type_ else {},
            line,
        )
        for number, (key, one, other, type_, line) in enumerate(links, 1)
    ]


def _span(key: str, mention: Mention, places: Sequence[Place], text: str) -> ForeignSpan:
    pieces = []
    for first, last in mention.pieces:
        shown = [p for p in places[first : last + 1] if p.start < p.end]
        pieces.append((shown[0].start, shown[-1].end) if shown else (places[first].start, places[first].start))
    whole = tuple(sorted(set(pieces)))
    words = " ".join(text[start:end] for start, end in whole)
    return ForeignSpan(key, mention.label, whole, words, mention.attributes, mention.entity, mention.line)


def _tagged_spans(
    sentences: Sequence[Sentence], places: Sequence[Place], text: str, evidence: Evidence
) -> Iterator[ForeignSpan]:
    """The spans of tags in MISC."""
    at, number = 0, 0
    for sentence in sentences:
        for key in (*TAG_KEYS, "Entity"):
            values = [word.misc.get(key) for word in sentence.words]
            if not any(values) or (key == "Entity" and any("(" in v or ")" in v for v in values if v)):
                continue
            for found in spans_of_tags(bare_tags(values), evidence):
                number += 1
                start, end = places[at + found.first].start, places[at + found.last].end
                line = places[at + found.first].line
                yield ForeignSpan(f"t{number}", found.label, ((start, end),), text[start:end], line=line)
        at += len(sentence.words)


def _identities(mentions: Sequence[Mention], known: set[str]) -> Iterator[ForeignEntity]:
    """Entities of which the file says what they are: the title of an article of Wikipedia, as GUM has it."""
    seen = set(known)
    for mention in mentions:
        identity = mention.attributes.get("identity")
        if identity and mention.entity is not None and mention.entity not in seen:
            seen.add(mention.entity)
            name = identity.replace("_", " ")
            yield ForeignEntity(mention.entity, name, links={"wikipedia": identity}, line=mention.line)


def _meta(sentences: Sequence[Sentence]) -> dict[str, Scalar | tuple[str, ...]]:
    found: dict[str, Scalar | tuple[str, ...]] = {}
    for sentence in sentences:
        for key, value in sentence.comments.items():
            if key.startswith(META):
                name = unquote(key.removeprefix(META))
                read = meta_value(value)
                is_names = name == "author" and isinstance(read, str)
                found[_META.get(name, name)] = tuple(read.split(", ")) if is_names and isinstance(read, str) else read
    return found


def _left_out(sentences: Sequence[Sentence]) -> Iterator[Lost]:
    """What is not taken over: syntax, and what else stands in MISC and in comments."""
    columns = sorted({name for sentence in sentences for name in sentence.columns})
    misc = sorted({key for sentence in sentences for word in sentence.words for key in word.misc} - _READ_MISC)
    comments = sorted({key for sentence in sentences for key in sentence.comments if not key.startswith(META)})
    yield from (Lost("column", name, _NO_PLACE) for name in columns)
    yield from (Lost("MISC", key, _NO_PLACE) for key in misc)
    yield from (Lost("comment", key, _NO_PLACE) for key in comments if key.split()[0] not in _READ_COMMENTS)
