"""Mutants of the FIG checks: what figures refer to, their values and units, and the words around them."""

from __future__ import annotations

import random
from typing import Any

from mutation.amounts import AMOUNTS, INDEFINITE, NUMBERS, RANGES
from mutation.planting import Mutant, Planted, Raw, add_paragraph, annotate, live, pick, span_at, unmarked_words, whole

_THINGS = "boats", "crates of figs", "barrels 🛢", "pages", "old lamps", "books in עברית", "bags of 大米", "co-op loans"
_PEOPLE = "people", "nurses", "fishermen", "boys", "townspeople", "women", "passengers"
_CASUALTIES = (
    "were killed", "dead", "were wounded", "were injured", "went missing", "died at sea", "fatalities",
    "were displaced",
    "casualties", "are missing",
)  # fmt: skip
_PEOPLE_MEASURES = (
    "killed", "wounded", "casualties", "missing", "displaced", "evacuated", "detained", "abducted", "infected",
    "affected",
)  # fmt: skip
_FRONTS = "The clerk saw ", "In March they found ", "“No” was the word; there were ", "Late that night came ", "… and "
_MODIFIERS = (
    ("at least", "at_least"), ("no fewer than", "at_least"), ("at most", "at_most"), ("up to", "at_most"),
    ("no more than", "at_most"), ("more than", "more_than"), ("less than", "less_than"), ("nearly", "about"),
    ("almost", "about"), ("roughly", "about"), ("approximately", "about"), ("upwards of", "more_than"),
)  # fmt: skip
_BEHIND = ("or more", "at_least"), ("or so", "about"), ("or fewer", "at_most"), ("or less", "at_most")
_MISSING = "l99", "q99", "e1", "a1", "L1", "l1x", "x"


def _write(rng: random.Random, raw: Raw, words: str, behind: str = "", front: str = "", **attributes: Any) -> str:
    """Adds a paragraph with a figure; its pointer. ``behind`` follows the number as it is."""
    front = front or rng.choice(_FRONTS)
    start = add_paragraph(raw, f"{front}{words}{behind}.")
    return annotate(raw, "figures", words, start + len(front), **attributes)


def _counting(rng: random.Random, raw: Raw, **attributes: Any) -> str:
    """Adds a paragraph with a number of things; the figure's pointer."""
    words, value = rng.choice(NUMBERS)
    return _write(rng, raw, words, f" {rng.choice(_THINGS)}", **{"value": value, **attributes})


def _inside_quote(raw: Raw, figure: Raw) -> bool:
    return any(quote["start"] <= figure["start"] and figure["end"] <= quote["end"] for _, quote in live(raw, "quotes"))


def dangling_place(rng: random.Random, raw: Raw) -> Planted | None:
    locations = {item["id"] for _, item in live(raw, "locations")}
    missing = rng.choice([own for own in _MISSING if own not in locations])
    if rng.random() < 0.5:
        return Planted(raw, f"{_counting(rng, raw, place=missing)}/place")
    found = pick(rng, live(raw, "figures"))
    if found is None:
        return None
    found[1]["place"] = missing
    return Planted(raw, f"{found[0]}/place")


def dangling_quote(rng: random.Random, raw: Raw) -> Planted | None:
    quotes = {item["id"] for _, item in live(raw, "quotes")}
    missing = rng.choice([own for own in _MISSING if own not in quotes])
    if rng.random() < 0.5:
        return Planted(raw, f"{_counting(rng, raw, quote=missing)}/quote")
    found = pick(rng, live(raw, "figures"))
    if found is None:
        return None
    found[1]["quote"] = missing
    return Planted(raw, f"{found[0]}/quote")


def quote_not_named(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, [(pointer, item) for pointer, item in live(raw, "figures") if "quote" in item])
    if found is not None and rng.random() < 0.5:
        del found[1]["quote"]
        return Planted(raw, found[0])
    words, value = rng.choice(NUMBERS)
    opening, closing = rng.choice(("“”", "„“", "«»", '""', "‘’"))
    start = add_paragraph(raw, f"{opening}We sold {words} {rng.choice(_THINGS)},{closing} somebody told a paper.")
    told = raw["text"][start : raw["text"].index(closing, start + 1) + 1]
    annotate(raw, "quotes", told, start, kind="direct", speaker_status="unknown")
    return Planted(raw, annotate(raw, "figures", words, start, value=value))


