"""Fixing: what is mended comes out right, nothing else is touched, and no document is ever worse than before."""

from __future__ import annotations

import bisect
import importlib.util
import json
import random
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from generated import as_bytes, document
from hypothesis import given, settings
from hypothesis import strategies as st
from mutation.planting import Planted
from mutation.test_mutation import CHECKER as MUTANT_CHECKER
from mutation.test_mutation import MUTANTS

from corpus_tool.checks import CHECKS, Check, Needs
from corpus_tool.checks.run import Checker, check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic, Edit, Finding, Severity
from corpus_tool.fix import Fixed, fix_bytes, unified_diff
from corpus_tool.layout import exact_json
from corpus_tool.model import FORMAT, sha256_of
from corpus_tool.model.schemas import _layer, built_in_layers

HERE = Path(__file__).parent
CHECKER = make_checker(built_in_layers())
FIXABLE = {check.code for check in CHECKS if check.fixable}

Raw = dict[str, Any]


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASE_FILES = _module(HERE / "checks" / "test_check_cases.py")
PROPERTIES = _module(HERE / "checks" / "test_check_properties.py")


def _cases() -> Iterator[tuple[str, str, Raw]]:
    """Code, name and table of every bad case of every check of documents."""
    known = {check.code for check in CHECKS}
    for path in CASE_FILES.FILES:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if content["code"] in known:
            for number, case in enumerate(content["bad"], 1):
                yield content["code"], f"{path.stem}-bad{number}", case


CASES = list(_cases())


def _checker_of(case: Raw) -> Checker:
    own = {name: _layer(name, schema) for name, schema in case.get("schema", {}).items()}
    return make_checker({**built_in_layers(), **own})


def _found(data: bytes, checker: Checker, name: str | None = None) -> list[Diagnostic]:
    return check_bytes(data, "-", checker, name=name)[1]


def _codes(found: Any) -> Counter[str]:
    return Counter(diagnostic.code for diagnostic in found)


def _assert_no_worse(data: bytes, fixed: Fixed, checker: Checker = CHECKER, name: str | None = None) -> None:
    """What holds for every document, whatever is wrong with it."""
    before, behind = _found(data, checker, name), _found(fixed.data, checker, name)
    assert list(fixed.left) == behind
    if fixed.data == data:
        assert not fixed.applied
        return
    assert fixed.applied
    assert len(behind) < len(before)
    assert sum(d.severity is Severity.ERROR for d in behind) <= sum(d.severity is Severity.ERROR for d in before)
    old, new = json.loads(data.decode("utf-8-sig")), json.loads(fixed.data)
    assert old.get("text") == new.get("text")
    again = fix_bytes(fixed.data, checker, name=name)
    assert again.data == fixed.data
    assert not again.applied


@pytest.mark.parametrize(("code", "case"), [pytest.param(code, case, id=name) for code, name, case in CASES])
def test_bad_cases_are_mended_or_left_alone(code: str, case: Raw) -> None:
    """A finding that is mended is gone, and what comes instead of it is nothing."""
    data, checker, name = CASE_FILES.build(case), _checker_of(case), case.get("name")
    fixed = fix_bytes(data, checker, name=name)
    _assert_no_worse(data, fixed, checker, name)
    before, behind = _codes(_found(data, checker, name)), _codes(fixed.left)
    assert behind <= before
    if fixed.applied:
        assert behind[code] < before[code] or code not in _codes(fixed.applied)


#: Checks that see all of a document only once its offsets are sound find more then: see ``fix._finds_more``.
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_flag_says_whether_some_finding_is_mended(check: Any) -> None:
    mended = False
    for code, _, case in CASES:
        if code == check.code:
            fixed = fix_bytes(CASE_FILES.build(case), _checker_of(case), name=case.get("name"))
            mended = mended or code in _codes(fixed.applied)
    assert check.fixable == mended


TEXT = "“Mayor Rosa Lind’s plan,” said Ali (Oran), “costs about 40 dollars.” Zoë 😀 met José in the Hague."


