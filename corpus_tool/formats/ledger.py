"""The ledger: what an export's target cannot hold, or what an import leaves out, one loss a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from corpus_tool.model.atomic import write_atomic

#: The file that keeps it, beside what was written.
LEDGER_FILE = "ledger.jsonl"

#: What stands in ``what`` where a whole annotation is lost.
WHOLE = "annotation"
#: What stands there where a mapping leaves a label out on purpose.
DROPPED = "dropped"


class Lost(NamedTuple):
    """A loss while a document is made to fit a format.

    Attributes:
        what: ``WHOLE``, ``fragments``, the name of an attribute, ``extra.KEY``, ``provenance.KEY``; of an entity or a
            relation ``entity``, ``relation``, or a field of it; of the document ``meta.KEY``, ``blocks``, ``text``.
        id: of the annotation, entity or relation; "" for the document itself.
        why: in a few words, where the format by itself does not say it.
    """

    what: str
    id: str = ""
    why: str = ""


@dataclass(frozen=True)
class Loss:
    """One thing that was lost.

    Attributes:
        what: see ``Lost``.
        layer: the layer of the annotation; ``entities``, ``relations`` or ``document`` for what is no annotation;
            "" for what an import left out.
        kind: the kind of the annotation, entity or relation; for an import the tool's own label.
        document: id of the document.
        annotation: id of the annotation, entity or relation; "" for the document itself.
        why: in a few words; may be "".
    """

    what: str
    layer: str
    kind: str
    document: str
    annotation: str
    why: str = ""


class LossCount(NamedTuple):
    """How often the same was lost."""

    what: str
    layer: str
    kind: str
    why: str
    times: int
    documents: int


def counted(losses: Iterable[Loss]) -> list[LossCount]:
    """The losses summed by layer, what, kind and reason, sorted."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    documents: dict[tuple[str, str, str, str], set[str]] = {}
    for loss in losses:
        key = (loss.what, loss.layer, loss.kind, loss.why)
        counts[key] += 1
        documents.setdefault(key, set()).add(loss.document)
    rows = [LossCount(*key, count, len(documents[key])) for key, count in counts.items()]
    return sorted(rows, key=lambda row: (row.layer, row.what, row.kind, row.why))


def write_ledger(path: Path, losses: Sequence[Loss]) -> None:
    """Writes the losses as JSON lines, atomically; a file without lines says that nothing was lost.

    Raises:
        CorpusToolError: the file cannot be written.
    """
    write_atomic(path, "".join(json.dumps(asdict(loss), ensure_ascii=False) + "\n" for loss in losses))
