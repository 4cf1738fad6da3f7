"""From news articles to annotated corpora, and from those to checked datasets.

What the commands do, as functions; each is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus_tool.baseline import not_in_baseline, read_baseline, write_baseline
    from corpus_tool.build.dataset import BuildReport, build_dataset
    from corpus_tool.convert import ConvertReport, convert_articles
    from corpus_tool.diagnostics import Diagnostic
    from corpus_tool.exchange import ImportReport, import_annotations
    from corpus_tool.exchange_export import ExportReport, export_annotations
    from corpus_tool.exchange_survey import inspect_annotations
    from corpus_tool.fix_files import FixedDocument, fix_paths
    from corpus_tool.init import init_corpus
    from corpus_tool.layout import format_paths, format_text
    from corpus_tool.model import CorpusToolError, Document
    from corpus_tool.parity import validate_dataset, verify_dataset
    from corpus_tool.read.corpus import open_corpus
    from corpus_tool.read.faults import ReadError
    from corpus_tool.rules import RULES, explain
    from corpus_tool.selection import Selection, make_selection
    from corpus_tool.stats import CorpusStats, corpus_stats
    from corpus_tool.store import iter_documents
    from corpus_tool.validate import validate_paths

__version__ = "0.1.0"

#: Module of each public name.
_PUBLIC = {
    "RULES": "corpus_tool.rules",
    "BuildReport": "corpus_tool.build.dataset",
    "ConvertReport": "corpus_tool.convert",
    "CorpusStats": "corpus_tool.stats",
    "CorpusToolError": "corpus_tool.model",
    "Diagnostic": "corpus_tool.diagnostics",
    "Document": "corpus_tool.model",
    "ExportReport": "corpus_tool.exchange_export",
    "FixedDocument": "corpus_tool.fix_files",
    "ImportReport": "corpus_tool.exchange",
    "ReadError": "corpus_tool.read.faults",
    "Selection": "corpus_tool.selection",
    "build_dataset": "corpus_tool.build.dataset",
    "convert_articles": "corpus_tool.convert",
    "corpus_stats": "corpus_tool.stats",
    "explain": "corpus_tool.rules",
    "export_annotations": "corpus_tool.exchange_export",
    "fix_paths": "corpus_tool.fix_files",
    "format_paths": "corpus_tool.layout",
    "format_text": "corpus_tool.layout",
    "import_annotations": "corpus_tool.exchange",
    "init_corpus": "corpus_tool.init",
    "inspect_annotations": "corpus_tool.exchange_survey",
    "iter_documents": "corpus_tool.store",
    "make_selection": "corpus_tool.selection",
    "not_in_baseline": "corpus_tool.baseline",
    "open_corpus": "corpus_tool.read.corpus",
    "read_baseline": "corpus_tool.baseline",
    "validate_dataset": "corpus_tool.parity",
    "validate_paths": "corpus_tool.validate",
    "verify_dataset": "corpus_tool.parity",
    "write_baseline": "corpus_tool.baseline",
}

__all__ = [
    "RULES",
    "BuildReport",
    "ConvertReport",
    "CorpusStats",
    "CorpusToolError",
    "Diagnostic",
    "Document",
    "ExportReport",
    "FixedDocument",
    "ImportReport",
    "ReadError",
    "Selection",
    "__version__",
    "build_dataset",
    "convert_articles",
    "corpus_stats",
    "explain",
    "export_annotations",
    "fix_paths",
    "format_paths",
    "format_text",
    "import_annotations",
    "init_corpus",
    "inspect_annotations",
    "iter_documents",
    "make_selection",
    "not_in_baseline",
    "open_corpus",
    "read_baseline",
    "validate_dataset",
    "validate_paths",
    "verify_dataset",
    "write_baseline",
]


def __getattr__(name: str) -> object:
    """Imports a public name when it is asked for, so that ``import corpus_tool`` stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'corpus_tool' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
