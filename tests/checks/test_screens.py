"""Screens hide nothing: with them and without, on sound documents and on broken ones, the findings are the same.

Without screens means: no document is vouched for, and every check runs over the whole of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import generated
import orjson
import pytest
from checks.test_check_cases import build, cases
from checks.test_check_properties import NASTY, raw_documents, sound_documents
from hypothesis import given, settings
from hypothesis import strategies as st
from mutation.planting import Planted
from mutation.test_mutation import CHECKER as WITH_OWN_LAYERS
from mutation.test_mutation import MUTANTS, base

from corpus_tool.checks import CHECKS, Check, Needs, Subject
from corpus_tool.checks.run import Checker, check_subject, make_checker, read_subject
from corpus_tool.checks.screens import SCREENS, plan
from corpus_tool.checks.screens.figures import OF_A_CLAIM, is_plain_count
from corpus_tool.diagnostics import Finding
from corpus_tool.model import FORMAT, sha256_of
from corpus_tool.model.schemas import _layer, built_in_layers

CHECKER = make_checker(built_in_layers())

Found = list[tuple[str, Finding]]


def in_order(found: Iterator[tuple[Check, Finding]]) -> Found:
    return sorted(((check.code, finding) for check, finding in found), key=repr)


def with_screens(data: bytes, checker: Checker, name: str | None = None) -> Found:
    return in_order(iter(check_subject(read_subject(data, checker, name), checker)))


def without_screens(data: bytes, checker: Checker, name: str | None = None) -> Found:
    subject = Subject(data, checker.layers, lambda: checker.validator, name)
    reached = Needs.FILE
    if subject.raw is not None:
        reached = Needs.JSON if subject.document is None else Needs.DOCUMENT
    return in_order((c, finding) for c in checker.checks if c.needs <= reached for finding in c.run(subject))


def assert_same(data: bytes, checker: Checker = CHECKER, name: str | None = None) -> Found:
    found = with_screens(data, checker, name)
    assert found == without_screens(data, checker, name)
    return found


def test_every_screen_answers_for_checks_that_there_are() -> None:
    listed = [code for _, codes in SCREENS for code in codes.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {check.code for check in CHECKS}


def test_a_check_without_a_screen_always_runs() -> None:
    def fires(subject: Subject) -> Iterator[Finding]:
        yield Finding("found")

    new = Check("SPN999", "new", CHECKS[0].severity, Needs.DOCUMENT, fires)
    steps = plan((*CHECKS, new))
    assert sorted(check.code for _, checks in steps for check in checks) == sorted(
        [c.code for c in CHECKS] + ["SPN999"]
    )
    checker = make_checker(built_in_layers(), (new,))
    document = generated.as_bytes(generated.document(1, kilobytes=3, spans=15))
    assert [code for code, _ in with_screens(document, checker)] == ["SPN999"]


def test_sound_documents_trip_next_to_no_screen() -> None:
    """What screens are for: nearly all groups of checks are left out on a document without faults."""
    ran = 0
    for seed in range(20):
        subject = read_subject(generated.as_bytes(generated.document(seed)), CHECKER)
        assert subject.vouched is not None
        ran += sum(screen is not None and screen(subject) is not False for screen, _ in CHECKER.plan)
    assert ran <= 20 * 3


@pytest.mark.parametrize(("code", "sort", "case"), list(cases()))
def test_case_files(code: str, sort: str, case: dict[str, Any]) -> None:
    own = {name: _layer(name, schema) for name, schema in case.get("schema", {}).items()}
    found = assert_same(build(case), make_checker({**built_in_layers(), **own}), case.get("name"))
    assert sort == "good" or code in {code for code, _ in found}


@pytest.mark.parametrize("code", sorted(MUTANTS))
def test_planted_defects(code: str) -> None:
    planted = 0
    for seed in range(12):
        made = MUTANTS[code](random.Random(seed), orjson.loads(base(seed)))
        if made is None:
            continue
        defect = made if isinstance(made, Planted) else Planted(made)
        data = defect.data if isinstance(defect.data, bytes) else orjson.dumps(defect.data)
        planted += bool(assert_same(data, WITH_OWN_LAYERS, defect.name))
    assert planted


@settings(max_examples=300, deadline=None)
@given(raw_documents())
def test_documents_of_arbitrary_offsets(raw: dict[str, Any]) -> None:
    assert_same(orjson.dumps(raw))


@settings(max_examples=60, deadline=None)
@given(sound_documents())
def test_sound_documents_in_many_scripts(raw: dict[str, Any]) -> None:
    assert_same(orjson.dumps(raw))


def change_of_text(rng: random.Random, raw: dict[str, Any]) -> None:
    """Another character in the article, and in every span that covers it: offsets stay sound, the words do not."""
    text = raw["text"]
    annotations = [a for items in raw["layers"].values() for a in items]
    spans = [span for a in annotations for span in (a, a.get("cue"), a.get("counted")) if span]
    edges = [edge + by for span in spans for edge in (span["start"], span["end"]) for by in (-1, 0)]
    at = max(0, min(len(text) - 1, rng.choice(edges) if rng.random() < 0.8 else rng.randrange(len(text))))
    raw["text"] = text = text[:at] + rng.choice(NASTY + "7thesof–…£ﾞߵ་") + text[at + 1 :]
    raw["text_sha256"] = sha256_of(text)
    for span in spans:
        cut = [(f["start"], f["end"]) for f in span.get("fragments", ())] or [(span["start"], span["end"])]
        span["text"] = " ".join(text[start:end] for start, end in cut)


def change_of_offset(rng: random.Random, raw: dict[str, Any]) -> None:
    items = rng.choice([items for items in raw["layers"].values() if items] + [raw["blocks"]])
    item = rng.choice(items)
    item[rng.choice(["start", "end"])] += rng.choice([-1, 1, 2, -3])
    item["start"] = max(0, item["start"])
    if "text" in item and "fragments" not in item and rng.random() < 0.8:
        item["text"] = raw["text"][item["start"] : item["end"]]


def change_of_value(rng: random.Random, raw: dict[str, Any]) -> None:
    items = rng.choice([items for items in [*raw["layers"].values(), raw["entities"]] if items])
    item = rng.choice(items)
    key = rng.choice([key for key in item if key not in {"start", "end", "text"}])
    other = rng.choice(items)
    if rng.random() < 0.4 and key not in {"id", "kind"}:
        del item[key]
    elif key in other:
        item[key] = other[key]
    elif isinstance(item[key], str):
        item[key] = rng.choice(["a1", "e1", "q1", "rejected", "name", "exact", "x"])


CHANGES: tuple[Callable[[random.Random, dict[str, Any]], None], ...] = (
    change_of_text,
    change_of_text,
    change_of_offset,
    change_of_value,
)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 400), st.integers(0, 2**32))
def test_generated_documents_with_something_changed(number: int, seed: int) -> None:
    rng = random.Random(seed)
    raw = generated.document(number, kilobytes=3, spans=15)
    for _ in range(rng.randint(1, 4)):
        rng.choice(CHANGES)(rng, raw)
    assert_same(orjson.dumps(raw))


@pytest.mark.parametrize("words", ["1", "9", "40", "1,200", "31,415,926", "1990", "100000000000000"])
def test_whole_numbers_that_the_screen_takes_have_no_fault_of_their_own(words: str) -> None:
    """The screen takes them without asking the checks that look at a figure alone: none of these may find anything."""
    text = f"They counted {words} of them."
    number = int(words.replace(",", ""))
    figures = built_in_layers()["figures"].attributes
    span = {"start": 13, "end": 13 + len(words), "text": words, "value": number}
    claims = [
        {key: value for key, value in (("modifier", modifier), ("measure", measure), ("unit", unit)) if value}
        for modifier in [None, *figures["modifier"]["enum"]]
        for measure in [None, *figures["measure"]["enum"]]
        for unit in (None, "count")
    ]
    rows = [{"id": f"f{n}", **span, **claim} for n, claim in enumerate(claims)]
    raw = {
        "schema": FORMAT, "id": "x", "meta": {"language": "en"}, "text": text, "text_sha256": sha256_of(text),
        "blocks": [{"start": 0, "end": len(text), "kind": "paragraph"}], "layers": {"figures": rows},
    }  # fmt: skip
    subject = read_subject(orjson.dumps(raw), CHECKER)
    assert subject.document is not None
    plain = {f"/layers/figures/{n}" for n, figure in enumerate(subject.document.figures) if is_plain_count(figure)}
    assert len(plain) > len(claims) / 3
    of_a_claim = [check for check in CHECKS if check.code in OF_A_CLAIM]
    found = {finding.pointer for check in of_a_claim for finding in check.run(subject)}
    assert found
    assert not plain & {"/".join(pointer.split("/")[:4]) for pointer in found}
