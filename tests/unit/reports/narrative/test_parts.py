"""What each part says, fact by fact; expected words and days were written by hand."""

from dataclasses import replace
from typing import Any

import pytest

from reports.narrative import validate_narrative
from safety.case import Report
from tests.support.reports import nullification, report
from tests.unit.reports.narrative import cases
from tests.unit.reports.narrative.cases import (
    day,
    dose,
    drug,
    knowledge,
    part,
    reaction,
    state_of,
    study_case,
    tell,
)


class TestSourcePart:
    @pytest.mark.parametrize(
        ("changes", "beginning"),
        [
            (
                {"study": {"study_id": "T-1", "study_type": "clinical_trial"}},
                "This serious report from the clinical trial T-1 was received",
            ),
            (
                {"study": {"sponsor_study_number": "16621-X", "study_type": "patient_support"}},
                "This serious solicited report from the patient support programme 16621-X was",
            ),
            (
                {
                    "study": {
                        "study_type": "market_research",
                        "sponsor_study_number": {"null": "UNK"},
                    }
                },
                (
                    "This serious solicited report from the market research programme whose number "
                    "was stated to be unknown was received"
                ),
            ),
            (
                {
                    "study": {
                        "study_type": "individual_use",
                        "registrations": [{"registration_id": "1", "number": "EU-7"}],
                    }
                },
                "This serious report from the individual patient use EU-7 was received",
            ),
            (
                {"study": None},
                "This serious report from a study of a type that was not reported, whose number",
            ),
            (
                {"study": None, "report_type": "spontaneous", "literature": True},
                "This serious report from the scientific literature was received",
            ),
            (
                {"study": None, "report_type": "other"},
                "This serious report of a type other than spontaneous and study was received",
            ),
        ],
    )
    def test_says_what_kind_of_report_it_is(self, changes: dict[str, Any], beginning: str) -> None:
        assert part(tell(report(**changes)), "source").startswith(beginning)

    def test_counts_reporters_who_are_alike(self) -> None:
        reporters = [
            {"reporter_id": "1", "qualification": "physician", "country": "US"},
            {"reporter_id": "2", "qualification": "physician", "country": "US"},
            {"reporter_id": "3", "qualification": {"null": "ASKU"}, "country": "GB"},
        ]

        assert (
            "from 2 physicians in the United States and a reporter in the United Kingdom whose "
            "qualification was asked for but remained unknown."
        ) in part(tell(report(reporters=reporters)), "source")

    def test_a_report_that_contradicts_itself_is_called_neither_serious_nor_not(self) -> None:
        fatal_without_criterion = report(reactions=[reaction(outcome="fatal")])

        narrative = tell(fatal_without_criterion)

        assert part(narrative, "source").startswith("This solicited report")
        assert "was left undecided because the facts contradicted each other" in narrative.text

    def test_a_nullified_case_says_so_and_keeps_its_facts(self) -> None:
        reports = (study_case(), nullification())

        narrative = tell(*reports)

        assert part(narrative, "source").endswith(
            "The case was nullified on 20-MAR-2026 because it was a duplicate; the explanation "
            'given was "the same event was reported twice".'
        )
        assert narrative.paragraphs[1:] == tell(study_case()).paragraphs[1:]
        assert validate_narrative(narrative, state_of(*reports)) == ()

    def test_a_synthetic_report_says_so(self) -> None:
        assert "was marked as synthetic" in part(tell(report(synthetic=True)), "source")


