"""CoNLL-U with entities, in and out."""

from __future__ import annotations

import sys
from pathlib import Path

import conllu
import pytest
from formats.incoming import taken, told, words
from formats.round_trip import assert_round_trips, there_and_back

from corpus_tool.exchange import import_annotations
from corpus_tool.model import CorpusToolError, sha256_of
from corpus_tool.read.blocks import find_blocks

#: Nested mentions, one of them closed with another; a token of two words; a node that the text does not show.
GUM = """\
# newdoc id = Harbour_fire
# global.Entity = GRP-etype-infstat-link-identity
# meta::author = Ann Lee, علي
# meta::title = Fire in the harbour
# meta::sourceURL = https://example.org/fire
# newpar
# sent_id = f-1
# text = Tarn's mayor “Ida” left 🔥.
1-2\tTarn's\t_\t_\t_\t_\t_\t_\t_\tEntity=no
1\tTarn\tTarn\tPROPN\t_\t_\t3\tnmod\t_\tEntity=(1-person-new-coref(2-place-new-sgl-Tarn%2C_the_%28old%29_town
2\t's\t's\tPART\t_\t_\t1\tcase\t_\tEntity=2)|SpaceAfter=Yes
3\tmayor\tmayor\tNOUN\t_\t_\t0\troot\t_\tEntity=1)
4\t“\t_\tPUNCT\t_\t_\t_\t_\t_\tSpaceAfter=No
5\tIda\tIda\tPROPN\t_\t_\t_\t_\t_\tSpaceAfter=No|Entity=(1-person-giv-ana)|Bridge=2<1:part
6\t”\t_\tPUNCT\t_\t_\t_\t_\t_\t_
7\tleft\tleave\tVERB\t_\t_\t_\t_\t_\t_
7.1\t_\t_\t_\t_\t_\t_\t_\t_\tEntity=(3-person-new-ana)
8\t🔥\t_\tSYM\t_\t_\t_\t_\t_\tEntity=(4-event-new-sgl)|SpaceAfter=No|Note=a=b
9\t.\t_\tPUNCT\t_\t_\t_\t_\t_\t_

# newpar = p
# sent_id = f-2
# text = Za  Vell
1\tZa\t_\t_\t_\t_\t_\t_\t_\t_
2\tVell\t_\t_\t_\t_\t_\t_\t_\tEntity=(5-place-new-sgl)

# sent_id = f-3
1\tDu\t_\t_\t_\t_\t_\t_\t_\t_

# newdoc
# sent_id = g-1
1\tقال\t_\t_\t_\t_\t_\t_\t_\t_
2\tعلي\t_\t_\t_\t_\t_\t_\t_\tEntity=(1-person-new-sgl)
"""


