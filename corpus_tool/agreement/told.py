"""What agreement, assignments and merging say, as JSON objects."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from corpus_tool.agreement.types import Agreement, Disagreement, Measure, Merged

#: Digits of a measure in JSON.
_DIGITS = 4

#: How far sums of floating-point numbers let perfect agreement stray from 1.
_EQUAL = 1e-9


def agreement_to_json(agreement: Agreement) -> dict[str, Any]:
    """The measures, rounded to four digits; one that is not defined is null."""
    told: dict[str, Any] = _rounded(asdict(agreement))
    told["disagreements"] = [disagreement_to_json(one) for one in agreement.disagreements]
    return told


def disagreement_to_json(disagreement: Disagreement) -> dict[str, Any]:
    """A disagreement, and how the review page is opened at it."""
    return {**asdict(disagreement), "review": list(disagreement.target)}


def merged_to_json(merged: Merged) -> dict[str, Any]:
    """What merging gave, without the ledger, which has a file of its own."""
    told = asdict(merged)
    del told["ledger"]
    told["reasons"] = [
        {"layer": layer, "reason": reason, "annotations": count} for (layer, reason), count in merged.reasons.items()
    ]
    told["open"] = [disagreement_to_json(one) for one in merged.open]
    return told


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(child) for child in value]
    return value


def measure_in_words(measure: Measure | None) -> str:
    """``0.83 (.79–.87)``: the value and its 95 % interval; "–" where it is not defined."""
    if measure is None or measure.value is None:
        return "–"
    if measure.low is None or measure.high is None:
        return value_in_words(measure)
    return f"{value_in_words(measure)} ({_end(measure.low)}–{_end(measure.high)})"


def value_in_words(measure: Measure) -> str:
    """``0.83``; "–" where it is not defined. 1.00 is said of perfect agreement alone."""
    return "–" if measure.value is None else f"{_rounded_down(measure.value):.2f}"


def _end(value: float) -> str:
    """``.83`` or ``1``: an end of an interval, without what all of them have in common."""
    return f"{_rounded_down(value):.2f}".replace("0.", ".", 1).removesuffix(".00") or "0"


def _rounded_down(value: float) -> float:
    """Two digits of a value; what is less than 1 stays less."""
    rounded = round(value, 2)
    return 0.99 if rounded >= 1 > value + _EQUAL else rounded + 0.0
