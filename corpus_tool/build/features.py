"""The columns of each config, as ``datasets.Features``; those of the layers follow from the layers' schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corpus_tool.model import CorpusToolError
from corpus_tool.model.schemas import JsonObject, Layer

if TYPE_CHECKING:
    from datasets import Features

#: BIO tags, in their order; the layers that have a column of tags are ``TAGGED``.
TAGS = ("O", "B", "I")
TAGGED = ("actors", "locations", "figures")


def features_of(config: str, layers: Mapping[str, Layer]) -> Features:
    """The columns of a config.

    Args:
        config: default, tokens, quotes or figures.
        layers: the layers of the corpus, by name.
    """
    from datasets import ClassLabel, Features, List, Value

    text, number, position, flag = Value("string"), Value("float64"), Value("int64"), Value("bool")
    fragments = List({"start": position, "end": position})
    span = {"start": position, "end": position, "text": text, "fragments": fragments}
    source = {"document": text, "title": text, "published": text, "source": text}
    if config == "default":
        columns = {
            "id": text,
            **dict.fromkeys(("title", "language", "source", "url", "published", "license", "source_id"), text),
            "authors": List(text),
            "text": text,
            "text_sha256": text,
            "blocks": List({"start": position, "end": position, "kind": text}),
            "entities": List(
                {
                    "id": text,
                    "kind": text,
                    "name": text,
                    "aliases": List(text),
                    "links": List({"register": text, "id": text}),
                    "lat": number,
                    "lon": number,
                    "link_score": number,
                    "link_method": text,
                    "extra": text,
                }
            ),
            "relations": List({"id": text, "type": text, "from": text, "to": text, "extra": text}),
        }
        taken = sorted({*columns, "extra"} & layers.keys())
        if taken:
            raise CorpusToolError(f"layer {taken[0]}: the dataset has a column of that name; rename the layer")
        own = {name: List(_annotation(layer, span, fragments)) for name, layer in layers.items()}
        return Features({**columns, **own, "extra": text})
    if config == "tokens":
        tag = ClassLabel(names=list(TAGS))
        return Features(
            {
                "document": text,
                "block": Value("int32"),
                "block_kind": text,
                "tokens": List(text),
                "starts": List(position),
                "ends": List(position),
                **{name: List(tag) for name in TAGGED},
            }
        )
    speaker = {"speaker": text, "speaker_kind": text, "speaker_entity": text, "speaker_name": text}
    own = {**source, "id": text, "start": position, "end": position, "text": text, "status": text}
    if config == "quotes":
        return Features(
            {
                **own,
                "fragments": fragments,
                "kind": text,
                "attitude": text,
                "cue": text,
                **speaker,
                "anonymous": flag,
                "co_speakers": List(text),
                "speaker_status": text,
                "parent": text,
                "before": text,
                "after": text,
            }
        )
    return Features(
        {
            **own,
            "value": number,
            "min": number,
            "max": number,
            "modifier": text,
            "unit": text,
            "measure": text,
            "counted": text,
            "quote": text,
            "quote_text": text,
            "cue": text,
            **speaker,
            "place": text,
            "place_entity": text,
            "place_name": text,
            "lat": number,
            "lon": number,
            "sentence": text,
        }
    )


def _annotation(layer: Layer, span: Mapping[str, Any], fragments: Any) -> dict[str, Any]:
    from datasets import Value

    text, position = Value("string"), Value("int64")
    return {
        "id": text,
        "start": position,
        "end": position,
        "text": text,
        "fragments": fragments,
        **{name: _attribute(spec, span) for name, spec in layer.attributes.items()},
        "extra": text,
        "status": text,
        "annotator": text,
        "score": Value("float64"),
    }


def _attribute(spec: JsonObject, span: Mapping[str, Any]) -> Any:
    """The column type of one attribute; what has no plain type is carried as JSON in a string."""
    from datasets import List, Value

    if str(spec.get("$ref", "")).endswith("#/$defs/span"):
        return dict(span)
    kind = spec.get("type")
    if kind == "array":
        return List(_attribute(spec.get("items", {}), span))
    return Value({"number": "float64", "integer": "int64", "boolean": "bool"}.get(str(kind), "string"))
