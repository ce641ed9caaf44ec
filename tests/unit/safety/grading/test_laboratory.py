"""
Laboratory grades at their bounds.

Expected grades follow from the bounds published in CTCAE v4.03 and v5.0, quoted beside each group;
none is computed by the code under test. The 520 vectors are in `test_laboratory_vectors`.
"""

from decimal import Decimal
from typing import Any

import pytest

from safety.grading.criteria import Direction
from safety.grading.criteria_file import load_criteria
from safety.grading.laboratory import (
    LaboratoryGrade,
    LaboratoryResult,
    grade_laboratory,
    is_measurable,
)
from safety.grading.reasons import Reason

NUMBERS = ("value", "lln", "uln", "baseline", "percent_change")


def graded(version: str, term: str, value: str | None = None, **given: Any) -> LaboratoryGrade:
    given["value"] = value
    numbers = {name: Decimal(given[name]) for name in NUMBERS if given.get(name) is not None}
    others = {name: each for name, each in given.items() if name not in NUMBERS}
    result = LaboratoryResult(term, **{"value": None, **numbers, **others})
    return grade_laboratory(result, load_criteria(version))


class TestAbsoluteBounds:
    @pytest.mark.parametrize("version", ["4.03", "5.0"])
    @pytest.mark.parametrize(
        ("term", "unit", "limits", "expected"),
        [
            # Hgb <LLN-10.0, <10.0-8.0, <8.0 g/dL; the same in g/L; <LLN-6.2, <6.2-4.9, <4.9 mmol/L
            ("Anemia", "g/dL", {"lln": "12"}, {"12": 0, "11.9": 1, "10.0": 1, "9.9": 2}),
            ("Anemia", "g/dL", {"lln": "12"}, {"8.0": 2, "7.9": 3, "2": 3}),
            ("Anemia", "g/L", {"lln": "120"}, {"120": 0, "119": 1, "100": 1, "99": 2, "79": 3}),
            (
                "Anemia",
                "mmol/L",
                {"lln": "7.4"},
                {"7.4": 0, "6.2": 1, "6.1": 2, "4.9": 2, "4.8": 3},
            ),
            # <LLN-75,000, <75,000-50,000, <50,000-25,000, <25,000/mm3
            (
                "Platelet count decreased",
                "10^9/L",
                {"lln": "125"},
                {"125": 0, "124": 1, "75": 1, "74": 2, "50": 2, "49": 3, "25": 3, "24": 4},
            ),
            # <LLN-1500, <1500-1000, <1000-500, <500/mm3
            (
                "Neutrophil count decreased",
                "/mm3",
                {"lln": "1800"},
                {"1800": 0, "1799": 1, "1500": 1, "1499": 2, "999": 3, "500": 3, "499": 4},
            ),
            # >ULN-5.5, >5.5-6.0, >6.0-7.0, >7.0 mmol/L
            (
                "Hyperkalemia",
                "mmol/L",
                {"uln": "5.1"},
                {"5.1": 0, "5.2": 1, "5.5": 1, "5.6": 2, "6.0": 2, "6.1": 3, "7.0": 3, "7.1": 4},
            ),
            # >ULN-3.0, no grade 2, >3.0-8.0, >8.0 mg/dL; >ULN-1.23, >1.23-3.30, >3.30 mmol/L
            ("Hypermagnesemia", "mg/dL", {"uln": "2.6"}, {"3.0": 1, "3.1": 3, "8.0": 3, "8.1": 4}),
            (
                "Hypermagnesemia",
                "mmol/L",
                {"uln": "1.07"},
                {"1.23": 1, "1.24": 3, "3.30": 3, "3.31": 4},
            ),
            # 150-300 mg/dL: the lower bound is included; 1.71-3.42 mmol/L
            ("Hypertriglyceridemia", "mg/dL", {}, {"149": 0, "150": 1, "300": 1, "301": 2}),
            ("Hypertriglyceridemia", "mmol/L", {}, {"1.7": 0, "1.71": 1, "3.42": 1, "11.5": 4}),
            # ionized calcium <LLN-1.0, <1.0-0.9, <0.9-0.8, <0.8 mmol/L; 1 mmol/L is 4 mg/dL
            ("Hypocalcemia (Ionized)", "mmol/L", {"lln": "1.15"}, {"1.0": 1, "0.9": 2, "0.8": 3}),
            ("Hypocalcemia (Ionized)", "mg/dL", {"lln": "4.6"}, {"4.0": 1, "3.6": 2, "3.2": 3}),
            ("Hypocalcemia (Ionized)", "mg/dL", {"lln": "4.6"}, {"3.9": 2, "3.5": 3, "3.1": 4}),
            # no grades 1 and 2: >100,000/mm3
            ("Leukocytosis", "10^9/L", {}, {"100": 0, "100.1": 3}),
            # pH <normal but >=7.3; <7.3
            ("Acidosis", "", {"lln": "7.35"}, {"7.35": 0, "7.34": 1, "7.3": 1, "7.29": 3}),
            # pH >normal but <=7.5; >7.5
            ("Alkalosis", "pH", {"uln": "7.45"}, {"7.45": 0, "7.5": 1, "7.51": 3}),
        ],
    )
    def test_are_the_same_in_both_versions(
        self, version: str, term: str, unit: str, limits: dict[str, str], expected: dict[str, int]
    ) -> None:
        found = {
            value: graded(version, term, value, unit=unit, **limits).grade for value in expected
        }

        assert found == expected

    @pytest.mark.parametrize(
        ("version", "unit", "expected"),
        [
            # v4.03: <LLN-2.5, <2.5-2.0, <2.0-1.0, <1.0 mg/dL; <LLN-0.8, <0.8-0.6, <0.6-0.3, <0.3
            ("4.03", "mg/dL", {"2.5": 1, "2.4": 2, "2.0": 2, "1.9": 3, "1.0": 3, "0.9": 4}),
            ("4.03", "mmol/L", {"0.8": 1, "0.79": 2, "0.6": 2, "0.59": 3, "0.3": 3, "0.29": 4}),
            # v5.0 names interventions only
            ("5.0", "mmol/L", {"0.29": None, "0.8": None}),
        ],
    )
    def test_of_phosphate_went_with_version_5(
        self, version: str, unit: str, expected: dict[str, int | None]
    ) -> None:
        lln = {"mg/dL": "2.6", "mmol/L": "0.84"}[unit]
        found = {
            value: graded(version, "Hypophosphatemia", value, unit=unit, lln=lln).grade
            for value in expected
        }

        assert found == expected

    def test_of_glucose_differ_for_fasting_values_in_version_4(self) -> None:
        # v4.03: grades 1 and 2 are for fasting values: >ULN-160, >160-250; >250-500; >500 mg/dL
        expected = {"160": (1, 0), "161": (2, 0), "250": (2, 0), "251": (3, 3), "501": (4, 4)}

        found = {
            value: tuple(
                graded("4.03", term, value, unit="mg/dL", uln="100").grade
                for term in ("Hyperglycemia (Fasting)", "Hyperglycemia")
            )
            for value in expected
        }

        assert found == expected

    @pytest.mark.parametrize(
        ("version", "expected"),
        [
            # v4.03: <LLN-130, no grade 2, <130-120, <120
            ("4.03", {"130": 1, "129.5": 3, "129": 3, "120": 3, "119": 4}),
            # v5.0: 125-129 symptomatic or 120-124: 3. Between 129 and 130 no interval: the graver
            ("5.0", {"130": 1, "129.5": 3, "129": 3, "125": 3, "124.5": 3, "120": 3, "119": 4}),
        ],
    )
    def test_of_sodium(self, version: str, expected: dict[str, int]) -> None:
        found = {
            value: graded(version, "Hyponatremia", value, unit="mmol/L", lln="136").grade
            for value in expected
        }

        assert found == expected

    def test_of_urate_went_with_version_5(self) -> None:
        # v4.03: >10 mg/dL, >0.59 mmol/L: 4; v5.0: above ULN 1 or 3 by consequences, nothing more
        assert [
            graded(version, "Hyperuricemia", value, unit=unit, uln=uln).grade
            for version, value, unit, uln in (
                ("4.03", "10", "mg/dL", "7"),
                ("4.03", "10.1", "mg/dL", "7"),
                ("4.03", "590", "umol/L", "420"),
                ("4.03", "591", "umol/L", "420"),
                ("5.0", "591", "umol/L", "420"),
                ("5.0", "420", "umol/L", "420"),
            )
        ] == [3, 4, 3, 4, 3, 0]