class TestUnknownFacts:
    def test_each_reason_for_not_knowing_is_said_in_its_own_words(self) -> None:
        case = report(
            patient={
                "initials": {"null": "MSK"},
                "age": {"null": "ASKU"},
                "sex": {"null": "UNK"},
                "weight_kg": {"null": "NASK"},
            },
            drugs=[
                drug(doses=[{"dose_id": "1", "dose": {"null": "NI"}, "batch": {"null": "ASKU"}}])
            ],
            reactions=[reaction(onset={"null": "ASKU"}, grade={"null": "NA"}, outcome="unknown")],
        )

        narrative = tell(case)

        assert part(narrative, "patient") == (
            "The age was asked for but remained unknown. The weight was not asked for. The sex "
            "was stated to be unknown."
        )
        assert part(narrative, "drug") == (
            "The suspect drug was sorafenib. The start date, end date and indication of sorafenib "
            "were not reported. The batch number of sorafenib was asked for but remained unknown. "
            "The dose of sorafenib was stated to be not available."
        )
        assert part(narrative, "event") == (
            "On a date that was asked for but remained unknown the subject experienced "
            '"diarrhoea" [Diarrhea]. The grade of "diarrhoea" was stated to be not applicable.'
        )
        assert validate_narrative(narrative, state_of(case)) == ()

    def test_a_blank_value_counts_as_not_reported(self) -> None:
        case = report(patient={"initials": "WL", "ethnicity": "  ", "history_text": ""})

        assert part(tell(case), "history").startswith("The medical history was not reported.")


class TestSeveralDrugsAndEvents:
    def case(self) -> Report:
        pairs = [("d1", "r1"), ("d1", "r2"), ("d2", "r1"), ("d2", "r2")]
        return report(
            drugs=[
                drug(
                    substances=[{"substance_id": "s1", "name": "sorafenib tosylate"}],
                    doses=[dose(start=day("2026-01-01"), end=day("2026-01-31"))],
                    action_taken="dose_reduced",
                ),
                drug("d2", "warfarin", role="interacting", action_taken="dose_not_changed"),
            ],
            reactions=[
                reaction("r2", "Rash", onset=day("2026-01-10"), outcome="recovered"),
                reaction("r1", onset=day("2026-01-10"), outcome="recovered", end=day("2026-01-20")),
                reaction("r3", "headache", onset=day("2025-12-30"), outcome="not_recovered"),
            ],
            relatedness=[
                {"drug_id": d, "reaction_id": r, "assessor": "reporter", "result": "possible"}
                for d, r in pairs
            ],
            drug_reactions=[
                {"drug_id": "d1", "reaction_id": "r1", "rechallenge": "recurred"},
                {"drug_id": "d1", "reaction_id": "r2", "rechallenge": "did_not_recur"},
            ],
        )

    def test_events_are_told_in_their_order_and_together_where_they_belong_together(self) -> None:
        assert part(tell(self.case()), "event") == (
            "On 30-DEC-2025 (2 days before the first dose of sorafenib) the subject experienced "
            '"headache" [not coded]. On 10-JAN-2026 (study day 10, day 1 being the day of the '
            'first dose of sorafenib) the subject experienced "diarrhoea" [Diarrhea] and "Rash" '
            '[Rash]. At the onset of "diarrhoea" the dose of sorafenib was 400 mg twice daily. At '
            'the onset of "Rash" the dose of sorafenib was 400 mg twice daily. The grade of '
            '"headache", "diarrhoea" and "Rash" was not reported.'
        )

    def test_what_was_done_with_each_drug_and_what_followed(self) -> None:
        assert part(tell(self.case()), "outcome") == (
            "The dose of sorafenib was reduced. The dose of warfarin was not changed. The events "
            '"diarrhoea" and "Rash" abated after the dose of sorafenib was reduced. The event '
            '"headache" had not abated after the dose of sorafenib was reduced. The event '
            '"diarrhoea" recurred when treatment with sorafenib was resumed. The event "Rash" did '
            "not recur when treatment with sorafenib was resumed. The subject had not recovered "
            'from "headache" at the last observation. The subject recovered from "diarrhoea" on '
            '20-JAN-2026. The subject recovered from "Rash".'
        )

    def test_the_same_answer_about_several_events_is_one_sentence(self) -> None:
        told = part(tell(self.case()), "assessment")

        assert (
            'The reporter assessed the causal relationship of "diarrhoea" and "Rash" to sorafenib '
            'as "possible".'
        ) in told
        assert (
            'The reporter assessed the causal relationship of "diarrhoea" and "Rash" to warfarin '
            'as "possible".'
        ) in told
        assert 'causality by the reporter was not reported for "headache".' in told

    def test_drugs_are_named_with_their_roles(self) -> None:
        assert part(tell(self.case()), "drug").startswith(
            "The suspect drug was sorafenib (containing sorafenib tosylate). The drug reported as "
            "interacting was warfarin."
        )

    def test_it_leaves_the_house(self) -> None:
        assert validate_narrative(tell(self.case()), state_of(self.case())) == ()

    def test_two_events_of_one_name_are_told_apart(self) -> None:
        twice = report(
            reactions=[reaction("r1", outcome="recovered"), reaction("r2", outcome="unknown")]
        )

        told = part(tell(twice), "outcome")

        assert 'The subject recovered from "diarrhoea" (event 1).' in told
        assert 'The outcome of "diarrhoea" (event 2) was stated to be unknown.' in told


