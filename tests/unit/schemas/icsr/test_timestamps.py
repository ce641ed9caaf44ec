"""HL7 timestamps as partial dates."""

from datetime import UTC, date, datetime

import pytest

from schemas.icsr.timestamps import parse_timestamp
from schemas.values import PartialDate, Precision


class TestParseTimestamp:
    @pytest.mark.parametrize(
        ("text", "value", "precision"),
        [
            ("2014", "2014", Precision.YEAR),
            ("201405", "2014-05", Precision.MONTH),
            ("20140506", "2014-05-06", Precision.DAY),
            ("20160229", "2016-02-29", Precision.DAY),
            ("201405061430", "2014-05-06T14:30", Precision.MINUTE),
            ("201405061430+0800", "2014-05-06T14:30+08:00", Precision.MINUTE),
            ("20140506143059", "2014-05-06T14:30:59", Precision.SECOND),
            ("20140506143059-0500", "2014-05-06T14:30:59-05:00", Precision.SECOND),
            ("20140506143059+0530", "2014-05-06T14:30:59+05:30", Precision.SECOND),
            ("20140506143059+08", "2014-05-06T14:30:59+08:00", Precision.SECOND),
            ("20140506143059+8", "2014-05-06T14:30:59+08:00", Precision.SECOND),
            ("20140506143059+0000", "2014-05-06T14:30:59+00:00", Precision.SECOND),
        ],
    )
    def test_what_is_given_is_kept_and_nothing_is_filled_in(
        self, text: str, value: str, precision: Precision
    ) -> None:
        stamp = parse_timestamp(text)

        assert stamp is not None
        assert stamp.partial == PartialDate(value=value, precision=precision)
        assert stamp.exact

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2014050614", "2014-05-06"),  # hours alone
            ("20140506143059.25", "2014-05-06T14:30:59"),
            ("20140506+0800", "2014-05-06"),
            ("2014+0800", "2014"),
        ],
    )
    def test_more_than_the_model_holds_is_not_exact(self, text: str, value: str) -> None:
        stamp = parse_timestamp(text)

        assert stamp is not None
        assert (stamp.partial.value, stamp.exact) == (value, False)

    @pytest.mark.parametrize(
        "text",
        [
            "20250230",
            "20150229",
            "201413",
            "0000",
            "20140532",
            "2014050625",
            "201405061460",
            "20140506143060",
            "20140506143059+1500",
            "20140506143059+0860",
            "20140506143059+08:00",
            "2014-05-06",
            "2014-05-06T14:30:59Z",
            "201",
            "20145",
            "2014050",
            "20140506143",
            "20140506.5",
            "unknown",
            "٢٠١٤",
            "99991231235959-1400",
            "1899",
            "18991231",
            "2101",
            "00010101000000+1400",
            "",
        ],
    )
    def test_what_is_no_date_is_none(self, text: str) -> None:
        assert parse_timestamp(text) is None

    def test_the_moment_has_the_offset_that_was_given(self) -> None:
        stamp = parse_timestamp("20140506073000+0800")

        assert stamp is not None
        assert stamp.instant == datetime(2014, 5, 5, 23, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("20140506", date(2014, 5, 6)),
            ("20140506003000+0800", date(2014, 5, 6)),  # the sender's calendar, not UTC's
            ("201405", None),
            ("2014", None),
        ],
    )
    def test_the_day_is_given_only_where_it_is_known(self, text: str, day: date | None) -> None:
        stamp = parse_timestamp(text)

        assert stamp is not None
        assert stamp.day == day
