"""The charts of the page: articles over time, rankings, who quotes whom, and places on a plain map."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.drawing import bars_over_time, svg_bar, svg_number, svg_text, svg_words
from corpus_tool.report.count import Counts, Name, Pair
from corpus_tool.report.markup import Bar, as_table, bar_table, card, escaped, isolated, paragraph, share
from corpus_tool.report.ranking import Ranking
from corpus_tool.report.worldmap import render_map

#: Names in a ranking.
_TOP = 20

#: Colours of the built-in layers, as classes; further layers get what is left in turn.
COLOURS: Mapping[str, str] = {"actors": "c0", "locations": "c1", "figures": "c2", "quotes": "c3"}
_MORE_COLOURS = ("c4", "c5", "c6", "c7")

_WIDTH, _HEIGHT = 960, 220


def colour_of(layer: str, layers: list[str]) -> str:
    """The class of a layer's colour."""
    own = [name for name in layers if name not in COLOURS]
    return COLOURS.get(layer) or _MORE_COLOURS[own.index(layer) % len(_MORE_COLOURS)]


def time_chart(days: Mapping[str, int]) -> str:
    """Articles over time; "" where no article says when it was published."""
    bars, undated = bars_over_time(days)
    if not bars:
        return ""
    most = max(count for _, count in bars)
    room, top, bottom, left = _WIDTH - 70, 14, _HEIGHT - 26, 60
    step = room / len(bars)
    parts = []
    for value in sorted({0, most // 2, most} if most > 1 else {0, most}):
        y = bottom - value / most * (bottom - top)
        line = f'x1="{left}" y1="{svg_number(y)}" x2="{_WIDTH - 10}" y2="{svg_number(y)}"'
        parts += [f'<line class="grid" {line}/>', svg_text(left - 8, y + 4, f"{value:,}", "end")]
    for place, (label, count) in enumerate(bars):
        tall = count / most * (bottom - top)
        told = f"{label}: {count:,}"
        if count:
            parts.append(svg_bar(left + place * step + 1, bottom - tall, max(1, step - 2), tall, told, 'class="c0"'))
    every = max(1, -(-len(bars) // 8))
    for place in range(0, len(bars), every):
        parts.append(svg_text(left + (place + 0.5) * step, bottom + 18, bars[place][0], "middle"))
    told = ", ".join(f"{label}: {count:,}" for label, count in bars if count)
    svg = picture("time", "Articles over time", told, _WIDTH, _HEIGHT, parts)
    note = f"{undated:,} without a date of publication" if undated else ""
    listed = as_table(["date", "articles"], [(label, f"{count:,}") for label, count in bars if count])
    return svg + paragraph(note, "note") + listed


def picture(anchor: str, title: str, told: str, width: int, height: int, parts: list[str]) -> str:
    """An SVG with its title and description."""
    head = (
        f'<svg class="picture" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{anchor}-t {anchor}-d" focusable="false">'
    )
    named = f'<title id="{anchor}-t">{svg_words(title)}</title><desc id="{anchor}-d">{svg_words(told)}</desc>'
    return "\n".join([head, named, *parts, "</svg>"])


def kind_cards(counts: Counts, layers: list[str]) -> str:
    """A card a layer: its kinds. That of the figures shows their measures and how many a quote claims."""
    cards = []
    for layer in layers:
        kinds = counts.kinds.get(layer)
        if not kinds:
            continue
        ranked = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
        of_figures = layer == "figures"
        bars = [
            Bar(escaped(kind.replace("_", " ") or "no kind"), n, (f"{counts.claims[kind]:,}",) if of_figures else ())
            for kind, n in ranked
        ]
        heads = ["measure", "figures", "said by someone"] if of_figures else ["kind", "annotations"]
        title = "Figures by measure" if of_figures else f"{escaped(layer.capitalize())} by kind"
        cards.append(card(title, bar_table(title, heads, bars, colour_of(layer, layers))))
    return "\n".join(cards)


def name_cards(counts: Counts) -> str:
    """A card each for the actors, speakers and places that are met most often."""
    rankings = (
        ("Who is in the news", "actor", counts.actors, "mentions", "c0", "actor"),
        ("Who is quoted", "speaker", counts.speakers, "quotes", "c3", "actor"),
        ("Where it happens", "place", counts.places, "mentions", "c1", "place"),
    )
    cards = []
    for title, noun, ranking, what, colour, finds in rankings:
        bars = [Bar(_found(counts, name, finds), n, (f"{articles:,}",)) for name, n, articles in ranking.top(_TOP)]
        note = f"The first {_TOP} of {len(ranking.times):,}." if len(ranking.times) > _TOP else ""
        cards.append(card(title, bar_table(title, [noun, what, "articles"], bars, colour, _with_missed(note, ranking))))
    return "\n".join(cards)


def _found(counts: Counts, name: Name, finds: str) -> str:
    shown = counts.shown(name)
    kind = f" <small>{escaped(name.kind.replace('_', ' '))}</small>" if name.kind else ""
    return f'<a href="#articles" data-{finds}="{escaped(shown)}">{isolated(shown)}</a>{kind}'


def _with_missed(note: str, ranking: Ranking[Name] | Ranking[Pair]) -> str:
    missed = ranking.missed and f"Rare names were not all kept: a count may be up to {ranking.missed:,} too low."
    return " ".join(part for part in (note, missed or "") if part)


def pair_cards(counts: Counts) -> str:
    """Cards: which outlet quotes whom, and which speaker speaks of whom."""
    cards = []
    pairs = (
        ("Who quotes whom", ("who quotes", "quotes"), counts.quoted,
         "An outlet, or a speaker whose quote holds the quote, and the speaker that it names."),
        ("Who speaks of whom", ("speaker", "quotes"), counts.spoken_of,
         "Speakers with a name, and the actors that are named inside of their quotes."),
    )  # fmt: skip
    for title, (who, what), ranking, note in pairs:
        bars = [
            Bar(f'{isolated(pair.who)} <span class="to" aria-hidden="true">→</span><span class="away"> of </span> '
                f"{isolated(pair.whom)}", n, (f"{articles:,}",))
            for pair, n, articles in ranking.top(_TOP)
        ]  # fmt: skip
        heads = [f"{who} → whom", what, "articles"]
        cards.append(card(title, bar_table(title, heads, bars, "c3", _with_missed(note, ranking))))
    return "\n".join(cards)


_SPEECH = {
    "named": "a speaker with a name",
    "unnamed": "a speaker without a name (“officials”)",
    "implicit": "a speaker whom the text leaves to be understood",
    "unknown": "a speaker whom the text does not tell",
    "": "no speaker marked",
}


def speech_card(counts: Counts) -> str:
    """What is known of the speakers of quotes."""
    total = counts.speech.total()
    bars = [
        Bar(escaped(told), counts.speech[key], (share(counts.speech[key], total),)) for key, told in _SPEECH.items()
    ]
    return card("Who speaks: how quotes are attributed",
                bar_table("Quotes by what is known of the speaker", ["quotes with", "quotes", "share"],
                          [bar for bar in bars if bar.count], "c3"))  # fmt: skip


def map_card(counts: Counts) -> str:
    """Places that have coordinates, on a plain map; "" where none has."""
    dots = [(dot, n) for dot, n, _ in counts.dots.top(500)]
    if not dots:
        return ""
    svg = render_map(dots)
    rows = [
        (isolated(dot.name), f"{n:,}", f"{abs(dot.lat):g}° {'N' if dot.lat >= 0 else 'S'}",
         f"{abs(dot.lon):g}° {'E' if dot.lon >= 0 else 'W'}")
        for dot, n in dots[:100]
    ]  # fmt: skip
    note = (
        "Plate carrée projection, degrees of latitude and longitude; a dot’s area goes by mentions. "
        f"{len(counts.dots.times):,} places have coordinates"
        + (f", {len(dots):,} are drawn." if len(dots) < len(counts.dots.times) else ".")
    )
    listed = as_table(["place", "mentions", "latitude", "longitude"], rows)
    return card("Where: a map of the places", svg, paragraph(note, "note"), listed, classes="card full")
