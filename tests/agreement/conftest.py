"""Corpora with the versions of several annotators, made from a few words each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from agreement.annotated import TEXT

Json = dict[str, Any]


@pytest.fixture
def versions_of(
    tmp_path: Path, raw_document: Callable[..., Json], new_corpus: Callable[..., Path]
) -> Callable[..., Path]:
    """``versions_of({"ana": {"boats": {"actors": [...]}}})``: a corpus whose annotators made these layers.

    A version's ``entities`` and ``relations`` stand beside its layers; ``main`` is what ``documents/`` holds.
    """

    def make(
        versions: Mapping[str, Mapping[str, Json]],
        *,
        text: str = TEXT,
        main: Mapping[str, Json] | None = None,
        name: str = "corpus",
        **rest: Any,
    ) -> Path:
        def document(own: str, parts: Json) -> Json:
            beside = {key: parts[key] for key in ("entities", "relations") if key in parts}
            layers = {key: value for key, value in parts.items() if key not in {*beside, "text"}}
            made: Json = raw_document(own, parts.get("text", text), layers=layers, **beside)
            return made

        names = sorted({own for documents in versions.values() for own in documents})
        plain = [document(own, dict((main or {}).get(own, {}))) for own in names]
        root = new_corpus(tmp_path / name, plain, **rest)
        for annotator, documents in versions.items():
            folder = root / "annotators" / annotator
            folder.mkdir(parents=True)
            for own, parts in documents.items():
                path = folder / f"{own}.json"
                path.write_text(json.dumps(document(own, dict(parts)), ensure_ascii=False), encoding="utf-8")
        return root

    return make
