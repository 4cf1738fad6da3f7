"""What a report says in numbers, counted document by document."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus_tool.model import Actor, Annotation, Document, Entity, live
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.report.ranking import MOST_NAMES, Ranking
from corpus_tool.stats import words_of

#: The register by which entities of different documents are known to be one.
REGISTER = "wikidata"


class Name(NamedTuple):
    """Someone or somewhere across documents: by Wikidata link where there is one, else by name and kind.

    Attributes:
        name: what it is called; with a link, the link.
        kind: its kind; "" with a link.
        link: the Wikidata identifier, or "".
    """

    name: str
    kind: str
    link: str = ""


class Pair(NamedTuple):
    """Who, and whom."""

    who: str
    whom: str


class Dot(NamedTuple):
    """A place on the map: degrees north and east (WGS 84), to a hundredth, which is about a kilometre."""

    name: str
    lat: float
    lon: float


@dataclass
class Counts:
    """Counts over documents; rejected annotations are left out.

    Attributes:
        documents: how many.
        unreadable: files or lines that are no document.
        words: words of their content blocks.
        days: documents by date of publication as it is told, "" for none.
        languages: documents by language, "" for none.
        sources: documents by outlet.
        licences: documents by licence, "" for none.
        splits: documents by split, "" for none.
        kinds: annotations by layer and kind (figures: measure), "" for none.
        statuses: annotations by layer and status, "" for none.
        annotators: annotations by annotator and status, "" where either is not told.
        actors: mentions of actors that have a name.
        speakers: quotes by speaker that has a name.
        places: mentions of places that have a name.
        dots: mentions of places that have coordinates.
        called: by link, the first name that was met for it; that of a link which is forgotten is forgotten too.
        quoted: who quotes whom: an outlet or, where a quote stands within a quote, a speaker; and another speaker.
        spoken_of: which speaker's quotes mention which actor.
        speech: quotes by what is known of the speaker: "named", "unnamed", "implicit", "unknown" or "" for nothing.
        claims: figures by measure that a quote claims.
        rejected: annotations that a person rejected, by layer.
    """

    documents: int = 0
    unreadable: int = 0
    words: int = 0
    days: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sources: Ranking[str] = field(default_factory=Ranking)
    licences: Ranking[str] = field(default_factory=Ranking)
    splits: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    annotators: Ranking[tuple[str, str]] = field(default_factory=Ranking)
    actors: Ranking[Name] = field(default_factory=Ranking)
    speakers: Ranking[Name] = field(default_factory=Ranking)
    places: Ranking[Name] = field(default_factory=Ranking)
    dots: Ranking[Dot] = field(default_factory=Ranking)
    called: dict[str, str] = field(default_factory=dict)
    quoted: Ranking[Pair] = field(default_factory=Ranking)
    spoken_of: Ranking[Pair] = field(default_factory=Ranking)
    speech: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def annotations(self) -> int:
        """Annotations of all layers."""
        return sum(sum(kinds.values()) for kinds in self.kinds.values())

    @property
    def reviewed(self) -> int:
        """Annotations that a person accepted, corrected or added."""
        return sum(counts[status] for counts in self.statuses.values() for status in HUMAN_STATUSES)

    def shown(self, name: Name) -> str:
        """What a name is called on the page."""
        return self.called.get(name.link, name.name)


@dataclass(frozen=True)
class Named:
    """The names of one document, which its entry in the list of articles is found by.

    Attributes:
        actors: of its actors.
        places: of its places.
    """

    actors: tuple[str, ...]
    places: tuple[str, ...]


def count_document(counts: Counts, document: Document, split: str) -> Named:
    """Counts one document.

    Args:
        counts: what was counted so far; it is changed.
        document: the document; what was rejected in it is counted as such only.
        split: the split that it is in, "" for none.

    Returns:
        The names in it.
    """
    counts.documents += 1
    counts.words += words_of(document)
    meta = document.meta
    counts.days[(meta.published or "")[:10]] += 1
    counts.languages[meta.language or ""] += 1
    counts.sources.add(Counter([_squeezed(meta.source or "")]))
    counts.licences.add(Counter([_squeezed(meta.license or "")]))
    counts.splits[split] += 1
    made: Counter[tuple[str, str]] = Counter()
    for layer, annotations in document.layers.items():
        kept = live(annotations)
        counts.rejected[layer] += len(annotations) - len(kept)
        for annotation in kept:
            provenance = annotation.provenance
            status = (provenance.status if provenance else None) or ""
            counts.kinds.setdefault(layer, Counter())[kind_of(annotation)] += 1
            counts.statuses.setdefault(layer, Counter())[status] += 1
            made[(provenance.annotator if provenance else None) or "", status] += 1
    counts.annotators.add(made)
    entities = {entity.id: entity for entity in document.entities}
    named = {a.id: name for a in live(document.actors) if (name := _name_of(a, entities, counts))}
    counts.actors.add(Counter(named.values()))
    _count_quotes(counts, document, named)
    places = _count_places(counts, document, entities)
    if len(counts.called) > 2 * MOST_NAMES:
        known = {name.link for name in (*counts.actors.times, *counts.places.times)}
        counts.called = {link: name for link, name in counts.called.items() if link in known}
    for figure in live(document.figures):
        counts.claims[figure.measure or ""] += figure.quote is not None
    return Named(tuple(sorted({counts.shown(name) for name in named.values()})), places)


def kind_of(annotation: Annotation) -> str:
    """An annotation's kind; a figure's measure; "" for neither."""
    return str(getattr(annotation, "kind", None) or getattr(annotation, "measure", None) or "")


def _squeezed(words: str) -> str:
    """Words as names are compared: composed, white space as one space."""
    return unicodedata.normalize("NFC", " ".join(words.split()))


def _name_of(mention: Annotation, entities: Mapping[str, Entity], counts: Counts) -> Name | None:
    """Who or what a mention stands for; None for one that neither has an entity nor is a name itself."""
    entity = entities.get(getattr(mention, "entity", None) or "")
    if entity is None:
        words = _squeezed(mention.text)
        is_name = getattr(mention, "mention", None) == "name" and words
        return Name(words, kind_of(mention)) if is_name else None
    link = entity.links.get(REGISTER, "")
    if not link:
        return Name(_squeezed(entity.name), entity.kind)
    counts.called.setdefault(link, _squeezed(entity.name))
    return Name(link, "", link)


def _count_quotes(counts: Counts, document: Document, named: Mapping[str, Name]) -> None:
    quotes = {quote.id: quote for quote in live(document.quotes)}
    actors: Mapping[str, Actor] = {actor.id: actor for actor in live(document.actors)}
    speakers = {
        quote.id: [name for key in (quote.speaker, *quote.co_speakers) if (name := named.get(key or ""))]
        for quote in quotes.values()
    }
    said: Counter[Name] = Counter()
    pairs: Counter[Pair] = Counter()
    about: Counter[Pair] = Counter()
    for quote in quotes.values():
        own = speakers[quote.id]
        said.update(own)
        unnamed = "unnamed" if quote.speaker in actors else quote.speaker_status or ""
        counts.speech["named" if own else unnamed] += 1
        outlet = _squeezed(document.meta.source or "")
        outer = [counts.shown(name) for name in speakers.get(quote.parent or "", ())]
        who = outer if quote.parent in quotes else [outlet] if outlet else []
        pairs.update(Pair(one, whom) for one in who for name in own if (whom := counts.shown(name)) != one)
        inside = {
            named[key] for key, actor in actors.items() if key in named and quote.start <= actor.start < quote.end
        }
        about.update(Pair(counts.shown(one), counts.shown(name)) for one in own for name in inside - {one})
    counts.speakers.add(said)
    counts.quoted.add(pairs)
    counts.spoken_of.add(about)


def _count_places(counts: Counts, document: Document, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    mentions: Counter[Name] = Counter()
    dots: Counter[Dot] = Counter()
    for location in live(document.locations):
        name = _name_of(location, entities, counts)
        if name is None:
            continue
        mentions[name] += 1
        entity = entities.get(location.entity or "")
        if entity is None or entity.lat is None or entity.lon is None:
            continue
        if abs(entity.lat) <= 90 and abs(entity.lon) <= 180:
            dots[Dot(counts.shown(name), round(entity.lat, 2), round(entity.lon, 2))] += 1
    counts.places.add(mentions)
    counts.dots.add(dots)
    return tuple(sorted({counts.shown(name) for name in mentions}))
