"""Words around a number that say how exact it is: "about", "at least", "up to", "or more"."""

from __future__ import annotations

import re

_BEFORE = {
    "about": (
        "about", "around", "roughly", "approximately", "approx", "approx.", "nearly", "almost", "some", "estimated",
        "an estimated", "close to", "circa", "c.", "ca.", "an average of", "averaging", "in the region of",
        "in the order of", "on the order of", "just about", "virtually", "practically", "near", "a reported",
        "reportedly", "or so", "perhaps", "maybe", "possibly", "barely", "toward", "towards", "as near as",
    ),
    "at_least": (
        "at least", "no fewer than", "no less than", "not less than", "not fewer than", "a minimum of", "minimum of",
        "minimum", "as few as", "as little as", "starting at", "upward from",
    ),
    "at_most": (
        "up to", "at most", "no more than", "not more than", "a maximum of", "maximum of", "maximum", "as many as",
        "as much as", "as high as", "at the most", "no greater than", "capped at", "not exceeding", "no longer than",
    ),
    "more_than": (
        "more than", "over", "above", "in excess of", "greater than", "exceeding", "upwards of", "upward of",
        "just over",
        "well over", "just above", "well above", "larger than", "higher than", "better than", "longer than",
        "beyond", "exceeds", "exceeded", "topping", "older than", "a little over", "slightly more than",
    ),
    "less_than": (
        "less than", "fewer than", "under", "below", "just under", "well under", "just below", "well below",
        "lower than", "smaller than", "short of", "shy of", "younger than", "shorter than", "a little under",
        "slightly less than", "sub",
    ),
}  # fmt: skip
_MEANING = {re.sub(r"\s+", " ", word): modifier for modifier, words in _BEFORE.items() for word in words}
_SIGNS = {
    "~": "about", "≈": "about", "∼": "about", "±": "about", ">": "more_than", "≥": "at_least", "<": "less_than",
    "≤": "at_most",
}  # fmt: skip
_WORDS = "|".join(re.escape(w).replace(r"\ ", r"\s{1,4}") for w in sorted(_MEANING, key=len, reverse=True))
_PRECEDING = re.compile(
    rf"(?:(?<![\w-])(?P<words>{_WORDS})\s{{1,4}}(?:(?:an?|the|a\s+total\s+of|another|only|just)\s{{1,4}})?"
    rf"|(?P<sign>[{''.join(_SIGNS)}])\s?|\bsub-)$",
    re.IGNORECASE,
)
_OR_MORE = (
    r"\s+or\s+(?:more|above|higher|older|greater|better|over|longer)\b|\s+and\s+(?:above|over|up|older)\b"
    r"|\+|[\s-]plus\b"
)
_OR_LESS = (
    r"\s+or\s+(?:less|fewer|below|under|younger|lower|shorter)\b|\s+(?:at\s+most|tops|max)\b"
    r"|\s+and\s+(?:under|below|younger)\b"
)
_OR_SO = r"\s+or\s+so\b|[\s-]odd\b|-ish\b|\s+(?:approximately|give\s+or\s+take)\b"
_FOLLOWING = {"at_least": _OR_MORE, "at_most": _OR_LESS, "about": _OR_SO}
_AFTER = tuple((modifier, re.compile(pattern, re.IGNORECASE)) for modifier, pattern in _FOLLOWING.items())
#: A unit or a noun may stand between the number and "or more".
_ONE_WORD = re.compile(r"\s+[a-z]+(?=\s+or\s+(?:more|less|fewer|so)\b)")
_WINDOW = 40
#: "Over two years" is a stretch of time; after these words it is more than two.
_BEFORE_OVER = re.compile(r"\b(?:for|after|in|of|took|lasted|spent|by)\s+over\s+$", re.IGNORECASE)


