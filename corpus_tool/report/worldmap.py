"""A plain map: the graticule, and a dot for each place. No coastline, so nothing of a third party."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from corpus_tool.drawing import svg_number, svg_text, svg_words
from corpus_tool.report.count import Dot

_WIDTH = 960

#: Degrees between lines that a reader can reckon with.
_STEPS = (0.5, 1, 2, 5, 10, 15, 30)

#: The radius of the largest and of the smallest dot.
_LARGEST, _SMALLEST = 22.0, 3.0

#: Places that are named on the map, as far as there is room.
_NAMED = 24


@dataclass(frozen=True)
class Window:
    """What part of the world is shown, in degrees: twice as wide as it is high.

    Attributes:
        west: of the left edge, ``east`` of the right one.
        south: of the lower edge, ``north`` of the upper one.
    """

    west: float
    east: float
    south: float
    north: float

    @property
    def scale(self) -> float:
        """Units of the picture a degree."""
        return _WIDTH / (self.east - self.west)

    @property
    def height(self) -> int:
        """Of the picture, in its units."""
        return round((self.north - self.south) * self.scale)

    def x(self, lon: float) -> float:
        """Where a meridian stands."""
        return (lon - self.west) * self.scale

    def y(self, lat: float) -> float:
        """Where a parallel stands."""
        return (self.north - lat) * self.scale


def window_of(dots: Sequence[Dot]) -> Window:
    """The smallest window of two to one with every dot and some room around them, four degrees high at least."""
    lats, lons = [dot.lat for dot in dots], [dot.lon for dot in dots]
    high = max(max(lats) - min(lats), (max(lons) - min(lons)) / 2, 2) * 1.25 + 2
    if high >= 120:
        return Window(-180, 180, -90, 90)
    middle = (max(lats) + min(lats)) / 2
    south = min(max(middle - high / 2, -90), 90 - high)
    centre = (max(lons) + min(lons)) / 2
    west = min(max(centre - high, -180), 180 - 2 * high)
    return Window(west, west + 2 * high, south, south + high)


def render_map(dots: Sequence[tuple[Dot, int]]) -> str:
    """The map as SVG.

    Args:
        dots: places and how often each is mentioned, the most frequent first; one at least.
    """
    window = window_of([dot for dot, _ in dots])
    most = dots[0][1]
    drawn = [(dot, count, max(_SMALLEST, _LARGEST * math.sqrt(count / most))) for dot, count in dots]
    circles = [
        f'<circle class="dot" cx="{svg_number(window.x(dot.lon))}" cy="{svg_number(window.y(dot.lat))}" '
        f'r="{svg_number(radius)}"><title>{svg_words(f"{dot.name}: {count:,}")}</title></circle>'
        for dot, count, radius in drawn
    ]
    told = "; ".join(f"{dot.name} {count:,}" for dot, count in dots[:20])
    head = (
        f'<svg class="picture map" viewBox="0 0 {_WIDTH} {window.height}" role="img" '
        'aria-labelledby="map-t map-d" focusable="false">'
        f'<title id="map-t">Places by mentions</title><desc id="map-d">{svg_words(told)}</desc>'
    )
    sea = f'<rect class="sea" width="{_WIDTH}" height="{window.height}"/>'
    return "\n".join([head, sea, *_graticule(window), *circles, *_names(window, drawn), "</svg>"])


def _graticule(window: Window) -> list[str]:
    """Meridians and parallels with their degrees."""
    wanted = (window.north - window.south) / 6
    step = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
    lines = []
    for lon in _multiples(step, window.west, window.east):
        x = svg_number(window.x(lon))
        lines.append(f'<line class="{_line(lon)}" x1="{x}" y1="0" x2="{x}" y2="{window.height}"/>')
        if 20 < window.x(lon) < _WIDTH - 20:
            lines.append(svg_text(window.x(lon), window.height - 5, _degrees(lon, "E", "W"), "middle"))
    for lat in _multiples(step, window.south, window.north):
        y = svg_number(window.y(lat))
        lines.append(f'<line class="{_line(lat)}" x1="0" y1="{y}" x2="{_WIDTH}" y2="{y}"/>')
        if 14 < window.y(lat) < window.height - 20:
            lines.append(svg_text(4, window.y(lat) - 3, _degrees(lat, "N", "S")))
    return lines


def _line(degrees: float) -> str:
    return "grid axis" if degrees == 0 else "grid"


def _multiples(step: float, low: float, high: float) -> list[float]:
    return [place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°{'' if value == 0 else positive if value > 0 else negative}"


def _names(window: Window, drawn: Sequence[tuple[Dot, int, float]]) -> list[str]:
    """Names beside the largest dots, where they cross no other name and stay inside."""
    taken: list[tuple[float, float, float, float]] = []
    named = []
    for dot, _, radius in drawn[:_NAMED]:
        words = dot.name if len(dot.name) <= 24 else f"{dot.name[:23]}…"
        width, y = 7.5 * len(words), window.y(dot.lat) + 4
        right = window.x(dot.lon) + radius + 3
        fits_right = right + width < _WIDTH
        left = right if fits_right else window.x(dot.lon) - radius - 3 - width
        box = (left, y - 12, left + width, y + 4)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        at = svg_text(left if fits_right else left + width, y, words, "start" if fits_right else "end")
        named.append(at.replace("<text ", '<text class="place" ', 1))
    return named
