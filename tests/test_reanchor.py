"""A reviewed document whose article changed: every annotation of a person is in the document or set aside, once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.convert import ConvertReport, convert_articles
from corpus_tool.merge import is_human
from corpus_tool.model import (
    Actor,
    Annotation,
    Block,
    Document,
    Entity,
    Figure,
    Fragment,
    Meta,
    Provenance,
    Quote,
    Relation,
    Span,
    pieces,
    sha256_of,
    surface,
)
from corpus_tool.model.codec import document_from_json, document_to_json
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import Layer, _layer, built_in_layers
from corpus_tool.reanchor import Reanchored, reanchor
from corpus_tool.set_aside import FOLDER, write_set_aside
from corpus_tool.validate import validate_paths

Json = dict[str, Any]
LAYERS = built_in_layers()

OLD = """Fire closes harbour

“We lost 40 boats 😀,” said Mayor Rosa Lind of Tarn. Zoë Holm\u00a0saw the smoke from 港口 at night.

A port official said that two ships had left before the fire. The police were there with 30 men, officials said.
"""


def by(status: str = "accepted", **was: Any) -> Provenance:
    return Provenance(status=status, was=was or None)


def at(words: str, text: str = OLD, nth: int = 0) -> Json:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


def document(text: str, meta: Meta | None = None, **layers: tuple[Annotation, ...]) -> Document:
    return Document(id="fire", meta=meta or Meta(), text=text, text_sha256=sha256_of(text), layers=dict(layers))


def actor(name: str, words: str, status: str = "accepted", **rest: Any) -> Actor:
    return Actor(id=name, kind="person", provenance=by(status), **{**at(words), **rest})


def marked(of: Document) -> dict[str, Annotation]:
    return {a.id: a for layer in of.layers.values() for a in layer}


def test_spans_go_along_with_their_words_and_keep_what_people_said_of_them() -> None:
    quote = Quote(
        id="q1", kind="direct", provenance=by(), cue=Span(**at("said")), speaker="a1", **at("“We lost 40 boats 😀,”")
    )
    figure = Figure(id="f1", value=40, provenance=by("added"), counted=Span(**at("boats")), quote="q1", **at("40"))
    old = document(OLD, actors=(actor("a1", "Rosa Lind", entity="e1"),), figures=(figure,), quotes=(quote,))
    new = OLD.replace("Fire", "A fire 火").replace("Zoë Holm", "Later Zoë Holm")
    result = reanchor(old, document(new), LAYERS)
    assert (result.set_aside, result.kept, result.dropped, result.beside) == ((), 3, 0, ())
    shift = len("A fire 火") - len("Fire")
    for name, annotation in marked(old).items():
        moved = marked(result.document)[name]
        assert (moved.start, moved.end) == (annotation.start + shift, annotation.end + shift)
        assert moved.provenance == annotation.provenance
    assert result.document.figures[0].counted == Span(**at("boats", new))
    assert result.document.quotes[0].cue == Span(**at("said", new))
    assert result.document.quotes[0].speaker == "a1"


def test_a_quote_whose_marks_were_exchanged_gets_their_new_form() -> None:
    quote = Quote(id="q1", kind="direct", provenance=by(), **at("“We lost 40 boats 😀,”"))
    new = OLD.replace("“", '"').replace("”", '"')
    [moved] = reanchor(document(OLD, quotes=(quote,)), document(new), LAYERS).document.quotes
    assert moved.text == '"We lost 40 boats 😀,"' == new[moved.start : moved.end]


def test_pieces_go_along_and_stay_apart() -> None:
    one, two = at("“We lost 40 boats 😀,”"), at("from 港口 at night")
    hull = {
        "start": one["start"],
        "end": two["end"],
        "text": f"{one['text']} {two['text']}",
        "fragments": (
            Fragment(start=one["start"], end=one["end"]),
            Fragment(start=two["start"], end=two["end"]),
        ),
    }
    quote = Quote(id="q1", kind="mixed", provenance=by(), **hull)
    new = OLD.replace("Mayor Rosa Lind", "the mayor of all, Rosa Lind")
    [moved] = reanchor(document(OLD, quotes=(quote,)), document(new), LAYERS).document.quotes
    assert surface(new, pieces(moved)) == quote.text == moved.text
    gone = reanchor(document(OLD, quotes=(quote,)), document(new.replace("港口", "Haifa")), LAYERS)
    assert gone.document.layers == {}
    assert [(r.id, r.reason) for r in gone.set_aside] == [("q1", "changed")]


def test_the_suggestion_that_was_corrected_moves_too_and_loses_its_place_where_its_words_changed() -> None:
    was = {
        "start": at("Mayor Rosa")["start"],
        "end": at("Lind of")["end"],
        "text": "Mayor Rosa Lind of",
        "kind": "city",
    }
    corrected = Actor(id="a1", kind="person", provenance=by("corrected", **was), **at("Rosa Lind"))
    new = OLD.replace("Fire", "A fire")
    result = reanchor(document(OLD, actors=(corrected,)), document(new), LAYERS)
    [moved] = result.document.actors
    assert moved.provenance == by("corrected", **{**was, "start": was["start"] + 2, "end": was["end"] + 2})
    result = reanchor(document(OLD, actors=(corrected,)), document(OLD.replace("Mayor", "mayor")), LAYERS)
    [moved] = result.document.actors
    assert moved.provenance == by("corrected", text="Mayor Rosa Lind of", kind="city")
    [record] = result.set_aside
    assert (record.attribute, record.value, record.reason) == ("was", was, "changed")
    half = Actor(id="a1", kind="person", provenance=by("corrected", end=at("Lind of")["end"]), **at("Rosa Lind"))
    [moved] = reanchor(document(OLD, actors=(half,)), document(new), LAYERS).document.actors
    assert moved.provenance == by("corrected", end=at("Lind of")["end"] + 2)


def test_links_to_what_is_set_aside_are_cleared_and_recorded() -> None:
    quotes = (
        Quote(id="q1", kind="direct", provenance=by(), speaker="a1", **at("“We lost 40 boats 😀,”")),
        Quote(
            id="q2",
            kind="indirect",
            provenance=by(),
            speaker="a1",
            co_speakers=("a2", "a3"),
            cue=Span(**at("said", nth=1)),
            **at("two ships had left"),
        ),
    )
    relation = Relation(id="r1", type="ally", source="a1", target="a2")
    old = msgspec.structs.replace(
        document(
            OLD,
            actors=(actor("a1", "Rosa Lind"), actor("a2", "officials"), actor("a3", "police", "suggested")),
            quotes=quotes,
        ),
        relations=(relation, Relation(id="r2", type="ally", source="a2", target="a3")),
        entities=(Entity(id="e1", kind="person", name="Rosa Lind"),),
    )
    new = OLD.replace("Rosa Lind", "N.N.").replace("official said that", "official told us that")
    result = reanchor(old, document(new), LAYERS)
    first, second = result.document.quotes
    assert (first.speaker, first.speaker_status) == (None, "unknown")
    assert (second.speaker, second.co_speakers, second.speaker_status) == ("a2", ("a3",), None)
    assert second.cue is None
    assert result.document.relations == old.relations[1:]
    assert result.document.entities == old.entities
    told = [(r.layer, r.id, r.attribute, r.text, r.reason) for r in result.set_aside]
    assert told == [
        ("actors", "a1", None, "Rosa Lind", "gone"),
        ("quotes", "q1", "speaker", "Rosa Lind", "reference"),
        ("quotes", "q2", "cue", "said", "unsure"),
        ("quotes", "q2", "speaker", "Rosa Lind", "reference"),
        ("relations", "r1", None, "", "reference"),
    ]
    lost = result.set_aside[0]
    assert (lost.before[-6:], lost.after[:8]) == ("Mayor ", " of Tarn")
    assert document_from_json({**document_to_json(old), "layers": {"actors": [lost.value]}}, LAYERS).actors == (
        old.actors[0],
    )


def test_what_a_layer_of_the_corpuss_own_cannot_be_without_takes_it_along() -> None:
    span = {"$ref": "urn:corpus-tool:document:1#/$defs/span"}
    events: Layer = _layer(
        "events",
        {
            "properties": {"trigger": span, "who": {"type": "string", "x-refers-to": "actors"}},
            "required": ["trigger", "who"],
        },
    )
    layers = {**LAYERS, "events": events}
    made = [
        events.struct(id=name, trigger=Span(**at("lost")), who=who, provenance=by(), **at("We lost 40 boats"))  # type: ignore[call-arg]
        for name, who in (("v1", "a1"), ("v2", "a2"))
    ]
    old = document(OLD, actors=(actor("a1", "Rosa Lind"), actor("a2", "police")), events=tuple(made))
    result = reanchor(old, document(OLD.replace("Rosa Lind", "N.N.")), layers)
    assert [a.id for a in result.document.layers["events"]] == ["v2"]
    assert [(r.id, r.reason) for r in result.set_aside] == [("a1", "gone"), ("v1", "reference")]
    result = reanchor(old, document(OLD.replace("lost", "have")), layers)
    assert [(r.id, r.reason) for r in result.set_aside] == [("v1", "changed"), ("v2", "changed")]


def test_meta_keeps_what_a_person_may_have_written_and_takes_what_is_missing() -> None:
    title = Block(start=0, end=19, kind="title")
    old = msgspec.structs.replace(
        document(
            OLD, Meta(title="Fire closes harbour", url="https://e.org/1", extra={"a": 1}), actors=(actor("a1", "Tarn"),)
        ),
        blocks=(title,),
    )
    fresh = Meta(title="Fire closes the harbour", url="https://e.org/2", language="en", extra={"a": 2, "b": 3})
    result = reanchor(old, document(OLD.replace("closes", "closes the"), fresh), LAYERS)
    assert result.document.meta == Meta(
        title="Fire closes the harbour", url="https://e.org/1", language="en", extra={"a": 1, "b": 3}
    )
    assert result.stale == ("url",)
    mended = msgspec.structs.replace(old, meta=Meta(title="A person's title"))
    result = reanchor(mended, document(OLD.replace("closes", "closes the"), fresh), LAYERS)
    assert (result.document.meta.title, result.stale) == ("A person's title", ("title",))


WORDS = (
    "Rosa Lind",
    "said",
    "40",
    "Zoë",
    "港口",
    "حريق",
    "e\u0301te",
    "😀",
    "“No",
    "way,”",
    "it’s",
    "the",
    "\u00a0",
    "of",
    "men",
)
STATUSES = st.sampled_from(["suggested", *sorted(HUMAN_STATUSES)])


@st.composite
def texts(draw: st.DrawFn) -> str:
    words = draw(
        st.lists(st.sampled_from((*WORDS, *"abcdefghijklmnopqrst", ".", ". ", "\n\n")), min_size=5, max_size=120)
    )
    return " ".join(words) + "\n"


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 5, 30])))
        way = draw(st.sampled_from(["replace", "replace", "move", "repeat", "space"]))
        cut, rest = text[start:end], text[:start] + text[end:]
        if way == "replace":
            text = text[:start] + draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=8))) + text[end:]
        elif way == "move":
            to = draw(st.integers(0, len(rest)))
            text = rest[:to] + cut + rest[to:]
        elif way == "repeat":
            text = text[:end] + cut + text[end:]
        else:
            text = text[:start] + cut.replace(" ", "\u00a0 ").replace("“", '"') + text[end:]
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def span_in(draw: st.DrawFn, text: str) -> Json:
    start = draw(st.integers(0, len(text) - 2))
    end = draw(st.integers(start + 1, min(len(text), start + 25)))
    found: Json = {"start": start, "end": end, "text": text[start:end]}
    if end - start > 4 and draw(st.integers(0, 4)) == 0:
        cut = draw(st.integers(start + 1, end - 3))
        fragments = (Fragment(start=start, end=cut), Fragment(start=cut + 1, end=end))
        found |= {"fragments": fragments, "text": f"{text[start:cut]} {text[cut + 1 : end]}"}
    return found


@st.composite
def reviewed(draw: st.DrawFn) -> Document:
    """A document whose links resolve, with annotations of people and machines on any spans."""
    text = draw(texts())
    actors = [f"a{i}" for i in range(draw(st.integers(0, 4)))]
    quotes = [f"q{i}" for i in range(draw(st.integers(0, 3)))]

    def made_by() -> Provenance:
        status = draw(STATUSES)
        at_first = span_in(draw, text)
        was = {**at_first, "fragments": [msgspec.to_builtins(f) for f in at_first.get("fragments", ())]}
        was = {key: value for key, value in was.items() if value != []}
        return by(status, **(was if status == "corrected" else {}))

    def maybe_span() -> Span | None:
        return Span(**span_in(draw, text)) if draw(st.booleans()) else None

    def link(ids: list[str]) -> str | None:
        return draw(st.sampled_from([None, *ids]))

    made: dict[str, list[Annotation]] = {"actors": [], "figures": [], "quotes": []}
    for name in actors:
        made["actors"].append(Actor(id=name, kind="person", provenance=made_by(), **span_in(draw, text)))
    for i in range(draw(st.integers(0, 3))):
        made["figures"].append(
            Figure(
                id=f"f{i}",
                value=1,
                provenance=made_by(),
                counted=maybe_span(),
                quote=link(quotes),
                **span_in(draw, text),
            )
        )
    for name in quotes:
        made["quotes"].append(
            Quote(
                id=name,
                kind="direct",
                provenance=made_by(),
                cue=maybe_span(),
                speaker=link(actors),
                co_speakers=tuple(filter(None, (link(actors),))),
                parent=link([other for other in quotes if other < name]),
                **span_in(draw, text),
            )
        )
    every = [*actors, *quotes]
    relations = [
        Relation(id=f"r{i}", type="x", source=draw(st.sampled_from(every)), target=draw(st.sampled_from(every)))
        for i in range(draw(st.integers(0, 2)) if every else 0)
    ]
    layers = {name: tuple(found) for name, found in made.items() if found}
    return msgspec.structs.replace(document(text), layers=layers, relations=tuple(relations))


def spans(of: Document) -> Iterator[Annotation | Span]:
    for annotation in marked(of).values():
        yield annotation
        for key in ("cue", "counted"):
            if getattr(annotation, key, None) is not None:
                yield getattr(annotation, key)


def links(of: Document) -> Iterator[str]:
    for a in marked(of).values():
        yield from (link for key in ("quote", "speaker", "parent") if (link := getattr(a, key, None)))
        yield from getattr(a, "co_speakers", ())
    yield from (end for relation in of.relations for end in (relation.source, relation.target))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_changed_nothing_of_people_is_lost_doubled_or_wrong(data: st.DataObject) -> None:
    old = data.draw(reviewed())
    new = document(data.draw(edited(old.text)))
    result = reanchor(old, new, LAYERS)
    after = result.document
    assert (after.text, after.text_sha256) == (new.text, new.text_sha256)
    for span in spans(after):
        assert surface(new.text, pieces(span)) == span.text
        assert pieces(span)[0][0] == span.start < span.end == pieces(span)[-1][1]
    people = Counter(a.id for a in marked(old).values() if is_human(a))
    kept = Counter(a.id for a in marked(after).values() if is_human(a))
    aside = Counter(r.id for r in result.set_aside if r.attribute is None and r.layer != "relations")
    assert kept + aside == people
    assert set(links(after)) <= set(marked(after))
    for name, annotation in marked(after).items():
        before = marked(old)[name].provenance
        assert annotation.provenance is not None
        assert before is not None
        assert annotation.provenance.status == before.status
        lost = {(r.attribute, str(r.value)) for r in result.set_aside if r.id == name}
        for key in ("quote", "speaker", "parent"):
            link = getattr(marked(old)[name], key, None)
            if is_human(annotation) and link != getattr(annotation, key, None):
                assert (key, link) in lost
    if old.text == new.text:
        assert (after.layers, after.relations, result.set_aside) == (_sorted(old.layers), old.relations, ())


def _sorted(layers: Mapping[str, tuple[Annotation, ...]]) -> dict[str, tuple[Annotation, ...]]:
    return {name: tuple(sorted(found, key=lambda a: (a.start, -a.end, a.id))) for name, found in layers.items()}


@settings(max_examples=30, deadline=None)
@given(reviewed(), st.data())
def test_a_ledger_written_twice_holds_everything_once(
    tmp_path_factory: pytest.TempPathFactory, old: Document, data: st.DataObject
) -> None:
    """As after a kill between the ledger and the document, when the article has perhaps changed once more."""
    root = tmp_path_factory.mktemp("corpus")
    first = reanchor(old, document(data.draw(edited(old.text))), LAYERS)
    write_set_aside(root, old, first.set_aside)
    second: Reanchored = first if data.draw(st.booleans()) else reanchor(old, document("Other."), LAYERS)
    write_set_aside(root, old, second.set_aside)
    ledger = root / FOLDER / "fire.jsonl"
    lines = [line for line in ledger.read_text("utf-8").split("\n") if line] if ledger.exists() else []
    assert [json.loads(line) for line in lines] == json.loads(msgspec.json.encode(second.set_aside))
    before = lines
    write_set_aside(root, second.document, ())
    assert ([line for line in ledger.read_text("utf-8").split("\n") if line] if ledger.exists() else []) == before


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], tmp_path: Path) -> Path:
    return new_corpus(tmp_path / "corpus")


def convert(corpus: Path, *paths: Path, annotate: bool = False) -> ConvertReport:
    return convert_articles(paths, corpus, annotate=annotate)


def accept(path: Path) -> None:
    raw = json.loads(path.read_bytes())
    for layer in raw["layers"].values():
        for annotation in layer:
            annotation["provenance"]["status"] = "accepted"
    path.write_text(json.dumps(raw), encoding="utf-8")


def test_a_changed_article_is_converted_told_and_left_alone_the_next_time(corpus: Path, tmp_path: Path) -> None:
    article = tmp_path / "fire.txt"
    article.write_bytes(OLD.replace("\n", "\r\n").encode())
    convert(corpus, article, annotate=True)
    accept(corpus / "documents" / "fire.json")
    article.write_text(
        OLD.replace("Fire closes", "Fire has closed").replace("with 30 men", "with 300 men")
        + "\nOmar Hale of Haifa said that 70 people fled on Monday.\n",
        encoding="utf-8",
    )
    report = convert(corpus, article, annotate=True)
    assert report.written == ("fire",)
    told = Counter(d.name for d in report.diagnostics)
    assert told["article-changed"] == 1
    assert told["annotation-set-aside"] >= 1
    assert any("figures" in d.message and '"30"' in d.message for d in report.diagnostics)
    raw = json.loads((corpus / "documents" / "fire.json").read_bytes())
    assert raw["text"] == article.read_text(encoding="utf-8")
    assert all(a["text"] == raw["text"][a["start"] : a["end"]] for layer in raw["layers"].values() for a in layer)
    assert {a["provenance"]["status"] for layer in raw["layers"].values() for a in layer} >= {"accepted"}
    records = [json.loads(line) for line in (corpus / FOLDER / "fire.jsonl").read_bytes().splitlines()]
    assert ("figures", "30") in {(r["layer"], r["text"]) for r in records}
    assert [d.name for d in validate_paths([corpus]) if d.severity == "warning"] == ["set-aside-open"]
    again = convert(corpus, article, annotate=True)
    assert (again.written, again.unchanged, again.diagnostics) == ((), ("fire",), ())
    (corpus / FOLDER / "fire.jsonl").write_text("")
    assert list(validate_paths([corpus])) == []


def test_the_copies_of_annotators_follow_and_have_ledgers_of_their_own(corpus: Path, tmp_path: Path) -> None:
    article = tmp_path / "fire.txt"
    article.write_text(OLD, encoding="utf-8")
    convert(corpus, article)
    main = corpus / "documents" / "fire.json"
    copy = corpus / "annotators" / "omar" / "fire.json"
    copy.parent.mkdir(parents=True)
    raw = json.loads(main.read_bytes())
    raw["layers"]["actors"] = [
        {"id": name, **at(words), "kind": "person"} for name, words in (("a1", "Rosa Lind"), ("a2", "port official"))
    ]
    copy.write_text(json.dumps(raw), encoding="utf-8")
    article.write_text(OLD.replace("Fire", "A fire").replace("A port official", "Omar Hale"), encoding="utf-8")
    report = convert(corpus, article)
    assert [(d.name, d.path) for d in report.diagnostics] == [
        (name, "annotators/omar/fire.json") for name in ("article-changed", "annotation-set-aside")
    ]
    raw = json.loads(copy.read_bytes())
    assert raw["text"] == json.loads(main.read_bytes())["text"]
    assert [a["text"] for a in raw["layers"]["actors"]] == ["Rosa Lind"]
    [told] = [d for d in validate_paths([corpus]) if d.name == "set-aside-open"]
    assert told.path.endswith("set-aside/annotators/omar/fire.jsonl")
    assert "port official" in told.message
    again = convert(corpus, article)
    assert (again.written, again.diagnostics) == ((), ())


def test_with_again_the_new_paragraph_gets_suggestions(corpus: Path, tmp_path: Path) -> None:
    article = tmp_path / "fire.txt"
    article.write_text(OLD, encoding="utf-8")
    convert(corpus, article, annotate=True)
    accept(corpus / "documents" / "fire.json")
    more = "\nOmar Hale said that 70 people fled to Haifa on Monday.\n"
    article.write_text(OLD + more, encoding="utf-8")
    assert convert_articles([article], corpus, again=True).written == ("fire",)
    raw = json.loads((corpus / "documents" / "fire.json").read_bytes())
    new = {
        a["text"]: a["provenance"]["status"]
        for layer in raw["layers"].values()
        for a in layer
        if a["start"] >= len(OLD)
    }
    assert new["70"] == new["Omar Hale"] == "suggested"
    assert not (corpus / FOLDER).exists()


def test_an_article_that_comes_back_word_for_word_gives_the_same_document_again(corpus: Path, tmp_path: Path) -> None:
    article = tmp_path / "fire.txt"
    article.write_text(OLD, encoding="utf-8")
    convert(corpus, article, annotate=True)
    path = corpus / "documents" / "fire.json"
    accept(path)
    convert(corpus, article)
    before = json.loads(path.read_bytes())
    article.write_text("On Monday.\n\n" + OLD, encoding="utf-8")
    convert(corpus, article)
    assert json.loads(path.read_bytes()) != before
    article.write_text(OLD, encoding="utf-8")
    convert(corpus, article)
    assert json.loads(path.read_bytes()) == before


def test_the_ledger_is_not_written_through_links(corpus: Path, tmp_path: Path) -> None:
    from corpus_tool.model import CorpusToolError

    outside = tmp_path / "outside"
    outside.mkdir()
    (corpus / FOLDER).symlink_to(outside)
    old = document(OLD, actors=(actor("a1", "Rosa Lind"),))
    result = reanchor(old, document("Something else."), LAYERS)
    with pytest.raises(CorpusToolError, match="symbolic link"):
        write_set_aside(corpus, old, result.set_aside)
    assert list(outside.iterdir()) == []


MANY = 150


def shard(path: Path, hours: str) -> Path:
    rows = (
        {
            "id": f"n{i}",
            "text": f"Storm {i}\n\nSnow fell for {hours} hours over the pass number {i}. “Oh 😀,” said Zoë of Tarn.",
        }
        for i in range(MANY)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("moment", [1, 60])
def test_a_kill_loses_no_annotation_and_the_next_run_completes(moment: int, corpus: Path, tmp_path: Path) -> None:
    """It is killed once so many ledgers are there: what is set aside is in a ledger, or still in its document."""
    articles = shard(tmp_path / "w.jsonl", "nine")
    convert(corpus, articles)
    for path in (corpus / "documents").iterdir():
        raw = json.loads(path.read_bytes())
        marks = [("nine", "a1"), ("Zoë", "a2")]
        raw["layers"]["actors"] = [
            {"id": name, **at(words, raw["text"]), "kind": "person", "provenance": {"status": "accepted"}}
            for words, name in marks
        ]
        path.write_text(json.dumps(raw), encoding="utf-8")
    shard(articles, "ten")
    command = [sys.executable, "-m", "corpus_tool", "convert", str(articles), "--into", str(corpus), "--no-annotate"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while len(list((corpus / FOLDER).glob("[!.]*"))) < moment and process.poll() is None:
            pass
        process.kill()
        out, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, f"it ended before it was killed: {out!r}"
    assert all({*names} == {"a1", "a2"} for names in _held(corpus).values())
    (corpus / "documents" / ".n1.json.abcd1234.tmp").write_text("left by a killed process")
    report = convert(corpus, articles)
    assert 0 < len(report.written) <= MANY
    assert all(names == {"a1": 1, "a2": 1} for names in _held(corpus).values())
    assert not list((corpus / "documents").glob(".*")) + list((corpus / FOLDER).glob(".*"))
    assert convert(corpus, articles).written == ()


def _held(corpus: Path) -> dict[str, Counter[str]]:
    """How often each annotation of each document is in the document or in its ledger."""
    found: dict[str, Counter[str]] = {}
    for path in (corpus / "documents").glob("[!.]*"):
        raw = json.loads(path.read_bytes())
        found[path.stem] = Counter(a["id"] for a in raw["layers"]["actors"])
    for path in (corpus / FOLDER).glob("[!.]*"):
        found[path.stem].update(json.loads(line)["id"] for line in path.read_bytes().splitlines())
    return found
