"""
What was sent and what became of it.

Which codes mean what is ICH's (ACK.A.4, ACK.B.r.6); days are counted by hand: nine in Shanghai is
one o'clock UTC, two o'clock UTC is ten in Shanghai.
"""

from dataclasses import replace
from itertools import permutations

import pytest

from safety.case import Report
from safety.deadlines import Obligation
from safety.pipeline import LiveCase, Outcome, advance, submissions_of
from safety.submissions import Submission
from schemas.vocabulary import SubmissionState as State
from tests.support.decisions import NOW, knowledge, obligations, take
from tests.support.reports import correction, report
from tests.support.submitting import step
from tests.support.transmitting import acknowledge, transmit


def ema() -> Obligation:
    return next(duty for duty in obligations(report()) if duty.authority == "EMA")


def record(*reports: Report) -> Submission:
    [found] = submissions_of(take(report(), *reports).case.state).values()
    return found


def recorded(*reports: Report) -> list[str]:
    return [found.state for found in submissions_of(take(report(), *reports).case.state).values()]


def findings(*reports: Report) -> list[str]:
    return [found.code for found in take(report(), *reports).case.state.findings]


def last(*reports: Report) -> Outcome:
    *before, newest = reports
    live: LiveCase = take(report(), *before)
    return advance(live, newest, knowledge(), now=NOW)


class TestTransmit:
    def test_a_message_that_was_only_written_moves_no_duty(self) -> None:
        assert recorded(transmit(ema())) == []

    def test_one_that_counts_as_submitted_does(self) -> None:
        found = record(transmit(ema(), submitted=True))

        assert (found.state, found.submitted_on, found.by) == (
            "submitted",
            "2026-03-20",
            "officer-3",
        )

    def test_what_became_known_of_the_duty_is_told_by_the_message_that_sent_it(self) -> None:
        sending = transmit(ema(), submitted=True)
        state = take(report(), sending).case.state

        [sent] = state.entries("submissions")
        assert sent.source("state") == sending.message

    def test_a_duty_that_is_sent_already_stays_as_it_was_recorded(self) -> None:
        earlier = step(ema(), State.SUBMITTED, "2026-03-18")

        assert record(earlier, transmit(ema(), submitted=True)).submitted_on == "2026-03-18"

    def test_a_duty_under_a_false_id_is_not_touched(self) -> None:
        false = replace(ema(), obligation_id="0" * 24)

        assert recorded(transmit(false, submitted=True)) == []

    def test_is_told_with_the_outcome(self) -> None:
        outcome = last(transmit(ema()))

        assert [(sent["batch"], sent["number"]) for sent in outcome.sent] == [("B1", "CN-OURS-1")]


class TestAnswer:
    @pytest.mark.parametrize(
        ("code", "message", "state"),
        [
            ("AA", "CA", "acknowledged"),
            ("AE", "CA", "acknowledged"),  # others of the batch were refused
            ("AE", "CR", "rejected"),
            ("AR", "CR", "rejected"),
            ("AA", "CR", "rejected"),
            ("AR", "CA", "rejected"),  # they contradict each other: taken at its worst
            ("AA", None, "acknowledged"),
            ("AR", None, "rejected"),
            ("AE", None, "rejected"),  # some were refused: this may be one
        ],
    )
    def test_the_codes_decide(self, code: str, message: str | None, state: str) -> None:
        assert record(transmit(ema()), acknowledge(code=code, message=message)).state == state

    def test_an_accepted_report_was_sent_when_it_was_written(self) -> None:
        found = record(transmit(ema()), acknowledge())

        assert (found.submitted_on, found.day) == ("2026-03-20", "2026-03-21")
        assert (found.by, found.reference) == ("EVHUMAN", "EU-77")

    def test_the_day_a_person_recorded_is_kept(self) -> None:
        by_hand = step(ema(), State.SUBMITTED, "2026-03-19")

        assert record(by_hand, transmit(ema()), acknowledge()).submitted_on == "2026-03-19"

    def test_a_refusal_keeps_the_words_and_opens_the_duty(self) -> None:
        found = record(
            transmit(ema(), submitted=True),
            acknowledge(code="AR", message="CR", texts=("D.1 is missing", "又一句")),
        )

        assert (found.state, found.submitted_on) == ("rejected", None)
        assert found.reason == "CR for batch B1: D.1 is missing; 又一句"

    def test_a_refusal_raises_an_alert_that_names_elements_and_quotes_nothing(self) -> None:
        outcome = last(
            transmit(ema()),
            acknowledge(message="CR", texts=("FDA.C.1.7.1 of Mr Wang (D.1), G.k.9.i.2.r.1",)),
        )

        [alert] = [a for a in outcome.alerts if a.kind == "submission_rejected"]
        assert alert.due == ema().due
        assert "FDA.C.1.7.1, D.1, G.k.9.i.2.r.1" in alert.text
        assert "Wang" not in alert.text

    def test_the_order_of_arrival_decides_nothing(self) -> None:
        reports = (
            transmit(ema()),
            acknowledge(message="CR"),
            transmit(ema(), "B2", "2026-03-23"),
            acknowledge("B2", at="2026-03-24T00:00:00Z"),
        )
        orders = [take(report(), *order) for order in permutations(reports)]

        assert len({live.digest for live in orders}) == 1
        [found] = submissions_of(orders[0].case.state).values()
        assert (found.state, found.submitted_on) == ("acknowledged", "2026-03-23")

    def test_the_clock_of_a_gateway_may_be_behind_ours(self) -> None:
        early = acknowledge(at="2026-03-01T00:00:00Z")

        assert record(transmit(ema()), early).state == "acknowledged"

    def test_the_same_answer_again_changes_nothing(self) -> None:
        outcome = last(
            transmit(ema()),
            acknowledge(message="CR"),
            acknowledge(message="CR", at="2026-03-25T00:00:00Z", name="again"),
        )

        assert outcome.version is None
        assert outcome.alerts == ()

    def test_a_late_repetition_does_not_reject_what_was_sent_again(self) -> None:
        found = record(
            transmit(ema()),
            acknowledge(message="CR"),
            transmit(ema(), "B2", "2026-03-23", submitted=True),
            acknowledge(message="CR", at="2026-03-25T00:00:00Z"),
        )

        assert (found.state, found.submitted_on) == ("submitted", "2026-03-23")

    def test_of_two_answers_that_disagree_the_newest_counts_and_a_finding_says_so(self) -> None:
        refused_later = (
            transmit(ema()),
            acknowledge(),
            acknowledge(message="CR", at="2026-03-22T00:00:00Z"),
        )

        assert record(*refused_later).state == "rejected"
        assert "acknowledgements_disagree" in findings(*refused_later)

    def test_what_was_accepted_stays_as_it_was_sent_and_asks_for_nothing_more(self) -> None:
        live = take(report(), transmit(ema()), acknowledge())

        assert ema().obligation_id in {duty.obligation_id for duty in live.obligations}
        version = last(transmit(ema()), acknowledge()).version
        assert version is not None
        asked = {found["code"] for found in version.findings}
        assert not asked & {"amendment_to_send", "sent_without_ground"}

    def test_a_correction_after_an_accepted_report_asks_for_an_amendment(self) -> None:
        version = last(
            transmit(ema()), acknowledge(), correction(day="2026-03-25", narrative="corrected")
        ).version

        assert version is not None
        assert "amendment_to_send" in {found["code"] for found in version.findings}

    def test_an_answer_to_another_batch_moves_nothing(self) -> None:
        assert recorded(transmit(ema()), acknowledge("B9", message="CR")) == []
