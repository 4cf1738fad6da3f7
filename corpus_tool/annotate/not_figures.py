"""Which numbers are no figures, though they look like counts: years, numbers inside names, the pronoun "one"."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.parsed import text_of
from corpus_tool.language.numbers import Quantity

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LIST_NUMBER = re.compile(r"\s*[(\[]?\d{1,3}[.)\]](?:\s|$)")
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Boulevard|Blvd|Lane|Ln|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Highway|Hwy"
    r"|Parkway|Pkwy|Plaza|Row|Crescent|Close|Alley|Broadway)\b"
)
_ADDRESS = re.compile(rf"\s+(?:[NSEW][EW]?\.?\s+)?(?:(?:[A-Z][\w'’.-]*|\d+(?:st|nd|rd|th))\s+){{1,3}}{_STREET}")
_FOREIGN_ADDRESS = re.compile(r",?\s+(?:Rue|Avenue|Ave|Via|Calle|Rua|Boulevard|Piazza|Plaza|Place|El)\s+[A-Z]")
#: Before a ZIP code: "Calif. 94105", "CA 94105".
_STATE = re.compile(r"\b(?:[A-Z]{2}|[A-Z][a-z]+\.|ZIP(?:\s+[Cc]ode)?|Box)\s+$|\bthe\s+$")
_EMERGENCY = re.compile(r"\s+(?:calls?|dispatch(?:ers?)?|operators?|emergency|cent(?:er|re))\b", re.IGNORECASE)
_HARMED = re.compile(
    r"\s+(?:(?:was|were|is|are|has|have|had|been|others?|person|critically|seriously|badly|slightly|feared|confirmed)\s+){0,3}"
    r"(?:killed|dead|hurt|injured|wounded|missing|arrested|detained|died|dies|critical|charged|shot|held|rescued)\b",
    re.IGNORECASE,
)
_HARMING = re.compile(
    r"\b(?:kill(?:s|ed|ing)?|injur(?:e[sd]?|ing)|wound(?:s|ed|ing)?|hurt(?:ing)?|leaving|left|arrest(?:s|ed|ing)?"
    r"|detain(?:s|ed|ing)?)\s+(?:at\s+least\s+|only\s+|just\s+)?$",
    re.IGNORECASE,
)
#: Outs of baseball, as in "with one out".
_OUT = re.compile(r"\s+out(?:\s*[,.;]|\s+(?:in|into)\b)", re.IGNORECASE)
#: Singular nouns that "one" only points at.
_POINTED_AT = frozenset(
    [
        "point",
        "day",
        "thing",
        "way",
        "time",
        "side",
        "hand",
        "another",
        "extent",
        "stage",
        "moment",
        "end",
        "level",
        "sense",
        "morning",
        "evening",
        "side",
        "front",
        "sort",
        "kind",
        "form",
        "occasion",
        "example",
        "instance",
        "instant",
        "note",
        "respect",
        "glance",
        "hell",
    ]
)
_NOT_BEFORE_ONE = frozenset(
    [
        "no",
        "the",
        "this",
        "that",
        "every",
        "each",
        "any",
        "which",
        "some",
        "only",
        "another",
        "either",
        "neither",
        "first",
    ]
)
_ONE_COMPOUND = re.compile(
    r"-(?!(?:year|month|week|day|hour|minute|second|mile|kilomet|met(?:re|er)|foot|inch)s?\b)", re.IGNORECASE
)
#: "In one day", against "one day", which is some day.
_FOR_A_DAY = re.compile(
    r"\b(?:in|for|within|than|just|only|about|after|least|of|over|during|to|nearly|almost|every)\s+$", re.IGNORECASE
)
_CLOCK = re.compile(
    r"\s?o['’`]clock|\s?(?:a\.m\.|p\.m\.)|\s(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|this|tomorrow|last|yesterday)"
    r"\s(?:morning|afternoon|evening|night)\b|\s(?:in\sthe\s(?:morning|afternoon|evening)|at\snight)\b",
    re.IGNORECASE,
)
_COMPOUND_IDIOM = re.compile(
    r"-(?:way|fold|sided|dimensional|tier|faced|handed|somethings?|in-one|by-four|pronged|legged|and-out|for-one|ers?)\b",
    re.IGNORECASE,
)
#: "The last-16 tie".
_ROUND_OF_A_CUP = re.compile(r"\blast-$", re.IGNORECASE)
#: "Below 2005 levels".
_LEVELS = re.compile(r"\s+(?:[a-z]+\s+)?(?:levels?|baselines?|prices|dollars)\b", re.IGNORECASE)
#: A number before these is that of a model: "two new 737 Max jets".
_MODEL = re.compile(r"\s(?:Max|Pro|Plus|Mini|Ultra|Lite|Neo|Turbo|GT|GTI|XL|Dreamliner)\b")
_YEAR_BEFORE = frozenset(
    [
        "in",
        "since",
        "by",
        "of",
        "from",
        "until",
        "till",
        "before",
        "after",
        "during",
        "early",
        "late",
        "mid",
        "between",
        "year",
        "circa",
        "through",
        "fall",
        "spring",
        "summer",
        "winter",
        "autumn",
        "fiscal",
        "christmas",
        "and",
        "to",
        "for",
        "the",
    ]
)
_MODIFIED = frozenset({"about", "at_least", "at_most", "more_than", "less_than"})
_FACTS_OF_NAMES = frozenset({"PRODUCT", "FAC", "LAW", "EVENT", "WORK_OF_ART", "ORG"})


@cache
def _labels() -> tuple[frozenset[str], frozenset[str]]:
    listed = words("numbered_things")
    return frozenset(w for w in listed if w == w.lower()), frozenset(w for w in listed if w != w.lower())


def is_figure(quantity: Quantity, doc: Doc, first: Token, last: Token) -> bool:
    """Whether a quantity of ``doc.text`` is a figure: a claim of how many, not a year, a name's number or a pronoun.

    Args:
        quantity: what the grammar found; offsets are code points into ``doc.text``.
        doc: the parse of the block.
        first: the quantity's first token.
        last: its last token.
    """
    text = text_of(doc)
    if quantity.unit == "count" and _is_era(quantity, text):
        return False
    if quantity.modifier == "range" or quantity.unit not in ("count", "a", "h", "min", "s", "d", "mo", "wk"):
        return not _is_numbered(quantity, doc, first)
    if quantity.unit == "d" and text[quantity.start : quantity.number_end].lower() == "one":
        return _FOR_A_DAY.search(text[max(0, quantity.start - 14) : quantity.start]) is not None
    if quantity.unit != "count":
        return not _is_title(text, quantity)
    if quantity.form in {"vague", "fraction"}:
        return True
    number = text[quantity.start : quantity.end]
    hyphenated_name = re.match(r"-[A-Z]", text[quantity.end : quantity.end + 2])
    if number[:1].isupper() and hyphenated_name and _mostly_lower(text, quantity):
        return False
    if number.lower() == "one":
        return _counts_one(text, quantity, first)
    if _COMPOUND_IDIOM.match(text, quantity.end) or _CLOCK.match(text, quantity.end):
        return False
    if _is_list_number(text, quantity) or _is_address(text, quantity):
        return False
    if number == "911" and (_EMERGENCY.match(text, quantity.end) or first.head.lemma_ in ("call", "dial")):
        return False
    if quantity.dimension == "age":
        return True
    if _ROUND_OF_A_CUP.search(text[max(0, quantity.start - 5) : quantity.start]) or _MODEL.match(text, quantity.end):
        return False
    if quantity.modifier in _MODIFIED:
        return not (number.isdigit() and len(number) == 4 and _LEVELS.match(text, quantity.end))
    if number.isdigit() and len(number) == 4 and _is_year(int(number), first):
        return False
    return not _is_numbered(quantity, doc, first) and not _is_capitalised(number, first)


_ERA = re.compile(r"\s?(?:B\.?C\.?E?|A\.?D|C\.?E)\b")
_ERA_BEFORE = re.compile(r"\bA\.?D\.?\s$")


def _is_era(quantity: Quantity, text: str) -> bool:
    """Whether the number is a year before or after Christ, or a range between two years."""
    if _ERA.match(text, quantity.end) or _ERA_BEFORE.search(text[max(0, quantity.start - 5) : quantity.start]):
        return True
    if quantity.form != "range":
        return False
    plain = re.findall(r"(?<![\d,.])\d{4}(?![\d,.]\d|\d)", text[quantity.start : quantity.end])
    low, high = quantity.min or 0, quantity.max or 0
    return len(plain) == 2 and 1000 <= low < high <= 2150


def _is_list_number(text: str, quantity: Quantity) -> bool:
    line = text.rfind("\n", 0, quantity.start) + 1
    return text[line : quantity.start].strip(" ([\t") == "" and _LIST_NUMBER.match(text, line) is not None


def _is_address(text: str, quantity: Quantity) -> bool:
    if not text[quantity.start : quantity.end].isdigit():
        return False
    if _ADDRESS.match(text, quantity.end) or _FOREIGN_ADDRESS.match(text, quantity.end):
        return True
    zip_code = quantity.end - quantity.start == 5 and _STATE.search(text[max(0, quantity.start - 14) : quantity.start])
    return bool(zip_code) and not re.match(r"\s+[a-z]+s\b", text[quantity.end : quantity.end + 30])


def _is_title(text: str, quantity: Quantity) -> bool:
    """Whether the unit is part of a name ("60 Minutes"): it has a capital, in a text of lower case."""
    unit = text[quantity.number_end : quantity.end].strip(" -")
    return len(unit) > 2 and unit[:1].isupper() and not unit.isupper() and _mostly_lower(text, quantity)


def _mostly_lower(text: str, quantity: Quantity) -> bool:
    beside = text[max(0, quantity.start - 60) : quantity.start] + text[quantity.end : quantity.end + 60]
    around: list[str] = re.findall(r"[^\W\d_]+", beside)
    return sum(word[0].islower() for word in around) * 3 > len(around)


def _counts_one(text: str, quantity: Quantity, one: Token) -> bool:
    """Whether "one" is a count of its own ("one person died") and no pronoun ("one of the", "the one")."""
    if re.match(r"\s+of\b", text[quantity.end : quantity.end + 5]) or _ONE_COMPOUND.match(text, quantity.end):
        return False
    if text[quantity.start - 1 : quantity.start] in ("-", "‐", "–") and quantity.start:
        return False
    before = one.nbor(-1).lower_ if one.i else ""
    if before in _NOT_BEFORE_ONE and not (before == "that" and one.nbor(-1).tag_ == "IN"):
        return False
    if _OUT.match(text, quantity.end):
        return True
    if _HARMED.match(text, quantity.end) or _HARMING.search(text[max(0, quantity.start - 30) : quantity.start]):
        return True
    if re.match(r"\s+or\s+(?:more|two)\b", text[quantity.end : quantity.end + 9]):
        return False
    if one.text[0].isupper() and not one.is_sent_start and before.isalpha() and _mostly_lower(text, quantity):
        return False
    head = one.head
    return one.dep_ == "nummod" and head.i > one.i and head.tag_ == "NN" and head.lemma_.lower() not in _POINTED_AT


def _is_year(number: int, token: Token) -> bool:
    """Whether four plain digits are a year rather than a count."""
    head, before = token.head, (token.nbor(-1).lower_ if token.i else "")
    counted = token.dep_ == "nummod" and head.i > token.i and head.tag_ in ("NNS", "NNPS")
    if head.lower_ == "people" and head.i > token.i:
        return False
    if 1900 <= number <= 2035 and (number % 100 or not counted or before in _YEAR_BEFORE):
        return True
    if counted or not 1000 <= number <= 2200:
        return False
    after_comma = before == "," and number > 1500
    return before in _YEAR_BEFORE or after_comma or bool(token.ent_type_ == "DATE")


_NUMBER_SIGN = re.compile(r"(?:\b[Nn][Oo]s?\.\s?|№\s?|#\s?)$")
#: "(DDG 72)", "(CTF) 50".
_DESIGNATION = re.compile(r"\([A-Z]{1,5}(?:[ -]|\)\s)$")
#: Digits of the longest number that is read as part of a name.
_LONGEST_LABEL = 4
_ACRONYM = re.compile(r"[A-Z]{1,5}")
_COUNTRIES = frozenset({"US", "UK", "UN", "EU", "UAE", "I", "A"})


def _is_numbered(quantity: Quantity, doc: Doc, first: Token) -> bool:
    """Whether the number belongs to the name of what stands before it: "Flight 370", "S&P 500", "Apollo 11"."""
    if quantity.dimension in ("money", "percent", "share", "age") or quantity.start != first.idx or not first.i:
        return False
    text = text_of(doc)
    before = first.nbor(-1)
    if text[quantity.start] in "-−" and quantity.unit == "count" and _ACRONYM.fullmatch(before.text):
        return True
    if not text[quantity.start].isdigit():
        return _is_group_name(text, quantity)
    lower, capital = _labels()
    word: str = before.text
    before_text = text[max(0, quantity.start - 9) : quantity.start]
    if _NUMBER_SIGN.search(before_text) or _DESIGNATION.search(before_text):
        return True
    if quantity.form == "range" and quantity.unit != "count":
        return False
    counts = first.dep_ == "nummod" and first.head.i > first.i and first.head.tag_ in ("NNS", "NNPS")
    if word in capital or (word.lower() in lower and not counts):
        return quantity.unit == "count"
    if word == "-" and not before.whitespace_ and first.i > 1 and doc[first.i - 2].text[:1].isupper():
        return True
    if word == ":" and not counts and first.i > 1 and _is_label(doc[first.i - 2], quantity):
        return True
    number = text[quantity.start : quantity.end]
    if quantity.unit != "count" or not number.isdigit() or len(number) > _LONGEST_LABEL:
        return False
    if len(word) > 1 and _is_model(quantity, first) and _mostly_lower(text, quantity):
        return True
    if _ACRONYM.fullmatch(word) and word not in _COUNTRIES and not counts and _mostly_lower(text, quantity):
        return True
    if before.pos_ == "PROPN" and before.text[:1].isupper() and before.ent_type_ not in ("DATE", "TIME"):
        return not counts and _mostly_lower(text, quantity)
    inside = first.ent_type_ in _FACTS_OF_NAMES and before.ent_type_ == first.ent_type_ and first.ent_iob_ == "I"
    return bool(inside) and before.text[:1].isupper()


def _is_label(token: Token, quantity: Quantity) -> bool:
    """Whether what stands before a colon is numbered or marked: "Transponder: 77", a player's "Lind: 4"."""
    lower, capital = _labels()
    rated = token.ent_type_ == "PERSON" and 0 <= (quantity.value or 0) <= 10
    return quantity.unit == "count" and (rated or token.lower_ in lower or token.text in capital)


