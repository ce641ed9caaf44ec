"""
What stands in which box.

Expected words are written from the facts of the reports by hand; durations and ages are counted on
a calendar.
"""

from dataclasses import replace
from typing import Any, ClassVar

import pytest

from reports.cioms import POLICIES, validate_cioms
from tests.support.reports import decision, follow_up, nullification, report
from tests.unit.reports.cioms.reading import fill, lines, ticked
from tests.unit.reports.narrative.cases import (
    amount,
    answer,
    day,
    dose,
    drug,
    reaction,
    state_of,
    study_case,
)
from tests.unit.reports.narrative.test_clinical import ALT, liver_case

REPORTER = {
    "reporter_id": "1",
    "qualification": "physician",
    "country": "CN",
    "given_name": "Anna",
    "family_name": "Lindqvist",
    "organisation": "Harbour Clinic",
}


class TestBoxes:
    def test_a_study_case_fills_the_boxes_of_the_form(self) -> None:
        form = fill(study_case())

        assert lines(form, "1") == ["WL", "Subject 01-001"]
        assert lines(form, "1a") == ["China"]
        assert lines(form, "2a") == ["58 years"]
        assert lines(form, "3") == ["male"]
        assert lines(form, "4-6") == ["01", "MAY", "2014"]
        assert ticked(form, "8-12") == ["INVOLVED OR PROLONGED INPATIENT HOSPITALISATION"]
        assert lines(form, "14") == ["#1: sorafenib, Lot: EX1234, action taken: withdrawn"]
        assert lines(form, "15") == ["#1: 400 mg, twice daily", "#1: 400 mg, once daily"]
        assert lines(form, "16") == ["#1: oral"]
        assert lines(form, "17") == ["#1: hepatocellular carcinoma"]
        assert lines(form, "18") == [
            "#1: 03-MAR-2014 / 30-APR-2014",
            "#1: 01-MAY-2014 / 06-MAY-2014",
        ]
        # 29 days of March from the 3rd, 30 of April; 1 to 6 May.
        assert lines(form, "19") == ["#1: 59 days", "#1: 6 days"]
        assert lines(form, "22") == ["amlodipine 5 mg, once daily, 2012 / UNK"]
        assert lines(form, "23") == ["chronic hepatitis B, from 2009, continuing", "height 168 cm"]
        assert lines(form, "24c") == ["07-MAY-2014"]
        assert lines(form, "date") == ["10-MAR-2026"]
        assert ticked(form, "24d") == ["STUDY", "HEALTH PROFESSIONAL"]
        assert ticked(form, "25a") == ["INITIAL"]
        assert validate_cioms(form, state_of(study_case())) == ()

    def test_box_7_tells_each_reaction_with_seriousness_outcome_and_both_opinions(self) -> None:
        told = lines(fill(study_case()), "7+13")

        assert told[:2] == [
            (
                '1) "Rash" [Rash]; serious (hospitalisation); CTCAE v4.03 grade 3;'
                " onset 01-MAY-2014; outcome: recovering; treatment: topical steroid"
            ),
            (
                'Causality of 1) and drug #1: investigator: "Probable" (WHO-UMC);'
                ' company: "Related"; onset 59 days after the first dose'
            ),
        ]

    def test_box_7_tells_the_grade_of_the_tests_and_what_the_company_confirmed(self) -> None:
        graded = reaction(text=ALT, onset=day("2026-02-18"), grade={"grade": 2, "ctcae": "5.0"})
        confirm = {"kind": "confirm_grade", "reaction_id": "r1", "grade": 3, "ctcae": "5.0"}

        [first, *_] = lines(fill(liver_case(reactions=[graded]), decision("d", confirm)), "7+13")

        # ALT 300 U/L of a limit of 50: grade 3 is above 5 to 20 times (CTCAE v5.0)
        assert (
            "grade 3 (confirmed by the company; reported: 2); by its tests: CTCAE v5.0 grade 3;"
            in (first)
        )

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            # from 31 January, from the 1st
            (None, "onset 18 to 48 days after the first dose"),
            (amount("3", "wk"), "onset 3 weeks after the first dose (as reported)"),
        ],
    )
    def test_box_7_tells_the_time_to_onset(self, told: dict[str, str] | None, words: str) -> None:
        pair = {"drug_id": "d1", "reaction_id": "r1", "from_first_dose": told}
        case = liver_case(
            drugs=[drug(doses=[dose(start=day("2026-01"))])],
            drug_reactions=None if told is None else [pair],
        )

        assert any(line.endswith(words) for line in lines(fill(case), "7+13"))

    def test_several_drugs_and_reactions_refer_to_each_other_by_number(self) -> None:
        case = report(
            drugs=[drug("d1"), drug("d2", "docetaxel")],
            reactions=[reaction("r1", "diarrhoea"), reaction("r2", "Rash")],
            relatedness=[{**answer("investigator", "yes"), "drug_id": "d2", "reaction_id": "r2"}],
        )

        form = fill(case)

        assert [text[:3] for text in lines(form, "14")] == ["#1:", "#2:"]
        assert 'Causality of 2) and drug #2: investigator: "yes"; company: not stated' in lines(
            form, "7+13"
        )
        assert [text[:11] for text in lines(form, "20")] == [
            "#1 and 1): ",
            "#1 and 2): ",
            "#2 and 1): ",
            "#2 and 2): ",
        ]

    def test_the_onset_is_that_of_the_gravest_reaction(self) -> None:
        case = report(
            reactions=[
                reaction("r1", onset=day("2026-01-05")),
                reaction("r2", "Rash", onset=day("2026-02"), seriousness={"death": True}),
            ]
        )

        form = fill(case)

        assert lines(form, "4-6") == ["", "FEB", "2026"]
        assert ticked(form, "8-12") == ["PATIENT DIED"]

    def test_the_age_is_counted_at_onset_where_it_was_not_told(self) -> None:
        patient = {"birth_date": day("1960-05-02")}
        case = report(patient=patient, reactions=[reaction(onset=day("2014-05-01"))])

        assert lines(fill(case), "2a") == ["53 years"]  # the 54th birthday is the day after

    def test_a_drug_that_goes_on_is_ongoing_and_an_end_nobody_told_is_unknown(self) -> None:
        doses = [dose(start=day("2026-01-01"))]

        goes_on = fill(report(drugs=[drug(doses=doses, action_taken="dose_not_changed")]))
        unknown = fill(report(drugs=[drug(doses=doses)]))

        assert lines(goes_on, "18") == ["#1: 01-JAN-2026 / ongoing"]
        assert lines(unknown, "18") == ["#1: 01-JAN-2026 / UNK"]
        assert lines(unknown, "19") == []

    def test_the_extended_variant_adds_weight_ticks_reporter_and_remarks(self) -> None:
        form = fill(study_case(), variant="extended")

        assert lines(form, "3a") == ["64 kg"]
        assert lines(form, "25b") == ["1) NAME AND ADDRESS WITHHELD, physician, China"]
        assert "Study NCT01751763, SECURE, subject 01-001" in lines(form, "26")
        assert form.boxes["8-12"].ticks[-1].label == "OTHER MEDICALLY IMPORTANT CONDITION"
        assert "26" not in fill(study_case()).boxes

    def test_unknown_on_purpose_is_named_and_never_not_applicable(self) -> None:
        case = report(patient={"initials": {"null": "MSK"}, "age": {"null": "UNK"}})

        form = fill(case)

        assert lines(form, "1")[0] == "PRIVACY"
        assert lines(form, "2a") == ["UNK"]


