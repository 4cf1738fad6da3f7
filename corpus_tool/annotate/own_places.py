"""A user's own gazetteer: places from a CSV file, which come before those of the packaged one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus_tool.annotate.gazetteer import Place, fold
from corpus_tool.model import CorpusToolError

#: The columns, of which the first two must be there.
COLUMNS = ("name", "kind", "country", "latitude", "longitude", "id", "aliases")

#: What a place may be: the kinds of the layer ``locations``.
KINDS = frozenset(
    {
        "area",
        "border",
        "city",
        "continent",
        "country",
        "district",
        "facility",
        "natural",
        "other",
        "province",
        "region",
    }
)

#: The largest file, in bytes, the most places in it, and the longest name, in code points.
MAX_BYTES, MAX_PLACES, MAX_NAME = 8_000_000, 100_000, 200

_COUNTRY = re.compile(r"[A-Z]{2}")
_REGISTER = re.compile(r"([a-z][a-z0-9_]*):(\S+)")
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class OwnPlace:
    """A place of the user's, and all its names, the main one first; ``links`` by the name of the register."""

    place: Place
    names: tuple[str, ...]
    links: Mapping[str, str]


@dataclass(frozen=True)
class OwnPlaces:
    """The places of a user's gazetteer by folded name, and all names as written by their first word, longest first."""

    by_name: Mapping[str, tuple[OwnPlace, ...]] = field(default_factory=dict)
    by_first_word: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def kind(self, name: str) -> str | None:
        """The kind of the places of this name, the first one's where they differ; None where there is none."""
        found = self.by_name.get(fold(name)) if self.by_name else None
        return found[0].place.kind if found else None

    def find(self, kind: str, names: Iterable[str], codes: Collection[str]) -> OwnPlace | None:
        """The one place that is meant: of that kind, by the first name that has any; None where it is not clear.

        Args:
            kind: the entity's kind; a state is looked up as a country.
            names: the entity's name, then its aliases.
            codes: codes of the countries that the article speaks of, which choose between places of one name.
        """
        found = self._named(kind, names)
        near = [own for own in found if own.place.country in codes] or found
        return near[0] if len(near) == 1 else None

    def has(self, kind: str, names: Iterable[str]) -> bool:
        """Whether there is any place of that kind by one of these names."""
        return bool(self._named(kind, names))

    def _named(self, kind: str, names: Iterable[str]) -> list[OwnPlace]:
        """The places of that kind by the first name that has any."""
        wanted = "country" if kind == "state" else kind
        for name in names if self.by_name else ():
            found = [own for own in self.by_name.get(fold(name), ()) if own.place.kind == wanted]
            if found:
                return found
        return []


NO_PLACES = OwnPlaces()


def load_places(path: Path) -> OwnPlaces:
    """The gazetteer in a CSV file in UTF-8.

    Raises:
        CorpusToolError: the file cannot be read, is too large, or holds what a gazetteer may not; names the line.
    """
    if not path.is_file():
        raise CorpusToolError(f"{path}: there is no such file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise CorpusToolError(f"{path}: larger than {MAX_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusToolError(f"{path}:{line}: not UTF-8") from error
    return read_places(text, str(path))


def read_places(text: str, file: str) -> OwnPlaces:
    """The gazetteer in a CSV text with a header: ``name``, ``kind``, and of the other ``COLUMNS`` any, in any order.

    ``latitude`` and ``longitude`` are degrees, WGS 84, both or neither; ``country`` is an ISO 3166 code of two letters;
    ``id`` is ``register:id`` ("geonames:123") or an id of the user's own; ``aliases`` are divided by ``|``.

    Args:
        text: the CSV.
        file: what errors call it.

    Raises:
        CorpusToolError: the text holds what a gazetteer may not; names the file and the line.
    """
    found: list[OwnPlace] = []
    for line, row in _rows(text, file):
        if len(found) == MAX_PLACES:
            raise CorpusToolError(f"{file}:{line}: more than {MAX_PLACES:,} places")
        try:
            found.append(_own_place(row))
        except ValueError as error:
            raise CorpusToolError(f"{file}:{line}: {error}") from error
    return _indexed(found)


def _rows(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header as mappings, each with the number of the line that it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if not header:
                header = _header(stripped, f"{file}:{reader.line_num}")
                continue
            if len(stripped) != len(header):
                says = f"{len(stripped)} cells, where the header has {len(header)}"
                raise CorpusToolError(f"{file}:{reader.line_num}: {says}")
            yield reader.line_num, dict(zip(header, stripped, strict=True))
    except csv.Error as error:
        raise CorpusToolError(f"{file}:{reader.line_num}: {error}") from error
    if not header:
        raise CorpusToolError(f"{file}:1: no header ({','.join(COLUMNS)})")


def _header(cells: list[str], where: str) -> list[str]:
    for cell in cells:
        if cell not in COLUMNS:
            raise CorpusToolError(f"{where}: no column is called {cell!r}; there are {', '.join(COLUMNS)}")
        if cells.count(cell) > 1:
            raise CorpusToolError(f"{where}: the column {cell!r} stands twice")
    for cell in COLUMNS[:2]:
        if cell not in cells:
            raise CorpusToolError(f"{where}: the column {cell!r} is missing")
    return cells


def _own_place(row: Mapping[str, str]) -> OwnPlace:
    """The place in a row.

    Raises:
        ValueError: what is wrong in it.
    """
    kind, country, own_id = row["kind"], row.get("country", ""), row.get("id", "")
    aliases = [alias.strip() for alias in row.get("aliases", "").split("|")]
    names = tuple(dict.fromkeys(_name(name) for name in (row["name"], *filter(None, aliases))))
    if kind not in KINDS:
        raise ValueError(f"no kind is called {kind!r}; there are {', '.join(sorted(KINDS))}")
    if country and not _COUNTRY.fullmatch(country):
        raise ValueError(f"the country {country!r} is no ISO 3166 code of two capital letters")
    lat = _degrees(row.get("latitude", ""), "latitude", 90)
    lon = _degrees(row.get("longitude", ""), "longitude", 180)
    if (lat is None) != (lon is None):
        raise ValueError("one of latitude and longitude stands alone")
    register = _REGISTER.fullmatch(own_id)
    links = {register[1]: register[2]} if register else {"user": own_id} if own_id else {}
    return OwnPlace(Place(own_id, names[0], kind, country, 0, lat, lon), names, links)


def _name(name: str) -> str:
    first = _FIRST_WORD.search(name)
    if len(name) > MAX_NAME or not name.isprintable() or first is None or first.start() > 0:
        raise ValueError(f"{name[:40]!r} is no name: it begins with a letter or figure and is one line")
    return name


def _degrees(cell: str, column: str, most: int) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = most + 1.0
    if not -most <= value <= most:
        raise ValueError(f"the {column} {cell!r} is no number from -{most} to {most}")
    return value


def _indexed(places: Iterable[OwnPlace]) -> OwnPlaces:
    by_name: dict[str, list[OwnPlace]] = {}
    by_word: dict[str, set[str]] = {}
    for own in places:
        for name in own.names:
            same = by_name.setdefault(fold(name), [])
            if own not in same:
                same.append(own)
            for form in (name, name.upper()):
                first = _FIRST_WORD.search(form)
                if first is not None:
                    by_word.setdefault(first.group(), set()).add(form)
    return OwnPlaces(
        {name: tuple(found) for name, found in by_name.items()},
        {word: tuple(sorted(names, key=lambda n: (-len(n), n))) for word, names in by_word.items()},
    )
