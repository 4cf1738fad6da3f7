"""Mutants."""

from __future__ import annotations

from mutation.planting import Mutant

MUTANTS: dict[str, Mutant] = {}
