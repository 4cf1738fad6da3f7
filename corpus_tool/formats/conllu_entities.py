"""Entities in CoNLL-U's MISC column: brackets as GUM and CorefUD write them, and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from corpus_tool.formats.conll_tags import Tag, parsed

#: Fields of a bracket where the file does not name them with ``# global.Entity``.
DEFAULT_FIELDS = ("eid", "etype", "head", "other")

#: What corpora call the field that says which entity is meant, and the one of its type.
_EID, _ETYPE = ("eid", "GRP"), ("etype", "entity")

#: Keys of MISC that hold tags or bare labels, the likelier first.
TAG_KEYS = ("NE", "NER", "ner", "name")

#: Keys that link mentions of one entity to those of another.
LINK_KEYS = ("Bridge", "SplitAnte")

#: The label of a mention without a type.
MENTION = "mention"

#: In ``other``: that a mention is of no entity, although brackets need a name for each.
NO_ENTITY = ("entity", "none")

#: Signs that brackets and their fields are made of.
SIGNS = "-()[]|=,:"

_BRACKET = re.compile(r"\(([^()]*)(\)?)|([^()]*)\)")
_PART = re.compile(r"(.*)\[(\d+)/(\d+)\]")


class Place(NamedTuple):
    """A word that may begin or end a mention.

    Attributes:
        start: in code points.
        end: in code points; where ``start`` is for a word that the text does not show.
        line: of the file.
    """

    start: int
    end: int
    line: int


@dataclass
class Mention:
    """A mention as the brackets say it.

    Attributes:
        entity: the name of its entity, None where the file says that it is of none.
        label: its type.
        attributes: its other fields.
        first: the number of its first word.
        line: of the file.
        pieces: (first, last) word of each of its pieces, filled in as they close.
        count: how many pieces there are.
    """

    entity: str | None
    label: str
    attributes: dict[str, str]
    first: int
    line: int
    pieces: list[tuple[int, int]] = field(default_factory=list)
    count: int = 1


@dataclass
class Brackets:
    """The brackets of one document, read word by word.

    Attributes:
        fields: the names of the fields of a bracket.
        mentions: those that are closed, in that order.
        opened: those that are open, by what closes them.
        parts: mentions of several pieces that lack some, by entity.
        faults: (line, message) of what fits nothing.
    """

    fields: Sequence[str] = DEFAULT_FIELDS
    mentions: list[Mention] = field(default_factory=list)
    opened: dict[str, list[Mention]] = field(default_factory=dict)
    parts: dict[str, Mention] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def take(self, value: str, word: int, line: int) -> list[Mention]:
        """Reads the brackets of a word, and gives the mentions that it opens."""
        found = []
        at = 0
        for bracket in _BRACKET.finditer(value):
            if bracket.start() != at:
                break
            at = bracket.end()
            if bracket[3] is not None:
                self._close(bracket[3], word, line)
                continue
            key, mention = self._mention(bracket[1], word, line)
            found.append(mention)
            self.opened.setdefault(key, []).append(mention)
            if bracket[2]:
                self._close(key, word, line)
        if at != len(value):
            self.faults.append((line, f"Entity={value} is no bracket such as (e1-person, (e1-person) or e1)"))
        return found

    def end(self) -> None:
        """Tells what is open where the document ends."""
        for mentions in self.opened.values():
            self.faults += [(m.line, f"the bracket of a {m.label} is never closed") for m in mentions]
        self.faults += [
            (m.line, f"of the {m.count} pieces of a {m.label} only {len(m.pieces)} are there")
            for m in self.parts.values()
        ]
        self.opened.clear()
        self.parts.clear()

    def _mention(self, body: str, word: int, line: int) -> tuple[str, Mention]:
        """What closes a bracket, and the mention that it opens."""
        values = dict(zip(self.fields, body.split("-", len(self.fields) - 1), strict=False))
        if len(self.fields) > 1 and "-" not in body:
            values = {next((name for name in _ETYPE if name in self.fields), "etype"): body}  # (PER … PER)
        eid = next((values.pop(name) for name in _EID if name in values), "")
        label = unquote(next((values.pop(name) for name in _ETYPE if name in values), ""))
        attributes = {key: unquote(value) for key, value in values.items() if value and key != "other"}
        attributes |= dict(_others(values.get("other", "")))
        is_single = attributes.get(NO_ENTITY[0]) == NO_ENTITY[1]
        if is_single:
            del attributes[NO_ENTITY[0]]
        part = _PART.fullmatch(eid)
        name = unquote(part[1] if part else eid)
        mention = Mention(None if is_single or not eid else name, label or MENTION, attributes, word, line)
        if part:
            mention.count = int(part[3])
        return eid or label, mention

    def _close(self, key: str, word: int, line: int) -> None:
        stack = self.opened.get(key)
        if not stack and not key:
            stack = max(self.opened.values(), key=lambda s: s[-1].first, default=None)  # a bare bracket
        if not stack:
            self.faults.append((line, f"{key}) closes what nothing has opened"))
            return
        mention = stack.pop()
        if not stack:
            self.opened = {name: held for name, held in self.opened.items() if held}
        mention.pieces.append((mention.first, word))
        if mention.count > 1:
            group = re.sub(r"\[\d+/", "[/", key)
            whole = self.parts.setdefault(group, mention)
            if whole is not mention:
                whole.pieces += mention.pieces
            if len(whole.pieces) < whole.count:
                return
            mention = self.parts.pop(group)
        self.mentions.append(mention)


def _others(value: str) -> Iterator[tuple[str, str]]:
    """The fields that CorefUD packs into the last one: ``key:value,key:value``."""
    for part in value.split(",") if value else ():
        key, colon, own = part.partition(":")
        yield (unquote(key), unquote(own)) if colon else ("other", unquote(part))


def bare_tags(values: Sequence[str | None]) -> list[Tag]:
    """The values of a key like ``NE`` for the words of a sentence, as tags.

    Words with one value, a label or a label with a number like ``ps_3``, are one span.
    """
    tags: list[Tag] = []
    before = None
    for value in values:
        tag = Tag("", "") if value is None else parsed(value)
        if tag is None and value is not None:
            label = re.sub(r"_\d+$", "", value)
            tag = Tag("I" if value == before else "B", unquote(label))
        tags.append(tag or Tag("", ""))
        before = value
    return tags


class EntityLink(NamedTuple):
    """A link of MISC between two entities: ``12<13:type``."""

    antecedent: str
    anaphor: str
    type: str


def links_of(value: str) -> Iterator[EntityLink]:
    """The links of a value of ``Bridge`` or ``SplitAnte``."""
    for part in value.split(","):
        found = re.fullmatch(r"([^<:]+)<([^<:]+)(?::(.*))?", part)
        if found is not None:
            yield EntityLink(unquote(found[1]), unquote(found[2]), found[3] or "")
