"""Splits: which document goes where, by the policy of ``corpus.yaml``.

With ``hash`` a document's split follows from its id alone. The other policies look at documents, or at all of them
together, and are dealt from a survey.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import LOCK_FILE, Corpus, SplitPolicy
from corpus_tool.split_files import read_lock, read_table

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Survey

#: The order in which datasets and tables list splits.
SPLITS = ("train", "validation", "test")

#: Policies under which a document's split depends on others, so that ``splits.lock`` keeps it.
LOCKED = frozenset({"grouped", "stratified"})

#: Code points of a day in ISO 8601.
_DAY = len("2000-01-01")


@dataclass(frozen=True)
class Dealt:
    """The splits of a corpus.

    Attributes:
        splits: the split of each document by id; one that has none (no day, no name) is missing.
        lock: what ``splits.lock`` has to hold, documents that are gone among it; None where the policy needs no lock.
        ids: the documents, in the order of their files.
        paths: the file of each.
    """

    splits: Mapping[str, str]
    lock: Mapping[str, str] | None = None
    ids: Sequence[str] = field(default=(), compare=False)
    paths: Sequence[str] = field(default=(), compare=False)


def hash_split(policy: SplitPolicy) -> Callable[[str], str]:
    """A function from a document's id to its split.

    The first eight bytes of SHA-256 over seed, NUL and id are a number in [0, 1); its place among the parts of the
    whole gives the split. A document keeps its split whatever other documents come or go.

    Raises:
        CorpusToolError: every part is 0.
    """
    parts = _parts(policy)
    whole = sum(parts.values())
    seed = f"{policy.seed}\0"

    def split_of(document_id: str) -> str:
        digest = hashlib.sha256((seed + document_id).encode("utf-8")).digest()
        at = int.from_bytes(digest[:8], "big") / 2**64 * whole
        for name, part in parts.items():
            if at < part:
                return name
            at -= part
        return next(name for name, part in reversed(parts.items()) if part)

    return split_of


def is_dealt_later(policy: SplitPolicy | None) -> bool:
    """Whether a document's split depends on more than its id."""
    return policy is not None and policy.policy != "hash"


def split_at_once(policy: SplitPolicy | None) -> Callable[[str], str] | None:
    """A function from a document's id to its split; None where ids do not decide, or no split has a part."""
    if policy is None or is_dealt_later(policy) or not (policy.train or policy.validation or policy.test):
        return None
    return hash_split(policy)


def day_split(policy: SplitPolicy) -> Callable[[str], str]:
    """A function from the day of publication (ISO 8601; the clock behind it does not matter) to the split.

    What is not a whole day ("2024", nothing at all) gives "".
    """
    starts = [("test", policy.test_from), ("validation", policy.validation_from)]

    def split_of(published: str) -> str:
        day = published[:_DAY]
        if len(day) < _DAY:
            return ""
        return next((split for split, start in starts if start is not None and start <= day), "train")

    return split_of


def deal_corpus(corpus: Corpus, survey: Survey) -> Dealt:
    """Deals the documents of a survey by the corpus's policy, with the files of the corpus that say splits.

    Raises:
        ReadError: ``splits.lock``, or the table that ``corpus.yaml`` names, cannot be read.
        CorpusToolError: every part is 0.
    """
    policy = corpus.config.build.splits
    lock = read_lock(corpus.root, SPLITS) if policy.policy in LOCKED else {}
    table = read_table(corpus.root, policy.file) if policy.file is not None else None
    return deal(survey, policy, lock=lock, table=table)


def deal(
    survey: Survey,
    policy: SplitPolicy,
    *,
    lock: Mapping[str, str] | None = None,
    table: Mapping[str, str] | None = None,
) -> Dealt:
    """Deals the documents of a survey (``is_dealt_later``), and tells it the splits.

    Args:
        survey: all documents.
        policy: any policy but "hash".
        lock: splits that documents keep, by id.
        table: with "given" the user's own table; without one the metadata of documents say their splits.

    Raises:
        CorpusToolError: every part is 0.
    """
    assert survey.strata is not None
    if policy.policy == "temporal":
        split_of = day_split(policy)
        splits = [split_of(day) for day in survey.strata.days]
    elif policy.policy == "given":
        names = survey.strata.names
        if table is not None:
            names = {number: table[name] for number, name in enumerate(survey.ids) if name in table}
            survey.strata.names = names
            survey.strays = sorted(table.keys() - set(survey.ids))
        splits = [name if (name := names.get(number, "")) in SPLITS else "" for number in range(len(survey))]
    else:
        splits = _dealt_in_groups(survey, policy, lock or {})
    survey.deal(splits)
    dealt = {name: split for name, split in zip(survey.ids, splits, strict=True) if split}
    kept = {**(lock or {}), **dealt} if policy.policy in LOCKED else None
    return Dealt(dealt, kept, survey.ids, survey.paths)


