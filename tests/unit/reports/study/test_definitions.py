"""What the words of the tables mean; each case is counted by hand on a calendar."""

from datetime import date

import pytest

from reports.study.days import Span, read_span
from reports.study.definitions import is_emergent, is_related
from tests.unit.reports.study.studies import dosed, enrolled, event, study_of

FIRST, LAST = date(2014, 3, 3), date(2014, 6, 30)  # 30 days later is 30 July


def emergent(onset: str | None, end: str | None = None, *, open_end: bool = False) -> bool:
    last = None if open_end else LAST
    return is_emergent(None, read_span(onset), read_span(end), FIRST, last)


class TestReadSpan:
    @pytest.mark.parametrize(
        ("told", "first", "last"),
        [
            ("2014", date(2014, 1, 1), date(2014, 12, 31)),
            ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
            ("2014-05-06T14:30+08:00", date(2014, 5, 6), date(2014, 5, 6)),
        ],
    )
    def test_gives_the_days_it_may_be(self, told: str, first: date, last: date) -> None:
        span = read_span(told)

        assert span is not None
        assert (span.first, span.last) == (first, last)

    @pytest.mark.parametrize("told", [None, {"null": "UNK"}, ""])
    def test_knows_nothing_of_what_was_not_told(self, told: object) -> None:
        assert read_span(told) is None


class TestIsEmergent:
    @pytest.mark.parametrize(
        ("onset", "expected"),
        [
            ("2014-03-02", False),  # the day before the first dose
            ("2014-03-03", True),
            ("2014-06-30", True),
            ("2014-07-30", True),  # the 30th day after the last dose
            ("2014-07-31", False),
            ("2014-03", True),  # may be the 3rd or later
            ("2014-02", False),
            ("2014-07", True),
            ("2014-08", False),
            ("2014", True),
            ("2013", False),
            ("2015", False),
            (None, True),
        ],
    )
    def test_takes_what_a_partial_onset_leaves_open(
        self, onset: str | None, *, expected: bool
    ) -> None:
        assert emergent(onset) is expected

    def test_leaves_out_what_was_over_before_the_first_dose(self) -> None:
        assert not emergent(None, "2014-02")
        assert not emergent("2014", "2014-03-02")
        assert emergent(None, "2014-03")

    def test_has_no_end_while_treatment_is_open(self) -> None:
        assert emergent("2019-01-01", open_end=True)

    @pytest.mark.parametrize("flag", [True, False])
    def test_follows_the_studys_own_flag(self, *, flag: bool) -> None:
        before = Span(date(2014, 1, 1), date(2014, 1, 1), "2014-01-01")

        assert is_emergent(flag, before, None, FIRST, LAST) is flag

    @pytest.mark.parametrize(("flag", "expected"), [(None, True), (True, True), (False, False)])
    def test_takes_a_first_dose_without_a_date_at_its_worst(
        self, *, flag: bool | None, expected: bool
    ) -> None:
        assert is_emergent(flag, read_span("2014-03-02"), None, None, None) is expected

    def test_is_never_so_in_who_was_not_treated(self) -> None:
        data = study_of(
            [enrolled("S1"), enrolled("S2"), dosed("S2", "2014-01-01", None)], [event("S1", "Rash")]
        )

        assert [each.emergent for each in data.events] == [False]


class TestIsRelated:
    @pytest.mark.parametrize(
        ("answers", "investigator", "expected"),
        [
            ((True, False), False, True),  # the sponsor says related
            ((False,), False, False),
            ((False, None), False, False),
            ((None,), None, True),  # missing counts as related
            ((), None, True),
            ((False,), None, True),  # only the sponsor answered
        ],
    )
    def test_takes_the_worst(
        self, answers: tuple[bool | None, ...], *, investigator: bool | None, expected: bool
    ) -> None:
        assert is_related(answers, investigator=investigator) is expected


class TestSafetyPopulation:
    def test_is_who_took_a_dose_placebo_included(self) -> None:
        data = study_of(
            [
                enrolled("S1"),
                dosed("S1", "2014-01-01", "2014-02-01"),
                enrolled("S2", "Placebo"),
                dosed("S2", "2014-01-01", "2014-02-01", daily=0),
                enrolled("S3"),
            ]
        )

        assert [subject.subject_id for subject in data.safety] == ["S1", "S2"]

    def test_is_whom_the_study_flags_where_it_flags(self) -> None:
        data = study_of(
            [
                enrolled("S1", populations=["safety"]),
                enrolled("S2", excluded_from=["safety"]),
                dosed("S2", "2014-01-01", "2014-02-01"),
            ]
        )

        assert [subject.subject_id for subject in data.safety] == ["S1"]

    def test_takes_a_dose_of_zero_beside_others_for_a_pause(self) -> None:
        data = study_of(
            [
                enrolled("S1"),
                dosed("S1", "2014-01-01", "2014-01-10"),
                dosed("S1", "2014-01-11", "2014-01-20", daily=0, number=2),
            ]
        )

        assert data.subjects["S1"].last_dose == date(2014, 1, 10)


class TestSerious:
    def test_is_as_the_study_marks_it_and_the_contradiction_is_kept(self) -> None:
        told = {"serious": False, "preferred_term": "Rash"}
        [found] = study_of(
            [enrolled("S1"), dosed("S1", "2014-01-01", None)],
            [event("S1", "Rash", recorded=told, serious=True, criteria="hospitalisation")],
        ).events

        assert not found.serious
        assert found.doubtful

    def test_counts_what_is_not_settled(self) -> None:
        [found] = study_of([enrolled("S1")], [event("S1", "Rash", serious=None)]).events

        assert found.serious


class TestCoding:
    def test_of_the_study_leaves_its_uncoded_events_uncoded(self) -> None:
        data = study_of(
            [enrolled("S1")],
            [
                event("S1", "RASH", recorded={"preferred_term": "RASH"}),
                event("S1", "Pruritus", number=2, recorded={"row": "AE.2"}),
            ],
        )

        assert {found.verbatim: found.term for found in data.events} == {
            "RASH": "RASH",
            "Pruritus": None,
        }
