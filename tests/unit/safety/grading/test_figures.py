"""Numbers as laboratories write them; what may be two numbers is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.grading.figures import Figure, parse_figure


class TestParseFigure:
    @pytest.mark.parametrize(
        ("text", "number", "comparator"),
        [
            ("7.9", "7.9", None),
            ("7,9", "7.9", None),
            ("0,123", "0.123", None),
            ("1,234.5", "1234.5", None),
            ("1.234,5", "1234.5", None),
            ("1,234,567", "1234567", None),
            ("<0.5", "0.5", "<"),
            ("≤ 0,5", "0.5", "<="),
            ("≥20", "20", ">="),
            ("＞２０", "20", ">"),
            ("=5", "5", None),
            ("−5", "-5", None),
        ],
    )
    def test_reads_what_means_one_number(
        self, text: str, number: str, comparator: str | None
    ) -> None:
        assert parse_figure(text) == Figure(Decimal(number), comparator)

    @pytest.mark.parametrize(
        "text",
        ["", "1,234", "1..2", "12,34,567", "7_9", "٧", "inf", "nan", "5 U/L", "<", "neg", "7.9*"],
    )
    def test_reads_nothing_else(self, text: str) -> None:
        assert parse_figure(text) is None

    @given(st.text(max_size=60))
    def test_never_fails(self, text: str) -> None:
        found = parse_figure(text)

        assert found is None or found.number.is_finite()

    @given(st.decimals("0", "1e6", places=2))
    def test_reads_back_what_it_is_given(self, number: Decimal) -> None:
        assert parse_figure(f"{number:f}") == Figure(number)
