"""Annotators: from a parsed article to suggested annotations. One file an annotator."""
