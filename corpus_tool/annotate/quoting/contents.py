"""Contents: which tokens around a cue are what it attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus_tool.annotate.quoting.cues import (
    DESCRIBING,
    INTENTION,
    SPEECH,
    THOUGHT,
    attitude_of,
    carrier_of,
    cue_tokens,
    introduces_clause,
    is_verb,
    lemma_of,
)
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.speakers import can_hold_views, is_passive, speaker_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

#: Inclusive first and last token.
Tokens = tuple[int, int]

_CLAUSES = frozenset({"ccomp"})
_ADDENDA = frozenset({"prep", "advcl", "npadvmod", "advmod", "dative", "oprd", "xcomp"})
_HUMAN_PRONOUNS = frozenset({"he", "she", "they", "we", "i", "who", "you"})
_OBJECT_PREPOSITIONS = frozenset({"for", "as", "of", "over", "to", "against", "about", "with"})
_RAISED = frozenset({"expect", "believe", "say", "report", "think", "allege", "rumor", "estimate", "know", "claim"})
_STOPS = frozenset({",", "–", "—", "--", ";", "-"})
_VIEWPOINTS = frozenset({"view", "opinion", "eyes", "mind", "words", "telling", "judgment", "estimation"})
_REMAINDERS = frozenset({"rest", "remainder", "others", "another"})
_CLOSING_MARKS = frozenset({'"', "”", "''", "’", "'", "»"})


@dataclass(frozen=True)
class Attributed:
    """A cue and its content, as token ranges of one parse."""

    frame: str
    verb: Token
    cue: Tokens
    content: tuple[Tokens, ...]
    speaker: Token | None
    attitude: str


def indirect(verb: Token, sent: Tokens) -> Attributed | None:
    """What a verb outside quotation marks attributes, if it is a cue.

    Args:
        verb: a verb.
        sent: first and last token of its sentence.
    """
    for frame in (_clause, _raised, _directive, _infinitive, _parenthetical, _naming, _object, _preposition, _unparsed):
        found = frame(verb, sent)
        if found is not None:
            return found
    return None


def _clause(verb: Token, sent: Tokens) -> Attributed | None:
    if not introduces_clause(verb):
        return None
    content = next((c for c in verb.children if c.dep_ in _CLAUSES and c.i > verb.i), None)
    if content is None:
        content = _clause_of_object(verb)
    if content is None or content.left_edge.i <= verb.i and content.i <= verb.i:
        return None
    first = max(content.left_edge.i, verb.i + 1)
    when = next((c for c in content.lefts if c.dep_ == "npadvmod"), None)
    if when is not None and when.left_edge.i == first and verb.doc[when.right_edge.i + 1].text != ",":
        first = when.right_edge.i + 1
    if lemma_of(verb) in words("weak_clause") and not _marked(content) and not _document_says(verb):
        return None
    if content.tag_ == "VB" and any(t.lower_ == "to" for t in content.lefts) and lemma_of(verb) not in words("told"):
        return None
    last = _extended(verb, content.right_edge.i, sent)
    return _made("clause", verb, ((first, last),))


def _document_says(verb: Token) -> bool:
    subject = speaker_of(verb)
    return subject is not None and subject.lemma_.lower() in words("document_nouns")


def _marked(clause: Token) -> bool:
    return any(c.dep_ == "mark" or c.tag_ in {"WRB", "WP", "WDT"} for c in clause.children if c.i <= clause.i)


def _clause_of_object(verb: Token) -> Token | None:
    """The that-clause that the parser hung on the person told: "told reporters that …"."""
    lemma = lemma_of(verb)
    if lemma not in words("told") and lemma not in words("speech_clause"):
        return None
    for child in verb.rights:
        if child.dep_ == "advcl" and child.left_edge.lower_ == "that":
            return child
        if lemma in words("told") and child.dep_ in {"dobj", "dative"}:
            for clause in child.subtree:
                if clause.dep_ in DESCRIBING | {"ccomp"} and clause.left_edge.lower_ == "that":
                    return clause
    return None


def _extended(verb: Token, last: int, sent: Tokens) -> int:
    """The content's end with adjuncts behind it that the parser hung on the cue."""
    doc = verb.doc
    while last + 1 <= sent[1]:
        token = doc[last + 1]
        top = token
        while top.head.i != verb.i and top.head.i != top.i and top.head.i > last:
            top = top.head
        if top.head.i != verb.i or top.dep_ not in _ADDENDA or top.left_edge.i != last + 1:
            break
        last = top.right_edge.i
    return _coordinated(verb, last, sent)