def put(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8"))
    return path


def rows(*columns: str) -> str:
    """A sentence of words with their MISC."""
    parts = (column.partition(" ")[::2] for column in columns)
    return "".join(f"{n}\t{form}" + "\t_" * 7 + f"\t{misc or '_'}\n" for n, (form, misc) in enumerate(parts, 1)) + "\n"


def test_round_trip() -> None:
    assert_round_trips("conllu")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_gum(tmp_path: Path, end: str) -> None:
    report, made = taken(put(tmp_path / "x.conllu", GUM.replace("\n", end)), tmp_path, "conllu")
    document = made["harbour-fire"]
    assert document.text == "Tarn's mayor “Ida” left 🔥.\n\nZa  Vell Du"
    assert words(document) == {"actors": ["Tarn's mayor", "Ida"], "locations": ["Tarn's", "Vell"]}
    assert document.actors[0].entity == document.actors[1].entity
    assert document.actors[0].extra == {"infstat": "new", "link": "coref"}
    [tarn] = [e for e in document.entities if e.links]
    assert (tarn.name, tarn.links) == ("Tarn, the (old) town", {"wikipedia": "Tarn,_the_(old)_town"})
    [bridge] = document.relations
    ida, town = document.actors[1].id, document.locations[0].id
    assert (bridge.type, bridge.source, bridge.target, bridge.extra) == ("Bridge", ida, town, {"type": "part"})
    assert (document.meta.title, document.meta.authors) == ("Fire in the harbour", ("Ann Lee", "علي"))
    assert document.meta.url == "https://example.org/fire"
    assert words(made["x-2"]) == {"actors": ["علي"]}
    assert told(report) == [("x.conllu", 17, "import-span-outside")]  # the node that the text does not show
    lost = {(loss.what, loss.kind) for loss in report.losses}
    assert {("column", "lemma"), ("column", "upos"), ("MISC", "Note"), ("dropped", "event")} <= lost


def test_discontinuous_nested_and_crossing_mentions_of_corefud(tmp_path: Path) -> None:
    content = "# global.Entity = eid-etype-head-other\n" + rows(
        "Ida Entity=(e1[1/2]-person-1-(e2-place-1-note:a%2Cb%3Ac,mind:x",
        "Holm",
        "of Entity=e1[1/2])(e3-organization-1-",
        "Tarn Entity=e2)(e1--1-)",
        "left Entity=(e1[2/2]-person-1-)e3)",
    )
    own = "spans:\n  mention: {layer: actors, attributes: {kind: other}}\n"
    report, made = taken(put(tmp_path / "x.conllu", content), tmp_path, "conllu", own)
    assert told(report) == []
    document = made["x"]
    assert [(a.text, a.kind, a.entity) for a in document.actors] == [
        ("Ida Holm of left", "person", "e1"),
        ("of Tarn left", "organization", "e3"),
        ("Tarn", "other", "e1"),
    ]
    assert [(f.start, f.end) for f in document.actors[0].fragments] == [(0, 11), (17, 21)]
    [place] = document.locations
    assert (place.text, place.extra) == ("Ida Holm of Tarn", {"head": "1", "note": "a,b:c", "mind": "x"})


@pytest.mark.parametrize(
    "misc",
    [
        ["NE=B-PER", "NE=I-PER", "NE=B-PER", "_", "NE=B-LOC"],
        ["NE=B-PER|X=1", "NE=E-PER", "NE=S-PER", "NE=O", "NE=S-LOC"],
        ["name=B-PER", "name=I-PER", "name=B-PER", "name=O", "name=B-LOC"],
        ["NE=PER_1", "NE=PER_1", "NE=PER_2", "_", "NE=LOC"],
        ["Entity=B-PER", "Entity=I-PER", "Entity=B-PER", "Entity=O", "Entity=B-LOC"],
        ["Entity=(PER", "Entity=PER)", "Entity=(PER)", "_", "Entity=(LOC)"],
        ["Entity=(PER", "Entity=)", "Entity=(PER)", "_", "Entity=(LOC)"],
    ],
)
def test_tags_and_bare_brackets(tmp_path: Path, misc: list[str]) -> None:
    forms = ["Rosa", "Lind", "Ben", "left", "Tarn"]
    content = rows(*(f"{form} {own}" for form, own in zip(forms, misc, strict=True)))
    report, made = taken(put(tmp_path / "x.conllu", content), tmp_path, "conllu")
    assert told(report) == []
    assert words(made["x"]) == {"actors": ["Rosa Lind", "Ben"], "locations": ["Tarn"]}


def test_white_space_as_udpipe_writes_it(tmp_path: Path) -> None:
    content = rows(
        "Ida SpacesBefore=\\s\\t|SpacesAfter=\\s\\s|Entity=(1-person)",
        "left SpacesAfter=\\n\\p\\\\",
        "Tarn SpacesAfter=\\n",
    )
    _, made = taken(put(tmp_path / "x.conllu", content), tmp_path, "conllu")
    assert made["x"].text == " \tIda  left\n|\\Tarn\n"


def test_a_token_whose_words_are_not_its_letters_holds_their_mentions(tmp_path: Path) -> None:
    content = (
        "1\tport\t_\t_\t_\t_\t_\t_\t_\t_\n2-3\tdu\t_\t_\t_\t_\t_\t_\t_\t_\n2\tde\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "3\tle\t_\t_\t_\t_\t_\t_\t_\tEntity=(1-place\n4\tTarn\t_\t_\t_\t_\t_\t_\t_\tEntity=1)\n"
    )
    report, made = taken(put(tmp_path / "x.conllu", content), tmp_path, "conllu")
    assert told(report) == []
    assert (made["x"].text, words(made["x"])) == ("port du Tarn", {"locations": ["du Tarn"]})


def test_what_is_broken_is_told_with_its_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    content = (
        "# text = Ida went to Tarn\n"
        + rows("Ida Entity=(1-person)", "left Entity=2)", "Vell Entity=(3-place", "Tarn Entity=(4-place)x")
        + "one\tBen\t_\t_\t_\t_\t_\t_\t_\tEntity=(5-person)\n2\n"
        + "3\tRosa\t_\t_\t_\t_\tbad head\t_\t_\tEntity=(6-person)\n\n"
        + "# corpus_tool::entity = {oops\n"
        + rows("Om Entity=(7-place)|Bridge=99<7")
    )
    report, made = taken(put(tmp_path / "in.conllu", content), tmp_path, "conllu")
    unreadable = "import-record-unreadable"
    assert sorted(told(report)) == [
        ("in.conllu", 2, "import-words-differ"),
        *(("in.conllu", line, unreadable) for line in (3, 4, 5, 7, 8, 11, 12)),
    ]
    assert words(made["in"]) == {"actors": ["Ida", "Rosa"], "locations": ["Tarn", "Om"]}
    assert made["in"].text == "Ida left Vell Tarn Rosa Om"


def test_a_file_without_words_is_told(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.conllu", "# newdoc id = a\n")
    put(tmp_path / "in" / "b.conllu", rows("Ida Entity=(1-person)"))
    report, made = taken(tmp_path / "in", tmp_path, "conllu")
    assert told(report) == [("a.conllu", 1, "import-file-unreadable")]
    assert list(made) == ["b"]


def test_without_the_library_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "conllu"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "conllu", None)
    (tmp_path / "corpus.yaml").write_text("schema: corpus-tool/corpus/1\nname: x\nversion: 1.0.0\nlicense: cc0-1.0\n")
    with pytest.raises(CorpusToolError, match=r"pip install 'corpus-tool\[formats\]'"):
        import_annotations(put(tmp_path / "x.conllu", GUM), tmp_path, "conllu")


def test_export_is_read_by_the_library_and_a_sentence_goes_on_where_a_quote_does(tmp_path: Path) -> None:
    text = "Fire in Tarn. Rain!\n\n“We go. Now,” said\u00a0Ida-علي. She left.\n"
    quote = "“We go. Now,”"
    layers = {
        "actors": [("Ida-علي", "person", "e1"), ("She", "person", "e1")],
        "locations": [("Tarn", "city", None)],
        "quotes": [(quote, "direct", None)],
    }
    raw = {
        "schema": "corpus-tool/document/1",
        "id": "fire",
        "meta": {"extra": {"a = b": "x\u2028y", "n": 1, "1": "1"}},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [{"start": b.start, "end": b.end, "kind": b.kind} for b in find_blocks(text)],
        "entities": [{"id": "e1", "kind": "person", "name": "Ida علي 😀|%"}],
        "layers": {
            layer: [
                {"id": f"{layer[0]}{n}", "start": text.index(w), "end": text.index(w) + len(w), "text": w, "kind": kind}
                | ({"entity": entity} if entity else {})
                | ({"speaker_status": "implicit"} if layer == "quotes" else {})
                for n, (w, kind, entity) in enumerate(found)
            ]
            for layer, found in layers.items()
        },
    }
    document, back, losses = there_and_back(raw, "conllu", tmp_path)
    assert losses == ()
    assert back.text == document.text
    assert back.meta.extra == document.meta.extra
    assert back.entities == document.entities
    assert [a.entity for a in back.actors] == ["e1", "e1"]
    assert back.locations[0].entity is None
    written = (tmp_path / "out" / "fire.conllu").read_text(encoding="utf-8")
    sentences = conllu.parse(written)
    assert [s.metadata["text"] for s in sentences] == [
        "Fire in Tarn.",
        "Rain!",
        "“We go. Now,” said Ida-علي.",
        "She left.",
    ]
    assert [("newpar" in s.metadata) for s in sentences] == [True, False, True, False]
    assert all(s.metadata["sent_id"] == f"fire-{n}" for n, s in enumerate(sentences, 1))
    assert [t["id"] for t in sentences[2]] == list(range(1, len(sentences[2]) + 1))
    assert "\tsaid\t_\t_\t_\t_\t_\t_\t_\tSpacesAfter=\u00a0\n" in written
