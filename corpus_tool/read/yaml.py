"""YAML that people write by hand, read strictly: YAML 1.2 scalars, no anchors, no tags, no duplicate keys.

PyYAML by itself reads YAML 1.1, where ``language: no`` is False and ``12:30`` is 750, and lets duplicate keys pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from corpus_tool.diagnostics import Position

#: corpus.yaml of the largest kind (hundreds of ignores) has some 100 kB.
MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_NUMBERS = (
    (re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})"), int),
    (re.compile(r"[-+]?(?:[0-9]{1,18}[.][0-9]{0,18}|[.][0-9]{1,18})(?:[eE][-+]?[0-9]{1,3})?"), float),
)
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlError(Exception):
    """What is wrong with a YAML text, and where."""

    def __init__(self, message: str, position: Position) -> None:
        super().__init__(message)
        self.position = position


class Loaded(NamedTuple):
    """The value of a YAML text, and the position of every value in it by JSON Pointer."""

    value: Any
    positions: Mapping[str, Position]


def load_yaml(text: str) -> Loaded:
    """The value of one YAML document.

    Raises:
        YamlError: the text is too large, is not YAML, or uses what is not allowed.
    """
    if len(text) > MAX_BYTES:
        raise YamlError(f"larger than {MAX_BYTES // 1000} kB", Position(1, 1))
    try:
        _refuse_dangers(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        raise YamlError(error.problem or "not YAML", at) from error
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0], Position(1, 1)) from error
    positions: dict[str, Position] = {}
    return Loaded(_value(node, "", positions) if node is not None else None, positions)


def _refuse_dangers(text: str) -> None:
    """Goes through the events without building anything, and stops at the first that could grow or run."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        at = _at(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError("anchors (&) and aliases (*) are not allowed", at)
        tag = getattr(event, "tag", None)
        if tag:
            raise YamlError(f"the tag {tag} is not allowed", at)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise YamlError(f"nested deeper than {MAX_DEPTH} levels", at)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _at(mark: Any) -> Position:
    return Position(mark.line + 1, mark.column + 1)


def _value(node: Any, pointer: str, positions: dict[str, Position]) -> Any:
    positions[pointer] = _at(node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.style else _plain(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, f"{pointer}/{i}", positions) for i, child in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key_node, child in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError("a key is a word", _at(key_node.start_mark))
        key = key_node.value
        if key in mapping:
            raise YamlError(f"the key {key!r} stands here twice", _at(key_node.start_mark))
        mapping[key] = _value(child, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", positions)
    return mapping


def _plain(value: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2: true, false, null and decimal numbers; all else is a string."""
    if value in _WORDS:
        return _WORDS[value]
    for pattern, number in _NUMBERS:
        if pattern.fullmatch(value):
            return number(value)
    return value
