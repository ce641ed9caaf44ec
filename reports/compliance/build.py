"""From what became of each duty to counts by authority and month."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from reports.compliance.model import Compliance, MonthOfAuthority
from safety.store.submissions import DutyOutcome
from safety.submissions import days_late
from schemas.vocabulary import SubmissionState


def build_compliance(
    outcomes: Iterable[DutyOutcome],
    *,
    as_of: date,
    known_at: datetime | None = None,
    since: date | None = None,
    until: date | None = None,
    authority: str | None = None,
) -> Compliance:
    """
    Count what became of the duties, by authority and month of the due date.

    Args:
        outcomes: One for each duty.

        as_of: The day that decides what is overdue; it counts itself as still on time.

        known_at: The instant whose knowledge the outcomes are of, for the record.

        since: Only duties due on this day or later.

        until: Only duties due on this day or before.

        authority: Only duties to this authority.
    """
    groups: dict[tuple[str, date], list[DutyOutcome]] = defaultdict(list)
    for each in outcomes:
        if authority not in {None, each.authority}:
            continue
        if (since is None or each.due >= since) and (until is None or each.due <= until):
            groups[each.authority, each.due.replace(day=1)].append(each)
    months = tuple(_count(key, groups[key], as_of) for key in sorted(groups))
    return Compliance(as_of, known_at, months, sum(len(group) for group in groups.values()))


def _count(key: tuple[str, date], group: Sequence[DutyOutcome], as_of: date) -> MonthOfAuthority:
    """
    Put each duty in one place; the first that applies decides.

    1. found not to be required;
    2. sent: on time or late, by the day it was last sent and the due date as it is known now;
    3. past due: overdue, whatever its report's state;
    4. open.
    """
    on_time = unknown = overdue = open_ = not_required = 0
    late: list[int] = []
    for each in group:
        if each.state == SubmissionState.NOT_REQUIRED:
            not_required += 1
        elif each.submitted_on is not None:
            days = days_late(each.due, each.submitted_on)
            if days > 0:
                late.append(days)
                unknown += each.submitted_on <= each.held
            else:
                on_time += 1
        elif each.due < as_of:
            overdue += 1
        else:
            open_ += 1
    authority, month = key
    return MonthOfAuthority(
        authority=authority,
        month=month,
        on_time=on_time,
        days_late=tuple(sorted(late)),
        late_unknown=unknown,
        overdue=overdue,
        open=open_,
        not_required=not_required,
    )
