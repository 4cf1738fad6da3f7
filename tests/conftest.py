"""What tests share: documents and corpora made in a temporary folder, with text that breaks naive tools."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

os.environ["HF_HUB_OFFLINE"] = "1"  # read when datasets is imported: no test asks the network
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

# The tests of a change are the same everywhere, however busy the machine; `make test-all` searches on.
_STEADY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("steady", derandomize=True, **_STEADY)
settings.register_profile("search", **_STEADY)
settings.load_profile("steady")

Json = dict[str, Any]


def _raw_document(document_id: str, text: str, *, layers: Mapping[str, list[Json]] | None = None, **rest: Any) -> Json:
    return {
        "schema": "corpus-tool/document/1",
        "id": document_id,
        "meta": {"language": "en"},
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "blocks": [
            {"start": m.start(), "end": m.end(), "kind": "paragraph"} for m in re.finditer(r"[^\n]*\S[^\n]*", text)
        ],
        "entities": [],
        "layers": dict(layers or {}),
        **rest,
    }


def _new_corpus(root: Path, documents: list[Json] = [], *, yaml: str = "", own: Mapping[str, Json] = {}) -> Path:  # noqa: B006  # never changed
    (root / "documents").mkdir(parents=True)
    common = "name: test\nversion: 1.0.0\nlicense: cc0-1.0\narticle_license: CC0-1.0\nsource: The Test\n"
    language = "" if "language:" in yaml else "language: en\n"
    (root / "corpus.yaml").write_text(f"schema: corpus-tool/corpus/1\n{common}{language}{yaml}", encoding="utf-8")
    for document in documents:
        path = root / "documents" / f"{document['id']}.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    for name, schema in own.items():
        path = root / "schema" / "layers" / f"{name}.schema.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def raw_document() -> Callable[..., Json]:
    """``raw_document(id, text, layers={...}, **keys)``: the JSON object of a document; each line is a paragraph."""
    return _raw_document


@pytest.fixture(scope="session")
def new_corpus() -> Callable[..., Path]:
    """``new_corpus(root, documents, yaml="more lines", own={layer: schema})``: writes a corpus, gives its folder."""
    return _new_corpus


class Ran(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def run_main(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """``run_main("validate", path, stdin=b"…")``: the command line's own ``main``, in this process."""
    from corpus_tool.cli import main

    def run(*args: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["corpus-tool", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Ran(code or 0, *capsys.readouterr())

    return run
