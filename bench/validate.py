"""What checking documents costs: in this process against orjson's parse, and as a command. Run: make bench.

Every ratio is paired: A and B in turn, round after round, the median of the rounds. Times are CPU time of this thread,
or of finished processes; only the gain of a second process is measured on the clock.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import orjson
from generated import as_bytes, as_line, document
from paired import cpu_seconds, paired

from corpus_tool.checks import CHECKS, Needs, Subject
from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.model.schemas import built_in_layers, document_schema

#: Documents of 16 kB and 60 spans that one round goes through, and how many of them the slow way does.
DOCUMENTS = 60
SLOW_DOCUMENTS = 3
ROUNDS = 9

SHARD = 100_000
SHARD_KILOBYTES = 4
SHARD_SPANS = 15
TWO_PROCESSES = 12_000

FAMILIES = ("DOC", "SPN", "ENT", "FIG", "QUO")

Work = Callable[[bytes], object]


def works() -> dict[str, Work]:
    """What is measured, by name: each takes the bytes of a document."""
    layers = built_in_layers()
    some = make_checker(layers, [check for check in CHECKS if check.code.startswith(FAMILIES)])
    every = make_checker(layers)
    return {
        "orjson.loads": orjson.loads,
        "schema, DOC, SPN, ENT, FIG, QUO": lambda data: check_bytes(data, "x.json", some),
        "all document checks": lambda data: check_bytes(data, "x.json", every),
    }


def slow_ways() -> dict[str, Work]:
    """What everyone writes: json, jsonschema, and the same checks one after the other over the decoded document."""
    import jsonschema

    layers = built_in_layers()
    schema = document_schema(layers)
    validator = jsonschema.Draft202012Validator(schema)

    def checks(data: bytes) -> object:
        subject = Subject(data, layers, lambda: _Accepting)
        return [list(check.run(subject)) for check in CHECKS if check.needs <= Needs.DOCUMENT]

    def validate(data: bytes) -> object:
        jsonschema.validate(json.loads(data), schema, jsonschema.Draft202012Validator)
        return checks(data)

    def validate_with_one_validator(data: bytes) -> object:
        assert validator.is_valid(json.loads(data))
        return checks(data)

    return {
        "json + jsonschema.validate + the same checks in plain loops": validate,
        "json + one jsonschema validator for all + the same checks": validate_with_one_validator,
    }


class _Accepting:
    """Stands for the compiled schema: the slow way has asked ``jsonschema`` already."""

    @staticmethod
    def is_valid(raw: Any) -> bool:
        return bool(raw)


def seconds(work: Work, documents: Sequence[bytes]) -> float:
    """CPU seconds a document."""
    start = time.thread_time()
    for data in documents:
        work(data)
    return (time.thread_time() - start) / len(documents)


def told(name: str, ratio: float, limit: float, *, least: bool = False, spread: Sequence[float] = ()) -> None:
    """Prints a figure beside its limit."""
    met = ratio >= limit if least else ratio <= limit
    around = f" ({min(spread):.2f} to {max(spread):.2f}, {len(spread)} rounds)" if spread else ""
    print(f"{name}: {ratio:.2f}{around}, {'at least' if least else 'at most'} {limit:g}{'' if met else ': NOT MET'}")


def in_process() -> None:
    """The ratios of one process: against orjson's parse, and of the slow way against ours."""
    documents = [as_bytes(document(seed)) for seed in range(DOCUMENTS)]
    size = sum(map(len, documents)) / len(documents) / 1000
    print(f"{DOCUMENTS} generated documents of {size:.1f} kB and 60 spans, CPU time")
    quick, slow = works(), slow_ways()
    few = documents[:SLOW_DOCUMENTS]
    for work in (*quick.values(), *slow.values()):
        seconds(work, few)
    rounds = []
    for _ in range(ROUNDS):
        times = [seconds(work, documents) for work in quick.values()]
        rounds.append([*times, *(seconds(work, few) for work in slow.values())])
    parse, some, every, *slowly = zip(*rounds, strict=True)
    print(f"orjson's parse: {median(parse) * 1e6:.0f} µs, all document checks: {median(every) * 1e6:.0f} µs a document")
    told_in_rounds("schema, DOC, SPN, ENT, FIG and QUO / orjson's parse", some, parse, 5)
    told_in_rounds("all document checks / orjson's parse", every, parse, 15)
    for name, times in zip(slow, slowly, strict=True):
        told_in_rounds(f"{name} / ours", times, every, 60, least=True)


