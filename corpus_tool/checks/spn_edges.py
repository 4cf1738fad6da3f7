"""SPN2xx: where spans begin and end: inside a character, inside a word, at a space, a mark, an article, a title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from corpus_tool.checks.check import Check, Needs, Part, Subject, document_of, quoted
from corpus_tool.checks.fixes.mend import shrinking
from corpus_tool.checks.fixes.mend_spans import title_to_role, without_article, without_marks, without_possessive
from corpus_tool.diagnostics import Finding, Severity
from corpus_tool.model import Actor, Location, pieces

#: Scripts that set no spaces between words, or hang particles on them: Thai, Lao, Tibetan, Burmese, Khmer, Hangul,
#: Kana, Bopomofo, Han.
_NO_WORD_BOUNDARY = (
    (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3040, 0x31FF), (0x3400, 0x9FFF),
    (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
#: Words that Hebrew and Arabic write together with the next one (and, the, in, like, to, from, that …):
#: vav, he, bet, kaf, lamed, mem and shin; waw, fa, ba, kaf, lam, sin and alef.
_PROCLITICS = frozenset("\u05d5\u05d4\u05d1\u05db\u05dc\u05de\u05e9\u0648\u0641\u0628\u0643\u0644\u0633\u0627")
_SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")

_LEADING = frozenset(",;:!?)]}…—–/*•·|")
_TRAILING = frozenset(",;:?([{…—–-/*•·|")
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "„": "“", "«": "»", "‹": "›", '"': '"'}
_CLOSING = {")": "(", "]": "[", "}": "{", "”": "“„”", "»": "«", "›": "‹", '"': '"', "“": "„"}
_APOSTROPHES = frozenset("'’‘")
#: Words that their full stop belongs to.
ABBREVIATIONS = frozenset({
    "inc", "ltd", "co", "corp", "jr", "sr", "st", "ste", "bros", "dept", "univ", "assn", "gov", "sen", "rep", "gen",
    "col", "lt", "sgt", "capt", "dr", "mr", "mrs", "ms", "prof", "esq", "plc", "llc", "no", "mt", "ft", "in", "lb",
    "lbs", "oz", "sq", "mi", "km", "cm", "mm", "kg", "hr", "hrs", "min", "sec", "yr", "yrs", "etc", "mln", "bln",
    "vs", "ave", "blvd", "rd", "intl", "nat", "cie", "hon", "rev", "cos", "pty", "pte", "pvt", "bhd", "sdn", "tbk",
    "mfg", "bldg", "hwy", "mts", "natl", "assoc", "cpl", "cmdr", "maj", "adm", "brig", "supt", "insp",
})  # fmt: skip
#: States and provinces as the press shortens them. The full stop stays theirs at the end of a sentence.
_SHORT_NAMES = frozenset({
    "Ala", "Ariz", "Ark", "Cal", "Calif", "Colo", "Conn", "Del", "Fla", "Ga", "Ill", "Ind", "Kan", "Ky", "La", "Md",
    "Mass", "Mich", "Minn", "Miss", "Mo", "Mont", "Neb", "Nebr", "Nev", "Okla", "Ore", "Oreg", "Pa", "Penn", "Tenn",
    "Tex", "Vt", "Va", "Wash", "Wis", "Wisc", "Wyo", "Alta", "Man", "Nfld", "Ont", "Que", "Sask",
})  # fmt: skip
#: Behind a full stop that ends no sentence: a small letter, a comma, "Inc.'s", "Inc.-owned".
_SENTENCE_GOES_ON = re.compile(r"[,;]|['’]s\b|-\w|(?:[^\S\n]+|[^\S\n]*\n[^\S\n]*)(\w)")

ARTICLE = re.compile(r"(the|an?)\s", re.IGNORECASE)
_THE_NAMES = re.compile(r"The (?:Hague|Gambia|Bahamas|Bronx|Dalles|Pas|Valley|Bottom|Wash|Fens)\b")
_SENTENCE_START = re.compile(r"(?:^|[\n.!?…:])[\s\"'“‘”’»«)]*$")
TITLE = re.compile(
    r"(?:(?:[Ff]ormer|Prime|Vice|Deputy|First|Acting|Foreign|Interior|Defen[cs]e|Finance|Health|Justice|Police|Chief|Attorney|"
    r"Lieutenant|Major|Brigadier|Rear) )*"
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|President|Chancellor|Minister|Premier|Mayor|Governor|Gov|Senator|Sen|Congressman|"
    r"Congresswoman|Secretary|General|Gen|Colonel|Col|Captain|Capt|Lieutenant|Lt|Sergeant|Sgt|Admiral|Judge|Justice|Inspector|"
    r"Commissioner|Ambassador|Archbishop|Bishop|Cardinal|Ayatollah)\.? (?=[^\W\d_])"
)
POSSESSIVE = re.compile(r"(?:['’]s|[sxz]['’])$")


def _edges(part: Part) -> Sequence[tuple[int, bool]]:
    """The offsets where a part begins (True) and ends (False), of every piece."""
    span = part.span
    if not span.fragments:
        return ((span.start, True), (span.end, False))
    return [edge for start, end in pieces(span) for edge in ((start, True), (end, False))]


def splits_character(subject: Subject) -> Iterator[Finding]:
    r"""A span begins or ends inside what readers see as one character.

    Why it matters: one half of an accented letter, a flag or an emoji stays outside; the span shows another character.

    Bad: "Cafe" marked in "Café" that is spelled ``e`` and U+0301.

    Good: all of "Café".
    """
    text = document_of(subject).text
    if text.isascii() and "\r" not in text:
        return
    length = len(text)
    for part in subject.sound_parts:
        for at, begins in _edges(part):
            if 0 < at < length and not (text[at].isascii() and text[at] != "\n") and splits_cluster(text, at):
                yield Finding(
                    f"{part.label} {quoted(part.span.text)} {_does(begins=begins)} inside a character", part.pointer
                )
                break


def splits_cluster(text: str, at: int) -> bool:
    """Whether a position of a text (0 < at < len) lies inside a grapheme cluster."""
    before, after = text[at - 1], text[at]
    if after.isascii():
        return after == "\n" and before == "\r"
    if before.isascii() and unicodedata.category(after)[0] in "LNPZ" and after not in "ﾞﾟ":
        return False
    import regex  # type: ignore[import-untyped, unused-ignore]  # late: English needs it never

    # Clusters are short, and none goes on over an ASCII character: start at the last one.
    start = at - 1
    while start > 0 and at - start < 64 and not text[start].isascii():
        start -= 1
    around = text[start : at + 1]
    return any(match.start() < at - start < match.end() for match in regex.finditer(r"\X", around))


def splits_word(subject: Subject) -> Iterator[Finding]:
    """A span begins or ends inside a word or a number.

    Why it matters: part of a name is no name; models that read words cannot represent such a span at all. Scripts
    without spaces between words have no such boundary, and Hebrew and Arabic write "and" or "in" with the next word.

    Bad: "Iran" marked in "Iranian", "3" in "3.2bn".

    Good: "Iran" in "Iran-backed".
    """
    text = document_of(subject).text
    length = len(text)
    for part in subject.sound_parts:
        for at, begins in _edges(part):
            if (
                0 < at < length
                and text[at].isalnum()
                and _inside_word(text, at, begins=begins)
                and not splits_cluster(text, at)
            ):
                word = quoted(_word_around(text, at))
                told = f"{part.label} {quoted(part.span.text)} {_does(begins=begins)} inside the word {word}"
                yield Finding(told, part.pointer)
                break
        else:
            if part.layer == "figures" and not part.attribute and _inside_number(text, part.span.start, part.span.end):
                word = quoted(_word_around(text, part.span.start))
                yield Finding(f"{part.label} {quoted(part.span.text)} is a part of the number {word}", part.pointer)


def _does(*, begins: bool) -> str:
    return "begins" if begins else "ends"


def _inside_word(text: str, at: int, *, begins: bool) -> bool:
    before, after = text[at - 1], text[at]
    if not after.isalnum():
        return False
    if before.isascii() and after.isascii():
        return before.isalnum()
    base = at - 1
    while base > 0 and at - base < 64 and unicodedata.category(text[base])[0] == "M":
        base -= 1
    before = text[base]
    if not before.isalnum() or _is_spaceless(before) or _is_spaceless(after) or after in _SUPERSCRIPTS:
        return False
    if begins and before in _PROCLITICS:
        start = base
        while start > 0 and text[start - 1] in _PROCLITICS and base - start < 4:
            start -= 1
        return start > 0 and text[start - 1].isalnum()
    return True


def _is_spaceless(character: str) -> bool:
    code = ord(character)
    return code >= 0x0E00 and any(low <= code <= high for low, high in _NO_WORD_BOUNDARY)


def _inside_number(text: str, start: int, end: int) -> bool:
    """Whether a number goes on behind "," or "." on either side of a span: "3" in "3,000", "2bn" in "3.2bn"."""
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    return (
        (len(before) == 2 and before[0].isdigit() and before[1] in ".," and text[start].isdigit())
        or (len(behind) == 2 and text[end - 1].isdigit() and behind[0] in ".," and behind[1].isdigit())
    )  # fmt: skip


def _word_around(text: str, at: int) -> str:
    start = end = at
    while start > 0 and not text[start - 1].isspace() and at - start < 40:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - at < 40:
        end += 1
    return text[start:end].strip(",.;:!?()[]“”\"'")


def edge_whitespace(subject: Subject) -> Iterator[Finding]:
    """A span begins or ends with white space.

    Why it matters: "Ali" and "Ali " are counted as two names, and token labels spill onto nothing.

    Bad: "Ali " in "Ali left".

    Good: "Ali".
    """
    text = document_of(subject).text
    for part in subject.sound_parts:
        if part.span.fragments:
            bare = all(not text[start].isspace() and not text[end - 1].isspace() for start, end in pieces(part.span))
        else:
            bare = not part.span.text[0].isspace() and not part.span.text[-1].isspace()
        if not bare:
            told = f"{part.label} {quoted(part.span.text)} has white space at its edge"
            yield Finding(told, part.pointer, fix=shrinking(part.pointer, part.span, 0, 0, text))


def edge_punctuation(subject: Subject) -> Iterator[Finding]:
    """A name, place, figure or cue begins or ends with punctuation that does not belong to it.

    Why it matters: "Oran" and "Oran," are counted and looked up as two places. Quotes keep their marks; full stops of
    abbreviations ("Corp.", "U.S."), brackets and marks that open and close within a name belong to it.

    Bad: "Oran," in "in Oran, Algeria".

    Good: "Oran".
    """
    text = document_of(subject).text
    for part in subject.sound_parts:
        if part.layer not in {"actors", "locations", "figures"} and part.attribute not in {"cue", "counted"}:
            continue
        words = part.span.text
        if words[0].isalnum() and words[-1].isalnum():
            continue
        first, last = _faults(words, text, part)
        if first or last:
            told = f"{part.label} {quoted(words)} has {quoted(first or last)} at its edge"
            yield Finding(told, part.pointer, fix=without_marks(text, part, _faults))


def _faults(words: str, text: str, part: Part) -> tuple[str, str]:
    return _fault_at_start(words, text, part), _fault_at_end(words, text, part)


def _fault_at_start(words: str, text: str, part: Part) -> str:
    first = words[0]
    if part.attribute == "cue" and not any(character.isalnum() for character in words):
        return ""  # a bare colon is a cue
    if first in _LEADING:
        return first
    if first in _PAIRS:
        partner = words.find(_PAIRS[first], 1)
        return first if partner < 0 or partner == len(words) - 1 else ""
    if first in _APOSTROPHES and part.layer != "figures":
        behind = text[part.span.end : part.span.end + 2]
        closed = behind[:1] in _APOSTROPHES and behind[:1] != "" and not behind[1:].isalnum()
        return first if closed or (len(words) > 2 and words[-1] in _APOSTROPHES) or not words[1:2].isalnum() else ""
    if first in "-.":
        return "" if part.layer == "figures" and words[1:2].isdigit() else first
    return ""


def _fault_at_end(words: str, text: str, part: Part) -> str:
    last = words[-1]
    if part.attribute == "cue" and not any(character.isalnum() for character in words):
        return ""
    if last in _TRAILING:
        return last
    if part.layer == "figures" and last in "\"”'’" and words[-2:-1].isdigit():
        return ""  # inches and feet
    if last in _CLOSING:
        partner = max(words.rfind(opening, 0, len(words) - 1) for opening in _CLOSING[last])
        return last if partner <= 0 else ""
    if last in _APOSTROPHES:
        return "" if POSSESSIVE.search(words) or words[0] in _APOSTROPHES else last
    if last == ".":
        token = words.rsplit(maxsplit=1)[-1]
        letters = token[:-1].lstrip("(“\"'0123456789")
        short = "." in letters or len(letters) < 2 or letters.lower() in ABBREVIATIONS
        return "" if short or letters in _SHORT_NAMES or _sentence_goes_on(text, part.span.end) else last
    return ""


def _sentence_goes_on(text: str, at: int) -> bool:
    """Whether the full stop before ``at`` ends an abbreviation and no sentence."""
    behind = _SENTENCE_GOES_ON.match(text, at)
    return behind is not None and (behind[1] is None or behind[1].islower())


def article_in_span(subject: Subject) -> Iterator[Finding]:
    """An actor, a place or what is counted begins with an article. English texts only.

    Why it matters: "the Red Cross" and "Red Cross" are counted as two names.

    Bad: "the Red Cross"; "a doctor".

    Good: "Red Cross"; "doctor"; "The Hague", whose name it is.
    """
    if not subject.is_english:
        return
    text = document_of(subject).text
    names = {entity.id: entity.name for entity in document_of(subject).entities}
    for part in subject.sound_parts:
        words = part.span.text
        if words[0] not in "tTaA" or not (match := ARTICLE.match(words)):
            continue
        a = part.annotation
        if part.attribute == "counted":
            wrong = True
        elif part.attribute or not isinstance(a, Actor | Location):
            continue
        elif a.mention == "nominal":
            wrong = True
        elif match[1] in ("the", "The"):
            own = names.get(a.entity or "", "").startswith("The ")
            named = own or a.kind == "media" or _THE_NAMES.match(words)
            first = _SENTENCE_START.search(text[max(0, part.span.start - 8) : part.span.start])
            wrong = match[1] == "the" or (bool(first) and not named)
        else:
            wrong = a.mention is None and match[1].islower()
        if wrong:
            told = f"{part.label} {quoted(words)} begins with an article"
            fix = without_article(text, part, match.end())
            yield Finding(told, part.pointer, f"mark {quoted(words[match.end() :])}", fix=fix)


def title_in_name(subject: Subject) -> Iterator[Finding]:
    """The name of a person begins with a title or an office. English texts only, but for a title that is the role.

    Why it matters: "President Lind" and "Lind" are counted as two people; the title belongs into ``role``.

    Bad: "Mayor Rosa Lind"

    Good: "Rosa Lind" with ``"role": "Mayor"``.
    """
    english = subject.is_english
    text = document_of(subject).text
    for part in subject.sound_parts:
        a = part.annotation
        if part.attribute or not isinstance(a, Actor) or a.kind != "person" or a.mention not in {None, "name"}:
            continue
        match = TITLE.match(a.text) if english else None
        if match:
            end = match.end()
        elif a.role and a.text.startswith(f"{a.role} "):
            end = len(a.role) + 1
        else:
            continue
        hint = f"mark {quoted(a.text[end:])}, with the role {quoted(a.text[:end].strip())}"
        told = f"{part.label} {quoted(a.text)} begins with a title"
        yield Finding(told, part.pointer, hint, fix=title_to_role(text, part, end))


def possessive_in_name(subject: Subject) -> Iterator[Finding]:
    """A name ends in the ending of a possessive. English texts only.

    Why it matters: "Lind" and "Lind's" are counted as two people.

    Bad: "Rosa Lind's" in "Rosa Lind's plan".

    Good: "Rosa Lind"; "Lloyd's", if the entity is called so; "St John's".
    """
    if not subject.is_english:
        return
    names = {entity.id: entity.name for entity in document_of(subject).entities}
    for part in subject.sound_parts:
        a = part.annotation
        if part.attribute or not isinstance(a, Actor | Location) or a.text[-1] not in "s'’":
            continue
        match = POSSESSIVE.search(a.text)
        if not match or match.start() == 0:
            continue
        if POSSESSIVE.search(names.get(a.entity or "", "")) or re.match(r"(?:St\.?|Saint) ", a.text):
            continue
        cut = match.start() if match[0][-1] == "s" else match.end() - 1
        told = f"{part.label} {quoted(a.text)} ends in a possessive"
        fix = without_possessive(subject, part, len(a.text) - cut)
        yield Finding(told, part.pointer, f"mark {quoted(a.text[:cut])}", fix=fix)


CHECKS = (
    Check("SPN201", "splits-character", Severity.WARNING, Needs.DOCUMENT, splits_character),
    Check("SPN202", "splits-word", Severity.WARNING, Needs.DOCUMENT, splits_word),
    Check("SPN203", "edge-whitespace", Severity.WARNING, Needs.DOCUMENT, edge_whitespace, fixable=True),
    Check("SPN204", "edge-punctuation", Severity.WARNING, Needs.DOCUMENT, edge_punctuation, fixable=True),
    Check("SPN205", "article-in-span", Severity.WARNING, Needs.DOCUMENT, article_in_span, fixable=True),
    Check("SPN206", "title-in-name", Severity.WARNING, Needs.DOCUMENT, title_in_name, fixable=True),
    Check("SPN207", "possessive-in-name", Severity.WARNING, Needs.DOCUMENT, possessive_in_name, fixable=True),
)
