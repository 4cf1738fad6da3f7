"""Pictures of a dataset for its card, as SVG: annotations a layer and split, and articles over time.

Plain shapes and words without fonts, scripts or links of their own; a style sheet inside follows the reader's light or
dark page. The same counts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus_tool.drawing import bars_over_time, svg_bar, svg_number, svg_text, svg_words
from corpus_tool.splits import SPLITS

#: Fills that stand out from a white page and from a dark one.
_FILLS = ("#3b7dd8", "#c9722b", "#7a8b2e", "#a05ac0", "#5f7f8c")

_WIDTH, _LABEL, _ROW = 720, 150, 22
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}.axis{stroke:#8b949e}"
    "@media (prefers-color-scheme:dark){text{fill:#a5adb6}}"
)


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
        parts.append(svg_text(_LABEL - 10, y + _ROW * len(used) / 2 + 4, layer, "end"))
        for nth, split in enumerate(used):
            count = counts.get(split, 0)
            width = count / most * room
            parts.append(_bar(_LABEL, y + nth * _ROW, width, _ROW - 6, nth, f"{layer}, {split}: {count:,}"))
            parts.append(svg_text(_LABEL + width + 6, y + nth * _ROW + 13, f"{count:,}"))
        y += _ROW * len(used) + 12
    parts.append(f'<line class="axis" x1="{_LABEL}" y1="38" x2="{_LABEL}" y2="{svg_number(y - 10)}"/>')
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
    bars, undated = bars_over_time(days)
    if not bars:
        return ""
    most, room, top, height = max(n for _, n in bars), _WIDTH - 60, 40, 160
    step = room / len(bars)
    shown = f"{most:,} article{'' if most == 1 else 's'} in the highest bar"
    parts = [svg_text(40, 24, shown + (f"; {undated:,} without a date" if undated else ""))]
    for nth, (label, count) in enumerate(bars):
        tall = count / most * height
        if count:
            parts.append(_bar(40 + nth * step, top + height - tall, max(1.0, step - 2), tall, 0, f"{label}: {count:,}"))
    bottom = top + height
    parts.append(f'<line class="axis" x1="40" y1="{bottom}" x2="{_WIDTH - 20}" y2="{bottom}"/>')
    parts.append(svg_text(40, bottom + 20, bars[0][0]))
    if len(bars) > 1:
        parts.append(svg_text(_WIDTH - 20, bottom + 20, bars[-1][0], "end"))
    told = ", ".join(f"{label}: {count:,}" for label, count in bars if count)
    return _svg("Articles over time", told + (f"; without a date: {undated:,}" if undated else ""), bottom + 34, parts)


def _legend(splits: Sequence[str]) -> str:
    parts, x = [], float(_LABEL)
    for nth, split in enumerate(splits):
        parts += [_bar(x, 10, 12, 12, nth, split), svg_text(x + 18, 21, split)]
        x += 40 + 8 * len(split)
    return "\n".join(parts)


def _bar(x: float, y: float, width: float, height: float, nth: int, told: str) -> str:
    return svg_bar(x, y, width, height, told, f'fill="{_FILLS[nth % len(_FILLS)]}"')


def _svg(title: str, told: str, height: float, parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {_WIDTH} {svg_number(height)}" width="{_WIDTH}" height="{svg_number(height)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">'
    named = f'<title id="title">{svg_words(title)}</title>\n<desc id="desc">{svg_words(told)}</desc>'
    return "\n".join([head, named, f"<style>{_STYLE}</style>", *parts, "</svg>"]) + "\n"
