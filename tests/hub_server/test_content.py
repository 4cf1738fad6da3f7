"""What goes up comes down, by each of the client's ways, and a tree tells the truth about it."""

import hashlib
import json
import random
from array import array
from pathlib import Path

import pytest

from hub_server.client import RunningHub, running_hub
from hub_server.wire import RefusalError, Request, file_answer

NASTY = "data/حريق 😀 100% #1 café+é\u00a0.txt"
TEXT = "„Feuer!“ – e\u0301 \u200fאש\u200e 火\u00a0🔥\r\n"


def _folder(path: Path) -> dict[str, bytes]:
    """Files to upload: text, an empty one, an awkward name, content for LFS that does and does not compress."""
    noise = random.Random(7)
    files = {
        "README.md": f"---\nlicense: cc-by-4.0\n---\n# Ḥarbour\n{TEXT}".encode(),
        NASTY: TEXT.encode(),
        "data/empty.txt": b"",
        "data/train-00000-of-00002.parquet": array("f", (1 + n / 7 for n in range(80_000))).tobytes(),
        "data/train-00001-of-00002.parquet": noise.randbytes(300_001),
    }
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return files


UPLOAD = """
import json, sys
from huggingface_hub import CommitOperationAdd, CommitOperationDelete
from pathlib import Path
folder = Path(FOLDER)
api.create_repo(REPO, repo_type="dataset", private=True)
paths = [path for path in folder.rglob("*") if path.is_file()]
operations = [CommitOperationAdd(path.relative_to(folder).as_posix(), path) for path in paths]
commit = api.create_commit(REPO, operations, commit_message="First release", repo_type="dataset")
tree = api.list_repo_tree(REPO, repo_type="dataset", recursive=True, expand=True, revision=commit.oid)
info = api.dataset_info(REPO, files_metadata=True)
got = api.snapshot_download(REPO, repo_type="dataset", revision=commit.oid)
entries = [entry for entry in tree if hasattr(entry, "size")]
files = {entry.path: [entry.size, entry.blob_id, entry.lfs and entry.lfs.sha256] for entry in entries}
print(json.dumps({"got": got, "files": files, "card": info.card_data.to_dict(), "private": info.private,
    "siblings": {s.rfilename: [s.size, s.blob_id, s.lfs and s.lfs.sha256] for s in info.siblings}}))
"""


@pytest.mark.parametrize(
    ("way", "up", "down"),
    [
        ("xet", "xet-upload", "xet-download"),
        ("lfs", "lfs-upload", "download"),
        ("parts", "lfs-upload", "download"),
    ],
)
def test_content_survives_every_way(tmp_path: Path, way: str, up: str, down: str) -> None:
    files = _folder(tmp_path / "folder")
    with running_hub(tmp_path / "hub", **({"part_size": 100_000} if way == "parts" else {})) as hub:
        code = f"FOLDER, REPO = {str(tmp_path / 'folder')!r}, 'newsroom/harbour'\n{UPLOAD}"
        disable = "0" if way == "xet" else "1"
        ran = hub.run(code, tmp_path / "home", HF_HUB_DISABLE_XET=disable)
        assert ran.returncode == 0, ran.stderr
        told = json.loads(ran.stdout)
        for name, content in files.items():
            assert (Path(told["got"]) / name).read_bytes() == content
            size, blob_id, sha256 = told["files"][name]
            assert size == len(content)
            lfs = name.endswith(".parquet")
            assert sha256 == (hashlib.sha256(content).hexdigest() if lfs else None)
            if not lfs:
                assert blob_id == hashlib.sha1(b"blob %d\0" % size + content).hexdigest()
        assert told["files"].keys() == files.keys() | {".gitattributes"}
        assert told["siblings"] == told["files"]
        assert told["private"] is True
        assert told["card"]["license"] == "cc-by-4.0"
        log = hub.log()
    uploads = [entry for entry in log if entry["kind"] == up]
    assert {entry["kind"] for entry in log} & {"lfs-upload", "xet-upload"} == {up}
    assert {entry["kind"] for entry in log} & {"download", "xet-download"} == {down}
    if way == "parts":
        assert sorted(entry["received"] for entry in uploads if entry["method"] == "PUT") == [
            1,
            *[20_000],
            *[100_000] * 6,
        ]


