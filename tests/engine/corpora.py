"""Corpora whose documents lie in files and in shards of every kind, with text that breaks naive tools."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

Json = dict[str, Any]

#: Text with an emoji, a combining mark, three scripts of other directions and widths, no-break spaces and odd quotes.
TEXT = (
    "Zoë 😀 left 港口 with שרה\u200f and علي.\n“Why?” she asked: 'nobody\u00a0knows e\u0301clairs, 12\u202f000 of them."
)

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".jsonl": bytes,
    ".jsonl.gz": lambda data: gzip.compress(data, mtime=0),
    ".jsonl.zst": lambda data: bytes(pa.Codec("zstd").compress(data)),
}


def nasty(raw_document: Callable[..., Json], name: str, number: int) -> Json:
    """A document; of every seventh the name of the actor is not what stands in its text."""
    actor = {"id": "a1", "start": 0, "end": 3, "text": "Zoe" if number % 7 == 3 else "Zoë", "kind": "person"}
    words = random.Random(name).choices(range(10_000), k=90)
    text = f"{TEXT}\nParagraph {number} of {name}: " + " ".join(f"word{word}" for word in words)
    meta = {"language": "en", "published": f"2024-0{number % 9 + 1}-11", "url": f"https://news.example/{name}"}
    return raw_document(name, text, layers={"actors": [actor]}, meta=meta)


def write_shards(
    root: Path, raw_document: Callable[..., Json], *, shards: int, each: int, files: int = 0, faulty: bool = True
) -> None:
    """Writes document shards of all kinds, and document files, into a corpus that is there."""
    for number in range(shards):
        suffix = list(COMPRESS)[number % len(COMPRESS)]
        rows = [_row(raw_document, f"s{number:03}-{n:04}", n, faulty) for n in range(each)]
        (root / "documents" / f"s{number:03}{suffix}").write_bytes(COMPRESS[suffix](b"\n".join(rows) + b"\n"))
    for n in range(files):
        (root / "documents" / f"f{n:04}.json").write_bytes(_row(raw_document, f"f{n:04}", n, faulty))


def _row(raw_document: Callable[..., Json], name: str, number: int, faulty: bool) -> bytes:
    return json.dumps(nasty(raw_document, name, number if faulty else 7 * number), ensure_ascii=False).encode()


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
