"""What a user may say about the articles that are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from corpus_tool.model import Article, Meta
from corpus_tool.read.files import STANDARD_INPUT, Raw, readable
from corpus_tool.read.storage import location, way_down


@dataclass(frozen=True)
class ReadOptions:
    """How articles are read.

    Attributes:
        root: the corpus; articles inside it are recorded by their path in it, others by their name.
        encoding: character encoding of plain text, tables and HTML that do not say their own; "auto" to find it out.
        language: BCP 47 tag for articles that do not say theirs.
        license: licence of the articles' text, where they do not say it.
        source: publisher, where the articles do not say it.
        columns: the column, or the key of a JSON line, of each field that is not called like it (``columns.FIELDS``).
        format: what the files are, a key of ``read.READERS``; None to tell by their names and first bytes.
    """

    root: Path | None = None
    encoding: str = "utf-8"
    language: str | None = None
    license: str | None = None
    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None

    def article(self, raw: Raw, media_type: str, encoding: str) -> Article:
        """The record of the file that an article came from."""
        path = self.recorded_path(raw.path, raw.inside)
        return Article(path=path, sha256=raw.sha256, media_type=media_type, encoding=encoding)

    def recorded_path(self, path: str, inside: str = "") -> str | None:
        """``path`` as ``meta.article`` records it: relative to the corpus inside it, else the name alone.

        Args:
            path: the file, or a member of an archive: ``pages.zip!/news/page.html``.
            inside: the member's path, ``news/page.html``; "" for a file.
        """
        if inside:
            archive = self.recorded_path(path.removesuffix(f"!/{inside}"))
            return f"{archive}!/{inside}" if archive else inside
        if path == STANDARD_INPUT:
            return None
        if self.root is not None:
            inner = way_down(self.root.resolve(), location(path).resolve())
            if inner is not None:
                return readable(inner)
        return readable(PurePath(path).name)

    def meta(self, **known: object) -> Meta:
        """``Meta`` of what an article says of itself, filled up with what the user says of all."""
        given = {"language": self.language, "license": self.license, "source": self.source}
        return Meta(**{**given, **{key: value for key, value in known.items() if value}})  # type: ignore[arg-type]