def test_a_token_goes_to_the_hub_and_nowhere_else(shared_hub: RunningHub, tmp_path: Path) -> None:
    _folder(tmp_path / "folder")
    shared_hub.clear_log()
    ran = shared_hub.run(f"FOLDER, REPO = {str(tmp_path / 'folder')!r}, 'alice/token'\n{UPLOAD}", tmp_path / "home")
    assert ran.returncode == 0, ran.stderr
    log = shared_hub.log()
    storage = [entry for entry in log if entry["host"].startswith("localhost:")]
    assert storage
    assert {entry["token"] for entry in storage} <= {"none", "xet:write", "xet:read"}
    assert {entry["token"] for entry in log if entry not in storage} == {"alice:write"}
    assert not [entry for entry in log if entry["leaks"] or entry["kind"] in {"foreign", "unknown"}]
    written = (shared_hub.root / "log.jsonl").read_text()
    assert not [token for token in shared_hub.tokens.values() if token in written]


def test_a_token_in_the_wrong_place_is_seen(shared_hub: RunningHub, tmp_path: Path) -> None:
    shared_hub.clear_log()
    shared_hub.run(
        "from huggingface_hub import get_token\n"
        "from huggingface_hub.utils import get_session\n"
        "get_session().get(api.endpoint + '/api/datasets/a/b?token=' + get_token(), headers={'X-Note': get_token()})",
        tmp_path / "home",
    )
    (entry,) = shared_hub.log()
    assert sorted(entry["leaks"]) == ["address", "x-note"]
    assert entry["token"] == "none"
    assert shared_hub.token not in json.dumps(entry)
    assert entry["headers"]["x-note"] == "<token>"


