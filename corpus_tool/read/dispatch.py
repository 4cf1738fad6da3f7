"""Which reader reads what: a table by format, and the choice by a file's name and first bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.inputs import Input, open_input
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.sniff import choose_format

#: What a reader gives: articles, in place of one that cannot be read what is wrong with it, and remarks.
Read = Document | ReadError | Diagnostic
Reader = Callable[[Input, ReadOptions], Iterator[Read]]


def _read_csv(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.csv_table import read_csv

    return read_csv(source, options)


def _read_feed(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.feed import read_feed

    return read_feed(source, options)


def _read_html(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.html import read_html

    return read_html(source, options)


def _read_jsonl(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.jsonl import read_jsonl

    return read_jsonl(source, options)


def _read_tar(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.archive import read_archive
    from corpus_tool.read.tar_members import tar_members

    return read_archive(source, options, tar_members)


def _read_text(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.text import read_text

    return read_text(source, options)


def _read_tsv(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.csv_table import read_tsv

    return read_tsv(source, options)


def _read_warc(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.warc import read_warc

    return read_warc(source, options)


def _read_zip(source: Input, options: ReadOptions) -> Iterator[Read]:
    from corpus_tool.read.archive import read_archive
    from corpus_tool.read.zip_members import zip_members

    return read_archive(source, options, zip_members)


#: By the name of the format, sorted; ``sniff.SUFFIXES`` says which files have it by their names.
READERS: Mapping[str, Reader] = {
    "csv": _read_csv,
    "feed": _read_feed,
    "html": _read_html,
    "jsonl": _read_jsonl,
    "tar": _read_tar,
    "text": _read_text,
    "tsv": _read_tsv,
    "warc": _read_warc,
    "zip": _read_zip,
}


#: Findings of one name that are told of a file, and of any name, one after the other, after which it is given up.
MAX_TOLD, MAX_IN_A_ROW = 1_000, 100_000


def read_articles(path: Path, options: ReadOptions) -> Iterator[Read]:
    """The articles of one file as documents without annotations.

    What is wrong with one article comes as a ``ReadError`` in its place, and the next one follows; a remark on how
    something was read comes as a ``Diagnostic`` before it.

    Args:
        path: a file, or ``Path("-")`` for standard input.
        options: how to read it.

    Raises:
        CorpusToolError: the file cannot be opened, or is not a regular file; there is no format of the name wanted.
    """
    with open_input(path) as source:
        yield from _bounded(read_input(source, options), source.file)


def _bounded(articles: Iterator[Read], path: str) -> Iterator[Read]:
    """What a file gives, with a limit on what is told of it; reading ends where nothing but faults comes."""
    told: Counter[str] = Counter()
    in_a_row = 0
    for article in articles:
        found = article.diagnostic if isinstance(article, ReadError) else article
        if not isinstance(found, Diagnostic):
            in_a_row = 0
            yield article
            continue
        told[found.name] += 1
        in_a_row += isinstance(article, ReadError)
        if told[found.name] <= MAX_TOLD:
            yield article
        if in_a_row == MAX_IN_A_ROW:
            message = f"{in_a_row:,} faults in a row and no article between them; reading stopped there"
            yield ReadError(fault("file-given-up", path, message))
            break
    for name, count in told.items():
        if count > MAX_TOLD:
            more = replace(fault(name, path, f"{count - MAX_TOLD:,} more of these in this file are not shown"), hint="")
            yield more if more.severity is not Severity.ERROR else ReadError(more)


def read_input(source: Input, options: ReadOptions) -> Iterator[Read]:
    """The articles of an input, by the format that the user named, else by that of its name and first bytes."""
    if options.format is not None:
        if options.format not in READERS:
            raise CorpusToolError(f"there is no format {options.format!r}; the formats are {', '.join(READERS)}")
        kind, why = options.format, ""
        options = replace(options, format=None)  # what lies in an archive has a format of its own
    else:
        kind, why = choose_format("stdin.txt" if source.is_stdin else source.inside or source.file, source.head)
    if why:
        yield fault("format-differs", source.path, f"read as {kind}: {why}")
    yield from READERS[kind](source, options)
