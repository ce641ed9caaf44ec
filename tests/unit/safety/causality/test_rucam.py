"""
RUCAM, update of 2016.

Points are those of the published tables (Danan and Teschke, Int J Mol Sci 2016; 17: 14), summed
by hand beside each case; the points of items 1 to 4 also stand in regulatory facts 3.5.
"""

from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.causality.days import DayCount
from safety.causality.rucam import (
    FIRST_GROUP,
    SECOND_GROUP,
    AlpCourse,
    AltCourse,
    Concomitant,
    Hepatotoxicity,
    LiverInjury,
    Reexposure,
    RucamNotAssessable,
    RucamScore,
    assess_rucam_cholestatic,
    assess_rucam_hepatocellular,
    derive_alp_course,
    derive_alt_course,
    derive_pattern,
    derive_r_value,
)
from safety.causality.rucam_table import build_rucam
from safety.errors import KnowledgeError

SHIPPED = (files("safety.causality") / "data" / "rucam.toml").read_text(encoding="utf-8")
HEPATOCELLULAR = LiverInjury(
    alt=Decimal(12), alp=Decimal(1), on_drug=True, from_start=DayCount(28, 28)
)
CHOLESTATIC = replace(HEPATOCELLULAR, alt=Decimal(2), alp=Decimal(3))
ALL = dict.fromkeys(FIRST_GROUP | SECOND_GROUP, True)


def scored(result: RucamScore | RucamNotAssessable) -> RucamScore:
    assert isinstance(result, RucamScore), result
    return result


def reasons(result: RucamScore | RucamNotAssessable) -> tuple[str, ...]:
    assert isinstance(result, RucamNotAssessable), result
    return result.reasons


class TestDerivePattern:
    @pytest.mark.parametrize(
        ("alt", "alp", "pattern"),
        # facts 3.5: R >= 5 hepatocellular, 2 < R < 5 mixed, R <= 2 cholestatic
        [
            ("5", "1", "hepatocellular"),
            ("4.99", "1", "mixed"),
            ("2.01", "1", "mixed"),
            ("6", "3", "cholestatic"),
        ],
    )
    def test_the_bounds_belong_to_the_outer_patterns(
        self, alt: str, alp: str, pattern: str
    ) -> None:
        assert derive_pattern(Decimal(alt), Decimal(alp)) == pattern

    def test_r_needs_an_alp_above_zero(self) -> None:
        with pytest.raises(ValueError, match="alp"):
            derive_r_value(Decimal(5), Decimal(0))


