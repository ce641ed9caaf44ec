"""From reports to obligations in one call, for tests."""

from datetime import UTC, date, datetime
from functools import cache

from safety.case import Report
from safety.deadlines import Obligation
from safety.knowledge import Knowledge, load_knowledge
from safety.pipeline import LiveCase, advance, begin
from safety.rulebooks import Duty

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@cache
def knowledge() -> Knowledge:
    """The knowledge that ships, loaded once."""
    return load_knowledge()


def take(*reports: Report) -> LiveCase:
    """Take reports into a new case, in the order given."""
    live = begin("EDC:16621-01-001-AE01")
    for report in reports:
        live = advance(live, report, knowledge(), now=NOW).case
    return live


def obligations(*reports: Report) -> tuple[Obligation, ...]:
    """The duties that stand after these reports."""
    return take(*reports).obligations


def initial(*reports: Report) -> dict[str, int]:
    """Rule id to days, of the initial duties that are decided."""
    return {
        o.rule_id: o.days for o in obligations(*reports) if o.duty is Duty.INITIAL and o.decided
    }


def due(authority: str, duty: Duty, *reports: Report) -> list[date]:
    """Due dates of one kind of duty to one authority."""
    return [o.due for o in obligations(*reports) if o.authority == authority and o.duty is duty]
