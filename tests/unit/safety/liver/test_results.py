"""Results as read and as compared; figures by hand."""

from decimal import Decimal
from typing import Any

import pytest

from safety.causality import Days, parse_days
from safety.liver import BaselineValue, LiverResult, derive_baseline, read_liver_result
from safety.liver.criteria import Sign, Test
from safety.liver.results import Bounds, is_raised

RECORD: dict[str, Any] = {
    "test": "ALT",
    "collected": {"value": "2014-05-06", "precision": "day"},
    "result": {"value": "150", "unit": "U/L"},
    "high": "50",
}


def on(day: str) -> Days | None:
    return parse_days({"value": day})


class TestReadLiverResult:
    def test_a_record_of_the_study_becomes_a_result(self) -> None:
        record = RECORD | {"baseline": True, "result": {**RECORD["result"], "comparator": ">"}}

        assert read_liver_result("LB01", record) == LiverResult(
            test="ALT",
            value=Decimal(150),
            unit="U/L",
            day=on("2014-05-06"),
            source="LB01",
            upper_limit=Decimal(50),
            comparator=">",
            baseline=True,
        )

    @pytest.mark.parametrize(
        ("name", "test"),
        [
            ("SGPT", "ALT"),
            ("谷丙转氨酶", "ALT"),
            ("Total bilirubin", "TBL"),
            ("Bilirubin, total", "TBL"),
            ("总胆红素", "TBL"),
            ("直接胆红素", "DBL"),
            ("Alkaline phosphatase", "ALP"),
            ("INR", "INR"),
        ],
    )
    def test_names_of_a_test(self, name: str, test: Test) -> None:
        read = read_liver_result("LB01", RECORD | {"test": name})

        assert read is not None
        assert read.test == test

    def test_the_code_decides_before_the_name(self) -> None:
        read = read_liver_result("LB01", RECORD | {"test": "liver", "coded": "14631-6"})

        assert read is not None
        assert read.test == "TBL"

    @pytest.mark.parametrize(
        "change",
        [{"test": "Haemoglobin"}, {"result": {"null": "UNK"}}, {"test": "Urine bilirubin"}],
    )
    def test_what_is_no_liver_result_is_left_out(self, change: dict[str, Any]) -> None:
        assert read_liver_result("LB01", RECORD | change) is None

    def test_a_record_without_limit_or_unit_has_none(self) -> None:
        bare = {**RECORD, "result": {"value": "150"}}
        del bare["high"]
        read = read_liver_result("LB01", bare)

        assert read is not None
        assert (read.upper_limit, read.unit) == (None, "")
        assert not read.baseline


class TestBounds:
    EXACT = Bounds(Decimal(3), Decimal(3))
    BELOW = Bounds(None, Decimal(3), high_open=True)
    UP_TO = Bounds(None, Decimal(3))
    ABOVE = Bounds(Decimal(3), None, low_open=True)
    FROM = Bounds(Decimal(3), None)

    @pytest.mark.parametrize(
        ("bounds", "sign", "number", "answer"),
        [
            (EXACT, "at_least", 3, True),
            (EXACT, "above", 3, False),
            (EXACT, "below", 3, False),
            (BELOW, "at_least", 3, False),
            (BELOW, "below", 3, True),
            (BELOW, "at_least", 2, None),
            (BELOW, "above", 3, False),
            (UP_TO, "at_least", 3, None),
            (UP_TO, "above", 3, False),
            (ABOVE, "at_least", 3, True),
            (ABOVE, "above", 3, True),
            (ABOVE, "above", 4, None),
            (FROM, "above", 3, None),
            (FROM, "below", 3, False),
            (FROM, "below", 4, None),
        ],
    )
    def test_a_comparison_has_three_answers(
        self, bounds: Bounds, sign: Sign, number: int, *, answer: bool | None
    ) -> None:
        assert bounds.compare(sign, Decimal(number)) is answer

    def test_a_bound_is_its_figure(self) -> None:
        assert self.BELOW.figure == 3
        assert self.ABOVE.figure == 3
        assert Bounds(None, None).figure is None


def before(value: str, limit: str | None = "50", **changes: Any) -> LiverResult:
    told: dict[str, Any] = {
        "test": "ALT",
        "value": Decimal(value),
        "unit": "U/L",
        "day": on("2014-05-06"),
        "source": "b",
        "upper_limit": None if limit is None else Decimal(limit),
        "baseline": True,
    }
    return LiverResult(**told | changes)


class TestDeriveBaseline:
    def test_it_is_the_mean_of_the_values_before_treatment(self) -> None:
        # (60 + 100) / 2 = 80; (1.2 + 2) / 2 = 1.6
        assert derive_baseline([before("60"), before("100"), before("900", baseline=False)]) == {
            "ALT": BaselineValue(Decimal(80), Decimal("1.6"), 2)
        }

    def test_bounds_zeros_and_unknown_units_are_no_baseline(self) -> None:
        told = [before("60", comparator="<"), before("0"), before("60", unit="mg")]

        assert derive_baseline(told) == {}

    def test_without_a_limit_it_is_not_known_whether_it_was_raised(self) -> None:
        baseline = derive_baseline([before("60", None)])

        assert baseline == {"ALT": BaselineValue(Decimal(60), None, 1)}
        assert is_raised(baseline, "ALT") is None
        assert is_raised(baseline, "AST") is None