class TestAssessRucamHepatocellular:
    def test_a_clear_case_is_highly_probable(self) -> None:
        # onset 2, half in 8 days 3, age 1, no other drug 0, all causes out 2, labelled 2
        injury = replace(
            HEPATOCELLULAR,
            age_years=55,
            concomitant="none",
            ruled_out=ALL,
            hepatotoxicity="labelled",
        )
        score = scored(assess_rucam_hepatocellular(injury, "half_in_8_days"))

        assert (score.score, score.category, score.pattern) == (
            10,
            "highly_probable",
            "hepatocellular",
        )
        assert score.r_value == 12
        assert [item.points for item in score.items] == [2, 3, 0, 1, 0, 0, 2, 2, 0]

    def test_an_unknown_course_and_no_search_leave_it_excluded(self) -> None:
        # onset 2, no search for causes -2: an empty form is not a possible case
        score = scored(assess_rucam_hepatocellular(HEPATOCELLULAR, None))

        assert (score.score, score.category) == (0, "excluded")

    @pytest.mark.parametrize(
        ("days", "second", "points"),
        # 5-90 days +2 (second exposure 1-15), else +1
        [
            (4, False, 1),
            (5, False, 2),
            (90, False, 2),
            (91, False, 1),
            (1, True, 2),
            (15, True, 2),
            (16, True, 1),
        ],
    )
    def test_days_from_the_start_on_the_drug(self, *, days: int, second: bool, points: int) -> None:
        injury = replace(HEPATOCELLULAR, from_start=DayCount(days, days), second_exposure=second)

        assert scored(assess_rucam_hepatocellular(injury, None)).items[0].points == points

    def test_days_from_the_stop_count_up_to_fifteen(self) -> None:
        off = replace(HEPATOCELLULAR, on_drug=False, from_stop=DayCount(15, 15))
        late = replace(off, from_stop=DayCount(16, 16))

        assert scored(assess_rucam_hepatocellular(off, None)).items[0].points == 1
        assert "unrelated in time" in reasons(assess_rucam_hepatocellular(late, None))[0]
        slow = replace(late, slowly_metabolised=True)
        assert scored(assess_rucam_hepatocellular(slow, None)).items[0].points == 1

    @pytest.mark.parametrize(
        ("course", "points"),
        [
            ("half_in_8_days", 3),
            ("half_in_30_days", 2),
            ("half_later", 0),
            ("no_information", 0),
            ("less_or_rise", -2),
        ],
    )
    def test_course(self, course: AltCourse, points: int) -> None:
        items = scored(assess_rucam_hepatocellular(HEPATOCELLULAR, course)).items

        assert items[1].points == points

    @pytest.mark.parametrize(
        ("answers", "item", "points"),
        [
            ({"alcohol": True}, "alcohol", 1),
            ({"alcohol": False}, "alcohol", 0),
            ({"age_years": 54}, "age", 0),
            ({"age_years": 55}, "age", 1),
            ({"concomitant": "incompatible_time"}, "concomitant", 0),
            ({"concomitant": "compatible_time"}, "concomitant", -1),
            ({"concomitant": "known_hepatotoxin"}, "concomitant", -2),
            ({"concomitant": "proven_role"}, "concomitant", -3),
            ({"hepatotoxicity": "published"}, "hepatotoxicity", 1),
            ({"hepatotoxicity": "unknown"}, "hepatotoxicity", 0),
            ({"reexposure": "doubled_alone"}, "reexposure", 3),
            ({"reexposure": "doubled_with_others"}, "reexposure", 1),
            ({"reexposure": "did_not_double"}, "reexposure", -2),
            ({"reexposure": "other"}, "reexposure", 0),
            ({"ruled_out": ALL}, "alternatives", 2),
            ({"ruled_out": dict.fromkeys(FIRST_GROUP, True)}, "alternatives", 1),
            ({"ruled_out": ALL | {"hev": False}}, "alternatives", 0),
            ({"ruled_out": ALL | {"hev": None, "hav": None}}, "alternatives", 0),
            ({"ruled_out": ALL | dict.fromkeys(("hav", "hbv", "hcv"))}, "alternatives", -2),
            ({"ruled_out": ALL, "other_cause_probable": True}, "alternatives", -3),
        ],
    )
    def test_each_answer_gives_the_points_of_its_row(
        self, answers: dict[str, Any], item: str, points: int
    ) -> None:
        items = scored(assess_rucam_hepatocellular(replace(HEPATOCELLULAR, **answers), None)).items

        assert {each.item: each.points for each in items}[item] == points

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"alt": None}, "ALT and ALP"),
            ({"alp": None}, "ALT and ALP"),
            ({"alt": Decimal("4.9"), "alp": Decimal("0.9")}, "below the entry criteria"),
            ({"alt": Decimal(5), "alp": Decimal("1.1")}, "the other form"),
            ({"on_drug": None}, "still taken"),
            ({"from_start": None}, "first dose"),
            ({"from_start": DayCount(-9, -1)}, "before the first dose"),
            ({"from_start": DayCount(-1, 3)}, "too imprecise"),
            ({"from_start": DayCount(3, 100)}, "too imprecise"),
            ({"on_drug": False}, "last dose"),
            ({"on_drug": False, "from_stop": DayCount(10, 20)}, "too imprecise"),
        ],
    )
    def test_without_entry_criteria_or_dates_it_is_not_scored(
        self, change: dict[str, Any], said: str
    ) -> None:
        result = assess_rucam_hepatocellular(replace(HEPATOCELLULAR, **change), None)

        assert said in " ".join(reasons(result))

    def test_five_times_the_limit_of_alt_is_enough_to_enter(self) -> None:
        # facts 3.5: ALT >= 5 x ULN; the bound belongs to it
        on_the_bound = replace(HEPATOCELLULAR, alt=Decimal(5))
        below = replace(HEPATOCELLULAR, alt=Decimal("4.99"), alp=Decimal("0.9"))

        assert scored(assess_rucam_hepatocellular(on_the_bound, None)).r_value == 5
        assert "below the entry" in reasons(assess_rucam_hepatocellular(below, None))[0]

    def test_all_that_is_missing_is_named_at_once(self) -> None:
        injury = LiverInjury(alt=None, alp=None, on_drug=None)

        assert len(reasons(assess_rucam_hepatocellular(injury, None))) == 2

    def test_a_cause_that_the_form_does_not_know_is_refused(self) -> None:
        with pytest.raises(ValueError, match="ruled_out"):
            replace(HEPATOCELLULAR, ruled_out={"gallstones": True})


