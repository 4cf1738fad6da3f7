"""The Hub's own client: opened with the user's token, retried where it does not retry itself, its errors in a line.

``huggingface_hub`` retries uploads of content, preupload and listings by itself (429 and 5xx, with ``Retry-After``);
what it does not retry is done again here: looking at the repository, creating it, the commit, the tag.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from corpus_tool.model import CorpusToolError
from corpus_tool.model.secrecy import masked

if TYPE_CHECKING:
    from huggingface_hub import HfApi

T = TypeVar("T")

#: How often a call is made at most, and how many seconds a server can ask to be left alone between two.
ATTEMPTS = 5
LONGEST_WAIT = 60.0

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
#: The parent commit is no longer the head, or another operation is under way.
CONFLICTS = frozenset({409, 412})


def open_client(*, needs_token: bool = False) -> HfApi:
    """The Hub's client, with the token of ``HF_TOKEN`` or of ``hf auth login``, and without its progress and warnings.

    Args:
        needs_token: whether a missing token is refused here.

    Raises:
        CorpusToolError: there is no token, or the environment says that the Hub is not to be asked (HF_HUB_OFFLINE).
    """
    from huggingface_hub import HfApi, constants
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    if constants.is_offline_mode():
        raise CorpusToolError("HF_HUB_OFFLINE is set: the Hub is not asked; unset it to publish or to verify")
    if needs_token and token() is None:
        raise CorpusToolError("no token for the Hub: set HF_TOKEN, or log in with `hf auth login`")
    return HfApi(library_name="corpus-tool")


def token() -> str | None:
    """The user's token, as the client finds it."""
    from huggingface_hub import get_token

    return get_token()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that led to it: the client wraps what the Hub says in errors of its own."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


def _answered(error: BaseException) -> BaseException:
    """The error that holds the Hub's answer; the error itself where there was none."""
    return next((one for one in _chain(error) if getattr(one, "response", None) is not None), error)


def status_of(error: BaseException) -> int | None:
    """The HTTP status behind an error of the client, also where it wraps another; None where the connection failed."""
    response = getattr(_answered(error), "response", None)
    return int(response.status_code) if response is not None else None


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed later: too many requests, a server's own trouble, a broken connection."""
    status = status_of(error)
    return status in _TRANSIENT if status is not None else _is_network(error)


def _is_network(error: BaseException) -> bool:
    """Whether no answer came: the client of HTTP and Xet, or the operating system, says so."""
    for one in _chain(error):
        module = type(one).__module__.partition(".")[0]
        if module.startswith(("httpx", "httpcore", "hf_xet")) or isinstance(one, ConnectionError | TimeoutError):
            return True
    return "xet" in str(error).lower()


def retried(call: Callable[[], T]) -> T:
    """Makes a call that may be made again, up to ``ATTEMPTS`` times, waiting as long as the server asks in between."""
    attempt = 1
    while True:
        try:
            return call()
        except Exception as error:
            if attempt == ATTEMPTS or not is_transient(error):
                raise
            wait(error, attempt)
            attempt += 1


def wait(error: BaseException, attempt: int) -> None:
    """Waits before the next attempt: as ``Retry-After`` says, else 1, 2, 4 … seconds."""
    response = getattr(_answered(error), "response", None)
    asked = str(response.headers.get("retry-after", "")).strip() if response is not None else ""
    time.sleep(min(float(asked) if asked.isdigit() else 2.0 ** (attempt - 1), LONGEST_WAIT))


@contextmanager
def told(address: str, doing: str) -> Iterator[None]:
    """Turns whatever the client raises into one line for a person, without the token.

    Args:
        address: of the target.
        doing: what was being done: "look at", "upload to".
    """
    try:
        yield
    except CorpusToolError:
        raise
    except Exception as error:  # noqa: BLE001  # the client, its transport and Xet raise of many kinds
        message = masked(_line(error, address, doing), token())
        raise CorpusToolError(f"{address}: {message}") from None


def _line(error: Exception, address: str, doing: str) -> str:
    from huggingface_hub import errors

    status, answered = status_of(error), _answered(error)
    said = _said(answered)
    if isinstance(answered, errors.GatedRepoError):
        return "the dataset is gated: ask for access on its page, then run the command again"
    if status == 401 and "invalid" in said.lower():
        return "the Hub refuses the token: it is not valid, or no longer (HF_TOKEN, or `hf auth login`)"
    if isinstance(answered, errors.RevisionNotFoundError):
        return "there is no such version or commit"
    if isinstance(answered, errors.RepositoryNotFoundError) or status == 404:
        seen = "the token may not see it" if token() else "it is private, and there is no token (HF_TOKEN)"
        return f"there is no such dataset, or {seen}"
    if status in {401, 403}:
        owner = address.removeprefix("hf://datasets/").partition("/")[0]
        return f"the token may not {doing} it; it needs to be one with write access to {owner}{_added(said)}"
    if status in CONFLICTS:
        return "somebody changes the dataset at the same time; run the command again and look at the summary"
    if status == 429:
        return "the Hub has had too many requests; wait some minutes, then run the command again: it goes on from here"
    if status in _TRANSIENT:
        return f"the Hub answers {status}; run the command again later: it goes on from here{_added(said)}"
    if status is not None:
        return f"the Hub refuses to {doing} it with {status}{_added(said)}"
    if _is_network(error):
        return f"the connection broke ({_reason(error)}); run the command again: it goes on from here"
    return f"could not {doing} it: {_reason(error)}"


def _said(error: BaseException) -> str:
    """What the server says, on one line."""
    words = getattr(error, "server_message", None) or ""
    return " ".join(str(words).split())[:300]


def _added(said: str) -> str:
    return f" ({said})" if said else ""


def _reason(error: BaseException) -> str:
    *_, deepest = _chain(error)
    lines = str(deepest).strip().splitlines()
    return (lines[0] if lines else type(deepest).__name__)[:300]
