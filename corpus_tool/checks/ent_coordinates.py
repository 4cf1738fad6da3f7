"""ENT3xx: where entities lie on the Earth."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.checks.check import Check, Needs, Subject, document_of, quoted
from corpus_tool.diagnostics import Finding, Severity


def coordinates_out_of_range(subject: Subject) -> Iterator[Finding]:
    """The coordinates of an entity lie outside of the Earth's.

    Why it matters: maps drop the point or wrap it to another continent.

    Bad: ``"lat": 135.8, "lon": 34.7``

    Good: ``"lat": 34.7, "lon": 135.8``
    """
    for i, entity in enumerate(document_of(subject).entities):
        lat, lon = entity.lat or 0, entity.lon or 0
        if abs(lat) > 90:
            swapped = abs(lat) <= 180 and abs(lon) <= 90 and entity.lon is not None
            hint = "latitude and longitude seem exchanged" if swapped else "degrees north, from -90 to 90"
            told = f"the latitude of entity {entity.id} {quoted(entity.name)} is {lat:g}"
            yield Finding(told, f"/entities/{i}/lat", hint)
        if abs(lon) > 180:
            told = f"the longitude of entity {entity.id} {quoted(entity.name)} is {lon:g}"
            yield Finding(told, f"/entities/{i}/lon", "degrees east, from -180 to 180")


def half_coordinates(subject: Subject) -> Iterator[Finding]:
    """An entity has a latitude without a longitude, or the other way round.

    Why it matters: half a point is no point; readers that fill the gap with 0 put it on the equator or at Greenwich.

    Bad: ``"lat": 34.7``

    Good: ``"lat": 34.7, "lon": 135.8``
    """
    for i, entity in enumerate(document_of(subject).entities):
        if (entity.lat is None) != (entity.lon is None):
            has, lacks = ("latitude", "longitude") if entity.lon is None else ("longitude", "latitude")
            yield Finding(f"entity {entity.id} {quoted(entity.name)} has a {has} and no {lacks}", f"/entities/{i}")


def null_island(subject: Subject) -> Iterator[Finding]:
    """An entity lies at 0° north, 0° east.

    Why it matters: there is nothing but sea; the point is a missing value that was written as zeros.

    Bad: ``"name": "Tarn", "lat": 0, "lon": 0``

    Good: no coordinates, or the place's own.
    """
    for i, entity in enumerate(document_of(subject).entities):
        if entity.lat == 0 and entity.lon == 0:
            told = f"entity {entity.id} {quoted(entity.name)} lies at 0° north, 0° east"
            yield Finding(told, f"/entities/{i}", "leave lat and lon out where they are not known")


CHECKS = (
    Check("ENT302", "coordinates-out-of-range", Severity.ERROR, Needs.DOCUMENT, coordinates_out_of_range),
    Check("ENT303", "half-coordinates", Severity.WARNING, Needs.DOCUMENT, half_coordinates),
    Check("ENT304", "null-island", Severity.WARNING, Needs.DOCUMENT, null_island),
)
