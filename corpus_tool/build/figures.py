"""What is counted over the documents of a dataset, for its card, pictures and manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus_tool.build.features import TAGGED
from corpus_tool.model import Annotation, Document
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import Layer
from corpus_tool.stats import words_of


@dataclass
class Figures:
    """Counts over documents; two of them, over different documents, can be put together with ``add``.

    Attributes:
        documents: documents in the dataset.
        words: their words.
        kinds: annotations by layer and kind, "" for none.
        statuses: annotations by status, "" for none.
        annotators: annotations by annotator and status, "" where either is not told.
        languages: documents by language.
        spans: annotations by layer and split.
        days: documents by the date of publication as it is told: "2024", "2024-07" or "2024-07-01"; "" for none.
        shared_entities: entities that more than one annotation of a document refers to.
        ledger: what the tags of the config ``tokens`` cannot carry, by layer and reason.
        losses: what no config carries, by layer and reason.
    """

    documents: int = 0
    words: int = 0
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    annotators: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    spans: dict[str, Counter[str]] = field(default_factory=dict)
    days: Counter[str] = field(default_factory=Counter)
    shared_entities: int = 0
    ledger: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)

    def add(self, other: Figures) -> None:
        """Adds what was counted over other documents."""
        self.documents += other.documents
        self.words += other.words
        self.shared_entities += other.shared_entities
        for name in ("statuses", "annotators", "languages", "days", "ledger", "losses"):
            getattr(self, name).update(getattr(other, name))
        for name in ("kinds", "spans"):
            for layer, counts in getattr(other, name).items():
                getattr(self, name).setdefault(layer, Counter()).update(counts)


def count_document(
    figures: Figures, whole: Document, document: Document, split: str, layers: Mapping[str, Layer]
) -> None:
    """Counts one document.

    Args:
        figures: what was counted so far; it is changed.
        whole: the document as the corpus has it.
        document: the document as the dataset holds it (``rows.prepared``).
        split: the split that it goes into.
        layers: the layers of the corpus.
    """
    figures.documents += 1
    figures.words += words_of(document)
    figures.days[(document.meta.published or "")[:10]] += 1
    if document.meta.language:
        figures.languages[document.meta.language] += 1
    referred: Counter[str] = Counter()
    for name, annotations in document.layers.items():
        kinds = figures.kinds.setdefault(name, Counter())
        figures.spans.setdefault(name, Counter())[split] += len(annotations)
        for annotation in annotations:
            made = annotation.provenance
            status = (made.status if made else None) or ""
            kind = getattr(annotation, "kind", None) or getattr(annotation, "measure", None) or ""
            kinds[str(kind)] += 1
            figures.statuses[status] += 1
            figures.annotators[(made.annotator if made else None) or "", status] += 1
            referred[getattr(annotation, "entity", None) or ""] += 1
    del referred[""]
    figures.shared_entities += sum(1 for count in referred.values() if count > 1)
    figures.losses.update(_losses(whole, document, layers))


def _losses(whole: Document, document: Document, layers: Mapping[str, Layer]) -> Counter[str]:
    """What a document of the corpus has and no config of the dataset, by layer and reason."""
    losses: Counter[str] = Counter()
    kept = {annotation.id: annotation for annotations in document.layers.values() for annotation in annotations}
    for name, annotations in whole.layers.items():
        for annotation in annotations:
            made = annotation.provenance
            own = kept.get(annotation.id)
            if own is None:
                rejected = made is not None and made.status == "rejected"
                losses[f"{name}: {'rejected' if rejected else 'reviewed by nobody'}"] += 1
                continue
            if made is not None and made.was is not None:
                losses[f"{name}: what was suggested before a person corrected it (provenance.was)"] += 1
            if own is annotation:
                continue
            for key, spec in layers[name].attributes.items():
                lost = _links(annotation, key, spec) - _links(own, key, spec)
                if lost:
                    losses[f"{name}.{key}: link to an annotation that is left out"] += lost
    losses["relations: an end is left out"] += len(whole.relations) - len(document.relations)
    if whole.meta.article is not None:
        losses["documents: path and encoding of the article's file (meta.article)"] += 1
    return +losses


def _links(annotation: Annotation, key: str, spec: Mapping[str, object]) -> int:
    value, items = getattr(annotation, key), spec.get("items")
    if isinstance(value, str):
        return int("x-refers-to" in spec)
    return len(value) if isinstance(value, tuple | list) and isinstance(items, dict) and "x-refers-to" in items else 0


def untagged(figures: Figures) -> Counter[str]:
    """Annotations of the layers that have no column of tags in the config ``tokens``, by layer."""
    return +Counter({name: sum(kinds.values()) for name, kinds in figures.kinds.items() if name not in TAGGED})


def creators_of(figures: Figures) -> list[str]:
    """Who made the annotations, in the Hub's words for ``annotations_creators``."""
    if not sum(figures.statuses.values()):
        return ["no-annotation"]
    found = []
    if any(figures.statuses[status] for status in HUMAN_STATUSES):
        found.append("expert-generated")
    if figures.statuses["suggested"]:
        found.append("machine-generated")
    return found
