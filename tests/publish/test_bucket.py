"""Releases at an address of fsspec, whole or not at all: in memory and in a folder."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from publish.bucket_cases import (
    FIRST,
    SCRIPT,
    SECOND,
    lies_at,
    make_dist,
    publish,
    published_at,
    release_to,
    sha256,
)

from corpus_tool.model import CorpusToolError
from corpus_tool.publish import bucket_store
from corpus_tool.publish.bucket import open_bucket
from corpus_tool.publish.plan import obstacles, plan_release
from corpus_tool.publish.target import Change, Visibility
from corpus_tool.publish.targets import open_target


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return make_dist(tmp_path / "first", "1.0.0", FIRST)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return make_dist(tmp_path / "second", "1.1.0", SECOND)


@pytest.fixture(params=["memory", "file"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address that nothing is at yet; the folder's parent is not there either."""
    if request.param == "file":
        return f"file://{tmp_path}/new folder/نَ é"
    return f"memory://{tmp_path.name}/{id(tmp_path)}"


def test_a_release_lies_there_byte_for_byte(address: str, first: Path) -> None:
    steps = publish(first, address)
    there = lies_at(address)
    latest = json.loads(there.pop("latest.json"))
    assert there == published_at(first, "v1.0.0")
    assert latest == {
        "schema": "corpus-tool/latest/1",
        "name": "wire",
        "version": "1.0.0",
        "tag": "v1.0.0",
        "manifest_sha256": sha256((first / "manifest.json").read_bytes()),
    }
    assert steps[-2:] == ["write manifest.json", "write latest.json"]


def test_nothing_is_there_before(address: str, first: Path) -> None:
    release = plan_release(first, open_target(address))
    assert not release.now.exists
    assert release.wish is Visibility.POLICY
    assert {change.change for change in release.changes} == {Change.ADDED}
    assert lies_at(address) == {}, "a look writes nothing"


def test_the_same_again_writes_nothing(address: str, first: Path) -> None:
    publish(first, address)
    assert plan_release(first, open_target(address)).is_done
    steps = publish(first, address)
    assert len(steps) == len(FIRST)
    assert all(step.startswith("compare ") for step in steps)


def test_a_second_version_leaves_the_first_alone(address: str, first: Path, second: Path) -> None:
    publish(first, address)
    release = plan_release(second, open_target(address))
    assert {change.path: str(change.change) for change in release.changes} == {
        "README.md": "changed",
        "default/train-00000-of-00001.parquet": "added",
        "default/train-00000-of-00002.parquet": "deleted",
        "default/train-00001-of-00002.parquet": "deleted",
        "manifest.json": "changed",
        "pictures/a.svg": "added",
    }
    publish(second, address)
    there = lies_at(address)
    assert json.loads(there.pop("latest.json"))["tag"] == "v1.1.0"
    assert there == {**published_at(first, "v1.0.0"), **published_at(second, "v1.1.0")}
    now = open_bucket(address).look("v1.2.0")
    assert (now.revision, now.version, set(now.tags)) == ("v1.1.0", "1.1.0", {"v1.0.0", "v1.1.0"})


def test_a_lower_version_does_not_become_the_latest(address: str, first: Path, tmp_path: Path) -> None:
    publish(make_dist(tmp_path / "ten", "1.10.0", SECOND), address)
    publish(make_dist(tmp_path / "nine", "1.9.0", FIRST), address)
    assert open_bucket(address).look("").revision == "v1.10.0"
    assert set(open_bucket(address).look("").tags) == {"v1.9.0", "v1.10.0"}


def test_the_same_version_from_another_build_is_refused(address: str, first: Path, tmp_path: Path) -> None:
    publish(first, address)
    before = lies_at(address)
    other = make_dist(tmp_path / "other", "1.0.0", SECOND)
    with pytest.raises(CorpusToolError, match=r"v1\.0\.0: is published already, from another build; raise version"):
        publish(other, address)
    assert lies_at(address) == before


def test_another_dataset_is_refused(address: str, first: Path, tmp_path: Path) -> None:
    publish(first, address)
    with pytest.raises(CorpusToolError, match="holds the dataset wire; other needs an address of its own"):
        publish(make_dist(tmp_path / "other", "2.0.0", SECOND, name="other"), address)


