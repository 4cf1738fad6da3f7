"""What can be wrong with what comes in: articles and ``corpus.yaml``, told as diagnostics."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.diagnostics.fault import Fault
from corpus_tool.read.faults_changed import CHANGED_FAULTS
from corpus_tool.read.faults_containers import CONTAINER_FAULTS
from corpus_tool.read.faults_shards import SHARD_FAULTS

__all__ = ["FAULTS", "Fault", "ReadError", "fault"]

#: By name, in the order of the codes.
FAULTS: Mapping[str, Fault] = {
    "corpus-yaml-syntax": Fault(
        "COR001",
        Severity.ERROR,
        "corpus.yaml is plain YAML: no anchors, no tags, no duplicate keys",
        summary="``corpus.yaml`` is not YAML as it is read here.",
        why=(
            "nothing of the corpus can be read without it. Anchors, tags and keys that stand twice mean one "
            "thing to one reader and another to the next."
        ),
        bad="``name: harbour`` on two lines; ``title: &a Harbour``.",
        good="each key once, plain words and lists.",
    ),
    "corpus-yaml-value": Fault(
        "COR002",
        Severity.ERROR,
        "`corpus-tool init` writes a commented example",
        summary="``corpus.yaml`` has a key or a value that its schema does not know.",
        why="a setting that is misspelled has no effect, and nobody notices.",
        bad="``licence: cc-by-4.0``; ``version: 1``.",
        good="``license: cc-by-4.0``; ``version: 1.0.0``.",
    ),
    "article-not-utf-8": Fault(
        "COR011",
        Severity.ERROR,
        "name the encoding: convert --encoding windows-1252",
        summary="An article is not in the character encoding that it was read with.",
        why="read with the wrong one, letters turn into others, and every offset after them moves.",
        bad="a Windows-1252 file read as UTF-8.",
        good="``convert --encoding windows-1252``, or the file saved as UTF-8.",
    ),
    "article-empty": Fault(
        "COR012",
        Severity.ERROR,
        "remove the file or fill it",
        summary="An article's file holds no words.",
        why="it would become a document without text; what fetched it has failed.",
        bad="a file of 0 bytes.",
        good="a file with the article.",
    ),
    "article-binary": Fault(
        "COR013",
        Severity.ERROR,
        "convert reads text, HTML and JSON lines",
        summary="An article's file is no text.",
        why="what it says cannot be read; PDF and word-processor files hold text that only their own readers find.",
        bad="``report.pdf`` renamed to ``report.txt``.",
        good="the text of the report, saved as ``report.txt``.",
    ),
    "article-too-large": Fault(
        "COR014",
        Severity.ERROR,
        "one article a file; many articles go into a .jsonl, one a line",
        summary="An article's file is larger than any article.",
        why="it is an archive or a dump; as one document it would be of no use.",
        bad="a year of a newspaper in one ``.txt``.",
        good="a ``.jsonl`` with one article a line.",
    ),
    "article-line-invalid": Fault(
        "COR015",
        Severity.ERROR,
        'a line is an object with the strings "id" and "text"',
        summary="A line of a ``.jsonl`` file is no article.",
        why="the line is left out, so the corpus has fewer documents than the source.",
        bad='``{"title": "Harbour fire"}``',
        good='``{"id": "harbour-fire", "text": "A fire broke out …"}``',
    ),
    "article-without-text": Fault(
        "COR016",
        Severity.ERROR,
        "check that the page holds an article",
        summary="No article was found in a web page.",
        why="the page is a list, a form or a notice of consent, or its text is loaded by a script.",
        bad="a saved page that only says: Please accept cookies.",
        good="the page saved with its article.",
    ),
    "article-id-twice": Fault(
        "COR017",
        Severity.ERROR,
        "give each article an id of its own; the first one was kept",
        summary="Two articles of one run have the same id.",
        why="one document would overwrite the other.",
        bad="``a/fire.txt`` and ``b/fire.txt`` with other words in each.",
        good="``a-fire.txt`` and ``b-fire.txt``.",
    ),
    "article-changed": Fault(
        "COR018",
        Severity.INFO,
        "read the document again where the text is new",
        summary="An article's text differs from the document that people have reviewed; their annotations went along.",
        why="what is new in the text nobody has read, and what people marked in words that are gone is set aside.",
        bad="an article corrected by its newsroom after its review.",
        good="the document read once more.",
    ),
    "article-skipped": Fault(
        "COR019",
        Severity.INFO,
        "name the file itself to read it as plain text",
        summary="A file in a folder of articles was not read.",
        why="it may be an article with another suffix than those that are known.",
        bad="``fire.text`` in a folder given to convert.",
        good="``fire.txt``, or the file named itself.",
    ),
    "document-unreadable": Fault(
        "COR020",
        Severity.ERROR,
        "run corpus-tool validate on it, and mend it first",
        summary="A document's file cannot be read as a document.",
        why="what needs all documents (build, stats, convert) cannot go on without it.",
        bad="a document with an unknown key, given to build.",
        good="the same document once ``corpus-tool validate`` finds no error.",
    ),
    "document-id-twice": Fault(
        "COR021",
        Severity.ERROR,
        "rename one of the documents",
        summary="Two documents have the same id.",
        why="the dataset would hold one id twice, and whoever joins by id gets the wrong text.",
        bad='two lines of a shard with ``"id": "harbour-fire"``.',
        good="an id of its own for each document.",
    ),
    "ignore-unused": Fault(
        "COR022",
        Severity.WARNING,
        "remove the ignore from corpus.yaml",
        summary="An ignore of ``corpus.yaml`` hides nothing any more.",
        why="it would hide the next finding of its code, which nobody has looked at.",
        bad="``code: TXT301`` for a document that has no such finding left.",
        good="the ignore taken out.",
    ),
    "language-not-annotated": Fault(
        "COR023",
        Severity.WARNING,
        "annotate with a pipeline of its language: convert --pipeline NAME",
        summary="An article is in another language than the annotator's.",
        why="it gets no suggestions; a pipeline of another language would mark nonsense.",
        bad="a French article with the English pipeline.",
        good="``convert --pipeline fr_core_news_sm``, or annotation by hand.",
    ),
    "article-not-annotated": Fault(
        "COR024",
        Severity.WARNING,
        "set paragraphs apart by blank lines",
        summary="The annotators got no suggestions out of an article.",
        why="its layers stay empty, which looks as if nothing were to be marked.",
        bad="an article on one line of 100,000 words.",
        good="the article with its paragraphs apart.",
    ),
    "suggestion-not-found": Fault(
        "COR025",
        Severity.INFO,
        "nothing is to be done: the other suggestions were kept",
        summary="An annotator named words that do not stand in the article.",
        why=("a language model rewrites what it quotes; such a suggestion has no place in the text and is left out."),
        bad='the suggestion "Rosa Lind" for an article that has "R. Lind".',
        good="the words as they stand.",
    ),
    "annotator-failed": Fault(
        "COR026",
        Severity.WARNING,
        "convert the article again when the annotator works",
        summary="An annotator failed on an article.",
        why="the article has fewer suggestions than the others, through no property of its own.",
        bad="an endpoint that does not answer in time.",
        good="``convert`` again once the annotator works.",
    ),
    "shard-damaged": Fault(
        "COR027",
        Severity.ERROR,
        "the file was cut off or altered: take it from where it was made",
        summary="A compressed shard ends too early, or its bytes were altered.",
        why=(
            "what stands behind the damage is lost, and a reader that stops there counts fewer documents "
            "without a word."
        ),
        bad="a ``.jsonl.gz`` whose download was cut off.",
        good="the file taken anew from where it was made.",
    ),
    "baseline-stale": Fault(
        "COR028",
        Severity.INFO,
        "write the baseline anew: validate --write-baseline FILE",
        summary="The baseline holds findings that are there no more.",
        why="a finding that comes back would be taken for a known one.",
        bad="a finding mended after the baseline was written.",
        good="the baseline written anew.",
    ),
    "statement-missing": Fault(
        "COR029",
        Severity.INFO,
        "write the key into corpus.yaml; `build` takes it into the dataset card",
        summary="``corpus.yaml`` lacks a statement that the dataset card should make.",
        why="who finds the dataset cannot tell what it is, how it came about, or what it must not be used for.",
        bad="a corpus.yaml without ``limits``.",
        good="``limits: Two newspapers of one city; no article is longer than a page.``",
    ),
    "article-not-matched": Fault(
        "COR030",
        Severity.ERROR,
        "give the article as it was when it was annotated, in the same form",
        summary="No article that was given has the text of a document whose words a dataset withholds.",
        why="its annotations are offsets into that very text; in another one they lead to other words.",
        bad="an article that its publisher has edited since.",
        good="the article as it was collected.",
    ),
    "splits-unreadable": Fault(
        "COR031",
        Severity.ERROR,
        "one line for each document: its id and its split, once",
        summary="``splits.lock``, or the table of splits that ``corpus.yaml`` names, cannot be read.",
        why="without it documents would be dealt anew, and some of those trained on before would be in the test.",
        bad="``splits.lock`` with the marks of a merge in it, or one document on two lines with two splits.",
        good="one line for each document.",
    ),
    "layer-unusable": Fault(
        "COR032",
        Severity.ERROR,
        "a layer's file is a JSON Schema by itself, with an object of attributes under properties",
        summary="The schema of one of the corpus's own layers cannot be used.",
        why="annotations of that layer cannot be checked; a schema elsewhere would have to be fetched.",
        bad='``{"$ref": "https://example.org/layer.json"}``',
        good='``{"type": "object", "properties": {"stance": {"enum": ["for", "against"]}}}``',
    ),
    **CONTAINER_FAULTS,  # COR033 to COR045
    **CHANGED_FAULTS,  # COR051 to COR055
    "version-too-small": Fault(
        "COR060",
        Severity.ERROR,
        "raise version in corpus.yaml; docs/diff.md says which change asks for which step",
        summary="The version of a dataset does not rise as far as its changes ask.",
        why=(
            "whoever pins ``1.0.*`` expects corrections alone: a split that moved or a column that is gone changes "
            "their results without a word."
        ),
        bad="1.0.0, then 1.0.1 with three documents removed.",
        good="1.0.0, then 2.0.0 with three documents removed.",
    ),
    **SHARD_FAULTS,  # COR065 to COR067
    "not-checked": Fault(
        "COR061",
        Severity.ERROR,
        "give the process more memory, or look at the file: `corpus-tool validate FILE` checks it alone",
        summary="A file could not be checked: each process that tried was killed over it.",
        why="nobody knows what is in it; the other files were checked, and nothing is built until this one is.",
        bad="a shard whose documents take more memory than the machine has.",
        good="the same documents in smaller shards.",
    ),
    "shard-columns": Fault(
        "COR062",
        Severity.ERROR,
        "documents in Parquet have the columns id and document, both strings; a built dataset is no corpus",
        summary="A Parquet file among the documents has other columns than a shard of documents.",
        why="its rows are no documents, so none of them was read; columns left out would be lost without a word.",
        bad="a file of a built dataset, or a table with the columns ``id`` and ``text``.",
        good="the columns ``id`` and ``document``, a row a document: its id, and its JSON.",
    ),
}


class ReadError(Exception):
    """One article that cannot be read; the others go on. Carries its diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic

    def __reduce__(self) -> tuple[type[ReadError], tuple[Diagnostic]]:
        """What ``pickle`` makes it of again, on its way out of another process."""
        return type(self), (self.diagnostic,)


def fault(name: str, path: str, message: str, *, line: int = 1, column: int = 1, pointer: str = "") -> Diagnostic:
    """The diagnostic for a fault of ``FAULTS`` at a place of a file."""
    kind = FAULTS[name]
    return Diagnostic(kind.code, name, kind.severity, message, path, line, column, pointer, kind.hint)
