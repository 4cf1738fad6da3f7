"""Names of reviewers, and of annotators' folders."""

from __future__ import annotations

import getpass
import os
import re

#: The environment's variable that holds a reviewer's name.
VARIABLE = "CORPUS_TOOL_ANNOTATOR"

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def is_annotator_name(name: str) -> bool:
    """Whether a folder below ``annotators/`` may be called so."""
    return _FOLDER.fullmatch(name) is not None


def reviewer_name(as_annotator: str | None) -> str:
    """Whose word edits are when nobody says: whose copies are edited, else the environment's, else the login's."""
    if as_annotator:
        return as_annotator
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process without a login
        return "reviewer"
