"""Secrets, e-mail addresses and telephone numbers: what is found, what is not, and that no text takes long."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from corpus_tool.checks.lic_languages import fault_of_tag
from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic, apply_edits
from corpus_tool.model import FORMAT, sha256_of
from corpus_tool.model.schemas import built_in_layers

CHECKER = make_checker(built_in_layers())
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def document(text: str, **meta: Any) -> dict[str, Any]:
    blocks = [{"start": 0, "end": len(text), "kind": "paragraph"}]
    told = {"language": "en", **meta}
    raw = {"schema": FORMAT, "id": "x", "meta": told, "text": text, "text_sha256": sha256_of(text)}
    return {**raw, "blocks": blocks, "layers": {}}


def find(raw: dict[str, Any]) -> list[Diagnostic]:
    """What the LIC checks find."""
    data = json.dumps(raw, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return [d for d in check_bytes(data, "x.json", CHECKER)[1] if d.code.startswith("LIC")]


def codes(text: str, **meta: Any) -> list[str]:
    return [d.code for d in find(document(text, **meta))]


#: Keys of well-known services: how they begin, and how many letters and digits follow (U: capitals and digits).
KEYS = [
    "hf_{34}", "ghp_{36}", "gho_{40}", "AKIA{16U}", "sk-{48}", "sk-proj-{60}", "sk-ant-{80}", "npm_{36}", "glpat-{20}",
    "AIza{35}", "sk_live_{24}", "xoxb-{40}", "github_pat_{60}", "eyJ{40}.eyJ{60}.{43}",
]  # fmt: skip
NUMBERS = [
    "+49 30 901820", "+44 20 7123 0958", "+44 (0)20 7123 4567", "020 7123 4567", "(020) 7123 4567", "01 23 45 67 89",
    "0171/1234567", "030-1234567", "0049 30 901820", "(415) 234-5678", "415-234-5678", "415.234.5678",
    "+1 415 234 5678", "+1-415-234-5678", "1-415-234-5678", "01712345678", "+972 54 123 4567", "07911\u00a0123456",
]  # fmt: skip
NO_NUMBERS = [
    "+1,200 jobs", "2024-05-31", "01.02.2024", "12 000 000", "+12 000 000", "+123 000 000 votes", "0-0, 1-1",
    "09.30 10.45 11.00", "0.123456789", "555-0123", "415-555-0123", "(415) 555-0123", "020 7946 0123",
    "0800 123 4567", "+44 800 123 4567", "+1 800 234 5678", "1-800-234-5678", "07700 900123", "+44 7700 900123",
    "978-0-306-40615-7", "192.168.100.1234", "https://news.example.org/0201234567890/", "02/03/2024 12",
    "$0123456789", "05-06-2024 12:30", "+3.5%", "2010-2020", "£0.0123 45678", "1٠2٣4",
]  # fmt: skip


@pytest.mark.parametrize("words", NUMBERS)
@pytest.mark.parametrize("around", ["Call {}, he said.", "Tel.:{}", "({})", "“{}” 📞", "هاتف {}"])
def test_telephone_numbers(words: str, around: str) -> None:
    text = around.format(words)
    [found] = find(document(text))
    assert found.code == "LIC303"
    assert "1 telephone number" in found.message
    assert words not in found.message


@pytest.mark.parametrize("words", NO_NUMBERS)
def test_other_numbers(words: str) -> None:
    assert codes(f"It was {words} or so.") == []


def test_keys_of_services_are_found_and_not_repeated() -> None:
    rng = random.Random(7)
    for shape in KEYS * 8:
        key = shape
        while "{" in key:
            head, _, rest = key.partition("{")
            size, _, tail = rest.partition("}")
            pool = LETTERS[26:] if size.endswith("U") else LETTERS
            key = f"{head}A1{''.join(rng.choices(pool, k=int(size.rstrip('U')) - 2))}{tail}"
        text = rng.choice(["key: {}", "“{}”", "\n{}\n", "token={},", "🔑{} "]).format(key)
        [found] = find(document(text))
        assert found.code == "LIC301", text
        assert key not in f"{found.message}{found.hint}{found.context}"


@pytest.mark.parametrize(
    "words",
    ["risk-averse-and-long-worded-policies-of-2024", "hf_transformers_are_models", "ASIANGAMES2024", "eyJ.eyJ.x",
     "https://news.example.org:80/a@b", "-----BEGIN PUBLIC KEY-----", "a_b_c_d_e_f_g_h_1_2_3_4_5_6_7_8_9_0_1_2_3_4"],
)  # fmt: skip
def test_words_like_keys_are_none(words: str) -> None:
    assert codes(f"It said {words} there") == []


@pytest.mark.parametrize("name", ["жанна", "o'neil", "j.r+post", "jane_roe", "李娜"])
@pytest.mark.parametrize("domain", ["post.strait", "почта.пролив", "a.b.c.strait", "xn--80a.xn--p1ai"])
def test_addresses_of_people(name: str, domain: str) -> None:
    text = f"😀 Write to <{name}@{domain}>."
    [found] = find(document(text))
    assert found.code == "LIC302"
    assert f"{name[0]}…@{domain} at {text.index(name)}" in found.message


ADVERSARIAL = [
    "a", "@", "a@", "0", "01", "0 1 ", "01 ", "+1", "+1 ", "+", "_", "_a", "hf_", "-", "-a", ".eyJ", "eyJaaaaaaaaaaa.",
    "://a:", "://", "(2", "@a.", "a.", "AKIA", "-234-", "sk-", "ghp_pat_", "-----BEGIN A", "+1(1)", "012-", "_pat_a",
]  # fmt: skip


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_a_megabyte_of_anything_comes_to_an_end(piece: str) -> None:
    """A pattern that went back over the text would keep the suite here for minutes."""
    raw = document(piece * (1_000_000 // len(piece)))
    data = json.dumps(raw).encode()
    checks = tuple(check for check in CHECKER.checks if check.code in {"LIC301", "LIC302", "LIC303"})
    read, _ = check_bytes(data, "x.json", make_checker(built_in_layers(), checks))
    assert read is not None


@pytest.mark.parametrize(
    "meta",
    [
        {"license": "cc by 4.0"}, {"license": "http://creativecommons.org/licenses/by-nc-sa/3.0/igo/"},
        {"language": "eng"}, {"language": "en-UK"}, {"source": "", "title": " "}, {"authors": ["", "Ana", "Ana", " "]},
        {"extra": {"a/b~c": "\u00a0", "n": 1}},
    ],
)  # fmt: skip
def test_fixes_mend_what_they_are_for(meta: dict[str, Any]) -> None:
    raw = document("Alice left.", **meta)
    found = find(raw)
    assert found
    assert all(d.fix for d in found)
    for _ in range(9):
        if not found:
            break
        raw = apply_edits(raw, found[0].fix)
        found = find(raw)
    assert found == []
    assert raw["text"] == "Alice left."


@pytest.mark.parametrize(
    "tag",
    ["en", "EN", "en-GB", "pt-BR", "zh-Hant-TW", "de-CH-1996", "sl-rozaj-biske-1994", "uk-UA", "cmn", "zh-yue", "ast",
     "und", "es-419", "en-XK", "nb", "sr-Latn", "de-DE-x-post", "en-a-bbb-x-a"],
)  # fmt: skip
def test_good_language_tags(tag: str) -> None:
    assert fault_of_tag(tag) is None


@pytest.mark.parametrize(
    ("tag", "meant"),
    [("english", "en"), ("eng", "en"), ("ger-AT", "de-AT"), ("en-UK", "en-GB"), ("jp-JP", "ja-JP"), ("ua", "uk"),
     ("iw", "he"), ("en-EN", ""), ("xx", ""), ("en-US-US", ""), ("de-1996-1996", ""), ("en-a-bbb-a-ccc", "")],
)  # fmt: skip
def test_bad_language_tags_and_what_was_meant(tag: str, meant: str) -> None:
    fault = fault_of_tag(tag)
    assert fault is not None
    assert fault.meant == meant
