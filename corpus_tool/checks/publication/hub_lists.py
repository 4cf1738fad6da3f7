"""What the Hub lists for the cards of datasets, as far as cards of text need it.

Tasks: huggingface.js, packages/tasks/src/pipelines.ts. The other keys: the Hub's documentation of dataset cards
(huggingface.co/docs/hub/datasets-cards) and its editor of metadata.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Tasks on text, and the ids under each.
TASKS: Mapping[str, tuple[str, ...]] = {
    "fill-mask": ("slot-filling", "masked-language-modeling"),
    "multiple-choice": ("multiple-choice-qa", "multiple-choice-coreference-resolution"),
    "question-answering": ("extractive-qa", "open-domain-qa", "closed-domain-qa"),
    "sentence-similarity": (),
    "summarization": ("news-articles-summarization", "news-articles-headline-generation"),
    "text-classification": (
        "acceptability-classification", "entity-linking-classification", "fact-checking", "hate-speech-detection",
        "intent-classification", "language-identification", "multi-class-classification",
        "multi-input-text-classification", "multi-label-classification", "natural-language-inference",
        "semantic-similarity-classification", "semantic-similarity-scoring", "sentiment-analysis",
        "sentiment-classification", "sentiment-scoring", "text-scoring", "topic-classification",
    ),
    "text-generation": ("conversational", "dialogue-generation", "dialogue-modeling", "language-modeling"),
    "text-ranking": (),
    "text-retrieval": (
        "document-retrieval", "entity-linking-retrieval", "fact-checking-retrieval", "utterance-retrieval",
    ),
    "token-classification": (
        "coreference-resolution", "lemmatization", "named-entity-recognition", "parsing", "part-of-speech",
        "word-sense-disambiguation",
    ),
    "translation": (),
    "zero-shot-classification": (),
}  # fmt: skip

#: Upper bounds of the size categories, in rows; a larger dataset is "n>1T".
SIZES: tuple[tuple[int, str], ...] = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"),
    (100_000_000_000, "10B<n<100B"),
    (1_000_000_000_000, "100B<n<1T"),
)

#: Values of the other keys that are closed lists.
VALUES: Mapping[str, frozenset[str]] = {
    "annotations_creators": frozenset(
        {"crowdsourced", "expert-generated", "found", "machine-generated", "no-annotation", "other"}
    ),
    "language_creators": frozenset({"crowdsourced", "expert-generated", "found", "machine-generated", "other"}),
    "multilinguality": frozenset({"monolingual", "multilingual", "other", "translation"}),
    "size_categories": frozenset({name for _, name in SIZES} | {"n>1T", "unknown"}),
    "task_categories": frozenset(TASKS),
    "task_ids": frozenset(name for names in TASKS.values() for name in names),
}


def size_category(rows: int) -> str:
    """The Hub's size category of so many rows."""
    return next((name for bound, name in SIZES if rows < bound), "n>1T")
