"""Contents that are objects: what is denounced, called for, named or shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.attributed import Attributed, Tokens, attributed_by
from corpus_tool.annotate.quoting.cues import lemma_of
from corpus_tool.annotate.quoting.extents import extended
from corpus_tool.annotate.quoting.speakers import can_hold_views, document_says, is_passive, speaker_of

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

#: The frame of a noun phrase that nothing is said about: the position that somebody takes, or only a topic.
BARE = "bare"
#: The frame of such a phrase behind a preposition: "called for an inquiry", "his support for the bill".
TOPIC = "topic"
#: Both.
POSITIONS = frozenset({BARE, TOPIC})
#: Prepositions that go on an object: "blamed her for …", "described it as …".
_OBJECT_PREPOSITIONS = frozenset({"for", "as", "of", "over", "to", "against", "about", "with"})
#: Of these, those that say something about the object.
_PREDICATIVE = frozenset({"as", "for", "of"})
_COMPLEMENTS = frozenset({"oprd", "xcomp", "ccomp"})
#: Verbs that tell a name also where nobody says who gave it: "what is called …".
_NAMED = frozenset({"call", "dub", "label", "describe", "brand", "term", "know"})
#: Prepositions that stand behind a phrase for who is spoken to: "talked to reporters about …".
_TOPICAL = frozenset({"about", "of", "against", "over"})
#: So many tokens may stand between a verb and such a preposition.
_APART = 6
_MODALS = frozenset({"would", "will", "could", "should", "must", "can", "might", "’d", "'d", "’ll", "'ll"})
_RELATIVES = frozenset({"who", "that", "which"})


def shown(verb: Token, sent: Tokens) -> Attributed | None:
    """ "A survey showed the mayor with a clear lead": what texts and data show, up to the end of the clause."""
    if lemma_of(verb) not in words("showing") or is_passive(verb) or not document_says(verb):
        return None
    target = next((c for c in verb.rights if c.dep_ in {"dobj", "ccomp", "xcomp"}), None)
    if target is None:
        return None
    last = extended(verb, target.right_edge.i, sent)
    tells = target.dep_ != "dobj" or any(t.lower_ == "with" for t in verb.doc[target.i : last + 1])
    frame = "shown" if tells else BARE
    return attributed_by(frame, verb, max(target.left_edge.i, verb.i + 1), last)


def naming(verb: Token, sent: Tokens) -> Attributed | None:
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


def held_object(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Denounced the plan", "blamed the weather for it": the object and what goes on it."""
    lemma = lemma_of(verb)
    if lemma not in words("speech_object") and lemma not in words("thought_object"):
        return None
    target = next((c for c in verb.rights if c.dep_ in {"dobj", "ccomp", "oprd", "xcomp"}), None)
    if target is None or not can_hold_views(speaker_of(verb)):
        return None
    if target.dep_ == "ccomp" and lemma in words("weak_clause") and target.tag_ == "VB":
        # "Saw him leave" tells what happened, not what was thought.
        return None
    last = target.right_edge.i
    bare = target.dep_ == "dobj"
    for child in verb.rights:
        if child.left_edge.i != last + 1:
            continue
        scope = child.dep_ == "prep" and _is_superlative(verb.doc[target.i : last + 1])
        if child.dep_ in _COMPLEMENTS or scope or (child.dep_ == "prep" and child.lower_ in _OBJECT_PREPOSITIONS):
            last = child.right_edge.i
            bare = bare and child.dep_ not in _COMPLEMENTS and child.lower_ not in _PREDICATIVE
    if bare and not _takes_a_position(verb):
        return None
    return attributed_by(BARE if bare else "object", verb, max(target.left_edge.i, verb.i + 1), last)


def _is_superlative(content: Span) -> bool:
    """Whether a superlative stands in a content: then "in recent months" behind it is its scope."""
    return any(t.tag_ in {"JJS", "RBS"} for t in content)


def _takes_a_position(verb: Token) -> bool:
    """Whether a verb tells what somebody does hold, and does not only say which people are meant."""
    if any(c.lower_ in _MODALS for c in verb.lefts if c.dep_ == "aux"):
        return False
    if verb.dep_ != "relcl":
        return True
    return not any(c.lower_ in _RELATIVES and verb.doc[c.i - 1].text != "," for c in verb.lefts if c.dep_ == "nsubj")


def object_of_preposition(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Called for an inquiry", "pointed out the risk": the object of the preposition or particle."""
    if not can_hold_views(speaker_of(verb)):
        return None
    for child in verb.rights:
        edge = child.left_edge if child.dep_ == "advcl" else child
        if edge.i <= verb.i or not _is_listed(verb, edge):
            continue
        frame = "preposition"
        if child.dep_ == "advcl":
            # "Called for troops to leave": the parser reads "for" as the mark of a clause.
            first, last = edge.i + 1, child.right_edge.i
        else:
            target = _target_of(verb, child)
            if target is None:
                continue
            if target.dep_ in {"pobj", "dobj"}:
                frame = TOPIC
            first, last = target.left_edge.i, extended(verb, target.right_edge.i, sent)
        if frame == TOPIC and not _takes_a_position(verb):
            continue
        made = attributed_by(frame, verb, first, last)
        together = all(t.dep_ in {"prt", "advmod", "prep"} for t in verb.doc[made.cue[1] + 1 : edge.i + 1])
        return replace(made, cue=(made.cue[0], edge.i if together else made.cue[1]))
    return None


def _is_listed(verb: Token, edge: Token) -> bool:
    """Whether the verb goes with this preposition or particle, with or without a particle between the two."""
    listed = words("speech_preposition")
    lemma, between = lemma_of(verb), verb.doc[verb.i + 1 : edge.i]
    if len(between) == 1 and f"{lemma} {between[0].lower_} {edge.lower_}" in listed:
        return True
    near = all(t.dep_ in {"advmod", "prt"} for t in between)
    if not near and not (edge.lower_ in _TOPICAL and len(between) <= _APART):
        return False
    return f"{lemma} {edge.lower_}" in listed


def _target_of(verb: Token, child: Token) -> Token | None:
    if child.dep_ == "prep":
        return next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
    if child.dep_ == "prt":
        return next((c for c in verb.rights if c.dep_ in {"dobj", "ccomp"} and c.i > child.i), None)
    return None
