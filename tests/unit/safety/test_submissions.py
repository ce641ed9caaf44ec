"""
How far a report has come.

The sequence is the one of the docs: a draft is approved, sent, then taken or refused; day counts
are counted by hand.
"""

from datetime import date
from itertools import permutations, product

import pytest

from safety.case import Report
from safety.deadlines import Obligation
from safety.pipeline import advance, submissions_of
from safety.submissions import TRANSITIONS, days_late, explain_refusal
from schemas.vocabulary import SubmissionState as State
from tests.support.decisions import NOW, knowledge, obligations, take
from tests.support.reports import answers, follow_up, report
from tests.support.submitting import step

ALLOWED = """
    -> draft | -> submitted | -> not_required
    draft -> approved | draft -> not_required
    approved -> draft | approved -> submitted | approved -> not_required
    submitted -> acknowledged | submitted -> rejected
    rejected -> draft | rejected -> submitted | rejected -> not_required
    not_required -> draft | not_required -> submitted
"""
PAIRS = {
    (pair.partition("->")[0].strip() or None, pair.partition("->")[2].strip())
    for pair in ALLOWED.replace("\n", "|").split("|")
    if pair.strip()
}


def ema() -> Obligation:
    return next(duty for duty in obligations(report()) if duty.authority == "EMA")


def states(*reports: Report) -> list[str]:
    return [record.state for record in submissions_of(take(*reports).case.state).values()]


def findings(*reports: Report) -> list[str]:
    return [found.code for found in take(*reports).case.state.findings]


class TestTransitions:
    @pytest.mark.parametrize(("before", "after"), list(product([None, *State], State)))
    def test_only_what_the_table_says_is_possible(self, before: State | None, after: State) -> None:
        assert (after in TRANSITIONS[before]) == ((before, after) in PAIRS)

    def test_a_refusal_says_what_is_and_what_could_be(self) -> None:
        said = explain_refusal(State.SUBMITTED, State.DRAFT)

        assert said == (
            "the report is submitted, so it cannot become draft;"
            " possible next: acknowledged, rejected"
        )


class TestDaysLate:
    def test_the_due_day_itself_is_on_time(self) -> None:
        assert days_late(date(2026, 3, 17), date(2026, 3, 17)) == 0

    def test_counts_calendar_days_over_a_leap_day(self) -> None:
        assert days_late(date(2024, 2, 27), date(2024, 3, 1)) == 3


class TestRecord:
    def test_a_report_goes_its_way_to_the_acknowledgement(self) -> None:
        duty = ema()
        way = [State.DRAFT, State.APPROVED, State.SUBMITTED, State.ACKNOWLEDGED]
        told = [step(duty, state, hour=hour) for hour, state in enumerate(way, start=9)]

        assert states(report(), *told) == ["acknowledged"]
        (record,) = submissions_of(take(report(), *told).case.state).values()
        assert record.submitted_on == "2026-03-20"

    def test_arrival_in_any_order_gives_the_same_record(self) -> None:
        duty = ema()
        told = [
            report(),
            step(duty, State.DRAFT, hour=9),
            step(duty, State.APPROVED, hour=10),
            step(duty, State.SUBMITTED, hour=11),
        ]

        assert {take(*order).digest for order in permutations(told)} == {take(*told).digest}
        assert states(*told) == ["submitted"]

    def test_a_step_out_of_sequence_leaves_a_finding_and_the_record(self) -> None:
        told = (report(), step(ema(), State.DRAFT), step(ema(), State.ACKNOWLEDGED, hour=10))

        assert states(*told) == ["draft"]
        [found] = take(*told).case.state.findings
        assert (found.code, found.severity) == ("submission_out_of_sequence", "contradiction")
        assert found.path == f"submissions/{ema().ground}"

    def test_a_duty_that_its_own_fields_do_not_make_is_not_recorded(self) -> None:
        forged = step(ema(), State.SUBMITTED, due="2027-01-01")

        assert states(report(), forged) == []
        assert findings(report(), forged) == ["submission_of_unknown_duty"]

    def test_the_day_is_that_of_the_office(self) -> None:
        told = step(ema(), State.SUBMITTED, at="2026-03-17T23:30:00+00:00")

        (record,) = submissions_of(take(report(), told).case.state).values()
        assert record.day == "2026-03-18"

    def test_a_rejection_takes_the_day_of_sending_back(self) -> None:
        duty = ema()
        told = (report(), step(duty, State.SUBMITTED), step(duty, State.REJECTED, hour=11))

        (record,) = submissions_of(take(*told).case.state).values()
        assert (record.state, record.submitted_on) == ("rejected", None)

    def test_what_was_submitted_stays_when_the_case_changes(self) -> None:
        duty = ema()
        before = take(report(), step(duty, State.SUBMITTED))
        changed = follow_up("m9", "2026-03-25", relatedness=answers(investigator="not related"))
        after = advance(before, changed, knowledge(), now=NOW).case

        assert submissions_of(after.case.state) == submissions_of(before.case.state)

    def test_recording_starts_and_moves_no_clock(self) -> None:
        duty = ema()

        assert obligations(report(), step(duty, State.SUBMITTED)) == obligations(report())

    def test_a_conservative_duty_that_was_sent_stays_as_it_was_when_decided(self) -> None:
        unsure = report(relatedness=None)
        held = next(d for d in obligations(unsure) if d.authority == "EMA" and not d.decided)
        settled = follow_up("m2", relatedness=answers(investigator="related"))
        sent = take(unsure, step(held, State.SUBMITTED, "2026-03-05"))
        outcome = advance(sent, settled, knowledge(), now=NOW)
        live = outcome.case
        decided = {duty.ground: duty for duty in live.obligations}[held.ground]

        assert (decided.obligation_id, decided.due) == (held.obligation_id, held.due)
        assert not decided.decided  # as it stood when its report was sent
        assert decided.ground in submissions_of(live.case.state)
        assert decided.obligation_id not in {alert.obligation_id for alert in outcome.alerts}
