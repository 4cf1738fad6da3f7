"""Rules: every code is explained, pages in docs/checks are current, and nothing else lies there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus_tool import checks, rules
from corpus_tool.checks import CHECKS
from corpus_tool.checks.dataset.exp import EXPORT_CHECKS
from corpus_tool.checks.publication.release import RELEASE_CHECKS
from corpus_tool.diagnostics import Severity
from corpus_tool.diagnostics.rule import Rule
from corpus_tool.formats.faults import IMPORT_FAULTS
from corpus_tool.model import CorpusToolError
from corpus_tool.read.faults import FAULTS
from corpus_tool.rules import FAMILIES, RULES, parse_docstring, render_markdown, write_pages

DOCS = Path(__file__).parent.parent / "docs" / "checks"


def test_every_check_and_every_fault_is_a_rule_of_its_own() -> None:
    tables = [checks.CHECKS, checks.CORPUS_CHECKS, EXPORT_CHECKS, RELEASE_CHECKS]
    codes = [check.code for table in tables for check in table]
    codes += [fault.code for table in (FAULTS, IMPORT_FAULTS) for fault in table.values()]
    assert len(codes) >= 120
    assert sorted(codes) == sorted(RULES)
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    assert [code[:3] for code in RULES] == sorted((code[:3] for code in RULES), key=list(FAMILIES).index)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_rule_says_what_why_bad_and_good(rule: Rule) -> None:
    assert re.match(r"``|[A-Z“\"]", rule.summary)
    assert rule.summary.endswith(".")
    assert min(len(rule.why), len(rule.bad), len(rule.good)) >= 5
    assert rule.bad != rule.good
    for words in (rule.summary, rule.why, rule.bad, rule.good):
        assert "\n" not in words
        assert words.count("``") % 2 == 0


def test_the_rule_of_a_check_says_what_its_docstring_says() -> None:
    check = next(check for check in CHECKS if check.code == "SPN102")
    rule = RULES["SPN102"]
    assert (rule.name, rule.severity, rule.family) == ("span-out-of-bounds", Severity.ERROR, "SPN")
    for words in (rule.summary, rule.why, rule.bad, rule.good):
        assert words in " ".join((check.run.__doc__ or "").split())


def test_docstrings_are_read_by_their_headings() -> None:
    doc = """A span
    is wrong.

    Why it matters: it
    hurts: badly.

    Bad: ``"start": 1``

    Good: ``"start": 0``.
    """
    assert parse_docstring(doc) == {
        "summary": "A span is wrong.",
        "why": "it hurts: badly.",
        "bad": '``"start": 1``',
        "good": '``"start": 0``.',
    }
    for broken in ("A span.", doc.replace("Good:", "Fine:"), doc.replace('``"start": 1``', "")):
        with pytest.raises(ValueError, match=r"Good|Fine|Bad"):
            parse_docstring(broken)


@pytest.mark.parametrize("word", ["SPN102", "spn102", " span-out-of-bounds ", "Span-Out-Of-Bounds"])
def test_a_rule_is_found_by_code_or_name(word: str) -> None:
    assert rules.explain(word) is RULES["SPN102"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("SPN1O2", "SPN102"),
        ("span-out-of-bound", "SPN102 (span-out-of-bounds)"),
        ("texts-differ", "SPN103 (text-differs)"),
        ("ü\x1b", "lists them"),
    ],
)
def test_an_unknown_word_is_misuse_that_names_what_looks_alike(word: str, meant: str) -> None:
    with pytest.raises(CorpusToolError, match=re.escape(meant)):
        rules.explain(word)


def test_a_page_shows_the_rule_in_markdown() -> None:
    rule = Rule("SPN999", "a-name", Severity.INFO, "It is ``odd``.", "why.", "``a``.", "``b``.", fixable=True)
    assert render_markdown(rule) == (
        "# SPN999 a-name\n\nIt is `odd`.\n\n**Why it matters:** why.\n\n**Bad:** `a`.\n\n**Good:** `b`.\n\n"
        "Severity: info. It does not change the exit status. `validate --fix` mends it where that takes no guessing.\n"
    )


def test_the_pages_of_the_docs_are_current_and_no_other_lies_there() -> None:
    made = rules.pages()
    kept = {path.name: path.read_text(encoding="utf-8") for path in DOCS.iterdir()}
    stale = sorted(name for name in kept.keys() | made.keys() if kept.get(name) != made.get(name))
    assert not stale, "`make docs` writes them anew"


def test_the_index_links_to_every_page() -> None:
    links = re.findall(r"\]\(([^)]+)\)", rules.pages()["README.md"])
    assert sorted(link for link in links if "/" not in link) == [f"{code}.md" for code in sorted(RULES)]
    assert all((DOCS / link).is_file() for link in links)


def test_writing_pages_mends_adds_and_takes_away(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "checks"
    assert write_pages(folder) == len(RULES) + 1
    assert write_pages(folder) == 0
    (folder / "SPN102.md").write_text("old", encoding="utf-8")
    (folder / "SPN999.md").write_text("a check that is gone", encoding="utf-8")
    (folder / "notes.md").write_text("a person's", encoding="utf-8")
    assert write_pages(folder) == 2
    assert {path.name for path in folder.iterdir()} == {*rules.pages(), "notes.md"}
    assert (folder / "SPN102.md").read_text(encoding="utf-8") == rules.pages()["SPN102.md"]
