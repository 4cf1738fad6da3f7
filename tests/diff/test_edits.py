"""Any set of edits to a small corpus: the difference names exactly those, and its mirror image the other way round."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from diff.versions import Json, Told, mark, told
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool import Difference, diff_paths

#: Words that stand once; annotations begin on the first ones, move to later ones, and new ones come on the last.
WORDS = [
    f"{stem}{n}" for n in range(4) for stem in ("Nour", "李娜", "חיפה", "é\u0301", "🔥fire", "crate", "port", "نمل")
]
TEXT = "“" + "\u00a0,\r\n".join(WORDS) + "”"
MARKED, NEW = WORDS[:8], WORDS[24:]

EDITS = ("keep", "remove", "move", "kind", "role", "accept", "link", "rename")


def base() -> list[Json]:
    return [mark(f"a{n}", word, TEXT, kind="person", entity="e1") for n, word in enumerate(MARKED)]


def edited(actors: list[Json], edits: list[str], new: int) -> tuple[list[Json], set[tuple[str, ...]]]:
    """The annotations after the edits, and what a difference should say of each."""
    after, found = [], set()
    for n, (actor, edit) in enumerate(zip(copy.deepcopy(actors), edits, strict=True)):
        own = actor["id"]
        if edit == "remove":
            found.add((own, "removed"))
            continue
        if edit == "move":
            actor |= {k: v for k, v in mark("", WORDS[8 + n], TEXT).items() if k != "id"}
            found.add((own, "moved", "span"))
        elif edit == "kind":
            actor["kind"] = "group"
            found.add((own, "relabelled", "kind"))
        elif edit == "role":
            actor["role"] = "‘clerk”"
            found.add((own, "relabelled", "role"))
        elif edit == "accept":
            actor["provenance"] = {"status": "accepted"}
            found.add((own, "status", "status"))
        elif edit == "link":
            actor["entity"] = "e2"
            found.add((own, "relinked", "entity"))
        elif edit == "rename":
            actor["id"] = f"x{n}"
            found.add((f"x{n}", "renamed", "id"))
        after.append(actor)
    for n, word in enumerate(NEW[:new]):
        after.append(mark(f"n{n}", word, TEXT, kind="person"))
        found.add((f"n{n}", "added"))
    return after, found


documents = st.dictionaries(
    st.sampled_from([f"d{n}" for n in range(6)]),
    st.tuples(
        st.sampled_from(["both", "old", "new"]),
        st.lists(st.sampled_from(EDITS), min_size=8, max_size=8),
        st.integers(0, len(NEW)),
    ),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(plan=documents, shuffled=st.booleans())
def test_the_difference_names_exactly_the_edits(
    plan: dict[str, Any], shuffled: bool, new_corpus: Callable[..., Path], raw_document: Callable[..., Json]
) -> None:
    old, new = [raw_document("plain", "Only words.")], [raw_document("plain", "Only words.")]
    wanted: Told = set()
    entities = [{"id": "e1", "kind": "person", "name": "Nour"}, {"id": "e2", "kind": "person", "name": "李娜"}]
    for name, (where, edits, added) in plan.items():
        after, found = edited(base(), edits, added)
        after = after[::-1] if shuffled else after
        if where != "new":
            old.append(raw_document(name, TEXT, layers={"actors": base()}, entities=entities))
        if where != "old":
            new.append(raw_document(name, TEXT, layers={"actors": after}, entities=entities))
        if where == "both":
            wanted |= {(name, "actors", *change) for change in found}
        else:
            wanted.add((name, "document", "", "removed" if where == "old" else "added"))
    with tempfile.TemporaryDirectory() as work:
        first = new_corpus(Path(work) / "a", old)
        second = new_corpus(Path(work) / "b", new)
        there, back = diff_paths(first, second), diff_paths(second, first)
    assert told(there) == wanted
    assert there.is_empty == (not wanted)
    assert mirrored(there) == both_ways(back)


@settings(max_examples=40, deadline=None)
@given(
    kept=st.lists(st.booleans(), min_size=len(MARKED), max_size=len(MARKED)),
    between=st.lists(st.sampled_from(["", "новое ", "🙂", "“x”\u00a0", "\n\n", "a\u0301 "]), min_size=8, max_size=8),
)
def test_in_a_rewritten_text_what_is_still_there_was_not_touched(
    kept: list[bool], between: list[str], new_corpus: Callable[..., Path], raw_document: Callable[..., Json]
) -> None:
    """Words are taken out and others put in: annotations of the rest stay, those of the lost words are removed."""
    text = "".join(
        f"{extra}{word if stays else ''} ," for extra, word, stays in zip(between, MARKED, kept, strict=True)
    )
    text += " ".join(WORDS[8:])
    after = [mark(f"a{n}", word, text, kind="person") for n, word in enumerate(MARKED) if kept[n]]
    before = "".join(f"{word} ," for word in MARKED) + " ".join(WORDS[8:])
    actors = [mark(f"a{n}", word, before, kind="person") for n, word in enumerate(MARKED)]
    with tempfile.TemporaryDirectory() as work:
        first = new_corpus(Path(work) / "a", [raw_document("d", before, layers={"actors": actors}, blocks=[])])
        second = new_corpus(Path(work) / "b", [raw_document("d", text, layers={"actors": after}, blocks=[])])
        found = told(diff_paths(first, second))
    wanted = {("d", "actors", f"a{n}", "removed") for n, stays in enumerate(kept) if not stays}
    assert found == (wanted | {("d", "document", "", "changed", "text")} if text != before else set())


SWAPPED = {"added": "removed", "removed": "added"}


def both_ways(difference: Difference) -> set[tuple[Any, ...]]:
    """Changes without ids, which a renamed annotation has two of: document, layer, what, old and new values."""
    return {
        (
            change.document,
            change.layer,
            *change.what,
            *((field.field, str(field.old), str(field.new)) for field in change.fields),
        )
        for change in difference.tally.changes
    }


def mirrored(difference: Difference) -> set[tuple[Any, ...]]:
    return {
        (
            change.document,
            change.layer,
            *(SWAPPED.get(what, what) for what in change.what),
            *((field.field, str(field.new), str(field.old)) for field in change.fields),
        )
        for change in difference.tally.changes
    }
