"""QUO1xx to QUO3xx: who speaks, the cue, and quotes inside quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus_tool.checks.check import Check, Needs, Place, Subject, document_of, is_sound, pointer_to, quoted
from corpus_tool.checks.doc_schema import did_you_mean
from corpus_tool.checks.fixes.mend_claims import speakers_listed, status_dropped
from corpus_tool.diagnostics import Edit, Finding, Related, Severity
from corpus_tool.model import Actor, Annotation, Quote, Span, pieces


def quotes_of(places: Sequence[Place]) -> Iterator[tuple[str, Quote]]:
    """The quotes of a layer, each with its JSON Pointer."""
    for place in places:
        if isinstance(place.annotation, Quote):
            yield pointer_to(place.layer, place.nth), place.annotation


def missing(subject: Subject, layer: str, own: str) -> str:
    """Why a reference into a layer leads nowhere: the annotation was rejected, or does not exist."""
    return "was rejected" if own in subject.places.get(layer, {}) else "does not exist"


def inside(inner: Annotation | Span, outer: Annotation | Span) -> bool:
    """Whether all pieces of a span lie in pieces of another one."""
    return all(any(a <= start and end <= b for a, b in pieces(outer)) for start, end in pieces(inner))


def overlap(one: Annotation | Span, other: Annotation | Span) -> bool:
    """Whether two spans share text."""
    return any(a < end and start < b for start, end in pieces(one) for a, b in pieces(other))


def dangling_speaker(subject: Subject) -> Iterator[Finding]:
    """The speaker of a quote is no actor of the document, or one that was rejected.

    Why it matters: the question of who says so gets no answer; a build that looks the speaker up fails.

    Bad: ``"speaker": "a9"`` without an actor a9; the id of an entity.

    Good: ``"speaker": "a1"``, the actor mention beside the cue.
    """
    known = {place.annotation.id for place in subject.live.get("actors", ())}
    for pointer, quote in quotes_of(subject.live.get("quotes", ())):
        named = [("speaker", quote.speaker), *((f"co_speakers/{i}", own) for i, own in enumerate(quote.co_speakers))]
        for key, own in named:
            if own is not None and own not in known:
                told = f"the speaker {quoted(own)} of quotes {quote.id} {missing(subject, 'actors', own)}"
                yield Finding(told, f"{pointer}/{key}", did_you_mean(own, known) or "the id of an actor mention")


def dangling_parent(subject: Subject) -> Iterator[Finding]:
    """The quote that another one stands in does not exist, or was rejected.

    Why it matters: the inner quote belongs to nobody's words.

    Bad: ``"parent": "q9"`` without a quote q9.

    Good: ``"parent": "q1"``
    """
    known = {place.annotation.id for place in subject.live.get("quotes", ())}
    for pointer, quote in quotes_of(subject.live.get("quotes", ())):
        if quote.parent is not None and quote.parent not in known:
            told = f"the parent {quoted(quote.parent)} of quotes {quote.id} {missing(subject, 'quotes', quote.parent)}"
            yield Finding(told, f"{pointer}/parent", did_you_mean(quote.parent, known))


def parent_cycle(subject: Subject) -> Iterator[Finding]:
    """A quote stands in itself, by way of its parents.

    Why it matters: readers that follow the parents never end.

    Bad: q1 with ``"parent": "q2"`` and q2 with ``"parent": "q1"``.

    Good: the inner one alone has a parent.
    """
    quotes = {quote.id: (pointer, quote) for pointer, quote in quotes_of(subject.live.get("quotes", ()))}
    for way in _circles({own: quote.parent for own, (_, quote) in quotes.items()}):
        told = f"quotes {way[0]} stands in itself: {' in '.join([*way, way[0]])}"
        yield Finding(told, f"{quotes[way[0]][0]}/parent")


def _circles(parents: Mapping[str, str | None]) -> Iterator[list[str]]:
    """The circles in which parents lead back to themselves, each as the ids on the way round it."""
    seen: set[str] = set()
    for own in parents:
        path: dict[str, None] = {}
        step: str | None = own
        while step is not None and step in parents and step not in seen:
            seen.add(step)
            path[step] = None
            step = parents[step]
        if step in path:
            yield list(path)[list(path).index(step) :]


def outside_its_parent(subject: Subject) -> Iterator[Finding]:
    """A quote does not lie inside the quote that is said to hold it.

    Why it matters: the parent is another quote than was meant, or one of the two spans is wrong.

    Bad: a quote of the third paragraph whose ``parent`` is one of the first.

    Good: a quote between the marks of its parent.
    """
    quotes = dict(quotes_of(subject.sound_annotations.get("quotes", ())))
    by_id = {quote.id: (pointer, quote) for pointer, quote in quotes.items()}
    circles = _circles({quote.id: quote.parent for quote in quotes.values() if quote.parent is not None})
    circular = {own for way in circles for own in way}  # QUO103
    for pointer, quote in quotes.items():
        parent = by_id.get(quote.parent or "")
        if parent is not None and not inside(quote, parent[1]) and quote.id not in circular:
            yield Finding(
                f"quotes {quote.id} {quoted(quote.text)} does not lie inside its parent {parent[1].id}",
                f"{pointer}/parent",
                related=(Related(parent[0], f"quotes {parent[1].id} {quoted(parent[1].text)}"),),
            )


def no_speaker(subject: Subject) -> Iterator[Finding]:
    """A quote says neither who speaks nor why nobody is named.

    Why it matters: it cannot be told from one whose speaker was forgotten.

    Bad: a quote without ``speaker`` and without ``speaker_status``.

    Good: ``"speaker": "a1"``, or ``"speaker_status": "implicit"``.
    """
    for pointer, quote in quotes_of(subject.live.get("quotes", ())):
        if quote.speaker is None and quote.speaker_status is None and not quote.co_speakers:
            yield Finding(
                f"quotes {quote.id} {quoted(quote.text)} has no speaker",
                pointer,
                'name the actor beside the cue, or write "speaker_status": "implicit" or "unknown"',
            )


def speaker_and_status(subject: Subject) -> Iterator[Finding]:
    """A quote has a speaker, and says at the same time that it has none.

    Why it matters: one of the two is wrong, and readers that ask for either get opposite answers.

    Bad: ``"speaker": "a1", "speaker_status": "unknown"``

    Good: ``"speaker": "a1"``
    """
    for pointer, quote in quotes_of(subject.live.get("quotes", ())):
        if quote.speaker is not None and quote.speaker_status is not None:
            yield Finding(
                f'quotes {quote.id} has the speaker {quoted(quote.speaker)} and the status "{quote.speaker_status}"',
                f"{pointer}/speaker_status",
                "leave speaker_status out where there is a speaker",
                fix=status_dropped(subject, pointer, quote),
            )


def speaker_in_own_quote(subject: Subject) -> Iterator[Finding]:
    """The speaker is a mention inside the quote's own content.

    Why it matters: the one who is spoken of is taken for the one who speaks.

    Bad: in “Lind lied,” said Ruiz: Lind as the speaker.

    Good: Ruiz as the speaker.
    """
    actors = {place.annotation.id: place for place in subject.sound_annotations.get("actors", ())}
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        for own in (quote.speaker, *quote.co_speakers):
            place = actors.get(own or "")
            if place is not None and inside(place.annotation, quote) and not _has_cue_inside(quote):
                yield Finding(
                    f"the speaker {quoted(place.annotation.text)} of quotes {quote.id} stands inside the quote itself",
                    pointer,
                    "the speaker is the mention beside the cue",
                    (Related(pointer_to(place.layer, place.nth), f"actors {own}"),),
                )


def speaker_twice(subject: Subject) -> Iterator[Finding]:
    """A quote names one speaker twice, or further speakers without a first one.

    Why it matters: speakers are counted; a missing first one leaves ``speaker`` empty where the answer is known.

    Bad: ``"speaker": "a1", "co_speakers": ["a1"]``; ``"co_speakers": ["a2"]`` alone.

    Good: ``"speaker": "a1", "co_speakers": ["a2"]``
    """
    for pointer, quote in quotes_of(subject.live.get("quotes", ())):
        if quote.co_speakers and quote.speaker is None:
            told = f"quotes {quote.id} has co_speakers and no speaker"
            yield Finding(told, pointer, "the first of them is the speaker", fix=speakers_listed(pointer, quote))
        seen = {quote.speaker}
        for i, own in enumerate(quote.co_speakers):
            if own in seen:
                told = f"quotes {quote.id} names the speaker {quoted(own)} twice"
                yield Finding(told, f"{pointer}/co_speakers/{i}", fix=speakers_listed(pointer, quote))
            seen.add(own)


def idle_pronoun(subject: Subject) -> Iterator[Finding]:
    """A pronoun is marked as an actor and speaks in no quote.

    Why it matters: pronouns are marked where they say who speaks and nowhere else; this one skews every count of
    mentions, or its quote was forgotten.

    Bad: "She" marked in "She left at noon."

    Good: "she" marked as the speaker in “We left,” she said.
    """
    actors = subject.live.get("actors", ())
    if not any(isinstance(place.annotation, Actor) and place.annotation.mention == "pronoun" for place in actors):
        return
    speakers: set[str | None] = set()
    for _, quote in quotes_of(subject.live.get("quotes", ())):
        speakers.update((quote.speaker, *quote.co_speakers))
    for place in actors:
        a = place.annotation
        if isinstance(a, Actor) and a.mention == "pronoun" and a.id not in speakers:
            told = f"the pronoun {quoted(a.text)}, actors {a.id}, is the speaker of no quote"
            yield Finding(told, pointer_to(place.layer, place.nth), "remove it, or name it as the speaker")


def _has_cue_inside(quote: Quote) -> bool:
    """Whether the span of a quote took in its cue, and the speaker beside it with it."""
    return quote.cue is not None and overlap(quote.cue, quote)


def cue_inside_content(subject: Subject) -> Iterator[Finding]:
    """The cue of a quote lies inside its content.

    Why it matters: the words of the reporter are taken for words of the speaker.

    Bad: the quote “We left,” she said. “Now.” marked in one piece, with the cue "said".

    Good: two fragments, “We left,” and “Now.”.
    """
    for pointer, quote in quotes_of(subject.sound_annotations.get("quotes", ())):
        if quote.cue is not None and _has_cue_inside(quote) and is_sound(quote.cue, document_of(subject).text):
            yield Finding(
                f"the cue {quoted(quote.cue.text)} of quotes {quote.id} lies inside the quote",
                f"{pointer}/cue",
                "cut the quote into fragments around the cue",
            )


def nested_without_parent(subject: Subject) -> Iterator[Finding]:
    """A quote lies inside another one and does not name it as its parent.

    Why it matters: the inner words are then claimed twice, by both speakers, as if both told the reporter.

    Bad: “He told me, ‘Go home’,” she said: two quotes without ``parent``.

    Good: the inner quote with ``"parent": "q1"``.
    """
    quotes = sorted(
        quotes_of(subject.sound_annotations.get("quotes", ())), key=lambda pair: (pair[1].start, -pair[1].end)
    )
    around: list[tuple[str, Quote]] = []
    for pointer, quote in quotes:
        while around and around[-1][1].end <= quote.start:
            around.pop()
        for other_pointer, other in reversed(around):
            if inside(quote, other) and pieces(quote) != pieces(other):
                if quote.parent is None and other.parent != quote.id:
                    own = f"quotes {quote.id} {quoted(quote.text)}"
                    yield Finding(
                        f"{own} lies inside quotes {other.id} without naming it as parent",
                        pointer,
                        f'write "parent": "{other.id}"',
                        (Related(other_pointer, f"quotes {other.id} {quoted(other.text)}"),),
                        fix=(Edit(f"{pointer}/parent", other.id),),
                    )
                break
        around.append((pointer, quote))


CHECKS = (
    Check("QUO101", "dangling-speaker", Severity.ERROR, Needs.DOCUMENT, dangling_speaker),
    Check("QUO102", "dangling-parent", Severity.ERROR, Needs.DOCUMENT, dangling_parent),
    Check("QUO103", "parent-cycle", Severity.ERROR, Needs.DOCUMENT, parent_cycle),
    Check("QUO104", "outside-its-parent", Severity.WARNING, Needs.DOCUMENT, outside_its_parent),
    Check("QUO105", "nested-without-parent", Severity.WARNING, Needs.DOCUMENT, nested_without_parent, fixable=True),
    Check("QUO201", "no-speaker", Severity.WARNING, Needs.DOCUMENT, no_speaker),
    Check("QUO202", "speaker-and-status", Severity.WARNING, Needs.DOCUMENT, speaker_and_status, fixable=True),
    Check("QUO203", "speaker-in-own-quote", Severity.WARNING, Needs.DOCUMENT, speaker_in_own_quote),
    Check("QUO204", "speaker-twice", Severity.WARNING, Needs.DOCUMENT, speaker_twice, fixable=True),
    Check("QUO205", "idle-pronoun", Severity.WARNING, Needs.DOCUMENT, idle_pronoun),
    Check("QUO301", "cue-inside-content", Severity.WARNING, Needs.DOCUMENT, cue_inside_content),
)
