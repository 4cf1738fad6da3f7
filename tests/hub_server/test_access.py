"""Who may do what: private, gated, read-only, unknown, somebody else's."""

import json
from pathlib import Path

import pytest

from hub_server.client import RunningHub

REFUSED = """
import json
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

def outcome(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except HfHubHTTPError as error:
        return [error.response.status_code, type(error).__name__]
    return "done"
"""


@pytest.fixture(scope="module")
def filled(shared_hub: RunningHub, tmp_path_factory: pytest.TempPathFactory) -> RunningHub:
    ran = shared_hub.run(
        """
        from huggingface_hub import CommitOperationAdd as Add
        for name, private in (("open", False), ("private", True), ("gated", False)):
            repo = dict(repo_id=f"alice/{name}", repo_type="dataset")
            api.create_repo(private=private, **repo)
            api.create_commit(operations=[Add("a.txt", b"a"), Add("b.bin", bytes(99))], commit_message="1", **repo)
        api.update_repo_settings("alice/gated", repo_type="dataset", gated="manual")
        """,
        tmp_path_factory.mktemp("home"),
    )
    assert ran.returncode == 0, ran.stderr
    return shared_hub


LOOK = f"""{REFUSED}
print(json.dumps({{
    name: [
        outcome(api.dataset_info, "alice/" + name),
        outcome(api.hf_hub_download, "alice/" + name, "a.txt", repo_type="dataset"),
        outcome(api.create_commit, "alice/" + name, [CommitOperationAdd("c.txt", b"c")], commit_message="2",
            repo_type="dataset"),
    ]
    for name in ("open", "private", "gated", "missing")
}}))
"""


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (
            None,
            {
                "open": ["done", "done", [401, "HfHubHTTPError"]],
                "private": [[401, "RepositoryNotFoundError"]] * 3,
                "gated": ["done", [401, "GatedRepoError"], [401, "HfHubHTTPError"]],
                "missing": [[401, "RepositoryNotFoundError"]] * 3,
            },
        ),
        (
            "bob:write",
            {
                "open": ["done", "done", [403, "HfHubHTTPError"]],
                "private": [[404, "RepositoryNotFoundError"]] * 3,
                "gated": ["done", [403, "GatedRepoError"], [403, "HfHubHTTPError"]],
                "missing": [[404, "RepositoryNotFoundError"]] * 3,
            },
        ),
        (
            "alice:read",
            {
                "open": ["done", "done", [403, "HfHubHTTPError"]],
                "private": ["done", "done", [403, "HfHubHTTPError"]],
                "gated": ["done", "done", [403, "HfHubHTTPError"]],
                "missing": [[404, "RepositoryNotFoundError"]] * 3,
            },
        ),
        ("hf_notAToken", dict.fromkeys(("open", "private", "gated", "missing"), [[401, "HfHubHTTPError"]] * 3)),
    ],
)
def test_who_may_do_what(filled: RunningHub, tmp_path: Path, token: str | None, expected: object) -> None:
    ran = filled.run(LOOK, tmp_path / "home", token=token)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == expected


def test_accounts_namespaces_and_grants(filled: RunningHub, tmp_path: Path) -> None:
    ran = filled.run(
        f"""{REFUSED}
api.create_repo("newsroom/ours", repo_type="dataset", private=True)
other = outcome(api.create_repo, "bob/theirs", repo_type="dataset")
exists = outcome(api.create_repo, "alice/open", repo_type="dataset")
api.create_repo("alice/open", repo_type="dataset", private=True, exist_ok=True)
before = api.dataset_info("alice/open").private
api.grant_access("alice/gated", "bob", repo_type="dataset")
who = api.whoami()
told = [other, exists, before, who["name"], [org["name"] for org in who["orgs"]]]
api.delete_repo("newsroom/ours", repo_type="dataset")
print(json.dumps([*told, outcome(api.dataset_info, "newsroom/ours")]))
""",
        tmp_path / "home",
    )
    assert ran.returncode == 0, ran.stderr
    other, exists, private, name, organisations, deleted = json.loads(ran.stdout)
    assert other == [403, "HfHubHTTPError"]
    assert exists == [409, "HfHubHTTPError"]
    assert private is False, "an existing repository keeps its visibility, whatever is wished"
    assert (name, organisations) == ("alice", ["newsroom"])
    assert deleted == [404, "RepositoryNotFoundError"]
    granted = filled.run(
        "print(open(api.hf_hub_download('alice/gated', 'a.txt', repo_type='dataset')).read())",
        tmp_path / "bob",
        token="bob:write",
    )
    assert granted.stdout.strip() == "a", granted.stderr
