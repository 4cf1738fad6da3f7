"""Tokens: runs of letters and digits, and every other sign by itself; the same for whoever asks, in any script."""

from __future__ import annotations

import re

import regex

#: A run of letters, digits and their marks; in scripts without spaces, and for any other sign, one grapheme cluster.
_TOKEN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])[\p{L}\p{N}][\p{M}\u200c\u200d]*)+"
    r"|\p{GCB=Prepend}|(?!\s)\X"  # a sign that stands before a number (\u0600) is of its grapheme, space or not
)

#: Letters, digits and signs of western languages in text where nothing combines: there the same tokens are found by a
#: simpler pattern, in half the time. Spaces stand in both classes' absence, so that no line end is part of a token.
_LETTERS = "0-9A-Za-zÀ-ÖØ-öø-ÿĀ-ž"
_SIGNS = "!-/:-@\\[-`{-~“”‘’„«»‹›–—…€£©"
_PLAIN = re.compile(f"[{_LETTERS}{_SIGNS} \t\n\r\u00a0]*")
_PLAIN_TOKEN = re.compile(f"[{_LETTERS}]+|[{_SIGNS}]")


def token_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the tokens of ``text[start:end]`` begin and end, in code points of ``text``."""
    pattern = _PLAIN_TOKEN if _PLAIN.fullmatch(text, start, end) else _TOKEN
    return [match.span() for match in pattern.finditer(text, start, end)]
