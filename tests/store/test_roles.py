"""The role that the software runs as can do its work, and cannot undo it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Table, make_url
from sqlalchemy.exc import ProgrammingError

from consumers.backfill import process_records
from safety.errors import SchemaError
from safety.store import SqlStore, grant_application, migrate, open_store, tables
from safety.store.connect import make_engine
from safety.store.health import change_guards, may_change_the_log
from safety.store.parked import ParkedState, quarantine_list, quarantine_mark
from safety.store.queries import mark_published, unpublished
from safety.store.verify import verify_store
from tests.support.decisions import knowledge
from tests.support.streams import examples
from tests.support.tables import assert_same_tables

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHANGES = {"UPDATE": "UPDATE {} SET {} = {}", "DELETE": "DELETE FROM {}", "TRUNCATE": "TRUNCATE {}"}


@pytest.fixture
def role(postgres_url: str) -> Iterator[str]:
    """A role that nobody gave anything yet."""
    name = f"app {uuid4().hex[:8]}"  # with a space: it has to be quoted
    with closing(SqlStore(make_engine(postgres_url))) as store:
        with store.writing() as connection:
            connection.exec_driver_sql(f'CREATE ROLE "{name}" LOGIN')
        migrate(postgres_url)
        yield name
        with store.writing() as connection:
            connection.exec_driver_sql(f'DROP OWNED BY "{name}"')
            connection.exec_driver_sql(f'DROP ROLE "{name}"')


@pytest.fixture
def application(postgres_url: str, role: str) -> Iterator[SqlStore]:
    """The store as the software opens it."""
    grant_application(postgres_url, role)
    url = make_url(postgres_url).set(username=role)
    with closing(open_store(url.render_as_string(hide_password=False))) as store:
        yield store


class TestGrantApplication:
    def test_the_whole_flow_runs_as_the_role(
        self, application: SqlStore, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        # One by one: what is derived from a case is replaced when it gets another message.
        process_records(examples(), application, knowledge(), batch_records=1, clock=lambda: NOW)
        mark_published(application, [m.message_id for m in unpublished(application)], now=NOW)
        for parked in quarantine_list(application):
            assert quarantine_mark(application, parked.quarantine_id, ParkedState.REDRIVEN)

        url = f"sqlite:///{tmp_path_factory.mktemp('own') / 'safety.db'}"
        migrate(url)
        with closing(open_store(url)) as own:
            process_records(examples(), own, knowledge(), clock=lambda: NOW)
            for parked in quarantine_list(own):
                assert quarantine_mark(own, parked.quarantine_id, ParkedState.REDRIVEN)
            assert_same_tables(application, own)
        assert list(verify_store(application)) == []

    @pytest.mark.parametrize("change", CHANGES)
    @pytest.mark.parametrize("table", tables.APPEND_ONLY, ids=lambda table: table.name)
    def test_what_is_kept_for_ever_it_cannot_change(
        self, application: SqlStore, table: Table, change: str
    ) -> None:
        column = table.columns[0].name
        statement = CHANGES[change].format(f'"{table.name}"', f'"{column}"', f'"{column}"')

        with pytest.raises(ProgrammingError, match="permission denied"):
            run(application, statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE outbox SET payload = ''",
            "DELETE FROM outbox",
            "UPDATE quarantine SET payload = ''",
            "DELETE FROM quarantine",
            "DELETE FROM cases",
            "DELETE FROM stream_offsets",
            "UPDATE alembic_version SET version_num = '0001'",
            "DROP TRIGGER message_log_append_only ON message_log",
            "ALTER TABLE message_log DISABLE TRIGGER ALL",
            "CREATE TABLE mine (a int)",
            "SET session_replication_role = replica",
        ],
    )
    def test_nor_what_would_undo_the_rest(self, application: SqlStore, statement: str) -> None:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            run(application, statement)

    def test_granting_again_takes_back_what_was_given_beside(
        self, postgres_url: str, role: str, application: SqlStore
    ) -> None:
        with closing(SqlStore(make_engine(postgres_url))) as owner:
            run(owner, f'GRANT ALL ON message_log TO "{role}"')

        grant_application(postgres_url, role)

        with pytest.raises(ProgrammingError, match="permission denied"):
            run(application, "DELETE FROM message_log")

    def test_the_doctor_tells_the_role_from_the_owner(
        self, postgres_url: str, application: SqlStore
    ) -> None:
        with closing(SqlStore(make_engine(postgres_url))) as owner:
            assert may_change_the_log(owner)
            assert change_guards(owner) == []
        assert not may_change_the_log(application)

    def test_a_trigger_switched_off_is_noticed(self, postgres_url: str, role: str) -> None:
        del role
        with closing(SqlStore(make_engine(postgres_url))) as owner:
            run(owner, "ALTER TABLE case_versions DISABLE TRIGGER ALL")

            assert change_guards(owner) == ["case_versions"]

    def test_an_unknown_role_is_refused(self, postgres_url: str) -> None:
        migrate(postgres_url)

        with pytest.raises(SchemaError, match="CREATE ROLE"):
            grant_application(postgres_url, "nobody's")

    def test_sqlite_has_no_roles(self, sqlite_url: str) -> None:
        migrate(sqlite_url)

        with pytest.raises(SchemaError, match="only PostgreSQL"):
            grant_application(sqlite_url, "app")


def run(store: SqlStore, statement: str) -> None:
    """Run one statement with the rights of the store's role, past our own translation of errors."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql(statement)
