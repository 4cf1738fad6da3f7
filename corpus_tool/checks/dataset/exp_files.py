"""EXP1xx and EXP2xx: the files of a dataset against its manifest, and the card against the files."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.dataset.exp_folder import CARD, MANIFEST, Export
from corpus_tool.checks.dataset.export_check import ExportFinding, FolderCheck, Totals, TotalsCheck
from corpus_tool.diagnostics import Severity

_REBUILD = "build the dataset again"
_LAYER_ROW = re.compile(r"^\| (?P<layer>\S+) \| (?P<count>[\d,]+) \| (?P<kinds>.*) \|$", re.MULTILINE)
_LAYER_TABLE = re.compile(
    r"^## Annotations\n\n(?P<documents>[\d,]+) documents(?P<rows>.*?)(?:\n\n(?!\|)|\Z)", re.MULTILINE | re.DOTALL
)
_STATUS_LINE = re.compile(r"^By status: (?P<counts>.*?)\. ", re.MULTILINE)


def file_missing(export: Export) -> Iterator[ExportFinding]:
    """The manifest names a file that is not in the folder.

    Why it matters: the dataset lacks a split or its card, and loads without a word.

    Bad: a folder whose upload broke off.

    Good: the folder as it was built.
    """
    for name in sorted((export.named or frozenset()) - set(export.present)):
        yield ExportFinding(f"{name} is in the manifest and not in the folder", MANIFEST, hint=_REBUILD)


def file_left_over(export: Export) -> Iterator[ExportFinding]:
    """The folder holds a file that the manifest does not name.

    Why it matters: a shard left over from an earlier publication matches the card's patterns: its rows are loaded too,
    and documents are there twice.

    Bad: ``default/train-00001-of-00002.parquet`` beside ``default/train-00000-of-00001.parquet``.

    Good: the files of the manifest, and no others.
    """
    if export.named is not None:
        for name in sorted(set(export.present) - export.named - {MANIFEST}):
            yield ExportFinding(f"{name} is in the folder and not in the manifest", name, hint="remove it")


def file_changed(export: Export) -> Iterator[ExportFinding]:
    """A file is not the one that was built: its SHA-256 or its size is not the manifest's.

    Why it matters: what is published is not what was checked.

    Bad: a card that was edited after the build.

    Good: the change made in the corpus, and the dataset built again.
    """
    present = set(export.present)
    for nth, file in enumerate(export.manifest["files"] if export.manifest else ()):
        name = file.get("path") if isinstance(file, dict) else None
        if not isinstance(name, str) or name not in present:
            continue
        try:
            with (export.folder / name).open("rb") as opened:
                own = hashlib.file_digest(opened, "sha256").hexdigest()
            size = (export.folder / name).stat().st_size
        except OSError as error:
            export.faults[name] = error.strerror or str(error)
            continue
        if own != file.get("sha256"):
            yield ExportFinding(f"{name} was changed: its SHA-256 is not the manifest's", name, hint=_REBUILD)
        elif size != file.get("bytes"):
            told = f"{name} has {size:,} bytes, the manifest says {file.get('bytes')}"
            yield ExportFinding(told, MANIFEST, f"/files/{nth}/bytes", _REBUILD)


def rows_miscounted(export: Export) -> Iterator[ExportFinding]:
    """The manifest says other numbers of rows than the files hold.

    Why it matters: whoever compares the published dataset with the manifest takes it for incomplete.

    Bad: ``"rows": {"default": {"train": 20}}`` and a file of 21 rows.

    Good: the numbers of the files.
    """
    told = export.manifest.get("rows") if export.manifest else None
    if export.manifest is None:
        return
    if not isinstance(told, dict):
        yield ExportFinding("the manifest has no rows by config and split", MANIFEST, "/rows", _REBUILD)
        return
    for config, split, own in _differing(_rows(export), told):
        message = f"the manifest says {_number(told, config, split)} rows for {config}/{split}, the files hold {own:,}"
        yield ExportFinding(message, MANIFEST, f"/rows/{config}/{split}", _REBUILD)


def card_paths_wrong(export: Export) -> Iterator[ExportFinding]:
    """The card's ``configs`` lead to no file, or a Parquet file is led to by none of them.

    Why it matters: readers load what the card names: a split is missing, or the whole config does not load.

    Bad: ``path: default/training-*.parquet`` for a file ``default/train-00000-of-00001.parquet``.

    Good: ``path: default/train-*.parquet``
    """
    if export.card is None:
        return
    configs = export.card.get("configs")
    taken: set[str] = set()
    files = [shard.name for shard in export.shards]
    for nth, entry in enumerate(configs if isinstance(configs, list) else ()):
        for split, path, pointer in _data_files(entry, nth):
            matching = [name for name in files if fnmatchcase(name, path)]
            taken.update(matching)
            config = entry.get("config_name")
            if not matching:
                yield ExportFinding(f"the card's path {quoted(path)} leads to no file", CARD, pointer, _REBUILD)
            for shard in export.shards:
                if shard.name in matching and (shard.config, shard.split) != (config, split):
                    message = f"the card has {shard.name} in config {quoted(str(config))}, split {quoted(str(split))}"
                    yield ExportFinding(message, CARD, pointer, _REBUILD)
    for name in files:
        if name not in taken:
            yield ExportFinding(f"no path of the card leads to {name}", CARD, "/configs", _REBUILD)


def _data_files(entry: Any, nth: int) -> Iterator[tuple[str, str, str]]:
    """Split, path and pointer of the data files of one of the card's configs."""
    found = entry.get("data_files") if isinstance(entry, dict) else None
    for i, item in enumerate(found if isinstance(found, list) else ()):
        path = item.get("path") if isinstance(item, dict) else None
        for one in path if isinstance(path, list) else [path]:
            if isinstance(one, str):
                yield str(item.get("split")), one, f"/configs/{nth}/data_files/{i}/path"


