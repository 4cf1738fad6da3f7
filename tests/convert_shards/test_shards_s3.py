"""Raw shards and their corpus in a bucket: the same bytes as on a disk, and what is done is passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from convert_shards.articles import HARBOUR, OTTER, STORM, put_lines
from publish.s3_server import S3, s3_server

from corpus_tool.convert import convert_articles
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import replaced_atomic
from corpus_tool.read.lines import iter_lines
from corpus_tool.read.storage import location
from corpus_tool.reshard import shard_corpus
from corpus_tool.shard_lines import replace_documents, shard_digest
from corpus_tool.validate import validate_paths


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    from s3fs import S3FileSystem

    work = tmp_path_factory.mktemp("s3")
    with s3_server(work, bucket="news") as server, pytest.MonkeyPatch.context() as patch:
        for name, word in {**server.environment, "XDG_CACHE_HOME": str(work / "cache")}.items():
            patch.setenv(name, word)
        S3FileSystem.clear_instance_cache()
        yield server
        S3FileSystem.clear_instance_cache()


def upload(path: Path, root: Path, there: Path) -> None:
    with replaced_atomic(there / path.relative_to(root).as_posix()) as file:
        file.write(path.read_bytes())


def test_a_bucket_gets_what_a_disk_gets(s3: S3, new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    here, there = new_corpus(tmp_path / "c"), location("s3://news/of today/c #1")
    texts = {"mon": {"1": STORM, "2": OTTER}, "tue": {"1": HARBOUR}}
    raws = [put_lines(here / "articles" / f"{day}.jsonl", own) for day, own in texts.items()]
    for path in (here / "corpus.yaml", *raws):
        upload(path, here, there)

    def convert(root: Path, *options: str) -> list[bool]:
        paths = [root / "articles" / f"{day}.jsonl" for day in texts]
        return [s.was_done for s in convert_articles(paths, root, annotate=False, shards="jsonl.zst").shards]

    def compare() -> None:
        files = {path.name: path.read_bytes() for path in (here / "documents").iterdir()}
        assert {path.name: path.read_bytes() for path in (there / "documents").iterdir()} == files
        assert len(files) == 2

    assert convert(here) == convert(there) == [False, False]
    compare()
    assert convert(there) == [True, True]
    put_lines(raws[1], {"1": HARBOUR, "3": OTTER})
    upload(raws[1], here, there)
    assert convert(here) == convert(there) == [True, False]
    compare()
    assert [d.code for d in validate_paths([there])] == [d.code for d in validate_paths([here])]
    shard = there / "documents" / "mon.jsonl.zst"
    digest = shard_digest(shard)
    lines = dict(iter_lines(shard, 10**6))
    replace_documents(shard, {2: lines[1]}, digest)
    with pytest.raises(CorpusToolError, match="was changed meanwhile"):
        replace_documents(shard, {2: lines[2]}, digest)
    assert dict(iter_lines(shard, 10**6)) == {1: lines[1], 2: lines[1]}
    with pytest.raises(CorpusToolError, match="copy the corpus"):
        shard_corpus(there)
