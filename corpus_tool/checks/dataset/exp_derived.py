"""EXP5xx: the configs tokens, quotes and figures, derived again from the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from corpus_tool.checks.dataset.exp_columns import has_same_labels
from corpus_tool.checks.dataset.exp_folder import Export, Found, Row
from corpus_tool.checks.dataset.exp_rows import shown
from corpus_tool.checks.dataset.exp_wanted import differences
from corpus_tool.checks.dataset.exp_withheld import COLUMNS
from corpus_tool.checks.dataset.export_check import ExportFinding, Pair, PairCheck
from corpus_tool.diagnostics import Severity
from corpus_tool.model import CONTENT_BLOCKS

#: The layers that have a column of tags.
TAGGED = ("actors", "locations", "figures")

_BEGIN, _INSIDE = 1, 2


class Tagging(NamedTuple):
    """What the tags of one layer in one block carry, and what they should.

    Attributes:
        spans: the (start, end) pairs that the tags decode to, in code points of the document.
        broken: place of a tag that continues nothing; None where there is none.
        missing: annotations that have no tags and could have.
        foreign: spans of tags that no annotation has.
        left_out: how many annotations tags cannot carry, by reason.
    """

    spans: list[tuple[int, int]]
    broken: int | None
    missing: list[Row]
    foreign: list[tuple[int, int]]
    left_out: Counter[str]


def _finding(pair: Pair, message: str, found: Found, *steps: object) -> ExportFinding:
    hint = "build the dataset again"
    return ExportFinding(f"{pair.id}: {message}", found.shard.name, found.pointer(*steps), hint, pair.id)


def tokens_differ(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """The tokens of a document are not its words: a block is missing or twice, or a token is not at its offsets.

    Why it matters: tags belong to tokens; with a token lost every tag behind it belongs to another word.

    Bad: a row whose ``starts`` are those of another block.

    Good: a row for each block of content, whose tokens hold all but white space.
    """
    if "tokens" not in pair.rows or not _is_known(pair):
        return
    assert pair.wanted is not None
    text, blocks = pair.wanted["text"], pair.wanted.get("blocks") or []
    wanted = _content_blocks(pair.wanted)
    seen: set[int] = set()
    if any(found.row.get("block") is None for found in pair.rows["tokens"]):
        return  # EXP203 or EXP302 tells
    for found in pair.rows["tokens"]:
        number = found.row["block"]
        if number not in wanted or number in seen:
            why = "is there twice" if number in seen else "is no block of content"
            yield _finding(pair, f"block {number} {why}", found, "block")
            continue
        seen.add(number)
        block = blocks[number]
        if found.row.get("block_kind") not in {None, block["kind"]}:
            message = f"block {number} is of kind {shown(found.row['block_kind'])}, the document says {block['kind']}"
            yield _finding(pair, message, found, "block_kind")
        wrong = _wrong_token(found.row, text, block)
        if wrong:
            yield _finding(pair, f"block {number}: {wrong[0]}", found, "tokens", wrong[1])
    for number in sorted(wanted - seen):
        name = export.configs["tokens"][0].name
        message = f"{pair.id}: block {number} has no row in the config tokens"
        yield ExportFinding(message, name, document=pair.id)


def _wrong_token(row: Row, text: str, block: Row) -> tuple[str, int] | None:
    """What is wrong with the tokens of a block, and which one; None where nothing is, or where EXP302 tells."""
    columns = [row.get(key) for key in ("tokens", "starts", "ends")]
    if any(column is None or None in column for column in columns):
        return None
    tokens, starts, ends = columns
    assert tokens is not None
    assert starts is not None
    assert ends is not None
    if not len(tokens) == len(starts) == len(ends):
        return f"{len(tokens)} tokens have {len(starts)} starts and {len(ends)} ends", 0
    at = block["start"]
    for nth, (token, start, end) in enumerate(zip(tokens, starts, ends, strict=True)):
        if not at <= start < end <= block["end"] or text[start:end] != token:
            return f"token {shown(token)} is not what stands at text[{start}:{end}]", nth
        if text[at:start].strip():
            return f"no token holds {shown(text[at:start].strip())}", nth
        at = end
    if text[at : block["end"]].strip():
        return f"no token holds {shown(text[at : block['end']].strip())}", len(tokens) - 1
    return None


def tags_differ(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """The BIO tags do not decode to the annotations: one is lost, one is foreign, or a tag continues nothing.

    Why it matters: a model is trained on the tags; what is lost here is learnt as "nothing stands here".

    Bad: O where an actor begins; I behind O.

    Good: every annotation decoded again, or one that tags cannot carry: discontinuous, inside a token, or nested in or
    crossing a longer one.
    """
    if not _is_known(pair):
        return
    for found, layer, tagging in _taggings(pair, export):
        if tagging.broken is not None:
            yield _finding(pair, f"{layer}: the tag I continues nothing", found, layer, tagging.broken)
            continue
        for annotation in tagging.missing:
            what = f"{layer} {annotation['id']} {shown(annotation['text'])}"
            yield _finding(pair, f"the tags have lost {what}", found, layer)
        for start, end in tagging.foreign:
            words = shown(pair.wanted["text"][start:end]) if pair.wanted else ""
            yield _finding(pair, f"{layer}: the tags mark {words}, which no annotation does", found, layer)


def left_out_of(pair: Pair, export: Export) -> Counter[str] | None:
    """How many annotations of a document BIO tags cannot carry, by layer and reason, as the manifest counts them.

    None where some tags are missing or wrong, so that nothing certain can be said.
    """
    if not _is_known(pair) or "tokens" not in pair.rows:
        return None
    assert pair.wanted is not None
    counts: Counter[str] = Counter()
    read = 0
    for _, layer, tagging in _taggings(pair, export):
        if tagging.broken is not None or tagging.missing or tagging.foreign:
            return None
        counts.update({f"{layer}: {reason}": n for reason, n in tagging.left_out.items()})
        read += 1
    if read != len(TAGGED) * len(_content_blocks(pair.wanted)):
        return None
    content = [(b["start"], b["end"]) for b in pair.wanted.get("blocks") or () if b["kind"] in CONTENT_BLOCKS]
    for layer in TAGGED:
        for annotation in pair.wanted.get(layer) or ():
            if not any(start <= annotation["start"] and annotation["end"] <= end for start, end in content):
                counts[f"{layer}: not inside one block"] += 1
    return counts


def _content_blocks(wanted: Row) -> set[int]:
    """The numbers of the blocks that have a row of tokens: those of content with more than white space."""
    return {
        number
        for number, block in enumerate(wanted.get("blocks") or ())
        if block["kind"] in CONTENT_BLOCKS and wanted["text"][block["start"] : block["end"]].strip()
    }


def _taggings(pair: Pair, export: Export) -> Iterator[tuple[Found, str, Tagging]]:
    """Each row of tokens and each layer whose tags can be read; rows that other checks tell of are left out."""
    assert pair.wanted is not None
    blocks = pair.wanted.get("blocks") or []
    seen: set[int] = set()
    for found in pair.rows.get("tokens", ()):
        number = found.row.get("block")
        if number is None or not 0 <= number < len(blocks) or number in seen:
            continue
        seen.add(number)
        block = blocks[number]
        if _wrong_token(found.row, pair.wanted["text"], block) or not found.row.get("starts"):
            continue
        for layer in TAGGED:
            tags = found.row.get(layer)
            if (
                tags is None
                or not all(tag in (0, 1, 2) for tag in tags)
                or not has_same_labels(export, found.shard, layer)
            ):
                continue
            inside = [
                annotation
                for annotation in pair.wanted.get(layer) or ()
                if block["start"] <= annotation["start"] and annotation["end"] <= block["end"]
            ]
            yield found, layer, _tagging(found.row, tags, inside)


def _tagging(row: Row, tags: Sequence[int], annotations: Sequence[Row]) -> Tagging:
    starts, ends = row.get("starts") or [], row.get("ends") or []
    spans, broken = _decoded(tags, starts, ends)
    tagged = set(spans)
    left_out: Counter[str] = Counter()
    missing, known = [], set()
    for annotation in annotations:
        own = (annotation["start"], annotation["end"])
        if annotation.get("fragments"):
            left_out["discontinuous"] += 1
        elif own[0] not in starts or own[1] not in ends:
            left_out["inside a token"] += 1
        elif own in tagged and own not in known:
            known.add(own)
        elif any(a < own[1] and own[0] < b and b - a >= own[1] - own[0] for a, b in spans):
            left_out["nested"] += 1
        else:
            missing.append(annotation)
    return Tagging(spans, broken, missing, [span for span in spans if span not in known], left_out)


def _decoded(
    tags: Sequence[int], starts: Sequence[int], ends: Sequence[int]
) -> tuple[list[tuple[int, int]], int | None]:
    """The spans that tags stand for, and the place of a tag that continues nothing."""
    if len(tags) != len(starts):
        return [], min(len(tags), len(starts))
    spans: list[tuple[int, int]] = []
    is_open = False
    for nth, tag in enumerate(tags):
        if tag == _BEGIN:
            spans.append((starts[nth], ends[nth]))
        elif tag == _INSIDE:
            if not is_open:
                return spans, nth
            spans[-1] = (spans[-1][0], ends[nth])
        is_open = tag in {_BEGIN, _INSIDE}
    return spans, None


def quote_rows_differ(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """The rows of the config ``quotes`` are not the quotes of the document, with cue, speaker and context.

    Why it matters: this is the table that people read who never open the documents: who said what.

    Bad: a speaker who is not the one that the quote names.

    Good: a row a quote, derived from the document.
    """
    yield from _rows_differ(pair, export, "quotes", _quote)


def figure_rows_differ(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """The rows of the config ``figures`` are not the figures of the document, with who says so and where.

    Why it matters: this is the table that claims are counted in.

    Bad: a value of 40 where the figure says 47.

    Good: a row a figure, derived from the document.
    """
    yield from _rows_differ(pair, export, "figures", _figure)


def _rows_differ(pair: Pair, export: Export, config: str, derive: Any) -> Iterator[ExportFinding]:
    if config not in pair.rows or not _is_known(pair) or pair.wanted is None or config not in pair.wanted:
        return
    wanted = {item["id"]: item for item in pair.wanted[config] or ()}
    known = _Known(pair.wanted)
    seen: set[str] = set()
    if any(found.row.get("id") is None for found in pair.rows[config]):
        return  # EXP203 or EXP302 tells
    for found in pair.rows[config]:
        own = found.row["id"]
        if own not in wanted or own in seen:
            reason = "is there twice" if own in seen else pair.left_out.get(own, "is not in the document")
            yield _finding(pair, f"{config} {own} {reason}", found, "id")
            continue
        seen.add(own)
        needed = {"start", "end", "text", "kind", "fragments", "co_speakers"}
        derived = derive(wanted[own], known)
        if export.is_withheld:
            derived = {key: value for key, value in derived.items() if key not in COLUMNS[config]}
        for pointer, should, is_ in differences(derived, found.row):
            if is_ is not None or pointer[1:] not in needed:  # EXP302 tells
                message = f"{pointer[1:]} of {config} {own} is {shown(is_)}, the document says {shown(should)}"
                yield _finding(pair, message, found, *pointer[1:].split("/"))
        for message, column in _wrong_context(found.row, wanted[own], pair.wanted["text"]):
            yield _finding(pair, f"{config} {own}: {message}", found, column)
    for own in [one for one in wanted if one not in seen]:
        message = f"{pair.id}: {config} {own} {shown(wanted[own]['text'])} has no row in the config {config}"
        yield ExportFinding(message, config, document=pair.id)


class _Known:
    """What the rows of quotes and figures look up in a document, by id."""

    def __init__(self, wanted: Row) -> None:
        self.source = {"document": wanted["id"], **{key: wanted.get(key) for key in ("title", "published", "source")}}
        self.actors = _by_id(wanted.get("actors"))
        self.quotes = _by_id(wanted.get("quotes"))
        self.places = _by_id(wanted.get("locations"))
        self.entities = _by_id(wanted.get("entities"))


def _by_id(items: Sequence[Row] | None) -> dict[str, Row]:
    return {item["id"]: item for item in items or ()}


def _own(item: Row, known: _Known) -> Row:
    return {**known.source, **{key: item.get(key) for key in ("id", "start", "end", "text", "status")}}


def _speaker(quote: Mapping[str, Any], known: _Known) -> Row:
    actor = known.actors.get(quote.get("speaker") or "", {})
    entity = known.entities.get(actor.get("entity") or "", {})
    return {
        "speaker": actor.get("text"),
        "speaker_kind": actor.get("kind"),
        "speaker_entity": entity.get("id"),
        "speaker_name": entity.get("name"),
    }


def _quote(quote: Row, known: _Known) -> Row:
    actor = known.actors.get(quote.get("speaker") or "")
    speakers = [known.actors[one]["text"] for one in quote.get("co_speakers") or () if one in known.actors]
    return {
        **_own(quote, known),
        **{key: quote.get(key) for key in ("kind", "attitude", "speaker_status", "parent")},
        "fragments": quote.get("fragments") or [],
        "cue": (quote.get("cue") or {}).get("text"),
        **_speaker(quote, known),
        "anonymous": bool(actor.get("anonymous")) if actor else None,
        "co_speakers": speakers,
    }


def _figure(figure: Row, known: _Known) -> Row:
    quote = known.quotes.get(figure.get("quote") or "", {})
    place = known.places.get(figure.get("place") or "", {})
    entity = known.entities.get(place.get("entity") or "", {})
    return {
        **_own(figure, known),
        **{key: figure.get(key) for key in ("value", "min", "max", "modifier", "unit", "measure", "quote")},
        "counted": (figure.get("counted") or {}).get("text"),
        "quote_text": quote.get("text"),
        "cue": (quote.get("cue") or {}).get("text"),
        **_speaker(quote, known),
        "place": place.get("text"),
        "place_entity": entity.get("id"),
        "place_name": entity.get("name"),
        "lat": entity.get("lat"),
        "lon": entity.get("lon"),
    }


def _wrong_context(row: Row, item: Row, text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the words around a quote, or with the sentence around a figure: they are the article's."""
    before, after, sentence = row.get("before"), row.get("after"), row.get("sentence")
    if before is not None and not " ".join(text[: item["start"]].split()).endswith(before):
        yield f"{shown(before[-40:])} does not stand before it", "before"
    if after is not None and not " ".join(text[item["end"] :].split()).startswith(after):
        yield f"{shown(after[:40])} does not stand behind it", "after"
    if sentence is not None:
        at = text.rfind(sentence, 0, item["start"] + len(sentence))
        if at < 0 or not at <= item["start"] <= item["end"] <= at + len(sentence):
            yield f"{shown(sentence)} is not the sentence around it", "sentence"


def _is_known(pair: Pair) -> bool:
    """Whether it is certain what the document holds: its text, and no null where annotations and blocks have none."""
    if pair.wanted is None or not isinstance(pair.wanted.get("text"), str):
        return False
    parts = [part for name in ("blocks", *TAGGED, "quotes") for part in pair.wanted.get(name) or ()]
    return all(part is not None and part.get("start") is not None and part.get("end") is not None for part in parts)


CHECKS = (
    PairCheck("EXP501", "tokens-differ", Severity.ERROR, tokens_differ),
    PairCheck("EXP502", "tags-differ", Severity.ERROR, tags_differ),
    PairCheck("EXP503", "quote-rows-differ", Severity.ERROR, quote_rows_differ),
    PairCheck("EXP504", "figure-rows-differ", Severity.ERROR, figure_rows_differ),
)