def _coordinated(verb: Token, last: int, sent: Tokens) -> int:
    """The content's end with a second clause about the rest of the first: "said ten died and the rest fled"."""
    for clause in verb.rights:
        if clause.dep_ != "conj" or clause.i <= last or clause.left_edge.i > last + 4:
            continue
        subject = next((c for c in clause.lefts if c.dep_ in {"nsubj", "nsubjpass"}), None)
        if subject is not None and subject.lower_ in _REMAINDERS and clause.right_edge.i <= sent[1]:
            return clause.right_edge.i
    return last


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
    lemma = lemma_of(verb)
    cue = cue_tokens(verb)
    holder = verb
    if lemma == "be":
        holder = next(
            (c for c in verb.children if c.dep_ == "acomp" and c.lemma_.lower() in words("intention_adjectives")), verb
        )
        if holder is verb:
            return None
        cue = (cue[0], holder.i)
    elif lemma not in words("intention") and lemma not in words("speech_object") | words("speech_clause"):
        return None
    action = next(
        (c for c in holder.children if c.dep_ in {"xcomp", "ccomp"} and c.i > holder.i and _is_infinitive(c)), None
    )
    if action is None or carrier_of(action) is not None:
        return None
    subject = speaker_of(verb)
    if subject is None or not can_hold_views(subject):
        return None
    last = _extended(verb, action.right_edge.i, sent)
    content = (max(holder.i + 1, action.left_edge.i), last)
    return Attributed("infinitive", verb, cue, (content,), subject, attitude_of(holder, infinitive=True))


