"""Which annotators a corpus asks for, and whether the user lets them run.

A corpus is data from strangers. What its ``corpus.yaml`` names may import packages, load models and send articles and
keys somewhere, so it is a request: the user's word on the command line, or in their own configuration, makes it run.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus_tool.annotate.pipeline import is_default_pipeline
from corpus_tool.annotate.plugins import Request
from corpus_tool.diagnostics.render.text import printable
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE, Corpus
from corpus_tool.read.files import read_file
from corpus_tool.read.yaml import MAX_BYTES, YamlError, load_yaml

#: What ``allow`` holds to let every annotator run that the corpus names.
EVERYTHING = "*"


@dataclass(frozen=True)
class UserConfig:
    """The user's own configuration: what may run in any corpus, and which variable holds an endpoint's key."""

    allow_annotators: tuple[str, ...] = ()
    api_key_env: Mapping[str, str] = field(default_factory=dict)


def user_config_path() -> Path:
    """Where the user's configuration lies: ``$XDG_CONFIG_HOME/corpus-tool/config.yaml``."""
    base = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".config") / "corpus-tool" / "config.yaml"  # noqa: PTH117  # "" too


def read_user_config() -> UserConfig:
    """The user's configuration; an empty one where there is no file.

    Raises:
        CorpusToolError: the file cannot be read, or holds something else than it may.
    """
    path = user_config_path()
    if not path.exists():
        return UserConfig()
    try:
        value = load_yaml(read_file(path, limit=MAX_BYTES).data.decode("utf-8-sig")).value or {}
    except YamlError as error:
        raise CorpusToolError(f"{path}:{error.position.line}:{error.position.column}: {error}") from error
    except UnicodeDecodeError as error:
        raise CorpusToolError(f"{path}: not UTF-8") from error
    if not isinstance(value, dict) or set(value) - {"allow_annotators", "api_key_env"}:
        raise CorpusToolError(f"{path}: holds other keys than allow_annotators and api_key_env")
    allowed, keys = value.get("allow_annotators") or [], value.get("api_key_env") or {}
    if not isinstance(allowed, list) or not all(isinstance(name, str) for name in allowed):
        raise CorpusToolError(f"{path}: allow_annotators is a list of names")
    if not isinstance(keys, dict) or not all(isinstance(name, str) for name in keys.values()):
        raise CorpusToolError(f"{path}: api_key_env maps each address to the name of an environment variable")
    for name in ("openai", EVERYTHING):
        if name in allowed:
            raise CorpusToolError(
                f"{path}: {name!r} alone would let every corpus choose where articles are sent; write openai:URL"
            )
    return UserConfig(tuple(allowed), keys)


def allowed_requests(
    corpus: Corpus,
    *,
    allow: Collection[str] = (),
    pipeline: str | None = None,
    gazetteer: Path | None = None,
    api_key_env: str | None = None,
) -> tuple[Request, ...]:
    """The annotators that are to run over the articles of a corpus, all of them allowed; nothing is loaded yet.

    Args:
        corpus: the corpus; without ``annotate:`` in its ``corpus.yaml`` the default annotator runs.
        allow: what the user lets run: ``NAME``, ``NAME:TARGET`` (a pipeline, a model's folder, an address), or
            ``EVERYTHING``.
        pipeline: a spaCy pipeline that the user names for the default annotator, which allows it.
        gazetteer: a file of places that the user names for the default annotator, in place of the corpus's.
        api_key_env: the environment variable that the user names for the key of the endpoint.

    Raises:
        CorpusToolError: the corpus asks for something that the user has not allowed, or the user for something that
            does not apply; says how to go on.
    """
    asked = [
        Request(str(entry["annotator"]), {k: v for k, v in entry.items() if k != "annotator"}, corpus.root)
        for entry in corpus.config.annotate
    ] or [Request("default", {}, corpus.root)]
    for flag, given in (("--pipeline", pipeline), ("--gazetteer", gazetteer)):
        if given is not None and not any(request.annotator == "default" for request in asked):
            raise CorpusToolError(f"{flag}: {corpus.root / CONFIG_FILE} does not ask for the default annotator")
    asked = [_with_gazetteer(request, corpus, gazetteer) for request in asked]
    foreign = [r for r in asked if not _is_plain(r) and not (r.annotator == "default" and pipeline is not None)]
    config = read_user_config() if foreign else UserConfig()
    refused = [r for r in foreign if not _is_allowed(r, {*allow, *config.allow_annotators})]
    if refused:
        raise CorpusToolError(_refusal(corpus, refused))
    keyed = _keys(asked, config, api_key_env)
    return tuple(
        Request(r.annotator, {**r.options, "pipeline": pipeline}, Path())
        if r.annotator == "default" and pipeline is not None
        else r
        for r in keyed
    )