class TestChallenge:
    @pytest.mark.parametrize(
        ("action", "outcome", "expected"),
        [
            # The rule of the form: stopped or reduced and abated YES, and not abated NO.
            ("withdrawn", "recovered", ["YES"]),
            ("dose_reduced", "recovering", ["YES"]),
            ("withdrawn", "recovered_with_sequelae", ["YES"]),
            ("withdrawn", "not_recovered", ["NO"]),
            ("withdrawn", "fatal", ["NA"]),
            ("dose_not_changed", "recovered", ["NA"]),
            # Not known: no square, UNK.
            ("unknown", "recovered", []),
            ("withdrawn", "unknown", []),
        ],
    )
    def test_box_20_follows_from_action_and_outcome(
        self, action: str, outcome: str, expected: list[str]
    ) -> None:
        case = report(drugs=[drug(action_taken=action)], reactions=[reaction(outcome=outcome)])

        form = fill(case)

        assert ticked(form, "20") == expected
        assert lines(form, "20") == ([] if expected else ["UNK"])

    @pytest.mark.parametrize(
        ("told", "expected"),
        [
            # E2B(R3) G.k.9.i.4: 1, 2, 3 and 4.
            ("recurred", ["YES"]),
            ("did_not_recur", ["NO"]),
            ("outcome_unknown", []),
            ("not_done", ["NA"]),
        ],
    )
    def test_box_21_gives_what_was_told_of_a_rechallenge(
        self, told: str, expected: list[str]
    ) -> None:
        pair = {"drug_id": "d1", "reaction_id": "r1", "rechallenge": told}

        assert ticked(fill(report(drug_reactions=[pair])), "21") == expected


