"""Corpora on S3: the real client against moto's server on loopback, and what comes out is what comes from a disk."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from generated import as_bytes, as_line, document
from publish.s3_server import KEY_ID, S3, SECRET, SESSION, s3_server

from corpus_tool.build.dataset import build_dataset
from corpus_tool.cli import main
from corpus_tool.convert import convert_articles
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.diagnostics.render.sarif import render_sarif
from corpus_tool.exchange_export import export_annotations
from corpus_tool.fix_files import fix_paths
from corpus_tool.init import init_corpus
from corpus_tool.layout import format_paths
from corpus_tool.model.atomic import replaced_atomic, write_atomic
from corpus_tool.read.lines import iter_lines
from corpus_tool.read.storage import fingerprint, location, way_down
from corpus_tool.shard_files import write_shard
from corpus_tool.stats import corpus_stats
from corpus_tool.validate import validate_paths

Json = dict[str, Any]

BUCKET = "news"

ARTICLE = (
    "Fire 🔥 at Haifa port (نَمِل חיפה) №\u00a0{n}\r\n\r\n"
    "“We counted 30\u00a0crates,” said e\u0301l-Di\u0301n of 李娜.\r\n"
)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """A server with an empty bucket, which the clients of this process find, as those that it starts do."""
    from s3fs import S3FileSystem

    work = tmp_path_factory.mktemp("s3")
    with s3_server(work, bucket=BUCKET) as server, pytest.MonkeyPatch.context() as patch:
        for name, word in {**server.environment, "XDG_CACHE_HOME": str(work / "cache")}.items():
            patch.setenv(name, word)
        S3FileSystem.clear_instance_cache()
        yield server
        S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, new_corpus: Callable[..., Path]) -> Path:
    """A corpus on the disk: documents in files, in shards of each kind, by a further annotator; some have findings."""
    root = new_corpus(tmp_path_factory.mktemp("here") / "c")
    made = [document(seed, kilobytes=2, spans=8) for seed in range(60)]
    made[3]["layers"]["actors"][0]["text"] += "?"
    made[25]["text_sha256"] = "0" * 64
    folder = root / "documents"
    for raw in made[:10]:
        (folder / f"{raw['id']}.json").write_bytes(as_bytes(raw))
    (folder / "a b#%20🔥.json").write_bytes(as_bytes(made[10]))
    for number, name in enumerate(("one?.jsonl", "two.jsonl.gz", "three::memory:.jsonl.zst", "four*.parquet"), 1):
        write_shard(folder / name, [as_line(raw).strip() for raw in made[10 * number + 1 : 10 * number + 11]])
    (folder / "broken.jsonl.gz").write_bytes((folder / "two.jsonl.gz").read_bytes()[:-9])
    write_shard(root / "annotators" / "ana" / "a.jsonl", [as_line(made[0]).strip()])
    (root / "articles").mkdir()
    (root / "articles" / "forgotten.txt").write_text(ARTICLE.format(n=1), encoding="utf-8", newline="")
    return root


@pytest.fixture(scope="module")
def there(s3: S3, here: Path) -> Path:
    """The same corpus in the bucket."""
    return upload(here, f"s3://{BUCKET}/of today/c")


def upload(folder: Path, address: str) -> Path:
    there = location(address)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".corpus-tool" not in path.parts:
            with replaced_atomic(there / path.relative_to(folder).as_posix()) as file:
                file.write(path.read_bytes())
    return there


def files_in(folder: Path) -> dict[str, bytes]:
    """The files in a folder and below it, by their paths there."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".corpus-tool/")}


def told(found: list[Diagnostic], root: Path) -> list[tuple[Any, ...]]:
    """Findings, but for where the corpus lies."""
    return [
        (
            d.code,
            d.path.removeprefix(str(root)),
            d.line,
            d.column,
            d.pointer,
            d.message.replace(str(root), ""),
            d.document,
        )
        for d in found
    ]


class Ran(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(s3: S3, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ran]]:
    """``run("validate", root, AWS_…="…")``: the command in this process; no key may show in what it prints."""
    from s3fs import S3FileSystem

    def run(*arguments: str | Path, **variables: str) -> Ran:
        for name, word in variables.items():
            monkeypatch.setenv(name, word)
        S3FileSystem.clear_instance_cache()
        monkeypatch.setattr(sys, "argv", ["corpus-tool", *map(str, arguments)])
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        assert not any(secret in out + err for secret in (KEY_ID, SECRET, SESSION))
        return Ran(status, out, err)

    yield run
    S3FileSystem.clear_instance_cache()


def start(s3: S3, *command: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **s3.environment, **variables},
    )


def test_findings_are_those_of_a_disk(here: Path, there: Path) -> None:
    on_disk = list(validate_paths([here]))
    assert {"COR027", "TXT202", "SPN103"} <= {d.code for d in on_disk}
    assert told(list(validate_paths([there])), there) == told(on_disk, here)


