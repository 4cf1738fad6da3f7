"""LIC501 to LIC504: secrets and personal data in what is about to be published: text files and columns of Parquet.

Nothing is read by sampling: every string of every file is looked at, a column of a row group at a time, as one text.
The finders are those that documents are checked with (LIC301 to LIC303), and those of accounts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from corpus_tool.checks.dataset.exp_folder import Export, Shard
from corpus_tool.checks.dataset.export_check import ExportFinding, FolderCheck
from corpus_tool.checks.lic_privacy import Place, addresses_in, numbers_in
from corpus_tool.checks.publication.accounts import bank_accounts_in, payment_cards_in
from corpus_tool.checks.publication.keys import keys_in
from corpus_tool.diagnostics import Severity

Find = Callable[[str], Iterator[Place]]

#: A backslash before a sign of ASCII, which Markdown takes away (CommonMark, section 2.4).
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

#: How many rows a message names.
_ROWS = 3


class _Column(NamedTuple):
    """The strings of a column in a row group: a path ("actors.text"), the strings, and the row of each in the shard."""

    path: str
    values: Sequence[str]
    rows: Sequence[int]


def secret_published(export: Export) -> Iterator[ExportFinding]:
    """A file of the dataset holds what looks like a key: a token of a service, a private key, a password.

    Why it matters: keys are found within minutes of their publication, by programs that look for nothing else. One that
    was published once is to be withdrawn where it was made.

    Bad: a card whose description says ``hf_`` and the rest of somebody's token.

    Good: the key withdrawn, taken out of the corpus, and the dataset built again.
    """
    hint = "withdraw it where it was made, take it out of the corpus, and build again"
    return _findings(export, keys_in, "secret", hint)


def email_published(export: Export) -> Iterator[ExportFinding]:
    """A file of the dataset holds the e-mail address of a person.

    Why it matters: whoever downloads the dataset can write to it, and a version that was published stays published.

    Bad: a column of authors with their private addresses.

    Good: addresses of desks (newsroom@), or the articles left out.
    """
    return _findings(
        export, addresses_in, "e-mail address", "is it meant to be public? Else leave the article out", "es"
    )


def phone_published(export: Export) -> Iterator[ExportFinding]:
    """A file of the dataset holds a telephone number.

    Why it matters: it is personal data where it is a person's, and a version that was published stays published.

    Bad: "Call her on", followed by the digits of a mobile phone.

    Good: free numbers, and those that are kept for fiction.
    """
    return _findings(export, numbers_in, "telephone number", "is it a person's? Then leave the article out")


def account_published(export: Export) -> Iterator[ExportFinding]:
    """A file of the dataset holds the number of a bank account (IBAN) or of a payment card, with right check digits.

    Why it matters: money can be taken with it, and a version that was published stays published.

    Bad: a complaint that quotes the writer's IBAN.

    Good: the number left out of the article's copy, or the article left out.
    """
    hint = "leave the article out, unless the account is meant to be public"
    yield from _findings(export, bank_accounts_in, "bank account number", hint)
    yield from _findings(export, payment_cards_in, "payment card number", hint)


def _findings(export: Export, find: Find, what: str, hint: str, plural: str = "s") -> Iterator[ExportFinding]:
    for name in export.present:
        if not name.endswith(".parquet"):
            yield from _in_file(export, name, find, what, hint)
    for shard in export.shards:
        yield from _in_shard(export, shard, find, (what, what + plural), hint)


def _in_file(export: Export, name: str, find: Find, what: str, hint: str) -> Iterator[ExportFinding]:
    """A finding a place in a text file, with line and column."""
    try:
        text = (export.folder / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # no text; a build writes none
    except OSError as error:
        export.faults[name] = error.strerror or str(error)
        return
    plain, places = _unescaped(text) if name.endswith(".md") else (text, None)
    for start, _, shown in sorted(set(find(plain))):
        before = text[: places[start] if places else start]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        yield ExportFinding(f"{name} holds {_a(what)}: {shown}", name, hint=hint, line=line, column=column)


def _unescaped(text: str) -> tuple[str, list[int]]:
    """Markdown as it is read, without the backslashes that escape a sign, and where each character stood."""
    escapes = {match.start() for match in _ESCAPE.finditer(text)}
    places = [at for at in range(len(text)) if at not in escapes]
    return "".join(text[at] for at in places), places


def _in_shard(export: Export, shard: Shard, find: Find, what: tuple[str, str], hint: str) -> Iterator[ExportFinding]:
    """A finding a column, which counts what it holds and names the first rows."""
    found: dict[str, list[tuple[int, str]]] = {}
    for column in _columns(export, shard):
        starts = [0, *accumulate(len(value) + 1 for value in column.values)]
        for start, _, shown in sorted(set(find("\n".join(column.values)))):
            row = int(column.rows[bisect_right(starts, start) - 1])
            found.setdefault(column.path, []).append((row, shown))
    for path, places in sorted(found.items()):
        rows = list(dict.fromkeys(row for row, _ in places))
        named = ", ".join(map(str, rows[:_ROWS])) + (" …" if len(rows) > _ROWS else "")
        where = f"{shard.config}/{shard.split}, column {path}, row{'s' if len(rows) > 1 else ''} {named}"
        count = _a(what[0]) if len(places) == 1 else f"{len(places)} {what[1]}"
        first = "" if len(places) == 1 else ", the first"
        message = f"{where}: {count}{first} {places[0][1]}"
        yield ExportFinding(message, shard.name, f"/{rows[0]}/{path.replace('.', '/')}", hint)


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _columns(export: Export, shard: Shard) -> Iterator[_Column]:
    import numpy as np
    import pyarrow as pa

    first = 0
    try:
        for group in range(shard.file.metadata.num_row_groups):
            table = shard.file.read_row_group(group).combine_chunks()
            numbers = np.arange(first, first + table.num_rows)
            for name in table.column_names:
                for chunk in table.column(name).chunks:  # one, or none in an empty group
                    yield from _strings(chunk, name, numbers)
            first += table.num_rows
    except (OSError, pa.ArrowException) as error:
        export.faults[shard.name] = (str(error).splitlines() or [type(error).__name__])[0]


def _strings(array: Any, path: str, rows: Any) -> Iterator[_Column]:
    """The columns of strings inside of an array; ``rows`` has the row of each of its items, as numpy's array.

    By DLPack, for pyarrow's own way to numpy imports pandas first.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        values = array.drop_null().to_pylist()
        if values:
            yield _Column(path, values, rows[np.from_dlpack(pc.indices_nonzero(pc.is_valid(array)))])
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _strings(array.flatten(), path, rows[np.from_dlpack(pc.list_parent_indices(array))])
    elif pa.types.is_struct(kind):
        for field, inner in zip(kind, array.flatten(), strict=True):
            yield from _strings(inner, f"{path}.{field.name}", rows)


CHECKS = (
    FolderCheck("LIC501", "secret-published", Severity.ERROR, secret_published),
    FolderCheck("LIC502", "email-published", Severity.WARNING, email_published),
    FolderCheck("LIC503", "phone-published", Severity.WARNING, phone_published),
    FolderCheck("LIC504", "account-published", Severity.WARNING, account_published),
)
