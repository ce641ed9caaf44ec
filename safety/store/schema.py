"""
Bring the tables of a database to the version of this software, or say that they are not.

The steps lie in `migrations/versions`; they are packaged and run from here, no
configuration file is needed. Two that run at once wait for each other, and for whoever writes.
"""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from safety.errors import SchemaError
from safety.store.connect import make_engine
from safety.store.sql import MIGRATING, SqlStore


def migrate(url: str) -> str:
    """
    Create the tables or bring them up to date; gives the version they have then.

    Raises:
        SchemaError: A newer software made them, or the URL names no database we could use.
        StoreUnavailableError: The database cannot be reached.
    """
    store = SqlStore(make_engine(url))
    try:
        with store.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
            current = version_of(connection)
            if current is not None and current not in _versions():
                raise SchemaError(_newer(store.place, current))
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        store.close()
    return newest()


def check_schema(connection: Connection, place: str) -> None:
    """
    Refuse tables that are not those of this software.

    Raises:
        SchemaError: They are absent, older or newer; the message says what to type.
    """
    current = version_of(connection)
    if current == newest():
        return
    if current is None:
        raise SchemaError(f"{place} has no tables yet; create them with: safety migrate")
    if current not in _versions():
        raise SchemaError(_newer(place, current))
    raise SchemaError(
        f"{place} has tables of version {current}, this software needs {newest()};"
        " make a backup, stop the consumers, then: safety migrate"
    )


def version_of(connection: Connection) -> str | None:
    """The version of the tables, None if there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The version of the tables that this software works with."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None  # noqa: S101 - the package holds at least one step
    return head


def configuration() -> Config:
    """Where the steps are."""
    config = Config()
    config.set_main_option("script_location", "safety.store:migrations")
    return config


def _versions() -> set[str]:
    script = ScriptDirectory.from_config(configuration())
    return {step.revision for step in script.walk_revisions()}


def _newer(place: str, current: str) -> str:
    return (
        f"{place} has tables of version {current}, which this software does not know:"
        " a newer one made them; install that one, or restore a backup"
    )
