"""Every check finds its defect, wherever it is planted in a valid document, and nothing else is reported."""

from __future__ import annotations

import random
from functools import cache
from importlib import import_module
from types import ModuleType

import generated
import orjson
import pytest

from corpus_tool.checks import CHECKS
from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model.schemas import built_in_layers
from mutation.ent import OWN_LAYERS
from mutation.planting import Mutant, Planted

FAMILIES = ("cor", "doc", "txt", "spn", "ent", "fig", "quo", "lic")
VARIANTS = 50
#: Documents that defects are planted into; small ones, since a defect needs one place only.
BASES = 60
#: How many documents are tried for one variant: not every one has a place for every defect.
TRIES = 30

CHECKER = make_checker({**built_in_layers(), **OWN_LAYERS})


def _modules() -> list[ModuleType]:
    return [import_module(f"mutation.{family}") for family in FAMILIES]


MUTANTS: dict[str, Mutant] = {code: mutant for module in _modules() for code, mutant in module.MUTANTS.items()}


@cache
def base(number: int) -> bytes:
    return generated.as_line(generated.document(number, kilobytes=3, spans=15))


def planted(code: str, number: int) -> Planted | None:
    """The variant of a code's defect that a number stands for; None where its document has no place for it."""
    made = MUTANTS[code](random.Random(f"{code} {number}"), orjson.loads(base(number % BASES)))
    return made if isinstance(made, Planted) or made is None else Planted(made)


def find(case: Planted, number: int) -> tuple[bytes, list[Diagnostic]]:
    raw = orjson.loads(base(number % BASES))
    data = case.data if isinstance(case.data, bytes) else generated.as_line(case.data)
    return data, check_bytes(data, "x.json", CHECKER, name=case.name or raw["id"])[1]


def test_bases_are_valid() -> None:
    for number in range(BASES):
        raw = orjson.loads(base(number))
        assert check_bytes(generated.as_bytes(raw), "x.json", CHECKER, name=raw["id"])[1] == []


def test_every_check_has_a_mutant() -> None:
    assert sorted(MUTANTS) == [check.code for check in CHECKS]


@pytest.mark.parametrize("code", sorted(MUTANTS))
def test_defects_are_found_and_nothing_else(code: str) -> None:
    seen = set()
    for number in range(VARIANTS * TRIES):
        case = planted(code, number)
        if case is None:
            continue
        data, found = find(case, number)
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
