"""Making an empty corpus."""

from __future__ import annotations

import os
import re
from pathlib import Path

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.corpus import CONFIG_FILE
from corpus_tool.model.ids import document_id
from corpus_tool.model.storage import is_remote

_TEMPLATE = Path(__file__).parent / "templates" / CONFIG_FILE


def init_corpus(root: Path, *, name: str | None = None) -> Path:
    """Makes ``root`` an empty corpus: a commented ``corpus.yaml``, ``articles/`` and ``documents/``.

    Args:
        root: the folder, made where it is missing; what lies in it is left alone.
        name: the corpus's short name; by default that of the folder.

    Returns:
        The path of ``corpus.yaml``.

    Raises:
        CorpusToolError: there is a ``corpus.yaml`` already, or the folder cannot be written.
    """
    path = root / CONFIG_FILE
    if path.exists():
        raise CorpusToolError(f"{path}: exists already; nothing was changed")
    if root.exists() and not root.is_dir():
        raise CorpusToolError(f"{root}: is not a folder")
    short = document_id(name or _name_of(root))[:96]
    title = re.sub(r"[-_.]+", " ", short).capitalize()
    try:
        for folder in ("articles", "documents"):
            (root / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusToolError(f"{root}: {error.strerror or error}") from error
    quoted = f'"{short}"' if re.fullmatch(r"[0-9].*|true|false|null", short) else short
    text = _TEMPLATE.read_text(encoding="utf-8").replace("{name}", quoted).replace("{title}", f'"{title}"')
    write_atomic(path, text)
    return path


def _name_of(root: Path) -> str:
    return root.name if is_remote(root) else os.path.basename(os.path.realpath(root))  # noqa: PTH119  # no error on a loop