class TestMultiplesOfLimits:
    @pytest.mark.parametrize(
        ("version", "term", "limits", "expected"),
        [
            # v4.03 ALT >ULN-3.0, >3.0-5.0, >5.0-20.0, >20.0 x ULN, whatever the baseline
            (
                "4.03",
                "Alanine aminotransferase increased",
                {"uln": "40", "baseline": "100"},
                {"40": 0, "41": 1, "120": 1, "121": 2, "200": 2, "201": 3, "800": 3, "801": 4},
            ),
            # v4.03 bilirubin >ULN-1.5, >1.5-3.0, >3.0-10.0, >10.0 x ULN
            (
                "4.03",
                "Blood bilirubin increased",
                {"uln": "1.2"},
                {"1.8": 1, "1.81": 2, "3.6": 2, "3.61": 3, "12": 3, "12.1": 4},
            ),
            # regulatory facts 2.3, v5.0 with a normal baseline: ALT and AST >1-3, >3-5, >5-20, >20;
            # bilirubin >1-1.5, >1.5-3, >3-10, >10; ALP and GGT >1-2.5, >2.5-5, >5-20, >20 x ULN
            *(
                (
                    "5.0",
                    term,
                    {"uln": "40", "baseline": "30"},
                    {"40": 0, "41": 1, "120": 1, "121": 2, "200": 2, "201": 3, "800": 3, "801": 4},
                )
                for term in (
                    "Alanine aminotransferase increased",
                    "Aspartate aminotransferase increased",
                )
            ),
            (
                "5.0",
                "Blood bilirubin increased",
                {"uln": "20", "baseline": "10"},
                {"20": 0, "21": 1, "30": 1, "31": 2, "60": 2, "61": 3, "200": 3, "201": 4},
            ),
            *(
                (
                    "5.0",
                    term,
                    {"uln": "40", "baseline": "30"},
                    {"40": 0, "41": 1, "100": 1, "101": 2, "200": 2, "201": 3, "800": 3, "801": 4},
                )
                for term in ("Alkaline phosphatase increased", "GGT increased")
            ),
            # v4.03 AST as ALT
            (
                "4.03",
                "Aspartate aminotransferase increased",
                {"uln": "40", "baseline": "100"},
                {"41": 1, "120": 1, "121": 2, "200": 2, "201": 3, "800": 3, "801": 4},
            ),
            # CPK >ULN-2.5, >2.5-5, >5-10, >10 x ULN
            ("5.0", "CPK increased", {"uln": "200"}, {"500": 1, "1000": 2, "2000": 3, "2001": 4}),
            # aPTT >ULN-1.5, >1.5-2.5, >2.5 x ULN
            (
                "5.0",
                "Activated partial thromboplastin time prolonged",
                {"uln": "40"},
                {"60": 1, "60.1": 2, "100": 2, "100.1": 3, "1000": 3},
            ),
            ("5.0", "Haptoglobin decreased", {"lln": "0.3"}, {"0.3": 0, "0.29": 1, "0": 1}),
            ("5.0", "Blood lactate dehydrogenase increased", {"uln": "250"}, {"250": 0, "9999": 1}),
            ("5.0", "Methemoglobinemia", {"uln": "1.5"}, {"1.5": 0, "1.6": 2}),
            # v4.03 lipase >1.5-2.0, >2.0-5.0, >5.0 x ULN
            ("4.03", "Lipase increased", {"uln": "60"}, {"90": 1, "120": 2, "300": 3, "301": 4}),
        ],
    )
    def test_include_the_upper_bound(
        self, version: str, term: str, limits: dict[str, str], expected: dict[str, int]
    ) -> None:
        assert {
            value: graded(version, term, value, **limits).grade for value in expected
        } == expected

    def test_do_not_ask_for_a_unit(self) -> None:
        for unit in (None, "U/L", "ukat/L", "whatever"):
            assert graded("5.0", "Lipase increased", "301", uln="60", unit=unit).grade == 4


