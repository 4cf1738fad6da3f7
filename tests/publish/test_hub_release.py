"""Publishing to the Hub: what readers get, what is compared, refused and told. The clients and the HTTP are real."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hub_server.client import RunningHub
from hub_server.faults import Fault
from publish.hub_state import built_files, files_of, held, manifest_of

Built = Callable[..., Path]
Fire = Callable[..., dict[str, Any]]

PIN = re.compile(r'^load_dataset\("(?P<repo>[^"]+)", "figures", revision="(?P<sha>[0-9a-f]{40})"\)$', re.MULTILINE)


#: The documents of a dataset that is built without others.
IDS = [f"fire-{number:02}" for number in range(12)]


LOAD = """
from datasets import load_dataset
import json
found = []
for revision in {revisions!r}:
    read = []
    for streaming in (False, True):
        data = load_dataset("{repo}", revision=revision, streaming=streaming)
        read.append(sorted(row["id"] for rows in data.values() for row in rows))
    assert read[0] == read[1]
    found.append(read[0])
print(json.dumps(found))
"""


def loaded(user: Any, repo: str, *revisions: str | None) -> list[list[str]]:
    """The ids that ``load_dataset`` gives of each revision in a fresh process, read whole and by streaming."""
    printed = user.python(LOAD.format(repo=repo, revisions=revisions), HF_DATASETS_DISABLE_PROGRESS_BARS="1")
    found: list[list[str]] = json.loads(printed.splitlines()[-1])
    return found


@pytest.mark.parametrize("xet", [pytest.param("", marks=pytest.mark.slow), "1"], ids=["xet", "lfs"])
def test_what_readers_get_is_what_was_built(user: Any, built: Built, shared_hub: RunningHub, xet: str) -> None:
    repo = f"alice/whole{xet}"
    dist = built()
    ran = user(dist, "--to", f"hf://datasets/{repo}", "--yes", HF_HUB_DISABLE_XET=xet)
    assert (ran.status, ran.err) == (0, "")
    kept = held(shared_hub, repo)
    head = kept["branches"]["main"]
    assert files_of(shared_hub, repo) == built_files(dist)
    assert kept["private"]
    assert kept["tags"] == {"v1.0.0": head}
    assert len(kept["commits"]) == 2  # the repository's first one, and the release: never half of one
    pin = PIN.search(ran.out)
    assert pin is not None
    assert (pin["repo"], pin["sha"]) == (repo, head)
    assert loaded(user, repo, "v1.0.0") == [IDS]
    assert "lfs-batch" in shared_hub.kinds() if xet else "xet-shard" in shared_hub.kinds()


def test_fewer_shards_leave_no_row_twice(user: Any, built: Built, shared_hub: RunningHub) -> None:
    first = built("1.0.0", shard_bytes=4_000)
    second = built("1.0.1")
    to = ("--to", "hf://datasets/alice/shards", "--yes")
    gone = built_files(first).keys() - built_files(second).keys()
    assert any("00001-of-" in path for path in gone)
    assert user.release(first, "alice/shards").status == 0
    ran = user(second, *to)
    assert ran.status == 0, ran.err
    assert files_of(shared_hub, "alice/shards") == built_files(second)
    for path in gone:
        assert f"    - {path}  " in ran.out
    kept = held(shared_hub, "alice/shards")
    assert files_of(shared_hub, "alice/shards", kept["tags"]["v1.0.0"]) == built_files(first)
    assert loaded(user, "alice/shards", None, "v1.0.0") == [IDS, IDS]


def test_the_summary_says_what_changes(user: Any, built: Built, fire: Fire) -> None:
    to = ("--to", "hf://datasets/alice/summary")
    new = user(built(), *to, "--dry-run")
    assert new.status == 0
    assert "published now  nothing: it will be made" in new.out
    assert "read by        private" in new.out
    assert "nothing was published" in new.out
    assert user(built(), *to, "--yes").status == 0
    more = built("1.1.0", [fire(n) for n in range(14)])
    ran = user(more, *to, "--dry-run", "--json")
    assert ran.status == 0, ran.err
    told = json.loads(ran.out)
    assert (told["tag"], told["published"]["version"], told["revision"]) == ("v1.1.0", "1.0.0", None)
    assert told["visibility"] == {"wished": "private", "now": "private"}
    changes = {file["path"]: file["change"] for file in told["files"]}
    assert set(changes.values()) == {"changed", "added"}
    assert changes["manifest.json"] == "changed"
    sizes = {path.relative_to(more).as_posix(): path.stat().st_size for path in more.rglob("*") if path.is_file()}
    assert {file["path"]: file["bytes"] for file in told["files"]} == sizes
    assert {file["path"]: file["sha256"] for file in told["files"]} == built_files(more)
    assert told["rows"] == {"then": manifest_of(more)["rows"], "now": manifest_of(built())["rows"]}
    assert "→" in ran.err  # the summary for people goes where it is in nobody's way


def test_a_dry_run_writes_nothing(user: Any, built: Built, shared_hub: RunningHub, writes: Any) -> None:
    assert user(built(), "--to", "hf://datasets/alice/dry", "--dry-run").status == 0
    assert writes() == []
    assert not (shared_hub.root / "repositories" / "alice" / "dry.json").exists()


def test_without_a_terminal_and_a_yes_nothing_is_published(user: Any, built: Built, writes: Any) -> None:
    ran = user(built(), "--to", "hf://datasets/alice/nobody")
    assert ran.status == 2
    assert "no terminal to ask at; --yes publishes" in ran.err
    assert writes() == []


@pytest.mark.slow
def test_public_only_when_asked(user: Any, built: Built, shared_hub: RunningHub) -> None:
    assert user(built(), "--to", "hf://datasets/alice/open", "--yes", "--public").status == 0
    assert not held(shared_hub, "alice/open")["private"]


def test_an_existing_public_repository_gets_nothing_private(user: Any, built: Built, writes: Any) -> None:
    user.python('api.create_repo("alice/seen", repo_type="dataset", private=False)')
    user.hub.clear_log()
    ran = user(built(), "--to", "hf://datasets/alice/seen", "--yes")
    assert ran.status == 2
    assert "public, wished private" in ran.out
    assert "hf repos settings alice/seen --type dataset --private" in ran.err
    assert writes() == []


@pytest.mark.slow
def test_a_wish_that_the_hub_ignores_stops_before_the_upload(user: Any, built: Built, writes: Any) -> None:
    user.hub.set_faults(Fault("create", "ignore"))
    ran = user(built(), "--to", "hf://datasets/alice/ignored", "--yes")
    assert ran.status == 2
    assert "the repository is public, not private; nothing was uploaded" in ran.err
    assert writes() == ["create"]


def test_a_version_that_is_published_stays_as_it_is(
    user: Any, built: Built, fire: Callable[..., Any], writes: Any
) -> None:
    to = ("--to", "hf://datasets/alice/twice", "--yes")
    first = user.release(built(), "alice/twice")
    user.hub.clear_log()
    again = user(built(), *to)
    assert (again.status, PIN.findall(again.out)) == (0, [("alice/twice", first.out.split()[-1])])
    assert "is published already" in again.out
    other = user(built("1.0.0", [fire(n) for n in range(13)]), *to)
    assert other.status == 2
    assert "v1.0.0 is published already" in other.err
    assert "raise `version` in corpus.yaml" in other.err
    assert writes() == []


@pytest.mark.slow
def test_the_version_rises_as_far_as_the_changes_ask(
    user: Any, built: Built, fire: Callable[..., Any], writes: Any
) -> None:
    to = ("--to", "hf://datasets/alice/version", "--yes")
    assert user(built(), *to).status == 0
    user.hub.clear_log()
    ran = user(built("1.0.1", [fire(n) for n in range(11)]), *to)
    assert ran.status == 1
    assert "should be 2.0.0 or more: 1 document was removed" in ran.err
    assert writes() == []
    assert user(built("2.0.0", [fire(n) for n in range(11)]), *to).status == 0


@pytest.mark.slow
def test_another_dataset_is_not_written_over(user: Any, built: Built, tmp_path: Path) -> None:
    to = ("--to", "hf://datasets/alice/owner", "--yes")
    assert user.release(built(), "alice/owner").status == 0
    other = built("1.1.0", yaml="title: other\n")
    manifest = manifest_of(other)
    copy = shutil.copytree(other, tmp_path / "copy")
    (copy / "manifest.json").write_text(json.dumps({**manifest, "name": "weather"}), encoding="utf-8")
    ran = user(copy, *to)
    assert ran.status == 2
    assert "the dataset test is published there, this one is weather" in ran.err


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("hf_" + "x" * 34, "the Hub refuses the token"),
        ("bob:write", "the token may not create it; it needs to be one with write access to alice"),
        ("alice:read", "the token may not create it; it needs to be one with write access to alice"),
        (None, "no token for the Hub: set HF_TOKEN, or log in with `hf auth login`"),
    ],
    ids=["refused", "stranger", "read-only", "none"],
)
def test_a_token_that_may_not_is_one_line(user: Any, built: Built, token: str | None, says: str) -> None:
    ran = user.release(built(), "alice/closed", token=token)
    assert ran.status == 1
    line = ran.err.strip().splitlines()
    assert len(line) == 1
    assert re.search(says, line[0])


@pytest.mark.slow
def test_a_gated_dataset_is_told(user: Any, built: Built) -> None:
    assert user.release(built(), "alice/gate").status == 0
    user.python('api.update_repo_settings("alice/gate", repo_type="dataset", gated="manual", private=False)')
    seen = user(built("1.0.1"), "--to", "hf://datasets/alice/gate", "--public", "--dry-run")
    assert "readers ask for access (manual)" in seen.out
    ran = user("--verify", "hf://datasets/alice/gate", token="bob:write")
    assert ran.status == 2
    assert "the dataset is gated: ask for access on its page" in ran.err


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("hf://alice/a", "an address of the Hub is hf://datasets/OWNER/NAME"),
        ("hf://datasets/alice/a/b", "an address of the Hub is hf://datasets/OWNER/NAME"),
        ("hf://datasets/alice/a@v1.0.0", "leave @v1.0.0 out"),
        ("alice/a", "is no address to publish to"),
        ("https://someone:secret123@example.org/a", "is no address to publish to"),
        ("s3://key:secret123@bucket/a", "credentials come from the environment"),
    ],
)
def test_an_odd_address_is_misuse(run_main: Callable[..., Any], built: Built, address: str, says: str) -> None:
    ran = run_main("publish", built(), "--to", address, "--yes")
    assert ran.status == 2
    assert says in ran.err
    assert "secret123" not in ran.out + ran.err


def test_a_folder_that_no_build_made_is_misuse(run_main: Callable[..., Any], tmp_path: Path) -> None:
    ran = run_main("publish", tmp_path, "--to", "hf://datasets/alice/a")
    assert ran.status == 2
    assert "is no dataset that a build made" in ran.err


@pytest.mark.slow
def test_what_a_build_did_not_leave_is_not_published(user: Any, built: Built, tmp_path: Path, writes: Any) -> None:
    copy = shutil.copytree(built(), tmp_path / "copy")
    (copy / "README.md").write_bytes((copy / "README.md").read_bytes() + b"\nBuy this.\n")
    ran = user(copy, "--to", "hf://datasets/alice/changed", "--yes")
    assert ran.status == 1
    assert "EXP104" in ran.err
    assert writes() == []


@pytest.mark.parametrize(("answer", "status"), [pytest.param("y", 0, marks=pytest.mark.slow), ("n", 1)])
def test_at_a_terminal_it_asks(user: Any, built: Built, answer: str, status: int, writes: Any) -> None:
    terminal, line = os.openpty()
    try:
        with user.start(built(), "--to", f"hf://datasets/alice/asked-{answer}", stdin=line) as process:
            os.write(terminal, f"{answer}\n".encode())
            out, err = process.communicate(timeout=120)
    finally:
        os.close(terminal)
        os.close(line)
    assert (process.returncode, "Publish v1.0.0? [y/N]" in err) == (status, True)
    assert ("nothing was published" in out, writes() == []) == (answer == "n", answer == "n")


@pytest.mark.slow
def test_rights_that_are_cleared_are_told_with_the_tag(user: Any, built: Built, writes: Any) -> None:
    dist = built(article_license="© Strait Post, all rights reserved")
    to = ("--to", "hf://datasets/alice/rights", "--yes")
    refused = user(dist, *to)
    assert refused.status == 1
    assert "LIC505" in refused.err
    assert "build: {text: withheld}" in refused.err
    assert writes() == []
    cleared = user(dist, *to, "--rights-cleared", "contract of 2024-05-31 🔥")
    assert cleared.status == 0, cleared.err
    assert held(user.hub, "alice/rights")["tag_messages"]["v1.0.0"].endswith(
        "Rights cleared: contract of 2024-05-31 🔥"
    )
    withheld = built("1.0.0", yaml="build: {text: withheld}\n", article_license="all rights reserved")
    assert user(withheld, "--to", "hf://datasets/alice/withheld", "--yes").status == 0


def test_a_secret_stops_a_release_until_somebody_has_looked(user: Any, built: Built, fire: Fire, writes: Any) -> None:
    token = "hf_" + "aB3dE5" * 6
    text = f"Fire at Haifa: “We counted 30\u00a0crates,” said Nour e\u0301l-Di\u0301n, 李娜 {{number}} {token}"
    dist = built("1.0.0", [fire(0, text)])
    to = ("--to", "hf://datasets/alice/leak")
    refused = user(dist, *to, "--yes")
    assert refused.status == 1
    assert "LIC501" in refused.err
    assert "column text, row 0: a secret hf_aB3…" in refused.err
    assert writes() == []
    accepted = user(dist, *to, "--dry-run", "--accept", "LIC501")
    assert accepted.status == 0
    assert token not in refused.out + refused.err + accepted.out + accepted.err


@pytest.mark.parametrize(("code", "says"), [("EXP104", "cannot be accepted"), ("LIC505", "with --rights-cleared")])
def test_what_nobody_can_accept_is_misuse(run_main: Any, built: Built, code: str, says: str) -> None:
    ran = run_main("publish", built(), "--to", "file:///nowhere", "--accept", code)
    assert ran.status == 2
    assert says in ran.err


def test_verify_takes_no_option_of_a_release(run_main: Any, built: Built) -> None:
    ran = run_main("publish", built(), "--to", "hf://datasets/alice/a", "--verify", "--public")
    assert ran.status == 2
    assert "--verify publishes nothing" in ran.err
