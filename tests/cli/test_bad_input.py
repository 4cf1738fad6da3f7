"""Bad input: one clear line, exit 1 for data and 2 for misuse, no traceback, and no file changed or lost."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]
RunMain = Callable[..., Any]

MB = 1_000_000
STORM = "Storm closes the pass\n\nSnow fell over Brenner. “We saw nothing,” said Zoë 😀.\n"
BOMB = b"a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n"


def _may_read_anything() -> bool:
    """Whether this process is root, to whom no permission is refused."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).chmod(0)
        return os.access(file.name, os.R_OK)


needs_permissions = pytest.mark.skipif(_may_read_anything(), reason="root is refused no permission")


def tree(root: Path) -> dict[str, tuple[Any, ...]]:
    """Everything below a folder, links not followed: kind, inode, time, and bytes."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) and os.access(path, os.R_OK) else b""
        found[str(path.relative_to(root))] = (status.st_mode, status.st_ino, status.st_mtime_ns, content)
    return found


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path) -> Path:
    """A corpus that holds one good document."""
    return new_corpus(tmp_path / "corpus", [raw_document("good", "Otter comes home\n\nIt ate a trout, said Zoë 😀.\n")])


def fails(ran: Any, status: int, words: str) -> None:
    """The command ended as it should: with this status, and a line that says these words."""
    told = ran.out + ran.err
    assert ran.status == status, told
    assert "Traceback" not in told
    assert re.search(words, told), told
    if status == 2:
        assert ran.out == ""
        assert ran.err.count("\n") == 1
        assert ran.err.startswith("corpus-tool: ")


ARTICLES = {
    "not-utf-8.txt": (b"caf\xe9 was closed", "COR011 .*byte 3 "),
    "not-utf-8.html": (b"<p>caf\xe9</p>", "COR011"),
    "not-utf-8.jsonl": (b'{"id": "a", "text": "caf\xe9"}\n', "COR015"),
    "empty.txt": (b"", "COR012 holds no text"),
    "empty.html": (b"", "COR012"),
    "binary.txt": (b"\x7fELF\x02\x01\x01\0\0", "COR013 is not text"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "COR01[13]"),
    "cut-off.jsonl": (b'{"id": "a", "text": "One', "COR015 not JSON"),
    "array.jsonl": (b'[{"id": "a", "text": "One."}]', "COR015 .*not a JSON object"),
    "long.txt": (b"x " * (25 * MB), "COR014 larger than 10 MB"),
    "long.html": (b"<p>" + b"x " * (25 * MB), "COR014"),
    "long.jsonl": (b'{"id": "a", "text": "' + b"x " * (25 * MB) + b'"}', "COR014 line longer than 10 MB"),
    "menu.html": (b"<html><body><nav>Home</nav></body></html>", "COR016"),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_a_bad_article_is_told_and_the_good_one_beside_it_is_converted(
    name: str, corpus: Path, tmp_path: Path, run_main: RunMain
) -> None:
    data, words = ARTICLES[name]
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    path.write_bytes(data)
    (tmp_path / "in" / "storm.txt").write_text(STORM, encoding="utf-8")
    before = tree(tmp_path)
    ran = run_main("convert", path, tmp_path / "in" / "storm.txt", "--into", corpus, "--no-annotate")
    fails(ran, 1, f"{re.escape(str(path))}:1:\\d+ {words}")
    assert ran.out == "1 document written, 0 unchanged, 1 article not converted\n"
    after = tree(tmp_path)
    assert after.keys() - before.keys() == {"corpus/documents/storm.json"}
    assert all(after[file][3] == content[3] for file, content in before.items())


def test_an_article_that_comes_twice_is_told(corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    shard = tmp_path / "w.jsonl"
    shard.write_text('{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n')
    fails(run_main("convert", shard, "--into", corpus, "--no-annotate"), 1, "COR017 .*'a'")
    assert json.loads((corpus / "documents" / "a.json").read_bytes())["text"] == "One."


@pytest.mark.parametrize("name", ["../x", "..", "/tmp/x", "../../corpus.yaml", "documents/../../x"])
def test_an_id_that_climbs_stays_in_the_corpus(name: str, corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    shard = tmp_path / "w.jsonl"
    shard.write_text(json.dumps({"id": name, "text": "One."}))
    before = tree(tmp_path)
    assert run_main("convert", shard, "--into", corpus, "--no-annotate").status == 0
    (made,) = tree(tmp_path).keys() - before.keys()
    assert re.fullmatch(r"corpus/documents/[a-z0-9-]+\.json", made)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def missing(path: Path) -> None:
    assert not path.exists()


def folder(path: Path) -> None:
    path.mkdir()


def ghost(path: Path) -> None:
    path.symlink_to("nowhere")


PATHS: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing file": (missing, "no such file"),
    "loop of links": (loop, re.escape(os.strerror(errno.ELOOP))),
    "link to nothing": (ghost, "no such file"),
    "pipe": (os.mkfifo, "is not a regular file"),
    "empty folder": (folder, "holds no"),
}


@pytest.mark.parametrize("command", ["convert", "validate", "fmt"])
@pytest.mark.parametrize("suffix", ["", ".txt", ".html", ".json", ".jsonl"])
@pytest.mark.parametrize("what", PATHS)
def test_a_path_that_is_no_readable_file_is_misuse(
    what: str, suffix: str, command: str, corpus: Path, tmp_path: Path, run_main: RunMain
) -> None:
    make, words = PATHS[what]
    path = tmp_path / f"it{suffix}"
    make(path)
    before = tree(tmp_path)
    fails(run_main(command, path, *(["--into", corpus, "--no-annotate"] if command == "convert" else [])), 2, words)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("command", ["build", "stats", "validate", "convert"])
@pytest.mark.parametrize("what", PATHS)
def test_a_corpus_that_is_none_is_misuse(what: str, command: str, tmp_path: Path, run_main: RunMain) -> None:
    make, _ = PATHS[what]
    path = tmp_path / "it"
    make(path)
    (tmp_path / "storm.txt").write_text(STORM, encoding="utf-8")
    before = tree(tmp_path)
    fails(
        run_main(*(["convert", tmp_path / "storm.txt", "--into"] if command == "convert" else [command]), path),
        2,
        "it: ",
    )
    assert tree(tmp_path) == before


DOCUMENTS = {
    "not UTF-8": (b'{"id": "caf\xe9"}', "TXT101"),
    "empty": (b"", "DOC101"),
    "binary": (b"\x89PNG\r\n\x1a\n\0", "TXT10[13]"),
    "cut off": (b'{"schema": "corpus-tool/document/1", "id": "ba', "DOC102"),
    "deep": (b'{"a":' * 200_000, "DOC104"),
    "array": (b"[]", "DOC103"),
    "id that climbs": (b'{"schema": "corpus-tool/document/1", "id": "../good", "meta": {}, "text": "One."}', "DOC301"),
}


@pytest.mark.parametrize("command", ["validate", "build", "stats", "fmt"])
@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_bad_document_is_told_by_every_command(
    what: str, command: str, corpus: Path, tmp_path: Path, run_main: RunMain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data, code = DOCUMENTS[what]
    run_main("fmt", corpus)
    (corpus / "documents" / "bad.json").write_bytes(data)
    before = tree(tmp_path)
    if command == "fmt" and what == "id that climbs":
        assert run_main("fmt", corpus).status == 0
        assert json.loads((corpus / "documents" / "bad.json").read_bytes()) == json.loads(data)
        assert sorted(path.name for path in (corpus / "documents").iterdir()) == ["bad.json", "good.json"]
        return
    own = ["--no-cache"] if command in {"validate", "build"} else []
    told = code if command in {"validate", "build"} else "COR020"
    fails(run_main(command, corpus, *own), 1, rf"bad\.json:1:\d+ {told} ")
    assert tree(tmp_path) == before


def test_a_document_of_one_line_of_50_mb_is_told(corpus: Path, run_main: RunMain) -> None:
    (corpus / "documents" / "bad.json").write_bytes(b'{"id": "' + b"x" * (50 * MB) + b'"}')
    ran = run_main("validate", corpus)
    fails(ran, 1, r"bad\.json:1:8 DOC\d+ ")
    assert len(ran.out) < 10_000


@pytest.mark.parametrize("command", ["validate", "build", "stats", "convert"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB, r"1:4 COR001 anchors"),
        (b"[" * 100_000, r"1:21 COR001 nested"),
        (b"name: !!python/object/apply:os.system [ls]", r"1:7 COR001 the tag"),
        (b"name: caf\xe9", r"1:1 COR001 byte 9"),
        (b"", r"1:1 COR002 "),
        (b"\0\0\0", r"1:1 COR001 "),
    ],
    ids=["bomb", "deep", "code", "latin-1", "empty", "binary"],
)
def test_a_bad_corpus_yaml_is_told_by_every_command(
    data: bytes, words: str, command: str, corpus: Path, tmp_path: Path, run_main: RunMain
) -> None:
    (corpus / "corpus.yaml").write_bytes(data)
    (tmp_path / "storm.txt").write_text(STORM, encoding="utf-8")
    before = tree(tmp_path)
    args = ["convert", tmp_path / "storm.txt", "--into", corpus] if command == "convert" else [command, corpus]
    fails(run_main(*args), 1, rf"corpus\.yaml:{words}")
    assert tree(tmp_path) == before


def test_a_corpus_that_cannot_take_a_document_is_misuse(corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    (corpus / "documents" / "good.json").unlink()
    (corpus / "documents").rmdir()
    (corpus / "documents").write_text("I am a file.")
    (tmp_path / "storm.txt").write_text(STORM, encoding="utf-8")
    before = tree(tmp_path)
    fails(run_main("convert", tmp_path / "storm.txt", "--into", corpus, "--no-annotate"), 2, r"storm\.json: ")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("what", ["loop of links", "link to nothing", "below a file", "pipe"])
def test_a_folder_that_cannot_be_built_into_is_misuse(
    what: str, corpus: Path, tmp_path: Path, run_main: RunMain
) -> None:
    out = tmp_path / "out"
    if what == "below a file":
        out.write_text("mine")
        out = out / "deeper" / "still"
    elif what != "link to nothing":
        PATHS[what][0](out)
    else:
        out.symlink_to(tmp_path / "no" / "such" / "folder")
        (tmp_path / "no").write_text("mine")
    before = tree(tmp_path)
    fails(run_main("build", corpus, "--out", out, "--no-cache"), 2, "out|such")
    assert tree(tmp_path) == before


def test_init_on_a_loop_of_links_or_a_file_is_misuse(tmp_path: Path, run_main: RunMain) -> None:
    loop(tmp_path / "it")
    (tmp_path / "file").write_text("mine")
    before = tree(tmp_path)
    fails(run_main("init", tmp_path / "it"), 2, "it: ")
    fails(run_main("init", tmp_path / "file"), 2, "file: is not a folder")
    fails(run_main("init", tmp_path / "file" / "below"), 2, "below: ")
    assert tree(tmp_path) == before


@needs_permissions
@pytest.mark.parametrize("command", ["validate", "stats", "fmt", "build"])
def test_a_document_without_permission_is_told(command: str, corpus: Path, run_main: RunMain) -> None:
    (corpus / "documents" / "good.json").chmod(0)
    ran = run_main(command, corpus)
    assert ran.status in {1, 2}
    assert "Permission denied" in ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err


@needs_permissions
@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl"])
def test_an_article_without_permission_is_misuse(suffix: str, corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    path = tmp_path / f"storm{suffix}"
    path.write_text(STORM, encoding="utf-8")
    path.chmod(0)
    fails(run_main("convert", path, "--into", corpus, "--no-annotate"), 2, "Permission denied")


@needs_permissions
@pytest.mark.parametrize("command", ["validate", "stats", "fmt", "build"])
def test_documents_in_a_folder_that_may_not_be_listed_are_not_passed_over(
    command: str, corpus: Path, run_main: RunMain
) -> None:
    (corpus / "documents").chmod(0)
    ran = run_main(command, corpus)
    (corpus / "documents").chmod(0o755)
    fails(ran, 2, "documents: Permission denied")


@needs_permissions
def test_articles_in_a_folder_that_may_not_be_listed_are_not_passed_over(
    corpus: Path, tmp_path: Path, run_main: RunMain
) -> None:
    (tmp_path / "in" / "closed").mkdir(parents=True)
    (tmp_path / "in" / "storm.txt").write_text(STORM, encoding="utf-8")
    (tmp_path / "in" / "closed").chmod(0)
    fails(run_main("convert", tmp_path / "in", "--into", corpus, "--no-annotate"), 2, "closed: Permission denied")


@needs_permissions
def test_a_corpus_that_may_not_be_written_is_misuse_and_keeps_its_files(
    corpus: Path, tmp_path: Path, run_main: RunMain
) -> None:
    (tmp_path / "storm.txt").write_text(STORM, encoding="utf-8")
    (corpus / "documents").chmod(0o555)
    before = tree(tmp_path)
    try:
        fails(run_main("convert", tmp_path / "storm.txt", "--into", corpus, "--no-annotate"), 2, "Permission denied")
        fails(run_main("fmt", corpus), 2, "Permission denied")
    finally:
        assert tree(tmp_path) == before
        (corpus / "documents").chmod(0o755)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["fmt", "-", "x.json"], "standard input"),
        (["convert", "x.txt", "--into", "c", "--encoding", "klingon"], "klingon"),
    ],
)
def test_what_makes_no_sense_is_misuse(
    args: list[str], words: str, corpus: Path, tmp_path: Path, run_main: RunMain, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.txt").write_text(STORM, encoding="utf-8")
    (tmp_path / "x.json").write_text("{}")
    corpus.rename(tmp_path / "c")
    monkeypatch.chdir(tmp_path)
    before = tree(tmp_path)
    fails(run_main(*args, stdin=b"{}"), 2, words)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("stdin", "command", "status", "words"),
    [
        (b"", ["convert", "-"], 1, "<stdin>:1:1 COR012"),
        (b"caf\xe9", ["convert", "-"], 1, "<stdin>:1:4 COR011"),
        (b"", ["validate", "-"], 1, "<stdin>:1:1 DOC101"),
        (b"{", ["validate", "-"], 1, "<stdin>:1:\\d+ DOC102"),
        (b"{", ["fmt", "-"], 2, "<stdin>: "),
        (b"caf\xe9", ["fmt", "-"], 2, "<stdin>: "),
        (b'{"a":' * 100_000, ["fmt", "-"], 2, "<stdin>: "),
    ],
)
def test_bad_standard_input_is_told(
    stdin: bytes, command: list[str], status: int, words: str, corpus: Path, tmp_path: Path, run_main: RunMain
) -> None:
    before = tree(tmp_path)
    fails(run_main(*command, *(["--into", corpus] if command[0] == "convert" else []), stdin=stdin), status, words)
    assert tree(tmp_path) == before


def test_a_real_process_ends_with_one_line_and_the_right_status(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    for path, status in ((tmp_path / "bad.txt", 1), (tmp_path / "nowhere.txt", 2)):
        command = [sys.executable, "-m", "corpus_tool", "convert", str(path), "--into", str(corpus), "--no-annotate"]
        ran = subprocess.run(command, capture_output=True, check=False, text=True)
        assert ran.returncode == status
        assert ran.stderr.splitlines()[0].count(str(path)) == 1
        assert "Traceback" not in ran.stderr
    (corpus / "corpus.yaml").write_bytes(BOMB)
    ran = subprocess.run([*command[:3], "stats", str(corpus)], capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "corpus.yaml:1:4 COR001" in ran.stderr
