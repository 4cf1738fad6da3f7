"""The progress line of real commands on a pseudo-terminal, whose size changes while they run."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def words(name: str) -> str:
    """Words that no other document has."""
    return " ".join(re.findall("....", hashlib.sha256(name.encode()).hexdigest()))


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path) -> Path:
    """A corpus with two shards of documents in several scripts; one document has an error."""
    root = new_corpus(tmp_path / "corpus 漢")
    for shard in ("one 😀", "two"):
        key = shard[:3]
        documents = [raw_document(f"{key}-{n}", f"Zoë 👩‍🚒 قال علي. {words(f'{key}-{n}')}") for n in range(40)]
        if shard == "two":
            bad = {"id": "a1", "start": 0, "end": 3, "text": "Zoe", "kind": "person"}
            documents.append(raw_document("two-bad", "Zoë left.", layers={"actors": [bad]}))
        lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
        (root / "documents" / f"{shard}.jsonl").write_text(lines, encoding="utf-8")
    return root


class Terminal:
    """A command on a terminal of its own, and what it has printed so far."""

    def __init__(self, *command: str | Path, stdin: bool = False, **env: str) -> None:
        self.ours, theirs = pty.openpty()
        self.resize(100, None)
        kept = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "corpus_tool", *map(str, command)],
            env={**kept, "TERM": "xterm-256color", **env},
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        self.printed = ""

    def resize(self, columns: int, process: subprocess.Popen[bytes] | None) -> None:
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        if process is not None:
            process.send_signal(signal.SIGWINCH)

    def read_until(self, words: str) -> str:
        """What is printed from now on, until it holds some words: waits as long as it takes, at most a minute."""
        end, found = time.monotonic() + 60, ""
        while words not in ESCAPE.sub("", found):
            assert time.monotonic() < end, f"{words!r} did not come: {found!r}"
            found += os.read(self.ours, 65536).decode(errors="replace")
        self.printed += found
        return found

    def end(self) -> tuple[int, str, str]:
        """The exit status, the standard output, and all that stood on the terminal."""
        output, _ = self.process.communicate(timeout=60)
        while True:
            try:
                read = os.read(self.ours, 65536)
            except OSError:  # Linux says so where the other end has closed
                break
            self.printed += read.decode(errors="replace")
        os.close(self.ours)
        return self.process.returncode, output.decode(), self.printed


def lines_of(printed: str) -> list[str]:
    """The lines that were drawn, one over the other, without what steers the terminal."""
    return [line for part in re.split(r"[\r\n]", printed) if (line := ESCAPE.sub("", part)).strip()]


def left_standing(printed: str) -> str:
    """What a terminal of one line would still show at the end: whatever was drawn after the last erasure."""
    return ESCAPE.sub("", re.split(r"\x1b\[2K", printed)[-1]).strip()


def test_the_line_counts_files_documents_and_errors_and_is_gone_at_the_end(corpus: Path) -> None:
    terminal = Terminal("validate", corpus, "--no-cache", "--output", "concise")
    status, output, printed = terminal.end()
    assert status == 1
    assert "SPN" in output
    drawn = [line for line in lines_of(printed) if line.startswith("validate")]
    assert drawn
    assert re.search(r"2/2 files  81 documents  \S+/s  1 error  left ", drawn[-1])
    assert left_standing(printed) == ""


def test_every_command_that_takes_long_tells_how_it_goes_on(corpus: Path, tmp_path: Path) -> None:
    (corpus / "documents" / "two.jsonl").unlink()
    (tmp_path / "storm.txt").write_text("Snow fell in Zürich.", encoding="utf-8")
    calls: list[list[str | Path]] = [
        ["stats", corpus, "--json"],
        ["export", corpus, "--to", "brat", "--out", tmp_path / "brat"],
        ["convert", tmp_path / "storm.txt", "--into", corpus, "--no-annotate"],
        ["evaluate", corpus, corpus, "--json"],
        ["build", corpus, "--out", tmp_path / "dist"],
        ["verify", tmp_path / "dist"],
    ]
    for call in calls:
        status, output, printed = Terminal(*call).end()
        assert (status, bool(output)) == (0, True), (call, output, printed)
        drawn = [line for line in lines_of(printed) if line.startswith(str(call[0]))]
        assert drawn, (call, printed)
        assert re.search(r"\d documents?  \S+/s", drawn[-1]), (call, drawn)


def test_the_line_fits_after_the_terminal_was_made_narrow_and_wide(corpus: Path) -> None:
    one = json.dumps(json.loads((corpus / "documents" / "two.jsonl").read_bytes().splitlines()[0]), ensure_ascii=False)
    terminal = Terminal("validate", "-", "--no-cache", stdin=True)
    stdin = terminal.process.stdin
    assert stdin is not None
    terminal.read_until("validate")
    terminal.resize(30, terminal.process)
    for _ in range(2):  # what was under way when the size changed
        terminal.read_until("validate")
    narrow = lines_of(terminal.read_until("validate: check 0"))
    terminal.resize(120, terminal.process)
    stdin.write(f"{one}\n".encode() * 2)
    stdin.close()
    terminal.process.stdin = None
    status, _, printed = terminal.end()
    assert status == 1  # an id that stands twice
    assert "2 documents" in lines_of(printed)[-1]
    assert narrow
    assert all(len(line) < 30 for line in narrow[1:])
    assert left_standing(printed) == ""


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_a_dumb_terminal_gets_no_line_and_no_color_no_colour(corpus: Path, env: dict[str, str]) -> None:
    status, _, printed = Terminal("validate", corpus, "--no-cache", **env).end()
    assert status == 1
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", printed)
    assert (printed == "") == ("TERM" in env)


def test_a_pipe_stays_quiet(corpus: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "corpus_tool", "stats", corpus],
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
