"""spaCy's DocBin, written: ``doc.spans`` with a group a layer, ``doc.ents``, and the rest in ``doc.user_data``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.fit import Fitted
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan
from corpus_tool.formats.plain_json import head_json
from corpus_tool.formats.spacy import OWN, require_spacy
from corpus_tool.formats.words import cut_words, tokens_and_spaces

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

#: The layers whose spans are also ``doc.ents``: names and mentions, of which a word is in one only.
_ENTS = ("actors", "locations")

#: Documents of one file; spaCy reads a file whole.
_SHARD = 1000


def fit_spacy(document: ForeignDocument) -> Fitted:
    """A document as a DocBin can hold it: all of it, since ``doc.user_data`` takes what spans do not say."""
    return Fitted(document, ())


def write_spacy(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes ``corpus.spacy``, and ``corpus-2.spacy`` and so on for every further thousand documents.

    Tokens are those of spaCy's own tokenizer for the language, cut where a span begins or ends within one; spaCy aligns
    its tokens to these when it trains.

    Raises:
        CorpusToolError: spaCy is not installed.
    """
    require_spacy("--to")
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    rest = iter(documents)
    number = 1
    while shard := list(islice(rest, _SHARD)):
        vocab = Vocab()
        name = "corpus.spacy" if number == 1 else f"corpus-{number}.spacy"
        DocBin(store_user_data=True, docs=[_doc(document, vocab) for document in shard]).to_disk(folder / name)
        number += 1


def _doc(document: ForeignDocument, vocab: Vocab) -> Doc:
    from spacy.tokens import Doc, Span
    from spacy.util import filter_spans

    text = document.text
    parsed = _tokenizer(str(document.meta.get("language", "")))(text)
    words = [(token.idx, token.idx + len(token)) for token in parsed if not token.is_space]
    tokens = tokens_and_spaces(text, cut_words(words, (at for s in document.spans for at in (s.start, s.end))))
    doc = Doc(vocab, [text[t.start : t.end] for t in tokens], [t.spaced for t in tokens])
    starts, ends = {t.start: at for at, t in enumerate(tokens)}, {t.end: at + 1 for at, t in enumerate(tokens)}
    links = {entity.id: entity.links.get("wikidata", "") for entity in document.entities}
    groups: dict[str, list[Span]] = {}
    for span in document.spans:
        kb = links.get(span.entity or "", "")
        made = Span(doc, starts[span.start], ends[span.end], span.label, kb_id=kb, span_id=span.id)
        groups.setdefault(span.layer or span.label, []).append(made)
    for name, spans in groups.items():
        doc.spans[name] = spans
    named = [span for name in _ENTS for span in groups.get(name, ())]
    doc.set_ents([Span(doc, s.start, s.end, s.label, kb_id=s.kb_id) for s in filter_spans(named)])
    own = {
        **head_json(document),
        "spans": {s.id: rest for s in document.spans if (rest := _rest(s))},
        "relations": [[r.id, r.label, [list(end) for end in r.ends], dict(r.attributes)] for r in document.relations],
    }
    doc.user_data[OWN] = json.dumps(own, ensure_ascii=False)
    return doc


@cache
def _tokenizer(language: str) -> Tokenizer:
    """The tokenizer of a language by its BCP 47 name; that of no language in particular where spaCy has none."""
    import spacy

    found = re.fullmatch(r"([a-z]{2,3})(?:-.*)?", language)
    try:
        return spacy.blank(found[1] if found else "xx").tokenizer
    except ImportError:  # spaCy does not know it, or needs a library for it
        return spacy.blank("xx").tokenizer


def _rest(span: ForeignSpan) -> dict[str, Any]:
    """What spaCy's span does not hold."""
    rest: dict[str, Any] = {}
    if len(span.pieces) > 1:
        rest["fragments"] = [list(piece) for piece in span.pieces]
    if span.entity is not None:
        rest["entity"] = span.entity
    if span.attributes:
        rest["attributes"] = dict(span.attributes)
    return rest
