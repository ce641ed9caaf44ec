"""Who may work at the desk, and who is signed in."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from safety.errors import InvariantError
from safety.store import SqlStore, desk_tables
from safety.store.audit import audit_entries, note_act
from safety.store.people import (
    Role,
    Session,
    UserError,
    add_user,
    begin_session,
    change_user,
    end_session,
    find_session,
    find_user,
    note_failure,
)

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)


@pytest.fixture
def peopled(sql_store: SqlStore) -> SqlStore:
    add_user(sql_store, "wang", Role.PROCESSOR, password_hash=None, now=NOON)
    return sql_store


def session_of(store: SqlStore, token: str, now: datetime) -> Session | None:
    return find_session(
        store, token, now=now, idle=IDLE, longest=LONGEST, noted=timedelta(minutes=1)
    )


class TestUsers:
    def test_a_name_is_given_once(self, peopled: SqlStore) -> None:
        with pytest.raises(UserError, match="there is a user wang already"):
            add_user(peopled, "wang", Role.VIEWER, password_hash=None, now=NOON)

    def test_a_change_of_somebody_who_is_not_there_is_refused(self, peopled: SqlStore) -> None:
        with pytest.raises(UserError, match="no user li"):
            change_user(peopled, "li", active=False)

    def test_counts_wrong_passwords_until_a_right_one(self, peopled: SqlStore) -> None:
        note_failure(peopled, "wang", now=NOON)
        note_failure(peopled, "wang", now=NOON)
        user = find_user(peopled, "wang")
        assert user is not None
        assert (user.failures, user.failed_at) == (2, NOON)

        begin_session(peopled, "wang", now=NOON)

        again = find_user(peopled, "wang")
        assert again is not None
        assert again.failures == 0


class TestSessions:
    def test_is_found_by_its_token_only(self, peopled: SqlStore) -> None:
        token = begin_session(peopled, "wang", now=NOON)

        found = session_of(peopled, token, NOON)

        assert found is not None
        assert found.user.name == "wang"
        assert session_of(peopled, token + "x", NOON) is None

    def test_the_token_itself_is_not_kept(self, peopled: SqlStore) -> None:
        token = begin_session(peopled, "wang", now=NOON)

        with peopled.reading() as connection:
            row = connection.execute(select(desk_tables.sessions)).one()

        assert token not in map(str, row)

    def test_ends_when_it_is_not_used(self, peopled: SqlStore) -> None:
        token = begin_session(peopled, "wang", now=NOON)

        assert session_of(peopled, token, NOON + IDLE) is not None
        assert session_of(peopled, token, NOON + 2 * IDLE + timedelta(seconds=1)) is None
        assert session_of(peopled, token, NOON + 2 * IDLE) is None  # it does not come back

    def test_ends_after_its_time_however_much_it_is_used(self, peopled: SqlStore) -> None:
        token = begin_session(peopled, "wang", now=NOON)
        now = NOON
        while now < NOON + LONGEST:
            assert session_of(peopled, token, now) is not None
            now += timedelta(minutes=20)

        assert session_of(peopled, token, NOON + LONGEST + timedelta(seconds=1)) is None

    def test_ends_with_a_change_of_the_user(self, peopled: SqlStore) -> None:
        token = begin_session(peopled, "wang", now=NOON)

        change_user(peopled, "wang", role=Role.VIEWER.value)

        assert session_of(peopled, token, NOON) is None

    def test_ends_at_signing_out(self, peopled: SqlStore) -> None:
        token = begin_session(peopled, "wang", now=NOON)

        end_session(peopled, token)

        assert session_of(peopled, token, NOON) is None


class TestAuditTrail:
    def test_keeps_what_was_done_the_newest_first(self, sql_store: SqlStore) -> None:
        note_act(sql_store, "wang", "view", now=NOON, case_id="EDC:1", version=2)
        note_act(sql_store, "li", "export", now=NOON, cases=12)

        entries = audit_entries(sql_store)

        assert [(e.user, e.act, e.case_id) for e in entries] == [
            ("li", "export", None),
            ("wang", "view", "EDC:1"),
        ]
        assert entries[0].details == {"cases": 12}
        assert [e.user for e in audit_entries(sql_store, case_id="EDC:1")] == ["wang"]

    @pytest.mark.parametrize(
        "statement", ["UPDATE audit_trail SET act = 'x'", "DELETE FROM audit_trail"]
    )
    def test_refuses_a_change(self, sql_store: SqlStore, statement: str) -> None:
        note_act(sql_store, "wang", "view", now=NOON)

        with pytest.raises(InvariantError), sql_store.writing() as connection:
            connection.exec_driver_sql(statement)
