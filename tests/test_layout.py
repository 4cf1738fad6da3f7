"""``fmt``: one layout for what people and programs wrote, and not a word of it changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus_tool.cli import cli
from corpus_tool.layout import format_paths, format_text
from corpus_tool.model import CorpusToolError

keys = st.one_of(
    st.sampled_from(["schema", "id", "meta", "text", "blocks", "entities", "relations", "layers", "actors", "extra"]),
    st.sampled_from(["provenance", "article", "start", "end", "quotes", "kind"]),
    st.text(max_size=4),
)
values = st.recursive(
    st.one_of(
        st.text(max_size=5), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(keys, values, max_size=6))
@example({"layers": {"actors": [1, "x", {"id": "a", "zzz": 1}], "x": None, "quotes": {}}, "meta": {"article": 3}})
@example({"blocks": "none", "entities": [[]], "meta": [], "layers": []})
def test_any_object_keeps_what_it_says_and_is_formatted_once_for_all(raw: dict[str, Any]) -> None:
    """Also one that no schema would let through: fmt comes before validate."""
    text = format_text(json.dumps(raw))
    assert json.loads(text) == raw
    assert format_text(text) == text
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "a document is a JSON object"),
        ('"x"', "a document is a JSON object"),
        ('{"id": "a", "id": "b"}', "the key 'id' stands twice"),
        ('{"layers": {"actors": [{"end": 1, "end": 2}]}}', "the key 'end' stands twice"),
        ('{"x": NaN}', "NaN is not a number"),
        ('{"x": 1e999}', "JSON"),
        ('{"x": ', "Expecting value"),
        ("", "Expecting value"),
    ],
)
def test_what_would_not_survive_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        format_text(text)


def test_a_corpus_is_formatted_in_place_and_then_left_alone(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]
) -> None:
    root = new_corpus(tmp_path / "c", [raw_document(f"d{i}", f"Text {i} “é” 🙂 عربي\r\nB") for i in range(3)])
    other = root / "annotators" / "ana" / "d0.json"
    other.parent.mkdir(parents=True)
    other.write_text(json.dumps(raw_document("d0", "x"), indent=4))
    files = [*sorted((root / "documents").iterdir()), other]
    before = [json.loads(file.read_text()) for file in files]
    assert [(f.path, f.changed) for f in format_paths([root], check=True)] == [(file, True) for file in files]
    assert [json.loads(file.read_text()) for file in files] == before
    assert [f.changed for f in format_paths([root])] == [True] * 4
    assert [json.loads(file.read_text()) for file in files] == before
    stamps = [file.stat().st_mtime_ns for file in files]
    assert [f.changed for f in format_paths([root])] == [False] * 4
    assert [file.stat().st_mtime_ns for file in files] == stamps


def test_the_attributes_of_a_corpuss_own_layer_come_in_the_order_of_its_schema(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]
) -> None:
    own = {"mood": {"type": "object", "properties": {"zeal": {"type": "string"}, "calm": {"type": "string"}}}}
    mood = {"calm": "no", "zeal": "yes", "text": "A", "end": 1, "start": 0, "id": "m1"}
    root = new_corpus(tmp_path / "c", [raw_document("d", "A", layers={"mood": [mood], "actors": []})], own=own)
    list(format_paths([root / "documents" / "d.json"]))
    text = (root / "documents" / "d.json").read_text()
    assert '{"id": "m1", "start": 0, "end": 1, "text": "A", "zeal": "yes", "calm": "no"}' in text
    assert text.index('"actors"') < text.index('"mood"')


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe{}",
        b'{"id": "a", "id": "b"}',
        b'{"id": "cut',
        b"",
        b"[1]",
        b'{"a":' * 100_000,
        b'{"text": "lone \\ud800"}',
        b'{"x": -Infinity}',
    ],
)
def test_a_file_that_cannot_be_formatted_is_told_and_left_byte_for_byte(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any], content: bytes
) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("good", "x")])
    bad = root / "documents" / "bad.json"
    bad.write_bytes(content)
    check = CliRunner().invoke(cli, ["fmt", "--check", str(bad)])
    assert (check.exit_code, "left as it is" in check.stderr) == (1, True)
    assert "0 documents would change" in check.stdout
    run = CliRunner().invoke(cli, ["fmt", str(root)])
    assert run.exit_code == 1
    assert f"{bad}:1:1 COR020 left as it is: " in run.stderr
    assert "1 document changed" in run.stdout
    assert bad.read_bytes() == content
    assert sorted(path.name for path in (root / "documents").iterdir()) == ["bad.json", "good.json"]


def test_standard_input_goes_to_standard_output() -> None:
    run = CliRunner().invoke(cli, ["fmt", "-"], input='\ufeff{"text": "“é” 🙂", "id": "x"}'.encode())
    assert (run.exit_code, run.stdout) == (0, '{\n  "id": "x",\n  "text": "“é” 🙂"\n}\n')


def test_a_folder_without_documents_and_a_missing_file_are_misuse(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.json"):
        with pytest.raises(CorpusToolError, match=str(path)):
            list(format_paths([path]))
