"""The pictures of the card: the right bars, words that stay words, and the same bytes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from corpus_tool.build.pictures import render_days, render_spans
from corpus_tool.drawing import bars_over_time

SVG = "{http://www.w3.org/2000/svg}"


def bars(svg: str) -> list[tuple[str, float, float]]:
    """What each bar says, and its width and height."""
    root = ET.fromstring(svg)
    found = []
    for rect in root.iter(f"{SVG}rect"):
        title = rect.find(f"{SVG}title")
        assert title is not None
        found.append((title.text or "", float(rect.attrib["width"]), float(rect.attrib["height"])))
    return found


def test_bars_are_as_long_as_the_counts() -> None:
    svg = render_spans({"actors": {"train": 200, "test": 50}, "quotes": {"train": 100}})
    told = {words: width for words, width, _ in bars(svg) if ":" in words}
    assert told["actors, train: 200"] == 4 * told["actors, test: 50"] == 2 * told["quotes, train: 100"]
    assert told["quotes, test: 0"] == 0
    assert "validation" not in svg


def test_who_cannot_see_a_picture_is_told() -> None:
    root = ET.fromstring(render_spans({"actors": {"train": 1200}}))
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "Annotations by layer and split"
    assert root.findtext(f"{SVG}desc") == "actors: train 1,200"
    root = ET.fromstring(render_days({"2024-07-01": 2, "": 3}))
    assert root.findtext(f"{SVG}desc") == "2024-07-01: 2; without a date: 3"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a&b", '"x"', "“é” عربي 🙂", "nul\x00\x1b[31m\uffff", "]]>"]
)
def test_a_layers_name_stays_words(name: str) -> None:
    root = ET.fromstring(render_spans({name: {"train": 1}}))
    tags = ("svg", "title", "desc", "style", "rect", "text", "line")
    assert {element.tag for element in root.iter()} <= {f"{SVG}{tag}" for tag in tags}
    assert re.sub(r"[\x00-\x1f\uffff]", " ", name) in [element.text for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (["2024-02-28", "2024-03-01"], ["2024-02-28", "2024-02-29", "2024-03-01"]),
        (["2024-07-01"], ["2024-07-01"]),
        (["2023-11", "2024-02-05"], ["2023-11", "2023-12", "2024-01", "2024-02"]),
        (["2023-12-31", "2024-02-29", "2024-06-01"], [f"2024-{m:02}" for m in range(1, 7)]),
        (["2019", "2021-05-01"], ["2019", "2020", "2021"]),
        (["1900", "2024"], [f"{y} to {y + 4}" for y in range(1900, 2025, 5)]),
        (["2024-02-30", "2024-02-01"], ["2024-02"]),
    ],
)
def test_time_goes_on_where_nothing_was_published(days: list[str], labels: list[str]) -> None:
    """Every day, month or year between the first and the last has its place; empty ones have no bar."""
    counted, undated = bars_over_time(dict.fromkeys(days, 2))
    found = [label for label, _ in counted]
    assert found[-len(labels) :] == labels
    assert (sum(n for _, n in counted), undated) == (2 * len(days), 0)
    svg = render_days(dict.fromkeys(days, 2))
    assert sum(int(words.rpartition(": ")[2]) for words, _, _ in bars(svg)) == 2 * len(days)


def test_any_dates_make_a_picture_of_bounded_size() -> None:
    svg = render_days({f"{year:04}-0{year % 9 + 1}-11": 1 for year in range(1, 9999, 7)})
    assert 1 < len(bars(svg)) <= 60


def test_nothing_to_draw_is_no_picture() -> None:
    assert render_spans({"actors": {}}) == render_spans({}) == ""
    assert render_days({"": 5}) == render_days({}) == render_days({"May 2024": 1}) == ""
