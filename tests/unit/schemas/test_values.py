"""Which dates and numbers a field may hold."""

import pytest
from pydantic import ValidationError

from schemas.values import PartialDate, Quantity, Result


def date_fault(value: str, precision: str) -> str:
    with pytest.raises(ValidationError) as caught:
        PartialDate.model_validate_json(f'{{"value": "{value}", "precision": "{precision}"}}')
    return caught.value.errors()[0]["msg"]


class TestPartialDate:
    @pytest.mark.parametrize(
        ("value", "precision"),
        [
            ("1900", "year"),
            ("2100", "year"),
            ("2100-12", "month"),
            ("2016-02-29", "day"),
            ("2014-05-06T00:00", "minute"),
            ("2014-05-06T23:59+14:00", "minute"),
            ("2014-05-06T23:59:59-12:00", "second"),
            ("2014-05-06T05:29:00+05:45", "second"),
        ],
    )
    def test_what_can_be_is_taken(self, value: str, precision: str) -> None:
        text = f'{{"value": "{value}", "precision": "{precision}"}}'

        assert PartialDate.model_validate_json(text).value == value

    @pytest.mark.parametrize(
        ("value", "precision"),
        [
            ("2014-05-06T99:99+99:99", "minute"),
            ("2014-05-06T24:00", "minute"),
            ("2014-05-06T12:60", "minute"),
            ("2014-05-06T12:00:60", "second"),
            ("2014-05-06T12:00+14:01", "minute"),
            ("2014-05-06T12:00+08:60", "minute"),
            ("2014-05-06T12:00-15:00", "minute"),
            ("２０１４", "year"),
            ("2014-05", "day"),
            ("2014-05-06", "month"),
        ],
    )
    def test_a_time_or_offset_that_no_clock_shows_has_the_wrong_shape(
        self, value: str, precision: str
    ) -> None:
        assert "of the shape that its precision names" in date_fault(value, precision)

    def test_a_day_outside_the_calendar_is_refused(self) -> None:
        assert date_fault("2015-02-29", "day") == "this day is not in the calendar"

    @pytest.mark.parametrize(
        ("value", "precision"),
        [
            ("0000", "year"),
            ("0001-01", "month"),
            ("1899-12-31", "day"),
            ("2101-01-01T00:00", "minute"),
            ("9999-12-31T23:59:59-12:00", "second"),
        ],
    )
    def test_a_year_that_nobody_can_mean_is_refused_with_advice(
        self, value: str, precision: str
    ) -> None:
        assert date_fault(value, precision) == "the year must be 1900 to 2100; check the date"


class TestQuantity:
    @pytest.mark.parametrize("value", ["999999999999999", "-999999999999999.5", "0.0001"])
    def test_a_magnitude_that_can_be_measured_is_taken(self, value: str) -> None:
        found = Quantity.model_validate_json(f'{{"value": {value}, "unit": "mg"}}')

        assert str(found.value) == value

    @pytest.mark.parametrize("value", ["1000000000000000", "-1e15", '"1E+29"', "1e400"])
    def test_a_magnitude_beyond_any_measurement_is_refused(self, value: str) -> None:
        for model in (Quantity, Result):
            with pytest.raises(ValidationError):
                model.model_validate_json(f'{{"value": {value}, "unit": "mg"}}')
