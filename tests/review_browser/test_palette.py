"""The contrast of the page's colours, computed as WCAG 2.2 does: 4.5 for text, 3 for lines and edges of controls."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

PALETTE = (files("corpus_tool.review") / "static" / "palette.css").read_text(encoding="utf-8")
STYLES = re.findall(r"(:root[^{]*)\{([^}]*)\}", PALETTE)

Rgb = tuple[float, float, float]


def colors(declarations: str) -> dict[str, Rgb]:
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6});", declarations)
    return {name: (int(hex_[:2], 16), int(hex_[2:4], 16), int(hex_[4:], 16)) for name, hex_ in found}


def tint(declarations: str) -> float:
    found = re.search(r"--tint: (\d+)%", declarations)
    assert found
    return int(found.group(1)) / 100


def luminance(color: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(color: Rgb, ground: Rgb, share: float) -> Rgb:
    red, green, blue = (share * c + (1 - share) * g for c, g in zip(color, ground, strict=True))
    return red, green, blue


def test_light_and_dark_are_both_there_and_dark_is_one() -> None:
    selectors = [selector.strip() for selector, _ in STYLES]
    assert selectors == [":root", ':root:not([data-theme="light"])', ':root[data-theme="dark"]']
    assert colors(STYLES[1][1]) == colors(STYLES[2][1])
    assert tint(STYLES[1][1]) == tint(STYLES[2][1])


@pytest.mark.parametrize("style", [0, 2], ids=["light", "dark"])
def test_text_and_lines_can_be_told_from_their_ground(style: int) -> None:
    palette, share = colors(STYLES[style][1]), tint(STYLES[style][1])
    grounds = {name: palette[name] for name in ("paper", "surface", "sunk")}
    weak = []
    for name in ("ink", "muted", "accent", "good", "warn", "bad"):
        weak += [(name, ground) for ground, color in grounds.items() if contrast(palette[name], color) < 4.5]
    if contrast(palette["on-accent"], palette["accent"]) < 4.5:
        weak.append(("on-accent", "accent"))
    for i in range(7):
        layer = palette[f"layer-{i}"]
        weak += [(f"layer-{i}", ground) for ground in ("paper", "surface") if contrast(layer, grounds[ground]) < 3]
        marked = mixed(layer, palette["paper"], share)
        if contrast(palette["ink"], marked) < 4.5:
            weak.append(("ink", f"words of layer-{i} that are current"))
        if contrast(layer, marked) < 3:
            weak.append((f"layer-{i}", "its own tint"))
    for name in ("edge", "focus"):
        weak += [(name, ground) for ground in ("paper", "surface") if contrast(palette[name], grounds[ground]) < 3]
    selected = mixed(palette["accent"], palette["surface"], share)
    weak += [(name, "the current row") for name in ("ink", "muted", "good") if contrast(palette[name], selected) < 4.5]
    assert weak == []
