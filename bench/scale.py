"""How validate and build hold out with ever more documents: pace, memory, a second process, a Dask cluster.

Generates documents of 4 kB in shards of 1,000 and runs the commands over the first N of them, one run after the other.
With --folder the documents and all rows measured are kept: a run that was stopped goes on where it was. Run, for
instance: python bench/scale.py --folder build/scale --documents 50000,200000,1000000 --dask
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import IO

sys.path.insert(0, str(Path(__file__).parent))

TOOL = str(Path(sys.executable).parent / "corpus-tool")

SHARD = 1_000
KILOBYTES, SPANS = 4, 15
DOCUMENTS = "50000,200000,1000000"

#: Seconds between two looks at the memory of the processes. Linux keeps each one's peak, so only its end is missed.
LOOK = 0.2

#: What issue 9 holds the tool to: MB a process, pace against the fewest documents, two processes against one, Dask
#: against the pool.
MOST_MB = 700
LEAST_PACE = 0.85
LEAST_GAIN = {"validate": 1.5, "build": 1.4}
LEAST_DASK = 0.8

ONE, TWO, DASK = "1 process", "2 processes", "2 Dask workers"

CORPUS = """\
schema: corpus-tool/corpus/1
name: generated
version: 1.0.0
license: cc-by-sa-4.0
"""


@dataclass(frozen=True)
class Row:
    """A run of a command.

    Attributes:
        command: ``validate`` or ``build``.
        engine: where it ran.
        documents: how many it went through.
        input_bytes: of the shards.
        seconds: on the clock, with start-up.
        cpu_seconds: of the command and the processes that it waited for; not of a cluster's workers. What other work
            on the machine adds to the clock is not in it.
        peaks: the greatest resident memory of each process, in MB, the command's own first.
        status: the exit status.
        when: the day and time that it began, in UTC.
        version: of corpus-tool.
    """

    command: str
    engine: str
    documents: int
    input_bytes: int
    seconds: float
    cpu_seconds: float
    peaks: tuple[int, ...]
    status: int
    when: str
    version: str

    @property
    def pace(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds


def write_shard(task: tuple[Path, int]) -> None:
    """Writes the shard of a number, unless it is there."""
    from generated import as_line, document

    folder, number = task
    path = folder / f"generated-{number:05d}.jsonl"
    if path.exists():
        return
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        for seed in range(number * SHARD, (number + 1) * SHARD):
            file.write(as_line(document(seed, kilobytes=KILOBYTES, spans=SPANS)) + b"\n")
    part.rename(path)


def corpus_of(folder: Path, documents: int) -> Path:
    """A corpus of the first so many documents; its shards are links to those that all corpora share."""
    shards = folder / "shards"
    shards.mkdir(parents=True, exist_ok=True)
    tasks = [(shards, number) for number in range(documents // SHARD)]
    began = time.monotonic()
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        for done, _ in enumerate(pool.imap_unordered(write_shard, tasks), 1):
            if done % 50 == 0:
                print(f"{done:,} of {len(tasks):,} shards, {time.monotonic() - began:.0f} s", file=sys.stderr)
    root = folder / f"corpus-{documents}"
    (root / "documents").mkdir(parents=True, exist_ok=True)
    (root / "corpus.yaml").write_text(CORPUS, encoding="utf-8")
    for _, number in tasks:
        path = root / "documents" / f"generated-{number:05d}.jsonl"
        if not path.exists():
            os.link(shards / path.name, path)
    return root


def processes() -> dict[int, int]:
    """The parent of every process (Linux)."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                stat = (folder / "stat").read_text(encoding="ascii", errors="replace")
            except OSError:  # it has ended meanwhile
                continue
            found[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def peak_of(pid: int) -> int:
    """The greatest resident memory that a process had so far, in bytes; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


class Watch:
    """Looks at the memory of some processes and of all that descend from them, until it is stopped."""

    def __init__(self, roots: Sequence[int]) -> None:
        self.peaks: dict[int, int] = {}
        self._roots, self._stopped = set(roots), Event()
        self._thread = Thread(target=self._look_often, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._stopped.set()
        self._thread.join()

    def look(self) -> None:
        """Notes the peak of every process there is now."""
        parents = processes()
        for pid in parents:
            above: int | None = pid
            while above and above not in self._roots:
                above = parents.get(above)
            if above:
                self.peaks[pid] = max(self.peaks.get(pid, 0), peak_of(pid))

    def _look_often(self) -> None:
        while not self._stopped.wait(LOOK):
            self.look()


def run(command: str, engine: str, root: Path, documents: int, scheduler: Scheduler | None) -> Row:
    """Runs a command over a corpus, from nothing: what an earlier run has kept beside it is removed before."""
    from corpus_tool import __version__

    shutil.rmtree(root / ".corpus-tool", ignore_errors=True)
    out = root.parent / "dist"
    shutil.rmtree(out, ignore_errors=True)
    where = {ONE: ["--jobs", "1"], TWO: ["--jobs", "2"]}.get(engine) or ["--scheduler", scheduler.address]  # type: ignore[union-attr]
    how = {"validate": ["--no-cache", "--quiet", "--output", "concise"], "build": ["--out", str(out)]}[command]
    when = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    with (root.parent / "output.txt").open("wb") as output:
        began = time.monotonic()
        process = subprocess.Popen([TOOL, command, str(root), *how, *where], stdout=output, stderr=output)
        watch = Watch([process.pid, *(scheduler.pids if scheduler and engine == DASK else [])])
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.look()
    watch.stop()
    own = max(watch.peaks.pop(process.pid, 0), usage.ru_maxrss * 1024 if engine == ONE else 0)
    peaks = [own, *sorted(watch.peaks.values(), reverse=True)]
    size = sum(path.stat().st_size for path in (root / "documents").iterdir())
    shutil.rmtree(out, ignore_errors=True)
    if process.returncode > (command == "validate"):
        told = (root.parent / "output.txt").read_text(encoding="utf-8", errors="replace")[-2000:]
        sys.exit(f"corpus-tool {command} ended with {process.returncode}:\n{told}")
    return Row(
        command=command,
        engine=engine,
        documents=documents,
        input_bytes=size,
        seconds=round(seconds, 2),
        cpu_seconds=round(usage.ru_utime + usage.ru_stime, 2),
        peaks=tuple(round(peak / 1e6) for peak in peaks),
        status=process.returncode,
        when=when,
        version=__version__,
    )


@dataclass(frozen=True)
class Scheduler:
    """A local Dask cluster: its address, and its processes."""

    address: str
    pids: tuple[int, ...]


@contextmanager
def cluster(folder: Path) -> Iterator[Scheduler]:
    """A Dask scheduler and two workers of a thread each, as processes of their own."""
    from distributed import Client

    address = folder / "scheduler.json"
    address.unlink(missing_ok=True)
    with ExitStack() as stack, (folder / "dask.txt").open("wb") as told:
        shared = ["--scheduler-file", str(address), "--no-dashboard"]
        started = [_started(stack, told, "scheduler", "--host", "127.0.0.1", "--port", "0", *shared)]
        for _ in range(2):
            one = ["--nthreads", "1", "--local-directory", str(folder / "dask")]
            started.append(_started(stack, told, "worker", *shared, *one))
        end = time.monotonic() + 60
        while not address.exists():
            if time.monotonic() > end:
                sys.exit(f"the Dask scheduler did not start; {told.name} says why")
            time.sleep(0.1)
        with Client(scheduler_file=str(address), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            where = client.scheduler.address
        yield Scheduler(where, tuple(process.pid for process in started))


def _started(stack: ExitStack, told: IO[bytes], kind: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "distributed.cli.dask_" + kind, *options]
    process = subprocess.Popen(command, stdout=told, stderr=told)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def rows_of(path: Path) -> list[Row]:
    """The rows that were measured before; a line that a full disk has cut off is passed over."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            raw = json.loads(line)
        except json.JSONDecodeError:
            continue
        rows.append(Row(**{**raw, "peaks": tuple(raw["peaks"])}))
    return rows


def table_of(rows: Sequence[Row]) -> str:
    """The rows, and the ratios between them, as Markdown."""
    lines = [
        "| command | documents | engine | documents a second | CPU, µs each | greatest memory of a process, MB | all |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.command} | {r.documents:,} | {r.engine} | {r.pace:,.0f} | "
        f"{r.cpu_seconds / r.documents * 1e6:,.0f} | {_held(max(r.peaks), MOST_MB, least=False)} | "
        f"{', '.join(map(str, r.peaks))} |"
        for r in rows
    ]
    lines += ["", "| what | against | ratio | limit |", "|---|---|---|---|"]
    found = {(r.command, r.documents, r.engine): r.pace for r in rows}
    fewest = {(r.command, r.engine): min(o.documents for o in rows if o.command == r.command) for r in rows}
    for (command, documents, engine), pace in found.items():
        few = fewest[command, engine]
        base = found.get((command, few, engine))
        if base and documents > few:
            ratio = _held(pace / base, LEAST_PACE, least=True)
            lines.append(f"| {command}, {engine}: pace with {documents:,} | with {few:,} | {ratio} | {LEAST_PACE} |")
    for (command, documents, engine), pace in found.items():
        one, two = (found.get((command, documents, other)) for other in (ONE, TWO))
        if engine == TWO and one:
            limit = LEAST_GAIN[command]
            ratio = _held(pace / one, limit, least=True)
            lines.append(f"| {command} of {documents:,}: pace of {TWO} | {ONE} | {ratio} | {limit} |")
        if engine == DASK and two:
            ratio = _held(pace / two, LEAST_DASK, least=True)
            lines.append(f"| {command} of {documents:,}: pace of {DASK} | {TWO} | {ratio} | {LEAST_DASK} |")
    return "\n".join(lines)


def _held(value: float, limit: float, *, least: bool) -> str:
    met = value >= limit if least else value <= limit
    return f"{value:.2f}{'' if met else ': **not met**'}" if least else f"{value:.0f}{'' if met else ': **not met**'}"


def measure(folder: Path, asked: argparse.Namespace, counts: Sequence[int]) -> list[Row]:
    """Runs what is not measured yet; each row is kept as soon as it is there."""
    kept = folder / "rows.jsonl"
    engines = [{1: ONE, 2: TWO}[int(jobs)] for jobs in asked.jobs.split(",") if jobs]
    engines += [DASK] if asked.dask else []
    commands = asked.commands.split(",")
    known = [] if asked.again else rows_of(kept)
    rows = [r for r in known if r.documents in counts and r.engine in engines and r.command in commands]
    done = {(r.command, r.documents, r.engine) for r in rows}
    with ExitStack() as stack:
        scheduler = stack.enter_context(cluster(folder)) if asked.dask else None
        for documents in counts:
            root = corpus_of(folder, documents)
            for command in commands:
                for engine in engines:
                    if (command, documents, engine) in done:
                        continue
                    row = run(command, engine, root, documents, scheduler)
                    rows.append(row)
                    print(
                        f"{command}, {documents:,}, {engine}: {row.pace:,.0f}/s, {max(row.peaks)} MB", file=sys.stderr
                    )
                    with kept.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(asdict(row)) + "\n")
    order = {name: number for number, name in enumerate((*commands, *engines))}
    return sorted(rows, key=lambda r: (order[r.command], r.documents, order[r.engine]))


def main() -> None:
    """Measures, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", default=DOCUMENTS, help=f"how many, in thousands of whole shards: {DOCUMENTS}")
    parser.add_argument("--jobs", default="1,2", help="processes: 1,2")
    parser.add_argument("--commands", default="validate,build")
    parser.add_argument("--dask", action="store_true", help="also with a local scheduler and two workers")
    parser.add_argument("--folder", type=Path, help="keep documents and rows here (4 kB a document and as much again)")
    parser.add_argument("--again", action="store_true", help="measure again what --folder holds already")
    asked = parser.parse_args()
    counts = sorted(int(count) for count in asked.documents.split(","))
    if any(count < SHARD or count % SHARD for count in counts):
        parser.error(f"--documents: multiples of {SHARD:,}")
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        rows = measure(folder, asked, counts)
    print(table_of(rows))


if __name__ == "__main__":
    main()
