"""A database that is away, full, locked or at odds costs time, and nothing else."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from signal import SIGINT, SIGQUIT, Signals

import pytest
from psycopg import sql
from sqlalchemy import make_url

from safety.store import grant_application, migrate
from tests.support.consuming import wait_until
from tests.support.disturbed import disturb, run_within, session, tries
from tests.support.postgres import needs_postgres, prepared_postgres
from tests.support.scene import Scene

pytestmark = pytest.mark.kafka


class TestPostgresRefuses:
    @pytest.mark.parametrize(
        ("state", "late"),  # PostgreSQL manual, appendix A; late: when the transaction commits
        [
            pytest.param("08006", False, id="connection failure"),
            pytest.param("40001", True, id="serialization failure"),
            pytest.param("40P01", False, id="deadlock detected"),
            pytest.param("53100", True, id="disk full"),
            pytest.param("55P03", False, id="lock not available"),
            pytest.param("57P03", False, id="cannot connect now"),
        ],
    )
    def test_what_passes_is_waited_out(
        self, scene: Scene, migrated_postgres: str, state: str, *, late: bool
    ) -> None:
        url = migrated_postgres
        disturb(url, f"RAISE EXCEPTION 'as ordered' USING ERRCODE = '{state}'", late=late)

        with scene.consumer(url):
            pass

        assert scene.has_waited()
        assert tries(url) > len(scene.waits) > 0
        scene.ends_well(url)

    @pytest.mark.parametrize("state", ["22003", "23514"])  # out of range, check violation
    def test_what_does_not_pass_halts_it_with_nothing_of_the_batch_stored(
        self, scene: Scene, migrated_postgres: str, state: str
    ) -> None:
        url = migrated_postgres
        disturb(url, f"RAISE EXCEPTION 'as ordered' USING ERRCODE = '{state}'", every=1)

        with scene.start(url) as consumer:
            assert consumer.wait() == 1
        assert "InvariantError: the PostgreSQL database" in scene.printed
        assert f"SQLSTATE {state}" in scene.printed
        assert scene.waits == []
        with session(url) as owner:
            held = owner.execute("SELECT count(*) FROM message_log").fetchone()
            owner.execute("DROP TRIGGER trouble ON stream_offsets")
        assert held == (0,)

        with scene.consumer(url):
            pass
        scene.ends_well(url)

    def test_a_slow_one_costs_time_only(self, scene: Scene, migrated_postgres: str) -> None:
        disturb(migrated_postgres, "PERFORM pg_sleep(0.2)")

        with scene.consumer(migrated_postgres):
            pass

        assert scene.waits == []
        scene.ends_well(migrated_postgres)


class TestPostgresIsAway:
    def test_every_session_killed_again_and_again(
        self, scene: Scene, migrated_postgres: str
    ) -> None:
        disturb(migrated_postgres, "PERFORM pg_terminate_backend(pg_backend_pid())")

        with scene.consumer(migrated_postgres):
            pass

        assert len(scene.waits) > 1
        scene.ends_well(migrated_postgres)

    def test_no_connection_is_free(self, scene: Scene, migrated_postgres: str) -> None:
        role = "few"
        with session(migrated_postgres) as owner:
            owner.execute(f"DROP ROLE IF EXISTS {role}")
            owner.execute(f"CREATE ROLE {role} LOGIN")
        ours = make_url(migrated_postgres).set(username=role).render_as_string(hide_password=False)
        grant_application(migrated_postgres, role)

        with scene.consumer(ours), session(migrated_postgres) as owner:
            owner.execute(f"ALTER ROLE {role} CONNECTION LIMIT 0")
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
                [role],
            )
            wait_until(scene.has_waited)
            owner.execute(f"ALTER ROLE {role} CONNECTION LIMIT -1")

        scene.ends_well(migrated_postgres)
        with session(migrated_postgres) as owner:
            owner.execute(f"DROP OWNED BY {role}")
            owner.execute(f"DROP ROLE {role}")

    @pytest.mark.parametrize("end", [SIGINT, SIGQUIT], ids=["stopped", "crashed"])
    def test_the_server_is_started_anew(self, scene: Scene, end: Signals) -> None:
        with prepared_postgres(needs_postgres()) as server, ExitStack() as consuming:
            url = f"postgresql+psycopg://postgres@/postgres?host={server.home}"
            with server.running(end=end):
                # The server of the tests may lose the last transactions in a crash; not this one.
                server.execute(sql.SQL("ALTER DATABASE postgres SET synchronous_commit = on"))
                migrate(url)
                consuming.enter_context(scene.consumer(url))
            wait_until(scene.has_waited)
            with server.running():
                consuming.close()
                scene.ends_well(url)


class TestSqlite:
    def test_another_process_writes_for_longer_than_one_waits(
        self, scene: Scene, sqlite_url: str
    ) -> None:
        file = str(make_url(sqlite_url).database)

        with scene.consumer(sqlite_url), closing(sqlite3.connect(file, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            wait_until(lambda: len(scene.waits) > 0)
            other.execute("ROLLBACK")

        scene.ends_well(sqlite_url)

    def test_its_disk_is_full(self, scene: Scene, sqlite_url: str, tmp_path: Path) -> None:
        quota = tmp_path / "quota"
        quota.write_text("1000000")

        with scene.consumer(sqlite_url, run=run_within, arguments={"quota": quota}):
            enough = quota.rename(tmp_path / "enough")  # without a quota, not a page more
            wait_until(scene.has_waited)
            enough.rename(quota)

        scene.ends_well(sqlite_url)
