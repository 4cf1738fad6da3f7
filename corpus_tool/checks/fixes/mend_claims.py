"""Edits for what entities, figures and quotes say (ENT, FIG, QUO)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus_tool.checks.check import Subject, escape
from corpus_tool.checks.fixes.mend import Pieces, is_reviewed, shrinking, span_edits
from corpus_tool.diagnostics import Edit
from corpus_tool.model import Figure, Quote

if TYPE_CHECKING:
    from corpus_tool.language.numbers import Quantity

#: Words and signs for a unit that stand for several: which one is meant only the text can say.
_AMBIGUOUS = frozenset(
    {"$", "dollar", "dollars", "pound", "pounds", "£", "¥", "yen", "degrees", "ton", "tons", "number"}
)
#: What English writes for several currencies; a reading of it is a convention and proves nothing.
_CONVENTIONS = frozenset({"USD", "GBP", "JPY"})

_EDGE_MARKS = ",;: "


def link_in_form(i: int, register: str, own: str, form: str) -> tuple[Edit, ...]:
    """Writes a link as its register's id.

    It must be that id in other capitals or with spaces around it, or an address of the register with one id in it.

    Args:
        i: the entity's place.
        register: the register's name.
        own: the link as it is.
        form: the pattern of the register's ids.
    """
    bare = own.strip()
    found = {spelled for spelled in (bare, bare.upper()) if re.fullmatch(form, spelled)}
    if "://" in own and register.lower() in own.lower():
        found = {match[0] for match in re.finditer(rf"(?<![\w-])(?:{form})(?![\w-])", own)}
    return (Edit(f"/entities/{i}/links/{escape(register)}", found.pop()),) if len(found) == 1 else ()


def _readings(subject: Subject, words: str) -> tuple[Quantity, ...]:
    from corpus_tool.language.numbers import readings  # late: compiling its grammar takes time

    return readings(words) if subject.is_english else ()


def _reading(subject: Subject, figure: Figure) -> Quantity | None:
    """The one quantity that the text of a figure can be; None where it is none, several, or no English."""
    read = _readings(subject, figure.text)
    return read[0] if len(read) == 1 else None


def _numbers(quantity: Quantity | Figure) -> dict[str, int | float]:
    own = {"value": quantity.value, "min": quantity.min, "max": quantity.max}
    return {key: number for key, number in own.items() if number is not None}


def ends_exchanged(subject: Subject, pointer: str, figure: Figure) -> tuple[Edit, ...]:
    """Exchanges min and max, where the text has them in that order."""
    read = _reading(subject, figure)
    if read is None or read.value is not None or (read.min, read.max) != (figure.max, figure.min):
        return ()
    return (Edit(f"{pointer}/min", read.min), Edit(f"{pointer}/max", read.max))


def one_of_value_and_range(subject: Subject, pointer: str, figure: Figure) -> tuple[Edit, ...]:
    """Leaves the value or the range, whichever the text says, where nobody reviewed the figure."""
    read = _reading(subject, figure)
    own, said = _numbers(figure), _numbers(read) if read else {}
    if is_reviewed(figure) or not said or any(own.get(key) != number for key, number in said.items()):
        return ()
    return tuple(Edit(f"{pointer}/{key}", does="remove") for key in own if key not in said)


def numbers_as_read(subject: Subject, pointer: str, figure: Figure) -> tuple[Edit, ...]:
    """Sets the numbers of a figure that nobody reviewed to those in its text, where the text can be read in one way.

    Not where the figure counts in another unit than its text, or has its sign from a verb ("fell by").
    """
    read = _reading(subject, figure)
    own, said = _numbers(figure), _numbers(read) if read else {}
    if read is None or is_reviewed(figure) or own.keys() != said.keys() or any(n < 0 for n in own.values()):
        return ()
    if figure.unit not in {None, read.unit} and read.unit != "count":
        return ()
    return tuple(Edit(f"{pointer}/{key}", number) for key, number in said.items() if number != own[key])


def unit_as_read(subject: Subject, pointer: str, figure: Figure) -> tuple[Edit, ...]:
    """Sets the unit of a figure that nobody reviewed to the one in its text, where the numbers agree with it."""
    read = _reading(subject, figure)
    if read is None or is_reviewed(figure) or _numbers(read) != _numbers(figure) or read.unit in _CONVENTIONS:
        return ()
    return (Edit(f"{pointer}/unit", read.unit),)


def unit_spelled(subject: Subject, pointer: str, figure: Figure, meant: str) -> tuple[Edit, ...]:
    """Writes a unit as ISO 4217 or UCUM have it, where the word or sign for it stands for one unit alone."""
    unit = (figure.unit or "").strip().lower()
    if unit in _AMBIGUOUS:
        read = _reading(subject, figure)
        if read is None or read.unit != meant or meant in _CONVENTIONS:
            return ()
    return (Edit(f"{pointer}/unit", meant),) if meant else ()


def modifier_moved(
    text: str, pointer: str, figure: Figure, cut: tuple[int, int], meaning: str | None
) -> tuple[Edit, ...]:
    """Takes the words that modify a figure out of its span, and makes them its modifier.

    Args:
        text: the article.
        pointer: JSON Pointer to the figure.
        figure: the figure; one that somebody reviewed, or that has another modifier, stays as it is.
        cut: how many code points the words take at its start and at its end.
        meaning: the modifier that they mean, None where that is not certain.
    """
    if is_reviewed(figure) or meaning is None or figure.modifier not in {None, meaning}:
        return ()
    edits = shrinking(pointer, figure, *cut, text)
    return (*edits, Edit(f"{pointer}/modifier", meaning)) if edits and figure.modifier is None else edits


def modifier_set(pointer: str, figure: Figure, meaning: str) -> tuple[Edit, ...]:
    """Sets the modifier of a figure that has none and that nobody reviewed."""
    return () if is_reviewed(figure) or figure.modifier is not None else (Edit(f"{pointer}/modifier", meaning),)


def counted_taken_out(subject: Subject, text: str, pointer: str, figure: Figure) -> tuple[Edit, ...]:
    """Ends the span of a figure before what it counts, where the rest of it reads as its numbers."""
    counted = figure.counted
    if counted is None or counted.fragments or figure.fragments or is_reviewed(figure) or counted.end != figure.end:
        return ()
    read = _readings(subject, text[figure.start : counted.start].strip())
    if len(read) != 1 or _numbers(read[0]) != _numbers(figure):
        return ()
    return shrinking(pointer, figure, 0, figure.end - counted.start, text)


def status_dropped(subject: Subject, pointer: str, quote: Quote) -> tuple[Edit, ...]:
    """Drops ``speaker_status`` where the speaker is an actor of the document."""
    known = {place.annotation.id for place in subject.live.get("actors", ())}
    return (Edit(f"{pointer}/speaker_status", does="remove"),) if quote.speaker in known else ()


def speakers_listed(pointer: str, quote: Quote) -> tuple[Edit, ...]:
    """Names every speaker once, the first one as ``speaker``."""
    first, *others = dict.fromkeys((quote.speaker, *quote.co_speakers) if quote.speaker else quote.co_speakers)
    edits = [] if quote.speaker else [Edit(f"{pointer}/speaker", first)]
    edits.append(Edit(f"{pointer}/co_speakers", others) if others else Edit(f"{pointer}/co_speakers", does="remove"))
    return tuple(edits)


def marks_taken_in(text: str, pointer: str, quote: Quote, cut: Pieces) -> tuple[Edit, ...]:
    """Marks a quote that nobody reviewed with its quotation marks."""
    apart = all(left[1] < right[0] for left, right in pairwise(cut))
    return span_edits(pointer, quote, cut, text) if cut and apart and not is_reviewed(quote) else ()


def edge_marks_left_out(text: str, pointer: str, quote: Quote, abbreviations: frozenset[str]) -> tuple[Edit, ...]:
    """Leaves commas, colons and the sentence's full stop around indirect content out; not that of an abbreviation."""
    words = quote.text
    before = len(words) - len(words.lstrip(_EDGE_MARKS))
    rest = words.rstrip(_EDGE_MARKS)
    if rest.endswith(".") and not rest.endswith(".."):
        last = rest.split()[-1].rstrip(".")
        if last.lower() in abbreviations or "." in last:
            return ()
        rest = rest[:-1].rstrip(_EDGE_MARKS)
    return shrinking(pointer, quote, before, len(words) - len(rest), text)
