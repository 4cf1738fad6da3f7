"""FIG1xx and FIG2xx: what a figure refers to, and whether its values agree with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus_tool.checks.check import Check, Needs, Place, Subject, document_of, pointer_to, quoted
from corpus_tool.checks.doc_schema import did_you_mean
from corpus_tool.checks.fig_units import dimension_of, meant_unit
from corpus_tool.checks.fixes.mend_claims import ends_exchanged, one_of_value_and_range, unit_spelled
from corpus_tool.checks.quo import inside, missing
from corpus_tool.diagnostics import Edit, Finding, Related, Severity
from corpus_tool.model import Figure, Quote

_CASUALTIES = re.compile(
    r"\b(killed|dead|died|deaths?|wounded|injured|casualt(?:y|ies)|fatalit(?:y|ies)|missing|displaced)\b", re.IGNORECASE
)


def figures_of(places: Sequence[Place]) -> Iterator[tuple[str, Figure]]:
    """The figures of a layer, each with its JSON Pointer."""
    for place in places:
        if isinstance(place.annotation, Figure):
            yield pointer_to(place.layer, place.nth), place.annotation


def label(figure: Figure) -> str:
    """What messages call a figure."""
    return f"figures {figure.id} {quoted(figure.text)}"


def dangling_place(subject: Subject) -> Iterator[Finding]:
    """The place of a figure is no location of the document, or one that was rejected.

    Why it matters: the question of where the figure holds gets no answer; a build that looks it up fails.

    Bad: ``"place": "l9"`` without a location l9; the id of an entity.

    Good: ``"place": "l1"``
    """
    known = {place.annotation.id for place in subject.live.get("locations", ())}
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        own = figure.place
        if own is not None and own not in known:
            told = f"the place {quoted(own)} of figures {figure.id} {missing(subject, 'locations', own)}"
            yield Finding(told, f"{pointer}/place", did_you_mean(own, known) or "the id of a location mention")


def dangling_quote(subject: Subject) -> Iterator[Finding]:
    """The quote of a figure is no quote of the document, or one that was rejected.

    Why it matters: the question of who claims the figure gets no answer; a build that looks it up fails.

    Bad: ``"quote": "q9"`` without a quote q9.

    Good: ``"quote": "q1"``
    """
    known = {place.annotation.id for place in subject.live.get("quotes", ())}
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        own = figure.quote
        if own is not None and own not in known:
            told = f"the quote {quoted(own)} of figures {figure.id} {missing(subject, 'quotes', own)}"
            yield Finding(told, f"{pointer}/quote", did_you_mean(own, known))


def _with_holders(subject: Subject) -> Iterator[tuple[str, Figure, Quote | None]]:
    """The figures in order of the text, each with the innermost quote whose content it lies in; one pass over both."""
    figures = sorted(figures_of(subject.sound_annotations.get("figures", ())), key=lambda pair: pair[1].start)
    places = subject.sound_annotations.get("quotes", ())
    quotes = [place.annotation for place in places if isinstance(place.annotation, Quote)]
    coming = sorted(quotes, key=lambda quote: -quote.start)
    open_now: list[Quote] = []
    for pointer, figure in figures:
        while coming and coming[-1].start <= figure.start:
            open_now.append(coming.pop())
        open_now = [quote for quote in open_now if quote.end > figure.start]
        holders = [quote for quote in open_now if figure.end <= quote.end and inside(figure, quote)]
        yield pointer, figure, min(holders, key=lambda quote: quote.end - quote.start, default=None)


def quote_not_named(subject: Subject) -> Iterator[Finding]:
    """A figure lies inside a quote and does not name it.

    Why it matters: the figure then counts as the reporter's own, though somebody else claims it.

    Bad: in “We lost 40 men,” she said: the figure 40 without ``quote``.

    Good: the figure with ``"quote": "q1"``.
    """
    for pointer, figure, quote in _with_holders(subject):
        if figure.quote is None and quote is not None:
            told = f"{label(figure)} lies inside quotes {quote.id} and does not name it"
            fix = (Edit(f"{pointer}/quote", quote.id),)
            yield Finding(told, pointer, f'write "quote": "{quote.id}"', fix=fix)


def quote_elsewhere(subject: Subject) -> Iterator[Finding]:
    """A figure names a quote in whose content it does not lie.

    Why it matters: the claim is put into the mouth of somebody who did not make it.

    Bad: a figure of the first paragraph whose ``quote`` is one of the third.

    Good: the quote that the figure lies in.
    """
    quotes = {place.annotation.id: place for place in subject.sound_annotations.get("quotes", ())}
    for pointer, figure in figures_of(subject.sound_annotations.get("figures", ())):
        place = quotes.get(figure.quote or "")
        if place is not None and not inside(figure, place.annotation):
            related = (Related(pointer_to("quotes", place.nth), f"quotes {figure.quote}"),)
            told = f"{label(figure)} does not lie inside its quote {figure.quote} {quoted(place.annotation.text)}"
            yield Finding(told, f"{pointer}/quote", "", related)


def min_above_max(subject: Subject) -> Iterator[Finding]:
    """The lower end of a range lies above its upper end.

    Why it matters: no number is in such a range; whoever filters by it finds nothing.

    Bad: ``"min": 40, "max": 30``

    Good: ``"min": 30, "max": 40``
    """
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        if figure.min is not None and figure.max is not None and figure.min > figure.max:
            told = f"{label(figure)} goes from {figure.min:g} to {figure.max:g}"
            yield Finding(told, pointer, "exchange min and max", fix=ends_exchanged(subject, pointer, figure))


def value_beside_range(subject: Subject) -> Iterator[Finding]:
    """A figure has a value, and the ends of a range as well.

    Why it matters: some readers take the one, some the other, and sums differ.

    Bad: ``"value": 35, "min": 30, "max": 40``

    Good: ``"min": 30, "max": 40``
    """
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        if figure.value is not None and (figure.min is not None or figure.max is not None):
            ends = " and ".join(key for key in ("min", "max") if getattr(figure, key) is not None)
            told = f"{label(figure)} has the value {figure.value:g} and {ends} as well"
            hint = "a number has a value, a range or an indefinite number min and max"
            yield Finding(told, pointer, hint, fix=one_of_value_and_range(subject, pointer, figure))


def modifier_at_odds(subject: Subject) -> Iterator[Finding]:
    """The modifier of a figure does not go with its values.

    Why it matters: "range" without two ends is no range, and an indefinite number ("dozens") is not exact.

    Bad: ``"value": 40, "modifier": "range"``; ``"min": 24, "modifier": "exact"``

    Good: ``"min": 30, "max": 40, "modifier": "range"``; ``"min": 24, "modifier": "at_least"``
    """
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        if fault := _modifier_fault(figure):
            yield Finding(f'{label(figure)} is "{figure.modifier}" and {fault}', f"{pointer}/modifier")


def _modifier_fault(figure: Figure) -> str:
    modifier, has_min, has_max = figure.modifier, figure.min is not None, figure.max is not None
    if modifier is None or (figure.value is not None and (has_min or has_max)):
        return ""
    if modifier == "range":
        if figure.value is not None:
            return "has one value"
        if not (has_min and has_max):
            return f"has no {'max' if has_min else 'min'}"
        return "has two ends that are the same" if figure.min == figure.max else ""
    if has_min and has_max:
        return "has a min and a max" if figure.min != figure.max else ""
    if has_min and modifier in {"exact", "at_most", "less_than"}:
        return "has a min alone"
    if has_max and modifier in {"exact", "at_least", "more_than"}:
        return "has a max alone"
    return ""


def unknown_unit(subject: Subject) -> Iterator[Finding]:
    """The unit of a figure is neither count, percent, an ISO 4217 code nor a UCUM symbol.

    Why it matters: figures are compared and converted by their units; "km", "kms" and "kilometres" are three.

    Bad: ``"unit": "kilometres"``, ``"unit": "$"``

    Good: ``"unit": "km"``, ``"unit": "USD"``
    """
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        if figure.unit is not None and dimension_of(figure.unit) is None:
            meant = meant_unit(figure.unit)
            hint = f'did you mean "{meant}"?' if meant else "count, percent, an ISO 4217 code or a UCUM symbol"
            told = f"{label(figure)} has the unknown unit {quoted(figure.unit)}"
            yield Finding(told, f"{pointer}/unit", hint, fix=unit_spelled(subject, pointer, figure, meant))


def casualties_without_measure(subject: Subject) -> Iterator[Finding]:
    """A figure counts the dead, wounded, missing or displaced, and does not say so. English texts only.

    Why it matters: who counts casualties by ``measure`` misses it.

    Bad: "40" without ``measure`` in: 40 people were killed.

    Good: ``"measure": "killed"``
    """
    if not subject.is_english:
        return
    text = document_of(subject).text
    for pointer, figure in figures_of(subject.sound_annotations.get("figures", ())):
        if figure.measure is not None or figure.unit not in {None, "count"}:
            continue
        end = figure.counted.end if figure.counted and figure.counted.start >= figure.end else figure.end
        around = re.split(r"[.!?;,\n]", text[figure.end : end + 40])[0]
        if match := _CASUALTIES.search(around):
            told = f"{label(figure)} stands with {quoted(match[0])} and has no measure"
            yield Finding(told, pointer, 'such as "measure": "killed"')


CHECKS = (
    Check("FIG101", "dangling-place", Severity.ERROR, Needs.DOCUMENT, dangling_place),
    Check("FIG102", "dangling-quote", Severity.ERROR, Needs.DOCUMENT, dangling_quote),
    Check("FIG103", "quote-not-named", Severity.WARNING, Needs.DOCUMENT, quote_not_named, fixable=True),
    Check("FIG104", "quote-elsewhere", Severity.WARNING, Needs.DOCUMENT, quote_elsewhere),
    Check("FIG201", "min-above-max", Severity.ERROR, Needs.DOCUMENT, min_above_max, fixable=True),
    Check("FIG202", "value-beside-range", Severity.WARNING, Needs.DOCUMENT, value_beside_range, fixable=True),
    Check("FIG203", "modifier-at-odds", Severity.WARNING, Needs.DOCUMENT, modifier_at_odds),
    Check("FIG204", "unknown-unit", Severity.WARNING, Needs.DOCUMENT, unknown_unit, fixable=True),
    Check("FIG209", "casualties-without-measure", Severity.WARNING, Needs.DOCUMENT, casualties_without_measure),
)
