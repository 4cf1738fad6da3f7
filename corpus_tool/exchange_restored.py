"""What an import finds again by itself, and so is not lost: blocks, the title, what the words of an annotation say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus_tool.exchange_complete import complete
from corpus_tool.formats.fit import LINK, link_attributes
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.ledger import WHOLE, Loss
from corpus_tool.model import Document, surface
from corpus_tool.model.corpus import CorpusConfig
from corpus_tool.model.schemas import JsonObject
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.text import title_of

#: Attributes that ``complete`` may find again.
_FOUND = {"quotes": ("kind", "speaker_status"), "figures": ("value", "min", "max", "unit")}

_NUMBERS = frozenset({"value", "min", "max"})


def really_lost(
    losses: Iterable[Loss], document: Document, fitted: ForeignDocument, config: CorpusConfig
) -> Iterator[Loss]:
    """The losses without what an import finds again; a figure whose number it cannot find is lost as a whole.

    Args:
        losses: what was taken out of a document so that it fits a format.
        document: the document.
        fitted: the document as the format holds it.
        config: what holds for all documents of the corpus, and need not be told with each.
    """
    by_annotation: dict[str, list[Loss]] = defaultdict(list)
    found = list(losses)
    for loss in dict.fromkeys([*found, *_moved_up(found, document)]):
        if loss.layer in _FOUND and loss.what in _FOUND[loss.layer]:
            by_annotation[loss.annotation].append(loss)
        elif not _is_found(loss, document, config):
            yield loss
    if by_annotation:
        yield from _not_found(by_annotation, document, fitted)


def _moved_up(losses: Sequence[Loss], document: Document) -> Iterator[Loss]:
    """Co-speakers of quotes that lose their speaker: the first of them comes back in its place."""
    without = {loss.annotation: loss for loss in losses if loss.layer == "quotes" and loss.what == "speaker"}
    told = {loss.annotation for loss in losses if loss.what == "co_speakers"}
    for quote in document.quotes:
        if quote.co_speakers and quote.id in without and quote.id not in told:
            yield replace(without[quote.id], what="co_speakers", why="the first one takes the speaker's place")


def _is_found(loss: Loss, document: Document, config: CorpusConfig) -> bool:
    meta, what = document.meta, loss.what
    if what == "provenance.status":
        return _status(document, loss) == "accepted"
    if loss.layer != "document":
        return False
    if what == "blocks":
        return document.blocks == find_blocks(document.text)
    if what == "meta.title":
        return meta.title == title_of(document.text, find_blocks(document.text))
    told = {"meta.language": config.language, "meta.license": config.article_license, "meta.source": config.source}
    return what in told and told[what] == getattr(meta, what.removeprefix("meta."))


def _status(document: Document, loss: Loss) -> str | None:
    for annotation in document.layers[loss.layer]:
        if annotation.id == loss.annotation and annotation.provenance is not None:
            return annotation.provenance.status
    return None


def _not_found(by_annotation: Mapping[str, list[Loss]], document: Document, fitted: ForeignDocument) -> Iterator[Loss]:
    """What is lost of quotes and figures although their words are there."""
    spans = {span.id: span for span in fitted.spans}
    rows: dict[str, list[JsonObject]] = defaultdict(list)
    before: dict[str, dict[str, Any]] = {}
    links = [relation for relation in fitted.relations if relation.id.startswith(LINK)]
    speakers = {relation.ends[0][1] for relation in links if "speaker" in link_attributes(relation)}
    for layer, attributes in _FOUND.items():
        for annotation in document.layers.get(layer, ()):
            span = spans.get(annotation.id)
            if annotation.id not in by_annotation or span is None:
                continue
            gone = {loss.what for loss in by_annotation[annotation.id]}
            before[annotation.id] = {key: getattr(annotation, key) for key in attributes}
            held = {key: value for key, value in before[annotation.id].items() if key not in gone and value is not None}
            if annotation.id in speakers:
                held["speaker"] = "there"
            pieces = [{"start": start, "end": end} for start, end in span.pieces]
            row = {"id": annotation.id, "start": span.start, "end": span.end, "text": surface(fitted.text, span.pieces)}
            rows[layer].append({**row, **held, **({"fragments": pieces} if len(pieces) > 1 else {})})
    complete(fitted.text, find_blocks(fitted.text), rows)
    after = {row["id"]: row for found in rows.values() for row in found}
    there = {relation.id for relation in fitted.relations}  # and not told yet
    for key, losses in by_annotation.items():
        if key not in after:
            yield from losses
            continue
        if losses[0].layer == "figures" and not _NUMBERS & after[key].keys():
            first = losses[0]
            why = "its number cannot be read from its words"
            yield Loss(WHOLE, first.layer, first.kind, first.document, first.annotation, why)
            for r in document.relations:
                if r.id in there and key in (r.source, r.target):
                    there.remove(r.id)
                    yield Loss("relation", "relations", r.type, first.document, r.id, why)
            continue
        yield from (loss for loss in losses if after[key].get(loss.what) != before[key][loss.what])
