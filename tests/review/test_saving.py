"""Saving: whole or not at all, never over somebody else's work, in files, in shards and in annotators' copies."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from review_process import served_review

from corpus_tool.diagnostics.diagnostic import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import remove_leftovers
from corpus_tool.read.lines import iter_lines
from corpus_tool.review.history import STEPS
from corpus_tool.review.refusal import ChangedElsewhere, NotAllowed, NotFound, ReadOnly
from corpus_tool.review.session import Session, open_review

Json = dict[str, Any]

FIRE = "/api/documents/fire"
REJECT = {"edits": [{"do": "reject", "ids": ["a2"]}]}


@pytest.fixture
def path(corpus: Path) -> Path:
    return corpus / "documents" / "fire.json"


def edited_elsewhere(path: Path, before: str, after: str) -> None:
    """Another program's edit: the file is replaced."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_200_steps_can_be_undone(corpus: Path, path: Path) -> None:
    assert STEPS >= 200
    first = path.read_bytes()
    session = open_review(corpus, annotator="rosa")
    etag = session.document("fire")["etag"]
    for n in range(200):
        edits = {"edits": [{"do": "set", "id": "a1", "attributes": {"role": f"chief {n}"}}]}
        etag = session.edit("fire", etag, edits)["etag"]
    for _ in range(200):
        etag = session.step("fire", etag, undo=True)["etag"]
    assert path.read_bytes() == first


def test_an_edit_made_elsewhere_is_noticed_and_told_and_mine_goes_on_top(corpus: Path, path: Path) -> None:
    with served_review(corpus) as review:
        etag = review.get(FIRE)["etag"]
        etag = review.edit("fire", etag, {"do": "accept", "ids": ["a1"]}).json["etag"]
        edited_elsewhere(path, '"id": "a3", ', '"id": "a33", ')
        edited_elsewhere(path, '"name": "Haifa"', '"name": "Hefa"')
        theirs = path.read_bytes()
        answer = review.edit("fire", etag, *REJECT["edits"])
        assert path.read_bytes() == theirs
        assert (answer.status, answer.json["code"], answer.json["applies"]) == (412, "changed-elsewhere", True)
        told = [(d["what"], d["kind"], d["id"]) for d in answer.json["differences"]]
        assert told == [
            ("removed", "annotation", "a3"),
            ("added", "annotation", "a33"),
            ("changed", "entity", "e7"),
        ]
        assert answer.json["differences"][2]["after"]["name"] == "Hefa"
        for step in ("undo", "redo"):
            assert review.post(f"{FIRE}/{step}", {}, etag).status == 412
        mine = review.edit("fire", answer.json["etag"], *REJECT["edits"])
        assert mine.status == 200
        raw = json.loads(path.read_bytes())
        assert raw["layers"]["actors"][1]["provenance"]["status"] == "rejected"
        assert {"a33", "a1"} <= {a["id"] for a in raw["layers"]["actors"]}
        undone = review.post(f"{FIRE}/undo", {}, mine.json["etag"])
        assert path.read_bytes() == theirs
        assert undone.json["undo"] is None  # going on would take theirs away


def test_an_edit_that_no_longer_applies_says_why(corpus: Path, path: Path) -> None:
    with served_review(corpus) as review:
        etag = review.get(FIRE)["etag"]
        edited_elsewhere(path, '"id": "a2", ', '"id": "a22", ')
        answer = review.edit("fire", etag, *REJECT["edits"]).json
        assert (answer["applies"], answer["why_not"]) == (False, "the document has no annotation 'a2'")
        path.unlink()
        assert review.edit("fire", etag, *REJECT["edits"]).status == 404
        assert review.ask("GET", FIRE).status == 404


