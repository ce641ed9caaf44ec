"""`safety submission`: how far the report for a duty has come, who says so, how late it was."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from consumers.record_submission import SubmissionRefusedError, find_duty, record_submission
from desk.cli.arguments import CaseId, Json, parse_instant
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import print_json, screen, table
from safety.store.queries import load_version
from safety.store.submissions import SubmissionStep, submission_steps
from safety.submissions import spoken
from schemas.vocabulary import SubmissionState

app = typer.Typer(
    no_args_is_help=True,
    help="Record how far the reports that are due have come, and look at the record.",
)


@app.command("record")
def record(  # noqa: PLR0913, PLR0917 - what a step says, option by option
    context: typer.Context,
    case_id: CaseId,
    obligation: Annotated[
        str, typer.Option(metavar="ID", help="Id of the duty, as `due --json` shows it.")
    ],
    state: Annotated[SubmissionState, typer.Option(help="How far its report has come now.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who says so: a name or number.")],
    at: Annotated[
        str, typer.Option(metavar="INSTANT", help="When, such as 2014-05-20T12:00:00+08:00.")
    ],
    reason: Annotated[
        str | None,
        typer.Option(help="Why; must be given if rejected or not required.", show_default=False),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(help="The recipient's number for the report.", show_default=False),
    ] = None,
    zone: Annotated[
        str, typer.Option(metavar="ZONE", help="IANA zone of the office: its calendar counts.")
    ] = "UTC",
) -> None:
    """
    Record one step of the report for a duty: draft, approved, submitted, acknowledged, rejected.

    The step becomes a message of the log, so a replay gives the same record; nothing recorded is
    ever changed. A step out of sequence is refused. A report that was sent outside this system may
    be recorded as submitted at once; a rejected one is due again.
    """
    happened = parse_instant(at)
    if reason is None and state in {SubmissionState.REJECTED, SubmissionState.NOT_REQUIRED}:
        raise UsageFault(f"a report that is {spoken(state)} needs a reason: --reason TEXT")
    with opened_store(context) as store:
        version = load_version(store, case_id)
        if version is None:
            raise UsageFault(f"there is no case {case_id}; see: safety case list")
        try:
            duty = find_duty(store, case_id, obligation)
            record_submission(
                store,
                knowledge_of(context),
                duty,
                state,
                by=by,
                at=happened,
                zone=zone,
                reason=reason or f"recorded as {spoken(state)}",
                now=datetime.now(UTC),
                reference=reference,
                synthetic=version.synthetic,
            )
        except SubmissionRefusedError as error:
            raise UsageFault(str(error)) from None
        step = submission_steps(store, case_id=case_id, obligation_id=duty.obligation_id)[-1]
    screen().print(
        f"{duty.duty.value.replace('_', ' ')} to {duty.recipient} under {duty.rule_id}:"
        f" {spoken(state)}{_punctual(step)}."
    )


@app.command("list")
def list_all(
    context: typer.Context,
    case_id: Annotated[
        str | None, typer.Option("--case", help="Only this case.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """
    List every recorded step: the duty, its due date then, who recorded what, how late it was sent.

    A duty stays on record as it stood when its report was sent, also if the case has changed since.
    """
    with opened_store(context) as store:
        steps = submission_steps(store, case_id=case_id)
    if as_json:
        print_json([_step_json(step) for step in steps])
        return
    shown = table("due", "state", "day", "late", "by", "to", "rule", "case", right=("late",))
    for step in steps:
        shown.add_row(
            str(step.due),
            spoken(step.state),
            str(step.day),
            "-" if step.late is None else str(max(step.late, 0)),
            step.by,
            f"{step.authority} {step.recipient}",
            step.rule_id,
            step.case_id,
        )
    screen().print(shown)


def _punctual(step: SubmissionStep) -> str:
    if step.late is None:
        return ""
    if step.late <= 0:
        return f", on time (due {step.due})"
    return f", {step.late} days late (due {step.due})"


def _step_json(step: SubmissionStep) -> dict[str, Any]:
    return {
        "case": step.case_id,
        "version": step.version,
        "obligation": step.obligation_id,
        "authority": step.authority,
        "recipient": step.recipient,
        "duty": step.duty,
        "rule": step.rule_id,
        "due": step.due,
        "state": step.state,
        "at": step.at.isoformat(),
        "day": step.day,
        "by": step.by,
        "reason": step.reason,
        "reference": step.reference,
        "submitted_on": step.submitted_on,
        "days_late": step.late,
    }
