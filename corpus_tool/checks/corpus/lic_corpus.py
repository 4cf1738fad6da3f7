"""LIC4xx: rights and provenance of a corpus as a whole: what is missing, mixed, or against the dataset's licence.

What an article lacks is told once for the corpus, with a count: corpus.yaml may say it for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from corpus_tool.checks.check import quoted
from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding
from corpus_tool.checks.corpus.survey import Survey, Use
from corpus_tool.checks.lic_names import meant_license, spdx_expression
from corpus_tool.checks.lic_terms import contradiction, dataset_license, is_hub_license, is_told, is_understood
from corpus_tool.diagnostics import Severity
from corpus_tool.model.corpus import CONFIG_FILE

#: How many licences a message lists.
_LISTED = 5


def license_missing(survey: Survey) -> Iterator[CorpusFinding]:
    """Documents say no licence, corpus.yaml has no ``article_license``, and the dataset's licence grants rights in all.

    Why it matters: without a licence nobody may pass a text on; the dataset would be published without a right to. A
    dataset under ``license: other`` or ``unknown`` grants nothing, and is no finding.

    Bad: ``"meta": {"title": "…"}`` and a corpus.yaml with ``license: cc-by-4.0`` alone, which is the dataset's.

    Good: ``"license": "CC-BY-4.0"`` in the document, or ``article_license: CC-BY-4.0`` in corpus.yaml.
    """
    if survey.config is None or is_told(survey.config.article_license) or not dataset_license(survey.config.license):
        return
    untold = [use for words, use in survey.licenses.items() if not is_told(words)]
    if untold:
        yield _missing(survey, sum(use.count for use in untold), untold[0], "licence", "article_license")


def language_missing(survey: Survey) -> Iterator[CorpusFinding]:
    """Documents do not say their language, and corpus.yaml has no ``language``.

    Why it matters: rules for a language apply where it is known; the dataset card cannot list it, and nobody finds it.

    Bad: ``"meta": {"title": "…"}`` and a corpus.yaml without ``language``.

    Good: ``"language": "en"`` in the document, or ``language: en`` in corpus.yaml.
    """
    if survey.config is not None and not survey.config.language and (use := survey.untold.get("language")):
        yield _missing(survey, use.count, use, "language", "language")


def source_missing(survey: Survey) -> Iterator[CorpusFinding]:
    """Documents have neither ``source`` nor ``url``, and corpus.yaml has no ``source``.

    Why it matters: nobody can weigh a claim without knowing who printed it, or ask the publisher for the rights.

    Bad: ``"meta": {"title": "…"}`` and a corpus.yaml without ``source``.

    Good: ``"source": "The Strait Post"`` in the document, or ``source: The Strait Post`` in corpus.yaml.
    """
    if survey.config is not None and not survey.config.source and (use := survey.untold.get("source")):
        yield _missing(survey, use.count, use, "source", "source")


def date_missing(survey: Survey) -> Iterator[CorpusFinding]:
    """Most documents say when the article was published, and others do not.

    Why it matters: order in time, copies of one report and leaks between splits are found by the date. A corpus whose
    sources give no dates is no finding.

    Bad: 90 documents with ``published`` and 10 without.

    Good: ``"published": "2024-05-31"`` in every document.
    """
    use = survey.untold.get("published")
    if use is not None and 2 * use.count < len(survey):
        message = f"{use.count} of {len(survey)} documents do not say when they were published, this one first"
        yield CorpusFinding(message, use.document, "/meta", "add published where it is known")


def licenses_mixed(survey: Survey) -> Iterator[CorpusFinding]:
    """The articles stand under several licences.

    Why it matters: who uses the dataset as a whole must keep to all of them; the card has one licence only.

    Bad: 20 articles under CC-BY-4.0 and 4 under CC-BY-NC-4.0, and nobody knows.

    Good: one licence; or several, the card's ``limits`` say so, and an ``ignore`` in corpus.yaml gives that as reason.
    """
    counts: dict[str, int] = defaultdict(int)
    for words, use in _licenses(survey).items():
        counts[spdx_expression(words) or meant_license(words) or words] += use.count
    if len(counts) > 1:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{quoted(words)} ({count})" for words, count in ordered[:_LISTED])
        more = f" and {len(ordered) - _LISTED} more" if len(ordered) > _LISTED else ""
        message = f"the articles stand under {len(ordered)} licences: {listed}{more}"
        yield _of_corpus(survey, message, hint="say in corpus.yaml's limits that each row's licence counts")


def license_conflict(survey: Survey) -> Iterator[CorpusFinding]:
    """The licence of articles forbids what the dataset's licence grants.

    Why it matters: the card promises rights that the publisher cannot give; whoever relies on it is in the wrong too.

    Bad: ``license: cc0-1.0`` in corpus.yaml, and articles under CC-BY-NC-4.0 or "all rights reserved".

    Good: ``license: cc-by-nc-4.0``; or the articles left out.
    """
    own = dataset_license(survey.config.license) if survey.config is not None else None
    if survey.config is None or own is None:
        return
    for words, use in _licenses(survey).items():
        reason = contradiction(words, own)
        if reason:
            granting = f"the dataset's licence {quoted(survey.config.license)} grants"
            message = f"{granting} what {quoted(words)} does not: it {reason}"
            yield _of_articles(survey, use, message, "choose a licence as strict as the articles', or leave them out")


def license_unclear(survey: Survey) -> Iterator[CorpusFinding]:
    """Whether an article's licence goes with the dataset's cannot be told: it is not in the table of known ones.

    Why it matters: a contradiction would not be reported either; a person has to read that licence.

    Bad: ``"license": "free for research, ask us"`` in a corpus under cc-by-4.0.

    Good: the SPDX identifier, where there is one; else an ``ignore`` in corpus.yaml that says who read the licence.
    """
    own = dataset_license(survey.config.license) if survey.config is not None else None
    if own is None:
        return
    for words, use in _licenses(survey).items():
        if not is_understood(words):
            message = f"whether {quoted(words)} allows what the dataset's licence {own} grants is not known here"
            yield _of_articles(survey, use, message, "read the licence; an ignore in corpus.yaml can say who did")


def dataset_license_unknown(survey: Survey) -> Iterator[CorpusFinding]:
    """The licence in corpus.yaml is none that the Hub or SPDX knows.

    Why it matters: the Hub shows the card with a warning and cannot filter by it; contradictions cannot be found.

    Bad: ``license: CC BY``

    Good: ``license: cc-by-4.0``; for one that has no identifier ``license: other``.
    """
    if survey.config is not None and not is_hub_license(survey.config.license):
        meant = meant_license(survey.config.license)
        hint = (
            f'did you mean "{meant.lower()}"?' if meant else 'the Hub spells them like "cc-by-4.0"; "other" for others'
        )
        message = f"the dataset's licence {quoted(survey.config.license)} is not known to the Hub or to SPDX"
        yield _of_corpus(survey, message, "/license", hint)


def _licenses(survey: Survey) -> dict[str, Use]:
    """The licences that count for the articles: their own, or where they tell none, corpus.yaml's."""
    found: dict[str, Use] = {}
    for words, use in survey.licenses.items():
        own = words if is_told(words) else (survey.config.article_license if survey.config else None)
        if own and is_told(own):
            kept = found.setdefault(own, Use(use.document, 0))
            kept.count += use.count
            kept.document = min(kept.document, use.document)
    return found


