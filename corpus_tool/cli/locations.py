"""Where corpora and files are: paths of this machine, and addresses of a storage such as ``s3://bucket/news``."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import click


class Location(click.Path):
    """A place that may be an address; it is given on as a ``Path`` (see ``corpus_tool.read.storage.location``)."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)

    def convert(
        self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | PathLike[str]:
        """The place that a user names."""
        if not isinstance(value, str) or "://" not in value:
            return super().convert(value, param, ctx)
        from corpus_tool.read.storage import location

        return location(value)


class LocalPath(click.Path):
    """A place of this machine; an address is refused instead of taken for a folder called "s3:".

    Attributes:
        hint: what to do instead; a sentence's end.
    """

    def __init__(self, hint: str = "name a place of this machine", **options: Any) -> None:
        super().__init__(path_type=Path, readable=False, **options)
        self.hint = hint

    def convert(
        self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | PathLike[str]:
        """The path that a user names."""
        if isinstance(value, str) and "://" in value:
            from corpus_tool.read.storage import is_remote, location

            place = location(value)
            if is_remote(place):
                self.fail(f"{value} is an address of a storage; {self.hint}", param, ctx)
            return place
        return super().convert(value, param, ctx)


LOCATION = Location()
LOCAL_PATH = LocalPath()
