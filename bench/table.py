"""A table of ratios against peers, and of the distance to the limit, as Markdown. Run: make bench.

Every ratio is paired: one way and the other in turn, the median of the pairs, in CPU time. `--quick` takes a minute or
two and says less; `--only checks,brat` measures some.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ["TQDM_DISABLE"] = "1"  # bioc draws a bar over the table otherwise

from paired import Ratio, paired, paired_calls, ratio_of

TOOL = str(Path(sys.executable).parent / "corpus-tool")

#: What the figures depend on besides Python and corpus-tool.
PACKAGES = ("orjson", "msgspec", "jsonschema-rs", "jsonschema", "pyarrow", "datasets", "datasketch", "bioc", "spacy")


@dataclass(frozen=True)
class Effort:
    """How much is measured: pairs of processes, of calls, and how large the inputs are."""

    process_pairs: int
    pairs: int
    slow_pairs: int
    documents: int
    shard: int
    rows: int
    brat: int
    texts: int
    copies: int


FULL = Effort(15, 9, 3, documents=60, shard=5_000, rows=10_000, brat=400, texts=2_000, copies=16)
QUICK = Effort(3, 3, 1, documents=10, shard=500, rows=1_000, brat=40, texts=400, copies=1)

QUICK_NOTE = " Small inputs and few pairs: the limits are those of the whole run."


@dataclass(frozen=True)
class Row:
    """A line of the table: how many times as long ``what`` takes as ``against``; with ``least``, at least so many."""

    what: str
    against: str
    ratio: Ratio
    limit: float | None = None
    least: bool = False

    def markdown(self) -> str:
        """The line."""
        r = self.ratio
        limit = ""
        if self.limit is not None:
            met = r.median >= self.limit if self.least else r.median <= self.limit
            limit = f"{'at least ' if self.least else ''}{self.limit:g}{'' if met else ': **not met**'}"
        spread = f" ({_figure(r.least)} to {_figure(r.greatest)})" if r.pairs > 1 else ""
        return f"| {self.what} | {self.against} | {_figure(r.median)}{spread} | {r.pairs} | {limit} |"


def start_up(effort: Effort, folder: Path) -> Iterator[Row]:
    """The command alone, and with the least work, against importing the library that reads its options."""
    from generated import as_bytes, document

    raw = document(1, kilobytes=2, spans=6)
    path = folder / f"{raw['id']}.json"
    path.write_bytes(as_bytes(raw))
    package = Path(__file__).parents[1] / "corpus_tool"
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(package)], check=True)
    click = [sys.executable, "-c", "import click"]
    against = "`python -c 'import click'`"
    yield Row("`corpus-tool --help`", against, paired([TOOL, "--help"], click, effort.process_pairs), 3)
    validate = [TOOL, "validate", "--no-cache", str(path)]
    yield Row("`corpus-tool validate` of a small file", against, paired(validate, click, effort.process_pairs), 4)


def checks(effort: Effort, _folder: Path) -> Iterator[Row]:
    """Checking a document against parsing it, and what everyone writes against checking it."""
    from generated import as_bytes, document
    from validate import FAMILIES, SLOW_DOCUMENTS, seconds, slow_ways, works

    documents = [as_bytes(document(seed)) for seed in range(effort.documents)]
    few = documents[:SLOW_DOCUMENTS]
    quick, slow = works(), slow_ways()
    for work in (*quick.values(), *slow.values()):
        seconds(work, few)
    rounds = []
    for _ in range(effort.pairs):
        times = [seconds(work, documents) for work in quick.values()]
        rounds.append([*times, *(seconds(work, few) for work in slow.values())])
    parse, some, every, *others = zip(*rounds, strict=True)
    size = sum(map(len, documents)) // len(documents) // 1000
    what = f"of a document of {size} kB and 60 spans"
    against = "orjson's parse of its bytes"
    yield Row(f"schema, {', '.join(FAMILIES)} {what}", against, ratio_of([*zip(some, parse, strict=True)]), 5)
    yield Row(f"all document checks {what}", against, ratio_of([*zip(every, parse, strict=True)]), 15)
    for name, times in zip(slow, others, strict=True):
        yield Row(name, "all document checks", ratio_of([*zip(times, every, strict=True)]), 60, least=True)


def distance(effort: Effort, folder: Path) -> Iterator[Row]:
    """A shard from the disk to its findings, against what no reader can do without."""
    import orjson
    from validate import SHARD_KILOBYTES, write_shard

    from corpus_tool import validate_paths

    path = folder / "shard.jsonl"
    write_shard(path, effort.shard)

    def ours() -> None:
        for _ in validate_paths([path]):
            pass

    def parse() -> None:
        with path.open("rb") as file:
            for line in file:
                orjson.loads(line)

    def read() -> None:
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 20):
                pass

    what = f"`validate_paths` of a shard of {effort.shard:,} documents of {SHARD_KILOBYTES} kB"
    yield Row(what, "orjson's parse of its lines, read from the disk", paired_calls(ours, parse, effort.slow_pairs))
    repeated = 20  # one reading is too short for the clock

    def read_often() -> None:
        for _ in range(repeated):
            read()

    shared = paired_calls(parse, read_often, effort.pairs)
    yield Row("orjson's parse of its lines", "reading its bytes from the disk (warm)", _times(shared, repeated))
    shared = paired_calls(ours, read_often, effort.slow_pairs)
    yield Row(what, "reading its bytes from the disk (warm)", _times(shared, repeated))


def parquet(effort: Effort, folder: Path) -> Iterator[Row]:
    """Rows made and written, all configs, against ``datasets``' own way; start-up is not counted on either side."""
    from build import KILOBYTES, measured, write_corpus

    from corpus_tool.model.corpus import CONFIGS

    root = folder / "rows"
    write_corpus(root, effort.rows)
    times = []
    for _ in range(effort.slow_pairs):
        theirs = sum(measured("--theirs", config, root)[0] for config in CONFIGS)
        times.append((theirs, measured("--ours", ",".join(CONFIGS), root)[0]))
    what = f"`datasets`' `from_generator` + `to_parquet`, {len(CONFIGS)} configs of {effort.rows:,} documents of "
    yield Row(f"{what}{KILOBYTES} kB and more", "rows made and written by `build`", ratio_of(times), 2, least=True)


