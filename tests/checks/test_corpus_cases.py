"""Runs the case files of the checks across documents: a bad corpus has the expected findings, a good one none."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from checks.test_check_cases import build

from corpus_tool.checks import CHECKS, CORPUS_CHECKS
from corpus_tool.checks.corpus.run_survey import check_survey
from corpus_tool.checks.corpus.summary import summarise
from corpus_tool.checks.corpus.survey import Survey
from corpus_tool.checks.run import make_checker, read_subject
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model.corpus import BuildOptions, CorpusConfig, SplitPolicy
from corpus_tool.model.schemas import Layer, _layer, built_in_layers
from corpus_tool.sources import read_again
from corpus_tool.splits import deal

HERE = Path(__file__).parent / "corpus" / "cases"
FILES = sorted(HERE.glob("*.toml"))
#: Those of what documents say; what they may be used for is tested in test_lic_corpus.py.
ACROSS = [check for check in CORPUS_CHECKS if check.code.startswith(("COR", "SPL"))]
OWN_KEYS = {"times", "annotator"}


def _numbered(value: Any, number: int) -> Any:
    """A document of a case with every ``{n}`` in it replaced by a number."""
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, dict):
        return {key: _numbered(child, number) for key, child in value.items()}
    return [_numbered(child, number) for child in value] if isinstance(value, list) else value


def documents(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The documents of a case; one with ``times`` comes so many times."""
    for document in case["documents"]:
        for number in range(1, document.get("times", 1) + 1):
            yield _numbered(document, number)


def survey_of(case: dict[str, Any], root: Path) -> Survey:
    """The corpus of a case, written into a folder and surveyed."""
    own: dict[str, Layer] = {name: _layer(name, schema) for name, schema in case.get("schema", {}).items()}
    checker = make_checker({**built_in_layers(), **own}, ())
    for name in case.get("articles", ()):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    for name, text in case.get("files", {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    policy = SplitPolicy(**{"policy": case.get("policy", "hash"), **case.get("deal", {})})
    config = CorpusConfig(
        schema="corpus-tool/corpus/1", name="x", version="1.0.0", license="cc0-1.0", build=BuildOptions(splits=policy)
    )
    splits: dict[str, str] = case.get("splits", {})

    def split_of(document_id: str) -> str:
        return next(split for pattern, split in splits.items() if fnmatchcase(document_id, pattern))

    survey = Survey(
        config, root=root, split_of=split_of if splits else None, is_dealt_later="deal" in case, reread=read_again
    )
    for document in documents(case):
        annotator = document.get("annotator")
        data = build({key: value for key, value in document.items() if key not in OWN_KEYS})
        folder = root / "annotators" / annotator if annotator else root / "documents"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{document['id']}.json"
        path.write_bytes(data)
        read = read_subject(data, checker, document["id"]).document
        assert read is not None, f"{document['id']} is no document"
        survey.add(summarise(read, checker.layers), str(path), annotator=annotator)
    if "deal" in case:
        deal(survey, policy, lock=case.get("lock"), table=case.get("table"))
    return survey


def where(found: Diagnostic, root: Path) -> str:
    """What a case calls the place: the document's id, or the file in the corpus."""
    return found.document or Path(found.path).relative_to(root).as_posix()


def cases() -> Iterator[Any]:
    for path in FILES:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for sort in ("bad", "good"):
            for number, case in enumerate(content.get(sort, []), 1):
                yield pytest.param(content["code"], sort, case, id=f"{path.stem}-{sort}{number}")


EXPECTED = re.compile(
    r"(?P<code>[A-Z]{3}\d{3}) (?P<where>\S+?)(?: (?P<pointer>/\S*))?(?:: (?P<message>.*))?", re.DOTALL
)


@pytest.mark.parametrize(("code", "sort", "case"), list(cases()))
def test_case(code: str, sort: str, case: dict[str, Any], tmp_path: Path) -> None:
    found = check_survey(survey_of(case, tmp_path), ACROSS)
    told = "\n".join(f"{d.code} {where(d, tmp_path)} {d.pointer}: {d.message}" for d in found)
    expect = [EXPECTED.fullmatch(line) for line in case.get("expect", [])]
    matches = [match for match in expect if match]
    assert len(matches) == len(expect), case["expect"]
    assert len(found) == len(matches), told
    for match in matches:
        same = [
            d
            for d in found
            if (d.code, where(d, tmp_path), d.pointer) == (match["code"], match["where"], match["pointer"] or "")
            and d.message.startswith(match["message"] or "")
        ]
        assert same, f"{match[0]}\nfound:\n{told}"
        found.remove(same[0])
        _stands_in_its_file(same[0])
    assert (code in {match["code"] for match in matches}) == (sort == "bad")


def _stands_in_its_file(found: Diagnostic) -> None:
    """Line and column lead to the value that the pointer names; so do those of related places."""
    for place in (found, *found.related):
        if place.pointer:
            text = Path(place.path or "").read_text(encoding="utf-8")
            value: Any = json.loads(text)
            for step in place.pointer.split("/")[1:]:
                value = value[int(step)] if isinstance(value, list) else value[step]
            lines = text.split("\n")
            assert place.line is not None
            assert place.column is not None
            rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
            assert json.JSONDecoder().raw_decode(rest)[0] == value


def test_checks_are_sorted_and_codes_unique() -> None:
    everything = [*CHECKS, *CORPUS_CHECKS]
    codes = [check.code for check in CORPUS_CHECKS]
    assert codes == sorted(codes)
    assert len({check.code for check in everything}) == len(everything)
    assert len({check.name for check in everything}) == len(everything)


@pytest.mark.parametrize("check", ACROSS, ids=lambda check: check.code)
def test_every_check_is_documented_and_has_cases(check: Any) -> None:
    assert check.run.__name__ == check.name.replace("-", "_")
    first, *parts = re.split(r"\n\s*\n", check.run.__doc__)
    assert first.strip().endswith("."), "the docstring's first sentence"
    assert [part.strip().split(":")[0] for part in parts] == ["Why it matters", "Bad", "Good"]
    content = tomllib.loads((HERE / f"{check.name}.toml").read_text(encoding="utf-8"))
    assert content["code"] == check.code
    assert content["bad"]
    assert content["good"]


def test_every_case_file_belongs_to_a_check() -> None:
    assert {path.stem for path in FILES} <= {check.name for check in ACROSS}
