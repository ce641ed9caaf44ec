"""Which databases can be used, and how a connection to SQLite behaves."""

from pathlib import Path

import pytest

from safety.errors import SchemaError
from safety.store.connect import make_engine


class TestMakeEngine:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "safety.db",
            "mysql://user:SECRET@host/db",
            "postgresql://user:SECRET@host:port/db",
            "sqlite://",
            "sqlite:///:memory:",
            "SECRET://",
        ],
    )
    def test_refuses_what_is_neither_a_file_nor_a_server(self, url: str) -> None:
        with pytest.raises(SchemaError, match=r"must be sqlite:///path.* or postgresql") as caught:
            make_engine(url)

        assert "SECRET" not in str(caught.value)

    def test_reaches_postgres_by_psycopg_3_whatever_driver_is_named(self) -> None:
        engine = make_engine("postgresql://user@host/db")

        assert engine.url.drivername == "postgresql+psycopg"

    @pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
    def test_sqlite_writes_ahead_and_waits_for_the_disk_if_durable(
        self, tmp_path: Path, *, durable: bool, level: int
    ) -> None:
        # sqlite.org/pragma.html: synchronous 2 is FULL, 1 is NORMAL
        engine = make_engine(f"sqlite:///{tmp_path / 'safety.db'}", durable=durable)
        with engine.connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
        engine.dispose()

        assert found == {"journal_mode": "wal", "synchronous": level, "foreign_keys": 1}
