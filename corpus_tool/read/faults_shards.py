"""What can be said of raw shards and the document shards made of them: COR065 to COR067."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.diagnostics import Severity
from corpus_tool.diagnostics.fault import Fault

#: By name, in the order of the codes; a part of ``faults.FAULTS``.
SHARD_FAULTS: Mapping[str, Fault] = {
    "shard-not-converted": Fault(
        "COR065",
        Severity.ERROR,
        "mend what it names, then convert again: what is done is passed over",
        summary="A file of many articles was not converted, and its documents were left as they are.",
        why="the corpus lacks its articles, or has them in an older state; all other files were converted.",
        bad="an archive that may not be read; a shard of documents that somebody changed in the meantime.",
        good="the same file, readable, given to convert again.",
    ),
    "article-gone": Fault(
        "COR066",
        Severity.INFO,
        "take the document out yourself, or put its article back",
        summary="A document of a shard stays, though the file that its articles come from does not hold its article.",
        why=(
            "people have worked on it, or it is not certain that its article is gone: the file could not be read "
            "whole, or is not the one that the shard was made from."
        ),
        bad="a reviewed article that its publisher has taken out of the file.",
        good="the article in its file, or no document of it.",
    ),
    "document-removed": Fault(
        "COR067",
        Severity.INFO,
        "put the article back into its file to have the document made anew",
        summary="A document was taken out of its shard: its article is gone from the file, and nobody had reviewed it.",
        why="a corpus follows its articles; what only a machine has said of a text can be made anew from it.",
        bad="an article that its publisher has taken out of the file, without a person's annotation.",
        good="the article in its file.",
    ),
}
