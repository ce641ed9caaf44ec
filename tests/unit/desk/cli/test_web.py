"""`safety desk`: where it may listen, and whom the demo signs in."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from consumers.backfill import process_records
from consumers.examples import incoming_examples
from desk.cli.app import app
from desk.cli.demo_user import DEMO, make_demo_user
from desk.cli.failures import UsageFault
from desk.web.app import create_app
from desk.web.context import Desk, Manners
from safety.store import SqlStore, migrate, open_store
from safety.store.people import Role, add_user, find_user
from tests.support.decisions import NOW, knowledge


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    with closing(open_store(url)) as opened:
        yield opened


def browser(store: SqlStore, host: str, **headers: str) -> TestClient:
    manners = Manners(secure=False, hosts=("testserver",), demo=DEMO)
    made = create_app(Desk(store, knowledge(), manners))
    return TestClient(made, client=(host, 50_000), headers=headers)


class TestDesk:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])  # noqa: S104 - must be refused
    @pytest.mark.parametrize("option", ["--demo", "--insecure"])
    def test_without_https_it_listens_on_the_loopback_only(
        self, tmp_path: Path, host: str, option: str
    ) -> None:
        url = f"sqlite:///{tmp_path / 'safety.db'}"
        result = CliRunner().invoke(app, ["--database", url, "desk", "--host", host, option])

        assert isinstance(result.exception, UsageFault)
        assert re.search("on the loopback only", str(result.exception))


class TestDemo:
    def test_whoever_is_at_this_machine_is_signed_in(self, store: SqlStore) -> None:
        make_demo_user(store)

        page = browser(store, "127.0.0.1").get("/")

        assert page.status_code == 200
        assert "Demo Approver" in page.text

    @pytest.mark.parametrize(
        ("host", "headers"),
        [("192.0.2.7", {}), ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"})],
    )
    def test_nobody_from_elsewhere_is(
        self, store: SqlStore, host: str, headers: dict[str, str]
    ) -> None:
        make_demo_user(store)

        page = browser(store, host, **headers).get("/")

        assert "Demo Approver" not in page.text
        assert 'type="password"' in page.text

    def test_real_cases_are_not_shown(self, store: SqlStore) -> None:
        real = [
            replace(record, value=record.value.replace(b'"synthetic": true', b'"synthetic": false'))
            for record in incoming_examples()
            if record.value is not None
        ]
        process_records(real, store, knowledge(), clock=lambda: NOW)

        with pytest.raises(UsageFault, match="not marked as made up"):
            make_demo_user(store)
        assert find_user(store, DEMO) is None

    def test_a_person_of_that_name_is_left_alone(self, store: SqlStore) -> None:
        add_user(store, DEMO, Role.VIEWER, password_hash=None, now=NOW)

        with pytest.raises(UsageFault, match="a person called demo"):
            make_demo_user(store)

    def test_the_password_is_another_each_time(self, store: SqlStore) -> None:
        assert make_demo_user(store) != make_demo_user(store)
