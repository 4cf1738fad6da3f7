"""Selectors of the W3C Web Annotation Data Model: which part of a text an annotation is about.

https://www.w3.org/TR/annotation-model/#selectors. Positions are code points; producers written in JavaScript count
UTF-16 units, which the quoted words tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats.offsets import UTF8, Scale, same_words, scale_of, to_code_points
from corpus_tool.formats.places import Evidence, place_of
from corpus_tool.formats.plain_json import is_offset

#: A position in a plain text, RFC 5147: characters from 0, the second one not included.
_RFC_5147 = re.compile(r"(?:.*[#&])?char=(\d+),(\d+).*", re.DOTALL)


@dataclass(frozen=True)
class Selected:
    """What a set of selectors picks out.

    Attributes:
        place: start and end in code points; None where nothing can be picked out.
        words: the words that a selector quotes.
        wrong: why nothing was picked out, or why the selectors contradict each other.
    """

    place: tuple[int, int] | None
    words: str | None = None
    wrong: str | None = None


def selectors_of(raw: Any) -> list[Mapping[str, Any]]:
    """The selectors of a target that are alternatives to each other."""
    found = raw if isinstance(raw, list) else [raw]
    return [selector for selector in found if isinstance(selector, dict)]


def evidence_of(raw: Any) -> Evidence | None:
    """Position and words of a target's selectors; None where they give no position."""
    position = next(_positions(selectors_of(raw)), None)
    return None if position is None else (*position, _quoted(selectors_of(raw)))


def selected(raw: Any, text: str, scales: Mapping[str, Scale]) -> Selected:
    """What the selectors of a target pick out of a text; all that are there have to agree.

    Args:
        raw: a selector, or a list of alternatives.
        text: the text.
        scales: the scales that positions may be in, the likelier first.
    """
    alternatives = selectors_of(raw)
    words = _quoted(alternatives)
    position = next(_positions(alternatives), None)
    quote = next((s for s in alternatives if isinstance(s.get("exact"), str)), None)
    found: Selected | None = None
    if position is not None:
        place = place_of(*position, words, text, scales)
        wrong = None if quote is None else _context_wrong(quote, text, place)
        found = Selected(place, words, wrong)
    elif quote is not None:
        found = _by_quote(quote, text)
    else:
        found = next(_others(alternatives, text, scales), None)
    if found is None:
        kinds = ", ".join(str(s.get("type", "without a type")) for s in alternatives) or "none"
        return Selected(None, None, f"no selector picks out characters of a text ({kinds})")
    refined = next((s["refinedBy"] for s in alternatives if s.get("refinedBy")), None)
    if refined is None or found.place is None or found.wrong is not None:
        return found
    return _refined(refined, text, found.place)


def _positions(alternatives: list[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    for selector in alternatives:
        start, end = selector.get("start"), selector.get("end")
        fragment = _RFC_5147.fullmatch(str(selector.get("value", "")))
        if selector.get("type") == "TextPositionSelector" and is_offset(start) and is_offset(end):
            yield start, end
        elif selector.get("type") == "FragmentSelector" and fragment is not None:
            yield int(fragment[1]), int(fragment[2])


def _quoted(alternatives: list[Mapping[str, Any]]) -> str | None:
    return next((s["exact"] for s in alternatives if isinstance(s.get("exact"), str)), None)


def _context_wrong(quote: Mapping[str, Any], text: str, place: tuple[int, int]) -> str | None:
    """Why a quotation's context is not around a place, if the words themselves are there."""
    start, end = place
    if not same_words(text[start:end], quote["exact"]):
        return None  # told with the words of both sides, as for every format
    prefix, suffix = _folded(quote.get("prefix")), _folded(quote.get("suffix"))
    before, after = (
        _folded(text[max(0, start - 4 * len(prefix) - 9) : start]),
        _folded(text[end : end + 4 * len(suffix) + 9]),
    )
    if before.endswith(prefix) and after.startswith(suffix):
        return None
    others = _occurrences(quote, text)
    told = f", but at {others[0][0]}–{others[0][1]}" if len(others) == 1 else ""
    return f"{quote['exact']!r} stands at {start}–{end}, but not with the words before and behind it{told}"


def _folded(words: Any) -> str:
    return "".join(words.split()) if isinstance(words, str) else ""


def _by_quote(quote: Mapping[str, Any], text: str) -> Selected:
    words = quote["exact"]
    found = _occurrences(quote, text)
    if len(found) == 1:
        return Selected(found[0], words)
    times = f"stands {len(found)} times" if found else "does not stand"
    return Selected(None, words, f"{words!r} {times} in the text with these words before and behind it")


def _occurrences(quote: Mapping[str, Any], text: str) -> list[tuple[int, int]]:
    """Where a quotation stands with its context; white space counts as any other white space."""
    parts = [quote.get("prefix") or "", quote["exact"], quote.get("suffix") or ""]
    if not all(isinstance(part, str) for part in parts) or not parts[1].strip():
        return []
    prefix, exact, suffix = (r"\s+".join(re.escape(word) for word in part.split()) for part in parts)
    pattern = rf"{prefix}\s*(?={exact})" if prefix else f"(?={exact})"
    found = []
    for match in re.finditer(pattern, text):
        own = re.compile(exact).match(text, match.end())
        if own is not None and (not suffix or re.compile(rf"\s*{suffix}").match(text, own.end())):
            found.append(own.span())
    return found


def _others(alternatives: list[Mapping[str, Any]], text: str, scales: Mapping[str, Scale]) -> Iterator[Selected]:
    for selector in alternatives:
        start, end = selector.get("start"), selector.get("end")
        if selector.get("type") == "DataPositionSelector" and is_offset(start) and is_offset(end):
            scale = scale_of(text, UTF8)
            at, to = to_code_points(scale, start), to_code_points(scale, end)
            if at is not None and to is not None:
                yield Selected((at, to))
        elif selector.get("type") == "RangeSelector":
            first = selected(selector.get("startSelector"), text, scales)
            last = selected(selector.get("endSelector"), text, scales)
            if first.place is not None and last.place is not None:
                yield Selected((first.place[0], last.place[0]), None, first.wrong or last.wrong)


def _refined(raw: Any, text: str, place: tuple[int, int]) -> Selected:
    """What selectors pick out of what others have picked out."""
    part = text[slice(*place)]
    inner = selected(raw, part, {"code points": range(len(part) + 1)})
    if inner.place is None:
        return inner
    return Selected((place[0] + inner.place[0], place[0] + inner.place[1]), inner.words, inner.wrong)
