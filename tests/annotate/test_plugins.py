"""Annotators that a corpus names: they run when the user allows it, in order, and mark what they suggest."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.annotate.plugins import ANNOTATORS, Annotator, Request, make_annotator, suggestions
from corpus_tool.annotate.plugins.gliner import CHUNK_WORDS, LABELS, chunks
from corpus_tool.consent import EVERYTHING, read_user_config
from corpus_tool.convert import ConvertReport, convert_articles
from corpus_tool.init import init_corpus
from corpus_tool.model import Actor, Block, CorpusToolError, Document, Meta, Provenance, sha256_of
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.read.corpus import open_corpus
from corpus_tool.validate import validate_paths

Json = dict[str, Any]

TEXT = (
    "Ferry runs aground\n\nThe Aurora Star ran aground near Haifa on Monday, and Rosa Lind, the mayor, said the crew"
    " of the Bering Dawn had been called. Nobody was hurt, and the harbour was open again in the evening.\n"
)
DOCS = (Path(__file__).parents[2] / "docs" / "plug-ins.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def own_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the user's configuration lies in these tests; there is none at first."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    path = tmp_path / "xdg" / "corpus-tool" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


def installed(folder: Path, module: str, source: str, entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a module and the metadata of its package on the path, as pip would."""
    info = folder / f"{module}_package-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[corpus_tool.annotators]\n{entry}\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, module, raising=False)


def block_of(language: str, holding: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)
    [block] = [b for b in blocks if holding in b]
    return str(block)


