"""An S3 for tests: moto's real server in a process of its own, on loopback, behind a gate that holds or cuts uploads.

    with s3_server(bucket="news") as s3:
        subprocess.run([...], env={**os.environ, **s3.environment})

The clients are the real ones (s3fs, aiobotocore); they find the server through ``AWS_ENDPOINT_URL``. The keys are
planted words that no output may show.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEY_ID = "planted-key-id-5f1c"
SECRET = "planted-secret/+7Qm2vXe9"
SESSION = "planted-session-token-c81d"

_LOOPBACK = "127.0.0.1"
_READY_SECONDS = 60


@dataclass
class Gate:
    """A relay of TCP before the server. Uploads can be held back or cut off once some bytes have gone through.

    Attributes:
        port: where it listens.
        limit: how many bytes of what clients send go through from now on; None for all.
        cut: whether a connection is closed when the limit is reached; else its bytes wait.
        reached: set when the limit is reached.
    """

    port: int
    limit: int | None = None
    cut: bool = False
    reached: threading.Event = field(default_factory=threading.Event)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def hold_after(self, size: int) -> None:
        """Lets so many bytes through, then none."""
        self._set(size, cut=False)

    def cut_after(self, size: int) -> None:
        """Lets so many bytes through, then closes every connection."""
        self._set(size, cut=True)

    def open(self) -> None:
        """Lets everything through."""
        self._set(None, cut=False)

    def _set(self, limit: int | None, *, cut: bool) -> None:
        with self._changed:
            self.limit, self.cut = limit, cut
            self.reached.clear()
            self._changed.notify_all()

    def pass_through(self, size: int) -> bool:
        """Waits until so many bytes may go through; False where the connection is to be closed."""
        with self._changed:
            while self.limit is not None and self.limit < size:
                self.reached.set()
                if self.cut:
                    return False
                self._changed.wait()
            if self.limit is not None:
                self.limit -= size
            return True


@dataclass(frozen=True)
class S3:
    """A server that runs.

    Attributes:
        endpoint: its address, behind the gate.
        gate: through which the clients speak to it.
        environment: what a client needs to find it.
        log: everything that the server has printed: a line a request, without headers.
    """

    endpoint: str
    gate: Gate
    environment: dict[str, str]
    log: Path

    def client(self) -> Any:
        """A file system of s3fs, for a test to look and to meddle with."""
        from s3fs import S3FileSystem

        return S3FileSystem(
            endpoint_url=self.endpoint,
            key=KEY_ID,
            secret=SECRET,
            client_kwargs={"region_name": "us-east-1"},
            use_listings_cache=False,
            skip_instance_cache=True,
        )


@contextmanager
def s3_server(work: Path, *, bucket: str = "", refuses: bool = False) -> Iterator[S3]:
    """A server with an empty bucket, stopped at the end.

    Args:
        work: a folder for its log.
        bucket: is made; "" for none.
        refuses: whether every request is refused, since nobody has such a key; there is no bucket then.
    """
    port, log = _free_port(), work / "s3.log"
    rules = {"INITIAL_NO_AUTH_ACTION_COUNT": "0"} if refuses else {}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", _LOOPBACK, "-p", str(port)],
            stdout=out,
            stderr=out,
            env={**os.environ, **rules},
        )
    try:
        _wait_for(port, process, log)
        with _gate(port) as gate:
            endpoint = f"http://{_LOOPBACK}:{gate.port}"
            s3 = S3(endpoint, gate, _environment(endpoint, work), log)
            if bucket:
                s3.client().call_s3("create_bucket", Bucket=bucket)
            yield s3
    finally:
        process.kill()
        process.wait()


def _environment(endpoint: str, work: Path) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": SESSION,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",  # botocore's own, beneath those of s3fs: a server that is down is known to be sooner
        "AWS_CONFIG_FILE": str(work / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(work / "no-credentials"),
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((_LOOPBACK, 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Asks until the server answers."""
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://{_LOOPBACK}:{port}/moto-api/data.json", timeout=5):
            return
        time.sleep(0.02)
    raise RuntimeError(f"moto's server did not start: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def _gate(port: int) -> Iterator[Gate]:
    """A gate before a port, closed at the end."""
    with socket.create_server((_LOOPBACK, 0)) as listener:
        gate = Gate(int(listener.getsockname()[1]))
        accepting = threading.Thread(target=_accept, args=(listener, port, gate), daemon=True)
        accepting.start()
        try:
            yield gate
        finally:
            gate.cut_after(0)
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()


def _accept(listener: socket.socket, port: int, gate: Gate) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_serve, args=(client, port, gate), daemon=True).start()


def _serve(client: socket.socket, port: int, gate: Gate) -> None:
    """Relays a connection both ways until either side ends it."""
    with client, suppress(OSError), socket.create_connection((_LOOPBACK, port)) as server:
        answers = threading.Thread(target=_relay, args=(server, client, None), daemon=True)
        answers.start()
        _relay(client, server, gate)
        answers.join()


def _relay(source: socket.socket, drain: socket.socket, gate: Gate | None) -> None:
    """Passes bytes on until either side ends, then ends both."""
    with suppress(OSError):
        while data := source.recv(1 << 16):
            if gate is not None and not gate.pass_through(len(data)):
                break
            drain.sendall(data)
    for end in (source, drain):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
