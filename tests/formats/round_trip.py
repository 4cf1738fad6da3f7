"""Out to another tool and back in: the same annotations, less exactly what the ledger lists.

``assert_round_trips("brat")`` is all that a format's test file has to say. Ids are names within a file and are not
compared: annotations are known by their layer and their place, links by what they lead to.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from formats.generated import documents
from hypothesis import HealthCheck, given, settings

from corpus_tool.exchange import ImportReport, import_annotations
from corpus_tool.exchange_export import export_annotations
from corpus_tool.formats.ledger import WHOLE, Loss
from corpus_tool.model import Document, pieces
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents, write_document

Json = dict[str, Any]


def new_corpus(root: Path) -> Path:
    root.mkdir(parents=True)
    head = "schema: corpus-tool/corpus/1\nname: test\nversion: 1.0.0\nlicense: cc0-1.0\nlanguage: en\n"
    (root / "corpus.yaml").write_text(head, encoding="utf-8")
    return root


def there_and_back(raw: Json, tool: str, folder: Path) -> tuple[Document, Document, tuple[Loss, ...]]:
    """A document, what became of it through another tool's format, and the export's ledger."""
    corpus = open_corpus(new_corpus(folder / "a"))
    document = document_from_json(raw, corpus.layers)
    write_document(corpus, document)
    report = export_annotations(folder / "a", folder / "out", tool)
    rows = [json.loads(row) for row in (folder / "out" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    assert tuple(Loss(**row) for row in rows) == report.losses
    imported = import_annotations(folder / "out", new_corpus(folder / "b"), tool)
    _expect_only_unread_figures(imported, report.losses)
    [back] = iter_documents(open_corpus(folder / "b"))
    return document, back, report.losses


def _expect_only_unread_figures(imported: ImportReport, losses: Sequence[Loss]) -> None:
    """What the export has listed as unreadable, an import may tell; nothing else."""
    why = "its number cannot be read from its words"
    unread = [loss for loss in losses if loss.why == why]
    names = {WHOLE: "import-value-invalid", "relation": "import-link-broken"}
    assert sorted(d.name for d in imported.diagnostics) == sorted(names[loss.what] for loss in unread), (
        imported.diagnostics
    )


def assert_round_trips(tool: str, examples: int = 60) -> None:
    """Sends documents out to a tool and back in, and holds what comes back against the ledger.

    Raises:
        AssertionError: something is lost that the ledger does not list, or it lists what has survived.
    """

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
    )
    @given(documents())
    def holds(raw: Json) -> None:
        with tempfile.TemporaryDirectory() as folder:
            document, back, losses = there_and_back(raw, tool, Path(folder))
        compare(document, back, losses, tool)

    holds()


def compare(document: Document, back: Document, losses: Sequence[Loss], tool: str) -> None:
    """Compares a document with what came back."""
    gone: dict[str, set[str]] = defaultdict(set)
    for loss in losses:
        gone[loss.annotation].add(loss.what)
    assert "text" in gone[""] or back.text == document.text
    _compare_meta(document, back, gone[""])
    returned = {(name, pieces(a)): a for name, found in back.layers.items() for a in found}
    places = _expected_places(document, gone, {(name, (own[0][0], own[-1][1])): own for name, own in returned})
    assert set(places.values()) == set(returned), "annotations lost or invented"
    twins = {own: returned[place] for own, place in places.items()}
    ours = {twin.id: own for own, twin in twins.items()}
    for name, found in document.layers.items():
        for annotation in found:
            if annotation.id in twins:
                before = _described(annotation, name, document, {i: i for i in twins}, tool)
                after = _described(twins[annotation.id], name, back, ours, tool)
                _compare_fields(before, after, gone[annotation.id])
    _compare_relations(document, back, gone, ours, set(twins))
    _compare_entities(document, back, gone, twins)


def _compare_meta(document: Document, back: Document, gone: set[str]) -> None:
    for field in ("language", "url", "authors"):
        if f"meta.{field}" not in gone:
            assert getattr(back.meta, field) == getattr(document.meta, field), field
    if "blocks" not in gone:
        assert back.blocks == document.blocks


def _expected_places(document: Document, gone: dict[str, set[str]], hulls: Json) -> dict[str, tuple[str, Any]]:
    """Where annotations should stand: those whose fragments are lost on whatever has the same hull."""
    places = {}
    for name, found in document.layers.items():
        for annotation in found:
            if gone[annotation.id] & {WHOLE, "rejected"}:
                continue
            own = pieces(annotation)
            if "fragments" in gone[annotation.id]:
                assert hulls.get((name, (own[0][0], own[-1][1]))) != own, "fragments are listed, but have survived"
                own = hulls.get((name, (own[0][0], own[-1][1])), own)
            places[annotation.id] = (name, own)
    return places


def _described(annotation: Any, layer: str, document: Document, ids: dict[str, str], tool: str) -> Json:
    """Every field of an annotation by the name that the ledger gives it; links by our ids."""
    fields: Json = {"text": annotation.text}
    for key, spec in built_in_layers()[layer].attributes.items():
        value = getattr(annotation, key)
        if spec.get("x-refers-to", "") == "entities" or value is None or value == ():
            continue
        if key in built_in_layers()[layer].references:
            value = ids.get(value, "gone") if isinstance(value, str) else tuple(ids.get(v, "gone") for v in value)
        elif hasattr(value, "start"):
            value = (pieces(value), value.text)
        fields[key] = value
    provenance = annotation.provenance
    fields["provenance.annotator"] = (provenance and provenance.annotator) or tool
    fields["provenance.status"] = provenance.status if provenance else "accepted"
    fields["provenance.score"] = provenance.score if provenance else None
    fields["provenance.was"] = provenance.was if provenance else None
    return fields | {f"extra.{key}": (type(value), value) for key, value in annotation.extra.items()}


def _compare_fields(before: Json, after: Json, gone: set[str]) -> None:
    lost_speaker = bool(gone & {"speaker"})
    for field in before.keys() | after.keys():
        if field == "text" and gone & {"fragments", "text"}:
            continue
        if field == "speaker_status" and lost_speaker:
            continue
        if field in {"unit", "value", "min", "max"} and field not in before:
            continue  # read from the words
        if field == "co_speakers" and field in gone:
            assert set(after.get(field, ())) < set(before[field])
        elif field == "speaker" and "speaker" in gone and before.get("co_speakers"):
            assert after.get("speaker") != before["speaker"]  # the next one speaks first now
        elif field in gone:
            assert after.get(field) != before.get(field), f"{field} is listed, but has survived"
        else:
            assert after.get(field) == before.get(field), f"{field} is lost, and not listed"


def _compare_relations(
    document: Document, back: Document, gone: dict[str, set[str]], ours: dict[str, str], alive: set[str]
) -> None:
    def told(relation: Any, ids: dict[str, str], lost: set[str]) -> Any:
        extra = tuple(sorted((k, v) for k, v in relation.extra.items() if f"extra.{k}" not in lost))
        return ("?" if "type" in lost else relation.type, ids.get(relation.source), ids.get(relation.target), extra)

    expected = [told(r, {i: i for i in alive}, gone[r.id]) for r in document.relations if "relation" not in gone[r.id]]
    returned = [told(r, ours, set()) for r in back.relations]
    assert len(expected) == len(returned)
    for one in expected:
        match = next((r for r in returned if r[1:] == one[1:] and one[0] in ("?", r[0])), None)
        assert match is not None, f"{one} is lost, and not listed"
        returned.remove(match)


def _compare_entities(document: Document, back: Document, gone: dict[str, set[str]], twins: dict[str, Any]) -> None:
    after = {e.id: e for e in back.entities}
    before = {e.id: e for e in document.entities}
    pairs: dict[str, str] = {}
    for found in document.layers.values():
        for annotation in found:
            own = getattr(annotation, "entity", None)
            if own is None or annotation.id not in twins or "entity" in gone[annotation.id]:
                continue
            other = twins[annotation.id].entity
            assert pairs.setdefault(own, other) == other, "mentions of one entity were parted"
    assert len(set(pairs.values())) == len(pairs), "two entities became one"
    for own, other in pairs.items():
        for field in ("kind", "name", "aliases", "links", "lat", "lon"):
            if field not in gone[own]:
                assert getattr(after[other], field) == getattr(before[own], field), f"{field} of an entity is lost"
        if "extra.seen" not in gone[own]:
            assert after[other].extra == before[own].extra
    for own in before:
        assert own in pairs or "entity" in gone[own] or own in after, "an entity is lost, and not listed"
