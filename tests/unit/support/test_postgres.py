"""The PostgreSQL of the tests: one server a session, an empty database a test."""

from pathlib import Path

import psycopg
import sqlalchemy as sa

from tests.support.postgres import PostgresServer


class TestPostgresUrl:
    def test_names_a_database_without_tables(self, postgres_url: str) -> None:
        engine = sa.create_engine(postgres_url)

        assert sa.inspect(engine).get_table_names() == []

        engine.dispose()

    def test_keeps_chinese_text(self, postgres_url: str) -> None:
        engine = sa.create_engine(postgres_url)

        with engine.connect() as connection:
            text = connection.scalar(sa.text("SELECT :term"), {"term": "手足皮肤反应"})
        engine.dispose()

        assert text == "手足皮肤反应"


class TestFreshDatabase:
    def test_is_dropped_although_a_session_is_still_open(
        self, postgres_server: PostgresServer
    ) -> None:
        with postgres_server.fresh_database() as url:
            engine = sa.create_engine(url)
            connection = engine.connect()
            name = connection.scalar(sa.text("SELECT current_database()"))
            home = connection.scalar(sa.text("SHOW unix_socket_directories"))
        connection.invalidate()
        engine.dispose()

        with psycopg.connect(f"host={home} user=postgres dbname=postgres") as session:
            names = {row[0] for row in session.execute("SELECT datname FROM pg_database")}
        assert name not in names
        assert Path(str(home)).is_dir()
