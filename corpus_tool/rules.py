"""What every code stands for: the rules, from the docstrings of the checks and from the table of faults."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from corpus_tool.checks import CHECKS, CORPUS_CHECKS
from corpus_tool.checks.dataset.exp import EXPORT_CHECKS
from corpus_tool.checks.publication.release import RELEASE_CHECKS
from corpus_tool.diagnostics import Severity
from corpus_tool.diagnostics.fault import Fault
from corpus_tool.diagnostics.rule import Rule
from corpus_tool.formats.faults import IMPORT_FAULTS
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.read.faults import FAULTS

#: What each family is about, in the order of the pages.
FAMILIES: Mapping[str, str] = {
    "DOC": "Document and schema",
    "TXT": "Text and encoding",
    "SPN": "Spans",
    "ENT": "Entities and links",
    "FIG": "Figures",
    "QUO": "Quotes",
    "COR": "Corpus: input, duplicates, consistency",
    "SPL": "Splits",
    "LIC": "Licence, provenance, privacy",
    "EXP": "The dataset against its corpus",
}

#: The tables of checks: of a document, of a corpus, of a dataset, of a release.
_TABLES = (CHECKS, CORPUS_CHECKS, EXPORT_CHECKS, RELEASE_CHECKS)

_FIELDS = {"Why it matters": "why", "Bad": "bad", "Good": "good"}
_PAGE = re.compile(r"[A-Z]{3}\d{3}\.md")
_GENERATED = "<!-- Written by `corpus-tool checks --docs`; edit the docstring of the check instead. -->"

#: A fault that shows only where something is published already.
_AT_RELEASE = "version-too-small"


def parse_docstring(doc: str) -> dict[str, str]:
    """The parts of a check's docstring: ``summary``, ``why``, ``bad`` and ``good``, each on one line.

    Raises:
        ValueError: a part is missing, or one has another heading.
    """
    first, *rest = (" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", inspect.cleandoc(doc)))
    parts = {"summary": first}
    for part in rest:
        heading, _, words = part.partition(":")
        if heading not in _FIELDS:
            raise ValueError(f"{heading!r} is none of {', '.join(_FIELDS)}")
        parts[_FIELDS[heading]] = words.strip()
    missing = [heading for heading, key in _FIELDS.items() if not parts.get(key)]
    if missing:
        raise ValueError(f"the docstring says nothing under {', '.join(missing)}")
    return parts


def _rule_of_check(check: Any) -> Rule:
    parts = parse_docstring(check.run.__doc__)
    return Rule(check.code, check.name, check.severity, fixable=getattr(check, "fixable", False), **parts)


def _rule_of_fault(name: str, fault: Fault) -> Rule:
    return Rule(fault.code, name, fault.severity, fault.summary, fault.why, fault.bad, fault.good)


def _rules() -> Iterator[Rule]:
    for table in _TABLES:
        for check in table:
            yield _rule_of_check(check)
    for name, fault in {**FAULTS, **IMPORT_FAULTS}.items():
        yield _rule_of_fault(name, fault)


def _place(rule: Rule) -> tuple[int, str]:
    return list(FAMILIES).index(rule.family), rule.code


#: Every rule by its code, sorted by family and code.
RULES: Mapping[str, Rule] = {rule.code: rule for rule in sorted(_rules(), key=_place)}


def explain(code_or_name: str) -> Rule:
    """The rule with a code ("SPN102") or a name ("span-out-of-bounds"); capitals do not matter.

    Raises:
        CorpusToolError: there is none; the message names those that look alike.
    """
    wanted = code_or_name.strip().casefold()
    known = {word.casefold(): rule for rule in RULES.values() for word in (rule.code, rule.name)}
    if wanted in known:
        return known[wanted]
    close = [known[word] for word in difflib.get_close_matches(wanted, known, 3)]
    told = " or ".join(dict.fromkeys(f"{rule.code} ({rule.name})" for rule in close))
    hint = f"did you mean {told}?" if told else "`corpus-tool checks` lists them all"
    raise CorpusToolError(f"no check is called {code_or_name!r}; {hint}")


def render_markdown(rule: Rule) -> str:
    """A rule as a page in Markdown, ending in a newline."""
    fix = "`validate --fix` mends it where that takes no guessing." if rule.fixable else "A person has to mend it."
    parts = [
        f"# {rule.code} {rule.name}",
        rule.summary,
        f"**Why it matters:** {rule.why}",
        f"**Bad:** {rule.bad}",
        f"**Good:** {rule.good}",
        f"Severity: {rule.severity}. {_ends(rule)} {fix}",
    ]
    return "\n\n".join(part.replace("``", "`") for part in parts) + "\n"


def _ends(rule: Rule) -> str:
    if rule.name == _AT_RELEASE or any(check.code == rule.code for check in RELEASE_CHECKS):
        refuses = rule.severity is Severity.ERROR
        return "`publish` refuses the dataset." if refuses else "`publish` shows it with the summary, and asks."
    return {
        Severity.ERROR: "`validate` exits with 1, and `build` refuses the corpus.",
        Severity.WARNING: "`validate` exits with 1.",
        Severity.INFO: "It does not change the exit status.",
    }[rule.severity]


def render_index(rules: Sequence[Rule]) -> str:
    """The page that lists all rules by family, with links to their pages, in Markdown."""
    rows = [
        "# Checks",
        "",
        _GENERATED,
        "",
        f"{len(rules)} codes. `corpus-tool explain CODE` prints a page, `corpus-tool checks` this list. A code",
        "is never used again for anything else. How to select, ignore and fix: [validate](../validate.md).",
    ]
    for family, members in groupby(rules, key=lambda rule: rule.family):
        rows += [
            "",
            f"## {family}: {FAMILIES[family]}",
            "",
            "| code | name | severity | fix | |",
            "|---|---|---|---|---|",
        ]
        rows += [
            f"| [{r.code}]({r.code}.md) | {r.name} | {r.severity} | {'yes' if r.fixable else ''} | {_cell(r.summary)} |"
            for r in members
        ]
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def pages() -> dict[str, str]:
    """The pages of the documentation by file name: one a rule, and ``README.md`` that lists them."""
    made = {f"{rule.code}.md": f"{_GENERATED}\n\n{render_markdown(rule)}" for rule in RULES.values()}
    return {"README.md": render_index(list(RULES.values())), **made}


def write_pages(folder: Path) -> int:
    """Writes the pages into a folder, and takes pages away whose rule is gone.

    Returns:
        How many files were written or taken away; 0 where all were current.

    Raises:
        CorpusToolError: the folder cannot be written.
    """
    made = pages()
    changed = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            path = folder / name
            if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
                write_atomic(path, text)
                changed += 1
        for path in sorted(folder.iterdir()):
            if _PAGE.fullmatch(path.name) and path.name not in made:
                path.unlink()
                changed += 1
    except OSError as error:
        raise CorpusToolError(f"{folder}: {error.strerror or error}") from error
    return changed