def test_a_text_changed_elsewhere_is_told_and_offsets_are_not_carried_over(corpus: Path, path: Path) -> None:
    session = open_review(corpus, annotator="rosa")
    etag = session.document("fire")["etag"]
    edited_elsewhere(path, "Brigade chief", "BRIGADE chief")
    with pytest.raises(ChangedElsewhere) as refused:
        session.edit("fire", etag, REJECT)
    assert not refused.value.more["applies"]
    assert "another one" in refused.value.more["why_not"]
    assert ("changed", "text") in {(d["what"], d["kind"]) for d in refused.value.more["differences"]}


def test_a_change_between_reading_and_writing_is_noticed(
    corpus: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_review(corpus, annotator="rosa")
    etag = session.document("fire")["etag"]
    write = type(session.shelf).write

    def changed_just_before(*args: Any) -> Any:
        edited_elsewhere(path, '"name": "Haifa"', '"name": "Hefa"')
        return write(*args)

    monkeypatch.setattr(type(session.shelf), "write", changed_just_before)
    with pytest.raises(ChangedElsewhere) as refused:
        session.edit("fire", etag, REJECT)
    assert refused.value.more["applies"]
    assert b'"Hefa"' in path.read_bytes()
    assert b"rejected" not in path.read_bytes()


def test_two_review_pages_at_once_lose_nothing(corpus: Path, path: Path) -> None:
    rosa, ben = (open_review(corpus, annotator=name) for name in ("rosa", "ben"))
    etag = ben.document("fire")["etag"]
    rosa.edit("fire", etag, REJECT)
    with pytest.raises(ChangedElsewhere) as refused:
        ben.edit("fire", etag, {"edits": [{"do": "accept", "ids": ["a1"]}]})
    ben.edit("fire", refused.value.more["etag"], {"edits": [{"do": "accept", "ids": ["a1"]}]})
    words = {a["id"]: a["provenance"] for a in json.loads(path.read_bytes())["layers"]["actors"]}
    assert (words["a2"]["annotator"], words["a1"]["annotator"]) == ("rosa", "ben")


KILLED = """
import os, signal, sys
from pathlib import Path
from corpus_tool.review.session import open_review
session = open_review(Path(sys.argv[1]), annotator="rosa")
etag = session.document("fire")["etag"]
if sys.argv[2] == "before":
    Path.replace = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
else:
    import corpus_tool.model.atomic as atomic
    atomic.sync_folder = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
session.edit("fire", etag, {"edits": [{"do": "reject", "ids": ["a2"]}]})
"""


@pytest.mark.parametrize("moment", ["before", "behind"])
@pytest.mark.parametrize("kind", ["file", "shard"])
def test_a_process_killed_while_it_saves_leaves_the_old_or_the_new_state(
    corpus: Path, path: Path, moment: str, kind: str
) -> None:
    if kind == "shard":
        path = in_shard(path, "docs.jsonl.gz")
    before = path.read_bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, str(corpus), moment], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    session = open_review(corpus, annotator="rosa")
    statuses = {a["id"]: a["status"] for a in session.document("fire")["annotations"]}
    assert statuses["a2"] == ("suggested" if moment == "before" else "rejected")
    assert (path.read_bytes() == before) == (moment == "before")
    assert remove_leftovers(path.parent) == (moment == "before")


def in_shard(path: Path, name: str, *, ending: bytes = b"\n") -> Path:
    """Puts the document into a shard, between a line that is no document and one of another document."""
    raw = json.loads(path.read_bytes())
    other = json.dumps({**raw, "id": "other"}, ensure_ascii=False).encode()
    lines = [b'{"not": "a document"}', json.dumps(raw, ensure_ascii=False).encode(), b"", other]
    data = ending.join(lines) + ending
    shard = path.with_name(name)
    if name.endswith(".gz"):
        shard.write_bytes(gzip.compress(data))
    elif name.endswith(".zst"):
        import pyarrow as pa

        with pa.CompressedOutputStream(str(shard), "zstd") as out:
            out.write(data)
    else:
        shard.write_bytes(data)
    path.unlink()
    return shard


