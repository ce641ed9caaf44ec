"""
What a duty says of itself: why it is due, how its date was counted, what it rests on.

Day zero of the base report is 2 March 2026 in Shanghai. The dates are counted by hand: 2 March + 15
is 17 March, + 7 is 9 March, + 30 days from 9 March is 8 April; the provisions are named in the
regulatory brief, section 1.2.
"""

import pytest

from safety.case import Report
from safety.deadlines import Obligation
from safety.rulebooks import Duty
from schemas.vocabulary import SubmissionState as State
from tests.support.decisions import obligations
from tests.support.reports import answers, follow_up, reaction, report
from tests.support.submitting import step

TRIAL = {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "01-001"}
FATAL = reaction(seriousness={"death": True}, outcome="fatal")
DIARRHOEA = reaction(reaction_id="r2", term={"text": "Diarrhoea", "language": "en"})
SERIOUS = [{"reaction_id": "r1", "seriousness": {"hospitalisation": True}}]
NO_LONGER = [{"reaction_id": "r1", "seriousness": {"hospitalisation": {"null": "NI"}}}]

FIRST = "the rule applies for the first time"
DOWNGRADE = "downgrade: the stricter limit no longer applies; tell those who were told before"
RECEIVED = "received: 2026-03-02T09:00:00+08:00 is 2026-03-02 in Asia/Shanghai"
LATER = "received: 2026-03-09T09:00:00+08:00 is 2026-03-09 in Asia/Shanghai"


def duty(recipient: str, kind: Duty, *reports: Report) -> Obligation:
    """Give the one duty of this kind to this recipient."""
    (found,) = [o for o in obligations(*reports) if o.recipient == recipient and o.duty is kind]
    return found


class TestReason:
    @pytest.mark.parametrize(
        ("told", "recipient", "kind", "rule", "reason", "arithmetic"),
        [
            (
                (report(),),
                "EVPM",
                Duty.INITIAL,
                "EU-4",
                FIRST,
                f"day zero 2026-03-02 ({RECEIVED}) + 15 calendar days = 2026-03-17",
            ),
            (
                (report(), follow_up(day="2026-03-09", reactions=DIARRHOEA)),
                "EVPM",
                Duty.FOLLOW_UP,
                "EU-4",
                "significant new information: new reaction",
                f"day zero 2026-03-09 ({LATER}) + 15 calendar days = 2026-03-24",
            ),
            (
                (
                    report(reactions=reaction(seriousness=None)),
                    follow_up(day="2026-03-09", reactions=SERIOUS),
                ),
                "CDR",
                Duty.INITIAL,
                "CN-4",
                "upgrade: a stricter limit applies",
                f"day zero 2026-03-09 ({LATER}) + 15 calendar days = 2026-03-24",
            ),
            (
                (report(), follow_up(day="2026-03-09", reactions=NO_LONGER)),
                "EVPM",
                Duty.DOWNGRADE,
                "EU-4",
                DOWNGRADE,
                f"day zero 2026-03-09 ({LATER}) + 15 calendar days = 2026-03-24",
            ),
            (  # the Chinese exception: the limit of the new category
                (report(), follow_up(day="2026-03-09", reactions=NO_LONGER)),
                "CDR",
                Duty.DOWNGRADE,
                "CN-6",
                DOWNGRADE,
                f"day zero 2026-03-09 ({LATER}) + 30 calendar days = 2026-04-08",
            ),
            (
                (report(reactions=FATAL),),
                "provincial_centre",
                Duty.INITIAL,
                "CN-5",
                f"{FIRST}; at once, at the very latest by 2026-03-17",
                f"day zero 2026-03-02 ({RECEIVED}) + 0 calendar days = 2026-03-02",
            ),
            (
                (report(reactions=FATAL),),
                "CDR",
                Duty.INVESTIGATION,
                "CN-5",
                "investigation of the death",
                f"day zero 2026-03-02 ({RECEIVED}) + 15 calendar days = 2026-03-17",
            ),
            (
                (report(study=TRIAL, reactions=FATAL),),
                "EVCTM",
                Duty.COMPLETE,
                "EU-1",
                "complete report: 7 + 8 days",
                f"day zero 2026-03-02 ({RECEIVED}) + 15 calendar days = 2026-03-17",
            ),
        ],
        ids=lambda value: value.value if isinstance(value, Duty) else "",
    )
    def test_names_what_started_the_clock_and_counts_aloud(
        self,
        told: tuple[Report, ...],
        recipient: str,
        kind: Duty,
        rule: str,
        reason: str,
        arithmetic: str,
    ) -> None:
        found = duty(recipient, kind, *told)

        assert (found.rule_id, found.reason, found.arithmetic) == (rule, reason, arithmetic)
        assert found.trigger == told[-1].message

    def test_of_a_complete_report_in_canada_says_when_the_first_was_sent(self) -> None:
        first = report(study=TRIAL, reactions=FATAL)
        sent = step(duty("HC", Duty.INITIAL, first), State.SUBMITTED, "2026-03-05")
        found = duty("HC", Duty.COMPLETE, first, sent)

        assert found.reason == "complete report: 8 days after the first was sent"
        assert found.arithmetic == (
            "day zero 2026-03-05 (the initial report was sent) + 8 calendar days = 2026-03-13"
        )
        assert (found.trigger, found.days, found.rulebook.split()[0]) == ("test m1", 8, "HC")

    def test_elsewhere_it_counts_from_day_zero_whenever_the_first_was_sent(self) -> None:
        first = report(study=TRIAL, reactions=FATAL)
        sent = step(duty("EVCTM", Duty.INITIAL, first), State.SUBMITTED, "2026-03-05")
        found = duty("EVCTM", Duty.COMPLETE, first, sent)

        assert (str(found.due), found.reason) == ("2026-03-17", "complete report: 7 + 8 days")

    def test_of_an_fda_seven_day_report_names_the_slower_rule_beside_it(self) -> None:
        found = duty("FDA", Duty.INITIAL, report(study=TRIAL, reactions=FATAL))

        assert (found.rule_id, found.also) == ("US-1", ("US-2",))

    def test_names_the_fact_that_would_decide_and_the_reactions_it_is_about(self) -> None:
        found = duty("EVPM", Duty.INITIAL, report(relatedness=None))

        assert not found.decided
        assert found.missing == (
            "related: relatedness of reactions/r1: no usable answer of the reporter and sponsor",
        )
        assert found.reactions == ("r1",)

    def test_of_what_a_held_limit_hid_says_that_it_was_held(self) -> None:
        # Decree 81: perhaps new, so held at 15 days; known after all, so 30 days from 6 May 2014
        perhaps_new = report(
            received_at="2014-05-06T09:00:00+08:00",
            most_recent_information="2014-05-06",
            reactions=reaction(
                seriousness=None, onset=None, term={"text": "Oral hemorrhage", "language": "en"}
            ),
        )
        known = follow_up(
            day="2014-05-12",
            reactions=[{"reaction_id": "r1", "term": {"text": "Diarrhoea", "language": "en"}}],
        )
        held = duty("national_adr_system", Duty.INITIAL, perhaps_new)
        found = duty("national_adr_system", Duty.INITIAL, perhaps_new, known)

        assert (held.rule_id, held.decided, str(held.due)) == ("CN-H1a", False, "2014-05-21")
        assert (found.rule_id, found.decided, str(found.due)) == ("CN-H1c", True, "2014-06-05")
        assert found.reason == "a stricter limit was held for want of a fact and does not apply"