def test_files_and_folders_in_a_corpus_can_be_named(here: Path, there: Path) -> None:
    for name in ("documents", "documents/one?.jsonl", "documents/a b#%20🔥.json", "documents/four*.parquet"):
        assert told(list(validate_paths([there / name])), there) == told(list(validate_paths([here / name])), here)


def test_processes_open_the_corpus_themselves(s3: S3, here: Path, there: Path) -> None:
    """The command with two more processes, none of which has met the storage before."""
    process = start(s3, "-m", "corpus_tool", "validate", str(there), "--jobs", "2", "--json", "--repeats", "0")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (1, "")
    found = [
        (d["code"], d["path"].removeprefix(str(there)), d["line"], d["column"]) for d in json.loads(out)["diagnostics"]
    ]
    assert found == [row[:4] for row in told(list(validate_paths([here])), here)]
    assert not any(secret in out for secret in (KEY_ID, SECRET, SESSION))


def test_sarif_names_addresses(there: Path) -> None:
    text = render_sarif([d for d in validate_paths([there]) if d.code == "COR027"])
    [result] = json.loads(text)["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"s3://{BUCKET}/of%20today/c/documents/broken.jsonl.gz"


@pytest.fixture(scope="module")
def sound(here: Path, there: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The corpus without what cannot be built, on the disk and in the bucket."""
    folder = tmp_path_factory.mktemp("sound") / "c"
    shutil.copytree(here, folder, ignore=shutil.ignore_patterns("broken*", "forgotten*", ".corpus-tool"))
    bad = {document(seed, kilobytes=2, spans=8)["id"] for seed in (3, 25)}
    for path in (folder / "documents").iterdir():
        if path.suffix == ".json":
            if path.stem in bad or path.stem.startswith("a b"):
                path.unlink()
            continue
        write_shard(path, [line for _, line in iter_lines(path, 10**7) if json.loads(line)["id"] not in bad])
    return folder, upload(folder, f"s3://{BUCKET}/sound")


def test_the_dataset_is_that_of_a_disk(sound: tuple[Path, Path], tmp_path: Path) -> None:
    """Byte for byte; the splits are kept where the corpus is."""
    here, there = sound
    reports = [build_dataset(root, tmp_path / name) for root, name in ((here, "here"), (there, "there"))]
    assert not any(report.refused for report in reports), reports[0].diagnostics
    assert files_in(tmp_path / "there") == files_in(tmp_path / "here")
    assert build_dataset(there, tmp_path / "there").is_current
    assert files_in(there) == files_in(here)


@pytest.mark.slow
def test_two_processes_build_the_same_bytes(sound: tuple[Path, Path], tmp_path: Path) -> None:
    here, there = sound
    build_dataset(here, tmp_path / "here")
    build_dataset(there, tmp_path / "two", jobs=2)
    assert files_in(tmp_path / "two") == files_in(tmp_path / "here")


def test_counts_exports_and_layout_are_those_of_a_disk(sound: tuple[Path, Path], tmp_path: Path) -> None:
    here, there = sound
    assert corpus_stats(there) == corpus_stats(here)
    for root, name in ((here, "here"), (there, "there")):
        export_annotations(root, tmp_path / name, "brat")
    assert files_in(tmp_path / "there") == files_in(tmp_path / "here")
    changed = []
    for root in sound:
        write_atomic(root / "documents" / "loose.json", json.dumps(document(99, kilobytes=2, spans=8)))
        changed.append([way_down(root, item.path) for item in format_paths([root]) if item.changed])
    assert changed[0] == changed[1]
    assert "documents/loose.json" in changed[0]
    assert files_in(there) == files_in(here)
    for root in sound:
        assert (root / "documents" / "loose.json").read_bytes() == as_bytes(document(99, kilobytes=2, spans=8))
        (root / "documents" / "loose.json").unlink()


def test_mending_writes_where_the_corpus_is(s3: S3, raw_document: Callable[..., Json]) -> None:
    text = "Zoë 😀 met José in Oran."
    at = text.index(" José ")
    actor = {"id": "a1", "start": at, "end": at + 6, "text": " José ", "kind": "person"}
    line = json.dumps(raw_document("one", text, layers={"actors": [actor]}), ensure_ascii=False).encode()
    good = as_line(document(1, kilobytes=2, spans=8)).strip()
    for name in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"):
        path = location(f"s3://{BUCKET}/fix/{name}")
        write_shard(path, [line, good])
        before = fingerprint(path)
        assert [item.is_changed for item in fix_paths([path], diff=True)] == [True, False]
        assert fingerprint(path) == before
        assert [item.is_changed for item in fix_paths([path])] == [True, False]
        [(_, first), (_, second)] = iter_lines(path, 10**6)
        assert (json.loads(first)["layers"]["actors"][0]["text"], second) == ("José", good)
        after = fingerprint(path)
        assert not any(item.is_changed for item in fix_paths([path]))
        assert fingerprint(path) == after != before


def test_articles_are_converted_from_and_into_a_bucket(s3: S3, tmp_path: Path) -> None:
    """A document is the same wherever its article and its corpus lie."""
    articles = tmp_path / "raw"
    (articles / "of today").mkdir(parents=True)
    for n in (1, 2):
        text = f"{ARTICLE.format(n=n)}\n" + " ".join(hashlib.sha256(str(n).encode()).hexdigest())
        (articles / "of today" / f"fire #{n} 🔥.txt").write_text(text, encoding="utf-8", newline="")
    lines = [json.dumps({"id": f"late {n}", "text": f"{n} crates “sank”. {n * 7919} 火"}) for n in range(3)]
    (articles / "more.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (articles / ".hidden.txt").write_text("no article")
    made = {}
    for top in (str(tmp_path / "corpora"), f"s3://{BUCKET}/corpora"):
        for source in (articles, upload(articles, f"s3://{BUCKET}/raw")):
            root = location(f"{top}/{'far' if str(source).startswith('s3:') else 'near'}/c")
            init_corpus(root)
            report = convert_articles([source], root, annotate=False)
            assert len(report.written) == 5, report.diagnostics
            assert convert_articles([source], root, annotate=False).written == ()
            made[str(root)] = files_in(root)
    first, *others = made.values()
    assert len(first) == 6
    assert all(other == first for other in others)


def test_articles_inside_the_corpus_are_recorded_by_their_paths_in_it(s3: S3) -> None:
    root = location(f"s3://{BUCKET}/own")
    init_corpus(root)
    write_atomic(root / "articles" / "of today" / "fire.txt", ARTICLE.format(n=1))
    convert_articles([root / "articles"], root, annotate=False)
    assert json.loads((root / "documents" / "fire.json").read_bytes())["meta"]["article"]["path"] == (
        "articles/of today/fire.txt"
    )


def test_raw_shards_become_shards_in_a_bucket(s3: S3, tmp_path: Path) -> None:
    raw = tmp_path / "raw.jsonl"
    raw.write_text("".join(json.dumps({"id": f"a {n}", "text": f"{n} {n * 7919} 🔥 火"}) + "\n" for n in range(50)))
    made = []
    for root in (tmp_path / "c", location(f"s3://{BUCKET}/shards/c")):
        init_corpus(root)
        convert_articles([raw], root, annotate=False, shards="jsonl.zst")
        made.append(files_in(root))
    assert made[0] == made[1]
    assert [name for name in made[0] if name.endswith(".jsonl.zst")] == ["documents/raw.jsonl.zst"]


def test_a_shard_is_read_in_bounded_memory(s3: S3) -> None:
    """32 MB of lines; a few blocks of them are here at a time."""
    path = location(f"s3://{BUCKET}/large/a.jsonl")
    line = b'{"id":"x","text":"' + b"y" * 63_970 + b'"}'
    write_shard(path, (line for _ in range(500)))
    tracemalloc.start()
    try:
        assert sum(1 for _ in iter_lines(path, 10**6)) == 500
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()
    path.unlink()


PUT = """
import sys
from corpus_tool.read.storage import location
from corpus_tool.shard_files import write_shard

write_shard(location(sys.argv[1]), (b'{"id":"%d","text":"%s"}' % (n, b"y" * 100_000) for n in range(int(sys.argv[2]))))
"""


@pytest.mark.parametrize(
    ("name", "documents"),
    [("one-put", 280), pytest.param("in-parts", 400, marks=pytest.mark.slow)],  # 28 and 40 MB; 32 go in one put
)
def test_a_kill_in_the_middle_of_a_put_leaves_the_old_object(s3: S3, name: str, documents: int) -> None:
    path = location(f"s3://{BUCKET}/killed/{name}.jsonl")
    write_shard(path, [b'{"id":"old"}'])
    s3.gate.hold_after(1 << 20 if name == "one-put" else 20 << 20)
    process = start(s3, "-c", PUT, str(path), str(documents))
    assert s3.gate.reached.wait(60)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    s3.gate.open()
    assert process.returncode == -signal.SIGKILL
    assert list(iter_lines(path, 10**6)) == [(1, b'{"id":"old"}')]
    assert [found.name for found in path.parent.iterdir() if name in found.name] == [path.name]
    again = start(s3, "-c", PUT, str(path), str(documents))
    assert again.communicate(timeout=60)[1] == ""
    assert sum(1 for _ in iter_lines(path, 10**6)) == documents


def test_a_connection_cut_while_a_shard_is_read(
    s3: S3, sound: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One shard cannot be read on; the others are checked, and nothing is built."""
    _, there = sound
    cut = there / "documents" / "one?.jsonl"

    from corpus_tool.model.remote import RemotePath

    whole = RemotePath.open

    def cut_off(self: RemotePath, mode: str = "r", **options: Any) -> Any:
        file = whole(self, mode, **options)
        if self == cut:
            monkeypatch.setattr(file.raw._file, "_fetch_range", _reset)
            file.raw._file.cache.fetcher = _reset
        return file

    def _reset(*_: object) -> bytes:
        raise ConnectionResetError(104, "Connection reset by peer")

    monkeypatch.setattr(RemotePath, "open", cut_off)
    monkeypatch.setattr("corpus_tool.cache.Cache.get", lambda *_: None)
    [found] = [d for d in validate_paths([there]) if d.code == "COR020"]
    assert found.path == str(cut)
    assert "Connection reset by peer" in found.message


def test_a_bucket_that_is_not_there(run: Callable[..., Ran], tmp_path: Path) -> None:
    for arguments in (
        ("validate", "s3://nobody-made-it/c"),
        ("stats", "s3://nobody-made-it/c"),
        ("build", "s3://nobody-made-it/c", "--out", str(tmp_path / "d")),
        ("init", "s3://nobody-made-it/c"),
    ):
        status, out, err = run(*arguments)
        assert (status, out) == (2, "")
        assert re.fullmatch(r"corpus-tool: s3://nobody-made-it/c[^\n]* bucket[^\n]*\n", err)
    assert not (tmp_path / "d").exists()


def test_a_file_that_is_not_there(run: Callable[..., Ran], there: Path) -> None:
    status, out, err = run("validate", f"{there}/documents/nothing.json")
    assert (status, out) == (2, "")
    assert err == f"corpus-tool: {there}/documents/nothing.json: no such file or folder; is the bucket's name right?\n"


def test_no_credentials(run: Callable[..., Ran], there: Path) -> None:
    none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""}
    status, out, err = run("validate", str(there), **none)
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"corpus-tool: {re.escape(str(there))}[^\n]+credentials; set the environment's [^\n]+\n", err)


