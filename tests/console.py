"""What the pages of the documentation show of a terminal."""

from __future__ import annotations

import re


def console_pairs(page: str) -> list[tuple[str, str]]:
    """The commands of a page's console blocks, each with what it prints; a command may go on in lines after ``>``."""
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [
        (command.replace("\\\n> ", "\\\n"), printed)
        for block in blocks
        for command, printed in re.findall(r"^\$ ((?:.*\\\n> )*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]
