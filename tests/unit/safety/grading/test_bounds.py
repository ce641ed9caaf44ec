"""Bounds: how they are written, what they include, and that decimals stay decimals."""

from decimal import Decimal

import pytest

from safety.errors import KnowledgeError
from safety.grading.bounds import Bound, Comparison, Figures, Reference, parse_bound


def figures(value: str, **others: str) -> Figures:
    given = {name: Decimal(text) for name, text in others.items()}
    return Figures(
        Decimal(value),
        given.get("lln"),
        given.get("uln"),
        given.get("baseline"),
        given.get("decrease"),
    )


class TestParseBound:
    @pytest.mark.parametrize(
        ("text", "bound"),
        [
            ("> ULN", (Comparison.ABOVE, Reference.ULN, "1", "0", None)),
            ("<= 3.0 x ULN", (Comparison.AT_MOST, Reference.ULN, "3.0", "0", None)),
            (">= 1.5 x baseline", (Comparison.AT_LEAST, Reference.BASELINE, "1.5", "0", None)),
            ("> ULN + 2 g/dL", (Comparison.ABOVE, Reference.ULN, "1", "2", "g/dL")),
            ("< 0.05 10^9/L", (Comparison.BELOW, Reference.FIGURE, "0.05", "0", "10^9/L")),
            (">= 25 % decrease", (Comparison.AT_LEAST, Reference.DECREASE, "25", "0", None)),
        ],
    )
    def test_reads_what_the_files_hold(
        self, text: str, bound: tuple[Comparison, Reference, str, str, str | None]
    ) -> None:
        comparison, reference, factor, added, unit = bound

        assert parse_bound(text) == Bound(
            comparison, reference, Decimal(factor), Decimal(added), unit, text
        )

    @pytest.mark.parametrize(
        "text", ["", "3.0 x ULN", "> 3.0 x normal", ">3 x ULN", "> -1 mmol/L", "> 8.0", "> ULN g/L"]
    )
    def test_refuses_anything_else(self, text: str) -> None:
        with pytest.raises(KnowledgeError, match="is no bound"):
            parse_bound(text)


class TestBoundHolds:
    @pytest.mark.parametrize(
        ("text", "value", "holds"),
        [
            ("> 3.0 x ULN", "120", False),
            ("> 3.0 x ULN", "120.1", True),
            (">= 3.0 x ULN", "120", True),
            ("< 80 g/L", "80", False),
            ("< 80 g/L", "79.9", True),
            ("<= 80 g/L", "80", True),
            ("> ULN + 2 g/dL", "42", False),
            ("> ULN + 2 g/dL", "42.1", True),
        ],
    )
    def test_an_excluded_bound_is_not_passed_on_it(
        self, text: str, value: str, *, holds: bool
    ) -> None:
        assert parse_bound(text).holds(figures(value, uln="40")) is holds

    @pytest.mark.parametrize(
        "text", ["< LLN", "> 1.5 x ULN", "> baseline", ">= 25 % decrease", "> ULN + 2 g/dL"]
    )
    def test_without_its_reference_it_cannot_be_told(self, text: str) -> None:
        assert parse_bound(text).holds(figures("40")) is None

    def test_a_decimal_on_the_bound_stays_on_it(self) -> None:
        # 1.2 x 3.0 is 3.6; in binary 3.5999999999999996, which 3.6 would exceed
        assert parse_bound("> 3.0 x ULN").holds(figures("3.6", uln="1.2")) is False

    def test_what_passed_through_binary_arithmetic_is_rounded_at_the_15th_digit(self) -> None:
        through_binary = Decimal(0.1 + 0.2)  # 0.3000000000000000444...

        assert (
            parse_bound("> 0.3 mmol/L").holds(Figures(through_binary, None, None, None, None))
            is False
        )

    def test_a_difference_in_the_16th_digit_does_not_count(self) -> None:
        assert parse_bound("> 0.3 mmol/L").holds(figures("0.3000000000000004")) is False

    def test_a_difference_in_the_15th_digit_still_counts(self) -> None:
        assert parse_bound("> 0.3 mmol/L").holds(figures("0.300000000000001")) is True


class TestComplement:
    @pytest.mark.parametrize(
        ("ends", "begins"),
        [
            ("<= 3.0 x ULN", "> 3 x ULN"),
            (">= 80 g/L", "< 80.0 g/L"),
            ("< 25 % decrease", ">= 25 % decrease"),
            ("> 2 x baseline", "<= 2 x baseline"),
        ],
    )
    def test_is_where_the_next_grade_begins(self, ends: str, begins: str) -> None:
        assert parse_bound(ends).complement == parse_bound(begins).place
