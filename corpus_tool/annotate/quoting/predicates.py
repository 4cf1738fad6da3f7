"""Contents of adjectives and nouns that a verb links to who speaks: "is confident that …", "her message was that …"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.attributed import Attributed, Tokens
from corpus_tool.annotate.quoting.cues import SPEECH, THOUGHT, cue_tokens, lemma_of
from corpus_tool.annotate.quoting.extents import extended
from corpus_tool.annotate.quoting.nouns import speaker_of_noun
from corpus_tool.annotate.quoting.objects import TOPIC
from corpus_tool.annotate.quoting.speakers import can_hold_views, is_passive, speaker_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_LINKING = frozenset({"be", "seem", "feel", "remain", "become", "sound", "look", "appear", "grow", "get", "stay"})
#: Adjectives of speaking among those of thought.
_SPOKEN = frozenset({"adamant", "clear", "emphatic", "firm", "insistent", "outspoken", "vocal"})
_WH = frozenset({"WRB", "WP", "WDT"})
_CLAUSES = frozenset({"ccomp", "advcl", "xcomp"})
_MARKS = frozenset({"that", "whether", "if"})
#: Nouns that are equated with what somebody says, beside those that take a clause themselves.
_EQUATED = frozenset({"answer", "goal", "line", "message", "plan", "point", "question", "response", "takeaway"})
#: Nouns for people by what they are for or against.
_PARTISANS = frozenset(
    {"admirer", "advocate", "backer", "believer", "champion", "critic", "defender", "detractor", "fan", "foe"}
    | {"opponent", "proponent", "sceptic", "skeptic", "supporter"}
)
_HEARINGS = frozenset({"committee", "court", "hearing", "inquest", "inquiry", "jury", "panel", "trial", "tribunal"})
_ASKED = frozenset({"ask", "press", "question", "quiz", "order", "urge"})


def adjective(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Is confident that …", "remains critical of …": the clause, or the object of the preposition."""
    if lemma_of(verb) not in _LINKING:
        return None
    holder = next((c for c in verb.rights if c.dep_ in {"acomp", "attr", "oprd"}), None)
    subject = speaker_of(verb)
    if holder is None or not can_hold_views(subject):
        return None
    lemma = holder.lemma_.lower()
    attitude = SPEECH if lemma in _SPOKEN else THOUGHT
    cue = cue_tokens(verb)[0], holder.i
    if lemma in words("view_adjectives"):
        clause = next((c for c in holder.rights if c.dep_ in _CLAUSES and _opens(c)), None)
        if clause is not None:
            last = extended(verb, clause.right_edge.i, sent)
            return Attributed("adjective", verb, cue, ((clause.left_edge.i, last),), subject, attitude)
    partisan = holder.lemma_.lower() in _PARTISANS
    for child in holder.rights:
        listed = child.lower_ == "of" if partisan else f"{holder.lower_} {child.lower_}" in _adjective_prepositions()
        target = next((c for c in child.rights if c.dep_ in {"pobj", "pcomp"}), None)
        if child.dep_ == "prep" and child.i == holder.i + 1 and listed and target is not None:
            frame = TOPIC if target.dep_ == "pobj" else "preposition"
            last = extended(verb, target.right_edge.i, sent)
            return Attributed(frame, verb, (cue[0], child.i), ((target.left_edge.i, last),), subject, attitude)
    return None


def _adjective_prepositions() -> frozenset[str]:
    return words("adjective_prepositions")


def _opens(clause: Token) -> bool:
    """Whether a clause begins like one that is said: with "that", a question word or its own subject."""
    edge = clause.left_edge
    if edge.lower_ in _MARKS or edge.tag_ in _WH:
        return True
    return clause.dep_ == "ccomp" and any(c.dep_ in {"nsubj", "nsubjpass"} for c in clause.lefts)


def clarity(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Made it clear that …": the clause."""
    if lemma_of(verb) != "make":
        return None
    clear = next((t for t in verb.subtree if t.lower_ in {"clear", "plain", "known"} and 0 < t.i - verb.i <= 4), None)
    if clear is None:
        return None
    subject = speaker_of(verb)
    clauses = (c for holder in (clear, verb) for c in holder.rights if c.dep_ in _CLAUSES and c.i > clear.i)
    clause = next((c for c in clauses if c.left_edge.i > clear.i and _opens(c)), None)
    if clause is None or not can_hold_views(subject):
        return None
    content = (clause.left_edge.i, extended(verb, clause.right_edge.i, sent))
    return Attributed("clarity", verb, (cue_tokens(verb)[0], clear.i), (content,), subject, SPEECH)


def equation(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Her message was that …": the clause; the noun is the cue."""
    if lemma_of(verb) != "be":
        return None
    noun = next((c for c in verb.lefts if c.dep_ == "nsubj" and c.pos_ == "NOUN"), None)
    clause = next((c for c in verb.rights if c.dep_ == "ccomp" and c.left_edge.lower_ in {"that", "whether"}), None)
    if noun is None or clause is None:
        return None
    lemma = noun.lemma_.lower()
    if lemma not in words("clause_nouns") and lemma not in _EQUATED:
        return None
    attitude = THOUGHT if lemma in words("thought_nouns") else SPEECH
    content = (clause.left_edge.i, extended(verb, clause.right_edge.i, sent))
    return Attributed("equation", verb, (noun.i, noun.i), (content,), speaker_of_noun(noun), attitude)


def heard(verb: Token, sent: Tokens) -> Attributed | None:
    """ "The trial heard that …": what somebody there said."""
    if lemma_of(verb) != "hear":
        return None
    subject = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
    clause = next((c for c in verb.rights if c.dep_ == "ccomp"), None)
    if subject is None or subject.lemma_.lower() not in _HEARINGS or clause is None or clause.i < verb.i:
        return None
    content = (clause.left_edge.i, extended(verb, clause.right_edge.i, sent))
    return Attributed("heard", verb, cue_tokens(verb), (content,), None, SPEECH)


def asked(verb: Token, sent: Tokens) -> Attributed | None:
    """ "Asked whether she would resign, Lind said no": what the verb's own subject is asked or told."""
    if (lemma_of(verb) not in _ASKED and lemma_of(verb) not in words("told")) or not is_passive(verb):
        return None
    made = Attributed("asked", verb, cue_tokens(verb), (), speaker_of(verb), SPEECH)
    for child in verb.rights:
        edge = child.left_edge
        if child.dep_ in _CLAUSES and (edge.lower_ in _MARKS - {"that"} or edge.tag_ in _WH) and edge.i > verb.i:
            return replace(made, content=((edge.i, child.right_edge.i),))
        if child.dep_ == "xcomp" and child.tag_ == "VB" and edge.lower_ in {"to", "not"}:
            return replace(made, content=((edge.i, child.right_edge.i),))
        if (
            child.dep_ == "prep"
            and child.lower_ == "about"
            and lemma_of(verb) in _ASKED
            and child.right_edge.i > child.i
        ):
            return replace(made, frame=TOPIC, content=((child.i, child.right_edge.i),))
    return None
