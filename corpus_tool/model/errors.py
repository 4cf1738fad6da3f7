"""Exceptions. Bad data is a diagnostic; an exception is for misuse and for input and output."""


class CorpusToolError(Exception):
    """Misuse, or a file that cannot be read or written. Its text is one line for a person; the command exits with 2."""
