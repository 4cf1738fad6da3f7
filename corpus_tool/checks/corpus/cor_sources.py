"""COR4xx to COR6xx: what people, files and links say of the corpus as a whole."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from math import asin, cos, radians, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus_tool.checks.check import escape, quoted
from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding, Elsewhere
from corpus_tool.diagnostics import Severity

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Row, Survey

#: Documents that an annotator worked on before it is odd that a layer is never used.
_MIN_DOCUMENTS = 5

#: A layer that others use less than this, in annotations, need not come up in every annotator's documents.
_MIN_ANNOTATIONS = 20

#: Files that hold articles; another one in ``articles/`` is a remark or a picture.
_ARTICLES = frozenset(
    (
        *(".atom", ".csv", ".htm", ".html", ".jsonl", ".ndjson", ".rdf", ".rss", ".tar", ".tbz2", ".text", ".tgz"),
        *(".tsv", ".txt", ".txz", ".warc", ".xhtml", ".xml", ".zip"),
    )
)
_PACKED = frozenset({".bz2", ".gz", ".xz", ".zst"})

#: Two points of one place lie no further apart, in kilometres; what is no town has its point anywhere.
_TOWN_KM, _WIDE_KM = 50, 1000
_TOWNS = frozenset({"city", "district", "facility"})

_EARTH_KM = 6371

#: Descriptions of one linked thing that are compared.
_MAX_DESCRIPTIONS = 8


def layer_unused_by_annotator(survey: Survey) -> Iterator[CorpusFinding]:
    """An annotator never uses a layer that the others use.

    Why it matters: the layer was not part of the task, or was not understood; agreement about it cannot be measured,
    and where documents are dealt among annotators a part of them lacks it unseen.

    Bad: ``annotators/omar/`` with 40 documents and no figure, ``annotators/rosa/`` with 600 figures in hers.

    Good: figures in both; or the layer left out of both.
    """
    for group in (survey.folders, survey.own_work):
        everything: Counter[str] = sum((work.sizes for work in group.values()), Counter())
        for name, work in sorted(group.items()):
            for layer, size in everything.items():
                others = size - work.sizes[layer]
                if work.documents >= _MIN_DOCUMENTS and others >= _MIN_ANNOTATIONS and not work.sizes[layer]:
                    yield CorpusFinding(
                        f"{quoted(name)} has no {layer} in {work.documents} documents; the others have {others:,}",
                        path=work.path.removeprefix(f"{survey.root}/"),
                    )


def article_without_document(survey: Survey) -> Iterator[CorpusFinding]:
    """A file in ``articles/`` became no document.

    Why it matters: it was never converted, or its document was removed and the article forgotten; what the corpus says
    of its collection is not so. It is not told while some documents cannot be read.

    Bad: ``articles/harbour-fire.txt``, and no document that names it in ``meta.article.path``.

    Good: ``corpus-tool convert`` on the article, or no such file.
    """
    if survey.root is None or survey.unread:
        return
    articles = sorted((survey.root / "articles").rglob("*"))
    named = {name for _, name in survey.articles.runs()} if articles else set()
    for path in articles:
        name = path.relative_to(survey.root).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if _is_article(path) and name not in named and not hidden and path.is_file():
            yield CorpusFinding(f"no document comes from {name}", path=name, hint="convert it, or remove it")


def _is_article(path: Path) -> bool:
    """Whether a file holds articles by its name."""
    name = Path(path.stem) if path.suffix.lower() in _PACKED else path
    return name.suffix.lower() in _ARTICLES


def article_missing(survey: Survey) -> Iterator[CorpusFinding]:
    """The article that a document names as its origin is not there.

    Why it matters: the text can no longer be compared with what it was converted from. It is told in a corpus that
    holds its articles.

    Bad: ``"path": "articles/harbour-fire.txt"``, and no such file.

    Good: the file; or the name alone (``"path": "harbour-fire.txt"``) of one that is kept elsewhere.
    """
    if survey.root is None or not (survey.root / "articles").is_dir():
        return
    told = set()
    for document, name in survey.articles.runs():
        parts = name.split("/")
        is_inside = parts[0] == "articles" and ".." not in parts and "\0" not in name
        if is_inside and name not in told and not (survey.root / name).is_file():
            told.add(name)
            yield CorpusFinding(f"there is no {quoted(name, 80)}", document, "/meta/article/path")


class _Thing(NamedTuple):
    """An entity as one document describes it: which of its links, and how many documents describe it alike."""

    document: int
    nth: int
    alike: int
    entity: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.entity["name"])

    @property
    def names(self) -> list[str]:
        return [self.name, *self.entity.get("aliases", ())]

    @property
    def point(self) -> tuple[float, float] | None:
        lat, lon = self.entity.get("lat"), self.entity.get("lon")
        return None if lat is None or lon is None else (lat, lon)


def _differing(survey: Survey) -> list[tuple[_Thing, _Thing]]:
    """Every rarer description of a linked thing, with the one that most documents give, read again from both."""
    pairs = []
    for group in survey.links.groups():
        alike: dict[int, list[Row]] = defaultdict(list)
        for row in group:
            alike[row.kind].append(row)
        most, *others = sorted(alike.values(), key=lambda found: (-len(found), found[0]))[:_MAX_DESCRIPTIONS]
        pairs += [(other, most) for other in others]
    wanted = {found[0].document for pair in pairs for found in pair}
    entities = {number: raw.get("entities", ()) for number, _, raw in survey.reread(wanted)}

    def thing(found: list[Row]) -> _Thing | None:
        document, _, nth = found[0]
        known = entities.get(document, ())
        return _Thing(document, nth, len(found), known[nth]) if nth < len(known) else None

    read = ((thing(other), thing(most)) for other, most in pairs)
    by_entity = {own[:2]: (own, most) for own, most in read if own and most}
    return [by_entity[place] for place in sorted(by_entity)]


def _shared_links(own: _Thing, most: _Thing) -> list[str]:
    links, others = own.entity.get("links", {}), most.entity.get("links", {})
    return [register for register, value in links.items() if others.get(register) == value]


def link_in_two_places(survey: Survey) -> Iterator[CorpusFinding]:
    """Two documents give one link coordinates that lie far apart.

    Why it matters: a link stands for one place, so one of the points is wrong, or one of the links. Told from 50 km
    on for towns and buildings, from 1,000 km for all else.

    Bad: geonames 281184 at 31.77, 35.22 here, and at 35.22, 31.77 there.

    Good: one point in both.
    """
    for own, most in survey.once(_differing):
        if own.point is None or most.point is None:
            continue
        apart = _kilometres(own.point, most.point)
        if apart > (_TOWN_KM if {own.entity["kind"], most.entity["kind"]} & _TOWNS else _WIDE_KM):
            register = _shared_links(own, most)[0]
            yield CorpusFinding(
                f"{register} {quoted(own.entity['links'][register])} {quoted(own.name)} lies {round(apart):,} km from "
                f"where other documents have it",
                own.document,
                f"/entities/{own.nth}/lat",
                related=(Elsewhere(most.document, "{:g}, {:g}".format(*most.point), f"/entities/{most.nth}/lat"),),
            )


def link_with_two_names(survey: Survey) -> Iterator[CorpusFinding]:
    """Two documents give one link names that have no word in common.

    Why it matters: a link stands for one thing; under two names it is mostly one that was copied to the wrong entity.
    Aliases count as names; short forms of initials and names in two scripts are left alone.

    Bad: wikidata Q42 "Rosa Lind" here, and "Omar Țin" there.

    Good: "Rosa Lind" here, "R. Lind" there.
    """
    for own, most in survey.once(_differing):
        if not _may_be_one(own.names, most.names):
            register = _shared_links(own, most)[0]
            others = "another document" if most.alike == 1 else f"{most.alike:,} documents"
            yield CorpusFinding(
                f"{register} {quoted(own.entity['links'][register])} is {quoted(own.name)} here and "
                f"{quoted(most.name)} in {others}",
                own.document,
                f"/entities/{own.nth}/links/{escape(register)}",
                related=(Elsewhere(most.document, quoted(most.name), f"/entities/{most.nth}"),),
            )


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points on the globe, each given as degrees north and east."""
    north, south = radians(one[0]), radians(other[0])
    half = _sin2((south - north) / 2) + cos(north) * cos(south) * _sin2(radians(other[1] - one[1]) / 2)
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, max(0.0, half))))