def _is_model(quantity: Quantity, token: Token) -> bool:
    """Whether the number belongs to the product name after it: "787 Dreamliner", "11 Pro"."""
    head = token.head
    follows = token.dep_ in ("nummod", "compound") and token.i < head.i <= token.i + 2
    return follows and head.tag_ == "NNP" and head.text[:1].isupper() and not head.text.endswith(("s", "men"))


_GROUP = re.compile(
    r"\b(?:Group|Gang|Committee|Council|Club|Big|Final|Sweet|Elite|Force|War|Formula|Chapter|Act|Part)\s+(?:of\s+)?$"
)


def _is_group_name(text: str, quantity: Quantity) -> bool:
    """Whether the number word ends a name: "Group of Seven", "World War Two"."""
    return _GROUP.search(text[max(0, quantity.start - 14) : quantity.start]) is not None


def _is_capitalised(number: str, token: Token) -> bool:
    """A number word with a capital inside a sentence of lower-case words is part of a name: "the Five Eyes"."""
    if not number[:1].isupper() or number.isupper() or token.is_sent_start or not token.i:
        return False
    before = token.nbor(-1)
    if not before.is_alpha or "\n" in before.whitespace_:
        return False
    if before.text[0].isupper():
        return before.pos_ == "PROPN" and _is_prose(token)
    return token.i + 1 < len(token.doc) and token.nbor(1).text[:1].isupper()


#: Words that headlines write in lower case although they capitalise the others.
_SMALL_WORDS = frozenset({"with", "from", "after", "into", "over", "amid", "under", "than", "that", "near", "this"})


def _is_prose(token: Token) -> bool:
    """Whether the sentence has words of its own in lower case, so that a capital means a name."""
    own = [t for t in token.sent if len(t) > 3 and t.is_alpha and t.text[0].islower() and t.lower_ not in _SMALL_WORDS]
    return len(own) > 1
