"""Importing and exporting as a user sees it: mappings, merging, several annotators, ledgers, refusals, commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from formats.round_trip import new_corpus

import corpus_tool
from corpus_tool import ReadError, export_annotations, import_annotations, inspect_annotations
from corpus_tool.diagnostics import exit_status
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents

TEXT = "😀 Ida Holm met Rami Saad in Zu\u0308rich.\n"
HEAD = "schema: corpus-tool/mapping/1\n"

Json = dict[str, Any]


def project(folder: Path, *records: str, text: str = TEXT, name: str = "fire") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / f"{name}.ann").write_text("".join(f"{record}\n" for record in records), encoding="utf-8")
    return folder


def bound(number: int, label: str, words: str) -> str:
    return f"T{number}\t{label} {TEXT.index(words)} {TEXT.index(words) + len(words)}\t{words}"


def mapping_file(folder: Path, text: str) -> Path:
    path = folder / "labels.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def documents(corpus: Path) -> dict[str, Document]:
    return {d.id: d for d in iter_documents(open_corpus(corpus))}


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def edit(path: Path, change: Callable[[Json], None]) -> None:
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return new_corpus(tmp_path / "corpus")


def test_a_label_without_a_mapping_is_refused_in_a_line_that_says_how_to_make_one(tmp_path: Path, corpus: Path) -> None:
    folder = project(tmp_path / "in", bound(1, "PER", "Ida Holm"), bound(2, "Hero", "Rami Saad"), "A1\tmood T2 glad")
    before = tree(corpus)
    with pytest.raises(CorpusToolError) as refused:
        import_annotations(folder, corpus, "brat")
    message = str(refused.value)
    assert "Hero (1)" in message
    assert "PER" not in message
    assert "--inspect" in message
    assert "\n" not in message
    assert tree(corpus) == before
    written = tmp_path / "labels.yaml"
    written.write_text(inspect_annotations(folder, "brat"), encoding="utf-8")
    report = import_annotations(folder, corpus, "brat", mapping=written)  # as it stands it leaves the label out
    assert [a.text for a in documents(corpus)["fire"].actors] == ["Ida Holm"]
    assert [(loss.what, loss.kind) for loss in report.losses] == [("dropped", "Hero")]
    assert [json.loads(row)["kind"] for row in (corpus / "ledger.jsonl").read_text().splitlines()] == ["Hero"]


def test_what_inspect_prints_can_be_loaded_and_names_everything(tmp_path: Path, corpus: Path) -> None:
    folder = project(
        tmp_path / "in",
        bound(1, "PER", "Ida Holm"),
        bound(2, "PER", "Rami Saad"),
        bound(3, "A-b", "Zu\u0308rich"),
        "A1\tmood T2 glad",
        '#1\tAnnotatorNotes T2\tsays: "#1, {x}"',
        "R1\tmet Arg1:T1 Arg2:T2",
    )
    printed = inspect_annotations(folder, "brat")
    for words in ("# 1 document", '"Ida Holm"', "mood", "A-b", "met", "from: PER", "to: PER"):
        assert words in printed
    report = import_annotations(
        folder,
        corpus,
        "brat",
        mapping=mapping_file(tmp_path, printed.removeprefix(HEAD)[0:0] + printed.split("accepted\n", 1)[1]),
    )
    assert report.diagnostics == ()
    assert [(r.type, r.source, r.target) for r in documents(corpus)["fire"].relations] == [("met", "T1", "T2")]


def test_a_mapping_sends_labels_values_and_relations_where_it_says(tmp_path: Path, corpus: Path) -> None:
    layers = corpus / "schema" / "layers"
    layers.mkdir(parents=True)
    stance = {
        "type": "object",
        "properties": {"side": {"enum": ["for", "against"]}, "of": {"type": "string", "x-refers-to": "actors"}},
    }
    (layers / "stance.schema.json").write_text(json.dumps(stance))
    folder = project(
        tmp_path / "in",
        bound(1, "Hero", "Ida Holm"),
        bound(2, "Opinion", "met"),
        bound(3, "Junk", "in"),
        "A1\tvalue T2 PRO",
        "A2\tsure T2",
        "R1\tholder Arg1:T2 Arg2:T1",
        "R2\tboring Arg1:T2 Arg2:T1",
        "R3\tmet Arg1:T1 Arg2:T2",
    )
    mapping = mapping_file(
        tmp_path,
        "status: suggested\nannotator: the crowd\n"
        "spans:\n"
        "  Hero: {layer: actors, attributes: {kind: person}}\n"
        "  opinion: {layer: stance, attributes: {side: {from: value, values: {PRO: for, CON: against}}}}\n"
        "  Junk: {drop: not wanted}\n"
        "relations:\n"
        "  holder: {attributes: {of: to}}\n"
        "  boring: {drop: true}\n"
        "  met: {keep: meets}\n",
    )
    report = import_annotations(folder, corpus, "brat", mapping=mapping)
    assert report.diagnostics == ()
    document = documents(corpus)["fire"]
    [opinion] = document.layers["stance"]
    assert (opinion.side, opinion.of, opinion.extra) == ("for", "T1", {"sure": True})  # type: ignore[attr-defined]
    assert opinion.provenance is not None
    assert (opinion.provenance.status, opinion.provenance.annotator) == ("suggested", "the crowd")
    assert [(r.type, r.source, r.target) for r in document.relations] == [("meets", "T1", "T2")]
    assert {(loss.what, loss.kind, loss.why) for loss in report.losses} == {
        ("dropped", "Junk", "not wanted"),
        ("dropped", "boring", "left out by the mapping"),
    }


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("spans:\n  PER: {layer: actor}\n", "there is no layer 'actor'", 3),
        ("spans:\n  PER: {layer: actors, attributes: {kind: hero}}\n", "kind cannot be 'hero'", 3),
        ("spans:\n  PER: {layer: actors, attributes: {kin: person}}\n", "no attribute 'kin'", 3),
        ("spans:\n PER:\n  layer: actors\n  attributes:\n   kind: {from: x, values: {A: b}}\n", "cannot be 'b'", 6),
        ("spans:\n  PER: {part: role}\n", "no attribute 'role' holds a span", 3),
        ("spans:\n  PER: {layer: actors, drop: true}\n", "one of layer, part and drop", 3),
        ("spans:\n  PER: {}\n", "one of layer, part and drop", 3),
        ("spans:\n  PER: {labels: actors}\n", "labels", 3),
        ("relations:\n  R: {attributes: {spoken_by: to}}\n", "no layer has the link 'spoken_by'", 3),
        ("relations:\n  R: {}\n", "one of attributes", 3),
        ("status: reviewed\n", "status", 2),
        ("spans:\n  PER: {layer: actors}\n  PER: {drop: true}\n", "stands here twice", 4),
        ("spans: &a {}\n", "anchors", 2),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told_with_its_line(tmp_path: Path, corpus: Path, text: str, says: str, line: int) -> None:
    folder = project(tmp_path / "in", bound(1, "PER", "Ida Holm"))
    with pytest.raises(ReadError) as wrong:
        import_annotations(folder, corpus, "brat", mapping=mapping_file(tmp_path, text))
    assert says in wrong.value.diagnostic.message
    assert (wrong.value.diagnostic.code, wrong.value.diagnostic.line) == ("COR081", line)


def test_what_people_did_in_the_corpus_is_never_overwritten(tmp_path: Path, corpus: Path) -> None:
    folder = project(tmp_path / "in", bound(1, "PER", "Ida Holm"), bound(2, "CITY", "Zu\u0308rich"))
    import_annotations(folder, corpus, "brat")
    path = corpus / "documents" / "fire.json"

    def review(raw: Json) -> None:
        actor = raw["layers"]["actors"][0]
        actor["kind"], actor["provenance"] = "group", {"status": "corrected", "was": {"kind": "person"}}
        raw["layers"]["locations"][0]["provenance"]["status"] = "rejected"

    edit(path, review)
    more = (bound(3, "PER", "Rami Saad"), "R1\tmet Arg1:T1 Arg2:T3")
    project(tmp_path / "in", bound(1, "PER", "Ida Holm"), bound(2, "CITY", "Zu\u0308rich"), *more)
    report = import_annotations(folder, corpus, "brat")
    document = documents(corpus)["fire"]
    assert [(a.text, a.kind) for a in document.actors] == [("Ida Holm", "group")]
    assert [d.name for d in report.diagnostics] == ["import-kept-out"]
    assert "2 of actors" in report.diagnostics[0].message
    assert sorted((loss.layer, loss.annotation) for loss in report.losses) == [("actors", "T1"), ("actors", "T3")]
    assert exit_status(report.diagnostics) == 1
    again = import_annotations(folder, corpus, "brat", again=True)
    document = documents(corpus)["fire"]
    assert [(a.text, a.kind) for a in document.actors] == [("Ida Holm", "group"), ("Rami Saad", "person")]
    assert [loc.provenance and loc.provenance.status for loc in document.locations] == ["rejected"]
    assert [loss.annotation for loss in again.losses] == ["T1"]
    [relation] = document.relations
    assert {relation.source, relation.target} == {a.id for a in document.actors}


def test_suggestions_of_a_machine_give_way_and_other_layers_stay(tmp_path: Path, corpus: Path) -> None:
    folder = project(tmp_path / "in", bound(1, "PER", "Ida Holm"))
    import_annotations(folder, corpus, "brat")

    def as_a_machine(raw: Json) -> None:
        raw["layers"]["actors"] = [
            {"id": "m1", "start": 2, "end": 5, "text": "Ida", "kind": "person", "provenance": {"status": "suggested"}}
        ]
        raw["layers"]["locations"] = [{"id": "l1", "start": 29, "end": 36, "text": "Zu\u0308rich", "kind": "city"}]

    edit(corpus / "documents" / "fire.json", as_a_machine)
    report = import_annotations(folder, corpus, "brat")
    document = documents(corpus)["fire"]
    assert report.diagnostics == ()
    assert [a.text for a in document.actors] == ["Ida Holm"]
    assert [a.text for a in document.locations] == ["Zu\u0308rich"]


def test_another_text_under_the_same_name_is_refused(tmp_path: Path, corpus: Path) -> None:
    import_annotations(project(tmp_path / "in", bound(1, "PER", "Ida Holm")), corpus, "brat")
    before = tree(corpus)
    project(tmp_path / "in", "T1\tPER 0 3\tIda", text="Ida went home.\n")
    project(tmp_path / "in", "T1\tPER 0 4\tRami", text="Rami stayed.\n", name="other")
    report = import_annotations(tmp_path / "in", corpus, "brat")
    assert [(d.name, d.severity) for d in report.diagnostics] == [("import-text-changed", "error")]
    assert report.written == ("other",)
    assert tree(corpus)["documents/fire.json"] == before["documents/fire.json"]


def test_names_that_slug_alike_get_files_of_their_own_and_keep_them(tmp_path: Path, corpus: Path) -> None:
    project(tmp_path / "in", "T1\tPER 0 3\tIda", text="Ida left.\n", name="Fire 1")
    project(tmp_path / "in", "T1\tPER 0 4\tRami", text="Rami left.\n", name="fire_1")
    project(tmp_path / "in" / "fire", "T1\tPER 0 3\tZoe", text="Zoe left.\n", name="1")
    import_annotations(tmp_path / "in", corpus, "brat")
    made = documents(corpus)
    assert {d.meta.source_id or d.id: d.text for d in made.values()} == {
        "Fire 1": "Ida left.\n", "fire_1": "Rami left.\n", "fire/1": "Zoe left.\n",
    }  # fmt: skip
    again = import_annotations(tmp_path / "in", corpus, "brat")
    assert (again.written, sorted(again.unchanged)) == ((), sorted(made))


def test_several_annotators_go_out_and_come_back(tmp_path: Path, corpus: Path) -> None:
    import_annotations(project(tmp_path / "in", bound(1, "PER", "Ida Holm")), corpus, "brat")
    for name, words in (("anna", "Ida Holm"), ("ben", "Rami Saad")):
        other = new_corpus(tmp_path / name)
        import_annotations(project(tmp_path / f"in-{name}", bound(1, "PER", words)), other, "brat")
        (corpus / "annotators" / name).mkdir(parents=True)
        (other / "documents" / "fire.json").rename(corpus / "annotators" / name / "fire.json")
    other = new_corpus(tmp_path / "more")
    import_annotations(project(tmp_path / "in-more", bound(1, "PER", "Ida Holm"), name="ben-alone"), other, "brat")
    (other / "documents" / "ben-alone.json").rename(corpus / "annotators" / "ben" / "ben-alone.json")
    export_annotations(corpus, tmp_path / "out", "brat")
    assert (tmp_path / "out" / "annotators" / "ben" / "fire.ann").exists()
    back = new_corpus(tmp_path / "back")
    report = import_annotations(tmp_path / "out", back, "brat")
    assert report.diagnostics == ()
    assert sorted(report.written) == ["annotators/anna/fire", "annotators/ben/fire", "ben-alone", "fire"]
    for path in ("documents/fire.json", "annotators/anna/fire.json", "annotators/ben/fire.json"):
        assert (back / path).read_bytes() == (corpus / path).read_bytes(), path


def test_the_ledger_lists_each_loss_and_strict_refuses_before_anything_is_written(tmp_path: Path, corpus: Path) -> None:
    import_annotations(
        project(tmp_path / "in", bound(1, "PER", "Ida Holm"), bound(2, "PER", "Rami Saad")), corpus, "brat"
    )

    def enrich(raw: Json) -> None:
        one, other = raw["layers"]["actors"]
        one["role"] = "Mayor"
        other["provenance"] = {"status": "rejected"}

    edit(corpus / "documents" / "fire.json", enrich)
    with pytest.raises(CorpusToolError, match=r"--strict: doccano cannot hold .*role of actors person \(1\)"):
        export_annotations(corpus, tmp_path / "out", "doccano", strict=True)
    assert not (tmp_path / "out").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus", "in"]
    report = export_annotations(corpus, tmp_path / "out", "doccano")
    rows = [json.loads(row) for row in (tmp_path / "out" / "ledger.jsonl").read_text().splitlines()]
    assert {
        "what": "role",
        "layer": "actors",
        "kind": "person",
        "document": "fire",
        "annotation": "T1",
        "why": "",
    } in rows
    assert {row["what"] for row in rows if row["annotation"] == "T2"} == {"rejected"}
    assert report.annotations == {"actors": 1}


def test_rejected_annotations_alone_do_not_stop_a_strict_export(tmp_path: Path, corpus: Path) -> None:
    import_annotations(
        project(tmp_path / "in", bound(1, "PER", "Ida Holm"), bound(2, "PER", "Rami Saad")), corpus, "brat"
    )

    def reject(raw: Json) -> None:
        raw["layers"]["actors"][1]["provenance"] = {"status": "rejected"}

    edit(corpus / "documents" / "fire.json", reject)
    report = export_annotations(corpus, tmp_path / "out", "brat", strict=True)
    assert [loss.what for loss in report.losses] == ["rejected"]
    assert "Rami" not in (tmp_path / "out" / "fire.ann").read_text()


@pytest.mark.parametrize("content", ["a file", "a folder with work", "the corpus"])
def test_an_export_never_overwrites(tmp_path: Path, corpus: Path, content: str) -> None:
    import_annotations(project(tmp_path / "in", bound(1, "PER", "Ida Holm")), corpus, "brat")
    out = corpus if content == "the corpus" else tmp_path / "out"
    if content == "a file":
        out.write_text("mine")
    elif content == "a folder with work":
        export_annotations(corpus, out, "brat")
        (out / "fire.ann").write_text("my work")
    before = tree(tmp_path)
    with pytest.raises(CorpusToolError):
        export_annotations(corpus, out, "brat")
    assert tree(tmp_path) == before


def test_a_strict_import_writes_nothing_where_something_cannot_be_read(tmp_path: Path, corpus: Path) -> None:
    folder = project(tmp_path / "in", bound(1, "PER", "Ida Holm"), "T2\tPER 0 400\tx")
    before = tree(corpus)
    with pytest.raises(CorpusToolError, match=r"fire\.ann:2: .*nothing was written"):
        import_annotations(folder, corpus, "brat", strict=True)
    assert tree(corpus) == before


@pytest.mark.parametrize("text", ["\0", "a\0b"])
def test_a_text_that_no_document_can_hold_costs_one_document(tmp_path: Path, corpus: Path, text: str) -> None:
    project(tmp_path / "in", text=text, name="bad")
    report = import_annotations(project(tmp_path / "in", bound(1, "PER", "Ida Holm")), corpus, "brat")
    assert report.written == ("fire",)
    assert [d.name for d in report.diagnostics] == ["import-file-unreadable"]


def test_what_a_layer_cannot_hold_is_told_and_the_rest_is_kept(tmp_path: Path, corpus: Path) -> None:
    folder = project(
        tmp_path / "in",
        bound(1, "actors", "Ida Holm"),  # without a kind, which the layer asks for
        bound(2, "PER", "Rami Saad"),
        "A1\tmention T2 sometimes",
        bound(3, "quotes", "met"),
        "R1\tspeaker Arg1:T3 Arg2:T1",
        bound(4, "CARDINAL", "Zu\u0308rich"),
    )
    report = import_annotations(folder, corpus, "brat")
    document = documents(corpus)["fire"]
    assert [(a.text, a.mention) for a in document.actors] == [("Rami Saad", None)]
    assert [(q.text, q.kind, q.speaker, q.speaker_status) for q in document.quotes] == [
        ("met", "indirect", None, "unknown")
    ]
    assert document.figures == ()
    told = sorted((d.line, d.name) for d in report.diagnostics)
    invalid, broken = "import-value-invalid", "import-link-broken"
    assert told == [(1, invalid), (2, invalid), (4, broken), (6, invalid)]


def test_the_commands(tmp_path: Path, corpus: Path, run_main: Callable[..., Any]) -> None:
    folder = project(tmp_path / "in", bound(1, "PER", "Ida Holm"), bound(2, "Hero", "Rami Saad"))
    assert run_main("convert", folder, "--from", "brat", "--into", corpus).status == 2
    printed = run_main("convert", folder, "--from", "brat", "--inspect")
    assert (printed.status, printed.err) == (0, "")
    mapping = tmp_path / "labels.yaml"
    mapping.write_text(printed.out, encoding="utf-8")
    ran = run_main("convert", folder, "--from", "brat", "--into", corpus, "--mapping", mapping)
    assert ran.status == 0
    assert "1 document written, 0 unchanged: actors 1" in ran.out
    assert "Hero" in ran.out
    report = json.loads(
        run_main("convert", folder, "--from", "brat", "--into", corpus, "--mapping", mapping, "--json").out
    )
    assert (report["unchanged"], report["losses"][0]["kind"]) == (["fire"], "Hero")
    ran = run_main("export", corpus, "--to", "brat", "--out", tmp_path / "out")
    assert (ran.status, ran.out) == (0, f"1 document written to {tmp_path / 'out'}: actors 1\n")
    ran = run_main("export", corpus, "--to", "doccano", "--out", tmp_path / "out2", "--json")
    assert json.loads(ran.out)["losses"][0]["document"] == "fire"
    ran = run_main("export", corpus, "--to", "doccano", "--out", tmp_path / "out3", "--strict")
    assert ran.status == 2
    assert "--strict" in ran.err
    for wrong in (("--mapping", mapping), ("--inspect",), ("--strict",)):
        assert run_main("convert", folder, "--into", corpus, *wrong).status == 2
    assert run_main("convert", folder, "--from", "nonsense", "--into", corpus).err.startswith(
        "corpus-tool: --from nonsense"
    )
    assert run_main("export", corpus, "--to", "nonsense", "--out", tmp_path / "x").status == 2
    assert run_main("convert", folder, "--from", "brat").status == 2
    assert run_main("convert", folder).status == 2


def test_a_folder_without_the_format_is_misuse(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(CorpusToolError, match="holds no document of the format brat"):
        import_annotations(tmp_path / "in", corpus, "brat")


def test_the_package_offers_what_the_commands_do() -> None:
    assert {"import_annotations", "export_annotations", "inspect_annotations"} <= set(corpus_tool.__all__)