def test_somebody_elses_files_are_never_deleted(address: str, first: Path) -> None:
    store = open_bucket(address).store
    bucket_store.put_bytes(store, b"mine", "v1.0.0/notes.txt")
    with pytest.raises(CorpusToolError, match=r"holds notes\.txt, which no release put there"):
        publish(first, address)
    assert lies_at(address) == {"v1.0.0/notes.txt": b"mine"}


def test_a_changed_byte_is_found_and_not_written_over(address: str, first: Path) -> None:
    publish(first, address)
    path = "v1.0.0/default/train-00001-of-00002.parquet"
    bucket_store.put_bytes(open_bucket(address).store, b"owt" * 1000, path)
    with pytest.raises(
        CorpusToolError, match=r"is published, and default/train-00001-of-00002.parquet there is not as"
    ):
        publish(first, address)
    assert lies_at(address)[path] == b"owt" * 1000


def test_a_file_too_many_is_found(address: str, first: Path, tmp_path: Path) -> None:
    publish(first, address)
    bucket_store.put_bytes(open_bucket(address).store, b"", "v1.0.0/default/train-00002-of-00002.parquet")
    assert not plan_release(first, open_target(address)).is_done
    with pytest.raises(CorpusToolError, match=r"train-00002-of-00002.parquet there is not as it was built"):
        publish(first, address)
    open_bucket(address).fetch("", tmp_path / "back", lambda step: None)
    assert (tmp_path / "back/default/train-00002-of-00002.parquet").exists(), "so that verify finds it too"


