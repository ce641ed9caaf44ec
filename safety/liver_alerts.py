"""
Who must be told that liver tests look like Hy's law?

The alert belongs to a subject, for its study records, or to a case, for the tests it tells. It
comes once when the results meet a criterion, and once when both rises are there but something keeps
it undecided, for that is when the missing sample must be taken; never again on the same ground.
"""

from collections.abc import Iterator

from safety.alerts import Alert, alert_id
from safety.liver import LiverScreen

_KIND = "potential_hys_law"


def decide_liver_alerts(
    whose: str, before: LiverScreen | None, after: LiverScreen, *, case_id: str | None = None
) -> Iterator[Alert]:
    """
    Decide whether results have newly become an alert.

    Args:
        whose: "subject NCT01751763/01-001" or "case EDC:1"; part of the alert's id.

        before: What its results said before the newest record; None where there were none.

        after: What they say now.

        case_id: The case whose results they are; None where they are a subject's.
    """
    state = liver_state(after)
    if state is None or (before is not None and liver_state(before) in {state, "met"}):
        return
    ground = after.ground
    rule = "" if ground is None else f" by {ground.criterion} ({ground.evidence})"
    said = (
        "rule out other causes"
        if state == "met"
        else f"to be decided by {'; '.join(after.missing)}"
    )
    yield Alert(
        alert_id=alert_id(_KIND, f"{whose} {state}"),
        kind=_KIND,
        case_id=case_id,
        obligation_id=None,
        authority=None,
        due=None,
        text=f"{whose}: potential Hy's law{rule}; {said}",
    )


def liver_state(screen: LiverScreen) -> str | None:
    """Give "met", "undecided" where both rises are there, else None."""
    if screen.met:
        return "met"
    return "undecided" if screen.ground is not None and screen.ground.both_rises else None
