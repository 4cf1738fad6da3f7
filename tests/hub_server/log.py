"""What was asked: one line of JSON a request, in which no token can be read."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hub_server.accounts import Accounts


class Log:
    """Requests in the order of their answers, logged before they are sent, in memory and in ``ROOT/log.jsonl``."""

    def __init__(self, path: Path, accounts: Accounts) -> None:
        self._path, self._accounts, self._lock = path, accounts, threading.Lock()
        self._entries: list[dict[str, Any]] = []

    def add(self, entry: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        """Log a request. ``token`` says whose token came (``alice:write``, ``unknown``, ``none``), ``leaks`` where one
        stood that has no business there: in the address or in another header.
        """
        shown = {name: self._masked(text) for name, text in headers.items() if name != "authorization"}
        leaks = [name for name, text in headers.items() if name != "authorization" and self._masked(text) != text]
        address = str(entry["address"])
        if self._masked(address) != address:
            leaks.append("address")
        whole = {
            **entry,
            "address": self._masked(address),
            "token": self._token(headers),
            "leaks": leaks,
            "headers": shown,
        }
        with self._lock:
            self._entries.append(whole)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(whole, ensure_ascii=False) + "\n")

    def entries(self) -> list[dict[str, Any]]:
        """All entries since the start or since :meth:`clear`."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget what was asked; the file keeps it."""
        with self._lock:
            self._entries.clear()

    def _masked(self, text: str) -> str:
        for token in self._accounts.tokens:
            text = text.replace(token, "<token>")
        return text

    def _token(self, headers: Mapping[str, str]) -> str:
        if "authorization" not in headers:
            return "none"
        token = headers["authorization"].partition(" ")[2].strip()
        if token.startswith("xet_"):
            return ":".join(token.split("_")[:2])
        return ":".join(self._accounts.tokens.get(token, ("unknown",)))
