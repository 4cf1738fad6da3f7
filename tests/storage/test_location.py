"""Addresses of a storage as paths: what they are called, where they lead, and what is told when something is wrong."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import replaced_atomic, write_atomic
from corpus_tool.model.remote import RemotePath
from corpus_tool.read.storage import fingerprint, is_remote, location, require_local, scratch_folder

#: Names of objects that a careless client takes for something else: a chain of addresses, a pattern, an escape, a
#: fragment, a query, a home, a folder above.
NAMES = (
    "harbour fire.json",
    "a::memory:.json",
    "s3:.json",
    "*[x]?.json",
    "p%20q%2Fr.json",
    "h#1.json",
    "q?a=b&c.json",
    "~root.json",
    "back\\slash.json",
    "..json",
    "🔥 e\u0301 №\u00a0“.json",
    "حريق-في-الميناء-שריפה-火.json",
)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own in fsspec's storage in memory."""
    import fsspec

    yield location(f"memory://{tmp_path.name}/news of today")
    client = fsspec.filesystem("memory")
    client.store.clear()
    client.pseudo_dirs[:] = [""]


@pytest.mark.parametrize("text", [".", "corpus", "/tmp/a b", "-", "a:b", "file:///tmp/a b", "C:\\news", "://x"])
def test_a_path_stays_a_path(text: str) -> None:
    assert location(text) == Path(text.removeprefix("file://"))
    assert not is_remote(location(text))


