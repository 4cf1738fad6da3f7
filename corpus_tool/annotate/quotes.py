"""Quotes: who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus_tool.annotate.contents import Tokens, according, indirect
from corpus_tool.annotate.cues import is_verb
from corpus_tool.annotate.direct import cue_of, line_before, stands_alone
from corpus_tool.annotate.nouns import noun_cue
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.annotate.quoted_blocks import QuotedBlock, quoted_block
from corpus_tool.annotate.speakers import kind_of_pronoun, noun_phrase
from corpus_tool.annotate.trims import trimmed
from corpus_tool.language.marks import Quoted, pair_marks
from corpus_tool.model import Actor, Fragment, Quote, Span, surface

if TYPE_CHECKING:
    from spacy.tokens import Token

_EDGE = " \t\n\r\u00a0,;:–—-"
_FINAL = frozenset(".!?…")
Piece = tuple[int, int]


@dataclass
class _Draft:
    """A quote in the making: article offsets, and the speaker's head token with its block."""

    pieces: list[Piece]
    cue: Piece | None
    speaker: Token | None
    view: QuotedBlock
    attitude: str
    frame: str
    extra: list[str] = field(default_factory=list)


def find_quotes(article: ParsedArticle, actors: Sequence[Actor]) -> tuple[list[Quote], list[Actor]]:
    """Quotes of an article, ids "q1", "q2" … in order of the text, and the speakers that ``actors`` lacks.

    A speaker that no actor covers (a pronoun, an unusual noun) is returned as a new actor mention, ids "s1", "s2" ….
    """
    text = article.text
    pairing = pair_marks(text, [(b.block.start, b.block.end) for b in article.blocks])
    outer = [q for q in pairing.quoted if q.depth == 0]
    views = _views(article, outer)
    drafts: list[_Draft] = []
    for view in views:
        _find_direct(text, view, drafts)
        _find_indirect(view, drafts)
    return _finish(text, drafts, outer, actors)


def _views(article: ParsedArticle, outer: Sequence[Quoted]) -> list[QuotedBlock]:
    views = []
    first = 0
    for block in article.blocks:
        while first < len(outer) and outer[first].end <= block.block.start:
            first += 1
        last = first
        while last < len(outer) and outer[last].start < block.block.end:
            last += 1
        views.append(quoted_block(article.text, block, outer[first:last]))
    return views


def _find_direct(text: str, view: QuotedBlock, drafts: list[_Draft]) -> None:
    used: set[int] = set()
    here: list[tuple[_Draft, int]] = []
    for quoted in view.quoted:
        if quoted.start < view.start and quoted.end > view.end:
            continue
        if quoted.start < view.start:
            # It began in an earlier block: its draft waits for the cue that may stand behind it here.
            draft = next((d for d in reversed(drafts) if (quoted.start, quoted.end) in d.pieces), None)
            spoken = cue_of(text, view, quoted, used)
            if spoken is not None and (draft is None or draft.cue is None):
                if draft is None:
                    draft = _Draft([(quoted.start, quoted.end)], None, None, view, spoken.attitude, "direct")
                    drafts.append(draft)
                draft.cue = (view.offset(spoken.cue[0]), view.offset_end(spoken.cue[1]))
                draft.speaker, draft.view, draft.attitude = spoken.speaker, view, spoken.attitude
                if spoken.verb is not None:
                    used.add(spoken.verb.i)
            if draft is not None:
                here.append((draft, quoted.end))
            continue
        if not stands_alone(text, view, quoted):
            continue
        spoken = cue_of(text, view, quoted, used)
        if spoken is not None and spoken.verb is not None and spoken.verb.i in used:
            shared = next((d for d, _ in here if d.cue and d.cue[0] <= view.offset(spoken.verb.i) < d.cue[1]), None)
            if shared is not None:
                shared.pieces.append((quoted.start, quoted.end))
                continue
        if spoken is None:
            previous = _previous(text, view, quoted, drafts)
            if previous is not None:
                previous.pieces.append((quoted.start, quoted.end))
                here.append((previous, quoted.end))
            elif _whole_sentences(text, view, quoted) and len(text[quoted.start : quoted.end].split()) > 3:
                draft = _Draft([(quoted.start, quoted.end)], None, None, view, "speech", "direct")
                drafts.append(draft)
                here.append((draft, quoted.end))
            continue
        cue = (view.offset(spoken.cue[0]), view.offset_end(spoken.cue[1]))
        draft = _Draft([(quoted.start, quoted.end)], cue, spoken.speaker, view, spoken.attitude, "direct")
        if spoken.verb is not None:
            used.add(spoken.verb.i)
        drafts.append(draft)
        here.append((draft, quoted.end))


def _whole_sentences(text: str, view: QuotedBlock, quoted: Quoted) -> bool:
    before = line_before(text, view, quoted).rstrip().rstrip("\"'”’»)")
    inner = text[quoted.opening.end : quoted.closing.start].rstrip().rstrip("\"'”’»)] ")
    return (not before or before[-1] in _FINAL) and inner[-1:] in _FINAL


def _previous(text: str, view: QuotedBlock, quoted: Quoted, drafts: Sequence[_Draft]) -> _Draft | None:
    """The quote that a stretch without a cue goes on: in its block, or at the end of the block before."""
    if not _whole_sentences(text, view, quoted):
        return None
    before = [d for d in drafts if d.pieces[-1][1] <= quoted.start and d.frame == "direct"]
    if not before:
        return None
    last = before[-1]
    at = max(last.pieces[-1][1], last.cue[1] if last.cue else 0)
    gap = text[at : quoted.start]
    if at >= view.start:
        return last
    if text[view.start : quoted.start].strip():
        return None
    return last if gap.count("\n\n") <= 1 and len(gap) < 250 else None


