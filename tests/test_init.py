"""``init``: an empty corpus that every other command takes, whatever the folder is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from corpus_tool.cli import cli
from corpus_tool.init import init_corpus
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIGS
from corpus_tool.read.corpus import open_corpus


def test_an_empty_corpus_is_valid_and_formatted(tmp_path: Path) -> None:
    root = tmp_path / "My Corpus é🙂"
    run = CliRunner().invoke(cli, ["init", str(root)])
    assert run.exit_code == 0
    assert sorted(path.name for path in root.iterdir()) == ["articles", "corpus.yaml", "documents"]
    config = open_corpus(root).config
    assert (config.name, config.title, config.version) == ("my-corpus-e", "My corpus e", "0.1.0")
    assert (config.build.configs, config.build.reviewed_only, config.build.splits.seed) == (CONFIGS, False, config.name)
    run = CliRunner().invoke(cli, ["validate", str(root)])
    assert (run.exit_code, run.stdout) == (0, "0 documents checked: no findings\n")


@given(st.text(min_size=1))
@example("no")
@example("true")
@example("null")
@example("12")
@example("1.5")
@example("1.5e3")
@example("2024-07-01")
@example("12:30")
@example("0x1f")
@example('a"b: {c}\n- d')
@example("{title}")
@example("x" * 500)
def test_any_name_gives_a_corpus_that_opens(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    root = tmp_path_factory.mktemp("corpus")
    init_corpus(root, name=name)
    config = open_corpus(root).config
    assert isinstance(config.name, str)
    assert config.build.splits.seed == config.name
    assert config.title


def test_what_lies_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "x.json").write_text("mine")
    path = init_corpus(tmp_path, name="x")
    assert (tmp_path / "documents" / "x.json").read_text() == "mine"
    path.write_text("schema: edited by hand\n")
    with pytest.raises(CorpusToolError, match="exists already; nothing was changed"):
        init_corpus(tmp_path)
    assert path.read_text() == "schema: edited by hand\n"


def test_a_file_in_the_way_is_misuse(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "articles").write_text("x")
    for root in (tmp_path / "file", tmp_path / "half", tmp_path / "file" / "below"):
        with pytest.raises(CorpusToolError, match=root.name):
            init_corpus(root)
        assert not (root / "corpus.yaml").exists()