@pytest.mark.slow
def test_refused_credentials(run: Callable[..., Ran], tmp_path: Path) -> None:
    with s3_server(tmp_path, refuses=True) as refusing:
        status, out, err = run("validate", f"s3://{BUCKET}/c", **refusing.environment)
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"corpus-tool: s3://{BUCKET}/c[^\n]*: refused: [^\n]+ need to list and read[^\n]+\n", err)


def test_nobody_answers(run: Callable[..., Ran], there: Path) -> None:
    status, out, err = run("validate", str(there), AWS_ENDPOINT_URL="http://user:pass-word-7@127.0.0.1:9")
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"corpus-tool: {re.escape(str(there))}[^\n]*: [^\n]+\n", err)
    assert "pass-word-7" not in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "{c}", "--out", "s3://news/d"), "publish FOLDER --to ADDRESS"),
        (("export", "{c}", "--to", "brat", "--out", "s3://news/e"), "name a place of this machine"),
        (("validate", "{c}", "--write-baseline", "s3://news/b.json"), "name a place of this machine"),
        (("convert", "s3://news/brat", "--from", "brat", "--into", "{c}"), "download them first"),
    ],
)
def test_what_stays_on_this_machine_says_so(
    s3: S3, run: Callable[..., Ran], there: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = s3.log.read_bytes().count(b'"PUT ')
    status, out, err = run(*(argument.format(c=there) for argument in arguments))
    assert (status, out) == (2, "")
    assert words in err
    assert s3.log.read_bytes().count(b'"PUT ') == before
    assert not Path("s3:").exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("../own.csv", "leads out of the corpus"),
        ("s3://news/hostile/own.csv", "no such file"),
        ("a/../../own.csv", "leads out of the corpus"),
    ],
)
def test_a_corpus_names_no_place_elsewhere(s3: S3, raw_document: Callable[..., Json], file: str, words: str) -> None:
    """An address in it is the name of a folder; a name in a listing is no chain of addresses."""
    root = location(f"s3://{BUCKET}/hostile/c")
    write_atomic(root.parent / "own.csv", "document,split\nmine,test\n")
    write_atomic(root / "documents" / "memory::s3:" / "x.json", "{}")
    write_atomic(root / "documents" / "mine.json", json.dumps(raw_document("mine", "A fire 🔥.\n")))
    write_atomic(
        root / "corpus.yaml",
        "schema: corpus-tool/corpus/1\nname: c\nversion: 1.0.0\nlicense: cc0-1.0\nlanguage: en\n"
        f"build:\n  splits:\n    policy: given\n    file: {file}\n",
    )
    [found] = [d for d in validate_paths([root]) if d.code == "COR031"]
    assert words in found.message
