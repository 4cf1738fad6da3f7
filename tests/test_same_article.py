"""The same article twice: told, naming both, and written once unless the user wants both."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import same_article
from corpus_tool.convert import ConvertReport, convert_articles
from corpus_tool.model import Document, Meta, sha256_of
from corpus_tool.read.corpus import open_corpus
from corpus_tool.same_article import open_articles

Json = dict[str, Any]

URL = "https://www.example.org/2024/05/fire"
STORM = (
    "Snow closes the pass\n\nSnow fell for nine hours over Brenner on Monday, and two hundred lorries had to wait at "
    "the border.\n\n“We saw nothing 😀,” said Ida Holm, who drove the last bus down to Gossensass with forty people in "
    "it.\n\nThe road was open again on Tuesday at noon, the police of شرطة said; nobody was hurt, and “all of them got "
    "soup”.\n"
)
OTHER = "Otter comes home\n\nAn otter was seen in Heilbronn for the first time in 60 years. It ate a trout and left.\n"


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], tmp_path: Path) -> Path:
    return new_corpus(tmp_path / "corpus", yaml="language: en\n")


def shard(path: Path, *rows: Json) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(name: str, text: str = STORM, url: str | None = None) -> Json:
    return {"id": name, "text": text, **({"url": url} if url else {})}


def convert(corpus: Path, *rows: Json, keep_duplicates: bool = False) -> ConvertReport:
    articles = shard(corpus.parent / "w.jsonl", *rows)
    return convert_articles([articles], corpus, annotate=False, keep_duplicates=keep_duplicates)


def texts(corpus: Path) -> dict[str, str]:
    return {path.stem: json.loads(path.read_bytes())["text"] for path in (corpus / "documents").glob("[!.]*.json")}


def names(report: ConvertReport) -> list[str]:
    return [d.name for d in report.diagnostics]


ADDRESSES = [
    f"{URL}?utm_source=news&fbclid=x#comments",
    f"{URL}/amp/",
    f"{URL}/print",
    "http://example.org/2024/05/fire/",
    "https://amp.example.org/2024/05/fire?view=print",
]


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("between", [True, False], ids=["two runs", "one run"])
def test_another_address_of_one_article(url: str, between: bool, corpus: Path) -> None:
    first, second = row("fire", url=URL), row("fire-b", url=url)
    if between:
        convert(corpus, first)
    report = convert(corpus, first, second)
    assert names(report) == ["article-twice"]
    assert "documents/fire.json" in report.diagnostics[0].message
    assert report.diagnostics[0].path.endswith("w.jsonl")
    assert texts(corpus) == {"fire": STORM}
    again = convert(corpus, first, second)
    assert (again.written, names(again)) == ((), ["article-twice"])
    both = convert(corpus, first, second, keep_duplicates=True)
    assert (both.written, both.diagnostics) == (("fire-b",), ())
    assert convert(corpus, first, second).diagnostics == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (STORM, "same text"),
        (STORM.replace("\n\n“We", "\n\nREAD MORE\n\n“We"), "% of its words"),
        (f"{STORM}\nShare this article\n", "% of its words"),
    ],
)
def test_one_text_without_an_address(text: str, says: str, corpus: Path) -> None:
    convert(corpus, row("otter", OTHER), row("fire"))
    report = convert(corpus, row("copy", text, url="https://other.example/1"))
    assert (report.written, names(report)) == (("copy",), ["article-alike"])
    assert says in report.diagnostics[0].message
    assert "documents/fire.json" in report.diagnostics[0].message
    assert convert(corpus, row("copy", text, url="https://other.example/1")).diagnostics == ()


def test_reports_of_one_event_and_short_texts_are_articles_of_their_own(corpus: Path) -> None:
    half = STORM.split("“We")[0]
    rows = [row("a"), row("b", half + OTHER), row("c", "Nine boats."), row("d", "Ten boats."), row("e", "Ten boats")]
    report = convert(corpus, *rows)
    assert (len(report.written), report.diagnostics) == (5, ())


def test_an_update_under_the_same_address_is_the_next_state_of_its_document(corpus: Path) -> None:
    convert(corpus, row("fire", url=URL))
    path = corpus / "documents" / "fire.json"
    raw = json.loads(path.read_bytes())
    start = STORM.index("Ida Holm")
    raw["layers"]["actors"] = [
        {"id": "a1", "start": start, "end": start + 8, "text": "Ida Holm", "kind": "person",
         "provenance": {"status": "accepted"}}
    ]  # fmt: skip
    path.write_text(json.dumps(raw), encoding="utf-8")
    news = STORM.replace("nine hours", "eleven hours").replace("forty", "fifty")
    report = convert(corpus, row("fire-at-noon", news, url=f"{URL}?utm_medium=mail"))
    assert (report.written, names(report)) == (("fire",), ["article-changed"])
    raw = json.loads(path.read_bytes())
    [actor] = raw["layers"]["actors"]
    assert raw["text"] == news
    assert news[actor["start"] : actor["end"]] == "Ida Holm"
    assert list(texts(corpus)) == ["fire"]
    again = convert(corpus, row("fire-at-noon", news, url=f"{URL}?utm_medium=mail"))
    assert (again.written, names(again)) == ((), ["article-twice"])


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a"), ("b", "a", "c"), ("b", "c", "a")])
def test_states_of_one_article_in_one_run_come_to_rest(order: tuple[str, ...], corpus: Path) -> None:
    """Whichever comes first stays; a second run over the same files changes nothing any more."""
    states = {"a": STORM, "b": STORM.replace("nine", "ten"), "c": STORM.replace("nine", "eleven")}
    convert(corpus, row("a", url=URL))
    rows = [row(name, states[name], url=f"{URL}?utm_source={name}") for name in order]
    convert(corpus, *rows)
    before = texts(corpus)
    assert list(before) == ["a"]
    for _ in range(2):
        report = convert(corpus, *rows)
        assert report.written == ()
        assert texts(corpus) == before
    assert set(names(report)) == {"article-twice"}


def test_a_page_that_gives_the_address_of_its_front_page_is_another_article(corpus: Path) -> None:
    report = convert(corpus, row("fire", url="https://example.org/"), row("otter", OTHER, url="https://example.org/"))
    assert (report.written, report.diagnostics) == (("fire", "otter"), ())


def test_what_a_shard_holds_counts(corpus: Path, raw_document: Callable[..., Json]) -> None:
    held = raw_document("old", STORM, meta={"language": "en", "url": URL})
    shard(corpus / "documents" / "2023.jsonl", raw_document("x", OTHER), held)
    for made in (row("copy", url=URL), row("update", STORM.replace("Tuesday at noon", "Wednesday"), url=f"{URL}/amp")):
        report = convert(corpus, made)
        assert (report.written, names(report)) == ((), ["article-twice"])
        assert "documents/2023.jsonl:2" in report.diagnostics[0].message


def test_documents_that_are_broken_are_left_out(corpus: Path) -> None:
    (corpus / "documents" / "broken.json").write_text('{"id": "broken", "text": 5')
    (corpus / "documents" / "odd.json").write_text('{"id": "odd", "text": 5, "meta": []}')
    (corpus / "documents" / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08")
    report = convert(corpus, row("fire"), row("copy"))
    assert (report.written, names(report)) == (("fire", "copy"), ["article-alike"])


def document(name: str, text: str, url: str | None = None) -> Document:
    return Document(id=name, meta=Meta(url=url), text=text, text_sha256=sha256_of(text))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known is kept beside a corpus of any size."""
    monkeypatch.setattr(same_article, "_WORTH_KEEPING", 1)


