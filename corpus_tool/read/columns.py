"""Which column, or which key of a JSON line, holds what: the text, the title, the date of an article."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from corpus_tool.model import CorpusToolError

#: What a column may be mapped to: the id, the text, and the keys of ``meta`` that articles state themselves.
FIELDS = ("id", "text", "title", "language", "source", "url", "published", "authors", "license")


def parse_columns(words: Iterable[str]) -> dict[str, str]:
    """The mapping that ``text=body,title=headline`` spells: columns by field.

    Raises:
        CorpusToolError: a part is no ``FIELD=COLUMN``, a field does not exist, or stands twice.
    """
    found: dict[str, str] = {}
    for part in (part for word in words for part in word.split(",")):
        field, equals, column = part.partition("=")
        if not equals or not column.strip():
            raise CorpusToolError(f"--map {part!r}: is not FIELD=COLUMN, such as text=body")
        _add(found, field.strip(), column.strip(), "--map")
    return found


def read_columns(path: Path) -> dict[str, str]:
    """The mapping of a YAML file, ``text: body`` a line; for columns with a comma or "=" in their names.

    Raises:
        CorpusToolError: the file cannot be read, or is no such mapping.
    """
    from corpus_tool.read.faults import ReadError
    from corpus_tool.read.files import read_file
    from corpus_tool.read.yaml import MAX_BYTES, YamlError, load_yaml

    try:
        value = load_yaml(read_file(path, limit=MAX_BYTES).data.decode("utf-8-sig")).value
    except UnicodeDecodeError as error:
        raise CorpusToolError(f"{path}: is not UTF-8") from error
    except ReadError as error:
        raise CorpusToolError(f"{path}: {error}") from error
    except YamlError as error:
        raise CorpusToolError(f"{path}:{error.position.line}:{error.position.column}: {error}") from error
    if not isinstance(value, dict) or not all(isinstance(column, str) and column for column in value.values()):
        raise CorpusToolError(f"{path}: is not a mapping of fields to columns, such as `text: body`")
    found: dict[str, str] = {}
    for field, column in value.items():
        _add(found, field, column, str(path))
    return found


def _add(found: dict[str, str], field: str, column: str, place: str) -> None:
    if field not in FIELDS:
        message = (
            f"{place}: there is no field {field!r}{did_you_mean(field, FIELDS)}; the fields are {', '.join(FIELDS)}"
        )
        raise CorpusToolError(message)
    if field in found:
        raise CorpusToolError(f"{place}: the field {field!r} is given twice")
    found[field] = column


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``, did you mean 'body'?`` where a known name looks like ``name``; else nothing."""
    names = [n for n in known if len(n) <= 100][:1000]
    folded = {n.casefold(): n for n in names}
    close = difflib.get_close_matches(name.casefold()[:100], folded, 1, cutoff=0.6)
    return f", did you mean {folded[close[0]]!r}?" if close else ""
