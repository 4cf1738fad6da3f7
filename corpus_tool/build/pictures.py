"""Pictures of a dataset for its card, as SVG: annotations a layer and split, and articles over time.

Plain shapes and words without fonts, scripts or links of their own; a style sheet inside follows the reader's light or
dark page. The same counts give the same bytes.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from corpus_tool.splits import SPLITS

#: Fills that stand out from a white page and from a dark one.
_FILLS = ("#3b7dd8", "#c9722b", "#7a8b2e", "#a05ac0", "#5f7f8c")

_WIDTH, _LABEL, _ROW = 720, 150, 22
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}.axis{stroke:#8b949e}"
    "@media (prefers-color-scheme:dark){text{fill:#a5adb6}}"
)

#: At most so many bars over time.
_MAX_BARS = 60


def render_spans(spans: Mapping[str, Mapping[str, int]]) -> str:
    """Bars of annotations by layer and split, as SVG; "" where there is no annotation.

    Args:
        spans: counts by layer and split, in the order of the layers.
    """
    used = [split for split in SPLITS if any(counts.get(split) for counts in spans.values())]
    used += sorted({split for counts in spans.values() for split in counts if counts[split]} - set(used))
    most = max((count for counts in spans.values() for count in counts.values()), default=0)
    if not most:
        return ""
    room = _WIDTH - _LABEL - 80
    parts, y = [_legend(used)], 44
    for layer, counts in spans.items():
        parts.append(_text(_LABEL - 10, y + _ROW * len(used) / 2 + 4, layer, "end"))
        for nth, split in enumerate(used):
            count = counts.get(split, 0)
            width = count / most * room
            parts.append(_bar(_LABEL, y + nth * _ROW, width, _ROW - 6, nth, f"{layer}, {split}: {count:,}"))
            parts.append(_text(_LABEL + width + 6, y + nth * _ROW + 13, f"{count:,}"))
        y += _ROW * len(used) + 12
    parts.append(f'<line class="axis" x1="{_LABEL}" y1="38" x2="{_LABEL}" y2="{_number(y - 10)}"/>')
    told = "; ".join(
        f"{layer}: {', '.join(f'{split} {counts.get(split, 0):,}' for split in used)}"
        for layer, counts in spans.items()
    )
    return _svg("Annotations by layer and split", told, y + 4, parts)


def render_days(days: Mapping[str, int]) -> str:
    """Bars of articles over time, as SVG; "" where no article says when it was published.

    Args:
        days: documents by date: "2024", "2024-07" or "2024-07-01"; other words count as no date.
    """
    dated = Counter({day: n for day, n in days.items() if n and re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", day)})
    if not dated:
        return ""
    bars = _bars(dated)
    most, room, top, height = max(n for _, n in bars), _WIDTH - 60, 40, 160
    step = room / len(bars)
    undated = sum(days.values()) - sum(dated.values())
    shown = f"{most:,} article{'' if most == 1 else 's'} in the highest bar"
    parts = [_text(40, 24, shown + (f"; {undated:,} without a date" if undated else ""))]
    for nth, (label, count) in enumerate(bars):
        tall = count / most * height
        if count:
            parts.append(_bar(40 + nth * step, top + height - tall, max(1.0, step - 2), tall, 0, f"{label}: {count:,}"))
    bottom = top + height
    parts.append(f'<line class="axis" x1="40" y1="{bottom}" x2="{_WIDTH - 20}" y2="{bottom}"/>')
    parts.append(_text(40, bottom + 20, bars[0][0]))
    if len(bars) > 1:
        parts.append(_text(_WIDTH - 20, bottom + 20, bars[-1][0], "end"))
    told = ", ".join(f"{label}: {count:,}" for label, count in bars if count)
    return _svg("Articles over time", told + (f"; without a date: {undated:,}" if undated else ""), bottom + 34, parts)


def _bars(dated: Mapping[str, int]) -> list[tuple[str, int]]:
    """Every day, month, year or run of years between the first and the last date, with its count.

    The unit is the finest that all dates tell and that makes no more than ``_MAX_BARS`` bars.
    """
    from datetime import date, timedelta

    coarsest = min(map(len, dated))
    first, last = min(dated), max(dated)
    if coarsest == 10:
        try:
            start, end = date.fromisoformat(first), date.fromisoformat(last)
            count = (end - start).days + 1
            if count <= _MAX_BARS:
                return [(day, dated.get(day, 0)) for i in range(count) if (day := (start + timedelta(i)).isoformat())]
        except ValueError:
            pass  # a date that no calendar has: months will do
    months = [int(first[:4]) * 12 + int(first[5:7] or 1), int(last[:4]) * 12 + int(last[5:7] or 12)]
    if coarsest >= 7 and months[1] - months[0] < _MAX_BARS:
        labels = [f"{(n - 1) // 12:04}-{(n - 1) % 12 + 1:02}" for n in range(months[0], months[1] + 1)]
        return _summed(labels, dated, lambda day: day[:7])
    years = (int(first[:4]), int(last[:4]))
    run = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200) if (years[1] - years[0]) // n < _MAX_BARS - 1)
    starts = range(years[0] // run * run, years[1] + 1, run)
    labels = [f"{year:04}" if run == 1 else f"{year:04} to {year + run - 1:04}" for year in starts]
    return _summed(labels, dated, lambda day: labels[(int(day[:4]) - starts[0]) // run])


def _summed(labels: Sequence[str], dated: Mapping[str, int], label_of: Callable[[str], str]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for day, count in dated.items():
        counts[label_of(day)] += count
    return [(label, counts[label]) for label in labels]


def _legend(splits: Sequence[str]) -> str:
    parts, x = [], float(_LABEL)
    for nth, split in enumerate(splits):
        parts += [_bar(x, 10, 12, 12, nth, split), _text(x + 18, 21, split)]
        x += 40 + 8 * len(split)
    return "\n".join(parts)


def _bar(x: float, y: float, width: float, height: float, nth: int, told: str) -> str:
    size = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect {size} fill="{_FILLS[nth % len(_FILLS)]}"><title>{_escaped(told)}</title></rect>'


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}">{_escaped(words)}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _escaped(words: str) -> str:
    """Words as XML text: controls, which XML does not allow, as spaces."""
    return html.escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", words))


def _svg(title: str, told: str, height: float, parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {_WIDTH} {_number(height)}" width="{_WIDTH}" height="{_number(height)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">'
    named = f'<title id="title">{_escaped(title)}</title>\n<desc id="desc">{_escaped(told)}</desc>'
    return "\n".join([head, named, f"<style>{_STYLE}</style>", *parts, "</svg>"]) + "\n"
