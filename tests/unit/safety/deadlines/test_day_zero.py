"""
When the clock starts, and on which day it ends.

Due dates are the computed vectors of the regulatory brief, section 1.6, counted
in calendar days; the dates were checked by hand against a calendar.
"""

import pytest

from safety.rulebooks import Duty
from tests.support.decisions import due, obligations
from tests.support.reports import BASE, follow_up, report


class TestCounting:
    @pytest.mark.parametrize(
        ("day_zero", "expected"),
        [
            ("2026-02-20", "2026-03-07"),  # a Saturday stays a Saturday
            ("2024-02-20", "2024-03-06"),  # across a leap day
            ("2025-12-24", "2026-01-08"),  # across the holidays and the year's end
        ],
    )
    def test_fifteen_calendar_days(self, day_zero: str, expected: str) -> None:
        told = report(received_at=f"{day_zero}T09:00:00+08:00", most_recent_information=day_zero)

        assert [d.isoformat() for d in due("EMA", Duty.INITIAL, told)] == [expected]


class TestOfficeCalendar:
    @pytest.mark.parametrize(
        ("instant", "zone", "expected"),
        [
            ("2026-03-01T23:40:00+00:00", "Asia/Shanghai", "2026-03-17"),
            ("2026-03-01T23:40:00+00:00", "Europe/Berlin", "2026-03-17"),
            ("2026-03-01T23:40:00+00:00", "UTC", "2026-03-16"),
            ("2026-03-01T23:40:00+00:00", "America/New_York", "2026-03-16"),
            ("2026-03-02T00:30:00+08:00", "Asia/Shanghai", "2026-03-17"),
            ("2026-03-02T00:30:00+08:00", "Europe/Berlin", "2026-03-16"),
        ],
    )
    def test_day_zero_is_the_local_day_of_the_office(
        self, instant: str, zone: str, expected: str
    ) -> None:
        told = report(received_at=instant, office_zone=zone)

        assert [d.isoformat() for d in due("EMA", Duty.INITIAL, told)] == [expected]


class TestChannels:
    def test_the_earliest_of_all_channels_counts(self) -> None:
        told = report(
            awareness=[
                {"channel": "site_monitor", "day": "2026-02-26"},
                {
                    "channel": "call_centre",
                    "at": "2026-02-25T23:30:00+00:00",
                    "zone": "Asia/Shanghai",
                },
            ]
        )
        (ema,) = [o for o in obligations(told) if o.authority == "EMA"]

        assert ema.day_zero.isoformat() == "2026-02-26"
        assert ema.due.isoformat() == "2026-03-13"

    def test_receipt_counts_where_it_is_the_earliest(self) -> None:
        told = report(awareness=[{"channel": "partner", "day": "2026-03-05"}])

        assert [d.isoformat() for d in due("EMA", Duty.INITIAL, told)] == ["2026-03-17"]


class TestMinimumCriteria:
    def test_day_zero_is_the_day_the_last_criterion_arrived(self) -> None:
        incomplete = report(reporters=None)
        completed = follow_up(day="2026-03-09", reporters=BASE["reporters"])

        assert [d.isoformat() for d in due("EMA", Duty.INITIAL, incomplete, completed)] == [
            "2026-03-24"
        ]