def held(corpus: Path, text: str) -> str | None:
    with open_articles(open_corpus(corpus)) as articles:
        found = articles.with_text(document("x", text))
    return found.id if found else None


@pytest.mark.usefixtures("kept")
def test_what_is_kept_follows_the_documents(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert(corpus, row("fire"))
    assert held(corpus, STORM) == "fire"
    rows = corpus / ".corpus-tool" / "articles.sqlite"
    assert rows.exists()
    before = rows.read_bytes()
    monkeypatch.setattr(same_article, "_stored", lambda path: pytest.fail(f"{path} is read again"))
    assert held(corpus, STORM) == "fire"
    assert rows.read_bytes() == before
    monkeypatch.undo()
    monkeypatch.setattr(same_article, "_WORTH_KEEPING", 1)
    raw = json.loads((corpus / "documents" / "fire.json").read_bytes())
    (corpus / "documents" / "fire.json").write_text(json.dumps({**raw, "text": OTHER}))
    assert (held(corpus, STORM), held(corpus, OTHER)) == (None, "fire")
    (corpus / "documents" / "fire.json").unlink()
    (corpus / "documents" / "other.json").write_text(json.dumps({**raw, "id": "other", "text": "Something."}))
    assert (held(corpus, STORM), held(corpus, OTHER)) == (None, None)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("damage", ["no database", "other tables", "taken by another run", "a folder", "a link"])
def test_what_is_kept_and_cannot_be_used_is_done_without(damage: str, corpus: Path) -> None:
    convert(corpus, row("fire"))
    assert held(corpus, STORM) == "fire"
    path = corpus / ".corpus-tool" / "articles.sqlite"
    path.unlink()
    other = None
    if damage == "no database":
        path.write_bytes(b"?" * 5000)
    elif damage == "other tables":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE documents (x)")
    elif damage == "taken by another run":
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    elif damage == "a folder":
        path.mkdir()
    else:
        path.symlink_to(corpus.parent / "outside")
    report = convert(corpus, row("copy"))
    assert (report.written, names(report)) == (("copy",), ["article-alike"])
    assert not (corpus.parent / "outside").exists()
    if other is not None:
        other.close()


@pytest.mark.usefixtures("kept")
def test_a_run_that_fails_leaves_nothing_known_that_is_not_there(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert(corpus, row("otter", OTHER))

    def fail(*_: object) -> bool:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("corpus_tool.convert.write_document", fail)
    with pytest.raises(RuntimeError):
        convert(corpus, row("fire"))
    monkeypatch.undo()
    monkeypatch.setattr(same_article, "_WORTH_KEEPING", 1)
    assert convert(corpus, row("fire-2")).diagnostics == ()
    assert names(convert(corpus, row("fire-3"))) == ["article-alike"]


def test_the_command_tells_and_keeps_on_request(corpus: Path, run_main: Callable[..., Any]) -> None:
    path = shard(corpus.parent / "w.jsonl", row("fire", url=URL), row("copy", url=f"{URL}?fbclid=1"))
    ran = run_main("convert", path, "--into", corpus, "--no-annotate")
    assert ran.status == 1
    assert "1 document written" in ran.out
    assert "COR051" in ran.err
    ran = run_main("convert", path, "--into", corpus, "--no-annotate", "--keep-duplicates")
    assert (ran.status, ran.err) == (0, "")
    assert sorted(texts(corpus)) == ["copy", "fire"]
