"""Ids of documents, whatever the source calls them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus_tool.model.ids import document_id, is_document_id, with_hash


@given(st.text())
@example("../../etc/passwd")
@example("..")
@example("a..b")
@example("\ud800")
@example("é" * 300)
@example("x" * 129)
@example("İ")
@example("名前")
@example("-x-")
@example("CON\n")
def test_any_name_becomes_an_id_that_names_one_file_in_one_folder(name: str) -> None:
    made = document_id(name)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,127}", made)
    assert ".." not in made
    assert is_document_id(made)
    assert document_id(made) == made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("harbour-fire", "harbour-fire"),
        ("wire_2024.07", "wire_2024.07"),
        ("Harbour Fire!", "harbour-fire"),
        ("Émeute à Łódź", "emeute-a-odz"),
        ("https://example.org/2024/07/Fire?id=3", "https-example-org-2024-07-fire-id-3"),
        ("../x", "x"),
        ("ﬁre ①", "fire-1"),
    ],
)
def test_slugs_can_be_read(name: str, expected: str) -> None:
    assert document_id(name) == expected


def test_names_without_a_latin_letter_stay_apart() -> None:
    assert len({document_id(name) for name in ("حريق", "שריפה", "火灾", "🔥", "")}) == 5


def test_long_names_that_begin_alike_stay_apart() -> None:
    one, two = "A long headline " * 20 + "one", "A long headline " * 20 + "two"
    assert document_id(one) != document_id(two)
    assert document_id(one).startswith("a-long-headline-a-long")


@given(st.text(), st.text())
def test_a_hash_keeps_sources_with_one_slug_apart(one: str, two: str) -> None:
    assert is_document_id(with_hash("slug", one))
    assert (with_hash("slug", one) == with_hash("slug", two)) == (one == two)


@pytest.mark.parametrize("name", ["", "-a", ".a", "a/b", "A", "é", "a\n", "a b", "a" * 129])
def test_what_is_no_id(name: str) -> None:
    assert not is_document_id(name)