@pytest.mark.parametrize("name", ["docs.jsonl", "docs.ndjson", "docs.jsonl.gz", "docs.jsonl.zst"])
def test_a_line_of_a_shard_is_replaced_and_nothing_else(corpus: Path, path: Path, name: str) -> None:
    shard = in_shard(path, name)
    before = dict(iter_lines(shard, 10**7))
    session = open_review(corpus, annotator="rosa")
    shown = session.document("fire")
    assert (shown["editable"], shown["path"]) == (True, f"documents/{name}")
    answer = session.edit("fire", shown["etag"], REJECT)
    after = dict(iter_lines(shard, 10**7))
    assert {number for number in after if after[number] != before[number]} == {2}
    assert json.loads(after[2])["layers"]["actors"][1]["provenance"]["status"] == "rejected"
    assert after.keys() == before.keys()
    session.step("fire", answer["etag"], undo=True)
    assert dict(iter_lines(shard, 10**7)) == before


def test_line_ends_of_a_shard_stay(corpus: Path, path: Path) -> None:
    shard = in_shard(path, "docs.jsonl", ending=b"\r\n")
    session = open_review(corpus, annotator="rosa")
    session.edit("fire", session.document("fire")["etag"], REJECT)
    data = shard.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == 4


def test_another_line_of_a_shard_may_change_meanwhile_and_the_own_one_may_not(corpus: Path, path: Path) -> None:
    shard = in_shard(path, "docs.jsonl")
    session = open_review(corpus, annotator="rosa")
    etag = session.document("fire")["etag"]
    shard.write_bytes(b'{"a line": "more"}\n' + shard.read_bytes().replace(b'"id": "other"', b'"id": "another"'))
    etag = session.edit("fire", etag, REJECT)["etag"]
    assert b'{"a line": "more"}' in shard.read_bytes()
    assert b'"another"' in shard.read_bytes()
    shard.write_bytes(shard.read_bytes().replace(b"Haifa", b"Hefaa"))
    with pytest.raises(ChangedElsewhere):
        session.edit("fire", etag, {"edits": [{"do": "accept", "ids": ["a1"]}]})


