"""Edits for spans whose text, fragments or edges are wrong (SPN)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from corpus_tool.checks.check import Part, Place, Subject, document_of, pointer_to
from corpus_tool.checks.fixes.mend import is_reviewed, references_in, same_words, shrinking, span_edits
from corpus_tool.diagnostics import Edit
from corpus_tool.model import Actor, Annotation, Block, pieces, surface

#: What other tools join fragments with.
_JOINTS = ("", "…", " … ", "...", " ... ")

#: Marks that no name begins or ends with; others may belong to it ("*NSYNC", ".NET", "Yahoo!").
_SURE_LEADING = frozenset(',;:)]}…—–·•|([{“„«‹"')
_SURE_TRAILING = frozenset(',;:([{…—–·•|/.)]}”»›“"')


def copied_text(text: str, part: Part) -> tuple[Edit, ...]:
    """Copies the text of a span anew where it says the words at its offsets in another way.

    That is proven where nothing but white space, line ends, the normalization form or what stands between fragments
    differs; or capitals, if the words stand nowhere in the text as they are given.
    """
    cut = pieces(part.span)
    own, words = surface(text, cut), part.span.text
    joined = (text[part.span.start : part.span.end], *(joint.join(text[a:b] for a, b in cut) for joint in _JOINTS))
    proven = (
        same_words(" ".join(own.split()), " ".join(words.split()))
        or (len(cut) > 1 and words in joined)
        or (own.casefold() == words.casefold() and words not in text)
    )
    return span_edits(part.pointer, part.span, cut, text) if proven and words.strip() else ()


def ordered_fragments(text: str, part: Part) -> tuple[Edit, ...]:
    """Lists fragments in order and joins those that touch, where the text of the span proves that all are meant."""
    own = pieces(part.span)
    cut: list[tuple[int, int]] = []
    for start, end in sorted(own):
        if cut and start < cut[-1][1]:
            return ()
        if cut and start == cut[-1][1]:
            cut[-1] = (cut[-1][0], end)
        else:
            cut.append((start, end))
    if cut[-1][1] > len(text):
        return ()
    said = {surface(text, own), surface(text, sorted(own)), surface(text, cut), text[cut[0][0] : cut[-1][1]]}
    return span_edits(part.pointer, part.span, cut, text) if part.span.text in said else ()


def hull_of_fragments(text: str, part: Part) -> tuple[Edit, ...]:
    """Sets start and end to those of the fragments, where the text of the span is theirs."""
    cut = pieces(part.span)
    return span_edits(part.pointer, part.span, cut, text) if surface(text, cut) == part.span.text else ()


def without_marks(text: str, part: Part, fault_of: Callable[[str, str, Part], tuple[str, str]]) -> tuple[Edit, ...]:
    """Takes marks from the edges of a span until none is left that does not belong to it.

    Args:
        text: the article.
        part: a span; of one with fragments nothing is taken.
        fault_of: the mark at the start and the one at the end of a span that do not belong to it, "" for none.
    """
    own = part.span
    start, end = own.start, own.end
    while start < end and not own.fragments:
        words = text[start:end]
        first, last = fault_of(words, text, part._replace(span=replace(own, start=start, end=end, text=words)))
        if (first and first not in _SURE_LEADING) or (last and last not in _SURE_TRAILING):
            return ()
        if not (first or last or words[0].isspace() or words[-1].isspace()):
            return shrinking(part.pointer, own, start - own.start, own.end - end, text)
        start += bool(first) or words[0].isspace()
        end -= bool(last) or words[-1].isspace()
    return ()


def without_article(text: str, part: Part, length: int) -> tuple[Edit, ...]:
    """Takes an article of ``length`` code points from the start of a span that nobody reviewed."""
    return () if is_reviewed(part.annotation) else shrinking(part.pointer, part.span, length, 0, text)


def title_to_role(text: str, part: Part, length: int) -> tuple[Edit, ...]:
    """Takes a title of ``length`` code points from a name that nobody reviewed, and makes it the role if none is set.

    Where the role is another one, only a person can tell which of the two it should be.
    """
    a = part.annotation
    assert isinstance(a, Actor)
    title = a.text[:length].strip()
    if is_reviewed(a) or (a.role is not None and title not in a.role):
        return ()
    edits = shrinking(part.pointer, part.span, length, 0, text)
    return (*edits, Edit(f"{part.pointer}/role", title)) if edits and a.role is None else edits


def without_possessive(subject: Subject, part: Part, length: int) -> tuple[Edit, ...]:
    """Takes the ending of a possessive from a mention that nobody reviewed.

    A person's name has none; that the name of anything else ("Lloyd's") has none is only known where the document
    has it without.
    """
    a = part.annotation
    kind, mention = getattr(a, "kind", None), getattr(a, "mention", None)
    if is_reviewed(a) or not (kind == "person" or mention == "nominal" or a.text[:-length] in _names_in(subject)):
        return ()
    return shrinking(part.pointer, part.span, 0, length, document_of(subject).text)


def _names_in(subject: Subject) -> set[str]:
    """The names and aliases of entities, and the words of all actors and locations; collected once."""
    if "_names" not in subject.__dict__:
        document = document_of(subject)
        found = {name for entity in document.entities for name in (entity.name, *entity.aliases)}
        found.update(a.text for name in ("actors", "locations") for a in document.layers.get(name, ()))
        subject.__dict__["_names"] = found
    known: set[str] = subject.__dict__["_names"]
    return known


def duplicate_removed(subject: Subject, first: Place, second: Place) -> tuple[Edit, ...]:
    """Removes one of two annotations that mark the same span, where it says nothing that the other does not say.

    What a person reviewed stays, and so does what anything else refers to.
    """
    for kept, place in ((first, second), (second, first)):
        a, b = place.annotation, kept.annotation
        referred = a.id != b.id and a.id in references_in(subject)
        if not is_reviewed(a) and not referred and _says_no_more(a, b):
            return (Edit(pointer_to(place.layer, place.nth), does="remove"),)
    return ()


def _says_no_more(a: Annotation, b: Annotation) -> bool:
    """Whether every attribute of an annotation that is set has the same value in another one."""
    set_here = {key: getattr(a, key) for key in a.__struct_fields__ if key not in {"id", "provenance"}}
    return all(not value or getattr(b, key, None) == value for key, value in set_here.items() if value is not False)


def sorted_blocks(subject: Subject) -> tuple[Edit, ...]:
    """Lists the blocks in the order of the text, where they lie apart."""
    blocks = document_of(subject).blocks
    order = sorted(range(len(blocks)), key=lambda i: (blocks[i].start, blocks[i].end))
    if any(blocks[a].end > blocks[b].start for a, b in pairwise(order)):
        return ()
    items = [{"start": blocks[i].start, "end": blocks[i].end, "kind": blocks[i].kind} for i in order]
    return (Edit("/blocks", items),)


def empty_block_removed(subject: Subject, i: int) -> tuple[Edit, ...]:
    """Removes a block that holds nothing, where the others hold all words: no words can have been meant."""
    document = document_of(subject)
    others = [block for k, block in enumerate(document.blocks) if k != i and block.start < block.end]
    if document.blocks[i].start > document.blocks[i].end or any(_gaps(document.text, others)):
        return ()
    return (Edit(f"/blocks/{i}", does="remove"),)


def _gaps(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    """The words that stand in no block."""
    at = 0
    for block in sorted(blocks, key=lambda block: block.start):
        yield text[at : block.start].strip()
        at = max(at, block.end)
    yield text[at:].strip()
