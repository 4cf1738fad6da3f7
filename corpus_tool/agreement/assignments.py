"""``assignments.jsonl``: who annotates which document, a line a document, in the order of the ids."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.schemas import read_schema, schema_folder

#: The file, beside ``corpus.yaml``.
ASSIGNMENTS_FILE = "assignments.jsonl"


@dataclass(frozen=True)
class Assignment:
    """Who annotates a document (names of folders in ``annotators/``, in alphabetical order), and its words."""

    document: str
    annotators: tuple[str, ...]
    words: int


def read_assignments(root: Path) -> dict[str, Assignment]:
    """The assignments of a corpus by document; none where there is no file.

    Raises:
        CorpusToolError: the file cannot be read, or a line is wrong; the message says which.
    """
    import jsonschema_rs

    path = root / ASSIGNMENTS_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusToolError(f"{path}: cannot be read ({error})") from error
    validator = jsonschema_rs.Draft202012Validator(read_schema(schema_folder() / "assignment.schema.json"))
    found: dict[str, Assignment] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        raw = _line(line, f"{path}:{number}", validator)
        if raw["document"] in found:
            raise CorpusToolError(f"{path}:{number}: {raw['document']} stands on an earlier line already")
        found[raw["document"]] = Assignment(raw["document"], tuple(sorted(raw["annotators"])), raw["words"])
    return found


def write_assignments(root: Path, assignments: Iterable[Assignment]) -> None:
    """Writes the assignments, atomically.

    Raises:
        CorpusToolError: the file cannot be written, or is a symbolic link.
    """
    path = root / ASSIGNMENTS_FILE
    if path.is_symlink():
        raise CorpusToolError(f"{path}: is a symbolic link; nothing is written through links")
    lines = (json.dumps(asdict(one), ensure_ascii=False) for one in sorted(assignments, key=lambda one: one.document))
    write_atomic(path, "".join(f"{line}\n" for line in lines))


def _line(line: str, place: str, validator: Any) -> Any:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusToolError(f"{place}: is not JSON ({error})") from error
    wrong = next(iter(validator.iter_errors(raw)), None)
    if wrong is not None:
        where = "/".join(map(str, wrong.instance_path))
        raise CorpusToolError(f"{place}: {f'{where}: ' if where else ''}{wrong.message}")
    return raw