def told_in_rounds(name: str, a: Sequence[float], b: Sequence[float], limit: float, *, least: bool = False) -> None:
    """Prints the median of paired ratios beside its limit."""
    ratios = [one / other for one, other in zip(a, b, strict=True)]
    told(name, median(ratios), limit, least=least, spread=ratios)


def loop(name: str, times: int) -> None:
    """Goes through 20 documents a number of times: what is run under callgrind."""
    documents = [as_bytes(document(seed)) for seed in range(20)]
    work = works()[name]
    for _ in range(times + 2):
        for data in documents:
            work(data)


def instructions() -> None:
    """The same ratios in instructions, which no other program on the machine can change."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print("instruction counts: valgrind is not installed, nothing was counted")
        return
    counts = {}
    for name in works():
        few, many = (_count(valgrind, name, times) for times in (0, 3))
        counts[name] = (many - few) / 60
    parse, some, every = counts.values()
    print(f"instructions of orjson's parse: {parse / 1e6:.2f} million a document")
    told("the same checks / orjson's parse, in instructions", some / parse, 5)
    told("all document checks / orjson's parse, in instructions", every / parse, 15)


def _count(valgrind: str, name: str, times: int) -> int:
    command = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, __file__]
    done = subprocess.run(
        [*command, name, str(times)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    match = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    assert match is not None, done.stderr
    return int(match[1])


def lines(number: int) -> Iterator[bytes]:
    """Documents of a shard, all different."""
    for seed in range(number):
        yield as_line(document(seed, kilobytes=SHARD_KILOBYTES, spans=SHARD_SPANS)) + b"\n"


def write_shard(path: Path, number: int) -> None:
    """Writes a shard, document by document."""
    with path.open("wb") as file:
        file.writelines(lines(number))


def memory(tool: str, folder: Path) -> None:
    """The greatest memory of a process that validates a shard of many documents."""
    path = folder / "many.jsonl"
    write_shard(path, SHARD)
    process = subprocess.Popen([tool, "validate", "--no-cache", "-q", str(path)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    size = path.stat().st_size / 1e6
    name = f"memory for a shard of {SHARD:,} documents of {SHARD_KILOBYTES} kB ({size:.0f} MB), in MB"
    told(name, usage.ru_maxrss / 1024, 400)
    spent = (usage.ru_utime + usage.ru_stime) / SHARD * 1e6
    print(f"  {spent:.0f} µs of CPU a document; exit status {process.returncode}")


def two_processes(tool: str, folder: Path) -> None:
    """What a second process gains, on the clock."""
    path = folder / "some.jsonl"
    write_shard(path, TWO_PROCESSES)

    def clock(jobs: int) -> float:
        start = time.perf_counter()
        cpu_seconds([tool, "validate", "--no-cache", "-q", "--jobs", str(jobs), str(path)])
        return time.perf_counter() - start

    ratios = [clock(1) / clock(2) for _ in range(3)]
    told(
        f"one process / two, {TWO_PROCESSES:,} documents, on the clock", median(ratios), 1.5, least=True, spread=ratios
    )


def start_up(tool: str, folder: Path) -> None:
    """What `validate` of one small file takes against importing click."""
    raw = document(1, kilobytes=2, spans=6)
    path = folder / f"{raw['id']}.json"
    path.write_bytes(as_bytes(raw))
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", str(Path(__file__).parents[1] / "corpus_tool")], check=True
    )
    ratio = paired([tool, "validate", "--no-cache", str(path)], [sys.executable, "-c", "import click"])
    spread = f"{ratio.least:.2f} to {ratio.greatest:.2f}, {ratio.pairs} pairs"
    told(f"corpus-tool validate of a small file / python -c 'import click' ({spread})", ratio.median, 4)


def main() -> None:
    """Prints every figure beside its limit."""
    if len(sys.argv) == 3:
        loop(sys.argv[1], int(sys.argv[2]))
        return
    tool = str(Path(sys.executable).parent / "corpus-tool")
    in_process()
    instructions()
    with tempfile.TemporaryDirectory() as folder:
        start_up(tool, Path(folder))
        two_processes(tool, Path(folder))
        memory(tool, Path(folder))


if __name__ == "__main__":
    main()
