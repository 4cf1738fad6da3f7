"""COR3xx: labels that look like slips of other labels."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from corpus_tool.checks.check import escape, pointer_to, quoted
from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding, Elsewhere
from corpus_tool.diagnostics import Severity

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Survey, Use

#: An attribute has labels, and not words of its own each time, where a value is used so often on the average.
_USES_EACH = 4

#: So many annotations have a label before one that only one has is odd; more of them where the list is closed.
_MIN_USES, _MIN_LISTED = 100, 1000

#: A label is a slip of another one a letter away where that one is used so many times as often.
_RATIO = 10

#: Shorter labels lie a letter apart without being slips ("ship", "shop").
_MIN_LETTERS = 6


def _pointer(layer: str, attribute: str, use: Use) -> str:
    """Where a label stands first; relations and ``meta`` are no layers."""
    if layer:
        return f"{pointer_to(layer, use.nth)}/{escape(attribute)}"
    return f"/relations/{use.nth}/type" if attribute == "type" else f"/meta/{attribute}"


def _what(layer: str, attribute: str) -> str:
    return (
        f"the {attribute} of {layer}" if layer else {"type": "the type of relations"}.get(attribute, f"the {attribute}")
    )


def _times(use: Use) -> str:
    return "once" if use.count == 1 else f"{use.count:,} times"


def _has_labels(uses: Mapping[str, Use]) -> bool:
    return sum(use.count for use in uses.values()) >= _USES_EACH * len(uses)


def label_used_once(survey: Survey) -> Iterator[CorpusFinding]:
    """A label stands once in the whole corpus.

    Why it matters: nothing can be learned from one example or measured by it, and often it is a slip for a label that
    others use. It is told of attributes with a hundred
    uses and more, and a thousand where the schema lists the labels.

    Bad: one actor of kind ``media`` among 2,000.

    Good: several; or the kind that the guidelines want for such an actor.
    """
    for (layer, attribute), uses in survey.labels.items():
        if uses is None or (layer, attribute) == ("", "source") or not _has_labels(uses):
            continue
        total = sum(use.count for use in uses.values())
        enough = _MIN_USES if (layer, attribute) in survey.free else _MIN_LISTED
        for value, use in uses.items() if total >= enough else ():
            if use.count == 1:
                yield CorpusFinding(
                    f"{_what(layer, attribute)} is {quoted(value)} here and nowhere else in {total:,} uses",
                    use.document,
                    _pointer(layer, attribute, use),
                )


def label_variants(survey: Survey) -> Iterator[CorpusFinding]:
    """A label is written in two ways: with capitals, hyphens or a plural here and without there, or with a slip.

    Why it matters: the two are counted apart, and columns of a dataset get a class for each. Only labels without a
    closed list are compared: those of a corpus's own layers, types of relations, and sources.

    Bad: ``"trigger": "cease-fire"`` 40 times, and ``"Ceasefire"`` three times.

    Good: ``"ceasefire"`` in all; or a closed list (``enum``) in the layer's schema.
    """
    for (layer, attribute), uses in survey.labels.items():
        if uses is None or (layer, attribute) not in survey.free:
            continue
        for value, common in _variants(uses):
            use, other = uses[value], uses[common]
            yield CorpusFinding(
                f"{_what(layer, attribute)} is {quoted(value)} ({_times(use)}) beside {quoted(common)} "
                f"({_times(other)})",
                use.document,
                _pointer(layer, attribute, use),
                f"write {quoted(common)}, if it is the same",
                (Elsewhere(other.document, quoted(common), _pointer(layer, attribute, other)),),
            )


def _variants(uses: Mapping[str, Use]) -> Iterator[tuple[str, str]]:
    """The labels that are written like another one, each with the one that is used most."""
    ranked = sorted(uses, key=lambda value: (-uses[value].count, uses[value].document, uses[value].nth, value))
    by_form: dict[str, str] = {}
    for value in ranked:
        common = by_form.setdefault(_form(value), value)
        if common != value:
            yield value, common
    if not _has_labels(uses):
        return
    near: dict[str, list[str]] = defaultdict(list)
    forms = list(by_form)
    for form in forms:
        slips = {other for cut in _cuts(form) for other in near[cut] if _is_slip(form, other)}
        common = next(
            (o for o in forms if o in slips and _RATIO * uses[by_form[form]].count <= uses[by_form[o]].count), ""
        )
        if common:
            yield by_form[form], by_form[common]
        for cut in _cuts(form):
            near[cut].append(form)


def _form(value: str) -> str:
    """A label without what its writers differ in: capitals, marks between words, a plural's ending."""
    form = re.sub(r"[\s_./-]+", "", unicodedata.normalize("NFKC", value).casefold())
    return form.removesuffix("s") if len(form) > _MIN_LETTERS - 2 else form


def _cuts(form: str) -> set[str]:
    """A form, and what is left of it without one of its letters: what forms a slip apart have in common."""
    if len(form) < _MIN_LETTERS:
        return set()
    return {form, *(form[:i] + form[i + 1 :] for i in range(len(form)))}


def _is_slip(one: str, other: str) -> bool:
    """Whether two forms differ in one letter that is too much, missing, another one or exchanged with the next."""
    short, long = sorted((one, other), key=len)
    start = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    rest, other_rest = short[start:], long[start:]
    if any(letter.isdigit() for letter in rest[:1] + other_rest[:1]):
        return False
    return (
        rest == other_rest[1:]
        or (rest[1:] == other_rest[1:] and len(short) == len(long))
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )


CORPUS_CHECKS = (
    CorpusCheck("COR301", "label-used-once", Severity.INFO, label_used_once),
    CorpusCheck("COR302", "label-variants", Severity.WARNING, label_variants),
)