def _directive(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Urged voters to wait": who is asked belongs to what is asked, unless the verb is one of telling."""
    lemma = lemma_of(verb)
    if lemma not in words("directive"):
        return None
    action = next(
        (
            c
            for c in verb.rights
            if c.dep_ in {"xcomp", "ccomp", "advcl"} and c.tag_ == "VB" and any(t.lower_ == "to" for t in c.lefts)
        ),
        None,
    )
    target = next((c for c in verb.rights if c.dep_ in {"dobj", "dative"}), None)
    if action is None or carrier_of(action) is not None:
        return None
    inner = next((c for c in action.lefts if c.dep_ == "nsubj"), None)
    if target is None and inner is None:
        return None
    to = next(t for t in action.lefts if t.lower_ == "to")
    who = target if target is not None else inner
    first = to.i if lemma in words("told") or who is None else max(verb.i + 1, who.left_edge.i)
    if first > to.i:
        return None
    return _made("directive", verb, ((first, _extended(verb, action.right_edge.i, sent)),))


def _naming(verb: Token, sent: Tokens) -> Attributed | None:
    """ "What she called a mistake": the name alone, where the thing named stands before the verb."""
    lemma = lemma_of(verb)
    if lemma not in words("naming") or any(c.dep_ in {"dobj", "ccomp"} for c in verb.rights):
        return None
    if speaker_of(verb) is None and not is_passive(verb):
        return None
    for child in verb.rights:
        if child.dep_ in {"oprd", "attr", "xcomp"}:
            return _made("naming", verb, ((max(verb.i + 1, child.left_edge.i), child.right_edge.i),))
        if child.lower_ == "as" and child.i == verb.i + 1:
            made = _made("naming", verb, ((child.i + 1, child.right_edge.i),)) if child.right_edge.i > child.i else None
            return replace(made, cue=(made.cue[0], child.i)) if made is not None else None
    return None


def _unparsed(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Said" with something behind it that the parser did not take for a clause."""
    if lemma_of(verb) not in {"say", "argue", "claim", "insist"} or verb.i + 3 > sent[1]:
        return None
    following = verb.doc[verb.i + 1]
    if following.is_punct or following.is_space or following.tag_ in {"IN", "CC", "TO", "RB"} and following.lower_ != "that":
        return None
    if not any(is_verb(t) for t in verb.doc[verb.i + 1 : sent[1] + 1]) or speaker_of(verb) is None:
        return None
    if speaker_of(verb).i > verb.i:
        return None
    return _made("unparsed", verb, ((verb.i + 1, sent[1]),))


def _is_infinitive(token: Token) -> bool:
    return token.tag_ in {"VB", "VBG"} or any(c.lower_ == "to" for c in token.lefts)


def _parenthetical(verb: Token, sent: Tokens) -> Attributed | None:
    """ "The plan, she said, is dead": everything in the sentence but the cue's own clause."""
    if not introduces_clause(verb) or verb.dep_ in DESCRIBING or verb.tag_ in {"VBG", "VB"}:
        return None
    doc = verb.doc
    subject = speaker_of(verb)
    if subject is None or subject.sent != verb.sent:
        return None
    first, last = cue_tokens(verb)
    if subject.i < first:
        if any(is_verb(t) and t.dep_ not in DESCRIBING and t.head.i not in range(subject.i, first) for t in doc[subject.i : first]):
            return None
        first = max(subject.left_edge.i, sent[0])
    elif subject.i > last:
        last = min(subject.right_edge.i, sent[1])
    while last < sent[1] and not doc[last + 1].is_punct:
        last += 1
        if is_verb(doc[last]):
            return None
    before = first - 1
    if before <= sent[0] or doc[before].text not in _STOPS and not (
        doc[before].text in _CLOSING_MARKS and doc[before - 1].text in _STOPS
    ):
        return None
    pieces = [(sent[0], before)]
    whole = any(is_verb(t) and any(c.dep_ in {"nsubj", "nsubjpass"} for c in t.lefts) for t in doc[sent[0] : before])
    behind = last + 2 if last + 1 < sent[1] and doc[last + 1].text in _STOPS else sent[1]
    if behind < sent[1] and doc[behind].tag_ not in {"VBG", "WDT", "WP", "CC"} and not (whole and doc[behind].tag_ == "IN"):
        pieces.append((behind, sent[1]))
    elif not any(is_verb(t) for t in doc[sent[0] : before]):
        return None
    return Attributed("parenthetical", verb, cue_tokens(verb), tuple(pieces), subject, attitude_of(verb))


def _object(verb: Token, sent: Tokens) -> Attributed | None:
    lemma = lemma_of(verb)
    if lemma not in words("speech_object") and lemma not in words("thought_object"):
        return None
    subject = speaker_of(verb)
    target = next((c for c in verb.children if c.dep_ in {"dobj", "ccomp", "oprd", "xcomp"} and c.i > verb.i), None)
    if target is None or target.i <= verb.i or not can_hold_views(subject):
        return None
    last = target.right_edge.i
    for child in verb.rights:
        if child.left_edge.i == last + 1 and (
            child.dep_ == "prep" and child.lower_ in _OBJECT_PREPOSITIONS or child.dep_ in {"oprd", "xcomp", "ccomp"}
        ):
            last = child.right_edge.i
    return _made("object", verb, ((max(target.left_edge.i, verb.i + 1), last),))


def _preposition(verb: Token, sent: Tokens) -> Attributed | None:
    lemma = lemma_of(verb)
    for child in verb.rights:
        if child.dep_ == "advcl" and child.left_edge.i == verb.i + 1:
            edge = child.left_edge
            if f"{lemma} {edge.lower_}" in words("speech_preposition") and can_hold_views(speaker_of(verb)):
                made = _made("preposition", verb, ((edge.i + 1, child.right_edge.i),))
                return replace(made, cue=(made.cue[0], edge.i))
    for child in verb.children:
        if child.i <= verb.i or child.dep_ not in {"prep", "prt"} or f"{lemma} {child.lower_}" not in words("speech_preposition"):
            continue
        target = next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
        if target is None and child.dep_ == "prt":
            target = next((c for c in verb.children if c.dep_ in {"dobj", "ccomp"} and c.i > child.i), None)
        if target is None or not can_hold_views(speaker_of(verb)):
            continue
        first, last = cue_tokens(verb)
        if child.i == last + 1:
            last = child.i
        content = ((target.left_edge.i, _extended(verb, target.right_edge.i, sent)),)
        return Attributed("preposition", verb, (first, last), content, speaker_of(verb), attitude_of(verb))
    return None


def _made(frame: str, verb: Token, content: tuple[Tokens, ...]) -> Attributed:
    return Attributed(frame, verb, cue_tokens(verb), content, speaker_of(verb), attitude_of(verb))


def according(token: Token, sent: Tokens) -> Attributed | None:
    """What "according to" attributes, for its token "according"."""
    doc = token.doc
    if token.i + 2 > sent[1] or doc[token.i + 1].lower_ != "to":
        return None
    head = next((c for c in doc[token.i + 1].children if c.dep_ == "pobj"), None)
    if head is None:
        head = next((t for t in doc[token.i + 2 : sent[1] + 1] if t.pos_ in {"PROPN", "NOUN", "PRON"}), None)
        if head is None:
            return None
    last = max(min(head.right_edge.i, sent[1]), head.i)
    pieces: list[Tokens] = []
    before = token.i - 1
    while before >= sent[0] and (doc[before].is_punct or doc[before].is_space):
        before -= 1
    if before >= sent[0]:
        pieces.append((sent[0], before))
    comma = next((t.i for t in doc[head.i : sent[1]] if t.text == ","), None)
    if not pieces and comma is not None:
        pieces.append((comma + 1, sent[1]))
    elif last + 2 < sent[1] and doc[last + 1].text == "," and doc[last + 2].tag_ not in {"WDT", "WP", "CC"}:
        pieces.append((last + 2, sent[1]))
    if not pieces:
        return None
    return Attributed("according", token, (token.i, token.i + 1), tuple(pieces), head, SPEECH)


def viewpoint(noun: Token, sent: Tokens) -> Attributed | None:
    """What "in her view" and "in the words of Lind" attribute: the rest of the sentence."""
    if noun.lower_ not in _VIEWPOINTS or noun.dep_ != "pobj" or noun.head.lower_ not in {"in", "by", "to", "from"}:
        return None
    holder = next((c for c in noun.lefts if c.dep_ == "poss"), None)
    last = noun.i
    if holder is None:
        of = next((c for c in noun.rights if c.lower_ == "of"), None)
        holder = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
        if holder is None:
            return None
        last = holder.right_edge.i
    first = noun.head.i
    pieces = _rest_of(noun.doc, first, last, sent)
    if not pieces or last - first > 10:
        return None
    attitude = SPEECH if noun.lower_ in {"words", "telling", "account"} else THOUGHT
    return Attributed("viewpoint", noun, (noun.i, noun.i), pieces, holder, attitude)


def _rest_of(doc: Doc, first: int, last: int, sent: Tokens) -> tuple[Tokens, ...]:
    """The sentence without the phrase from ``first`` to ``last`` that is set off by commas."""
    pieces: list[Tokens] = []
    if first > sent[0]:
        pieces.append((sent[0], first - 1))
    if last + 2 <= sent[1] and doc[last + 1].text == ",":
        pieces.append((last + 2, sent[1]))
    elif last + 1 < sent[1]:
        return ()
    return tuple(pieces)


def sentences(doc: Span) -> Iterator[Tokens]:
    """First and last token of each sentence."""
    for sent in doc.sents:
        yield sent.start, sent.end - 1


__all__ = ["INTENTION", "Attributed", "Tokens", "according", "indirect", "sentences"]