class TestWithoutDrugs:
    def test_answers_about_a_drug_that_is_not_there_are_not_told(self) -> None:
        case = report(drugs=None)

        narrative = tell(case)

        assert part(narrative, "drug") == "The suspect drug was not reported."
        assert "causal relationship" not in part(narrative, "assessment")
        assert validate_narrative(narrative, state_of(case)) == ()


class TestCodedTerms:
    def test_an_event_without_words_is_named_by_its_code(self) -> None:
        coded = {"system": "MedDRA", "code": "10012735", "version": "27.0"}
        case = report(
            reactions=[{"reaction_id": "r1", "term": {"coded": coded}, "outcome": "recovered"}],
            relatedness=None,
        )

        narrative = tell(case)

        assert "the subject experienced [MedDRA 27.0 10012735]." in part(narrative, "event")
        assert "The subject recovered from [MedDRA 27.0 10012735]." in part(narrative, "outcome")
        assert validate_narrative(narrative, state_of(case)) == ()

    def test_an_event_without_a_term_is_still_told(self) -> None:
        case = report(reactions=[{"reaction_id": "r1", "outcome": "fatal"}], relatedness=None)

        assert "The outcome of [term not reported] was fatal." in part(tell(case), "outcome")


class TestDechallenge:
    @pytest.mark.parametrize(
        ("onset", "end", "why"),
        [
            ("2026-01-05", "2026-01-20", "it ended before the drug was stopped"),
            ("2026-02-02", "2026-02-10", "it began after the drug was stopped"),
        ],
    )
    def test_says_nothing_where_stopping_cannot_have_mattered(
        self, onset: str, end: str, why: str
    ) -> None:
        case = report(
            drugs=[
                drug(
                    doses=[dose(start=day("2026-01-01"), end=day("2026-01-31"))],
                    action_taken="withdrawn",
                )
            ],
            reactions=[reaction(onset=day(onset), end=day(end), outcome="recovered")],
        )

        assert "abated" not in tell(case).text, why


class TestStudyDay:
    @pytest.mark.parametrize(
        ("starts", "onset"),
        [
            (["2026-01"], "2026-01-10"),
            (["2026-01-01", "2025"], "2026-01-10"),
            (["2026-01-01"], "2026-01"),
        ],
    )
    def test_is_not_counted_from_or_to_a_partial_date(self, starts: list[str], onset: str) -> None:
        doses = [dose(str(n), start=day(start)) for n, start in enumerate(starts)]
        case = report(drugs=[drug(doses=doses)], reactions=[reaction(onset=day(onset))])

        assert "study day" not in tell(case).text

    def test_a_distance_of_years_is_not_taken_for_a_year(self) -> None:
        case = report(
            drugs=[drug(doses=[dose(start=day("2020-01-01"))])],
            reactions=[reaction(onset=day("2014-07-02"))],
        )

        narrative = tell(case)

        assert "(2009 days before the first dose" in part(narrative, "event")
        assert validate_narrative(narrative, state_of(case)) == ()

    def test_the_day_of_the_first_dose_is_day_one(self) -> None:
        case = report(
            drugs=[drug(doses=[dose(start=day("2026-01-10"))])],
            reactions=[reaction(onset=day("2026-01-10"))],
        )

        assert "(study day 1, day 1 being" in part(tell(case), "event")


