"""
A study of three arms, counted by hand.

A: S1, S2, S3 (S3 without events); B: S4, S5; C: S6. Each treated from 1 January 2014.
"""

from typing import Any

import pytest

from reports.study.arms import UnknownArmError
from reports.study.build import Choices
from reports.study.drill import DrillError, drill
from reports.study.model import StudyData
from reports.tables import table_faults
from tests.unit.reports.study.studies import (
    assessed,
    cell,
    counts,
    dosed,
    enrolled,
    event,
    measured,
    row_of,
    study_of,
    tables_of,
    treated,
)

SKIN, GUT = "Skin disorders", "Gastrointestinal disorders"


def study() -> StudyData:
    arm_of = {"S1": "A", "S2": "A", "S3": "A", "S4": "B", "S5": "B", "S6": "C"}
    records = [
        record
        for subject, arm in arm_of.items()
        for record in (
            enrolled(subject, arm, arm_rank="ABC".index(arm), age_years=60, sex="male"),
            # 1 January to 10 April: 31 + 28 + 31 + 10 = 100 days
            dosed(subject, "2014-01-01", "2014-04-10"),
        )
    ]
    records += [
        assessed("S4", "2014-04-20", "dead", cause_of_death={"text": "肝细胞癌进展"}),
        assessed("S6", "2014-09-01", "dead"),
    ]
    first = {"onset": "2014-01-10", "ended": "2014-01-19"}  # day 10, 10 days
    return study_of(
        records,
        [
            event("S1", "Rash", SKIN, grade=1, **first, outcome="recovered"),
            event("S1", "Rash", SKIN, number=2, grade=3, onset="2014-02-01", related="Possible"),
            event("S1", "Pruritus", SKIN, number=3, onset="2014-02-01", action="withdrawn"),
            event(
                "S2", "Rash", SKIN, grade=2, onset="2014-03-01", serious=True, related="Probable"
            ),
            event("S2", "Diarrhoea", GUT, onset="2013-12-31"),  # before the first dose
            event("S4", "Diarrhoea", GUT, grade=3, onset="2014-05-11"),  # 31 days after the last
            event("S4", "Diarrhoea", GUT, number=2, grade=2, onset="2014-05-10", related=None),
            event(
                "S5", None, None, onset="2014-01-05", action="dose_reduced", verbatim="大便次数增多"
            ),
            event("S6", "Rash", SKIN, grade=5, onset="2014-01-05", fatal=True, serious=True),
            event("S9", "Rash", SKIN, onset="2014-01-05"),  # nobody of that id
        ],
    )


class TestColumns:
    def test_are_the_arms_in_their_order_and_the_total(self) -> None:
        table = tables_of(study())["T2"]

        told = [(c.column_id, c.label, c.size) for c in table.columns]
        assert told == [("A", "A", 3), ("B", "B", 2), ("C", "C", 1), ("total", "Total", 6)]

    def test_of_one_arm_have_no_total(self) -> None:
        data = study_of([enrolled("S1", "only"), dosed("S1", "2014-01-01", None)])

        assert [c.column_id for c in tables_of(data)["T2"].columns] == ["only"]


