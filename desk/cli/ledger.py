"""Every duty by two sets of rules, one line each: who would be told what, by when, under which."""

import csv
from collections.abc import Iterable
from io import StringIO

from safety.deadlines import Obligation
from safety.deadlines.what_if import DutyChange

_SIDES = ("installed", "other")
_SAID = ("rule", "provision", "day_zero", "due", "state")
COLUMNS = (
    "case",
    "authority",
    "recipient",
    "duty",
    *(f"{side}_{name}" for side in _SIDES for name in _SAID),
    "change",
    "days_late",
)


def render_ledger(changes: Iterable[DutyChange]) -> str:
    """
    Give the lines as CSV, by case, recipient and date.

    `change` is same, moved, made or lifted; `days_late` is how late the duty of the other rules
    would already be, 0 if on time.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in sorted(changes, key=_place):
        sides = (change.before, change.after)
        writer.writerow(
            [
                change.case_id,
                *(str(part) for part in change.kind),
                *(cell for side in sides for cell in _cells(side)),
                _change(change),
                change.days_late,
            ]
        )
    return out.getvalue()


def _place(change: DutyChange) -> tuple[str, ...]:
    due = min(str(side.due) for side in (change.before, change.after) if side is not None)
    return (change.case_id, *map(str, change.kind), due)


def _cells(duty: Obligation | None) -> tuple[str, ...]:
    if duty is None:
        return ("",) * len(_SAID)
    state = "decided" if duty.decided else "conservative"
    return (duty.rule_id, duty.provision, str(duty.day_zero), str(duty.due), state)


def _change(change: DutyChange) -> str:
    if change.before is None:
        return "made"
    if change.after is None:
        return "lifted"
    return "moved" if change.differs else "same"
