"""`safety due`: what has to be sent, to whom, by when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from consumers.due_under import open_duties_under
from consumers.wiring import build_targets
from desk.cli.arguments import (
    Json,
    KnownAt,
    authority_named,
    parse_day,
    parse_instant,
    save_file,
)
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint, print_json, progress, screen, table
from reports.calendar import build_calendar, render_calendar, validate_calendar
from safety.deadlines.targets import Targets
from safety.deadlines.what_if import freeze_rules
from safety.errors import InvariantError
from safety.store.queries import case_ids
from safety.store.submissions import OpenDuty, open_duties
from safety.submissions import spoken

SOON_DAYS = 3
SHOWN = 50  # duties in the table


def due_list(  # noqa: PLR0913, PLR0917 - what narrows the list
    context: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Count days from here; today (UTC) unless given.",
            show_default=False,
        ),
    ] = None,
    within: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=0,
            help="Only what is due by so many days later.",
            show_default=False,
        ),
    ] = None,
    authority: Annotated[
        str | None, typer.Option(help="Only duties to this one, such as EMA.", show_default=False)
    ] = None,
    known_at: KnownAt = None,
    under_rules_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Decide all cases by the rules in force that day, and list what would be open.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="At most so many; 50 in the table unless given, and all of them with --json.",
            show_default=False,
        ),
    ] = None,
    calendar: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.ics",
            help="Write all of them, with their targets, as a calendar (iCalendar).",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    List the duties to report that are open, the most urgent first.

    What is recorded as submitted, acknowledged or not required is left out; what was rejected is
    open again. The due day itself is on time. The target is the company's own day before it, a
    working day (SAFETY_TARGET_MARGINS, SAFETY_TARGET_HOLIDAYS). A conservative duty rests on a fact
    that nobody told yet; its trace names the fact.
    """
    today = parse_day(as_of) or datetime.now(UTC).date()
    targets = build_targets(settings_of(context))
    most = limit if limit is not None or as_json else SHOWN
    found = _open_duties(
        context,
        until=None if within is None else today + timedelta(days=within),
        authority=authority_named(authority),
        as_known_at=parse_instant(known_at),
        law=parse_day(under_rules_of),
        limit=None if calendar is not None or most is None else most + 1,
    )
    if calendar is not None:
        _save_calendar(calendar, found, targets)
    more, found = most is not None and len(found) > most, found[:most]
    if as_json:
        print_json([_duty_json(each, today, targets) for each in found])
    else:
        screen().print(_table(found, today, targets))
    if more:
        hint(f"There are more than {most}; see them with --limit, or narrow with --within.")


def _open_duties(
    context: typer.Context,
    *,
    until: date | None,
    authority: str | None,
    as_known_at: datetime | None,
    law: date | None,
    limit: int | None,
) -> list[OpenDuty]:
    with opened_store(context) as store:
        if law is None:
            found = open_duties(store, until=until, authority=authority, as_known_at=as_known_at)
            return list(islice(found, limit))
        rules = freeze_rules(knowledge_of(context), law)
        with progress("deciding cases", sum(1 for _ in case_ids(store))) as done:
            under = open_duties_under(
                store,
                rules,
                until=until,
                authority=authority,
                as_known_at=as_known_at,
                on_case=lambda: done(1),
            )
        return under[:limit]


def _save_calendar(file: Path, duties: Sequence[OpenDuty], targets: Targets) -> None:
    made = build_calendar(duties, targets, made_at=datetime.now(UTC))
    content = render_calendar(made)
    for fault in validate_calendar(made, content):
        raise InvariantError(f"the calendar is not what it was made of: {fault}")
    save_file(file, content)
    hint(f"The calendar with {len(made.entries):,} entries is in {file}.")


def _table(found: Sequence[OpenDuty], today: date, targets: Targets) -> Table:
    shown = table("due", "days", "target", "to", "duty", "state", "rule", "case", right=("days",))
    for each in found:
        duty = each.obligation
        left = (duty.due - today).days
        target = targets.target(duty)
        shown.add_row(
            Text(str(duty.due), style=_style(left)),
            str(left),
            Text(f"{target:%m-%d}", style=_style((target - today).days)),
            f"{duty.authority} {duty.recipient}",
            spoken(duty.duty) + ("" if duty.decided else ", conservative"),
            "-" if each.state is None else spoken(each.state),
            duty.rule_id,
            duty.case_id,
        )
    return shown


def _style(left: int) -> str:
    if left < 0:
        return "bold red"
    return "bold yellow" if left <= SOON_DAYS else ""


def _duty_json(each: OpenDuty, today: date, targets: Targets) -> dict[str, object]:
    duty = each.obligation
    return {
        "obligation": duty.obligation_id,
        "case": duty.case_id,
        "authority": duty.authority,
        "recipient": duty.recipient,
        "duty": duty.duty.value,
        "rule": duty.rule_id,
        "rulebook": duty.rulebook,
        "provision": duty.provision,
        "evidence": duty.evidence,
        "day_zero": duty.day_zero,
        "days": duty.days,
        "due": duty.due,
        "days_left": (duty.due - today).days,
        "target": targets.target(duty),
        "state": each.state,
        "decided": duty.decided,
        "missing": list(duty.missing),
        "reason": duty.reason,
        "arithmetic": duty.arithmetic,
    }
