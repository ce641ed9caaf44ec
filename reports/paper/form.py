"""A form of placed boxes as the template takes it: what all forms that are printed share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from reports.paper.boxes import Box, Boxes
from reports.paper.measure import is_long, surely_fits
from reports.paper.press import print_pdf, printed_date
from reports.paper.typeface import printed

Orientation = Literal["portrait", "landscape"]
Placed = tuple[str, float, float, float, float]  # id, x, y, width, height, in points

A4: dict[Orientation, tuple[float, float]] = {
    "portrait": (595.28, 841.89),
    "landscape": (841.89, 595.28),
}
LETTER = (612.0, 792.0)
TOP, BOTTOM = 24.0, 34.0
BAND = 11.0
_LETTER, _INSET = 7.0, 2.5  # of the template
_CAPTION, _CAPTION_LINE, _GAP = 5.2, 6.5, 6.0


@dataclass(frozen=True, slots=True)
class Frame:
    """
    Everything on a form but its boxes.

    Attributes:
        title: Of the document.
        form: At the upper right of each page.
        name: At the left of each page, and of continuation pages.
        head: Height of the head.
        comb: Number of empty cells at the right of the head; none shows the control number.
        control: Control number with its label, repeated on continuation pages.
    """

    title: str
    made_at: datetime
    form: str
    name: str
    head: float
    comb: int
    control: str
    watermark: str
    notices: Sequence[str]
    footer: str


def print_form(  # noqa: PLR0913  (a form, and where its boxes stand)
    frame: Frame,
    boxes: Boxes,
    sheets: Iterable[Sequence[Placed]],
    *,
    page: tuple[float, float],
    size: tuple[float, float],
    bands: Mapping[str, str],
    dates: frozenset[str] = frozenset(),
    columns: Mapping[str, float] | None = None,
) -> bytes:
    """
    Print a form as PDF.

    Args:
        frame: Head, footer and marks.

        boxes: What stands in the boxes.

        sheets: Where they stand, a list of places for each sheet.

        page: Width and height of the paper.

        size: Width and height of the form inside the margins.

        bands: Titles of what is a band and no box.

        dates: Boxes of day, month and year.

        columns: Boxes whose squares stand below each other, with the space between.

    Raises:
        PrintError: If it cannot be set; never with a text of the case.
    """

    def placed(number: str, x: float, y: float, width: float, height: float) -> dict[str, Any]:
        place = {"id": number, "x": x, "y": y, "width": width, "height": height}
        if number in bands:
            return {**place, "kind": "band", "title": bands[number]}
        if number not in boxes:
            return {**place, "kind": "blank"}
        kind = "date" if number in dates else "text"
        spread = (columns or {}).get(number)
        wide = (width - 2 * _INSET) / (3 if kind == "date" else 1)
        content = _content(boxes[number], wide, height - 2 * _INSET)
        return {**place, "kind": kind, "column": spread is not None, "spread": spread, **content}

    document = {
        "title": frame.title,
        "date": printed_date(frame.made_at),
        "page": page,
        "margin": ((page[0] - size[0]) / 2, TOP, BOTTOM),
        "sheet": size,
        "head": {
            "height": frame.head, "form": frame.form, "name": frame.name, "comb": frame.comb,
        },
        "control": printed(frame.control),
        "watermark": frame.watermark,
        "notices": frame.notices,
        "footer": frame.footer,
        "sheets": [[placed(*place) for place in places] for places in sheets],
    }  # fmt: skip
    return print_pdf("reports.paper", "form.typ", document, what=frame.title)


def _content(box: Box, width: float, height: float) -> dict[str, Any]:
    texts = [printed(line.text) for line in box.lines]
    wide = width / _LETTER
    caption = _CAPTION_LINE * (1 + int(len(box.title) * _CAPTION / width)) + _GAP
    room = (height - caption) / _LETTER
    return {
        "title": box.title,
        "lines": [
            {"text": text, "new": line.new, "long": is_long(text, wide)}
            for text, line in zip(texts, box.lines, strict=True)
        ],
        "ticks": [{"label": t.label, "ticked": t.ticked, "new": t.new} for t in box.ticks],
        "snug": not texts or (not box.ticks and surely_fits(texts, wide, room)),
    }
