"""Which step of the version a difference asks for, and whether a version is large enough for it.

Semantic versioning read for data (docs/diff.md): major where what somebody did with the old version may fail or come
out otherwise, minor where there is more of something, patch where something was corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from corpus_tool.checks.lic_terms import TERMS, Terms, dataset_license, terms_of
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.diff.difference import Difference
from corpus_tool.diff.words import column_in_words, counted
from corpus_tool.read.faults import fault

Step = Literal["major", "minor", "patch"]

#: From this part of a layer's annotations on, added or removed ones are more than corrections.
MANY = 0.05


@dataclass(frozen=True)
class Advice:
    """What a difference asks of the version.

    Attributes:
        step: the part of the number that has to rise.
        reasons: why, each in a few words.
    """

    step: Step
    reasons: tuple[str, ...]


def _columns(*whats: str) -> Callable[[Difference], Iterator[str]]:
    def reasons(difference: Difference) -> Iterator[str]:
        yield from (column_in_words(column) for column in difference.columns if column.what in whats)

    return reasons


def _documents(what: str) -> Callable[[Difference], Iterator[str]]:
    def reasons(difference: Difference) -> Iterator[str]:
        n = difference.tally.documents[what]
        if n:
            yield f"{counted(n, 'document')} {'was' if n == 1 else 'were'} {what}"

    return reasons


def _layers_emptied(difference: Difference) -> Iterator[str]:
    for name in difference.old.annotations:
        if name not in difference.new.annotations:
            yield f"the layer {name} has no annotation any more"


def _layers_filled(difference: Difference) -> Iterator[str]:
    for name in difference.new.annotations:
        if name not in difference.old.annotations:
            yield f"the layer {name} has annotations now"


def _text_withheld(difference: Difference) -> Iterator[str]:
    if difference.new.is_withheld and not difference.old.is_withheld:
        yield "the text is withheld now"


def _text_included(difference: Difference) -> Iterator[str]:
    if difference.old.is_withheld and not difference.new.is_withheld:
        yield "the text is included now"


def _splits(difference: Difference) -> Iterator[str]:
    n = sum(n for (old, _), n in difference.tally.moves.items() if old)
    if n:
        yield f"{counted(n, 'document')} moved to another split"


def _texts(difference: Difference) -> Iterator[str]:
    n = difference.tally.fields["text"]
    if n:
        yield f"{counted(n, 'document')} {'has' if n == 1 else 'have'} another text"


def _licences(difference: Difference) -> Iterator[str]:
    for change in difference.settings:
        if change.field in {"license", "article_license"}:
            why = stricter(str(change.old or ""), str(change.new or ""))
            if why:
                yield f"{change.field} of corpus.yaml changed from {change.old} to {change.new}: {why}"


def stricter(old: str, new: str) -> str:
    """What a licence asks or forbids that another did not, in words; "" where nothing.

    Licences whose terms are not known are taken for stricter: whoever uses the data has to read them.
    """
    before, after = _terms(old), _terms(new)
    if before is None or after is None:
        return "the terms of one of them are not known here"
    found = [
        words
        for words, had, has in (
            ("all rights are reserved", before.reserved, after.reserved),
            ("no commercial use", before.noncommercial, after.noncommercial),
            ("no adaptations", before.no_derivatives, after.no_derivatives),
            ("adaptations stay under it", "", after.share_alike if after.share_alike != before.share_alike else ""),
            ("the author must be named", before.attribution, after.attribution),
        )
        if has and not had
    ]
    return ", ".join(found)


def _terms(words: str) -> Terms | None:
    return TERMS.get(dataset_license(words) or "") or terms_of(words)


def _many_annotations(difference: Difference) -> Iterator[str]:
    for name, before in difference.old.annotations.items():
        counts = difference.layers.get(name)
        if counts is None:
            continue
        rejected = sum(n for (own, _, new), n in counts.values.items() if (own, new) == ("status", "rejected"))
        for n, what in ((counts.whats["added"], "added"), (counts.whats["removed"] + rejected, "removed")):
            if n > MANY * before:
                yield f"{n:,} of {before:,} {name} were {what} in documents that were there before"


def _anything(difference: Difference) -> Iterator[str]:
    if not difference.is_empty:
        yield "annotations, metadata or the words of the card were corrected"


#: What asks for which step, the largest first; a function gives its reasons.
RULES: tuple[tuple[Step, Callable[[Difference], Iterator[str]]], ...] = (
    ("major", _columns("config removed", "column removed", "type changed")),
    ("major", _layers_emptied),
    ("major", _text_withheld),
    ("major", _licences),
    ("major", _documents("removed")),
    ("major", _splits),
    ("minor", _documents("added")),
    ("minor", _texts),
    ("minor", _columns("config added", "column added")),
    ("minor", _layers_filled),
    ("minor", _text_included),
    ("minor", _many_annotations),
    ("patch", _anything),
)


def version_advice(difference: Difference) -> Advice | None:
    """The step that a difference asks for, with all its reasons; None where nothing differs."""
    for step in dict.fromkeys(step for step, _ in RULES):
        reasons = tuple(reason for own, rule in RULES if own == step for reason in rule(difference))
        if reasons:
            return Advice(step, reasons)
    return None


def next_version(version: str, step: Step) -> str:
    """The smallest version that is a step above another: "1.4.2" and "minor" give "1.5.0".

    Before 1.0.0 every step is one smaller, as semantic versioning leaves it and most do: what would be major raises the
    second number, all else the third.

    Raises:
        ValueError: ``version`` is not three numbers.
    """
    major, minor, patch = _numbers(version)
    if not major:
        return f"0.{minor + 1}.0" if step == "major" else f"0.{minor}.{patch + 1}"
    return {"major": f"{major + 1}.0.0", "minor": f"{major}.{minor + 1}.0", "patch": f"{major}.{minor}.{patch + 1}"}[
        step
    ]


def wanted_version(old: str, advice: Advice | None) -> str | None:
    """The smallest version that is enough; None where nothing changed, or the old version is not three numbers."""
    try:
        return next_version(old, advice.step) if advice else None
    except ValueError:
        return None


def check_version(old: str, new: str, advice: Advice | None, path: str = "") -> Diagnostic | None:
    """A finding where a version does not rise as far as the changes ask; None where it does, or nothing changed.

    Args:
        old: the version of what was published before.
        new: the version of what is to be published.
        advice: what ``version_advice`` says of the two.
        path: the file that the new version stands in.
    """
    if advice is None:
        return None
    try:
        wanted = next_version(old, advice.step)
        is_enough = _numbers(new) >= _numbers(wanted)
    except ValueError:
        told = f"{old!r} and {new!r} cannot be compared: a version is three numbers, as 1.0.0"
        return fault("version-too-small", path, told)
    if is_enough:
        return None
    why = "; ".join(advice.reasons)
    return fault("version-too-small", path, f"the version is {new} after {old} and should be {wanted} or more: {why}")


def version_to_json(difference: Difference) -> dict[str, Any]:
    """What a difference asks of the version, as docs/diff.md describes it."""
    advice = version_advice(difference)
    old, new = difference.old.version, difference.new.version
    finding = check_version(old, new, advice)
    return {
        "old": old,
        "new": new,
        "step": advice.step if advice else None,
        "reasons": list(advice.reasons) if advice else [],
        "wanted": wanted_version(old, advice),
        "enough": finding is None,
    }


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch
