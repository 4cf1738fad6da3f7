"""Archives: their members become the documents that their files would, and say where they lie."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tool.convert import convert_articles
from corpus_tool.diagnostics import Severity
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read import READERS, SUFFIXES, ReadError, ReadOptions, read_articles
from corpus_tool.validate import validate_paths

STORM = "Storm closes the pass\n\nSnow fell for nine hours. “We saw nothing,” said Ida Holm 😀.\n"
OTTER = "Otter comes home\n\nAn otter was seen in Heilbronn for the first time in 60 years. It ate a trout and left.\n"
LINES = b'{"id": "one", "text": "One boat sank."}\n{"id": "two", "text": "Two ships met at sea."}\n'
TABLE = 'id,text\nthree,"Three men, said علي."\n'.encode()
FEED = (
    b"<rss><channel><item><guid>four</guid><description>Four trains stood still.</description></item></channel></rss>"
)
FILES = {
    "news/storm.txt": STORM.encode(),
    "news/otter.txt.gz": gzip.compress(OTTER.encode()),
    "wire.jsonl": LINES,
    "deep/er/table.csv": TABLE,
    "feed.rss": FEED,
}


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def zstd(data: bytes) -> bytes:
    import pyarrow as pa

    buffer = pa.BufferOutputStream()
    with pa.CompressedOutputStream(buffer, "zstd") as packed:
        packed.write(data)
    return bytes(buffer.getvalue())


def tarred(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


PACKED = {
    "a.zip": zipped(FILES),
    "a.tar": tarred(FILES),
    "a.tar.gz": gzip.compress(tarred(FILES)),
    "a.tgz": gzip.compress(tarred(FILES)),
    "a.tar.bz2": bz2.compress(tarred(FILES)),
    "a.tar.xz": lzma.compress(tarred(FILES)),
    "a.tar.zst": zstd(tarred(FILES)),
    "b.zip": zipped({"inner/a.tar.gz": gzip.compress(tarred(FILES))}),
    "b.tar": tarred({"inner/a.zip": zipped(FILES)}),
    "c.zip.gz": gzip.compress(zipped(FILES)),
}


def documents(path: Path, **options: str) -> list[Document]:
    found = list(read_articles(path, ReadOptions(encoding="auto", **options)))  # type: ignore[arg-type]
    assert not [x.diagnostic for x in found if isinstance(x, ReadError)]
    return [x for x in found if isinstance(x, Document)]


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_gives_what_its_folder_gives(name: str, tmp_path: Path) -> None:
    packed = tmp_path / name
    packed.write_bytes(PACKED[name])
    made = documents(packed)
    assert [(d.id, d.text) for d in made][:2] == [("storm", STORM), ("otter", OTTER)]
    assert [d.id for d in made] == ["storm", "otter", "one", "two", "three", "four"]
    inner = {"b.zip": "inner/a.tar.gz!/", "b.tar": "inner/a.zip!/"}.get(name, "")
    article = made[1].meta.article
    assert article is not None
    assert article.path == f"{name}!/{inner}news/otter.txt.gz"
    assert article.sha256 == hashlib.sha256(FILES["news/otter.txt.gz"]).hexdigest()
    assert (article.media_type, article.encoding) == ("text/plain", "utf-8")


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
@pytest.mark.parametrize("name", ["storm.txt", "wire.jsonl", "table.csv", "feed.rss"])
def test_any_file_may_be_compressed(name: str, suffix: str, tmp_path: Path) -> None:
    data = next(data for path, data in FILES.items() if path.endswith(name))
    plain, packed = tmp_path / name, tmp_path / f"{name}{suffix}"
    plain.write_bytes(data)
    compress = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd}[suffix]
    packed.write_bytes(compress(data))
    assert [(d.id, d.text) for d in documents(packed)] == [(d.id, d.text) for d in documents(plain)]
    article = documents(packed)[0].meta.article
    assert article is not None
    assert article.path == f"{name}{suffix}"
    if name == "storm.txt":
        assert article.sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()


def test_members_that_are_no_articles_are_named_and_hidden_ones_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    names = ["notes.docx", "README", ".hidden.txt", ".git/x.txt", "__MACOSX/a/._x.txt", "folder/", "storm.txt"]
    path.write_bytes(zipped(dict.fromkeys(names, STORM.encode())))
    found = list(read_articles(path, ReadOptions()))
    assert [x.id for x in found if isinstance(x, Document)] == ["storm"]
    told = [x for x in found if not isinstance(x, Document)]
    assert [(x.name, x.severity, x.path) for x in told if not isinstance(x, ReadError)] == [
        ("article-skipped", Severity.INFO, f"{path}!/notes.docx"),
        ("article-skipped", Severity.INFO, f"{path}!/README"),
    ]
    path.write_bytes(zipped({}))
    [error] = read_articles(path, ReadOptions())
    assert isinstance(error, ReadError)
    assert error.diagnostic.name == "article-empty"


def test_a_corpus_of_archives_is_valid_and_converting_again_writes_nothing(
    new_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    corpus = new_corpus(tmp_path / "corpus")
    (corpus / "articles").mkdir()
    (corpus / "articles" / "a.zip").write_bytes(PACKED["a.zip"])
    report = convert_articles([corpus / "articles"], corpus, annotate=False)
    assert len(report.written) == 6
    raw = json.loads((corpus / "documents" / "storm.json").read_bytes())
    assert raw["meta"]["article"]["path"] == "articles/a.zip!/news/storm.txt"
    again = convert_articles([corpus / "articles"], corpus, annotate=False)
    assert (again.written, len(again.unchanged)) == ((), 6)
    told = {d.name for d in validate_paths([corpus])}
    assert not told & {"article-without-document", "article-missing", "path-outside-corpus"}


def test_what_is_told_of_a_member_names_it(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "corpus")
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": b"", "b.jsonl": b'{"id": "x", "text": "One."}\n{}\n', "c.csv": b"id\n1\n"}))
    report = convert_articles([path], corpus, annotate=False)
    assert [(d.name, d.path, d.line) for d in report.diagnostics] == [
        ("article-empty", f"{path}!/a.txt", 1),
        ("article-line-invalid", f"{path}!/b.jsonl", 2),
        ("column-unknown", f"{path}!/c.csv", 1),
    ]


def test_tables_of_formats_are_sorted_and_fit() -> None:
    assert list(READERS) == sorted(READERS)
    assert list(SUFFIXES) == sorted(SUFFIXES)
    assert set(SUFFIXES.values()) == set(READERS)
    from corpus_tool.checks.corpus.cor_sources import _ARTICLES, _PACKED
    from corpus_tool.read.files import PACKED_SUFFIXES

    assert set(SUFFIXES) == _ARTICLES
    assert set(PACKED_SUFFIXES) == _PACKED


def test_a_format_that_does_not_exist_is_misuse(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORM)
    with pytest.raises(CorpusToolError, match="no format 'docx'"):
        documents(path, format="docx")
