"""What the shards of a raw shard are called, and which files they are.

The articles of ``wire.jsonl.gz`` go into ``documents/wire.jsonl.zst``; where they are too many for one shard, into
``wire-00000.jsonl.zst``, ``wire-00001.jsonl.zst``, …
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from corpus_tool.model.ids import document_id, with_hash
from corpus_tool.read import ReadOptions
from corpus_tool.read.files import stem_of
from corpus_tool.read.lines import shard_suffix
from corpus_tool.read.storage import is_remote
from corpus_tool.same_article import stored_articles

#: What follows the name of a shard that is one of several.
_NUMBER = re.compile(r"-(\d{5})\Z")


def raw_identity(path: Path, root: Path) -> str:
    """What a raw shard is known by: its path in the corpus where it lies there, else its whole path."""
    if is_remote(path) or is_remote(root):
        return str(path)
    whole = path.resolve()
    try:
        return whole.relative_to(root.resolve()).as_posix()
    except ValueError:
        return whole.as_posix()


def shard_name(path: Path, root: Path, files: Sequence[Path], options: ReadOptions, others: Collection[str]) -> str:
    """The name that the shards of a raw shard will have in common.

    Args:
        path: the raw shard.
        root: the corpus.
        files: the shards in it.
        options: how the articles are read.
        others: the names of the shards of other raw shards.
    """
    names = [*_names(path), with_hash(next(_names(path)), raw_identity(path, root))]
    for name in names[:-1]:
        there = [file for file in files if shard_of(file.name, [name]) == name]
        if not _clash(name, others) and all(_is_made_of(file, path, options) for file in there):
            return name
    return names[-1]


def own_shards(path: Path, files: Sequence[Path], options: ReadOptions) -> list[Path]:
    """The shards among ``files`` that were made of a raw shard, by their names and by what their documents say."""
    return [
        file
        for name in _names(path)
        for file in files
        if shard_of(file.name, [name]) == name and _is_made_of(file, path, options)
    ]


def shard_of(file: str, names: Collection[str]) -> str:
    """Which of some names the shards of a file have in common; "" where none is the file's."""
    suffix = shard_suffix(Path(file))
    if suffix is None:
        return ""
    stem = file[: -len(suffix)]
    if stem in names:
        return stem
    whole = _NUMBER.sub("", stem)
    return whole if whole != stem and whole in names else ""


def part_paths(documents: Path, files: Sequence[Path], shard: str, ending: str, size: int, count: int) -> list[Path]:
    """The files that the documents of a raw shard go into.

    Files that are there keep their names and their kind, and new ones are of their kind.

    Args:
        documents: the folder.
        files: the shards in it.
        shard: the name that they have in common.
        ending: the end of new names, as ".jsonl.zst".
        size: how many documents a new shard gets.
        count: how many articles there are at the most.
    """
    there: dict[int, Path] = {}
    for file in _files_of(shard, files):
        ending = shard_suffix(file) or ending
        number = _NUMBER.search(file.name[: -len(ending)])
        whole = file.name[: -len(ending)] == shard
        nth = 0 if whole or number is None else int(number[1])
        there[nth if nth not in there else max(there) + 1] = file
    parts = max([-(-count // size), 1, *(nth + 1 for nth in there)])
    single = parts == 1
    return [there.get(nth) or documents / f"{shard}{'' if single else f'-{nth:05}'}{ending}" for nth in range(parts)]


def _files_of(shard: str, files: Iterable[Path]) -> list[Path]:
    """The files of a shard, the one without a number first."""
    found = [file for file in files if shard_of(file.name, [shard]) == shard]
    return sorted(found, key=lambda file: (len(file.name), file.name))


def _names(path: Path) -> Iterator[str]:
    stem = stem_of(path.name)
    yield document_id(stem)
    if path.parent.name:
        yield document_id(f"{path.parent.name}-{stem}")


def _clash(name: str, others: Collection[str]) -> bool:
    """Whether a name, or that of one of its parts, could be taken for another one's."""
    wholes = {_NUMBER.sub("", other) for other in others if _NUMBER.search(other)}
    return name in others or name in wholes or (_NUMBER.search(name) is not None and _NUMBER.sub("", name) in others)


def _is_made_of(file: Path, raw: Path, options: ReadOptions) -> bool:
    """Whether the first document of a shard names a raw shard as the file that its article came from."""
    first = next(stored_articles(file), None)
    return first is not None and (first.article or "").partition("!/")[0] == options.recorded_path(str(raw))
