"""Start a Hub in a process of its own, steer it, and run clients against it: what tests use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from hub_server.faults import Fault

_TESTS = Path(__file__).parents[1]
# What clients would tell or ask others, and progress that would stand in their output.
_QUIET = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
}


@dataclass(frozen=True)
class RunningHub:
    """A Hub that runs: its address, its tokens (``alice:write``, ``alice:read``, ``bob:write``) and its controls."""

    endpoint: str
    tokens: Mapping[str, str]
    root: Path
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def token(self) -> str:
        """The token of alice, who may write under ``alice/`` and ``newsroom/``."""
        return self.tokens["alice:write"]

    def environment(self, home: Path, token: str | None = "alice:write") -> dict[str, str]:
        """The environment of a client process with its own fresh ``HF_HOME``; ``token`` names one, or None.

        What the client asks of any other host comes here as to a proxy and is refused: it is of kind ``foreign`` in the
        log, and nothing leaves the machine.
        """
        kept = {name: text for name, text in os.environ.items() if not _steers_a_client(name)}
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.endpoint)
        direct = dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")
        given = {"HF_TOKEN": self.tokens.get(token, token)} if token else {"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}
        return {**kept, **proxies, **direct, **_QUIET, **given, "HF_ENDPOINT": self.endpoint, "HF_HOME": str(home)}

    def set_faults(self, *faults: Fault) -> None:
        """Replace the faults that are set; none: all is well again."""
        self._control("PUT", "faults", [asdict(fault) for fault in faults])

    def log(self) -> list[dict[str, Any]]:
        """The requests since the start, or since :meth:`clear_log`."""
        entries: list[dict[str, Any]] = self._control("GET", "log")
        return entries

    def kinds(self) -> list[str]:
        """The kinds of the requests in the log."""
        return [entry["kind"] for entry in self.log()]

    def clear_log(self) -> None:
        """Forget the requests so far."""
        self._control("DELETE", "log")

    def wait_held(self, kind: str, timeout: float = 60) -> bool:
        """Wait until a request of this kind is held; False after ``timeout`` seconds."""
        return bool(self._control("GET", f"held?kind={kind}&timeout={timeout}"))

    def run(
        self, code: str, home: Path, *, token: str | None = "alice:write", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python in a fresh process with :meth:`environment` and further variables; what it printed, how it ended.

        ``api`` is there for it: a client of this Hub.
        """
        with self.start(code, home, token=token, **variables) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(
        self, code: str, home: Path, *, token: str | None = "alice:write", **variables: str
    ) -> subprocess.Popen[str]:
        """As :meth:`run`, and do not wait for it."""
        whole = f"from huggingface_hub import HfApi\napi = HfApi()\n{dedent(code)}"
        return subprocess.Popen(
            [sys.executable, "-c", whole],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**self.environment(home, token), **variables},
        )

    def release(self, kind: str, *, drop: bool = False) -> None:
        """Let the held requests of a kind go on, or drop them as if they had never come; they are over afterwards."""
        assert self._control("POST", f"release?kind={kind}&drop={int(drop)}"), f"no {kind} is held"

    def _control(self, method: str, path: str, value: object = None) -> Any:
        body = json.dumps(value).encode() if value is not None else None
        request = Request(f"{self.endpoint}/control/{path}", data=body, method=method)
        with build_opener(ProxyHandler({})).open(request, timeout=120) as answer:
            told = answer.read()
        return json.loads(told) if told else None


@contextmanager
def running_hub(root: Path, **options: int) -> Iterator[RunningHub]:
    """A Hub that keeps its things under ``root``, until the block ends; ``options`` as ``python -m hub_server --help``.

    It is ready when it is there: the process has printed its address.
    """
    named = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_TESTS), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "hub_server", "--json", "--root", str(root), *named]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            told = json.loads(process.stdout.readline())
            yield RunningHub(told["endpoint"], told["tokens"], root, process)
        finally:
            process.kill()


def port_of(hub: RunningHub) -> int:
    """The port on which it listens, so that another can be started there after it."""
    return urlsplit(hub.endpoint).port or 0


def _steers_a_client(name: str) -> bool:
    upper = name.upper()
    return upper.startswith(("HF_", "HUGGING", "XDG_CACHE")) or upper.endswith("_PROXY")