def _raw(text: str = TEXT, /, **rest: Any) -> Raw:
    return {
        "schema": FORMAT,
        "id": "x",
        "meta": {"language": "en"},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [],
        "entities": [],
        "layers": {},
        **rest,
    }


def _span(words: str, text: str = TEXT, **rest: Any) -> Raw:
    start = text.index(words)
    return {"id": "a1", "start": start, "end": start + len(words), "text": words, **rest}


def _mend(raw: Raw) -> Raw:
    fixed = fix_bytes(json.dumps(raw, ensure_ascii=False).encode(), CHECKER, name="x")
    mended: Raw = json.loads(fixed.data)
    return mended


def _mended(raw: Raw, layer: str) -> Raw:
    items = _mend(raw)["layers"][layer]
    assert len(items) == 1
    item: Raw = items[0]
    return item


@pytest.mark.parametrize(
    ("words", "rest", "expected"),
    [
        (" José ", {"kind": "person"}, {"text": "José"}),
        ("Ali (", {"kind": "person"}, {"text": "Ali"}),
        ("(Oran),", {"kind": "person"}, {"text": "Oran"}),
        ("Mayor Rosa Lind", {"kind": "person", "mention": "name"}, {"text": "Rosa Lind", "role": "Mayor"}),
        ("Mayor Rosa Lind", {"kind": "person", "role": "Mayor"}, {"text": "Rosa Lind", "role": "Mayor"}),
        ("Mayor Rosa Lind", {"kind": "person", "role": "poet"}, {"text": "Mayor Rosa Lind", "role": "poet"}),
        ("Rosa Lind’s", {"kind": "person", "mention": "name"}, {"text": "Rosa Lind"}),
        ("Mayor Rosa Lind’s", {"kind": "person"}, {"text": "Rosa Lind", "role": "Mayor"}),
    ],
)
def test_actors_are_mended(words: str, rest: Raw, expected: Raw) -> None:
    mended = _mended(_raw(layers={"actors": [_span(words, **rest)]}), "actors")
    assert {key: mended.get(key) for key in ("text", "role")} == {"role": None, **expected}
    assert TEXT[mended["start"] : mended["end"]] == mended["text"]


@pytest.mark.parametrize("status", ["accepted", "corrected", "added"])
def test_what_a_person_reviewed_keeps_its_words(status: str) -> None:
    provenance = {"status": status, **({"was": {"kind": "group"}} if status == "corrected" else {})}
    actor = _span("Mayor Rosa Lind’s", kind="person", provenance=provenance)
    assert _mended(_raw(layers={"actors": [actor]}), "actors") == actor
    spaced = _span(" José ", kind="person", provenance=provenance)
    assert _mended(_raw(layers={"actors": [spaced]}), "actors")["text"] == "José"


def test_values_units_and_modifiers_are_mended_where_the_text_says_so() -> None:
    text = "At least two dozen men, €40 and about 12 km."
    figures = [
        {**_span("At least two dozen", text), "id": "f1", "value": 12},
        {**_span("€40", text), "id": "f2", "value": 40, "unit": "percent"},
        {**_span("12", text), "id": "f3", "value": 12, "unit": "Kilometres", "modifier": "about"},
    ]
    one, two, three = _mend(_raw(text, layers={"figures": figures}))["layers"]["figures"]
    assert (one["text"], one["value"], one["modifier"]) == ("two dozen", 24, "at_least")
    assert (two["value"], two["unit"]) == (40, "EUR")
    assert three["unit"] == "km"


def test_a_unit_that_may_be_several_is_left_to_a_person() -> None:
    figure = {**_span("40"), "id": "f1", "value": 40, "unit": "dollars", "modifier": "about", "measure": "money"}
    assert _mended(_raw(layers={"figures": [figure]}), "figures")["unit"] == "dollars"


