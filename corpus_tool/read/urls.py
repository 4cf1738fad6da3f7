"""Addresses of articles: the one that leads to the article, whatever was added to it on the way."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

#: Code points of the longest address that is read; browsers and servers take about as much.
MAX_URL = 2_000

#: Parameters that say where a reader came from, not what is read; of analytics, advertising and newsletters.
_TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_.*|matomo_.*|hsa_.*|_hs.*|vero_.*|oly_.*|mc_.*|at_(?:medium|campaign|custom\d|ptr_name|link.*)"
    r"|[a-z]{1,3}clid|gclsrc|dclid|yclid|msclkid|igshid|igsh|twclid|li_fat_id|s_kwcid|_ga|_gl|__twitter_impression"
    r"|wt_?mc|wt_zmc|xtor|spm|ncid|cmpid|cmp|icid|ito|cid|smid|smtyp|ref_src|ref_url|feature|share(?:_id|d)?|fb_.*"
    r"|taid|traffic_source|ns_(?:campaign|mchannel|source|linkname|fee)|soc_(?:src|trk)|guce.*|guccounter|tracking_?id"
    r"|(?:share|mobile|desktop)_?link.*|gift|unlocked_article_code|sfnsn|mibextid|sh(?:are)?token",
    re.IGNORECASE,
)
#: Parameters that ask for another view of the same article, with the values that do; an empty set means any value.
_VIEWS: dict[str, frozenset[str]] = {
    "amp": frozenset(),
    "amp_js_v": frozenset(),
    "usqp": frozenset(),
    "outputtype": frozenset({"amp"}),
    "output": frozenset({"amp", "print"}),
    "view": frozenset({"print", "amp", "mobile", "printable"}),
    "print": frozenset(),
    "printable": frozenset(),
    "printview": frozenset(),
    "printpage": frozenset(),
    "pagewanted": frozenset({"print", "all"}),
    "mode": frozenset({"print", "amp"}),
    "format": frozenset({"print", "amp"}),
    "action": frozenset({"print"}),
    "tmpl": frozenset({"component"}),
}
#: The last piece of a path that asks for another view.
_VIEW_ENDS = frozenset({"amp", "amp.html", "print", "print.html", "printable", "printview", "amp-story"})
_VIEW_SUFFIX = re.compile(r"(?<=\w)(?:\.amp|[-_]amp|[.-]print)(?=\.s?html?$)|\.amp$", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")


def clean_url(url: str) -> str:
    """An address without what does not belong to the article: tracking, fragment, print and AMP views.

    ``https://M.Example.org:443/fire/amp/?utm_source=x&id=7#top`` becomes ``https://m.example.org/fire/?id=7``. What
    is no http or https address comes back without white space at its edges.

    Args:
        url: an absolute address.
    """
    parts = _split(url.strip())
    if parts is None:
        return url.strip()
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None)
        if not _TRACKING.fullmatch(name) and not _is_view(name, value)
    ]
    query = parts.query if len(kept) == parts.query.count("&") + 1 else urlencode(kept)
    return SplitResult(parts.scheme, _host(parts), _path(parts.path), query if kept else "", "").geturl()


def url_key(url: str) -> str:
    """What two addresses of one article share: for comparing them, not for opening.

    Beside ``clean_url``, scheme, ``www.``, ``m.`` and ``amp.``, a slash at the end and the order of parameters go.
    """
    parts = _split(clean_url(url))
    if parts is None:
        return url.strip()
    host = re.sub(r"^(?:(?:www|m|mobile|amp|print)\.)+(?=[^.]+\.)", "", parts.netloc)
    path = re.sub(r"(?:/index\.s?html?|/+)$", "", parts.path)
    path = re.sub(r"^/(?:amp|print)(?=/)", "", path)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def web_address(words: str, base: str = "") -> str:
    """``words`` as an absolute http or https address, "" where they are none.

    Args:
        words: an address, absolute or relative.
        base: the address that a relative one starts from, "" for none.
    """
    words = words.strip()
    if not words or len(words) > MAX_URL or _CONTROL.search(words):
        return ""
    try:
        joined = urljoin(base, words) if base else words
    except ValueError:
        return ""
    return joined if _split(joined) is not None else ""


def _split(url: str) -> SplitResult | None:
    """The parts of an http or https address with a host; None for anything else."""
    if len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket left open, a port that is no number
        return None
    return parts if usable else None


def _host(parts: SplitResult) -> str:
    """Host and port in lower case, without the port that goes without saying and without a user's name."""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{parts.port}"


def _path(path: str) -> str:
    """The path of the article's usual view."""
    pieces = path.split("/")
    ends = -2 if pieces[-1] == "" and len(pieces) > 2 else -1
    if len(pieces) > 2 and pieces[ends].lower() in _VIEW_ENDS and any(pieces[:ends]):
        del pieces[ends]
        return "/".join(pieces)
    return _VIEW_SUFFIX.sub("", path)


def _is_view(name: str, value: str) -> bool:
    values = _VIEWS.get(name.lower())
    return values is not None and (not values or value.lower() in values)