def _sin2(angle: float) -> float:
    return (1 - cos(2 * angle)) / 2


def _may_be_one(names: list[str], others: list[str]) -> bool:
    if {_script(name) for name in names}.isdisjoint(_script(name) for name in others):
        return True
    own, other = ([_folded(name).split() for name in group] for group in (names, others))
    if not set(chain(*own)).isdisjoint(chain(*other)):
        return True
    return bool(_initials(own) & {"".join(words) for words in other} or _initials(other) & {"".join(w) for w in own})


def _folded(name: str) -> str:
    """A name without marks, case and anything but letters and digits between its words."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c if c.isalnum() else "" if unicodedata.combining(c) or c in ".'’" else " " for c in plain)


def _initials(names: list[list[str]]) -> set[str]:
    return {"".join(word[0] for word in words) for words in names if len(words) > 1}


def _script(name: str) -> str:
    """The script of the first letter, by the first word of its Unicode name."""
    letter = next((c for c in name if c.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


CORPUS_CHECKS = (
    CorpusCheck("COR401", "layer-unused-by-annotator", Severity.INFO, layer_unused_by_annotator),
    CorpusCheck("COR501", "article-without-document", Severity.WARNING, article_without_document),
    CorpusCheck("COR502", "article-missing", Severity.WARNING, article_missing),
    CorpusCheck("COR601", "link-in-two-places", Severity.WARNING, link_in_two_places),
    CorpusCheck("COR602", "link-with-two-names", Severity.INFO, link_with_two_names),
)
