"""Raw shards become shards of documents: of every kind of file, once, and again where something changed."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from convert_shards.articles import HARBOUR, OTTER, STORM, Convert, ids, names, put_lines, review, shards, tree
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus_tool import convert_unit
from corpus_tool.convert import convert_articles
from corpus_tool.diagnostics import Severity
from corpus_tool.model import CorpusToolError
from corpus_tool.selection import Selection
from corpus_tool.shard_files import write_shard
from corpus_tool.validate import validate_paths

PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"


def page(title: str, text: str) -> bytes:
    return PAGE.format(title, "".join(f"<p>{line}</p>" for line in text.split("\n\n"))).encode("utf-8")


def make_csv(folder: Path) -> Path:
    path = folder / "wire.csv"
    path.write_text(f'id,text\none,"{STORM}"\ntwo,"{OTTER}"\n', encoding="utf-8")
    return path


def make_gz(folder: Path) -> Path:
    path = folder / "wire.jsonl.gz"
    path.write_bytes(gzip.compress(put_lines(folder / "w.jsonl", {"one": STORM, "two": OTTER}).read_bytes()))
    return path


def make_zst(folder: Path) -> Path:
    path = folder / "wire.jsonl.zst"
    rows = ({"id": name, "text": text} for name, text in {"one": STORM, "two": OTTER}.items())
    write_shard(path, (json.dumps(row).encode() for row in rows))
    return path


def make_zip(folder: Path) -> Path:
    path = folder / "wire.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.txt", STORM)
        archive.writestr("news/two.html", page("Otter comes home", OTTER))
    return path


def make_tar(folder: Path) -> Path:
    path = folder / "wire.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in {"one.txt": STORM, "two.txt": OTTER}.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def make_warc(folder: Path) -> Path:
    path = folder / "wire.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, text in enumerate((STORM, OTTER)):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    f"https://news.example/{number}",
                    "response",
                    payload=io.BytesIO(page(text.split("\n")[0], text.partition("\n\n")[2] * 3)),
                    http_headers=headers,
                )
            )
    return path


def make_feed(folder: Path) -> Path:
    items = "".join(
        f"<item><title>{name}</title><link>https://news.example/{name}</link><guid>{name}</guid>"
        f"<description>{text}</description></item>"
        for name, text in {"one": STORM, "two": OTTER}.items()
    )
    path = folder / "wire.rss"
    path.write_text(f'<rss version="2.0"><channel><title>N</title>{items}</channel></rss>', encoding="utf-8")
    return path


KINDS = [make_csv, make_gz, make_zst, make_zip, make_tar, make_warc, make_feed]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of warcio's writer
@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_every_file_of_many_articles_becomes_a_shard_with_the_documents_of_a_file_each(
    make: Callable[[Path], Path], new_corpus: Callable[..., Path], convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    raw = make(tmp_path)
    singles = new_corpus(tmp_path / "singles")
    convert_articles([raw], singles, annotate=False)
    report = convert(raw)
    [shard] = report.shards
    assert (shard.files, shard.written, shard.was_done) == (("wire.jsonl",), 2, False)
    assert report.written == ()
    expected = {path.stem: json.loads(path.read_bytes()) for path in (singles / "documents").iterdir()}
    assert {raw["id"]: raw for raw in shards(corpus)["wire.jsonl"]} == expected
    assert len(expected) == 2
    assert not [d for d in validate_paths([corpus]) if d.severity is Severity.ERROR]


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"])
def test_the_kind_of_shards_is_the_users_and_stays(kind: str, convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "wire.jsonl", {"one": STORM, "two": OTTER})
    convert(raw, shards=kind)
    assert ids(corpus) == {f"wire.{kind}": ["one", "two"]}
    put_lines(raw, {"one": STORM, "two": OTTER, "three": HARBOUR})
    convert(raw, shards="jsonl")
    assert ids(corpus) == {f"wire.{kind}": ["one", "two", "three"]}
    assert [raw["text"] for raw in shards(corpus)[f"wire.{kind}"]] == [STORM, OTTER, HARBOUR]


def test_an_unknown_kind_is_refused(convert: Convert, tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="no kind of shard; there are jsonl"):
        convert(put_lines(tmp_path / "wire.jsonl", {"one": STORM}), shards="xml")


def test_a_large_file_is_cut_and_articles_keep_their_shard(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    texts = {f"n{i}": f"Storm {i}\n\nSnow fell on day {i}." for i in range(10)}
    raw = put_lines(tmp_path / "wire.jsonl", texts)
    convert(raw, shard_documents=4)
    first = {
        "wire-00000.jsonl": ["n0", "n1", "n2", "n3"],
        "wire-00001.jsonl": ["n4", "n5", "n6", "n7"],
        "wire-00002.jsonl": ["n8", "n9"],
    }
    assert ids(corpus) == first
    before = (corpus / "documents" / "wire-00001.jsonl").stat().st_mtime_ns
    put_lines(raw, {"new": OTTER, **texts})
    convert(raw, shard_documents=4)
    assert ids(corpus) == {**first, "wire-00000.jsonl": ["new", "n0", "n1", "n2", "n3"]}
    assert (corpus / "documents" / "wire-00001.jsonl").stat().st_mtime_ns == before, "it was written for nothing"


def test_texts_and_single_files_become_files(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "storm.txt").write_text(STORM)
    put_lines(tmp_path / "in" / "wire.jsonl", {"otter": OTTER})
    report = convert(tmp_path / "in")
    assert report.written == ("storm",)
    assert ids(corpus) == {"storm.json": ["storm"], "wire.jsonl": ["otter"]}


def test_what_is_done_is_passed_over_until_it_or_the_options_change(
    convert: Convert, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raws = [put_lines(tmp_path / f"{day}.jsonl", {f"a-{day}": f"{STORM}{day}"}) for day in ("mon", "tue")]
    converted: list[str] = []
    own = convert_unit.convert_unit

    def counted(unit: convert_unit.Unit) -> convert_unit.Converted:
        converted.append(unit.raw.stem)
        return own(unit)

    monkeypatch.setattr("corpus_tool.convert_shards.convert_unit", counted)

    def done(**options: object) -> list[str]:
        converted.clear()
        convert(*raws, **options)
        return list(converted)

    assert done() == ["mon", "tue"]
    before = tree(corpus)
    assert done() == []
    assert [shard.was_done for shard in convert(*raws).shards] == [True, True]
    put_lines(raws[1], {"a-tue": f"{STORM}tuesday"})
    assert done() == ["tue"]
    assert done(again=True) == ["mon", "tue"]
    assert done(columns={"title": "head"}) == ["mon", "tue"]
    (corpus / "documents" / "mon.jsonl").unlink()
    assert done(columns={"title": "head"}) == ["mon"]
    put_lines(raws[1], {"a-tue": f"{STORM}tue"})
    done()
    assert tree(corpus) == before


def test_without_the_option_shards_that_are_there_go_on(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "wire.jsonl", {"one": STORM})
    convert(raw, shards="jsonl.zst")
    put_lines(raw, {"one": STORM, "two": OTTER})
    report = convert(raw, shards=None)
    assert report.shards[0].files == ("wire.jsonl.zst",)
    assert ids(corpus) == {"wire.jsonl.zst": ["one", "two"]}
    convert(put_lines(tmp_path / "other.jsonl", {"three": HARBOUR}), shards=None)
    assert ids(corpus) == {"wire.jsonl.zst": ["one", "two"], "three.json": ["three"]}


def test_standard_input_and_a_missing_file_are_refused(convert: Convert, tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="standard input"):
        convert(Path("-"))
    with pytest.raises(CorpusToolError, match="no such file"):
        convert(put_lines(tmp_path / "a.jsonl", {"one": STORM}), tmp_path / "b.jsonl")


def test_ids_that_two_files_share_are_told_apart_in_the_order_of_the_files(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    raws = [put_lines(tmp_path / f"{day}.jsonl", {"1": f"{STORM}{day}", "2": f"{OTTER}{day}"}) for day in "abc"]
    convert(*raws)
    found = ids(corpus)
    assert found["a.jsonl"] == ["1", "2"]
    every = [name for own in found.values() for name in own]
    assert len(set(every)) == 6
    assert {raw["meta"].get("source_id", raw["id"]) for own in shards(corpus).values() for raw in own} == {"1", "2"}
    before = tree(corpus)
    for day, raw in zip("abc", raws, strict=True):
        put_lines(raw, {"1": f"{STORM}{day} changed", "2": f"{OTTER}{day}"})
    convert(*raws)
    assert ids(corpus) == found, "a changed article keeps its document"
    (corpus / ".corpus-tool" / "shards.sqlite").unlink()
    for day, raw in zip("abc", raws, strict=True):
        put_lines(raw, {"1": f"{STORM}{day}", "2": f"{OTTER}{day}"})
    convert(*reversed(raws))
    assert tree(corpus) == before, "without the record, and in another order"


def test_a_cut_off_run_and_its_next_give_what_one_run_gives(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    raws = [put_lines(tmp_path / f"{day}.jsonl", {"1": f"{STORM}{day}", day: OTTER + day}) for day in "abcd"]
    whole, parts = new_corpus(tmp_path / "whole"), new_corpus(tmp_path / "parts")
    convert_articles(raws, whole, annotate=False, shards="jsonl")
    convert_articles(raws[:2], parts, annotate=False, shards="jsonl")
    convert_articles(raws, parts, annotate=False, shards="jsonl")
    assert tree(parts) == tree(whole)


@pytest.mark.parametrize("damage", [b"", b"no database", None], ids=["empty", "rubbish", "other tables"])
def test_a_damaged_record_is_made_anew(damage: bytes | None, convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raws = [put_lines(tmp_path / f"{day}.jsonl", {"1": f"{STORM}{day}"}) for day in "ab"]
    convert(*raws)
    before = tree(corpus)
    path = corpus / ".corpus-tool" / "shards.sqlite"
    if damage is None:
        path.unlink()
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE units (x)")
        database.close()
    else:
        path.write_bytes(damage)
    report = convert(*raws)
    assert [shard.unchanged for shard in report.shards] == [1, 1]
    assert tree(corpus) == before
    assert [shard.was_done for shard in convert(*raws).shards] == [True, True]


def test_files_of_one_name_in_two_folders_get_shards_of_their_own(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    first = put_lines(tmp_path / "2024" / "wire.jsonl", {"one": STORM})
    second = put_lines(tmp_path / "2025" / "wire.jsonl", {"two": OTTER})
    third = put_lines(tmp_path / "wire-00000.jsonl", {"three": HARBOUR})
    convert(first)
    convert(second, third)
    found = ids(corpus)
    assert found.pop("wire.jsonl") == ["one"]
    assert found.pop("2025-wire.jsonl") == ["two"]
    [(name, own)] = found.items()
    assert own == ["three"]
    assert not name.startswith("wire-00000."), "that would be a part of wire"
    assert all(shard.was_done for shard in convert(second, first, third).shards)


def test_a_file_that_moved_is_known_by_its_bytes(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "old" / "wire.jsonl", {"one": STORM})
    convert(raw)
    (tmp_path / "new").mkdir()
    moved = raw.rename(tmp_path / "new" / "wire.jsonl")
    assert [shard.was_done for shard in convert(moved).shards] == [True]
    assert ids(corpus) == {"wire.jsonl": ["one"]}


def test_another_file_in_the_place_of_one_that_is_gone_takes_nothing_from_it(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    raw = put_lines(tmp_path / "2024" / "wire.jsonl", {"one": STORM})
    convert(raw)
    raw.unlink()
    convert(put_lines(tmp_path / "2025" / "wire.jsonl", {"two": OTTER}))
    assert ids(corpus) == {"wire.jsonl": ["one"], "2025-wire.jsonl": ["two"]}


def test_the_same_article_in_two_files_is_written_once_where_its_address_says_so(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    url = "https://news.example/storm"
    first = put_lines(tmp_path / "a.jsonl", [{"id": "storm", "text": STORM, "url": url}, {"id": "x", "text": OTTER}])
    rows = [
        {"id": "storm-2", "text": STORM, "url": f"{url}?utm_source=mail"},
        {"id": "x", "text": OTTER},
        {"id": "y", "text": OTTER},
    ]
    second = put_lines(tmp_path / "b.jsonl", rows)
    report = convert(first, second)
    assert ids(corpus) == {"a.jsonl": ["storm", "x"], "b.jsonl": ["y"]}
    assert sorted(names(report)) == ["article-alike", "article-twice", "article-twice"]
    assert "a.jsonl (storm) has the same address and the same text" in report.diagnostics[0].message
    assert sorted(names(convert(first, second))) == sorted(names(report)), "what holds is told again"
    convert(first, second, keep_duplicates=True)
    assert len(ids(corpus)["b.jsonl"]) == 3


def test_a_file_whose_shard_was_taken_away_keeps_nothing_from_others(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    first = put_lines(tmp_path / "a.jsonl", {"1": STORM})
    convert(first)
    (corpus / "documents" / "a.jsonl").unlink()
    assert names(convert(put_lines(tmp_path / "b.jsonl", {"1": STORM}))) == []
    assert ids(corpus) == {"b.jsonl": ["1"]}


def test_within_a_shard_the_same_article_is_found_by_its_words(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    url = "https://news.example/storm"
    longer = STORM * 3 + OTTER
    rows = [{"id": "one", "text": longer, "url": url}, {"id": "two", "text": longer + "Added.", "url": f"{url}/amp"}]
    report = convert(put_lines(tmp_path / "a.jsonl", rows))
    assert names(report) == ["article-twice"]
    assert "documents/a.jsonl (one)" in report.diagnostics[0].message
    assert ids(corpus) == {"a.jsonl": ["one"]}


def test_a_file_each_and_shards_share_no_id(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "storm.txt").write_text(STORM)
    convert(tmp_path / "storm.txt")
    convert(put_lines(tmp_path / "a.jsonl", {"storm": OTTER, "otter": HARBOUR}))
    (tmp_path / "otter.txt").write_text("Otters of another river\n\nSeven of them were counted at night.\n")
    convert(tmp_path / "otter.txt")
    every = [name for own in ids(corpus).values() for name in own]
    assert len(every) == len(set(every)) == 4
    assert {"storm", "otter"} < set(every)
    assert "COR021" not in {d.code for d in validate_paths([corpus], selection=Selection())}


def test_a_broken_article_and_a_broken_file_are_told_and_the_rest_goes_on(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    raws = [put_lines(tmp_path / f"{day}.jsonl", {day: f"{STORM}{day}"}) for day in "abcd"]
    raws[0].write_text(f"{{broken\n{raws[0].read_text()}")
    raws[1].write_bytes(gzip.compress(raws[1].read_bytes())[:40])
    put_lines(raws[2], {"c": ""})
    report = convert(*raws)
    assert {name: len(own) for name, own in ids(corpus).items()} == {"a.jsonl": 1, "d.jsonl": 1}
    found = {Path(d.path).name: d.name for d in report.diagnostics}
    assert found["a.jsonl"] == "article-line-invalid"
    assert found["c.jsonl"] == "article-empty"
    assert "b.jsonl" in found
    again = convert(*raws)
    assert names(again) == names(report), "what is wrong is told as long as it is wrong"
    assert all(shard.was_done for shard in again.shards)


def test_a_shard_that_cannot_be_read_is_left_alone(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raws = [put_lines(tmp_path / f"{day}.jsonl", {day: f"{STORM}{day}"}) for day in "ab"]
    convert(*raws)
    shard = corpus / "documents" / "a.jsonl"
    shard.write_text(shard.read_text() + '{"id": "half\n')
    before = shard.read_bytes()
    for raw in raws:
        put_lines(raw, {raw.stem: f"{OTTER}{raw.stem}"})
    report = convert(*raws)
    assert names(report) == ["document-unreadable", "shard-not-converted"]
    assert report.diagnostics[0].line == 2
    assert shard.read_bytes() == before
    assert json.loads((corpus / "documents" / "b.jsonl").read_bytes())["text"] == f"{OTTER}b"


def test_a_shard_that_changes_meanwhile_is_left_alone(
    convert: Convert, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM, "two": OTTER})
    convert(raw)
    put_lines(raw, {"one": STORM, "two": HARBOUR})
    shard = corpus / "documents" / "a.jsonl"
    own = convert_unit.suggest

    def suggest_and_review(job: convert_unit.Job) -> object:
        review(shard, "one")
        return own(job)

    monkeypatch.setattr(convert_unit, "suggest", suggest_and_review)
    report = convert(raw)
    assert names(report) == ["shard-not-converted", "shard-not-converted"]
    monkeypatch.undo()
    kept = shards(corpus)["a.jsonl"]
    assert kept[0]["layers"]["actors"][0]["text"] == "Storm"
    assert kept[1]["text"] == OTTER
    convert(raw)
    after = shards(corpus)["a.jsonl"]
    assert after[0]["layers"]["actors"][0]["text"] == "Storm"
    assert after[1]["text"] == HARBOUR


def test_two_processes_give_the_same_bytes(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    texts = {f"n{i}": f"Storm {i}\n\nSnow fell on day {i}. “Oh 😀,” said Zoë." for i in range(30)}
    raws = [put_lines(tmp_path / f"{day}.jsonl", {k: f"{t} {day}" for k, t in texts.items()}) for day in "abc"]
    one, two = new_corpus(tmp_path / "one"), new_corpus(tmp_path / "two")
    options = {"annotate": False, "shards": "jsonl.zst", "shard_documents": 20}
    first = convert_articles(raws, one, **options)  # type: ignore[arg-type]
    second = convert_articles(raws, two, jobs=2, **options)  # type: ignore[arg-type]
    assert tree(one) == tree(two)
    assert first.shards == second.shards
    assert len(tree(one)) == 7


def test_two_runs_at_once_are_refused(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    from corpus_tool.convert_record import only_one

    with only_one(corpus), pytest.raises(CorpusToolError, match="another run"):
        convert(put_lines(tmp_path / "a.jsonl", {"one": STORM}))


def test_a_file_that_always_ends_its_process_is_told_and_the_rest_goes_on(
    convert: Convert, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raws = [put_lines(tmp_path / f"{day}.jsonl", {day: f"{STORM}{day}"}) for day in "ab"]

    def lose_one(work: Any, items: Any, engine: object, *, lost: Any, on_retry: object) -> Iterator[tuple[Any, Any]]:
        for key, item in items:
            yield key, lost(item) if item.raw.stem == "a" else work(item)

    monkeypatch.setattr("corpus_tool.convert_shards.map_ordered", lose_one)
    report = convert(*raws)
    assert names(report) == ["shard-not-converted"]
    assert "out of memory?" in report.diagnostics[0].message
    assert ids(corpus) == {"b.jsonl": ["b"]}
    monkeypatch.undo()
    assert [shard.was_done for shard in convert(*raws).shards] == [False, True]
    assert ids(corpus) == {"a.jsonl": ["a"], "b.jsonl": ["b"]}