class TestBaseline:
    @pytest.mark.parametrize(
        ("term", "expected"),
        [
            # regulatory facts 2.3, baseline 100 above ULN 40: 1.5-3, >3-5, >5-20, >20 x baseline
            (
                "Alanine aminotransferase increased",
                {"149": 0, "150": 1, "300": 1, "301": 2, "500": 2, "501": 3, "2000": 3, "2001": 4},
            ),
            (
                "Aspartate aminotransferase increased",
                {"149": 0, "150": 1, "300": 1, "301": 2, "500": 2, "501": 3, "2000": 3, "2001": 4},
            ),
            # 2.0-2.5, >2.5-5, >5-20, >20 x baseline
            *(
                (
                    term,
                    {"199": 0, "200": 1, "250": 1, "251": 2, "500": 2, "501": 3}
                    | {"2000": 3, "2001": 4},
                )
                for term in ("Alkaline phosphatase increased", "GGT increased")
            ),
            # >1-1.5, >1.5-3, >3-10, >10 x baseline
            (
                "Blood bilirubin increased",
                {"100": 0, "101": 1, "150": 1, "151": 2, "300": 2, "301": 3, "1000": 3, "1001": 4},
            ),
        ],
    )
    def test_abnormal_baseline_replaces_the_limit_in_version_5(
        self, term: str, expected: dict[str, int]
    ) -> None:
        assert {
            value: graded("5.0", term, value, uln="40", baseline="100").grade for value in expected
        } == expected

    def test_what_the_laboratory_said_of_the_baseline_counts_before_our_comparison(self) -> None:
        given = {"uln": "40", "baseline": "100"}
        term = "Alanine aminotransferase increased"

        assert graded("5.0", term, "140", **given).grade == 0
        assert graded("5.0", term, "140", **given, baseline_abnormal=False).grade == 2
        assert graded("5.0", term, "59", uln="40", baseline="40", baseline_abnormal=True).grade == 0

    def test_a_baseline_on_the_limit_is_normal(self) -> None:
        term = "Alanine aminotransferase increased"

        assert graded("5.0", term, "41", uln="40", baseline="40").grade == 1

    def test_an_unknown_baseline_counts_as_normal_and_says_so(self) -> None:
        grade = graded("5.0", "Alanine aminotransferase increased", "121", uln="40")

        assert (grade.grade, grade.assumed) == (2, ("baseline normal",))
        assert grade.explanation == (
            "criterion_met: > 3.0 x ULN to <= 5.0 x ULN, baseline normal; assumed: baseline normal"
        )

    def test_a_known_normal_baseline_is_not_assumed(self) -> None:
        grade = graded("5.0", "Alanine aminotransferase increased", "121", uln="40", baseline="30")

        assert (grade.grade, grade.assumed) == (2, ())

    @pytest.mark.parametrize(
        ("version", "expected"),
        [
            # v4.03: above ULN, or above a baseline that is above ULN, by >0-2, >2-4, >4 g/dL
            ("4.03", {"19": 0, "19.1": 1, "21": 1, "21.1": 2, "23": 2, "23.1": 3}),
            # v5.0: above normal
            ("5.0", {"17": 0, "17.1": 1, "19": 1, "19.1": 2, "21": 2, "21.1": 3}),
        ],
    )
    def test_an_increase_of_hemoglobin_counts_from_a_high_baseline_in_version_4(
        self, version: str, expected: dict[str, int]
    ) -> None:
        assert {
            value: graded(
                version, "Hemoglobin increased", value, unit="g/dL", uln="17", baseline="19"
            ).grade
            for value in expected
        } == expected

    @pytest.mark.parametrize(
        ("version", "value", "baseline", "grade"),
        [
            # v4.03: >1-1.5 x baseline is grade 1; v5.0 has no such grade 1
            ("4.03", "60", "50", 1),
            ("5.0", "60", "50", 0),
            # both: >1.5-3.0 x baseline 2, >3.0 x baseline 3
            ("4.03", "76", "50", 2),
            ("5.0", "75", "50", 0),
            ("5.0", "76", "50", 2),
            ("5.0", "90", "29", 3),
            # >1.5-3.0 x ULN 2, >3.0-6.0 3, >6.0 4
            ("5.0", "150", "120", 1),
            ("5.0", "301", "290", 3),
            ("5.0", "600", "590", 3),
            ("5.0", "601", "590", 4),
        ],
    )
    def test_creatinine_takes_the_graver_of_limit_and_baseline(
        self, version: str, value: str, baseline: str, grade: int
    ) -> None:
        assert (
            graded(version, "Creatinine increased", value, uln="100", baseline=baseline).grade
            == grade
        )

    @pytest.mark.parametrize(
        ("version", "given", "grade"),
        [
            # v4.03: <1.0-0.75 x LLN or <25% decrease; 25-<50%; 50-<75%; 75% or <50 mg/dL
            ("4.03", {"value": "1.8", "percent_change": "-1"}, 1),
            ("4.03", {"value": "3", "baseline": "4"}, 2),  # 25 percent less, above LLN
            ("4.03", {"value": "2", "baseline": "4"}, 3),
            ("4.03", {"value": "1.99", "baseline": "7.96"}, 4),
            ("4.03", {"value": "3", "baseline": "2"}, 0),
            # v5.0: the decrease counts if the value is abnormal
            ("5.0", {"value": "3", "baseline": "4"}, 0),
            ("5.0", {"value": "1.9", "baseline": "3.8"}, 3),
            ("5.0", {"value": "0.5", "baseline": "0.5"}, 3),  # on 0.25 x LLN, and not <50 mg/dL
            ("5.0", {"value": "0.49", "baseline": "0.5"}, 4),
        ],
    )
    def test_fibrinogen_takes_the_graver_of_limit_and_decrease(
        self, version: str, given: dict[str, str], grade: int
    ) -> None:
        assert graded(version, "Fibrinogen decreased", unit="g/L", lln="2", **given).grade == grade

    def test_eosinophils_must_exceed_limit_and_baseline(self) -> None:
        # v5.0: >ULN and >Baseline
        assert [
            graded("5.0", "Eosinophilia", value, uln="0.5", baseline=baseline).grade
            for value, baseline in (("0.6", "0.5"), ("0.6", "0.6"), ("0.5", "0.1"), ("0.5", None))
        ] == [1, 0, 0, 0]


