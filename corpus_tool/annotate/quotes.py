"""Quotes: who says so."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.annotate.quoting.blocks import QuotedBlock, quoted_blocks
from corpus_tool.annotate.quoting.drafts import Draft, Piece, kind_of, parents_of, tidy, uncrossed
from corpus_tool.annotate.quoting.finders import find_direct, find_indirect, find_scraps, join_uncued
from corpus_tool.annotate.quoting.mentions import conjoined, joined_before, mention_of, named
from corpus_tool.annotate.quoting.politics import is_political
from corpus_tool.annotate.quoting.turns import TURN, find_headline, find_turns
from corpus_tool.language.marks import Quoted, pair_marks, recovered
from corpus_tool.model import Actor, Fragment, Quote, Span, surface


def find_quotes(article: ParsedArticle, actors: Sequence[Actor]) -> tuple[list[Quote], list[Actor]]:
    """Quotes of an article, ids "q1", "q2" … in order of the text, and the speakers that ``actors`` lacks.

    A speaker that no actor covers (a pronoun, an unusual noun) is returned as a new actor mention, ids "s1", "s2" ….
    """
    text = article.text
    pairing = pair_marks(text, [(b.block.start, b.block.end) for b in article.blocks])
    quoted = recovered(text, [(b.block.start, b.block.end) for b in article.blocks], pairing)
    outer = [q for q in quoted if q.depth == 0]
    drafts: list[Draft] = []
    positions = is_political(text)
    views = quoted_blocks(article, outer)
    turns = find_turns(text, views, drafts)
    turned = {id(q) for number in turns for q in views[number].quoted}
    for number, whole in enumerate(views):
        if number in turns:
            continue
        view = whole.holding(tuple(q for q in whole.quoted if id(q) not in turned)) if turned else whole
        find_direct(text, view, drafts)
        if number == 0:
            find_headline(text, view, drafts)
        find_indirect(view, drafts, positions)
        find_scraps(view, drafts)
    drafts = join_uncued(text, views, drafts)
    nested = _nested(article, outer, [q for q in quoted if q.depth == 1])
    placed = [(d, tidy(text, d, () if d.frame == TURN else outer)) for d in drafts] + [
        (d, tidy(text, d, ())) for d in nested
    ]
    return _annotations(text, uncrossed([p for p in placed if p[1]]), quoted, actors)


def _nested(article: ParsedArticle, outer: Sequence[Quoted], inner: Sequence[Quoted]) -> list[Draft]:
    """Direct speech within direct speech: "“He told me ‘go home,’” she said"."""
    drafts: list[Draft] = []
    if not inner:
        return drafts
    for view in quoted_blocks(article, inner):
        for around in outer:
            held = tuple(q for q in view.quoted if around.start <= q.start and q.end <= around.end)
            if held:
                find_direct(article.text, view.holding(held), drafts, around)
    return drafts


def _annotations(
    text: str, drafts: Sequence[tuple[Draft, list[Piece]]], quoted: Sequence[Quoted], actors: Sequence[Actor]
) -> tuple[list[Quote], list[Actor]]:
    """The drafts, in order of the text, as annotations, and the speakers that are new."""
    parents = parents_of([pieces for _, pieces in drafts])
    near = _by_block(actors, [draft.view for draft, _ in drafts])
    new: list[Actor] = []
    quotes: list[Quote] = []
    for number, (draft, pieces) in enumerate(drafts):
        speakers = _speakers(text, draft, pieces, near[draft.view.start], new)
        parent = parents[number]
        quotes.append(
            Quote(
                id=f"q{number + 1}",
                start=pieces[0][0],
                end=pieces[-1][1],
                text=surface(text, pieces),
                fragments=tuple(Fragment(start=s, end=e) for s, e in pieces) if len(pieces) > 1 else (),
                kind=kind_of(pieces, quoted),
                attitude=draft.attitude,
                cue=_cue(text, draft, pieces),
                speaker=speakers[0] if speakers else None,
                co_speakers=tuple(speakers[1:]),
                speaker_status=None if speakers else "implicit",
                parent=f"q{parent + 1}" if parent is not None else None,
            )
        )
    return quotes, new


def _cue(text: str, draft: Draft, pieces: Sequence[Piece]) -> Span | None:
    if draft.cue is None or any(s < draft.cue[1] and draft.cue[0] < e for s, e in pieces):
        return None
    return Span(start=draft.cue[0], end=draft.cue[1], text=text[draft.cue[0] : draft.cue[1]])


def _by_block(actors: Sequence[Actor], views: Sequence[QuotedBlock]) -> dict[int, list[Actor]]:
    """The actors of each block, by the block's start."""
    found: dict[int, list[Actor]] = {view.start: [] for view in views}
    ordered = sorted(actors, key=lambda a: a.start)
    at = 0
    for view in sorted({v.start: v for v in views}.values(), key=lambda v: v.start):
        while at < len(ordered) and ordered[at].start < view.start:
            at += 1
        while at < len(ordered) and ordered[at].start < view.end:
            found[view.start].append(ordered[at])
            at += 1
    return found


def _speakers(text: str, draft: Draft, pieces: Sequence[Piece], near: list[Actor], new: list[Actor]) -> list[str]:
    """Ids of the speakers of a draft; a new mention is added to ``near`` and ``new``."""
    if draft.speaker is None:
        return []
    ids: list[str] = []
    for head in (draft.speaker, *conjoined(draft.speaker)):
        mention = mention_of(text, draft.view, named(head), near, pieces)
        if mention is None:
            mention = mention_of(text, draft.view, head, near, pieces)
        if mention is None:
            continue
        if not mention.id:
            mention = replace(mention, id=f"s{len(new) + 1}")
            new.append(mention)
            near.append(mention)
        if mention.id not in ids:
            ids.append(mention.id)
    for token in joined_before(draft.speaker):
        mention = mention_of(text, draft.view, token, near, pieces)
        if mention is not None and mention.id and mention.id not in ids and mention.mention == "name":
            ids.append(mention.id)
    return ids
