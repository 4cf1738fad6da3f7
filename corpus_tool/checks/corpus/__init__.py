"""Checks across the documents of a corpus (COR, SPL, LIC), over a survey of all of them that fits into little memory."""
