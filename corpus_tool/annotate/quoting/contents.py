"""Contents: what a cue verb attributes, by the construction that it stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.asides import as_reported, parenthetical
from corpus_tool.annotate.quoting.attributed import Attributed, Tokens, attributed_by
from corpus_tool.annotate.quoting.cues import (
    DESCRIBING,
    SPEECH,
    attitude_of,
    carrier_of,
    cue_tokens,
    introduces_clause,
    is_negated,
    is_verb,
    lemma_of,
)
from corpus_tool.annotate.quoting.extents import extended
from corpus_tool.annotate.quoting.objects import held_object, naming, object_of_preposition, shown
from corpus_tool.annotate.quoting.predicates import adjective, asked, clarity, equation, heard
from corpus_tool.annotate.quoting.speakers import can_hold_views, is_passive, speaker_of

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Verbs of "is expected to …", where the content's subject is the cue's own.
_RAISED = frozenset({"expect", "believe", "say", "report", "think", "allege", "rumor", "estimate", "know", "claim"})
#: Verbs whose content is taken even where the parser sees no clause.
_PLAIN_SPEECH = frozenset({"say", "argue", "claim", "insist"})
_INFINITIVE_LISTS = ("intention", "speech_object", "speech_clause")
_WH = frozenset({"WRB", "WP", "WDT"})
_FINITE_TAGS = frozenset({"VBD", "VBZ", "VBP", "MD"})
#: Verbs of wishing to stay unnamed: "asked not to be named" tells how somebody spoke.
_ASKING = frozenset({"ask", "request", "demand", "insist"})
_NAMING = frozenset({"name", "identify", "quote"})


def indirect(verb: Token, sent: Tokens) -> Attributed | None:
    """What a verb outside quotation marks attributes, if it is a cue.

    Args:
        verb: a verb.
        sent: first and last token of its sentence.
    """
    for frame in _FRAMES:
        found = frame(verb, sent)
        if found is not None:
            return None if is_negated(verb) and found.attitude == SPEECH else found
    return None


def _clause(verb: Token, sent: Tokens) -> Attributed | None:
    if not introduces_clause(verb):
        return None
    content = next((c for c in verb.children if c.dep_ == "ccomp" and c.i > verb.i), None)
    if content is None:
        content = _clause_of_object(verb)
    if content is None or content.i <= verb.i:
        return None
    first = max(content.left_edge.i, verb.i + 1)
    when = next((c for c in content.lefts if c.dep_ == "npadvmod"), None)
    if when is not None and when.left_edge.i == first and verb.doc[when.right_edge.i + 1].text != ",":
        first = when.right_edge.i + 1
    if lemma_of(verb) in words("weak_clause") and not _marked(content) and not _is_finite(content):
        return None
    if _to_of(content) is not None and lemma_of(verb) not in words("told"):
        return None
    made = attributed_by("clause", verb, first, extended(verb, content.right_edge.i, sent))
    gap = _gap_of(verb, content)
    return made if gap is None else replace(made, content=((gap.i, gap.i), *made.content))


def _gap_of(verb: Token, content: Token) -> Token | None:
    """The "which" before the cue that is the content's subject: "the mill, which Lind says is sold"."""
    if verb.dep_ != "relcl":
        return None
    return next((c for c in content.lefts if c.dep_ in {"nsubj", "nsubjpass"} and c.i < verb.i), None)


def _marked(clause: Token) -> bool:
    return any(c.dep_ == "mark" or c.tag_ in _WH for c in clause.children if c.i <= clause.i)


def _is_finite(clause: Token) -> bool:
    """Whether a clause tells something ("saw he left"), not what somebody was seen to do ("saw him leave")."""
    helpers = [c for c in clause.lefts if c.dep_ in {"aux", "auxpass"}]
    return any(t.tag_ in _FINITE_TAGS for t in (clause, *helpers)) and any(
        c.dep_ in {"nsubj", "nsubjpass", "expl"} for c in clause.lefts
    )


def _clause_of_object(verb: Token) -> Token | None:
    """The that-clause that the parser hung on the person told: "told reporters that …"."""
    lemma = lemma_of(verb)
    if lemma not in words("told") and lemma not in words("speech_clause"):
        return None
    for child in verb.rights:
        if child.dep_ == "advcl" and child.left_edge.lower_ == "that":
            return child
        if child.dep_ == "advcl" and lemma == "ask" and child.left_edge.lower_ in {"if", "whether"}:
            return child
        if child.dep_ == "prep" and lemma in _PLAIN_SPEECH:
            # "Said after the talks she would stay": the parser reads "the talks (that) she would stay".
            for phrase in child.rights:
                for clause in phrase.rights:
                    if clause.dep_ == "relcl" and clause.left_edge.dep_ in {"nsubj", "det"} and not _marked(clause):
                        return clause
        if lemma in words("told") and child.dep_ in {"dobj", "dative"}:
            for clause in child.subtree:
                if clause.dep_ in DESCRIBING | {"ccomp"} and clause.left_edge.lower_ == "that":
                    return clause
    return None


