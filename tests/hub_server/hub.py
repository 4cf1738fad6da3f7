"""What one running Hub holds: where it keeps things, who may do what, which faults are set, what was asked."""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from pathlib import Path

from hub_server.accounts import Accounts
from hub_server.faults import Faults
from hub_server.log import Log
from hub_server.wire import RefusalError, Request


@dataclass(frozen=True)
class Hub:
    """``lock`` is held while a repository changes. Sizes are in bytes, ``page`` counts entries of a tree listing."""

    root: Path
    endpoint: str
    storage: str  # the address of LFS and Xet storage: another host name, as on the Hub
    accounts: Accounts
    log: Log
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    page: int = 1000
    regular_limit: int = 10_000_000
    part_size: int = 64_000_000

    def sign(self, text: str) -> str:
        """A signature for a storage address; who has the address needs no token."""
        return hmac.new(self.accounts.secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

    def check_signature(self, request: Request, text: str) -> None:
        """Refuse an address that :meth:`sign` did not sign.

        Raises:
            RefusalError: 403.
        """
        if request.parameters().get("signature") != self.sign(text):
            raise RefusalError(403, "The address is not signed")
