"""Publishing that is cut off, refused, raced or killed: a release is there whole or not; a second run ends it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hub_server.client import RunningHub
from hub_server.faults import Fault
from publish.hub_state import built_files, files_of, held, titles

Built = Callable[..., Path]

SOON = {"Retry-After": "0"}


def assert_published_once(hub: RunningHub, repo: str, folder: Path, tag: str = "v1.0.0") -> None:
    """One commit with the files of the build, and the tag at it."""
    kept = held(hub, repo)
    assert titles(hub, repo) == [f"Release {tag[1:]}"]
    assert files_of(hub, repo) == built_files(folder)
    assert kept["tags"] == {tag: kept["branches"]["main"]}


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        pytest.param("lfs-upload", "hold", marks=pytest.mark.slow),
        ("commit", "hold"),
        ("commit", "hold_answer"),
        ("tag", "hold"),
        pytest.param("tag", "hold_answer", marks=pytest.mark.slow),
    ],
)
def test_killed_at_any_moment_a_second_run_ends_it(user: Any, built: Built, kind: str, action: str) -> None:
    repo = f"alice/killed-{kind}-{action}"
    user.hub.set_faults(Fault(kind, action))
    with user.start_release(built(), repo) as process:
        assert user.hub.wait_held(kind)
        process.send_signal(signal.SIGKILL)
    user.hub.release(kind, drop=True)
    user.hub.set_faults()
    kept = held(user.hub, repo)
    was_committed = kind == "tag" or action == "hold_answer"
    assert files_of(user.hub, repo) == (built_files(built()) if was_committed else {})
    assert kept["tags"].keys() == ({"v1.0.0"} if (kind, action) == ("tag", "hold_answer") else set())
    again = user.release(built(), repo)
    assert again.status == 0, again.err
    assert_published_once(user.hub, repo, built())


@pytest.mark.parametrize("xet", ["1", pytest.param("", marks=pytest.mark.slow)], ids=["lfs", "xet"])
def test_a_connection_that_is_cut_is_taken_up_again(user: Any, built: Built, xet: str) -> None:
    kind = "lfs-upload" if xet else "xet-upload"
    user.hub.set_faults(Fault(kind, "cut_upload", bytes=2000))
    ran = user.release(built(), f"alice/cut{xet}", HF_HUB_DISABLE_XET=xet)
    assert ran.status == 0, ran.err
    assert_published_once(user.hub, f"alice/cut{xet}", built())


def test_a_busy_hub_is_asked_again_as_it_says(user: Any, built: Built) -> None:
    busy = {"headers": SOON}
    user.hub.set_faults(
        *(Fault(kind, "refuse", status=429, **busy) for kind in ("info", "create", "refs", "preupload", "tag")),
        *(Fault(kind, "refuse", status=503, **busy) for kind in ("tree", "commit", "resolve", "lfs-batch")),
    )
    ran = user.release(built(), "alice/busy")
    assert ran.status == 0, ran.err
    assert_published_once(user.hub, "alice/busy", built())
    met = [(entry["kind"], entry["status"]) for entry in user.hub.log() if entry["status"] in {429, 503}]
    assert len(met) == 9


@pytest.mark.slow
@pytest.mark.parametrize(("status", "says"), [(429, "too many requests"), (503, "the Hub answers 503")])
def test_a_hub_that_stays_busy_is_one_line(user: Any, built: Built, status: int, says: str) -> None:
    user.hub.set_faults(Fault("commit", "refuse", times=99, status=status, headers=SOON))
    repo = f"alice/busy-{status}"
    ran = user.release(built(), repo)
    assert ran.status == 1
    assert says in ran.err
    assert "run the command again" in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert user.hub.kinds().count("commit") == 5
    assert files_of(user.hub, repo) == {}
    user.hub.set_faults()
    assert user.release(built(), repo).status == 0
    assert_published_once(user.hub, repo, built())


@pytest.mark.parametrize(
    "kind", [pytest.param("create", marks=pytest.mark.slow), "commit", pytest.param("tag", marks=pytest.mark.slow)]
)
def test_a_lost_answer_is_looked_up_and_nothing_is_done_twice(user: Any, built: Built, kind: str) -> None:
    user.hub.set_faults(Fault(kind, "lose_answer"))
    repo = f"alice/lost-{kind}"
    ran = user.release(built(), repo)
    assert ran.status == 0, ran.err
    assert_published_once(user.hub, repo, built())


OTHERS = """
from huggingface_hub import CommitOperationAdd as Add
api.create_commit("{repo}", [Add("README.md", b"# theirs")], commit_message="theirs", repo_type="dataset")
"""


def test_who_publishes_in_between_is_not_written_over(user: Any, built: Built) -> None:
    repo = "alice/raced"
    assert user.release(built(), repo).status == 0
    user.hub.set_faults(Fault("lfs-batch", "hold"))
    second = built("1.0.1", shard_bytes=4_000)
    with user.start_release(second, repo) as process:
        assert user.hub.wait_held("lfs-batch")
        user.hub.set_faults()
        user.python(OTHERS.format(repo=repo))
        user.hub.release("lfs-batch")
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "somebody published in between; nothing was changed" in err
    assert 412 in {entry["status"] for entry in user.hub.log()}
    assert titles(user.hub, repo) == ["theirs", "Release 1.0.0"]
    assert held(user.hub, repo)["tags"].keys() == {"v1.0.0"}
    again = user.release(second, repo)
    assert again.status == 0, again.err
    assert files_of(user.hub, repo) == built_files(second)


@pytest.mark.slow
def test_another_change_under_way_is_one_line(user: Any, built: Built) -> None:
    user.hub.set_faults(Fault("commit", "refuse", status=409, message="Another operation is in progress"))
    ran = user.release(built(), "alice/conflict")
    assert ran.status == 1
    assert "somebody changes the dataset at the same time; run the command again" in ran.err
    assert held(user.hub, "alice/conflict")["tags"] == {}


@pytest.mark.slow
def test_a_tag_that_somebody_set_elsewhere_is_not_moved(user: Any, built: Built) -> None:
    repo = "alice/tagged"
    user.hub.set_faults(Fault("tag", "hold"))
    with user.start_release(built(), repo) as process:
        assert user.hub.wait_held("tag")
        user.hub.set_faults()
        kept = held(user.hub, repo)
        first = kept["commits"][kept["branches"]["main"]]["parent"]
        user.python(f'api.create_tag("{repo}", tag="v1.0.0", revision="{first}", repo_type="dataset")')
        user.hub.release("tag")
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "somebody tagged v1.0.0 at another commit" in err
    assert held(user.hub, repo)["tags"] == {"v1.0.0": first}


def test_what_arrives_otherwise_is_not_tagged(user: Any, built: Built) -> None:
    """A file of the repository is spoilt on the Hub's disk between the commit and the comparison."""
    repo = "alice/spoilt"
    folder = built()
    user.hub.set_faults(Fault("commit", "hold_answer"))
    with user.start_release(folder, repo) as process:
        assert user.hub.wait_held("commit")
        sha256 = files_of(user.hub, repo)["croissant.json"]
        blob = user.hub.root / "blobs" / sha256
        whole = blob.read_bytes()
        blob.write_bytes(whole.replace(b"{", b"[", 1))
        user.hub.release("commit")
        _, err = process.communicate(timeout=120)
    blob.write_bytes(whole)
    assert process.returncode == 1
    assert "is not what was built: croissant.json; it was not tagged" in err
    assert held(user.hub, repo)["tags"] == {}


@pytest.mark.slow  # it is asked five times, with 15 seconds in between
def test_a_hub_that_is_not_there_is_one_line(user: Any, built: Built) -> None:
    ran = user.release(built(), "alice/gone", HF_ENDPOINT="http://127.0.0.1:9")
    assert ran.status == 1
    assert "the connection broke" in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_repository_that_somebody_fills_in_between_keeps_its_files(user: Any, built: Built) -> None:
    repo = "alice/filled"
    user.hub.set_faults(Fault("create", "hold"))
    with user.start_release(built(), repo) as process:
        assert user.hub.wait_held("create")
        user.hub.set_faults()
        user.python(f'api.create_repo("{repo}", repo_type="dataset", private=True)' + OTHERS.format(repo=repo))
        user.hub.release("create")
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "somebody published in between; nothing was changed" in err
    assert titles(user.hub, repo) == ["theirs"]
