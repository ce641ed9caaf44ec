"""The queue as a file: CSV or Excel, one line a case."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from safety.store.queue_row import NEVER, QueueRow

COLUMNS = (
    "case_id",
    "version",
    "status",
    "stage",
    "owner",
    "due",
    "authority",
    "recipient",
    "duty",
    "rule_id",
    "days",
    "decided",
    "open_duties",
    "sent",
    "serious",
    "unexpected",
    "related",
    "criterion",
    "term",
    "verbatim",
    "grade",
    "dose",
    "subject",
    "country",
    "study",
    "sender",
    "context",
    "duplicate_of",
    "duplicate_score",
    "changed_at",
    "synthetic",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ANSWERS = {True: "yes", False: "no"}


def as_csv(rows: Sequence[QueueRow]) -> tuple[bytes, str]:
    """Give CSV in UTF-8 with a byte order mark, by which Excel reads Chinese."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(map(_harmless, _values(row)) for row in rows)
    return out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def as_workbook(rows: Sequence[QueueRow]) -> tuple[bytes, str]:
    """Give an Excel workbook with one sheet; every text stays text."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, {**options, "in_memory": True}) as book:
        sheet = book.add_worksheet("cases")
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
        for place, row in enumerate(rows, 1):
            sheet.write_row(place, 0, list(_values(row)))
        sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _values(row: QueueRow) -> Iterator[str | int | float]:
    for name in COLUMNS:
        value = getattr(row, name)
        match value:
            case None:
                yield ""
            case bool():
                yield _ANSWERS[value]
            case datetime():
                yield value.isoformat(timespec="seconds")
            case date():
                yield "" if value == NEVER else value.isoformat()
            case _:
                yield value


def _harmless(value: str | float) -> str | float:
    """Keep a spreadsheet from taking a text of a report for a formula (OWASP, CSV injection)."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
