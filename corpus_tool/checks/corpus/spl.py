"""SPL: what goes from one split into another, and what a split lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from corpus_tool.checks.check import quoted
from corpus_tool.checks.corpus.cor_duplicates import is_across, told, twins
from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding, Elsewhere
from corpus_tool.checks.corpus.strata import KINDS
from corpus_tool.diagnostics import Severity
from corpus_tool.model.corpus import CONFIG_FILE, LOCK_FILE

T = TypeVar("T")

#: So many corpora may have something told that a split lacks by chance alone.
_CHANCE = 0.01

#: The splits that are there to learn from; the others are there to measure.
_TRAIN = "train"
_SPLITS = "train, validation, test"

#: Ids of one table that a message names.
_SHOWN = 5

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Rows, Survey


class _Leak(NamedTuple):
    """A document, the one of another split that gives it away, and the code of the check that tells it."""

    code: str
    document: int
    other: int
    why: str


def _leaks(survey: Survey) -> list[_Leak]:
    """Every document that another split gives away, once, by the strongest evidence; SPL104 tells the torn ones."""
    seen = set(survey.torn)
    found = []
    for twin in survey.once(twins):
        if {twin.document, twin.other} & survey.torn.keys():
            continue
        seen.add(twin.document)
        if is_across(survey, twin.document, twin.other):
            found.append(_Leak("SPL101", twin.document, twin.other, told(survey, twin)))
    for code, rows, what in (
        ("SPL102", survey.pages, "comes from the same page as"),
        ("SPL103", survey.headlines, "has the headline and the day of"),
    ):
        for document, other in sorted(_pairs(survey, rows)):
            if document not in seen and other not in survey.torn:
                seen.add(document)
                found.append(_Leak(code, document, other, f"{what} {survey.ids[other]}"))
    return found


def _pairs(survey: Survey, rows: Rows) -> Iterator[tuple[int, int]]:
    """Every document that shares a key with an earlier one of another split, with that one."""
    for group in rows.groups():
        firsts: dict[str, int] = {}
        for number in dict.fromkeys(row.document for row in group):
            split = survey.splits[number]
            if not split:
                continue
            others = [first for name, first in firsts.items() if name != split]
            if others:
                yield number, others[0]
            firsts.setdefault(split, number)


def _told(survey: Survey, code: str) -> Iterator[CorpusFinding]:
    for leak in survey.once(_leaks):
        if leak.code == code:
            own, other = survey.splits[leak.document], survey.splits[leak.other]
            yield CorpusFinding(
                f"{survey.ids[leak.document]} ({own}) {leak.why} ({other})",
                leak.document,
                hint=f"remove one of the two, or {_together(survey)}",
                related=(Elsewhere(leak.other, f"in the split {other}"),),
            )


def _together(survey: Survey) -> str:
    """How two documents come into one split, by policy."""
    match _policy(survey):
        case "grouped" | "stratified":
            return f"take the line of one of them out of {LOCK_FILE}, so that it joins the other"
        case "temporal":
            return "move the day at which the split begins"
        case "given":
            return "give both one split"
        case _:
            return "keep such documents together: build.splits.policy: grouped"


def duplicate_across_splits(survey: Survey) -> Iterator[CorpusFinding]:
    """Documents of two splits have the same text, or nearly: .8 or more of all runs of five words are in both.

    Why it matters: a model is asked in the test what it learned by heart; the figures that are published are too good.

    Bad: the report of a fire in ``train``, and the same with one more sentence in ``test``.

    Good: one of the two, or both in ``train``.
    """
    yield from _told(survey, "SPL101")


def same_page_across_splits(survey: Survey) -> Iterator[CorpusFinding]:
    """Documents of two splits come from one page: the same address, or the same id at the same source.

    Why it matters: a page that was fetched twice tells one event; its names, figures and quotes are known from the
    other split, however much it was rewritten.

    Bad: ``https://news.example/fire?utm_source=x`` in ``train``, ``http://www.news.example/fire/`` in ``test``.

    Good: both in one split.
    """
    yield from _told(survey, "SPL102")


def same_headline_across_splits(survey: Survey) -> Iterator[CorpusFinding]:
    """Documents of two splits have the same title on the same day.

    Why it matters: an agency's report stands in many papers under one headline; each cuts it as it likes, and still
    they give each other away.

    Bad: "Fire destroys harbour of Tarn", 2024-03-01, in ``train`` and in ``test``.

    Good: both in one split.
    """
    yield from _told(survey, "SPL103")


def between_two_splits(survey: Survey) -> Iterator[CorpusFinding]:
    """A new document belongs with some of two splits: it shares its text, its page, or its headline and day with each.

    Why it matters: documents keep the splits that were published (``splits.lock``), so wherever the new one goes, it
    gives the other one away.

    Bad: ``fire`` in ``train``, ``fire-update`` in ``test``, and now ``fire-long``, nearly the same as either.

    Good: the new one left out; or one of the two moved, its line taken out of ``splits.lock``.
    """
    for document, others in sorted(survey.torn.items()):
        named = " and with ".join(f"{survey.ids[other]} ({survey.splits[other]})" for other in others)
        yield CorpusFinding(
            f"{survey.ids[document]} belongs with {named}, which keep their splits",
            document,
            hint=f"remove it, or take the line of all but one of the others out of {LOCK_FILE}: they join that one",
            related=tuple(Elsewhere(other, f"in the split {survey.splits[other]}") for other in others),
        )


def layer_missing_from_split(survey: Survey) -> Iterator[CorpusFinding]:
    """A layer has annotations in some splits, and none in another one.

    Why it matters: what is learned cannot be measured, or is measured without having been learned; and an empty
    column has another type in some readers. It is told where chance would leave a layer out in less than one of a
    hundred corpora: with a handful of documents nothing can be said.

    Bad: 40 documents of ``train`` with quotes, and not one of the ten in ``test``.

    Good: quotes in every split, or in none.
    """
    used = {layer: splits for layer, splits in survey.layers.items() if splits.total()}
    for layer, split in _missed(survey, used):
        elsewhere = " and ".join(f"{count} in {name}" for name, count in sorted(used[layer].items()) if count)
        yield CorpusFinding(
            f"no document of the split {split} has {layer}; there are {elsewhere}",
            path=CONFIG_FILE,
            hint="annotate the layer there, or deal the documents anew with another seed",
        )


def _missed(survey: Survey, used: Mapping[T, Counter[str]]) -> Iterator[tuple[T, str]]:
    """What a split has none of, though so many documents of the others have it that this is hardly chance.

    Args:
        survey: the corpus.
        used: how many documents of each split have a thing; all things that are looked at.
    """
    sizes = Counter(split for split in survey.splits if split)
    limit = _CHANCE / max(1, len(used) * len(sizes))
    for thing, splits in used.items():
        for split, size in sizes.items():
            if not splits[split] and (1 - size / sizes.total()) ** splits.total() < limit:
                yield thing, split


def kind_missing_from_split(survey: Survey) -> Iterator[CorpusFinding]:
    """A kind or measure that many documents have is in none of a split.

    Why it matters: the figures of this split say nothing about the kind, and nobody sees that. It is told where
    chance would leave any kind out in less than one of a hundred corpora.

    Bad: 60 of 80 documents of ``train`` have actors of kind ``party``, none of the ten in ``test``.

    Good: the kind in every split.
    """
    used = {
        (layer, attribute, value): use.splits
        for (layer, attribute), uses in survey.labels.items()
        for value, use in (uses or {}).items()
        if attribute in KINDS and layer
    }
    for (layer, attribute, value), split in _missed(survey, used):
        if survey.layers[layer][split]:  # else the layer is missing, which SPL201 tells
            others = used[layer, attribute, value].total()
            yield CorpusFinding(
                f"no document of the split {split} has {layer} of the {attribute} {value}, but {others} others do",
                path=CONFIG_FILE,
                hint="deal the documents anew with another seed",
            )


def out_of_time_order(survey: Survey) -> Iterator[CorpusFinding]:
    """With splits by time, a document of ``train`` is younger than one that the model is measured with.

    Why it matters: such a split is there to ask what a model makes of news that it cannot know; one report from the
    day after tells it.

    Bad: ``train`` reaches to 2024-03-09, ``test`` begins on 2024-03-01.

    Good: the last day of ``train`` lies before the first day of every other split.
    """
    if _policy(survey) != "temporal":
        return
    train = survey.days.get(_TRAIN)
    for split, days in sorted(survey.days.items()):
        if train is not None and split not in {_TRAIN, ""} and train.latest[0] >= days.earliest[0]:
            day, document = train.latest
            yield CorpusFinding(
                f"{survey.ids[document]} of {day} is in {_TRAIN}, but {split} begins on {days.earliest[0]}",
                document,
                "/meta/published",
                "move the days at which the splits begin",
                (Elsewhere(days.earliest[1], f"the first document of {split}", "/meta/published"),),
            )


def day_missing_for_split(survey: Survey) -> Iterator[CorpusFinding]:
    """With splits by time, a document does not say the day it appeared.

    Why it matters: nobody can tell whether it is older or younger than the days at which the splits begin; it may not
    be built into either.

    Bad: no ``meta.published``, or ``2024-03`` alone.

    Good: ``"published": "2024-03-09"``.
    """
    if survey.strata is None or _policy(survey) != "temporal":
        return
    for number, day in enumerate(survey.strata.days):
        if not survey.splits[number]:
            told = f"says only {quoted(day)} of when it appeared" if day else "does not say when it appeared"
            yield CorpusFinding(
                f"{survey.ids[number]} {told}, so it has no split",
                number,
                "/meta/published" if day else "/meta",
                "write the day into meta.published (YYYY-MM-DD), or choose another build.splits.policy",
            )


def split_not_given(survey: Survey) -> Iterator[CorpusFinding]:
    """With given splits, a document has none, or one of another name than train, validation and test.

    Why it matters: a document without a split is in no file of the dataset, and one under a name of its own is not
    found by those who load the others.

    Bad: ``"extra": {"split": "dev"}``; a document that the table of splits does not name.

    Good: ``"extra": {"split": "validation"}``.
    """
    if survey.strata is None or survey.config is None or _policy(survey) != "given":
        return
    file = survey.config.build.splits.file
    where = "its line in " + file if file is not None else "meta.extra.split of the document"
    for number, name in enumerate(survey.ids):
        if not survey.splits[number]:
            told = survey.strata.names.get(number, "")
            message = f"the split {quoted(told)} of {name} is none of {_SPLITS}" if told else f"{name} has no split"
            pointer = "/meta/extra/split" if told and file is None else ""
            yield CorpusFinding(message, number, pointer, f"{where} says one of {_SPLITS}")


def split_of_no_document(survey: Survey) -> Iterator[CorpusFinding]:
    """The table of splits names documents that the corpus does not have.

    Why it matters: an id is misspelled, and the document that was meant has no split or another one; or documents
    were lost.

    Bad: ``habour-fire,test`` in the table, and a document ``harbour-fire``.

    Good: the ids of the documents.
    """
    if survey.strays and survey.config is not None and survey.config.build.splits.file is not None:
        shown = [quoted(name) for name in survey.strays[:_SHOWN]]
        more = len(survey.strays) - len(shown)
        named = ", ".join(shown) + (f" and {more} more" if more else "")
        yield CorpusFinding(
            f"splits of documents that are not there: {named}",
            path=survey.config.build.splits.file,
            hint="correct the ids, or take the lines out",
        )


def _policy(survey: Survey) -> str:
    return survey.config.build.splits.policy if survey.config is not None else ""


CORPUS_CHECKS = (
    CorpusCheck("SPL101", "duplicate-across-splits", Severity.ERROR, duplicate_across_splits),
    CorpusCheck("SPL102", "same-page-across-splits", Severity.ERROR, same_page_across_splits),
    CorpusCheck("SPL103", "same-headline-across-splits", Severity.WARNING, same_headline_across_splits),
    CorpusCheck("SPL104", "between-two-splits", Severity.ERROR, between_two_splits),
    CorpusCheck("SPL201", "layer-missing-from-split", Severity.WARNING, layer_missing_from_split),
    CorpusCheck("SPL202", "kind-missing-from-split", Severity.INFO, kind_missing_from_split),
    CorpusCheck("SPL301", "out-of-time-order", Severity.ERROR, out_of_time_order),
    CorpusCheck("SPL302", "day-missing-for-split", Severity.ERROR, day_missing_for_split),
    CorpusCheck("SPL401", "split-not-given", Severity.ERROR, split_not_given),
    CorpusCheck("SPL402", "split-of-no-document", Severity.WARNING, split_of_no_document),
)
