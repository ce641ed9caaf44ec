"""What becomes of a standing duty when the case gives others: which one continues it, and why."""

from dataclasses import replace
from datetime import date

import pytest

from safety.deadlines import Obligation
from safety.deadlines.obligation import Superseded, supersede
from safety.rulebooks import Duty
from tests.support.decisions import obligations
from tests.support.reports import report

EMA = next(duty for duty in obligations(report()) if duty.authority == "EMA")


def other(name: str = "new", **changes: object) -> Obligation:
    """Give the European duty, changed, under another id."""
    return replace(EMA, obligation_id=name, **changes)  # type: ignore[arg-type]


class TestSupersede:
    @pytest.mark.parametrize(
        ("now", "reason"),
        [
            (
                other(day_zero=date(2026, 2, 27), due=date(2026, 3, 14)),
                (
                    "day zero moved from 2026-03-02 to 2026-02-27;"
                    " due 2026-03-14 instead of 2026-03-17"
                ),
            ),
            (other(rule_id="EU-9"), "rule EU-9 applies instead of EU-4"),
            (other(decided=False), "now depends on a missing fact"),
            (other(trigger="test m7"), "another message is its ground now"),
            (other(duty=Duty.DOWNGRADE), "downgrade report instead of initial"),
        ],
        ids=["day zero", "rule", "certainty", "message", "downgrade"],
    )
    def test_the_reason_says_what_is_otherwise(self, now: Obligation, reason: str) -> None:
        assert supersede([EMA], [now], because="gone") == (
            Superseded(EMA.obligation_id, reason, "new"),
        )

    def test_a_held_duty_that_is_confirmed_is_now_decided(self) -> None:
        assert supersede([other("old", decided=False)], [EMA], because="gone") == (
            Superseded("old", "now decided", EMA.obligation_id),
        )

    @pytest.mark.parametrize(
        "now",
        [
            other(authority="MHRA"),
            other(recipient="EVCTM"),
            other(duty=Duty.FOLLOW_UP),
        ],
        ids=["authority", "recipient", "purpose"],
    )
    def test_what_is_for_somebody_or_something_else_continues_nothing(
        self, now: Obligation
    ) -> None:
        assert supersede([EMA], [now], because="the ground is gone") == (
            Superseded(EMA.obligation_id, "the ground is gone", None),
        )

    def test_a_follow_up_is_continued_by_one_because_of_the_same_message_only(self) -> None:
        old = other("old", duty=Duty.FOLLOW_UP, trigger="test m2")
        same = other("new", duty=Duty.FOLLOW_UP, trigger="test m2", rule_id="EU-9")
        another = replace(same, trigger="test m3")

        assert supersede([old], [same], because="gone")[0].replaced_by == "new"
        assert supersede([old], [another], because="gone")[0].replaced_by is None

    def test_a_downgrade_continues_no_other_downgrade(self) -> None:
        old = other("old", duty=Duty.DOWNGRADE, trigger="test m2")
        new = other("new", duty=Duty.DOWNGRADE, trigger="test m3")

        assert supersede([old], [new], because="gone")[0].replaced_by is None

    def test_those_that_stand_are_left_alone_wherever_they_are_in_the_list(self) -> None:
        gone = other("old", authority="MHRA")

        assert [each.obligation_id for each in supersede([EMA, gone], [EMA], because="x")] == [
            "old"
        ]
