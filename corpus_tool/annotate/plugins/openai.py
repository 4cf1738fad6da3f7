"""A language model behind an OpenAI-compatible endpoint: asked for verbatim strings, never for offsets."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from corpus_tool import __version__
from corpus_tool.annotate.plugins.annotator import Annotator, Note, Noted, Request
from corpus_tool.annotate.plugins.answers import Answer, document_from_answers
from corpus_tool.annotate.plugins.asking import chunks, content_of, request_body
from corpus_tool.annotate.plugins.endpoint import Endpoint, EndpointError, post_json, url_problem
from corpus_tool.annotate.plugins.options import layers_option, number_option, refuse_unknown, text_option, wrong
from corpus_tool.model import Document
from corpus_tool.model.schemas import BUILT_IN

_OPTIONS = frozenset({"url", "model", "layers", "api_key_env", "timeout", "retries"})


def make_openai(request: Request) -> Annotator:
    """The annotator; connects to nothing yet.

    Options: ``url`` (up to ``/v1``), ``model``, ``layers``, ``timeout`` (seconds a request), ``retries``, and
    ``api_key_env``, the environment variable that holds the key. The caller passes on no ``api_key_env`` but the
    user's own: a corpus must not choose which secret is sent where.

    Raises:
        CorpusToolError: an option is wrong, or the variable is not set.
    """
    refuse_unknown(request, _OPTIONS)
    url, model = text_option(request, "url").rstrip("/"), text_option(request, "model")
    key = None
    if request.options.get("api_key_env") is not None:
        variable = text_option(request, "api_key_env")
        key = os.environ.get(variable, "").strip()
        if not key:
            raise wrong(request, f"the environment variable {variable} is not set")
        if not key.isascii() or not key.isprintable():
            raise wrong(request, f"the environment variable {variable} holds no key")
    problem = url_problem(url, with_key=key is not None)
    if problem:
        raise wrong(request, f"{url} {problem}")
    endpoint = Endpoint(
        f"{url}/chat/completions",
        key,
        number_option(request, "timeout", 60, 0.1, 3600),
        int(number_option(request, "retries", 2, 0, 10)),
    )
    layers = layers_option(request, tuple(BUILT_IN))
    return Annotator(
        "openai",
        f"{__version__}+{model}",
        layers,
        partial(_annotated, endpoint=endpoint, model=model, layers=layers, name=f"openai at {url}"),
    )


def _annotated(
    documents: Sequence[Document], *, endpoint: Endpoint, model: str, layers: tuple[str, ...], name: str
) -> Iterator[Noted]:
    for document in documents:
        answers = []
        try:
            for blocks in chunks(document):
                text = "\n\n".join(document.text[b.start : b.end] for b in blocks)
                answer = _asked(endpoint, request_body(model, layers, text), layers)
                answers.append(Answer(tuple((b.start, b.end) for b in blocks), answer))
        except (EndpointError, ValueError) as error:
            # Half an article's annotations would look like a whole one's.
            yield Noted(document, (Note("annotator-failed", f"{name} {error}"),))
            continue
        done, lost = document_from_answers(document, answers, layers)
        given = sum(len(found) for answer in answers for found in answer.layers.values())
        yield Noted(done, _notes(given, lost))


def _asked(endpoint: Endpoint, body: dict[str, Any], layers: tuple[str, ...]) -> dict[str, list[Any]]:
    """What the model gave for each layer; single items are not looked at yet.

    Raises:
        EndpointError: there is no answer.
        ValueError: it is not what was asked for.
    """
    content = content_of(post_json(endpoint, body))
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("the model's words are no JSON") from error
    if not isinstance(given, dict) or not all(isinstance(given.get(layer), list) for layer in layers):
        raise ValueError(f"the model's JSON has no lists {', '.join(layers)}")
    return {layer: given[layer] for layer in layers}


def _notes(given: int, lost: Counter[str]) -> tuple[Note, ...]:
    if not lost:
        return ()
    reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(lost.items()))
    return (Note("suggestion-not-found", f"openai: {lost.total()} of {given} suggestions were refused: {reasons}"),)
