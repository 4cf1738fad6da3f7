"""How long `corpus-tool --help` takes against importing click. Run: make bench."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from paired import paired

LIMIT = 3.0


def main() -> None:
    """Prints the ratio and its limit."""
    command = [str(Path(sys.executable).parent / "corpus-tool"), "--help"]
    ratio = paired(command, [sys.executable, "-c", "import click"])
    print(
        f"corpus-tool --help / python -c 'import click': {ratio.median:.2f} "
        f"({ratio.least:.2f} to {ratio.greatest:.2f}, {ratio.pairs} pairs, CPU time; limit {LIMIT:g})"
    )


if __name__ == "__main__":
    main()
