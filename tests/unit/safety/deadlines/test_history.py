"""
What later reports do to the clocks: follow-up, upgrade, downgrade, correction, decision.

Dates are counted by hand from the rule of the regulatory brief, sections 1.1 and
1.2. Day zero of the base report is 2026-03-02, in Shanghai.
"""

from dataclasses import replace
from itertools import permutations

import pytest

from safety.case import Report
from safety.deadlines.history import first_known
from safety.rulebooks import Duty
from tests.support.decisions import due, obligations, take
from tests.support.reports import (
    BASE,
    answers,
    correction,
    decision,
    follow_up,
    nullification,
    reaction,
    report,
)


def dates(authority: str, duty: Duty, *reports: Report) -> list[str]:
    return [day.isoformat() for day in due(authority, duty, *reports)]


HARMLESS = reaction(seriousness=None)
SERIOUS = [{"reaction_id": "r1", "seriousness": {"hospitalisation": True}}]
NO_LONGER = [{"reaction_id": "r1", "seriousness": {"hospitalisation": {"null": "NI"}}}]


class TestFollowUp:
    def test_a_significant_follow_up_starts_a_new_clock_and_keeps_the_first(self) -> None:
        second = follow_up(
            day="2026-03-09",
            reactions=reaction(reaction_id="r2", term={"text": "Diarrhoea", "language": "en"}),
        )

        assert dates("EMA", Duty.INITIAL, report(), second) == ["2026-03-17"]
        assert dates("EMA", Duty.FOLLOW_UP, report(), second) == ["2026-03-24"]

    def test_an_insignificant_follow_up_starts_none(self) -> None:
        outcome = follow_up(reactions=[{"reaction_id": "r1", "outcome": "recovering"}])

        assert dates("EMA", Duty.FOLLOW_UP, report(), outcome) == []

    def test_a_mark_at_the_desk_makes_it_significant(self) -> None:
        outcome = follow_up(reactions=[{"reaction_id": "r1", "outcome": "recovering"}])
        mark = decision(
            "m5",
            {"kind": "mark_significance", "message_id": "test m2", "significant": True},
            "2026-03-11",
        )

        assert dates("EMA", Duty.FOLLOW_UP, report(), outcome, mark) == ["2026-03-24"]

    def test_a_mark_cannot_make_a_new_criterion_insignificant(self) -> None:
        worse = follow_up(
            reactions=[{"reaction_id": "r1", "seriousness": {"disability": True}}],
            medical_change=False,
        )

        assert dates("EMA", Duty.FOLLOW_UP, report(), worse) == ["2026-03-24"]


class TestLawDay:
    """The day whose law counts: `safety.deadlines.history`, cases 1 to 3."""

    def days(self, *reports: Report) -> list[str]:
        return [step.law_day.isoformat() for step in take(*reports).steps]

    def test_an_older_day_that_is_told_later_counts_from_the_first_report_on(self) -> None:
        fixed = correction(awareness=[{"channel": "site_monitor", "day": "2026-02-23"}])

        assert self.days(report(), fixed) == ["2026-02-23", "2026-02-23"]

    def test_only_significant_information_from_outside_moves_it(self) -> None:
        more = follow_up(day="2026-03-09", reactions=SERIOUS)
        recovering = follow_up(reactions=[{"reaction_id": "r1", "outcome": "recovering"}])

        assert self.days(report(reactions=HARMLESS), more)[-1] == "2026-03-09"
        assert self.days(report(), recovering)[-1] == "2026-03-02"
        assert self.days(report(reactions=HARMLESS), correction(reactions=SERIOUS))[-1] == (
            "2026-03-02"
        )