class TestValuesToldAsMultiples:
    @pytest.mark.parametrize(
        ("version", "term", "unit", "expected"),
        [
            # ALT >ULN-3.0, >3.0-5.0, >5.0-20.0, >20.0 x ULN; v5.0 if the baseline was normal
            *(
                (
                    version,
                    "Alanine aminotransferase increased",
                    "x ULN",
                    {"1": 0, "1.01": 1, "3": 1, "3.2": 2, "5.0": 2, "5.1": 3, "20": 3, "20.1": 4},
                )
                for version in ("4.03", "5.0")
            ),
            # bilirubin >ULN-1.5, >1.5-3.0, >3.0-10.0, >10.0 x ULN
            ("5.0", "Blood bilirubin increased", "ULN", {"1.5": 1, "3": 2, "10": 3, "11": 4}),
            # v4.03 lipase >1.5-2.0, >2.0-5.0, >5.0 x ULN, and grade 1 >ULN-1.5
            ("4.03", "Lipase increased", "×ULN", {"1.5": 1, "2": 2, "5": 3, "5.1": 4}),
            # haptoglobin <LLN
            ("5.0", "Haptoglobin decreased", "x LLN", {"1": 0, "0.9": 1}),
        ],
    )
    def test_are_graded_without_a_limit(
        self, version: str, term: str, unit: str, expected: dict[str, int]
    ) -> None:
        assert {
            value: graded(version, term, value, unit=unit).grade for value in expected
        } == expected

    @pytest.mark.parametrize(
        "unit", ["xULN", "X uln", "x ULN", "times ULN", "times the upper limit of normal", "倍ULN"]
    )
    def test_are_known_by_many_spellings(self, unit: str) -> None:
        assert graded("5.0", "Alanine aminotransferase increased", "5.1", unit=unit).grade == 3

    def test_are_multiples_of_whatever_limit_stands_beside_them(self) -> None:
        # 5.1 x 40 U/L, not 5.1 of 40; a baseline in U/L is not compared with a multiple
        found = graded(
            "5.0",
            "Alanine aminotransferase increased",
            "5.1",
            unit="x ULN",
            uln="40",
            lln="10",
            baseline="100",
        )

        assert (found.grade, found.assumed) == (3, ("baseline normal",))

    @pytest.mark.parametrize("uln", [None, "1"])
    def test_go_with_a_baseline_told_the_same_way(self, uln: str | None) -> None:
        # v5.0 ALT, baseline 2 x ULN: 1.5-3.0, >3.0-5.0, >5.0-20.0 x baseline; 5.1 is 2.55 of it
        found = graded(
            "5.0",
            "Alanine aminotransferase increased",
            "5.1",
            unit="x ULN",
            uln=uln,
            baseline="2",
        )

        assert (found.grade, found.assumed) == (1, ())

    def test_of_an_abnormal_baseline_are_graded_in_version_5(self) -> None:
        # v5.0: >3.0-5.0 x baseline if abnormal; without that word the limit decides, and is missing
        term = "Alanine aminotransferase increased"

        abnormal = graded("5.0", term, "3.1", unit="x baseline", baseline_abnormal=True)
        unknown = graded("5.0", term, "3.1", unit="x baseline")

        assert abnormal.grade == 2
        assert (unknown.grade, unknown.reason) == (None, Reason.MISSING_LIMIT)

    @pytest.mark.parametrize(
        ("version", "term", "unit", "reason"),
        [
            # >ULN-5.5, >5.5-6.0 mmol/L and so on: no multiples
            ("5.0", "Hyperkalemia", "x ULN", Reason.UNKNOWN_UNIT),
            ("4.03", "Hyperglycemia", "x ULN", Reason.UNKNOWN_UNIT),
            ("5.0", "Anemia", "x LLN", Reason.UNKNOWN_UNIT),
            # multiples of the other limit, or of none
            ("5.0", "Haptoglobin decreased", "x ULN", Reason.MISSING_LIMIT),
            ("5.0", "Lipase increased", "x normal", Reason.MISSING_LIMIT),
        ],
    )
    def test_stay_ungraded_where_the_bounds_are_no_such_multiples(
        self, version: str, term: str, unit: str, reason: Reason
    ) -> None:
        for given in ({}, {"uln": "1"}) if reason is Reason.UNKNOWN_UNIT else ({},):
            found = graded(version, term, "1.2", unit=unit, **given)

            assert (found.grade, found.reason) == (None, reason)

    def test_as_bounds_are_graded_like_bounds(self) -> None:
        found = graded(
            "5.0", "Alanine aminotransferase increased", "20", unit="x ULN", comparator=">"
        )

        assert (found.grade, found.reason) == (4, Reason.AT_LEAST)


