"""COR2xx: names that are annotated one way in most documents, and another way or not at all in a few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from corpus_tool.checks.check import pointer_to, quoted
from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding, Elsewhere
from corpus_tool.checks.corpus.part import UNMARKED
from corpus_tool.diagnostics import Severity

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Row, Survey

#: So many documents agree on a name before a document that differs is worth a look.
MIN_AGREEING = 5

#: More documents than this part of all differ on purpose: the name has two meanings.
MAX_DIFFERING = 0.2

#: Documents that are told of one name.
_MOST = 10


class _Use(NamedTuple):
    """A document that annotates a name with a kind, and the annotation's place in its layer."""

    document: int
    layer: str
    kind: str
    nth: int


class _Odd(NamedTuple):
    """A document that differs from most: its number and place, one that agrees with most, and how many do."""

    document: int
    own: _Use | None
    other: _Use
    agreeing: int


def _use(survey: Survey, row: Row) -> _Use:
    return _Use(row.document, *survey.kinds[row.kind], row.nth)


def _differ(survey: Survey) -> Iterator[_Odd]:
    for rows in survey.names.groups(below=UNMARKED):
        if len(rows) <= MIN_AGREEING:
            continue
        by_layer: dict[str, dict[str, list[_Use]]] = defaultdict(lambda: defaultdict(list))
        for use in (_use(survey, row) for row in rows if row.kind != UNMARKED):
            by_layer[use.layer][use.kind].append(use)
        for by_kind in by_layer.values():
            most, *others = sorted(by_kind.values(), key=len, reverse=True)
            odd = [use for uses in others for use in uses]
            if len(most) >= MIN_AGREEING and 0 < len(odd) <= MAX_DIFFERING * (len(most) + len(odd)):
                for use in sorted(odd)[:_MOST]:
                    yield _Odd(use.document, use, most[0], len(most))


def kind_differs_across_documents(survey: Survey) -> Iterator[CorpusFinding]:
    """A name has one kind in most documents and another one in a few.

    Why it matters: either the few are slips, or the name has two meanings that the guidelines should tell apart. It is
    told where at least five documents agree and no more than a fifth differs.

    Bad: "Harbour Watch" an organization in twelve documents, and media in one.

    Good: an organization in all; or media in every other one, since there is a magazine of this name.
    """
    found = list(_differ(survey))
    words = _words(survey, {odd.other for odd in found})
    for odd in found:
        own, other = odd.own, odd.other
        if own is not None and other in words:
            yield CorpusFinding(
                f"{own.layer} {quoted(words[other])} is of kind {own.kind} here, "
                f"and of kind {other.kind} in {odd.agreeing} documents",
                own.document,
                f"{pointer_to(own.layer, own.nth)}/kind",
                related=(Elsewhere(other.document, f"of kind {other.kind}", pointer_to(other.layer, other.nth)),),
            )


def _words(survey: Survey, uses: Collection[_Use]) -> dict[_Use, str]:
    """The annotated words of some uses, read from their documents again."""
    by_document: dict[int, list[_Use]] = defaultdict(list)
    for use in uses:
        by_document[use.document].append(use)
    words = {}
    for number, _, raw in survey.reread(by_document):
        for use in by_document[number]:
            items = raw.get("layers", {}).get(use.layer, [])
            if use.nth < len(items):
                words[use] = str(items[use.nth].get("text", ""))
    return words


def name_missed_across_documents(survey: Survey) -> Iterator[CorpusFinding]:
    """A name of several words is annotated in most documents that have it, and nowhere in a few.

    Why it matters: a model that is trained on the few learns to pass over the name, and one that finds it is counted
    wrong. Names in scripts without capital letters are not looked for.

    Bad: "Harbour Watch" annotated in twelve documents, and in a thirteenth that has it twice, not once.

    Good: annotated in all; or rejected, where it is no name in this one.
    """
    found = list(_missed(survey))
    words = _words(survey, {odd.other for odd in found})
    texts = {number: str(raw.get("text", "")) for number, _, raw in survey.reread({odd.document for odd in found})}
    for odd in found:
        name = words.get(odd.other, "")
        at = texts.get(odd.document, "").find(name)
        if name and at >= 0:
            yield CorpusFinding(
                f"{quoted(name)} (at {at}) is not annotated here, "
                f"and is one of {odd.other.layer} in {odd.agreeing} other documents",
                odd.document,
                "/text",
                "annotate it, or add it as rejected",
                (Elsewhere(odd.other.document, "annotated", pointer_to(odd.other.layer, odd.other.nth)),),
            )


def _missed(survey: Survey) -> Iterator[_Odd]:
    for rows in survey.names.groups(below=UNMARKED):
        if len(rows) <= MIN_AGREEING:
            continue
        marked = [row for row in rows if row.kind != UNMARKED]
        agreeing = {row.document for row in marked}
        without = {row.document for row in rows if row.kind == UNMARKED} - agreeing
        if len(agreeing) >= MIN_AGREEING and 0 < len(without) <= MAX_DIFFERING * (len(agreeing) + len(without)):
            for document in sorted(without)[:_MOST]:
                yield _Odd(document, None, _use(survey, marked[0]), len(agreeing))


CORPUS_CHECKS = (
    CorpusCheck("COR201", "kind-differs-across-documents", Severity.INFO, kind_differs_across_documents),
    CorpusCheck("COR203", "name-missed-across-documents", Severity.INFO, name_missed_across_documents),
)
