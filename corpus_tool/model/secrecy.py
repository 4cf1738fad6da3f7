"""Keeping tokens out of what is printed: every message of a client passes here before anybody sees it."""

from __future__ import annotations

import os
import re
from pathlib import Path

_HIDDEN = "…"

#: Variables that the clients take secrets from, by the words in their names.
_VARIABLE = re.compile(r"TOKEN|SECRET|PASSWORD|ACCESS_KEY|API_KEY|CREDENTIAL", re.IGNORECASE)

#: Secrets by their form: tokens of the Hub, a header, user and password in an address, the signed part of an address.
_FORMS = (
    re.compile(r"(?<![A-Za-z0-9])(?:hf|api_org|hf_oauth|hf_jwt)_[A-Za-z0-9_.-]{8,}"),
    re.compile(r"(?i)(?<=bearer )[^\s'\",]+"),
    re.compile(r"(?<=://)[^\s/@'\"]+(?=@)"),
    re.compile(r"(?<=[?&])[^\s'\"<>]+"),
    re.compile(r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}"),
)


def masked(message: str, *secrets: str | None) -> str:
    """A message without tokens: those that are given, those of the environment, and whatever looks like one.

    Args:
        message: what a client says.
        secrets: tokens that are known, from the client's own store.
    """
    known = {value for name, value in os.environ.items() if _VARIABLE.search(name)}
    known.update(secret for secret in secrets if secret)
    for secret in sorted(known, key=len, reverse=True):
        if len(secret) >= 8 and not Path(secret).is_absolute():  # shorter ones, and paths, are no tokens
            message = message.replace(secret, _HIDDEN)
    for form in _FORMS:
        message = form.sub(_HIDDEN, message)
    return message
