"""Files as they come from strangers: read whole, with a limit, and decoded."""

from __future__ import annotations

import hashlib
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.diagnostics.position import position_of
from corpus_tool.model import CorpusToolError
from corpus_tool.read.faults import ReadError, fault

#: Bytes of one article, or of one line of a .jsonl; far above the longest news article (about 200 kB).
MAX_ARTICLE_BYTES = 10_000_000

#: Control characters that no text file holds: they mark a binary one. (Tab, LF, FF, CR and ESC occur in text.)
_BINARY = frozenset(range(0x09)) | frozenset(range(0x0E, 0x1B))


@dataclass(frozen=True)
class Raw:
    """The bytes of an input, and what diagnostics call it."""

    path: str
    data: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def read_file(path: Path, limit: int | None = MAX_ARTICLE_BYTES) -> Raw:
    """The bytes of a regular file; ``-`` is standard input.

    Args:
        path: the file, or ``Path("-")``.
        limit: the most bytes that are taken, None for no limit.

    Raises:
        CorpusToolError: there is no such file, it is a folder or a device, or it may not be read.
        ReadError: it is larger than ``limit``.
    """
    if str(path) == "-":
        data = sys.stdin.buffer.read() if limit is None else sys.stdin.buffer.read(limit + 1)
        name = "<stdin>"
    else:
        name = str(path)
        require_regular(path)
        try:
            with path.open("rb") as file:
                data = file.read() if limit is None else file.read(limit + 1)
        except OSError as error:
            raise CorpusToolError(f"{name}: {error.strerror or error}") from error
    if limit is not None and len(data) > limit:
        raise ReadError(fault("article-too-large", name, f"larger than {limit // 1_000_000} MB"))
    return Raw(name, data)


def require_regular(path: Path) -> None:
    """Refuses what is not a regular file.

    Raises:
        CorpusToolError: one line that says why.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise CorpusToolError(f"{path}: no such file") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CorpusToolError(f"{path}: {reason}") from error
    if stat.S_ISDIR(mode):
        raise CorpusToolError(f"{path}: is a folder, a file was expected")
    if not stat.S_ISREG(mode):
        raise CorpusToolError(f"{path}: is not a regular file")


def decode_article(raw: Raw, encoding: str = "utf-8") -> tuple[str, str]:
    """The text of an article's bytes: CR LF and CR become LF, a byte order mark goes; all else is kept.

    Args:
        raw: the bytes.
        encoding: their character encoding, by any name that Python knows.

    Returns:
        The text, and the encoding as ``meta.article`` records it ("utf-8-sig" where a byte order mark stood).

    Raises:
        ReadError: the bytes are empty, binary, or not in this encoding.
        CorpusToolError: no encoding has this name.
    """
    data = raw.data
    if not data.strip():
        raise ReadError(fault("article-empty", raw.path, "holds no text"))
    name = encoding.lower()
    if name in {"utf-8", "utf8"}:
        name = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    if not name.startswith(("utf-16", "utf-32")):
        _refuse_binary(raw)
    try:
        text = data.decode(name)
    except LookupError as error:
        raise CorpusToolError(f"{encoding}: no such character encoding") from error
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(name, errors="replace")
        at = position_of(before, len(before))
        byte = data[error.start]
        raise ReadError(
            fault(
                "article-not-utf-8",
                raw.path,
                f"byte {error.start} (0x{byte:02x}) is not {encoding}",
                line=at.line,
                column=at.column,
            )
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ReadError(fault("article-empty", raw.path, "holds no text"))
    return text, name


def _refuse_binary(raw: Raw) -> None:
    for offset, byte in enumerate(raw.data[:65536]):
        if byte in _BINARY:
            raise ReadError(fault("article-binary", raw.path, f"is not text: byte {offset} is 0x{byte:02x}"))
