"""The criteria files: sound when loaded, faults named, terms found or said why not."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from safety.coding import load_dictionary
from safety.errors import KnowledgeError
from safety.grading import grades_available
from safety.grading.criteria import Table, TermCriteria
from safety.grading.criteria_file import VERSIONS, build_criteria, find_version, load_criteria
from safety.grading.reasons import Reason
from safety.grading.units import load_units

DATA = files("safety.grading") / "data"
FIVE = (DATA / "laboratory-ctcae-5.0.toml").read_text(encoding="utf-8")


def term(version: str, name: str) -> TermCriteria:
    found = load_criteria(version).find(name)
    assert isinstance(found, TermCriteria)
    return found


class TestLoadCriteria:
    def test_both_versions_stand_side_by_side(self) -> None:
        assert [load_criteria(version).valid_from for version in VERSIONS] == [
            date(2010, 6, 14),
            date(2017, 11, 27),
        ]

    def test_another_version_is_refused(self) -> None:
        with pytest.raises(KnowledgeError, match=r"CTCAE 3\.0"):
            load_criteria("3.0")

    @pytest.mark.parametrize("version", VERSIONS)
    def test_every_unit_of_an_analyte_leads_to_a_published_table(self, version: str) -> None:
        for criteria in load_criteria(version).terms.values():
            if criteria.analyte is None:
                continue
            for spelling in criteria.analyte.by_spelling:
                assert isinstance(criteria.table_for(spelling), Table), (criteria.term, spelling)

    def test_no_grade_is_graded_that_the_term_does_not_have(self) -> None:
        # grade availability as published for v5.0, in the dictionary
        for criteria in load_criteria("5.0").terms.values():
            available = grades_available(criteria.ctcae, load_dictionary())
            assert available is not None, criteria.term
            assert {row.grade for row in criteria.rows} <= available, criteria.term

    @pytest.mark.parametrize("version", VERSIONS)
    def test_terms_without_criteria_are_terms_of_ctcae(self, version: str) -> None:
        text = (DATA / f"laboratory-ctcae-{version}.toml").read_text(encoding="utf-8")
        raw = tomllib.loads(text)
        named = raw["not_graded_on_value_alone"]["terms"] + raw.get("not_in_version", {}).get(
            "terms", []
        )

        assert [each for each in named if load_dictionary().find(each) is None] == (
            ["Hyperglycemia (Fasting)"] if version == "5.0" else []
        )


class TestFind:
    @pytest.mark.parametrize(
        "written",
        [
            "Anemia",
            "ANEMIA",
            "anaemia",
        ],
    )
    def test_case_and_british_spelling_do_not_matter(self, written: str) -> None:
        assert term("5.0", written).term == "Anemia"

    @pytest.mark.parametrize(
        ("version", "name", "reason"),
        [
            ("5.0", "Hyperglycemia", Reason.NOT_GRADED_ON_VALUE_ALONE),
            ("5.0", "Hypophosphatemia", Reason.NOT_GRADED_ON_VALUE_ALONE),
            ("4.03", "Blood lactate dehydrogenase increased", Reason.TERM_NOT_IN_VERSION),
            ("5.0", "Hypertension", Reason.TERM_NOT_A_LABORATORY_TERM),
            ("5.0", "", Reason.TERM_NOT_A_LABORATORY_TERM),
        ],
    )
    def test_a_term_without_criteria_says_why(
        self, version: str, name: str, reason: Reason
    ) -> None:
        assert load_criteria(version).find(name) is reason


class TestTableFor:
    @pytest.mark.parametrize(
        ("name", "unit", "published"),
        [
            ("Cholesterol high", "mg/dL", "mg/dL"),
            ("Cholesterol high", "mmol/L", "mmol/L"),
            ("Anemia", "mmol/L", "mmol/L"),
            ("Platelet count decreased", "10^9/L", "10^9/L"),
            ("Hypercalcemia (Ionized)", "mmol/L", "mmol/L"),
        ],
    )
    def test_a_published_unit_is_never_converted(
        self, name: str, unit: str, published: str
    ) -> None:
        table = term("5.0", name).table_for(unit)

        assert isinstance(table, Table)
        assert (table.unit, table.factor) == (published, Decimal(1))

    def test_a_table_holds_no_bound_of_another(self) -> None:
        table = term("5.0", "Cholesterol high").table_for("mmol/L")

        assert isinstance(table, Table)
        assert {row.unit for row in table.rows} == {"mmol/L"}

    def test_without_a_bound_in_a_unit_the_unit_does_not_matter(self) -> None:
        table = term("5.0", "Lipase increased").table_for("any")

        assert isinstance(table, Table)
        assert (table.unit, table.factor) == (None, Decimal(1))

    @pytest.mark.parametrize(
        ("unit", "reason"),
        [
            (None, Reason.MISSING_UNIT),
            ("  ", Reason.MISSING_UNIT),
            ("g/cL", Reason.UNKNOWN_UNIT),
        ],
    )
    def test_there_is_no_default_unit(self, unit: str | None, reason: Reason) -> None:
        assert term("5.0", "Anemia").table_for(unit) is reason

    def test_a_unit_that_no_table_can_be_reached_from_is_unknown(self) -> None:
        only_one = FIVE.replace('  { grade = 1, from = "> ULN", to = "<= 7.75 mmol/L" },\n', "")
        for bounds in ("> 7.75 mmol/L", "> 10.34 mmol/L", "> 12.92 mmol/L"):
            start = only_one.index(f'from = "{bounds}"')
            line = only_one.rindex("\n", 0, start)
            only_one = only_one[:line] + only_one[only_one.index("\n", start) :]
        found = build_criteria(only_one, load_units()).find("Cholesterol high")

        assert isinstance(found, TermCriteria)
        assert found.table_for("mmol/L") is Reason.UNKNOWN_UNIT


class TestFindVersion:
    @pytest.mark.parametrize("spelling", ["5", "5.0", "v5.0", "CTCAE v5.0", " ctcae 5 "])
    def test_five_has_many_spellings(self, spelling: str) -> None:
        assert find_version(spelling) == "5.0"

    @pytest.mark.parametrize("spelling", ["4", "4.0", "4.03", "CTCAE V4.03"])
    def test_four_is_its_last_edition(self, spelling: str) -> None:
        assert find_version(spelling) == "4.03"

    @pytest.mark.parametrize("spelling", ["", "3.0", "6.0", "five"])
    def test_any_other_is_none(self, spelling: str) -> None:
        assert find_version(spelling) is None


class TestBuildCriteria:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            # a gap: grade 3 of leucopenia would begin below where grade 2 ends
            ('from = "< 2000 /mm3"', 'from = "< 1900 /mm3"', "White blood cell.*no grade begins"),
            # one end excluded at both sides
            ('to = "<= 1.23 mmol/L"', 'to = "< 1.23 mmol/L"', "Hypermagnesemia: no grade begins"),
            # a condition on one side only
            (
                'from = "> 3.0 x baseline", to = "<= 5.0 x baseline", when = "baseline abnormal"',
                'from = "> 3.0 x baseline", to = "<= 5.0 x baseline"',
                "Alanine aminotransferase increased: no grade begins",
            ),
            (
                'grade = 1, from = "> 1.2 INR", to = "<= 1.5 INR"',
                'grade = 1, from = "< 1.2 INR", to = ">= 1.5 INR"',
                "INR increased: '< 1.2 INR' points the other way",
            ),
            (
                '{ grade = 1, from = "> ULN" },',
                '{ grade = 1, from = "> ULN" },\n  { grade = 1, from = "> ULN" },',
                "Blood lactate dehydrogenase increased: a row stands twice",
            ),
            (
                '{ grade = 1, from = "> ULN" },',
                '{ grade = 5, from = "> ULN" },',
                "grade 5 is no grade of a figure",
            ),
            (
                '{ grade = 3, from = "> 100000 /mm3" },',
                '{ grade = 3, from = "> 100000 mg/dL" },',
                "'> 100000 mg/dL' has a unit that its analyte has not",
            ),
            (
                'term = "Lipase increased"\ndirection = "H"',
                'term = "Lipase increased"\ndirection = "H"\nanalyte = "glucose"',
                "Lipase increased: has an analyte, but no bound with a unit",
            ),
            (
                '{ grade = 3, from = "> 20000 /mm3" },',
                '{ grade = 3, from = "> 20000 /mm3" },\n  { grade = 4, from = "> 3000 /mm3" },',
                "'> 3000 /mm3' is nearer to normal than",
            ),
            ('term = "Haptoglobin decreased"', 'term = "Anaemia"', "'Anaemia' is stated twice"),
            ('term = "Haptoglobin decreased"', 'term = "Hyperglycemia"', "is stated twice"),
            ('when = "baseline normal"', 'when = "full moon"', "full moon"),
            ('analyte = "glucose"', 'analyte = "sweat"', "sweat"),
            ('term = "Haptoglobin decreased"\n', "", "missing or unknown: 'term'"),
            ('version = "5.0"', "version = five", "laboratory criteria: .*Invalid value"),
        ],
    )
    def test_a_faulty_row_is_named(self, old: str, new: str, fault: str) -> None:
        assert old in FIVE

        with pytest.raises(KnowledgeError, match=fault):
            build_criteria(FIVE.replace(old, new, 1), load_units())
