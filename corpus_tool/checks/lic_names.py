"""Names of licences: which words are an SPDX expression, and which one others stand for."""

from __future__ import annotations

import re
from functools import lru_cache

#: Longer words are no identifier; the parser of expressions takes time and memory with the length.
_LONGEST = 300

#: What stands where nobody knew the licence; it says nothing.
PLACEHOLDERS = frozenset(
    {"?", "-", "n/a", "na", "nil", "no license", "no licence", "none", "null", "other", "tba", "tbd", "todo", "unknown",
     "undefined", "unlicensed", "unspecified"}
)  # fmt: skip

_CC_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?P<shelf>licenses|publicdomain)/(?P<parts>zero|mark|[a-z-]{2,12})"
    r"/(?P<version>\d\.\d)(?:/(?P<port>[a-z]{2,4}))?(?:/(?:deed|legalcode)[a-z._-]{0,12})?/?",
    re.IGNORECASE,
)
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")

_PUBLIC_DOMAIN = {"ZERO": "CC0", "MARK": "CC-PDM"}

#: Parts of Creative Commons' licences by the words for them, in the order of the identifier.
_PARTS = {"by": "BY", "attribution": "BY", "nc": "NC", "noncommercial": "NC", "nd": "ND", "noderivatives": "ND",
          "noderivs": "ND", "sa": "SA", "sharealike": "SA"}  # fmt: skip
_JOINED = (("non commercial", "noncommercial"), ("no derivatives", "noderivatives"), ("no derivs", "noderivs"),
           ("share alike", "sharealike"))  # fmt: skip
_IDLE = frozenset(
    {"a", "by", "cc", "commons", "creative", "deed", "generic", "international", "licence", "license", "licensed",
     "public", "the", "under", "universal", "unported", "v", "version"}
)  # fmt: skip

#: Other names that mean one licence, folded as ``_folded`` does.
_ALSO_CALLED = {
    "cc 0": "CC0-1.0", "cc 0 1.0": "CC0-1.0", "cc 0 1.0 universal": "CC0-1.0", "cc zero": "CC0-1.0",
    "creative commons zero": "CC0-1.0", "creative commons zero v 1.0 universal": "CC0-1.0", "cc 0 v 1.0": "CC0-1.0",
    "public domain mark 1.0": "CC-PDM-1.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0", "mit license": "MIT", "the mit license": "MIT", "odbl": "ODbL-1.0",
    "odbl 1.0": "ODbL-1.0", "open database license": "ODbL-1.0", "odc by": "ODC-By-1.0", "odc by 1.0": "ODC-By-1.0",
    "pddl": "PDDL-1.0", "pddl 1.0": "PDDL-1.0", "ogl v 3.0": "OGL-UK-3.0", "ogl 3.0": "OGL-UK-3.0",
    "ogl uk v 3.0": "OGL-UK-3.0", "open government licence v 3.0": "OGL-UK-3.0",
    "open government licence 3.0": "OGL-UK-3.0", "dl de by 2.0": "DL-DE-BY-2.0", "dl de zero 2.0": "DL-DE-ZERO-2.0",
    "licence ouverte 2.0": "etalab-2.0",
}  # fmt: skip


@lru_cache(maxsize=1024)
def spdx_expression(words: str) -> str | None:
    """The SPDX expression that ``words`` are, in its own spelling ("cc-by-4.0" gives "CC-BY-4.0"); None for others.

    ``packaging`` keeps the list of SPDX identifiers, and parses expressions with AND, OR, WITH and LicenseRef-….
    """
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if len(words) > _LONGEST:
        return None
    try:
        return str(canonicalize_license_expression(words))
    except InvalidLicenseExpression:
        return None


@lru_cache(maxsize=1024)
def meant_license(words: str) -> str | None:
    """The SPDX identifier that another name, or the address of a licence, stands for; None where none is certain.

    "CC BY-SA 4.0", "Creative Commons Attribution 4.0 International" and "creativecommons.org/licenses/by/4.0/" name
    one licence each; "CC BY" does not, for it lacks the version.
    """
    if len(words) > _LONGEST:
        return None
    if match := _CC_ADDRESS.fullmatch(words.strip()):
        return _from_address(match)
    folded = _folded(words)
    if own := _ALSO_CALLED.get(folded):
        return own
    parts, rest = _creative_commons(folded)
    versions = [word for word in rest if word[0].isdigit()]
    named = {"attribution", "cc", "creative"} & set(folded.split())
    if "BY" not in parts or len(versions) != 1 or not named or set(rest) - set(versions) - _IDLE:
        return None
    version = versions[0] if "." in versions[0] else f"{versions[0]}.0"
    return spdx_expression(f"CC-{'-'.join(parts)}-{version}")


def lacks_version(words: str) -> bool:
    """Whether the words name a licence of Creative Commons without saying which version."""
    if len(words) > _LONGEST:
        return False
    folded = _folded(words)
    parts, rest = _creative_commons(folded)
    return "BY" in parts and {"cc", "creative"} & set(folded.split()) != set() and not set(rest) - _IDLE


def looks_like_an_id(words: str) -> bool:
    """Whether somebody meant an identifier or an expression, not a sentence about rights."""
    return " " not in words.strip() or re.search(r" (?:AND|OR|WITH) ", words) is not None


def _folded(words: str) -> str:
    """Lower-case words and numbers, apart by one space: "CC-BY 4.0" and "cc by v4.0" differ in "v" alone."""
    folded = " ".join(_WORD.findall(words.lower()))
    for apart, joined in _JOINED:
        folded = folded.replace(apart, joined)
    return folded


def _creative_commons(folded: str) -> tuple[list[str], list[str]]:
    """The parts BY, NC, ND, SA in the order of identifiers, and the words that are none of them."""
    words = folded.split()
    found = {_PARTS[word] for word in words if word in _PARTS}
    return [part for part in ("BY", "NC", "ND", "SA") if part in found], [word for word in words if word not in _PARTS]


def _from_address(match: re.Match[str]) -> str | None:
    parts, version, port = match["parts"].upper(), match["version"], (match["port"] or "").upper()
    if match["shelf"].lower() == "publicdomain":
        return spdx_expression(f"{_PUBLIC_DOMAIN.get(parts, parts)}-{version}")
    return spdx_expression(f"CC-{parts}-{version}" + (f"-{port}" if port and port != "DEED" else ""))
