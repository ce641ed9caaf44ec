"""
Laws of laboratory grading.

1. A graver figure never has the lower grade, limits and baseline being the same; and where a figure
   has a grade, a graver one has one.
2. The unit makes no difference to a grade by multiples, nor where two units differ in scale.
3. Where CTCAE publishes one table in mass and one in amount of substance, it rounded: the two agree
   for every figure that does not lie between a bound of one table and the same bound of the other.
4. An unknown baseline never gives a lower grade than a known one.

Molar masses in g/mol, bounds side by side as published.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from safety.grading.criteria import Condition, Direction, TermCriteria
from safety.grading.criteria_file import VERSIONS, load_criteria
from safety.grading.laboratory import LaboratoryGrade, LaboratoryResult, grade_laboratory
from safety.grading.units import load_units

TERMS = [
    (version, criteria)
    for version in VERSIONS
    for criteria in load_criteria(version).terms.values()
]
MULTIPLES = [(version, criteria) for version, criteria in TERMS if criteria.analyte is None]
BY_BASELINE = [
    (version, criteria)
    for version, criteria in TERMS
    if any(row.when is Condition.BASELINE_ABNORMAL for row in criteria.rows)
]

# sizes from a pH to a platelet count in cells/mm3
FIGURES = st.builds(
    lambda digits, power: Decimal(digits).scaleb(power), st.integers(0, 9999), st.integers(-4, 2)
)
MAYBE = st.none() | FIGURES


@st.composite
def results(draw: st.DrawFn, criteria: TermCriteria) -> LaboratoryResult:
    units = [None] if criteria.analyte is None else sorted(criteria.analyte.by_spelling)
    return LaboratoryResult(
        criteria.term,
        draw(FIGURES),
        draw(st.sampled_from(units)),
        lln=draw(MAYBE),
        uln=draw(MAYBE),
        baseline=draw(MAYBE),
        baseline_abnormal=draw(st.sampled_from([None, True, False])),
        percent_change=draw(st.none() | st.integers(-100, 100).map(Decimal)),
    )


def graded(version: str, result: LaboratoryResult) -> LaboratoryGrade:
    return grade_laboratory(result, load_criteria(version))


def scaled(result: LaboratoryResult, factor: Decimal, unit: str | None) -> LaboratoryResult:
    """The same blood, reported in another unit."""

    def times(number: Decimal | None) -> Decimal | None:
        return None if number is None else number * factor

    return replace(
        result,
        value=times(result.value),
        lln=times(result.lln),
        uln=times(result.uln),
        baseline=times(result.baseline),
        unit=unit,
    )


class TestGraverFigures:
    @given(st.data(), st.sampled_from(TERMS), FIGURES)
    def test_never_have_the_lower_grade(
        self, data: st.DataObject, term: tuple[str, TermCriteria], other: Decimal
    ) -> None:
        version, criteria = term
        result = data.draw(results(criteria))
        assert result.value is not None
        near, far = sorted((result.value, other), reverse=criteria.direction is Direction.LOW)

        milder = graded(version, replace(result, value=near)).grade
        graver = graded(version, replace(result, value=far)).grade

        if milder:  # what has a grade keeps one
            assert graver is not None
        if milder is not None and graver is not None:
            assert graver >= milder


class TestUnits:
    @given(
        st.data(),
        st.sampled_from(MULTIPLES),
        # powers of ten; mg/dL into umol/L of bilirubin and of creatinine
        st.sampled_from(["0.001", "10", "1000", "17.1", "88.4"]),
    )
    def test_make_no_difference_to_multiples(
        self, data: st.DataObject, term: tuple[str, TermCriteria], factor: str
    ) -> None:
        version, criteria = term
        result = data.draw(results(criteria))

        assert graded(version, result) == graded(
            version, scaled(result, Decimal(factor), "another unit")
        )

    @pytest.mark.parametrize("version", VERSIONS)
    @pytest.mark.parametrize(
        ("term", "unit", "other", "factor"),
        [
            ("Anemia", "g/dL", "g/L", "10"),
            ("Hypoalbuminemia", "g/L", "g/dL", "0.1"),
            ("Hemoglobin increased", "g/dL", "g/L", "10"),
            ("Fibrinogen decreased", "g/L", "mg/dL", "100"),
            ("Platelet count decreased", "10^9/L", "/mm3", "1000"),
            ("Platelet count decreased", "10^3/uL", "10^3/mL", "1000"),
            ("White blood cell decreased", "10^9/L", "10^3/uL", "1"),
            ("Neutrophil count decreased", "/mm3", "10^9/L", "0.001"),
            ("Lymphocyte count decreased", "10^9/L", "10^6/L", "1000"),
            ("Lymphocyte count increased", "10^9/L", "/mm3", "1000"),
            ("CD4 lymphocytes decreased", "1/uL", "10^9/L", "0.001"),
            ("Leukocytosis", "10^9/L", "/mm3", "1000"),
            ("Hyperuricemia", "mmol/L", "umol/L", "1000"),
            ("Hypokalemia", "mmol/L", "mEq/L", "1"),
            ("Hyponatremia", "mEq/L", "mmol/L", "1"),
            ("Hypercalcemia (Ionized)", "mmol/L", "mg/dL", "4"),
        ],
    )
    @settings(max_examples=40)
    @given(data=st.data())
    def test_make_no_difference_where_they_differ_in_scale(
        self, version: str, term: str, unit: str, other: str, factor: str, data: st.DataObject
    ) -> None:
        criteria = load_criteria(version).find(term)
        assert isinstance(criteria, TermCriteria)
        result = replace(data.draw(results(criteria)), unit=unit)

        here = graded(version, result)
        there = graded(version, scaled(result, Decimal(factor), other))

        assert (here.grade, here.reason, here.assumed) == (
            there.grade,
            there.reason,
            there.assumed,
        )

    @pytest.mark.parametrize(
        ("version", "term", "molar_mass", "bounds"),
        [
            # mg/dL beside mmol/L
            ("5.0", "Cholesterol high", "386.65", "300 7.75, 400 10.34, 500 12.92"),
            (
                "5.0",
                "Hypertriglyceridemia",
                "885.43",
                "150 1.71, 300 3.42, 500 5.7, 1000 11.4",
            ),
            ("5.0", "Hypercalcemia", "40.078", "11.5 2.9, 12.5 3.1, 13.5 3.4"),
            ("5.0", "Hypocalcemia", "40.078", "8.0 2.0, 7.0 1.75, 6.0 1.5"),
            ("5.0", "Hypermagnesemia", "24.305", "3.0 1.23, 8.0 3.30"),
            ("5.0", "Hypomagnesemia", "24.305", "1.2 0.5, 0.9 0.4, 0.7 0.3"),
            ("5.0", "Hypoglycemia", "180.156", "55 3.0, 40 2.2, 30 1.7"),
            ("4.03", "Hyperglycemia (Fasting)", "180.156", "160 8.9, 250 13.9, 500 27.8"),
            ("4.03", "Hyperuricemia", "168.11", "10 0.59"),
            ("4.03", "Hypophosphatemia", "30.974", "2.5 0.8, 2.0 0.6, 1.0 0.3"),
        ],
    )
    @given(data=st.data())
    def test_of_mass_and_of_amount_agree_outside_the_published_rounding(
        self, version: str, term: str, molar_mass: str, bounds: str, data: st.DataObject
    ) -> None:
        per_mmol = Decimal(molar_mass) / 10  # mg/dL in one mmol/L
        bands = [
            sorted((Decimal(mass), Decimal(amount) * per_mmol))
            for mass, amount in (pair.split() for pair in bounds.split(", "))
        ]
        near = st.sampled_from(bands).flatmap(
            lambda band: st.integers(900, 1100).map(lambda part: band[0] * part / 1000)
        )
        value = data.draw(near | FIGURES)
        assume(not any(low <= value <= high for low, high in bands))
        limit = data.draw(MAYBE)
        result = LaboratoryResult(term, value, "mg/dL", lln=limit, uln=limit)
        # the units of the same figures in mmol/L, by division: good to 28 digits
        moles = LaboratoryResult(
            term,
            value / per_mmol,
            "mmol/L",
            lln=None if limit is None else limit / per_mmol,
            uln=None if limit is None else limit / per_mmol,
        )

        assert graded(version, result).grade == graded(version, moles).grade

    def test_every_pair_of_units_of_an_analyte_is_covered_above_or_published(self) -> None:
        mixed = {
            analyte.name
            for analyte in load_units().analytes.values()
            for unit in analyte.units
            for other in analyte.units
            if not load_units().same_dimension(unit, other)
        }

        # haemoglobin has a published table for each of its units
        assert mixed == {
            "hemoglobin",
            "cholesterol",
            "triglycerides",
            "glucose",
            "urate",
            "calcium",
            "calcium, ionized",
            "magnesium",
            "phosphate",
        }


class TestUnknownBaseline:
    @given(st.data(), st.sampled_from(BY_BASELINE))
    def test_never_gives_a_lower_grade_than_a_known_one(
        self, data: st.DataObject, term: tuple[str, TermCriteria]
    ) -> None:
        version, criteria = term
        result = data.draw(results(criteria))
        known = graded(version, replace(result, baseline_abnormal=None))
        unknown = graded(version, replace(result, baseline=None, baseline_abnormal=None))

        if known.grade is not None and unknown.grade is not None:
            assert unknown.grade >= known.grade
