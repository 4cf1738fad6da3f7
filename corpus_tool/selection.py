"""Which findings are wanted: by code from the command line, and what ``corpus.yaml`` ignores with its reasons."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE, Corpus, Ignore
from corpus_tool.read.faults import fault
from corpus_tool.read.storage import location, way_down


@dataclass(frozen=True)
class Selection:
    """Codes, or beginnings of codes. The longest one that a code begins with decides; without any, all are wanted."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, code: str) -> bool:
        """Whether findings of a code are wanted."""
        taken = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=-1)
        left = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=-1)
        return taken > left if left >= 0 else taken >= 0 or not self.select


ALL = Selection()


def make_selection(select: Iterable[str], ignore: Iterable[str], codes: Collection[str]) -> Selection:
    """A selection of what users write: ``SPN``, ``SPN2,FIG101``, several times.

    Raises:
        CorpusToolError: nothing in ``codes`` begins like that.
    """
    return Selection(_prefixes(select, codes), _prefixes(ignore, codes))


def _prefixes(words: Iterable[str], codes: Collection[str]) -> tuple[str, ...]:
    prefixes = tuple(word.upper() for listed in words for word in re.split(r"[,\s]+", listed) if word)
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in codes):
            families = sorted({code[:3] for code in codes})
            close = difflib.get_close_matches(prefix, [*codes, *families], 1)
            told = f"; did you mean {close[0]}?" if close else f"; the families are {', '.join(families)}"
            raise CorpusToolError(f"no check has a code that begins with {prefix!r}{told}")
    return prefixes


@dataclass
class Ignores:
    """The ignores of one corpus, and which of them hid something."""

    corpus: Corpus | None
    used: set[Ignore] = field(default_factory=set)

    def left(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The diagnostics that ``corpus.yaml`` does not ignore."""
        ignores = self.corpus.config.ignore if self.corpus else ()
        for diagnostic in found:
            hiding = [ignore for ignore in ignores if self._hides(ignore, diagnostic)]
            self.used.update(hiding)
            if not hiding:
                yield diagnostic

    def _hides(self, ignore: Ignore, diagnostic: Diagnostic) -> bool:
        return (
            diagnostic.code.startswith(ignore.code)
            and ignore.document in {None, diagnostic.document}
            and ignore.pointer in {None, diagnostic.pointer}
            and (ignore.path is None or fnmatchcase(self._inside(diagnostic.path), ignore.path))
        )

    def _inside(self, path: str) -> str:
        """A file's path from the corpus on, with / between folders, as ``corpus.yaml`` writes it."""
        assert self.corpus is not None
        return way_down(self.corpus.root.absolute(), location(path).absolute()) or path

    def unused(self) -> Iterator[Diagnostic]:
        """Ignores that hide nothing any more; asked once the whole corpus was seen."""
        assert self.corpus is not None
        for i, ignore in enumerate(self.corpus.config.ignore):
            if ignore not in self.used:
                where = "".join(f" in {name}" for name in (ignore.document, ignore.path) if name)
                path = str(self.corpus.root / CONFIG_FILE)
                told = f"no finding {ignore.code}{where} is left to ignore"
                yield fault("ignore-unused", path, told, pointer=f"/ignore/{i}")
