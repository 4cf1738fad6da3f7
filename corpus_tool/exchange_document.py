"""One foreign document as one of ours: completed, and held against the schema so that nothing invalid is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tool.checks.run import Checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.exchange_complete import complete, settle_speaker
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.incoming import Incoming, from_foreign, unfit_character
from corpus_tool.formats.ledger import Loss
from corpus_tool.formats.mapping import LabelMapping
from corpus_tool.formats.values import sound
from corpus_tool.model import FORMAT, Article, Block, Document, sha256_of
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.schemas import JsonObject, base_schema
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.text import title_of


@dataclass(frozen=True)
class Imported:
    """What became of a foreign document; ``document`` is None where it cannot be one at all."""

    document: Document | None
    diagnostics: tuple[Diagnostic, ...]
    losses: tuple[Loss, ...] = ()


def document_of(
    source: ForeignDocument,
    key: str,
    tool: str,
    mapping: LabelMapping,
    layers: Sequence[str],
    checker: Checker,
    options: ReadOptions,
) -> Imported:
    """A foreign document as one of ours.

    Args:
        source: the document.
        key: the id that it gets.
        tool: the name of its format.
        mapping: what labels stand for.
        layers: the layers that were annotated; those without an annotation are there and empty.
        checker: the schema.
        options: what holds for all articles of the corpus.
    """
    wrong = unfit_character(source.text) or (None if source.text.strip() else "no words")
    if wrong is not None:
        told = f"the text of {source.name!r} holds {wrong}"
        return Imported(None, (import_fault("import-file-unreadable", source.path, told, line=source.line),))
    incoming = from_foreign(source, mapping, checker.layers, tool)
    blocks = _blocks(source, incoming)
    complete(incoming.text, blocks, incoming.layers)
    raw: JsonObject = {
        "schema": FORMAT,
        "id": key,
        "meta": {},
        "text": incoming.text,
        "text_sha256": sha256_of(incoming.text),
        "blocks": [],
        "entities": sound(incoming.entities),
        "relations": sound(incoming.relations),
        "layers": {
            name: sound(incoming.layers.get(name, [])) for name in checker.layers if name in {*layers, *incoming.layers}
        },
    }
    diagnostics = [*incoming.diagnostics, *_without_wrong(raw, incoming, source, checker)]
    document = document_from_json(raw, checker.layers)
    losses = tuple(Loss(lost.what, "", lost.id, key, "", lost.why) for lost in incoming.lost)
    return Imported(_headed(document, source, blocks, options), tuple(diagnostics), losses)


def _blocks(source: ForeignDocument, incoming: Incoming) -> tuple[Block, ...]:
    if source.blocks is None:
        return find_blocks(incoming.text)
    moved = incoming.moved.moved
    kinds = base_schema()["$defs"]["block"]["properties"]["kind"]["enum"]
    return tuple(
        Block(start=moved(b.start), end=moved(b.end), kind=b.kind if b.kind in kinds else "paragraph")
        for b in source.blocks
    )


def _headed(document: Document, source: ForeignDocument, blocks: tuple[Block, ...], options: ReadOptions) -> Document:
    """The document with its blocks and ``meta``."""
    from msgspec.structs import replace

    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    properties = base_schema()["$defs"]["meta"]["properties"]
    for field, value in sound(source.meta).items():
        if field == "authors" and not isinstance(value, str | int | float):
            known[field] = tuple(map(str, value))
        elif field in properties and properties[field].get("type") == "string" and _fits(value, properties[field]):
            known[field] = value
        else:
            extra[field] = value if isinstance(value, str | int | float) else ", ".join(map(str, value))
    known.setdefault("title", title_of(document.text, blocks))
    if "source_id" not in known and source.name != document.id:
        known["source_id"] = sound(source.name)
    article = Article(path=options.recorded_path(source.article or source.path), media_type=source.media_type)
    return replace(document, blocks=blocks, meta=options.meta(**known, article=article, extra=extra))


def _fits(value: object, spec: Mapping[str, Any]) -> bool:
    pattern = spec.get("pattern", "").removeprefix("^").removesuffix("$")
    return isinstance(value, str) and (not pattern or re.fullmatch(pattern, value) is not None)


def _without_wrong(raw: JsonObject, incoming: Incoming, source: ForeignDocument, checker: Checker) -> list[Diagnostic]:
    """Takes out, in place, what the schema refuses and what then leads nowhere; tells each."""
    found: list[Diagnostic] = []
    while not checker.validator.is_valid(raw):
        # one at a time: what is taken out moves what stands behind it
        error = min(checker.validator.iter_errors(raw), key=lambda e: [str(step) for step in e.instance_path])
        path = list(error.instance_path)
        rows = raw["layers"][path[1]] if path[0] == "layers" else raw[path[0]]
        number, inner = (path[2], path[3:]) if path[0] == "layers" else (path[1], path[2:])
        row = rows[number]
        what = path[1] if path[0] == "layers" else path[0]
        told = f"{what} {row.get('text') or row.get('name') or row['id']!r}: {_says(error, inner, what, checker)}"
        line = incoming.lines.get(row["id"], source.line)
        found.append(import_fault("import-value-invalid", source.path, told[:300], line=line))
        if inner and inner[0] not in _required(what, checker):
            del row[inner[0]]
        else:
            del rows[number]
    found += _without_loose_ends(raw, incoming, source, checker)
    return found


def _says(error: Any, inner: Sequence[Any], layer: str, checker: Checker) -> str:
    """What the schema refuses, without the JSON of a whole annotation."""
    branches = checker.layers[layer].schema.get("anyOf", []) if layer in checker.layers else []
    keys = [key for branch in branches for key in branch.get("required", ())]
    if not inner and keys and "anyOf" in error.message:
        return f"needs {' or '.join(keys)}"
    return " ".join([*map(str, inner), error.message])


def _required(layer: str, checker: Checker) -> set[str]:
    own = checker.layers[layer].schema.get("required", []) if layer in checker.layers else ["kind", "name", "type"]
    return {"id", "start", "end", "text", "from", "to", *own}


def _without_loose_ends(
    raw: JsonObject, incoming: Incoming, source: ForeignDocument, checker: Checker
) -> list[Diagnostic]:
    """Takes links out, in place, whose target was taken out."""
    ids = {row["id"] for rows in raw["layers"].values() for row in rows} | {e["id"] for e in raw["entities"]}
    found = []
    for name, rows in raw["layers"].items():
        for row in rows:
            for attribute in checker.layers[name].references:
                value = row.get(attribute)
                targets = [value] if isinstance(value, str) else list(value or ())
                gone = [target for target in targets if target not in ids]
                if not gone:
                    continue
                told = f"{name} {row['id']}: {attribute} leads to {gone[0]}, which was left out or is not there"
                line = incoming.lines.get(row["id"], source.line)
                found.append(import_fault("import-link-broken", source.path, told, line=line))
                rest = [target for target in targets if target in ids]
                if isinstance(value, list) and rest:
                    row[attribute] = rest
                else:
                    del row[attribute]
            if name == "quotes":
                settle_speaker(row)
    for relation in raw["relations"]:
        if not {relation["from"], relation["to"]} <= ids:
            told = f"relation {relation['type']} {relation['id']}: an end of it was left out"
            line = incoming.lines.get(relation["id"], source.line)
            found.append(import_fault("import-link-broken", source.path, told, line=line))
    raw["relations"] = [r for r in raw["relations"] if {r["from"], r["to"]} <= ids]
    return found