class TestMasking:
    CASE: ClassVar[dict[str, Any]] = {
        "patient": {"initials": "WL", "birth_date": day("1956-05-12"), "sex": "male"},
        "reporters": [REPORTER],
        "narrative": "Dr Lindqvist saw him, born 12-MAY-1956 (1956年5月12日), at Harbour Clinic.",
    }

    @pytest.mark.parametrize(
        ("policy", "initials", "born", "reporter"),
        [
            ("internal", "WL", ["12", "MAY", "1956"], "Anna Lindqvist, Harbour Clinic"),
            ("authority", "WL", ["12", "MAY", "1956"], "NAME AND ADDRESS WITHHELD"),
            ("partner", "PRIVACY", ["", "", "1956"], "NAME AND ADDRESS WITHHELD"),
            ("strict", "PRIVACY", ["", "", "PRIVACY"], "NAME AND ADDRESS WITHHELD"),
        ],
    )
    def test_each_recipient_sees_what_its_policy_shows(
        self, policy: str, initials: str, born: list[str], reporter: str
    ) -> None:
        form = fill(report(**self.CASE), variant="extended", policy=POLICIES[policy])

        assert lines(form, "1")[0] == initials
        assert lines(form, "2") == born
        assert lines(form, "25b") == [f"1) {reporter}, physician, China"]

    def test_what_is_withheld_is_taken_out_of_free_text_too(self) -> None:
        form = fill(report(**self.CASE), policy=POLICIES["strict"])

        assert lines(form, "7+13")[-1] == (
            "Dr [PRIVACY] saw him, born [PRIVACY] ([PRIVACY]), at [PRIVACY]."
        )

    def test_a_form_that_shows_what_is_withheld_does_not_stand_up_to_its_check(self) -> None:
        case = report(**self.CASE)
        form = replace(fill(case, policy=POLICIES["internal"]), policy="strict")

        codes = {(found.code, found.path) for found in validate_cioms(form, state_of(case))}

        assert codes == {("not_masked", "cioms.1"), ("not_masked", "cioms.7+13")}


class TestStatus:
    APPROVE = decision("d1", {"kind": "approve"}, day="2026-03-05")

    def test_a_form_is_a_draft_until_the_case_is_approved(self) -> None:
        assert fill(report()).watermark == "DRAFT"
        assert fill(report(), self.APPROVE).watermark == ""

    def test_what_comes_after_the_approval_makes_it_a_draft_again(self) -> None:
        later = follow_up(day="2026-03-09", narrative="More.")

        assert fill(report(), self.APPROVE, later).watermark == "DRAFT"

    def test_a_late_report_of_an_earlier_date_makes_it_a_draft_again(self) -> None:
        late = follow_up(
            day="2026-03-09", most_recent_information="2026-03-03", narrative="Older news."
        )

        assert fill(report(), self.APPROVE, late).watermark == "DRAFT"

    def test_a_void_case_says_so_with_its_reason(self) -> None:
        form = fill(report(), self.APPROVE, nullification(day="2026-03-20"))

        assert form.watermark == "NULLIFIED - DRAFT"
        assert lines(form, "7+13")[0] == (
            "CASE NULLIFIED (duplicate): the same event was reported twice"
        )

    def test_a_follow_up_marks_what_is_new_and_nothing_else(self) -> None:
        later = follow_up(day="2026-03-09", narrative="New words.", patient={"weight_kg": "61"})

        form = fill(report(), later, variant="extended")

        new = [(number, line.text) for number, line in form.lines() if line.new]
        assert new == [("3a", "61 kg"), ("7+13", "Narrative:"), ("7+13", "New words.")]
        assert ticked(form, "25a") == ["FOLLOW-UP No. 1"]
        assert lines(form, "24c") == ["09-MAR-2026"]

    def test_invented_data_are_marked_on_every_page(self) -> None:
        assert fill(report(synthetic=True)).notices == ("INVENTED DATA: no real patient",)
        assert fill(report(patient={"age": amount("58", "a")})).notices == ()
