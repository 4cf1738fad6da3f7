"""What can be wrong with tables, feeds, archives and web archives, and with encodings: COR033 to COR045."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.diagnostics import Severity
from corpus_tool.diagnostics.fault import Fault

#: By name, in the order of the codes; a part of ``faults.FAULTS``.
CONTAINER_FAULTS: Mapping[str, Fault] = {
    "encoding-guessed": Fault(
        "COR033",
        Severity.WARNING,
        "look at the words shown; name the encoding if they are wrong: convert --encoding NAME",
        summary="The character encoding of an article was guessed.",
        why="bytes do not say which letters they are; a wrong guess spells names wrongly, and nobody notices.",
        bad="a text of Windows-1252 that says nowhere that it is.",
        good="UTF-8; or ``convert --encoding windows-1252``.",
    ),
    "format-differs": Fault(
        "COR034",
        Severity.INFO,
        "rename the file, or name the format: convert --format NAME",
        summary="A file was read as what its first bytes are, not as what its name says.",
        why="the name may be right after all, and then what was read is no article.",
        bad="``page.txt`` that begins with ``<!DOCTYPE html>``.",
        good="``page.html``.",
    ),
    "column-unknown": Fault(
        "COR035",
        Severity.ERROR,
        "say which column holds what: convert --map text=COLUMN,title=COLUMN",
        summary="A table has no column of the name that is wanted.",
        why="without its text there is no article; without the column of a date its articles have none.",
        bad="``--map text=bdy`` for a table with the column ``body``.",
        good="``--map text=body``.",
    ),
    "row-invalid": Fault(
        "COR036",
        Severity.ERROR,
        "mend the row: a field with quotation marks or line breaks stands in quotation marks, those in it doubled",
        summary="A row of a table cannot be read.",
        why="the row is left out, so the corpus has fewer documents than the table has articles.",
        bad='``7,"He said "no" today"``',
        good='``7,"He said ""no"" today"``',
    ),
    "archive-damaged": Fault(
        "COR037",
        Severity.ERROR,
        "take the file anew from where it was made; what could be read was kept",
        summary="An archive or a compressed file ends too early, or its bytes were altered.",
        why="what stands behind the damage is lost, and a reader that stops there counts fewer articles.",
        bad="a ``.tar.gz`` whose download was cut off.",
        good="the file taken anew from where it was made.",
    ),
    "archive-too-large": Fault(
        "COR038",
        Severity.ERROR,
        "if you trust it, unpack it yourself and convert the folder",
        summary="An archive or a compressed file unpacks to more than is read.",
        why="a file of a few kilobytes can unpack to petabytes; it was made to fill memory and disks.",
        bad="a ``.gz`` of 1 MB that unpacks to 1 GB of zeros; a zip within a zip within a zip.",
        good="articles, which unpack to some ten times their packed size.",
    ),
    "member-refused": Fault(
        "COR039",
        Severity.ERROR,
        "pack the articles anew, as plain files under plain names",
        summary="A member of an archive is not read, because of what it is or how it is called.",
        why="links, devices, encrypted members and names that lead out of the archive are no articles.",
        bad="``../../etc/passwd``; ``C:\\pages\\a.html``; a symbolic link; the same name twice.",
        good="``pages/a.html``",
    ),
    "record-damaged": Fault(
        "COR040",
        Severity.ERROR,
        "crawl the page again, or take the file anew; the other records were kept",
        summary="A record of a web archive is cut off or is not as its headers say.",
        why="its page would be an article without its end.",
        bad="a record with ``Content-Length: 5000`` of which 300 bytes are there.",
        good="a record of the length that it states.",
    ),
    "records-left-out": Fault(
        "COR041",
        Severity.INFO,
        "nothing is to be done, if no article is among them",
        summary="Records of a web archive, or entries of a feed, hold no article and were left out.",
        why="who expects as many documents as records should know why there are fewer.",
        bad="a web archive of pictures and redirections.",
        good="pages that were answered with 200.",
    ),
    "feed-invalid": Fault(
        "COR042",
        Severity.ERROR,
        "mend the XML; entries before the place were kept",
        summary="A feed is not well-formed XML, or is no RSS or Atom.",
        why="what stands behind the place cannot be told apart with certainty.",
        bad="``<title>Fire & flood</title>``; a sitemap.",
        good="``<title>Fire &amp; flood</title>`` in an RSS or Atom feed.",
    ),
    "xml-refused": Fault(
        "COR043",
        Severity.ERROR,
        "a feed needs no entities of its own and no deep nesting: take it from where it was made",
        summary="An XML file uses what could run away: entities of its own, or nesting without end.",
        why="an entity can grow to gigabytes or read another file; articles need none.",
        bad='``<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>``',
        good="``<rss>`` without a document type of its own.",
    ),
    "feed-entry-short": Fault(
        "COR044",
        Severity.INFO,
        "convert the pages themselves, if the feed only announces them",
        summary="A feed gives no more than a summary of its entries.",
        why="the document is what the feed says, which is not the article.",
        bad="an entry with a ``description`` of one sentence.",
        good="an entry with ``content:encoded``, or with ``content`` in Atom.",
    ),
    "file-given-up": Fault(
        "COR045",
        Severity.ERROR,
        "look at the first findings: the file may be of another kind, or its columns are called otherwise",
        summary="A file was not read to its end, because nothing but faults came.",
        why="what stands behind the place was not looked at.",
        bad="a log file of a million lines named ``articles.jsonl``.",
        good="JSON lines with an article each.",
    ),
}