def _with_gazetteer(request: Request, corpus: Corpus, own: Path | None) -> Request:
    """The request with the path of its gazetteer made absolute: the user's own, else the corpus's, which lies in it.

    Raises:
        CorpusToolError: the corpus names a file outside of it.
    """
    value = request.options.get("gazetteer")
    if request.annotator != "default" or (own is None and not isinstance(value, str)):
        return request
    if own is None:
        root = corpus.root.resolve()
        inner = (root / str(value)).resolve()
        if Path(str(value)).is_absolute() or ".." in Path(str(value)).parts or not inner.is_relative_to(root):
            says = f"the gazetteer {printable(str(value))} is not a path inside the corpus"
            raise CorpusToolError(f"{corpus.root / CONFIG_FILE}: {says}")
        own = inner
    return Request(request.annotator, {**request.options, "gazetteer": str(own.absolute())}, request.root)


def is_plain_run(requests: Collection[Request]) -> bool:
    """Whether nothing but the default annotator runs, with its default pipeline."""
    return all(map(_is_plain, requests))


def _is_plain(request: Request) -> bool:
    """Whether a request is for what runs without being asked for."""
    return request.annotator == "default" and is_default_pipeline(request.options.get("pipeline"))


def _token(request: Request) -> str:
    """What allows exactly this request."""
    return request.annotator if request.target is None else f"{request.annotator}:{request.target}"


def _is_allowed(request: Request, allow: Collection[str]) -> bool:
    names = {request.annotator, _token(request), _token(request).rstrip("/"), EVERYTHING}
    if request.target is not None and not urlsplit(request.target).scheme:
        names.add(f"{request.annotator}:{(request.root / request.target).resolve()}")
    return not names.isdisjoint(allow)


def _refusal(corpus: Corpus, refused: Collection[Request]) -> str:
    wants = ", ".join(_does(request) for request in refused)
    flags = " ".join(f"--allow {_quoted(_token(request))}" for request in refused)
    return (
        f"{corpus.root / CONFIG_FILE} asks for {wants}; nothing was run."
        f" To allow it: convert {flags}, or allow_annotators in {user_config_path()} (or convert --no-annotate)"
    )


def _does(request: Request) -> str:
    target = printable(str(request.target))
    if request.annotator == "openai":
        return f"the annotator openai, which sends the articles to {target}"
    if request.annotator == "default":
        return f"the spaCy pipeline {target}, which may run code"
    if request.annotator == "gliner":
        return f"the annotator gliner with the model {target}"
    return f"the annotator {printable(request.annotator)} of another package"


def _quoted(token: str) -> str:
    import shlex

    return shlex.quote(token)


def _keys(asked: Collection[Request], config: UserConfig, api_key_env: str | None) -> list[Request]:
    """The requests, with the environment variable for the key as the user names it: a corpus may not choose a secret.

    Raises:
        CorpusToolError: the corpus needs a key that the user has named no variable for, or one key has two addresses.
    """
    keys = {url.rstrip("/"): name for url, name in config.api_key_env.items()}
    urls = {r.target for r in asked if r.annotator == "openai"}
    if api_key_env is not None and len(urls) != 1:
        count = "no endpoint" if not urls else f"{len(urls)} endpoints"
        raise CorpusToolError(f"--api-key-env: the corpus asks for {count}; use api_key_env in {user_config_path()}")
    out = []
    for request in asked:
        if request.annotator != "openai":
            out.append(request)
            continue
        options: dict[str, Any] = dict(request.options)
        wanted = options.pop("api_key_env", None)
        own = api_key_env or keys.get(str(request.target).rstrip("/"))
        if wanted is not None and own is None:
            raise CorpusToolError(
                f"the endpoint {request.target} needs a key, which the corpus expects in {wanted}: name the variable"
                f" yourself (convert --api-key-env {_quoted(str(wanted))}, or api_key_env in {user_config_path()})"
            )
        out.append(Request(request.annotator, {**options, "api_key_env": own} if own else options, request.root))
    return out
