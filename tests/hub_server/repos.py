"""Repositories as a whole: create, delete, settings, what they are, their branches, tags and history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hub_server.accounts import check_namespace, readable, writable
from hub_server.hub import Hub
from hub_server.store import (
    Commit,
    File,
    Repository,
    blob_path,
    delete_repository,
    find_commit,
    lfs_pointer,
    new_repository,
    read_repository,
    write_repository,
)
from hub_server.wire import Answer, RefusalError, Request, is_true, json_answer


def create(hub: Hub, request: Request) -> Answer:
    """``POST /api/repos/create``; 409 where it exists, whose visibility then stays what it is."""
    wanted = request.json()
    if wanted.get("type") != "dataset":
        raise RefusalError(400, "This Hub keeps dataset repositories alone")
    namespace = wanted.get("organization") or request.user or ""
    check_namespace(request, namespace)
    repo_id = f"{namespace}/{wanted['name']}"
    url = f"{hub.endpoint}/datasets/{repo_id}"
    with hub.lock:
        if read_repository(hub.root, repo_id):
            told = {"error": f"You already created this dataset repo: {repo_id}", "url": url}
            return json_answer(told, status=409)
        private = _wants_private(wanted) and not request.ignored
        write_repository(hub.root, new_repository(hub.root, repo_id, private=private, author=request.user or ""))
    return json_answer({"url": url, "name": repo_id, "id": repo_id})


def delete(hub: Hub, request: Request) -> Answer:
    """``DELETE /api/repos/delete``."""
    wanted = request.json()
    repo_id = f"{wanted.get('organization') or request.user}/{wanted['name']}"
    with hub.lock:
        writable(hub, request, repo_id)
        delete_repository(hub.root, repo_id)
    return Answer(body=b"OK")


def change_settings(hub: Hub, request: Request, repo: str) -> Answer:
    """``PUT …/settings``: visibility and gating."""
    wanted = request.json()
    with hub.lock:
        repository = writable(hub, request, repo)
        if not request.ignored and ("visibility" in wanted or "private" in wanted):
            repository = replace(repository, private=_wants_private(wanted))
        if "gated" in wanted:
            repository = replace(repository, gated=wanted["gated"] or "")
        write_repository(hub.root, repository)
    return json_answer({"private": repository.private, "gated": repository.gated or False})


def grant_access(hub: Hub, request: Request, repo: str) -> Answer:
    """``POST …/user-access-request/grant``: let an account into a gated repository."""
    user = request.json()["user"]
    with hub.lock:
        repository = writable(hub, request, repo)
        write_repository(hub.root, replace(repository, granted=(*repository.granted, user)))
    return json_answer({"username": user, "status": "accepted"})


def check_access(hub: Hub, request: Request, repo: str) -> Answer:
    """``GET …/auth-check``, with ``/write`` or without: may the asker?"""
    if request.path.endswith("/write"):
        writable(hub, request, repo)
    else:
        readable(hub, request, repo, content=True)
    return Answer()


def tell(hub: Hub, request: Request, repo: str, revision: str = "main") -> Answer:
    """``GET /api/datasets/OWNER/NAME[/revision/REVISION]``."""
    repository = readable(hub, request, repo)
    commit = find_commit(repository, revision)
    card = card_metadata(hub, commit)
    blobs = is_true(request.parameters(), "blobs")
    told = {
        "_id": repo,
        "id": repo,
        "author": repo.partition("/")[0],
        "sha": commit.oid,
        "createdAt": repository.created,
        "lastModified": find_commit(repository, "main").date,
        "private": repository.private,
        "gated": repository.gated or False,
        "disabled": False,
        "downloads": 0,
        "likes": 0,
        "tags": [f"license:{card['license']}"] if "license" in card else [],
        "cardData": card,
        "siblings": [_sibling(path, file, blobs=blobs) for path, file in commit.files.items()],
    }
    return json_answer(told)


def tell_refs(hub: Hub, request: Request, repo: str) -> Answer:
    """``GET …/refs``."""
    repository = readable(hub, request, repo)

    def told(references: Any, folder: str) -> list[dict[str, str]]:
        return [{"name": name, "ref": f"refs/{folder}/{name}", "targetCommit": oid} for name, oid in references.items()]

    refs = {"branches": told(repository.branches, "heads"), "tags": told(repository.tags, "tags"), "converts": []}
    return json_answer({**refs, "pullRequests": []} if is_true(request.parameters(), "include_prs") else refs)


def tell_commits(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``GET …/commits/REVISION``: the history, newest first."""
    repository = readable(hub, request, repo)
    history = []
    commit: Commit | None = find_commit(repository, revision)
    while commit:
        named = {"id": commit.oid, "title": commit.title, "message": commit.message, "date": commit.date}
        history.append({**named, "authors": [{"user": commit.author}]})
        commit = repository.commits[commit.parent] if commit.parent else None
    return json_answer(history)


