"""What the commands print: help with examples, colour on a terminal alone, quiet in a pipe, JSON on request."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from corpus_tool.cli import COMMANDS, cli

Json = dict[str, Any]
RunMain = Callable[..., Any]


def command_named(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path) -> Path:
    """A corpus with a good document, and one with an error."""
    bad = {"id": "a1", "start": 0, "end": 3, "text": "Zoe", "kind": "person"}
    documents = [raw_document("good", "Ben 😀 came."), raw_document("bad", "Zoë left.", layers={"actors": [bad]})]
    return new_corpus(tmp_path / "corpus", documents)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_has_examples_that_parse(name: str, run_main: RunMain) -> None:
    ran = run_main(name, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: corpus-tool {name} ")
    _, _, examples = ran.out.partition("Examples:\n")
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    assert lines
    for line in lines:
        words = re.split(r"\s[<>|]\s", line.partition("corpus-tool ")[2])[0]
        called, *args = shlex.split(words, comments=True)
        assert called == name
        with command_named(name).make_context(name, args):
            pass


def test_help_lists_every_command_with_what_it_does(run_main: RunMain) -> None:
    for args in ((), ("--help",), ("-h",)):
        ran = run_main(*args)
        told = ran.out + ran.err
        for name, (_, what) in COMMANDS.items():
            assert re.search(rf"^  {name} +{re.escape(what)}$", told, re.MULTILINE)
        assert "Exit status: 0" in told


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("validat", "validate"),
        ("convrt", "convert"),
        ("built", "build"),
        ("stat", "stats"),
        ("format", "fmt"),
        ("xyz", ""),
    ],
)
def test_an_unknown_command_is_misuse_that_suggests_one(typed: str, meant: str, run_main: RunMain) -> None:
    ran = run_main(typed)
    assert (ran.status, ran.out) == (2, "")
    assert f"no such command '{typed}'" in ran.err
    assert (f"did you mean '{meant}'" in ran.err) if meant else ("did you mean" not in ran.err)


@pytest.mark.parametrize(
    "args", [["validate", "--jsn"], ["convert", "x.txt"], ["build", "a", "b"], ["stats", "--out", "x"]]
)
def test_a_wrong_option_or_argument_is_misuse(args: list[str], run_main: RunMain) -> None:
    ran = run_main(*args)
    assert (ran.status, ran.out) == (2, "")
    assert "--help" in ran.err
    assert "Traceback" not in ran.err


def run(*args: str | Path, terminal: bool, **env: str) -> tuple[int, str]:
    """Runs a real process whose output is a terminal or a pipe; gives its status and all it printed."""
    command = [sys.executable, "-m", "corpus_tool", *map(str, args)]
    environment = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}} | {
        "TERM": "xterm",
        **env,
    }
    if not terminal:
        ran = subprocess.run(
            command,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return ran.returncode, ran.stdout.decode()
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        printed = b""
        while True:
            try:
                read = os.read(ours, 65536)
            except OSError:  # Linux says so where the other end has closed
                break
            if not read:
                break
            printed += read
    os.close(ours)
    return process.returncode, printed.decode()


COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")


def test_codes_are_coloured_on_a_terminal_but_not_in_a_pipe_or_with_no_color(corpus: Path) -> None:
    in_colour = run("validate", corpus, terminal=True)
    plain = run("validate", corpus, terminal=True, NO_COLOR="1")
    piped = run("validate", corpus, terminal=False)
    assert in_colour[0] == plain[0] == piped[0] == 1
    assert re.search(r"\x1b\[31m\x1b\[1mSPN\d+\x1b\[0m", in_colour[1])
    assert not COLOUR.search(plain[1])
    assert "\x1b" not in piped[1]
    assert re.search(r" SPN\d+ ", plain[1])


def test_long_work_is_quiet_in_a_pipe(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "storm.txt").write_text("Snow fell.", encoding="utf-8")
    status, printed = run("convert", tmp_path / "storm.txt", "--into", corpus, "--no-annotate", terminal=False)
    assert (status, printed) == (0, "1 document written, 0 unchanged\n")
    status, printed = run("convert", tmp_path / "storm.txt", "--into", corpus, "--no-annotate", terminal=True)
    assert status == 0
    assert "\x1b[" in printed
    assert "convert" in printed
    assert printed.endswith("0 documents written, 1 unchanged\r\n")


def test_what_a_stranger_wrote_cannot_steer_the_terminal(
    new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path
) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e::error::"
    actor = {"id": "a1", "start": 0, "end": 5, "text": evil, "kind": evil}
    root = new_corpus(tmp_path / "c", [raw_document("x", "Zoë left." + evil, layers={"actors": [actor]})])
    (root / "documents" / "a\x1b[2J.json").write_text("{")
    status, printed = run("validate", root, terminal=False)
    assert status == 1
    assert "\\u001b[2J" in printed
    assert not set(printed) & {"\x1b", "\x07", "\u202e", "\r"}
    assert not re.search(r"^::", printed, re.MULTILINE)


def test_json_of_validate_parses_and_names_each_finding(corpus: Path, run_main: RunMain) -> None:
    ran = run_main("validate", corpus, "--json")
    report = json.loads(ran.out)
    assert (ran.status, ran.err, report["version"]) == (1, "", 1)
    assert report["summary"] == {"error": 1, "warning": 0, "info": 0}
    (found,) = report["diagnostics"]
    assert (found["name"], found["document"], found["pointer"]) == ("text-differs", "bad", "/layers/actors/0")
    (corpus / "documents" / "bad.json").unlink()
    ran = run_main("validate", corpus, "--json")
    assert (ran.status, json.loads(ran.out)["diagnostics"]) == (0, [])


def test_json_of_convert_parses(corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    (tmp_path / "storm.txt").write_text("Snow fell.", encoding="utf-8")
    bad = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        bad.write_bytes(b"")
    except OSError:
        bad = tmp_path / "bad.txt"
        bad.write_bytes(b"")
    ran = run_main("convert", tmp_path / "storm.txt", bad, "--into", corpus, "--no-annotate", "--json")
    report = json.loads(ran.out)
    ran.out.encode("utf-8")
    assert (ran.status, ran.err) == (1, "")
    assert (report["written"], report["unchanged"]) == (["storm"], [])
    assert [d["name"] for d in report["diagnostics"]] == ["article-empty"]


def test_json_of_stats_parses(corpus: Path, run_main: RunMain) -> None:
    ran = run_main("stats", corpus, "--json")
    stats = json.loads(ran.out)
    assert (ran.status, stats["documents"], stats["words"]) == (0, 2, 4)
    assert stats["layers"]["actors"] == {"person": 1}


def test_json_of_build_parses(corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    (corpus / "documents" / "bad.json").unlink()
    ran = run_main("build", corpus, "--out", tmp_path / "out", "--json")
    report = json.loads(ran.out)
    assert (ran.status, report["folder"]) == (0, str(tmp_path / "out"))
    assert sum(report["rows"]["default"].values()) == 1
