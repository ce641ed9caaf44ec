"""Domain objects and rows name the same things."""

from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import Table

from safety.deadlines import Obligation
from safety.store import tables
from safety.store.model import Batch, CaseHead, Progress, Quarantined
from safety.store.rows import (
    EVENT_KEYS,
    PAIR_KEYS,
    alert_rows,
    append_rows,
    head_rows,
    outgoing_rows,
    written,
)
from safety.versions import Version
from tests.support.reports import report
from tests.support.stories import CASE_ID, NOON, Story, alert, outgoing


def names(kind: type[Any]) -> set[str]:
    return {field.name for field in fields(kind)}


class TestWritten:
    @pytest.mark.parametrize(
        ("table", "kind", "beside"),
        [
            (tables.case_versions, Version, {"events", "pairs"}),
            (tables.cases, CaseHead, {"obligations"}),
            (tables.stream_offsets, Progress, set()),
        ],
        ids=["case_versions", "cases", "stream_offsets"],
    )
    def test_every_field_has_its_column(
        self, table: Table, kind: type[Any], beside: set[str]
    ) -> None:
        assert set(written(table)) == names(kind) - beside

    def test_a_duty_has_a_column_for_every_field(self) -> None:
        assert set(written(tables.obligations)) == names(Obligation) | {"version", "recorded_at"}

    def test_a_parked_message_has_a_column_for_every_field(self) -> None:
        origin = {"topic", "partition", "offset", "part"}
        assert set(written(tables.quarantine)) == names(Quarantined) - {"origin"} | origin

    def test_what_the_database_fills_in_is_not_written(self) -> None:
        assert "seq" not in written(tables.message_log)
        assert {"id", "published_at"}.isdisjoint(written(tables.outbox))
        assert {"state", "attempts", "note"}.isdisjoint(written(tables.quarantine))


class TestAppendRows:
    def test_takes_all_that_the_pipeline_flattens(self) -> None:
        version = Story().take(report()).versions[0]

        assert set(EVENT_KEYS) == set(version.events[0])
        assert set(PAIR_KEYS) == set(version.pairs[0])

    def test_refuses_a_key_that_no_column_holds(self) -> None:
        version = Story().take(report()).versions[0]
        more = replace(version, events=({**version.events[0], "new": 1},))

        with pytest.raises(KeyError, match="events of the pipeline and columns of the store"):
            list(append_rows(Batch(versions=[more]), NOON))


class TestOutgoingRows:
    def test_the_first_of_an_id_counts(self) -> None:
        first = outgoing("a")
        rows = outgoing_rows(Batch(outgoing=[first, replace(first, payload=b"later")]))

        assert [row[written(tables.outbox).index("payload")] for row in rows.values()] == [
            first.payload
        ]


class TestAlertRows:
    def test_the_first_of_an_id_counts(self) -> None:
        rows = alert_rows(Batch(alerts=[alert("a"), replace(alert("a"), text="later")]), NOON)

        assert [row[written(tables.alerts).index("text")] for row in rows.values()] == [
            "somebody has to act"
        ]


class TestHeadRows:
    def test_are_in_the_order_of_case_ids_known_and_new_apart(self) -> None:
        head = Story().take(report()).heads[CASE_ID][1]
        heads = {c: (n, replace(head, case_id=c)) for c, n in (("c", 2), ("b", 0), ("a", 1))}

        known, new = head_rows(Batch(heads=heads))

        assert [(row[0], expected) for row, expected in known] == [("a", 1), ("c", 2)]
        assert [row[0] for row in new] == ["b"]
