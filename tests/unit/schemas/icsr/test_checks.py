"""Dates that are certainly in the wrong order."""

import pytest

from schemas.icsr.checks import is_before
from schemas.icsr.timestamps import parse_timestamp
from schemas.values import Explicit
from schemas.vocabulary import NullFlavor


class TestIsBefore:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("20140505", "20140506", True),
            ("20140506", "20140506", False),
            ("201404", "20140506", True),
            ("201405", "20140506", False),  # some day of May may be later
            ("2014", "20140506", False),
            ("2013", "20140506", True),
            ("20140506", "201405", False),
            ("201405060100", "201405060200", False),  # by the day: clocks and offsets differ
        ],
    )
    def test_as_far_as_both_are_known(self, one: str, other: str, expected: bool) -> None:  # noqa: FBT001
        first, second = parse_timestamp(one), parse_timestamp(other)
        assert first is not None
        assert second is not None

        assert is_before(first.partial, second.partial) is expected

    def test_an_unknown_date_is_before_none(self) -> None:
        known = parse_timestamp("2014")
        assert known is not None
        unknown = Explicit(null=NullFlavor.ASKU)

        assert not is_before(unknown, known.partial)
        assert not is_before(known.partial, None)
