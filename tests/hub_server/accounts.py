"""Accounts, their tokens, and what a token may do with a repository: the Hub's 401, 403 and 404."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hub_server.store import Repository, read_repository
from hub_server.wire import Answer, RefusalError, Request, json_answer

if TYPE_CHECKING:
    from hub_server.hub import Hub

# (account, role of its token): alice owns things, bob is everybody else
TOKENS = (("alice", "write"), ("alice", "read"), ("bob", "write"))
ORGANISATIONS = {"newsroom": ("alice",)}
INVALID_TOKEN = "Invalid credentials in Authorization header"


@dataclass(frozen=True)
class Accounts:
    """``tokens`` is (account, role) by token; ``secret`` signs storage addresses."""

    tokens: dict[str, tuple[str, str]]
    secret: str

    def token(self, account: str, role: str = "write") -> str:
        """The token of an account with a role."""
        return next(token for token, held in self.tokens.items() if held == (account, role))


def open_accounts(root: Path) -> Accounts:
    """The accounts kept in ``ROOT/tokens.json``, made at the first start: a restart keeps the tokens valid."""
    path = root / "tokens.json"
    if not path.exists():
        tokens = {f"hf_{secrets.token_hex(17)}": [account, role] for account, role in TOKENS}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"tokens": tokens, "secret": secrets.token_hex(16)}, file)
    held = json.loads(path.read_bytes())
    return Accounts({token: (account, role) for token, (account, role) in held["tokens"].items()}, held["secret"])


def authenticate(accounts: Accounts, authorization: str | None) -> tuple[str | None, str]:
    """The account and role behind an ``Authorization`` header; (None, "") without one.

    Raises:
        RefusalError: 401, there is no such token.
    """
    if not authorization:
        return None, ""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or token.strip() not in accounts.tokens:
        raise RefusalError(401, INVALID_TOKEN)
    return accounts.tokens[token.strip()]


def whoami(hub: Hub, request: Request) -> Answer:
    """``GET /api/whoami-v2``."""
    if request.user is None:
        raise RefusalError(401, INVALID_TOKEN)
    organisations = [{"type": "org", "name": name} for name in sorted(namespaces(request.user) - {request.user})]
    token = {"displayName": "test", "role": request.role}
    user = {"type": "user", "id": request.user, "name": request.user, "fullname": request.user.title()}
    return json_answer({**user, "orgs": organisations, "auth": {"type": "access_token", "accessToken": token}})


def namespaces(user: str | None) -> set[str]:
    """The names under which an account may create repositories."""
    return {name for name, members in ORGANISATIONS.items() if user in members} | ({user} if user else set())


def readable(hub: Hub, request: Request, repo_id: str, *, content: bool = False) -> Repository:
    """The repository, where the asker may see it, and its ``content`` where that is gated.

    Raises:
        RefusalError: 401 or 404 ``RepoNotFound``, which does not tell a private one from none; 401 or 403
            ``GatedRepo``.
    """
    repository = read_repository(hub.root, repo_id)
    owned = repo_id.partition("/")[0] in namespaces(request.user)
    if repository is None or (repository.private and not owned):
        raise RefusalError(404 if request.user else 401, "Repository not found", "RepoNotFound")
    if content and repository.gated and not owned and request.user not in repository.granted:
        message = f"Access to dataset {repo_id} is restricted. You must have access to it and be authenticated."
        raise RefusalError(403 if request.user else 401, message, "GatedRepo")
    return repository


def writable(hub: Hub, request: Request, repo_id: str) -> Repository:
    """The repository, where the asker may change it.

    Raises:
        RefusalError: as :func:`readable`; 401 without a token, 403 with one that may not.
    """
    repository = readable(hub, request, repo_id)
    check_namespace(request, repo_id.partition("/")[0])
    return repository


def check_namespace(request: Request, namespace: str) -> None:
    """Refuse who may not write under a name.

    Raises:
        RefusalError: 401 without a token, 403 with one that may not.
    """
    if request.user is None:
        raise RefusalError(401, "Invalid username or password.")
    if namespace not in namespaces(request.user) or request.role != "write":
        message = f'You don\'t have the required permissions to perform this action under the namespace "{namespace}"'
        raise RefusalError(403, message)
