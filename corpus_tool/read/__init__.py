"""Readers: from a source's file to documents with blocks. One file a source."""

from __future__ import annotations

from corpus_tool.read.dispatch import READERS, Read, Reader, read_articles
from corpus_tool.read.faults import FAULTS, ReadError, fault
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.sniff import SUFFIXES, format_of_name

__all__ = [
    "FAULTS",
    "READERS",
    "SUFFIXES",
    "Read",
    "ReadError",
    "ReadOptions",
    "Reader",
    "fault",
    "format_of_name",
    "read_articles",
]