def split_getter(corpus: Corpus, dealt: Dealt | None) -> Callable[[str], str]:
    """A function from a document's id to its split, for a corpus that was validated.

    Args:
        corpus: the corpus.
        dealt: what validation gave to ``on_dealt``, None where it gave nothing.

    Raises:
        CorpusToolError: every part is 0, or (when it is called) a document has no split.
    """
    if dealt is None:
        return hash_split(corpus.config.build.splits)

    def split_of(document_id: str) -> str:
        if document_id not in dealt.splits:
            raise CorpusToolError(f"{document_id}: has no split; SPL302 and SPL401 say why and cannot be ignored here")
        return dealt.splits[document_id]

    return split_of


def lock_inputs(corpus: Corpus) -> list[tuple[str, Path]]:
    """The files besides documents and ``corpus.yaml`` that splits depend on: name in the corpus, and path."""
    policy = corpus.config.build.splits
    names = [LOCK_FILE] if policy.policy in LOCKED else []
    names += [policy.file] if policy.file is not None else []
    return [(name, corpus.root / name) for name in names if (corpus.root / name).is_file()]


def _parts(policy: SplitPolicy) -> dict[str, float]:
    parts = {name: float(getattr(policy, name)) for name in SPLITS}
    if not sum(parts.values()):
        raise CorpusToolError("corpus.yaml: build.splits gives every split 0 parts; there is nothing to build")
    return parts


def _dealt_in_groups(survey: Survey, policy: SplitPolicy, lock: Mapping[str, str]) -> list[str]:
    """The split of each document: those of the lock keep theirs, and what belongs with one of them joins it."""
    from corpus_tool.split_groups import groups_of
    from corpus_tool.split_strata import stratify

    by_hash = hash_split(policy)
    dealt = {number: lock[name] for number, name in enumerate(survey.ids) if name in lock}
    free, torn = [], []
    for group in groups_of(survey):
        new = [number for number in group if number not in dealt]
        splits = {dealt[number] for number in group if number in dealt}
        if not splits:
            free.append(group)
        elif len(splits) == 1:
            dealt.update(dict.fromkeys(new, splits.pop()))
        elif new:
            torn.append((group, new))
    if torn:
        survey.torn = _torn(survey, torn, dealt)
        dealt.update((number, dealt[others[0]]) for number, others in survey.torn.items())
    if policy.policy == "stratified":
        shares = {name: part for name, part in _parts(policy).items() if part}
        dealt.update(stratify(survey, free, dealt, shares, str(policy.seed)))
    else:
        for group in free:
            split = by_hash(min(survey.ids[number] for number in group))
            dealt.update(dict.fromkeys(group, split))
    return [dealt[number] for number in range(len(survey))]


def _torn(
    survey: Survey, groups: Sequence[tuple[Sequence[int], Sequence[int]]], kept: Mapping[int, str]
) -> dict[int, list[int]]:
    """Of each new document that belongs with several splits one kept document of each split, its own kin first.

    Args:
        survey: the corpus.
        groups: groups with kept documents in several splits, each with its new documents.
        kept: the split of every kept document.
    """
    from corpus_tool.split_groups import neighbours

    near = neighbours(survey, [number for _, new in groups for number in new])
    found = {}
    for group, new in groups:
        for number in new:
            others: dict[str, int] = {}
            ranked = sorted((other not in near[number], survey.ids[other], other) for other in group if other in kept)
            for _, _, other in ranked:
                others.setdefault(kept[other], other)
            found[number] = [others[split] for split in SPLITS if split in others]
    return found
