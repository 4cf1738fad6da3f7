"""LIC505 to LIC507: whether the words of the articles may be passed on at all.

A dataset that withholds the text passes none on, and has no findings here. A private repository is a copy on somebody
else's machine, so that the same holds for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.dataset.exp_folder import MANIFEST, Export
from corpus_tool.checks.dataset.export_check import ExportFinding, FolderCheck
from corpus_tool.checks.lic_terms import contradiction, dataset_license, is_told, is_understood, terms_of
from corpus_tool.diagnostics import Severity

_WITHHOLD = (
    "build with `build: {text: withheld}` in corpus.yaml, and readers put the text back with `rehydrate`; "
    "or, with the holder's permission, publish --rights-cleared REASON"
)
_POINTER = "/corpus/article_license"


def text_not_redistributable(export: Export) -> Iterator[ExportFinding]:
    """The licence of articles reserves all rights, and the dataset holds their words.

    Why it matters: nobody may pass such a text on; publishing it, in a private repository too, makes a copy that nobody
    allowed. Offsets and annotations without the words can be published.

    Bad: ``article_license: "© Strait Post, all rights reserved"`` and a dataset with its text.

    Good: ``build: {text: withheld}``; or ``publish --rights-cleared "contract of 2024-05-31"``.
    """
    for words, count in _licenses(export).items():
        terms = terms_of(words)
        if terms is not None and terms.reserved:
            message = f"{quoted(words)} does not allow the text of {_documents(count)} to be passed on"
            yield ExportFinding(message, MANIFEST, _POINTER, _WITHHOLD)


def rights_unclear(export: Export) -> Iterator[ExportFinding]:
    """The licence of articles is not told, or is none that is known here, and the dataset holds their words.

    Why it matters: without a licence nobody may pass a text on; whether these words may be, a person has to know.

    Bad: documents without ``license`` in a corpus without ``article_license``.

    Good: ``article_license: CC-BY-4.0``; or ``publish --rights-cleared "letter of the editor, 2024-05-31"``.
    """
    for words, count in _licenses(export).items():
        if not words:
            message = f"{_documents(count)} and corpus.yaml say no licence of the text"
            yield ExportFinding(message, MANIFEST, _POINTER, _WITHHOLD)
        elif not is_understood(words):
            message = (
                f"whether {quoted(words)} allows the text of {_documents(count)} to be passed on is not known here"
            )
            yield ExportFinding(message, MANIFEST, _POINTER, _WITHHOLD)


def rights_contradicted(export: Export) -> Iterator[ExportFinding]:
    """The dataset's licence grants what the licence of its articles forbids.

    Why it matters: the card promises rights that the publisher cannot give; whoever relies on it is in the wrong too.

    Bad: ``license: cc0-1.0`` over articles under CC-BY-NC-4.0.

    Good: ``license: cc-by-nc-4.0``, or the text withheld.
    """
    told = _told(export).get("license")
    own = dataset_license(told) if isinstance(told, str) else None
    for words, count in _licenses(export).items() if own else ():
        terms = terms_of(words)
        reason = None if terms is not None and terms.reserved else contradiction(words, own or "")
        if reason:
            message = f"the dataset's licence {quoted(str(told))} grants what {quoted(words)} does not: it {reason}"
            hint = "choose a licence as strict as the articles', or withhold the text"
            yield ExportFinding(f"{message} ({_documents(count)})", MANIFEST, "/corpus/license", hint)


def _told(export: Export) -> dict[str, Any]:
    """What ``corpus.yaml`` said, as the manifest keeps it."""
    found = (export.manifest or {}).get("corpus")
    return found if isinstance(found, dict) else {}


def _licenses(export: Export) -> Counter[str]:
    """How many documents each licence counts for, "" for none that is told; nothing where the text is withheld."""
    import pyarrow as pa

    found: Counter[str] = Counter()
    if export.is_withheld:
        return found
    article = _told(export).get("article_license")
    common = article.strip() if isinstance(article, str) and is_told(article) else ""
    for shard in export.configs.get("default", ()):
        try:
            values = shard.file.read(columns=["license"]).column(0).to_pylist()
        except (OSError, KeyError, IndexError, pa.ArrowException):
            values = [None] * shard.file.metadata.num_rows
        found.update(words.strip() if isinstance(words, str) and is_told(words) else common for words in values)
    if not found and export.shards:
        found[common] = 0  # no config has a row a document; the quotes and tokens are words of theirs all the same
    return found


def _documents(count: int) -> str:
    return "the articles" if not count else f"{count:,} document{'' if count == 1 else 's'}"


CHECKS = (
    FolderCheck("LIC505", "text-not-redistributable", Severity.ERROR, text_not_redistributable),
    FolderCheck("LIC506", "rights-unclear", Severity.WARNING, rights_unclear),
    FolderCheck("LIC507", "rights-contradicted", Severity.WARNING, rights_contradicted),
)
