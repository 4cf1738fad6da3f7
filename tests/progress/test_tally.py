"""Pace and time left, by a clock of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus_tool.cli.progress import clock, progress_line
from corpus_tool.progress import LEAST, WINDOW, Event, Sample, Tally, Told, pace, seconds_left


def test_nothing_is_said_as_long_as_there_is_nothing_to_go_on() -> None:
    assert pace([], 5) is None
    assert pace([Sample(0, 0, 0), Sample(LEAST / 2, 50, 0)], LEAST / 2) is None
    assert seconds_left([], 5, 100) is None
    assert seconds_left([Sample(0, 0, 0), Sample(60, 500, 0)], 60, 100) is None  # no file is done yet
    assert seconds_left([Sample(0, 0, 0), Sample(60, 500, 10)], 60, 0) is None  # nobody knows how much there is


def test_the_pace_is_that_of_the_last_seconds() -> None:
    slow_then_fast = [Sample(t, 10 * t if t <= 100 else 1000 + 500 * (t - 100), 0) for t in range(121)]
    assert pace(slow_then_fast, 120) == pytest.approx(500)
    assert pace(slow_then_fast[:101], 100) == pytest.approx(10)


def test_a_pause_lowers_the_pace_to_nothing() -> None:
    samples = [Sample(0, 0, 0), Sample(1, 100, 0)]
    assert pace([*samples, Sample(4, 100, 0)], 4) == pytest.approx(25)
    assert pace([*samples, Sample(2 * WINDOW, 100, 0)], 2 * WINDOW) == 0


def test_time_left_goes_by_what_is_done_of_the_whole() -> None:
    assert seconds_left([Sample(10, 0, 0), Sample(40, 7, 250)], 40, 1000) == pytest.approx(90)
    assert seconds_left([Sample(10, 0, 0), Sample(10, 7, 1000)], 10, 1000) == 0
    assert seconds_left([Sample(10, 0, 0), Sample(40, 7, 1200)], 40, 1000) == 0  # files grew meanwhile


def run_of(events: list[tuple[float, Event]]) -> Tally:
    tally = Tally()
    for now, event in events:
        tally.take(event, now)
    return tally


def test_bytes_of_files_come_before_their_number() -> None:
    """A tenth of the files, half of the bytes: half of the time."""
    tally = run_of([(0, Event("plan", "check", files=10, size=1000)), (30, Event("file", "a", size=500))])
    assert tally.seconds_left(30) == pytest.approx(30)
    tally = run_of([(0, Event("plan", "check", files=10)), (30, Event("file", "a"))])
    assert tally.seconds_left(30) == pytest.approx(270)
    tally = run_of([(0, Event("plan", "write", documents=4)), *[(t, Event("document", "d")) for t in (1, 2, 3)]])
    assert tally.seconds_left(3) == pytest.approx(1)


def test_documents_of_a_large_file_count_before_it_is_done() -> None:
    events = [(0, Event("plan", "check", files=1, size=1000)), *[(t, Event("document", "d", size=100)) for t in (1, 2)]]
    tally = run_of(events)
    assert tally.seconds_left(2) == pytest.approx(8)
    tally.take(Event("file", "f", size=1000), 10)
    assert tally.seconds_left(10) == 0


def test_time_goes_on_between_events() -> None:
    tally = run_of([(0, Event("plan", "check", files=2, size=200)), (10, Event("file", "a", size=100))])
    assert tally.seconds_left(20) == pytest.approx(20)  # slower than thought: more is left, not less


def test_a_new_part_begins_at_nothing_and_what_was_before_is_kept() -> None:
    tally = run_of(
        [
            (0, Event("finding", "warning")),
            (0, Event("plan", "check", files=1, size=9)),
            (2, Event("document", "d")),
            (2, Event("finding", "error")),
            (2, Event("file", "f", size=9)),
            (3, Event("plan", "write", documents=1)),
        ]
    )
    assert (tally.documents, tally.seconds_left(9), tally.findings) == (0, None, {"warning": 1, "error": 1})
    assert tally.totals()["check"] == {"documents": 1, "files": 1, "bytes": 9}


def test_samples_stay_few_in_a_long_run() -> None:
    tally = Tally()
    tally.take(Event("plan", "check"), 0)
    for number in range(100_000):
        tally.take(Event("document", "d"), number / 100)
    assert tally.pace(1000) == pytest.approx(100, rel=0.01)
    assert len(tally._samples) < 60


def test_a_file_is_done_when_the_next_one_begins(tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "two 😀.jsonl"
    one.write_bytes(b"12345")
    other.write_bytes(b"123")
    events: list[Event] = []
    names: list[str] = []
    told = Told(events.append, names.append)
    told.plan("check", lambda: [one, other])
    for path, line in ((one, 1), (one, 2), (other, 1)):
        told.document(f"{path}:{line}", str(path))
    told.end()
    told.end()
    assert [e.kind for e in events] == ["plan", "document", "document", "file", "document", "file"]
    assert (events[0].files, events[0].size) == (2, 8)
    assert [(e.name, e.size) for e in events if e.kind == "file"] == [(str(one), 5), (str(other), 3)]
    assert names == [f"{one}:1", f"{one}:2", f"{other}:1"]


def test_without_a_listener_no_file_is_looked_at() -> None:
    def files() -> list[Path]:
        raise AssertionError

    told = Told(None)
    told.plan("check", files)
    told.document("d", "/nowhere")
    told.finding("error")
    told.end()


LONG = Tally(
    part="check",
    planned=Event("plan", "check", files=1200, size=10_000),
    last="documents/\x1b[2J漢字漢字漢字漢字漢字漢字漢字漢字漢字é.jsonl:17",
    documents=1_234_567,
    files=45,
    size=1000,
    findings={"error": 1, "warning": 9},
)


def test_the_line_says_all_where_there_is_room_and_fits_where_there_is_little() -> None:
    from rich.cells import cell_len

    wide = progress_line("validate", LONG, 65, 65, 200)
    assert wide == (
        "validate: check 1:05  45/1,200 files  1,234,567 documents  –/s  1 error  left –  "
        "documents/\\u001b[2J漢字漢字漢字漢字漢字漢字漢字漢字漢字é.jsonl:17"
    )
    for width in range(1, 200):
        line = progress_line("validate", LONG, 65, 65, width)
        assert cell_len(line) <= width
        assert "\n" not in line
    assert progress_line("validate", LONG, 65, 65, 44) == "validate: check 1:05  –/s  1 error  left –"


def test_a_part_that_is_called_like_its_command_is_not_named_twice() -> None:
    assert progress_line("convert", Tally(part="convert"), 3, 3, 80) == "convert 0:03"
    assert progress_line("convert", Tally(part="import"), 3, 3, 80) == "convert: import 0:03"
    assert progress_line("verify", Tally(), 3, 3, 80) == "verify 0:03"


def test_times_as_people_write_them() -> None:
    assert [clock(s) for s in (None, 0, 9.6, 61, 3599.7, 3725)] == ["–", "0:00", "0:10", "1:01", "1:00:00", "1:02:05"]