class TestDoses:
    @pytest.mark.parametrize("text", ["400 mg twice daily", " 400 MG  twice daily "])
    def test_a_description_that_repeats_the_figures_is_not_shown(self, text: str) -> None:
        case = report(drugs=[drug(doses=[dose(text=text, start=day("2026-01-01"))])])

        narrative = tell(case)

        assert "received sorafenib at a dose of 400 mg twice daily from 01-JAN-2026." in part(
            narrative, "drug"
        )
        assert "described as" not in narrative.text
        assert validate_narrative(narrative, state_of(case)) == ()

    def test_a_description_that_says_more_is_shown(self) -> None:
        case = report(drugs=[drug(doses=[dose(text="400 mg twice daily, fasting")])])

        assert '400 mg twice daily (described as "400 mg twice daily, fasting").' in part(
            tell(case), "drug"
        )

    def test_treatment_that_went_on_lacks_no_end_date(self) -> None:
        went_on = drug(doses=[dose(start=day("2026-01-01"))], action_taken="dose_not_changed")

        told = part(tell(report(drugs=[went_on])), "drug")

        assert told.endswith("The batch number and indication of sorafenib were not reported.")

    def test_an_end_date_asked_for_in_vain_is_told_even_so(self) -> None:
        doses = [dose(start=day("2026-01-01"), end={"null": "ASKU"})]
        asked = drug(doses=doses, action_taken="dose_not_changed")

        told = part(tell(report(drugs=[asked])), "drug")

        assert "The end date of sorafenib was asked for but remained unknown." in told

    def test_an_action_that_does_not_apply_is_said_so_plainly(self) -> None:
        case = report(drugs=[drug(action_taken="not_applicable")])

        assert part(tell(case), "outcome").startswith(
            "Action taken with sorafenib was not applicable."
        )


class TestTestNames:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Platelets", "Platelets were 40 U/L"),
            ("Platelets [#/volume] in Blood", "Platelets [#/volume] in Blood were 40 U/L"),
            ("White blood cells", "White blood cells were 40 U/L"),
            ("Platelet count", "Platelet count was 40 U/L"),
            ("Ascites", "Ascites was 40 U/L"),
        ],
    )
    def test_the_verb_agrees_with_the_name(self, name: str, said: str) -> None:
        result = {"value": "40", "unit": "U/L"}
        case = report(tests=[{"test_id": "t1", "name": name, "result": result}])

        assert said in part(tell(case), "event")


class TestLabels:
    def case(self) -> Report:
        return report(reactions=[reaction(), reaction("r2", "fainted")])

    def two_regions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = knowledge()
        labels = {"EU": known.labels["EU"], "US": known.labels["EU"]}
        both = replace(known, labels=labels)
        monkeypatch.setattr(cases, "knowledge", lambda: both)

    def test_regions_of_one_result_share_a_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.two_regions(monkeypatch)

        assert (
            'The event "diarrhoea" was expected under the reference safety information of the '
            "European Union (label-T, edition of 2013 as loaded) and the United States (label-T, "
            "edition of 2013 as loaded)."
        ) in part(tell(self.case()), "assessment")

    def test_a_region_that_is_no_destination_is_left_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.two_regions(monkeypatch)

        assert "European Union" not in tell(self.case(), label_regions={"US"}).text


class TestFirstReceipt:
    def test_the_day_of_the_sender_goes_before_the_day_of_receipt(self) -> None:
        case = report(first_received="2026-02-20")

        narrative = tell(case)

        assert "was received on 20-FEB-2026 from" in part(narrative, "source")
        assert "case.first_received" in narrative.parts[0].sentences[0].sources
        assert validate_narrative(narrative, state_of(case)) == ()
