"""Checks of a built dataset (EXP): its files are read back, and compared with card, manifest and corpus."""
