"""``python -m hub_server --root DIR --port N``: a Hub to try publishing on."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path

from hub_server.server import Options, open_server


def main() -> None:
    """Serve until interrupted; the address and the tokens are printed first."""
    parser = argparse.ArgumentParser(prog="python -m hub_server", description="A small Hub on loopback.")
    parser.add_argument("--root", type=Path, required=True, help="the folder that keeps repositories and tokens")
    parser.add_argument("--port", type=int, default=0, help="a free one by default")
    parser.add_argument("--page", type=int, default=Options.page, help="entries in a page of a tree listing")
    parser.add_argument("--regular-limit", type=int, default=Options.regular_limit, help="bytes; more goes to LFS")
    parser.add_argument("--part-size", type=int, default=Options.part_size, help="bytes; LFS beyond it comes in parts")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    asked = parser.parse_args()
    options = Options(asked.port, asked.page, asked.regular_limit, asked.part_size)
    with open_server(asked.root, options) as server, suppress(KeyboardInterrupt):
        tokens = {f"{account}:{role}": token for token, (account, role) in server.hub.accounts.tokens.items()}
        told = json.dumps({"endpoint": server.hub.endpoint, "tokens": tokens})
        if not asked.json:
            shown = [f"export HF_TOKEN={token}  # {named.replace(':', ', may ')}" for named, token in tokens.items()]
            told = "\n".join([f"export HF_ENDPOINT={server.hub.endpoint}", *shown])
        print(told, flush=True)  # noqa: T201 this is what it is started for
        server.serve_forever(poll_interval=0.1)


main()
