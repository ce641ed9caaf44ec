"""What a later report changed, told without forgetting what was told before."""

from reports.narrative import validate_narrative
from safety.case import Report
from tests.support.reports import BASE, correction, decision, follow_up, nullification, report
from tests.unit.reports.narrative.cases import (
    day,
    dose,
    drug,
    part,
    reaction,
    state_of,
    tell,
)


class TestFollowUps:
    def first(self) -> Report:
        return report(
            drugs=[drug(action_taken="interrupted")],
            reactions=[
                reaction(
                    onset=day("2026-02-27"),
                    outcome="not_recovered",
                    seriousness={"hospitalisation": True},
                )
            ],
        )

    def follow_ups(self, *reports: Report) -> str:
        narrative = tell(*reports)
        assert validate_narrative(narrative, state_of(*reports)) == ()
        return "\n".join(narrative.text_of(one) for one in narrative.follow_ups)

    def test_say_what_changed_and_what_it_was_before(self) -> None:
        later = follow_up(
            reactions=[
                {"reaction_id": "r1", "outcome": "recovered", "end": day("2026-03-05")},
                reaction("r2", "Rash"),
            ],
            drugs=[{"drug_id": "d1", "action_taken": "withdrawn"}],
        )

        assert self.follow_ups(self.first(), later) == (
            'Follow-up information received on 09-MAR-2026: "Rash" [Rash] was newly reported. For '
            '"diarrhoea", the end date was reported as 05-MAR-2026 and the outcome was changed to '
            "recovered (previously not recovered). For sorafenib, the action taken was changed to "
            "withdrawn (previously interrupted)."
        )

    def test_the_first_part_names_their_days(self) -> None:
        reports = (self.first(), follow_up(), follow_up("m3", "2026-03-10"), correction("m4"))

        told = part(tell(*reports), "source")

        assert "Follow-up information was received on 09-MAR-2026 and 10-MAR-2026." in told
        assert "A correction was received on 12-MAR-2026." in told

    def test_a_report_that_changes_nothing_says_so(self) -> None:
        assert self.follow_ups(self.first(), follow_up()) == (
            "Follow-up information received on 09-MAR-2026: no fact of the case was changed."
        )

    def test_a_fact_changed_twice_is_told_as_each_report_left_it(self) -> None:
        second = follow_up(reactions=[{"reaction_id": "r1", "outcome": "recovering"}])
        third = follow_up(
            "m3", "2026-03-10", reactions=[{"reaction_id": "r1", "outcome": "recovered"}]
        )

        assert self.follow_ups(self.first(), second, third) == (
            'Follow-up information received on 09-MAR-2026: for "diarrhoea", the outcome was '
            "changed to recovering (previously not recovered).\n"
            'Follow-up information received on 10-MAR-2026: for "diarrhoea", the outcome was '
            "changed to recovered (previously recovering)."
        )

    def test_a_correction_gives_its_reason(self) -> None:
        mended = correction(
            correction_reason="typed wrong",
            reactions=[{"reaction_id": "r1", "onset": day("2026-02")}],
        )

        assert self.follow_ups(self.first(), mended) == (
            'Correction received on 12-MAR-2026 (reason: "typed wrong"): for "diarrhoea", the '
            "date of onset was changed to February 2026 (previously 27-FEB-2026)."
        )

    def test_what_becomes_unknown_and_what_is_taken_back(self) -> None:
        later = follow_up(
            reactions=[
                {
                    "reaction_id": "r1",
                    "onset": {"null": "ASKU"},
                    "seriousness": {"hospitalisation": {"null": "NI"}, "disability": True},
                }
            ]
        )

        assert self.follow_ups(self.first(), later) == (
            'Follow-up information received on 09-MAR-2026: for "diarrhoea", the date of onset '
            "was asked for but remained unknown (previously 27-FEB-2026), the criterion of "
            "disability was stated and the criterion of hospitalisation was taken back."
        )

    def test_what_a_complete_report_leaves_out_is_not_forgotten(self) -> None:
        later = follow_up(
            complete=True,
            study=BASE["study"],
            reporters=BASE["reporters"],
            drugs=[drug(doses=[dose(start=day("2026-01-01"))])],
            reactions=[reaction("r2", "Rash")],
        )

        assert self.follow_ups(self.first(), later) == (
            "Follow-up information received on 09-MAR-2026: the dosing of sorafenib as 400 mg "
            'twice daily from 01-JAN-2026 was newly reported. "Rash" [Rash] was newly reported. '
            '"diarrhoea" was no longer reported. The assessment by the investigator of "diarrhoea" '
            'and sorafenib as "related" and the assessment by the sponsor of "diarrhoea" and '
            'sorafenib as "related" were no longer reported.'
        )

    def test_a_voided_event_leaves_the_story_but_not_the_history(self) -> None:
        reports = (
            self.first(),
            follow_up(reactions=[{"reaction_id": "r1", "void": "entered_in_error"}]),
        )

        narrative = tell(*reports)

        assert part(narrative, "event") == "Every event had been voided."
        assert self.follow_ups(*reports) == (
            'Follow-up information received on 09-MAR-2026: for "diarrhoea", the reason for '
            "voiding it was reported as entered in error."
        )

    def test_reporters_details_are_not_told(self) -> None:
        later = follow_up(reporters=[{"reporter_id": "1", "family_name": "Zhukovskaya"}])
        narrative = tell(self.first(), later)

        assert self.follow_ups(self.first(), later) == (
            "Follow-up information received on 09-MAR-2026: administrative details were updated."
        )
        assert "Zhukovskaya" not in repr(narrative.derived)

    def test_an_administrative_detail_that_is_gone_is_named_by_its_old_path(self) -> None:
        substances = [{"substance_id": "s1", "name": "sorafenib tosylate"}]
        first = report(drugs=[drug(substances=substances)])
        later = follow_up(
            complete=True,
            study=BASE["study"],
            reporters=BASE["reporters"],
            drugs=[drug()],
            reactions=BASE["reactions"],
            relatedness=BASE["relatedness"],
        )

        sentence = tell(first, later).follow_ups[0].sentences[0]

        assert sentence.text == (
            "Follow-up information received on 09-MAR-2026: administrative details were updated."
        )
        assert "report/1/drugs/d1/substances/s1.name" in sentence.sources
        assert self.follow_ups(first, later) == sentence.text

    def test_a_decision_about_an_event_that_nobody_reported_is_not_told(self) -> None:
        recoded = decision("d1", {"kind": "recode", "reaction_id": "r9", "term": "Rash"})

        assert self.follow_ups(self.first(), recoded) == ""

    def test_a_revised_narrative_keeps_the_old_one(self) -> None:
        first = report(narrative="He felt ill.")

        assert self.follow_ups(first, follow_up(narrative="He felt better.")) == (
            "Follow-up information received on 09-MAR-2026: for the case, the case "
            'narrative was revised (previously "He felt ill.").'
        )

    def test_a_refused_nullification_is_told(self) -> None:
        assert self.follow_ups(self.first(), nullification(reason="downgrade")) == (
            "Information received on 20-MAR-2026: a request to nullify the case because it had "
            "been downgraded was refused, since this reason did not void a case."
        )

    def test_a_decision_of_the_company_is_told_as_its_own(self) -> None:
        judged = decision(
            "d1",
            {
                "kind": "confirm_grade",
                "reaction_id": "r1",
                "grade": 3,
                "ctcae": "5.0",
            },
        )
        expected = decision(
            "d2",
            {"kind": "assess_listedness", "reaction_id": "r1", "region": "EU", "expected": False},
        )
        accepted = decision("d3", {"kind": "accept"})
        reports = (self.first(), judged, expected, accepted)

        assert self.follow_ups(*reports) == (
            'Company review on 05-MAR-2026: for "diarrhoea", the grade confirmed by the company '
            "was recorded as CTCAE version 5.0 grade 3.\n"
            'Company review on 05-MAR-2026: for "diarrhoea", the company judged it unexpected in '
            "the European Union."
        )
        told = part(tell(*reports), "assessment")
        assert (
            "The company confirmed Common Terminology Criteria for Adverse Events (CTCAE) version "
            '5.0 grade 3 for "diarrhoea".'
        ) in told
        assert (
            'The event "diarrhoea" was unexpected under the reference safety information of the '
            "European Union (label-T, edition of 2013 as loaded; decided by a reviewer of the "
            "company)."
        ) in told

    def test_a_rechallenge_is_told_in_a_sentence_of_its_own_words(self) -> None:
        pair = {"drug_id": "d1", "reaction_id": "r1"}
        first = report(
            drugs=[drug()],
            reactions=[reaction()],
            drug_reactions=[{**pair, "rechallenge": "outcome_unknown"}],
        )
        later = follow_up(drug_reactions=[{**pair, "rechallenge": "did_not_recur"}])

        assert self.follow_ups(first, later) == (
            'Follow-up information received on 09-MAR-2026: for the course of "diarrhoea" in '
            "relation to sorafenib, the event was reported not to have recurred on rechallenge "
            "(previously unknown)."
        )

    def test_bookkeeping_is_neither_told_nor_named_as_a_source(self) -> None:
        pair = {"drug_id": "d1", "reaction_id": "r1", "rechallenge": "recurred"}
        reports = (self.first(), follow_up(drug_reactions=[pair], reactions=[reaction("r2")]))

        (told,) = tell(*reports).follow_ups

        assert "owner" not in self.follow_ups(*reports)
        assert not any("owner" in source for each in told.sentences for source in each.sources)
