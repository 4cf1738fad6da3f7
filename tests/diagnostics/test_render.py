"""Diagnostics as text and as JSON: nothing in a corpus plays tricks on who reads them."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.diagnostics import Context, Diagnostic, Edit, Related, Severity, exit_status, sort_key
from corpus_tool.diagnostics.cap import More
from corpus_tool.diagnostics.render import LINES, RENDERERS, render_concise, render_json, render_text
from corpus_tool.diagnostics.render.text import printable, summary

ESC, RLO, LRI, CSI = "\x1b[2J", "\u202e", "\u2066", "\x9b31m"


def diagnostic(**changes: object) -> Diagnostic:
    given_ = {
        "code": "SPN102",
        "name": "span-out-of-bounds",
        "severity": Severity.ERROR,
        "message": 'actors a1 ends at 12, but the text at 11: "é 字"',
        "path": "documents/x.json",
        "line": 3,
        "column": 7,
        "pointer": "/layers/actors/0",
        "hint": "set end to 11",
        "related": (Related("/text", "the text"),),
        "document": "x",
    }
    return Diagnostic(**{**given_, **changes})  # type: ignore[arg-type]


def test_text_is_a_line_that_editors_can_follow_and_its_details() -> None:
    assert render_text([diagnostic()]) == (
        'documents/x.json:3:7 SPN102 actors a1 ends at 12, but the text at 11: "é 字" (span-out-of-bounds)\n'
        "  at: /layers/actors/0\n"
        "  see: /text the text\n"
        "  hint: set end to 11\n"
    )
    bare = diagnostic(severity=Severity.WARNING, pointer="", related=(), hint="", message="m")
    assert render_text([bare]) == "documents/x.json:3:7 SPN102 [warning] m (span-out-of-bounds)\n"
    assert render_text([]) == ""


@pytest.mark.parametrize("field", ["message", "path", "pointer", "hint"])
@pytest.mark.parametrize(
    "attack", [ESC, RLO, LRI, CSI, "\r", "\n", "\u2028", "\x07", "\u200f", "\u200b", "\ufeff", "\0"]
)
def test_no_field_reaches_the_terminal_with_a_control_or_bidi_character(field: str, attack: str) -> None:
    rendered = render_text([diagnostic(**{field: f"a{attack}b"}, related=(Related(f"/{attack}", attack),))])
    assert attack[0] not in rendered.replace("\n", "") if attack != "\n" else rendered.count("\n") == 4
    assert f"\\u{ord(attack[0]):04x}" in rendered
    assert len(rendered.splitlines()) == 4


@given(st.text(st.characters()))
def test_printable_text_is_one_safe_line_and_keeps_what_can_be_read(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "\n" not in shown
    shown.encode("utf-8")
    visible = "".join(
        c for c in text if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in {"Zl", "Zp"}
    )
    if visible == text:
        assert shown == text


@pytest.mark.parametrize("text", ["“Ünïcode” e\u0301", "عربي", "עברית", "中文。", "🙂", "a\u00a0b", "plain"])
def test_words_in_every_script_stay_readable(text: str) -> None:
    assert printable(text) == text


def test_json_holds_every_field_under_a_version() -> None:
    told = diagnostic(
        message=f"“{ESC}{RLO}” 字",
        fix=(Edit("/layers/actors/0/end", 11),),
        context=Context(text="Ana", marks=((0, 3),), line=2),
    )
    found = [told, diagnostic(severity=Severity.INFO, document=None)]
    report = json.loads(render_json(found))
    assert report["version"] == 1
    assert report["summary"] == {"error": 1, "warning": 0, "info": 1}
    assert report["diagnostics"][0] == {
        "code": "SPN102",
        "name": "span-out-of-bounds",
        "severity": "error",
        "message": f"“{ESC}{RLO}” 字",
        "path": "documents/x.json",
        "line": 3,
        "column": 7,
        "pointer": "/layers/actors/0",
        "hint": "set end to 11",
        "related": [{"pointer": "/text", "message": "the text", "line": None, "column": None, "path": None}],
        "document": "x",
        "fixable": True,
        "context": {
            "text": "Ana",
            "marks": [[0, 3]],
            "line": 2,
            "of": "article",
            "offset": 0,
            "cut": False,
            "goes_on": False,
        },
    }
    assert report["diagnostics"][1]["document"] is None
    assert render_json(found).endswith("}\n")


@given(st.text(st.characters()))
def test_json_can_be_printed_whatever_a_file_is_called(name: str) -> None:
    """File names hold bytes that are no UTF-8, which Python reads as lone surrogates; and a terminal may show JSON."""
    rendered = render_json([diagnostic(path=name)])
    rendered.encode("utf-8")
    assert not {unicodedata.category(c) for c in rendered.replace("\n", "")} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert json.loads(rendered)["diagnostics"][0]["path"] == name


def test_concise_output_is_one_line_each_whatever_is_known() -> None:
    rich = diagnostic(context=Context("Ana", ((0, 3),), 2), fix=(Edit("/x", 1),))
    found = [rich, diagnostic(hint="a\nb", message="m\n")]
    assert render_concise(found) == (
        'documents/x.json:3:7 SPN102 actors a1 ends at 12, but the text at 11: "é 字" (span-out-of-bounds)\n'
        "documents/x.json:3:7 SPN102 m\\u000a (span-out-of-bounds)\n"
    )


def test_what_can_be_mended_says_how() -> None:
    assert "\n  fix: validate --fix mends it\n" in render_text([diagnostic(fix=(Edit("/x", 1),))])


def test_related_places_with_a_line_name_it() -> None:
    beside = Related("/layers/actors/4", "the same\x1b", 9, 7)
    elsewhere = Related("", "near", 1, 1, path="b\x1b.json")
    rendered = render_text([diagnostic(related=(beside, elsewhere))])
    assert "\n  see: 9:7 /layers/actors/4 the same\\u001b\n  see: b\\u001b.json:1:1 near\n" in rendered


@pytest.mark.parametrize("path", ["::error::x.json", "  ::set-env name=A::b.json", "##[add-path]x.json"])
@pytest.mark.parametrize("name", ["concise", "full", "json", "sarif"])
def test_no_line_of_a_log_is_a_command_of_github_actions(name: str, path: str) -> None:
    context = Context("::warning::##[group]", ((0, 3),), 1)
    attack = diagnostic(path=path, message="##[add-path]/evil", hint="::stop-commands::x", context=context)
    for line in RENDERERS[name]([attack]).splitlines():
        assert not line.strip().startswith("::")
        assert "##[" not in line


def test_renderers_are_listed_in_order() -> None:
    assert list(RENDERERS) == sorted(RENDERERS)
    assert LINES.keys() <= RENDERERS.keys()
    for name in RENDERERS:
        assert "SPN102" in RENDERERS[name]([diagnostic()])
    for name in LINES:
        two = [diagnostic(), diagnostic(message="m"), More("documents/x.json", "SPN102", 3)]
        assert RENDERERS[name](two) == "".join(LINES[name](item) + "\n" for item in two)


@pytest.mark.parametrize(
    ("severities", "status", "told"),
    [
        ([], 0, "no findings"),
        (["info"], 0, "1 info"),
        (["info", "info", "warning"], 1, "1 warning, 2 info"),
        (["error", "error", "warning", "warning"], 1, "2 errors, 2 warnings"),
        (["error"], 1, "1 error"),
    ],
)
def test_errors_and_warnings_decide_the_exit_status(severities: list[str], status: int, told: str) -> None:
    found = [diagnostic(severity=Severity(severity)) for severity in severities]
    assert exit_status(found) == status
    assert summary(found) == told


def test_diagnostics_are_shown_by_file_and_position() -> None:
    wanted = [
        diagnostic(path="a.json", line=10, column=1),
        diagnostic(path="b.json", line=2, column=1),
        diagnostic(path="b.json", line=2, column=3, code="DOC101"),
        diagnostic(path="b.json", line=2, column=3, code="SPN101"),
        diagnostic(path="b.json", line=10, column=1),
    ]
    assert sorted([*wanted[2:], *wanted[:2]], key=sort_key) == wanted
