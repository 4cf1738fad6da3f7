"""The dataset's folder: card, manifest, the same bytes every time, and what a build refuses."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from huggingface_hub import metadata_load
from markdown_it import MarkdownIt

from corpus_tool.build.dataset import build_dataset
from corpus_tool.cli import cli
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIGS

New = Callable[..., Path]
Make = Callable[..., dict[str, Any]]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_manifest_lists_every_file_with_its_hash_and_size(sample_dataset: Path) -> None:
    manifest = json.loads((sample_dataset / "manifest.json").read_text(encoding="utf-8"))
    files = contents(sample_dataset)
    del files["manifest.json"]
    listed = {file["path"]: (file["bytes"], file["sha256"]) for file in manifest["files"]}
    assert listed == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    assert set(files) == {"README.md", "croissant.json", "pictures/annotations.svg", "pictures/articles.svg"} | {
        f"{config}/{split}-00000-of-00001.parquet" for config in CONFIGS for split in ("train", "validation", "test")
    }


@pytest.mark.parametrize("change", ["text", "config", "layer", "name"])
def test_the_manifest_tells_when_an_input_was_another(
    tmp_path: Path, new_corpus: New, raw_document: Make, change: str
) -> None:
    own = {"mood": {"type": "object", "properties": {}}}
    digests = []
    for number in range(2):
        changed = bool(number)
        raw = raw_document("b" if changed and change == "name" else "a", "B" if changed and change == "text" else "A")
        if changed and change == "layer":
            own["mood"]["title"] = "Mood"
        yaml = "citation: B\n" if changed and change == "config" else ""
        root = new_corpus(tmp_path / str(number), [raw], own=own, yaml=yaml)
        build_dataset(root, tmp_path / f"out{number}")
        digests.append(json.loads((tmp_path / f"out{number}" / "manifest.json").read_text())["inputs_sha256"])
    assert digests[0] != digests[1]


def test_the_card_says_what_the_hub_and_older_readers_need(sample_dataset: Path) -> None:
    data = metadata_load(sample_dataset / "README.md")
    assert data is not None
    assert (data["license"], data["language"], data["size_categories"]) == ("cc0-1.0", ["en"], ["n<1K"])
    named = {
        f"{sample_dataset}/{file['path']}": (config["config_name"], file["split"])
        for config in data["configs"]
        for file in config["data_files"]
    }
    found = {
        str(path): (config, split)
        for pattern, (config, split) in named.items()
        for path in Path("/").glob(pattern.removeprefix("/"))
    }
    parquet = sorted(map(str, sample_dataset.rglob("*.parquet")))
    assert sorted(found) == parquet
    assert {Path(path).parent.name: config for path, (config, _) in found.items()} == {c: c for c in CONFIGS}
    assert [config["config_name"] for config in data["configs"] if config.get("default")] == ["default"]
    manifest = json.loads((sample_dataset / "manifest.json").read_text())
    for info in data["dataset_info"]:
        rows = {split["name"]: split["num_examples"] for split in info["splits"]}
        assert rows == manifest["rows"][info["config_name"]]
        files = [f for f in parquet if Path(f).parent.name == info["config_name"]]
        assert info["download_size"] == sum(Path(f).stat().st_size for f in files)


def test_the_cards_numbers_are_those_of_the_dataset(sample_dataset: Path) -> None:
    text = (sample_dataset / "README.md").read_text(encoding="utf-8")
    assert "31 documents, " in text
    assert "| actors | 240 | person 90, group 60, organization 30, other 30, state 30 |" in text
    assert "By status: 420 without a status, 30 accepted, 60 added, 30 corrected, 90 suggested." in text
    assert "| actors: discontinuous | 30 |" in text


HOSTILE = [
    "# A heading\n\nand more",
    "---\nlicense: mit\n---",
    "Setext\n======",
    "1. one\n2) two\n- three\n+ four\n* five",
    "[link](https://evil.example) ![image](x.png) <https://auto.example>",
    "<script>alert(1)</script> & <b>bold</b> &lt;",
    "`code` ```\nfence\n```\n~~~\nx\n~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "_under_ **bold** \\* \\",
    "> quote\n***\n___",
    "“é” عربي 🙂: yaml? {no}",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_corpus_stay_words_in_the_card(
    tmp_path: Path, new_corpus: New, raw_document: Make, words: str
) -> None:
    quoted = json.dumps(words, ensure_ascii=False)
    statements = "".join(f"{key}: {quoted}\n" for key in ("title", "description", "limits", "citation"))
    build_dataset(new_corpus(tmp_path / "c", [raw_document("a", "A")], yaml=statements), tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    data = metadata_load(tmp_path / "out" / "README.md")
    assert data is not None
    assert (data["license"], data["pretty_name"]) == ("cc0-1.0", words)
    body = card.split("\n---\n", 1)[1] if "\n---\n" not in words else card[card.index("\n# ") :]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(
        body[body.index("## Known limits") : body.index("Version 1.0.0")]
    )
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {
        "heading_open",
        "heading_close",
        "inline",
        "paragraph_open",
        "paragraph_close",
        "text",
        "softbreak",
        "hardbreak",
        "text_special",
    }
    headings = [t.content for t, before in zip(tokens[1:], tokens, strict=False) if before.type == "heading_open"]
    assert headings == ["Known limits", "Rights in the text", "Citation"]
    shown = ["".join(c.content or "\n" for c in t.children or ()) for t in tokens if t.type == "inline"]
    said = "\n\n".join(shown[1 : shown.index("Rights in the text")])
    assert said.split() == words.split()


def test_the_same_corpus_gives_the_same_bytes(
    tmp_path: Path, new_corpus: New, sample_document: Make, sample_corpus: Path, sample_dataset: Path
) -> None:
    """Built again, into another folder, over the old one, and from files made in another order."""
    wanted = contents(sample_dataset)
    build_dataset(sample_corpus, tmp_path / "elsewhere")
    assert contents(tmp_path / "elsewhere") == wanted
    build_dataset(sample_corpus, tmp_path / "elsewhere", force=True)
    assert contents(tmp_path / "elsewhere") == wanted
    other = new_corpus(tmp_path / "other")
    (other / "corpus.yaml").write_bytes((sample_corpus / "corpus.yaml").read_bytes())
    for path in sorted((sample_corpus / "documents").iterdir(), reverse=True):
        (other / "documents" / path.name).write_bytes(path.read_bytes())
        os.utime(other / "documents" / path.name, (1, 1))
    (other / "schema").mkdir()
    (other / "schema" / "layers").symlink_to(sample_corpus / "schema" / "layers")
    build_dataset(other, tmp_path / "third")
    assert contents(tmp_path / "third") == wanted


def test_documents_keep_their_split_when_others_come(
    tmp_path: Path, new_corpus: New, raw_document: Make, load: Callable[..., Any]
) -> None:
    def splits(count: int) -> dict[str, str]:
        out = tmp_path / f"out{count}"
        build_dataset(new_corpus(tmp_path / str(count), [raw_document(f"d{i}", f"A{i}") for i in range(count)]), out)
        return {row["id"]: name for name, split in load(out, "default").items() for row in split}

    few, many = splits(40), splits(80)
    assert len(many) == 80
    assert set(few.values()) == {"train", "validation", "test"}
    assert few.items() <= many.items()


def test_no_split_is_written_without_a_row(
    tmp_path: Path, new_corpus: New, raw_document: Make, sample_document: Make, load: Callable[..., Any]
) -> None:
    """An empty split does not load; one document makes one split, and no quote makes no config of quotes."""
    root = new_corpus(tmp_path / "c", [raw_document("a", "Words only.")])
    report = build_dataset(root, tmp_path / "out")
    assert list(report.rows) == ["default", "tokens"]
    assert sorted(path for path in contents(tmp_path / "out") if path.endswith("parquet")) == [
        f"{config}/{split}-00000-of-00001.parquet" for config in ("default", "tokens") for split in report.rows[config]
    ]
    for config in ("default", "tokens"):
        assert {name: split.num_rows for name, split in load(tmp_path / "out", config).items()} == report.rows[config]


def test_the_configs_of_corpus_yaml_are_built_and_no_other(tmp_path: Path, new_corpus: New, raw_document: Make) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("a", "A")], yaml="build: {configs: [tokens]}\n")
    assert list(build_dataset(root, tmp_path / "out").rows) == ["tokens"]
    data = metadata_load(tmp_path / "out" / "README.md")
    assert data is not None
    assert [config["config_name"] for config in data["configs"]] == ["tokens"]


def test_reviewed_only_leaves_out_what_nobody_reviewed_and_links_to_it(
    tmp_path: Path, new_corpus: New, sample_document: Make, load: Callable[..., Any]
) -> None:
    raw = sample_document(1)
    own = raw["layers"].pop("stance")[0]
    schema = {"properties": {"about": {"type": "string", "x-refers-to": "actors"}, "all": {"type": "array"}}}
    schema["properties"]["all"]["items"] = {"type": "string", "x-refers-to": "actors"}
    keep = {"provenance": {"status": "accepted"}}
    stance = {key: own[key] for key in ("id", "start", "end", "text")}
    raw["layers"]["stance"] = [{**stance, "about": "a2", "all": ["a1", "a2", "a3"], **keep}]
    raw["layers"]["figures"][0] |= keep
    raw["layers"]["quotes"][0] |= keep
    root = new_corpus(tmp_path / "c", [raw], own={"stance": schema}, yaml="build: {reviewed_only: true}\n")
    build_dataset(root, tmp_path / "out")
    (row,) = [row for split in load(tmp_path / "out", "default").values() for row in split]
    kept = {layer: [a["id"] for a in row[layer]] for layer in ("actors", "locations", "figures", "quotes", "stance")}
    assert kept == {
        "actors": ["a1", "a3"],
        "locations": ["l2"],
        "figures": ["f1"],
        "quotes": ["q1", "q3"],
        "stance": ["s1"],
    }
    assert (row["figures"][0]["place"], row["figures"][0]["quote"]) == (None, "q1")  # l1 was not reviewed
    assert (row["quotes"][0]["speaker"], row["quotes"][0]["co_speakers"]) == ("a1", ["a3"])
    assert row["quotes"][1]["speaker"] is None
    assert (row["stance"][0]["about"], row["stance"][0]["all"]) == (None, ["a1", "a3"])
    assert row["actors"][0]["entity"] == "e1"
    assert [relation["id"] for relation in row["relations"]] == ["r2"]


def test_errors_stop_a_build_and_leave_the_old_dataset(tmp_path: Path, new_corpus: New, raw_document: Make) -> None:
    root, out = new_corpus(tmp_path / "c", [raw_document("a", "Ali ran.")]), tmp_path / "dist" / "d"
    build_dataset(root, out)
    before = contents(out)
    drifted = {"actors": [{"id": "a1", "start": 1, "end": 4, "text": "Ali", "kind": "person"}]}
    (root / "documents" / "b.json").write_text(json.dumps(raw_document("b", "Ali ran.", layers=drifted)))
    report = build_dataset(root, out)
    assert report.refused
    wrong = [d for d in report.diagnostics if d.code != "COR029"]
    assert {d.path for d in wrong} == {str(root / "documents" / "b.json")}
    assert contents(out) == before
    run = CliRunner().invoke(cli, ["build", str(root), "--out", str(tmp_path / "new")])
    assert run.exit_code == 1
    assert re.search(r"^not built: 1 error", run.stderr, re.MULTILINE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "dist"]
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["d"]


def test_warnings_do_not_stop_a_build(tmp_path: Path, new_corpus: New, raw_document: Make) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("a", "A")], yaml="ignore: [{code: TXT999, reason: gone}]\n")
    report = build_dataset(root, tmp_path / "out")
    assert [d.severity for d in report.diagnostics if d.code != "COR029"] == ["warning"]
    assert not report.refused


def test_there_is_nothing_to_build_in_an_empty_corpus(tmp_path: Path, new_corpus: New, raw_document: Make) -> None:
    with pytest.raises(CorpusToolError, match="nothing to build"):
        build_dataset(new_corpus(tmp_path / "empty"), tmp_path / "out")
    wordy = new_corpus(tmp_path / "wordy", [raw_document("a", "A")], yaml="build: {configs: [quotes]}\n")
    with pytest.raises(CorpusToolError, match="nothing to build"):
        build_dataset(wordy, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "wordy"]


@pytest.mark.parametrize("fault", ["an error", "a failure"])
def test_a_dataset_that_a_killed_build_left_aside_comes_back_though_the_next_build_fails(
    tmp_path: Path, new_corpus: New, raw_document: Make, fault: str
) -> None:
    own = {"mood": {"type": "object", "properties": {"n": {"type": "integer"}}}}
    root, out = new_corpus(tmp_path / "c", [raw_document("a", "A")], own=own), tmp_path / "dist" / "d"
    build_dataset(root, out)
    before = contents(out)
    out.rename(tmp_path / "dist" / ".d.old")  # where a kill between the two renames leaves it
    mood = {"id": "m1", "start": 0, "end": 1, "text": "A", "n": 2**70 if fault == "a failure" else "many"}
    (root / "documents" / "b.json").write_text(json.dumps(raw_document("b", "A", layers={"mood": [mood]})))
    if fault == "a failure":
        with pytest.raises(CorpusToolError):
            build_dataset(root, out)
    else:
        assert build_dataset(root, out).refused
    assert contents(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["d"]


FOREIGN: dict[str, dict[str, str]] = {
    "a folder of somebody's": {"thesis.txt": "years of work"},
    "a web project, which has a manifest.json too": {"manifest.json": '{"name": "my app"}', "app.js": "x"},
    "a manifest that is no JSON": {"manifest.json": "“"},
    "a folder in a folder": {"a/b/c.txt": "x"},
}


@pytest.mark.parametrize("files", FOREIGN.values(), ids=FOREIGN)
def test_a_folder_that_no_build_made_is_never_touched(
    tmp_path: Path, new_corpus: New, raw_document: Make, files: dict[str, str]
) -> None:
    root, out = new_corpus(tmp_path / "c", [raw_document("a", "A")]), tmp_path / "out"
    for name, text in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    before = contents(out)
    with pytest.raises(CorpusToolError, match="no build made"):
        build_dataset(root, out)
    assert contents(out) == before


def test_a_file_that_somebody_put_into_a_dataset_is_never_deleted(
    tmp_path: Path, new_corpus: New, raw_document: Make
) -> None:
    root, out = new_corpus(tmp_path / "c", [raw_document("a", "A")]), tmp_path / "out"
    build_dataset(root, out)
    (out / ".DS_Store").write_text("litter stops nobody")
    build_dataset(root, out)
    (out / ".git").mkdir()
    (out / ".git" / "HEAD").write_text("ref: refs/heads/main")
    with pytest.raises(CorpusToolError, match=r"holds \.git/HEAD, which no build made"):
        build_dataset(root, out)
    assert (out / ".git" / "HEAD").read_text() == "ref: refs/heads/main"


def test_the_corpus_itself_and_a_file_are_no_folder_for_a_dataset(
    tmp_path: Path, new_corpus: New, raw_document: Make
) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("a", "A")])
    (tmp_path / "file").write_text("x")
    for out in (root, tmp_path, root / "documents", tmp_path / "file", tmp_path / "file" / "x"):
        before = contents(tmp_path)
        with pytest.raises((CorpusToolError, OSError)) as refused:
            build_dataset(root, out, cached=False)
        assert isinstance(refused.value, CorpusToolError), out
        assert contents(tmp_path) == before


def test_an_empty_folder_the_current_one_and_a_link_can_be_built_into(
    tmp_path: Path, new_corpus: New, raw_document: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("a", "A")])
    for name in ("empty", "target"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target", target_is_directory=True)
    build_dataset(root, tmp_path / "empty")
    for _ in range(2):
        build_dataset(root, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "target") == contents(tmp_path / "empty")
    monkeypatch.chdir(tmp_path / "target")
    build_dataset(root, Path())
    assert contents(tmp_path / "target") == contents(tmp_path / "empty")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "empty", "link", "target"]


def test_a_layer_of_the_corpus_is_a_column_but_never_takes_the_place_of_one(
    tmp_path: Path, new_corpus: New, raw_document: Make
) -> None:
    own = {"source": {"type": "object", "properties": {}}}
    root = new_corpus(tmp_path / "c", [raw_document("a", "A")], own=own)
    with pytest.raises(CorpusToolError, match="layer source: the dataset has a column of that name"):
        build_dataset(root, tmp_path / "out")


def test_a_value_that_no_column_can_hold_is_told_in_one_line(
    tmp_path: Path, new_corpus: New, raw_document: Make
) -> None:
    layers = {"mood": [{"id": "m1", "start": 0, "end": 1, "text": "A", "n": 2**70}]}
    own = {"mood": {"type": "object", "properties": {"n": {"type": "integer"}}}}
    root = new_corpus(tmp_path / "c", [raw_document("a", "A", layers=layers)], own=own)
    with pytest.raises(CorpusToolError, match="does not fit column mood") as refused:
        build_dataset(root, tmp_path / "out")
    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_the_command_ends_with_the_line_that_loads_the_result(
    tmp_path: Path, new_corpus: New, raw_document: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = new_corpus(tmp_path / "it's", [raw_document("a", "A")])
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(cli, ["build", str(root)])
    assert run.exit_code == 0, run.output
    assert (tmp_path / "dist" / "test" / "manifest.json").is_file()
    assert "load_dataset('dist/test', 'default')" in run.stdout.splitlines()[-1]
    report = json.loads(CliRunner().invoke(cli, ["build", str(root), "--json"]).stdout)
    assert report["rows"].keys() == {"default", "tokens"}
    assert yaml.safe_load((root / "corpus.yaml").read_text())["name"] == "test"
