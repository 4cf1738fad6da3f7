"""The numbers of a report are those that a reader of the documents' JSON counts."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newsroom import article, document, documents, newsroom
from report_page import Page

from corpus_tool.report.count import Dot
from corpus_tool.report.markup import share
from corpus_tool.report.ranking import Ranking
from corpus_tool.report.worldmap import render_map, window_of

Json = dict[str, Any]


def counted(rows: list[list[str]], column: int = 1) -> dict[str, int]:
    return {row[0]: int(row[column].replace(",", "")) for row in rows}


def raw(corpus: Path) -> list[Json]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((corpus / "documents").iterdir())]


def test_articles_words_and_annotations(corpus: Path, page: Page) -> None:
    made = raw(corpus)
    told = {
        dt.text_content(): dd.text_content()
        for dt, dd in zip(*(page.tree.xpath(f"//dl[@class='facts']//{tag}") for tag in ("dt", "dd")), strict=True)
    }
    marks = [mark for one in made for own in one["layers"].values() for mark in own]
    reviewed = sum(mark.get("provenance", {}).get("status") in {"accepted", "added", "corrected"} for mark in marks)
    assert told["articles"] == str(len(made))
    assert told["annotations"] == f"{len(marks):,}"
    days = sorted(one["meta"]["published"] for one in made)
    assert told["published"] == f"{days[0]} to {days[-1]}"
    assert told["outlets"] == "5"
    assert told["reviewed by a person"] == f"{100 * reviewed / len(marks):.0f} %"
    outlets = Counter(one["meta"]["source"] for one in made)
    assert counted(page.rows("Outlets")) == dict(outlets)


def test_kinds_statuses_and_figures(corpus: Path, page: Page) -> None:
    made = raw(corpus)
    for layer, title in (
        ("actors", "Actors by kind"),
        ("locations", "Locations by kind"),
        ("quotes", "Quotes by kind"),
    ):
        kinds = Counter(mark["kind"] for one in made for mark in one["layers"].get(layer, ()))
        assert counted(page.rows(title)) == kinds
    figures = [mark for one in made for mark in one["layers"].get("figures", ())]
    assert counted(page.rows("Figures by measure")) == Counter(mark["measure"] for mark in figures)
    assert counted(page.rows("Figures by measure"), 2) == Counter(mark["measure"] for mark in figures if mark["quote"])
    for layer, *row in page.rows("By layer"):
        statuses = Counter(
            mark.get("provenance", {}).get("status", "") for one in made for mark in one["layers"].get(layer, ())
        )
        assert [int(n) for n in row[:5]] == [statuses[s] for s in ("accepted", "corrected", "added", "suggested", "")]


def test_names_and_who_quotes_whom(corpus: Path, page: Page) -> None:
    actors, speakers, quoted = Counter[str](), Counter[str](), Counter[str]()
    for one in raw(corpus):
        names = {e["id"]: " ".join(unicodedata.normalize("NFC", e["name"]).split()) for e in one["entities"]}
        who = {a["id"]: names.get(a.get("entity", "")) for a in one["layers"]["actors"]}
        actors.update(name for name in who.values() if name)
        for quote in one["layers"]["quotes"]:
            speakers[who[quote["speaker"]]] += 1
            quoted[f"{one['meta']['source']} → of {who[quote['speaker']]}"] += 1
    found = {row[0].rsplit(" ", 1)[0]: int(row[1]) for row in page.rows("Who is in the news")}
    assert found == {name: actors[name] for name in found}
    assert sorted(found.values()) == sorted(actors.values())[-20:]
    found = {row[0].rsplit(" ", 1)[0]: int(row[1]) for row in page.rows("Who is quoted")}
    assert found == {name: speakers[name] for name in found}
    pairs = counted(page.rows("Who quotes whom"))
    assert pairs == {name: quoted[name] for name in pairs}
    assert sorted(pairs.values()) == sorted(quoted.values())[-20:]


def test_articles_over_time_and_places_on_the_map(corpus: Path, page: Page) -> None:
    made = raw(corpus)
    [time] = page.tree.xpath("//div[h3='Articles over time']")
    bars = [title.text_content() for title in time.xpath(".//*[local-name()='rect']/*[local-name()='title']")]
    months = Counter(one["meta"]["published"][:7] for one in made)
    assert bars == [f"{month}: {count}" for month, count in sorted(months.items())]
    mentions = Counter[tuple[str, str]]()
    for one in made:
        where = {e["id"]: (e["name"], f"{abs(e['lat']):g}") for e in one["entities"] if "lat" in e}
        mentions.update(where[mark["entity"]] for mark in one["layers"]["locations"])
    [drawn] = page.tree.xpath("//div[h3='Where: a map of the places']")
    rows = [[cell.text_content() for cell in row] for row in drawn.xpath(".//tbody/tr")]
    assert {(name, lat.split("°")[0]): int(n) for name, n, lat, _ in rows} == mentions
    assert len(drawn.xpath(".//*[local-name()='circle']")) == len(mentions)


def test_one_person_under_two_names_is_one_by_a_link(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    made = []
    for number, name in enumerate(("Mara Okonjo", "M. Okonjo", "Mara Okonjo")):
        one = article(8 * number)
        one["entities"][0] |= {"name": name, "kind": "person"} | ({"links": {"wikidata": "Q7"}} if number < 2 else {})
        made.append(one)
    rows = page_of(newsroom(tmp_path / "c", made)).rows("Who is quoted")
    assert rows[0][:3] == ["Mara Okonjo", "2", "2"]
    assert ["Mara Okonjo person", "1", "1"] in [row[:3] for row in rows]


def test_a_quote_within_a_quote_is_quoted_by_its_speaker(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    one = document(
        "nested",
        "A row\n{a1|Ana} {c1|said}: {q1|“{a2|Ben} {c2|told} us {q2|‘{a3|Chen} knew’} then.”}\n"
        "{a4|Officials} {c3|agreed} {q3|so}.",
        {
            "actors": {
                **{f"a{n}": {"kind": "person", "mention": "name"} for n in (1, 2, 3)},
                "a4": {"kind": "group", "mention": "nominal"},
            },
            "quotes": {
                "q1": {"kind": "direct", "cue": "c1", "speaker": "a1"},
                "q2": {"kind": "direct", "cue": "c2", "speaker": "a2", "parent": "q1"},
                "q3": {"kind": "indirect", "cue": "c3", "speaker": "a4"},
            },
        },
        meta={"source": "The Test", "license": "CC0-1.0"},
    )
    page = page_of(newsroom(tmp_path / "c", [one]))
    assert counted(page.rows("Who quotes whom")) == {"The Test → of Ana": 1, "Ana → of Ben": 1}
    assert counted(page.rows("Who speaks of whom")) == {"Ana → of Ben": 1, "Ana → of Chen": 1, "Ben → of Chen": 1}
    attributed = {row[0]: row[1:3] for row in page.rows("Who speaks: how quotes are attributed")}
    assert attributed == {
        "a speaker with a name": ["2", "67 %"],
        "a speaker without a name (“officials”)": ["1", "33 %"],
    }


def test_what_was_rejected_is_counted_as_such_and_nowhere_else(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    one = article(1)
    for mark in (mark for layer in one["layers"].values() for mark in layer):
        mark["provenance"]["status"] = "rejected"
    page = page_of(newsroom(tmp_path / "c", [one, article(2)]))
    assert {row[0]: row[6] for row in page.rows("By layer")} == {
        "actors": "6",
        "locations": "3",
        "figures": "2",
        "quotes": "2",
    }
    assert [len(body["marks"]) for body in page.bodies()] == [0, 13]
    assert sum(counted(page.rows("Who is quoted")).values()) == 2


def test_rankings_forget_the_rarest_and_say_so() -> None:
    ranking = Ranking[str](most=10)
    for number in range(100):
        ranking.add(Counter({"often": 3, "second": 2, f"once {number}": 1}))
    assert ranking.top(2) == [("often", 300, 100), ("second", 200, 100)]
    assert len(ranking.times) <= 11
    assert ranking.missed > 0
    exact = Ranking[str]()
    exact.add(Counter({"b": 1, "a": 1}))
    assert (exact.top(5), exact.missed) == ([("a", 1, 1), ("b", 1, 1)], 0)


def test_a_count_is_never_too_high_and_too_low_by_no_more_than_it_says() -> None:
    ranking = Ranking[int](most=20)
    true = Counter[int]()
    for number in range(3000):
        mentions = Counter([number * number % 97, number % 13])
        true.update(mentions)
        ranking.add(mentions)
    assert ranking.missed
    for name, times, _ in ranking.top(10):
        assert times <= true[name] <= times + ranking.missed


def test_shares_are_never_whole_where_something_is_missing() -> None:
    assert [share(*pair) for pair in ((0, 0), (0, 5), (5, 5), (1, 1000), (999, 1000), (1, 3))] == [
        "–",
        "0 %",
        "100 %",
        "< 1 %",
        "> 99 %",
        "33 %",
    ]


def test_the_map_shows_every_place_whatever_the_world_holds() -> None:
    for dots in (
        [Dot("pole", 90, 180), Dot("other pole", -90, -180)],
        [Dot("here", 45.65, 13.77)],
        [Dot("edge", 89.9, 179.9)],
        [Dot("a", -18.5, 178.4), Dot("b", -21.2, -175.2)],
        [Dot("نهر", 36.2, 37.2), Dot("<b>", 32.8, 35)],
    ):
        window = window_of(dots)
        assert -180 <= window.west < window.east <= 180
        assert -90 <= window.south < window.north <= 90
        for dot in dots:
            assert 0 <= window.x(dot.lon) <= 960
            assert 0 <= window.y(dot.lat) <= window.height
        svg = render_map([(dot, 3) for dot in dots])
        assert svg.count("<circle") == len(dots)
        assert "<b>" not in svg


def test_a_corpus_of_many_names_counts_them_all(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    page = page_of(newsroom(tmp_path / "c", documents(24)))
    assert sum(counted(page.rows("Where it happens")).values()) == 3 * 24
