"""What tells a diagnostic apart from others, and stays when lines move or annotations are added before it."""

from __future__ import annotations

import hashlib

from corpus_tool.diagnostics.diagnostic import Diagnostic


def fingerprint(diagnostic: Diagnostic) -> str:
    """Sixteen hexadecimal digits of the code, the document (else the file's name) and the message.

    Line, column and pointer are left out: they change with every annotation that is added before. Two findings of one
    code with the same words in one document share a fingerprint; who compares counts them.
    """
    where = diagnostic.document or diagnostic.path.replace("\\", "/").rpartition("/")[2]
    told = f"{diagnostic.code}\n{where}\n{diagnostic.message}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
