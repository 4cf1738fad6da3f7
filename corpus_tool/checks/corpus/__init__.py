"""Checks across the documents of a corpus (COR, SPL, LIC), over a survey that fits into little memory."""