def quote_elsewhere(rng: random.Random, raw: Raw) -> Planted | None:
    quotes = [item for _, item in live(raw, "quotes")]
    if not quotes:
        return None
    figures = [(p, f) for p, f in live(raw, "figures") if "quote" not in f]
    if not figures or rng.random() < 0.4:
        return Planted(raw, f"{_counting(rng, raw, quote=rng.choice(quotes)['id'])}/quote")
    pointer, figure = rng.choice(figures)
    figure["quote"] = rng.choice(quotes)["id"]
    return Planted(raw, f"{pointer}/quote")


def min_above_max(rng: random.Random, raw: Raw) -> Planted:
    words, low, high = rng.choice(RANGES)
    modifier = {"modifier": "range"} if rng.random() < 0.7 else {}
    found = pick(rng, [(p, f) for p, f in live(raw, "figures") if "max" in f])
    if found is not None and rng.random() < 0.5:
        found[1].update({"min": found[1]["max"], "max": found[1]["min"]})
        return Planted(raw, found[0])
    return Planted(raw, _write(rng, raw, words, f" {rng.choice(_THINGS)}", min=high, max=low, **modifier))


def value_beside_range(rng: random.Random, raw: Raw) -> Planted:
    figures = live(raw, "figures")
    if figures and rng.random() < 0.5:
        pointer, figure = rng.choice(figures)
        ends = [figure[key] for key in ("value", "min", "max") if key in figure]
        figure["value"] = ends[0]
        figure[rng.choice(("min", "max"))] = ends[0]
        if "min" in figure and "max" in figure:
            figure |= {"min": min(ends), "max": max(ends)}
        return Planted(raw, pointer)
    words, low, high = rng.choice(RANGES)
    return Planted(raw, _write(rng, raw, words, f" {rng.choice(_THINGS)}", value=low, min=low, max=high))


def modifier_at_odds(rng: random.Random, raw: Raw) -> Planted:
    way = rng.randrange(3)
    behind = f" {rng.choice(_THINGS)}"
    if way == 0:
        pointer = _counting(rng, raw, modifier="range")
    elif way == 1:
        words, low = rng.choice(INDEFINITE)
        modifier = rng.choice(("exact", "at_most", "less_than", "range"))
        pointer = _write(rng, raw, words, f" of{behind}", min=low, modifier=modifier)
    else:
        words, low, high = rng.choice(RANGES)
        modifier = rng.choice(("exact", "about", "at_least", "at_most", "more_than", "less_than"))
        pointer = _write(rng, raw, words, behind, min=low, max=high, modifier=modifier)
    return Planted(raw, f"{pointer}/modifier")


def unknown_unit(rng: random.Random, raw: Raw) -> Planted:
    wrong = (
        "$", "dollars", "kilometres", "kms", "%", "people", "US$", "usd", "EURO", "mile", "km per h", "км",
        "元", "ريال",
        "°C", "x", "ABC", "Count", "per cent", "🐟", "m/", "1 km", "Eur",
    )  # fmt: skip
    unit = rng.choice([unit for unit in wrong if unit != "%"])
    figures = live(raw, "figures")
    if figures and rng.random() < 0.5:
        pointer, figure = rng.choice(figures)
        figure["unit"] = unit
        return Planted(raw, f"{pointer}/unit")
    return Planted(raw, f"{_counting(rng, raw, unit=unit)}/unit")


def measure_and_unit_at_odds(rng: random.Random, raw: Raw) -> Planted:
    words, value, unit, measure = rng.choice(AMOUNTS)
    wrong = {"money", "share", "distance", "area", "mass", "speed", "temperature", "duration", "age", *_PEOPLE_MEASURES}
    wrong -= {measure, "age" if measure == "duration" else measure}
    if unit in {"percent", "1"}:
        wrong -= {"share"}
    own = rng.choice(sorted(wrong))
    if rng.random() < 0.3:
        measures = "money", "share", "distance", "area", "mass", "volume", "speed", "temperature", "duration", "age"
        return Planted(raw, _counting(rng, raw, unit="count", measure=rng.choice(measures)))
    return Planted(raw, _write(rng, raw, words, value=value, unit=unit, measure=own))


