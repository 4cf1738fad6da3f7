"""Shards written: the same lines give the same bytes, and a shard is there as a whole or not at all."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus_tool.model import CorpusToolError
from corpus_tool.read.lines import SHARDS, iter_lines
from corpus_tool.shard_files import WRITERS, write_shard

LIMIT = 1_000_000

#: Emoji, combining marks, Arabic, Hebrew, Chinese, no-break spaces, curly quotation marks, escaped line ends.
LINES = [
    '{"id":"a-1","text":"Fire 🔥 at Haifa port (نَمِل حَيْفا, נמל) №\u00a01\\r\\n"}'.encode(),
    '{"text":"“We counted 30\u00a0crates,” said Nour e\u0301l-Di\u0301n","id":"a-2"}'.encode(),
    b'{"id":"a-3","text":""}',
    b"{}",
    b'{"id":7}',
    "no JSON, 李娜 👩🏽\u200d🚒".encode(),
    b'{"id":"long","text":"' + b"x" * 200_000 + b'"}',
]


@pytest.fixture(params=sorted(WRITERS))
def shard(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A shard's path, of each kind."""
    return tmp_path / f"news of today{request.param}"


def lines_of(path: Path) -> list[bytes]:
    return [line for _, line in iter_lines(path, LIMIT)]


def test_what_is_read_is_written() -> None:
    assert WRITERS.keys() == SHARDS.keys()
    assert list(WRITERS) == sorted(WRITERS)


def test_lines_come_back(shard: Path) -> None:
    write_shard(shard, iter(LINES))
    assert list(iter_lines(shard, LIMIT)) == list(enumerate(LINES, 1))
    write_shard(shard, [])
    assert lines_of(shard) == []


def test_the_same_lines_give_the_same_bytes(shard: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another folder, under another name, in another year."""
    write_shard(shard, LINES)
    monkeypatch.setattr("time.time", lambda: 4e9)
    other = tmp_path / "else" / f"another name{''.join(shard.suffixes)}"
    write_shard(other, LINES)
    assert other.read_bytes() == shard.read_bytes()


AGAIN = """
import sys
from pathlib import Path
from corpus_tool.shard_files import WRITERS, write_shard

for suffix in WRITERS:
    write_shard(Path(sys.argv[1]) / f"again{suffix}", Path(sys.argv[2]).read_bytes().splitlines())
"""


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    for suffix in WRITERS:
        write_shard(tmp_path / f"first{suffix}", LINES)
    subprocess.run(
        [sys.executable, "-c", AGAIN, str(tmp_path), str(tmp_path / "first.jsonl")],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    for suffix in WRITERS:
        assert (tmp_path / f"again{suffix}").read_bytes() == (tmp_path / f"first{suffix}").read_bytes()


def test_lines_that_fail_leave_the_old_shard(shard: Path) -> None:
    write_shard(shard, LINES[:2])

    def failing() -> Iterator[bytes]:
        yield from LINES * 50
        raise KeyError

    with pytest.raises(KeyError):
        write_shard(shard, failing())
    assert lines_of(shard) == LINES[:2]
    assert [path.name for path in shard.parent.iterdir()] == [shard.name]


KILLED = """
import sys
from pathlib import Path
from corpus_tool.shard_files import write_shard

def lines():
    for number in range(2000):
        yield b'{"id":"%d","text":"%s"}' % (number, b"y" * 10_000)
    print("half", flush=True)
    sys.stdin.read()

write_shard(Path(sys.argv[1]), lines())
"""


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet"])
def test_a_kill_in_the_middle_leaves_the_old_shard(tmp_path: Path, name: str) -> None:
    shard = tmp_path / name
    write_shard(shard, LINES[:2])
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(shard)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "half\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    process.stdin.close()
    assert lines_of(shard) == LINES[:2]


@pytest.mark.parametrize("line", [b'{"id":\n"a"}', b'{"id":"a"}\r'])
def test_a_line_is_one_line(shard: Path, line: bytes) -> None:
    with pytest.raises(CorpusToolError, match=rf"{shard.name}: document 2 holds a line end"):
        write_shard(shard, [LINES[0], line])
    assert not shard.exists()


def test_another_name_is_none_of_a_shard(tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match=r"x\.json: its name is none of a shard; shards end in \.jsonl, "):
        write_shard(tmp_path / "x.json", LINES)
    assert list(tmp_path.iterdir()) == []


def test_gzip_holds_neither_name_nor_date(tmp_path: Path) -> None:
    write_shard(tmp_path / "x.jsonl.gz", LINES)
    head = (tmp_path / "x.jsonl.gz").read_bytes()[:10]
    assert (head[3], head[4:8]) == (0, b"\0\0\0\0")
    assert gzip.decompress((tmp_path / "x.jsonl.gz").read_bytes()) == b"".join(line + b"\n" for line in LINES)


def test_zstandard_is_one_frame(tmp_path: Path) -> None:
    """Readers that stop behind the first frame would lose the rest without a word."""
    write_shard(tmp_path / "x.jsonl.zst", LINES * 300)
    data = (tmp_path / "x.jsonl.zst").read_bytes()
    assert data.startswith(b"\x28\xb5\x2f\xfd")
    assert _frames(data) == 1


def _frames(data: bytes) -> int:
    """Frames of zstandard, counted block by block as RFC 8878 lays them out."""
    frames, at = 0, 0
    while at < len(data):
        assert data[at : at + 4] == b"\x28\xb5\x2f\xfd"
        frames += 1
        descriptor = data[at + 4]
        single, dictionary, size = descriptor >> 5 & 1, descriptor & 3, descriptor >> 6
        at += 5 + (not single) + (0, 1, 2, 4)[dictionary] + ((single, 2, 4, 8)[size])
        last = False
        while not last:
            block = int.from_bytes(data[at : at + 3], "little")
            last, kind, length = bool(block & 1), block >> 1 & 3, block >> 3
            at += 3 + (1 if kind == 1 else length)
        at += 4 * (descriptor >> 2 & 1)
    return frames


def test_parquet_has_an_id_and_a_document(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_shard(tmp_path / "x.parquet", LINES)
    table = pq.read_table(tmp_path / "x.parquet")
    assert [(field.name, str(field.type)) for field in table.schema] == [("id", "string"), ("document", "string")]
    assert table["id"].to_pylist() == ["a-1", "a-2", "a-3", None, None, None, "long"]
    assert table["document"].to_pylist() == [line.decode() for line in LINES]
    with pytest.raises(CorpusToolError, match=r"y\.parquet: document 1: byte 1 is not UTF-8"):
        write_shard(tmp_path / "y.parquet", [b"\x22\xff\x22"])


def test_parquet_is_cut_into_groups_of_rows(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    lines = [b'{"id":"%d","text":"%s"}' % (n, b"z" * 100_000) for n in range(200)]
    write_shard(tmp_path / "x.parquet", iter(lines))
    assert pq.ParquetFile(tmp_path / "x.parquet").num_row_groups == 3
    assert lines_of(tmp_path / "x.parquet") == lines
