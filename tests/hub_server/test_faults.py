"""What goes wrong on purpose: refusals, cuts, lost answers, and processes killed while a commit is under way."""

import json
import signal
from pathlib import Path

import pytest

from hub_server.client import RunningHub, port_of, running_hub
from hub_server.faults import Fault

REPO = "alice/faults"
SETUP = """
from huggingface_hub import CommitOperationAdd as Add
import json, sys
repo = dict(repo_id="alice/faults", repo_type="dataset")
"""


@pytest.fixture
def faulty(hub: RunningHub, tmp_path: Path) -> RunningHub:
    ran = hub.run(f"{SETUP}\napi.create_repo(**repo)", tmp_path / "setup")
    assert ran.returncode == 0, ran.stderr
    hub.clear_log()
    return hub


def _titles(hub: RunningHub) -> list[str]:
    """The history on disk, newest first."""
    held = json.loads((hub.root / "repositories" / f"{REPO}.json").read_bytes())
    oid, titles = held["branches"]["main"], []
    while oid:
        titles.append(held["commits"][oid]["title"])
        oid = held["commits"][oid]["parent"]
    return titles


COMMIT = f"""{SETUP}
operations = [Add("a.txt", b"a"), Add("b.bin", bytes(range(256)) * 2000)]
try:
    print(api.create_commit(operations=operations, commit_message="ours", **repo).oid)
except Exception as error:
    print(type(error).__name__, getattr(getattr(error, "response", None), "status_code", None))
"""


def test_busy_is_retried_by_the_client_where_it_retries(faulty: RunningHub, tmp_path: Path) -> None:
    faulty.set_faults(
        Fault("preupload", "refuse", status=429, headers={"Retry-After": "0"}, message="Too Many Requests"),
        Fault("lfs-batch", "refuse", times=2, status=503, headers={"Retry-After": "0"}),
    )
    ran = faulty.run(COMMIT, tmp_path / "home", HF_HUB_DISABLE_XET="1")
    assert ran.returncode == 0, ran.stderr
    assert _titles(faulty) == ["ours", "initial commit"]
    statuses = [(entry["kind"], entry["status"]) for entry in faulty.log()]
    assert [status for kind, status in statuses if kind == "preupload"] == [429, 200]
    assert [status for kind, status in statuses if kind == "lfs-batch"] == [503, 503, 200]


@pytest.mark.parametrize("status", [409, 412, 429, 503])
def test_a_refused_commit_changes_nothing(shared_hub: RunningHub, tmp_path: Path, status: int) -> None:
    code = COMMIT.replace("alice/faults", f"alice/refused-{status}")
    shared_hub.set_faults(Fault("commit", "refuse", status=status, path=f"refused-{status}"))
    ran = shared_hub.run(
        f"{SETUP}\napi.create_repo('alice/refused-{status}', repo_type='dataset')\n{code}", tmp_path / "home"
    )
    assert ran.stdout.split() == ["HfHubHTTPError", str(status)], ran.stderr
    held = json.loads((shared_hub.root / "repositories" / f"alice/refused-{status}.json").read_bytes())
    assert [commit["title"] for commit in held["commits"].values()] == ["initial commit"]


@pytest.mark.parametrize(
    ("kind", "disable"), [("lfs-upload", "1"), ("xet-upload", "0"), ("xet-shard", "0")], ids=["lfs", "xet", "shard"]
)
def test_an_upload_that_is_cut_is_sent_again(faulty: RunningHub, tmp_path: Path, kind: str, disable: str) -> None:
    faulty.set_faults(Fault(kind, "cut_upload", bytes=100))
    ran = faulty.run(COMMIT, tmp_path / "home", HF_HUB_DISABLE_XET=disable)
    assert ran.returncode == 0, ran.stderr
    assert _titles(faulty) == ["ours", "initial commit"]
    tries = [entry for entry in faulty.log() if entry["kind"] == kind]
    assert [entry["status"] for entry in tries] == ["cut", 200]
    assert tries[0]["received"] == 100
    assert not list((faulty.root / "incoming").iterdir())


def test_a_commit_that_is_cut_half_way_is_none(faulty: RunningHub, tmp_path: Path) -> None:
    faulty.set_faults(Fault("commit", "cut_upload", bytes=60))
    ran = faulty.run(COMMIT, tmp_path / "home")
    assert ran.stdout.split()[-1] == "None", ran.stderr
    assert _titles(faulty) == ["initial commit"]


