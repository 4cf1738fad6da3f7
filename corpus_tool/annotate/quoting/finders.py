"""The three ways to a quote: direct speech in marks, clauses and objects of cues, and quoted words left over."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.asides import according, misread, viewpoint
from corpus_tool.annotate.quoting.attributed import Attributed, Tokens
from corpus_tool.annotate.quoting.blocks import QuotedBlock
from corpus_tool.annotate.quoting.contents import indirect
from corpus_tool.annotate.quoting.cues import SPEECH, attitude_of, cue_tokens, introduces_speech, is_verb, lemma_of
from corpus_tool.annotate.quoting.direct import Spoken, cue_of, line_before, sentence_of, stands_alone, token_at
from corpus_tool.annotate.quoting.drafts import Draft, Piece
from corpus_tool.annotate.quoting.nouns import noun_cue
from corpus_tool.annotate.quoting.objects import POSITIONS
from corpus_tool.annotate.quoting.speakers import can_hold_views, speaker_of
from corpus_tool.annotate.quoting.trims import trimmed
from corpus_tool.language.marks import Quoted

if TYPE_CHECKING:
    from spacy.tokens import Token

#: The frame of direct speech that stands without a cue.
UNCUED = "uncued"
#: Frames whose content direct speech without a cue may go on.
_GOING_ON = frozenset({"direct", "clause", "parenthetical", "scrap", UNCUED})
#: So many quotes back the one that goes on is looked for.
_LOOK_BACK = 12
_MAIN = frozenset({"ROOT", "conj", "ccomp", "advcl", "parataxis"})
_FINAL = frozenset(".!?…")
_CLOSING = "\"'”’»)] "
#: A quoted stretch without any cue is speech only if it has so many words.
_SPEECH_WORDS = 4
#: A title in marks with fewer words is a name.
_HEADING_WORDS = 3
#: A quotation goes on in the next block only if no more than this stands between, in code points.
_GAP = 250
#: Words in marks are carried by a verb at most so many tokens before.
_REACH = 14
#: A conjunction between cue and resumed speech stands at most so many tokens behind the cue.
_RESUMED = 10


def find_direct(text: str, view: QuotedBlock, drafts: list[Draft], within: Quoted | None = None) -> None:
    """Adds the direct speech of one block to ``drafts``.

    Args:
        text: the article's text.
        view: the block, with the quoted stretches of one level.
        drafts: what was found so far, in order; a stretch that goes on from an earlier one extends it.
        within: the stretch around, where ``view`` holds quotations within it; cues are then sought inside it.
    """
    used: dict[int, Draft] = {}
    for quoted in view.quoted:
        if quoted.start < view.start and quoted.end > view.end:
            continue
        piece = (quoted.start, quoted.end)
        begun = next((d for d in reversed(drafts) if piece in d.pieces), None) if quoted.start < view.start else None
        if begun is None and within is None and _heads(text, view, quoted):
            drafts.append(Draft([piece], None, None, view, SPEECH, "heading"))
            continue
        if begun is None and not stands_alone(text, view, quoted):
            resumed = _resumed(view, quoted, used)
            if resumed is not None:
                resumed.pieces.append(piece)
            continue
        spoken = cue_of(text, view, quoted, used, within)
        if spoken is not None and within is not None and not _lies_in(view, spoken, within):
            spoken = None
        if begun is not None:
            if spoken is not None and begun.cue is None:
                _take(begun, view, spoken, used)
        elif spoken is not None and spoken.verb is not None and spoken.verb.i in used:
            used[spoken.verb.i].pieces.append(piece)
        elif spoken is not None:
            if spoken.lead is not None:
                piece = (view.offset(spoken.lead), quoted.end)
            draft = Draft([piece], None, None, view, spoken.attitude, "direct")
            _take(draft, view, spoken, used)
            drafts.append(draft)
        elif within is None and _whole_sentences(text, view, quoted):
            drafts.append(Draft([piece], None, None, view, SPEECH, UNCUED))


def _resumed(view: QuotedBlock, quoted: Quoted, used: dict[int, Draft]) -> Draft | None:
    """The direct speech that goes on behind its cue and a conjunction: “A,” she said, but “b”."""
    at = token_at(view, quoted.start)
    for i in range(at - 1, max(at - _RESUMED, -1), -1):
        token = view.doc[i]
        if i in used:
            return used[i] if view.doc[at - 1].dep_ == "cc" else None
        if view.inside[i] >= 0 or is_verb(token):
            return None
    return None


def _take(draft: Draft, view: QuotedBlock, spoken: Spoken, used: dict[int, Draft]) -> None:
    draft.cue = view.offset(spoken.cue[0]), view.offset_end(spoken.cue[1])
    draft.speaker, draft.view, draft.attitude = spoken.speaker, view, spoken.attitude
    if spoken.verb is not None:
        used[spoken.verb.i] = draft


def _lies_in(view: QuotedBlock, spoken: Spoken, within: Quoted) -> bool:
    return within.start < view.offset(spoken.cue[0]) and view.offset_end(spoken.cue[1]) < within.end


def _heads(text: str, view: QuotedBlock, quoted: Quoted) -> bool:
    """Whether a quotation is all of a title or heading, or all before its colon: “We are done”: mill shuts."""
    if not view.heading or quoted.start != view.start or quoted.end > view.end:
        return False
    following = text[quoted.end : view.end].lstrip()[:1]
    return following in {"", ":"} and len(text[quoted.start : quoted.end].split()) >= _HEADING_WORDS


def _whole_sentences(text: str, view: QuotedBlock, quoted: Quoted) -> bool:
    before = line_before(text, view, quoted).rstrip().rstrip(_CLOSING)
    inner = text[quoted.opening.end : quoted.closing.start].rstrip().rstrip(_CLOSING)
    return (not before or before[-1] in _FINAL) and inner[-1:] in _FINAL


def join_uncued(text: str, views: Sequence[QuotedBlock], drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with direct speech that has no cue joined to the quote that it goes on."""
    joined: list[Draft] = []
    for draft in sorted(drafts, key=_place):
        if draft.frame != UNCUED:
            joined.append(draft)
            continue
        start, end = draft.pieces[0]
        previous = _previous(text, draft.view, start, joined)
        if previous is not None:
            previous.pieces.append((start, end))
        elif len(text[start:end].split()) >= _SPEECH_WORDS:
            joined.append(draft)
    return joined


