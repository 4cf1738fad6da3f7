"""GLiNER: a model from a local folder finds names of whatever kinds it is asked for. Needs the package ``gliner``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from corpus_tool import __version__
from corpus_tool.annotate.plugins.annotator import Annotator, Note, Noted, Request, local_folder
from corpus_tool.annotate.plugins.mentions import Found, document_with_mentions
from corpus_tool.annotate.plugins.options import layers_option, number_option, refuse_unknown, text_option, wrong
from corpus_tool.language.sentences import sentence_bounds
from corpus_tool.model import CONTENT_BLOCKS, CorpusToolError, Document
from corpus_tool.model.schemas import built_in_layers

_OPTIONS = frozenset({"model", "layers", "labels", "threshold"})
_LAYERS = ("actors", "locations")

#: What the model is asked for, and layer and kind of what it finds.
LABELS: Mapping[str, tuple[str, str]] = {
    "person": ("actors", "person"),
    "company or organization": ("actors", "organization"),
    "government or ministry": ("actors", "government"),
    "armed group": ("actors", "armed_group"),
    "military or police": ("actors", "military"),
    "news organization": ("actors", "media"),
    "political party": ("actors", "party"),
    "country": ("locations", "country"),
    "region or state": ("locations", "region"),
    "city or town": ("locations", "city"),
    "district or street": ("locations", "district"),
    "building or facility": ("locations", "facility"),
    "river, mountain or sea": ("locations", "natural"),
}

#: Words given to the model at once; most read 384 tokens of words and labels, and drop the rest without a word.
CHUNK_WORDS = 150

#: Chunks of text given to the model at once.
_BATCH = 16


def make_gliner(request: Request) -> Annotator:
    """The annotator; loads the model.

    Options: ``model`` (a folder), ``labels`` (by label ``layer.kind``), ``layers``, ``threshold`` (0 to 1).

    Raises:
        CorpusToolError: the package or the model is missing, or an option is wrong.
    """
    refuse_unknown(request, _OPTIONS)
    layers = layers_option(request, _LAYERS)
    labels = {label: target for label, target in _labels(request).items() if target[0] in layers}
    if not labels:
        raise wrong(request, "no label is left for its layers")
    threshold = number_option(request, "threshold", 0.5, 0, 1)
    folder = local_folder(text_option(request, "model"), request.root)
    model, version = _load(request, folder)
    name = folder.resolve().name
    return Annotator(
        "gliner",
        f"{version}+{name}",
        tuple(layer for layer in layers if any(layer == target[0] for target in labels.values())),
        partial(_annotated, model=model, labels=labels, threshold=threshold),
    )


def _labels(request: Request) -> Mapping[str, tuple[str, str]]:
    given = request.options.get("labels")
    if given is None:
        return LABELS
    if not isinstance(given, Mapping) or not given:
        raise wrong(request, "the option 'labels' maps each label to layer.kind")
    labels = {}
    for label, target in given.items():
        layer, _, kind = str(target).partition(".")
        if layer not in _LAYERS or kind not in built_in_layers()[layer].kinds:
            raise wrong(request, f"the label {label!r} maps to {target!r}, which is no kind of actors or locations")
        labels[str(label)] = (layer, kind)
    return labels


def _load(request: Request, folder: Path) -> tuple[Any, str]:
    """The model and the version of the package."""
    if not (folder / "gliner_config.json").is_file():
        raise wrong(request, f"{folder} is no folder of a GLiNER model (it holds no gliner_config.json)")
    try:
        import gliner
    except ImportError as error:
        raise wrong(request, "needs the package gliner: pip install gliner") from error
    try:
        with _offline():
            model = gliner.GLiNER.from_pretrained(str(folder), local_files_only=True)
    except Exception as error:
        says = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        raise CorpusToolError(f"the annotator gliner: the model in {folder} does not load ({says})") from error
    return model, str(getattr(gliner, "__version__", __version__))


@contextmanager
def _offline() -> Iterator[None]:
    """Keeps the Hub's client from connecting: a model's configuration may name another model to fetch."""
    try:
        from huggingface_hub import constants
    except ImportError:
        yield
        return
    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def chunks(document: Document) -> Iterator[tuple[int, str]]:
    """Start and text of the pieces of the content blocks: runs of sentences of up to ``CHUNK_WORDS`` words."""
    for block in document.blocks:
        if block.kind not in CONTENT_BLOCKS:
            continue
        text = document.text[block.start : block.end]
        begin, end = 0, 0
        for start, stop in [part for bounds in sentence_bounds(text) for part in _short(text, *bounds)]:
            if end > begin and _words(text[begin:stop]) > CHUNK_WORDS:
                yield block.start + begin, text[begin:end]
                begin = start
            end = stop
        if end > begin:
            yield block.start + begin, text[begin:end]


def _words(text: str) -> int:
    """Words of a text; two characters count as one where no spaces are set."""
    return max(len(text.split()), sum(character > "\u0e00" for character in text) // 2)


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The bounds of a sentence, cut between words where it is too long for the model."""
    while _words(text[start:end]) > CHUNK_WORDS:
        cut = start
        while cut < end and _words(text[start:cut]) < CHUNK_WORDS:
            space = text.find(" ", cut + 1, min(end, cut + 200))
            cut = space if space > 0 else min(end, cut + CHUNK_WORDS)
        if cut >= end:
            break
        yield start, cut
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end


def _annotated(
    documents: Sequence[Document], *, model: Any, labels: Mapping[str, tuple[str, str]], threshold: float
) -> Iterator[Noted]:
    parts = [(n, start, text) for n, document in enumerate(documents) for start, text in chunks(document)]
    found: list[list[Found]] = [[] for _ in documents]
    wrong_spans = [0] * len(documents)
    rest = iter(parts)
    predict = getattr(model, "inference", None) or model.batch_predict_entities
    while batch := list(islice(rest, _BATCH)):
        answers = predict([text for _, _, text in batch], list(labels), threshold=threshold)
        for (n, offset, text), spans in zip(batch, answers, strict=True):
            for span in spans:
                mention = _found(span, text, offset, labels)
                if mention is None:
                    wrong_spans[n] += 1
                else:
                    found[n].append(mention)
    layers = tuple(dict.fromkeys(layer for layer, _ in labels.values()))
    for document, mentions, lost in zip(documents, found, wrong_spans, strict=True):
        says = f"gliner: {lost} of {lost + len(mentions)} spans are not the words that it gave for them"
        notes = (Note("suggestion-not-found", says),) if lost else ()
        yield Noted(document_with_mentions(document, mentions, layers), notes)


def _found(span: Mapping[str, Any], text: str, offset: int, labels: Mapping[str, tuple[str, str]]) -> Found | None:
    start, end, target = span.get("start"), span.get("end"), labels.get(str(span.get("label")))
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text) or target is None:
        return None
    words = text[start:end]
    if words != span.get("text", words) or not words.strip():
        return None
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    score = min(1.0, max(0.0, round(float(span.get("score", 0)), 4)))
    return Found(offset + start, offset + end, *target, score=score)
