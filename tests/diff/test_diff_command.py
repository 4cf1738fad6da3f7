"""corpus-tool diff, as people and programs run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diff.versions import TEXT, Json, actor

from corpus_tool import build_dataset

Make = Callable[..., Json]
RunMain = Callable[..., Any]


@pytest.fixture
def two(raw_document: Make, versions: Callable[..., tuple[Path, Path]]) -> tuple[Path, Path]:
    """A corpus and its next version: one document came, one title and one kind changed."""
    old = [raw_document("a", TEXT, layers={"actors": [actor("a1", "李娜"), actor("a2", "Rosa Lind")]})]
    new = json.loads(json.dumps(old))
    new[0]["meta"]["title"] = "[bold]Fire\u202e \x1b[31m"
    new[0]["layers"]["actors"][1]["kind"] = "group"
    return versions(old, [*new, raw_document("b", TEXT)])


def test_nothing_differs_exit_0(two: tuple[Path, Path], run_main: RunMain) -> None:
    ran = run_main("diff", two[0], two[0])
    assert (ran.status, ran.out, ran.err) == (0, "nothing differs: 1 document\n", "")


def test_what_differs_is_told_and_the_exit_status_is_1(two: tuple[Path, Path], run_main: RunMain) -> None:
    ran = run_main("diff", *two)
    assert ran.status == 1
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert lines[0].startswith("documents: 1 added (1 in ")
    assert "actors re-labelled: kind: person → group 1" in lines
    assert '  ~ a actors a2 133-142 "Rosa Lind": kind person → group' in lines
    assert '  ~ a "[bold]Fire\\u202e \\u001b[31m": title none → [bold]Fire\\u202e \\u001b[31m' in lines
    assert "  + b" in lines
    assert lines[-1] == (
        "version: 1.0.0 → 1.0.0 is too small for a minor change (1 document was added); 1.1.0 would be enough"
    )


def test_quiet_says_it_by_the_exit_status_alone(two: tuple[Path, Path], run_main: RunMain) -> None:
    assert run_main("diff", *two, "--quiet") == (1, "", "")
    assert run_main("diff", two[0], two[0], "-q") == (0, "", "")


def test_examples_are_limited_and_counts_are_not(two: tuple[Path, Path], run_main: RunMain) -> None:
    ran = run_main("diff", *two, "--limit", "0")
    assert "  … and 3 more; --limit lists more of them" in ran.out.splitlines()
    assert "actors re-labelled: kind: person → group 1" in ran.out


def test_json_is_whole(two: tuple[Path, Path], run_main: RunMain) -> None:
    ran = run_main("diff", *two, "--json")
    assert ran.status == 1
    told = json.loads(ran.out)
    assert (told["schema"], told["equal"]) == ("corpus-tool/difference/1", False)
    assert told["documents"]["added"] == told["documents"]["changed"] == told["documents"]["annotated"] == 1
    assert told["annotations"]["actors"]["relabelled"] == 1
    assert told["annotations"]["actors"]["values"] == [
        {"field": "kind", "old": "person", "new": "group", "annotations": 1}
    ]
    assert told["version"] == {
        "old": "1.0.0",
        "new": "1.0.0",
        "step": "minor",
        "reasons": ["1 document was added"],
        "wanted": "1.1.0",
        "enough": False,
    }
    assert [(change["document"], change["about"]) for change in told["changes"]] == [
        ("a", "document"),
        ("a", "annotation"),
        ("b", "document"),
    ]
    same = json.loads(run_main("diff", two[0], two[0], "--json").out)
    assert (same["equal"], same["version"]["step"], same["version"]["wanted"]) == (True, None, None)


def test_the_changelog_is_printed_and_written(two: tuple[Path, Path], run_main: RunMain) -> None:
    printed = run_main("diff", *two, "--changelog")
    assert printed.out.startswith("## 1.0.0\n\n- Documents: 1 added")
    written = run_main("diff", *two, "--write-changelog", "--quiet")
    assert (written.status, written.out, written.err) == (1, "", "")
    file = two[1] / "CHANGELOG.md"
    assert file.read_text(encoding="utf-8") == f"# Changelog\n\n{printed.out}"
    again = run_main("diff", *two, "--write-changelog")
    assert again.err == f"{file}: has this entry already\n"
    file.write_text(file.read_text(encoding="utf-8").replace("1 added", "One came"), encoding="utf-8")
    refused = run_main("diff", *two, "--write-changelog")
    assert refused.status == 2
    assert "has an entry for 1.0.0 with other words" in refused.err


def test_an_entry_is_written_into_a_corpus_alone(two: tuple[Path, Path], run_main: RunMain, tmp_path: Path) -> None:
    assert not build_dataset(two[1], tmp_path / "d").refused
    ran = run_main("diff", two[0], tmp_path / "d", "--write-changelog")
    assert (ran.status, "is no corpus" in ran.err) == (2, True)
    assert not (tmp_path / "d" / "CHANGELOG.md").exists()


def test_a_published_version_is_compared(two: tuple[Path, Path], run_main: RunMain, tmp_path: Path) -> None:
    """A folder is a target like a bucket; what was published there is fetched and compared."""
    assert not build_dataset(two[0], tmp_path / "d").refused
    address = (tmp_path / "published").as_uri()
    published = run_main("publish", tmp_path / "d", "--to", address, "--yes")
    assert published.status == 0, published
    assert run_main("diff", address, two[0], "--quiet").status == 0
    assert run_main("diff", f"{address}@v1.0.0", two[1], "--quiet").status == 1
    ran = run_main("diff", f"{address}@v9.9.9", two[1])
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize("break_", ["document", "yaml"])
def test_a_broken_side_is_no_difference_but_exit_2(break_: str, two: tuple[Path, Path], run_main: RunMain) -> None:
    path = two[1] / ("documents/b.json" if break_ == "document" else "corpus.yaml")
    path.write_text("{", encoding="utf-8")
    ran = run_main("diff", *two)
    assert (ran.status, ran.out) == (2, "")
    assert str(path) in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("options", [["--json", "--changelog"], ["--quiet", "--json"]])
def test_two_forms_at_once_are_misuse(options: list[str], two: tuple[Path, Path], run_main: RunMain) -> None:
    assert run_main("diff", *two, *options).status == 2
