"""From news articles to annotated corpora, and from those to checked datasets.

What the commands do, as functions; each is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus_tool.agreement.adjudicate import merge_annotators
    from corpus_tool.agreement.assign import assign_documents
    from corpus_tool.agreement.measure import measure_agreement
    from corpus_tool.agreement.types import Agreement, Assigned, Merged
    from corpus_tool.baseline import not_in_baseline, read_baseline, write_baseline
    from corpus_tool.build.dataset import BuildReport, build_dataset
    from corpus_tool.changelog import add_changelog_entry, read_changelog
    from corpus_tool.convert import ConvertReport, convert_articles
    from corpus_tool.convert_shards import ConvertedShard
    from corpus_tool.diagnostics import Diagnostic
    from corpus_tool.diff.changelog import render_changelog
    from corpus_tool.diff.difference import Difference, difference_to_json
    from corpus_tool.diff.run import diff_paths
    from corpus_tool.diff.version import check_version, version_advice
    from corpus_tool.event_log import EventLog, open_log
    from corpus_tool.exchange import ImportReport, import_annotations
    from corpus_tool.exchange_export import ExportReport, export_annotations
    from corpus_tool.exchange_survey import inspect_annotations
    from corpus_tool.fix_files import FixedDocument, fix_paths
    from corpus_tool.init import init_corpus
    from corpus_tool.layout import format_paths, format_text
    from corpus_tool.model import CorpusToolError, Document
    from corpus_tool.parity import validate_dataset, verify_dataset
    from corpus_tool.progress import Event
    from corpus_tool.publish.readback import Verified, verify_published
    from corpus_tool.publish.releasing import Publication, carry_out, prepare_publication, publish_dataset
    from corpus_tool.publish.versions import fetch_published
    from corpus_tool.read.corpus import open_corpus
    from corpus_tool.read.faults import ReadError
    from corpus_tool.read.storage import location
    from corpus_tool.report.write import WrittenReport, write_report
    from corpus_tool.reshard import ShardReport, shard_corpus
    from corpus_tool.review.counting import next_documents
    from corpus_tool.review.edits import EditContext, apply_edit
    from corpus_tool.review.ranking import Ranked
    from corpus_tool.review.server import serve_review
    from corpus_tool.review.session import open_review
    from corpus_tool.rules import RULES, explain
    from corpus_tool.selection import Selection, make_selection
    from corpus_tool.shard_files import write_shard
    from corpus_tool.shard_lines import replace_documents, shard_digest
    from corpus_tool.stats import CorpusStats, corpus_stats
    from corpus_tool.store import iter_documents
    from corpus_tool.validate import validate_paths

__version__ = "0.1.0"

#: Module of each public name.
_PUBLIC = {
    "Agreement": "corpus_tool.agreement.types",
    "Assigned": "corpus_tool.agreement.types",
    "Merged": "corpus_tool.agreement.types",
    "RULES": "corpus_tool.rules",
    "BuildReport": "corpus_tool.build.dataset",
    "ConvertReport": "corpus_tool.convert",
    "ConvertedShard": "corpus_tool.convert_shards",
    "CorpusStats": "corpus_tool.stats",
    "CorpusToolError": "corpus_tool.model",
    "Diagnostic": "corpus_tool.diagnostics",
    "Difference": "corpus_tool.diff.difference",
    "Document": "corpus_tool.model",
    "Event": "corpus_tool.progress",
    "EventLog": "corpus_tool.event_log",
    "EditContext": "corpus_tool.review.edits",
    "ExportReport": "corpus_tool.exchange_export",
    "FixedDocument": "corpus_tool.fix_files",
    "Publication": "corpus_tool.publish.releasing",
    "ImportReport": "corpus_tool.exchange",
    "Ranked": "corpus_tool.review.ranking",
    "ReadError": "corpus_tool.read.faults",
    "Selection": "corpus_tool.selection",
    "ShardReport": "corpus_tool.reshard",
    "Verified": "corpus_tool.publish.readback",
    "WrittenReport": "corpus_tool.report.write",
    "add_changelog_entry": "corpus_tool.changelog",
    "assign_documents": "corpus_tool.agreement.assign",
    "apply_edit": "corpus_tool.review.edits",
    "build_dataset": "corpus_tool.build.dataset",
    "carry_out": "corpus_tool.publish.releasing",
    "check_version": "corpus_tool.diff.version",
    "convert_articles": "corpus_tool.convert",
    "corpus_stats": "corpus_tool.stats",
    "diff_paths": "corpus_tool.diff.run",
    "difference_to_json": "corpus_tool.diff.difference",
    "explain": "corpus_tool.rules",
    "fetch_published": "corpus_tool.publish.versions",
    "export_annotations": "corpus_tool.exchange_export",
    "fix_paths": "corpus_tool.fix_files",
    "format_paths": "corpus_tool.layout",
    "format_text": "corpus_tool.layout",
    "import_annotations": "corpus_tool.exchange",
    "init_corpus": "corpus_tool.init",
    "inspect_annotations": "corpus_tool.exchange_survey",
    "iter_documents": "corpus_tool.store",
    "location": "corpus_tool.read.storage",
    "make_selection": "corpus_tool.selection",
    "measure_agreement": "corpus_tool.agreement.measure",
    "merge_annotators": "corpus_tool.agreement.adjudicate",
    "not_in_baseline": "corpus_tool.baseline",
    "next_documents": "corpus_tool.review.counting",
    "open_corpus": "corpus_tool.read.corpus",
    "open_log": "corpus_tool.event_log",
    "open_review": "corpus_tool.review.session",
    "prepare_publication": "corpus_tool.publish.releasing",
    "publish_dataset": "corpus_tool.publish.releasing",
    "read_baseline": "corpus_tool.baseline",
    "read_changelog": "corpus_tool.changelog",
    "render_changelog": "corpus_tool.diff.changelog",
    "replace_documents": "corpus_tool.shard_lines",
    "shard_corpus": "corpus_tool.reshard",
    "shard_digest": "corpus_tool.shard_lines",
    "serve_review": "corpus_tool.review.server",
    "validate_dataset": "corpus_tool.parity",
    "validate_paths": "corpus_tool.validate",
    "verify_dataset": "corpus_tool.parity",
    "verify_published": "corpus_tool.publish.readback",
    "version_advice": "corpus_tool.diff.version",
    "write_baseline": "corpus_tool.baseline",
    "write_report": "corpus_tool.report.write",
    "write_shard": "corpus_tool.shard_files",
}

__all__ = [
    "RULES",
    "Agreement",
    "Assigned",
    "BuildReport",
    "ConvertReport",
    "ConvertedShard",
    "CorpusStats",
    "CorpusToolError",
    "Diagnostic",
    "Difference",
    "Document",
    "EditContext",
    "Event",
    "EventLog",
    "ExportReport",
    "FixedDocument",
    "ImportReport",
    "Merged",
    "Publication",
    "Ranked",
    "ReadError",
    "Selection",
    "ShardReport",
    "Verified",
    "WrittenReport",
    "__version__",
    "add_changelog_entry",
    "apply_edit",
    "assign_documents",
    "build_dataset",
    "carry_out",
    "check_version",
    "convert_articles",
    "corpus_stats",
    "diff_paths",
    "difference_to_json",
    "explain",
    "export_annotations",
    "fetch_published",
    "fix_paths",
    "format_paths",
    "format_text",
    "import_annotations",
    "init_corpus",
    "inspect_annotations",
    "iter_documents",
    "location",
    "make_selection",
    "measure_agreement",
    "merge_annotators",
    "next_documents",
    "not_in_baseline",
    "open_corpus",
    "open_log",
    "open_review",
    "prepare_publication",
    "publish_dataset",
    "read_baseline",
    "read_changelog",
    "render_changelog",
    "replace_documents",
    "serve_review",
    "shard_corpus",
    "shard_digest",
    "validate_dataset",
    "validate_paths",
    "verify_dataset",
    "verify_published",
    "version_advice",
    "write_baseline",
    "write_report",
    "write_shard",
]


def __getattr__(name: str) -> object:
    """Imports a public name when it is asked for, so that ``import corpus_tool`` stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'corpus_tool' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