def _find_indirect(view: QuotedBlock, drafts: list[_Draft]) -> None:
    taken = [d.cue for d in drafts if d.cue is not None and d.view is view]
    for sent in view.sentences:
        for i in range(sent[0], sent[1] + 1):
            if view.inside[i] >= 0:
                continue
            token = view.doc[i]
            start = view.offset(i)
            if any(c[0] <= start < c[1] for c in taken):
                continue
            if token.lower_ == "according":
                found = according(token, sent)
            elif is_verb(token):
                found = indirect(token, sent)
            elif token.pos_ == "NOUN":
                found = noun_cue(token, sent)
            else:
                continue
            if found is None:
                continue
            pieces = [_piece(view, trimmed(view, found, p), sent) for p in found.content if p[0] <= p[1]]
            cue = (view.offset(found.cue[0]), view.offset_end(found.cue[1]))
            drafts.append(
                _Draft([p for p in pieces if p is not None], cue, found.speaker, view, found.attitude, found.frame)
            )


def _piece(view: QuotedBlock, tokens: Tokens, sent: Tokens) -> Piece | None:
    first, last = max(tokens[0], sent[0]), min(tokens[1], sent[1])
    if first > last:
        return None
    return view.offset(first), view.offset_end(last)


def _finish(
    text: str, drafts: Sequence[_Draft], outer: Sequence[Quoted], actors: Sequence[Actor]
) -> tuple[list[Quote], list[Actor]]:
    speakers: dict[Piece, Actor] = {}
    made: list[tuple[list[Piece], Quote]] = []
    known = {(a.start, a.end): a.id for a in actors}
    for draft in drafts:
        pieces = _tidy(text, draft, outer)
        if not pieces:
            continue
        speaker = _speaker(text, draft, pieces, actors, known, speakers) if draft.speaker is not None else None
        cue = Span(start=draft.cue[0], end=draft.cue[1], text=text[draft.cue[0] : draft.cue[1]]) if draft.cue else None
        if any(p == q for q, _ in made for p in [pieces]):
            continue
        made.append(
            (
                pieces,
                Quote(
                    id="",
                    start=pieces[0][0],
                    end=pieces[-1][1],
                    text=surface(text, pieces),
                    fragments=tuple(Fragment(start=s, end=e) for s, e in pieces) if len(pieces) > 1 else (),
                    kind=_kind(text, pieces, outer),
                    attitude=draft.attitude,
                    cue=cue,
                    speaker=speaker,
                    speaker_status=None if speaker else "implicit",
                ),
            )
        )
    made.sort(key=lambda m: (m[1].start, -m[1].end))
    from msgspec.structs import replace

    return [replace(q, id=f"q{n}") for n, (_, q) in enumerate(made, 1)], list(speakers.values())


def _tidy(text: str, draft: _Draft, outer: Sequence[Quoted]) -> list[Piece]:
    """Pieces in order, widened to whole quoted stretches, without edge punctuation and without the cue."""
    pieces = []
    for start, end in sorted(draft.pieces):
        for quoted in outer:
            if quoted.start >= end:
                break
            if quoted.end > start:
                start, end = min(start, quoted.start), max(end, quoted.end)
        if draft.cue and start < draft.cue[1] and draft.cue[0] < end:
            if draft.cue[0] - start > end - draft.cue[1]:
                end = draft.cue[0]
            else:
                start = draft.cue[1]
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE + ".":
            end -= 1
        if start < end and any(c.isalnum() for c in text[start:end]) and (not pieces or start >= pieces[-1][1]):
            pieces.append((start, end))
    return pieces


def _kind(text: str, pieces: Sequence[Piece], outer: Sequence[Quoted]) -> str:
    marked = 0
    for start, end in pieces:
        hits = [q for q in outer if q.start < end and start < q.end]
        covered = sum(min(q.end, end) - max(q.start, start) for q in hits)
        if covered >= end - start:
            marked += 2
        elif hits:
            marked += 1
    return "direct" if marked == 2 * len(pieces) else "mixed" if marked else "indirect"


def _speaker(
    text: str,
    draft: _Draft,
    pieces: Sequence[Piece],
    actors: Sequence[Actor],
    known: dict[Piece, str],
    speakers: dict[Piece, Actor],
) -> str | None:
    head = draft.speaker
    if head is None:
        return None
    view = draft.view
    start, end = view.offset(head.i), view.offset_end(head.i)
    covering = [a for a in actors if a.start <= start and end <= a.end]
    if covering:
        best = min(covering, key=lambda a: a.end - a.start)
        if not any(s <= best.start and best.end <= e for s, e in pieces):
            return best.id
    kind = kind_of_pronoun(head)
    if kind is not None:
        span, mention = (start, end), "pronoun"
    else:
        first, last = noun_phrase(head)
        span = (view.offset(first), view.offset_end(last))
        mention, kind = ("name", "person") if head.pos_ == "PROPN" else ("nominal", "person")
    if any(s < span[1] and span[0] < e for s, e in pieces):
        return None
    if span in known:
        return known[span]
    if span not in speakers:
        speakers[span] = Actor(
            id=f"s{len(speakers) + 1}", start=span[0], end=span[1], text=text[slice(*span)], kind=kind, mention=mention
        )
    return speakers[span].id
