"""The page's files: small, whole, without HTML from strings and without an address elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "corpus_tool" / "review" / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_small_and_makes_no_html(script: Path) -> None:
    code = script.read_text(encoding="utf-8")
    assert len(code.splitlines()) <= 400
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", code)
    assert code.startswith("// "), "says what it is for"
    for name in re.findall(r'from "\./([\w.]+)"', code):
        assert (STATIC / name).is_file()


def test_every_script_is_reached_from_the_page() -> None:
    reached, waiting = set(), ["main.js"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += set(re.findall(r'from "\./([\w.]+)"', (STATIC / name).read_text(encoding="utf-8"))) - reached
    assert reached == {path.name for path in SCRIPTS}


def test_what_is_imported_is_exported() -> None:
    for script in SCRIPTS:
        code = script.read_text(encoding="utf-8")
        for names, source in re.findall(r'import \{([^}]*)\} from "\./([\w.]+)"', code):
            exported = (STATIC / source).read_text(encoding="utf-8")
            for name in re.split(r",\s*", names.strip().strip(",")):
                original = name.split(" as ")[0].strip()
                assert re.search(rf"export (?:async )?(?:function|const|let|class) {original}\b", exported), (
                    script.name,
                    name,
                )
                used = name.split(" as ")[-1].strip()
                assert len(re.findall(rf"\b{re.escape(used)}\b", code)) > 1, f"{script.name} does not use {used}"


def test_nothing_comes_from_elsewhere() -> None:
    for path in STATIC.iterdir():
        if path.suffix in {".js", ".css", ".html", ".svg"}:
            text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")
            assert not re.search(r"https?://|//\w+\.\w+/", text), path.name
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)
    for name in re.findall(r'(?:href|src)="/static/([^"]+)"', page):
        assert (STATIC / name).is_file()
