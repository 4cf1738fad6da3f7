"""The card of a corpus with annotators' versions says how far they agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import build_dataset, verify_dataset
from corpus_tool.agreement import estimates, measure
from corpus_tool.build.rehydrate import rehydrate_dataset

Json = dict[str, Any]

HEADING = "\n## How far annotators agree\n"


@pytest.fixture
def corpus(tmp_path: Path, raw_document: Callable[..., Json], new_corpus: Callable[..., Path]) -> Callable[..., Path]:
    """``corpus("more lines")``: two documents, and two annotators who differ in one kind of six."""

    def make(yaml: str = "") -> Path:
        def document(own: str, kind: str) -> Json:
            text = "Zoë 😀 met Ali and 李娜.\n"
            spans = [(0, 3, "person"), (10, 13, "person"), (18, 20, kind)]
            layer = [
                {"id": f"a{n}", "start": start, "end": end, "text": text[start:end], "kind": kind}
                for n, (start, end, kind) in enumerate(spans)
            ]
            return raw_document(own, text + f"{own}.\n", layers={"actors": layer})

        root = new_corpus(tmp_path / "corpus", [document(own, "person") for own in ("a", "b")], yaml=yaml)
        for name in ("ana", "ben"):
            (root / "annotators" / name).mkdir(parents=True)
            for own in ("a", "b"):
                raw = document(own, "group" if (name, own) == ("ben", "b") else "person")
                (root / "annotators" / name / f"{own}.json").write_text(json.dumps(raw), encoding="utf-8")
        return root

    return make


def section(out: Path) -> str:
    return (out / "README.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]


def test_the_card_shows_what_was_measured_beside_what_is_stated(corpus: Callable[..., Path], tmp_path: Path) -> None:
    report = build_dataset(corpus("agreement: Nearly *always*.\n"), tmp_path / "out")
    told = section(tmp_path / "out")
    assert told.startswith("\nNearly \\*always\\*.\n\n2 annotators, ")
    assert "| actors | 2 | 0.83 (.67–1) | 1.00 (1–1) |" in told
    assert not any("agreement is missing" in d.message for d in report.diagnostics)
    assert verify_dataset(tmp_path / "out") == ()


def test_what_is_measured_is_not_asked_for(corpus: Callable[..., Path], tmp_path: Path) -> None:
    report = build_dataset(corpus(), tmp_path / "out")
    assert section(tmp_path / "out").startswith("\n2 annotators, ")
    assert not any("agreement is missing" in d.message for d in report.diagnostics)


def test_another_version_of_an_annotator_is_built_anew(corpus: Callable[..., Path], tmp_path: Path) -> None:
    root = corpus()
    build_dataset(root, tmp_path / "out")
    assert build_dataset(root, tmp_path / "out").is_current
    path = root / "annotators" / "ben" / "b.json"
    path.write_bytes((root / "annotators" / "ana" / "b.json").read_bytes())
    assert not build_dataset(root, tmp_path / "out").is_current
    assert "| actors | 2 | 1.00 (1–1) |" in section(tmp_path / "out")


def test_the_card_is_the_same_without_optional_packages(
    corpus: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = corpus()
    build_dataset(root, tmp_path / "one")
    monkeypatch.setattr(estimates, "has_krippendorff", lambda: False)
    monkeypatch.setattr(measure, "has_krippendorff", lambda: False)
    build_dataset(root, tmp_path / "two")
    assert (tmp_path / "one/manifest.json").read_bytes() == (tmp_path / "two/manifest.json").read_bytes()


def test_a_rehydrated_dataset_keeps_it(corpus: Callable[..., Path], tmp_path: Path) -> None:
    root = corpus("build: {text: withheld}\n")
    build_dataset(root, tmp_path / "out")
    rehydrate_dataset(tmp_path / "out", [root], tmp_path / "whole")
    assert section(tmp_path / "whole") == section(tmp_path / "out") != ""
