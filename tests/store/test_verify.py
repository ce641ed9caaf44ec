"""Whoever changes, removes or adds a row behind our back is seen, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from safety.coding import Learned, LearnedAction
from safety.errors import InvariantError
from safety.store import SqlStore, tables
from safety.store.deliveries import record_deliveries
from safety.store.model import Batch
from safety.store.verify import verify_store
from safety.store.verify_entries import Discrepancy
from tests.support.reports import follow_up, nullification, reaction, report
from tests.support.stories import (
    CASE_ID,
    NOON,
    Story,
    alert,
    named,
    study_record,
    subject_version,
)
from tests.support.submitting import submitted
from tests.support.tampering import behind_the_back
from tests.support.transmitting import acknowledge, transmit

ONSET = {"value": "2026-02-20", "precision": "day"}


@pytest.fixture
def told(sql_store: SqlStore) -> SqlStore:
    """A store with a case of three versions, a case that was voided, and nothing wrong."""
    story, void = Story(), Story("A:1")
    changed = follow_up("m2", "2026-03-10", reactions=reaction(onset=ONSET))
    last = follow_up("m3", "2026-03-11", reactions=reaction(outcome="recovering"))
    for batch in (
        story.take(report()),
        story.take(changed, last),
        void.take(named(report(), "test v1"), nullification("v2")),
    ):
        with sql_store.transaction() as work:
            work.save(batch, now=NOON)
    assert list(verify_store(sql_store)) == []
    return sql_store


def found_after(store: SqlStore, statement: str) -> list[Discrepancy]:
    with behind_the_back(store) as connection:
        assert connection.execute(text(statement)).rowcount > 0
    return list(verify_store(store))


def updated(table: str, change: str, where: str) -> str:
    return f"UPDATE {table} SET {change} WHERE {where}"  # noqa: S608 - our own words


def deleted(table: str, where: str) -> str:
    return f"DELETE FROM {table} WHERE {where}"  # noqa: S608 - our own words


IN_CASE = f"case_id = '{CASE_ID}'"
SECOND = f"{IN_CASE} AND version = 2"
FIRST_TO_FDA = f"{IN_CASE} AND version = 1 AND authority = 'FDA'"


class TestVerifyStore:
    def test_finds_nothing_in_an_empty_store(self, sql_store: SqlStore) -> None:
        assert list(verify_store(sql_store)) == []

    @pytest.mark.parametrize(
        "change",
        [
            "status = 'nullified'",
            "caused_by = 'somebody else'",
            "knowledge = 'other'",
            "digest = 'other'",
            "state = '{}'",
            "changes = '[]'",
            "findings = '[{}]'",
            "synthetic = true",
        ],
    )
    def test_a_version_that_says_something_else_breaks_its_seal(
        self, told: SqlStore, change: str
    ) -> None:
        found = found_after(told, updated("case_versions", change, SECOND))

        key = f"{CASE_ID} version 2"
        assert found == [
            Discrepancy("case_versions", key, "chain does not seal what the version says")
        ]

    @pytest.mark.parametrize(
        "statement",
        [
            updated("case_events", "serious = false", SECOND),
            deleted("case_events", SECOND),
            updated("drug_event_pairs", "ours = false", SECOND),
        ],
    )
    def test_a_flattened_row_belongs_to_what_is_sealed(
        self, told: SqlStore, statement: str
    ) -> None:
        (found,) = found_after(told, statement)

        assert (found.table, found.key) == ("case_versions", f"{CASE_ID} version 2")

    def test_a_recorded_instant_is_sealed(self, told: SqlStore) -> None:
        with behind_the_back(told) as connection:
            version = tables.case_versions
            change = version.update().where(version.c.version == 3).values(recorded_at=NOON)
            connection.execute(change)

        (found,) = verify_store(told)

        assert found.key == f"{CASE_ID} version 3"

    def test_a_forged_seal_does_not_fit_the_next_version(self, told: SqlStore) -> None:
        found = found_after(told, updated("case_versions", "chain = 'x'", SECOND))

        assert [(f.key, f.what) for f in found] == [
            (f"{CASE_ID} version 2", "chain does not seal what the version says"),
            (f"{CASE_ID} version 3", "previous_chain is not the version before"),
        ]

    def test_a_version_that_is_gone_is_missed(self, told: SqlStore) -> None:
        with behind_the_back(told) as connection:
            for table in ("case_events", "drug_event_pairs", "obligations", "case_versions"):
                connection.execute(text(deleted(table, SECOND)))

        found = list(verify_store(told))

        assert (
            Discrepancy("case_versions", f"{CASE_ID} version 3", "version 2 should stand here")
            in found
        )

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ("version = 2", "version is not that of its latest version"),
            ("status = 'pending'", "status is not that of its latest version"),
            ("digest = 'x'", "digest is not that of its latest version"),
            ("chain = 'x'", "chain is not that of its latest version"),
            ("synthetic = true", "synthetic is not that of its latest version"),
            ("messages = 2", "messages is not the number of its messages in the log"),
        ],
    )
    def test_a_head_that_is_not_the_latest_version_is_found(
        self, told: SqlStore, change: str, what: str
    ) -> None:
        found = found_after(told, updated("cases", change, IN_CASE))

        assert found == [Discrepancy("cases", CASE_ID, what)]

    def test_a_case_whose_head_is_gone_is_found(self, told: SqlStore) -> None:
        found = found_after(told, deleted("cases", IN_CASE))

        assert Discrepancy("case_versions", CASE_ID, "its case has no head") in found
        assert {finding.table for finding in found} == {"case_versions", "obligations"}

    def test_a_head_without_versions_is_found(self, told: SqlStore) -> None:
        head = replace(Story().take(report()).heads[CASE_ID][1], case_id="B:1")
        with told.transaction() as work:
            work.save(Batch(heads={"B:1": (0, head)}), now=NOON)

        assert list(verify_store(told)) == [Discrepancy("cases", "B:1", "it has no versions")]

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ("due = '2027-01-01'", "its id is not made from what it says"),
            ("recipient = 'nobody'", "its id is not made from what it says"),
            ("decided = false", "its id is not made from what it says"),
            ("days = 90", "days or due is not what its arithmetic says"),
            ("day_zero = '2026-03-03'", "day_zero is not what its arithmetic says"),
            ("reason = 'x'", "reason is not what the trace says"),
            ("missing = '[1]'", "missing is not what the trace says"),
        ],
    )
    def test_a_duty_that_says_something_else_is_found(
        self, told: SqlStore, change: str, what: str
    ) -> None:
        found = found_after(told, updated("obligations", change, FIRST_TO_FDA))

        assert what in {finding.what for finding in found}
        assert {finding.table for finding in found} == {"obligations"}

    def test_a_duty_that_is_gone_is_missed(self, told: SqlStore) -> None:
        found = found_after(told, deleted("obligations", FIRST_TO_FDA))

        # by its first version and, as it still stands, by the two after it
        assert [finding.what for finding in found] == ["the trace says it stands"] * 3

    def test_an_end_that_is_gone_or_made_up_is_found(self, told: SqlStore) -> None:
        found = found_after(told, "DELETE FROM obligation_ends WHERE case_id = 'A:1'")

        assert {finding.what for finding in found} == {"the trace says it is lifted"}
        assert {finding.table for finding in found} == {"obligation_ends"}

    def test_no_finding_quotes_what_was_stored(self, told: SqlStore) -> None:
        with behind_the_back(told) as connection:
            connection.execute(text("UPDATE case_events SET verbatim = 'MARKED'"))
            connection.execute(text("UPDATE obligations SET reason = 'MARKED'"))

        found = list(verify_store(told))

        assert found
        assert "MARKED" not in str(found)


LEARNED = Learned(
    1, LearnedAction.LEARN, "loose stool", "Diarrhea", "open", "dr.li", NOON, "as reported", None
)


class TestAppendOnly:
    @pytest.mark.parametrize("action", ["update", "delete"])
    def test_the_database_refuses_to_change_what_was_stored(
        self, told: SqlStore, action: str
    ) -> None:
        told.keep_knowledge("k1", {"dictionary": "d"}, now=NOON)
        with told.transaction() as work:
            records = Batch(records=[study_record("lab-1", "r1")], assessments=[subject_version()])
            work.save(records, now=NOON)
        sent = Story("A:2")
        with told.transaction() as work:
            work.save(sent.take(named(report(), "test s1")), now=NOON)
            work.save(sent.take(submitted(sent.live.obligations[0])), now=NOON)
            work.save(sent.take(transmit(sent.live.obligations[0])), now=NOON)
            work.save(sent.take(acknowledge()), now=NOON)
            work.save(Batch(alerts=[alert("a1")], learned=[LEARNED]), now=NOON)
        record_deliveries(told, "mail", ["a1"], now=NOON)

        for table in tables.APPEND_ONLY:
            name = next(iter(table.primary_key)).name
            change = updated(table.name, f"{name} = {name}", "true")
            with pytest.raises(InvariantError, match="refused a statement"):
                execute(told, change if action == "update" else deleted(table.name, "true"))


def execute(store: SqlStore, statement: str) -> None:
    with store.writing() as connection:
        connection.execute(text(statement))
