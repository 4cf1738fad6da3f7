"""``croissant.json``: the dataset described in Croissant 1.1 (mlcommons.org/croissant), for tools that read it.

A set of files and a set of records a config. Readers of Croissant follow lists of structs one level deep; a list of
structs inside of one (fragments of an annotation, links of an entity) is left to the Parquet files, and each set of
records says which of its columns that concerns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool.model.corpus import CorpusConfig

if TYPE_CHECKING:
    from corpus_tool.build.card import Table

CROISSANT = "croissant.json"

Json = dict[str, Any]

#: The context of Croissant 1.1, as its specification gives it.
_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}

_TYPES = {"string": "sc:Text", "int64": "cr:Int64", "int32": "cr:Int32", "float64": "cr:Float64", "bool": "sc:Boolean"}


def render_croissant(config: CorpusConfig, tables: Sequence[Table]) -> str:
    """The text of ``croissant.json``.

    Args:
        config: ``corpus.yaml``; what it does not state is left out.
        tables: the configs that were written.
    """
    told = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": config.name,
        "alternateName": config.title,
        "description": config.description,
        "version": config.version,
        "license": license_address(config.license),
        "citeAs": config.citation,
        "creator": [{"@type": "sc:Organization", "name": name} for name in config.creators] or None,
        "datePublished": config.released,
        "url": config.url,
        "distribution": [_files(table.config) for table in tables],
        "recordSet": [_records(table) for table in tables],
    }
    return json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False, indent=2) + "\n"


def license_address(license_name: str) -> str:
    """Where a licence of SPDX's list stands; the name itself for "other" and the like."""
    from corpus_tool.checks.lic_terms import dataset_license

    spdx = dataset_license(license_name)
    return f"https://spdx.org/licenses/{spdx}.html" if spdx and " " not in spdx else license_name


def _files(config: str) -> Json:
    return {
        "@type": "cr:FileSet",
        "@id": f"{config}-files",
        "name": f"{config}-files",
        "description": f"The Parquet files of the config {config}.",
        "encodingFormat": "application/x-parquet",
        "includes": f"{config}/*.parquet",
    }


def _records(table: Table) -> Json:
    from corpus_tool.build.card import ROWS

    fields = [_split_field(table.config)]
    left_out: list[str] = []
    for name, feature in table.features.items():
        fields.append(_field(table.config, name, feature, left_out))
    description = f"A row is {ROWS[table.config]}."
    if left_out:
        description += f" In the Parquet files alone: {', '.join(left_out)}."
    return {
        "@type": "cr:RecordSet",
        "@id": table.config,
        "name": table.config,
        "description": description,
        "field": fields,
    }


def _split_field(config: str) -> Json:
    """The split, which the name of the file tells."""
    source = {
        "fileSet": {"@id": f"{config}-files"},
        "extract": {"fileProperty": "filename"},
        "transform": {"regex": r"^(.+?)-\d{5}-of-\d{5}\.parquet$"},
    }
    return {
        "@type": "cr:Field",
        "@id": f"{config}/split",
        "name": "split",
        "description": "The split that the row is in.",
        "dataType": ["sc:Text", "cr:Split"],
        "source": source,
    }


def _field(config: str, name: str, feature: Any, left_out: list[str]) -> Json:
    own = {"@type": "cr:Field", "@id": f"{config}/{name}", "name": name}
    source = {"fileSet": {"@id": f"{config}-files"}, "extract": {"column": name}}
    inner = _inner(feature)
    if inner is None:
        return {**own, "dataType": _type(feature), "source": source}
    array = {"isArray": True, "arrayShape": "-1"}
    if not isinstance(inner, dict):
        return {**own, "dataType": _type(inner), **array, "source": source}
    parts = []
    for path, kind in _leaves(inner):
        if kind is None:
            left_out.append(f"{name}/{'/'.join(path)}")
            continue
        json_path = ".".join(f"'{step}'" for step in path)
        parts.append(
            {
                "@type": "cr:Field",
                "@id": f"{config}/{name}/{'_'.join(path)}",
                "name": "_".join(path),
                "dataType": kind,
                "source": {**source, "transform": {"jsonPath": json_path}},
            }
        )
    return {**own, **array, "subField": parts}


def _leaves(fields: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Path and type of the values in a struct; None for a list of structs, which no reader follows."""
    for name, feature in fields.items():
        own, inner = (*path, name), _inner(feature)
        if isinstance(feature, dict):
            yield from _leaves(feature, own)
        elif inner is None:
            yield own, _type(feature)
        else:
            yield own, None if isinstance(inner, dict) or _inner(inner) is not None else _type(inner)


def _inner(feature: Any) -> Any:
    """What a list holds; None where the feature is no list."""
    return getattr(feature, "feature", None)


def _type(feature: Any) -> str:
    """The type of a plain value; labels are numbers."""
    return _TYPES.get(str(getattr(feature, "dtype", "string")), "sc:Text")