class TestUpgrade:
    def test_the_faster_clock_starts_when_the_qualifying_fact_was_known(self) -> None:
        told = (report(reactions=HARMLESS), follow_up(day="2026-03-09", reactions=SERIOUS))

        assert dates("EMA", Duty.INITIAL, *told) == ["2026-03-24"]
        assert dates("NMPA", Duty.INITIAL, *told) == ["2026-03-24"]

    def test_a_slower_report_that_is_due_before_stands_beside_it(self) -> None:
        # non-serious CN-6: 2026-03-02 + 30 = 2026-04-01; serious from 2026-03-25 + 15 = 2026-04-09
        told = (report(reactions=HARMLESS), follow_up(day="2026-03-25", reactions=SERIOUS))

        assert dates("NMPA", Duty.INITIAL, *told) == ["2026-04-01", "2026-04-09"]

    def test_a_susar_turned_fatal_has_seven_days_from_that_knowledge(self) -> None:
        # Regulation (EU) 536/2014, Article 42(2)(c): 2026-03-09 + 7
        trial = {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "01-001"}
        fatal = follow_up(
            day="2026-03-09",
            reactions=[{"reaction_id": "r1", "seriousness": {"death": True}, "outcome": "fatal"}],
        )
        found = [
            (o.rule_id, o.due.isoformat())
            for o in obligations(report(study=trial), fatal)
            if o.authority == "EMA" and o.duty is Duty.INITIAL
        ]

        assert found == [("EU-3", "2026-03-16")]

    def test_a_listed_reaction_turned_fatal_is_a_first_report_with_its_complete_one(self) -> None:
        # it was no SUSAR before, so Article 42(2)(a) applies: 2026-03-09 + 7, and + 7 + 8
        trial = {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "01-001"}
        listed = reaction(term={"text": "Diarrhoea", "language": "en"})
        fatal = follow_up(
            day="2026-03-09",
            reactions=[{"reaction_id": "r1", "seriousness": {"death": True}, "outcome": "fatal"}],
        )
        found = [
            (o.rule_id, o.duty, o.due.isoformat())
            for o in obligations(report(study=trial, reactions=listed), fatal)
            if o.authority == "EMA"
        ]

        assert found == [
            ("EU-1", Duty.INITIAL, "2026-03-16"),
            ("EU-1", Duty.COMPLETE, "2026-03-24"),
        ]


class TestDowngrade:
    def test_one_more_report_inside_the_old_limit(self) -> None:
        told = (report(), follow_up(day="2026-03-09", reactions=NO_LONGER))

        assert dates("EMA", Duty.DOWNGRADE, *told) == ["2026-03-24"]

    def test_what_was_due_stays_due_for_nobody_said_that_it_was_sent(self) -> None:
        told = (report(), follow_up(day="2026-03-09", reactions=NO_LONGER))

        assert dates("EMA", Duty.INITIAL, *told) == ["2026-03-17"]

    def test_china_gives_the_limit_of_the_new_category(self) -> None:
        # guideline 2018/131: 2026-03-09 + 30
        told = (report(), follow_up(day="2026-03-09", reactions=NO_LONGER))

        assert dates("NMPA", Duty.DOWNGRADE, *told) == ["2026-04-08"]

    def test_a_duty_that_was_due_before_stays_however_late(self) -> None:
        told = (report(), follow_up(day="2026-03-25", reactions=NO_LONGER))

        assert dates("EMA", Duty.INITIAL, *told) == ["2026-03-17"]


class TestCorrection:
    def test_it_opens_no_clock(self) -> None:
        fixed = correction(reactions=[{"reaction_id": "r1", "onset": None, "country": "CN"}])

        assert dates("EMA", Duty.FOLLOW_UP, report(), fixed) == []

    def test_a_duty_it_reveals_counts_from_the_first_valid_report(self) -> None:
        fixed = correction(reactions=SERIOUS)

        assert dates("EMA", Duty.INITIAL, report(reactions=HARMLESS), fixed) == ["2026-03-17"]

    def test_a_correction_that_takes_the_ground_away_lifts_the_duty(self) -> None:
        fixed = correction(reactions=NO_LONGER)

        assert dates("EMA", Duty.INITIAL, report(), fixed) == []
        assert dates("EMA", Duty.DOWNGRADE, report(), fixed) == []

    def test_an_earlier_day_of_awareness_that_it_tells_moves_day_zero(self) -> None:
        fixed = correction(awareness=[{"channel": "site_monitor", "day": "2026-02-23"}])

        assert dates("EMA", Duty.INITIAL, report(), fixed) == ["2026-03-10"]


