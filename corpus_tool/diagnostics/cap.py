"""Many findings of one code in one file: the first ones, and how many more there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus_tool.diagnostics.diagnostic import Diagnostic


@dataclass(frozen=True)
class More:
    """Findings of one code in one file that are not shown one by one."""

    path: str
    code: str
    count: int

    @property
    def message(self) -> str:
        """What a line says of them: "… and 412 more TXT203 in this file"."""
        return f"… and {self.count:,} more {self.code} in this file"


def cap(diagnostics: Iterable[Diagnostic], limit: int = 20) -> Iterator[Diagnostic | More]:
    """The first ``limit`` findings of each code in each file, and how many more there are at the end of the file.

    Takes the diagnostics of one file after the other and keeps none of them.

    Args:
        diagnostics: what was found, those of one file in a row.
        limit: how many findings of one code are shown; 0 shows all.
    """
    path = ""
    seen: Counter[str] = Counter()
    for diagnostic in diagnostics:
        if diagnostic.path != path:
            yield from _rest(path, seen, limit)
            path, seen = diagnostic.path, Counter()
        seen[diagnostic.code] += 1
        if not limit or seen[diagnostic.code] <= limit:
            yield diagnostic
    yield from _rest(path, seen, limit)


def _rest(path: str, seen: Counter[str], limit: int) -> Iterator[More]:
    if limit:
        yield from (More(path, code, n - limit) for code, n in sorted(seen.items()) if n > limit)
