"""Screens: a glance at a document that proves that a group of checks finds nothing in it, so that none of them runs.

Most documents are sound, and a check of its own costs a pass over the annotations. A screen asks in one pass what
several checks ask in one pass each, and may err to one side only: it says True (run the checks) whenever it is not
sure. It is never asked about a file that is no document: then all checks run that can.

Adding a check needs nothing here: a check whose code stands in no screen always runs. Once it has settled, give it a
line in the screen of its family and its code to that screen in ``SCREENS``. ``tests/checks/test_screens.py`` fails
where a screen hides a finding: it compares findings with screens and without, over all case files, planted defects
and arbitrary documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus_tool.checks.check import Check, Subject
from corpus_tool.checks.screens.entities import entities_at_odds, mentions_at_odds, related
from corpus_tool.checks.screens.figures import doubtful_figures, part_beside_whole
from corpus_tool.checks.screens.file import ids_or_statuses_at_odds, name_differs, nested, path_climbs, unvouched
from corpus_tool.checks.screens.quotes import marks_at_odds, speakers_at_odds, unpaired_marks
from corpus_tool.checks.screens.spans import crossing, doubtful_edges, unsound
from corpus_tool.checks.screens.text import blocks_at_odds

#: Whether any check of a group may find something, or in which narrower subject it may.
Screen = Callable[[Subject], bool | Subject]

#: A screen and the checks behind it; None for checks that always run.
Step = tuple[Screen | None, tuple[Check, ...]]

#: Every screen, and the codes of the checks that it answers for.
SCREENS: tuple[tuple[Screen, str], ...] = (
    (unsound, "SPN101 SPN102 SPN103 SPN104 SPN105"),
    (unvouched, "DOC101 DOC102 DOC103 DOC105 DOC201 DOC202 DOC203 DOC204 DOC205 DOC206 DOC207 DOC208 DOC301"),
    (unvouched, "TXT101 TXT102 TXT103 TXT104"),
    (nested, "DOC104"),
    (name_differs, "DOC302"),
    (ids_or_statuses_at_odds, "DOC303 DOC401 DOC402"),
    (path_climbs, "DOC501"),
    (doubtful_edges, "SPN201 SPN202 SPN203 SPN204 SPN205 SPN206 SPN207 SPN304 SPN305 SPN306 TXT301"),
    (crossing, "SPN301 SPN302 SPN303"),
    (related, "ENT102 ENT103 ENT104 ENT105 ENT106"),
    (mentions_at_odds, "ENT101 ENT201 ENT202 ENT207"),
    (entities_at_odds, "ENT203 ENT204 ENT205 ENT206 ENT208 ENT301 ENT302 ENT303 ENT304"),
    (doubtful_figures, "FIG101 FIG102 FIG103 FIG104 FIG201 FIG202 FIG203 FIG204 FIG205 FIG206 FIG207 FIG209"),
    (doubtful_figures, "FIG301 FIG302 FIG303 FIG304 FIG305 FIG306 FIG401 FIG402 FIG403"),
    (part_beside_whole, "FIG208"),
    (speakers_at_odds, "QUO101 QUO102 QUO103 QUO104 QUO105 QUO201 QUO202 QUO203 QUO204 QUO205 QUO301"),
    (marks_at_odds, "QUO401 QUO402 QUO403 QUO404 QUO405 QUO406 QUO408"),
    (unpaired_marks, "QUO407"),
    (blocks_at_odds, "TXT401 TXT402 TXT403 TXT404"),
)


def plan(checks: Sequence[Check]) -> tuple[Step, ...]:
    """Checks in the order in which they run: those without a screen, then each screen with its own."""
    codes = {code: screen for screen, listed in SCREENS for code in listed.split()}
    groups: dict[Screen | None, list[Check]] = {None: [], **{screen: [] for screen, _ in SCREENS}}
    for check in checks:
        groups[codes.get(check.code)].append(check)
    return tuple((screen, tuple(group)) for screen, group in groups.items() if group)
