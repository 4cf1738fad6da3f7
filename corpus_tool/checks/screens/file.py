"""Screens of DOC1xx to DOC5xx and TXT1xx: the file, its ids, what became of its annotations."""

from __future__ import annotations

from corpus_tool.checks.check import Subject, document_of
from corpus_tool.model.schemas import BUILT_IN

#: A path with one of these may lead out of the corpus, or may not: the check knows.
_IN_ODD_PATHS = ("..", "\\", ":", "~", "\0", "//")


#: Statuses that keep no earlier suggestion, and those that do.
_SETTLED = {
    ("suggested", False), ("accepted", False), ("added", False), ("corrected", True), ("rejected", False),
    ("rejected", True),
}  # fmt: skip


def unvouched(subject: Subject) -> bool:
    """DOC101 to DOC301 but for DOC104, TXT1xx: the short way has answered all that they ask."""
    return subject.vouched is None


def nested(subject: Subject) -> bool:
    """DOC104: nothing but "was" and the attributes of a corpus's own layers can be nested deeply."""
    if subject.vouched is None or any(name not in BUILT_IN for name in subject.vouched.document.layers):
        return True
    return any(isinstance(value, dict | list) for p in subject.provenances if p.was for value in p.was.values())


def name_differs(subject: Subject) -> bool:
    """DOC302."""
    return subject.vouched is None or subject.name not in {None, subject.vouched.document.id}


def ids_or_statuses_at_odds(subject: Subject) -> bool:
    """DOC303, DOC401, DOC402."""
    if subject.vouched is None or len(set(subject.vouched.ids)) < len(subject.vouched.ids):
        return True
    # A rejected annotation may keep what was suggested, or not.
    ways = {(p.status, bool(p.was)) for p in subject.provenances}
    return not ways <= _SETTLED


def path_climbs(subject: Subject) -> bool:
    """DOC501."""
    article = document_of(subject).meta.article
    path = article.path if article is not None else None
    if path is None:
        return False
    return path[:1] in {"", "/"} or any(odd in path for odd in _IN_ODD_PATHS)
