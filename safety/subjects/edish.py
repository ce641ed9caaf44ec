"""
Where does a subject stand in an eDISH plot?

Peak ALT against peak total bilirubin under treatment, both as multiples of the upper limit of
normal; the quadrant that Hy's law speaks of begins at 3 and 2 (FDA guidance 2009; regulatory facts
3.5).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from safety.liver import LiverScreen

Quadrant = Literal["hys_law_range", "temples_corollary", "hyperbilirubinaemia", "normal_or_low"]

_ALT_FROM, _TBL_ABOVE = Decimal(3), Decimal(2)


@dataclass(frozen=True, slots=True)
class EdishPoint:
    """Peaks as multiples of ULN, the quadrant they lie in, and what the screen says in time."""

    alt: Decimal
    tbl: Decimal
    quadrant: Quadrant
    hys_law: bool | None


def derive_edish(screen: LiverScreen | None) -> EdishPoint | None:
    """
    Give the point of one subject; None without both peaks.

    Peaks need not belong together in time; the screen's answer does, and stands beside the point.
    """
    peaks = {} if screen is None else screen.peaks
    alt, tbl = peaks.get("ALT"), peaks.get("TBL")
    if screen is None or alt is None or tbl is None:
        return None
    high, raised = alt.of_limit >= _ALT_FROM, tbl.of_limit > _TBL_ABOVE
    quadrant: Quadrant = "normal_or_low"
    if high:
        quadrant = "hys_law_range" if raised else "temples_corollary"
    elif raised:
        quadrant = "hyperbilirubinaemia"
    return EdishPoint(alt.of_limit, tbl.of_limit, quadrant, screen.met)