def test_a_lost_answer_leaves_a_commit_that_the_client_knows_nothing_of(faulty: RunningHub, tmp_path: Path) -> None:
    faulty.set_faults(Fault("commit", "lose_answer"))
    ran = faulty.run(COMMIT, tmp_path / "home")
    assert ran.stdout.split()[-1] == "None", ran.stderr
    assert _titles(faulty) == ["ours", "initial commit"]
    again = faulty.run(COMMIT, tmp_path / "home")
    assert len(again.stdout.split()) == 1, again.stdout
    assert _titles(faulty) == ["ours", "initial commit"], "unchanged files make no second commit"


@pytest.mark.parametrize(
    ("action", "drop"),
    [("hold", True), ("hold", False), ("hold_answer", False)],
    ids=["never-arrived", "arrived", "done"],
)
def test_a_client_killed_in_mid_commit(faulty: RunningHub, tmp_path: Path, action: str, drop: bool) -> None:
    faulty.set_faults(Fault("commit", action))
    with faulty.start(COMMIT, tmp_path / "home") as client:
        assert faulty.wait_held("commit")
        client.send_signal(signal.SIGKILL)
        client.communicate()
    assert _titles(faulty) == (["initial commit"] if action == "hold" else ["ours", "initial commit"])
    faulty.release("commit", drop=drop)
    assert _titles(faulty) == (["initial commit"] if drop else ["ours", "initial commit"])
    second = faulty.run(COMMIT, tmp_path / "home")
    assert len(second.stdout.split()) == 1, second.stdout
    assert _titles(faulty) == ["ours", "initial commit"]
    commits = {entry["status"] for entry in faulty.log() if entry["kind"] == "commit"}
    assert commits == ({"cut", 200} if drop else {200})


def test_a_commit_in_between_is_a_conflict(faulty: RunningHub, tmp_path: Path) -> None:
    faulty.set_faults(Fault("commit", "hold"))
    pinned = COMMIT.replace("**repo)", "parent_commit=api.dataset_info('alice/faults').sha, **repo)")
    with faulty.start(pinned, tmp_path / "home") as client:
        assert faulty.wait_held("commit")
        other = COMMIT.replace('"ours"', '"theirs"')
        assert faulty.run(other, tmp_path / "other").returncode == 0
        faulty.release("commit")
        out, _ = client.communicate(timeout=60)
    assert out.split() == ["HfHubHTTPError", "412"]
    assert _titles(faulty) == ["theirs", "initial commit"]


def test_a_server_killed_in_mid_commit_comes_back_as_it_was(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub") as first:
        assert first.run(f"{SETUP}\napi.create_repo(**repo)", tmp_path / "setup").returncode == 0
        first.set_faults(Fault("commit", "hold"))
        with first.start(COMMIT, tmp_path / "home") as client:
            assert first.wait_held("commit")
            first.process.kill()
            first.process.wait()
            assert client.communicate(timeout=60)[0].split()[-1] == "None"
    with running_hub(tmp_path / "hub", port=port_of(first)) as second:
        assert second.tokens == first.tokens
        assert _titles(second) == ["initial commit"]
        assert len(second.run(COMMIT, tmp_path / "home").stdout.split()) == 1
        assert _titles(second) == ["ours", "initial commit"]


@pytest.mark.parametrize(("kind", "disable"), [("download", "1"), ("xet-download", "0")], ids=["lfs", "xet"])
def test_a_download_that_is_cut_goes_on(faulty: RunningHub, tmp_path: Path, kind: str, disable: str) -> None:
    assert faulty.run(COMMIT, tmp_path / "home", HF_HUB_DISABLE_XET=disable).returncode == 0
    faulty.set_faults(Fault(kind, "cut_download", bytes=300))
    ran = faulty.run(
        f"{SETUP}\nprint(open(api.hf_hub_download(filename='b.bin', **repo), 'rb').read() == bytes(range(256)) * 2000)",
        tmp_path / "fresh",
        HF_HUB_DISABLE_XET=disable,
    )
    assert ran.stdout.split() == ["True"], ran.stderr
    assert "cut" in [entry["status"] for entry in faulty.log() if entry["kind"] == kind]


def test_a_wish_for_visibility_can_be_ignored(hub: RunningHub, tmp_path: Path) -> None:
    hub.set_faults(Fault("create", "ignore"), Fault("settings", "ignore"))
    ran = hub.run(
        f"""{SETUP}
api.create_repo(private=True, **repo)
print(api.dataset_info("alice/faults").private)
api.update_repo_settings(private=True, **repo)
print(api.dataset_info("alice/faults").private)
api.update_repo_settings(private=True, **repo)
print(api.dataset_info("alice/faults").private)
""",
        tmp_path / "home",
    )
    assert ran.stdout.split() == ["False", "False", "True"], ran.stderr


def test_a_fault_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such action: explode"):
        Fault("commit", "explode")
