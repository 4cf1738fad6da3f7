"""Language tags (BCP 47): whether one is well-formed, and which languages and countries its codes name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

#: A two-letter code and the three-letter one of the same language (ISO 639); at the end the older three-letter ones.
_CODES = """
aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul
bi:bis bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu cv:chv cy:cym
da:dan de:deu dv:div dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas ff:ful fi:fin fj:fij
fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat
hu:hun hy:hye hz:her ia:ina id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl it:ita iu:iku ja:jpn jv:jav
ka:kat kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir
la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon
mr:mar ms:msa mt:mlt my:mya na:nau nb:nob nd:nde ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya
oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus
rw:kin sa:san sc:srd sd:snd se:sme sg:sag sh:hbs si:sin sk:slk sl:slv sm:smo sn:sna so:som sq:sqi sr:srp
ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur
ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid
yo:yor za:zha zh:zho zu:zul
bo:tib cs:cze cy:wel de:ger el:gre eu:baq fa:per fr:fre hy:arm is:ice ka:geo mk:mac mi:mao ms:may my:bur
nl:dut ro:rum sk:slo sq:alb zh:chi
"""
_LANGUAGES = dict(pair.split(":")[::-1] for pair in _CODES.split())
_TWO_LETTERS = frozenset(_LANGUAGES.values())

#: ISO 3166-1, and XK, which everybody uses for Kosovo.
_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""

#: What people write for a language: its name, or the code of its country.
_ALSO_CALLED = {
    "arabic": "ar", "bengali": "bn", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "cn": "zh", "croatian": "hr",
    "cz": "cs", "czech": "cs", "danish": "da", "deutsch": "de", "dk": "da", "dutch": "nl", "english": "en",
    "espanol": "es", "estonian": "et", "farsi": "fa", "finnish": "fi", "francais": "fr", "french": "fr", "german": "de",
    "gr": "el", "greek": "el", "hausa": "ha", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "in": "id",
    "italian": "it", "italiano": "it", "iw": "he", "japanese": "ja", "ji": "yi", "jp": "ja", "korean": "ko",
    "latvian": "lv", "malay": "ms", "mo": "ro", "pashto": "ps", "persian": "fa", "polish": "pl", "portugues": "pt",
    "romanian": "ro", "rs": "sr", "russian": "ru", "serbian": "sr", "slovak": "sk", "somali": "so", "spanish": "es",
    "swahili": "sw", "swedish": "sv", "tamil": "ta", "thai": "th", "turkish": "tr", "ua": "uk", "ukrainian": "uk",
    "urdu": "ur", "vn": "vi",
}  # fmt: skip

#: Codes of ISO 639 that others replaced.
_WITHDRAWN = frozenset({"in", "iw", "ji", "mo"})

#: RFC 5646, section 2.1, without the tags that it keeps from earlier rules alone ("i-klingon").
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?P<extended>(?:-[a-z]{3}){0,3})|[a-z]{4,8})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*)(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)


class TagFault(NamedTuple):
    """What is wrong with a language tag.

    Attributes:
        message: what is wrong.
        meant: the tag that was probably meant, "" where nothing is near.
        certain: whether the two tags mean the same by the rules of the registers.
    """

    message: str
    meant: str = ""
    certain: bool = False


@lru_cache(maxsize=1024)
def fault_of_tag(tag: str) -> TagFault | None:
    """What is wrong with a language tag; None where it is good.

    Languages of two letters must be of ISO 639, regions of two letters of ISO 3166; whether codes of three letters,
    scripts and variants are registered is not looked up.
    """
    match = _TAG.fullmatch(tag)
    if match is None or _repeats(match["variants"]) or _repeats(match["extensions"], singletons=True):
        return TagFault(f'"{tag}" is not a well-formed language tag')
    language, _, rest = tag.partition("-")
    own = language.lower()
    if shorter := _LANGUAGES.get(own):
        message = f'"{language}" is "{shorter}" in a language tag, which takes the shortest code'
        return TagFault(message, "-".join(part for part in (shorter, rest) if part), certain=True)
    if own not in _TWO_LETTERS and len(own) != 3:
        meant = _ALSO_CALLED.get(own, "")
        whole = "-".join(part for part in (meant, rest) if part) if meant else ""
        return TagFault(f'"{language}" is not a code of ISO 639', whole, certain=own in _WITHDRAWN)
    region = match["region"] or ""
    if len(region) == 2 and not _is_country(region.upper()):
        message = f'"{region}" is not a country code of ISO 3166'
        if region.upper() != "UK":
            return TagFault(message)
        return TagFault(message, "-".join("GB" if part == region else part for part in tag.split("-")), certain=True)
    return None


def _is_country(region: str) -> bool:
    """Whether a region is a country's, or one of the codes that everybody may use as they like."""
    return region in _COUNTRIES.split() or region in {"AA", "ZZ"} or "QM" <= region <= "QZ" or "XA" <= region <= "XZ"


def _repeats(subtags: str, *, singletons: bool = False) -> bool:
    parts = [part for part in subtags.lower().split("-")[1:] if not singletons or len(part) == 1]
    return len(set(parts)) != len(parts)
