"""Comparing the quotes of one document: words, cues and speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpus_tool.evaluate.scores import Disagreement, QuoteScores, Share
from corpus_tool.evaluate.spans import disagreement_at
from corpus_tool.model import Actor, Document, Quote, live, pieces

_WORD = re.compile(r"\w+")

#: A gold quote is found where a prediction shares this part of the words of both.
_FOUND = 0.5


def words_of(text: str, quote: Quote) -> frozenset[int]:
    """Where the words of a quote's content begin, in code points."""
    return frozenset(m.start() for start, end in pieces(quote) for m in _WORD.finditer(text, start, end))


def score_quotes(predicted: Document, gold: Document, scores: QuoteScores) -> None:
    """Adds one document to the scores."""
    text = gold.text
    p_quotes, g_quotes = live(predicted.quotes), live(gold.quotes)
    p_words, g_words = ({q.id: words_of(text, q) for q in quotes} for quotes in (p_quotes, g_quotes))
    p_all, g_all = (frozenset().union(*words.values()) for words in (p_words, g_words))
    p_pieces, g_pieces = ({piece for q in quotes for piece in pieces(q)} for quotes in (p_quotes, g_quotes))
    p_cues, g_cues = (
        {(q.cue.start, q.cue.end) for q in quotes if q.cue is not None} for quotes in (p_quotes, g_quotes)
    )
    scores.words.add(len(p_all & g_all), len(p_all), len(g_all))
    scores.fragments.add(len(p_pieces & g_pieces), len(p_pieces), len(g_pieces))
    scores.cues.add(len(p_cues & g_cues), len(p_cues), len(g_cues))
    scores.spurious.add(not (words & g_all) for words in p_words.values())
    found = best_matches(p_words, g_words)
    right = 0
    for quote in g_quotes:
        scores.found.setdefault(quote.kind, Share()).add([quote.id in found])
        if quote.id in found:
            verdict = _same_speaker(predicted, found[quote.id], gold, quote)
            scores.speakers.add([verdict])
            right += verdict
    scores.attributed.add(right, len(p_quotes), len(g_quotes))


def best_matches(predicted: Mapping[str, frozenset[int]], gold: Mapping[str, frozenset[int]]) -> dict[str, str]:
    """By id of a gold quote, the id of the prediction that shares most of its words, where that is half of both."""
    matches = {}
    for name, words in gold.items():
        best = max(predicted, key=lambda p: _jaccard(predicted[p], words), default=None)
        if best is not None and predicted[best] & words and _jaccard(predicted[best], words) >= _FOUND:
            matches[name] = best
    return matches


def _jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def _speakers(document: Document, quote: Quote) -> list[Actor]:
    ids = {quote.speaker, *quote.co_speakers}
    return [actor for actor in live(document.actors) if actor.id in ids]


def _same_speaker(predicted: Document, found: str, gold: Document, quote: Quote) -> bool:
    """Whether the predicted speaker overlaps one that gold names, or both sides name none."""
    other = next(q for q in predicted.quotes if q.id == found)
    speaker = next((a for a in live(predicted.actors) if a.id == other.speaker), None)
    wanted = _speakers(gold, quote)
    if speaker is None:
        return not wanted
    return any(speaker.start < actor.end and actor.start < speaker.end for actor in wanted)


def speaker_disagreements(predicted: Document, gold: Document) -> Iterator[Disagreement]:
    """The found quotes whose speakers differ."""
    text = gold.text
    p_quotes, g_quotes = live(predicted.quotes), live(gold.quotes)
    found = best_matches({q.id: words_of(text, q) for q in p_quotes}, {q.id: words_of(text, q) for q in g_quotes})
    for quote in g_quotes:
        if quote.id in found and not _same_speaker(predicted, found[quote.id], gold, quote):
            other = next(q for q in p_quotes if q.id == found[quote.id])
            want = " and ".join(a.text for a in _speakers(gold, quote)) or "nobody"
            have = next((a.text for a in predicted.actors if a.id == other.speaker), "nobody")
            yield disagreement_at(gold, "quotes", "speaker", quote, f"{want}, predicted {have}")
