"""Every check finds its defect, wherever it is planted in a valid document, and nothing else is reported."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType

import generated
import orjson
import pytest

from corpus_tool.checks import CHECKS
from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model.schemas import DOCUMENT_SCHEMA_ID, _layer, built_in_layers
from mutation.ent import OWN_LAYERS
from mutation.planting import Mutant, Planted

FAMILIES = ("cor", "doc", "txt", "spn", "ent", "fig", "quo", "lic")
VARIANTS = 50
#: Documents that defects are planted into; small ones, since a defect needs one place only.
BASES = 60
#: How many documents are tried for one variant: not every one has a place for every defect.
TRIES = 30

#: A layer of a corpus's own whose annotations hold a span each.
TOPICS = _layer(
    "topics",
    {
        "properties": {
            "label": {"type": "string", "minLength": 1},
            "cue": {"$ref": f"{DOCUMENT_SCHEMA_ID}#/$defs/span"},
        }
    },
)
#: Defects that an annotation of any layer may have.
ANY_LAYER = (
    "DOC104", "DOC105", "DOC203", "DOC204", "DOC208", "DOC301", "DOC303", "DOC401", "DOC402", "SPN101", "SPN102",
    "SPN103", "SPN104", "SPN105", "SPN301",
)  # fmt: skip

CHECKER = make_checker({**built_in_layers(), **OWN_LAYERS, "topics": TOPICS})


def _modules() -> list[ModuleType]:
    return [import_module(f"mutation.{family}") for family in FAMILIES]


MUTANTS: dict[str, Mutant] = {code: mutant for module in _modules() for code, mutant in module.MUTANTS.items()}


@cache
def base(number: int) -> bytes:
    return generated.as_line(generated.document(number, kilobytes=3, spans=15))


@cache
def base_of_topics(number: int) -> bytes:
    """A document without actors, places, figures and quotes; what was a quote or an actor is a topic."""
    raw = generated.document(number, kilobytes=3, spans=15)
    kept = ("id", "start", "end", "text", "fragments", "cue", "extra", "provenance")
    items = [*raw["layers"]["actors"], *raw["layers"]["quotes"]]
    topics = [{key: item[key] for key in kept if key in item} | {"label": "news"} for item in items]
    return generated.as_line({**raw, "entities": [], "relations": [], "layers": {"topics": topics}})


def planted(code: str, number: int, data: bytes) -> Planted | None:
    """The variant of a code's defect that a number stands for; None where its document has no place for it."""
    made = MUTANTS[code](random.Random(f"{code} {number}"), orjson.loads(data))
    return made if isinstance(made, Planted) or made is None else Planted(made)


def find(case: Planted, name: str) -> tuple[bytes, list[Diagnostic]]:
    data = case.data if isinstance(case.data, bytes) else generated.as_line(case.data)
    return data, check_bytes(data, "x.json", CHECKER, name=case.name or name)[1]


def hunt(code: str, bases: Callable[[int], bytes]) -> None:
    """Plants a defect in as many documents as there are variants; each must be found, and nothing else."""
    seen = set()
    for number in range(VARIANTS * TRIES):
        own = bases(number % BASES)
        case = planted(code, number, own)
        if case is None:
            continue
        data, found = find(case, orjson.loads(own)["id"])
        if data in seen:
            continue
        seen.add(data)
        told = [(d.code, d.pointer, d.message) for d in found]
        assert {d.code for d in found} == {code}, (number, told)
        assert case.pointer is None or case.pointer in {d.pointer for d in found}, (number, case.pointer, told)
        assert case.line is None or case.line in {d.line for d in found}, (number, case.line, told)
        if len(seen) == VARIANTS:
            return
    pytest.fail(f"{len(seen)} documents have a place for the defect, {VARIANTS} are needed")


@pytest.mark.parametrize("bases", [base, base_of_topics])
def test_bases_are_valid(bases: Callable[[int], bytes]) -> None:
    for number in range(BASES):
        raw = orjson.loads(bases(number))
        for data in (generated.as_bytes(raw), generated.as_line(raw)):
            assert check_bytes(data, "x.json", CHECKER, name=raw["id"])[1] == []


def test_every_check_has_a_mutant() -> None:
    assert sorted(MUTANTS) == [check.code for check in CHECKS]


@pytest.mark.parametrize("code", sorted(MUTANTS))
def test_defects_are_found_and_nothing_else(code: str) -> None:
    hunt(code, base)


@pytest.mark.parametrize("code", ANY_LAYER)
def test_layers_of_a_corpus_are_checked_like_ours(code: str) -> None:
    hunt(code, base_of_topics)
