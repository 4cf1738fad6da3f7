"""Two versions of one document: what was added, removed and changed between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tool.diff.align import Alignment, Pieces, align
from corpus_tool.diff.change import WHAT_OF_FIELD, WHATS, Change, FieldChange
from corpus_tool.diff.match import Pair, match_marks
from corpus_tool.diff.record import PIECES, Mark, Record, Values

#: What stands for a span whose words are gone from the new text: no value equals it.
_GONE = object()


@dataclass(frozen=True)
class _Shift:
    """How what an old version says is said in the new one: offsets in the new text, ids as they are now."""

    alignment: Alignment | None
    ids: Mapping[str, str]

    def pieces(self, pieces: Pieces) -> Pieces | None:
        return self.alignment.pieces(pieces) if self.alignment is not None else pieces

    def value(self, value: Any, *, is_reference: bool) -> Any:
        if isinstance(value, list):
            return [self.value(item, is_reference=is_reference) for item in value]
        if is_reference and isinstance(value, str):
            return self.ids.get(value, value)
        if isinstance(value, dict) and PIECES in value:
            found = self.pieces(tuple((start, end) for start, end in value[PIECES]))
            return _GONE if found is None else {**value, PIECES: [list(piece) for piece in found]}
        return value


def compare_records(old: Record, new: Record, references: Callable[[str], tuple[str, ...]]) -> Iterator[Change]:
    """What differs between two versions of a document.

    Where the text was changed, the two are laid beside each other first: an annotation that stands at the same words is
    not moved. A reference is the same where what it leads to is, whatever its id.

    Args:
        old: the one.
        new: the other, with the same id.
        references: gives the attributes of a layer that hold ids.
    """
    alignment = None
    if old.text_sha256 != new.text_sha256 and old.text is not None and new.text is not None:
        alignment = align(old.text, new.text)
    places = _Shift(alignment, {})
    layers: dict[str, list[Pair]] = {}
    for name in dict.fromkeys((*old.layers, *new.layers)):
        placed = [(mark, places.pieces(mark.pieces)) for mark in old.layers.get(name, ())]
        layers[name] = list(match_marks(placed, new.layers.get(name, ()), old.words, new.words))
    entities = list(_match(old.entities, new.entities, ("kind", "name")))
    ids = {one.id: other.id for pairs in layers.values() for one, other in pairs if one and other}
    ids |= {one["id"]: other["id"] for one, other in entities if one and other}
    shift = _Shift(alignment, ids)
    yield from _document(old, new, shift)
    for name, pairs in layers.items():
        for one, other in pairs:
            change = _mark(old, new, name, one, other, shift, references(name))
            if change is not None:
                yield change
    for kind, found in (("entity", entities), ("relation", list(_relations(old, new, shift)))):
        for left, right in found:
            fields = tuple(_fields(left or {}, right or {}, shift, ("from", "to") if kind == "relation" else ()))
            if left is None or right is None or fields:
                yield _thing(new.id, kind, left, right, fields)


def _document(old: Record, new: Record, shift: _Shift) -> Iterator[Change]:
    fields = []
    if old.split != new.split:
        fields.append(FieldChange("split", old.split or None, new.split or None))
    if old.text_sha256 != new.text_sha256:
        fields.append(FieldChange("text", old.text_sha256, new.text_sha256))
    blocks = [(shift.pieces(((start, end),)), kind) for start, end, kind in old.blocks]
    if blocks != [(((start, end),), kind) for start, end, kind in new.blocks]:
        fields.append(FieldChange("blocks", [list(block) for block in old.blocks], [list(b) for b in new.blocks]))
    fields += _fields(old.meta, new.meta, shift, ())
    if fields:
        title = str(new.meta.get("title", ""))
        yield Change(
            document=new.id, about="document", what=("changed",), words=title, split=new.split, fields=tuple(fields)
        )


def whole_document(record: Record, what: str) -> Change:
    """The change of a document that was added or removed as a whole; what is in it is not told one by one."""
    title = str(record.meta.get("title", ""))
    return Change(document=record.id, about="document", what=(what,), words=title, split=record.split)


def _mark(
    old: Record, new: Record, layer: str, one: Mark | None, other: Mark | None, shift: _Shift, references: Sequence[str]
) -> Change | None:
    whats, fields = ["added" if one is None else "removed"], []
    if one is not None and other is not None:
        fields = list(_mark_fields(one, other, shift, references))
        found = {WHAT_OF_FIELD.get(change.field, "relabelled") for change in fields}
        whats = [what for what in WHATS if what in found]
        if not whats:
            return None
    shown, record = (other, new) if other is not None else (one, old)
    assert shown is not None
    return Change(
        document=new.id,
        about="annotation",
        what=tuple(whats),
        layer=layer,
        id=shown.id,
        words=record.words(shown),
        start=shown.pieces[0][0],
        end=shown.pieces[-1][1],
        fields=tuple(fields),
    )


def _mark_fields(one: Mark, other: Mark, shift: _Shift, references: Sequence[str]) -> Iterator[FieldChange]:
    if shift.pieces(one.pieces) != other.pieces:
        yield FieldChange("span", [list(piece) for piece in one.pieces], [list(piece) for piece in other.pieces])
    if one.id != other.id:
        yield FieldChange("id", one.id, other.id)
    yield from _fields(one.values, other.values, shift, references)


def _fields(old: Values, new: Values, shift: _Shift, references: Sequence[str]) -> Iterator[FieldChange]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if key not in _RAW:
            before = shift.value(before, is_reference=key in references)
        if before != after or isinstance(before, bool) != isinstance(after, bool):
            yield FieldChange(key, old.get(key), after)


#: What was said about another version of the text, or is nobody's business here: compared as it stands.
_RAW = frozenset({"was", "extra"})


def _match(
    old: Sequence[Values], new: Sequence[Values], names: Sequence[str]
) -> Iterator[tuple[Values | None, Values | None]]:
    """Pairs of entities or relations: by id and what they are called, then by the one or the other."""
    left, waiting = list(old), list(new)
    for keys in (("id", *names), names, ("id",)):
        found: dict[str, list[Values]] = {}
        for item in reversed(waiting):
            found.setdefault(_key(item, keys), []).append(item)
        unpaired = []
        for item in left:
            same = found.get(_key(item, keys))
            if same:
                yield item, same.pop()
            else:
                unpaired.append(item)
        kept = {id(item) for items in found.values() for item in items}
        left, waiting = unpaired, [item for item in waiting if id(item) in kept]
    yield from ((item, None) for item in left)
    yield from ((None, item) for item in waiting)


def _key(item: Values, keys: Sequence[str]) -> str:
    return repr([item.get(key) for key in keys])


def _relations(old: Record, new: Record, shift: _Shift) -> Iterator[tuple[Values | None, Values | None]]:
    ends = ("from", "to")
    moved = [{**r, **{key: shift.value(r.get(key), is_reference=True) for key in ends}} for r in old.relations]
    before = {id(now): was for now, was in zip(moved, old.relations, strict=True)}
    for one, other in _match(moved, new.relations, ("type", *ends)):
        yield before[id(one)] if one is not None else None, other


def _thing(document: str, kind: str, old: Values | None, new: Values | None, fields: tuple[FieldChange, ...]) -> Change:
    what = "added" if old is None else "removed" if new is None else "changed"
    shown = new or old or {}
    return Change(
        document=document,
        about="entity" if kind == "entity" else "relation",
        what=(what,),
        id=shown["id"],
        words=str(shown.get("name") or shown.get("type") or ""),
        fields=fields if what == "changed" else (),
    )