def test_a_shard_that_is_too_large_to_be_rewritten_is_shown_and_not_edited(
    corpus: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_shard(path, "docs.jsonl")
    monkeypatch.setattr("corpus_tool.review.shelf.MAX_SHARD_BYTES", 100)
    session = open_review(corpus, annotator="rosa")
    shown = session.document("fire")
    assert shown["text"]
    assert not shown["editable"]
    assert "split it" in shown["reason"]
    with pytest.raises(ReadOnly, match="split it"):
        session.edit("fire", shown["etag"], REJECT)


def test_a_damaged_shard_is_told_in_the_queue_and_the_rest_goes_on(corpus: Path, path: Path) -> None:
    (path.parent / "broken.jsonl.gz").write_bytes(gzip.compress(b'{"id": "x"}\n' * 1000)[:40])
    session = open_review(corpus, annotator="rosa")
    queue = looked_through(session)
    assert [row["id"] for row in queue["documents"]] == ["fire"]
    assert [told["path"] for told in queue["unreadable"]] == ["documents/broken.jsonl.gz"]
    assert session.document("fire")["editable"]


def looked_through(session: Session) -> Json:
    session.queue.start()
    session.queue.wait()
    return session.queue.answer({})


def test_copies_are_made_on_the_first_edit_and_the_documents_stay(
    corpus: Path, path: Path, errors: Callable[[Path], list[Diagnostic]]
) -> None:
    before = path.read_bytes()
    session = open_review(corpus, as_annotator="ana")
    shown = session.document("fire")
    assert (session.reviewer, shown["path"]) == ("ana", "annotators/ana/fire.json")
    assert not (corpus / "annotators").exists()
    assert not looked_through(session)["documents"][0]["mine"]
    answer = session.edit("fire", shown["etag"], REJECT)
    copy = corpus / "annotators" / "ana" / "fire.json"
    assert b'"annotator": "ana", "status": "rejected"' in copy.read_bytes()
    assert path.read_bytes() == before
    assert looked_through(session)["documents"][0]["mine"]
    session.step("fire", answer["etag"], undo=True)
    assert copy.read_bytes() == before
    assert errors(corpus) == []
    again = open_review(corpus, as_annotator="ana")
    assert again.document("fire")["etag"] == session.document("fire")["etag"]


def test_a_copy_of_a_line_of_a_shard_is_a_file_in_the_contracts_layout(corpus: Path, path: Path) -> None:
    layout = path.read_bytes()
    in_shard(path, "docs.jsonl.zst")
    session = open_review(corpus, as_annotator="ana")
    answer = session.edit("fire", session.document("fire")["etag"], REJECT)
    session.step("fire", answer["etag"], undo=True)
    assert (corpus / "annotators" / "ana" / "fire.json").read_bytes() == layout


def test_a_copy_that_somebody_else_made_meanwhile_is_noticed(corpus: Path, path: Path) -> None:
    session = open_review(corpus, as_annotator="ana")
    etag = session.document("fire")["etag"]
    copy = corpus / "annotators" / "ana" / "fire.json"
    copy.parent.mkdir(parents=True)
    shutil.copy(path, copy)
    with pytest.raises(ChangedElsewhere) as refused:
        session.edit("fire", etag, REJECT)
    assert refused.value.more["differences"] == []
    session.edit("fire", refused.value.more["etag"], REJECT)


def test_nothing_is_read_or_written_through_symbolic_links(corpus: Path, path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.move(path.parent, elsewhere)
    path.parent.symlink_to(elsewhere)
    session = open_review(corpus, annotator="rosa")
    with pytest.raises(NotAllowed, match="symbolic link"):
        session.document("fire")
    assert looked_through(session)["documents"] == []
    path.parent.unlink()
    shutil.move(elsewhere, path.parent)
    ana = tmp_path / "ana"
    ana.mkdir()
    (corpus / "annotators").mkdir()
    (corpus / "annotators" / "ana").symlink_to(ana)
    session = open_review(corpus, as_annotator="ana")
    with pytest.raises(NotAllowed, match="symbolic link"):
        session.edit("fire", session.document("fire")["etag"], REJECT)
    assert list(ana.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_told(corpus: Path, path: Path) -> None:
    session = open_review(corpus, annotator="rosa")
    etag = session.document("fire")["etag"]
    path.parent.chmod(0o555)
    with pytest.raises(ReadOnly, match="not saved"):
        session.edit("fire", etag, REJECT)


def test_a_full_disk_is_told_and_the_file_stays(corpus: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()
    session = open_review(corpus, annotator="rosa")
    etag = session.document("fire")["etag"]

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReadOnly, match="No space left on device"):
        session.edit("fire", etag, REJECT)
    assert path.read_bytes() == before
    assert session.document("fire")["undo"] is None


def test_a_number_that_cannot_be_written_back_makes_a_document_read_only(corpus: Path, path: Path) -> None:
    edited_elsewhere(path, '"value": 1300', '"value": 1300.00000000000000000001')
    session = open_review(corpus, annotator="rosa")
    shown = session.document("fire")
    assert not shown["editable"]
    assert "cannot be written back" in shown["reason"]


def test_an_id_that_is_none_is_not_looked_for(corpus: Path) -> None:
    session = open_review(corpus, annotator="rosa")
    for own in ("", "..", "Fire", "fire\n", "a/b", "x" * 200):
        with pytest.raises((NotFound, NotAllowed)):
            session.document(own)


def test_a_folder_that_is_taken_away_is_told_in_the_queue(
    corpus: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_review(corpus, annotator="rosa")

    def gone(folder: Path) -> list[Path]:
        raise CorpusToolError(f"{folder}: No such file or directory")

    monkeypatch.setattr("corpus_tool.review.queue.files_with_documents", gone)
    queue = looked_through(session)
    assert queue["complete"]
    assert "No such file" in queue["unreadable"][0]["reason"]