class TestOnTheLastDayOfALaw:
    """Decree 81 ended with 31 December 2018: that day is still under it, the next is not."""

    @pytest.mark.parametrize(
        ("day", "recipient", "kind", "rule", "due"),
        [
            ("2018-12-31", "national_adr_system", Duty.DOWNGRADE, "CN-H1c", "2019-01-30"),
            ("2019-01-01", "CDR", Duty.FOLLOW_UP, "CN-6", "2019-01-31"),
        ],
    )
    def test_a_known_reaction_that_is_serious_no_more(
        self, day: str, recipient: str, kind: Duty, rule: str, due: str
    ) -> None:
        first = report(
            received_at="2018-12-20T09:00:00+08:00",
            most_recent_information="2018-12-20",
            reactions=reaction(term={"text": "Diarrhoea", "language": "en"}, onset=None),
        )
        found = duty(recipient, kind, first, follow_up("m2", day, reactions=NO_LONGER))

        assert (found.rule_id, str(found.due)) == (rule, due)


class TestWhichLimitADowngradeHas:
    def test_in_china_that_of_before_where_no_rule_applies_any_more(self) -> None:
        # no new category to take a limit from: CN-4, 15 days from 9 March
        unrelated = follow_up(
            day="2026-03-09",
            relatedness=answers(investigator="not related", sponsor="not related"),
        )
        found = duty("CDR", Duty.DOWNGRADE, report(), unrelated)

        assert (found.rule_id, str(found.due)) == ("CN-4", "2026-03-24")

    def test_in_europe_that_of_before_though_a_longer_one_applies_now(self) -> None:
        # GVP VI.B.7.1: the first after a downgrade within 15 days, not within 90
        first = report(reactions=reaction(country="DE"))
        found = duty(
            "EVPM", Duty.DOWNGRADE, first, follow_up(day="2026-03-09", reactions=NO_LONGER)
        )

        assert (found.rule_id, str(found.due)) == ("EU-4", "2026-03-24")
