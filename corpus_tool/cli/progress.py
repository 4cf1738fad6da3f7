"""The line on a terminal that says how a run goes on, and the option ``--log``, which writes it into a file."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import click

from corpus_tool.progress import Event, OnEvent, Tally

if TYPE_CHECKING:
    from corpus_tool.diagnostics import Diagnostic
    from corpus_tool.event_log import EventLog

F = TypeVar("F", bound=Callable[..., Any])

#: Where the open log of a command is kept among the things of its click context.
_LOG = "corpus_tool.log"

#: Times a second that the line is drawn anew.
_REFRESH = 4

#: Cells that a name is worth showing in.
_LEAST_NAME = 16

#: What goes first where the terminal is narrow.
_DROPPED = ("documents", "files", "pace", "left", "errors")


class Watch:
    """Who is told how a run goes on: called with the name of each document or step done, or given events.

    Attributes:
        event: takes the events of a function that tells them; None where nobody listens.
    """

    def __init__(self, listeners: tuple[OnEvent, ...]) -> None:
        self.event: OnEvent | None = self._tell if listeners else None
        self._listeners = listeners

    def __call__(self, name: str) -> None:
        """A document is done."""
        if self._listeners:
            self._tell(Event("document", name))

    def part(self, name: str) -> None:
        """A part of the run begins whose length is not known."""
        if self._listeners:
            self._tell(Event("plan", name))

    def step(self, name: str) -> None:
        """A step of something else than documents begins."""
        if self._listeners:
            self._tell(Event("step", name))

    def findings(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Something was found by a function that tells no events."""
        if self._listeners:
            for diagnostic in diagnostics:
                self._tell(Event("finding", diagnostic.severity))

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


@contextmanager
def progress(verb: str) -> Iterator[Watch]:
    """A line on standard error while the body runs, and the events for the log; silent without a terminal or a log.

    Yields:
        Who to tell.
    """
    log = _open_log()
    listeners: tuple[OnEvent, ...] = () if log is None else (log,)
    if not _has_terminal() or (log is not None and log.is_on_terminal):
        yield Watch(listeners)
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True)
    tally, lock, began = Tally(), Lock(), time.monotonic()

    def take(event: Event) -> None:
        with lock:  # the line is drawn by another thread
            tally.take(event, time.monotonic())

    def line() -> Text:
        with lock:
            now = time.monotonic()
            # The last column stays free: some terminals go to the next line after it.
            return Text(progress_line(verb, tally, now - began, now, console.width - 1), no_wrap=True, overflow="crop")

    with Live(console=console, get_renderable=line, refresh_per_second=_REFRESH, transient=True):
        yield Watch((*listeners, take))


def progress_line(verb: str, tally: Tally, elapsed: float, now: float, width: int) -> str:
    """How a run goes on, in one line.

    ``validate 1:05  12/50 files  3,120 documents  820/s  2 errors  left 0:41  documents/wire-00012.jsonl``. Time left
    is of the part that is on (``build: write``), and ``–`` as long as there is nothing to go on.

    Args:
        verb: the command.
        tally: what happened so far.
        elapsed: seconds since the command began.
        now: the time by the tally's clock.
        width: cells of the line at the most; what has no room is left out.
    """
    from rich.cells import cell_len

    from corpus_tool.diagnostics.render.text import printable

    part = f": {tally.part}" if tally.part not in {"", verb} else ""
    head = f"{verb}{part} {clock(elapsed)}"
    fields = _fields(tally, now)
    dropped = iter(_DROPPED)
    while cell_len(_joined(head, fields)) > width and fields:
        fields.pop(next(dropped), None)
    line = _joined(head, fields)
    room = width - cell_len(line) - 2
    if tally.last and room >= _LEAST_NAME:
        return f"{line}  {_end_of(printable(tally.last), room)}"
    return _end_of(line, width) if cell_len(line) > width else line


def clock(seconds: float | None) -> str:
    """``0:41``, ``12:05``, ``1:02:03``; ``–`` for what is not known."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def log_option(command: F) -> F:
    """The option ``--log`` of a command whose work is told by ``progress``."""

    @click.option(
        "--log",
        type=click.Path(path_type=Path, dir_okay=False, readable=False),
        metavar="FILE",
        help="Add a line of JSON for every event of the run to FILE; - for standard error.",
    )
    @wraps(command)
    def logged(*, log: Path | None, **options: Any) -> Any:
        if log is None:
            return command(**options)
        from corpus_tool.event_log import open_log

        context = click.get_current_context()
        with open_log(log, str(context.info_name), _given(context)) as opened:
            context.meta[_LOG] = opened
            try:
                return command(**options)
            except click.ClickException as error:
                opened.status = error.exit_code
                raise

    return logged  # type: ignore[return-value]  # it takes one option more


def _given(context: click.Context) -> Mapping[str, Any]:
    """The arguments and options that the user gave, by name."""
    from click.core import ParameterSource

    names = [name for name in context.params if name != "log"]
    return {n: context.params[n] for n in names if context.get_parameter_source(n) is ParameterSource.COMMANDLINE}


def _open_log() -> EventLog | None:
    context = click.get_current_context(silent=True)
    log: EventLog | None = context.meta.get(_LOG) if context else None
    return log


def _has_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _fields(tally: Tally, now: float) -> dict[str, str]:
    """What there is to say, by name."""
    planned = tally.planned
    pace, errors = tally.pace(now), tally.findings.get("error", 0)
    fields = {}
    if planned.files > 1:
        fields["files"] = f"{tally.files:,}/{planned.files:,} files"
    if tally.documents or planned.files:
        of = f"/{planned.documents:,}" if planned.documents else ""
        fields["documents"] = f"{tally.documents:,}{of} document{'' if tally.documents == 1 and not of else 's'}"
        fields["pace"] = f"{'–' if pace is None else _rounded(pace)}/s"
    if planned.files or errors:
        fields["errors"] = f"{errors:,} error{'' if errors == 1 else 's'}"
    if planned.size or planned.documents or planned.files:
        fields["left"] = f"left {clock(tally.seconds_left(now))}"
    return fields


def _rounded(pace: float) -> str:
    return f"{pace:,.0f}" if pace >= 10 else f"{pace:.1f}"


def _joined(head: str, fields: Mapping[str, str]) -> str:
    return "  ".join((head, *fields.values()))


def _end_of(name: str, width: int) -> str:
    """The end of a name, which tells files apart, in so many cells."""
    from rich.cells import cell_len

    if cell_len(name) <= width:
        return name
    while name and cell_len(name) > width - 1:
        name = name[1:]
    return f"…{name}"
