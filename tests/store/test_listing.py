"""Which cases are there: three of them, seen in every way a person may ask."""

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest

from consumers.backfill import process_records
from consumers.handlers import Record
from safety.knowledge import load_knowledge
from safety.store import SqlStore
from safety.store.listing import CaseLine, list_cases
from schemas.topics import ADVERSE_EVENTS

EXAMPLE = Path(str(files("schemas"))) / "examples" / "adverse-event.initial.json"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def report(case: str, **reaction: Any) -> Record:
    """Give the example's first report as that of another case, its reaction changed."""
    event = orjson.loads(EXAMPLE.read_bytes())
    event |= {"id": case, "subject": f"EDC:{case}"}
    data = event["data"]
    data["case"] = {"sender": "EDC", "sender_case_id": case}
    data["reactions"][0] |= reaction
    return Record(ADVERSE_EVENTS.name, -1, 1, None, {}, orjson.dumps(event))


@pytest.fixture
def listed(sql_store: SqlStore) -> SqlStore:
    """
    A store with three cases.

    A is serious (hospitalisation, threat to life) and was known on 7 May 2014. B is not serious;
    pulmonary embolism is not listed for sorafenib, so China asks for it all the same. C is called
    serious without a criterion, and comes from no reporter: nothing is due of it.
    """
    doubtful = report("C", seriousness={}, highlight="yes_serious")
    event = orjson.loads(doubtful.value or b"")
    event["data"]["reporters"] = []
    records = [
        report("A"),
        report("B", seriousness={}, grade={"grade": 2, "ctcae": "4.03"}),
        Record(ADVERSE_EVENTS.name, -1, 3, None, {}, orjson.dumps(event)),
    ]
    tally = process_records(records, sql_store, load_knowledge(), clock=lambda: NOW)
    assert tally[ADVERSE_EVENTS.name].accepted == 3
    return sql_store


def names(lines: Any) -> list[str]:
    return [line.case_id for line in lines]


class TestListCases:
    def test_the_nearest_due_date_comes_first_and_cases_without_one_last(
        self, listed: SqlStore
    ) -> None:
        assert names(list_cases(listed)) == ["EDC:A", "EDC:B", "EDC:C"]

    def test_a_line_says_what_a_person_looks_for(self, listed: SqlStore) -> None:
        (line,) = list_cases(listed, limit=1)

        assert line.duties > 0
        assert line == CaseLine(
            case_id="EDC:A",
            version=1,
            status="valid",
            study="NCT01751763",
            subject="16621-03-012",
            synthetic=True,
            serious=True,
            terms=("Pulmonary embolism",),
            duties=line.duties,
            nearest_due=date(2014, 5, 22),  # 7 May and 15 calendar days
        )

    def test_a_doubt_about_seriousness_is_shown_as_unknown(self, listed: SqlStore) -> None:
        assert [line.serious for line in list_cases(listed)] == [True, False, None]

    def test_narrows_by_seriousness(self, listed: SqlStore) -> None:
        assert names(list_cases(listed, serious=True)) == ["EDC:A"]

    def test_narrows_by_status(self, listed: SqlStore) -> None:
        assert names(list_cases(listed, status="pending")) == ["EDC:C"]

    def test_narrows_by_standing_duty(self, listed: SqlStore) -> None:
        assert names(list_cases(listed, due=True)) == ["EDC:A", "EDC:B"]

    def test_narrows_by_study(self, listed: SqlStore) -> None:
        assert len(list_cases(listed, study="NCT01751763")) == 3
        assert list_cases(listed, study="NCT00000000") == []

    def test_an_empty_store_has_none(self, sql_store: SqlStore) -> None:
        assert list_cases(sql_store) == []
