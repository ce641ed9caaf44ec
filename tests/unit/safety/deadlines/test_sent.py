"""
What was sent stays as it was sent; what is learnt later is said aloud.

The report of the tests is of 2 March 2026, so the EMA's initial report is due 17 March; with an
awareness of 27 February it was due 14 March (2 days to 1 March, then 13).
"""

from datetime import date
from itertools import permutations

import pytest

from safety.case import Report
from safety.deadlines import Obligation
from safety.pipeline import advance
from safety.rulebooks import Duty
from schemas.vocabulary import SubmissionState as State
from tests.support.decisions import NOW, knowledge, obligations, take
from tests.support.reports import (
    answers,
    correction,
    follow_up,
    nullification,
    reaction,
    report,
)
from tests.support.submitting import step

TRIAL = {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "01-001"}
KNOWN_27_FEBRUARY = [{"channel": "affiliate", "day": "2026-02-27"}]
HARMLESS = [{"reaction_id": "r1", "seriousness": {"hospitalisation": {"null": "NI"}}}]


def ema(*reports: Report, duty: Duty = Duty.INITIAL) -> Obligation:
    (found,) = [
        each for each in obligations(*reports) if each.authority == "EMA" and each.duty is duty
    ]
    return found


def sent(day: str = "2026-03-16", *reports: Report, hour: int = 9) -> Report:
    return step(ema(*(reports or (report(),))), State.SUBMITTED, day, hour=hour)


def findings(*reports: Report) -> dict[str, str]:
    """Code to message of the findings about reports that were sent."""
    live = take(*reports[:-1])
    version = advance(live, reports[-1], knowledge(), now=NOW).version
    assert version is not None
    return {f["code"]: f["message"] for f in version.findings if "submissions/" in f["path"]}


