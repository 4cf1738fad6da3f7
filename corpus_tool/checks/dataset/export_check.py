"""What a check of a built dataset is, and what it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus_tool.checks.dataset.exp_folder import Export, Found, Row
from corpus_tool.diagnostics import Severity


@dataclass(frozen=True)
class ExportFinding:
    """What a check of a dataset yields.

    Attributes:
        message: one sentence without a full stop that says what is wrong.
        path: the file in the dataset's folder, "" for the folder.
        pointer: JSON Pointer into the file: into the manifest, the card's YAML, or a Parquet file's list of rows.
        hint: what to do about it, or "".
        document: the id of the document that it is about.
        line: in the file, from 1, where no pointer tells it.
        column: in code points, from 1.
    """

    message: str
    path: str = ""
    pointer: str = ""
    hint: str = ""
    document: str | None = None
    line: int = 1
    column: int = 1


@dataclass(frozen=True)
class Pair:
    """One document: what the dataset should hold of it, and what it holds.

    Attributes:
        id: the document's id.
        wanted: the row of the config ``default`` that it should have: from the corpus, or where there is none to
            compare with, the row that it has. None where neither is known.
        left_out: ids of annotations that the document has and the dataset must not, each with the reason.
        of_corpus: whether ``wanted`` is the corpus's word.
        rows: its rows by config; a config that the dataset does not have, or that cannot be joined, is not there. Of
            a dataset that withholds the text they have the corpus's words at their offsets, where there is a corpus.
        words: where such a dataset has words of the article all the same: the row, and the place in it.
    """

    id: str
    wanted: Row | None
    left_out: Mapping[str, str]
    of_corpus: bool
    rows: Mapping[str, list[Found]]
    words: Sequence[tuple[Found, tuple[object, ...]]] = ()

    @property
    def own(self) -> Found | None:
        """Its row of the config ``default``: the first where there are several."""
        return next(iter(self.rows.get("default", ())), None)


@dataclass
class Totals:
    """What was counted over all documents that the dataset should hold.

    Attributes:
        documents: how many.
        kinds: annotations by layer and kind.
        statuses: annotations by status, "" where they have none.
        left_out: annotations that BIO tags cannot carry, by layer and reason; None once some tags could not be read.
    """

    documents: int = 0
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] | None = field(default_factory=Counter)


@dataclass(frozen=True)
class FolderCheck:
    """A check of the folder as a whole; its docstring explains what, why, bad and good."""

    code: str
    name: str
    severity: Severity
    run: Callable[[Export], Iterable[ExportFinding]]


@dataclass(frozen=True)
class PairCheck:
    """A check of one document's rows."""

    code: str
    name: str
    severity: Severity
    run: Callable[[Pair, Export], Iterable[ExportFinding]]


@dataclass(frozen=True)
class TotalsCheck:
    """A check of what the folder says of all documents together."""

    code: str
    name: str
    severity: Severity
    run: Callable[[Totals, Export], Iterable[ExportFinding]]


ExportCheck = FolderCheck | PairCheck | TotalsCheck