class TestCounts:
    @pytest.mark.parametrize(
        ("table", "label", "column", "expected"),
        [
            ("T1", "Any TEAE", "A", (2, 4)),
            ("T1", "Any TEAE", "total", (5, 7)),
            ("T1", "Related TEAE", "A", (2, 2)),
            ("T1", "Related TEAE", "B", (1, 1)),  # without an answer
            ("T1", "Serious TEAE", "total", (2, 2)),
            ("T1", "Related serious TEAE", "total", (1, 1)),
            ("T1", "TEAE leading to permanent discontinuation", "A", (1, 1)),
            ("T1", "TEAE leading to dose reduction", "B", (1, 1)),
            ("T1", "Fatal TEAE", "C", (1, 1)),
            ("T1", "Worst grade 3", "A", (1, 1)),
            ("T1", "Worst grade 2", "A", (1, 1)),
            ("T1", "Worst grade 1", "A", (0, 0)),  # S1's worst is 3
            ("T1", "Grade missing", "total", (1, 1)),  # S5; S1's Pruritus has grades beside it
            ("T1", "Key risk: Diarrhoea", "B", (1, 1)),
            ("T2", "Any TEAE", "A", (2, 4)),
            ("T2", SKIN, "A", (2, 4)),
            ("T2", "Rash", "A", (2, 3)),
            ("T2", "Rash", "total", (3, 4)),
            ("T2", "Diarrhoea", "B", (1, 1)),
            ("T2", "Pruritus", "B", (0, 0)),
            ("T4", "Rash", "A", (2, 2)),
            ("T6", "Rash", "total", (2, 2)),
            ("T7", "Rash", "total", (1, 1)),
            ("T8", "Pruritus", "A", (1, 1)),
            ("T9", "Any TEAE leading to dose modification", "B", (1, 1)),
        ],
    )
    def test_are_by_subject_once_a_level(
        self, table: str, label: str, column: str, expected: tuple[int, int]
    ) -> None:
        assert counts(tables_of(study())[table], label, column) == expected

    def test_of_what_has_no_code_stand_under_their_own_words(self) -> None:
        rows = [
            (row.level, row.label) for row in tables_of(study())["T2"].rows if "coding" in row.label
        ]

        assert rows == [("soc", "No coding available"), ("pt", "No coding available")]

    def test_are_in_the_order_that_the_footnote_says(self) -> None:
        rows = [(row.level, row.label) for row in tables_of(study())["T2"].rows]

        assert rows == [
            ("overall", "Any TEAE"),
            ("soc", GUT),
            ("pt", "Diarrhoea"),
            ("soc", SKIN),
            ("pt", "Rash"),
            ("pt", "Pruritus"),
            ("soc", "No coding available"),
            ("pt", "No coding available"),
        ]

    def test_by_worst_grade_put_each_subject_in_one_column(self) -> None:
        row = row_of(tables_of(study())["T3"], "Rash")

        told = {name: c.n for name, c in row.cells.items() if name.startswith("A|")}
        assert told == {
            "A|grade-1": 0,
            "A|grade-2": 1,
            "A|grade-3": 1,
            "A|grade-4": 0,
            "A|grade-5": 0,
            "A|missing": 0,
            "A|total": 2,
        }

    @pytest.mark.parametrize("table_id", sorted(tables_of(study())))
    def test_never_contradict_themselves(self, table_id: str) -> None:
        assert not list(table_faults(tables_of(study())[table_id]))


class TestFootnotes:
    def test_say_where_zero_means_that_nobody_recorded_it(self) -> None:
        tables = tables_of(study())

        for name in ("T1", "T8", "T9"):
            assert any("not recorded for 5 of 7 events" in n for n in tables[name].footnotes)


class TestSpelling:
    def test_of_a_term_is_one_in_every_table(self) -> None:
        data = study_of(
            [
                record
                for name in ("S1", "S2", "S3")
                for record in (enrolled(name), dosed(name, "2014-01-01", None))
            ],
            [
                event("S1", "Diarrhea", "GASTROINTESTINAL DISORDERS"),
                event("S2", "Diarrhoea", GUT),
                event("S3", "Diarrhoea", GUT),
                event("S3", "DIARRHOEA", GUT, number=2),
            ],
        )
        tables = tables_of(data)

        for name in ("T2", "T3", "T4", "T11", "T15"):
            terms = [row.label for row in tables[name].rows if row.level == "pt"]
            assert terms == ([] if name == "T4" else ["Diarrhoea"]), name
        assert counts(tables["T2"], "Diarrhoea", "A") == (3, 4)
        assert counts(tables["T2"], GUT, "A") == (3, 4)


class TestComparison:
    def test_gives_fishers_p_of_the_arm_asked_for(self) -> None:
        table = tables_of(study(), Choices(compare=("b", "A")))["T2"]

        # Rash: 0 of 2 in B, 2 of 3 in A; tables (0,2) (1,1) (2,0) of 2 have 1/10, 6/10, 3/10
        assert row_of(table, "Rash").p == {"B": pytest.approx(0.4)}
        assert any("B against A" in note for note in table.footnotes)

    def test_gives_none_unless_asked(self) -> None:
        assert not row_of(tables_of(study())["T2"], "Rash").p

    @pytest.mark.parametrize("pair", [("A", "D"), ("A", "a")])
    def test_refuses_an_arm_that_is_not_there_and_itself(self, pair: tuple[str, str]) -> None:
        with pytest.raises(UnknownArmError):
            tables_of(study(), Choices(compare=pair))


