"""What a figure claims of the counted thing: killed, wounded, detained, money, share, change, distance and more."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate.changes import is_change, share_or_change
from corpus_tool.annotate.counted import HEADLINE_VERBS
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.parsed import text_of
from corpus_tool.language.numbers import Quantity

if TYPE_CHECKING:
    from spacy.tokens import Token

_SUBJECTS = frozenset({"nsubj", "csubj"})
_OBJECTS = frozenset({"dobj", "obj", "nsubjpass", "oprd", "attr", "dative"})
#: Measures of people come before what their unit says; the rest goes by the unit.
_BY_UNIT = frozenset(["money", "distance", "area", "mass", "volume", "speed", "temperature", "duration", "age"])
_SUM = {"killed", "wounded"}
#: How far the climb from a number to the verb that governs it goes.
_LONGEST_CLIMB = 6


@cache
def _cues() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Verbs (lemma → measure, role of what is counted) and nouns or adjectives (lemma → measure)."""
    verbs: dict[str, tuple[str, str]] = {}
    others: dict[str, str] = {}
    for line in words("measure_cues"):
        lemma, measure, role = line.split()
        if role == "any":
            others[lemma] = measure
        else:
            verbs[lemma] = (measure, role)
    return verbs, others


def measure_of(quantity: Quantity, first: Token, last: Token, head: Token | None) -> str:
    """The measure of a figure.

    Args:
        quantity: the figure's number and unit.
        first: its first token.
        last: its last token.
        head: the noun that it counts, if any.
    """
    text, sentence = text_of(first.doc), first.sent.start_char
    if quantity.dimension == "temperature" and is_change(quantity, text, sentence):
        return "change"
    if quantity.dimension in _BY_UNIT:
        return quantity.dimension
    if quantity.dimension in ("percent", "share"):
        return share_or_change(quantity, text, sentence)
    if quantity.unit == "deg":
        return "temperature" if _WARMTH.search(first.sent.text) else "other"
    if quantity.unit != "count" or _is_magnitude(quantity, text):
        return "other"
    return _of_people(first, last, head) or "quantity"


_WARMTH = re.compile(
    r"\b(?:temperatures?|heat\w*|warm\w*|cold\w*|freez\w*|hot\w*|chill\w*|weather|climate|cool\w*|mercury|rain|sun|wind|snow|forecast\w*)\b",
    re.IGNORECASE,
)
_MAGNITUDE_AFTER = re.compile(r"[\s-]magnitude\b|\s+on\s+the\s+[\w\s-]{0,20}scale\b", re.IGNORECASE)
_MAGNITUDE_BEFORE = re.compile(r"\bmagnitude(?:\s+(?:of|was|at))?(?:\s+about)?\s+$|\bmagnitude-$", re.IGNORECASE)


def _is_magnitude(quantity: Quantity, text: str) -> bool:
    """Whether a number is that of an earthquake on its scale."""
    before = text[max(0, quantity.start - 24) : quantity.start]
    return bool(_MAGNITUDE_AFTER.match(text, quantity.end) or _MAGNITUDE_BEFORE.search(before))


def _of_people(first: Token, last: Token, head: Token | None) -> str | None:
    """Killed, wounded, detained …: by the counted noun, by the verb that governs it, by the noun of an event."""
    node = head or last
    return _of_noun(node) or _by_neighbours(first, last, node) or _by_governor(node, first, last)


def _of_noun(node: Token) -> str | None:
    """The measure that the counted noun gives, or what describes it: "12 deaths", "five wounded men"."""
    _, others = _cues()
    if node.lower_ == "lives" and (lost := _of_lives(node)):
        return lost
    if found := others.get(node.lemma_.lower()) or others.get(node.lower_):
        return _case(found, node)
    for child in node.children:
        if child.dep_ in ("amod", "acl", "acomp", "relcl", "compound", "advcl", "appos"):
            causes = child.dep_ == "acl" and child.tag_ == "VBG" and _has_object(child)
            if child.dep_ in ("amod", "acl") and not causes and (found := _by_participle(child)):
                return found
            if child.dep_ == "relcl" and (found := _by_clause(child)):
                return found
            if child.dep_ == "compound" and (found := others.get(child.lemma_.lower())):
                return _case(found, child)
    return None


def _case(measure: str, noun: Token) -> str | None:
    """The measure, but of "case" and "toll" only where the text speaks of a disease or of the dead."""
    lemma = noun.lemma_.lower()
    if lemma == "case":
        return measure if _DISEASE.search(noun.sent.text) else None
    if lemma == "toll":
        counts_up = noun.head.lemma_ in _OF_A_TOLL
        return measure if counts_up or _DEATH.search(noun.sent.text) else None
    return measure