class TestAssessRucamCholestatic:
    def test_a_case_by_hand(self) -> None:
        # onset 2, half in 180 days 2, pregnancy 1, compatible drug -1, first group out 1,
        # published 1
        injury = replace(
            CHOLESTATIC,
            concomitant="compatible_time",
            ruled_out=dict.fromkeys(FIRST_GROUP, True),
            hepatotoxicity="published",
        )
        score = scored(assess_rucam_cholestatic(injury, "half_in_180_days", pregnant=True))

        assert (score.score, score.category, score.pattern) == (6, "probable", "cholestatic")

    @pytest.mark.parametrize(
        ("course", "points"),
        [("half_in_180_days", 2), ("less_in_180_days", 1), ("no_information", 0)],
    )
    def test_course(self, course: AlpCourse, points: int) -> None:
        assert scored(assess_rucam_cholestatic(CHOLESTATIC, course)).items[1].points == points

    def test_days_from_the_stop_count_up_to_thirty(self) -> None:
        off = replace(CHOLESTATIC, on_drug=False, from_stop=DayCount(30, 30))

        assert scored(assess_rucam_cholestatic(off, None)).items[0].points == 1

    def test_a_second_exposure_is_suggestive_up_to_ninety_days(self) -> None:
        again = replace(CHOLESTATIC, second_exposure=True, from_start=DayCount(90, 90))

        assert scored(assess_rucam_cholestatic(again, None)).items[0].points == 2

    def test_twice_the_limit_of_alp_is_enough_to_enter(self) -> None:
        # facts 3.5: ALP >= 2 x ULN, whatever the ALT; R is 1 here
        on_the_bound = replace(CHOLESTATIC, alp=Decimal(2))
        below = replace(CHOLESTATIC, alp=Decimal("1.99"))

        assert scored(assess_rucam_cholestatic(on_the_bound, None)).pattern == "cholestatic"
        assert "below the entry" in reasons(assess_rucam_cholestatic(below, None))[0]

    def test_hepatocellular_injury_belongs_to_the_other_form(self) -> None:
        assert "other form" in reasons(assess_rucam_cholestatic(HEPATOCELLULAR, None))[0]


class TestBands:
    @pytest.mark.parametrize(
        ("score", "category"),
        # facts 3.5: <= 0 excluded; 1-2 unlikely; 3-5 possible; 6-8 probable; >= 9 highly probable
        [
            (-9, "excluded"),
            (0, "excluded"),
            (1, "unlikely"),
            (2, "unlikely"),
            (3, "possible"),
            (5, "possible"),
            (6, "probable"),
            (8, "probable"),
            (9, "highly_probable"),
            (14, "highly_probable"),
        ],
    )
    def test_category_of_a_sum(self, score: int, category: str) -> None:
        assert build_rucam(SHIPPED).band_of(score) == category


