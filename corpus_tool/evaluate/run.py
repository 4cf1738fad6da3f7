"""Evaluating whole sets of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from corpus_tool.checks.run import make_checker
from corpus_tool.evaluate.quotes import score_quotes, speaker_disagreements
from corpus_tool.evaluate.scores import Counts, Evaluation, LayerScores, Share
from corpus_tool.evaluate.spans import disagreements, score_layer, score_values
from corpus_tool.model import CorpusToolError, Document, live
from corpus_tool.model.corpus import CONFIG_FILE
from corpus_tool.model.schemas import layers_of
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import document_files, iter_documents, iter_shard, read_document


def evaluate_paths(predicted: Path, gold: Path, *, errors: bool = False, on_event: OnEvent | None = None) -> Evaluation:
    """Compares predicted with gold documents; each side is a corpus, a folder of documents, or a ``.jsonl`` of them.

    Args:
        predicted: the predictions.
        gold: what they are measured against.
        errors: whether to list every disagreement.
        on_event: called with each event of the run, whose parts are ``read`` (the predictions) and ``compare``.

    Raises:
        CorpusToolError: a path cannot be read.
        ReadError: a document is not valid.
    """
    told = Told(on_event)
    sides = _told(predicted, "read", told), _told(gold, "compare", told)
    return evaluate_documents(*sides, errors=errors)


def _told(path: Path, part: str, told: Told) -> Iterator[Document]:
    """The documents of one side, told one after the other."""
    told.plan(part)
    for document in iter_side(path):
        yield document
        told.document(document.id)


def iter_side(path: Path) -> Iterator[Document]:
    """The documents of one side, one after the other.

    Raises:
        CorpusToolError: there is no such path, or it holds no document.
        ReadError: a document is not valid.
    """
    if (path / CONFIG_FILE).is_file():
        yield from iter_documents(open_corpus(path))
        return
    checker = make_checker(layers_of(None), ())
    if path.is_dir():
        files = document_files(path)
        if not files:
            raise CorpusToolError(f"{path}: holds neither {CONFIG_FILE} nor documents (*.json)")
        for file in files:
            yield read_document(file, checker)
        return
    if path.suffix == ".json":
        yield read_document(path, checker)
        return
    yield from iter_shard(path, checker)


def evaluate_documents(predicted: Iterable[Document], gold: Iterable[Document], *, errors: bool = False) -> Evaluation:
    """Compares predicted with gold documents of the same ids and texts.

    A gold document without a prediction, or whose prediction has another text, counts with all its annotations missed.

    Args:
        predicted: the predictions; those without a gold document are passed over. Where both come in one order, one
            document of each is held at a time; where not, those predictions that came too early.
        gold: the gold documents.
        errors: whether to list every disagreement.
    """
    early: dict[str, Document] = {}
    rest = iter(predicted)
    result = Evaluation()
    for document in gold:
        result.documents += 1
        guess = _prediction(document.id, rest, early)
        if guess is None:
            result.missing.append(document.id)
        elif guess.text != document.text:
            result.texts_differ.append(document.id)
            guess = None
        _add(
            guess or Document(id=document.id, meta=document.meta, text=document.text, text_sha256=""), document, result
        )
        if errors and guess is not None:
            result.disagreements += sorted(
                _differences(guess, document), key=lambda d: (d.layer, d.start, d.end, d.what)
            )
    return result


def _prediction(document_id: str, rest: Iterator[Document], early: dict[str, Document]) -> Document | None:
    """The prediction of an id; those before it are kept for the gold documents that follow."""
    if document_id in early:
        return early.pop(document_id)
    for document in rest:
        if document.id == document_id:
            return document
        early[document.id] = document
    return None


def _add(predicted: Document, gold: Document, result: Evaluation) -> None:
    for name, annotations in gold.layers.items():
        scores = result.layers.setdefault(name, LayerScores())
        score_layer(live(predicted.layers.get(name, ())), live(annotations), scores)
    score_values(live(predicted.figures), live(gold.figures), result.values)
    if "quotes" in gold.layers:
        score_quotes(predicted, gold, result.quotes)


def _differences(predicted: Document, gold: Document) -> Iterator[Any]:
    for name, annotations in gold.layers.items():
        yield from disagreements(gold, name, live(predicted.layers.get(name, ())), live(annotations))
    yield from speaker_disagreements(predicted, gold)


def evaluation_to_json(result: Evaluation) -> str:
    """The evaluation as a JSON object, ratios rounded to three digits, ending in a newline."""
    return orjson.dumps(_plain(result), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Counts):
        ratios = {"p": value.precision, "r": value.recall, "f1": value.f1}
        return {**{k: round(v, 3) for k, v in ratios.items()}, "n_gold": value.gold, "n_predicted": value.predicted}
    if isinstance(value, Share):
        return {"rate": round(value.rate, 3), "n": value.of}
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
