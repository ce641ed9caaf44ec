"""Studies as tests make them: subjects, doses and events in a line each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from reports.study.arms import Arms, arms_of
from reports.study.build import Choices, Imprint, build_book, build_tables
from reports.study.model import StudyData
from reports.study.read import Frame, read_study
from reports.study.read_event import CaseContent
from reports.study.read_subject import ASSESSED, ENROLLED, EXPOSED, MEASURED, TREATED, Record
from reports.tables import Book, Cell, Row, Table

IMPRINT = Imprint(datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "tests", "k" * 64)


def day(text: str) -> dict[str, str]:
    precision = {4: "year", 7: "month", 10: "day"}[len(text)]
    return {"value": text, "precision": precision}


def enrolled(subject: str, arm: str | None = "A", **fields: Any) -> Record:
    data = {"populations": [], **({} if arm is None else {"actual_arm": arm}), **fields}
    return Record(subject, ENROLLED, "enrolment", data)


def dosed(
    subject: str, start: str, end: str | None, daily: float = 800, number: int = 1, **fields: Any
) -> Record:
    data: dict[str, Any] = {
        "drug": "sorafenib",
        "dose": {"value": daily, "unit": "mg"},
        "per_day": 1,
        "every_days": 1,
        "start": day(start),
        "change": "start",
        **fields,
    }
    data |= {"ongoing": True} if end is None else {"end": day(end)}
    return Record(subject, EXPOSED, f"EX{number}", data)


def assessed(subject: str, on: str, status: str, **fields: Any) -> Record:
    return Record(
        subject, ASSESSED, f"DA-{on}-{status}", {"assessed": day(on), "status": status, **fields}
    )


def treated(subject: str, name: str, kind: str, start: str | None = None) -> Record:
    data: dict[str, Any] = {"treatment": name, "kind": kind}
    if start is not None:
        data["start"] = day(start)
    return Record(subject, TREATED, f"CM-{name}", data)


def measured(
    subject: str,
    test: str,
    on: str,
    value: float,
    high: float,
    unit: str,
    *,
    baseline: bool = False,
) -> Record:
    data = {
        "test": test,
        "collected": day(on),
        "result": {"value": value, "unit": unit},
        "low": 0,
        "high": high,
        "baseline": baseline,
    }
    return Record(subject, MEASURED, f"LB-{test}-{on}", data)


def event(subject: str, term: str | None, soc: str | None = "Skin", **told: Any) -> CaseContent:
    """One event in a case of its own; `related`, `action` and `recorded` as they are told."""
    number = told.pop("number", 1)
    related, action = told.pop("related", "Not related"), told.pop("action", None)
    recorded: Mapping[str, Any] = told.pop("recorded", {})
    row = {
        "reaction": f"AE{number}",
        "study": "S",
        "subject": subject,
        "verbatim": told.pop("verbatim", term),
        "term": term,
        "soc": soc,
        "dictionary": "test 1.0",
        "grade": None,
        "ctcae": None,
        "serious": False,
        "criteria": "",
        "fatal": False,
        "onset": None,
        "ended": None,
        "outcome": None,
        **told,
    }
    state: dict[str, dict[str, list[Any]]] = {
        f"reactions/AE{number}": {"as_recorded": [dict(recorded), "m"]} if recorded else {},
        "drugs/D1": {"role": ["suspect", "m"]}
        | ({"action_taken": [action, "m"]} if action else {}),
    }
    if related is not None:
        state["relatedness/1"] = {
            "reaction_id": [f"AE{number}", "m"],
            "assessor": ["investigator", "m"],
            "result": [related, "m"],
        }
    return CaseContent(f"{subject}-{term}-{number}", state, [row])


def study_of(
    records: Sequence[Record], cases: Sequence[CaseContent] = (), lock: str | None = "2020-12-31"
) -> StudyData:
    frame = Frame(
        "S", "A study", "sorafenib", 800, None, None if lock is None else date.fromisoformat(lock)
    )
    return read_study(frame, records, cases)


def arms(data: StudyData) -> Arms:
    return arms_of(data)


def tables_of(data: StudyData, choices: Choices | None = None) -> dict[str, Table]:
    chapters = build_tables(data, choices or Choices())
    return {table.table_id: table for _, several in chapters for table in several}


def book_of(data: StudyData, choices: Choices | None = None) -> Book:
    return build_book(data, choices or Choices(), IMPRINT, lambda _: None)


def row_of(table: Table, label: str, within: str | None = None) -> Row:
    found = [
        row for row in table.rows if row.label == label and (within is None or within in row.within)
    ]
    assert len(found) == 1, (label, [row.label for row in table.rows])
    return found[0]


def cell(table: Table, label: str, column: str, within: str | None = None) -> Cell:
    return row_of(table, label, within).cells[column]


def counts(table: Table, label: str, column: str) -> tuple[int | None, int | None]:
    found = cell(table, label, column)
    return found.n, found.events