class TestWhatNoFigureShows:
    @pytest.mark.parametrize(
        ("version", "term", "value", "given", "grade", "assumed"),
        [
            # v5.0: >2.0-5.0 x ULN is 2 without, 3 with symptoms; >5.0 is 3 or 4
            ("5.0", "Lipase increased", "121", {"uln": "60"}, 3, "signs or symptoms"),
            ("5.0", "Serum amylase increased", "301", {"uln": "60"}, 4, "signs or symptoms"),
            # <LLN-3.0: 1, with symptoms 2
            (
                "4.03",
                "Hypokalemia",
                "3.2",
                {"lln": "3.5", "unit": "mmol/L"},
                2,
                "symptoms or intervention indicated",
            ),
            ("5.0", "Hyponatremia", "127", {"lln": "136", "unit": "mmol/L"}, 3, "symptoms"),
            ("5.0", "Hyperuricemia", "8", {"uln": "7"}, 3, "physiologic consequences"),
            # >1.5-2.5 x baseline if on anticoagulation
            ("5.0", "INR increased", "1.6", {"baseline": "0.6"}, 3, "on anticoagulation"),
        ],
    )
    def test_is_taken_at_its_worst_and_named(
        self,
        version: str,
        term: str,
        value: str,
        given: dict[str, str],
        grade: int,
        assumed: str,
    ) -> None:
        found = graded(version, term, value, **given)

        assert (found.grade, found.assumed) == (grade, (assumed,))

    def test_is_not_named_where_the_figure_alone_gives_the_grade(self) -> None:
        # v5.0: >2.5 is grade 3, on anticoagulation or not
        assert graded("5.0", "INR increased", "2.6", baseline="1").assumed == ()
        # v5.0: 120-124 regardless of symptoms
        assert graded("5.0", "Hyponatremia", "124", lln="136", unit="mmol/L").assumed == ()


