"""Datasets without the articles' words, and the words put back from a user's own copies."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus_tool import build_dataset, validate_dataset, verify_dataset
from corpus_tool.build.rehydrate import rehydrate_dataset
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIGS

Json = dict[str, Any]
RunMain = Callable[..., Any]

EXAMPLE = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def withheld_corpus(tmp_path_factory: pytest.TempPathFactory, sample_corpus: Path) -> Path:
    root = tmp_path_factory.mktemp("withheld") / "c"
    shutil.copytree(sample_corpus, root)
    with (root / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("build: {text: withheld}\n")
    return root


@pytest.fixture(scope="module")
def withheld(tmp_path_factory: pytest.TempPathFactory, withheld_corpus: Path) -> Path:
    out = tmp_path_factory.mktemp("dist") / "d"
    assert not build_dataset(withheld_corpus, out).refused
    return out


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The example corpus without words, and with: its articles are plain text and web pages."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "c", ignore=shutil.ignore_patterns("articles"))
    yaml = (folder / "c" / "corpus.yaml").read_text(encoding="utf-8")
    (folder / "c" / "corpus.yaml").write_text(
        yaml.replace("\nbuild:\n", "\nbuild:\n  text: withheld\n"), encoding="utf-8"
    )
    for root, out in ((folder / "c", "without"), (EXAMPLE, "with")):
        assert not build_dataset(root, folder / out).refused
    return folder / "without", folder / "with"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A user's own copies of the articles, saved where lines end with CR LF."""
    folder = tmp_path / "mine"
    shutil.copytree(EXAMPLE / "articles", folder)
    for path in folder.glob("*.txt"):
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    return folder


def tables(folder: Path) -> dict[str, Any]:
    return {path.relative_to(folder).as_posix(): pq.read_table(path) for path in sorted(folder.rglob("*.parquet"))}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def test_no_words_of_the_articles_are_in_it(withheld: Path) -> None:
    """Words that stand in the text alone, and in no metadata or entity."""
    rows = [row for table in tables(withheld).values() for row in table.to_pylist()]
    found = {words for row in rows for words in strings(row)}
    for words in ("crates", "disaster", "clerk", "burnt", "€3.2bn", "李娜", "sources", "said", "blaze", "READ MORE"):
        assert not [one for one in found if words in one], words
    for path in withheld.rglob("*"):
        assert not path.is_file() or b"crates" not in path.read_bytes()


def test_counts_splits_tags_and_offsets_are_those_of_the_dataset_with_text(
    withheld: Path, sample_dataset: Path, load: Callable[..., Any]
) -> None:
    for config in CONFIGS:
        own, whole = load(withheld, config), load(sample_dataset, config)
        assert own.keys() == whole.keys()
        for split in own:
            assert own[split].features == whole[split].features
            assert own[split].num_rows == whole[split].num_rows
    tokens = [
        load(folder, "tokens")["train"].remove_columns("tokens").to_list() for folder in (withheld, sample_dataset)
    ]
    assert tokens[0] == tokens[1]
    row, whole_row = (load(folder, "default")["train"][0] for folder in (withheld, sample_dataset))
    assert row["text"] is None
    assert row["actors"] == [{**actor, "text": None} for actor in whole_row["actors"]]


def test_it_is_sound_alone_and_beside_its_corpus(withheld: Path, withheld_corpus: Path) -> None:
    assert verify_dataset(withheld) == ()
    assert [d.message for d in validate_dataset(withheld, withheld_corpus) if d.severity == "error"] == []


@pytest.mark.parametrize("config", ["default", "tokens", "quotes"])
def test_words_that_are_there_all_the_same_are_found(
    config: str, withheld: Path, withheld_corpus: Path, sample_dataset: Path, tmp_path: Path
) -> None:
    """EXP305: one file of the dataset with text, put into the one without."""
    copy = Path(shutil.copytree(withheld, tmp_path / "copy"))
    name = f"{config}/train-00000-of-00001.parquet"
    shutil.copyfile(sample_dataset / name, copy / name)
    for root in (None, withheld_corpus):
        assert "EXP305" in {d.code for d in validate_dataset(copy, root)}


