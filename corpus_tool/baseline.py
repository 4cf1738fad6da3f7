"""Baselines: findings that were there when the rules were taken up, and are shown no more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.diagnostics.fingerprint import fingerprint
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.read.faults import fault
from corpus_tool.read.files import read_file

FORMAT = "corpus-tool/baseline/1"


@dataclass(frozen=True)
class Baseline:
    """Fingerprints of known findings, each with how often it is known."""

    path: Path
    known: Counter[str]


def read_baseline(path: Path) -> Baseline:
    """A baseline from its file.

    Raises:
        CorpusToolError: the file cannot be read, or is no baseline.
    """
    try:
        raw = json.loads(read_file(path, limit=None).data)
        known = Counter({str(row["fingerprint"]): int(row["count"]) for row in raw["findings"]})
        schema = raw["schema"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        what = f"no key {error}" if isinstance(error, KeyError) else error
        raise CorpusToolError(f"{path}: not a baseline that validate --write-baseline wrote ({what})") from error
    if schema != FORMAT:
        raise CorpusToolError(f"{path}: its schema is {schema!r}, not {FORMAT!r}")
    return Baseline(path, known)


def write_baseline(path: Path, found: Iterable[Diagnostic]) -> int:
    """Writes the findings as a baseline, one a line, sorted, so that a diff shows what came and went.

    Returns:
        How many findings it holds.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter(
        (d.code, d.document or d.path, d.message, fingerprint(d)) for d in found
    )
    keys = ("code", "where", "message", "fingerprint")
    rows = [{**dict(zip(keys, key, strict=True)), "count": n} for key, n in sorted(counts.items())]
    lines = ",\n".join(f"    {json.dumps(row, ensure_ascii=True)}" for row in rows)
    write_atomic(path, f'{{\n  "schema": "{FORMAT}",\n  "findings": [\n{lines}\n  ]\n}}\n')
    return sum(counts.values())


def not_in_baseline(found: Iterable[Diagnostic], baseline: Baseline) -> Iterator[Diagnostic]:
    """The findings that a baseline does not know, and at the end one that tells how many it knows in vain."""
    left = baseline.known.copy()
    for diagnostic in found:
        own = fingerprint(diagnostic)
        if left[own] > 0:
            left[own] -= 1
        else:
            yield diagnostic
    if stale := left.total():
        were = "finding of the baseline is" if stale == 1 else "findings of the baseline are"
        yield fault("baseline-stale", str(baseline.path), f"{stale} {were} mended or gone")
