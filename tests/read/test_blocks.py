"""Plain-text pages and the kinds of their blocks: the case file, and what holds for every text."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus_tool.model import Document
from corpus_tool.read import ReadOptions, read_articles
from corpus_tool.read.blocks import find_blocks

PAGES = tomllib.loads((Path(__file__).parent / "cases" / "blocks.toml").read_text(encoding="utf-8"))["page"]
LINE_ENDS = {"LF": "\n", "CR LF": "\r\n", "CR": "\r"}


def _page(drawn: str) -> tuple[str, list[tuple[str, str]]]:
    """The text behind the bars, and the (kind, words) pairs of its blocks."""
    rows: list[str] = []
    blocks: list[tuple[str, list[str]]] = []
    for drawn_row in drawn.strip("\n").split("\n"):
        kind, bar, row = drawn_row.partition("|")
        assert bar, f"no bar in {drawn_row!r}"
        rows.append(row.removeprefix(" "))
        if kind.strip():
            blocks.append((kind.strip(), [rows[-1]]))
        elif rows[-1].strip():
            blocks[-1][1].append(rows[-1])
    return "\n".join(rows) + "\n", [(kind, "\n".join(words).strip()) for kind, words in blocks]


def _read(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    (document,) = read_articles(path, ReadOptions())
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["what"])
def test_each_block_of_a_page_has_its_kind(page: dict[str, Any], tmp_path: Path) -> None:
    text, expected = _page(page["text"])
    mark = b"\xef\xbb\xbf" if page.get("mark") else b""
    document = _read(tmp_path, mark + text.replace("\n", LINE_ENDS[page.get("line_end", "LF")]).encode())
    assert document.text == text
    assert [(b.kind, text[b.start : b.end]) for b in document.blocks] == expected
    title = page.get("title", next((words for kind, words in expected if kind == "title"), ""))
    assert (document.meta.title or "") == title


def test_the_case_file_shows_every_kind_of_block() -> None:
    kinds = {kind for page in PAGES for kind, _ in _page(page["text"])[1]}
    assert kinds == {
        "title", "deck", "byline", "dateline", "caption", "credit", "heading", "paragraph", "promo", "boilerplate"
    }  # fmt: skip
    assert len({page["what"] for page in PAGES}) == len(PAGES) >= 25


WORDS = st.sampled_from(
    [
        "READ MORE:",
        "Photo:",
        "By Ida Holm",
        "©",
        "said Zoë.",
        "מלחמה",
        "三人死亡",
        "👩‍🚒",
        "a\u00a0b",
        "\u2028",
        "\x1c",
        "e\u0301",
        "\t",
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.lists(st.one_of(WORDS, st.sampled_from([" ", "\n", "\n\n", "   ", "."])), max_size=40).map("".join),
)


@given(TEXTS)
@example("\u2028\n\x85\n\u00a0")
@example("   indented\nnot\nnot\nnot\n   indented")
def test_blocks_hold_every_word_of_any_text_once_and_in_order(text: str) -> None:
    blocks = find_blocks(text)
    assert all(left.end <= right.start for left, right in pairwise(blocks))
    assert all(text[b.start : b.end] == text[b.start : b.end].strip() != "" for b in blocks)
    edges = [0, *(edge for b in blocks for edge in (b.start, b.end)), len(text)]
    assert not any(text[edges[i] : edges[i + 1]].strip() for i in range(0, len(edges), 2))


def test_a_file_of_many_short_lines_is_read_in_linear_work(tmp_path: Path) -> None:
    """Each of 20,000 lines once looked through all that follow it: a results table never came back."""
    document = _read(tmp_path, b"Ida Holm\n\n" * 20_000)
    assert len(document.blocks) == 20_000
