"""Tokens: found where the Hub's client keeps them, and nowhere else, whatever goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hub_server.faults import Fault
from publish.hub_state import held

from corpus_tool.model.secrecy import masked

Built = Callable[..., Path]

TOKEN = "hf_" + "aB3dE5" * 6


def holding(folder: Path, secret: str) -> list[str]:
    """The files below a folder that hold a secret."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


@pytest.mark.parametrize("stored", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["environment", "store"])
def test_the_token_is_nowhere(user: Any, built: Built, stored: bool, tmp_path: Path) -> None:
    token = user.hub.token
    variables: dict[str, Any] = {}
    if stored:
        user.home.mkdir()
        (user.home / "token").write_text(token, encoding="utf-8")
        variables = {"token": None, "HF_HUB_DISABLE_IMPLICIT_TOKEN": ""}
    repo = f"alice/secret-{stored}"
    work = tmp_path / "work"
    work.mkdir()
    variables["TMPDIR"] = str(work)
    said = [user(built(), "--to", f"hf://datasets/{repo}", "--yes", "--json", **variables)]
    assert said[0].status == 0, said[0].err
    assert user.hub.log()[0]["token"] == "alice:write"
    said.append(user("--verify", f"hf://datasets/{repo}", **variables))
    assert said[1].status == 0, said[1].err
    echo = f"who are you, Bearer {token}? see https://u:{token}@example.org/?X-Signature={token}"
    for kind, status in (("info", 403), ("commit", 403)):
        user.hub.set_faults(Fault(kind, "refuse", times=99, status=status, message=echo, headers={"Retry-After": "0"}))
        said.append(user.release(built("1.0.1"), repo, HF_DEBUG="1", **variables))
        assert said[-1].status == 1
        assert "who are you" in said[-1].err
    for ran in said:
        assert token not in ran.out + ran.err
    assert not holding(built(), token)
    assert not holding(work, token)
    assert [Path(path).name for path in holding(user.home, token)] == (["token"] if stored else [])
    assert not [entry for entry in user.hub.log() if entry["leaks"]]
    assert token not in json.dumps(held(user.hub, repo))


@pytest.mark.parametrize(
    ("message", "hidden"),
    [
        (f"Invalid token {TOKEN}", TOKEN),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh12345678"),
        ("GET https://ana:s3cret-pass@hub.example.org/x", "s3cret-pass"),
        ("PUT https://bucket.example.org/x?X-Amz-Signature=0f0f0f0f", "0f0f0f0f"),
        ("key AKIA" + "Q3EGRZ7XWPLNVTUS was refused", "Q3EGRZ7XWPLNVTUS"),
    ],
)
def test_what_looks_like_a_token_is_masked(message: str, hidden: str) -> None:
    assert hidden in message
    assert hidden not in masked(message)
    assert "…" in masked(message)


def test_secrets_of_the_environment_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG")
    monkeypatch.setenv("HF_TOKEN", "نَمِل-token")
    monkeypatch.setenv("HF_TOKEN_PATH", "/home/ana/token")
    said = "wJalrXUtnFEMI/K7MDENG and نَمِل-token, from /home/ana/token"
    assert masked(said) == "… and …, from /home/ana/token"
    assert masked("the store says planted-by-login", "planted-by-login") == "the store says …"


def test_what_is_no_secret_stays() -> None:
    said = "alice/wire: 3 files, 🔥 نَمِل é “and ”more” at https://hub.example.org/datasets/alice/wire (503)"
    assert masked(said) == said
