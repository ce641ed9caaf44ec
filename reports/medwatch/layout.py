"""
Where does each box stand? Two sheets of US letter, all measures in points.

Patient, event, reporter and what is for devices on the first; products and manufacturer on the
second. Every box may overflow: its rest goes to a continuation page.
"""

from collections.abc import Iterator

from reports.paper.form import BAND, Placed

HEAD = 38.0
WIDTH, HEIGHT = 558.0, 733.0

_FIRST = (
    (BAND, (("A", 1.0),)),
    (44.0, (("A1", 0.24), ("A2", 0.24), ("A3", 0.12), ("A4", 0.12), ("A5", 0.28))),
    (BAND, (("B", 1.0),)),
    (58.0, (("B1", 0.24), ("B2", 0.76))),
    (28.0, (("B3", 0.5), ("B4", 0.5))),
    (225.0, (("B5", 1.0),)),
    (92.0, (("B6", 1.0),)),
    (82.0, (("B7", 1.0),)),
    (BAND, (("E", 1.0),)),
    (58.0, (("E1", 0.46), ("E2", 0.16), ("E3", 0.16), ("E4", 0.22))),
    (BAND, (("D", 0.33), ("F", 0.37), ("H", 0.3))),
    (28.0, (("D0", 0.33), ("F0", 0.37), ("H0", 0.3))),
)
_SECOND = (
    (BAND, (("C", 1.0),)),
    (112.0, (("C1", 1.0),)),
    (78.0, (("C3", 0.5), ("C4", 0.5))),
    (58.0, (("C5", 0.46), ("C6", 0.18), ("C7", 0.18), ("C8", 0.18))),
    (72.0, (("C9", 0.5), ("C10", 0.5))),
    (92.0, (("C2", 1.0),)),
    (BAND, (("G", 1.0),)),
    (76.0, (("G1", 0.4), ("G2", 0.6))),
    (44.0, (("G3", 0.3), ("G4", 0.35), ("G5", 0.35))),
    (72.0, (("G6", 0.45), ("G7", 0.55))),
    (28.0, (("G8", 1.0),)),
)
SHEETS = (_FIRST, _SECOND)


def lay_out() -> tuple[tuple[Placed, ...], ...]:
    """Give every box and band of each sheet; boxes touch and do not overlap."""
    return tuple(tuple(_placed(sheet)) for sheet in SHEETS)


def _placed(sheet: tuple[tuple[float, tuple[tuple[str, float], ...]], ...]) -> Iterator[Placed]:
    y = HEAD
    for height, row in sheet:
        x = 0.0
        for number, share in row:
            yield number, x, y, WIDTH * share, height
            x += WIDTH * share
        y += height