def modifier_of(text: str, start: int, end: int, dimension: str) -> str | None:
    """What the words beside a number at [start, end) make of it, or None.

    Args:
        text: any text.
        start: where the quantity begins, in code points.
        end: where it ends.
        dimension: what it measures; "over two years" is a stretch of time, "over two miles" more than two.
    """
    match = _PRECEDING.search(text[max(0, start - _WINDOW) : start])
    if match:
        if match["sign"]:
            return _SIGNS[match["sign"]]
        if not match["words"]:
            return "less_than"
        words = re.sub(r"\s+", " ", match["words"].lower())
        if words != "over" or dimension != "duration" or _BEFORE_OVER.search(text[max(0, start - 14) : start]):
            return _MEANING[words]
    position = end
    if skipped := _ONE_WORD.match(text, end):
        position = skipped.end()
    for modifier, pattern in _AFTER:
        if pattern.match(text, position):
            return modifier
    return None


#: How far back a verb of change is looked for.
_CLAUSE = 90
#: Verbs and nouns of change: "rose from 12 to 15" states two amounts, "from 12 to 15 people" one range.
_CHANGE = re.compile(
    r"\b(?P<word>r[io]se[sn]?|rising|f[ea]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|gr[eo]w(?:s|n|ing)?|increas(?:e[sd]?|ing)"
    r"|decreas(?:e[sd]?|ing)|declin(?:e[sd]?|ing)|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|surg(?:e[sd]?|ing)|soar(?:s|ed|ing)?"
    r"|plung(?:e[sd]?|ing)|plummet(?:s|ed|ing)?|slid(?:e|es|ing)?|slip(?:s|ped|ping)?|s[ai]nk(?:s|ing)?|tumbl(?:e[sd]?|ing)"
    r"|gain(?:s|ed|ing)?|los(?:e|es|t|ing)|advanc(?:e[sd]?|ing)|edg(?:e[sd]?|ing)|eas(?:e[sd]?|ing)|slow(?:s|ed|ing)?"
    r"|rais(?:e[sd]?|ing)|cut(?:s|ting)?|lower(?:s|ed|ing)?|reduc(?:e[sd]?|ing|tion)|expand(?:s|ed|ing)?|shr[iau]nk(?:s|ing)?"
    r"|doubl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)|quadrupl(?:e[sd]?|ing)|chang(?:e[sd]?|ing)|went|go(?:es|ing)?|gone|up|down"
    r"|revis(?:e[sd]?|ing)|improv(?:e[sd]?|ing)|boost(?:s|ed|ing)?|widen(?:s|ed|ing)?|narrow(?:s|ed|ing)?|swell(?:s|ed|ing)?"
    r"|shift(?:s|ed|ing)?|upgrad(?:e[sd]?|ing)|downgrad(?:e[sd]?|ing)|creep(?:s|ing)?|crept|mov(?:e[sd]?|ing)|dip(?:s|ped)?"
    r"|shed(?:s|ding)?|trim(?:s|med|ming)?|extend(?:s|ed|ing)?|lift(?:s|ed|ing)?|hik(?:e[sd]?|ing)|shoot|shot|push(?:es|ed)?"
    r"|higher|lower|accelerat(?:e[sd]?|ing)|revised|retreat(?:s|ed)?|rebound(?:s|ed)?|recover(?:s|ed)?|promoted|transition|add(?:s|ed|ing)?)\b"
    r"[^.;:!?]{0,60}$",
    re.IGNORECASE,
)


#: What lies between a verb of change and the first of two amounts without "from": "rose sharply 12 points to 15".
_NEAR = 26
#: "Rises that ranged from 12 to 15 per cent" are no two amounts, whatever rises.
_RANGES = re.compile(
    r"\b(?:rang(?:e[sd]?|ing)|var(?:y|ies|ied|ying)|anywhere|anything|spann?(?:s|ed|ing)?|differ(?:s|ed|ing)?)"
    r"\s+(?:in\s+\w+\s+)?(?:from\s+)?$",
    re.IGNORECASE,
)


def states_change(text: str, start: int, *, near: bool = False) -> bool:
    """Whether the words before a number that begins at ``start`` (code points) speak of a rise, a fall or a change.

    Args:
        text: any text.
        start: where the number begins.
        near: only a verb a few words before it counts.
    """
    before = text[max(0, start - _CLAUSE) : start]
    if _RANGES.search(before):
        return False
    match = _CHANGE.search(before)
    return match is not None and (not near or len(before) - match.end("word") <= _NEAR)