def create_tag(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``POST …/tag/REVISION``; 409 where the tag exists."""
    wanted = request.json()
    with hub.lock:
        repository = writable(hub, request, repo)
        name, oid = wanted["tag"], find_commit(repository, revision).oid
        if name in repository.tags:
            raise RefusalError(409, f"Tag reference exists already: {name}")
        messages = {**repository.tag_messages, name: wanted.get("message") or ""}
        write_repository(hub.root, replace(repository, tags={**repository.tags, name: oid}, tag_messages=messages))
    return Answer(status=201)


def delete_tag(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``DELETE …/tag/TAG``."""
    with hub.lock:
        repository = writable(hub, request, repo)
        write_repository(hub.root, replace(repository, tags=_without(repository.tags, revision, "Tag")))
    return Answer()


def create_branch(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``POST …/branch/BRANCH``, from ``startingPoint`` or main; 409 where it exists."""
    start = (request.json() or {}).get("startingPoint", "main")
    with hub.lock:
        repository = writable(hub, request, repo)
        if revision in repository.branches:
            raise RefusalError(409, f"Reference already exists: refs/heads/{revision}")
        branches = {**repository.branches, revision: find_commit(repository, start).oid}
        write_repository(hub.root, replace(repository, branches=branches))
    return Answer(status=201)


def delete_branch(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``DELETE …/branch/BRANCH``; main stays."""
    with hub.lock:
        repository = writable(hub, request, repo)
        if revision == "main":
            raise RefusalError(403, "Cannot delete the main branch")
        write_repository(hub.root, replace(repository, branches=_without(repository.branches, revision, "Branch")))
    return Answer()


def validate_yaml(hub: Hub, request: Request) -> Answer:
    """``POST /api/validate-yaml``: whether a card's front matter is YAML at all; the Hub's own lists are not known."""
    import yaml

    try:
        front_matter(request.json()["content"])
    except yaml.YAMLError as error:
        return json_answer({"errors": [{"message": str(error)}], "warnings": []}, status=400)
    return json_answer({"errors": [], "warnings": []})


def card_metadata(hub: Hub, commit: Commit) -> dict[str, Any]:
    """The metadata of a commit's README.md; {} without one, or where it is no YAML."""
    import yaml

    card = commit.files.get("README.md")
    if card is None:
        return {}
    try:
        return front_matter(blob_path(hub.root, card.sha256).read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}


def front_matter(text: str) -> dict[str, Any]:
    """What stands in YAML between two ``---`` at the beginning of a card."""
    import yaml

    parts = text.replace("\r\n", "\n").split("---\n", 2)
    held = yaml.safe_load(parts[1]) if len(parts) == 3 and not parts[0].strip() else None
    return held if isinstance(held, dict) else {}


def _sibling(path: str, file: File, *, blobs: bool) -> dict[str, Any]:
    if not blobs:
        return {"rfilename": path}
    sibling = {"rfilename": path, "size": file.size, "blobId": file.oid}
    if not file.lfs:
        return sibling
    pointer = len(lfs_pointer(file.sha256, file.size))
    return {**sibling, "lfs": {"sha256": file.sha256, "size": file.size, "pointerSize": pointer}}


def _wants_private(wanted: dict[str, Any]) -> bool:
    return wanted.get("visibility") == "private" or wanted.get("private") is True


def _without(references: Any, name: str, what: str) -> dict[str, str]:
    if name not in references:
        raise RefusalError(404, f"{what} not found: {name}", "RevisionNotFound")
    return {known: oid for known, oid in references.items() if known != name}


def head_of(repository: Repository, branch: str) -> Commit:
    """The commit at a branch's head.

    Raises:
        RefusalError: 404 ``RevisionNotFound``, as for a tag or a commit id: only a branch can be written.
    """
    if branch not in repository.branches:
        raise RefusalError(404, f"Invalid rev id: {branch}", "RevisionNotFound")
    return repository.commits[repository.branches[branch]]