def _status(status: str) -> Raw:
    return {"provenance": {"status": status}}


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ({}, {}, ["a1"]),
        (_status("suggested"), _status("accepted"), ["a2"]),
        (_status("added"), _status("suggested"), ["a1"]),
        (_status("added"), _status("accepted"), ["a1", "a2"]),
        ({}, {"role": "poet"}, ["a2"]),
        ({"role": "mayor"}, {"role": "poet"}, ["a1", "a2"]),
    ],
)
def test_of_two_that_say_the_same_one_goes_and_never_a_reviewed_one(first: Raw, second: Raw, left: list[str]) -> None:
    actor = _span("José", kind="person")
    raw = _raw(layers={"actors": [{**actor, **first}, {**actor, **second, "id": "a2"}]})
    assert [item["id"] for item in _mend(raw)["layers"]["actors"]] == left


def test_what_something_refers_to_is_not_removed() -> None:
    actor = _span("Ali", kind="person")
    quote = {
        **_span("“Mayor Rosa Lind’s plan,”"),
        "id": "q1",
        "kind": "direct",
        "speaker": "a2",
        "cue": {"start": TEXT.index("said"), "end": TEXT.index("said") + 4, "text": "said"},
    }
    relation = {"id": "r1", "type": "x", "from": "a1", "to": "q1"}
    raw = _raw(relations=[relation], layers={"actors": [actor, {**actor, "id": "a2"}], "quotes": [quote]})
    assert [item["id"] for item in _mend(raw)["layers"]["actors"]] == ["a1", "a2"]


def test_schema_faults_are_mended_and_what_they_hid_with_them() -> None:
    """A misspelt key hides every other check: both are mended, or neither where that would leave more findings."""
    actor = {**_span("José "), "kind": "Person", "mentoin": "name", "role": None}
    mended = _mended(_raw(layers={"actors": [actor]}), "actors")
    assert mended == {**_span("José"), "kind": "person", "mention": "name"}


def test_two_keys_that_may_mean_one_are_left_alone() -> None:
    actor = {**_span("José"), "kind": "person", "mentoin": "name", "menton": "nominal"}
    assert _mended(_raw(layers={"actors": [actor]}), "actors") == actor


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"start": 0', '"start": 0, "start": 1'),
        ('"extra": {}', '"extra": {"n": NaN}'),
        ('"extra": {}', '"extra": {"n": 1e999}'),
        ('"extra": {}', '"extra": {"n": 3.14159265358979323846}'),
        ('"extra": {}', '"extra": {"s": "\\ud83d"}'),
    ],
)
def test_what_cannot_be_written_back_exactly_is_not_rewritten(old: str, new: str) -> None:
    text = "José left."
    raw = _raw(text, meta={"extra": {}}, layers={"actors": [_span("José ", text, kind="person", extra={})]})
    data = json.dumps(raw, ensure_ascii=False).encode()
    assert fix_bytes(data, CHECKER, name="x").data != data
    changed = data.replace(old.encode(), new.encode(), 1)
    assert changed != data
    assert fix_bytes(changed, CHECKER, name="x").data == changed


def test_nothing_but_the_edits_is_changed() -> None:
    """Numbers that a double does not hold, foreign values, escapes and the order of what is listed stay."""
    extra = {"big": 2**70, "float": 1e-7, "neg": -0.5, "s": "\u0000\u2028\u202e", "t": True, "é": "e\u0301"}
    raw = _raw(meta={"language": "en", "extra": extra}, layers={"actors": [_span("José ", kind="person", extra=extra)]})
    mended = _mend(raw)
    assert mended["meta"] == raw["meta"]
    assert mended["layers"]["actors"] == [{**_span("José", kind="person"), "extra": extra}]
    assert {**mended, "layers": {}} == {**raw, "layers": {}}


def test_a_byte_order_mark_goes_and_the_document_stays() -> None:
    data = b"\xef\xbb\xbf" + as_bytes(document(3, kilobytes=3, spans=15))
    fixed = fix_bytes(data, CHECKER)
    assert fixed.data == data[3:]
    assert [d.code for d in fixed.applied] == ["TXT102"]


