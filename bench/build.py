"""What making and writing a dataset costs, against datasets' own way. Run: make bench.

The same documents, row functions and features, each way in a process of its own: ``write_tables`` here,
``Dataset.from_generator(rows).to_parquet`` there, which makes one config at a time and reads the documents for each.
Start-up and validation are not counted. Times are CPU time; memory is the greatest of the process, with a quarter of
the documents and with all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

DOCUMENTS = 200_000
KILOBYTES, SPANS = 2, 8

CORPUS = """\
schema: corpus-tool/corpus/1
name: generated
version: 1.0.0
license: cc0-1.0
"""


def write_corpus(root: Path, number: int) -> None:
    """Writes a corpus of generated documents, all in one shard."""
    from generated import as_line, document

    (root / "documents").mkdir(parents=True)
    (root / "corpus.yaml").write_text(CORPUS, encoding="utf-8")
    with (root / "documents" / "all.jsonl").open("wb") as file:
        for seed in range(number):
            file.write(as_line(document(seed, kilobytes=KILOBYTES, spans=SPANS)) + b"\n")


def timed(work: Callable[[], object]) -> None:
    """Prints the CPU seconds and the seconds on the clock that something takes in this process."""
    import datasets  # noqa: F401  # what is imported now is not counted
    import pyarrow.parquet  # noqa: F401

    clock, cpu = time.perf_counter(), time.process_time()
    work()
    print(time.process_time() - cpu, time.perf_counter() - clock)


def ours(root: Path, out: Path, configs: tuple[str, ...], jobs: int) -> None:
    """Writes configs the way ``corpus-tool build`` does, with all that it counts on the way."""
    import msgspec

    from corpus_tool.build.tables import write_tables
    from corpus_tool.engine import Engine
    from corpus_tool.read.corpus import open_corpus

    corpus = open_corpus(root)
    options = msgspec.structs.replace(corpus.config.build, configs=configs)
    corpus = msgspec.structs.replace(corpus, config=msgspec.structs.replace(corpus.config, build=options))
    timed(lambda: write_tables(corpus, out, engine=Engine(jobs)))


def theirs(root: Path, out: Path, config: str) -> None:
    """Writes one config with ``datasets``, in one file: no splits, nothing counted."""
    from datasets import Dataset, disable_progress_bars

    from corpus_tool.build.features import features_of
    from corpus_tool.build.rows import prepared
    from corpus_tool.build.tables import ROWS
    from corpus_tool.read.corpus import open_corpus
    from corpus_tool.store import iter_documents

    disable_progress_bars()
    corpus = open_corpus(root)

    def rows() -> Iterator[dict[str, Any]]:
        for document in iter_documents(corpus):
            kept = prepared(document, corpus.layers, reviewed_only=False)
            yield from ROWS[config](kept, corpus.layers, Counter())

    features = features_of(config, corpus.layers)

    def work() -> None:
        dataset = Dataset.from_generator(rows, features=features, cache_dir=str(out / "cache"))
        dataset.to_parquet(out / f"{config}.parquet")

    timed(work)


def measured(*arguments: object) -> tuple[float, float, float]:
    """CPU seconds, seconds on the clock, and the greatest memory in MB of one way in a process of its own."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, __file__, "--out", out, *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if status:
            sys.exit("the measured process failed")
        cpu, clock = map(float, said.split())
        return cpu, clock, usage.ru_maxrss / 1024


def told(name: str, value: float, limit: float, *, least: bool = False) -> None:
    """Prints a figure beside its limit."""
    met = value >= limit if least else value <= limit
    print(
        f"{name}: {value:.2f}, {'at least' if least else 'at most'} {limit:g}{'' if met else ': NOT MET'}", flush=True
    )


def compare(number: int) -> None:
    """Prints every figure beside its limit."""
    from corpus_tool.model.corpus import CONFIGS

    everything = ",".join(CONFIGS)
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        write_corpus(few, number // 4)
        write_corpus(many, number)
        size = (many / "documents" / "all.jsonl").stat().st_size / number / 1000
        print(f"{number:,} generated documents of {size:.1f} kB and {SPANS} spans, one process, CPU time", flush=True)
        _, _, quarter = measured("--ours", everything, few)
        own, clock, whole = measured("--ours", everything, many)
        print(f"ours, all configs: {own:.1f} s, {own / number * 1e6:.0f} µs a document", flush=True)
        total = 0.0
        for config in CONFIGS:
            other, _, memory = measured("--theirs", config, many)
            alone, _, _ = measured("--ours", config, many)
            total += other
            print(
                f"  {config}: {other:.1f} s / ours alone {alone:.1f} s = {other / alone:.2f} ({memory:.0f} MB)",
                flush=True,
            )
        told("from_generator + to_parquet of every config / ours", total / own, 2, least=True)
        told(f"memory of ours with {number:,} documents, in MB", whole, 600)
        told(f"the same / memory with {number // 4:,} documents", whole / quarter, 1.25)
        _, clock_of_two, _ = measured("--ours", everything, "--jobs", 2, many)
        print(f"one process / two, on the clock: {clock / clock_of_two:.2f}", flush=True)


def main() -> None:
    """Compares, or is one of the processes that are compared."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ours", metavar="CONFIGS")
    parser.add_argument("--theirs", metavar="CONFIG")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("corpus", nargs="?", type=Path)
    asked = parser.parse_args()
    if asked.ours:
        ours(asked.corpus, asked.out, tuple(asked.ours.split(",")), asked.jobs)
    elif asked.theirs:
        theirs(asked.corpus, asked.out, asked.theirs)
    else:
        compare(asked.documents)


if __name__ == "__main__":
    main()
