"""
What the clinical assessment adds to a narrative: grade by tests, times, challenges, Hy's law.

Days are counted by hand. CTCAE v5.0, ALT increased: grade 3 is above 5 to 20 times the upper
limit with a normal baseline. Hy's law: FDA guidance 2009, ALT from 3 and bilirubin above 2 times
the upper limit, ALP below 2 times. R value: (ALT / limit) / (ALP / limit), hepatocellular from 5
(CIOMS).
"""

from typing import Any

import pytest

from reports.narrative import Narrative, validate_narrative
from safety.case import Report
from tests.support.reports import report
from tests.unit.reports.narrative.cases import (
    amount,
    day,
    dose,
    drug,
    part,
    reaction,
    state_of,
    tell,
)

ALT = "Alanine aminotransferase increased"


def sample(test_id: str, name: str, on: str, value: str, unit: str, high: str) -> dict[str, Any]:
    """Give a test with its upper limit in its own unit."""
    told = {"test_id": test_id, "name": name, "date": day(on), "result": amount(value, unit)}
    return {**told, "high": amount(high, unit)}


def liver_case(bilirubin: str = "60", **changes: Any) -> Report:
    """Give a case whose ALT was normal before the first dose and six times its limit after."""
    told: dict[str, Any] = {
        "drugs": [
            drug(
                doses=[dose(start=day("2026-02-01"), end=day("2026-02-20"))],
                action_taken="withdrawn",
            )
        ],
        "reactions": [
            reaction(text=ALT, onset=day("2026-02-18"), end=day("2026-03-01"), outcome="recovered")
        ],
        "tests": [
            sample("t1", "ALT", "2026-01-30", "30", "U/L", "50"),
            sample("t2", "ALT", "2026-02-18", "300", "U/L", "50"),
            sample("t3", "ALP", "2026-02-18", "100", "U/L", "120"),
            sample("t4", "Total bilirubin", "2026-02-20", bilirubin, "umol/L", "20"),
        ],
    }
    return report(**{**told, **changes})


def told(*reports: Report, **options: Any) -> Narrative:
    """Tell a case, and see that the narrative stands up to its check."""
    narrative = tell(*reports, **options)
    assert validate_narrative(narrative, state_of(*reports)) == ()
    return narrative


class TestComputedGrade:
    def test_the_grade_by_the_tests_stands_beside_what_was_told(self) -> None:
        narrative = told(liver_case())

        said = part(narrative, "assessment")
        assert (
            f'By the test results reported, "{ALT}" corresponded to Common Terminology Criteria for'
            " Adverse Events (CTCAE) version 5.0 grade 3." in said
        )
        [sentence] = [
            one for p in narrative.parts for one in p.sentences if "corresponded" in one.text
        ]
        assert {"tests/t2.result", "tests/t2.high"} <= set(sentence.sources)

    def test_results_that_meet_no_criterion_are_told(self) -> None:
        normal = [sample("t1", "ALT", "2026-02-18", "40", "U/L", "50")]

        said = part(told(liver_case(tests=normal)), "assessment")

        assert f'"{ALT}" met no criterion of CTCAE version 5.0.' in said

    def test_a_case_without_such_tests_says_nothing_of_it(self) -> None:
        assert "test results reported" not in told(liver_case(tests=None)).text


class TestHysLaw:
    def test_what_meets_the_criteria_is_told_with_its_figures_and_dates(self) -> None:
        said = part(told(liver_case()), "event")

        assert (
            "The results of ALT 300 U/L on 18-FEB-2026 and Total bilirubin 60 umol/L on"
            " 20-FEB-2026, with ALP 100 U/L on 18-FEB-2026, met the laboratory criteria of"
            " potential Hy's law, for which other causes remained to be ruled out."
        ) in said
        # (300 / 50) / (100 / 120) = 7.2
        assert "each as a multiple of its upper limit, gave 7.2, a hepatocellular pattern." in said

    def test_without_an_alp_it_is_undecided(self) -> None:
        tests = [
            sample("t1", "ALT", "2026-02-18", "300", "U/L", "50"),
            sample("t2", "Total bilirubin", "2026-02-20", "60", "umol/L", "20"),
        ]

        said = told(liver_case(tests=tests)).text

        assert "could not be decided from what was reported" in said
        assert "met the laboratory criteria of potential Hy's law, for which" not in said

    def test_that_they_are_not_met_is_told_of_a_case_of_the_liver_alone(self) -> None:
        not_met = "The liver tests reported did not meet the laboratory criteria"
        other = [reaction(onset=day("2026-02-18"))]

        assert not_met in told(liver_case("20")).text
        assert "Hy's law" not in told(liver_case("20", reactions=other)).text
        assert "met the laboratory criteria" in told(liver_case(reactions=other)).text