def test_only_wanted_codes_are_mended() -> None:
    raw = _raw(layers={"actors": [_span("Ali (", kind="person"), {**_span(" José ", kind="person"), "id": "a2"}]})
    data = json.dumps(raw, ensure_ascii=False).encode()
    fixed = fix_bytes(data, CHECKER, wanted=lambda diagnostic: diagnostic.code == "SPN203")
    assert [d.code for d in fixed.applied] == ["SPN203"]
    assert _codes(fixed.left) == {"SPN204": 1}


def test_a_shard_line_stays_a_line() -> None:
    data = json.dumps(_raw(layers={"actors": [_span("José ", kind="person")]}), ensure_ascii=False).encode()
    fixed = fix_bytes(data, CHECKER, one_line=True)
    assert b"\n" not in fixed.data
    assert json.loads(fixed.data)["layers"]["actors"][0]["text"] == "José"


def test_a_document_without_findings_keeps_its_bytes() -> None:
    raw = document(5, kilobytes=3, spans=15)
    for data in (
        as_bytes(raw),
        json.dumps(raw, indent=7).encode(),
        json.dumps(raw, separators=(",\r\n", ": ")).encode(),
    ):
        assert fix_bytes(data, CHECKER, name=raw["id"]) == Fixed(data)


@pytest.mark.parametrize("edit", [Edit("/text", "Ali"), Edit("/text", does="remove"), Edit("/layers/x/0", 1), Edit("")])
def test_no_check_can_make_a_fix_touch_the_text_or_what_is_not_there(edit: Edit) -> None:
    def run(subject: Any) -> Iterator[Finding]:
        if subject.raw.get("text") == TEXT:
            yield Finding("the text is another", fix=(edit,))

    check = Check("TXT999", "other-text", Severity.ERROR, Needs.JSON, run)
    data = json.dumps(_raw()).encode()
    fixed = fix_bytes(data, make_checker(built_in_layers(), [check]))
    assert fixed.data == data
    assert not fixed.applied


# Offsets that count otherwise, or drifted


def _converted(raw: Raw, move: Callable[[int], int], *, blocks: bool = True) -> Raw:
    """The document with all offsets moved, those of earlier suggestions too."""
    changed = deepcopy(raw)

    def walk(value: Any) -> None:
        for key, child in list(value.items() if isinstance(value, dict) else enumerate(value)):
            if key in ("start", "end") and type(child) is int:
                value[key] = move(child)
            elif isinstance(child, dict | list) and key != "extra":
                walk(child)

    walk(changed["layers"])
    if blocks:
        walk(changed["blocks"])
    return changed


def _utf8(text: str) -> Callable[[int], int]:
    return lambda at: len(text[:at].encode())


def _utf16(text: str) -> Callable[[int], int]:
    return lambda at: len(text[:at].encode("utf-16-le")) // 2


def _graphemes(text: str) -> Callable[[int], int]:
    import regex  # type: ignore[import-untyped, unused-ignore]  # without stubs

    bounds = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    return lambda at: bisect.bisect_left(bounds, at)


def _carriage_returns(text: str) -> Callable[[int], int]:
    return lambda at: at + text.count("\n", 0, at)


UNITS = {
    "UTF-8": _utf8,
    "UTF-16": _utf16,
    "grapheme clusters": _graphemes,
    "CR LF": _carriage_returns,
    "one too high": lambda text: lambda at: at + 1,
    "seventeen too high": lambda text: lambda at: at + 17,
}
#: Shifts that grow along a text, as blocks that nobody measured do not.
DRIFTS = {
    "from 0 to 10": lambda text: lambda at: at + at * 10 // len(text),
    "from 1 to 10": lambda text: lambda at: at + 1 + at * 9 // len(text),
    "from 0 to -10": lambda text: lambda at: at - at * 10 // len(text),
}
DOCUMENTS = [
    *(document(seed, kilobytes=3, spans=15) for seed in range(100, 108)),
    *(document(seed) for seed in range(200, 203)),
    *(json.loads(path.read_bytes()) for path in sorted((HERE.parent / "corpus" / "documents").glob("*.json"))[::4]),
]


