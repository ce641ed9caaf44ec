"""`safety due`: what has to be sent, to whom, by when."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Annotated

import typer
from rich.text import Text

from desk.cli.arguments import Json, KnownAt, authority_named, parse_day, parse_instant
from desk.cli.opening import opened_store
from desk.cli.screen import hint, print_json, screen, table
from safety.store.submissions import OpenDuty, open_duties
from safety.submissions import spoken

SOON_DAYS = 3


def due_list(
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
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """
    List the duties to report that are open, the most urgent first.

    What is recorded as submitted, acknowledged or not required is left out; what was rejected is
    open again. The due day itself is on time. A conservative duty rests on a fact that nobody told
    yet; its trace names the fact.
    """
    today = parse_day(as_of) or datetime.now(UTC).date()
    until = None if within is None else today + timedelta(days=within)
    with opened_store(context) as store:
        open_now = open_duties(
            store,
            until=until,
            authority=authority_named(authority),
            as_known_at=parse_instant(known_at),
        )
        found = list(islice(open_now, limit + 1))
    more, found = len(found) > limit, found[:limit]
    if as_json:
        print_json([_duty_json(each, today) for each in found])
    else:
        shown = table("due", "days", "to", "duty", "state", "rule", "case", right=("days",))
        for each in found:
            duty = each.obligation
            left = (duty.due - today).days
            shown.add_row(
                Text(str(duty.due), style=_style(left)),
                str(left),
                f"{duty.authority} {duty.recipient}",
                duty.duty.value.replace("_", " ") + ("" if duty.decided else ", conservative"),
                "-" if each.state is None else spoken(each.state),
                duty.rule_id,
                duty.case_id,
            )
        screen().print(shown)
    if more:
        hint(f"There are more than {limit}; see them with --limit, or narrow with --within.")


def _style(left: int) -> str:
    if left < 0:
        return "bold red"
    return "bold yellow" if left <= SOON_DAYS else ""


def _duty_json(each: OpenDuty, today: date) -> dict[str, object]:
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
        "state": each.state,
        "decided": duty.decided,
        "missing": list(duty.missing),
        "reason": duty.reason,
        "arithmetic": duty.arithmetic,
    }
