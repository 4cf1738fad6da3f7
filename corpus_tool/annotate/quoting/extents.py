"""How far a content reaches behind the clause or phrase that the parser gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool.annotate.quoting.attributed import Tokens

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Dependencies of what may follow a content and belong to it although the parser hung it on the cue.
_ADDENDA = frozenset({"prep", "advcl", "npadvmod", "advmod", "dative", "oprd", "xcomp"})
#: Subjects of a second clause that goes on the first.
_REMAINDERS = frozenset({"rest", "remainder", "others", "another"})
_CONJUNCTIONS = frozenset({"and", "but", "or"})
_MARKS = frozenset({"that", "whether"})


def extended(verb: Token, last: int, sent: Tokens) -> int:
    """The content's end with what follows and belongs to it although the parser hung it on the cue.

    Args:
        verb: the cue.
        last: the content's last token by the parser.
        sent: first and last token of the sentence.
    """
    doc = verb.doc
    while last + 1 <= sent[1]:
        token = doc[last + 1]
        top = token
        while top.head.i not in {verb.i, top.i} and top.head.i > last:
            top = top.head
        if top.head.i != verb.i or top.dep_ not in _ADDENDA or top.left_edge.i != last + 1:
            break
        last = top.right_edge.i
    return _resumed(verb, _coordinated(verb, last, sent), sent)


def _coordinated(verb: Token, last: int, sent: Tokens) -> int:
    """The content's end with a second clause about the rest of the first: "said ten died and the rest fled"."""
    for clause in verb.rights:
        if clause.dep_ != "conj" or clause.i <= last or clause.left_edge.i > last + 4:
            continue
        subject = next((c for c in clause.lefts if c.dep_ in {"nsubj", "nsubjpass"}), None)
        if subject is not None and subject.lower_ in _REMAINDERS and clause.right_edge.i <= sent[1]:
            return clause.right_edge.i
    return last


def _resumed(verb: Token, last: int, sent: Tokens) -> int:
    """The content's end with further clauses that begin with "and that" or "but that"."""
    doc = verb.doc
    while last + 3 <= sent[1]:
        at = last + 1
        if doc[at].text == ",":
            at += 1
        if doc[at].lower_ not in _CONJUNCTIONS or doc[at + 1].lower_ not in _MARKS or doc[at + 1].dep_ != "mark":
            break
        clause = doc[at + 1].head
        if clause.right_edge.i <= at + 1:
            break
        last = min(clause.right_edge.i, sent[1])
    return last
