"""CoNLL-U, written: a file a document, mentions as ``Entity`` brackets, the space between words in MISC."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from corpus_tool.formats.conllu import ENTITY
from corpus_tool.formats.conllu_entities import NO_ENTITY, SIGNS
from corpus_tool.formats.fit import Fitted, Holds, fit, without_spans
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan
from corpus_tool.formats.plain_json import entity_json
from corpus_tool.formats.words import Unit, escaped, lines_of_words, meta_comments, percent, without_cut_words
from corpus_tool.language.sentences import sentence_bounds

_HOLDS = Holds(relations=False, types=False, blocks=False)

#: The fields of a bracket. CorefUD's ``head`` is left out: only a parse could say it.
_FIELDS = "eid-etype-other"


def fit_conllu(document: ForeignDocument) -> Fitted:
    """A document as CoNLL-U can hold it: mentions on whole words, those of one entity apart or nested."""
    whole = fit(document, _HOLDS)
    lost = list(whole.lost)
    words = [word for line in lines_of_words(document.text) for word in line.words]
    fitted = without_cut_words(whole.document, words, lost)
    by_entity: dict[str, list[ForeignSpan]] = defaultdict(list)
    for span in sorted(fitted.spans, key=lambda s: (s.start - s.end, s.start)):
        if span.entity is not None:
            by_entity[span.entity].append(span)
    crossing = [i for mentions in by_entity.values() for i in _crossing(mentions)]
    fitted = without_spans(fitted, crossing, lost, "it crosses a longer mention of its entity")
    return Fitted(fitted, tuple(lost))


def _crossing(mentions: Iterable[ForeignSpan]) -> Iterator[str]:
    """The ids of mentions of one entity whose brackets would be taken for another one's."""
    kept: list[ForeignSpan] = []
    for span in mentions:
        if any(_collide(span, other) for other in kept):
            yield span.id
        else:
            kept.append(span)


def _collide(one: ForeignSpan, other: ForeignSpan) -> bool:
    """Whether a mention gets in the way of a longer one; pieces are numbered, and told from mentions of one piece."""
    if one.end <= other.start or other.end <= one.start:
        return False
    counts = len(one.pieces), len(other.pieces)
    if counts == (1, 1):
        return not (other.start <= one.start and one.end <= other.end)
    return min(counts) > 1


def write_conllu(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes ``<name>.conllu``. A sentence goes on where a mention does, since no bracket crosses its end."""
    for document in documents:
        lines = "\n".join(_lines(document)) + "\n"
        (folder / f"{document.name}.conllu").write_text(lines, encoding="utf-8", newline="\n")


def _lines(document: ForeignDocument) -> Iterator[str]:
    text = document.text
    sentences = _sentences(text, document.spans)
    marks = _marks(document.spans, {word for sentence in sentences for word in sentence.words})
    yield f"# newdoc id = {document.name}"
    yield f"# global.Entity = {_FIELDS}"
    yield from meta_comments(document.meta)
    for entity in document.entities:
        # escapes for what is not ASCII would hide names; line ends are escaped in any case
        yield f"# {ENTITY} = {json.dumps(entity_json(entity), ensure_ascii=False)}"
    for number, sentence in enumerate(sentences, 1):
        following = sentences[number] if number < len(sentences) else None
        behind = text[sentence.end : following.start if following else len(text)]
        before = text[: sentence.start] if number == 1 else text[sentences[number - 2].end : sentence.start]
        if number == 1 or "\n" in before:
            yield "# newpar"
        gaps = [text[one[1] : other[0]] for one, other in pairwise(sentence.words)]
        forms = [text[slice(*word)] for word in sentence.words]
        yield f"# sent_id = {document.name}-{number}"
        spaced = (form + (" " if gap else "") for form, gap in zip(forms, [*gaps, ""], strict=True))
        yield f"# text = {''.join(spaced)}"
        is_usual = behind == ("\n\n" if following and "\n" in behind else " " if following else "")
        said = [None if gap == " " else gap for gap in gaps] + [None if is_usual else behind]
        for at, (word, form, gap) in enumerate(zip(sentence.words, forms, said, strict=True), 1):
            own = before if number == 1 and at == 1 else ""
            yield f"{at}\t{form}" + "\t_" * 7 + f"\t{_misc(marks.get(word), own, gap)}"
        yield ""


def _sentences(text: str, spans: Iterable[ForeignSpan]) -> list[Unit]:
    """The sentences of each line, those together that a span runs through."""
    words: list[tuple[int, int]] = []
    starts: set[int] = set()
    for line in lines_of_words(text):
        places = [start for start, _ in line.words]
        for start, _ in sentence_bounds(text[line.start : line.end]):
            starts.update(places[(at := bisect_left(places, line.start + start)) : at + 1])
        words += line.words
    inside = [(s.start, s.end) for s in spans]
    kept = {at for at in starts if not any(start < at < end for start, end in inside)}
    units: list[list[tuple[int, int]]] = []
    for word in words:
        if word[0] in kept or not units:
            units.append([])
        units[-1].append(word)
    return [Unit(unit) for unit in units]


def _marks(spans: Sequence[ForeignSpan], words: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The brackets of each word that has some: first those that close, the shortest first, then the longest to open."""
    closing: dict[int, list[str]] = defaultdict(list)
    opening: dict[int, list[str]] = defaultdict(list)
    ordered = sorted(enumerate(spans, 1), key=lambda item: (item[1].start - item[1].end, item[1].start))
    for number, span in ordered:
        eid = percent(span.entity, SIGNS) if span.entity is not None else f"_{number}"
        attributes = [(key, str(value)) for key, value in span.attributes.items()]
        attributes += [NO_ENTITY] if span.entity is None else []
        others = ",".join(f"{percent(key, SIGNS)}:{percent(value, SIGNS)}" for key, value in attributes)
        for part, piece in enumerate(span.pieces, 1):
            own = f"{eid}[{part}/{len(span.pieces)}]" if len(span.pieces) > 1 else eid
            body = f"({own}-{percent(span.label, SIGNS)}-{others}"
            if piece in words:
                opening[piece[0]].append(f"{body})")
            else:
                opening[piece[0]].append(body)
                closing[piece[1]].insert(0, f"{own})")
    marked = {word: "".join([*closing[word[1]], *opening[word[0]]]) for word in words}
    return {word: mark for word, mark in marked.items() if mark}


def _misc(entity: str | None, before: str, gap: str | None) -> str:
    """MISC of a word; ``gap`` is the space behind it, None for what goes without saying."""
    parts = []
    if entity:
        parts.append(f"Entity={entity}")
    if gap == "":
        parts.append("SpaceAfter=No")
    elif gap is not None:
        parts.append(f"SpacesAfter={escaped(gap)}")
    if before:
        parts.append(f"SpacesBefore={escaped(before)}")
    return "|".join(parts) or "_"
