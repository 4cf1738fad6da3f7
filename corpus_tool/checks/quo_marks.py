"""QUO4xx: quotes and their quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from corpus_tool.checks.check import Check, Needs, Subject, document_of, quoted
from corpus_tool.checks.fixes.mend_claims import edge_marks_left_out, marks_taken_in
from corpus_tool.checks.quo import quotes_of
from corpus_tool.checks.spn_edges import ABBREVIATIONS
from corpus_tool.checks.txt import misread
from corpus_tool.diagnostics import Finding, Severity
from corpus_tool.language.marks import Quoted
from corpus_tool.model import Quote, pieces

_ANY_MARK = re.compile(r"[\"“”„‟＂«»‹›‘’'‚‛「」『』]|``|''")
#: A mark that no apostrophe looks like.
_SURE_MARK = re.compile(r"[\"“”„‟＂«»‹›「」『』]|``|''")
_DASH = re.compile(r"[—–―-]\s*$")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_LABEL = re.compile(r"[:：]\s*$")
_LAST_WORD = re.compile(r"\S+$")
#: What stands between the last word and the closing mark.
EDGE = " \u00a0\u202f.,;!?…"
_OPENING_FIRST = re.compile(r"[\"“„‟＂«‹‘'‚「『]|``|''")


def _stretches(subject: Subject, start: int, end: int) -> list[Quoted]:
    """The quoted stretches that share text with [start, end)."""
    stretches = subject.pairing.quoted
    found = []
    at = bisect_left(stretches, end, key=_start_of)
    while at > 0:
        at -= 1
        stretch = stretches[at]
        if stretch.end > start:
            found.append(stretch)
        elif stretch.depth == 0:
            break  # what lies before an outermost stretch ends before it
    return found[::-1]


def _start_of(stretch: Quoted) -> int:
    return stretch.start


def _in_marks(subject: Subject, quote: Quote) -> bool:
    """Whether every piece of a quote is one quoted stretch, but for punctuation behind the closing mark."""
    text = document_of(subject).text
    return all(
        any(
            stretch.start == start and stretch.end <= end and not text[stretch.end : end].strip(EDGE)
            for stretch in _stretches(subject, start, end)
        )
        for start, end in pieces(quote)
    )


def _bare_letters(subject: Subject, quote: Quote) -> bool:
    """Whether a quote has words outside of all quoted stretches."""
    text = document_of(subject).text
    for start, end in pieces(quote):
        at = start
        for stretch in _stretches(subject, start, end):
            if stretch.start > at and _LETTERS.search(text, at, stretch.start):
                return True
            at = max(at, stretch.end)
        if at < end and _LETTERS.search(text, at, end):
            return True
    return False


def _marks_just_outside(subject: Subject, quote: Quote) -> bool:
    """Whether the marks of a quote stand directly around it, or around each of its pieces; a comma may come between."""
    return len(_with_marks_around(subject, quote)) == len(pieces(quote))


def _with_marks_around(subject: Subject, quote: Quote) -> tuple[tuple[int, int], ...]:
    """The pieces of a quote, each with the marks directly around it; pieces without such marks are left out."""
    text = document_of(subject).text
    found = []
    for start, end in pieces(quote):
        for stretch in _stretches(subject, start - 2, end):
            if (
                stretch.opening.end <= start < end <= stretch.closing.start
                and not text[stretch.opening.end : start].strip()
                and not text[end : stretch.closing.start].strip(EDGE)
            ):
                found.append((stretch.start, stretch.end))
                break
    return tuple(found)


def _inner_part(subject: Subject, quote: Quote) -> Quoted | None:
    """A quoted stretch that a direct quote lies inside of without being all of it, and that no other quote holds."""
    if quote.kind != "direct" or quote.fragments or quote.parent is not None or _OPENING_FIRST.match(quote.text):
        return None
    around = [s for s in _stretches(subject, quote.start, quote.end) if s.start < quote.start and quote.end < s.end]
    if not around or _marks_just_outside(subject, quote):
        return None
    if _LABEL.search(document_of(subject).text[max(0, quote.start - 3) : quote.start]):
        return None  # a transcript in quotation marks: LIND: We left.
    others = subject.sound_annotations.get("quotes", ())
    held = any(
        other.id != quote.id and other.start <= around[0].start and around[0].end <= other.end
        for _, other in quotes_of(others)
    )
    return None if held else around[-1]


def direct_without_marks(subject: Subject) -> Iterator[Finding]:
    """A direct quote has no quotation marks.

    Why it matters: what is printed as somebody's own words may be the reporter's; or the kind is wrong.

    Bad: kind direct in: She said that she was tired.

    Good: kind direct in: “I am tired,” she said; a line of dialogue that begins with a dash.
    """
    text = document_of(subject).text
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        if quote.kind != "direct" or (_ANY_MARK.search(quote.text) and _stretches(subject, quote.start, quote.end)):
            continue
        if _SURE_MARK.search(quote.text) or _OPENING_FIRST.match(quote.text):
            continue  # a mark without a partner: QUO407
        if _DASH.match(quote.text[:1]) or _DASH.search(text[max(0, quote.start - 2) : quote.start]):
            continue
        if _stretches(subject, quote.start, quote.end):
            continue  # inside another's marks: nested, or QUO405
        told = f"quotes {quote.id} {quoted(quote.text)} is direct and has no quotation marks"
        yield Finding(told, pointer, 'without marks it is "indirect"')


def indirect_within_marks(subject: Subject) -> Iterator[Finding]:
    """An indirect quote stands wholly in quotation marks.

    Why it matters: these are the speaker's own words; whoever asks for verbatim quotes misses them.

    Bad: kind indirect in: “I am tired,” she said.

    Good: kind direct.
    """
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        if quote.kind == "indirect" and (_in_marks(subject, quote) or _marks_just_outside(subject, quote)):
            told = f"quotes {quote.id} {quoted(quote.text)} is indirect and stands in quotation marks"
            yield Finding(told, f"{pointer}/kind", 'in marks it is "direct"')


def mixed_without_mixture(subject: Subject) -> Iterator[Finding]:
    """A mixed quote has no part in quotation marks, or nothing outside of them.

    Why it matters: mixed is for content that is partly verbatim; this one is indirect, or direct.

    Bad: kind mixed in: She said that she was tired.

    Good: kind mixed in: She said that she was “dead tired”.
    """
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        if quote.kind != "mixed":
            continue
        if _in_marks(subject, quote):
            told, hint = "nothing outside of quotation marks", 'it is "direct"'
        elif not any(_stretches(subject, start, end) for start, end in pieces(quote)) and not _SURE_MARK.search(
            quote.text
        ):
            told, hint = "no part in quotation marks", 'it is "indirect"'
        else:
            continue
        yield Finding(f"quotes {quote.id} {quoted(quote.text)} is mixed and has {told}", f"{pointer}/kind", hint)


def direct_partly_in_marks(subject: Subject) -> Iterator[Finding]:
    """A direct quote has words outside of its quotation marks.

    Why it matters: these are the reporter's words; the quote is mixed, or a cue lies inside it.

    Bad: kind direct in: She said that she was “dead tired”.

    Good: kind mixed.
    """
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        if quote.kind != "direct" or not any(_stretches(subject, start, end) for start, end in pieces(quote)):
            continue
        if quote.cue is not None and quote.start <= quote.cue.start < quote.end and not quote.fragments:
            continue  # QUO301
        if not _cut_stretch(subject, quote) and _bare_letters(subject, quote):
            told = f"quotes {quote.id} {quoted(quote.text)} is direct and has words outside of its quotation marks"
            yield Finding(told, f"{pointer}/kind", 'it is "mixed", or its span is too long')


def _cut_stretch(subject: Subject, quote: Quote) -> Quoted | None:
    """A quoted stretch that an edge of the quote cuts in two."""
    for start, end in pieces(quote):
        for stretch in _stretches(subject, start, end):
            if stretch.start < start < stretch.end < end or start < stretch.start < end < stretch.end:
                return stretch
            if (stretch.start == start and end < stretch.end) or (stretch.end == end and stretch.start < start):
                return stretch
    return None


def cuts_quotation(subject: Subject) -> Iterator[Finding]:
    """A quote has one mark of a quotation and not the other, or is direct and only some words between the marks.

    Why it matters: half of what was said is missing, or the marks are in one quote's span and not in another's.

    Bad: “We left, without the rest of “We left,” she said; left alone.

    Good: “We left,” with both marks.
    """
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        if stretch := _cut_stretch(subject, quote) or _inner_part(subject, quote):
            whole = quoted(document_of(subject).text[stretch.start : stretch.end])
            told = f"quotes {quote.id} {quoted(quote.text)} has only a part of {whole}"
            yield Finding(told, pointer, f"the quotation goes from {stretch.start} to {stretch.end}")


def marks_outside_span(subject: Subject) -> Iterator[Finding]:
    """The quotation marks of a quote stand directly outside of its span.

    Why it matters: marks that are included here and excluded there make two spans of one kind of thing; one without
    them differs in every count of words and in its kind.

    Bad: We left, marked in “We left,” she said.

    Good: “We left,” with its marks.
    """
    quotes = list(quotes_of(subject.sound_annotations.get("quotes", ())))
    outside = [pair for pair in quotes if pair[1].kind != "indirect" and _marks_just_outside(subject, pair[1])]
    if not outside:
        return
    included = sum(bool(_OPENING_FIRST.match(quote.text)) for _, quote in quotes)
    others = f", where {included} other{'s have' if included > 1 else ' has'} them inside" if included else ""
    for pointer, quote in outside:
        told = f"the quotation marks of quotes {quote.id} {quoted(quote.text)} stand outside of its span{others}"
        fix = marks_taken_in(document_of(subject).text, pointer, quote, _with_marks_around(subject, quote))
        yield Finding(told, pointer, "a quote is marked with its quotation marks", fix=fix)


def unbalanced_marks(subject: Subject) -> Iterator[Finding]:
    """A quotation mark of the article has no partner.

    Why it matters: nobody can tell where the words of the speaker end; rules that pair marks take the rest of the
    paragraph, or nothing. Paragraphs that a quotation goes on in begin with a mark and need not close it.

    Bad: “We left, she said.

    Good: “We left,” she said.
    """
    text = document_of(subject).text
    unpaired = subject.pairing.unpaired
    rests = misread(text) if unpaired and not text.isascii() else set()
    for mark in unpaired:
        if mark.start in rests or text.endswith("â€", 0, mark.start):
            continue  # TXT207
        if mark.glyph in "'‘’‛" and not _opens_a_sentence(text, mark.end):
            continue  # an apostrophe: 'im, ’90s
        around = text[max(0, mark.start - 15) : mark.start + 15]
        told = f"the quotation mark {mark.glyph} at {mark.start} has no partner, in {quoted(around)}"
        yield Finding(told, "/text", span=(mark.start, mark.end))


def _opens_a_sentence(text: str, at: int) -> bool:
    return text[at : at + 1].isupper()


def indirect_edge_punctuation(subject: Subject) -> Iterator[Finding]:
    """An indirect quote begins or ends with a comma, or ends with the sentence's full stop.

    Why it matters: the mark belongs to the sentence of the reporter; with and without it are two different spans, which
    agreement between annotators counts as a difference.

    Bad: "that she was tired." in: She said that she was tired.

    Good: "that she was tired".
    """
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        if quote.kind != "indirect":
            continue
        last = _LAST_WORD.search(quote.text)
        ends = quote.text[-1] in ",;:" or (
            quote.text[-1] == "." and last is not None and "." not in last[0][:-1] and len(last[0]) > 3
        )
        if ends or quote.text[0] in ",;:.":
            mark = quote.text[-1] if ends else quote.text[0]
            told = f"quotes {quote.id} {quoted(quote.text)} has {quoted(mark)} at its edge"
            fix = edge_marks_left_out(document_of(subject).text, pointer, quote, ABBREVIATIONS)
            yield Finding(told, pointer, "leave the punctuation around indirect content out", fix=fix)


CHECKS = (
    Check("QUO401", "direct-without-marks", Severity.WARNING, Needs.DOCUMENT, direct_without_marks),
    Check("QUO402", "indirect-within-marks", Severity.WARNING, Needs.DOCUMENT, indirect_within_marks),
    Check("QUO403", "mixed-without-mixture", Severity.WARNING, Needs.DOCUMENT, mixed_without_mixture),
    Check("QUO404", "direct-partly-in-marks", Severity.WARNING, Needs.DOCUMENT, direct_partly_in_marks),
    Check("QUO405", "cuts-quotation", Severity.WARNING, Needs.DOCUMENT, cuts_quotation),
    Check("QUO406", "marks-outside-span", Severity.WARNING, Needs.DOCUMENT, marks_outside_span, fixable=True),
    Check("QUO407", "unbalanced-marks", Severity.WARNING, Needs.DOCUMENT, unbalanced_marks),
    Check(
        "QUO408", "indirect-edge-punctuation", Severity.WARNING, Needs.DOCUMENT, indirect_edge_punctuation, fixable=True
    ),
)