_DISEASE = re.compile(
    r"\b(?:covid\S*|coronavirus|virus\w*|disease\w*|infect\w+|outbreak|epidemic|pandemic|cholera|ebola|measles|flu|influenza"
    r"|dengue|malaria|zika|polio|mpox|monkeypox|sars|mers|tested|patients?|health)\b",
    re.IGNORECASE,
)
#: What a death toll does, and what is charged on a road does not.
_OF_A_TOLL = frozenset(
    {"rise", "climb", "mount", "stand", "grow", "soar", "jump", "reach", "hit", "top", "pass", "exceed"}
)
_DEATH = re.compile(r"\b(?:death|dead|killed|died|fatalit\w+)\b", re.IGNORECASE)


def _by_participle(token: Token) -> str | None:
    """The measure that a participle or an adjective beside the noun gives, with what is joined to it by "or"."""
    found = _meaning(token)
    joined = {_meaning(other) for other in token.conjuncts if not _number_between(token, other)} | {found}
    return "casualties" if joined >= _SUM else found


def _by_clause(verb: Token) -> str | None:
    """The measure that a relative clause gives: "people who died", "people who were killed"."""
    verbs, _ = _cues()
    found = verbs.get(verb.lemma_.lower())
    if not found:
        return None
    passive = _is_passive(verb)
    subject = any(child.dep_ == "nsubj" for child in verb.children)
    return found[0] if passive or (found[1] == "subject" and subject) else None


def _meaning(token: Token) -> str | None:
    verbs, others = _cues()
    by_verb = verbs.get(token.lemma_.lower())
    return by_verb[0] if by_verb else others.get(token.lemma_.lower()) or others.get(token.lower_)


_BEFORE = frozenset(
    [
        "killing",
        "wounding",
        "injuring",
        "kidnapping",
        "abducting",
        "detaining",
        "arresting",
        "displacing",
        "evacuating",
        "infecting",
    ]
)


def _by_neighbours(first: Token, last: Token, node: Token) -> str | None:
    """Headline and list style: "40 killed", "nine wounded", "killing 40", "leaving 12 dead"."""
    doc = node.doc
    for token in doc[last.i + 1 if node.is_upper else node.i + 1 : node.i + 3]:
        if token.is_punct or token.pos_ in ("ADP", "CCONJ") or token.sent.start != node.sent.start:
            break
        if token.i == node.i + 1 and token.lower_ in HEADLINE_VERBS:
            return _meaning(token)
        headline = token.is_upper and len(token) > 2
        if (headline or token.tag_ in ("VBN", "JJ", "VBD", "NN", "NNS", "RB")) and _meaning(token):
            followed = doc[token.i + 1] if token.i + 1 < len(doc) else None
            has_object = followed is not None and (followed.like_num or followed.pos_ in ("NOUN", "DET"))
            if token.lemma_ in ("case", "toll") or (token.tag_ == "VBD" and has_object):
                continue
            return _by_participle(token)
    if first.i > 1 and first.nbor(-1).lower_ == "to" and first.nbor(-2).lower_ in ("vote", "votes"):
        return "votes"
    position = first.i - 1
    while position >= 0 and first.i - position <= 4 and doc[position].pos_ in ("ADV", "ADJ", "ADP", "DET", "SCONJ"):
        position -= 1
    if position >= 0 and doc[position].lower_ in _BEFORE:
        return _meaning(doc[position])
    return None


def _by_governor(node: Token, first: Token, number: Token) -> str | None:
    """The measure that the verb or the event noun gives which governs the number or its noun."""
    _, others = _cues()
    for _ in range(_LONGEST_CLIMB):
        parent, role = node.head, node.dep_
        if parent.i == node.i:
            return None
        if role in ("conj", "appos", "nummod", "compound", "quantmod", "amod", "nmod"):
            node = parent
            continue
        if role == "pobj":
            if parent.lower_ == "including":
                return _as_part_of(parent.head, first, number)
            if parent.head.pos_ in ("NOUN", "PROPN") and parent.lower_ in ("of", "to", "among"):
                if found := others.get(parent.head.lemma_.lower()):
                    return _case(found, parent.head)
                if parent.head.lower_ == "lives":
                    return _of_lives(parent.head)
                if parent.lower_ == "of" and first.i <= parent.head.i <= number.i:
                    node = parent.head
                    continue
            return _by_event_subject(parent.head) if parent.lower_ in _TO_A_TOTAL else None
        if parent.pos_ in ("VERB", "AUX"):
            return _by_verb(parent, role, node) or (_by_event_subject(parent) if role in _OBJECTS else None)
        return None
    return None


_TO_A_TOTAL = frozenset({"to", "at", "by", "past", "of", "above", "over", "beyond", "below", "under"})


def _as_part_of(whole: Token, first: Token, number: Token) -> str | None:
    """The measure of a part, from the whole: "40 people were killed, including nine troops"."""
    if whole.pos_ not in ("VERB", "AUX"):
        return _of_noun(whole) or _by_governor(whole, first, number)
    for child in whole.children:
        if child.dep_ in _OBJECTS | _SUBJECTS and (found := _by_verb(whole, child.dep_, child)):
            return found
    return None


