"""
Who must be told that a subject's liver tests look like Hy's law?

Study records decide nothing about cases, so this alert belongs to a subject. It comes once when the
results meet a criterion, and once when both rises are there but something keeps it undecided, for
that is when the missing sample must be taken; never again on the same ground.
"""

from collections.abc import Iterator

from safety.alerts import Alert, alert_id
from safety.liver import LiverScreen

_KIND = "potential_hys_law"


def decide_liver_alerts(
    subject_key: str, before: LiverScreen | None, after: LiverScreen
) -> Iterator[Alert]:
    """
    Decide whether the results of a subject have newly become an alert.

    Args:
        subject_key: Study and subject code, such as "NCT01751763/01-001"; part of the alert's id.

        before: What its results said before the newest record; None where there were none.

        after: What they say now.
    """
    state = _state(after)
    if state is None or (before is not None and _state(before) in {state, "met"}):
        return
    ground = after.ground
    rule = "" if ground is None else f" by {ground.criterion} ({ground.evidence})"
    said = (
        "rule out other causes"
        if state == "met"
        else f"to be decided by {'; '.join(after.missing)}"
    )
    yield Alert(
        alert_id=alert_id(_KIND, f"{subject_key} {state}"),
        kind=_KIND,
        case_id=None,
        obligation_id=None,
        authority=None,
        due=None,
        text=f"subject {subject_key}: potential Hy's law{rule}; {said}",
    )


def _state(screen: LiverScreen) -> str | None:
    if screen.met:
        return "met"
    return "undecided" if screen.ground is not None and screen.ground.both_rises else None