def card_splits_differ(export: Export) -> Iterator[ExportFinding]:
    """The card's ``dataset_info`` says other splits, or other numbers of rows, than the files hold.

    Why it matters: readers verify the numbers and refuse to load, or show the wrong size on the dataset's page.

    Bad: ``num_examples: 20`` and a file of 21 rows.

    Good: the numbers of the files.
    """
    told = {}
    for nth, info in infos_of(export):
        splits = info.get("splits")
        entries = splits if isinstance(splits, list) else []
        named = {str(s["name"]): s.get("num_examples") for s in entries if isinstance(s, dict) and "name" in s}
        told[str(info.get("config_name", "default"))] = named
        if not named:
            yield ExportFinding("dataset_info has no splits", CARD, f"/dataset_info/{nth}", _REBUILD)
    for config, split, own in _differing(_rows(export), told):
        if told.get(config):
            message = f"the card says {_number(told, config, split)} rows for {config}/{split}, the files hold {own:,}"
            yield ExportFinding(message, CARD, "/dataset_info", _REBUILD)


def infos_of(export: Export) -> list[tuple[int, dict[str, Any]]]:
    """The entries of the card's ``dataset_info``, numbered; the card has one or a list of them."""
    own = export.card.get("dataset_info") if export.card else None
    entries = [own] if isinstance(own, dict) else own if isinstance(own, list) else []
    return [(nth, info) for nth, info in enumerate(entries) if isinstance(info, dict)]


def _rows(export: Export) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for shard in export.shards:
        splits = found.setdefault(shard.config, {})
        splits[shard.split] = splits.get(shard.split, 0) + shard.file.metadata.num_rows
    return found


