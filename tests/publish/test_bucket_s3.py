"""Releases on S3: the real client, in processes of its own, against a real server on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from publish.bucket_cases import FIRST, SCRIPT, SECOND, make_dist, published_at, random_bytes, release_to
from publish.s3_server import KEY_ID, S3, SECRET, SESSION, s3_server

from corpus_tool.publish import bucket_store
from corpus_tool.publish.bucket import open_bucket

BUCKET = "news"

#: Large enough to be sent in parts.
LARGE = random_bytes(33 << 20)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3_server(tmp_path_factory.mktemp("s3"), bucket=BUCKET) as server:
        yield server


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dist(tmp_path_factory.mktemp("dist") / "first", "1.0.0", FIRST)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**FIRST, "default/train-00000-of-00002.parquet": LARGE}
    return make_dist(tmp_path_factory.mktemp("dist") / "large", "1.0.0", files)


def start(s3: S3, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={name: word for name, word in (os.environ | s3.environment).items() if name != "HF_HUB_OFFLINE"},
    )


def run(s3: S3, *command: str) -> tuple[int, str, str]:
    """Status, output and errors of a command, in none of which the keys may show."""
    process = start(s3, *command)
    out, err = process.communicate(timeout=120)
    assert not any(secret in out + err for secret in (KEY_ID, SECRET, SESSION))
    return process.returncode, out, err


def publish(s3: S3, folder: Path, prefix: str) -> tuple[int, str, str]:
    return run(s3, "-c", SCRIPT, str(folder), f"s3://{BUCKET}/{prefix}")


@pytest.fixture
def finish(s3: S3, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], list[str]]:
    """``finish(folder, prefix)``: publishes in this process, which starts no other; the steps that were taken."""
    for name, word in s3.environment.items():
        monkeypatch.setenv(name, word)
    return lambda folder, prefix: release_to(open_bucket(f"s3://{BUCKET}/{prefix}"), folder)


def lies_at(s3: S3, prefix: str) -> dict[str, bytes]:
    client, top = s3.client(), f"{BUCKET}/{prefix}/"
    return {path.removeprefix(top): client.cat_file(path) for path in client.find(top)}


def uploads(s3: S3, prefix: str) -> list[str]:
    """Names of the files of which parts lie in the bucket."""
    return [u["Key"] for u in s3.client().list_multipart_uploads(BUCKET) if u["Key"].startswith(f"{prefix}/")]


@pytest.mark.slow
def test_from_a_build_to_a_reader_and_back(s3: S3, tmp_path: Path, built: Callable[..., Path]) -> None:
    """The whole way as people go it: publish, load, again, a second version, read back, and a byte that changed."""
    dist, address = built("1.0.0"), f"s3://{BUCKET}/wire"
    rows = json.loads((dist / "manifest.json").read_text())["rows"]["default"]
    options = ("--to", address, "--yes")
    command = ("-m", "corpus_tool", "publish", str(dist), *options)

    status, out, err = run(s3, *command, "--public")
    assert (status, "its policy" in err) == (2, True), err
    status, out, err = run(s3, *command)
    assert status == 0, err
    assert "as the store's policy says" in out
    assert lies_at(s3, "wire").items() >= published_at(dist, "v1.0.0").items()

    [line] = [line for line in out.splitlines() if line.startswith("load_dataset(")]
    cache = {"cache_dir": str(tmp_path / "cache")}
    load = f"from datasets import load_dataset\nd = {line[:-1]}, **{cache})\nprint({{s: len(d[s]) for s in d}})"
    status, out, err = run(s3, "-c", load.replace("/figures/", "/default/"))
    assert (status, out) == (0, f"{rows}\n"), err

    status, out, err = run(s3, *command)
    assert (status, "is published already" in out) == (0, True), err

    assert run(s3, "-m", "corpus_tool", "publish", str(built("1.1.0")), *options)[0] == 0
    status, out, err = run(s3, "-m", "corpus_tool", "publish", "--verify", f"{address}@v1.0.0")
    assert (status, "as it was built; 12 documents and 60 spans" in out) == (0, True), err

    client, path = s3.client(), f"{BUCKET}/wire/v1.1.0/default/train-00000-of-00001.parquet"
    data = bytearray(client.cat_file(path))
    data[len(data) // 2] ^= 1
    client.pipe_file(path, bytes(data))
    status, out, err = run(s3, "-m", "corpus_tool", "publish", "--verify", address)
    assert (status, "not as it was built" in out) == (1, True), err
    assert "train-00000-of-00001.parquet" in err
    stored = b"".join(lies_at(s3, "wire").values())
    assert not any(secret.encode() in stored for secret in (KEY_ID, SECRET, SESSION))


@pytest.mark.slow
def test_a_public_bucket_is_verified_without_credentials(
    s3: S3, built: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(s3, "-m", "corpus_tool", "publish", str(built()), "--to", f"s3://{BUCKET}/open", "--yes")[0] == 0
    client = s3.client()
    client.call_s3("put_bucket_acl", Bucket=BUCKET, ACL="public-read")
    for path in client.find(f"{BUCKET}/open"):
        client.call_s3("put_object_acl", Bucket=BUCKET, Key=path.removeprefix(f"{BUCKET}/"), ACL="public-read")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setitem(s3.environment, name, "")
    verify = ("-m", "corpus_tool", "publish", "--verify", f"s3://{BUCKET}/open")
    assert run(s3, *verify)[0] == 2
    monkeypatch.setitem(s3.environment, "FSSPEC_S3_ANON", "true")
    status, out, err = run(s3, *verify)
    assert (status, "as it was built" in out) == (0, True), err


def test_killed_in_the_middle_of_a_file_the_next_run_finishes(
    s3: S3, large: Path, finish: Callable[[Path, str], list[str]]
) -> None:
    s3.gate.hold_after(20 << 20)
    process = start(s3, "-c", SCRIPT, str(large), f"s3://{BUCKET}/killed")
    assert s3.gate.reached.wait(60)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    s3.gate.open()
    assert uploads(s3, "killed") == ["killed/v1.0.0/default/train-00000-of-00002.parquet"]
    assert not lies_at(s3, "killed").keys() & {"latest.json", "v1.0.0/manifest.json"}
    steps = finish(large, "killed")
    assert "drop the parts of uploads that were cut off: 1" in steps
    assert "is there already: README.md" in steps
    there = lies_at(s3, "killed")
    assert json.loads(there.pop("latest.json"))["tag"] == "v1.0.0"
    assert there == published_at(large, "v1.0.0")
    assert uploads(s3, "killed") == []


@pytest.mark.slow
def test_killed_at_each_step_the_next_run_finishes(
    s3: S3, first: Path, tmp_path: Path, finish: Callable[[Path, str], list[str]]
) -> None:
    """Killed as each step begins; the next run is of another build, until there is a manifest."""
    other = make_dist(tmp_path / "other", "1.0.0", SECOND)
    for moment, step in enumerate(
        ["upload default/train-00001-of-00002.parquet", "write manifest.json", "write latest"]
    ):
        script = SCRIPT.replace(
            "lambda step: print(step, flush=True)",
            f"lambda step: step.startswith({step!r}) and __import__('os').kill(__import__('os').getpid(), 9)",
        )
        prefix = f"step-{moment}"
        assert run(s3, "-c", script, str(first), f"s3://{BUCKET}/{prefix}")[0] == -signal.SIGKILL
        assert "latest.json" not in lies_at(s3, prefix)
        last = first if "v1.0.0/manifest.json" in lies_at(s3, prefix) else other
        finish(last, prefix)
        assert lies_at(s3, prefix).keys() == {"latest.json", *published_at(last, "v1.0.0")}


def test_a_connection_that_breaks_once_is_taken_up_again(s3: S3, large: Path) -> None:
    s3.gate.cut_after(20 << 20)
    process = start(s3, "-c", SCRIPT, str(large), f"s3://{BUCKET}/broken")
    assert s3.gate.reached.wait(60)
    s3.gate.open()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert lies_at(s3, "broken").items() >= published_at(large, "v1.0.0").items()


def test_a_connection_that_stays_broken_is_told_in_a_line(
    s3: S3, large: Path, finish: Callable[[Path, str], list[str]]
) -> None:
    s3.gate.cut_after(20 << 20)
    status, _, err = publish(s3, large, "cut")
    s3.gate.open()
    assert status == 1
    assert re.fullmatch(
        rf"s3://{BUCKET}/cut: cannot upload v1\.0\.0/default/train-00000-of-00002.parquet: [^\n]+\n", err
    )
    assert not lies_at(s3, "cut").keys() & {"latest.json", "v1.0.0/manifest.json"}
    finish(large, "cut")
    assert uploads(s3, "cut") == []
    assert lies_at(s3, "cut").keys() == {"latest.json", *published_at(large, "v1.0.0")}


def test_two_at_once_publish_the_same(s3: S3, first: Path, finish: Callable[[Path, str], list[str]]) -> None:
    both = [start(s3, "-c", SCRIPT, str(first), f"s3://{BUCKET}/two") for _ in range(2)]
    ended = [(process.communicate(timeout=60), process.returncode) for process in both]
    assert 0 in [status for _, status in ended], ended
    finish(first, "two")
    assert lies_at(s3, "two").keys() == {"latest.json", *published_at(first, "v1.0.0")}


def test_the_store_itself_refuses_a_second_manifest(s3: S3) -> None:
    """Not a look before the write: the request says If-None-Match."""
    store = bucket_store.Store(f"s3://{BUCKET}/once", "s3", f"{BUCKET}/once", s3.client())
    assert bucket_store.create_file(store, b"first", "v1.0.0/manifest.json")
    assert not bucket_store.create_file(store, b"second", "v1.0.0/manifest.json")
    assert lies_at(s3, "once") == {"v1.0.0/manifest.json": b"first"}
    assert re.search(r'PUT /news/once/v1\.0\.0/manifest\.json[^"]*" 412', s3.log.read_text())


def test_a_bucket_that_is_not_there(s3: S3, first: Path) -> None:
    status, out, err = run(s3, "-c", SCRIPT, str(first), "s3://nobody-made-it/wire")
    assert (status, out) == (1, "")
    assert re.fullmatch(
        r"s3://nobody-made-it/wire: cannot list it: .*no bucket nobody-made-it, make it first[^\n]*\n", err
    )


def test_refused_credentials(first: Path, tmp_path: Path) -> None:
    with s3_server(tmp_path, refuses=True) as s3:
        status, out, err = publish(s3, first, "wire")
    assert (status, out) == (1, "")
    assert re.fullmatch(rf"s3://{BUCKET}/wire: cannot [^\n]+: refused: [^\n]+ need to list, read, write[^\n]+\n", err)


def test_no_credentials(s3: S3, first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setitem(s3.environment, name, "")
    status, out, err = publish(s3, first, "wire")
    assert (status, out) == (1, "")
    assert re.fullmatch(rf"s3://{BUCKET}/wire: cannot [^\n]+credentials; set the environment's variables[^\n]+\n", err)


def test_nobody_answers(s3: S3, first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(s3.environment, "AWS_ENDPOINT_URL", "http://user:pass-word-7@127.0.0.1:9")
    status, out, err = publish(s3, first, "wire")
    assert (status, out) == (1, "")
    assert re.fullmatch(rf"s3://{BUCKET}/wire: cannot [^\n]+\n", err)
    assert "pass-word-7" not in err
