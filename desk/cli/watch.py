"""`safety watch`: tell what is due soon, overdue or still undecided, once each."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from consumers.log import configure_service_log
from consumers.watch import deliver_alerts, look_once, publish_alerts, thresholds_of, watch
from desk.cli.arguments import Json, parse_day
from desk.cli.failures import UsageFault
from desk.cli.opening import opened_store, settings_of
from desk.cli.screen import hint, print_json, screen, table


def _pause(seconds: float) -> bool:
    """Wait; nothing but Ctrl-C ends it before."""
    time.sleep(seconds)
    return False


def watch_clocks(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Look once, and end.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="With --once: look as on this day; today (UTC) unless given.",
            show_default=False,
        ),
    ] = None,
    publish: Annotated[
        bool,
        typer.Option(
            "--publish/--no-publish",
            help="With --once: send the alerts to the broker, by mail and webhook, or leave them.",
        ),
    ] = True,
    as_json: Json = False,
) -> None:
    """
    Watch the clocks: raise an alert when an open duty is due soon, overdue or still undecided.

    Each duty raises each alert once a threshold, however often the watch restarts; the thresholds
    are settings. Alerts go to pv.alerts; while the broker is away they wait in the outbox. They are
    sent by mail and webhook too, where the settings say so. What is recorded as submitted or not
    required raises none. The watch never moves a due date.
    """
    settings = settings_of(context)
    if not once:
        if as_of is not None:
            raise UsageFault("--as-of is for one look only; add --once")
        configure_service_log(settings.log_level)
        with opened_store(context) as store:
            watch(settings, store)
        return
    now = datetime.now(UTC)
    with opened_store(context) as store:
        today = parse_day(as_of) or now.date()
        new = look_once(store, thresholds_of(settings), today=today, now=now)
        if publish:
            if publish_alerts(settings, store) is None:
                hint("The broker cannot be reached; the alerts wait in the outbox.")
            deliver_alerts(settings, store, _pause)
    if as_json:
        print_json(
            [
                {
                    "alert": alert.alert_id,
                    "kind": alert.kind,
                    "case": alert.case_id,
                    "obligation": alert.obligation_id,
                    "authority": alert.authority,
                    "due": alert.due,
                    "text": alert.text,
                }
                for alert in new
            ]
        )
        return
    shown = table("due", "kind", "case", "what")
    for alert in new:
        shown.add_row(str(alert.due), alert.kind.replace("_", " "), alert.case_id, alert.text)
    screen().print(shown)
