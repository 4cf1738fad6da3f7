"""Other tools' formats: one file each, reading into and writing from the neutral middle (``foreign``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

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


def _read_brat(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.brat import read_brat

    return read_brat(path)


def _write_brat(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.brat_write import write_brat

    write_brat(documents, folder)


def _fit_brat(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.brat_write import fit_brat

    return fit_brat(document)


def _read_conll(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.conll import read_conll

    return read_conll(path)


def _write_conll(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.conll_write import write_conll

    write_conll(documents, folder)


def _fit_conll(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.conll_write import fit_conll

    return fit_conll(document)


def _read_conllu(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.conllu import read_conllu

    return read_conllu(path)


def _write_conllu(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.conllu_write import write_conllu

    write_conllu(documents, folder)


def _fit_conllu(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.conllu_write import fit_conllu

    return fit_conllu(document)


def _read_doccano(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.doccano import read_doccano

    return read_doccano(path)


def _write_doccano(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.doccano import write_doccano

    write_doccano(documents, folder)


def _fit_doccano(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.doccano import fit_doccano

    return fit_doccano(document)


def _read_label_studio(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.label_studio import read_label_studio

    return read_label_studio(path)


def _write_label_studio(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.label_studio_write import write_label_studio

    write_label_studio(documents, folder)


def _fit_label_studio(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.label_studio_write import fit_label_studio

    return fit_label_studio(document)


def _read_uima_cas(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.uima_cas import read_uima_cas

    return read_uima_cas(path)


def _write_uima_cas(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.uima_cas_write import write_uima_cas

    write_uima_cas(documents, folder)


def _write_uima_cas_json(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.uima_cas_write import write_uima_cas_json

    write_uima_cas_json(documents, folder)


def _fit_uima_cas(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.uima_cas_write import fit_uima_cas

    return fit_uima_cas(document)


def _read_webanno_tsv(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.webanno_tsv import read_webanno_tsv

    return read_webanno_tsv(path)


def _write_webanno_tsv(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.webanno_tsv_write import write_webanno_tsv

    write_webanno_tsv(documents, folder)


def _fit_webanno_tsv(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.webanno_tsv_write import fit_webanno_tsv

    return fit_webanno_tsv(document)


def _read_web_annotation(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.web_annotation import read_web_annotation

    return read_web_annotation(path)


def _write_web_annotation(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.web_annotation_write import write_web_annotation

    write_web_annotation(documents, folder)


def _fit_web_annotation(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.web_annotation_write import fit_web_annotation

    return fit_web_annotation(document)


def _read_hf(path: Path, settings: Mapping[str, str] | None = None) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.hf import read_hf

    return read_hf(path, settings or {})


def _read_tei(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.tei import read_tei

    return read_tei(path)


def _write_tei(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.tei_write import write_tei

    write_tei(documents, folder)


def _fit_tei(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.tei_write import fit_tei

    return fit_tei(document)


def _read_prodigy(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.prodigy import read_prodigy

    return read_prodigy(path)


def _write_prodigy(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.prodigy_write import write_prodigy

    write_prodigy(documents, folder)


def _fit_prodigy(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.prodigy_write import fit_prodigy

    return fit_prodigy(document)


def _read_spacy(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    from corpus_tool.formats.spacy import read_spacy

    return read_spacy(path)


def _write_spacy(documents: Iterable[ForeignDocument], folder: Path) -> None:
    from corpus_tool.formats.spacy_write import write_spacy

    write_spacy(documents, folder)


def _fit_spacy(document: ForeignDocument) -> Fitted:
    from corpus_tool.formats.spacy_write import fit_spacy

    return fit_spacy(document)


#: By name, sorted.
FORMATS: Mapping[str, Format] = {
    "brat": Format(
        "brat",
        "brat stand-off: a .txt with its .ann",
        (".ann",),
        _read_brat,
        _write_brat,
        _fit_brat,
        LabelMapping(relations={"Equiv": RelationRule(same_entity=True)}),
    ),
    "conll": Format(
        "conll",
        "CoNLL columns: a word a line, with tags in IOB1, IOB2 or BIOES",
        (".bio", ".bioes", ".conll", ".iob", ".iob2", ".tags"),
        _read_conll,
        _write_conll,
        _fit_conll,
        NAMED_ENTITIES,
        kind_in_label=True,
    ),
    "conllu": Format(
        "conllu",
        "CoNLL-U: entities in MISC as brackets of GUM and CorefUD, or as tags",
        (".conllu",),
        _read_conllu,
        _write_conllu,
        _fit_conllu,
        NAMED_ENTITIES,
        kind_in_label=True,
    ),
    "doccano": Format(
        "doccano",
        "doccano JSON lines: sequence labelling, with or without relations",
        (".jsonl", ".json"),
        _read_doccano,
        _write_doccano,
        _fit_doccano,
        kind_in_label=True,
    ),
    "hf": Format(
        "hf",
        "a dataset with spans or BIO tags: a folder, a file, or a name on the Hub; `build` writes one",
        (".parquet", ".jsonl", ".csv", ".arrow"),
        _read_hf,
        dataset_reader=_read_hf,
    ),
    "label-studio": Format(
        "label-studio",
        "Label Studio JSON: tasks with annotations and predictions; JSON-MIN is read as well",
        (".json", ".jsonl"),
        _read_label_studio,
        _write_label_studio,
        _fit_label_studio,
        several_annotators=True,
    ),
    "prodigy": Format(
        "prodigy",
        "Prodigy JSON lines: spans, relations and answers",
        (".jsonl", ".json"),
        _read_prodigy,
        _write_prodigy,
        _fit_prodigy,
        NAMED_ENTITIES,
        kind_in_label=True,
        several_annotators=True,
    ),
    "spacy": Format(
        "spacy",
        "spaCy DocBin: doc.spans and doc.ents",
        (".spacy",),
        _read_spacy,
        _write_spacy,
        _fit_spacy,
        NAMED_ENTITIES,
        kind_in_label=True,
    ),
    "tei": Format(
        "tei",
        "TEI P5: names, measures and speech in the text, persons and places in lists",
        (".xml", ".tei"),
        _read_tei,
        _write_tei,
        _fit_tei,
        TEI_MAPPING,
    ),
    "uima-cas": Format(
        "uima-cas",
        "UIMA CAS, of INCEpTION, WebAnno and DKPro: reads XMI and JSON, writes XMI",
        (".xmi", ".json"),
        _read_uima_cas,
        _write_uima_cas,
        _fit_uima_cas,
        UIMA_MAPPING,
    ),
    "uima-cas-json": Format(
        "uima-cas-json",
        "UIMA CAS: reads XMI and JSON, writes JSON",
        (".xmi", ".json"),
        _read_uima_cas,
        _write_uima_cas_json,
        _fit_uima_cas,
        UIMA_MAPPING,
    ),
    "web-annotation": Format(
        "web-annotation",
        "W3C Web Annotation JSON-LD, with the texts beside it",
        (".json", ".jsonld", ".jsonl"),
        _read_web_annotation,
        _write_web_annotation,
        _fit_web_annotation,
    ),
    "webanno-tsv": Format(
        "webanno-tsv",
        "WebAnno TSV 3, of WebAnno and INCEpTION",
        (".tsv",),
        _read_webanno_tsv,
        _write_webanno_tsv,
        _fit_webanno_tsv,
        UIMA_MAPPING,
    ),
}

__all__ = ["ALL", "FORMATS", "Fit", "Fitted", "ForeignReader", "ForeignWriter", "Format", "Holds", "fit"]
