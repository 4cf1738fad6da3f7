"""corpus-tool explain and corpus-tool checks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.rules import RULES, render_markdown

RunMain = Callable[..., Any]


def test_explain_prints_the_page_of_a_code(run_main: RunMain) -> None:
    ran = run_main("explain", "span-out-of-bounds")
    assert (ran.status, ran.out, ran.err) == (0, render_markdown(RULES["SPN102"]), "")
    rule = json.loads(run_main("explain", "spn102", "--json").out)
    assert (rule["code"], rule["severity"], rule["bad"]) == ("SPN102", "error", RULES["SPN102"].bad)


@pytest.mark.parametrize("word", ["SPN1O2", "\x1b[2J\u202e", "", "é" * 10_000])
def test_an_unknown_code_is_misuse_on_one_safe_line(word: str, run_main: RunMain) -> None:
    ran = run_main("explain", word)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("corpus-tool: no check is called ")
    assert ran.err.count("\n") == 1
    assert not set(ran.err) & {"\x1b", "\u202e"}


def test_checks_lists_every_code_on_a_line(run_main: RunMain) -> None:
    ran = run_main("checks")
    lines = ran.out.splitlines()
    assert (ran.status, [line.split()[0] for line in lines]) == (0, list(RULES))
    assert re.fullmatch(r"SPN102  span-out-of-bounds +error( +fix)?", next(row for row in lines if "SPN102" in row))
    for line, rule in zip(lines, RULES.values(), strict=True):
        assert line.split()[1:] == [rule.name, rule.severity, *(["fix"] if rule.fixable else [])]


def test_checks_of_a_family_and_as_json(run_main: RunMain) -> None:
    ran = run_main("checks", "--family", "spn", "--family", "FIG", "--json")
    report = json.loads(ran.out)
    assert (ran.status, report["version"]) == (0, 1)
    assert {check["code"][:3] for check in report["checks"]} == {"SPN", "FIG"}
    assert set(report["checks"][0]) == {"code", "name", "severity", "summary", "why", "bad", "good", "fixable"}


@pytest.mark.parametrize("args", [["--family", "XYZ"], ["--docs", "d", "--json"], ["--docs", "d", "--family", "SPN"]])
def test_misuse_of_checks(args: list[str], run_main: RunMain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run_main("checks", *args)
    assert (ran.status, ran.out) == (2, "")
    assert "famil" in ran.err
    assert not list(tmp_path.iterdir())


def test_docs_are_written_into_a_folder(run_main: RunMain, tmp_path: Path) -> None:
    ran = run_main("checks", "--docs", tmp_path / "pages")
    assert (ran.status, ran.out) == (0, f"{tmp_path / 'pages'}: {len(RULES) + 1} pages changed\n")
    (tmp_path / "file").write_text("x")
    ran = run_main("checks", "--docs", tmp_path / "file")
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
