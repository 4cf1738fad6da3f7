"""Prodigy's JSON lines, written: tasks with tokens, spans and relations, to be reviewed or trained from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpus_tool.formats.fit import Fitted
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.plain_json import head_json, with_arrows_alone
from corpus_tool.formats.prodigy import OWN
from corpus_tool.formats.words import cut_words, tokens_and_spaces, words_of
from corpus_tool.model.schemas import JsonObject

#: What annotators see of an article below its text.
_SHOWN = ("title", "source", "url")


def fit_prodigy(document: ForeignDocument) -> Fitted:
    """A document as Prodigy can hold it: everything but relations that are more than an arrow."""
    lost: list[Lost] = []
    return Fitted(with_arrows_alone(document, lost), tuple(lost))


def write_prodigy(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes ``tasks.jsonl`` for recipes like ``spans.manual``, ``rel.manual`` and ``review``.

    A task has no ``answer``: whoever opens it gives one. Tokens are those of our tables, cut where a span begins or
    ends within one, so that Prodigy can show every span. A discontinuous span is shown from its first to its last word.
    """
    with (folder / "tasks.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            file.write(json.dumps(_task(document), ensure_ascii=False) + "\n")


def _task(document: ForeignDocument) -> JsonObject:
    text = document.text
    words = cut_words(words_of(text), (at for s in document.spans for at in (s.start, s.end)))
    tokens = tokens_and_spaces(text, words)
    starts, ends = {t.start: at for at, t in enumerate(tokens)}, {t.end: at for at, t in enumerate(tokens)}
    spans = {span.id: _span(span, starts, ends) for span in document.spans}
    shown = {key: document.meta[key] for key in _SHOWN if key in document.meta}
    task: JsonObject = {
        "text": text,
        "meta": {"id": document.name, **shown},
        "tokens": [
            {
                "text": text[t.start : t.end],
                "start": t.start,
                "end": t.end,
                "id": at,
                "ws": t.spaced,
                **({"disabled": True} if text[t.start : t.end].isspace() else {}),
            }
            for at, t in enumerate(tokens)
        ],
        "spans": list(spans.values()),
        "relations": [
            {
                "id": r.id,
                **_end("head", spans[r.ends[0][1]]),
                **_end("child", spans[r.ends[1][1]]),
                "label": r.label,
                **({"attributes": dict(r.attributes)} if r.attributes else {}),
            }
            for r in document.relations
        ],
        OWN: head_json(document),
    }
    return task if document.annotator is None else {**task, "_annotator_id": document.annotator}


def _span(span: ForeignSpan, starts: dict[int, int], ends: dict[int, int]) -> JsonObject:
    made: JsonObject = {
        "id": span.id,
        "start": span.start,
        "end": span.end,
        "token_start": starts[span.start],
        "token_end": ends[span.end],
        "label": span.label,
    }
    if len(span.pieces) > 1:
        made["fragments"] = [list(piece) for piece in span.pieces]
    if span.attributes:
        made["attributes"] = dict(span.attributes)
    return made if span.entity is None else {**made, "entity": span.entity}


def _end(role: str, span: JsonObject) -> dict[str, Any]:
    """An end of a relation as Prodigy writes it: the last token of its span, and the span."""
    kept = ("id", "start", "end", "token_start", "token_end", "label")
    return {role: span["token_end"], f"{role}_span": {key: span[key] for key in kept}}