@pytest.mark.parametrize("unit", [*UNITS, *DRIFTS])
def test_offsets_of_another_kind_come_back_exactly(unit: str) -> None:
    told = 0
    for raw in DOCUMENTS:
        move = {**UNITS, **DRIFTS}[unit](raw["text"])
        changed = _converted(raw, move, blocks=unit in UNITS)
        if changed == raw:
            continue
        fixed = fix_bytes(as_bytes(changed), CHECKER, name=raw["id"])
        told += len(fixed.applied)
        assert _without_was(json.loads(fixed.data)) == _without_was(raw)
        assert _codes(fixed.left) == _codes(_found(as_bytes(raw), CHECKER, raw["id"]))
        if unit in UNITS:
            assert json.loads(fixed.data) == raw
    assert told > 20


def _without_was(raw: Raw) -> Raw:
    """Without earlier suggestions: one without words cannot be placed where the shift changes inside it."""
    raw = deepcopy(raw)
    for items in raw["layers"].values():
        for item in items:
            item.get("provenance", {}).pop("was", None)
    return raw


def test_one_layer_that_drifted_comes_back_by_itself() -> None:
    raw = document(200)
    for layer in raw["layers"]:
        changed = deepcopy(raw)
        moved = _converted({"layers": {layer: raw["layers"][layer]}, "blocks": []}, _utf8(raw["text"]))
        changed["layers"][layer] = moved["layers"][layer]
        fixed = fix_bytes(as_bytes(changed), CHECKER, name=raw["id"])
        assert json.loads(fixed.data) == raw


def test_annotations_that_drifted_without_their_cues_come_back() -> None:
    """A tool may move what it knows, the annotation's own offsets, and leave what lies inside it."""
    raw = document(202)
    changed = deepcopy(raw)
    for item in (item for items in changed["layers"].values() for item in items):
        for span in (item, *item.get("fragments", ())):
            span["start"] += 1
            span["end"] += 1
    fixed = fix_bytes(as_bytes(changed), CHECKER, name=raw["id"])
    assert _without_was(json.loads(fixed.data)) == _without_was(raw)


def test_other_defects_do_not_keep_a_drift_from_being_mended() -> None:
    """What only sound spans show (here a wrong kind of quote) is told afterwards, and is no reason to do nothing."""
    raw = document(201)
    quote = next(item for item in raw["layers"]["quotes"] if item["kind"] == "direct" and "provenance" not in item)
    quote["kind"] = "indirect"
    other = _found(as_bytes(raw), CHECKER, raw["id"])
    assert other
    changed = _converted(raw, lambda at: at + 1)
    fixed = fix_bytes(as_bytes(changed), CHECKER, name=raw["id"])
    assert json.loads(fixed.data) == raw
    assert _codes(fixed.left) == _codes(other)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Ali Ali Ali Ali Ali", [(1, 4, "Ali"), (5, 8, "Ali")]),  # 1 too high, or 3 too low
        ("Bob and Ali, Ali, and no more", [(1, 4, "Bob"), (16, 19, "Ali")]),  # a shift that grows to 3, or to 8
        ("no such names here", [(0, 3, "Ali"), (5, 8, "Ana")]),
        ("ab Ali cd Ana ef Ali", [(0, 3, "Ali"), (9, 12, "Ana")]),
    ],
)
def test_spans_that_may_belong_in_two_places_are_not_moved(text: str, spans: list[tuple[int, int, str]]) -> None:
    actors = [
        {"id": f"a{n}", "start": start, "end": end, "text": words, "kind": "person"}
        for n, (start, end, words) in enumerate(spans)
    ]
    assert _mend(_raw(text, layers={"actors": actors}))["layers"]["actors"] == actors


def test_a_single_span_goes_where_its_words_stand_once() -> None:
    actors = [_span("Rosa Lind", kind="person"), {**_span("José", kind="person"), "id": "a2"}]
    moved = {**actors[1], "start": actors[1]["start"] + 3, "end": actors[1]["end"] + 3}
    assert _mend(_raw(layers={"actors": [actors[0], moved]}))["layers"]["actors"] == actors


