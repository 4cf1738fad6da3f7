"""From news articles to annotated corpora, and from those to checked datasets."""

__version__ = "0.1.0"
