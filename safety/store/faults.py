"""
What does the driver's error mean for us: try again, or halt?

The text of a driver's error may quote a row, so it is never passed on: our message
names the state, the table and the constraint, and what to check.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from safety.errors import InvariantError, SafetyError, StoreUnavailableError

# SQLSTATE, or its class: what to check. PostgreSQL manual, appendix A.
_POSTGRES = {
    "08": "the connection was lost; check that the server runs and can be reached",
    "25006": "it is read-only; check that the URL names the primary server",
    "28": "it refused the login; check user, password and pg_hba.conf",
    "3D": "it has no database of that name; create it",
    "40": "another writer was in the way (serialization failure or deadlock)",
    "53100": "its disk is full; make room",
    "53200": "it is out of memory; check the server",
    "53300": "it has too many connections; check max_connections and who holds them",
    "53": "it is short of resources; check the server",
    "55P03": "another session holds a lock; check for long transactions",
    "57014": "the statement was cancelled; check statement_timeout and the server's load",
    "57": "it is shutting down or starting; check the server",
    "58": "it has a system error; check its disk and its log",
}
# Primary result codes of SQLite (sqlite.org/rescode.html).
_SQLITE = {
    sqlite3.SQLITE_BUSY: "another process writes to it; check for a second consumer or a backup",
    sqlite3.SQLITE_LOCKED: "another connection writes to it; check for a second consumer",
    sqlite3.SQLITE_PROTOCOL: "another process holds its locks; check for a second consumer",
    sqlite3.SQLITE_FULL: "the disk is full; make room",
    sqlite3.SQLITE_READONLY: "it is read-only; check the rights on the file and its folder",
    sqlite3.SQLITE_IOERR: "the disk gave an error; check disk and file system",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that the folder exists and its rights",
    sqlite3.SQLITE_PERM: "access was refused; check the rights on the file and its folder",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
}
# What two writers may both want to insert first; a duplicate anywhere else is a fault.
_CONTENDED = (
    "cases",
    "message_log",
    "subject_records",
    "subjects",
    "subject_assessments",
    "outbox",
    "alerts",
    "quarantine",
    "case_fingerprints",
    "duplicate_keys",
    "duplicate_pairs",
    "learned_names",
)
_UNIQUE_VIOLATION = "23505"


@contextmanager
def faults_of(place: str) -> Iterator[None]:
    """
    Turn the errors of both drivers, bare or wrapped, into ours.

    Args:
        place: The database as it may be named in a message: no password.

    Raises:
        StoreUnavailableError: Waiting may help.
        InvariantError: The database refused a statement for a reason that waiting does not cure.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error, sqlite3.Error) as error:
        # No chain: the driver's text may quote a row. The frames are kept.
        raise _meaning(error, place).with_traceback(error.__traceback__) from None


def _meaning(error: DBAPIError | psycopg.Error | sqlite3.Error, place: str) -> SafetyError:
    original = error.orig if isinstance(error, DBAPIError) else error
    match original:
        case psycopg.Error():
            return _postgres(original, place)
        case sqlite3.Error():
            return _sqlite(original, place)
        case _:
            return InvariantError(f"{place} failed with {type(original).__name__}")


def _postgres(error: psycopg.Error, place: str) -> SafetyError:
    state = error.sqlstate
    table, constraint = error.diag.table_name, error.diag.constraint_name
    if state is None:
        if isinstance(error, psycopg.OperationalError):
            return _unavailable(place, "it cannot be reached; check address, server and login")
        return InvariantError(f"{place}: the driver refused a value ({type(error).__name__})")
    if state == _UNIQUE_VIOLATION and table in _CONTENDED:
        return _contended(place, table)
    for prefix in (state, state[:2]):
        if prefix in _POSTGRES:
            return _unavailable(place, f"{_POSTGRES[prefix]} (SQLSTATE {state})")
    where = f" on {table or 'a table'}, {constraint}" if constraint else ""
    return InvariantError(f"{place} refused a statement{where} (SQLSTATE {state})")


def _sqlite(error: sqlite3.Error, place: str) -> SafetyError:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return InvariantError(f"{place}: the driver refused a statement ({type(error).__name__})")
    name = error.sqlite_errorname
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        table = str(error).rpartition(": ")[2].partition(".")[0]  # "...failed: table.column, ..."
        if table in _CONTENDED:
            return _contended(place, table)
        return InvariantError(f"{place} refused a row of {table} that is there already ({name})")
    primary = code & 0xFF
    if primary in _SQLITE:
        return _unavailable(place, f"{_SQLITE[primary]} ({name})")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return InvariantError(f"{place} is damaged or no database ({name}); restore a backup")
    return InvariantError(f"{place} refused a statement ({name})")


def _unavailable(place: str, advice: str) -> StoreUnavailableError:
    return StoreUnavailableError(f"{place} is not available: {advice}")


def _contended(place: str, table: str) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"{place}: another writer stored the same row of {table} first; try the batch again"
    )
