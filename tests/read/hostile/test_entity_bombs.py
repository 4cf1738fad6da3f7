"""XML whose entities grow without end, or read other files: refused before anything is expanded."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
ITEM = "<channel><item><guid>1</guid><title>T</title><description>{}</description></item></channel></rss>"

FEEDS = {
    "laughs": f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LAUGHS}]><rss>' + ITEM.format("&a11;"),
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]><rss>' + ITEM.format("&a;" * 10_000),
    "attribute": f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LAUGHS}]><rss version="&a11;">' + ITEM.format("x"),
    "parameter": "<!DOCTYPE rss [<!ENTITY % a \"<!ENTITY b 'c'>\"> %a; ]><rss>" + ITEM.format("&b;"),
    "loop": '<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]><rss>' + ITEM.format("&a;"),
}


@pytest.mark.parametrize("name", FEEDS)
def test_entities_that_grow_are_refused(name: str, convert: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "in" / f"{name}.xml"
    path.parent.mkdir()
    path.write_text(f'<?xml version="1.0"?>{FEEDS[name]}', encoding="utf-8")
    outcome = convert(path)
    assert (outcome.status, outcome.written) == (1, [])
    assert set(outcome.names) <= {"xml-refused", "feed-invalid"}
    assert outcome.told[0][2] == str(path)


def test_no_entity_reads_a_file_or_asks_a_server(convert: Callable[..., Any], tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        feeds = {
            "file": f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{secret.as_uri()}">]><rss>' + ITEM.format("&a;"),
            "web": f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{address}">]><rss>' + ITEM.format("&a;"),
            "subset": f'<!DOCTYPE rss SYSTEM "{address}"><rss>' + ITEM.format("Words of the entry."),
            "include": f'<rss xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret.as_uri()}"/>'
            + ITEM.format("Words of another entry."),
        }
        (tmp_path / "in").mkdir()
        for name, feed in feeds.items():
            (tmp_path / "in" / f"{name}.xml").write_text(feed.replace("<guid>1<", f"<guid>{name}<"), encoding="utf-8")
        outcome = convert(tmp_path / "in")
        with pytest.raises(BlockingIOError):
            server.accept()
    assert sorted(outcome.written) == ["include", "subset"]
    refused = sorted(Path(path).stem for name, _, path in outcome.told if name == "xml-refused")
    assert refused == ["file", "web"]
    documents = (tmp_path / "corpus" / "documents").iterdir()
    assert not any("secret words" in path.read_text(encoding="utf-8") for path in documents)