class TestImmutable:
    @pytest.mark.parametrize(
        "later",
        [
            correction(day="2026-03-20", awareness=KNOWN_27_FEBRUARY),
            correction(day="2026-03-20", reactions=HARMLESS),
            follow_up("m2", "2026-03-20", reactions=HARMLESS),
            follow_up("m2", "2026-03-20", reactions=reaction(outcome="fatal")),
            follow_up("m2", "2026-03-20", relatedness=answers(sponsor="not related")),
            nullification(day="2026-03-20"),
        ],
        ids=["older", "corrected", "downgraded", "died", "causality", "void"],
    )
    def test_a_sent_duty_keeps_id_date_and_certainty(self, later: Report) -> None:
        before = ema(report())
        outcome = advance(take(report(), sent()), later, knowledge(), now=NOW)

        kept = {duty.obligation_id: duty for duty in outcome.case.obligations}
        stands = kept[before.obligation_id]
        assert (stands.due, stands.day_zero, stands.days) == (before.due, before.day_zero, 15)
        assert (stands.rule_id, stands.decided) == ("EU-4", True)
        assert (stands.provision, stands.evidence) == (before.provision, "V")
        assert stands.rulebook == before.rulebook
        assert before.obligation_id not in {end.obligation_id for end in outcome.superseded}

    def test_a_sent_complete_report_keeps_its_seven_and_eight_days(self) -> None:
        # EU-1, a fatal SUSAR of 2 March: 7 + 8 days are 17 March; then the case is void
        fatal = report(
            study=TRIAL, reactions=reaction(seriousness={"death": True}, outcome="fatal")
        )
        complete = ema(fatal, duty=Duty.COMPLETE)
        told = take(fatal, step(complete, State.SUBMITTED, "2026-03-16"), nullification())

        (stands,) = told.obligations
        assert (stands.days, stands.day_zero, stands.due) == (
            15,
            date(2026, 3, 2),
            date(2026, 3, 17),
        )
        assert "its report was sent on 2026-03-16" in stands.reason

    def test_a_duty_that_was_not_sent_is_superseded_as_ever(self) -> None:
        before = ema(report())
        outcome = advance(
            take(report()),
            correction(day="2026-03-20", awareness=KNOWN_27_FEBRUARY),
            knowledge(),
            now=NOW,
        )

        assert before.obligation_id in {end.obligation_id for end in outcome.superseded}

    @pytest.mark.parametrize("state", [State.DRAFT, State.NOT_REQUIRED])
    def test_a_draft_and_what_was_not_required_were_not_sent(self, state: State) -> None:
        told = take(
            report(),
            step(ema(report()), state),
            correction(day="2026-03-21", awareness=KNOWN_27_FEBRUARY),
        )

        assert {d.due for d in told.obligations if d.rule_id == "EU-4"} == {date(2026, 3, 14)}

    def test_a_rejected_report_was_not_sent(self) -> None:
        told = take(
            report(),
            sent("2026-03-16"),
            step(ema(report()), State.REJECTED, "2026-03-18"),
            correction(day="2026-03-21", awareness=KNOWN_27_FEBRUARY),
        )

        assert {d.due for d in told.obligations if d.rule_id == "EU-4"} == {date(2026, 3, 14)}

    def test_a_stricter_duty_stands_beside_the_slower_one_that_was_sent(self) -> None:
        first = report(study=TRIAL)
        died = follow_up(
            "m2",
            "2026-03-12",
            reactions=[{"reaction_id": "r1", "seriousness": {"death": True}, "outcome": "fatal"}],
            study=TRIAL,
        )
        told = take(first, sent("2026-03-10", first), died)

        initial = {
            (d.rule_id, d.due.isoformat())
            for d in told.obligations
            if d.recipient == "EVCTM" and d.duty is Duty.INITIAL
        }
        # EU-2: 2 March + 15; EU-3 (turned fatal): 12 March + 7
        assert initial == {("EU-2", "2026-03-17"), ("EU-3", "2026-03-19")}
        assert findings(first, sent("2026-03-10", first), died) == {}

    def test_any_order_of_arrival_gives_the_same_duties(self) -> None:
        told = [
            report(),
            sent(),
            correction(day="2026-03-20", awareness=KNOWN_27_FEBRUARY),
            follow_up("m2", "2026-03-18", reactions=HARMLESS),
        ]

        assert {take(*order).digest for order in permutations(told)} == {take(*told).digest}


class TestLateness:
    def test_an_older_awareness_makes_a_punctual_report_late_and_says_so(self) -> None:
        told = findings(report(), sent("2026-03-16"), correction(awareness=KNOWN_27_FEBRUARY))

        said = told["sent_late_by_older_awareness"]
        late = advance(
            take(report(), sent("2026-03-16")),
            correction(awareness=KNOWN_27_FEBRUARY),
            knowledge(),
            now=NOW,
        ).version
        assert late is not None
        assert {f["severity"] for f in late.findings if f["message"] == said} == {"contradiction"}
        assert "sent on 2026-03-16 against 2026-03-17" in said
        assert "it was due 2026-03-14, so it was 2 days late" in said

    def test_a_report_that_kept_the_true_date_too_is_not_late(self) -> None:
        told = findings(report(), sent("2026-03-14"), correction(awareness=KNOWN_27_FEBRUARY))

        assert "sent_late_by_older_awareness" not in told

    def test_an_older_report_that_comes_later_makes_it_late_and_no_second_initial(self) -> None:
        older = report(
            "m0", received_at="2026-02-27T09:00:00+08:00", most_recent_information="2026-02-27"
        )
        told = (report(), sent("2026-03-16"), older)

        initial = [
            d for d in take(*told).obligations if d.rule_id == "EU-4" and d.duty is Duty.INITIAL
        ]
        assert [d.due for d in initial] == [date(2026, 3, 17)]
        assert "2 days late" in findings(*told)["sent_late_by_older_awareness"]

    def test_the_trace_keeps_the_true_date_beside_the_one_then_known(self) -> None:
        live = take(report(), sent("2026-03-16"))
        outcome = advance(live, correction(awareness=KNOWN_27_FEBRUARY), knowledge(), now=NOW)

        assert outcome.version is not None
        (told,) = outcome.version.trace["sent"]
        assert (told["submitted_on"], told["due"], told["true_due"]) == (
            "2026-03-16",
            "2026-03-17",
            "2026-03-14",
        )

    def test_a_still_older_awareness_is_told_too(self) -> None:
        live = take(report(), sent("2026-03-16"), correction(awareness=KNOWN_27_FEBRUARY))
        still = correction("m8", awareness=[{"channel": "partner", "day": "2026-02-20"}])
        outcome = advance(live, still, knowledge(), now=NOW)

        # 20 February: 8 days to the 28th, then 7
        assert outcome.version is not None
        assert outcome.version.trace["sent"][0]["true_due"] == "2026-03-07"


