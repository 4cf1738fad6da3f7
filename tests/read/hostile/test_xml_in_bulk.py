"""Feeds that are small as files and large as trees: elements, attributes and comments without end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ITEM = "<item><guid>one</guid><description>Words of the first entry.</description></item>"
BULK = {
    "elements in one entry": "<item>" + "<a/>" * 8_000_000,
    "elements between entries": "<a/>" * 8_000_000,
    "attributes": "<item><a " + " ".join(f'a{i}=""' for i in range(3_000_000)) + "/>",
    "comments": "<!-- -->" * 4_000_000,
    "instructions": "<?a b?>" * 4_000_000,
    "words": "<item><description>" + "word " * 8_000_000,
    "namespaces": "<item>" + "".join(f'<a xmlns:n{i}="u{i}">' for i in range(250)) + '<b xmlns="x">' * 1_000_000,
}


@pytest.mark.parametrize("name", BULK)
def test_the_tree_of_a_feed_stays_small(name: str, convert: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(f"<rss><channel>{ITEM}{BULK[name]}")
    outcome = convert(path)
    assert outcome.written == ["one"]
    assert set(outcome.names) & {"xml-refused", "feed-invalid"}


@pytest.mark.slow
def test_a_feed_of_many_entries_is_read_one_at_a_time(convert: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "feed.rss"
    with path.open("w") as file:
        file.write("<rss><channel>")
        file.writelines(ITEM.replace("Words", "Words " * 4000) for _ in range(1200))
        file.write("</channel></rss>")
    assert path.stat().st_size > 28_000_000
    outcome = convert(path)
    assert outcome.written == ["one"]
    assert outcome.names.count("article-id-twice") == 1001
