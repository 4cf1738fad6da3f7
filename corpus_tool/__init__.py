"""From news articles to annotated corpora, and from those to datasets."""

__version__ = "0.1.0"
