"""A driver's error becomes an outage or a fault, and never quotes a row."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from safety.errors import InvariantError, SafetyError, StoreUnavailableError
from safety.store.faults import faults_of

PATIENT = "王某, male, 58"
PLACE = "the PostgreSQL database pv at db"


def postgres_error(state: str) -> psycopg.Error:
    """Give the error that psycopg raises for a SQLSTATE; its text quotes a row."""
    return psycopg.errors.lookup(state)(f"DETAIL: Failing row contains ({PATIENT})")


def meaning_of(error: Exception) -> SafetyError:
    with pytest.raises(SafetyError) as caught, faults_of(PLACE):
        raise error
    return caught.value


class TestPostgres:
    @pytest.mark.parametrize(
        ("state", "advice"),
        [
            # PostgreSQL manual, appendix A
            ("08006", "connection was lost"),
            ("25006", "names the primary server"),
            ("28P01", "user, password"),
            ("3D000", "create it"),
            ("40001", "another writer"),
            ("40P01", "another writer"),
            ("53100", "disk is full"),
            ("53200", "out of memory"),
            ("53300", "max_connections"),
            ("53400", "short of resources"),
            ("55P03", "lock"),
            ("57014", "statement_timeout"),
            ("57P01", "shutting down"),
            ("58030", "system error"),
        ],
    )
    def test_what_waiting_may_cure_is_an_outage_with_advice(self, state: str, advice: str) -> None:
        found = meaning_of(postgres_error(state))

        assert isinstance(found, StoreUnavailableError)
        assert advice in str(found)
        assert PLACE in str(found)
        assert state in str(found)

    @pytest.mark.parametrize("state", ["42P01", "42601", "22P02", "23502", "23505", "P0001"])
    def test_what_waiting_does_not_cure_is_a_fault(self, state: str) -> None:
        found = meaning_of(postgres_error(state))

        assert isinstance(found, InvariantError)
        assert state in str(found)

    def test_no_answer_at_all_is_an_outage(self) -> None:
        found = meaning_of(psycopg.OperationalError(f"connection to {PATIENT} failed"))

        assert isinstance(found, StoreUnavailableError)

    def test_a_value_that_the_driver_refuses_is_a_fault(self) -> None:
        found = meaning_of(psycopg.DataError(f"cannot dump {PATIENT}"))

        assert isinstance(found, InvariantError)
        assert "DataError" in str(found)


class TestSqlite:
    def test_a_file_that_cannot_be_opened_is_an_outage(self, tmp_path: Path) -> None:
        with pytest.raises(StoreUnavailableError, match="folder exists"), faults_of(PLACE):
            sqlite3.connect(tmp_path / "absent" / "file")

    def test_a_database_that_is_read_only_is_an_outage(self) -> None:
        error = failing("CREATE TABLE t (a)", before="PRAGMA query_only = ON")

        assert "read-only" in str(meaning_of(error))

    @pytest.mark.parametrize(
        "statement", ["SELEC 1", "INSERT INTO t VALUES (NULL)", "INSERT INTO nothing VALUES (1)"]
    )
    def test_a_statement_that_is_wrong_is_a_fault(self, statement: str) -> None:
        error = failing(statement, before="CREATE TABLE t (a TEXT NOT NULL)")

        assert isinstance(meaning_of(error), InvariantError)

    def test_a_duplicate_where_nobody_competes_is_a_fault(self) -> None:
        table = "CREATE TABLE t (a TEXT PRIMARY KEY); INSERT INTO t VALUES ('1')"
        found = meaning_of(failing("INSERT INTO t VALUES ('1')", before=table))

        assert isinstance(found, InvariantError)
        assert "a row of t that is there already" in str(found)

    def test_a_duplicate_where_writers_compete_asks_to_try_again(self) -> None:
        table = "CREATE TABLE cases (a TEXT PRIMARY KEY); INSERT INTO cases VALUES ('1')"
        found = meaning_of(failing("INSERT INTO cases VALUES ('1')", before=table))

        assert isinstance(found, StoreUnavailableError)
        assert "cases" in str(found)

    def test_misuse_of_the_driver_is_a_fault(self) -> None:
        found = meaning_of(sqlite3.ProgrammingError(f"binding {PATIENT}"))

        assert isinstance(found, InvariantError)


def failing(statement: str, *, before: str) -> sqlite3.Error:
    """Give the error of a statement in a new database in memory."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(before)
    try:
        connection.execute(statement)
    except sqlite3.Error as error:
        return error
    finally:
        connection.close()
    raise AssertionError("the statement did not fail")


class TestFaultsOf:
    @pytest.mark.parametrize(
        "error",
        [
            postgres_error("53300"),
            postgres_error("23502"),
            OperationalError("INSERT", {"verbatim": PATIENT}, postgres_error("08006")),
            OperationalError("INSERT", {"verbatim": PATIENT}, sqlite3.DatabaseError(PATIENT)),
            DBAPIError("INSERT", {"verbatim": PATIENT}, ZeroDivisionError(PATIENT)),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_says_nothing_of_the_row(self, error: Exception) -> None:
        found = meaning_of(error)

        assert PATIENT not in str(found)
        assert found.__cause__ is None
        assert found.__suppress_context__

    def test_a_wrapped_error_means_what_the_driver_meant(self) -> None:
        found = meaning_of(OperationalError("INSERT", {}, postgres_error("08006")))

        assert isinstance(found, StoreUnavailableError)

    @pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), InvariantError("x")])
    def test_other_errors_pass_as_they_are(self, error: Exception) -> None:
        with pytest.raises(type(error)) as caught, faults_of(PLACE):
            raise error

        assert caught.value is error

    def test_the_place_it_happened_at_is_kept(self) -> None:
        found = meaning_of(postgres_error("42601"))

        frames: list[str] = []
        trace = found.__traceback__
        while trace is not None:
            frames.append(trace.tb_frame.f_code.co_name)
            trace = trace.tb_next
        assert "meaning_of" in frames
