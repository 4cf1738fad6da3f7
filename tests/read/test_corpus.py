"""corpus.yaml: read with every value in its place, and told by line and column where it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tool.model import CorpusToolError
from corpus_tool.read import ReadError
from corpus_tool.read.corpus import open_corpus

HEAD = "schema: corpus-tool/corpus/1\nname: test\nversion: 1.0.0\nlicense: cc0-1.0\n"


def test_what_corpus_yaml_says_is_read(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    root = new_corpus(
        tmp_path / "c",
        yaml='language: no\ntitle: "Über 港口"\nbuild:\n  configs: [default]\n  reviewed_only: true\n'
        "  splits: {seed: 010, train: 1, validation: 0, test: 0}\n"
        "ignore:\n  - {code: TXT, document: a, pointer: /text, reason: on purpose}\n",
    )
    config = open_corpus(root).config
    assert (config.language, config.title) == ("no", "Über 港口")
    assert (config.build.configs, config.build.reviewed_only) == (("default",), True)
    assert (config.build.splits.seed, config.build.splits.train, config.build.splits.test) == ("010", 1, 0)
    (ignore,) = config.ignore
    assert (ignore.code, ignore.document, ignore.pointer, ignore.reason) == ("TXT", "a", "/text", "on purpose")


def test_a_byte_order_mark_before_corpus_yaml_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_text("\ufeff" + HEAD, encoding="utf-8")
    assert open_corpus(tmp_path).config.name == "test"


@pytest.mark.parametrize(
    ("text", "name", "at", "words"),
    [
        (HEAD + "title: [1]\n", "corpus-yaml-value", (5, 8), "title"),
        (HEAD + "name: x\n", "corpus-yaml-syntax", (5, 1), "'name'"),
        (HEAD.replace("1.0.0", "1.0"), "corpus-yaml-value", (3, 10), "version"),
        (HEAD + "colour: red\n", "corpus-yaml-value", (1, 1), "colour"),
        (HEAD + "build:\n  splits: {train: -1}\n", "corpus-yaml-value", (6, 19), "build.splits.train"),
        (HEAD + "ignore:\n  - code: TXT204\n", "corpus-yaml-value", (6, 5), "reason"),
        (HEAD + "ignore:\n  - {code: nbsp, reason: x}\n", "corpus-yaml-value", (6, 12), "ignore.0.code"),
        (HEAD + "build: {splits: {policy: random}}\n", "corpus-yaml-value", (5, 26), "build.splits.policy"),
        ("", "corpus-yaml-value", (1, 1), "object"),
        ("- a\n", "corpus-yaml-value", (1, 1), "object"),
        (HEAD + "title: 'a\n", "corpus-yaml-syntax", (6, 1), ""),
    ],
)
def test_a_mistake_is_told_by_its_line_and_column(
    text: str, name: str, at: tuple[int, int], words: str, tmp_path: Path
) -> None:
    (tmp_path / "corpus.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as raised:
        open_corpus(tmp_path)
    found = raised.value.diagnostic
    assert (found.name, (found.line, found.column)) == (name, at)
    assert words in found.message
    assert found.path == str(tmp_path / "corpus.yaml")


def test_bytes_that_are_not_utf_8_are_told(tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_bytes(b"name: caf\xe9\n")
    with pytest.raises(ReadError, match="byte 9 is not UTF-8"):
        open_corpus(tmp_path)


def test_a_folder_without_corpus_yaml_is_misuse_that_names_init(tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="corpus-tool init"):
        open_corpus(tmp_path)
    with pytest.raises(CorpusToolError, match="no such folder"):
        open_corpus(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("{", "not a readable JSON schema"),
        ("[]", "JSON object"),
        ('{"properties": {"a": {"$ref": "https://example.org/x.json"}}}', "leaves the schema"),
        ('{"properties": {"a": {"$ref": "file:///etc/passwd"}}}', "leaves the schema"),
        ('{"properties": {"start": {"type": "string"}}}', "common field"),
    ],
)
def test_a_layer_that_cannot_be_used_is_told_with_its_file(schema: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_text(HEAD)
    folder = tmp_path / "schema" / "layers"
    folder.mkdir(parents=True)
    (folder / "events.schema.json").write_text(schema)
    with pytest.raises(ReadError, match=words) as raised:
        open_corpus(tmp_path)
    diagnostic = raised.value.diagnostic
    assert (diagnostic.code, diagnostic.name) == ("COR032", "layer-unusable")
    assert "events" in diagnostic.path + diagnostic.message