def _place(draft: Draft) -> int:
    return draft.pieces[0][0]


def _previous(text: str, view: QuotedBlock, start: int, drafts: Sequence[Draft]) -> Draft | None:
    """The quote that speech without a cue goes on: in its block, or direct speech at the end of the block before."""
    last, at = None, -1
    for draft in drafts[-_LOOK_BACK:]:
        end = max(draft.pieces[-1][1], draft.cue[1] if draft.cue else 0)
        if not at < end <= start or draft.frame not in _GOING_ON:
            continue
        # "“A,” she said, noting that B. “C.”" goes on what she said, not what she noted.
        aside = last is not None and last.frame == "direct" != draft.frame
        if aside and last is not None and draft.cue and _same_sentence(view, last.cue, draft.cue):
            continue
        last, at = draft, end
    if last is None or at >= view.start:
        return last
    gap = text[at:start]
    near = gap.count("\n\n") <= 1 and len(gap) < _GAP and not text[view.start : start].strip()
    return last if near and last.frame in {"direct", UNCUED} else None


def _same_sentence(view: QuotedBlock, one: Piece | None, other: Piece) -> bool:
    if one is None or one[0] < view.start or other[0] < view.start or other[0] >= view.end:
        return False
    return sentence_of(view, token_at(view, one[0])) == sentence_of(view, token_at(view, other[0]))


def find_indirect(view: QuotedBlock, drafts: list[Draft], positions: bool = True) -> None:
    """Adds what cues outside of quotation marks attribute in one block.

    Args:
        view: the block.
        drafts: what was found so far, with the direct speech of the block.
        positions: whether a noun phrase without marks is a content: "opposed the bill".
    """
    taken = [d.cue for d in drafts if d.cue is not None and d.view is view]
    used = {i for start, end in taken for i in range(token_at(view, start), token_at(view, end - 1) + 1)}
    for sent in view.sentences:
        for i in range(sent[0], sent[1] + 1):
            if view.inside[i] >= 0 or i in used:
                continue
            found = _attributed(view.doc[i], sent)
            if found is None or (found.frame in POSITIONS and not positions and not _holds_marks(view, found)):
                continue
            pieces = [p for p in (_piece(view, found, tokens, sent) for tokens in found.content) if p is not None]
            if found.frame == "parenthetical" and any(s < c[0] and c[1] < e for s, e in pieces for c in taken):
                continue
            if pieces:
                cue = view.offset(found.cue[0]), view.offset_end(found.cue[1])
                drafts.append(Draft(pieces, cue, found.speaker, view, found.attitude, found.frame))


def _holds_marks(view: QuotedBlock, found: Attributed) -> bool:
    return any(view.inside[i] >= 0 for first, last in found.content for i in range(first, last + 1))