class TestWhatIsToBeTold:
    def test_a_correction_after_the_sending_asks_for_an_amendment(self) -> None:
        told = findings(
            report(), sent(), correction(day="2026-03-20", reactions=reaction(outcome="recovered"))
        )

        assert list(told) == ["amendment_to_send"]
        assert "EMA EVPM under EU-4" in told["amendment_to_send"]

    def test_a_correction_before_the_sending_does_not(self) -> None:
        corrected = correction(day="2026-03-10", reactions=reaction(outcome="recovered"))

        assert findings(report(), corrected, sent("2026-03-16")) == {}

    def test_an_amendment_that_was_sent_settles_it(self) -> None:
        significant = follow_up(
            "m2", "2026-03-22", reactions=reaction(reaction_id="r2", term={"text": "Diarrhoea"})
        )
        told = [
            report(),
            sent(),
            correction(day="2026-03-20", reactions=reaction(outcome="recovered")),
            significant,
        ]
        again = step(ema(*told, duty=Duty.FOLLOW_UP), State.SUBMITTED, "2026-03-25")

        assert "amendment_to_send" in findings(*told)
        assert "amendment_to_send" not in findings(*told, again)

    def test_a_ground_that_a_correction_takes_away_asks_to_tell_the_recipient(self) -> None:
        told = findings(
            report(), sent("2026-03-10"), correction(day="2026-03-12", reactions=HARMLESS)
        )

        assert list(told) == ["sent_without_ground"]

    def test_a_void_case_asks_for_the_nullification(self) -> None:
        told = findings(report(), sent(), nullification(day="2026-03-20"))

        assert list(told) == ["nullification_to_send"]

    def test_a_significant_follow_up_is_a_duty_of_its_own_and_no_finding(self) -> None:
        more = follow_up(
            "m2", "2026-03-20", reactions=reaction(reaction_id="r2", term={"text": "Diarrhoea"})
        )

        assert ema(report(), sent(), more, duty=Duty.FOLLOW_UP).due == date(2026, 4, 4)
        assert findings(report(), sent(), more) == {}


class TestCompleteFromSending:
    def complete(self, *reports: Report) -> Obligation:
        (found,) = [
            d for d in obligations(*reports) if d.authority == "HC" and d.duty is Duty.COMPLETE
        ]
        return found

    def test_canada_counts_eight_days_from_the_sending(self) -> None:
        # regulatory brief, section 1.6: sent 2026-03-05, complete report 2026-03-13
        fatal = report(
            study=TRIAL, reactions=reaction(seriousness={"death": True}, outcome="fatal")
        )
        (first,) = [d for d in obligations(fatal) if d.authority == "HC" and d.duty is Duty.INITIAL]

        assert self.complete(fatal).due == date(2026, 3, 17)  # from its last day, 9 March
        told = self.complete(fatal, step(first, State.SUBMITTED, "2026-03-05"))
        assert (told.due, told.day_zero, told.days) == (date(2026, 3, 13), date(2026, 3, 5), 8)
