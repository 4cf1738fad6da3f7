"""Contents: what a cue verb attributes, by the construction that it stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.asides import parenthetical
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
from corpus_tool.annotate.quoting.speakers import can_hold_views, is_passive, speaker_of

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Dependencies of what may follow a content and belong to it although the parser hung it on the cue.
_ADDENDA = frozenset({"prep", "advcl", "npadvmod", "advmod", "dative", "oprd", "xcomp"})
#: Prepositions that go on an object: "blamed her for …", "described it as …".
_OBJECT_PREPOSITIONS = frozenset({"for", "as", "of", "over", "to", "against", "about", "with"})
#: Verbs of "is expected to …", where the content's subject is the cue's own.
_RAISED = frozenset({"expect", "believe", "say", "report", "think", "allege", "rumor", "estimate", "know", "claim"})
#: Subjects of a second clause that goes on the first.
_REMAINDERS = frozenset({"rest", "remainder", "others", "another"})
#: Verbs that tell a name also where nobody says who gave it: "what is called …".
_NAMED = frozenset({"call", "dub", "label", "describe", "brand", "term"})
#: Verbs whose content is taken even where the parser sees no clause.
_PLAIN_SPEECH = frozenset({"say", "argue", "claim", "insist"})
_INFINITIVE_LISTS = ("intention", "speech_object", "speech_clause")
_WH = frozenset({"WRB", "WP", "WDT"})


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
    if lemma_of(verb) in words("weak_clause") and not _marked(content) and not _document_says(verb):
        return None
    if _to_of(content) is not None and lemma_of(verb) not in words("told"):
        return None
    made = attributed_by("clause", verb, first, _extended(verb, content.right_edge.i, sent))
    gap = _gap_of(verb, content)
    return made if gap is None else replace(made, content=((gap.i, gap.i), *made.content))


def _gap_of(verb: Token, content: Token) -> Token | None:
    """The "which" before the cue that is the content's subject: "the mill, which Lind says is sold"."""
    if verb.dep_ != "relcl":
        return None
    return next((c for c in content.lefts if c.dep_ in {"nsubj", "nsubjpass"} and c.i < verb.i), None)


def _document_says(verb: Token) -> bool:
    subject = speaker_of(verb)
    return subject is not None and subject.lemma_.lower() in words("document_nouns")


def _marked(clause: Token) -> bool:
    return any(c.dep_ == "mark" or c.tag_ in _WH for c in clause.children if c.i <= clause.i)


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
        while top.head.i not in {verb.i, top.i} and top.head.i > last:
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
    """ "Plans to sell", "is eager to sell": the infinitive, with "to"."""
    holder = _adjective_of(verb) if lemma_of(verb) == "be" else verb
    if holder is None or (holder is verb and not any(lemma_of(verb) in words(n) for n in _INFINITIVE_LISTS)):
        return None
    action = next((c for c in holder.rights if c.dep_ in {"xcomp", "ccomp"} and _is_infinitive(c)), None)
    subject = speaker_of(verb)
    if action is None or carrier_of(action) is not None or not can_hold_views(subject):
        return None
    if any(c.dep_ == "dobj" and c.i < action.i for c in holder.rights):
        # "Requested leave to speak": the infinitive is the object's, or a purpose.
        return None
    first, last = cue_tokens(verb)
    content = (max(holder.i + 1, action.left_edge.i), _extended(verb, action.right_edge.i, sent))
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
    return attributed_by("directive", verb, first, _extended(verb, action.right_edge.i, sent))


def _shown(verb: Token, sent: Tokens) -> Attributed | None:
    """ "A survey showed the mayor with a clear lead": what texts and data show, up to the end of the clause."""
    if lemma_of(verb) not in words("showing") or is_passive(verb) or not _document_says(verb):
        return None
    target = next((c for c in verb.rights if c.dep_ in {"dobj", "ccomp", "xcomp"}), None)
    if target is None:
        return None
    last = _extended(verb, target.right_edge.i, sent)
    return attributed_by("shown", verb, max(target.left_edge.i, verb.i + 1), last)


def _naming(verb: Token, sent: Tokens) -> Attributed | None:
    """ "What she called a mistake": the name alone, where the thing named stands before the verb."""
    if lemma_of(verb) not in words("naming") or any(c.dep_ in {"dobj", "ccomp"} for c in verb.rights):
        return None
    if speaker_of(verb) is None and not (is_passive(verb) and lemma_of(verb) in _NAMED):
        return None
    for child in verb.rights:
        if child.dep_ in {"oprd", "attr", "xcomp"}:
            return attributed_by("naming", verb, max(verb.i + 1, child.left_edge.i), child.right_edge.i)
        if child.lower_ == "as" and child.i == verb.i + 1 and child.right_edge.i > child.i:
            made = attributed_by("naming", verb, child.i + 1, child.right_edge.i)
            return replace(made, cue=(made.cue[0], child.i))
    return None


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


def _object(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Denounced the plan", "blamed the weather for it": the object and what goes on it."""
    lemma = lemma_of(verb)
    if lemma not in words("speech_object") and lemma not in words("thought_object"):
        return None
    target = next((c for c in verb.rights if c.dep_ in {"dobj", "ccomp", "oprd", "xcomp"}), None)
    if target is None or not can_hold_views(speaker_of(verb)):
        return None
    last = target.right_edge.i
    for child in verb.rights:
        if child.left_edge.i != last + 1:
            continue
        if child.dep_ in {"oprd", "xcomp", "ccomp"} or (child.dep_ == "prep" and child.lower_ in _OBJECT_PREPOSITIONS):
            last = child.right_edge.i
    return attributed_by("object", verb, max(target.left_edge.i, verb.i + 1), last)


def _preposition(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Called for an inquiry", "pointed out the risk": the object of the preposition or particle."""
    if not can_hold_views(speaker_of(verb)):
        return None
    lemma = lemma_of(verb)
    for child in verb.rights:
        edge = child.left_edge if child.dep_ == "advcl" else child
        if edge.i <= verb.i or f"{lemma} {edge.lower_}" not in words("speech_preposition"):
            continue
        if child.dep_ == "advcl":
            # "Called for troops to leave": the parser reads "for" as the mark of a clause.
            first, last = edge.i + 1, child.right_edge.i
        else:
            target = _target_of(verb, child)
            if target is None:
                continue
            first, last = target.left_edge.i, _extended(verb, target.right_edge.i, sent)
        made = attributed_by("preposition", verb, first, last)
        return replace(made, cue=(made.cue[0], edge.i if edge.i == made.cue[1] + 1 else made.cue[1]))
    return None


def _target_of(verb: Token, child: Token) -> Token | None:
    if child.dep_ == "prep":
        return next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
    if child.dep_ == "prt":
        return next((c for c in verb.rights if c.dep_ in {"dobj", "ccomp"} and c.i > child.i), None)
    return None


_FRAMES = (
    _clause,
    _raised,
    _directive,
    _infinitive,
    parenthetical,
    _shown,
    _naming,
    _object,
    _preposition,
    _unparsed,
)
