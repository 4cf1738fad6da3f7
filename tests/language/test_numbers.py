"""The grammar of numbers: what it reads, what it re-reads, and that no text makes it slow or wrong."""

from __future__ import annotations

import random
import re

import pytest

from corpus_tool.language.numbers import Quantity, iter_quantities, read_quantity, readings

READ = {
    "40": (40, "count"),
    "1,234,567.5": (1234567.5, "count"),
    "12 000": (12000, "count"),
    "12\u00a0000": (12000, "count"),
    "12\u2009000": (12000, "count"),
    "1,50,000": (150000, "count"),
    "10’000": (10000, "count"),
    "twenty-one": (21, "count"),
    "a hundred and five": (105, "count"),
    "three hundred thousand and ninety": (300090, "count"),
    "two and a half million": (2500000, "count"),
    "half a million": (500000, "count"),
    "half a dozen": (6, "count"),
    "a dozen": (12, "count"),
    "two dozen": (24, "count"),
    "450k": (450000, "count"),
    "5 lakh": (500000, "count"),
    "5 crore": (50000000, "count"),
    "$3.2bn": (3200000000, "USD"),
    "US $1.1 million": (1100000, "USD"),
    "A$5": (5, "AUD"),
    "£1.25m": (1250000, "GBP"),
    "¥5,000": (5000, "JPY"),
    "₹5 crore": (50000000, "INR"),
    "1,200€": (1200, "EUR"),
    "CHF 5": (5, "CHF"),
    "30 million EUR": (30000000, "EUR"),
    "900 Swiss francs": (900, "CHF"),
    "19 cents": (0.19, "USD"),
    "50p": (0.5, "GBP"),
    "1.9%": (1.9, "percent"),
    "12 per cent": (12, "percent"),
    "five percentage points": (5, "percent"),
    "60 basis points": (60, "10*-4"),
    "half a percentage point": (0.5, "percent"),
    "two-thirds": (0.666667, "1"),
    "a quarter": (0.25, "1"),
    "one in five": (0.2, "1"),
    "three out of ten": (0.3, "1"),
    "2 1/2": (2.5, "count"),
    "½": (0.5, "1"),
    "20 miles": (20, "[mi_i]"),
    "15-km": (15, "km"),
    "half a mile": (0.5, "[mi_i]"),
    "-5C": (-5, "Cel"),
    "minus 40 degrees Fahrenheit": (-40, "[degF]"),
    "311 square miles": (311, "[mi_i]2"),
    "60mph": (60, "[mi_i]/h"),
    "2 hours, 30 minutes": (2.5, "h"),
    "5ft 6in": (5.5, "[ft_i]"),
    "three decades": (3, "10.a"),
}
LEAST = {
    "dozens": 24,
    "scores": 40,
    "hundreds": 200,
    "thousands": 2000,
    "tens of thousands": 20000,
    "hundreds of thousands": 200000,
    "millions of dollars": 2000000,
    "several hundred": 200,
}
RANGES = {
    "between 30 and 40": (30, 40, "count"),
    "from 12 to 15": (12, 15, "count"),
    "5-7%": (5, 7, "percent"),
    "$3m to $5m": (3000000, 5000000, "USD"),
    "$3-5 million": (3000000, 5000000, "USD"),
    "30 or 40": (30, 40, "count"),
    "two to three years": (2, 3, "a"),
    "3 to 5 million": (3000000, 5000000, "count"),
    "1 per cent to 1.5 per cent": (1, 1.5, "percent"),
}
MODIFIED = {
    "about 40": "about",
    "some 40": "about",
    "nearly $40": "about",
    "at least 40": "at_least",
    "no fewer than 40": "at_least",
    "40 or more": "at_least",
    "40-plus": "at_least",
    "up to 40": "at_most",
    "as many as 40": "at_most",
    "more than 40": "more_than",
    "over a million": "more_than",
    "fewer than 40": "less_than",
    "just under 40%": "less_than",
    "over 40 days": "exact",
    "dozens": "at_least",
    "from 12 to 15": "range",
}
NOTHING = [
    "on 24 Sept. 2019 at 10:30",
    "a 3-1 win",
    "in the 1990s",
    "555-0134",
    "+44 20 7946 0958",
    "www.example.org/2020/12",
    "version 10.2.3",
    "the third and the 21st",
    "9/11",
    "2015-16",
    "MH370",
    "a third term",
    "the first half",
    "COVID-19",
]


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_reads_value_and_unit(text: str, expected: tuple[float, str]) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.unit) == expected
    assert (quantity.start, quantity.end) == (0, len(text))


