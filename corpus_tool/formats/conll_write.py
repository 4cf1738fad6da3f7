"""CoNLL columns, written: a file a document, a line of the text a sentence, a column of IOB2 tags a layer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus_tool.formats.conll_tags import Tagged, tags_of_spans
from corpus_tool.formats.fit import Fitted, Holds, fit, without_spans
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan
from corpus_tool.formats.words import Unit, escaped, lines_of_words, meta_comments, without_cut_words
from corpus_tool.model.schemas import built_in_layers

_WHOLE_SPANS = Holds(fragments=False, relations=False)
_BARE_SPANS = Holds(attributes=False, entities=False, blocks=False)


def fit_conll(document: ForeignDocument) -> Fitted:
    """A document as columns can hold it: labels on words, those of a layer apart from each other and within a line."""
    whole = fit(document, _WHOLE_SPANS)
    lost = list(whole.lost)
    lines = lines_of_words(document.text)
    words = [word for line in lines for word in line.words]
    fitted = without_cut_words(whole.document, words, lost)
    ends = {line.start: line.end for line in lines}
    starts = sorted(ends)
    far = [s.id for s in fitted.spans if s.end > ends[_last(starts, s.start)]]
    fitted = without_spans(fitted, far, lost, "it runs over the end of a line")
    for layer in dict.fromkeys(s.layer for s in fitted.spans):
        hidden = _overlapped(s for s in fitted.spans if s.layer == layer)
        fitted = without_spans(fitted, hidden, lost, "a word has one tag of a layer, and a longer annotation has it")
    bare = fit(fitted, _BARE_SPANS)
    return Fitted(bare.document, (*lost, *bare.lost))


def _last(starts: list[int], at: int) -> int:
    """The last of ascending numbers that is not beyond another."""
    return starts[bisect_right(starts, at) - 1]


def _overlapped(spans: Iterable[ForeignSpan]) -> list[str]:
    """The ids of spans that share words with a longer one, or with an earlier one that is as long."""
    kept: list[ForeignSpan] = []
    gone = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if any(span.start < other.end and other.start < span.end for other in kept):
            gone.append(span.id)
        else:
            kept.append(span)
    return gone


def write_conll(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes ``<name>.conll``, parted by tabs; its columns are named by ``# global.columns``, as in CoNLL-U Plus.

    Comments hold the text of each line and the space around it, so that ``read_conll`` gives the very text back.
    """
    for document in documents:
        lines = "\n".join(_lines(document)) + "\n"
        (folder / f"{document.name}.conll").write_text(lines, encoding="utf-8", newline="\n")


def _lines(document: ForeignDocument) -> Iterator[str]:
    text = document.text
    layers = list(dict.fromkeys([*built_in_layers(), *sorted(s.layer for s in document.spans)]))
    yield f"# global.columns = {' '.join(['FORM', *layers])}"
    yield f"# newdoc id = {document.name}"
    yield from meta_comments(document.meta)
    units = lines_of_words(text)
    for number, unit in enumerate(units):
        is_last = number + 1 == len(units)
        behind = text[unit.end : len(text) if is_last else units[number + 1].start]
        if number == 0 and unit.start > 0:
            yield f"# spaces_before = {escaped(text[: unit.start])}"
        yield f"# text = {text[unit.start : unit.end]}"
        if behind != ("" if is_last else "\n"):
            yield f"# spaces_after = {escaped(behind)}"
        columns = [_tags(unit, [s for s in document.spans if s.layer == layer]) for layer in layers]
        for word, tags in zip(unit.words, zip(*columns, strict=True), strict=True):
            yield "\t".join([text[slice(*word)], *tags])
        yield ""


def _tags(unit: Unit, spans: Iterable[ForeignSpan]) -> list[str]:
    starts = {start: at for at, (start, _) in enumerate(unit.words)}
    ends = {end: at for at, (_, end) in enumerate(unit.words)}
    here = [Tagged(s.label, starts[s.start], ends[s.end]) for s in spans if unit.start <= s.start and s.end <= unit.end]
    return tags_of_spans(len(unit.words), here)
