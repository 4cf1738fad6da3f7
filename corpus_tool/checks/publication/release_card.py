"""EXP211 to EXP213: the card's metadata against what the Hub lists, without asking the Hub."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.dataset.exp_folder import CARD, Export
from corpus_tool.checks.dataset.export_check import ExportFinding, FolderCheck
from corpus_tool.checks.lic_languages import fault_of_tag
from corpus_tool.checks.lic_terms import is_hub_license
from corpus_tool.checks.publication.hub_lists import TASKS, VALUES, size_category
from corpus_tool.diagnostics import Severity

#: Keys without which the Hub shows a warning, or nobody finds the dataset.
_WANTED = ("license", "language", "pretty_name", "size_categories", "task_categories")


def card_value_unlisted(export: Export) -> Iterator[ExportFinding]:
    """The card's metadata have a value that the Hub does not list.

    Why it matters: the Hub shows a warning on the dataset's page, or the filter that should find the dataset does not.

    Bad: ``task_ids: [ner]``, ``size_categories: [small]``, ``license: cc-by``

    Good: ``task_ids: [named-entity-recognition]``
    """
    card = export.card or {}
    for key, listed in VALUES.items():
        for value in _values(card.get(key)):
            if value not in listed:
                yield _unlisted(key, value)
    tasks = set(_values(card.get("task_categories")))
    for value in _values(card.get("task_ids")):
        above = next((task for task, ids in TASKS.items() if value in ids), None)
        if above is not None and above not in tasks:
            message = f"the card's task id {quoted(value)} belongs to {quoted(above)}, which task_categories lacks"
            yield ExportFinding(message, CARD, "/task_ids")
    for value in _values(card.get("license")):
        if not is_hub_license(value):
            yield _unlisted("license", value)
    if card.get("license") == "other" and not (card.get("license_name") or card.get("license_link")):
        yield ExportFinding("the card's licence is other, and license_name does not say which", CARD, "/license")
    for value in _values(card.get("language")):
        fault = fault_of_tag(value)
        if fault is not None or "-" in value:
            told = fault.message if fault else f"{quoted(value)} is a tag; the Hub lists codes of ISO 639 here"
            yield ExportFinding(f"the card's language: {told}", CARD, "/language")


def card_key_missing(export: Export) -> Iterator[ExportFinding]:
    """The card's metadata lack a key that the Hub filters by.

    Why it matters: the dataset is not found by language, licence, task or size.

    Bad: a card without ``language``.

    Good: ``language`` in corpus.yaml or in the documents, and the dataset built again.
    """
    if export.card is not None:
        for key in _WANTED:
            if not _values(export.card.get(key)):
                yield ExportFinding(
                    f"the card's metadata have no {key}", CARD, hint="say it in corpus.yaml; build again"
                )


def card_size_differs(export: Export) -> Iterator[ExportFinding]:
    """The card's size category is not that of the documents that the dataset holds.

    Why it matters: filters by size find the dataset where it is not, or do not find it where it is.

    Bad: ``size_categories: [1M<n<10M]`` over 24 documents.

    Good: ``size_categories: [n<1K]``
    """
    told = _values((export.card or {}).get("size_categories"))
    shards = export.configs.get("default", ())
    if not told or not shards or not set(told) <= VALUES["size_categories"]:
        return
    rows = sum(shard.file.metadata.num_rows for shard in shards)
    if told != [size_category(rows)]:
        message = f"the card's size category is {', '.join(told)}, {rows:,} documents are {size_category(rows)}"
        yield ExportFinding(message, CARD, "/size_categories")


def _unlisted(key: str, value: str) -> ExportFinding:
    return ExportFinding(f"the card's {key} has {quoted(value)}, which the Hub does not list", CARD, f"/{key}")


def _values(found: Any) -> list[str]:
    """The strings of a key that holds one or a list of them."""
    items = found if isinstance(found, list) else [found]
    return [item for item in items if isinstance(item, str) and item.strip()]


CHECKS = (
    FolderCheck("EXP211", "card-value-unlisted", Severity.WARNING, card_value_unlisted),
    FolderCheck("EXP212", "card-key-missing", Severity.INFO, card_key_missing),
    FolderCheck("EXP213", "card-size-differs", Severity.WARNING, card_size_differs),
)
