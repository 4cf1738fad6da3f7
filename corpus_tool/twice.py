"""Ids that two documents of a corpus have, found in little memory however many documents there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corpus_tool.checks.corpus.columns import Numbers, Repeated, Words
from corpus_tool.checks.corpus.sorted_rows import SortedRows
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.read.faults import fault


class SeenIds:
    """The ids of documents, and where each was: some 40 bytes a document in memory, 12 on disk."""

    def __init__(self) -> None:
        self._rows = SortedRows(1)
        self._ids = Words()
        self._paths = Repeated()
        self._lines = Numbers("Q")

    def __len__(self) -> int:
        return len(self._paths)

    def add(self, group: str, document_id: str, path: str, line: int) -> None:
        """Takes in a document.

        Args:
            group: documents of one group have an id each.
            document_id: its id.
            path: its file, as diagnostics call it.
            line: its line in the file, from 1.
        """
        self._rows.add(hash((group, document_id)), len(self._ids))
        self._ids.append(document_id)
        self._paths.append(path)
        self._lines.append(line)

    def diagnostics(self) -> list[Diagnostic]:
        """A finding for each document whose id an earlier one has, in the order of the documents.

        A file that is named twice holds no second document.
        """
        found = sorted((later, first) for first, later in self._pairs() if self._is_twice(first, later))
        return [self._diagnostic(later, first) for later, first in found]

    def close(self) -> None:
        """Gives the temporary file back."""
        self._rows.close()

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Numbers of documents that share a hash, each with the first of them."""
        if len(self._rows) < 2:
            return
        import numpy as np

        for keys, (numbers,) in self._rows.parts():
            first = -1
            for place in np.flatnonzero(keys[1:] == keys[:-1]).tolist():
                if first < 0 or keys[first] != keys[place]:
                    first = place
                yield int(numbers[first]), int(numbers[place + 1])

    def _is_twice(self, first: int, later: int) -> bool:
        """Whether two documents of one hash have one id, and are two."""
        places = [(self._paths[n], self._lines[n]) for n in (first, later)]
        return self._ids[first] == self._ids[later] and places[0] != places[1]

    def _diagnostic(self, later: int, first: int) -> Diagnostic:
        name = self._ids[later]
        told = f"{self._paths[first]}:{self._lines[first]} has the id {name!r} too"
        return replace(fault("document-id-twice", self._paths[later], told, line=self._lines[later]), document=name)