class TestTimes:
    @pytest.mark.parametrize(
        ("start", "onset", "words"),
        [
            # January has 31 days: from the 31st to 18 February 18 days, from the 1st 48.
            ("2026-01", "2026-02-18", "18 to 48 days after the first dose of sorafenib"),
            # February 2026 has 28 days: from 31 January 1 day, to the 28th 28 days.
            ("2026-01-31", "2026-02", "1 to 28 days after the first dose of sorafenib"),
        ],
    )
    def test_partial_dates_give_a_range(self, start: str, onset: str, words: str) -> None:
        drugs = [drug(doses=[dose(start=day(start))])]
        reactions = [reaction(onset=day(onset))]

        said = part(told(liver_case(drugs=drugs, reactions=reactions, tests=None)), "event")

        assert f'By the dates reported, the event "diarrhoea" began {words}.' in said

    def test_an_onset_after_the_last_dose_is_counted_from_it(self) -> None:
        reactions = [reaction(onset=day("2026-02-25"))]  # the last dose was on the 20th

        said = part(told(liver_case(reactions=reactions)), "event")

        assert 'the event "diarrhoea" began 5 days after the last dose of sorafenib.' in said

    def test_an_open_period_gives_the_daily_dose(self) -> None:
        drugs = [drug(doses=[dose(start=day("2026-02-01"))])]  # 400 mg twice daily

        said = part(told(liver_case(drugs=drugs)), "event")

        assert "began, the total daily dose of sorafenib was 800 mg." in said

    def test_what_the_source_counted_is_not_counted_again(self) -> None:
        pair = {"drug_id": "d1", "reaction_id": "r1", "from_first_dose": amount("17", "d")}
        drugs = [drug(doses=[dose(start=day("2026-01"))])]

        said = told(liver_case(drugs=drugs, drug_reactions=[pair])).text

        assert "was reported as beginning 17 days after the first dose" in said
        assert "By the dates reported" not in said


class TestChallenges:
    def test_recovery_after_the_stop_is_a_positive_dechallenge(self) -> None:
        said = part(told(liver_case()), "assessment")

        assert f'the dechallenge with sorafenib was positive for the event "{ALT}".' in said

    def test_what_the_stop_showed_may_stay_unknown(self) -> None:
        reactions = [reaction(onset=day("2026-02-18"), outcome="unknown")]

        said = part(told(liver_case(reactions=reactions)), "assessment")

        assert 'for the event "diarrhoea" could not be derived from the facts reported.' in said

    def test_a_restart_and_the_same_event_again_is_told(self) -> None:
        doses = [
            dose("1", start=day("2026-02-01"), end=day("2026-02-15")),
            dose("2", start=day("2026-03-01"), interval=amount("24", "h")),
        ]
        reactions = [
            reaction("r1", "Rash", onset=day("2026-02-10"), end=day("2026-02-20")),
            reaction("r2", "Rash", onset=day("2026-03-05")),
        ]
        case = liver_case(drugs=[drug(doses=doses)], reactions=reactions)

        assert (
            'sorafenib was given again at a lower dose after the event "Rash" (event 1), and the'
            " same reaction began again." in part(told(case), "assessment")
        )


class TestChinese:
    def test_all_of_it_is_told_in_chinese(self) -> None:
        text = told(liver_case(), language="zh").text

        assert "相当于常见不良事件评价标准（CTCAE）5.0版3级。" in text
        assert "符合潜在海氏法则的实验室标准，其他原因尚待排除。" in text
        assert "两者之比为7.2，属肝细胞损伤型。" in text
        assert "的去激发结果为阳性。" in text

    def test_ranges_restarts_and_what_stays_unknown_too(self) -> None:
        doses = [
            dose("1", start=day("2026-01"), end=day("2026-02-15")),
            dose("2", start=day("2026-03-01"), interval=amount("24", "h")),
        ]
        reactions = [
            reaction("r1", "Rash", onset=day("2026-02-10"), end=day("2026-02-20")),
            reaction("r2", "Rash", onset=day("2026-03-05")),
            reaction("r3", onset=day("2026-02-11"), outcome="unknown"),
        ]
        stopped = drug(doses=doses, action_taken="withdrawn")
        text = told(liver_case(drugs=[stopped], reactions=reactions), language="zh").text

        assert "发生于sorafenib首次用药后10至40天。" in text  # from 31 January, from the 1st
        assert "之后以较低剂量再次使用了sorafenib，同一反应再次发生。" in text
        assert "的去激发结果，无法由所报告的事实得出。" in text
