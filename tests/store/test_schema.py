"""A database is opened only if its tables are those of this software."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url, select, text
from sqlalchemy.schema import DropView

from safety.errors import InvariantError, SchemaError, StoreUnavailableError
from safety.store import SqlStore, desk_tables, migrate, open_store, tables
from safety.store.connect import make_engine
from tests.support.stories import NOON

NEWEST = "0012"


def set_version(url: str, version: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()


def definition_of(connection: Connection, view: str) -> str:
    """Give the definition of a view as PostgreSQL understood it, without its layout."""
    asked = text("SELECT pg_get_viewdef(CAST(:view AS regclass))")
    return " ".join(str(connection.scalar(asked, {"view": view})).split())


def _is_word_index(difference: tuple[object, ...]) -> bool:
    """Tell whether this is the index of words, which each database has in its own way."""
    return getattr(difference[1], "name", "").startswith(("queue_words", "ix_queue_words"))


def touch(url: str) -> None:
    """Make the file if it is SQLite's."""
    engine = make_engine(url)
    engine.connect().close()
    engine.dispose()


class TestMigrate:
    def test_makes_exactly_the_tables_that_the_software_uses(self, sql_store: SqlStore) -> None:
        with sql_store.reading() as connection:
            # SQLite numbers its keys without being told to, which looks like a difference
            options = {"compare_server_default": connection.dialect.name == "postgresql"}
            context = MigrationContext.configure(connection, opts=options)

            known = [tables.metadata, desk_tables.metadata]
            found = compare_metadata(context, known)  # type: ignore[arg-type]

            assert [each for each in found if not _is_word_index(each)] == []

    def test_makes_exactly_the_views_that_the_software_uses(self, postgres_store: SqlStore) -> None:
        with postgres_store.writing() as connection:
            made = [definition_of(connection, view.table.name) for view in tables.VIEWS]
            for view in tables.VIEWS:
                connection.execute(DropView(view.table))
                connection.execute(view)
            ours = [definition_of(connection, view.table.name) for view in tables.VIEWS]

        assert made == [definition.replace("anon_1", "held") for definition in ours]

    def test_names_columns_of_views_as_the_software_does(self, sql_store: SqlStore) -> None:
        with sql_store.reading() as connection:
            for view in tables.VIEWS:
                columns = inspect(connection).get_columns(view.table.name)
                assert [c["name"] for c in columns] == [c.name for c in view.table.columns]

    def test_changes_nothing_the_second_time(self, database_url: str) -> None:
        assert migrate(database_url) == NEWEST
        with closing(open_store(database_url)) as store:
            store.keep_knowledge("k1", {"a": "b"}, now=NOON)

        assert migrate(database_url) == NEWEST

        with closing(open_store(database_url)) as store, store.reading() as connection:
            assert connection.scalars(select(tables.knowledge.c.part)).all() == ["a"]

    def test_two_at_once_wait_for_each_other(self, database_url: str) -> None:
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(migrate, database_url) for _ in range(2)]

        assert [done.result() for done in both] == [NEWEST, NEWEST]

    def test_makes_all_tables_or_none(self, database_url: str) -> None:
        engine = make_engine(database_url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE subject_records (somebody TEXT)"))

        with pytest.raises(InvariantError, match="refused a statement"):
            migrate(database_url)

        assert set(inspect(engine).get_table_names()) == {"subject_records"}
        engine.dispose()

    def test_a_folder_that_is_not_there_is_an_outage(self, tmp_path: Path) -> None:
        with pytest.raises(StoreUnavailableError, match="check that the folder exists"):
            migrate(f"sqlite:///{tmp_path / 'absent' / 'safety.db'}")

    def test_leaves_the_tables_of_a_newer_software_alone(self, database_url: str) -> None:
        migrate(database_url)
        set_version(database_url, "9999")

        with pytest.raises(SchemaError, match=r"version 9999.*a newer one made them"):
            migrate(database_url)


class TestOpenStore:
    def test_refuses_a_database_without_tables_and_says_what_to_type(
        self, database_url: str
    ) -> None:
        touch(database_url)
        with pytest.raises(SchemaError, match=r"no tables yet.*safety migrate"):
            open_store(database_url)

    def test_refuses_older_tables_and_says_what_to_type(
        self, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        migrate(database_url)
        monkeypatch.setattr("safety.store.schema.newest", lambda: "0099")

        with pytest.raises(SchemaError, match=rf"version {NEWEST}.*needs 0099.*safety migrate"):
            open_store(database_url)

    def test_refuses_newer_tables_and_says_what_to_do(self, database_url: str) -> None:
        migrate(database_url)
        set_version(database_url, "9999")

        with pytest.raises(SchemaError, match=r"version 9999.*install that one"):
            open_store(database_url)

    def test_takes_the_short_name_of_postgres(self, postgres_url: str) -> None:
        short = make_url(postgres_url).set(drivername="postgresql")
        migrate(short.render_as_string(hide_password=False))

        with closing(open_store(short.render_as_string(hide_password=False))) as store:
            assert repr(store).startswith("SqlStore(the PostgreSQL database test_")

    def test_a_server_that_is_not_there_is_an_outage_and_no_password_is_told(
        self, tmp_path: Path
    ) -> None:
        url = f"postgresql://user:SECRET@/pv?host={tmp_path}"

        with pytest.raises(StoreUnavailableError, match="cannot be reached") as caught:
            open_store(url)

        assert "SECRET" not in str(caught.value)

    def test_a_file_that_is_not_there_is_not_made(self, tmp_path: Path) -> None:
        path = tmp_path / "safety.db"

        with pytest.raises(SchemaError, match=r"does not exist.*safety migrate"):
            open_store(f"sqlite:///{path}")

        assert not path.exists()

    def test_a_file_that_is_no_database_is_a_fault(self, tmp_path: Path) -> None:
        path = tmp_path / "safety.db"
        path.write_bytes(b"this is not a database, but long enough to be read as one " * 20)

        with pytest.raises(InvariantError, match="damaged or no database"):
            open_store(f"sqlite:///{path}")


class TestMigratedWhileItIsOpen:
    def test_nothing_more_is_written(self, database_url: str) -> None:
        migrate(database_url)
        with closing(open_store(database_url)) as store:
            set_version(database_url, "9999")

            with pytest.raises(SchemaError, match=rf"from version {NEWEST} to 9999 while"):
                store.keep_knowledge("k1", {"a": "b"}, now=NOON)

            with store.reading() as connection:
                assert connection.scalars(select(tables.knowledge.c.part)).all() == []

    def test_a_migration_waits_for_who_writes(self, postgres_url: str) -> None:
        migrate(postgres_url)
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        with closing(open_store(postgres_url)) as store, ThreadPoolExecutor(1) as pool:
            with store.writing():
                done = pool.submit(migrate, postgres_url)
                with store.reading() as connection:
                    while connection.scalar(waiting) == 0:
                        assert not done.done(), "it did not wait"

            assert done.result() == NEWEST
