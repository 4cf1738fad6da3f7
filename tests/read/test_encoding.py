"""Encodings: found by mark or as UTF-8, else guessed, and then told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles
from corpus_tool.read.encoding import detect_encoding

#: One's own sentences, in the encodings that news of a language is found in.
SENTENCES = {
    "windows-1252": "The mayor said “no” – and left the café. It cost €40 million. “We can’t wait,” he added.",
    "windows-1251": "Мэр города заявил во вторник, что улица будет закрыта на несколько дней из-за пожара.",
    "koi8-r": "Мэр города заявил во вторник, что улица будет закрыта на несколько дней из-за пожара.",
    "windows-1250": "Burmistrz Łodzi powiedział we wtorek, że ulica będzie zamknięta przez kilka dni z powodu pożaru.",
    "windows-1256": "قال رئيس البلدية يوم الثلاثاء إن الشارع سيغلق لعدة أيام بسبب الحريق الذي اندلع مساء الجمعة.",
    "windows-1255": "ראש העיר אמר ביום שלישי כי הרחוב יהיה סגור למשך מספר ימים עקב השריפה שפרצה ביום שישי.",
    "windows-1253": "Ο δήμαρχος δήλωσε την Τρίτη ότι ο δρόμος θα παραμείνει κλειστός για αρκετές ημέρες.",
    "shift_jis": "市長は火曜日、金曜日の夜に発生した火災のため、通りは数日間閉鎖されると述べた。",
    "euc-jp": "市長は火曜日、金曜日の夜に発生した火災のため、通りは数日間閉鎖されると述べた。",
    "gb18030": "市长周二表示，由于周五晚上发生的火灾，这条街道将关闭几天。他说，消防员仍在现场。",
    "big5": "市長週二表示，由於週五晚上發生的火災，這條街道將關閉幾天。他說，消防員仍在現場。",
    "euc-kr": "시장은 화요일에 금요일 밤에 발생한 화재로 인해 거리가 며칠 동안 폐쇄될 것이라고 말했다.",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_an_encoding_is_guessed_recorded_and_told(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"A line of ASCII.\r\n{SENTENCES[name]}\r\n".encode(name))
    note, document = read_articles(path, ReadOptions(encoding="auto"))
    assert isinstance(document, Document)
    assert document.text == f"A line of ASCII.\n{SENTENCES[name]}\n"
    assert document.meta.article is not None
    assert document.meta.article.encoding == name
    assert isinstance(note, Diagnostic)
    assert (note.name, note.severity) == ("encoding-guessed", "warning")
    assert f"read as {name}, a guess with a confidence of " in note.message
    assert any(word in SENTENCES[name] for word in note.message.rpartition(": ")[2].split(", "))


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_a_mark_and_utf_8_are_no_guess(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    mark = "\ufeff" if name.endswith(("-le", "-be")) else ""
    path.write_bytes(f"{mark}港口 😀 “no”".encode(name))
    [document] = read_articles(path, ReadOptions(encoding="auto"))
    assert isinstance(document, Document)
    assert document.text == "港口 😀 “no”"
    assert document.meta.article is not None
    assert document.meta.article.encoding == name.removesuffix("-le").removesuffix("-be")


def test_one_letter_is_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("The café was closed.".encode("latin-1"))
    [error] = read_articles(path, ReadOptions(encoding="auto"))
    assert isinstance(error, ReadError)
    assert (error.diagnostic.name, error.diagnostic.column) == ("article-not-utf-8", 8)


@pytest.mark.parametrize("data", [b"PNG\0\1", b"a\0b", b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_text_is_not_guessed_at(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    [error] = read_articles(path, ReadOptions(encoding="auto"))
    assert isinstance(error, ReadError)
    assert error.diagnostic.name == "article-binary"


@given(st.binary(max_size=300))
def test_a_guess_decodes_what_it_was_made_of(data: bytes) -> None:
    found = detect_encoding(data)
    if found is not None and found.name not in {"utf-16", "utf-32", "utf-8-sig"}:
        data.decode(found.name)
        assert 0 <= found.confidence <= 1


def test_a_large_file_is_guessed_by_a_part_of_it() -> None:
    data = b"word " * 1_500_000 + SENTENCES["windows-1251"].encode("windows-1251")
    found = detect_encoding(data)
    assert found is not None
    assert found.name == "windows-1251"
