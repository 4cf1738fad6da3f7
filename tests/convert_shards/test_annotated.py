"""Shards with the real annotators: the same documents as in a file each; what failed is tried again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from convert_shards.articles import HARBOUR, OTTER, STORM, names, put_lines, review, shards, tree

from corpus_tool.consent import EVERYTHING
from corpus_tool.convert import convert_articles

FRENCH = (
    "Le port brûle\n\nLe maire a déclaré mardi que personne n’avait été blessé dans l’incendie du port. Les pompiers "
    "ont éteint le feu dans la nuit, et la plupart des bateaux sont de nouveau en mer depuis le matin.\n"
)


def raw_shards(folder: Path) -> list[Path]:
    """Two files of articles, the last of them in another language."""
    return [
        put_lines(folder / "mon.jsonl", {"storm": STORM, "otter": OTTER}),
        put_lines(folder / "tue.jsonl", {"harbour": HARBOUR, "port": FRENCH}),
    ]


def test_shards_hold_what_files_hold(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    raws = raw_shards(tmp_path)
    files, one = new_corpus(tmp_path / "files"), new_corpus(tmp_path / "one")
    single = convert_articles(raws, files)
    first = convert_articles(raws, one, shards="jsonl")
    made = {raw["id"]: raw for own in shards(one).values() for raw in own}
    assert made == {raw["id"]: raw for own in shards(files).values() for raw in own}
    assert made["storm"]["layers"]["quotes"]
    assert names(single) == names(first) == ["language-not-annotated"]
    told = first.diagnostics[0]
    assert (told.path, told.line, told.document) == ("documents/tue.jsonl", 2, "port")


@pytest.mark.slow
def test_two_processes_annotate_alike(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    raws = raw_shards(tmp_path)
    one, two = new_corpus(tmp_path / "one"), new_corpus(tmp_path / "two")
    convert_articles(raws, one, shards="jsonl")
    convert_articles(raws, two, shards="jsonl", jobs=2)
    assert tree(one) == tree(two)


def test_reviewed_layers_stay_and_again_adds_to_them(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "corpus")
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM})
    convert_articles([raw], corpus, annotate=False, shards="jsonl")
    review(corpus / "documents" / "a.jsonl", "one", "rejected")
    convert_articles([raw], corpus)
    [document] = shards(corpus)["a.jsonl"]
    assert [a["provenance"]["status"] for a in document["layers"]["actors"]] == ["rejected"]
    assert document["layers"]["quotes"]
    convert_articles([raw], corpus, again=True)
    [document] = shards(corpus)["a.jsonl"]
    assert {a["provenance"]["status"] for a in document["layers"]["actors"]} == {"rejected", "suggested"}


def test_what_an_annotator_failed_on_is_not_done(
    new_corpus: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    yaml = "annotate:\n  - {annotator: openai, url: 'http://127.0.0.1:9/v1', model: m, retries: 0}\n"
    corpus = new_corpus(tmp_path / "corpus", yaml=yaml)
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM})
    for _ in range(2):
        report = convert_articles([raw], corpus, shards="jsonl", allow=[EVERYTHING])
        assert names(report) == ["annotator-failed"]
        assert not report.shards[0].was_done
    assert json.loads((corpus / "documents" / "a.jsonl").read_bytes())["id"] == "one"
