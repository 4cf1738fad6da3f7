"""What the words of an annotation say by themselves, filled in where another tool does not say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus_tool.annotate.quoting.drafts import kind_of
from corpus_tool.language.marks import pair_marks, recovered
from corpus_tool.language.numbers import read_quantity
from corpus_tool.model import Block
from corpus_tool.model.schemas import JsonObject


def complete(text: str, blocks: Sequence[Block], layers: Mapping[str, Sequence[JsonObject]]) -> None:
    """Fills in, in place, the kind of quotes by their quotation marks, and the numbers of figures by their words.

    Nothing that is there is changed. A quote without a speaker gets the status "unknown", as documents ask for.

    Args:
        text: the text of the document.
        blocks: its blocks.
        layers: annotations as JSON objects, by layer.
    """
    quotes = layers.get("quotes", ())
    if any("kind" not in quote for quote in quotes):
        places = [(b.start, b.end) for b in blocks]
        quoted = recovered(text, places, pair_marks(text, places))
        for quote in quotes:
            own = [(f["start"], f["end"]) for f in quote.get("fragments", [quote])]
            quote.setdefault("kind", kind_of([_trimmed(text, *piece) for piece in own], quoted))
    for quote in quotes:
        settle_speaker(quote)
    for figure in layers.get("figures", ()):
        if not figure.keys() & {"value", "min", "max"}:
            quantity = read_quantity(figure["text"])
            if quantity is not None:
                numbers = {key: getattr(quantity, key) for key in ("value", "min", "max")}
                figure.update({key: number for key, number in numbers.items() if number is not None})
                figure.setdefault("unit", quantity.unit)


def settle_speaker(quote: JsonObject) -> None:
    """Gives a quote without a speaker, in place, its next one; where there is none, the status "unknown"."""
    if "speaker" in quote:
        return
    others = quote.pop("co_speakers", [])
    if not others:
        quote.setdefault("speaker_status", "unknown")
        return
    quote["speaker"] = others[0]
    if others[1:]:
        quote["co_speakers"] = others[1:]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A piece of a quote without the comma, the full stop and the space that stand outside of the marks."""
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:."):
        end -= 1
    while start < end and (text[start].isspace() or text[start] in ",;:"):
        start += 1
    return start, end
