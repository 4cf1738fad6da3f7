"""The changelog: the entry of a difference, the file of a corpus, and what a card makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diff.versions import TEXT, Json, actor, mark
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus_tool import add_changelog_entry, build_dataset, diff_paths, read_changelog, render_changelog
from corpus_tool.build.rehydrate import rehydrate_dataset
from corpus_tool.changelog import MOST_SHOWN, Entry, render_entry
from corpus_tool.markdown import escape_line, escape_markdown, plain_text
from corpus_tool.model import CorpusToolError

Make = Callable[..., Json]
Versions = Callable[..., tuple[Path, Path]]

NASTY = "**Fire** <b>x</b> [a](http://b) `c` # d | e ~~f~~ \\* &lt; 1. “g” 😀 خ\u00a0é\u0301"

#: Kinds of tokens that plain words and lists are made of.
PLAIN = {"heading", "bullet_list", "list_item", "paragraph", "inline", "text", "text_special", "softbreak"}


def kinds(markdown: str) -> set[str]:
    """What a reader of CommonMark, with tables, makes of a text."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    inner = [child for token in tokens for child in token.children or ()]
    return {token.type.removesuffix("_open").removesuffix("_close") for token in (*tokens, *inner)}


def shown(markdown: str) -> str:
    """The words that a reader sees."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    return "".join(child.content for token in tokens for child in token.children or ())


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("*_`[]()<>#&;\\-+=.1|~"), max_size=40))
def test_escaped_words_are_words_and_come_back(words: str) -> None:
    line = " ".join(words.split())
    assert plain_text(escape_line(line)) == line
    assert plain_text(escape_markdown(line)) == line


def test_the_entry_says_what_changed_in_words(raw_document: Make, versions: Versions) -> None:
    def document(name: str, **rest: Any) -> Json:
        actors = [actor("a1", "李娜", **rest), actor("a2", "Rosa Lind", provenance={"status": "suggested"})]
        return raw_document(name, TEXT, layers={"actors": actors}, meta={"title": f"{name} {NASTY}"})

    changed = document("b", kind="group")
    changed["layers"]["actors"][1]["provenance"] = {"status": "accepted"}
    changed["layers"]["locations"] = [mark("l1", "Haifa", kind="city")]
    old, new = versions(
        [document("a"), document("b")],
        [changed, document("c")],
        new_yaml="released: 2024-05-31\nlimits: Few.\n",
    )
    text = render_changelog(diff_paths(old, new))
    assert text.splitlines()[:2] == ["## 1.0.0 (2024-05-31)", ""]
    assert kinds(text) <= PLAIN
    items = shown(text.replace("\n- ", "\n\n"))
    for words in (
        "Documents: 1 added (1 in ", "1 removed (1 in ", f"Added: c {NASTY}"[:40], "(c).", "(a).",
        "Actors: 1 re-labelled (kind: person → group 1), 1 accepted.", "Locations: 1 added.",
        "With the new documents came 2 actors.", "With the removed documents went 2 actors.",
        "The card says otherwise now: limits.",
    ):  # fmt: skip
        assert words in items, (words, items)


def test_only_so_many_documents_are_named(raw_document: Make, versions: Versions) -> None:
    many = [raw_document(f"d{n}", TEXT) for n in range(9)]
    difference = diff_paths(*versions(many[:1], many), limit=3)
    assert "- Added: d1, d2, d3, and 5 more." in render_changelog(difference, limit=3).splitlines()
    assert "- Added: d1, d2, and 6 more." in render_changelog(difference, limit=2).splitlines()


def test_without_any_change_the_entry_says_so(raw_document: Make, versions: Versions) -> None:
    documents = [raw_document("a", TEXT)]
    assert render_changelog(diff_paths(*versions(documents, documents))).endswith("- Nothing in the data changed.")


FILE = "# Changes\n\nOur *own* words.\n\n## [1.0.0] - 2024-01-01\n\n- First,\n  in two lines.\n\nA paragraph.\n"


def test_a_file_that_people_wrote_is_read(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    assert read_changelog(tmp_path) == (Entry("1.0.0", "- 2024-01-01", ("First, in two lines.", "A paragraph.")),)
    assert read_changelog(tmp_path / "nowhere") == ()


def test_an_entry_goes_above_the_others_and_all_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text(FILE, encoding="utf-8")
    entry = "## 1.1.0\n\n- More.\n"
    assert add_changelog_entry(tmp_path, entry)
    assert path.read_text(encoding="utf-8") == FILE.replace("## [1.0.0]", "## 1.1.0\n\n- More.\n\n## [1.0.0]")
    assert not add_changelog_entry(tmp_path, entry)
    assert [own.version for own in read_changelog(tmp_path)] == ["1.1.0", "1.0.0"]


def test_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    add_changelog_entry(tmp_path, "## 1.1.0\n\n- More.")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n") == FILE.count("\n") + 4


def test_a_new_file_gets_a_title(tmp_path: Path) -> None:
    add_changelog_entry(tmp_path, "## 1.1.0\n\n- More.")
    assert (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8") == "# Changelog\n\n## 1.1.0\n\n- More.\n"


def test_an_entry_that_people_changed_is_not_replaced(tmp_path: Path) -> None:
    add_changelog_entry(tmp_path, "## 1.1.0\n\n- More.")
    path = tmp_path / "CHANGELOG.md"
    path.write_text(path.read_text().replace("More.", "More, by hand."), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(CorpusToolError, match=r"has an entry for 1\.1\.0 with other words"):
        add_changelog_entry(tmp_path, "## 1.1.0\n\n- More.")
    assert path.read_bytes() == before


def test_no_file_elsewhere_is_read_or_written_through_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("## 1.0.0\n\n- secret\n", encoding="utf-8")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "CHANGELOG.md").symlink_to(secret)
    with pytest.raises(CorpusToolError, match="leads out of the corpus"):
        read_changelog(tmp_path / "c")
    with pytest.raises(CorpusToolError, match="symbolic link"):
        add_changelog_entry(tmp_path / "c", "## 1.1.0\n\n- More.")
    assert secret.read_text(encoding="utf-8") == "## 1.0.0\n\n- secret\n"


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x" * 1_000_001])
def test_a_file_that_is_no_text_is_told_in_a_line(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_bytes(data)
    with pytest.raises(CorpusToolError, match=r"CHANGELOG\.md: "):
        read_changelog(tmp_path)


def test_a_folder_of_the_name_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").mkdir()
    with pytest.raises(CorpusToolError, match="is a folder"):
        read_changelog(tmp_path)


def test_a_loop_of_links_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").symlink_to("CHANGELOG.md")
    with pytest.raises(CorpusToolError, match=r"CHANGELOG\.md"):
        read_changelog(tmp_path)


def test_a_rendered_entry_holds_words_alone() -> None:
    text = render_entry(Entry("1.0.0", NASTY, (NASTY, "# no heading", "- no list", "1. none", "<script>", "---")))
    assert kinds(text) <= PLAIN
    assert shown(text).count("**Fire** <b>x</b> [a](http://b) `c`") == 2


@pytest.fixture
def root(tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Make) -> Path:
    return new_corpus(tmp_path / "c", [raw_document(f"d{n}", f"Zoë left {n}.") for n in range(4)])


def card_of(dataset: Path) -> str:
    text = (dataset / "README.md").read_text(encoding="utf-8")
    return text[text.index("## Changes") : text.index("\nVersion ")] if "## Changes" in text else ""


def test_the_newest_entries_are_in_the_card_and_the_manifest(root: Path, tmp_path: Path) -> None:
    assert not build_dataset(root, tmp_path / "d").refused
    assert card_of(tmp_path / "d") == ""
    entries = "".join(f"## 1.{n}.0\n\n- Step {n}: {NASTY}\n\n" for n in range(MOST_SHOWN + 2, 0, -1))
    (root / "CHANGELOG.md").write_text(f"# Ours\n\n<script>alert(1)</script>\n\n{entries}", encoding="utf-8")
    report = build_dataset(root, tmp_path / "d")
    assert not report.is_current  # the file is an input
    card = card_of(tmp_path / "d")
    assert card.count("### ") == MOST_SHOWN
    assert "Step 7" in card
    assert "Step 2:" not in card
    assert "script" not in card
    assert kinds(card) <= PLAIN
    told = json.loads((tmp_path / "d" / "manifest.json").read_text(encoding="utf-8"))["changes"]
    assert [entry["version"] for entry in told] == [f"1.{n}.0" for n in range(7, 2, -1)]
    assert build_dataset(root, tmp_path / "d").is_current


def test_what_a_difference_wrote_reads_the_same_in_the_card(root: Path, tmp_path: Path, raw_document: Make) -> None:
    old = tmp_path / "old"
    root.rename(old)
    new = tmp_path / "c"
    (new / "documents").mkdir(parents=True)
    (new / "corpus.yaml").write_bytes((old / "corpus.yaml").read_bytes().replace(b"1.0.0", b"1.1.0"))
    raw = raw_document("x", "Zoë left.", meta={"title": NASTY})
    (new / "documents" / "x.json").write_text(json.dumps(raw), encoding="utf-8")
    entry = render_changelog(diff_paths(old, new))
    add_changelog_entry(new, entry)
    assert not build_dataset(new, tmp_path / "d").refused
    assert shown(card_of(tmp_path / "d")).removeprefix("Changes") == shown(entry)


def test_text_put_back_leaves_the_changes_in_the_card(root: Path, tmp_path: Path) -> None:
    (root / "CHANGELOG.md").write_text("## 1.0.0\n\n- First.\n", encoding="utf-8")
    with (root / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("build: {text: withheld}\n")
    assert not build_dataset(root, tmp_path / "d").refused
    rehydrate_dataset(tmp_path / "d", [root], tmp_path / "again")
    assert card_of(tmp_path / "again") == card_of(tmp_path / "d") != ""
