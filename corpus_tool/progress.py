"""How a run goes on: the events that long functions tell, and what can be said from them: pace and time left.

A function that may take long calls its ``on_event`` as it goes. Events carry names and counts, never the words of an
article. ``Tally`` adds them up; ``cli/progress.py`` shows it on a terminal, ``event_log.py`` writes it into a file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

#: Seconds that the pace is measured over, and the least that say anything about it.
WINDOW = 10.0
LEAST = 1.0

#: Seconds between two samples of the pace: more would cost, and show nothing more.
_STEP = 0.25

Kind = Literal["plan", "document", "finding", "file", "retry", "step"]


@dataclass(frozen=True)
class Event:
    """Something that happened in a run.

    Attributes:
        kind: ``plan``: a part of the run begins, and this is what it will go through. ``document``: one is done.
            ``finding``: something was found. ``file``: all documents of a file are done. ``retry``: work was lost, with
            a worker, and is done again. ``step``: something else is done now, which the name says.
        name: of the part of the run; the document's id or place; the finding's severity; the file; what was lost; the
            step.
        files: files that the part goes through, 0 where that is not known.
        size: bytes of these files, of the file, or of the document in its file, as they are stored; 0 where that is not
            known.
        documents: documents that the part goes through, 0 where that is not known.
    """

    kind: Kind
    name: str
    files: int = 0
    size: int = 0
    documents: int = 0


OnEvent = Callable[[Event], None]


class Told:
    """What a function tells of its documents, which come file by file: a file is done when the next one begins.

    Without a listener for events no file is looked at.
    """

    def __init__(self, on_event: OnEvent | None, on_document: Callable[[str], None] = lambda name: None) -> None:
        self._on_event, self._on_document = on_event, on_document
        self._file = ""

    def plan(self, name: str, files: Callable[[], Iterable[Path]] = tuple, *, documents: int = 0) -> None:
        """A part of the run begins.

        Args:
            name: what the part does: ``check``, ``write``.
            files: gives the files that it will go through; called only if somebody listens.
            documents: how many documents it will go through, where that is known.
        """
        self.end()
        if self._on_event is not None:
            sizes = [size_of(path) for path in files()]
            self._on_event(Event("plan", name, len(sizes), sum(sizes), documents))

    def document(self, name: str, file: str = "", size: int = 0) -> None:
        """A document is done; where the file that it stands in is named, the one named before is done too."""
        if file != self._file:
            self.end()
            self._file = file
        self._on_document(name)
        if self._on_event is not None:
            self._on_event(Event("document", name, size=size))

    def file(self, path: Path | str) -> None:
        """All documents of a file are done."""
        if self._on_event is not None:
            self._on_event(Event("file", str(path), size=size_of(path)))

    def retry(self, what: str) -> None:
        """Work was lost, and is done again."""
        if self._on_event is not None:
            self._on_event(Event("retry", what))

    def finding(self, severity: str) -> None:
        """Something was found, in the document that is done next or in the corpus as a whole."""
        if self._on_event is not None:
            self._on_event(Event("finding", severity))

    def step(self, name: str) -> None:
        """Something else than going through documents is done now."""
        self.end()
        if self._on_event is not None:
            self._on_event(Event("step", name))

    def end(self) -> None:
        """The file that the last document stands in is done, if it was named."""
        if self._file:
            self.file(self._file)
        self._file = ""


def size_of(path: Path | str) -> int:
    """Bytes of a file as it is stored; 0 where nothing can tell."""
    from corpus_tool.model.storage import location  # late: pages of help need none of it

    try:
        return (location(path) if isinstance(path, str) else path).stat().st_size
    except OSError:
        return 0


@dataclass(frozen=True)
class Sample:
    """How far a part of a run was at a time.

    Attributes:
        seconds: by a clock that is never set.
        documents: how many were done.
        amount: how much was done, in bytes, documents or files.
    """

    seconds: float
    documents: int
    amount: int


def pace(samples: Iterable[Sample], now: float) -> float | None:
    """Documents a second over the last ``WINDOW`` seconds; None as long as there is too little to go on.

    Args:
        samples: in the order of their times.
        now: the time, by the same clock.
    """
    ends = _ends(samples, now)
    return None if ends is None else (ends[1].documents - ends[0].documents) / (now - ends[0].seconds)


def seconds_left(samples: Iterable[Sample], now: float, whole: int) -> float | None:
    """How long the rest will take at the pace of the whole part so far; None as long as there is nothing to go on.

    The whole part, not its last seconds: files are done in leaps, and a pace over ten seconds would leap with them.

    Args:
        samples: in the order of their times; the first from when the part began.
        now: the time, by the same clock.
        whole: how much there is to do, in the samples' amounts; 0 where that is not known.
    """
    kept = list(samples)
    if not whole or not kept:
        return None
    done = kept[-1].amount - kept[0].amount
    if done >= whole:
        return 0.0
    if done <= 0 or now - kept[0].seconds < LEAST:
        return None
    return (now - kept[0].seconds) * (whole - done) / done


def _ends(samples: Iterable[Sample], now: float) -> tuple[Sample, Sample] | None:
    kept = list(samples)
    if not kept:
        return None
    # The sample that the window begins with is the last one before it: what is done between two samples counts.
    before = [sample for sample in kept if sample.seconds <= now - WINDOW]
    first = before[-1] if before else kept[0]
    return None if now - first.seconds < LEAST else (first, kept[-1])


@dataclass
class Tally:
    """What has happened so far, in numbers; the clock is the caller's.

    Attributes:
        part: the part of the run that is on, "" before any.
        planned: what this part will go through, as its ``plan`` said.
        last: the document, file or step that came last.
        documents: documents done in this part.
        files: files done in this part.
        size: bytes of these files.
        findings: what was found so far in the whole run, by severity.
        retries: how often work was lost and begun again.
        total: documents, files and bytes of the parts before this one, by part.
    """

    part: str = ""
    planned: Event = Event("plan", "")
    last: str = ""
    documents: int = 0
    files: int = 0
    size: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    total: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _within: int = 0  # bytes of the documents that are done in the file that is on
    _began: Sample | None = None
    _samples: deque[Sample] = field(default_factory=deque)

    def take(self, event: Event, now: float) -> None:
        """Counts an event that happened now."""
        if event.kind == "plan":
            self._begin(event, now)
            return
        if self._began is None:
            self._sample(now)
        if event.kind == "document":
            self.documents += 1
            self._within += event.size
            self.last = event.name
        elif event.kind == "file":
            self.files += 1
            self.size += event.size
            self._within = 0
        elif event.kind == "finding":
            self.findings[event.name] = self.findings.get(event.name, 0) + 1
        elif event.kind == "retry":
            self.retries += 1
        elif event.kind == "step":
            self.last = event.name
        if event.kind in {"document", "file"} and (event.kind == "file" or now - self._samples[-1].seconds >= _STEP):
            self._sample(now)

    def totals(self) -> dict[str, Mapping[str, int]]:
        """Documents, files and bytes of every part so far, by part; a part that came twice is summed."""
        found = dict(self.total)
        counts = {"documents": self.documents, "files": self.files, "bytes": self.size}
        if self.part or any(counts.values()):
            before = found.get(self.part, {})
            found[self.part] = {key: before.get(key, 0) + value for key, value in counts.items()}
        return found

    def pace(self, now: float) -> float | None:
        """Documents a second, as ``pace`` says."""
        return pace([*self._samples, Sample(now, self.documents, self._amount())], now)

    def seconds_left(self, now: float) -> float | None:
        """Seconds left of this part, as ``seconds_left`` says: by bytes where known, else by documents, else files."""
        if self._began is None:
            return None
        return seconds_left([self._began, Sample(now, self.documents, self._amount())], now, self._whole())

    def _begin(self, event: Event, now: float) -> None:
        self.total = self.totals()
        self.part, self.planned, self.last = event.name, event, ""
        self.documents = self.files = self.size = self._within = 0
        self._samples.clear()
        self._began = None
        self._sample(now)

    def _sample(self, now: float) -> None:
        sample = Sample(now, self.documents, self._amount())
        self._began = self._began or sample
        self._samples.append(sample)
        # One sample from before the window is kept, which it begins with.
        while len(self._samples) > 2 and self._samples[1].seconds <= now - WINDOW:
            self._samples.popleft()

    def _whole(self) -> int:
        return self.planned.size or self.planned.documents or self.planned.files

    def _amount(self) -> int:
        if self.planned.size:
            return self.size + self._within
        return self.documents if self.planned.documents else self.files