class TestDeaths:
    def test_are_parted_at_thirty_days_after_the_last_dose(self) -> None:
        table = tables_of(study())["T10"]
        under = "Under treatment or at most 30 days after the last dose"
        later = "More than 30 days after the last dose"

        assert cell(table, "All deaths", "total").n == 2
        assert cell(table, "Disease under study", "B", under).n == 1
        assert cell(table, "Adverse event, not related", "C", later).n == 1

    def test_do_not_count_who_was_seen_alive_after_a_fatal_event(self) -> None:
        fatal: dict[str, Any] = {
            "fatal": True,
            "serious": True,
            "onset": "2014-02-01",
            "ended": "2014-02-02",
        }
        data = study_of(
            [
                *(enrolled(name) for name in ("S1", "S2")),
                *(dosed(name, "2014-01-01", "2014-04-10") for name in ("S1", "S2")),
                assessed("S1", "2014-01-15", "alive"),
                assessed("S2", "2014-03-01", "alive"),
            ],
            [event("S1", "Rash", **fatal), event("S2", "Rash", **fatal)],
        )
        table = tables_of(data)["T10"]

        assert cell(table, "All deaths", "A").subjects == {"S1"}
        assert table.footnotes[1].startswith("1 subjects were told to have died")

    def test_are_as_the_disposition_says_whatever_is_told_beside_it(self) -> None:
        data = study_of(
            [
                *(enrolled(name) for name in ("S1", "S2")),
                *(dosed(name, "2014-01-01", "2014-04-10") for name in ("S1", "S2")),
                assessed("S1", "2014-05-01", "dead", scope="study"),
                assessed("S1", "2014-06-01", "alive"),
                assessed("S2", "2014-05-01", "dead"),  # such as by a time-to-event file
                assessed("S2", "2014-06-01", "completed", scope="study"),
            ]
        )

        assert cell(tables_of(data)["T10"], "All deaths", "A").subjects == {"S1"}


class TestCourse:
    def test_gives_outcome_duration_and_onset(self) -> None:
        table = tables_of(study())["T13"]

        assert cell(table, "Recovered", "A", "Rash").events == 1
        assert cell(table, "Duration, days", "A", "Rash").text == "10.0 (10 to 10)"
        # S1 on day 10, S2 on day 60 (31 + 28 + 1)
        assert cell(table, "Time to first onset, days", "A", "Rash").text == "35.0 (10 to 60)"

    @pytest.mark.parametrize("term", ["Diarrhoea", "Diarrhea", "DIARRHOEA", "Hand-foot syndrome"])
    def test_does_not_show_the_events_of_a_key_risk_again_as_those_of_its_only_term(
        self, term: str
    ) -> None:
        data = study_of([enrolled("S1"), dosed("S1", "2014-01-01", None)], [event("S1", term)])

        shown = [row.label for row in tables_of(data)["T13"].rows if row.level == "event"]
        [label] = shown
        assert label in {"Key risk: Diarrhoea", "Key risk: Hand-foot skin reaction"}

    def test_takes_uncoded_words_of_a_key_risk_for_no_second_term(self) -> None:
        events = [event("S1", "Diarrhea"), event("S1", None, None, number=2, verbatim="腹泻")]
        data = study_of([enrolled("S1"), dosed("S1", "2014-01-01", None)], events)

        shown = [row.label for row in tables_of(data)["T13"].rows if row.level == "event"]
        assert shown == ["Key risk: Diarrhoea", "No coding available"]

    def test_shows_a_term_that_is_a_part_of_a_key_risk_of_its_name(self) -> None:
        events = [event("S1", "Hypertension"), event("S1", "Blood pressure increased", number=2)]
        data = study_of([enrolled("S1"), dosed("S1", "2014-01-01", None)], events)
        table = tables_of(data)["T13"]

        assert counts(table, "Key risk: Hypertension", "A") == (1, 2)
        assert counts(table, "Hypertension", "A") == (1, 1)
        assert counts(table, "Blood pressure increased", "A") == (1, 1)


