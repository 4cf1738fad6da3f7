"""A rule: what a code stands for, told apart from any finding."""

from __future__ import annotations

from dataclasses import dataclass

from corpus_tool.diagnostics.diagnostic import Severity


@dataclass(frozen=True)
class Rule:
    """What a code stands for.

    Attributes:
        code: such as "SPN102"; the letters are its family.
        name: such as "span-out-of-bounds".
        severity: how much its findings matter.
        summary: one sentence that says what is wrong.
        why: why it matters.
        bad: an example that has the defect.
        good: the same example without it.
        fixable: whether ``validate --fix`` mends findings of it, where that can be done without guessing.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    bad: str
    good: str
    fixable: bool = False

    @property
    def family(self) -> str:
        """The letters that its code begins with."""
        return self.code[:3]
