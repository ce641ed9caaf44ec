"""
Cells of CDISC datasets.

Partial dates: CDISC SDTM Implementation Guide 3.3, section 4.4.2 (ISO 8601, missing parts left out
from the right, or a hyphen for a part inside). SAS dates: days and seconds since 1 January 1960.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.cdisc.values import key_of, may_precede, read_bounded, read_date, read_flag
from schemas.values import PartialDate


def value(text: str, **options: object) -> str | None:
    told = read_date(text, **options)  # type: ignore[arg-type]
    return None if told is None else told["value"]


class TestReadDate:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2014-05-06", "2014-05-06"),
            ("2014-05", "2014-05"),
            ("2014", "2014"),
            ("2014-05--", "2014-05"),
            ("2014---06", "2014"),
            ("2014-05-06T14:30", "2014-05-06T14:30"),
            ("2014-05-06T14:30:15", "2014-05-06T14:30:15"),
            ("2014-05-06 14:30:15.25", "2014-05-06T14:30:15"),
            ("2014-05-06T-:30", "2014-05-06"),
            ("2014-05-06T14", "2014-05-06"),
            ("06MAY2014", "2014-05-06"),
            ("6-May-2014", "2014-05-06"),
            ("UN-MAY-2014", "2014-05"),
            ("UN-UNK-2014", "2014"),
            ("--05-06", None),
            ("--05", None),
            ("-----T14:30", None),
            ("2014-13-01", None),
            ("2014-02-30", None),
            ("1776-07-04", None),
            ("yesterday", None),
            ("", None),
        ],
    )
    def test_a_date_is_known_as_far_as_it_is_told(self, text: str, expected: str | None) -> None:
        assert value(text) == expected

    def test_numbers_count_days_or_seconds_since_1960(self) -> None:
        # 2014-01-02 is 54 years of 365 days, 14 leap days and one day after 1960-01-01: 19725
        assert value("19725") == "2014-01-02"
        assert value("19725.0") == "2014-01-02"
        assert value("1704240000", seconds=True) == "2014-01-02T00:00:00"  # 19725 x 86400

    @pytest.mark.parametrize(
        ("flag", "expected"), [(None, "2014-03-01"), ("D", "2014-03"), ("M", "2014"), ("Y", None)]
    )
    def test_what_an_analysis_made_up_is_taken_away(
        self, flag: str | None, expected: str | None
    ) -> None:
        assert value("2014-03-01", imputed=flag) == expected

    @given(st.text(max_size=30), st.sampled_from([None, "D", "M", "Y"]), st.booleans())
    def test_whatever_is_read_is_a_date_that_messages_may_carry(
        self,
        text: str,
        flag: str | None,
        seconds: bool,  # noqa: FBT001 - given by position
    ) -> None:
        told = read_date(text, imputed=flag, seconds=seconds)

        if told is not None:
            PartialDate.model_validate(told, strict=False)


class TestOrder:
    def test_partial_dates_are_compared_as_far_as_both_are_known(self) -> None:
        may, june = read_date("2014-05"), read_date("2014-06-01")

        assert may_precede(may, june)
        assert not may_precede(june, may)
        assert may_precede(read_date("2014"), may)
        assert may_precede(june, None)


class TestCells:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("<0.5", ("0.5", "<")), ("≥ 3", ("3", ">=")), ("12", ("12", None)), ("NEGATIVE", None)],
    )
    def test_a_result_may_be_a_bound(
        self, text: str, expected: tuple[str, str | None] | None
    ) -> None:
        read = read_bounded(text)

        assert (None if read is None else (str(read[0]), read[1])) == expected

    def test_a_flag_says_yes_no_or_nothing(self) -> None:
        assert [read_flag(text) for text in ("Y", "n", "", "maybe")] == [True, False, None, None]

    def test_keys_of_different_texts_differ(self) -> None:
        assert key_of("01-701-1015") == "01-701-1015"
        assert key_of("01/701") != key_of("01 701")
        assert len(key_of("x" * 500)) <= 50