def brat(effort: Effort, folder: Path) -> Iterator[Row]:
    """A brat project read, against bioc, which reads all of it but normalizations; and taken into a corpus."""
    from bioc import brat as bioc_brat
    from build import CORPUS, write_corpus

    from corpus_tool import Diagnostic, export_annotations, import_annotations
    from corpus_tool.formats import FORMATS

    root, project, fresh = folder / "for-brat", folder / "brat", folder / "fresh"
    write_corpus(root, effort.brat)
    export_annotations(root, project, "brat")
    reader = FORMATS["brat"].reader
    assert reader is not None

    def ours() -> int:
        return sum(len(d.spans) for d in reader(project) if not isinstance(d, Diagnostic))

    def theirs() -> int:
        return sum(len(document.entities) for document in bioc_brat.scandir(str(project)))

    def whole() -> None:
        shutil.rmtree(fresh, ignore_errors=True)
        (fresh / "documents").mkdir(parents=True)
        (fresh / "corpus.yaml").write_text(CORPUS, encoding="utf-8")
        import_annotations(project, fresh, "brat")

    found = ours(), theirs()
    if min(found) < effort.brat:
        sys.exit(f"brat: {found[0]} and {found[1]} spans read; both readers should find some in each document")
    what = f"a brat project of {effort.brat:,} documents"
    against = f"bioc's `brat.scandir`, {found[1]:,} entities"
    yield Row(f"{what} read, {found[0]:,} spans", against, paired_calls(ours, theirs, effort.pairs))
    yield Row(
        f"{what} taken into a corpus: mapped, checked, written", against, paired_calls(whole, theirs, effort.slow_pairs)
    )


def duplicates(effort: Effort, _folder: Path) -> Iterator[Row]:
    """The search for near duplicates against datasketch's MinHash and its index."""
    from duplicates import alike, ours, quality, texts, theirs

    articles = texts(effort.texts)
    found, others = ours(articles), theirs(articles)
    truth = alike(articles, found | others)
    ratio = paired_calls(lambda: theirs(articles), lambda: ours(articles), effort.slow_pairs)
    yield Row(
        f"datasketch, near duplicates among {effort.texts:,} texts of 4 kB ({quality(others, truth)})",
        f"ours ({quality(found, truth)})",
        ratio,
    )


def conversion(effort: Effort, _folder: Path) -> Iterator[Row]:
    """Converting articles, start-up and gazetteers included, against the parser alone."""
    from convert import LIMIT, measured

    ratio, number = measured(min(2, effort.slow_pairs), effort.copies)
    yield Row(
        f"`corpus-tool convert` of {number:,} articles", "the spaCy pipeline alone over their paragraphs", ratio, LIMIT
    )


SECTIONS: Mapping[str, Callable[[Effort, Path], Iterator[Row]]] = {
    "start-up": start_up,
    "checks": checks,
    "distance": distance,
    "parquet": parquet,
    "brat": brat,
    "duplicates": duplicates,
    "conversion": conversion,
}


def _times(ratio: Ratio, factor: float) -> Ratio:
    """A ratio whose second way was done so often."""
    return Ratio(
        ratio.median * factor,
        ratio.least * factor,
        ratio.greatest * factor,
        ratio.a_seconds,
        ratio.b_seconds / factor,
        ratio.pairs,
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 20 else f"{value:.2f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def heading(*, is_quick: bool) -> str:
    """Where, when and with what the figures were taken."""
    from corpus_tool import __version__

    packages = ", ".join(f"{package} {_version(package)}" for package in PACKAGES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"`{' '.join(['python', 'bench/table.py', *sys.argv[1:]])}` on {datetime.now(UTC):%Y-%m-%d}: {_processor()}, "
        f"{cores} cores, {platform.system()}; Python {platform.python_version()}, corpus-tool {__version__}, "
        f"{packages}.{QUICK_NOTE if is_quick else ''}\n\n"
        "| what | against | ratio (least to greatest) | pairs | limit |\n|---|---|---|---|---|"
    )


def main() -> None:
    """Prints the table, each line as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer pairs and smaller inputs: to see that all works")
    parser.add_argument("--only", default=",".join(SECTIONS), metavar="NAMES", help=", ".join(SECTIONS))
    asked = parser.parse_args()
    names = asked.only.split(",")
    if unknown := sorted(set(names) - set(SECTIONS)):
        parser.error(f"--only {','.join(unknown)}: one of {', '.join(SECTIONS)}")
    print(heading(is_quick=asked.quick), flush=True)
    missing = []
    for name in names:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                for row in SECTIONS[name](QUICK if asked.quick else FULL, Path(folder)):
                    print(row.markdown(), flush=True)
            except ModuleNotFoundError as error:
                missing.append(f"{name}: not measured, {error.name} is not installed (make bench installs it)")
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    if missing:
        sys.exit("\n".join(missing))


if __name__ == "__main__":
    main()