def _attributed(token: Token, sent: Tokens) -> Attributed | None:
    if token.lower_ == "according":
        return according(token, sent)
    if is_verb(token):
        return indirect(token, sent)
    if token.pos_ == "NOUN":
        return noun_cue(token, sent) or viewpoint(token, sent) or misread(token, sent)
    return misread(token, sent) if token.pos_ == "PROPN" else None


def _piece(view: QuotedBlock, found: Attributed, tokens: Tokens, sent: Tokens) -> Piece | None:
    first, last = max(tokens[0], sent[0]), min(tokens[1], sent[1])
    if first > last:
        return None
    first, last = trimmed(view, found, (first, last))
    return view.offset(first), view.offset_end(last)


def find_scraps(view: QuotedBlock, drafts: list[Draft]) -> None:
    """Adds words in marks that no quote holds yet to the cue verb before them: "called the deal a “sell-out”"."""
    own = [d for d in drafts if d.view is view]
    held = _held(view, [p for d in own for p in d.pieces])
    for number, quoted in enumerate(view.quoted):
        if number in held or quoted.start < view.start or quoted.end > view.end:
            continue
        at = token_at(view, quoted.start)
        before = _reaching(view, own, at)
        if before is not None:
            before.pieces[-1] = (before.pieces[-1][0], quoted.end)
            continue
        verb = _carrying_verb(view, at)
        if verb is None:
            continue
        cue = cue_tokens(verb)
        span = view.offset(cue[0]), view.offset_end(cue[1])
        piece = view.offset(_content_start(verb, cue[1], at)), quoted.end
        same = next((d for d in own if d.cue == span), None)
        if same is not None:
            if same.frame != "direct" and piece[0] <= same.pieces[-1][1] + 3 <= piece[1]:
                same.pieces[-1] = (same.pieces[-1][0], piece[1])
            continue
        speaker = speaker_of(verb)
        if speaker is not None and view.inside[speaker.i] < 0:
            draft = Draft([piece], span, speaker, view, attitude_of(verb), "scrap")
            drafts.append(draft)
            own.append(draft)


def _held(view: QuotedBlock, spans: Sequence[Piece]) -> set[int]:
    """Places of the quoted stretches that any of the spans overlaps."""
    starts = [q.start for q in view.quoted]
    held: set[int] = set()
    for start, end in spans:
        first = max(0, bisect_right(starts, start) - 1)
        held.update(n for n in range(first, bisect_left(starts, end)) if view.quoted[n].end > start)
    return held


def _reaching(view: QuotedBlock, own: Sequence[Draft], at: int) -> Draft | None:
    """The quote of the same sentence that words in marks go on: "called him a “liar” who is “a danger”"."""
    start = view.offset(sentence_of(view, at)[0])
    offset = view.offset(at)
    ahead = [d for d in own if start <= d.pieces[-1][1] <= offset and d.frame != "direct" and d.pieces[-1][1] > start]
    if not ahead:
        return None
    last = max(ahead, key=lambda d: d.pieces[-1][1])
    between = view.doc[token_at(view, last.pieces[-1][1]) : at]
    joined = bool(len(between)) and between[0].lower_ in {"and", "but"} and view.inside[between[0].i - 1] >= 0
    if joined and any(is_verb(t) and introduces_speech(t) for t in between):
        return None
    if any((is_verb(t) and t.dep_ in _MAIN and not joined) or t.text in {";", "–", "—", "--"} for t in between):
        return None
    cue_behind = last.cue is not None and last.cue[0] >= last.pieces[-1][1]
    return None if cue_behind else last


def _carrying_verb(view: QuotedBlock, at: int) -> Token | None:
    """The nearest verb before a token of its sentence, if it is one of speech or opinion."""
    start = sentence_of(view, at)[0]
    for i in range(at - 1, max(start, at - _REACH) - 1, -1):
        token = view.doc[i]
        if view.inside[i] >= 0:
            return None
        if not is_verb(token):
            continue
        lemma = lemma_of(token)
        listed = any(lemma in words(n) for n in ("speech_object", "speech_clause", "thought_object"))
        return token if listed or _names_as(token, at) else None
    return None


def _names_as(verb: Token, at: int) -> bool:
    """Whether words in marks at ``at`` say as what a verb's object is seen: "pounded him as a “crook”"."""
    if not any(t.lower_ == "as" for t in verb.doc[max(verb.i + 2, at - 2) : at]):
        return False
    return any(c.dep_ == "dobj" for c in verb.rights) and can_hold_views(speaker_of(verb))


def _content_start(verb: Token, last: int, at: int) -> int:
    """Where the content begins that ends with words in marks at ``at``: behind the cue, and behind who is told."""
    if lemma_of(verb) in words("told"):
        for i in range(last + 1, at):
            if verb.doc[i].lower_ in {"to", "that"}:
                return i
        return at
    return last + 1