def test_deletes_parents_tags_and_history(shared_hub: RunningHub, tmp_path: Path) -> None:
    ran = shared_hub.run(
        """
        from huggingface_hub import CommitOperationAdd as Add, CommitOperationDelete as Delete
        from huggingface_hub.errors import HfHubHTTPError, RevisionNotFoundError, EntryNotFoundError
        import json
        repo = dict(repo_id="alice/history", repo_type="dataset")

        def refused(call, *arguments, **named):
            try:
                call(*arguments, **named)
            except HfHubHTTPError as error:
                return [error.response.status_code, type(error).__name__]

        api.create_repo(**repo)
        adds = [Add(f"data/{n}.txt", b"%d" % n) for n in range(5)]
        first = api.create_commit(operations=adds, commit_message="1", **repo)
        second = api.create_commit(
            operations=[Delete("data/0.txt"), Delete("data/1.txt"), Add("data/2.txt", b"two"), Add("more/x.txt", b"x")],
            commit_message="2", commit_description="why", parent_commit=first.oid, **repo)
        stale = refused(api.create_commit, operations=[Add("y.txt", b"y")], commit_message="3",
            parent_commit=first.oid, **repo)
        missing = refused(api.create_commit, operations=[Delete("نار🔥.txt")], commit_message="3", **repo)
        api.create_tag(tag="v1.0.0", revision=first.oid, tag_message="The first", **repo)
        again = refused(api.create_tag, tag="v1.0.0", revision=second.oid, **repo)
        folder = api.create_commit(operations=[Delete("data/")], commit_message="4", **repo)
        unchanged = api.create_commit(operations=[Add("more/x.txt", b"x")], commit_message="5", **repo)
        nothing = api.create_commit(operations=[], commit_message="6", **repo)
        api.create_branch(branch="next", **repo)
        api.create_commit(operations=[Add("next.txt", b"n")], commit_message="7", revision="next", **repo)
        api.create_tag(tag="gone", **repo)
        api.delete_tag(tag="gone", **repo)
        refs = api.list_repo_refs(**repo)
        paths = api.get_paths_info(paths=["more/x.txt", "more", "nowhere"], revision="main", expand=True, **repo)
        print(json.dumps({
            "stale": stale, "missing": missing, "again": again, "unchanged": unchanged.oid == folder.oid,
            "nothing": nothing.oid == folder.oid, "unknown": refused(api.list_repo_files, revision="v9", **repo),
            "absent": refused(api.hf_hub_download, filename="no.txt", **repo),
            "at": {at: api.list_repo_files(revision=at, **repo) for at in ("v1.0.0", second.oid[:8], "main", "next")},
            "history": [[commit.title, commit.message] for commit in api.list_repo_commits(**repo)],
            "tags": {tag.name: tag.target_commit == first.oid for tag in refs.tags},
            "branches": sorted(branch.name for branch in refs.branches),
            "paths": {entry.path: entry.last_commit.title for entry in paths},
        }))
        """,
        tmp_path / "home",
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["stale"] == [412, "HfHubHTTPError"]
    assert told["missing"] == [404, "RemoteEntryNotFoundError"]
    assert told["again"] == [409, "HfHubHTTPError"]
    assert told["unknown"] == [404, "RevisionNotFoundError"]
    assert told["absent"] == [404, "RemoteEntryNotFoundError"]
    assert told["unchanged"] is True
    data = [f"data/{n}.txt" for n in range(5)]
    assert told["at"]["v1.0.0"] == [".gitattributes", *data]
    assert list(told["at"].values())[1] == [".gitattributes", *data[2:], "more/x.txt"]
    assert told["at"]["main"] == [".gitattributes", "more/x.txt"]
    assert told["at"]["next"] == [".gitattributes", "more/x.txt", "next.txt"]
    assert [title for title, _ in told["history"]][-3:] == ["2", "1", "initial commit"]
    assert ["2", "why"] in told["history"]
    assert told["tags"] == {"v1.0.0": True}
    assert told["branches"] == ["main", "next"]
    assert told["paths"] == {"more/x.txt": "2", "more": "2"}


def test_a_tree_comes_in_pages(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub", page=2) as hub:
        ran = hub.run(
            """
            from huggingface_hub import CommitOperationAdd as Add
            repo = dict(repo_id="alice/pages", repo_type="dataset")
            api.create_repo(**repo)
            names = ["a/b/c.txt", "a/d.txt", "e.txt", "f.txt", "g h.txt"]
            api.create_commit(operations=[Add(name, b"x") for name in names], commit_message="1", **repo)
            print([entry.path for entry in api.list_repo_tree(recursive=True, **repo)])
            print([entry.path for entry in api.list_repo_tree(path_in_repo="a", **repo)])
            """,
            tmp_path / "home",
        )
        pages = [entry for entry in hub.log() if entry["kind"] == "tree"]
    assert ran.returncode == 0, ran.stderr
    whole = [".gitattributes", "a", "a/b", "a/b/c.txt", "a/d.txt", "e.txt", "f.txt", "g h.txt"]
    assert ran.stdout.splitlines() == [repr(whole), "['a/b', 'a/d.txt']"]
    assert len(pages) == 5


@pytest.mark.parametrize(
    ("asked", "status", "told", "body"),
    [
        ("bytes=0-3", 206, "bytes 0-3/10", b"0123"),
        ("bytes=8-99", 206, "bytes 8-9/10", b"89"),
        ("bytes=4-", 206, "bytes 4-9/10", b"456789"),
        ("bytes=-2", 206, "bytes 8-9/10", b"89"),
        ("bytes=10-", 416, "bytes */10", None),
        ("lines=1", 200, None, b"0123456789"),
    ],
)
def test_a_range_is_answered(tmp_path: Path, asked: str, status: int, told: str | None, body: bytes | None) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    request = Request("GET", "", "", {"range": asked}, lambda: iter(()))
    try:
        answer = file_answer(request, tmp_path / "file", {})
    except RefusalError as refusal:
        answer = refusal.answer()
    assert (answer.status, answer.headers.get("Content-Range")) == (status, told)
    if body is not None:
        assert (tmp_path / "file").read_bytes()[answer.start : answer.end] == body
        assert answer.length == len(body)
