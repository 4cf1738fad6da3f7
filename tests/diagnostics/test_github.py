"""Workflow commands of GitHub Actions: what a document says can neither end one nor begin another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.diagnostics.cap import More
from corpus_tool.diagnostics.render import render_github

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)", re.DOTALL)
UNESCAPED = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


def diagnostic(**changes: object) -> Diagnostic:
    given_ = {
        "code": "SPN103",
        "name": "text-differs",
        "severity": Severity.ERROR,
        "message": 'actors a1 is "Zoë", 50% sure: a, b',
        "path": "corpus/documents/x,y:z.json",
        "line": 12,
        "column": 7,
    }
    return Diagnostic(**{**given_, **changes})  # type: ignore[arg-type]


def parse(line: str) -> tuple[str, dict[str, str], str]:
    """A command as the runner reads it: its name, its properties and its message, unescaped."""
    match = COMMAND.fullmatch(line)
    assert match, line
    name, properties, message = match.groups()
    pairs = dict(pair.split("=", 1) for pair in properties.split(","))
    return name, {key: unescape(value) for key, value in pairs.items()}, unescape(message)


def unescape(text: str) -> str:
    return re.sub("%(?:25|0D|0A|3A|2C)", lambda match: UNESCAPED[match.group()], text)


@pytest.mark.parametrize(("severity", "command"), [("error", "error"), ("warning", "warning"), ("info", "notice")])
def test_a_finding_is_a_command_at_its_line(severity: str, command: str) -> None:
    [line] = render_github([diagnostic(severity=Severity(severity), hint="say %0A")]).splitlines()
    assert parse(line) == (
        command,
        {"file": "corpus/documents/x,y:z.json", "line": "12", "col": "7", "title": "SPN103 text-differs"},
        'actors a1 is "Zoë", 50% sure: a, b\nsay %0A',
    )


def test_what_is_left_out_is_a_notice_of_the_file() -> None:
    assert render_github([More("a:b.json", "TXT203", 1412)]) == (
        "::notice file=a%3Ab.json,title=TXT203::… and 1,412 more TXT203 in this file\n"
    )


nasty = st.text(st.one_of(st.characters(), st.sampled_from("::%\r\n,=#[] ")), max_size=20)


@given(nasty, nasty, nasty)
def test_no_document_starts_a_command(message: str, hint: str, path: str) -> None:
    attacks = [
        diagnostic(message=f"{message}\n::set-env name=A::{hint}\r::add-mask::x", hint=hint, path=path),
        diagnostic(message="##[add-path]/evil"),
    ]
    lines = render_github(attacks).split("\n")
    assert len(lines) == 3
    for line in lines[:2]:
        name, properties, _ = parse(line)
        assert name == "error"
        assert set(properties) == {"file", "line", "col", "title"}
        assert (properties["line"], properties["title"]) == ("12", "SPN103 text-differs")
        assert "##[" not in line
        assert len(line.splitlines()) == 1
