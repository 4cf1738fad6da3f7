"""Writing a version into a bucket or a folder, step by step in the order that ``bucket_layout`` gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus_tool.build.manifest import MANIFEST
from corpus_tool.model import CorpusToolError
from corpus_tool.publish.bucket_layout import (
    LATEST,
    UNFINISHED,
    Latest,
    Unfinished,
    parse_object,
    read_latest,
    read_unfinished,
    render_latest,
    render_unfinished,
    sha256_bytes,
    version_number,
)
from corpus_tool.publish.bucket_store import (
    Store,
    abort_uploads,
    create_file,
    delete_files,
    digest_file,
    list_files,
    put_bytes,
    put_file,
    read_file,
)
from corpus_tool.publish.target import LocalFile, OnStep, Release

#: What a write into a folder leaves behind when it is killed: ".", the file's name, and random letters.
_TEMPORARY = re.compile(r"(?P<folder>(?:.*/)?)[.](?P<name>[^/]+)[.][^./]+[.]tmp")


def release_version(store: Store, release: Release, on_step: OnStep) -> None:
    """Publishes a version, finishes one that was cut off, or finds that it is published as it was built.

    Raises:
        CorpusToolError: the address holds another dataset or other bytes of this version, somebody published in
            between, what comes back is not what was sent, or the store refuses.
    """
    tag = release.tag
    version_number(tag)
    manifest = next(file.source for file in release.files if file.path == MANIFEST).read_bytes()
    name = str(parse_object(manifest, str(release.folder / MANIFEST)).get("name"))
    latest = read_latest(store)
    if latest is not None and latest.name != name:
        raise CorpusToolError(f"{store.address}: holds the dataset {latest.name}; {name} needs an address of its own")
    if (latest.tag if latest else None) != release.now.revision:
        raise CorpusToolError(f"{store.address}: somebody published in between; look at the summary again")
    published = read_file(store, f"{tag}/{MANIFEST}")
    if published is None:
        _begin(store, release, manifest, on_step)
        _upload(store, release, manifest, on_step)
        _finish(store, release, manifest, on_step)
    else:
        _same_manifest(store, tag, published, manifest)
        _compare(store, release, on_step)
    delete_files(store, [f"{tag}/{UNFINISHED}"])
    _point(store, Latest(name, tag, manifest), on_step)


def _begin(store: Store, release: Release, manifest: bytes, on_step: OnStep) -> None:
    """Says which build is on its way, and clears away what one that was cut off left and this one does not have."""
    tag, ours = release.tag, {file.path for file in release.files}
    known = ours | read_unfinished(store, tag).files
    there = [path for path in list_files(store, tag) if path != UNFINISHED]
    strangers = [path for path in there if path not in known and _written(path) not in known | {UNFINISHED}]
    if strangers:
        raise CorpusToolError(
            f"{store.address}/{tag}: holds {_several(strangers)}, which no release put there, and no {MANIFEST}; move "
            "that away, or choose another address"
        )
    put_bytes(store, render_unfinished(Unfinished(sha256_bytes(manifest), frozenset(known))), f"{tag}/{UNFINISHED}")
    try:
        dropped = abort_uploads(store, tag)
    except CorpusToolError as error:
        on_step(f"parts of uploads that were cut off may be left: {error}")
    else:
        if dropped:
            on_step(f"drop the parts of uploads that were cut off: {dropped}")
    leftovers = [path for path in there if path not in ours]
    for path in leftovers:
        on_step(f"delete {path}, which a {tag} that was cut off left")
    delete_files(store, [f"{tag}/{path}" for path in leftovers])


def _upload(store: Store, release: Release, manifest: bytes, on_step: OnStep) -> None:
    """Uploads every file but the manifest, and reads each back; one that is there with the same bytes stays."""
    tag = release.tag
    sizes = list_files(store, tag)
    for file in _data(release.files):
        path = f"{tag}/{file.path}"
        if sizes.get(file.path) == file.size and digest_file(store, path) == file.sha256:
            on_step(f"is there already: {file.path}")
            continue
        on_step(f"upload {file.path}")
        _still_ours(store, tag, manifest)
        put_file(store, file.source, path)
        if digest_file(store, path) != file.sha256:
            raise CorpusToolError(
                f"{store.address}/{path}: other bytes come back than were built; {tag} stays unpublished: publish again"
            )


def _finish(store: Store, release: Release, manifest: bytes, on_step: OnStep) -> None:
    """Writes the manifest, which makes the version exist, where nobody else has done so."""
    tag = release.tag
    _still_ours(store, tag, manifest)
    wrong = _differing(store, tag, _data(release.files))
    if wrong:
        raise CorpusToolError(
            f"{store.address}/{tag}: somebody else wrote {_several(wrong)}; {tag} stays unpublished: publish again"
        )
    on_step(f"write {MANIFEST}")
    create_file(store, manifest, f"{tag}/{MANIFEST}")
    _same_manifest(store, tag, read_file(store, f"{tag}/{MANIFEST}") or b"", manifest)


def _compare(store: Store, release: Release, on_step: OnStep) -> None:
    """Reads every file of a version that is published, and refuses where it is not the build's."""
    tag = release.tag
    wrong = _differing(store, tag, release.files)
    for file in _data(release.files):
        if file.path not in wrong:
            on_step(f"compare {file.path}")
            if digest_file(store, f"{tag}/{file.path}") != file.sha256:
                wrong.append(file.path)
    if wrong:
        raise CorpusToolError(
            f"{store.address}/{tag}: is published, and {_several(wrong)} there is not as it was built; a published "
            "version is never written to: publish a higher one, or delete this one by hand"
        )


def _point(store: Store, new: Latest, on_step: OnStep) -> None:
    """Lets ``latest.json`` name a version, where it names none or a lower one."""
    latest = read_latest(store)
    if latest is None or version_number(latest.tag) < version_number(new.tag):
        on_step(f"write {LATEST}")
        put_bytes(store, render_latest(new), LATEST)


def _still_ours(store: Store, tag: str, manifest: bytes) -> None:
    """Refuses to go on where another run has begun the same version from another build, or has finished it."""
    if read_unfinished(store, tag).manifest_sha256 != sha256_bytes(manifest):
        raise CorpusToolError(f"{store.address}/{tag}: another run has taken {tag} over or finished it; this one stops")


def _same_manifest(store: Store, tag: str, published: bytes, ours: bytes) -> None:
    if published != ours:
        raise CorpusToolError(
            f"{store.address}/{tag}: is published already, from another build; raise version in corpus.yaml and build"
        )


def _differing(store: Store, tag: str, files: Iterable[LocalFile]) -> list[str]:
    """Paths of what a version's folder has too much (a shard more doubles rows), lacks, or has in another size."""
    wanted = {file.path: file.size for file in files}
    there = {path: size for path, size in list_files(store, tag).items() if path != UNFINISHED}
    return sorted({path for path, _ in there.items() ^ wanted.items()})


def _data(files: Iterable[LocalFile]) -> list[LocalFile]:
    return [file for file in files if file.path != MANIFEST]


def _written(path: str) -> str:
    """The file that a temporary one was to become; "" of any other."""
    match = _TEMPORARY.fullmatch(path)
    return f"{match['folder']}{match['name']}" if match else ""


def _several(paths: list[str]) -> str:
    return f"{paths[0]} and {len(paths) - 1} more" if len(paths) > 1 else paths[0]
