"""What tests of differences share: a text that breaks naive tools, annotations of it, and differences in short."""

from __future__ import annotations

from typing import Any

from corpus_tool import Difference

Json = dict[str, Any]

#: What breaks naive tools: astral and combining characters, scripts from the right, no-break spaces, odd marks.
TEXT = (
    "Fire 🔥 at Haifa port\n\n“We counted 30\u00a0crates,” said Nour e\u0301l-Di\u0301n of Haifa.\r\n"
    "👩🏽‍🚒 came at once, wrote 李娜 (نَمِل חַיְפָה) ‘and left”.\n\nRosa Lind slept. Rosa Lind woke.\n"
)


def mark(own: str, words: str, text: str = TEXT, nth: int = 0, **values: Any) -> Json:
    """An annotation of words in a text; of the ``nth`` place that they stand at."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return {"id": own, "start": at, "end": at + len(words), "text": words, **values}


def actor(own: str, words: str, text: str = TEXT, nth: int = 0, **values: Any) -> Json:
    return mark(own, words, text, nth, **{"kind": "person", **values})


Told = set[tuple[str, ...]]


def told(difference: Difference) -> Told:
    """Every change as (document, layer or kind of thing, id, what, field …), in one set."""
    return {
        (
            change.document,
            change.layer or change.about,
            change.id,
            "+".join(change.what),
            *sorted(field.field for field in change.fields),
        )
        for change in difference.tally.changes
    }
