"""What is refused, in words for the reviewer; the server turns it into a status of HTTP."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818  # it is an answer, no error of the program
    """A request that is not carried out, and why; nothing was changed.

    Attributes:
        status: the status of HTTP that says so.
        code: a word for programs.
        more: further keys of the answer.
    """

    status = 400
    code = "not-understood"

    def __init__(self, message: str, **more: Any) -> None:
        super().__init__(message)
        self.more = more


class NotAllowed(Refusal):
    """Somebody asks who may not, or for what is not shown."""

    status = 403
    code = "refused"


class NotFound(Refusal):
    """There is no such thing."""

    status = 404
    code = "not-found"


class ReadOnly(Refusal):
    """A document that cannot be written here."""

    status = 409
    code = "read-only"


class ChangedElsewhere(Refusal):
    """The file is not the one that the edit was made for."""

    status = 412
    code = "changed-elsewhere"


class WouldBeWrong(Refusal):
    """An edit that was understood, and would leave an error in the document."""

    status = 422
    code = "would-be-wrong"
