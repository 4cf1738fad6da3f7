"""The articles of the page: a list that works without the script, and the data that the script shows them from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus_tool.report.articles import Spool, anchor_of, script_json
from corpus_tool.report.markup import counted, escaped, isolated, paragraph

_FILTERS = """<form id="filters" class="screen" role="search" hidden>
<div><label for="q">Title, outlet or id</label><input id="q" type="search" autocomplete="off"></div>
<div><label for="q-actor">Actor</label><input id="q-actor" type="search" list="actors-list" autocomplete="off"></div>
<div><label for="q-place">Place</label><input id="q-place" type="search" list="places-list" autocomplete="off"></div>
<div><label for="q-layer">With annotations of</label>
<select id="q-layer"><option value="">any layer</option>{layers}</select></div>
<label class="tick"><input id="q-text" type="checkbox"> search the text too</label>
<label class="tick"><input id="print-all" type="checkbox"> print the listed articles too</label>
<datalist id="actors-list"></datalist><datalist id="places-list"></datalist>
</form>
<p id="hits" class="note screen" role="status"></p>"""

#: What keys do, as HTML.
KEYS = (
    "<b>/</b> search · <b>↑ ↓</b> in the list · <b>n p</b> next and previous article · <b>← →</b> in the article: from "
    "annotation to annotation · <b>Esc</b> nothing selected"
)


def article_section(spool: Spool, layers: Sequence[str], *, has_text: bool) -> Iterator[str]:
    """The section in pieces.

    Args:
        spool: the articles that the page holds.
        layers: names of the layers.
        has_text: whether the words of the articles are there at all.
    """
    yield '<section id="articles" aria-labelledby="articles-h">\n<h2 id="articles-h">Articles</h2>'
    if not has_text:
        yield paragraph("The dataset was built without the words of its articles, so none can be read here.")
    elif not len(spool):
        yield paragraph("No article is in this page." if spool.seen else "There is no article.")
    else:
        yield paragraph(_which(spool))
        yield from _browser(spool, layers)
    yield "</section>"


def _which(spool: Spool) -> str:
    if len(spool) == spool.seen:
        return f"{counted(spool.seen, 'article')}, all that there are."
    return (
        f"{len(spool):,} of {counted(spool.seen, 'article')}: a sample that a hash of their ids decides, the same "
        "every time. The figures above count all of them."
    )


def _browser(spool: Spool, layers: Sequence[str]) -> Iterator[str]:
    options = "".join(f'<option value="{escaped(layer)}">{escaped(layer)}</option>' for layer in layers)
    yield (
        '<noscript><p class="alert">Your browser runs no scripts, so articles are listed and cannot be opened. '
        "Everything above works without.</p></noscript>"
    )
    yield _FILTERS.replace("{layers}", options)
    yield f'<details class="screen keys"><summary>Keys</summary><p class="note">{KEYS}</p></details>'
    yield '<div class="browser">\n<ol id="list" aria-label="Articles">'
    for head in spool.heads():
        yield _item(head)
    yield (
        '</ol>\n<div id="reader" hidden><div id="article" class="article" tabindex="-1"></div>'
        '<aside id="panel" aria-label="Annotation"></aside></div>\n</div>\n'
        '<div id="printed"></div><div id="tip" role="tooltip" hidden></div>'
    )


def _item(head: Mapping[str, Any]) -> str:
    told = [str(head[key]) for key in ("published", "source") if head[key]]
    marks = sum(head["layers"].values())
    told.append(counted(marks, "annotation"))
    small = " · ".join(isolated(words) for words in told)
    title = escaped(head["title"])
    return (
        f'<li><a href="{escaped(anchor_of(head["id"]))}"><span dir="auto">{title}</span><small>{small}</small></a></li>'
    )


def articles_data(spool: Spool) -> Iterator[bytes]:
    """The script elements that hold the articles: one with all heads, and one an article."""
    yield b'<script type="application/json" id="heads">['
    for place, head in enumerate(spool.heads()):
        yield (b"," if place else b"") + script_json(head).encode("utf-8", "replace")
    yield b"]</script>\n"
    for place, body in enumerate(spool.bodies()):
        yield b'<script type="application/json" id="article-%d">%b</script>\n' % (place, body)