class TestDeriveCourse:
    @pytest.mark.parametrize(
        ("after_stop", "course"),
        # peak 450, limit 50: half of what is above the limit is gone at 250
        [
            ([(8, 250)], "half_in_8_days"),
            ([(8, 251), (9, 250)], "half_in_30_days"),
            ([(30, 250)], "half_in_30_days"),
            ([(30, 300), (31, 60)], "half_later"),
            ([(20, 300), (30, 251)], "less_or_rise"),
            ([(30, 500)], "less_or_rise"),
            ([(29, 251)], "no_information"),
            ([(0, 60)], "no_information"),
            ([], "no_information"),
        ],
    )
    def test_alt(self, after_stop: list[tuple[int, int]], course: AltCourse) -> None:
        values = [(day, Decimal(value)) for day, value in after_stop]

        assert derive_alt_course(Decimal(450), Decimal(50), values) == course

    @pytest.mark.parametrize(
        ("after_stop", "course"),
        # peak 500, limit 100: half is gone at 300
        [
            ([(180, 300)], "half_in_180_days"),
            ([(181, 300)], "no_information"),
            ([(90, 400)], "less_in_180_days"),
            ([(90, 500)], "no_information"),
            ([(90, 400), (120, 600)], "no_information"),
            ([], "no_information"),
        ],
    )
    def test_alp(self, after_stop: list[tuple[int, int]], course: AlpCourse) -> None:
        values = [(day, Decimal(value)) for day, value in after_stop]

        assert derive_alp_course(Decimal(500), Decimal(100), values) == course


class TestProperties:
    @given(
        concomitant=st.sampled_from((None, *get_args(Concomitant))),
        toxicity=st.sampled_from((None, *get_args(Hepatotoxicity))),
        reexposure=st.sampled_from((None, *get_args(Reexposure))),
        out=st.dictionaries(st.sampled_from(sorted(ALL)), st.sampled_from((None, True, False))),
        probable=st.booleans(),
        age=st.none() | st.integers(0, 110),
        day=st.integers(0, 200),
        course=st.sampled_from(get_args(AltCourse)),
        alp_course=st.sampled_from(get_args(AlpCourse)),
    )
    def test_the_sum_stays_in_the_range_of_its_form(  # noqa: PLR0913 - one argument an item
        self,
        *,
        concomitant: Concomitant | None,
        toxicity: Hepatotoxicity | None,
        reexposure: Reexposure | None,
        out: dict[str, bool | None],
        probable: bool,
        age: int | None,
        day: int,
        course: AltCourse,
        alp_course: AlpCourse,
    ) -> None:
        answers: dict[str, Any] = {
            "concomitant": concomitant,
            "hepatotoxicity": toxicity,
            "reexposure": reexposure,
            "ruled_out": out,
            "other_cause_probable": probable,
            "age_years": age,
            "from_start": DayCount(day, day),
        }
        one = scored(assess_rucam_hepatocellular(replace(HEPATOCELLULAR, **answers), course))
        two = scored(assess_rucam_cholestatic(replace(CHOLESTATIC, **answers), alp_course))

        assert -9 <= one.score <= 14
        assert -7 <= two.score <= 14
        assert one.score == sum(item.points for item in one.items)


class TestBuildRucam:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('id = "proven_role"\npoints = -3', 'id = "proven_role"\npoints = -4', "range"),
            ('id = "proven_role"', 'id = "none"', "twice"),
        ],
    )
    def test_a_faulty_file_is_refused(self, old: str, new: str, fault: str) -> None:
        assert old in SHIPPED

        with pytest.raises(KnowledgeError, match=fault):
            build_rucam(SHIPPED.replace(old, new))
