"""What a percentage, a fraction or a temperature claims: a change, a part of a whole, or a level."""

from __future__ import annotations

import re

from corpus_tool.language.numbers import Quantity

_MOVES = (
    r"(?:r[io]se[sn]?|rising|f[ea]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|gr[eo]w(?:s|n|ing|th)?|increas(?:e[sd]?|ing)"
    r"|decreas(?:e[sd]?|ing)|declin(?:e[sd]?|ing)|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|surg(?:e[sd]?|ing)|soar(?:s|ed|ing)?"
    r"|plung(?:e[sd]?|ing)|plummet(?:s|ed|ing)?|sl[iu]d(?:e|es|ing)?|slip(?:s|ped|ping)?|s[aiu]nk(?:s|ing)?|tumbl(?:e[sd]?|ing)"
    r"|gain(?:s|ed|ing)?|los(?:e|es|t|ing)|advanc(?:e[sd]?|ing)|edg(?:e[sd]?|ing)|eas(?:e[sd]?|ing)|slow(?:s|ed|ing)?"
    r"|rais(?:e[sd]?|ing)|cut(?:s|ting)?|lower(?:s|ed|ing)|reduc(?:e[sd]?|ing|tions?)|expand(?:s|ed|ing)?|shr[iau]nk(?:s|ing)?"
    r"|boost(?:s|ed|ing)?|dip(?:s|ped|ping)?|shed(?:s|ding)?|add(?:s|ed|ing)?|contract(?:s|ed|ing)?|rall(?:y|ies|ied)"
    r"|(?<!make )(?<!made )(?<!makes )(?<!making )up|down|off|swell(?:s|ed|ing)?|hik(?:e[sd]?|ing)|slump(?:s|ed|ing)?"
    r"|rebound(?:s|ed|ing)?|chang(?:e[sd]?|ing)|retreat(?:s|ed)?|skid(?:s|ded)?|spik(?:e[sd]?|ing))"
)
_MOVES_BEFORE = re.compile(
    rf"\b{_MOVES}\s+(?:(?:by|of|about|around|nearly|almost|some|an?|the|more|less|than|as|much|over|under|at|least"
    r"|only|just|another|further|roughly|up|to|approximately|estimated|well|sharply|slightly|steeply|modest|additional"
    r"|barely|that|ranged|ranging|averaging|averaged|worth)\s+){0,4}$|[+]\s?$|[-−]$",
    re.IGNORECASE,
)
_BY = re.compile(
    rf"\b(?:{_MOVES}|lower|warm(?:s|ed|ing)?|cool(?:s|ed|ing)?|widen(?:s|ed|ing)?|narrow(?:s|ed|ing)?)\b[^.;:]{{0,50}}"
    r"\bby\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_LEVEL_BEFORE = re.compile(
    r"\b(?:to|at|from)\s+(?:(?:about|around|nearly|almost|just|over|under|a|an)\s+){0,2}$", re.IGNORECASE
)
_MOVES_AFTER = re.compile(
    r"[\s-]+(?:(?:pay|price|tax|wage|salary|rate|annual|year-on-year|overall|average|economic|sales|profit)\s+)?"
    r"(?:rises?|increases?|drop|fall|decline|jump|inflation|contraction"
    r"|surge|gain|cuts?|reduction|growth|decrease|hike|boost|loss|dip|slump|plunge|premium|discount|raise|rally|rebound|spike|slide"
    r"|higher|lower|more|less|fewer|up|down|faster|slower|above|below|improvement|swing|markup|slowdown)\b",
    re.IGNORECASE,
)
#: A verb of change farther off, before "emissions 80 percent from 2005 levels".
_MOVES_AFAR = re.compile(rf"\b{_MOVES}\s+(?:(?!that\b|to\b|at\b|from\b|with\b|and\b|as\b)[a-z'’-]+\s+){{1,5}}$")
_COMPARED = re.compile(
    r"\s+(?:from|since|compared|year[- ]on|over\s+the|in\s+a\s+year"
    r"|in\s+the\s+(?:past|first|second|third|fourth|last|year|quarter)"
    r"|this\s+(?:year|month|week|quarter)|on\s+the\s+(?:year|day|month)|a\s+year\b)",
    re.IGNORECASE,
)
#: What is itself a rate of change: inflation and growth.
_RATE_OF_CHANGE = re.compile(
    r"\b(?:inflation|growth)\b(?:(?!\b(?:as|while|when|and|but|among|with|that|which|after|where)\b)[^.,;:()\d]){0,45}$",
    re.IGNORECASE,
)
_PART = re.compile(r"\s+of\b", re.IGNORECASE)
_INTEREST = (
    r"(?:(?:interest|key|benchmark|policy|lending|mortgage|repo|base|prime|discount|deposit|borrowing|bank|overnight|cash"
    r"|funds?|savings|loan|refinancing|official)\s+rates?|yields?|coupons?|interest)"
)
_INTEREST_BEFORE = re.compile(
    rf"\b{_INTEREST}\b[^.;:]{{0,60}}\b(?:to|at|of|from|is|was|were|remains?|remained|between|near|above|below|around|about"
    r"|stands?|stood|unchanged|hits?|reach(?:es|ed)?|yield(?:s|ed|ing)?)\s+(?:(?:an?|record|high|low|about|around|nearly"
    r"|just|range|of|over|under)\s+){0,3}$|\byield(?:s|ed|ing)?\s+(?:about\s+|around\s+|nearly\s+)?$",
    re.IGNORECASE,
)
_INTEREST_AFTER = re.compile(
    rf"\s+(?:[a-z]+\s+)?(?:{_INTEREST}|annual\s+return|annual\s+percentage\s+rate)\b", re.IGNORECASE
)
_WINDOW = 90


def share_or_change(quantity: Quantity, text: str, sentence: int) -> str:
    """The measure of a percentage or a fraction: change, share, or other for a level of interest.

    Args:
        quantity: the percentage or fraction; offsets are code points into ``text``.
        text: the text of the block.
        sentence: where the figure's sentence begins, in code points.
    """
    before = text[max(0, sentence, quantity.start - _WINDOW) : quantity.start]
    if quantity.dimension == "share":
        return "change" if _BY.search(before) else "share"
    part = _PART.match(text, quantity.end)
    if quantity.unit == "10*-4" or is_change(quantity, text, sentence):
        return "change"
    if not part and _RATE_OF_CHANGE.search(before):
        return "change"
    if not part and (_INTEREST_BEFORE.search(before) or _INTEREST_AFTER.match(text, quantity.end)):
        return "other"
    return "share"


def is_change(quantity: Quantity, text: str, sentence: int) -> bool:
    """Whether an amount is a rise or a fall, not a part or a level.

    Args:
        quantity: the amount; offsets are code points into ``text``.
        text: the text of the block.
        sentence: where its sentence begins, in code points.
    """
    if quantity.dimension != "temperature" and _MOVES_AFTER.match(text, quantity.end):
        return True
    before = text[max(0, sentence, quantity.start - _WINDOW) : quantity.start]
    if _LEVEL_BEFORE.search(before):
        return False
    if _MOVES_BEFORE.search(before) or _BY.search(before):
        return True
    return bool(_MOVES_AFAR.search(before)) and bool(_COMPARED.match(text, quantity.end))
