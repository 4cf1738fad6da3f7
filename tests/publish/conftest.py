"""Datasets that were built, a Hub to publish them to, and the command as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hub_server.client import RunningHub
from hub_server.fixtures import shared_hub

from corpus_tool.build.dataset import build_dataset

Json = dict[str, Any]

__all__ = ["shared_hub"]

#: Emoji, a combining mark, Arabic, Hebrew, Chinese, a no-break space, CR LF, curly and unbalanced quotation marks.
TEXT = """Fire 🔥 at Haifa port (نَمِل حَيْفا, נמל) № {number}

“We counted 30\u00a0crates,” said Nour e\u0301l-Di\u0301n of the port. 👩🏽‍🚒 came.\r
李娜 wrote that it was “a disaster, number {number}.
"""


def _document(number: int, text: str = TEXT, **rest: Any) -> Json:
    import hashlib

    whole = text.format(number=number)

    def place(words: str) -> Json:
        start = whole.index(words)
        return {"start": start, "end": start + len(words), "text": words}

    actors = [
        {"id": "a1", **place("Nour e\u0301l-Di\u0301n"), "kind": "person"},
        {"id": "a2", **place("李娜"), "kind": "person"},
    ]
    quote = place("“We counted 30\u00a0crates,”")
    layers = {
        "actors": actors,
        "locations": [{"id": "l1", **place("Haifa"), "kind": "city"}],
        "figures": [{"id": "f1", **place("30"), "value": 30, "quote": "q1", "counted": place("crates")}],
        "quotes": [{"id": "q1", **quote, "kind": "direct", "cue": place("said"), "speaker": "a1"}],
    }
    return {
        "schema": "corpus-tool/document/1",
        "id": f"fire-{number:02}",
        "meta": {"language": "en", "title": f"Fire 🔥 {number}"},
        "text": whole,
        "text_sha256": hashlib.sha256(whole.encode()).hexdigest(),
        "blocks": [{"start": 0, "end": len(whole), "kind": "paragraph"}],
        "entities": [],
        "layers": layers,
        **rest,
    }


@pytest.fixture(scope="session")
def fire() -> Callable[..., Json]:
    """``fire(3)``: a document with an annotation in every layer; ``fire(3, text="…{number}…")`` with other words."""
    return _document


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, new_corpus: Callable[..., Path]) -> Callable[..., Path]:
    """``built("1.0.0", documents, shard_bytes=…, yaml="more lines")``: a dataset, "test"; the same is built once."""
    made: dict[str, Path] = {}

    def build(
        version: str = "1.0.0",
        documents: list[Json] | None = None,
        *,
        yaml: str = "",
        article_license: str = "CC0-1.0",
        shard_bytes: int | None = None,
    ) -> Path:
        documents = [_document(n) for n in range(12)] if documents is None else documents
        key = json.dumps([version, documents, yaml, article_license, shard_bytes])
        if key not in made:
            root = new_corpus(tmp_path_factory.mktemp("corpus") / "c", documents, yaml=yaml)
            config = (root / "corpus.yaml").read_text(encoding="utf-8")
            config = config.replace("version: 1.0.0", f"version: {version}")
            line = f"article_license: {article_license}\n" if article_license else ""
            config = config.replace("article_license: CC0-1.0\n", line)
            (root / "corpus.yaml").write_text(config, encoding="utf-8")
            report = build_dataset(root, root.parent / "dist", shard_bytes=shard_bytes)
            assert not report.refused, report.diagnostics
            made[key] = report.folder
        return made[key]

    return build


RELEASE = """
import sys
from pathlib import Path
from corpus_tool.model import CorpusToolError
from corpus_tool.publish.plan import obstacles, plan_release
from corpus_tool.publish.targets import open_target

target = open_target(sys.argv[2])
try:
    release = plan_release(Path(sys.argv[1]), target)
    assert not obstacles(release), obstacles(release)
    print("done" if release.is_done else target.release(release, lambda step: print(step, flush=True)))
except CorpusToolError as error:
    sys.exit(str(error))
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class User:
    """Somebody with an account of the Hub, and a home folder that holds nothing at first."""

    hub: RunningHub
    home: Path

    def __call__(
        self, *arguments: str | Path, token: str | None = "alice:write", cwd: Path | None = None, **variables: str
    ) -> Ended:
        """Runs ``corpus-tool publish`` with some arguments in a fresh process, without a terminal."""
        process = self.start(*arguments, token=token, cwd=cwd, **variables)
        out, err = process.communicate(timeout=120)
        return Ended(process.returncode, out, err)

    def start(
        self,
        *arguments: str | Path,
        token: str | None = "alice:write",
        stdin: int = subprocess.DEVNULL,
        cwd: Path | None = None,
        **variables: str,
    ) -> subprocess.Popen[str]:
        """The same, and does not wait for its end; ``stdin`` may be a terminal."""
        return subprocess.Popen(
            [sys.executable, "-m", "corpus_tool", "publish", *map(str, arguments)],
            stdin=stdin,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**self.hub.environment(self.home, token), "HF_HUB_DISABLE_XET": "1", **variables},
        )

    def release(self, folder: Path, repo: str, token: str | None = "alice:write", **variables: str) -> Ended:
        """Publishes a dataset without looking it through first, which is quicker; prints each step as it is taken."""
        process = self.start_release(folder, repo, token=token, **variables)
        out, err = process.communicate(timeout=120)
        return Ended(process.returncode, out, err)

    def start_release(
        self, folder: Path, repo: str, token: str | None = "alice:write", **variables: str
    ) -> subprocess.Popen[str]:
        """The same, and does not wait for its end."""
        return subprocess.Popen(
            [sys.executable, "-c", RELEASE, str(folder), f"hf://datasets/{repo}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**self.hub.environment(self.home, token), "HF_HUB_DISABLE_XET": "1", **variables},
        )

    def python(self, code: str, token: str | None = "alice:write", **variables: str) -> str:
        """What Python code prints in a fresh process; ``api`` is a client of the Hub."""
        ran = self.hub.run(code, self.home, token=token, HF_HUB_DISABLE_XET="1", **variables)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture
def user(shared_hub: RunningHub, tmp_path: Path) -> Iterator[User]:
    """A user of the module's Hub; faults are taken back, and the log is empty."""
    shared_hub.set_faults()
    shared_hub.clear_log()
    yield User(shared_hub, tmp_path / "home")
    shared_hub.set_faults()


#: Kinds of requests that change something.
WRITES = frozenset(
    {"create", "delete", "settings", "commit", "tag", "branch", "lfs-batch", "lfs-upload", "lfs-verify", "xet-upload"}
)


@pytest.fixture
def writes(shared_hub: RunningHub) -> Callable[[], list[str]]:
    """``writes()``: the kinds of the requests so far that change something at the Hub."""
    return lambda: [kind for kind in shared_hub.kinds() if kind in WRITES]
