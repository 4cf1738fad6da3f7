"""The encoding of a web page: what the bytes, HTTP and the page say, in the order in which browsers believe them."""

from __future__ import annotations

import pytest

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions
from corpus_tool.read.files import Raw
from corpus_tool.read.html import page_articles

SENTENCE = "Zoë Müller zahlte „1\u00a0000 €“ für die Fähre – so der Kapitän."
PROSE = "Die Fähre lief am Freitagabend nahe dem Kap auf Grund, und die Fahrgäste verbrachten die Nacht an Deck. " * 3


def page_of(words: str, head: str = "") -> str:
    return f"<html><head>{head}<title>F</title></head><body><article><h1>F</h1><p>{PROSE}</p><p>{words}</p></article>"


def read(data: bytes, charset: str = "", encoding: str = "utf-8") -> tuple[Document, list[Diagnostic]]:
    *remarks, document = page_articles(Raw("page.html", data, charset=charset), ReadOptions(encoding=encoding))
    assert isinstance(document, Document)
    return document, [remark for remark in remarks if isinstance(remark, Diagnostic)]


def encoding_of(document: Document) -> str | None:
    assert document.meta.article is not None
    return document.meta.article.encoding


@pytest.mark.parametrize(
    ("stated", "encoded", "recorded"),
    [
        ('<meta charset="utf-8">', "utf-8", "utf-8"),
        ("", "utf-8", "utf-8"),
        ('<meta charset="iso-8859-1">', "windows-1252", "windows-1252"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=latin1'>", "windows-1252", "windows-1252"),
        ('<meta charset="us-ascii">', "windows-1252", "windows-1252"),
        ('<meta charset="utf-16">', "utf-8", "utf-8"),
        ('<meta charset="klingon">', "utf-8", "utf-8"),
        ('<meta charset="windows-1252">', "utf-8", "utf-8"),
        ('<meta charset="utf-8">', "utf-8-sig", "utf-8-sig"),
        ('<meta charset="windows-1252">', "utf-8-sig", "utf-8-sig"),
        ('<meta charset="utf-8">', "utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_what_fits_best(stated: str, encoded: str, recorded: str) -> None:
    document, remarks = read(page_of(SENTENCE, stated).encode(encoded))
    assert SENTENCE in document.text
    assert (encoding_of(document), remarks) == (recorded, [])


@pytest.mark.parametrize(
    ("charset", "words", "encoded", "recorded"),
    [
        ("Shift_JIS", "渡辺船長は「髙橋①号」が金曜日の夜に岬の近くで座礁したと述べた。", "cp932", "cp932"),
        ("GB2312", "渡轮于星期五晚上在海角附近搁浅，镕基号上没有人受伤。", "gb18030", "gb18030"),
        ("euc-kr", "여객선이 금요일 밤 곶 근처에서 좌초했다고 똠방각하 선장이 말했다.", "cp949", "cp949"),
        ("windows-1256", "قال القبطان إن الرمال تحركت منذ رسم الخريطة الأخيرة.", "windows-1256", "windows-1256"),
        ("iso-8859-9", "Gemi cuma akşamı burnun yakınında karaya oturdu – “kaptan”.", "windows-1254", "windows-1254"),
    ],
)
def test_http_outranks_the_page(charset: str, words: str, encoded: str, recorded: str) -> None:
    page = page_of(words, "<meta charset='koi8-r'>").replace(PROSE, "The ferry ran aground on Friday evening. " * 6)
    document, _ = read(page.encode(encoded), charset)
    assert words in document.text
    assert encoding_of(document) == recorded


def test_an_encoding_that_nobody_states_is_guessed_and_told() -> None:
    document, [remark] = read(page_of(SENTENCE).encode("windows-1252"))
    assert SENTENCE in document.text
    assert encoding_of(document) == "windows-1252"
    assert remark.name == "encoding-guessed"
    assert "windows-1252" in remark.message


def test_a_stated_utf_8_that_the_bytes_are_not_is_guessed_and_told() -> None:
    document, [remark] = read(page_of(SENTENCE, '<meta charset="utf-8">').encode("windows-1252"))
    assert SENTENCE in document.text
    assert remark.name == "encoding-guessed"


def test_the_encoding_that_the_user_names_is_for_pages_that_say_none() -> None:
    document, remarks = read(page_of("Łódź, Żółw i źdźbło.").encode("iso-8859-2"), encoding="iso-8859-2")
    assert "Łódź, Żółw i źdźbło." in document.text
    assert remarks == []
    stated, _ = read(page_of(SENTENCE, '<meta charset="latin1">').encode("windows-1252"), encoding="iso-8859-2")
    assert SENTENCE in stated.text


def test_a_broken_byte_in_a_page_of_utf_8_is_one_broken_character() -> None:
    data = page_of(SENTENCE + " " + "äöü" * 40).encode().replace("Kapitän".encode(), b"Kapit\xe4n")
    document, _ = read(data)
    assert "so der Kapit\ufffdn." in document.text
    assert encoding_of(document) == "utf-8"


@pytest.mark.parametrize("label", ["utf-7", "hz", "rot13", "idna", "undefined", "unicode_escape", "zlib_codec", "mbcs"])
def test_names_of_codecs_that_are_none_of_the_webs_are_not_used(label: str) -> None:
    document, _ = read(page_of("+2AA- ~{<:Ky2;~} \\u0041", f'<meta charset="{label}">').encode())
    assert "+2AA- ~{<:Ky2;~} \\u0041" in document.text


def test_a_page_in_no_encoding_is_refused() -> None:
    with pytest.raises(ReadError) as error:
        read(b"<p>" + bytes(range(128, 256)) * 3 + b"\xff\x00\x01\x02</p>" * 40)
    assert error.value.diagnostic.name in {"article-not-utf-8", "article-binary"}