def share_beyond_whole(rng: random.Random, raw: Raw) -> Planted:
    beyond = (
        ("120%", {"value": 120}), ("150 percent", {"value": 150}), ("two hundred per cent", {"value": 200}),
        ("100.5\u00a0%", {"value": 100.5}), ("between 110 and 130 per cent", {"min": 110, "max": 130}),
        ("90 to 110 percent", {"min": 90, "max": 110}), ("1,000 per cent", {"value": 1000}),
    )  # fmt: skip
    attributes: Raw
    if rng.random() < 0.3:
        words, value = rng.choice(NUMBERS)
        attributes = {"value": value, "unit": "1"}
    else:
        words, own = rng.choice(beyond)
        attributes = {**own, "unit": "percent"}
    behind = f" of the {rng.choice(_THINGS)}" if rng.random() < 0.6 else ""
    return Planted(raw, _write(rng, raw, words, behind, measure="share", **attributes))


def impossible_count(rng: random.Random, raw: Raw) -> Planted:
    wrong = (
        ("2.5", 2.5), ("12.5", 12.5), ("one and a half", 1.5), ("minus 3", -3), ("-4", -4), ("0.7", 0.7),
        ("1.25", 1.25),
        ("−6", -6),
    )  # fmt: skip
    words, value = rng.choice(wrong)
    unit = {"unit": "count"} if rng.random() < 0.5 else {}
    behind = f" {rng.choice(_PEOPLE)}"
    return Planted(raw, _write(rng, raw, words, behind, value=value, measure=rng.choice(_PEOPLE_MEASURES), **unit))


def part_exceeds_whole(rng: random.Random, raw: Raw) -> Planted:
    (small, low), (large, high) = sorted(rng.sample(NUMBERS, 2), key=lambda pair: pair[1])
    if low == high:
        large, high = "five million", 5000000
    joint = rng.choice((
        ", including {}", ", {} of them", ", among them {}", ", of whom {}", " (including {})", " – among which {}",
    ))  # fmt: skip
    joint = ", including {}" if joint == ", {} of them" else joint
    front, people, others = rng.choice(_FRONTS), rng.choice(_PEOPLE), rng.choice(_THINGS)
    part = rng.choice(("at least ", "")) + large
    start = add_paragraph(raw, f"{front}{small} {people}{joint.format(part)} {others}.")
    at_least = {"modifier": "at_least"} if part != large else {}
    annotate(raw, "figures", small, start + len(front), value=low)
    behind = raw["text"].index(people, start)
    return Planted(raw, annotate(raw, "figures", large, behind, value=high, **at_least))


def casualties_without_measure(rng: random.Random, raw: Raw) -> Planted:
    measured = [(p, f) for p, f in live(raw, "figures") if f.get("measure") == "killed"]
    if measured and rng.random() < 0.3:
        pointer, figure = rng.choice(measured)
        del figure["measure"]
        return Planted(raw, pointer)
    words, value = rng.choice(NUMBERS)
    harm, people = rng.choice(_CASUALTIES), rng.choice(_PEOPLE)
    counted = harm not in ("dead", "fatalities", "casualties")
    pointer = _write(rng, raw, words, f" {people} {harm}" if counted else f" {harm}", value=value)
    figure = raw["layers"]["figures"][-1]
    if counted and rng.random() < 0.5:
        figure["counted"] = span_at(raw, people, figure["end"])
    if rng.random() < 0.5:
        figure["unit"] = "count"
    return Planted(raw, pointer)


def value_differs_from_text(rng: random.Random, raw: Raw) -> Planted:
    plain = [(p, f) for p, f in live(raw, "figures") if "value" in f]
    if plain and rng.random() < 0.4:
        pointer, figure = rng.choice(plain)
        figure["value"] = rng.choice((figure["value"] + 1, figure["value"] * 1000 + 1, figure["value"] / 10, -1, 0))
        return Planted(raw, pointer)
    wrong = (
        ("two dozen", {"value": 12}), ("$3.2bn", {"value": 3.2}), ("1,200", {"value": 1.2}), ("dozens", {"min": 12}),
        ("between 30 and 40", {"min": 30, "max": 45}), ("1.9%", {"value": 19}), ("£1.5m", {"value": 1500}),
        ("half a million", {"value": 0.5}), ("two-thirds", {"value": 0.23}), ("twenty-one", {"value": 20}),
        ("a dozen", {"value": 10}), ("12 lakh", {"value": 12}), ("from 3 to 5 million", {"min": 3, "max": 5}),
        ("7 thousand", {"value": 7}), ("tens of thousands", {"min": 10000}), ("5 km", {"value": 5000}),
        ("1\u00a0200", {"value": 1}), ("five to seven", {"value": 6}), ("two hundred and six", {"value": 26}),
    )  # fmt: skip
    words, own = rng.choice(wrong)
    measure = {"measure": rng.choice(("quantity", "other"))} if rng.random() < 0.5 else {}
    return Planted(raw, _write(rng, raw, words, f" {rng.choice(_THINGS)}", **own, **measure))


