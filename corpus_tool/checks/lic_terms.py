"""What licences of texts and data allow, and whether a dataset's licence grants what an article's forbids.

The terms are those of the licences' own texts: for Creative Commons the four conditions that make up their names
(creativecommons.org/share-your-work/cclicenses), for Open Data Commons opendatacommons.org/licenses, for public bodies
the licence itself. What works under one licence may become part of a work under another: section 3 of CC BY-SA 4.0
("Adapter's License"), and the chart "License compatibility" of Creative Commons. This is a table for finding
contradictions, not advice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from corpus_tool.checks.lic_names import PLACEHOLDERS, meant_license, spdx_expression


class Terms(NamedTuple):
    """The conditions of a licence.

    Attributes:
        attribution: the author must be named.
        noncommercial: no commercial use.
        no_derivatives: no adaptation may be shared.
        share_alike: adaptations stay under a licence of this family; "" where under any.
        reserved: nothing is allowed without asking.
    """

    attribution: bool = True
    noncommercial: bool = False
    no_derivatives: bool = False
    share_alike: str = ""
    reserved: bool = False


_FREE = Terms(attribution=False)
_NAMED = Terms()
_RESERVED = Terms(noncommercial=True, no_derivatives=True, reserved=True)


def _creative_commons() -> dict[str, Terms]:
    """The licences of Creative Commons, whose conditions are their names."""
    found = {}
    for version in ("1.0", "2.0", "2.5", "3.0", "4.0"):
        for parts in ("BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND", "BY-NC-ND"):
            family = f"CC-{parts}" if "SA" in parts else ""
            found[f"CC-{parts}-{version}"] = Terms(True, "NC" in parts, "ND" in parts, family)
    return found


#: By SPDX identifier.
TERMS: Mapping[str, Terms] = {
    **_creative_commons(),
    **dict.fromkeys(("CC0-1.0", "CC-PDDC", "CC-PDM-1.0", "PDDL-1.0", "Unlicense", "0BSD", "MIT-0"), _FREE),
    **dict.fromkeys(("DL-DE-ZERO-2.0", "CDLA-Permissive-2.0", "NIST-PD"), _FREE),
    **dict.fromkeys(("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "ODC-By-1.0", "DL-DE-BY-2.0"), _NAMED),
    **dict.fromkeys(("OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "OGL-Canada-2.0", "NLOD-1.0", "NLOD-2.0"), _NAMED),
    **dict.fromkeys(("etalab-2.0", "CDLA-Permissive-1.0"), _NAMED),
    "ODbL-1.0": Terms(share_alike="ODbL"),
    "CDLA-Sharing-1.0": Terms(share_alike="CDLA-Sharing"),
    **{
        f"GFDL-{version}-{which}": Terms(share_alike="GFDL")
        for version in ("1.2", "1.3")
        for which in ("only", "or-later")
    },
    **{
        f"GPL-{version}-{which}": Terms(share_alike="GPL")
        for version in ("2.0", "3.0")
        for which in ("only", "or-later")
    },
}

#: What the Hub calls licences otherwise than SPDX does, and those that it has besides.
HUB: Mapping[str, str | None] = {
    "bsd": "BSD-2-Clause", "cc": None, "gfdl": "GFDL-1.3-or-later",
    "gpl": "GPL-3.0-or-later", "gpl-2.0": "GPL-2.0-only", "gpl-3.0": "GPL-3.0-only", "agpl-3.0": "AGPL-3.0-only",
    "lgpl": None, "lgpl-2.1": "LGPL-2.1-only", "lgpl-3.0": "LGPL-3.0-only", "lgpl-lr": "LGPLLR", "c-uda": "C-UDA-1.0",
    "odc-by": "ODC-By-1.0", "odbl": "ODbL-1.0", "pddl": "PDDL-1.0", "openrail": None, "bigscience-openrail-m": None,
    "creativeml-openrail-m": None, "bigscience-bloom-rail-1.0": None, "bigcode-openrail-m": None, "openrail++": None,
    "h-research": None, "intel-research": None, "apple-ascl": None, "apple-amlr": None, "openmdw-1.0": None,
    "deepfloyd-if-license": None, "fair-noncommercial-research-license": None, "llama2": None, "llama3": None,
    "llama3.1": None, "llama3.2": None, "llama3.3": None, "llama4": None, "grok2-community": None, "gemma": None,
    "unknown": None, "other": None,
}  # fmt: skip

_ALL_RIGHTS = re.compile(
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|\bproprietary\b", re.IGNORECASE
)


def dataset_license(words: str) -> str | None:
    """The SPDX identifier behind what ``corpus.yaml`` gives as the licence, in the Hub's spelling or in SPDX's."""
    own = words.strip().lower()
    return HUB[own] if own in HUB else spdx_expression(words.strip()) or meant_license(words)


def is_hub_license(words: str) -> bool:
    """Whether the Hub or SPDX knows the licence."""
    return words.strip().lower() in HUB or spdx_expression(words.strip()) is not None


def terms_of(words: str) -> Terms | None:
    """The conditions of an article's licence; None where this table does not know them."""
    if _ALL_RIGHTS.search(words[:2000]):
        return _RESERVED
    expression = spdx_expression(words) or meant_license(words) or ""
    own = TERMS.get(expression)
    if own is None and re.fullmatch(r"CC-.*-\d\.\d-[A-Z]{2,3}", expression):
        own = TERMS.get(expression.rpartition("-")[0])  # a port to a country's law has the conditions of its name
    return own


def is_understood(words: str) -> bool:
    """Whether the conditions of every licence of an expression are known."""
    expression = spdx_expression(words) or words
    if "(" in expression:
        return False
    return all(terms_of(one) is not None for one in re.split(" AND | OR ", expression))


def is_told(words: str | None) -> bool:
    """Whether a licence is given at all: neither missing nor blank nor a placeholder."""
    return words is not None and words.strip().lower() not in PLACEHOLDERS | {""}


def contradiction(article: str, dataset: str) -> str | None:
    """What an article's licence forbids and the dataset's grants, in words; None where nothing, or not known.

    Args:
        article: an SPDX expression or words. Of "A OR B" one is enough, of "A AND B" both count.
        dataset: an SPDX identifier, as ``dataset_license`` gives it.
    """
    expression = spdx_expression(article) or article
    if "(" not in expression and " OR " in expression:
        found = [contradiction(one, dataset) for one in expression.split(" OR ")]
        return found[0] if all(found) else None
    if "(" not in expression and " AND " in expression:
        return next((told for one in expression.split(" AND ") if (told := contradiction(one, dataset))), None)
    own, granted = terms_of(article), TERMS.get(dataset)
    if own is None or granted is None:
        return None
    if own.reserved:
        return "reserves all rights"
    if own.noncommercial and not granted.noncommercial:
        return "allows no commercial use"
    if own.no_derivatives and not granted.no_derivatives:
        return "allows no adaptations to be shared"
    if own.share_alike and own.share_alike != granted.share_alike:
        return "wants adaptations under the same licence"
    if own.attribution and not granted.attribution:
        return "wants its author named"
    return None
