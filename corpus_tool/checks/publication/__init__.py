"""Checks of a dataset that is about to be published: secrets, personal data, rights, the card's metadata."""