class TestExposure:
    def test_gives_duration_and_intensity(self) -> None:
        data = study_of(
            [
                enrolled("S1"),
                dosed("S1", "2014-01-01", "2014-01-10"),  # 10 days of 800 mg
                dosed(
                    "S1",
                    "2014-01-11",
                    "2014-01-20",
                    0,
                    2,
                    change="interrupted",
                    reason="adverse_event",
                ),
                dosed("S1", "2014-01-21", "2014-01-30", 400, 3, change="reduced"),
            ]
        )
        table = tables_of(data)["T14"]

        assert cell(table, "Median (quartiles)", "A", "Duration of treatment, days").value == 30
        # (10 x 800 + 10 x 400) / 30 = 400 mg a day, half of 800
        assert cell(table, "Median (quartiles)", "A", "Average daily dose, mg").value == 400
        assert cell(table, "Median (quartiles)", "A", "Relative dose intensity, %").value == 50
        assert cell(table, "Dose reduced", "A").n == 1
        assert cell(table, "for: adverse event", "A").n == 1

    def test_ends_an_open_treatment_with_the_last_observation(self) -> None:
        data = study_of(
            [
                enrolled("S1"),
                dosed("S1", "2014-01-01", None),
                assessed("S1", "2014-01-31", "no_evidence_of_disease"),
            ]
        )

        table = tables_of(data)["T14"]
        assert cell(table, "Median (quartiles)", "A", "Duration of treatment, days").value == 31


class TestRates:
    def test_count_time_to_the_first_event(self) -> None:
        # S1: event on day 10. S2: none, at risk to 10 April + 30 days: 130 days, as it was seen
        data = study_of(
            [
                enrolled("S1"),
                dosed("S1", "2014-01-01", "2014-04-10"),
                enrolled("S2"),
                dosed("S2", "2014-01-01", "2014-04-10"),
                assessed("S1", "2014-12-31", "alive"),
                assessed("S2", "2014-12-31", "alive"),
            ],
            [event("S1", "Rash", onset="2014-01-10")],
        )
        row = row_of(tables_of(data)["T15"], "Rash")

        assert row.cells["A|eair"].value == pytest.approx(1 / (140 / 36525))
        assert row.cells["A|eaer"].value == pytest.approx(1 / (260 / 36525))

    def test_leave_out_who_has_no_date_of_the_first_dose_and_say_so(self) -> None:
        safe: dict[str, Any] = {"populations": ["safety"]}
        data = study_of(
            [
                enrolled("S1", **safe),
                dosed("S1", "2014-01-01", "2014-12-31"),
                enrolled("S2", **safe),
            ],
            [event("S1", "Rash", onset="2014-06-01"), event("S2", "Rash")],
        )
        tables = tables_of(data)

        assert counts(tables["T2"], "Rash", "A") == (2, 2)
        assert cell(tables["T15"], "Any TEAE", "A|eaer").subjects == {"S1"}
        assert tables["T15"].footnotes[-1].startswith("1 subjects whose first dose has no date")

    def test_are_not_estimable_without_time_at_risk(self) -> None:
        data = study_of([enrolled("S1", populations=["safety"])], [event("S1", "Rash")])

        assert row_of(tables_of(data)["T15"], "Any TEAE").cells["A|eair"].text == "NE"


class TestLaboratory:
    def test_shifts_from_baseline_to_the_worst(self) -> None:
        # CTCAE 5.0, ALT, normal baseline: above 3 to 5 x ULN is grade 2, above 5 grade 3
        data = study_of(
            [
                enrolled("S1"),
                dosed("S1", "2014-01-01", "2014-04-10"),
                measured("S1", "ALT", "2013-12-30", 30, 50, "U/L", baseline=True),
                measured("S1", "ALT", "2014-02-01", 200, 50, "U/L"),
                measured("S1", "ALT", "2014-03-01", 300, 50, "U/L"),
                measured("S1", "Total bilirubin", "2014-03-01", 50, 20, "umol/L"),
            ]
        )
        tables = tables_of(data)
        row = row_of(tables["T16"], "Baseline grade 0", "Alanine aminotransferase increased")

        assert {name: c.n for name, c in row.cells.items() if c.n} == {"A|grade-3": 1}
        assert cell(tables["T16L"], "Both: potential Hy's law quadrant", "A").n == 1


