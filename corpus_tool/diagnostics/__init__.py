"""What checks find, and where: diagnostics, their positions in a file, and their rendering."""

from corpus_tool.diagnostics.diagnostic import Context, Diagnostic, Finding, Related, Severity, exit_status, sort_key
from corpus_tool.diagnostics.edit import WRITE_ANEW, Edit, apply_edits
from corpus_tool.diagnostics.position import Position, positions_in_json

__all__ = [
    "WRITE_ANEW",
    "Context",
    "Diagnostic",
    "Edit",
    "Finding",
    "Position",
    "Related",
    "Severity",
    "apply_edits",
    "exit_status",
    "positions_in_json",
    "sort_key",
]
