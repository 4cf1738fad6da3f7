"""JSON, YAML and XML nested without end: one line says so, and what stands beside it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

DEEP = 100_000


def test_deep_json_is_told_by_its_line(convert: Callable[..., Any], tmp_path: Path) -> None:
    lines = [
        "[" * DEEP,
        '{"a":' * DEEP,
        '{"id": "x", "text": "One.", "more": ' + "[" * DEEP + "]" * DEEP + "}",
        '{"id": "y", "text": "One.", "more": ' + "[" * 500 + "]" * 500 + "}",
        json.dumps({"id": "good", "text": "Two."}),
    ]
    path = tmp_path / "wire.jsonl"
    path.write_text("\n".join(lines))
    outcome = convert(path)
    assert outcome.written == ["good"]
    assert outcome.names == ["article-line-invalid"] * 4


def test_deep_yaml_is_misuse(convert: Callable[..., Any], tmp_path: Path) -> None:
    path, mapping = tmp_path / "wire.csv", tmp_path / "columns.yaml"
    path.write_text("id,body\n1,One.\n")
    for words in ("[" * DEEP, "a: " * 3 + "\n" + "- " * DEEP, "text: &a [*a, *a]", "text: [" * 30):
        mapping.write_text(words)
        outcome = convert(path, "--map-file", str(mapping))
        assert outcome.status == 2
        assert outcome.err.startswith(f"corpus-tool: {mapping}:")


def test_deep_xml_ends_the_feed_there(convert: Callable[..., Any], tmp_path: Path) -> None:
    item = "<item><guid>one</guid><description>Words of the first entry.</description></item>"
    path = tmp_path / "feed.xml"
    path.write_text(f"<rss><channel>{item}<item><title>{'<b>' * DEEP}")
    outcome = convert(path)
    assert outcome.written == ["one"]
    assert "xml-refused" in outcome.names


def test_a_feed_of_deep_html_costs_that_entry(convert: Callable[..., Any], tmp_path: Path) -> None:
    deep = "&lt;div&gt;" * DEEP
    entries = [("one", "First words."), ("two", deep), ("three", "Third words.")]
    items = "".join(f"<item><guid>{name}</guid><description>{words}</description></item>" for name, words in entries)
    path = tmp_path / "feed.rss"
    path.write_text(f"<rss><channel>{items}</channel></rss>")
    outcome = convert(path)
    assert outcome.written == ["one", "three"]
    assert any("entry 2" in message for name, message, _ in outcome.told if name == "article-too-large")
