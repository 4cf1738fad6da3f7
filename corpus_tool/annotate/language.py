"""Whether a text is in the language that an annotator reads."""

from __future__ import annotations

import re

from corpus_tool.annotate.lexicon import words
from corpus_tool.model import Document

_WORD = re.compile(r"[^\W\d_]+")

#: Shorter texts are believed to be what they are said to be.
_ENOUGH_WORDS = 30

#: Other languages stay below 5 % (loan words, names, "a" and "on" in some); English news above 15 %.
_ENGLISH_RATE = 0.08

#: English with many names in their own script is above this; languages of other scripts have hardly any ASCII letters.
_LATIN_RATE = 0.4


def is_english(text: str) -> bool:
    """Whether a text reads as English, by its letters and the rate of its commonest words; a short one by its letters.

    The words of ``lexicon/common_english.txt`` are about a fifth of English news.
    """
    found = [word.lower() for word in _WORD.findall(text[:20_000])]
    letters = "".join(found)
    if sum(letter.isascii() for letter in letters) < _LATIN_RATE * len(letters):
        return False
    return len(found) < _ENOUGH_WORDS or sum(word in words("common_english") for word in found) >= _ENGLISH_RATE * len(
        found
    )


#: The two written standards of Norwegian and the name for both; pipelines and articles use either.
_NORWEGIAN = frozenset({"nb", "nn", "no"})


def unread_language(document: Document, language: str | None) -> str | None:
    """Why an annotator of a language cannot read a document; None where it can.

    Args:
        document: its ``meta.language`` counts, and for English its words.
        language: BCP 47; None for an annotator that reads any language.
    """
    if language is None:
        return None
    reads, declared = _base(language), document.meta.language
    if declared is not None and _base(declared) != reads:
        return f"its language is {declared}"
    return "its text does not read as English" if reads == "en" and not is_english(document.text) else None


def _base(language: str) -> str:
    base = language.split("-", maxsplit=1)[0].lower()
    return "no" if base in _NORWEGIAN else base
