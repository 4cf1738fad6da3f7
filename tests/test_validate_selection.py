"""Which findings are shown: by code, by what ``corpus.yaml`` ignores, and by a baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.selection import Selection
from corpus_tool.validate import validate_paths

Json = dict[str, Any]
RawDocument = Callable[..., Json]
NewCorpus = Callable[..., Path]
RunMain = Callable[..., Any]

TEXT = "Zoë 😀 left 港口.\n“Why?” שרה asked."


@pytest.fixture
def bad(raw_document: RawDocument) -> Json:
    """A document with an error (SPN103) and a warning (TXT207 or the like: U+FFFD in the text)."""
    actor = {"id": "a1", "start": 0, "end": 3, "text": "Zoe", "kind": "person"}
    return raw_document("bad", f"{TEXT}\ufffd", layers={"actors": [actor]})


def codes(*paths: Path, **options: Any) -> list[str]:
    return [d.code for d in validate_paths(paths, **options)]


@pytest.mark.parametrize(
    ("select", "ignore", "code", "taken"),
    [
        ((), (), "SPN103", True),
        (("SPN",), (), "SPN103", True),
        (("SPN",), (), "TXT101", False),
        ((), ("SPN",), "SPN103", False),
        ((), ("SPN2",), "SPN103", True),
        (("SPN103",), ("SPN",), "SPN103", True),
        (("SPN103",), ("SPN",), "SPN104", False),
        (("SPN",), ("SPN103",), "SPN103", False),
        (("SPN",), ("SPN103",), "SPN104", True),
        (("SPN103",), ("SPN103",), "SPN103", False),
    ],
)
def test_the_longer_beginning_of_a_code_decides(
    select: tuple[str, ...], ignore: tuple[str, ...], code: str, taken: bool
) -> None:
    assert Selection(select, ignore).takes(code) is taken


def test_select_and_ignore_on_the_command_line(bad: Json, tmp_path: Path, run_main: RunMain) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(bad))
    everything = codes(path)
    assert len(set(everything)) == len(everything) == 2

    def shown(*arguments: str) -> set[str]:
        report = json.loads(run_main("validate", path, "--json", *arguments).out)
        return {d["code"] for d in report["diagnostics"]}

    assert shown() == set(everything)
    assert shown("--select", "SPN") == {"SPN103"}
    assert shown("--select", "doc,spn103", "--select", "QUO") == {"SPN103"}
    assert shown("--ignore", "SPN") == set(everything) - {"SPN103"}
    assert run_main("validate", path, "--select", "QUO").status == 0


@pytest.mark.parametrize(
    ("code", "told"), [("SPN999", "did you mean SPN"), ("XYZ", "the families are "), ("SPM", "SPN")]
)
def test_a_code_that_no_check_has_is_misuse(code: str, told: str, bad: Json, tmp_path: Path, run_main: RunMain) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(bad))
    ran = run_main("validate", path, "--select", code)
    assert ran.status == 2
    assert told in ran.err


@pytest.mark.parametrize(
    ("pattern", "hidden"),
    [("documents/b*.json", True), ("documents/bad.jso?", True), ("documents/good*", False), ("bad.json", False)],
)
def test_an_ignore_may_name_files_by_a_pattern(
    pattern: str, hidden: bool, new_corpus: NewCorpus, bad: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yaml = f"ignore:\n  - {{code: SPN103, path: '{pattern}', reason: typed by hand}}\n"
    root = new_corpus(tmp_path / "c", [bad], yaml=yaml)
    assert ("SPN103" in codes(root)) is not hidden
    assert ("COR022" in codes(root)) is not hidden
    monkeypatch.chdir(root / "documents")
    assert ("SPN103" in codes(Path("bad.json"))) is not hidden


def test_a_baseline_hides_what_was_there_and_nothing_new(
    new_corpus: NewCorpus, raw_document: RawDocument, bad: Json, tmp_path: Path, run_main: RunMain
) -> None:
    root = new_corpus(tmp_path / "c", [bad])
    known = tmp_path / "known.json"
    ran = run_main("validate", root, "--write-baseline", known)
    assert ran.status == 0
    assert f"2 findings written to {known}" in ran.err
    ran = run_main("validate", root, "--baseline", known)
    assert (ran.status, ran.out) == (0, "1 document checked: no findings\n")

    # The same mistake a second time, in the same document, is new; and lines that move are not.
    actors = bad["layers"]["actors"]
    bad["layers"]["actors"] = [{**actors[0], "id": "a0", "start": 4, "end": 5, "text": "😀"}, *actors]
    bad["layers"]["actors"].append({**actors[0], "id": "a2"})
    path = root / "documents" / "bad.json"
    path.write_text(json.dumps(bad, indent=1))
    ran = run_main("validate", root, "--baseline", known, "--json")
    assert [(d["code"], d["pointer"]) for d in json.loads(ran.out)["diagnostics"]] == [("SPN103", "/layers/actors/2")]
    assert ran.status == 1

    # What was mended is told, so that the baseline can shrink.
    path.write_text(json.dumps(raw_document("bad", TEXT)))
    ran = run_main("validate", root, "--baseline", known)
    assert ran.status == 0
    assert "2 findings of the baseline are mended or gone" in ran.out


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"schema": "corpus-tool/baseline/2", "findings": []}', '{"findings": [1]}']
)
def test_a_file_that_is_no_baseline_is_misuse(content: str, bad: Json, tmp_path: Path, run_main: RunMain) -> None:
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    (tmp_path / "known.json").write_text(content)
    ran = run_main("validate", tmp_path / "bad.json", "--baseline", tmp_path / "known.json")
    assert ran.status == 2
    assert "known.json" in ran.err
