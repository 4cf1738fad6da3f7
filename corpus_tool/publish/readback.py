"""Whether what is published is what was built: downloaded afresh, checked, loaded, and compared with a build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.secrecy import masked
from corpus_tool.parity import verify_dataset
from corpus_tool.publish.plan import read_manifest, rows_of
from corpus_tool.publish.target import LoadCall, OnStep
from corpus_tool.publish.targets import open_target, split_revision

#: Where the clients would find what they downloaded before.
_CACHES = frozenset(
    """HF_ASSETS_CACHE HF_DATASETS_CACHE HF_DATASETS_DOWNLOADED_DATASETS_PATH HF_DATASETS_EXTRACTED_DATASETS_PATH
    HF_HUB_CACHE HF_MODULES_CACHE HF_XET_CACHE HUGGINGFACE_ASSETS_CACHE HUGGINGFACE_HUB_CACHE""".split()  # noqa: SIM905  # a list for reading
)


@dataclass(frozen=True)
class Verified:
    """A published version as it was read back.

    Attributes:
        address: of the target, without a revision.
        revision: that pins it.
        version: from its manifest.
        diagnostics: how it is not as it was built; ``path`` begins with the address.
        differences: how it loads otherwise than its manifest says, or is not the build that it was compared with.
        documents: how many were checked.
        spans: how many of those that ``load_dataset`` gave were compared with the text.
        calls: how a reader loads each config, pinned, by config.
    """

    address: str
    revision: str
    version: str
    diagnostics: tuple[Diagnostic, ...]
    differences: tuple[str, ...]
    documents: int
    spans: int
    calls: Mapping[str, LoadCall] = field(default_factory=dict)

    @property
    def is_as_built(self) -> bool:
        """Whether nothing was found."""
        return not self.diagnostics and not self.differences


def verify_published(
    address: str,
    dataset: Path | None = None,
    *,
    on_step: OnStep = lambda step: None,
    on_document: Callable[[str], None] = lambda name: None,
) -> Verified:
    """Reads a published version back, in a process whose caches are empty.

    Every file is downloaded and checked as ``verify`` does; every config is loaded by ``load_dataset``, and its rows
    and spans are compared with the manifest and the text.

    Args:
        address: of the target; ``@v1.0.0``, ``@<commit>`` or nothing, for what a reader gets who names no version.
        dataset: a build that it should be, file by file.
        on_step: called with a few words on each step.
        on_document: called with the id of each document that is checked.

    Raises:
        CorpusToolError: misuse, it cannot be downloaded, or is no dataset that corpus-tool built.
    """
    base, wanted = split_revision(address)
    target = open_target(base)
    own = read_manifest(dataset) if dataset is not None else None
    if own is not None and not wanted:
        wanted = f"v{own.get('version')}"
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as work:
        folder = Path(work) / "dataset"
        folder.mkdir()
        on_step(f"download and load {address}")
        answer = _ask(base, wanted, folder, Path(work) / "home")
        manifest = read_manifest(folder)
        count = 0

        def counted(name: str) -> None:
            nonlocal count
            count += 1
            on_document(name)

        found = verify_dataset(folder, on_document=counted)
        place = f"{base}@{answer['revision']}"
        shown = tuple(replace(d, path=d.path.replace(str(folder), place, 1)) for d in found)
        differences = [*answer["faults"], *(_differences(own, manifest) if own is not None else ())]
    revision = str(answer["revision"])
    return Verified(
        address=base,
        revision=revision,
        version=str(manifest.get("version")),
        diagnostics=shown,
        differences=tuple(differences),
        documents=count,
        spans=int(answer["spans"]),
        calls={config: target.load_call(config, revision, splits) for config, splits in rows_of(manifest).items()},
    )


def _ask(address: str, revision: str, folder: Path, home: Path) -> dict[str, Any]:
    """What the process says that downloads and loads; its token comes from where ours does, and is not passed on."""
    from huggingface_hub import constants

    kept = {name: value for name, value in os.environ.items() if name not in _CACHES}
    if not address.startswith("hf://"):
        kept.pop("HF_HUB_OFFLINE", None)  # it is about the Hub, and datasets would read no bucket either
    environment = {
        **kept,
        "HF_HOME": str(home),
        "HF_TOKEN_PATH": constants.HF_TOKEN_PATH,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")))),
    }
    request = json.dumps({"address": address, "revision": revision, "folder": str(folder)})
    done = subprocess.run(  # this interpreter and a module of ours
        [sys.executable, "-P", "-m", "corpus_tool.publish.fresh"],
        input=request,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=folder.parent,  # a folder OWNER/NAME where the user is would be loaded instead
        check=False,
    )
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        raise CorpusToolError(f"{address}: could not be read back: {masked(last)}") from None
    if "error" in answer:
        raise CorpusToolError(answer["error"])
    return dict(answer)


def _differences(own: Mapping[str, Any], published: Mapping[str, Any]) -> list[str]:
    """How a published manifest is not that of a build, a sentence a file."""
    found = []
    if own.get("version") != published.get("version"):
        found.append(f"published is version {published.get('version')}, the build is {own.get('version')}")
    mine, theirs = _hashes(own), _hashes(published)
    for path in sorted(mine.keys() | theirs.keys()):
        if mine.get(path) != theirs.get(path):
            where = "the build has no such file" if path not in mine else "it is not published"
            found.append(f"{path}: {'its bytes are not the build’s' if path in mine and path in theirs else where}")
    return found


def _hashes(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {file["path"]: file["sha256"] for file in manifest["files"] if isinstance(file, dict)}
