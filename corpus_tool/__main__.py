"""``python -m corpus_tool``."""

from corpus_tool.cli import main

main()