@pytest.fixture
def ships(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The package of docs/plug-ins.md, installed."""
    [entry] = re.findall(r'^ships = "(.*)"$', block_of("toml", "entry-points"), re.MULTILINE)
    installed(tmp_path / "site", "ships", block_of("python", "make_ships"), f"ships = {entry}", monkeypatch)


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], tmp_path: Path) -> Callable[[str], Path]:
    """``corpus(yaml)``: a corpus with these lines in its ``corpus.yaml``."""
    return lambda yaml: new_corpus(tmp_path / "corpus", yaml=yaml)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def load(root: Path, name: str = "ferry") -> Json:
    raw: Json = json.loads((root / "documents" / f"{name}.json").read_bytes())
    return raw


def codes(report: ConvertReport) -> list[str]:
    return [d.name for d in report.diagnostics]


SHIPS = "annotate:\n  - annotator: ships\n    names: [Aurora Star, Bering Dawn]\n"


@pytest.mark.usefixtures("ships")
def test_the_package_of_the_docs_runs_when_it_is_allowed(
    corpus: Callable[[str], Path], article: Path, run_main: Callable[..., Any]
) -> None:
    root = corpus(block_of("yaml", "annotator: ships"))
    ran = run_main("convert", article, "--into", root)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "asks for the annotator ships of another package; nothing was run" in ran.err
    assert "convert --allow ships" in ran.err
    assert "ships" not in sys.modules
    assert not (root / "documents" / "ferry.json").exists()
    ran = run_main("convert", article, "--into", root, "--allow", "ships")
    assert ran.status == 0
    raw = load(root)
    assert list(raw["layers"]) == ["actors"]
    assert [a["text"] for a in raw["layers"]["actors"]] == ["Aurora Star", "Bering Dawn"]
    assert raw["layers"]["actors"][0]["provenance"] == {
        "status": "suggested",
        "annotator": "ships/1.0",
        "score": 0.9,
    }
    assert list(validate_paths([root])) == []
    assert convert_articles([article], root, allow=[EVERYTHING]).unchanged == ("ferry",)
    assert run_main("convert", article, "--into", root, "--no-annotate").status == 0


@pytest.mark.parametrize(
    ("asked", "token", "told"),
    [
        ("{annotator: gliner, model: m}", "gliner:m", "gliner with the model m"),
        (
            "{annotator: openai, url: 'http://127.0.0.1:9/v1', model: m, retries: 0}",
            "openai:http://127.0.0.1:9/v1",
            "sends the articles",
        ),
        ("{annotator: default, pipeline: ./mine}", "default:./mine", "the spaCy pipeline ./mine"),
        ("{annotator: other, any: [thing]}", "other", "other of another package"),
    ],
)
def test_what_a_corpus_names_is_refused_and_the_refusal_says_what_allows_it(
    asked: str, token: str, told: str, corpus: Callable[[str], Path], article: Path, own_configuration: Path
) -> None:
    root = corpus(f"annotate:\n  - {asked}\n")

    def refusal(**options: Any) -> str:
        with pytest.raises(CorpusToolError) as refused:
            convert_articles([article], root, **options)
        return str(refused.value)

    assert told in refusal()
    assert f"--allow {token}" in refusal()
    assert "nothing was run" in refusal(allow=["ships", "gliner:other", "openai:http://127.0.0.1:99/v1"])
    own_configuration.write_text(f'allow_annotators: ["{token}"]\n')
    if asked.startswith("{annotator: openai"):
        assert codes(convert_articles([article], root)) == ["annotator-failed"]
    else:
        assert "nothing was run" not in refusal()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("allow_annotators: [openai]\n", "write openai:URL"),
        ("allow_annotators: ['*']\n", "choose where articles are sent"),
        ("allow_annotators: gliner\n", "a list of names"),
        ("allow: [gliner]\n", "other keys than"),
        ("api_key_env: {a: 1}\n", "name of an environment variable"),
        ("a: &x 1\n", "config.yaml:1:4: anchors"),
    ],
)
def test_a_configuration_that_says_something_else_is_misuse(
    text: str, told: str, corpus: Callable[[str], Path], article: Path, own_configuration: Path
) -> None:
    own_configuration.write_text(text)
    with pytest.raises(CorpusToolError) as refused:
        convert_articles([article], corpus(SHIPS))
    assert told in str(refused.value)


def test_a_corpus_does_not_choose_which_secret_is_sent(
    corpus: Callable[[str], Path], article: Path, monkeypatch: pytest.MonkeyPatch, own_configuration: Path
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    entry = (
        "{annotator: openai, url: 'http://127.0.0.1:9/v1', model: m, api_key_env: AWS_SECRET_ACCESS_KEY, retries: 0}"
    )
    root = corpus(f"annotate:\n  - {entry}\n")
    with pytest.raises(CorpusToolError, match="--api-key-env AWS_SECRET_ACCESS_KEY"):
        convert_articles([article], root, allow=["openai"])
    with pytest.raises(CorpusToolError, match="OTHER is not set"):
        convert_articles([article], root, allow=["openai"], api_key_env="OTHER")
    own_configuration.write_text('api_key_env: {"http://127.0.0.1:9/v1": AWS_SECRET_ACCESS_KEY}\n')
    assert codes(convert_articles([article], root, allow=["openai"])) == ["annotator-failed"]
    with pytest.raises(CorpusToolError, match="asks for no endpoint"):
        convert_articles([article], corpus_of_default(root), api_key_env="OTHER")


def corpus_of_default(root: Path) -> Path:
    path = root / "corpus.yaml"
    path.write_text(path.read_text().split("annotate:")[0])
    return root


@pytest.mark.parametrize(
    "entry",
    [
        "{annotator: default, pipelin: x}",
        "{annotator: gliner}",
        "{annotator: gliner, model: m, threshold: 2}",
        "{annotator: gliner, model: m, labels: {person: figures.money}}",
        "{annotator: openai, url: 'file:///x', model: m}",
        "{annotator: openai, url: 'http://u@h/v1', model: m}",
        "{annotator: openai, url: 'http://h/v1', model: m, layers: [stance]}",
        "{pipeline: x}",
        "{annotator: '../x'}",
        "default",
    ],
)
def test_a_wrong_entry_in_corpus_yaml_is_told_by_its_place(
    entry: str, corpus: Callable[[str], Path], article: Path, run_main: Callable[..., Any]
) -> None:
    ran = run_main("convert", article, "--into", corpus(f"annotate:\n  - {entry}\n"), "--allow-annotators")
    assert ran.status == 1
    assert "corpus.yaml:9:" in ran.err
    assert "COR002 annotate.0" in ran.err


@pytest.mark.usefixtures("ships")
def test_a_later_annotator_replaces_the_layers_that_it_fills(
    corpus: Callable[[str], Path], article: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = """
from msgspec.structs import replace
from corpus_tool.annotate.plugins import Annotator
from corpus_tool.model import Actor, Entity, Quote

def make(options):
    def annotate(documents):
        for d in documents:
            def span(words, **rest):
                return dict(start=d.text.index(words), end=d.text.index(words) + len(words), text=words, **rest)
            yield replace(
                d,
                entities=(Entity(id="e1", kind="person", name="Rosa Lind"), Entity(id="e2", kind="other", name="x")),
                layers={
                    "actors": (
                        Actor(id="a1", kind="person", entity="e1", **span("Rosa Lind")),
                        Actor(id="a2", kind="other", entity="e2", **span("Star")),
                        Actor(id="a3", kind="other", **span("crew")),
                    ),
                    "quotes": (
                        Quote(id="q1", kind="indirect", speaker="a1", **span("Nobody was hurt")),
                        Quote(id="q2", kind="indirect", speaker="a2", **span("the harbour was open")),
                        Quote(id="q3", kind="indirect", speaker_status="unknown", **span("in the evening")),
                    ),
                },
            )
    return Annotator("whole", "2", ("actors", "quotes"), annotate)
"""
    installed(tmp_path / "site2", "whole", source, "whole = whole:make", monkeypatch)
    root = corpus(f"{SHIPS.replace('annotate:', 'annotate:' + chr(10) + '  - annotator: whole')}")
    assert convert_articles([article], root, allow=["ships", "whole"]).diagnostics == ()
    raw = load(root)
    actors = {a["id"]: (a["text"], a["provenance"]["annotator"]) for a in raw["layers"]["actors"]}
    assert sorted(actors.values()) == [
        ("Aurora Star", "ships/1.0"),
        ("Bering Dawn", "ships/1.0"),
        ("Rosa Lind", "whole/2"),  # a quote that stays names her; nothing else of the first annotator's does
    ]
    speakers = [q.get("speaker") and actors[q["speaker"]][0] for q in raw["layers"]["quotes"]]
    assert speakers == ["Rosa Lind", "Aurora Star", None]
    assert [e["name"] for e in raw["entities"]] == ["Rosa Lind"]
    assert [d.code for d in validate_paths([root]) if d.severity == "error"] == []


BROKEN = {
    "raises": "raise KeyError('x')",
    "moves": "return [replace(d, layers={'actors': (actor(d, 1, 4, 'Aur'),)}) for d in ds]",
    "strays": "return [replace(d, layers={'places': ()}) for d in ds]",
    "no kind": "return [replace(d, layers={'actors': (actor(d, 0, 5, 'Ferry', kind='ship'),)}) for d in ds]",
    "score": "return [replace(d, layers={'actors': (actor(d, 0, 5, 'Ferry', score=7.0),)}) for d in ds]",
    "twice": "return [replace(d, layers={'actors': (actor(d, 0, 5, 'Ferry'), actor(d, 0, 5, 'Ferry'))}) for d in ds]",
    "few": "return []",
    "dangling": "return [replace(d, layers={'actors': (actor(d, 0, 5, 'Ferry', entity='e9'),)}) for d in ds]",
    "other": "return [replace(d, id='x') for d in ds]",
    "nothing": "return None",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_annotator_costs_its_suggestions_and_nothing_else(
    body: str, corpus: Callable[[str], Path], article: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = (
        "from msgspec.structs import replace\n"
        "from corpus_tool.annotate.plugins import Annotator\n"
        "from corpus_tool.model import Actor, Provenance\n"
        "def actor(d, s, e, t, kind='other', score=None, entity=None):\n"
        "    own = Provenance(status='accepted', score=score)\n"
        "    return Actor(id='a1', start=s, end=e, text=t, kind=kind, entity=entity, provenance=own)\n"
        f"def run(ds):\n    {body}\n"
        "def make(options):\n    return Annotator('broken', '1', ('actors',), run)\n"
    )
    installed(tmp_path / "site2", "broken", source, "broken = broken:make", monkeypatch)
    root = corpus("annotate:\n  - annotator: broken\n")
    report = convert_articles([article], root, allow=["broken"])
    assert report.written == ("ferry",)
    assert codes(report) == ["annotator-failed"]
    assert load(root)["layers"] == {}


def test_one_bad_document_of_a_group_costs_the_others_nothing() -> None:
    def annotate(documents: Any) -> Any:
        for document in documents:
            if document.id == "two":
                raise ValueError("no")
            actor = Actor(id="a1", start=0, end=1, text="x", kind="other", provenance=Provenance(status="accepted"))
            yield Document(id=document.id, meta=document.meta, text="x", text_sha256="", layers={"actors": (actor,)})

    documents = [Document(id=name, meta=Meta(), text="x", text_sha256="") for name in ("one", "two", "three")]
    done = list(suggestions(Annotator("picky", "1", ("actors",), annotate), documents))
    assert [sorted(noted.document.layers) for noted in done] == [["actors"], [], ["actors"]]
    assert [noted.document.id for noted in done] == ["one", "two", "three"]
    provenance = done[0].document.actors[0].provenance
    assert provenance == Provenance(status="suggested", annotator="picky/1")


def test_an_unknown_annotator_and_one_that_does_not_start_are_misuse(
    corpus: Callable[[str], Path], article: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert list(ANNOTATORS) == sorted(ANNOTATORS)
    with pytest.raises(CorpusToolError, match="no annotator is called 'nemo'; installed are default, gliner, openai"):
        make_annotator(Request("nemo", {}, tmp_path))
    installed(
        tmp_path / "site2",
        "brokenstart",
        "def make(options):\n    return options['x']\n",
        "bs = brokenstart:make",
        monkeypatch,
    )
    with pytest.raises(CorpusToolError, match=r"the annotator bs \(brokenstart:make\) does not start: KeyError"):
        convert_articles([article], corpus("annotate:\n  - annotator: bs\n"), allow=["bs"])


def test_the_yaml_of_the_docs_and_of_the_template_is_accepted(
    new_corpus: Callable[..., Path], tmp_path: Path, own_configuration: Path
) -> None:
    first = open_corpus(new_corpus(tmp_path / "one", yaml=block_of("yaml", "models/gliner"))).config
    assert [entry["annotator"] for entry in first.annotate] == ["default", "gliner", "openai"]
    own_configuration.write_text(block_of("yaml", "allow_annotators"))
    assert read_user_config().allow_annotators == ("gliner", "openai:http://127.0.0.1:8000/v1")
    path = init_corpus(tmp_path / "two")
    lines = path.read_text().split("\n")
    at = lines.index("# annotate:")
    path.write_text("\n".join(line.removeprefix("# ") if at <= n < at + 7 else line for n, line in enumerate(lines)))
    assert [entry["annotator"] for entry in open_corpus(path.parent).config.annotate] == ["default", "openai"]


# --- gliner, played by a module of that name ---

GLINER = """
__version__ = "0.9"

class GLiNER:
    calls = []

    @classmethod
    def from_pretrained(cls, folder, local_files_only=False):
        assert local_files_only
        from huggingface_hub import constants
        assert constants.HF_HUB_OFFLINE
        return cls()

    def inference(self, texts, labels, threshold=0.5):
        self.calls.append((list(texts), list(labels), threshold))
        known = {"Rosa Lind": ("person", 0.91234567), "Haifa": ("city", 0.8), "Aurora Star": ("ship", 0.9)}
        out = []
        for text in texts:
            spans = [
                {"start": text.index(w), "end": text.index(w) + len(w), "text": w, "label": label, "score": score}
                for w, (label, score) in known.items() if w in text and label in labels
            ]
            if "Haifa" in text:
                spans.append({"start": 0, "end": 3, "text": "not", "label": "city", "score": 0.9})
            out.append(spans)
        return out
"""


@pytest.fixture
def gliner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A fake package gliner on the path, and the folder of a model."""
    (tmp_path / "site3").mkdir()
    (tmp_path / "site3" / "gliner.py").write_text(GLINER)
    monkeypatch.syspath_prepend(str(tmp_path / "site3"))
    monkeypatch.delitem(sys.modules, "gliner", raising=False)
    model = tmp_path / "corpus" / "models" / "small"
    model.mkdir(parents=True)
    (model / "gliner_config.json").write_text("{}")
    return model


ASKED = (
    "annotate:\n  - {annotator: gliner, model: models/small, labels: {person: actors.person, city: locations.city}}\n"
)


@pytest.mark.usefixtures("gliner")
def test_gliner_fills_its_layers_with_scores(corpus: Callable[[str], Path], article: Path) -> None:
    root = corpus(ASKED)
    report = convert_articles([article], root, allow=["gliner"])
    assert [(d.code, d.message) for d in report.diagnostics] == [
        ("COR025", "gliner: 1 of 3 spans are not the words that it gave for them")
    ]
    raw = load(root)
    assert list(raw["layers"]) == ["actors", "locations"]
    [rosa], [haifa] = raw["layers"]["actors"], raw["layers"]["locations"]
    assert (rosa["text"], rosa["kind"], rosa["mention"], haifa["text"], haifa["kind"]) == (
        "Rosa Lind",
        "person",
        "name",
        "Haifa",
        "city",
    )
    assert rosa["provenance"] == {"status": "suggested", "annotator": "gliner/0.9+small", "score": 0.9123}
    assert [e["name"] for e in raw["entities"]] == ["Haifa", "Rosa Lind"]
    assert list(validate_paths([root])) == []


def test_gliner_needs_its_package_and_a_folder(corpus: Callable[[str], Path], article: Path, gliner: Path) -> None:
    sys.path.pop(0)
    sys.path_importer_cache.clear()
    with pytest.raises(CorpusToolError, match="needs the package gliner: pip install gliner"):
        convert_articles([article], corpus(ASKED), allow=["gliner"])
    with pytest.raises(CorpusToolError, match="holds no gliner_config"):
        make_annotator(Request("gliner", {"model": "nowhere"}, gliner))


def test_the_labels_of_gliner_name_kinds_of_the_layers() -> None:
    layers = built_in_layers()
    assert all(kind in layers[layer].kinds for layer, kind in LABELS.values())


def test_long_paragraphs_are_cut_between_sentences_and_words() -> None:
    sentence = "Rosa Lind of Haifa spoke for a while. "
    text = sentence * 100 + "\n" + "word " * 1000 + "\n" + "中" * 2000
    bounds = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    blocks = tuple(Block(start=s, end=e, kind="paragraph") for s, e in bounds)
    parts = list(chunks(Document(id="x", meta=Meta(), text=text, text_sha256=sha256_of(text), blocks=blocks)))
    assert all(text.startswith(part, start) for start, part in parts)
    assert all(len(part.split()) <= CHUNK_WORDS + 1 and len(part) < 1200 for _, part in parts)
    assert all(part.startswith("Rosa") for start, part in parts if start < bounds[0][1])
    assert "".join("".join(part.split()) for _, part in parts) == "".join(text.split())


# --- spaCy pipelines ---


def make_pipeline(folder: Path, language: str, *, parsed: bool = True) -> Path:
    """A pipeline that calls every word a noun of the one before it; enough for the rules to run."""
    import spacy
    from spacy.language import Language

    def parse(doc: Any) -> Any:
        for token in doc:
            token.pos_, token.lemma_, token.dep_ = "NOUN", token.text, "dep" if token.i else "ROOT"
            token.head = doc[max(0, token.i - 1)]
        return doc

    if not Language.has_factory("tiny_parse"):
        Language.component("tiny_parse", func=parse)
    pipeline = spacy.blank(language)
    pipeline.meta["name"] = "tiny"
    if parsed:
        pipeline.add_pipe("tiny_parse")
    pipeline.to_disk(folder)
    return folder


def test_a_pipeline_by_path_annotates_its_own_language_alone(
    corpus: Callable[[str], Path], tmp_path: Path, run_main: Callable[..., Any]
) -> None:
    root = corpus("annotate:\n  - {annotator: default, pipeline: ./tiny}\n")
    make_pipeline(root / "tiny", "de")
    rows = [
        {"id": "german", "text": "Die Brücke kostet 40 Millionen Euro.", "language": "de-AT"},
        {"id": "french", "text": "Le pont coûte 40 millions d'euros.", "language": "fr"},
    ]
    shard = tmp_path / "w.jsonl"
    shard.write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = convert_articles([shard], root, allow=["default:./tiny"])
    assert [(d.code, d.path) for d in report.diagnostics] == [("COR023", "documents/french.json")]
    assert "its language is fr" in report.diagnostics[0].message
    assert load(root, "french")["layers"] == {}
    raw = load(root, "german")
    assert list(raw["layers"]) == ["actors", "locations", "figures", "quotes"]
    marks = {a["provenance"]["annotator"] for layer in raw["layers"].values() for a in layer}
    assert all(re.fullmatch(r"corpus-tool-rules/0\.1\.0\+de_tiny-.*", mark) for mark in marks)
    ran = run_main("convert", shard, "--into", root, "--pipeline", tmp_path / "corpus" / "tiny")
    assert (ran.status, "2 unchanged" in ran.out) == (1, True)


def test_a_pipeline_without_a_parser_is_refused(corpus: Callable[[str], Path], article: Path, tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "blank", "en", parsed=False)
    with pytest.raises(CorpusToolError, match="gives no POS, DEP, LEMMA"):
        convert_articles([article], corpus(""), pipeline=str(folder))
    with pytest.raises(CorpusToolError, match="is no folder of a spaCy pipeline"):
        convert_articles([article], corpus_of_default(tmp_path / "corpus"), pipeline="./nowhere")


@pytest.mark.usefixtures("ships")
def test_a_pipeline_needs_the_default_annotator(corpus: Callable[[str], Path], article: Path) -> None:
    with pytest.raises(CorpusToolError, match="does not ask for the default annotator"):
        convert_articles([article], corpus(SHIPS), allow=["ships"], pipeline="en_core_web_md")


def test_a_folder_with_the_name_of_the_default_pipeline_is_no_package(
    corpus: Callable[[str], Path], article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus that brings a folder en_core_web_sm along must not have it loaded by who works inside it."""
    import spacy

    from corpus_tool.annotate import pipeline

    root = corpus("")
    for name in pipeline.DEFAULT_PIPELINES:
        make_pipeline(root / name, "en")
    monkeypatch.chdir(root)
    monkeypatch.setattr(spacy.util, "is_package", lambda name: False)
    pipeline.load_pipeline.cache_clear()
    with pytest.raises(CorpusToolError, match="is not installed"):
        convert_articles([article], root)


# --- processes ---


def test_two_processes_write_the_same_bytes_as_one(
    new_corpus: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus_tool.convert_task.GROUP", 1)
    rows = [
        {"id": f"n{i}", "text": TEXT.replace("Haifa", town)} for i, town in enumerate(["Haifa", "Oslo", "Lima", "Rome"])
    ]
    rows.insert(2, {"id": "german", "text": "Die Brücke ist gesperrt.", "language": "de"})
    shard = tmp_path / "w.jsonl"
    shard.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "bad"}]))
    reports, trees = [], []
    for jobs in (1, 2):
        root = new_corpus(tmp_path / f"c{jobs}")
        seen: list[str] = []
        reports.append(convert_articles([shard], root, jobs=jobs, on_article=seen.append))
        trees.append({path.name: path.read_bytes() for path in sorted((root / "documents").iterdir())})
        assert seen == ["n0", "n1", "german", "n2", "n3"]
    assert reports[0] == reports[1]
    assert codes(reports[0]) == ["article-line-invalid", "language-not-annotated"]
    assert trees[0] == trees[1]
    assert b'"text": "Haifa"' in trees[0]["n0.json"]


def renamed(root: Path, old: str, new: str) -> Path:
    path = root / "corpus.yaml"
    path.write_text(path.read_text().replace(old, new))
    return root


def test_an_error_in_a_process_is_the_runs(
    corpus: Callable[[str], Path], article: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = corpus("annotate:\n  - annotator: nemo\n")
    with pytest.raises(CorpusToolError, match="no annotator is called 'nemo'"):
        convert_articles([article], root, allow=["nemo"], jobs=2)
    source = (
        "import os\n"
        "from corpus_tool.annotate.plugins import Annotator\n"
        "def make(options):\n    return Annotator('dies', '1', (), lambda documents: os._exit(9))\n"
    )
    installed(tmp_path / "site2", "dies", source, "dies = dies:make", monkeypatch)
    with pytest.raises(CorpusToolError, match="processes were ended from outside"):
        convert_articles([article], renamed(root, "nemo", "dies"), allow=["dies"], jobs=2)
    with pytest.raises(CorpusToolError, match="0 processes"):
        convert_articles([article], root, jobs=0)
