"""From the duties that are open to the entries of a calendar."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from reports.calendar.model import CalendarEntry, DutyCalendar
from safety.deadlines.targets import Targets
from safety.store.submissions import OpenDuty
from safety.submissions import spoken


def build_calendar(
    duties: Iterable[OpenDuty], targets: Targets, *, made_at: datetime
) -> DutyCalendar:
    """
    Give an entry for each due date, and one for its target where that is another day.

    Args:
        duties: Those that are open.

        targets: The company's internal targets.

        made_at: When the calendar is made.
    """
    entries = sorted(
        (entry for each in duties for entry in _entries(each, targets)),
        key=lambda entry: (entry.day, entry.title, entry.uid),
    )
    return DutyCalendar(tuple(entries), made_at)


def _entries(each: OpenDuty, targets: Targets) -> Iterator[CalendarEntry]:
    duty = each.obligation
    what = (
        f"{duty.authority} {duty.recipient}: {spoken(duty.duty)} under {duty.rule_id},"
        f" {duty.case_id}"
    )
    held = "" if duty.decided else " (conservative: a fact is missing)"
    state = "not begun" if each.state is None else spoken(each.state)
    text = f"{duty.provision}\n{duty.arithmetic}\nReport: {state}{held}"
    yield CalendarEntry(f"{duty.ground}-due", duty.due, f"Due: {what}", text, duty.authority, False)  # noqa: FBT003 - the last field
    target = targets.target(duty)
    if target != duty.due:
        yield CalendarEntry(
            uid=f"{duty.ground}-target",
            day=target,
            title=f"Target: {what}",
            text=f"Internal target; the legal date is {duty.due}.\n{text}",
            authority=duty.authority,
            is_target=True,
        )
