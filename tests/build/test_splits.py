"""Splits in built datasets: what is dealt is what is loaded, what validates, and what the next build keeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.build.dataset import build_dataset
from corpus_tool.diagnostics import Severity
from corpus_tool.model import CorpusToolError
from corpus_tool.parity import validate_dataset
from corpus_tool.validate import validate_paths

New = Callable[..., Path]
Make = Callable[..., dict[str, Any]]
Load = Callable[[Path, str], Any]

TEXT = "“Forty boats 🚢 burned,” said Ali.\n\nقال علي إن الحريق في ميناء تارن استمر يومين. Café\u0301, 40\u00a0%."


def _yaml(splits: str) -> str:
    return f"build:\n  configs: [default]\n  splits: {splits}\n"


def _errors(root: Path, out: Path | None = None) -> list[str]:
    found = [*validate_paths([root]), *(validate_dataset(out, root) if out else ())]
    return [f"{d.code} {d.message}" for d in found if d.severity is Severity.ERROR]


def _loaded(load: Load, out: Path) -> dict[str, str]:
    return {name: split for split, rows in load(out, "default").items() for name in rows["id"]}


def _bytes(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.parametrize("policy", ["grouped", "stratified"])
def test_thirty_documents_of_one_text_are_built_without_a_leak(
    tmp_path: Path, new_corpus: New, raw_document: Make, load: Load, policy: str
) -> None:
    copies = [raw_document(f"d{n:02}", TEXT + " And on." * (n % 2)) for n in range(30)]
    others = [raw_document(f"x{n:02}", f"№ {n}: nothing {n} in {n} common {n} 🙂.") for n in range(30)]
    hashed = new_corpus(tmp_path / "hashed", copies, yaml=_yaml("{policy: hash}"))
    assert build_dataset(hashed, tmp_path / "none").refused
    hints = {d.hint for d in validate_paths([hashed]) if d.code == "SPL101"}
    assert hints == {"remove one of the two, or keep such documents together: build.splits.policy: grouped"}
    assert not (hashed / "splits.lock").exists()

    root, out = new_corpus(tmp_path / "c", [*copies, *others], yaml=_yaml(f"{{policy: {policy}}}")), tmp_path / "out"
    assert _errors(root) == []
    assert not (root / "splits.lock").exists(), "only a build writes it"
    assert not build_dataset(root, out).refused
    splits = _loaded(load, out)
    assert len(splits) == 60
    assert len({splits[raw["id"]] for raw in copies}) == 1
    assert set(splits.values()) == {"train", "validation", "test"}
    assert _errors(root, out) == []
    lock = (root / "splits.lock").read_text()
    assert dict(line.split("\t") for line in lock.splitlines()[1:]) == splits

    first = _bytes(out)
    assert not build_dataset(root, out, force=True, jobs=2).refused
    assert _bytes(out) == first, "with its lock, by two processes"
    (root / "splits.lock").unlink()
    assert _errors(root, out) == []
    assert not build_dataset(root, out, force=True).refused
    assert _bytes(out) == first, "and without it"
    assert (root / "splits.lock").read_text() == lock


def test_documents_that_come_later_leave_the_others_where_they_are(
    tmp_path: Path, new_corpus: New, raw_document: Make, load: Load
) -> None:
    documents = [raw_document(f"d{n:02}", f"№ {n}: nothing {n} in {n} common {n} 🙂.") for n in range(40)]
    root = new_corpus(tmp_path / "c", documents[10:], yaml=_yaml("{policy: stratified}"))
    build_dataset(root, tmp_path / "out")
    old = _loaded(load, tmp_path / "out")
    new_corpus(tmp_path / "more", [*documents, raw_document("zz", TEXT)])
    for path in (tmp_path / "more" / "documents").iterdir():
        path.rename(root / "documents" / path.name)
    (root / "documents" / "d39.json").unlink()
    assert not build_dataset(root, tmp_path / "out").refused
    new = _loaded(load, tmp_path / "out")
    assert len(new) == 40
    assert {name: new[name] for name in old if name != "d39"} == {k: v for k, v in old.items() if k != "d39"}
    assert f"d39\t{old['d39']}\n" in (root / "splits.lock").read_text(), "so that it comes back to where it was"


def test_a_document_between_two_splits_is_refused_until_one_of_them_moves(
    tmp_path: Path, new_corpus: New, raw_document: Make
) -> None:
    pages = [{"url": "https://news.example/1"}, {"source": "Post", "source_id": "1"}]
    documents = [raw_document(f"d{n}", f"{n} {TEXT[n * 9 :: n + 1]}", meta=pages[n]) for n in range(2)]
    documents.append(raw_document("d2", "Both.", meta={**pages[0], **pages[1]}))
    root, out = new_corpus(tmp_path / "c", documents, yaml=_yaml("{policy: grouped}")), tmp_path / "out"
    (root / "splits.lock").write_text("document\tsplit\nd0\ttrain\nd1\ttest\n")
    assert _errors(root) == ["SPL104 d2 belongs with d0 (train) and with d1 (test), which keep their splits"]
    assert build_dataset(root, out).refused
    assert (root / "splits.lock").read_text() == "document\tsplit\nd0\ttrain\nd1\ttest\n"
    (root / "splits.lock").write_text("document\tsplit\nd0\ttrain\n")
    assert not build_dataset(root, out).refused
    assert (root / "splits.lock").read_text() == "document\tsplit\nd0\ttrain\nd1\ttrain\nd2\ttrain\n"


def test_a_lock_with_a_merge_in_it_stops_the_build(tmp_path: Path, new_corpus: New, raw_document: Make) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("a", TEXT)], yaml=_yaml("{policy: grouped}"))
    (root / "splits.lock").write_text("document\tsplit\n<<<<<<< main\na\ttest\n")
    assert build_dataset(root, tmp_path / "out").refused
    assert not (tmp_path / "out").exists()


def test_splits_by_day(tmp_path: Path, new_corpus: New, raw_document: Make, load: Load) -> None:
    days = ["2024-01-31T23:00-05:00", "2024-02-01", "2024-03-01T00:00:00Z"]
    documents = [
        raw_document(f"d{n}", f"{n} {TEXT[n * 9 :: n + 1]}", meta={"published": day}) for n, day in enumerate(days)
    ]
    yaml = _yaml("{policy: temporal, validation_from: 2024-02-01, test_from: 2024-03-01}")
    root, out = new_corpus(tmp_path / "c", documents, yaml=yaml), tmp_path / "out"
    assert not build_dataset(root, out).refused
    assert _loaded(load, out) == {"d0": "train", "d1": "validation", "d2": "test"}
    assert _errors(root, out) == []
    assert not (root / "splits.lock").exists()
    new_corpus(tmp_path / "more", [raw_document("e", "Undated.")])
    (tmp_path / "more/documents/e.json").rename(root / "documents/e.json")
    assert _errors(root) == ["SPL302 e does not say when it appeared, so it has no split"]
    assert build_dataset(root, out).refused
    with (root / "corpus.yaml").open("a") as file:
        file.write("ignore:\n  - {code: SPL302, reason: I do not care}\n")
    with pytest.raises(CorpusToolError, match="e: has no split"):
        build_dataset(root, out)
    assert _loaded(load, out) == {"d0": "train", "d1": "validation", "d2": "test"}


@pytest.mark.parametrize("file", ["splits.csv", "meta/splits.json", None])
def test_given_splits(tmp_path: Path, new_corpus: New, raw_document: Make, load: Load, file: str | None) -> None:
    wanted = {"d0": "test", "d1": "train", "d2": "train"}
    documents = [
        raw_document(f"d{n}", f"{n} {TEXT[n * 9 :: n + 1]}", meta={} if file else {"extra": {"split": wanted[f"d{n}"]}})
        for n in range(3)
    ]
    root = new_corpus(
        tmp_path / "c", documents, yaml=_yaml(f"{{policy: given, file: {file}}}" if file else "{policy: given}")
    )
    if file:
        assert [told[:6] for told in _errors(root)] == ["COR031", "SPL401", "SPL401", "SPL401"]
        (root / "meta").mkdir()
        rows = "document,split\n" + "".join(f"{name},{split}\n" for name, split in wanted.items())
        (root / "splits.csv").write_text(rows)
        (root / "meta/splits.json").write_text(str(wanted).replace("'", '"'))
    out = tmp_path / "out"
    assert not build_dataset(root, out).refused
    assert _loaded(load, out) == wanted
    assert _errors(root, out) == []


@pytest.mark.parametrize(
    ("splits", "told"),
    [
        ("{policy: temporal}", "build.splits.policy: temporal needs the first day of a split"),
        ("{policy: hash, test_from: 2024-03-01}", "build.splits.test_from: goes with policy: temporal, not with hash"),
        ("{policy: temporal, test_from: 2024-02-30}", "build.splits.test_from: 2024-02-30 is no day of the calendar"),
        (
            "{policy: temporal, test_from: 2024-02-01, validation_from: 2024-02-01}",
            "build.splits.validation_from: 2024-02-01 does not come before test_from, 2024-02-01",
        ),
        ("{policy: grouped, file: splits.csv}", "build.splits.file: goes with policy: given, not with grouped"),
        ("{policy: given, file: /etc/splits.csv}", "build.splits.file: "),
        ("{policy: given, file: splits.txt}", "build.splits.file: "),
        ("{policy: temporal, test_from: March}", "build.splits.test_from: "),
        ("{policy: random}", "build.splits.policy: "),
    ],
)
def test_contradictions_in_corpus_yaml_are_told(tmp_path: Path, new_corpus: New, splits: str, told: str) -> None:
    root = new_corpus(tmp_path / "c", [], yaml=_yaml(splits))
    (found,) = validate_paths([root])
    assert (found.code, found.line) == ("COR002", 10)
    assert found.message.startswith(told)


def test_splits_without_parts_are_refused(tmp_path: Path, new_corpus: New, raw_document: Make) -> None:
    yaml = _yaml("{policy: grouped, train: 0, validation: 0, test: 0}")
    root = new_corpus(tmp_path / "c", [raw_document("a", TEXT)], yaml=yaml)
    with pytest.raises(CorpusToolError, match="0 parts"):
        build_dataset(root, tmp_path / "out")