class TestLateKnowledge:
    def test_an_earlier_awareness_told_by_a_follow_up_moves_day_zero(self) -> None:
        # brief 1.5: day zero is the minimum over all sources; 2026-03-01 + 15
        late = follow_up(
            day="2026-03-16", awareness=[{"channel": "site_monitor", "day": "2026-03-01"}]
        )

        assert dates("EMA", Duty.INITIAL, report(), late) == ["2026-03-16"]

    def test_the_senders_first_receipt_counts_where_it_is_earlier(self) -> None:
        # E2B C.1.4; 2026-02-24 + 15
        assert dates("EMA", Duty.INITIAL, report(first_received="2026-02-24")) == ["2026-03-11"]

    def test_only_the_follow_up_reached_us(self) -> None:
        # C.1.4 2025-03-19 and C.1.5 2025-03-26, as in the synthetic sample: 2025-03-19 + 15
        told = report(
            kind="follow_up",
            received_at="2025-03-27T10:15:00+08:00",
            most_recent_information="2025-03-26",
            first_received="2025-03-19",
            awareness=[{"channel": "partner", "day": "2025-03-26"}],
        )

        assert dates("EMA", Duty.INITIAL, told) == ["2025-04-03"]

    def test_a_criterion_that_came_late_is_not_outdone_by_the_first_receipt(self) -> None:
        incomplete = report(reporters=None, first_received="2026-02-24")
        completed = follow_up(day="2026-03-09", reporters=BASE["reporters"])

        assert dates("EMA", Duty.INITIAL, incomplete, completed) == ["2026-03-24"]


class TestChangeOfLaw:
    BEFORE = report(
        received_at="2018-12-20T09:00:00+08:00",
        most_recent_information="2018-12-20",
        reactions=reaction(onset={"value": "2018-12-18", "precision": "day"}),
    )

    def test_a_letter_after_the_change_leaves_the_duty_and_starts_none(self) -> None:
        # Decree 81 until 2018-12-31: 2018-12-20 + 15
        letter = follow_up(day="2019-01-02", narrative="More of the course is told.")
        found = [
            (o.rule_id, o.duty, o.due.isoformat())
            for o in obligations(self.BEFORE, letter)
            if o.authority == "NMPA"
        ]

        assert found == [("CN-H1a", Duty.INITIAL, "2019-01-04")]

    def test_significant_news_after_the_change_is_a_follow_up_under_the_new_law(self) -> None:
        # announcement No. 66 from 2019-01-01: 2019-01-02 + 15
        news = follow_up(
            day="2019-01-02", reactions=[{"reaction_id": "r1", "seriousness": {"disability": True}}]
        )
        found = [
            (o.rule_id, o.recipient, o.duty, o.due.isoformat())
            for o in obligations(self.BEFORE, news)
            if o.authority == "NMPA"
        ]

        assert found == [
            ("CN-H1a", "national_adr_system", Duty.INITIAL, "2019-01-04"),
            ("CN-4", "CDR", Duty.FOLLOW_UP, "2019-01-17"),
        ]


class TestDecision:
    def test_seriousness_seen_at_the_desk_counts_from_when_the_facts_were_in_hand(self) -> None:
        action = {
            "kind": "confirm_seriousness",
            "reaction_id": "r1",
            "criterion": "other_important",
            "value": True,
        }
        seen = decision("m5", action, "2026-03-20")

        assert dates("EMA", Duty.INITIAL, report(reactions=HARMLESS), seen) == ["2026-03-17"]

    def test_a_missing_answer_given_at_the_desk_decides_the_conservative_clock(self) -> None:
        unassessed = report(relatedness=answers(investigator="related"))
        action = {
            "kind": "assess_causality",
            "drug_id": "d1",
            "reaction_id": "r1",
            "method": "Global introspection",
            "result": "related",
        }
        before = [o.decided for o in obligations(unassessed) if o.authority == "FDA"]
        after = [
            (o.decided, o.due.isoformat())
            for o in obligations(unassessed, decision("m5", action))
            if o.authority == "FDA"
        ]

        assert before == [False]
        assert after == [(True, "2026-03-17")]

    def test_a_conservative_clock_is_lifted_when_the_answer_is_no(self) -> None:
        unassessed = report(relatedness=answers(investigator="related"))
        action = {
            "kind": "assess_causality",
            "drug_id": "d1",
            "reaction_id": "r1",
            "method": "Global introspection",
            "result": "not related",
        }

        assert dates("FDA", Duty.INITIAL, unassessed, decision("m5", action)) == []
        assert dates("FDA", Duty.DOWNGRADE, unassessed, decision("m5", action)) == []


