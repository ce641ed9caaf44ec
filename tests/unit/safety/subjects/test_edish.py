"""Points of an eDISH plot: quadrants begin at ALT 3 x ULN and above 2 x ULN of bilirubin."""

from datetime import date
from decimal import Decimal

import pytest

from safety.causality import Days
from safety.liver import LiverScreen, Peak
from safety.liver.criteria import Test
from safety.subjects import derive_edish

ON = Days(date(2026, 3, 2), date(2026, 3, 2))


def screen(**peaks: str) -> LiverScreen:
    tests: dict[str, Test] = {"alt": "ALT", "tbl": "TBL"}
    found = {tests[name]: Peak(Decimal(value), ON, name) for name, value in peaks.items()}
    return LiverScreen(met=None, ground=None, missing=(), peaks=found)


class TestDeriveEdish:
    @pytest.mark.parametrize(
        ("alt", "tbl", "quadrant"),
        [
            ("3", "2.1", "hys_law_range"),
            ("3", "2", "temples_corollary"),
            ("2.9", "2.1", "hyperbilirubinaemia"),
            ("2.9", "2", "normal_or_low"),
        ],
    )
    def test_gives_peaks_and_quadrant(self, alt: str, tbl: str, quadrant: str) -> None:
        point = derive_edish(screen(alt=alt, tbl=tbl))

        assert point is not None
        assert (point.alt, point.tbl, point.quadrant) == (Decimal(alt), Decimal(tbl), quadrant)

    def test_has_no_point_without_both_peaks(self) -> None:
        assert derive_edish(screen(alt="5")) is None
        assert derive_edish(screen(tbl="5")) is None
        assert derive_edish(None) is None
