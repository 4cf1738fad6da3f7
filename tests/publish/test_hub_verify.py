"""Reading back what is published: from a cache that never held anything, against its manifest and against a build."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hub_server.client import RunningHub
from publish.hub_state import files_of, held

Built = Callable[..., Path]

REPO = "alice/read"
ADDRESS = f"hf://datasets/{REPO}"


@pytest.fixture(scope="module")
def published(shared_hub: RunningHub, built: Built, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A repository with the versions 1.0.0 and 1.0.1; the revision of the first."""
    from publish.conftest import User

    user = User(shared_hub, tmp_path_factory.mktemp("home"))
    assert user.release(built(), REPO).status == 0
    first: str = held(shared_hub, REPO)["branches"]["main"]
    assert user.release(built("1.0.1", shard_bytes=4_000), REPO).status == 0
    return first


def test_a_version_is_as_it_was_built(user: Any, published: str, tmp_path: Path) -> None:
    (tmp_path / REPO).mkdir(parents=True)  # load_dataset would take a folder of that name for the dataset
    (tmp_path / REPO / "a.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "datasets.py").write_text("raise SystemExit('somebody else’s code')", encoding="utf-8")
    ran = user("--verify", f"{ADDRESS}@v1.0.0", cwd=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    line = f"{ADDRESS} version 1.0.0 at {published}: as it was built; 12 documents and 60 spans checked"
    assert ran.out == f'{line}\nload_dataset("{REPO}", "figures", revision="{published}")\n'
    assert not [path for path in user.home.rglob("*") if path.is_file()]  # the user's own caches are not touched


@pytest.mark.slow
def test_without_a_version_it_is_what_readers_get(user: Any, published: str, built: Built) -> None:
    ran = user("--verify", ADDRESS, "--json")
    assert ran.status == 0, ran.err
    told = json.loads(ran.out)
    head = held(user.hub, REPO)["branches"]["main"]
    assert (told["version"], told["revision"], told["as_built"]) == ("1.0.1", head, True)
    assert told["load"]["default"] == f'load_dataset("{REPO}", "default", revision="{head}")'
    assert head != published


@pytest.mark.slow
def test_a_build_is_compared_with_its_version(user: Any, published: str, built: Built, fire: Any) -> None:
    same = user(built(), "--to", ADDRESS, "--verify")
    assert same.status == 0, same.err
    assert "version 1.0.0" in same.out
    other = user(built("1.0.0", [fire(n) for n in range(13)]), "--to", ADDRESS, "--verify")
    assert other.status == 1
    assert "README.md: its bytes are not the build’s" in other.err
    assert "not as it was built" in other.out


@pytest.mark.slow
def test_a_leftover_shard_is_rows_that_load_twice(user: Any, published: str, built: Built) -> None:
    repo = "alice/leftover"
    assert user.release(built(), repo).status == 0
    split = next((built() / "default").glob("train-*.parquet"))
    user.python(f"""
from huggingface_hub import CommitOperationAdd as Add
add = Add("default/train-00001-of-00002.parquet", {str(split)!r})
api.create_commit("{repo}", [add], commit_message="by hand", repo_type="dataset")
""")
    ran = user("--verify", f"hf://datasets/{repo}")
    assert ran.status == 1
    assert "EXP103" in ran.err
    head = held(user.hub, repo)["branches"]["main"]
    assert f"hf://datasets/{repo}@{head}/default/train-00001-of-00002.parquet:1:1" in ran.err
    assert "default does not load: NonMatchingSplitsSizesError" in ran.err  # the card says how many rows there are
    assert "load_dataset(" not in ran.out


def test_a_changed_byte_is_found(user: Any, published: str, built: Built) -> None:
    repo = "alice/altered"
    assert user.release(built(), repo).status == 0
    blob = user.hub.root / "blobs" / files_of(user.hub, repo)["README.md"]
    whole = blob.read_bytes()
    blob.write_bytes(whole.replace(b"built with", b"built WITH"))
    ran = user("--verify", f"hf://datasets/{repo}")
    blob.write_bytes(whole)
    assert ran.status == 1
    assert "README.md:1:1 EXP104" in ran.err


@pytest.mark.slow
def test_a_cache_does_not_stand_in_for_a_hub_that_is_down(user: Any, published: str) -> None:
    from hub_server.faults import Fault

    load = f'from datasets import load_dataset; print(len(load_dataset("{REPO}", revision="{published}")))'
    user.python(load)
    user.hub.set_faults(Fault("*", "refuse", times=999, headers={"Retry-After": "0"}))
    user.python(load, HF_HUB_OFFLINE="1")  # its cache still has it
    ran = user("--verify", f"{ADDRESS}@{published}")
    assert ran.status == 2
    assert "the Hub answers 503" in ran.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "token", "says"),
    [
        (f"{ADDRESS}@v9.9.9", "alice:write", "there is no such version or commit"),
        (ADDRESS, None, "there is no such dataset, or it is private, and there is no token"),
        (ADDRESS, "bob:write", "there is no such dataset, or the token may not see it"),
        ("hf://datasets/alice/nothing", "alice:write", "there is no such dataset"),
    ],
)
def test_what_cannot_be_had_is_one_line(user: Any, published: str, address: str, token: str | None, says: str) -> None:
    ran = user("--verify", address, token=token)
    assert ran.status == 2
    assert says in ran.err
    assert len(ran.err.strip().splitlines()) == 1


@pytest.mark.slow
def test_what_corpus_tool_did_not_build_is_one_line(user: Any) -> None:
    user.python("""
from huggingface_hub import CommitOperationAdd as Add
api.create_repo("alice/foreign", repo_type="dataset")
api.create_commit("alice/foreign", [Add("a.csv", b"a")], commit_message="a", repo_type="dataset")
""")
    ran = user("--verify", "hf://datasets/alice/foreign")
    assert ran.status == 2
    assert "is no dataset that a build made" in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_offline_is_told(user: Any) -> None:
    ran = user("--verify", ADDRESS, HF_HUB_OFFLINE="1")
    assert ran.status == 2
    assert "HF_HUB_OFFLINE is set" in ran.err


@pytest.mark.slow
def test_a_broken_publication_can_be_mended(user: Any, built: Built) -> None:
    """The version is compared with what is published; where that cannot be read, it is told and stops nothing."""
    repo = "alice/broken"
    assert user.release(built(), repo).status == 0
    user.python(f"""
from huggingface_hub import CommitOperationDelete as Delete
files = [name for name in api.list_repo_files("{repo}", repo_type="dataset") if name.startswith("default/")]
api.create_commit("{repo}", [Delete(name) for name in files], commit_message="oh", repo_type="dataset")
""")
    ran = user(built("1.0.1"), "--to", f"hf://datasets/{repo}", "--yes")
    assert ran.status == 0, ran.err
    assert "whether 1.0.1 rises far enough after 1.0.0 was not checked" in ran.err
    assert files_of(user.hub, repo).keys() >= {"manifest.json", "README.md"}
