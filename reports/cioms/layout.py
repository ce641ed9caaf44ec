"""
Where does each box stand on the first page? All measures in points.

The arrangement is that of the paper form: patient and onset above the description, squares at
the right, drugs, other drugs and history, manufacturer below. Every text box may overflow: its
rest goes to a continuation page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.paper.form import BAND, Orientation, Placed

HEAD = 38.0
_PATIENT = {
    "classic": (
        ("1", 0.23), ("1a", 0.13), ("2", 0.23), ("2a", 0.11), ("3", 0.08), ("4-6", 0.22)
    ),
    "extended": (
        ("1", 0.2), ("1a", 0.12), ("2", 0.22), ("2a", 0.1), ("3", 0.08), ("3a", 0.08), ("4-6", 0.2)
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """Size of the form inside the margins, and heights of its rows."""

    width: float
    height: float
    side: float  # column of the squares
    patient: float
    description: float
    drugs: tuple[float, ...]
    others: tuple[float, ...]  # boxes 22 and 23: two rows, or one
    maker: tuple[float, float, float]


SHEETS: dict[Orientation, Sheet] = {
    "portrait": Sheet(539, 783, 126, 46, 248, (52, 46, 36, 34), (56, 66), (40, 26, 50)),
    "landscape": Sheet(786, 537, 150, 42, 141, (46, 36, 32), (60,), (32, 22, 42)),
}


def lay_out(orientation: Orientation, variant: str) -> tuple[Placed, ...]:
    """Give every box and band of the first page; boxes touch and do not overlap."""
    return tuple(_placed(SHEETS[orientation], variant, portrait=orientation == "portrait"))


def _placed(sheet: Sheet, variant: str, *, portrait: bool) -> Iterator[Placed]:
    width, side = sheet.width, sheet.side
    left, y = width - side, HEAD
    yield ("I", 0, y, width, BAND)
    y += BAND
    x = 0.0
    for number, share in _PATIENT[variant]:
        yield (number, x, y, left * share, sheet.patient)
        x += left * share
    yield ("8-12", left, y, side, sheet.patient + sheet.description)
    y += sheet.patient
    yield ("7+13", 0, y, left, sheet.description)
    y += sheet.description
    yield ("II", 0, y, width, BAND)
    y += BAND
    rows = (
        (("14", 1.0),), (("15", 0.6), ("16", 0.4)), (("17", 1.0),), (("18", 0.6), ("19", 0.4))
    ) if portrait else (
        (("14", 0.55), ("15", 0.45)), (("16", 0.35), ("17", 0.65)), (("18", 0.6), ("19", 0.4))
    )  # fmt: skip
    half = sum(sheet.drugs) / 2
    yield ("20", left, y, side, half)
    yield ("21", left, y + half, side, half)
    for height, row in zip(sheet.drugs, rows, strict=True):
        yield from _row(row, 0, y, left, height)
        y += height
    yield ("III", 0, y, width, BAND)
    y += BAND
    pairs = ((("22", 1.0),), (("23", 1.0),)) if portrait else ((("22", 0.5), ("23", 0.5)),)
    for height, row in zip(sheet.others, pairs, strict=True):
        yield from _row(row, 0, y, width, height)
        y += height
    yield ("IV", 0, y, width, BAND)
    yield from _maker(sheet, variant, y + BAND)


def _maker(sheet: Sheet, variant: str, y: float) -> Iterator[Placed]:
    half = sheet.width / 2
    first, second, third = sheet.maker
    if variant == "extended":
        yield from _row((("24a", 0.62), ("24", 0.38)), 0, y, half, first)
        yield ("25b", half, y, half, sum(sheet.maker) / 2)
        yield ("26", half, y + sum(sheet.maker) / 2, half, sum(sheet.maker) / 2)
    else:
        yield ("24a", 0, y, half, first)
        yield ("blank", half, y, half, sum(sheet.maker))
    yield from _row((("24b", 0.6), ("24c", 0.4)), 0, y + first, half, second)
    yield ("24d", 0, y + first + second, half * 0.6, third)
    yield ("date", half * 0.6, y + first + second, half * 0.4, third * 0.44)
    yield ("25a", half * 0.6, y + first + second + third * 0.44, half * 0.4, third * 0.56)


def _row(
    row: tuple[tuple[str, float], ...], x: float, y: float, width: float, height: float
) -> Iterator[Placed]:
    for number, share in row:
        yield (number, x, y, width * share, height)
        x += width * share
