"""Does a compliance report add up?"""

from collections.abc import Iterator

from reports.compliance.model import Compliance


def validate_compliance(report: Compliance) -> Iterator[str]:
    """Name each count that cannot be right; a report with one must not go out."""
    placed = sum(each.counted + each.open + each.not_required for each in report.months)
    if placed != report.duties:
        yield f"{report.duties} duties were counted and {placed} were placed in a month"
    seen: set[tuple[str, object]] = set()
    for each in report.months:
        where = f"{each.authority} {each.month:%Y-%m}"
        if (each.authority, each.month) in seen:
            yield f"{where} stands twice"
        seen.add((each.authority, each.month))
        if any(days <= 0 for days in each.days_late):
            yield f"{where}: something sent in time is counted as late"
        if each.open and each.month > report.as_of:
            continue
        if each.overdue and each.month > report.as_of:
            yield f"{where}: something is overdue before its month has begun"
