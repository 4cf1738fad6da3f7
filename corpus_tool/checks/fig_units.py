"""Units of figures: which are known (ISO 4217, UCUM), and what they measure."""

from __future__ import annotations

import re
from functools import cache

#: ISO 4217: the codes of today, and those of currencies that older articles count in.
CURRENCIES = frozenset(
    re.findall(
        r"[A-Z]{3}",
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
        CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
        GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
        LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
        PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS
        TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XCD XCG XDR XOF XPD XPF
        XPT YER ZAR ZMW ZWG ZWL
        ADP AFA ATS AZM BEF BYB BYR CSD CSK CYP DDM DEM ECS EEK ESP FIM FRF GHC GRD IEP ITL LTL LUF LVL MGF MRO MTL MZM
        NLG PLZ PTE ROL SDD SIT SKK SRG STD SUR TMM TRL UAK VEB VEF XEU YUD YUM YUN ZMK ZRN ZWD
        """,
    )
)

#: UCUM units by what they measure. ``_METRIC`` take prefixes; "ha" is written in news what UCUM writes "har".
_METRIC = {
    "m": "distance", "pc": "distance", "g": "mass", "t": "mass", "L": "volume", "l": "volume", "s": "duration",
    "a": "duration", "K": "temperature", "W": "other", "J": "other", "eV": "other", "V": "other", "A": "other",
    "Hz": "other", "Pa": "other", "bar": "other", "N": "other", "bit": "other", "By": "other", "cal": "other",
    "Wh": "other", "mol": "other", "B": "other", "Sv": "other", "Gy": "other", "Bq": "other", "Ci": "other",
    "lm": "other", "lx": "other", "cd": "other", "Ohm": "other", "F": "other", "C": "other", "T": "other",
}  # fmt: skip
_PLAIN = {
    "AU": "distance", "[mi_i]": "distance", "[mi_us]": "distance", "[nmi_i]": "distance", "[ft_i]": "distance",
    "[in_i]": "distance", "[yd_i]": "distance", "[ly]": "distance", "[fth_i]": "distance", "[fur_us]": "distance",
    "ar": "area", "har": "area", "ha": "area", "[acr_us]": "area", "[acr_br]": "area", "[sft_i]": "area",
    "[smi_us]": "area", "[lb_av]": "mass", "[oz_av]": "mass", "[oz_tr]": "mass", "[ston_av]": "mass",
    "[lton_av]": "mass", "[stone_av]": "mass", "[car_m]": "mass", "[gal_us]": "volume", "[gal_br]": "volume",
    "[bbl_us]": "volume", "[pt_us]": "volume", "[pt_br]": "volume", "[qt_us]": "volume", "[cup_us]": "volume",
    "[foz_us]": "volume", "[bu_us]": "volume", "[cft_i]": "volume", "[kn_i]": "speed", "[mph]": "speed",
    "Cel": "temperature", "[degF]": "temperature", "min": "duration", "h": "duration", "d": "duration",
    "wk": "duration", "mo": "duration", "deg": "other", "'": "other", "[Btu]": "other", "[HP]": "other",
    "[ppm]": "other", "[ppb]": "other", "%": "share", "dB": "other", "[hp]": "other", "[psi]": "other",
    "[lbf_av]": "other", "[car_Au]": "other", "[pH]": "other", "[cal]": "other", "[Cal]": "other",
}  # fmt: skip
_PREFIX = "(?:da|Ki|Mi|Gi|Ti|[YZEPTGMkhdcmunpfa])?"
_NAMES = "|".join(re.escape(name) for name in sorted(_METRIC, key=len, reverse=True))
_PLAIN_NAMES = "|".join(re.escape(name) for name in sorted(_PLAIN, key=len, reverse=True))
_TERM = re.compile(
    rf"(?:(?P<plain>{_PLAIN_NAMES})|(?P<prefix>{_PREFIX})(?P<metric>{_NAMES})|10[*^][+-]?\d+|\d+)"
    r"(?P<power>[+-]?\d+)?(?:\{[^{}]*\})?|\{[^{}]*\}"
)

#: What people write for a unit, and what it is written here.
_MEANT = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "dollars": "USD", "dollar": "USD", "euros": "EUR",
    "euro": "EUR", "pounds": "GBP", "yen": "JPY", "%": "percent", "per cent": "percent", "percentage": "percent",
    "pct": "percent", "number": "count", "people": "count", "persons": "count", "miles": "[mi_i]", "mile": "[mi_i]",
    "mi": "[mi_i]", "feet": "[ft_i]", "foot": "[ft_i]", "ft": "[ft_i]", "inches": "[in_i]", "inch": "[in_i]",
    "yards": "[yd_i]", "acres": "[acr_us]", "acre": "[acr_us]", "°C": "Cel", "C": "Cel", "°F": "[degF]",
    "F": "[degF]", "celsius": "Cel", "fahrenheit": "[degF]", "years": "a", "year": "a", "months": "mo", "month": "mo",
    "weeks": "wk", "week": "wk", "days": "d", "day": "d", "hours": "h", "hour": "h", "minutes": "min",
    "minute": "min", "seconds": "s", "second": "s", "kilometres": "km", "kilometers": "km", "metres": "m",
    "meters": "m", "tonnes": "t", "tons": "t", "tonne": "t", "kilograms": "kg", "kilogrammes": "kg", "litres": "L",
    "liters": "L", "hectares": "ha", "hectare": "ha", "kmh": "km/h", "kph": "km/h", "mph": "[mi_i]/h", "sq km": "km2",
    "km²": "km2", "m²": "m2", "m³": "m3", "degrees": "Cel", "barrels": "[bbl_us]", "ratio": "1", "fraction": "1",
}  # fmt: skip


@cache
def dimension_of(unit: str) -> str | None:
    """What a unit measures: count, share, money, distance, …, "other" for what has no measure of its own.

    None for a unit that is neither count, percent, an ISO 4217 code nor a UCUM symbol.
    """
    if unit in {"count", "percent", "1"}:
        return "count" if unit == "count" else "share"
    if unit in CURRENCIES:
        return "money"
    if re.fullmatch(r"10[*^]-\d+", unit):
        return "share"
    terms = re.split(r"[./]", unit.removeprefix("/"))
    matches = [_TERM.fullmatch(term) for term in terms]
    if not all(matches):
        return None
    if unit in _METRIC:
        return _METRIC[unit]  # "Pa" is a pascal, not a thousand billion years
    terms = [term for term in terms if not term.isdigit()] or terms
    if len(terms) == 1 and (match := _TERM.fullmatch(terms[0])):
        own = _PLAIN.get(match["plain"] or "") or _METRIC.get(match["metric"] or "") or "other"
        if match["power"]:
            return {("distance", "2"): "area", ("distance", "3"): "volume"}.get((own, match["power"]), "other")
        return own
    parts = [dimension_of(term) for term in terms]
    if parts == ["distance", "duration"] and "/" in unit:
        return "speed"
    return "volume" if parts == ["area", "distance"] and "." in unit else "other"


def meant_unit(unit: str) -> str:
    """The unit that a word or sign stands for, "" where it is not known."""
    return _MEANT.get(unit) or _MEANT.get(unit.lower()) or (unit.upper() if unit.upper() in CURRENCIES else "")
