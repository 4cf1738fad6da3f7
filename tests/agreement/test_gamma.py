"""Gamma, where ``pygamma-agreement`` is installed; what is said where it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from agreement.annotated import span

from corpus_tool import CorpusToolError, measure_agreement
from corpus_tool.agreement import gamma, measure

Make = Callable[..., Path]

KERN, ALI, OMAR = span("a1", "Zoe\u0308 Kern"), span("a3", "علي"), span("a5", "Omar Țin")


def test_without_the_package_it_says_what_to_install(versions_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "has_gamma", lambda: False)
    made = {"d": {"actors": [KERN]}}
    with pytest.raises(CorpusToolError, match=r"pip install 'corpus-tool\[gamma\]'"):
        measure_agreement(versions_of({"ana": made, "ben": made}), gamma=True)


def test_a_set_against_itself_is_one_and_a_document_without_marks_has_none(versions_of: Make) -> None:
    pytest.importorskip("pygamma_agreement", reason="gamma is tested where pip install 'corpus-tool[gamma]' was done")
    made = {"d": {"actors": [KERN, ALI], "locations": []}, "e": {"actors": [OMAR], "locations": []}}
    found = measure_agreement(versions_of({"ana": made, "ben": made}), gamma=True)
    actors, locations = (layer.measures["gamma"] for layer in found.layers)
    assert actors.value == pytest.approx(1)
    assert actors.n == 2
    assert (locations.value, locations.n) == (None, 0)


def test_gamma_falls_with_differences_and_follows_the_seed(versions_of: Make) -> None:
    pytest.importorskip("pygamma_agreement", reason="gamma is tested where pip install 'corpus-tool[gamma]' was done")
    marks = [(n * 20, n * 20 + 8, "person" if n % 2 else "group") for n in range(20)]
    shifted = [(start, end + (n % 3 == 0), kind) for n, (start, end, kind) in enumerate(marks) if n % 5]
    one, same, other = (gamma.gamma_of({"ana": marks, "ben": shifted}, seed) for seed in (0, 0, 1))
    assert one == same
    assert one != other
    assert 0.5 < one < 1
    assert one == pytest.approx(other, abs=0.1)
