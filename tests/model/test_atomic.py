"""Atomic writes: a file is the old or the new one, whenever the writer dies."""

from __future__ import annotations

import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import remove_leftovers, replaced_atomic, write_atomic

OLD, NEW = "“alt” 🙂 " * 30_000, "“neu” 你 " * 30_000

LOOP = """
import sys
from pathlib import Path
from corpus_tool.model.atomic import write_atomic
path, texts = Path(sys.argv[1]), [Path(name).read_text(encoding="utf-8") for name in sys.argv[2:]]
print("ready", flush=True)
while True:
    for text in texts:
        write_atomic(path, text)
"""

#: Kills itself at the n-th time it touches the file system; prints how many there are when it is not killed.
MOMENT = """
import os, signal, sys
from pathlib import Path
from corpus_tool.model.atomic import write_atomic
path, moment, text = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).read_text(encoding="utf-8")
seen = 0
def hook(event, args):
    global seen
    if event == "open" or event.startswith(("os.", "tempfile.", "shutil.")):
        seen += 1
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
write_atomic(path, text)
print(seen)
"""


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    files = [tmp_path / "old.txt", tmp_path / "new.txt"]
    for file, text in zip(files, (OLD, NEW), strict=True):
        file.write_text(text, encoding="utf-8")
    return [str(file) for file in files]


def test_a_writer_killed_in_a_loop_of_writes_leaves_the_old_or_the_new_file(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "corpus" / "documents" / "x.json"
    path.parent.mkdir(parents=True)
    path.write_text(OLD, encoding="utf-8")
    delays = random.Random(7)
    found = set()
    for _ in range(12):
        with subprocess.Popen([sys.executable, "-c", LOOP, str(path), *texts], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(delays.uniform(0.0, 0.05))
            writer.send_signal(signal.SIGKILL)
        assert writer.returncode == -signal.SIGKILL
        content = path.read_text(encoding="utf-8")
        assert content in {OLD, NEW}
        found.add(content)
    assert found == {OLD, NEW}, "the kills hit no write; the test shows nothing"
    assert [file.name for file in path.parent.glob("*.json") if file.name[0] != "."] == ["x.json"]


def test_a_kill_at_every_single_step_of_a_write_leaves_the_old_or_the_new_file(
    tmp_path: Path, texts: list[str]
) -> None:
    def write(path: Path, moment: int) -> subprocess.CompletedProcess[str]:
        path.parent.mkdir()
        path.write_text(OLD, encoding="utf-8")
        command = [sys.executable, "-c", MOMENT, str(path), str(moment), texts[1]]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    undisturbed = write(tmp_path / "0" / "x.json", 0)
    steps = int(undisturbed.stdout)
    outcomes = []
    for moment in range(1, steps + 1):
        path = tmp_path / str(moment) / "x.json"
        assert write(path, moment).returncode == -signal.SIGKILL
        outcomes.append({OLD: "old", NEW: "new"}[path.read_text(encoding="utf-8")])
    assert outcomes == sorted(outcomes, reverse=True)  # old, old, …, new: never back
    assert set(outcomes) == {"old", "new"}


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_atomic(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomic(path, "lone \ud800")
    assert path.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_line_ends_and_every_character_are_written_as_they_are(tmp_path: Path) -> None:
    text = "a\r\nb\rc\n\ufeff\u2028\x00🙂"
    write_atomic(tmp_path / "deep" / "er" / "x.txt", text)
    assert (tmp_path / "deep" / "er" / "x.txt").read_bytes() == text.encode()


def test_a_files_permissions_are_kept_and_new_ones_follow_the_umask(tmp_path: Path) -> None:
    old, new, plain = tmp_path / "old.txt", tmp_path / "new.txt", tmp_path / "plain.txt"
    old.write_text("x")
    old.chmod(0o640)
    write_atomic(old, "y")
    write_atomic(new, "y")
    plain.write_text("y")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


def test_what_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.json").mkdir()
    for path in (tmp_path / "file" / "x.json", tmp_path / "folder.json", tmp_path / ("n" * 300)):
        with pytest.raises(CorpusToolError, match=path.name[:20]):
            write_atomic(path, "y")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.json"]


def test_leftovers_of_killed_writers_go_and_what_is_being_written_stays(tmp_path: Path) -> None:
    leftover = tmp_path / ".fire.json.ab12_xyz.tmp"
    kept = [tmp_path / name for name in (".fire.json.tmp", "fire.json.abcd1234.tmp", ".notes", "fire.json")]
    for path in (leftover, *kept):
        path.write_text("x")
    (tmp_path / ".folder.json.abcd1234.tmp").mkdir()
    link = tmp_path / ".link.json.abcd1234.tmp"
    link.symlink_to(tmp_path / "fire.json")
    with replaced_atomic(tmp_path / "港口.json") as file:
        file.write(b"new")
        file.flush()
        assert remove_leftovers(tmp_path) == 1
    assert (tmp_path / "港口.json").read_bytes() == b"new"
    assert not leftover.exists()
    assert all(path.exists() for path in kept)
    assert link.is_symlink()
    assert remove_leftovers(tmp_path / "nowhere") == 0
