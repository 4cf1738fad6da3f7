"""The cap: the first findings of a code in a file, and how many more there are, as they come."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.diagnostics.cap import More, cap
from corpus_tool.diagnostics.render import render_concise


def finding(path: str, code: str, line: int) -> Diagnostic:
    return Diagnostic(code, "a-name", Severity.WARNING, "m", path, line)


def test_many_findings_of_one_code_in_a_file_become_one_line() -> None:
    found = [finding("a.json", "TXT203", n) for n in range(432)] + [finding("a.json", "SPN101", 1)]
    found += [finding("b.json", "TXT203", n) for n in range(21)] + [finding("c.json", "TXT203", n) for n in range(20)]
    shown = list(cap(found))
    assert [item for item in shown if isinstance(item, More)] == [
        More("a.json", "TXT203", 412),
        More("b.json", "TXT203", 1),
    ]
    assert shown[20:22] == [finding("a.json", "SPN101", 1), More("a.json", "TXT203", 412)]
    assert len(shown) == 20 + 1 + 1 + 20 + 1 + 20
    assert "a.json: … and 412 more TXT203 in this file\n" in render_concise(shown)


def test_no_cap_and_a_cap_of_one() -> None:
    found = [finding("a.json", code, n) for n in range(3) for code in ("TXT203", "SPN101")]
    assert list(cap(found, 0)) == found
    assert list(cap(found, 1)) == [*found[:2], More("a.json", "SPN101", 2), More("a.json", "TXT203", 2)]
    assert list(cap([])) == []


def test_findings_are_passed_on_before_the_next_one_is_asked_for() -> None:
    asked = []

    def endless() -> Iterator[Diagnostic]:
        for n in range(1_000_000):
            asked.append(n)
            yield finding("a.json", "TXT203", n)

    capped = cap(endless(), 2)
    assert next(capped) == finding("a.json", "TXT203", 0)
    assert asked == [0]
