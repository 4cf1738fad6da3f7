"""A layer of a corpus's own, with an attribute of every type of column."""

from __future__ import annotations

from typing import Any

STANCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["for", "against"]},
        "about": {"type": "string", "x-refers-to": "actors"},
        "all": {"type": "array", "items": {"type": "string", "x-refers-to": "actors"}},
        "strength": {"type": "number"},
        "count": {"type": "integer"},
        "sure": {"type": "boolean"},
        "either": {"type": ["number", "string"]},
        "trigger": {"$ref": "urn:corpus-tool:document:1#/$defs/span"},
        "triggers": {"type": "array", "items": {"$ref": "urn:corpus-tool:document:1#/$defs/span"}},
        "tree": {"type": "object"},
    },
}
