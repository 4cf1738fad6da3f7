"""``annotation.conf``: what a brat project has to know to open what was exported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus_tool.formats.brat import TRIGGER
from corpus_tool.formats.foreign import FROM, TO, ForeignDocument, Scalar
from corpus_tool.model.schemas import built_in_layers


def closed_attributes() -> dict[str, tuple[str, ...]]:
    """The attributes with a closed list of values, which brat shows as attributes; all others are notes."""
    found: dict[str, tuple[str, ...]] = {"status": ("suggested", "accepted", "corrected", "added")}
    for layer in built_in_layers().values():
        for name, spec in layer.attributes.items():
            values = ("true", "false") if spec.get("type") == "boolean" else tuple(spec.get("enum", ()))
            if values:
                found[name] = tuple(dict.fromkeys([*found.get(name, ()), *values]))
    return found


@dataclass
class Seen:
    """The types that an export has used."""

    entities: set[str] = field(default_factory=set)
    events: dict[str, Counter[str]] = field(default_factory=dict)
    relations: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    attributes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, document: ForeignDocument, closed: Mapping[str, tuple[str, ...]]) -> None:
        """Adds the types of a document."""
        labels = {span.id: span.label for span in document.spans}
        self.entities |= set(labels.values())
        for span in document.spans:
            for name in self._closed(span.attributes, closed):
                self.attributes[name].add(span.label)
        for relation in document.relations:
            roles = [role for role, _ in relation.ends]
            if roles == [FROM, TO]:
                held = self.relations.setdefault(relation.label, (set(), set()))
                for side, (_, end) in zip(held, relation.ends, strict=True):
                    side.add(labels.get(end, "<ANY>"))
            else:
                counts = self.events.setdefault(relation.label, Counter())
                counts |= Counter(role for role in roles if role != TRIGGER)

    @staticmethod
    def _closed(attributes: Mapping[str, Scalar], closed: Mapping[str, tuple[str, ...]]) -> list[str]:
        return [name for name in attributes if name in closed]


def render_config(seen: Seen, closed: Mapping[str, tuple[str, ...]]) -> str:
    """The text of ``annotation.conf``."""
    rows = ["[entities]", *sorted(seen.entities - seen.events.keys()), "", "[relations]"]
    rows.append("<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>")
    rows += [
        f"{label} Arg1:{'|'.join(sorted(first))}, Arg2:{'|'.join(sorted(second))}"
        for label, (first, second) in sorted(seen.relations.items())
    ]
    rows += ["", "[events]"]
    for label, roles in sorted(seen.events.items()):
        rows.append(f"{label} {', '.join(f'{role}*:<ANY>' for role in sorted(roles))}".rstrip())
    rows += ["", "[attributes]"]
    rows += [
        f"{name} Arg:{'|'.join(sorted(labels))}, Value:{'|'.join(closed[name])}"
        for name, labels in sorted(seen.attributes.items())
    ]
    return "\n".join(rows) + "\n"
