"""The log of a run: whole lines that parse, whatever became of the run, and nothing that is nobody's business."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import CorpusToolError, build_dataset, open_log, validate_paths
from corpus_tool.engine import Engine, map_ordered
from corpus_tool.progress import Event, Told

Json = dict[str, Any]
RunMain = Callable[..., Any]

TEXT = "Zoë 👩‍🚒 said “no” to علي."


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path) -> Path:
    """A corpus with a good document, one with an error, and a shard of two."""
    bad = {"id": "a1", "start": 0, "end": 3, "text": "Zoe", "kind": "person"}
    documents = [raw_document("good", f"{TEXT} One."), raw_document("bad", "Zoë left.", layers={"actors": [bad]})]
    root = new_corpus(tmp_path / "corpus 漢", documents)
    lines = [json.dumps(raw_document(f"s{n}", f"Ben {n} came {'first' * n}.")) for n in range(2)]
    (root / "documents" / "shard & more?.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return root


def lines_of(path: Path) -> list[Json]:
    raw = path.read_bytes()
    assert raw.endswith(b"\n")
    return [json.loads(line) for line in raw.splitlines()]


def test_validate_tells_each_file_and_how_it_ended(corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    log = tmp_path / "run.jsonl"
    ran = run_main("validate", corpus, "--no-cache", "--log", log)
    assert ran.status == 1
    begin, plan, *files, step, end = lines_of(log)
    assert (begin["event"], begin["schema"], begin["command"]) == ("begin", "corpus-tool/log/1", "validate")
    assert begin["arguments"] == {"paths": [str(corpus)], "no_cache": True}
    assert (plan["event"], plan["part"], plan["files"]) == ("plan", "check", 3)
    assert plan["bytes"] == sum(path.stat().st_size for path in (corpus / "documents").iterdir())
    assert [(Path(f["path"]).name, f["documents"], f["findings"]["error"]) for f in files] == [
        ("bad.json", 1, 1),
        ("good.json", 1, 0),
        ("shard & more?.jsonl", 2, 0),
    ]
    assert all(file["bytes"] == Path(file["path"]).stat().st_size for file in files)
    assert step["step"] == "compare documents"
    assert (end["event"], end["status"], end["findings"]["error"]) == ("end", 1, 1)
    assert end["parts"]["check"] == {"documents": 4, "files": 3, "bytes": plan["bytes"]}
    told = [begin, plan, *files, step, end]
    assert len({line["run"] for line in told}) == 1
    seconds = [line["seconds"] for line in told]
    assert seconds == sorted(seconds)
    assert all(datetime.fromisoformat(line["time"]).tzinfo is not None for line in told)


def test_no_word_of_an_article_and_no_secret_stands_in_a_log(
    corpus: Path, tmp_path: Path, run_main: RunMain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "k3y-of-some-service")
    log = tmp_path / "run.jsonl"
    run_main("validate", corpus, "--log", log)
    (corpus / "documents" / "bad.json").unlink()
    assert run_main("build", corpus, "--out", tmp_path / "dist", "--log", log).status == 0
    assert run_main("export", corpus, "--to", "brat", "--out", tmp_path / "brat", "--log", log).status == 0
    (tmp_path / "new.txt").write_text(f"{TEXT} Two.", encoding="utf-8")
    assert run_main("convert", tmp_path / "new.txt", "--into", corpus, "--no-annotate", "--log", log).status == 0
    for target in ("s3://key:p4ssword-of-mine@bucket/x?signature=abcdef", "ftp://k3y-of-some-service/x"):
        assert run_main("publish", tmp_path / "dist", "--to", target, "--dry-run", "--log", log).status == 2
    raw = log.read_text(encoding="ascii")
    assert len({line["run"] for line in lines_of(log)}) == 6
    for word in ("Zoë", "Zo\\u00eb", "said", "Zoe", "علي", "p4ssword", "abcdef", "k3y-of"):
        assert word not in raw, word


@pytest.mark.parametrize("command", ["validate", "build", "export", "convert"])
def test_misuse_and_what_cannot_be_read_end_the_log_with_status_2(
    command: str, tmp_path: Path, run_main: RunMain
) -> None:
    log = tmp_path / "run.jsonl"
    more = {"export": ["--to", "brat", "--out", tmp_path / "o"], "convert": ["--into", tmp_path / "nowhere"]}
    ran = run_main(command, tmp_path / "nowhere", *more.get(command, []), "--log", log)
    assert ran.status == 2
    *_, end = lines_of(log)
    assert (end["event"], end["status"]) == ("end", 2)
    assert "nowhere" in end["error"]


def test_misuse_that_a_command_finds_itself_is_told_too(tmp_path: Path, run_main: RunMain) -> None:
    log = tmp_path / "run.jsonl"
    assert run_main("convert", "x.txt", "--strict", "--log", log).status == 2
    assert lines_of(log)[-1]["status"] == 2


def test_a_log_that_cannot_be_written_is_misuse(corpus: Path, tmp_path: Path, run_main: RunMain) -> None:
    ran = run_main("validate", corpus, "--log", tmp_path / "no" / "such" / "folder.jsonl")
    assert (ran.status, ran.out) == (2, "")
    assert "the log cannot be written there" in ran.err
    ran = run_main("validate", corpus, "--log", tmp_path)
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full, a device that is always full, is Linux's")
def test_a_full_disk_is_one_line_and_status_2(corpus: Path, run_main: RunMain) -> None:
    ran = run_main("validate", corpus, "--log", "/dev/full")
    assert ran.status == 2
    assert "the log cannot be written on" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_on_standard_error_the_results_stay_apart(corpus: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "corpus_tool", "validate", corpus, "--json", "--log", "-"],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()][-1] == "end"
    assert json.loads(done.stdout)["summary"]["error"] == 1


def test_a_run_that_is_killed_leaves_whole_lines_and_the_next_run_goes_on_below(corpus: Path, tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    command = [sys.executable, "-m", "corpus_tool", "validate", "-", "--log", str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while not (log.exists() and log.read_bytes().count(b"\n") >= 2):
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert [line["event"] for line in lines_of(log)] == ["begin", "plan"]
    with log.open("ab") as file:
        file.write(b'{"event": "file", "pa')  # what a full disk has cut off
    subprocess.run([*command[:3], "validate", str(corpus), "--log", str(log)], check=False, capture_output=True)
    raw = log.read_bytes().splitlines()
    assert raw[2] == b'{"event": "file", "pa'
    assert [json.loads(line)["event"] for line in raw[3:]][:2] == ["begin", "plan"]
    assert json.loads(raw[-1])["event"] == "end"


def test_a_run_that_is_killed_in_the_midst_of_its_files_leaves_whole_lines(
    new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path
) -> None:
    root, log = new_corpus(tmp_path / "c"), tmp_path / "run.jsonl"
    for number in range(400):
        document = raw_document(f"d{number}", f"{TEXT} {number}")
        (root / "documents" / f"d{number}.json").write_text(json.dumps(document), encoding="utf-8")
    command = [sys.executable, "-m", "corpus_tool", "validate", str(root), "--no-cache", "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while not (log.exists() and log.read_bytes().count(b"\n") >= 10):
            assert time.monotonic() < end
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    told = lines_of(log)
    assert [line["event"] for line in told[:3]] == ["begin", "plan", "file"]
    assert len({line.get("path") for line in told if line["event"] == "file"}) >= 8


def test_an_interrupt_from_the_keyboard_is_told(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    command = [sys.executable, "-m", "corpus_tool", "validate", "-", "--log", str(log)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        end = time.monotonic() + 60
        while not (log.exists() and log.read_bytes().count(b"\n") >= 2):
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 1
    last = lines_of(log)[-1]
    assert (last["event"], last["status"], last["error"]) == ("end", 1, "interrupted")


def test_the_library_logs_as_the_commands_do(corpus: Path, tmp_path: Path) -> None:
    times = iter(range(100))
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    log = tmp_path / "run.jsonl"
    with open_log(log, "nightly", {"who": "me"}, clock=lambda: float(next(times)), now=lambda: noon) as opened:
        found = list(validate_paths([corpus], on_event=opened))
        (corpus / "documents" / "bad.json").unlink()
        build_dataset(corpus, tmp_path / "dist", on_event=opened)
        opened.status = 7
    told = lines_of(log)
    assert told[0]["time"] == "2026-03-01T12:00:00.000Z"
    assert told[-1]["status"] == 7
    assert told[-1]["findings"]["error"] == sum(d.severity == "error" for d in found) == 1
    assert told[-1]["parts"]["check"]["documents"] == 7  # four and, after one was removed, three
    assert told[-1]["parts"]["write"]["documents"] == 3


def test_an_exception_of_the_caller_ends_the_log_without_its_words(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    with pytest.raises(ValueError, match="secret words"), open_log(log, "mine"):
        raise ValueError("secret words of an article")
    with pytest.raises(CorpusToolError), open_log(log, "mine"):
        raise CorpusToolError("corpus: is no folder")
    assert [(line["status"], line["error"]) for line in lines_of(log) if line["event"] == "end"] == [
        (1, "ValueError"),
        (2, "corpus: is no folder"),
    ]


def die_once(item: tuple[str, int]) -> int:
    mark, number = Path(item[0]), item[1]
    if number == 3 and not mark.exists():
        mark.write_text("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_process_that_is_killed_is_told_as_a_retry(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    with open_log(log, "mine") as opened:
        told = Told(opened)
        items = [(n, (str(tmp_path / "mark"), n)) for n in range(8)]
        results = [value for _, value in map_ordered(die_once, items, Engine(2), on_retry=told.retry)]
    assert results == list(range(8))
    retries = [line for line in lines_of(log) if line["event"] == "retry"]
    assert len(retries) == lines_of(log)[-1]["retries"] >= 1
    assert "done again" in retries[0]["lost"]


def test_names_that_are_no_text_stand_in_a_log_escaped(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    with open_log(log, "mine", {"path": Path(os.fsdecode(b"caf\xe9\n\x1b[2J"))}) as opened:
        opened(Event("file", "a\u2028b\nc\u202e.json", size=1))
    raw = log.read_bytes()
    assert raw.count(b"\n") == 3
    assert max(raw) < 128
    assert json.loads(raw.splitlines()[1])["path"] == "a\u2028b\nc\u202e.json"