def test_a_path_loads_no_client() -> None:
    code = (
        "import sys; from corpus_tool.read.storage import location; location('news'); "
        "print([m for m in ('fsspec', 's3fs', 'upath', 'corpus_tool.model.remote') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("top", ["s3://news", "s3://news/of today", "memory://news/🔥"])
def test_a_name_survives_being_written_down(top: str, name: str) -> None:
    folder = location(top)
    path = folder / name
    assert str(path) == f"{top}/{name}"
    assert location(str(path)) == path
    assert hash(location(str(path))) == hash(path)
    assert pickle.loads(pickle.dumps(path)) == path
    assert path.name == name
    assert path.parent == folder
    assert path.parents[0] == folder
    assert (path.stem, path.suffix) == (PurePosixPath(name).stem, PurePosixPath(name).suffix)
    assert path.relative_to(folder).as_posix() == name
    assert path.is_relative_to(folder)
    assert is_remote(path)


def test_paths_compare_and_sort_as_those_of_a_disk_do() -> None:
    names = ["b/a", "a", "a/b", "a-b", "a/b/c", "A", "é", "🔥"]
    there, here = [location("s3://news") / name for name in names], [Path("/news") / name for name in names]
    assert [path.relative_to(location("s3://news")).as_posix() for path in sorted(there)] == [
        path.relative_to("/news").as_posix() for path in sorted(here)
    ]
    assert location("s3://news/a/") == location("s3://news//a") == location("S3://news/./a")
    assert location("s3://news/a") != location("s3://old/a")
    assert location("s3://news/a") != Path("s3://news/a")


@pytest.mark.parametrize("step", ["/etc/passwd", "../else", "a/../../b", "..", "//else/x"])
def test_no_step_leads_out(step: str) -> None:
    with pytest.raises(CorpusToolError, match=r"s3://news/c: '.*' leads out of it"):
        location("s3://news/c") / step


def test_an_address_in_a_step_is_a_folder_of_that_name() -> None:
    """A corpus may name files; what it names is never opened elsewhere."""
    assert str(location("s3://news/c") / "s3://other/x") == "s3://news/c/s3:/other/x"
    assert str(location("s3://news/c") / "memory::s3:") == "s3://news/c/memory::s3:"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("gs://news/c", r'gs://news/c: needs the package gcsfs: pip install "corpus-tool\[gcs\]"'),
        ("nobody-knows://news/c", r"nobody-knows://news/c: no storage is known by nobody-knows://: .+"),
        ("s3://", "s3://: names no bucket; an address is s3://BUCKET/FOLDER"),
        ("s3:///", "s3:///: names no bucket; .+"),
        ("s3://news/../c", r"s3://news/\.\./c: a storage knows no folder '\.\.'; .+"),
    ],
)
def test_an_address_that_leads_nowhere(address: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import corpus_tool.model.storage_clients as clients

    found = clients.find_spec
    monkeypatch.setattr(clients, "find_spec", lambda name: None if name == "gcsfs" else found(name))
    with pytest.raises(CorpusToolError, match=f"^{words}$"):
        location(address)


def test_a_password_in_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(CorpusToolError, match="holds a password") as refused:
        location("s3://me:planted-word@news/c")
    assert "planted" not in str(refused.value)


@pytest.mark.parametrize("name", [name for name in NAMES if "::" not in name])  # fsspec's own memory loses these
def test_what_was_written_is_found(root: Path, name: str) -> None:
    path = root / "documents" / name
    assert not path.exists()
    assert not root.is_dir()
    write_atomic(path, f"é🔥{name}\r\n")
    assert path.read_bytes() == f"é🔥{name}\r\n".encode()
    with path.open("r", encoding="utf-8", newline="") as file:
        assert file.read() == f"é🔥{name}\r\n"
    assert path.is_file()
    assert path.parent.is_dir()
    assert not path.is_dir()
    assert path.stat().st_size == len(f"é🔥{name}\r\n".encode())
    assert list(path.parent.iterdir()) == list(path.parent.glob("*.json")) == list(root.rglob("*")) == [path]
    assert list(root.glob("*.json")) == []
    path.unlink()
    path.unlink(missing_ok=True)
    assert not path.exists()


def test_what_is_not_there_is_told_as_on_a_disk(root: Path) -> None:
    write_atomic(root / "a", "x")
    for wrong, told in (
        ((root / "b").read_bytes, FileNotFoundError),
        ((root / "b").stat, FileNotFoundError),
        ((root / "b").unlink, FileNotFoundError),
        (lambda: list((root / "b").iterdir()), FileNotFoundError),
        (lambda: list((root / "a").iterdir()), NotADirectoryError),
        (lambda: root.open("rb"), IsADirectoryError),
        (lambda: location("s3://news").open("rb"), IsADirectoryError),
    ):
        with pytest.raises(told) as raised:
            wrong()
        assert raised.value.strerror
        assert raised.value.filename.startswith(("memory://", "s3://"))
    with pytest.raises(OSError, match="written as a whole"):
        (root / "a").open("wb")
    assert (root / "a").read_text() == "x"


def test_what_fails_while_it_is_written_leaves_what_was_there(root: Path) -> None:
    path = root / "x.json"
    write_atomic(path, "old")

    def fail() -> None:
        with replaced_atomic(path) as file:
            file.write(b"new" * 100_000)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "old"


def test_an_object_that_s3fs_takes_for_another_one_is_refused() -> None:
    """``a.json?versionId=3`` would be read as ``a.json``."""
    with pytest.raises(OSError, match="opens no object"):
        (location("s3://news") / "a.json?versionId=3").read_bytes()


def test_a_fingerprint_changes_with_the_bytes(root: Path, tmp_path: Path) -> None:
    for path in (root / "x.json", tmp_path / "x.json"):
        write_atomic(path, "one")
        before = fingerprint(path)
        assert fingerprint(path) == before
        status = path.stat()
        write_atomic(path, "two")
        if not is_remote(path):
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert fingerprint(path) != before
        write_atomic(path, "one")
        assert fingerprint(path) == before


def test_what_can_be_made_anew_stays_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    one, two = scratch_folder(location("s3://news/a")), scratch_folder(location("s3://news/b"))
    assert one is not None
    assert two is not None
    assert one != two
    assert one == scratch_folder(location("s3://news/a/"))
    assert one.parent == tmp_path / "cache" / "corpus-tool"
    assert (one / ".gitignore").is_file()
    assert one.stat().st_mode & 0o077 == 0
    assert scratch_folder(tmp_path) == tmp_path / ".corpus-tool"
    assert scratch_folder(tmp_path / "nowhere") is None
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    at_home = scratch_folder(location("s3://news/a"))
    assert at_home is not None
    assert at_home.parent == tmp_path / "home" / ".cache" / "corpus-tool"


def test_a_link_in_place_of_the_scratch_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / ".corpus-tool").symlink_to(tmp_path / "else")
    assert scratch_folder(tmp_path) is None
    assert list((tmp_path / "else").iterdir()) == []


def test_what_is_done_on_this_machine_alone_says_so() -> None:
    require_local(Path("dist"), "a dataset is built", "publish it")
    with pytest.raises(CorpusToolError, match=r"^s3://news/d: a dataset is built on this machine alone; publish it$"):
        require_local(location("s3://news/d"), "a dataset is built", "publish it")


def test_a_storage_that_refuses_is_not_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is a mistake of ours taken for the storage's word."""

    class Refusing:
        def __getattr__(self, name: str) -> object:
            def refuse(*_: object, **__: object) -> None:
                raise self.error

            return str if name == "_strip_protocol" else refuse

        error: Exception = PermissionError(13, "Access Denied")

    monkeypatch.setattr("corpus_tool.model.remote.client_of", lambda scheme, authority: Refusing())
    path = location("s3://news/c")
    assert isinstance(path, RemotePath)
    for ask in (path.exists, path.is_file, path.is_dir, path.read_bytes, lambda: list(path.iterdir())):
        with pytest.raises(PermissionError, match=r"refused: Access Denied; the credentials need to list and read"):
            ask()
    Refusing.error = KeyError("ours")
    with pytest.raises(KeyError):
        path.exists()
