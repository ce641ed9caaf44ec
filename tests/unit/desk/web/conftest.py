"""A desk with the examples in it, people of every role, and browsers that are signed in."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from consumers.backfill import process_records
from consumers.examples import incoming_examples
from desk.web.app import create_app
from desk.web.context import Desk, Manners
from desk.web.passwords import hash_password
from safety.store import SqlStore, migrate, open_store
from safety.store.people import Role, add_user
from safety.store.queue import Asked, list_queue
from safety.store.queue_row import QueueRow
from tests.support.decisions import knowledge

PASSWORD = "correct-horse-battery"  # noqa: S105 - of people who are made up
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
AS_OF = date(2014, 5, 20)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=10)
        return self.now


@pytest.fixture(scope="session")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the examples and one person of each role, to be copied."""
    path = tmp_path_factory.mktemp("desk") / "safety.db"
    migrate(f"sqlite:///{path}")
    hashed = hash_password(PASSWORD)
    with closing(open_store(f"sqlite:///{path}")) as store:
        process_records(incoming_examples(), store, knowledge(), clock=lambda: NOW)
        for role in Role:
            add_user(
                store,
                role.value,
                role,
                password_hash=hashed,
                now=NOW,
                full_name=f"{role.value.title()} Example",
                zone="Asia/Shanghai",
            )
    return path


@pytest.fixture
def store(desk_template: Path, tmp_path: Path) -> Iterator[SqlStore]:
    """The store of one test's desk."""
    copy = tmp_path / "safety.db"
    shutil.copy(desk_template, copy)
    with closing(open_store(f"sqlite:///{copy}")) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """The clock of the desk."""
    return Clock()


@pytest.fixture
def app(store: SqlStore, clock: Clock) -> FastAPI:
    """One desk."""
    manners = Manners(secure=False, hosts=("testserver",), as_of=AS_OF)
    return create_app(Desk(store, knowledge(), manners, clock))


class Browser:
    """A browser of one person; forms carry the token that its pages hold."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        self.csrf = ""

    def sign_in(self, name: str, password: str = PASSWORD) -> int:
        """Sign in, and give the status of the answer."""
        answer = self.client.post("/sign-in", data={"name": name, "password": password})
        if answer.status_code == 303:
            found = re.search('name="csrf" content="([^"]+)"', self.get("/")[1])
            assert found is not None
            self.csrf = found[1]
        return int(answer.status_code)

    def get(self, path: str) -> tuple[int, str]:
        """Give the status and the text of a page."""
        answer = self.client.get(path)
        return answer.status_code, answer.text

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form; gives the status, and the text of the page or where it leads."""
        answer = self.client.post(path, data={"csrf": self.csrf, **fields})
        return answer.status_code, answer.headers.get("location", answer.text)

    def decide(self, row: QueueRow, kind: str, **fields: str) -> tuple[int, str]:
        """Decide about a case as this row shows it."""
        return self.post(f"/case/{row.ref}/decide", kind=kind, version=str(row.version), **fields)


Browsers = Callable[[str], Browser]


@pytest.fixture
def signed_in(app: FastAPI) -> Browsers:
    """Give the browser of a person, by their role."""

    def opened(role: str) -> Browser:
        browser = Browser(app)
        assert browser.sign_in(role) == 303
        return browser

    return opened


@pytest.fixture
def first(store: SqlStore) -> QueueRow:
    """The most urgent case that nobody has taken on."""
    return list_queue(store, Asked(stage="new"), user="", today=AS_OF, limit=1)[0].row