def _of_lives(noun: Token) -> str | None:
    """Lives that are claimed, lost or taken are deaths."""
    return "killed" if noun.head.lemma_ in ("claim", "lose", "cost", "take") else None


@cache
def _phrases() -> dict[str, list[tuple[str, str, str, frozenset[str]]]]:
    """Verb lemma → measure, role of what is counted, relation of the other word, other words."""
    phrases: dict[str, list[tuple[str, str, str, frozenset[str]]]] = {}
    for line in sorted(words("measure_phrases")):
        lemma, measure, role, relation, *others = line.split()
        phrases.setdefault(lemma, []).append((measure, role, relation, frozenset(others)))
    return phrases


def _by_phrase(verb: Token, role: str, node: Token) -> str | None:
    """The measure that a verb gives together with its object, particle, negation or a preposition."""
    passive = _is_passive(verb)
    for measure, place, relation, others in _phrases().get(verb.lemma_.lower(), ()):
        if _fits(place, role, passive, verb) and _is_related(verb, relation, others, node, passive):
            return measure
    return None


def _is_related(verb: Token, relation: str, others: frozenset[str], node: Token, passive: bool) -> bool:
    """Whether the verb has one of the other words in that relation."""
    if relation == "counted":
        return node.lemma_.lower() in others
    for child in verb.children:
        lemma = child.lemma_.lower()
        if relation == "not":
            found = child.dep_ == "neg"
        elif relation == "object":
            found = child.dep_ in ("dobj", "attr") and lemma in others
        elif relation == "particle":
            found = child.dep_ in ("prt", "advmod") and child.lower_ in others
        elif relation == "do":
            found = child.dep_ in ("xcomp", "ccomp", "advcl") and lemma in others
        elif relation == "by" and not passive:
            found = child.dep_ == "nsubj" and lemma in others
        else:
            found = child.lower_ == relation and any(t.lemma_.lower() in others for t in child.subtree)
        if found:
            return True
    return False


def _is_passive(verb: Token) -> bool:
    return any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.children)


def _fits(place: str, role: str, passive: bool, verb: Token) -> bool:
    """Whether what is counted stands where the cue wants it."""
    as_object = role in _OBJECTS or (role in _SUBJECTS and passive)
    if place == "subject":
        return role in _SUBJECTS
    return as_object or (place == "either" and role in _SUBJECTS and not any(c.dep_ == "dobj" for c in verb.children))


def _by_verb(verb: Token, role: str, node: Token) -> str | None:
    if phrase := _by_phrase(verb, role, node):
        return phrase
    verbs, _ = _cues()
    found = verbs.get(verb.lemma_.lower())
    if found is None:
        return _by_complement(verb) if role in _OBJECTS | _SUBJECTS else None
    measure, place = found
    if verb.lemma_ == "miss" and (verb.tag_ != "VBG" or any(child.dep_ == "dobj" for child in verb.children)):
        return None  # "missed the bus", against "are missing"
    if not _fits(place, role, _is_passive(verb), verb):
        return None
    joined = [v for v in verb.conjuncts if not _has_object(v) and not _number_between(verb, v)]
    others = {verbs[v.lemma_.lower()][0] for v in joined if v.lemma_.lower() in verbs}
    return "casualties" if others | {measure} >= _SUM else measure


_COUNTING = frozenset({"dozen", "score", "hundred", "thousand", "other", "more"})


def _number_between(one: Token, other: Token) -> bool:
    between = one.doc[min(one.i, other.i) + 1 : max(one.i, other.i)]
    return any(t.like_num or t.lemma_.lower() in _COUNTING for t in between)


def _has_object(verb: Token) -> bool:
    return any(child.dep_ in ("dobj", "nsubjpass", "nsubj") for child in verb.children)


_CUSTODY = frozenset({"custody", "detention", "jail", "prison"})


def _by_complement(verb: Token) -> str | None:
    """The measure that a complement gives: "left 12 dead", "12 are missing", "12 remain in custody"."""
    if verb.lemma_ not in ("leave", "be", "remain", "go", "become", "report", "fear", "find", "list"):
        return None
    for child in verb.children:
        if child.dep_ in ("acomp", "oprd", "advcl", "ccomp", "xcomp", "attr") and (found := _meaning(child)):
            return _case(found, child)
        if child.dep_ == "prep" and child.lower_ == "in" and any(c.lower_ in _CUSTODY for c in child.children):
            return "detained"
    return None


def _by_event_subject(verb: Token) -> str | None:
    """The measure of an event noun beside the number's verb: "the death toll rose to 112"."""
    _, others = _cues()
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass", "dobj"):
            for noun in (child, *(t for t in child.subtree if t.dep_ in ("pobj", "compound", "conj"))):
                if found := others.get(noun.lemma_.lower()) or others.get(noun.lower_):
                    return _case(found, noun)
    return None
