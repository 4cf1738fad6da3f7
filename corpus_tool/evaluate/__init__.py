"""Evaluating: how far predicted annotations agree with gold ones, layer by layer."""
