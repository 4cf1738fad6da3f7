"""What the labels of the usual schemes of named entities stand for, where they mark what no layer of ours does."""

from __future__ import annotations

from corpus_tool.formats.mapping import LabelMapping, SpanRule

#: CoNLL 2002 and 2003; OntoNotes, as spaCy's models have it; GUM and other treebanks with coreference. The other labels
#: of these schemes are among ``usual.USUAL``. A corpus with a layer of its own for one of them maps it there.
_DROPPED = {
    "neither an actor nor a location": (
        *("MISC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"),
        *("abstract", "animal", "object", "plant", "substance"),
    ),
    "dates, times and ordinals are no figures": ("DATE", "TIME", "ORDINAL"),
}

NAMED_ENTITIES = LabelMapping(
    spans={label: SpanRule(drop=reason) for reason, labels in _DROPPED.items() for label in labels}
)