def _missing(survey: Survey, count: int, first: Use, what: str, key: str) -> CorpusFinding:
    verb = "says" if count == 1 else "say"
    message = f"{count} of {len(survey)} documents {verb} no {what}, this one first, and {CONFIG_FILE} has no {key}"
    return CorpusFinding(message, first.document, "/meta", f"write {key} into {CONFIG_FILE} if one holds for all")


def _of_corpus(survey: Survey, message: str, pointer: str = "", hint: str = "") -> CorpusFinding:
    if survey.root is None:
        return CorpusFinding(message, 0, hint=hint)
    return CorpusFinding(message, pointer=pointer, hint=hint, path=CONFIG_FILE)


def _of_articles(survey: Survey, use: Use, message: str, hint: str) -> CorpusFinding:
    """A finding at the first document of a licence, or at corpus.yaml where that says it for all."""
    own = next((words for words, kept in survey.licenses.items() if kept.document == use.document), "")
    if not is_told(own):
        return _of_corpus(survey, message, "/article_license", hint)
    more = f" ({use.count} documents, this one first)" if use.count > 1 else ""
    return CorpusFinding(message + more, use.document, "/meta/license", hint)


CORPUS_CHECKS = (
    CorpusCheck("LIC401", "license-missing", Severity.WARNING, license_missing),
    CorpusCheck("LIC402", "language-missing", Severity.WARNING, language_missing),
    CorpusCheck("LIC403", "source-missing", Severity.INFO, source_missing),
    CorpusCheck("LIC404", "date-missing", Severity.INFO, date_missing),
    CorpusCheck("LIC405", "licenses-mixed", Severity.INFO, licenses_mixed),
    CorpusCheck("LIC406", "license-conflict", Severity.WARNING, license_conflict),
    CorpusCheck("LIC407", "license-unclear", Severity.INFO, license_unclear),
    CorpusCheck("LIC408", "dataset-license-unknown", Severity.WARNING, dataset_license_unknown),
)