def _differing(own: dict[str, dict[str, int]], told: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Config, split and rows where two counts differ; what only ``told`` has counts 0 rows."""
    for config in sorted({*own, *told}):
        inner = told.get(config)
        named = inner if isinstance(inner, dict) else {}
        for split in sorted({*own.get(config, {}), *map(str, named)}):
            rows = own.get(config, {}).get(split, 0)
            if named.get(split) != rows:
                yield config, split, rows


def _number(told: dict[str, Any], config: str, split: str) -> str:
    inner = told.get(config)
    return str(inner.get(split, "no")) if isinstance(inner, dict) else "no"


def config_missing(totals: Totals, export: Export) -> Iterator[ExportFinding]:
    """The dataset lacks a config that corpus.yaml asks for, or has one that it does not ask for.

    Why it matters: users of the config cannot load it, or load one that nobody meant to publish.

    Bad: ``build: {configs: [default, tokens]}`` and a folder without ``tokens/``.

    Good: a folder a config. A config without any row is not written, and is no finding.
    """
    if export.corpus is None:
        return
    asked = export.corpus.config.build.configs
    for config in sorted(export.configs.keys() - set(asked)):
        name = export.configs[config][0].name
        yield ExportFinding(f"the dataset has the config {quoted(config)}, corpus.yaml does not ask for it", name)
    for config in asked:
        empty = config in totals.kinds and not totals.kinds[config]
        unreadable = any(name.startswith(f"{config}/") for name in export.faults)
        if config not in export.configs and not empty and not unreadable:
            yield ExportFinding(f"the dataset lacks the config {quoted(config)}", hint=_REBUILD)


def card_counts_differ(totals: Totals, export: Export) -> Iterator[ExportFinding]:
    """The card counts other documents, annotations, kinds or statuses than there are.

    Why it matters: the figures are what people cite; and where rows were lost on the way, the card is the witness.

    Bad: "| actors | 812 |" over 829 actors.

    Good: the counts of the documents, rejected annotations left out.
    """
    table = _LAYER_TABLE.search(export.card_text)
    if table is None:
        return
    if _count(table["documents"]) != totals.documents:
        yield ExportFinding(f"the card counts {table['documents']} documents, there are {totals.documents:,}", CARD)
    for match in _LAYER_ROW.finditer(table["rows"]):
        layer = _plain(match["layer"])
        kinds = totals.kinds.get(layer)
        if kinds is None:
            continue
        if _count(match["count"]) != sum(kinds.values()):
            yield ExportFinding(f"the card counts {match['count']} {layer}, there are {sum(kinds.values()):,}", CARD)
            continue
        told = _counts(match["kinds"], last=True)
        for kind in sorted({*told, *(kind for kind in kinds if kind)}):
            if told.get(kind, 0) != kinds[kind]:
                message = (
                    f"the card counts {told.get(kind, 0):,} {layer} of kind {quoted(kind)}, there are {kinds[kind]:,}"
                )
                yield ExportFinding(message, CARD)
    line = _STATUS_LINE.search(export.card_text)
    if line is None:
        return
    statuses = _counts(line["counts"], last=False)
    for status in sorted({*statuses, *totals.statuses}):
        own = totals.statuses[status]
        if statuses[status] != own:
            name = status or "without a status"
            yield ExportFinding(f"the card counts {statuses[status]:,} {name}, there are {own:,}", CARD)


def _counts(listed: str, *, last: bool) -> Counter[str]:
    """ "person 3, group 1,204" (number last) or "3 accepted, 4 without a status" as counts."""
    pattern = r"(?P<word>.+?) (?P<n>\d[\d,]*)(?:, |$)" if last else r"(?P<n>\d[\d,]*) (?P<word>.+?)(?:, (?=\d)|$)"
    found: Counter[str] = Counter()
    for match in re.finditer(pattern, listed):
        word = _plain(match["word"])
        found["" if word == "without a status" else word] += _count(match["n"])
    return found


def _count(number: str) -> int:
    return int(number.replace(",", "") or 0)


def _plain(words: str) -> str:
    """Words of a card as they were before Markdown was escaped."""
    return html.unescape(re.sub(r"\\(.)", r"\1", words))


def left_out_miscounted(totals: Totals, export: Export) -> Iterator[ExportFinding]:
    """The manifest says other numbers of annotations that BIO tags cannot carry than there are.

    Why it matters: what a format loses is to be told; a loss that is not counted is a silent one.

    Bad: ``"left_out": {"actors: nested": 3}`` where 18 nested actors have no tags.

    Good: every annotation tagged, or counted.
    """
    if export.manifest is None or totals.left_out is None or "tokens" not in export.configs:
        return
    told = export.manifest.get("left_out")
    told = told if isinstance(told, dict) else {}
    for reason in sorted({*map(str, told), *totals.left_out}):
        own = totals.left_out[reason]
        if told.get(reason, 0) != own:
            message = f"the manifest counts {told.get(reason, 0)} left out of the tags ({reason}), there are {own:,}"
            yield ExportFinding(message, MANIFEST, "/left_out", _REBUILD)


CHECKS = (
    FolderCheck("EXP102", "file-missing", Severity.ERROR, file_missing),
    FolderCheck("EXP103", "file-left-over", Severity.ERROR, file_left_over),
    FolderCheck("EXP104", "file-changed", Severity.ERROR, file_changed),
    FolderCheck("EXP105", "rows-miscounted", Severity.ERROR, rows_miscounted),
    FolderCheck("EXP201", "card-paths-wrong", Severity.ERROR, card_paths_wrong),
    FolderCheck("EXP202", "card-splits-differ", Severity.ERROR, card_splits_differ),
    TotalsCheck("EXP206", "config-missing", Severity.ERROR, config_missing),
    TotalsCheck("EXP207", "card-counts-differ", Severity.ERROR, card_counts_differ),
    TotalsCheck("EXP208", "left-out-miscounted", Severity.ERROR, left_out_miscounted),
)
