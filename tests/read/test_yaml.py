"""YAML that people write by hand: strings stay strings, and what could grow or run is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.read.yaml import MAX_BYTES, MAX_DEPTH, YamlError, load_yaml


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("010", "010"),
        ("0o14", "0o14"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("1.0.0", "1.0.0"),
        ("2021-03-04", "2021-03-04"),
        ("=", "="),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("True", "True"),
        ("١٢", "١٢"),
        ("港口 😀", "港口 😀"),
        ("a\u00a0b", "a\u00a0b"),
        ('"1.0"', "1.0"),
        ("'true'", "true"),
        ("8", 8),
        ("-3", -3),
        ("0", 0),
        ("0.5", 0.5),
        ("1.5e3", 1500.0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, value: object) -> None:
    loaded = load_yaml(f"key: {written}").value["key"]
    assert loaded == value
    assert type(loaded) is type(value)


def test_positions_are_known_for_every_value_by_pointer() -> None:
    loaded = load_yaml("# x\nname: a\nlist:\n  - 港: {b/c: 1, d~: 2}\n  - |\n    long\n")
    assert loaded.value == {"name": "a", "list": [{"港": {"b/c": 1, "d~": 2}}, "long\n"]}
    assert loaded.positions["/name"] == (2, 7)
    assert loaded.positions["/list/0/港/b~1c"] == (4, 14)
    assert loaded.positions["/list/0/港/d~0"] == (4, 21)
    assert loaded.positions["/list/1"] == (5, 5)


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("a: 1\nb:\n  c: 2\n  c: 3\n", "twice", (4, 3)),
        ('a: 1\n"a": 2', "twice", (2, 1)),
        ("a: &x 1\nb: 2", "anchors", (1, 4)),
        ("a: 1\nb: *x", "anchors", (2, 4)),
        (BOMB, "anchors", (1, 4)),
        ("a: {<<: *x}", "anchors", (1, 9)),
        ("a: !!python/object/apply:os.system [ls]", "tag", (1, 4)),
        ("a: !include /etc/passwd", "tag", (1, 4)),
        ("a: !!str 5", "tag", (1, 4)),
        ("a: " + "[" * (MAX_DEPTH + 5), "deeper", (1, 23)),
        ("[" * 500_000, "deeper", (1, MAX_DEPTH + 1)),
        ("? [a, b]\n: 1", "key", (1, 3)),
        ("a: 1\n---\nb: 2", "document", (2, 1)),
        ("a: ! 5", "tag", (1, 4)),
        ("a: [1, 2", "expected", (2, 1)),
        ("a: b: c", "not allowed", (1, 5)),
        ("a:\n\t- b", "cannot start", (2, 1)),
        ("a: \x07", "control characters", (1, 1)),
        ("x" * (MAX_BYTES + 1), "larger", (1, 1)),
    ],
    ids=lambda value: value[:25] if isinstance(value, str) else None,
)
def test_what_is_not_plain_yaml_is_refused_with_its_place(text: str, message: str, at: tuple[int, int]) -> None:
    with pytest.raises(YamlError, match=message) as raised:
        load_yaml(text)
    assert raised.value.position == at
    assert "\n" not in str(raised.value)


@given(st.text(st.sampled_from("a:-[]{}#&*!|>'\"%@`,? \n\t\\01.~é港\x85\u2028"), max_size=30))
def test_any_text_is_a_value_or_a_yaml_error(text: str) -> None:
    try:
        places = list(load_yaml(text).positions.values())
    except YamlError as error:
        places = [error.position]
    assert all(1 <= place.line <= len(text) + 1 and 1 <= place.column <= len(text) + 1 for place in places)
