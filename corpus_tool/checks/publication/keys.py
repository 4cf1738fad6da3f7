"""Keys of services beyond those of LIC301: an explicit table, each with where its form is described.

``detect-secrets`` was weighed against this table: its last release is of May 2024, it reads files of a repository line
by line under global settings, and has no patterns for half of the services here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus_tool.checks.lic_privacy import Place, secrets_in


class Key(NamedTuple):
    """The form of a service's keys.

    Attributes:
        name: what messages call it; nothing of the key itself is shown.
        pattern: begins with a literal, and has bounded repetitions: a text is read in time linear to its length.
        source: who describes the form.
    """

    name: str
    pattern: re.Pattern[str]
    source: str


_GITLEAKS = "github.com/gitleaks/gitleaks, config/gitleaks.toml"

KEYS = (
    Key("a PGP private key", re.compile(r"-----BEGIN PGP PRIVATE KEY BLOCK-----"), "RFC 9580, section 6.2"),
    Key("a PuTTY private key", re.compile(r"PuTTY-User-Key-File-[23]: "), "PuTTY manual, appendix C"),
    Key("a key of AWS", re.compile(r"(?i:aws_(?:secret_access_key|session_token))[\"' ]{0,2}[=:][\"' ]{,3}[\w/+]{40}"),
        "docs.aws.amazon.com, access keys"),
    Key("a key of Azure Storage", re.compile(r"AccountKey=[A-Za-z0-9+/]{86}=="), "learn.microsoft.com, Azure Storage"),
    Key("a token of Atlassian", re.compile(r"ATATT3[\w=-]{100,255}"), _GITLEAKS),
    Key("a token of Databricks", re.compile(r"dapi[0-9a-f]{32}(?![0-9a-z])"), _GITLEAKS),
    Key("a token of DigitalOcean", re.compile(r"do[por]_v1_[0-9a-f]{64}"), "docs.digitalocean.com, API tokens"),
    Key("a token of Google", re.compile(r"ya29\.[\w-]{20,255}"), "developers.google.com, OAuth 2.0"),
    Key("a token of HashiCorp Vault", re.compile(r"hv[sb]\.[\w-]{24,255}"), "developer.hashicorp.com, Vault, tokens"),
    Key("a token of SendGrid", re.compile(r"SG\.[\w-]{16,32}\.[\w-]{32,64}"), "docs.sendgrid.com, API keys"),
    Key("a token of Shopify", re.compile(r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"), "shopify.dev, access tokens"),
    Key("a token of Slack", re.compile(r"xox[cders](?:\.xox[bp])?-[\w-]{20,255}"), "docs.slack.dev, token types"),
    Key("a webhook of Slack", re.compile(r"hooks\.slack\.com/services/T\w{6,16}/B\w{6,16}/\w{16,32}"),
        "docs.slack.dev, incoming webhooks"),
    Key("a token of Telegram", re.compile(r":AA[\w-]{33}(?![\w-])"), "core.telegram.org/bots/api"),
    Key("a bearer token", re.compile(r"Bearer [A-Za-z0-9._~+/-]{30,4000}"), "RFC 6750, section 2.1"),
)  # fmt: skip

_ALGORITHMIC = re.compile(r"\d")


def keys_in(text: str) -> Iterator[Place]:
    """Keys, tokens and passwords in a text: those of LIC301 and those of the table above."""
    yield from secrets_in(text)
    for key in KEYS:
        for match in key.pattern.finditer(text):
            before = text[match.start() - 1 : match.start()]
            is_telegram = match[0].startswith(":AA")
            if is_telegram and not re.search(r"(?<!\d)\d{8,10}\Z", text[max(0, match.start() - 11) : match.start()]):
                continue
            if not is_telegram and (before.isalnum() or before in {"_", "-"}):
                continue
            if key.name == "a bearer token" and not _ALGORITHMIC.search(match[0]):
                continue
            yield match.start(), match.end(), key.name