class TestUngradable:
    @pytest.mark.parametrize(
        ("term", "value", "given", "reason"),
        [
            ("Hypertension", "150", {}, Reason.TERM_NOT_A_LABORATORY_TERM),
            ("Hyperglycemia", "500", {"unit": "mg/dL"}, Reason.NOT_GRADED_ON_VALUE_ALONE),
            (
                "Anemia",
                "7",
                {"unit": "g/dL", "direction": Direction.HIGH},
                Reason.DIRECTION_MISMATCH,
            ),
            ("Anemia", None, {"unit": "g/dL"}, Reason.VALUE_MISSING),
            ("Anemia", "-7", {"unit": "g/dL"}, Reason.VALUE_MALFORMED),
            ("Anemia", "NaN", {"unit": "g/dL"}, Reason.VALUE_MALFORMED),
            ("Anemia", "1e31", {"unit": "g/dL"}, Reason.VALUE_MALFORMED),
            ("Anemia", "7", {"lln": "12"}, Reason.MISSING_UNIT),
            ("Anemia", "7", {"lln": "12", "unit": "g/cL"}, Reason.UNKNOWN_UNIT),
            ("Anemia", "11", {"unit": "g/dL"}, Reason.MISSING_LIMIT),
            ("Anemia", "11", {"unit": "g/dL", "lln": "NaN"}, Reason.MISSING_LIMIT),
            ("Lipase increased", "11", {}, Reason.MISSING_LIMIT),
            ("Lipase increased", "11", {"uln": "0"}, Reason.MISSING_LIMIT),
            (
                "GGT increased",
                "100",
                {"uln": "40", "baseline_abnormal": True},
                Reason.MISSING_BASELINE,
            ),
            (
                "GGT increased",
                "100",
                {"uln": "40", "baseline_abnormal": True, "baseline": "0"},
                Reason.MISSING_BASELINE,
            ),
            ("INR increased", "1.1", {}, Reason.MISSING_BASELINE),
            ("Creatinine increased", "42", {"baseline": "42"}, Reason.MISSING_LIMIT),
            ("Fibrinogen decreased", "3", {"unit": "g/L"}, Reason.MISSING_LIMIT),
            ("Eosinophilia", "0.6", {"uln": "0.5"}, Reason.MISSING_BASELINE),
        ],
    )
    def test_says_why_and_is_not_normal(
        self, term: str, value: str | None, given: dict[str, Any], reason: Reason
    ) -> None:
        found = graded("5.0", term, value, **given)

        assert (found.grade, found.reason) == (None, reason)
        assert found.explanation == reason.value

    def test_a_limit_is_not_asked_for_where_a_graver_grade_is_certain(self) -> None:
        found = graded("5.0", "Anemia", "9.9", unit="g/dL")

        assert (found.grade, found.reason) == (2, Reason.CRITERION_MET)

    @pytest.mark.parametrize(
        ("term", "given"),
        [
            ("Creatinine increased", {"baseline": "40"}),
            ("Fibrinogen decreased", {"unit": "mg/dL", "percent_change": "-30"}),
        ],
    )
    def test_a_grade_that_may_be_graver_is_marked(self, term: str, given: dict[str, str]) -> None:
        found = graded("4.03", term, "70", **given)  # limit unknown

        assert (found.grade, found.reason) == (2, Reason.AT_LEAST)


class TestProvenance:
    def test_a_grade_names_version_row_and_table(self) -> None:
        found = graded("5.0", "Hypercalcemia (Ionized)", "6.5", unit="mg/dL")

        assert found.row is not None
        assert (found.grade, found.row.text, found.table_unit, found.provenance) == (
            3,
            "> 1.6 mmol/L to <= 1.8 mmol/L",
            "mmol/L",
            "CTCAE v5.0",
        )


class TestIsMeasurable:
    @pytest.mark.parametrize("number", ["0", "0.000", "1e30", "1e-30", "12.5"])
    def test_a_plain_figure_is(self, number: str) -> None:
        assert is_measurable(Decimal(number))

    @pytest.mark.parametrize("number", ["-0.1", "1e31", "1e-31", "Infinity", "NaN"])
    def test_anything_else_is_not(self, number: str) -> None:
        assert not is_measurable(Decimal(number))