def test_what_comes_back_is_compared(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = open_bucket("memory://comes-back")
    put = type(target.store.client).put_file

    def damaged(client: Any, source: str, path: str, **options: Any) -> None:
        put(client, source, path, **options)
        if path.endswith("-00001-of-00002.parquet"):
            client.pipe_file(path, client.cat_file(path)[:-1] + b"?")

    monkeypatch.setattr(type(target.store.client), "put_file", damaged)
    with pytest.raises(CorpusToolError, match=r"-00001-of-00002.parquet: other bytes come back than were built"):
        release_to(target, first)
    assert not target.look("v1.0.0").exists
    monkeypatch.undo()
    release_to(target, first)
    assert lies_at("memory://comes-back").keys() == {"latest.json", *published_at(first, "v1.0.0")}


def cut_at(monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    """The n-th write at a store in memory, counted from 1, breaks the release off."""
    from fsspec.implementations.memory import MemoryFileSystem

    numbers = count(1)

    def counted(write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if next(numbers) == moment:
                raise ConnectionError("cut off")
            return write(*args, **options)

        return call

    for name in ("pipe_file", "put_file", "rm_file"):
        monkeypatch.setattr(MemoryFileSystem, name, counted(getattr(MemoryFileSystem, name)))


def is_cut_off(folder: Path, address: str) -> bool:
    try:
        publish(folder, address)
    except CorpusToolError as error:
        return str(error).endswith(": cut off")
    return False


@pytest.mark.parametrize("again", ["the same build", "another build"])
def test_cut_off_at_any_write_it_is_whole_or_absent_and_the_next_run_finishes(
    again: str, first: Path, second: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_dist(tmp_path / "other", "1.1.0", FIRST)
    for moment in count(1):
        address = f"memory://cut-{again}-{moment}"
        publish(first, address)
        with monkeypatch.context() as patch:
            cut_at(patch, moment)
            if not is_cut_off(second, address):
                break
        there = lies_at(address)
        revision = open_bucket(address).look("v1.1.0").revision
        assert revision == json.loads(there["latest.json"])["tag"], "readers get a whole version"
        if "v1.1.0/manifest.json" in there:
            back = tmp_path / f"back-{moment}"
            back.mkdir()
            open_bucket(address).fetch("v1.1.0", back, lambda step: None)
            assert published_at(back, "") == published_at(second, ""), "what has a manifest is whole"
        else:
            with pytest.raises(CorpusToolError, match=r"v1\.1\.0 is not published there"):
                open_bucket(address).fetch("v1.1.0", tmp_path / "back", lambda step: None)
        last = second if again == "the same build" or "v1.1.0/manifest.json" in there else other
        assert obstacles(plan_release(last, open_target(address))) == ()
        publish(last, address)
        done = lies_at(address)
        assert json.loads(done.pop("latest.json"))["tag"] == "v1.1.0"
        assert done == {**published_at(first, "v1.0.0"), **published_at(last, "v1.1.0")}
    assert moment > 6, "marker, three files, manifest, marker's end, latest"


def test_a_run_that_was_taken_over_stops(address: str, first: Path, tmp_path: Path) -> None:
    other = make_dist(tmp_path / "other", "1.0.0", SECOND)
    target, steps = open_bucket(address), []
    release = plan_release(first, target)

    def step(words: str) -> None:
        steps.append(words)
        if words == "upload default/train-00001-of-00002.parquet":
            publish(other, address)

    with pytest.raises(CorpusToolError, match=r"another run has taken v1\.0\.0 over or finished it; this one stops"):
        target.release(release, step)
    assert lies_at(address).keys() == {"latest.json", *published_at(other, "v1.0.0")}


def test_of_two_that_write_the_manifest_one_succeeds(address: str) -> None:
    store = open_bucket(address).store
    assert bucket_store.create_file(store, b"first", "v1.0.0/manifest.json")
    assert not bucket_store.create_file(store, b"second", "v1.0.0/manifest.json")
    assert lies_at(address) == {"v1.0.0/manifest.json": b"first"}


def test_a_change_since_the_summary_is_refused(address: str, first: Path, second: Path, tmp_path: Path) -> None:
    target = open_bucket(address)
    release = plan_release(make_dist(tmp_path / "third", "1.2.0", FIRST), target)
    publish(second, address)
    with pytest.raises(CorpusToolError, match="somebody published in between"):
        target.release(release, lambda step: None)


def test_a_version_comes_back_as_it_was_built(address: str, first: Path, second: Path, tmp_path: Path) -> None:
    publish(first, address)
    publish(second, address)
    target = open_bucket(address)
    for wanted, tag, folder in (("", "v1.1.0", second), ("main", "v1.1.0", second), ("v1.0.0", "v1.0.0", first)):
        back = tmp_path / f"back-{wanted}"
        back.mkdir()
        assert target.fetch(wanted, back, lambda step: None) == tag
        assert published_at(back, tag) == published_at(folder, tag)


def test_what_is_not_published_does_not_come_back(address: str, first: Path, tmp_path: Path) -> None:
    target = open_bucket(address)
    for wanted, told in (
        ("", "nothing is published there"),
        ("v9.9.9", "v9.9.9 is not published"),
        ("ab12", "is no ver"),
    ):
        with pytest.raises(CorpusToolError, match=told):
            target.fetch(wanted, tmp_path / "back", lambda step: None)


def test_a_name_that_climbs_out_is_refused(first: Path, tmp_path: Path) -> None:
    publish(first, "memory://climbs")
    store = open_bucket("memory://climbs").store
    store.client.store["/climbs/v1.0.0/../../out.txt"] = store.client.store["/climbs/v1.0.0/README.md"]
    with pytest.raises(CorpusToolError, match="is no name of a dataset's file"):
        open_bucket("memory://climbs").fetch("v1.0.0", tmp_path / "back", lambda step: None)
    assert not (tmp_path / "out.txt").exists()


def test_a_manifest_that_was_changed_is_not_the_latest(address: str, first: Path) -> None:
    publish(first, address)
    bucket_store.put_bytes(open_bucket(address).store, b"{}", "v1.0.0/manifest.json")
    with pytest.raises(CorpusToolError, match=r"names v1\.0\.0, whose manifest\.json has other bytes than when it was"):
        open_bucket(address).look("v1.1.0")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[1]",
        b'{"schema": "x"}',
        b'{"schema": "corpus-tool/latest/1", "name": "a", "tag": "../v1", "manifest_sha256": ""}',
        b"\xff",
    ],
)
def test_somebody_elses_latest_is_told_in_a_line(data: bytes, first: Path, tmp_path: Path) -> None:
    (tmp_path / "latest.json").write_bytes(data)
    with pytest.raises(CorpusToolError, match=r"^[^\n]+$"):
        publish(first, f"file://{tmp_path}")
    assert (tmp_path / "latest.json").read_bytes() == data
    assert not (tmp_path / "v1.0.0").exists()


def test_a_manifest_of_somebody_elses_is_no_traceback(first: Path, tmp_path: Path) -> None:
    for number, manifest in enumerate(({}, {"files": 1}, {"files": [1, {"path": []}], "rows": 3})):
        data, there = json.dumps(manifest).encode(), tmp_path / str(number)
        latest = {"schema": "corpus-tool/latest/1", "name": "wire", "tag": "v0.9.0", "manifest_sha256": sha256(data)}
        (there / "v0.9.0").mkdir(parents=True)
        (there / "v0.9.0/manifest.json").write_bytes(data)
        (there / "latest.json").write_text(json.dumps(latest))
        publish(first, f"file://{there}")
        assert json.loads((there / "latest.json").read_text())["tag"] == "v1.0.0"


def test_a_folder_keeps_no_trace_of_a_write_that_was_killed(first: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    publish(first, f"file://{there}")
    (there / "v1.0.0/manifest.json").rename(there / "v1.0.0/unfinished.json")  # as if it had not come to the manifest
    (there / "latest.json").unlink()
    (there / "v1.0.0/unfinished.json").write_text('{"manifest_sha256": "", "files": ["default/old-0.parquet"]}')
    for name in ("default/.train-00000-of-00002.parquet.x7_a.tmp", "default/old-0.parquet", ".manifest.json.0f.tmp"):
        (there / "v1.0.0" / name).write_bytes(b"half")
    publish(first, f"file://{there}")
    there_now = lies_at(f"file://{there}")
    assert there_now.keys() == {"latest.json", *published_at(first, "v1.0.0")}


def test_a_full_disk_leaves_no_half_file(first: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk's: the write breaks off in the same place."""
    there = tmp_path / "there"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(first), f"file://{there}"],
        capture_output=True,
        check=False,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
    )
    assert done.returncode == 1
    assert done.stderr.strip() == f"{there}/v1.0.0/default/train-00000-of-00002.parquet: File too large"
    assert {path.name for path in there.rglob("*") if path.is_file()} == {"README.md", "unfinished.json"}
    publish(first, f"file://{there}")
    assert lies_at(f"file://{there}").keys() == {"latest.json", *published_at(first, "v1.0.0")}


def test_a_folder_that_cannot_be_written_is_told_in_a_line(first: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("a file stands where the folder was to be")
    with pytest.raises(CorpusToolError, match=r"^[^\n]*there[^\n]*: Not a directory$"):
        publish(first, f"file://{tmp_path}/there/below")


def test_public_is_no_word_for_a_folder(first: Path, tmp_path: Path) -> None:
    target = open_bucket(f"file://{tmp_path}/there")
    with pytest.raises(CorpusToolError, match="its policy says who reads it"):
        target.release(plan_release(first, target, public=True), lambda step: None)
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("address", ["s3://bucket/a*", "s3://bucket/[a]", "file:///x::memory://y"])
def test_an_address_is_no_pattern(address: str) -> None:
    with pytest.raises(CorpusToolError, match="readers take"):
        open_bucket(address)


@pytest.mark.parametrize(("scheme", "extra"), [("s3", "s3"), ("gs", "gcs")])
def test_a_missing_package_names_the_extra(scheme: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_store, "find_spec", lambda name: None)
    with pytest.raises(CorpusToolError, match=rf'pip install "corpus-tool\[{extra}\]"$'):
        open_bucket(f"{scheme}://bucket/prefix")


def test_readers_are_told_how_to_load(tmp_path: Path) -> None:
    folder = open_bucket(f"file://{tmp_path}/").load_call("figures", "v1.0.0", {"train": 3})
    assert folder.line() == f'load_dataset("{tmp_path}/v1.0.0", "figures")'
    bucket = open_bucket("s3://news/wire/").load_call("figures", "v1.0.0", {"train": 3, "test": 1})
    assert bucket.line() == (
        'load_dataset("parquet", data_files={"train": "s3://news/wire/v1.0.0/figures/train-*.parquet", '
        '"test": "s3://news/wire/v1.0.0/figures/test-*.parquet"})'
    )
