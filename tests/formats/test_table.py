"""The table of formats, and what every format has in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from corpus_tool.cli.exchange_options import FORMAT_NAMES
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats import FORMATS
from corpus_tool.model import CorpusToolError
from corpus_tool.model.schemas import base_schema, built_in_layers, read_schema, schema_folder

MODULES = Path(__file__).parents[2] / "corpus_tool" / "formats"


def test_the_table_is_sorted_and_names_agree() -> None:
    assert list(FORMATS) == sorted(FORMATS)
    assert all(name == tool.name for name, tool in FORMATS.items())
    assert all(tool.title and "\n" not in tool.title for tool in FORMATS.values())
    assert all(suffix == suffix.lower() and suffix.startswith(".") for t in FORMATS.values() for suffix in t.suffixes)


@pytest.mark.parametrize("name", FORMATS)
def test_the_mapping_of_a_format_names_layers_and_attributes_that_there_are(name: str) -> None:
    layers = built_in_layers()
    for label, rule in FORMATS[name].mapping.spans.items():
        if rule.layer is not None:
            assert {*rule.constants, *rule.taken} <= layers[rule.layer].attributes.keys(), label
            assert rule.constants.get("kind") in (*layers[rule.layer].kinds, None), label


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "hf"])  # which opens a dataset or does not
def test_a_file_of_garbage_is_told_and_nothing_is_raised(name: str, tmp_path: Path) -> None:
    reader = FORMATS[name].reader
    assert reader is not None
    garbage = [b"", b"\xff\xfe\x00garbage", b"{", b"[1, null]", b"\x00\x01", "😀\t\t\n".encode()]
    for number, content in enumerate(garbage):
        for suffix in FORMATS[name].suffixes:
            folder = tmp_path / f"{number}{suffix}"
            folder.mkdir()
            (folder / f"x{suffix}").write_bytes(content)
            assert all(isinstance(item, Diagnostic) or item.text is not None for item in reader(folder))


@pytest.mark.parametrize("name", [name for name, tool in FORMATS.items() if tool.suffixes])
def test_a_path_that_is_not_there_is_misuse(name: str, tmp_path: Path) -> None:
    reader = FORMATS[name].reader
    assert reader is not None
    with pytest.raises(CorpusToolError, match="no such file"):
        list(reader(tmp_path / "nowhere"))


def test_the_help_lists_every_format() -> None:
    assert list(FORMAT_NAMES) == list(FORMATS)


def test_the_schema_of_mappings_is_a_json_schema() -> None:
    schema = read_schema(schema_folder() / "mapping.schema.json")
    Draft202012Validator.check_schema(schema)
    statuses = set(schema["properties"]["status"]["enum"])
    assert statuses == set(base_schema()["$defs"]["provenance"]["properties"]["status"]["enum"]) - {"rejected"}