# Arbitrary documents


def _written(raw: Raw) -> bytes | None:
    try:
        return json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return None


@settings(max_examples=150)
@given(PROPERTIES.raw_documents())
def test_arbitrary_documents_are_never_worse(raw: Raw) -> None:
    data = _written(raw)
    assert data is not None
    _assert_no_worse(data, fix_bytes(data, CHECKER, name="x"), CHECKER, "x")


@settings(max_examples=150)
@given(st.integers(0, 40), st.data())
def test_generated_documents_with_values_replaced_are_never_worse(seed: int, data: st.DataObject) -> None:
    """Up to four values anywhere in a sound document are others, are null, or are gone."""
    raw = document(seed, kilobytes=3, spans=15)
    for _ in range(data.draw(st.integers(1, 4))):
        places: list[tuple[Any, Any]] = []
        stack: list[Any] = [raw]
        while stack:
            node = stack.pop()
            for key, child in list(node.items()) if isinstance(node, dict) else list(enumerate(node)):
                places.append((node, key))
                if isinstance(child, dict | list):
                    stack.append(child)
        holder, key = data.draw(st.sampled_from(places))
        new = data.draw(
            st.sampled_from(["gone", None, 0, 3, 5.0, "", " x ", "Person", [], {}, "the Oran,"])
            | PROPERTIES.json_values
        )
        if new == "gone":
            del holder[key]
        elif isinstance(holder[key], str) and data.draw(st.booleans()):
            holder[key] = holder[key].upper()
        else:
            holder[key] = new
    written = _written(raw)
    if written is not None:
        _assert_no_worse(written, fix_bytes(written, CHECKER, name="x"), CHECKER, "x")


@pytest.mark.parametrize("code", sorted(MUTANTS))
def test_planted_defects_are_mended_or_left_alone(code: str) -> None:
    """Defects of every check in documents that have nothing else wrong: what is left is never another defect."""
    for number in range(6):
        raw = document(number, kilobytes=3, spans=15)
        name = raw["id"]
        made = MUTANTS[code](random.Random(f"{code} {number}"), raw)
        planted = made if isinstance(made, Planted) or made is None else Planted(made)
        if planted is None:
            continue
        data = planted.data if isinstance(planted.data, bytes) else json.dumps(planted.data).encode()
        fixed = fix_bytes(data, MUTANT_CHECKER, name=planted.name or name)
        _assert_no_worse(data, fixed, MUTANT_CHECKER, planted.name or name)
        assert _codes(fixed.left).keys() <= {code}


@given(st.binary(max_size=100) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_that_are_no_document_stay(data: bytes) -> None:
    assert fix_bytes(data, CHECKER).data == data


def test_exact_json_refuses_what_it_would_lose() -> None:
    assert exact_json('\ufeff{"a": [1, 2.50, 1e3, -0.0, 123456789012345678901234567890]}')["a"][1:3] == [2.5, 1000.0]
    for text in ('{"a": 1, "a": 1}', "[]", '{"a": Infinity}', '{"a": 0.12345678901234567890}', "{", '{"a": 1e-400}'):
        with pytest.raises(ValueError):  # noqa: PT011  # its words are nobody's business: no one is shown them
            exact_json(text)


def test_a_diff_is_one_that_patch_understands() -> None:
    before, after = b'{\n  "a": 1\n}', b'{\n  "a": 2,\n  "b": "x\xe2\x80\xa8y"\n}\n'
    assert unified_diff(before, after, "c/d.json") == (
        '--- a/c/d.json\n+++ b/c/d.json\n@@ -1,3 +1,4 @@\n {\n-  "a": 1\n-}\n\\ No newline at end of file\n'
        '+  "a": 2,\n+  "b": "x\u2028y"\n+}\n'
    )
    assert unified_diff(before, before, "d.json") == ""