@pytest.mark.parametrize(("column", "code"), [("actors", "EXP502"), ("starts", "EXP501")])
def test_wrong_tags_are_found_though_there_are_no_words(
    column: str, code: str, withheld: Path, withheld_corpus: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(withheld, tmp_path / "copy"))
    path = copy / "tokens/train-00000-of-00001.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    row = next(row for row in rows if 1 in row["actors"])
    nth = row["actors"].index(1)
    row[column][nth] = 0 if column == "actors" else row[column][nth] + 1
    pq.write_table(type(table).from_pylist(rows, schema=table.schema), path)
    assert code in {d.code for d in validate_dataset(copy, withheld_corpus)}


def assert_same(out: Path, whole: Path) -> None:
    """Same tables to the last bit of their schemas, same card, same pictures."""
    assert verify_dataset(out) == ()
    own, wanted = tables(out), tables(whole)
    assert own.keys() == wanted.keys()
    for name, table in own.items():
        assert table.equals(wanted[name], check_metadata=True), name
    for name in ("README.md", "croissant.json", "pictures/annotations.svg"):
        assert (out / name).read_bytes() == (whole / name).read_bytes()
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []


def test_the_words_come_back_from_a_corpus(
    withheld: Path, sample_dataset: Path, sample_corpus: Path, tmp_path: Path
) -> None:
    report = rehydrate_dataset(withheld, [sample_corpus], tmp_path / "out")
    assert (report.documents, report.missing, report.diagnostics) == (31, (), ())
    assert_same(tmp_path / "out", sample_dataset)


def test_the_words_come_back_from_articles(example: tuple[Path, Path], articles: Path, tmp_path: Path) -> None:
    report = rehydrate_dataset(example[0], [articles], tmp_path / "out")
    assert (report.documents, report.missing, report.diagnostics) == (24, (), ())
    assert_same(tmp_path / "out", example[1])


def test_an_article_that_was_edited_is_named_and_left_out(
    example: tuple[Path, Path], articles: Path, tmp_path: Path, run_main: RunMain
) -> None:
    edited, gone, *_ = sorted(articles.glob("*.txt"))
    edited.write_bytes(edited.read_bytes() + b"Corrected on Monday.\n")
    gone.unlink()
    ran = run_main("rehydrate", example[0], "--from", articles, "--out", tmp_path / "out")
    assert ran.status == 1
    assert ran.out == "22 documents with text, 2 documents not matched\n"
    assert f"{edited.stem}: {edited} has other words than the text that was annotated" in ran.err
    assert f"{gone.stem}: no article that was given has its text" in ran.err
    out = tables(tmp_path / "out")
    ids = {row["id"] for name, table in out.items() if name.startswith("default/") for row in table.to_pylist()}
    assert len(ids) == 22
    assert not ids & {edited.stem, gone.stem}
    assert verify_dataset(tmp_path / "out") == ()
    assert "22 documents, " in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_nothing_is_written_where_nothing_matches(withheld: Path, tmp_path: Path, run_main: RunMain) -> None:
    (tmp_path / "a.txt").write_text("Other words 🙂\n")
    ran = run_main("rehydrate", withheld, "--from", tmp_path / "a.txt", "--out", tmp_path / "out", "--json")
    assert ran.status == 1
    assert json.loads(ran.out)["documents"] == 0
    assert len(json.loads(ran.out)["missing"]) == 31
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_misuse_is_told(withheld: Path, sample_dataset: Path, articles: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="holds its text"):
        rehydrate_dataset(sample_dataset, [articles], tmp_path / "out")
    with pytest.raises(CorpusToolError, match="name another folder"):
        rehydrate_dataset(withheld, [articles], withheld)
    broken = Path(shutil.copytree(withheld, tmp_path / "broken"))
    (broken / "README.md").write_text("edited")
    with pytest.raises(CorpusToolError, match="is not as it was built: EXP"):
        rehydrate_dataset(broken, [articles], tmp_path / "out")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "a.txt").write_text("x")
    with pytest.raises(CorpusToolError, match="no build made it"):
        rehydrate_dataset(withheld, [articles], tmp_path / "thesis")