class TestNullified:
    def test_nothing_is_due_any_more(self) -> None:
        assert obligations(report(), nullification()) == ()


class TestArrival:
    HISTORY = (
        report(reactions=HARMLESS),
        follow_up("m2", "2026-03-09", reactions=SERIOUS),
        follow_up("m3", "2026-03-15", reactions=reaction(reaction_id="r2")),
        correction("m4", reactions=[{"reaction_id": "r1", "country": "CN"}]),
    )

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_no_order_of_arrival_changes_a_duty(self, order: tuple[int, ...]) -> None:
        shuffled = take(*(self.HISTORY[place] for place in order))

        assert shuffled.obligations == take(*self.HISTORY).obligations
        assert shuffled.digest == take(*self.HISTORY).digest

    def test_an_older_report_that_arrives_late_shortens_the_clock(self) -> None:
        names = ("study", "reporters", "patient", "drugs", "relatedness")
        whole = {name: BASE[name] for name in names}
        earlier = follow_up("m0", "2026-02-23", reactions=reaction(), **whole)

        assert dates("EMA", Duty.INITIAL, report(), earlier) == ["2026-03-10"]


ALIVE = [{"reaction_id": "r1", "outcome": "recovered"}]


class TestWhatAHeldDutyHid:
    """A limit held for want of a fact is lifted; the slower one behind it is due as it was."""

    def china(self, *reports: Report) -> list[tuple[str, str, str, bool]]:
        return [
            (d.rule_id, d.day_zero.isoformat(), d.due.isoformat(), d.decided)
            for d in obligations(*reports)
            if d.recipient in {"CDR", "national_adr_system"} and d.duty is Duty.INITIAL
        ]

    def test_a_death_that_was_none_leaves_the_fifteen_days_of_a_serious_case(self) -> None:
        unsure = report(reactions=reaction(outcome="fatal"))
        alive = follow_up(
            "m2", "2026-03-05", reactions=[{"reaction_id": "r1", "outcome": "recovered"}]
        )

        assert self.china(unsure) == [("CN-5", "2026-03-02", "2026-03-02", False)]
        assert self.china(unsure, alive) == [("CN-4", "2026-03-02", "2026-03-17", True)]

    def test_it_counts_from_the_day_the_slower_rule_first_applied(self) -> None:
        dead = follow_up("m2", "2026-03-05", reactions=[{"reaction_id": "r1", "outcome": "fatal"}])
        alive = follow_up(
            "m3", "2026-03-08", reactions=[{"reaction_id": "r1", "outcome": "recovered"}]
        )

        assert self.china(report(), dead) == [("CN-5", "2026-03-05", "2026-03-05", False)]
        assert self.china(report(), dead, alive) == [("CN-4", "2026-03-02", "2026-03-17", True)]

    def test_a_reaction_that_turns_out_to_be_known_was_due_in_thirty_days_in_2014(self) -> None:
        then = {
            "received_at": "2014-05-06T09:00:00+08:00",
            "most_recent_information": "2014-05-06",
        }
        strange = reaction(
            term={"text": "xqzv wplk", "language": "en"}, seriousness=None, onset=None
        )
        known = follow_up(
            "m2",
            "2014-05-10",
            reactions=[{"reaction_id": "r1", "term": {"text": "Diarrhoea", "language": "en"}}],
        )

        # 6 May + 15 while it may be new; 6 May + 30 is 5 June
        assert self.china(report(reactions=strange, **then)) == [
            ("CN-H1a", "2014-05-06", "2014-05-21", False)
        ]
        assert self.china(report(reactions=strange, **then), known) == [
            ("CN-H1c", "2014-05-06", "2014-06-05", True)
        ]


class TestFirstKnown:
    def test_of_a_case_that_we_alone_told_of_it_is_the_day_of_our_own_decision(self) -> None:
        ours = replace(report(), kind="decision", first_received=None)

        assert first_known([ours], 0) == min(ours.awareness, key=lambda told: told.day)
