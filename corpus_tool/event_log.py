"""The log of a run for programs: JSON lines, one event a line, written whole or not at all. docs/logs.md says which."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from corpus_tool import __version__
from corpus_tool.model.errors import CorpusToolError
from corpus_tool.model.secrecy import masked
from corpus_tool.progress import Event, Tally
from corpus_tool.read.faults import ReadError

SCHEMA = "corpus-tool/log/1"

#: Severities, in the order in which they are counted; all are there, so that a reader need not ask.
SEVERITIES = ("error", "warning", "info")

#: The log on standard error.
STANDARD_ERROR = "-"


class EventLog:
    """A log that is open; it is called with each event of the run.

    Attributes:
        tally: what happened so far.
        is_on_terminal: whether it goes to standard error, where a progress line would get between its lines.
        status: the exit status that the last line tells; None as long as nobody has said one.
    """

    def __init__(
        self, write: Callable[[bytes], None], command: str, clock: Callable[[], float], now: Callable[[], datetime]
    ) -> None:
        self._write, self._command, self._clock, self._now = write, command, clock, now
        self.is_on_terminal = False
        self._run = uuid.uuid4().hex[:12]
        self._began = clock()
        self._documents = 0
        self._findings: dict[str, int] = {}
        self.tally = Tally()
        self.status: int | None = None

    def __call__(self, event: Event) -> None:
        """Takes an event of the run; documents and findings are counted, all others have a line each.

        Raises:
            CorpusToolError: the log cannot be written.
        """
        self.tally.take(event, self._clock())
        if event.kind == "document":
            self._documents += 1
        elif event.kind == "finding":
            self._findings[event.name] = self._findings.get(event.name, 0) + 1
        elif event.kind == "plan":
            self._line("plan", part=event.name, files=event.files, documents=event.documents, bytes=event.size)
        elif event.kind == "file":
            self._line(
                "file",
                part=self.tally.part,
                path=_place(event.name),
                documents=self._documents,
                findings=_by_severity(self._findings),
                bytes=event.size,
            )
            self._documents, self._findings = 0, {}
        elif event.kind == "retry":
            self._line("retry", part=self.tally.part, lost=masked(event.name))
        else:
            self._line("step", part=self.tally.part, step=masked(event.name))

    def begin(self, arguments: Mapping[str, Any]) -> None:
        """Writes the first line of a run."""
        self._line("begin", schema=SCHEMA, version=__version__, arguments=_safe(arguments))

    def end(self, status: int, error: str | None = None) -> None:
        """Writes the last line of a run."""
        self._line(
            "end",
            status=status,
            error=error and masked(error),
            findings=_by_severity(self.tally.findings),
            retries=self.tally.retries,
            parts=self.tally.totals(),
        )

    def _line(self, event: str, **rest: Any) -> None:
        line = {
            "event": event,
            "time": self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "run": self._run,
            "command": self._command,
            "seconds": round(self._clock() - self._began, 3),
            **{key: value for key, value in rest.items() if value is not None},
        }
        # Escaped: a name of a file may hold bytes that are no text, or lines and directions of its own.
        self._write(json.dumps(line).encode("ascii") + b"\n")


@contextmanager
def open_log(
    path: Path,
    command: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[EventLog]:
    """A log of a run, from its first line to its last, which says how the body ended.

    Lines are added to a file that is there. Each is handed to the operating system at once and by itself: of a run that
    is killed, whole lines are left.

    Example:
        with open_log(Path("runs.jsonl"), "validate") as log:
            found = list(validate_paths([Path("my-corpus")], on_event=log))

    Args:
        path: the file; ``Path("-")`` for standard error.
        command: what is run.
        arguments: what it is run with. What looks like a secret is masked.
        clock: seconds, by a clock that is never set.
        now: the time of day, in UTC.

    Yields:
        The log, to be given as ``on_event``. Whoever sets its ``status`` decides what the last line says; without, it
        is 0, or what an exception stands for.

    Raises:
        CorpusToolError: the file cannot be opened or written.
    """
    with _opened(path) as write:
        log = EventLog(write, command, clock, now)
        log.is_on_terminal = str(path) == STANDARD_ERROR
        log.begin(arguments or {})
        try:
            yield log
        except BaseException as error:
            log.end(*_how_it_ended(error, log.status))
            raise
        log.end(log.status or 0)


def _how_it_ended(error: BaseException, status: int | None) -> tuple[int, str | None]:
    """The exit status and the words of an exception; words that could be an article's are left out."""
    if isinstance(error, SystemExit):
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        return (code if status is None else status), None
    told, usual = type(error).__name__, 1
    if isinstance(error, KeyboardInterrupt):
        told = "interrupted"
    elif isinstance(error, ReadError):
        found = error.diagnostic
        told = f"{_place(found.path)}:{found.line} {found.code}"
    elif isinstance(error, CorpusToolError | OSError):
        told, usual = str(error), 1 if isinstance(error, BrokenPipeError) else 2
    return (usual if status is None else status), told


@contextmanager
def _opened(path: Path) -> Iterator[Callable[[bytes], None]]:
    """A function that writes a line at the end of a file with one call of the operating system."""
    if str(path) == STANDARD_ERROR:
        yield lambda line: _write_all(2, line, path)
        return
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}; the log cannot be written there") from error
    try:
        _end_last_line(file, path)
        yield lambda line: _write_all(file, line, path)
    finally:
        os.close(file)


def _end_last_line(file: int, path: Path) -> None:
    """Where a full disk has cut off the last line, what comes now begins a line of its own."""
    try:
        size = os.lseek(file, 0, os.SEEK_END)
        cut = size > 0 and os.pread(file, 1, size - 1) != b"\n"
    except OSError:  # a pipe, or a terminal
        return
    if cut:
        _write_all(file, b"\n", path)


def _write_all(file: int, line: bytes, path: Path) -> None:
    try:
        while line:
            line = line[os.write(file, line) :]
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}; the log cannot be written on") from error


def _by_severity(counts: Mapping[str, int]) -> dict[str, int]:
    return {severity: counts.get(severity, 0) for severity in SEVERITIES}


def _safe(value: Any) -> Any:
    """An argument for a line: paths as words, and words without what looks like a secret."""
    if isinstance(value, Mapping):
        return {str(key): _safe(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(child) for child in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _place(str(value)) if isinstance(value, PurePath) else masked(str(value))


def _place(path: str) -> str:
    """A path as it is, an address without a password or a signature; ``?`` and ``&`` stand in names of files too."""
    return masked(path) if "://" in path else path
