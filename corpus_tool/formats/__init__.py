"""Other tools' formats: one file each, reading into and writing from the neutral middle (``foreign``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.fit import ALL, Fitted, Holds, fit
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.mapping import LabelMapping, RelationRule
from corpus_tool.formats.schemes import NAMED_ENTITIES
from corpus_tool.formats.tei_mapping import TEI_MAPPING
from corpus_tool.formats.uima import UIMA_MAPPING

#: From a path that a user named to the documents in it, and a diagnostic for everything that cannot be read.
ForeignReader = Callable[[Path], Iterator[ForeignDocument | Diagnostic]]
#: The same, of files whose columns have no fixed names: what the mapping's ``dataset`` says of them comes along.
DatasetReader = Callable[[Path, Mapping[str, str]], Iterator[ForeignDocument | Diagnostic]]
#: Writes documents that fit into a folder that is there and empty.
ForeignWriter = Callable[[Iterable[ForeignDocument], Path], None]
#: A document as a format can hold it, and what that loses.
Fit = Callable[[ForeignDocument], Fitted]


@dataclass(frozen=True)
class Format:
    """A format of another tool.

    Attributes:
        name: for ``--from`` and ``--to``.
        title: what it is, in a line.
        suffixes: of the files that a folder is searched for, in lower case; empty where a folder is the unit.
        reader: None where the format is not read.
        writer: None where the format is not written.
        fit: what the format cannot hold; runs before ``writer``.
        mapping: its own usual labels, over those of ``usual.USUAL``.
        kind_in_label: whether a span holds nothing but a label, which then names layer and kind.
        several_annotators: whether one file holds several annotators' work. Documents of one name then follow each
            other, and the writer gets them so; a format without it gets a folder an annotator.
        dataset_reader: takes the reader's place where the mapping says which columns are which.
    """

    name: str
    title: str
    suffixes: tuple[str, ...] = ()
    reader: ForeignReader | None = None
    writer: ForeignWriter | None = None
    fit: Fit = field(default=lambda document: fit(document, ALL))
    mapping: LabelMapping = field(default_factory=LabelMapping)
    kind_in_label: bool = False
    several_annotators: bool = False
    dataset_reader: DatasetReader | None = None


def _late(module: str, function: str) -> Any:
    """A function of a module of this room, which is imported when it is first called: some import heavy libraries."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"corpus_tool.formats.{module}"), function)(*arguments)

    return call


#: By name, sorted.
FORMATS: Mapping[str, Format] = {
    "brat": Format(
        "brat",
        "brat stand-off: a .txt with its .ann",
        (".ann",),
        _late("brat", "read_brat"),
        _late("brat_write", "write_brat"),
        _late("brat_write", "fit_brat"),
        LabelMapping(relations={"Equiv": RelationRule(same_entity=True)}),
    ),
    "conll": Format(
        "conll",
        "CoNLL columns: a word a line, with tags in IOB1, IOB2 or BIOES",
        (".bio", ".bioes", ".conll", ".iob", ".iob2", ".tags"),
        _late("conll", "read_conll"),
        _late("conll_write", "write_conll"),
        _late("conll_write", "fit_conll"),
        NAMED_ENTITIES,
        kind_in_label=True,
    ),
    "conllu": Format(
        "conllu",
        "CoNLL-U: entities in MISC as brackets of GUM and CorefUD, or as tags",
        (".conllu",),
        _late("conllu", "read_conllu"),
        _late("conllu_write", "write_conllu"),
        _late("conllu_write", "fit_conllu"),
        NAMED_ENTITIES,
        kind_in_label=True,
    ),
    "doccano": Format(
        "doccano",
        "doccano JSON lines: sequence labelling, with or without relations",
        (".jsonl", ".json"),
        _late("doccano", "read_doccano"),
        _late("doccano", "write_doccano"),
        _late("doccano", "fit_doccano"),
        kind_in_label=True,
    ),
    "hf": Format(
        "hf",
        "a dataset with spans or BIO tags: a folder, a file, or a name on the Hub; `build` writes one",
        (".parquet", ".jsonl", ".csv", ".arrow"),
        _late("hf", "read_hf"),
        dataset_reader=_late("hf", "read_hf"),
    ),
    "label-studio": Format(
        "label-studio",
        "Label Studio JSON: tasks with annotations and predictions; JSON-MIN is read as well",
        (".json", ".jsonl"),
        _late("label_studio", "read_label_studio"),
        _late("label_studio_write", "write_label_studio"),
        _late("label_studio_write", "fit_label_studio"),
        several_annotators=True,
    ),
    "prodigy": Format(
        "prodigy",
        "Prodigy JSON lines: spans, relations and answers",
        (".jsonl", ".json"),
        _late("prodigy", "read_prodigy"),
        _late("prodigy_write", "write_prodigy"),
        _late("prodigy_write", "fit_prodigy"),
        NAMED_ENTITIES,
        kind_in_label=True,
        several_annotators=True,
    ),
    "spacy": Format(
        "spacy",
        "spaCy DocBin: doc.spans and doc.ents",
        (".spacy",),
        _late("spacy", "read_spacy"),
        _late("spacy_write", "write_spacy"),
        _late("spacy_write", "fit_spacy"),
        NAMED_ENTITIES,
        kind_in_label=True,
    ),
    "tei": Format(
        "tei",
        "TEI P5: names, measures and speech in the text, persons and places in lists",
        (".xml", ".tei"),
        _late("tei", "read_tei"),
        _late("tei_write", "write_tei"),
        _late("tei_write", "fit_tei"),
        TEI_MAPPING,
    ),
    "uima-cas": Format(
        "uima-cas",
        "UIMA CAS, of INCEpTION, WebAnno and DKPro: reads XMI and JSON, writes XMI",
        (".xmi", ".json"),
        _late("uima_cas", "read_uima_cas"),
        _late("uima_cas_write", "write_uima_cas"),
        _late("uima_cas_write", "fit_uima_cas"),
        UIMA_MAPPING,
    ),
    "uima-cas-json": Format(
        "uima-cas-json",
        "UIMA CAS: reads XMI and JSON, writes JSON",
        (".xmi", ".json"),
        _late("uima_cas", "read_uima_cas"),
        _late("uima_cas_write", "write_uima_cas_json"),
        _late("uima_cas_write", "fit_uima_cas"),
        UIMA_MAPPING,
    ),
    "web-annotation": Format(
        "web-annotation",
        "W3C Web Annotation JSON-LD, with the texts beside it",
        (".json", ".jsonld", ".jsonl"),
        _late("web_annotation", "read_web_annotation"),
        _late("web_annotation_write", "write_web_annotation"),
        _late("web_annotation_write", "fit_web_annotation"),
    ),
    "webanno-tsv": Format(
        "webanno-tsv",
        "WebAnno TSV 3, of WebAnno and INCEpTION",
        (".tsv",),
        _late("webanno_tsv", "read_webanno_tsv"),
        _late("webanno_tsv_write", "write_webanno_tsv"),
        _late("webanno_tsv_write", "fit_webanno_tsv"),
        UIMA_MAPPING,
    ),
}

__all__ = ["ALL", "FORMATS", "Fit", "Fitted", "ForeignReader", "ForeignWriter", "Format", "Holds", "fit"]