def _raised(verb: Token, sent: Tokens) -> Attributed | None:
    """ "She is expected to win": what is expected is she and to win."""
    if verb.tag_ != "VBN" or lemma_of(verb) not in _RAISED:
        return None
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    action = next((c for c in verb.children if c.dep_ == "xcomp" and c.i > verb.i), None)
    if subject is None or action is None or carrier_of(action) is not None:
        return None
    agent = next((c for c in verb.children if c.dep_ == "agent"), None)
    speaker = next((c for c in agent.children if c.dep_ == "pobj"), None) if agent is not None else None
    content = ((subject.left_edge.i, subject.right_edge.i), (max(verb.i + 1, action.left_edge.i), action.right_edge.i))
    return Attributed("raised", verb, cue_tokens(verb), content, speaker, attitude_of(verb))


def _infinitive(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Plans to sell", "is eager to sell": the infinitive, with "to"."""
    holder = _adjective_of(verb) if lemma_of(verb) == "be" else verb
    if holder is None or (holder is verb and not any(lemma_of(verb) in words(n) for n in _INFINITIVE_LISTS)):
        return None
    action = next((c for c in holder.rights if c.dep_ in {"xcomp", "ccomp"} and _is_infinitive(c)), None)
    subject = speaker_of(verb)
    if action is None or carrier_of(action) is not None or not can_hold_views(subject):
        return None
    if lemma_of(verb) in _ASKING and lemma_of(action) in _NAMING and is_passive(action):
        return None
    if any(c.dep_ == "dobj" and c.i < action.i for c in holder.rights):
        # "Requested leave to speak": the infinitive is the object's, or a purpose.
        return None
    first, last = cue_tokens(verb)
    content = (max(holder.i + 1, action.left_edge.i), extended(verb, action.right_edge.i, sent))
    cue = (first, max(last, holder.i))
    return Attributed(
        "infinitive", verb, cue, (content,), subject, attitude_of(holder, infinitive=_shares_subject(action))
    )


def _shares_subject(action: Token) -> bool:
    return not any(c.dep_ in {"nsubj", "nsubjpass"} for c in action.lefts)


def _adjective_of(verb: Token) -> Token | None:
    adjectives = words("intention_adjectives")
    return next((c for c in verb.rights if c.dep_ == "acomp" and c.lemma_.lower() in adjectives), None)


def _is_infinitive(token: Token) -> bool:
    return token.tag_ in {"VB", "VBG"} or any(c.lower_ == "to" for c in token.lefts)


def _to_of(clause: Token) -> Token | None:
    """The "to" of an infinitive."""
    return next((t for t in clause.lefts if t.lower_ == "to"), None) if clause.tag_ == "VB" else None


def _directive(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Urged voters to wait": who is asked belongs to what is asked, unless the verb is one of telling."""
    lemma = lemma_of(verb)
    if lemma not in words("directive"):
        return None
    action = next((c for c in verb.rights if c.dep_ in {"xcomp", "ccomp", "advcl"} and _to_of(c) is not None), None)
    if action is None or carrier_of(action) is not None:
        return None
    asked = next((c for c in verb.rights if c.dep_ in {"dobj", "dative"}), None) or next(
        (c for c in action.lefts if c.dep_ == "nsubj"), None
    )
    to = _to_of(action)
    if asked is None or to is None or not can_hold_views(asked):
        return None
    first = to.i if lemma in words("told") else max(verb.i + 1, asked.left_edge.i)
    if first > to.i:
        return None
    return attributed_by("directive", verb, first, extended(verb, action.right_edge.i, sent))


def _unparsed(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Said" with something behind it that the parser did not take for a clause."""
    if lemma_of(verb) not in _PLAIN_SPEECH or verb.i + 3 > sent[1]:
        return None
    following = verb.doc[verb.i + 1]
    if following.is_punct or following.is_space:
        return None
    if following.tag_ in {"IN", "CC", "TO", "RB"} and following.lower_ != "that":
        return None
    speaker = speaker_of(verb)
    if speaker is None or speaker.i > verb.i or not any(is_verb(t) for t in verb.doc[verb.i + 1 : sent[1] + 1]):
        return None
    return attributed_by("unparsed", verb, verb.i + 1, sent[1])


_FRAMES = (
    as_reported,
    asked,
    heard,
    _clause,
    _raised,
    _directive,
    _infinitive,
    parenthetical,
    equation,
    clarity,
    adjective,
    shown,
    naming,
    held_object,
    object_of_preposition,
    _unparsed,
)