def unit_differs_from_text(rng: random.Random, raw: Raw) -> Planted:
    wrong = {
        "EUR": ("USD", "GBP", "count", "km"), "USD": ("count", "percent", "km"), "GBP": ("count", "percent"),
        "JPY": ("count", "d"), "BRL": ("EUR", "USD", "count"), "percent": ("count", "USD", "m"), "1": ("count", "km"),
        "km": ("[mi_i]", "m", "count", "km/h"), "[mi_i]": ("km", "count"), "t": ("kg", "count", "m"),
        "ha": ("km2", "count"), "Cel": ("[degF]", "count"), "min": ("h", "s", "count"), "km/h": ("km", "h", "count"),
        "kg": ("g", "t", "[lb_av]", "count"),
    }  # fmt: skip
    words, value, unit, measure = rng.choice(AMOUNTS)
    own = rng.choice((measure, "quantity", None))
    measured = {"measure": own} if own else {}
    pointer = _write(rng, raw, words, value=value, unit=rng.choice(wrong[unit]), **measured)
    return Planted(raw, f"{pointer}/unit")


def year_as_figure(rng: random.Random, raw: Raw) -> Planted:
    front = rng.choice((
        "The bridge closed in ", "It has been dry since ", "He left for Zwin in early ", "By ", "The flood of ",
        "They met on 12 March ", "From ", "It stood until ", "“Yes” was the vote of ",
        "After the winter of ", "Mayor (",
    ))  # fmt: skip
    year = rng.choice((rng.randint(1000, 1999), rng.randint(2000, 2099)))
    behind = ")" if front.endswith("(") else rng.choice(("", ", and nobody came", " the clock was wrong", " 🕰"))
    attributes: Raw = {"unit": rng.choice(("count", "a"))} if rng.random() < 0.5 else {}
    if rng.random() < 0.5:
        attributes["measure"] = rng.choice(("quantity", "other"))
    return Planted(raw, _write(rng, raw, str(year), behind, front, value=year, **attributes))


def ordinal_as_figure(rng: random.Random, raw: Raw) -> Planted:
    ordinals = (
        ("third", 3), ("21st", 21), ("2nd", 2), ("twelfth", 12), ("First", 1), ("thirtieth", 30), ("103rd", 103),
        ("twenty-first", 21), ("eleventh", 11), ("ninetieth", 90), ("Tenth", 10), ("11th", 11), ("forty-second", 42),
    )  # fmt: skip
    words, value = rng.choice(ordinals)
    front = rng.choice(("It was the ", "For the ", "Her ", "At the “"))
    behind = rng.choice((" fire this year", " prize went to nobody", " 🚲 race"))
    behind = behind + "”" if front.endswith("“") else behind
    return Planted(raw, _write(rng, raw, words, behind, front, value=value, measure=rng.choice(("quantity", "other"))))


def figure_without_number(rng: random.Random, raw: Raw) -> Planted | None:
    found = pick(rng, unmarked_words(raw))
    if found is None or rng.random() < 0.4:
        people = rng.choice((*_PEOPLE, "much of the crowd", "a large part", "עשרות", "许多人", "kilometres", "%", "€"))
        return Planted(raw, _write(rng, raw, people, " of the town left", value=rng.choice((1, 24, 3000))))
    start, end = found
    own = {"id": "n1", "start": start, "end": end, "text": raw["text"][start:end], "value": 1, "measure": "other"}
    raw["layers"]["figures"].append(own)
    quote = next((q for _, q in live(raw, "quotes") if q["start"] <= start and end <= q["end"]), None)
    return None if quote else Planted(raw, f"/layers/figures/{len(raw['layers']['figures']) - 1}")


