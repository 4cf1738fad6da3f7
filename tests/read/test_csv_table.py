"""Tables: each row an article or a fault, whatever its encoding, its separator and the rows around it."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read import ReadError, ReadOptions, read_articles


def read(path: Path, data: bytes | str, **options: Any) -> tuple[list[Document], list[Diagnostic]]:
    """The articles of a table, and what was told of it."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    found = list(read_articles(path, ReadOptions(**{"encoding": "auto", **options})))
    told = [x.diagnostic if isinstance(x, ReadError) else x for x in found if not isinstance(x, Document)]
    return [x for x in found if isinstance(x, Document)], told


def test_columns_have_their_place_in_meta_and_the_others_are_kept(tmp_path: Path) -> None:
    row = 'n/1,"Said ""no"", he did.\r\nAnd left. 😀",Out,2021-03-04 05:06,Ida Holm; 王伟,foreign,7,\r\n'
    path = tmp_path / "wire.csv"
    columns = {"text": "body", "title": "headline", "published": "day", "authors": "by"}
    [document], told = read(path, f"id,body,headline,day,by,desk,n,empty\r\n{row}", columns=columns)
    meta = document.meta
    assert told == []
    assert (document.id, meta.source_id, document.text) == ("n-1", "n/1", 'Said "no", he did.\nAnd left. 😀')
    assert (meta.title, meta.published, meta.authors) == ("Out", "2021-03-04T05:06", ("Ida Holm", "王伟"))
    assert meta.extra == {"desk": "foreign", "n": "7"}
    assert meta.article is not None
    assert (meta.article.path, meta.article.media_type, meta.article.encoding) == ("wire.csv", "text/csv", "utf-8")
    assert meta.article.sha256 == hashlib.sha256(row.rstrip("\r\n").encode()).hexdigest()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_of_the_column_names(separator: str, tmp_path: Path) -> None:
    rows = f"id{separator}text{separator}desk\na{separator}One, two; three|four.{separator}x\n"
    if separator in ",;|":
        rows = rows.replace("One, two; three|four.", '"One, two; three|four."')
    [document], told = read(tmp_path / "wire.csv", rows)
    assert (document.text, document.meta.extra, told) == ("One, two; three|four.", {"desk": "x"}, [])


def test_a_row_without_an_id_is_called_by_its_address_or_its_words(tmp_path: Path) -> None:
    rows = ["https://example.org/Fire?id=1,One.", ",Two.", ",Three."]
    made, _ = read(tmp_path / "a.csv", "url,text\n" + "\n".join(rows))
    again, _ = read(tmp_path / "b.csv", "url,text\n" + "\n".join(reversed(rows)))
    assert made[0].id == "example-org-fire-id-1"
    assert made[1].id.startswith("row-")
    assert {d.id: d.text for d in made} == {d.id: d.text for d in again}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", []),
        ("utf-32", []),
        ("windows-1252", ["encoding-guessed"]),
        ("koi8-r", ["encoding-guessed"]),
        ("shift_jis", ["encoding-guessed"]),
    ],
)
def test_the_encoding_is_found_recorded_and_told_where_it_is_a_guess(
    name: str, told: list[str], tmp_path: Path
) -> None:
    words = {
        "koi8-r": "Мэр города заявил во вторник, что улица будет закрыта на несколько дней из-за пожара.",
        "shift_jis": "市長は火曜日、金曜日の夜に発生した火災のため、通りは数日間閉鎖されると述べた。",
    }.get(name, "The café in the Straße: “closed” – it cost €40.")
    made, found = read(tmp_path / "a.csv", f'id,text\na,"{words}"\nb,"{words} x"\n'.encode(name))
    assert [d.text for d in made] == [words, f"{words} x"]
    assert [d.name for d in found] == told
    assert all(d.meta.article is not None and d.meta.article.encoding == name for d in made)
    if told:
        assert name in found[0].message
        assert any(word in found[0].message for word in ("café", "города", "市長は"))


def test_an_encoding_that_is_named_is_taken_and_rows_that_are_not_in_it_are_told(tmp_path: Path) -> None:
    data = b"id,text\na,One.\nb,caf" + b"\xe9\n" + "c,Tür.\n".encode()
    made, told = read(tmp_path / "a.csv", data, encoding="utf-8")
    assert [d.id for d in made] == ["a", "c"]
    assert [(d.name, d.line) for d in told] == [("row-invalid", 3)]
    with pytest.raises(CorpusToolError, match="no such character encoding"):
        read(tmp_path / "a.csv", data, encoding="no-such")


BROKEN = [
    ('b,"He said "no" today"', "row-invalid"),
    ("b", "row-invalid"),
    ("b,x,y", "row-invalid"),
    ('b," "', "article-empty"),
    ('b,""', "article-line-invalid"),
    ("b,One\0.", "article-binary"),
    ('b,"never closed', "row-invalid"),
    ("a,Another one.", "article-id-twice"),
    ("b,One\rtwo", "row-invalid"),
]


@pytest.mark.parametrize(("row", "name"), BROKEN)
def test_a_broken_row_is_told_by_its_line_and_the_others_are_read(row: str, name: str, tmp_path: Path) -> None:
    made, told = read(tmp_path / "a.csv", f'id,text\na,"One\nand a half."\n\n{row}\nc,Two.\nd,"Three, four."\n')
    assert [d.id for d in made] == ["a", "c", "d"]
    assert [(d.name, d.line) for d in told] == [(name, 5)]


def test_a_column_that_is_not_there_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    table = "id,Body,headline\n1,One.,T\n"
    made, [told] = read(tmp_path / "a.csv", table, columns={"text": "bdy", "title": "headline"})
    assert (made, told.name) == ([], "column-unknown")
    assert "'bdy', did you mean 'Body'?" in told.message
    assert "id, Body, headline" in told.message
    _, [told] = read(tmp_path / "a.csv", table, columns={"text": "Body", "published": "day"})
    assert "there is no column 'day'" in told.message
    _, [told] = read(tmp_path / "a.csv", "id,text,text\n1,a,b\n")
    assert "two columns are called 'text'" in told.message
    _, [told] = read(tmp_path / "a.csv", "")
    assert told.name == "article-empty"


CELLS = st.text(st.sampled_from("aé港😀“”'\",;|\t\r\n \u00a0\u2028علي"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", "|"]))
def test_what_csv_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: Any, separator: str) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow(["id", "text", "desk"])
    writer.writerows([f"a{i}", f"x{text}", f"y{desk}"] for i, (text, desk) in enumerate(rows))
    made, told = read(tmp_path_factory.mktemp("t") / "a.csv", buffer.getvalue())
    assert told == []
    assert [d.meta.extra["desk"] for d in made] == [f"y{desk}" for _, desk in rows]
    assert [d.text for d in made] == [f"x{text}".replace("\r\n", "\n").replace("\r", "\n") for text, _ in rows]
