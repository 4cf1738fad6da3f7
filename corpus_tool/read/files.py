"""Files as they come from strangers: read whole, with a limit, and decoded."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.diagnostics.position import position_of
from corpus_tool.model import CorpusToolError
from corpus_tool.read.encoding import AUTO, detect_encoding, guess_told
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.storage import is_remote

#: Bytes of one article, or of one line of a .jsonl; far above the longest news article (about 200 kB).
MAX_ARTICLE_BYTES = 10_000_000

#: What diagnostics call standard input.
STANDARD_INPUT = "<stdin>"

#: Suffixes of files that are compressed as a whole; the suffix before says what they hold.
PACKED_SUFFIXES = (".bz2", ".gz", ".xz", ".zst")

#: Control characters that no text file holds: they mark a binary one. (Tab, LF, FF, CR and ESC occur in text.)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a]")


@dataclass(frozen=True)
class Raw:
    """The bytes of one article, and what is known of them.

    Attributes:
        path: what diagnostics call them: ``page.html``, ``pages.zip!/news/page.html.gz``.
        data: the bytes, unpacked where the file is compressed.
        inside: the path inside an archive, the end of ``path``; "" for a file.
        digest: SHA-256 of the bytes as they are stored, where ``data`` was unpacked from them; "" where it was not.
        charset: the encoding that came with them (of HTTP); it outranks what the bytes say of themselves.
    """

    path: str
    data: bytes
    inside: str = ""
    digest: str = ""
    charset: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes as they are stored, in hexadecimal: of the file that ``path`` names."""
        return self.digest or hashlib.sha256(self.data).hexdigest()

    @property
    def stem(self) -> str:
        """The file's name without folders and suffixes, which the document's id is made from."""
        return "stdin" if self.path == STANDARD_INPUT else stem_of(self.inside or self.path)


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
        name = STANDARD_INPUT
    else:
        name = str(path)
        require_openable(path)
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
        what = "no such file or folder; is the bucket's name right?" if is_remote(path) else "no such file"
        raise CorpusToolError(f"{path}: {what}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CorpusToolError(f"{path}: {reason}") from error
    if stat.S_ISDIR(mode):
        raise CorpusToolError(f"{path}: is a folder, a file was expected")
    if not stat.S_ISREG(mode):
        raise CorpusToolError(f"{path}: is not a regular file")


def require_openable(path: Path) -> None:
    """Refuses what would block or be no file when it is opened; a storage says so by itself then, in one question less.

    Raises:
        CorpusToolError: one line that says why.
    """
    if not is_remote(path):
        require_regular(path)


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
    try:
        if codecs.lookup(name).name == "utf-8":
            name = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    except (LookupError, ValueError) as error:
        raise CorpusToolError(f"{encoding!r}: no such character encoding") from error
    if not name.startswith(("utf-16", "utf-32")):
        _refuse_binary(raw)
    try:
        text = data.decode(name)
    except LookupError as error:
        raise CorpusToolError(f"{encoding!r}: no such character encoding") from error
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
    except UnicodeError as error:
        raise ReadError(fault("article-not-utf-8", raw.path, f"is not {encoding}: {error}")) from error
    refuse_half_characters(text, raw.path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ReadError(fault("article-empty", raw.path, "holds no text"))
    return text, name


def decode_detected(raw: Raw, encoding: str) -> tuple[str, str, Diagnostic | None]:
    """The text of an article's bytes, its encoding, and a remark where that was guessed.

    Args:
        raw: the bytes.
        encoding: their encoding, or "auto": by the byte order mark, as UTF-8, else by a guess.

    Raises:
        ReadError: the bytes are empty, binary, or in no encoding that is known.
        CorpusToolError: no encoding has this name.
    """
    if encoding != AUTO:
        return *decode_article(raw, encoding), None
    if not raw.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        _refuse_binary(raw)
    found = detect_encoding(raw.data)
    text, name = decode_article(raw, found.name if found else "utf-8")
    if found is None or not found.is_guess:
        return text, name, None
    return text, name, fault("encoding-guessed", raw.path, guess_told(found, text))


def _refuse_binary(raw: Raw) -> None:
    if found := _BINARY.search(raw.data):
        raise ReadError(fault("article-binary", raw.path, f"is not text: byte {found.start()} is 0x{found[0][0]:02x}"))


def refuse_half_characters(text: str, path: str, line: int = 1) -> None:
    """Refuses characters that no document may hold: NUL, and the surrogates that a few encodings decode to.

    Raises:
        ReadError: one stands in the text.
    """
    found = re.search("[\0\ud800-\udfff]", text)
    if found:
        what = f"is not text: character {found.start()} is U+{ord(found[0]):04X}"
        raise ReadError(fault("article-binary", path, what, line=line))


def stem_of(path: str) -> str:
    """A file's name without folders, without the suffix of a compression and without its own suffix."""
    name = PurePath(path).name
    if name.lower().endswith(PACKED_SUFFIXES):
        name = PurePath(name).stem
    return readable(PurePath(name).stem)


def readable(name: str) -> str:
    r"""A file's name as a document can record it: bytes that are not UTF-8 become ``\x`` escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def open_lines(path: Path) -> BinaryIO:
    """A regular file, open for reading line by line.

    Raises:
        CorpusToolError: there is no such file, it is a folder or a device, or it may not be read.
    """
    require_openable(path)
    try:
        return path.open("rb")
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}") from error
