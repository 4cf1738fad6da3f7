"""What a page says of its article in JSON-LD (schema.org), the description that newsrooms keep for search engines."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: Types of schema.org that are an article, those of news first in no order.
ARTICLE_TYPES = frozenset({
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle",
    "SatiricalArticle", "BlogPosting", "LiveBlogPosting", "Report", "ScholarlyArticle", "TechArticle",
    "SocialMediaPosting", "DiscussionForumPosting",
})  # fmt: skip

#: Scripts of a page, characters of one, and values of all that are looked at.
_MOST_SCRIPTS, _MOST_CHARACTERS, _MOST_VALUES = 50, 1_000_000, 20_000

#: What old systems put around a script, before and behind it.
_BEFORE, _BEHIND = ("<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["), (";", "-->", "//]]>", "/*]]>*/", "]]>")
_LAST_COMMA = re.compile(r",(?=\s{0,100}[}\]])")
#: What is still read of a script that no repair makes JSON.
_SALVAGED = re.compile(r'"(headline|datePublished|inLanguage|license)"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,500})"')


def article_of(tree: Any, title_keys: frozenset[str], key_of: Callable[[str], str]) -> Mapping[str, Any]:
    """The description of the page's article, empty where there is none.

    Of several articles (a list of related ones), the one whose headline is a title of the page, else the first.

    Args:
        tree: the page as ``lxml.html`` parses it.
        title_keys: the titles that the page shows or states, each through ``key_of``.
        key_of: what makes two spellings of the same words equal.
    """
    found: list[Mapping[str, Any]] = []
    by_id: dict[str, Mapping[str, Any]] = {}
    for node in _nodes(tree):
        if isinstance(node.get("@id"), str) and len(node) > 1:
            by_id.setdefault(node["@id"], node)
        if is_article(node):
            found.append(node)
    same = (node for node in found if key_of(words_in(node.get("headline") or node.get("name"))) in title_keys)
    chosen = next(same, found[0] if found else {})
    return {name: _resolved(value, by_id) for name, value in chosen.items()}


def is_article(node: Mapping[str, Any]) -> bool:
    """Whether a description is one of an article."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and re.split(r"[/#:]", kind)[-1] in ARTICLE_TYPES for kind in kinds[:20])


def words_in(value: Any) -> str:
    """The words of a value: itself, its name, its address, or those of the first of a list; "" for none."""
    for _ in range(5):
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            keys = ("name", "@value", "url", "@id")
            value = next(
                (value[key] for key in keys if isinstance(value.get(key), str | list | dict) and value[key]), None
            )
        else:
            break
    return ""


def names_in(value: Any) -> list[str]:
    """The names of people or organizations: of one, or of a list of them."""
    values = value[:100] if isinstance(value, list) else [value]
    return [words for words in (words_in(one) for one in values) if words]


def _resolved(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    """A value, or those of a list, with bare references (``{"@id": …}``) replaced by what they refer to."""
    if isinstance(value, list):
        return [_resolved(one, by_id) for one in value[:100] if not isinstance(one, list)]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of the page's JSON-LD, the outer ones first."""
    scripts = [
        element
        for element in tree.iter("script")
        if (element.get("type") or "").split(";")[0].strip().lower() == "application/ld+json"
    ]
    waiting: list[Any] = [_parsed(script.text or "") for script in scripts[:_MOST_SCRIPTS]]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        below: list[Any] = []
        for value in waiting:
            seen += 1
            if isinstance(value, dict):
                yield value
                below += [v for v in value.values() if isinstance(v, dict | list)]
            elif isinstance(value, list):
                below += [v for v in value[:_MOST_VALUES] if isinstance(v, dict | list)]
        waiting = below


def _parsed(script: str) -> Any:
    """The value of a script; of a broken one what can be read, None for nothing."""
    if len(script) > _MOST_CHARACTERS:
        return None
    bare = _unwrapped(script)
    for repaired in (bare, _LAST_COMMA.sub("", bare), html.unescape(bare)):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    if not any(f'"{kind}"' in bare for kind in ARTICLE_TYPES):
        return None
    salvaged: dict[str, Any] = {"@type": "Article"}
    for match in _SALVAGED.finditer(bare):
        salvaged.setdefault(match[1], match[2].replace('\\"', '"').replace("\\/", "/"))
    return salvaged


def _unwrapped(script: str) -> str:
    bare = script.strip()
    for mark in _BEFORE:
        bare = bare.removeprefix(mark).lstrip()
    for mark in _BEHIND:
        bare = bare.removesuffix(mark).rstrip()
    return bare
