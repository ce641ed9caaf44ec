"""
Expectedness of sorafenib events.

The seeds are the worked examples of regulatory facts 4.3; the others apply its cases (a) to (e) to
the table of 4.2.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.coding import load_dictionary
from safety.expectedness import (
    Expectedness,
    Outcome,
    Reason,
    assess_expectedness,
    load_reference_safety_information,
)

PPE = "Palmar-plantar erythrodysesthesia syndrome"
TERMS = [term.name for term in load_dictionary().terms]
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2030, 12, 31))
HARM = {Outcome.EXPECTED: 0, Outcome.NEEDS_PERSON: 1, Outcome.UNKNOWN: 1, Outcome.UNEXPECTED: 2}


def assess(
    term: str | None,
    grade: int | None = 3,
    *,
    fatal: bool | None = None,
    on: date | None = None,
    region: str = "EU",
) -> Expectedness:
    rsi = load_reference_safety_information(region)
    return assess_expectedness(term, grade=grade, fatal=fatal, on=on, rsi=rsi)


class TestAssessExpectedness:
    @pytest.mark.parametrize(
        ("term", "grade", "fatal", "outcome"),
        [
            # regulatory facts 4.3, "Worked seeds", one line each
            ("Diarrhea", 3, False, Outcome.EXPECTED),
            (PPE, 3, False, Outcome.EXPECTED),
            ("Hypertension", 3, False, Outcome.EXPECTED),
            ("Gastrointestinal hemorrhage", 5, True, Outcome.EXPECTED),
            ("Upper gastrointestinal hemorrhage", 5, True, Outcome.EXPECTED),
            ("Stevens-Johnson syndrome", 5, True, Outcome.NEEDS_PERSON),
            ("Hepatic failure", 4, False, Outcome.UNEXPECTED),
            ("Hepatic encephalopathy", 3, False, Outcome.NEEDS_PERSON),
            ("Aortic dissection", 4, False, Outcome.EXPECTED),
            ("Ascites", 3, False, Outcome.NEEDS_PERSON),
            ("Esophageal varices hemorrhage", 4, False, Outcome.NEEDS_PERSON),
            ("Acute kidney injury", 3, False, Outcome.EXPECTED),
            ("Pulmonary embolism", 4, False, Outcome.UNEXPECTED),
        ],
    )
    def test_the_worked_seeds(
        self, term: str, grade: int, *, fatal: bool, outcome: Outcome
    ) -> None:
        assert assess(term, grade, fatal=fatal).outcome is outcome

    def test_thrombotic_microangiopathy_is_listed_in_switzerland_only(self) -> None:
        # regulatory facts 4.3: regional difference
        assert assess("Thrombotic microangiopathy", region="CH").outcome is Outcome.EXPECTED
        for region in ("EU", "US", "CN"):
            assert assess("Thrombotic microangiopathy", region=region).unexpected is True

    @pytest.mark.parametrize(
        ("term", "grade", "fatal", "reason"),
        [
            (None, 3, None, Reason.NOT_CODED),
            ("Overdose", None, None, Reason.NOT_A_REACTION),
            ("Investigations - Other, specify", 3, None, Reason.NOT_A_REACTION),
            ("Disease progression", 5, True, Reason.DISEASE_RELATED),
            ("GGT increased", 3, None, Reason.NOT_LISTED),
            ("Death NOS", 5, True, Reason.NOT_LISTED),
            ("Torsade de pointes", 4, None, Reason.GRAVER_THAN_LISTED),
            ("Fulminant hepatitis", 4, None, Reason.GRAVER_THAN_LISTED),
            ("Hepatic necrosis", 4, None, Reason.GRAVER_THAN_LISTED),  # 21 CFR 312.32(a)
            ("Embryo-fetal toxicity", None, None, Reason.CLASS_LANGUAGE),
            ("Diarrhea", 5, None, Reason.FATAL_NOT_LISTED),
            ("Diarrhea", None, True, Reason.FATAL_NOT_LISTED),
            ("Lung infection", 5, True, Reason.FATAL_NOT_LISTED),
            ("Hypophosphatemia", 4, None, Reason.ABOVE_LISTED_GRADE),
            ("Tumor lysis syndrome", 5, True, Reason.FATAL_UNCLEAR),
            ("Alanine aminotransferase increased", 4, None, Reason.GRADE_UNCLEAR),
            ("Impaired healing", 2, None, Reason.WARNING_ONLY),
            ("Lung infection", 3, None, Reason.NOT_SETTLED),
            ("Hepatic function abnormal", 2, None, Reason.NOT_SETTLED),
            ("Hypophosphatemia", None, None, Reason.GRADE_MISSING),
            ("Hypophosphatemia", 3, None, Reason.LISTED),
            ("Toxic epidermal necrolysis", 5, True, Reason.LISTED),
        ],
    )
    def test_each_case_decides_in_its_turn(
        self, term: str | None, grade: int | None, *, fatal: bool | None, reason: Reason
    ) -> None:
        assert assess(term, grade, fatal=fatal).reason_code is reason

    @pytest.mark.parametrize(
        "term",
        # the asterisks of regulatory facts 4.2
        [
            "Reversible posterior leukoencephalopathy syndrome",
            "Heart failure",
            "Myocardial ischemia",
            "Myocardial infarction",
            "Gastrointestinal hemorrhage",
            "Bronchopulmonary hemorrhage",
            "Intracranial hemorrhage",
            "Hypertensive crisis",
            "Interstitial lung disease",
            "Gastrointestinal perforation",
            "Drug-induced hepatitis",
            "Toxic epidermal necrolysis",
        ],
    )
    def test_a_fatal_case_is_expected_where_the_label_has_its_asterisk(self, term: str) -> None:
        assert assess(term, 5, fatal=True).outcome is Outcome.EXPECTED

    @pytest.mark.parametrize(
        ("term", "before", "from_then"),
        [
            ("Aortic dissection", date(2019, 10, 3), date(2019, 10, 4)),
            ("Tumor lysis syndrome", date(2022, 10, 30), date(2022, 10, 31)),
        ],
    )
    def test_the_text_in_force_on_the_day_of_onset_counts(
        self, term: str, before: date, from_then: date
    ) -> None:
        assert assess(term, on=before).outcome is Outcome.UNEXPECTED
        assert assess(term, on=from_then).outcome is Outcome.EXPECTED
        assert assess(term, on=None).outcome is Outcome.EXPECTED

    @pytest.mark.parametrize(
        ("on", "version"),
        [
            (date(2006, 7, 19), "2006-07"),
            (date(2014, 5, 6), "2006-07"),
            (date(2019, 10, 3), "2006-07"),
            (date(2019, 10, 4), "2019-10"),
            (date(2026, 1, 1), "2022-10"),
            (None, "2022-10"),
        ],
    )
    def test_the_version_of_the_label_is_kept(self, on: date | None, version: str) -> None:
        assert assess("Diarrhea", on=on).label_version == version

    def test_before_the_first_label_a_person_decides(self) -> None:
        assessment = assess("Diarrhea", on=date(2005, 1, 1))

        assert assessment.reason_code is Reason.NO_LABEL_IN_FORCE
        assert (assessment.unexpected, assessment.label_version) == (None, None)

    @pytest.mark.parametrize("term", ["Diarrhoea", "DIARRHEA", "diarrhea"])
    def test_the_spelling_of_a_term_plays_no_part(self, term: str) -> None:
        assert assess(term).outcome is Outcome.EXPECTED

    def test_an_unstated_outcome_is_not_taken_for_a_death(self) -> None:
        assert assess("Diarrhea", 3, fatal=None).outcome is Outcome.EXPECTED

    def test_a_conclusion_explains_itself(self) -> None:
        assessment = assess("Hepatic failure", 4)

        assert (assessment.row, assessment.concept) == (
            "drug-induced-hepatitis",
            "Drug-induced hepatitis",
        )
        assert assessment.label_id == "EU-SmPC-sorafenib"
        assert assessment.reason.startswith("graver than what the label lists; ")
        assert dict(assessment.evidence)["terms"] == "M-high"

    def test_in_china_an_expected_event_says_that_frequency_was_not_assessed(self) -> None:
        assert "frequency" in assess("Diarrhea", region="CN").reason
        assert "frequency" not in assess("Diarrhea", region="EU").reason

    def test_in_the_united_states_liver_injury_is_listed_by_name(self) -> None:
        assert assess("Drug-induced liver injury", region="US").outcome is Outcome.EXPECTED
        assert assess("Drug-induced liver injury", region="EU").outcome is Outcome.NEEDS_PERSON

    @given(
        term=st.sampled_from(TERMS),
        grade=st.integers(1, 5),
        other=st.integers(1, 5),
        fatal=st.none() | st.booleans(),
        on=DAYS,
    )
    def test_a_graver_grade_is_never_more_expected(
        self, term: str, grade: int, other: int, *, fatal: bool | None, on: date | None
    ) -> None:
        low, high = sorted((grade, other))

        milder = assess(term, low, fatal=fatal, on=on)
        graver = assess(term, high, fatal=fatal, on=on)
        assert HARM[graver.outcome] >= HARM[milder.outcome]

    @given(
        st.sampled_from(TERMS),
        st.none() | st.integers(1, 5),
        DAYS,
        st.sampled_from(["EU", "US", "CH", "CN"]),
    )
    def test_a_death_is_never_more_expected(
        self, term: str, grade: int | None, on: date | None, region: str
    ) -> None:
        alive = assess(term, grade, fatal=False, on=on, region=region)
        dead = assess(term, grade, fatal=True, on=on, region=region)

        assert HARM[dead.outcome] >= HARM[alive.outcome]


class TestUnexpected:
    def test_it_is_true_or_false_only_where_the_label_decides(self) -> None:
        assert assess("Pulmonary embolism").unexpected is True
        assert assess("Diarrhea").unexpected is False
        assert assess("Hepatic encephalopathy").unexpected is None
        assert assess(None).unexpected is None
