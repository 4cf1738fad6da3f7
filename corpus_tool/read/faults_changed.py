"""What can be said of articles that a corpus holds already, in this state or in another one: COR051 to COR055."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.diagnostics import Severity
from corpus_tool.diagnostics.fault import Fault

#: By name, in the order of the codes; a part of ``faults.FAULTS``.
CHANGED_FAULTS: Mapping[str, Fault] = {
    "article-twice": Fault(
        "COR051",
        Severity.WARNING,
        "nothing is to be done; convert --keep-duplicates makes a document of it all the same",
        summary="An article of the same address is in the corpus already, and was not written a second time.",
        why="one article counted twice is counted wrongly, and what is in the training data leaks into the test.",
        bad="``fire.html``, and its print view ``fire-print.html``.",
        good="one of the two.",
    ),
    "annotation-set-aside": Fault(
        "COR052",
        Severity.WARNING,
        "mark it in the new text if it still holds, then take its line out of the ledger",
        summary="An annotation of a person has no certain place in an article that has changed.",
        why="placed on a guess it would mark other words; it is kept in ``set-aside/``, out of the dataset.",
        bad="“40 people” accepted in a sentence that the newsroom has taken out.",
        good="the words as they were, with a word that is the same before or behind them.",
    ),
    "attribute-set-aside": Fault(
        "COR053",
        Severity.WARNING,
        "set it anew if it still holds, then take its line out of the ledger",
        summary="An annotation has lost a cue, a counted thing or a link, whose words changed or are gone.",
        why="a quote without its speaker is another claim than the one that was accepted.",
        bad="the speaker of an accepted quote, in a sentence that now says “a spokesman”.",
        good="the same speaker in the same words.",
    ),
    "annotation-beside-change": Fault(
        "COR054",
        Severity.INFO,
        "look at it again: what it says may have changed with the word",
        summary="An annotation of a person kept its place in a changed article, and the word beside it is another one.",
        why="the words are the same; a new word beside them may change what they mean.",
        bad="“Rosa Lind” accepted with the role in “Mayor Rosa Lind”, now “the former mayor, Rosa Lind”.",
        good="the same words around it.",
    ),
    "article-alike": Fault(
        "COR055",
        Severity.INFO,
        "keep one of the two, unless both are wanted",
        summary="An article says what a document of the corpus says, under another address or none.",
        why=(
            "two papers print an agency's report; both may be wanted, and in different splits they give each other "
            "away. It is written all the same: only a person can tell."
        ),
        bad="one report from two papers, word for word.",
        good="one of the two; or both, with splits that keep near duplicates together.",
    ),
}