@pytest.mark.parametrize(("text", "least"), LEAST.items())
def test_reads_the_least_of_indefinite_plurals(text: str, least: int) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.min, quantity.modifier) == (None, least, "at_least")


@pytest.mark.parametrize(("text", "expected"), RANGES.items())
def test_reads_ranges(text: str, expected: tuple[float, float, str]) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.min, quantity.max, quantity.unit) == expected
    assert (quantity.modifier, quantity.value) == ("range", None)


@pytest.mark.parametrize(("text", "modifier"), MODIFIED.items())
def test_finds_the_modifier_beside_a_number(text: str, modifier: str) -> None:
    (quantity,) = iter_quantities(text)
    assert quantity.modifier == modifier


@pytest.mark.parametrize("text", NOTHING)
def test_leaves_out_what_is_no_quantity(text: str) -> None:
    assert list(iter_quantities(text)) == []


@pytest.mark.parametrize("text", ["", " ", "people", "about 40", "40 people", "on 40", "$", "x1"])
def test_reads_nothing_else(text: str) -> None:
    assert read_quantity(text) is None


def test_a_change_from_one_amount_to_another_is_two_quantities() -> None:
    assert [q.value for q in iter_quantities("The toll rose from 12 to 15.")] == [12, 15]
    assert [q.value for q in iter_quantities("They cut the price from $20 to $15.")] == [20, 15]


def test_ambiguous_text_has_several_readings() -> None:
    assert {(q.value, q.unit) for q in readings("10m")} == {(10, "m"), (10_000_000, "count")}
    assert {(q.value, q.unit) for q in readings("208 pounds")} == {(208, "[lb_av]"), (208, "GBP")}


PIECES = re.split(
    r"\|",
    "one|two|hundred|million|a|half|dozen|dozens|of|and|or|to|between|from|-|–|$|£|%|5|12|3.2|1,000|2015|.|,|bn|m|k|km"
    "|miles|year|-old|½|1/2|third|quarter|tens|thousands|scores|😀|'|“|minus|C|°|[1]|rose|May|س|0|007|9/11|²|٣|１２"
    "|per cent|\n|\u00a0|  ",
)


def test_any_text_gives_quantities_in_order_that_reread_the_same() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        text = "".join(chance.choice(PIECES) + chance.choice(("", " ")) for _ in range(chance.randint(1, 14)))
        last = 0
        for quantity in iter_quantities(text):
            assert last <= quantity.start < quantity.end <= len(text)
            last = quantity.end
            check_reread(text[quantity.start : quantity.end], quantity)


def check_reread(words: str, quantity: Quantity) -> None:
    """A span's text alone gives the number again, as one of its readings."""
    assert words == words.strip()
    again = {(q.value, q.min, q.max) for q in readings(words)}
    assert not again or (quantity.value, quantity.min, quantity.max) in again


@pytest.mark.parametrize("piece", ["1,", "one ", "twenty-", "1 ", "from 1 to ", "9", "1-", "a@", "half a ", " ", "(1)"])
def test_long_runs_of_anything_come_to_an_end(piece: str) -> None:
    """What grew with the square of the text would keep the suite here for minutes."""
    text = piece * (50_000 // len(piece))
    assert all(0 <= found.start < found.end <= len(text) for found in iter_quantities(text))
