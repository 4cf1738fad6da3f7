"""An encrypted member is named, and the others are read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_an_encrypted_member_is_named(convert: Callable[..., Any], text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("secret.txt", "x" * 40)
        archive.writestr("storm.txt", text)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    outcome = convert(path)
    assert outcome.written == ["storm"]
    assert outcome.told == [("member-refused", "is not read: it is encrypted", f"{path}!/secret.txt")]
