"""How connections wait for others."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from safety.store.connect import make_engine


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """
    Let SQLite say so often, at once, that it is busy when asked for its write-ahead log.

    As it does, whatever its timeout, where another connection changes a new file to it just then.
    """

    def be_busy(times: int) -> None:
        left = times

        class Busy(sqlite3.Connection):
            def execute(self, sql: str, /, *args: Any) -> sqlite3.Cursor:
                nonlocal left
                if left and sql.startswith("PRAGMA journal_mode"):
                    left -= 1
                    error = sqlite3.OperationalError("database is locked")
                    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                    raise error
                return super().execute(sql, *args)

        connect = sqlite3.dbapi2.connect
        monkeypatch.setattr(
            sqlite3.dbapi2, "connect", lambda *args, **named: connect(*args, factory=Busy, **named)
        )

    return be_busy


class TestAnotherChangesTheFileJustThen:
    def test_is_waited_for(self, busy: Callable[[int], None], tmp_path: Path) -> None:
        busy(3)
        engine = make_engine(f"sqlite:///{tmp_path / 'safety.db'}")

        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        engine.dispose()

    def test_is_an_error_when_it_does_not_end(
        self, busy: Callable[[int], None], tmp_path: Path
    ) -> None:
        busy(1_000_000)
        engine = make_engine(f"sqlite:///{tmp_path / 'safety.db'}", busy_seconds=0.2)

        with pytest.raises(OperationalError, match="locked"), engine.connect():
            pass
        engine.dispose()
