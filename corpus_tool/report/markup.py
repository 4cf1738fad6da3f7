"""Pieces of HTML: words escaped, numbers as people read them, tables with bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus_tool.drawing import svg_number, svg_words

#: What stands where there is nothing to say.
NOTHING = "–"


def escaped(words: object) -> str:
    """Words as text of the page, or in an attribute."""
    return svg_words(str(words))


def isolated(words: object) -> str:
    """Words of the corpus in a line of ours: their direction does not reach beyond them."""
    return f"<bdi>{escaped(words)}</bdi>"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 article``, ``3,000 articles``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def share(part: int, whole: int) -> str:
    """A share in percent: ``87 %``; never 100 where something is missing, nor 0 where there is something."""
    if not whole:
        return NOTHING
    percent = 100 * part / whole
    if part and percent < 1:
        return "< 1 %"
    if part < whole and percent > 99:
        return "> 99 %"
    return f"{percent:.0f} %"


def section(anchor: str, title: str, *parts: str, classes: str = "") -> str:
    """A section with its heading; "" where it has no part."""
    inner = "\n".join(part for part in parts if part)
    if not inner:
        return ""
    named = f' class="{classes}"' if classes else ""
    head = f'<section id="{anchor}"{named} aria-labelledby="{anchor}-h">\n<h2 id="{anchor}-h">{title}</h2>'
    return f"{head}\n{inner}\n</section>"


def card(title: str, *parts: str, classes: str = "card") -> str:
    """A part of a section with a heading of its own; "" where it has nothing else."""
    inner = "\n".join(part for part in parts if part)
    return f'<div class="{classes}">\n<h3>{title}</h3>\n{inner}\n</div>' if inner else ""


def paragraph(words: str, classes: str = "") -> str:
    """A paragraph of HTML; "" for none."""
    return f"<p{f' class={chr(34)}{classes}{chr(34)}' if classes else ''}>{words}</p>" if words else ""


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, text_columns: int = 1, hidden: bool = False
) -> str:
    """A table of HTML cells; "" without a row.

    Args:
        caption: what it shows, as HTML.
        heads: of the columns, as HTML.
        rows: their cells, as HTML; the first of each is its row's head.
        text_columns: how many columns hold words and stand on the left; the others hold numbers.
        hidden: whether the caption is for screen readers only.
    """
    body = "\n".join(_row(row, text_columns) for row in rows)
    if not body:
        return ""
    cells = "".join(f'<th scope="col"{_column(place, text_columns)}>{head}</th>' for place, head in enumerate(heads))
    shown = f"<caption{' class=away' if hidden else ''}>{caption}</caption>" if caption else ""
    return f'<div class="wide"><table>{shown}\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'


def _row(cells: Sequence[str], text_columns: int) -> str:
    first, *rest = cells
    own = "".join(f"<td{_column(place, text_columns)}>{cell}</td>" for place, cell in enumerate(rest, 1))
    return f'<tr><th scope="row">{first}</th>{own}</tr>'


def _column(place: int, text_columns: int) -> str:
    return "" if place < text_columns else ' class="n"'


@dataclass(frozen=True)
class Bar:
    """A row of a ranking.

    Attributes:
        label: as HTML.
        count: what the bar is as long as.
        more: further cells, as HTML.
    """

    label: str
    count: int
    more: tuple[str, ...] = ()


def bar_table(caption: str, heads: Sequence[str], bars: Sequence[Bar], colour: str = "", note: str = "") -> str:
    """A ranking: a table whose last column is a bar chart; "" without a row.

    Args:
        caption: what it shows, as HTML; for screen readers, where a heading says it already.
        heads: of the label, the count, and the further cells, as HTML.
        bars: its rows.
        colour: class of the bars.
        note: a sentence beneath, as HTML.
    """
    if not bars:
        return ""
    most = max((bar.count for bar in bars), default=0) or 1
    rows = [(bar.label, f"{bar.count:,}", *bar.more, _drawn(bar.count / most, colour)) for bar in bars]
    made = table(caption, [*heads, '<span class="away">bar</span>'], rows, hidden=True)
    return made.replace('<div class="wide">', '<div class="wide bars">', 1) + paragraph(note, "note")


def _drawn(part: float, colour: str) -> str:
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="{colour or "c0"}" width="{svg_number(max(100 * part, 0.4 if part else 0))}" height="10"/></svg>'
    )


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms with what they are, as HTML; those without a word are left out."""
    inner = "".join(f"<div><dt>{term}</dt><dd>{told}</dd></div>" for term, told in pairs if told)
    return f"<dl>{inner}</dl>" if inner else ""


def folded(summary: str, *parts: str, classes: str = "") -> str:
    """Something that a reader unfolds; "" where it has no part. Print shows it unfolded."""
    inner = "\n".join(part for part in parts if part)
    named = f' class="{classes}"' if classes else ""
    return f"<details{named}><summary>{summary}</summary>\n{inner}\n</details>" if inner else ""


def as_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table behind a picture, which a reader unfolds and print leaves out."""
    return folded("As a table", table("", heads, rows), classes="chart-data")