class TestOutcomes:
    def data(self) -> StudyData:
        """Four subjects: recurrence at 6 months, death at 12, seen without at 18 and at 24."""
        records = [
            record
            for subject in ("S1", "S2", "S3", "S4")
            for record in (enrolled(subject), dosed(subject, "2014-01-01", "2014-03-01"))
        ]
        return study_of(
            [
                *records,
                assessed("S1", "2014-07-02", "recurrence"),  # 182 days, 5.98 months
                assessed("S1", "2016-06-01", "alive"),
                assessed("S2", "2014-06-01", "no_evidence_of_disease"),
                assessed("S2", "2014-12-31", "dead"),  # 364 days, 11.96 months
                assessed("S3", "2015-07-02", "no_evidence_of_disease"),
                assessed("S4", "2016-01-02", "no_evidence_of_disease"),
                treated("S1", "TACE", "anti_cancer", "2014-07-10"),
                treated("S2", "Huaier", "anti_cancer", "2014-02-01"),
            ]
        )

    def test_disease_free_survival_counts_recurrence_and_death(self) -> None:
        table = tables_of(self.data())["O4"]

        assert cell(table, "With recurrence, progression or death", "A").n == 2
        # 3/4 x 2/3 = 50 % without event at one year
        assert cell(table, "Without event at 1 year, % (95 % CI)", "A").value == pytest.approx(50)
        assert cell(table, "At risk at 1 year", "A").n == 2

    def test_recurrence_censors_death(self) -> None:
        tables = tables_of(self.data())

        assert cell(tables["O8"], "With recurrence or progression", "A").n == 1
        rate = cell(tables["O5"], "Recurrence rate, % (95 % CI)", "A", "Year 1")
        # S2 is censored at the last assessment, in month 5: 1 of the 3 left recurs in month 6
        assert rate.value == pytest.approx(100 / 3)

    def test_survival_counts_death_alone(self) -> None:
        tables = tables_of(self.data())

        assert cell(tables["O7"], "With death", "A").n == 1
        rate = cell(tables["O6"], "Survival rate, % (95 % CI)", "A", "Year 1")
        assert rate.value == pytest.approx(75)

    def test_treatment_is_parted_at_the_recurrence(self) -> None:
        table = tables_of(self.data())["O2"]

        assert cell(table, "TACE", "A", "Treatment after recurrence").n == 1
        assert cell(table, "Huaier", "A", "Concomitant anti-cancer therapy").n == 1

    def test_are_left_out_where_no_disease_was_watched(self) -> None:
        assert "O4" not in tables_of(study())


class TestDrill:
    def drilled(self, asked: str) -> list[tuple[str, tuple[str, ...]]]:
        data = study()
        return [
            (one.column, one.subjects) for one in drill(asked, [*tables_of(data).values()], data)
        ]

    def test_gives_the_subjects_behind_a_number(self) -> None:
        assert self.drilled("T3: Rash grade 3") == [
            ("A / Grade 3", ("S1",)),
            ("B / Grade 3", ()),
            ("C / Grade 3", ()),
            ("Total / Grade 3", ("S1",)),
        ]

    def test_knows_both_spellings_of_english(self) -> None:
        assert self.drilled("T2: DIARRHEA B") == [("B", ("S4",))]

    def test_gives_every_column_unless_one_is_named(self) -> None:
        assert self.drilled("t2: rash A") == [("A", ("S1", "S2"))]
        assert len(self.drilled("T2: Rash")) == 4

    @pytest.mark.parametrize(
        "asked", ["T15: Rash EAIR A", "T13: Rash A", "T14: Mean (SD) A", "T10: All deaths Total"]
    )
    def test_knows_who_is_behind_every_figure(self, asked: str) -> None:
        assert all(subjects for _, subjects in self.drilled(asked))

    def test_gives_the_events_that_the_row_is_about(self) -> None:
        data = study()
        [found] = drill("T2: Rash C", [*tables_of(data).values()], data)

        assert [one.key for one in found.events] == [("S6-Rash-1", "AE1")]

    def test_gives_the_events_of_a_key_risk(self) -> None:
        data = study()
        for asked in (
            "T1: Key risk: Diarrhoea B",
            "T12: Diarrhoea B",
            "T13: Key risk: Diarrhoea B",
        ):
            found = [one for one in drill(asked, [*tables_of(data).values()], data) if one.events]

            assert [e.key for e in found[0].events] == [("S4-Diarrhoea-2", "AE2")], asked

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("T99: Rash", "there are O0"),
            ("T2: Rahs", "near ones: Rash"),
            ("T3: Rash grade 9", "Grade 1"),
            ("T3", "name a row"),
        ],
    )
    def test_says_what_comes_near(self, asked: str, told: str) -> None:
        with pytest.raises(DrillError, match=told):
            self.drilled(asked)