def date_as_figure(rng: random.Random, raw: Raw) -> Planted:
    front, words, behind = rng.choice((
        ("On ", "12", " March"), ("On March ", "30", ""), ("By ", "2019-05-01", " it rained"), ("At ", "10:30", ""),
        ("At ", "7", " p.m. it rained"), ("They won ", "3-1", " at home"), ("They lost ", "6–4", ""),
        ("In the ", "1990s", ""),
        ("Call ", "555-0147", ""), ("In the ", "2019-20", " season"),
        ("At ", "1800", " GMT the ferry left"), ("On ", "12/03/2019", ""),
        ("At ", "6", " o’clock"), ("On the night of Sept. ", "3", ", the ferry left"),
        ("On ", "12", " March 2019 🎉"), ("In the ", "’60s", ""),
    ))  # fmt: skip
    more = rng.choice(("", " and nobody came", ", said «Le Phare»", " 🕰", " – at last"))
    attributes: Raw = {"unit": "count"} if rng.random() < 0.5 else {}
    if rng.random() < 0.5:
        attributes["measure"] = rng.choice(("quantity", "other"))
    value = rng.randint(1, 99) if not words.isdigit() else int(words)
    return Planted(raw, _write(rng, raw, words, behind + more, front, value=value, **attributes))


def modifier_in_span(rng: random.Random, raw: Raw) -> Planted:
    words, value = rng.choice(NUMBERS)
    behind = f" {rng.choice(_THINGS)}"
    if rng.random() < 0.3:
        last, modifier = rng.choice((*_BEHIND, ("at least", "at_least"), ("at most", "at_most")))
        return Planted(raw, _write(rng, raw, f"{words} {last}", behind, value=value, modifier=modifier))
    first, modifier = rng.choice((*_MODIFIERS, ("about", "about"), ("some", "about"), ("over", "more_than")))
    own = {"modifier": modifier} if rng.random() < 0.6 else {}
    return Planted(raw, _write(rng, raw, f"{first} {words}", behind, value=value, **own))


def modifier_missed(rng: random.Random, raw: Raw) -> Planted:
    modified = [(p, f) for p, f in live(raw, "figures") if f.get("modifier") == "at_least" and "value" in f]
    if modified and rng.random() < 0.4:
        pointer, figure = rng.choice(modified)
        figure["modifier"] = rng.choice(("exact", "about", "at_most", "more_than", "less_than"))
        return Planted(raw, pointer)
    words, value = rng.choice(NUMBERS)
    things = f" {rng.choice(_THINGS)}"
    before = rng.random() < 0.7
    said, modifier = rng.choice(_MODIFIERS if before else _BEHIND)
    wrong = [None, *({"exact", "about", "at_least", "at_most", "more_than", "less_than"} - {modifier})]
    own = rng.choice(sorted(wrong, key=str))
    attributes: Raw = {"modifier": own} if own else {}
    front, behind = (f"There were {said} ", things) if before else ("There were ", f" {said}{things}")
    return Planted(raw, _write(rng, raw, words, behind, front, value=value, **attributes))


def counted_overlaps_figure(rng: random.Random, raw: Raw) -> Planted | None:
    counting = [(p, f) for p, f in whole(raw, "figures") if "counted" in f]
    found = pick(rng, [(p, f) for p, f in counting if f["end"] + 1 == f["counted"]["start"]])
    if found is not None and rng.random() < 0.4:
        pointer, figure = found
        figure["end"] = figure["counted"]["end"]
        figure["text"] = raw["text"][figure["start"] : figure["end"]]
        return Planted(raw, f"{pointer}/counted")
    words, value = rng.choice(NUMBERS)
    people = rng.choice(_PEOPLE)
    pointer = _write(rng, raw, f"{words} {people}", " left early", value=value)
    figure = raw["layers"]["figures"][-1]
    figure["counted"] = span_at(raw, people, figure["start"])
    return Planted(raw, f"{pointer}/counted")


MUTANTS: dict[str, Mutant] = {
    "FIG101": dangling_place,
    "FIG102": dangling_quote,
    "FIG103": quote_not_named,
    "FIG104": quote_elsewhere,
    "FIG201": min_above_max,
    "FIG202": value_beside_range,
    "FIG203": modifier_at_odds,
    "FIG204": unknown_unit,
    "FIG205": measure_and_unit_at_odds,
    "FIG206": share_beyond_whole,
    "FIG207": impossible_count,
    "FIG208": part_exceeds_whole,
    "FIG209": casualties_without_measure,
    "FIG301": value_differs_from_text,
    "FIG302": unit_differs_from_text,
    "FIG303": year_as_figure,
    "FIG304": ordinal_as_figure,
    "FIG305": figure_without_number,
    "FIG306": date_as_figure,
    "FIG401": modifier_in_span,
    "FIG402": modifier_missed,
    "FIG403": counted_overlaps_figure,
}
