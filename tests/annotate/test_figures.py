"""Figures of the cases in ``cases/figures.toml``, and what holds of any text."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tool.annotate.figures import find_figures
from corpus_tool.annotate.locations import find_locations
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Figure, Fragment, Quote

Parse = Callable[[str], ParsedArticle]
CASES = tomllib.loads((Path(__file__).parent / "cases" / "figures.toml").read_text(encoding="utf-8"))["case"]

NASTY = [
    "",
    "  \n\n ",
    "5",
    "½ ⅓ ¾",
    "$ £ € % 5 % $",
    "one one one hundred hundred and and",
    "من 5 إلى 10 أشخاص in 2015 ٣ ١٢",
    "１２ people, ² and ⁵ and Ⅻ",
    "👩‍👩‍👧 40👍 people e\u0301 30e\u0301",
    "1,2,3,4,5,6 7-8-9-10 1/2/3 1:2:3 0x1F 1e9",
    "between between 5 and and 6 from to 7",
    "DOZENS OF PEOPLE IN 12 TOWNS SAY 3% IS $5BN",
    "9" * 400,
    "twenty-" * 100,
    "1 " * 200,
    "a\u00a0million\u2009dollars 12\u202f000\u00a0km²",
]


def described(figure: Figure, places: dict[str, str]) -> str:
    """A figure as the case file writes it."""
    number = f"{figure.value}" if figure.value is not None else f"{figure.min}.."
    if figure.max is not None:
        number = f"{figure.min}-{figure.max}"
    parts = [number]
    defaults = {"modifier": "exact", "unit": "count", "measure": "quantity"}
    parts += [getattr(figure, name) for name, default in defaults.items() if getattr(figure, name) != default]
    if figure.counted:
        parts.append(f"of {figure.counted.text}")
    if figure.place:
        parts.append(f"in {places[figure.place]}")
    return f"{figure.text}: {', '.join(parts)}"


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:50] for case in CASES])
def test_case(parse: Parse, case: dict[str, list[str]]) -> None:
    article = parse(str(case["text"]))
    locations = find_locations(article)
    places = {location.id: location.text for location in locations}
    assert [described(figure, places) for figure in find_figures(article, locations, ())] == case["figures"]


@pytest.mark.parametrize("text", NASTY)
def test_any_text_gives_clean_spans(parse: Parse, text: str) -> None:
    check_spans(text, find_figures(parse(text), (), ()))


def test_all_cases_in_one_article(parse: Parse) -> None:
    text = "\n\n".join(str(case["text"]) for case in CASES)
    figures = find_figures(parse(text), (), ())
    check_spans(text, figures)
    assert [figure.id for figure in figures] == [f"f{n}" for n in range(1, len(figures) + 1)]


def check_spans(text: str, figures: list[Figure]) -> None:
    """Spans say what they cover, have no edge white space, stand in order, and apart."""
    end = 0
    for figure in figures:
        assert figure.text == text[figure.start : figure.end] == figure.text.strip() != ""
        assert figure.start >= end
        assert figure.value is not None or figure.min is not None
        end = figure.end
        if figure.counted:
            assert figure.counted.text == text[figure.counted.start : figure.counted.end]
            assert figure.counted.start >= figure.end


def test_a_figure_belongs_to_the_innermost_quote_that_holds_it(parse: Parse) -> None:
    text = "“We lost 12 houses,” she said, “and he swore that 40 men came.” There were 50."
    outer = Quote(
        id="q1",
        start=0,
        end=63,
        text="“We lost 12 houses,” “and he swore that 40 men came.”",
        fragments=(Fragment(start=0, end=20), Fragment(start=31, end=63)),
        kind="direct",
    )
    inner = Quote(id="q2", start=45, end=61, text=text[45:61], kind="indirect", parent="q1")
    figures = find_figures(parse(text), (), [outer, inner])
    assert [(figure.text, figure.quote) for figure in figures] == [("12", "q1"), ("40", "q2"), ("50", None)]
