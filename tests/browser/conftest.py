"""A desk on a port of this machine, with a small simulated study, and Debian's Chromium."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from consumers.backfill import process_records
from consumers.examples import incoming_examples
from consumers.handlers import Record
from consumers.simulation.stream import simulate_secure
from desk.web.app import create_app
from desk.web.context import Desk, Manners
from desk.web.passwords import hash_password
from safety.store import SqlStore, migrate, open_store
from safety.store.people import Role, add_user
from tests.support.decisions import knowledge

PASSWORD = "correct-horse-battery"  # noqa: S105 - of people who are made up
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
AS_OF = date(2014, 5, 20)
SUBJECTS = 6
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def desk_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A store with the examples, a small study, and one person of each role."""
    url = f"sqlite:///{tmp_path_factory.mktemp('browser') / 'safety.db'}"
    migrate(url)
    with closing(open_store(url, durable=False)) as store:
        study = (
            Record(each.topic, -1, 0, each.key, each.headers, each.value)
            for each in simulate_secure(1, SUBJECTS)
        )
        process_records(study, store, knowledge(), clock=lambda: NOW)
        process_records(incoming_examples(), store, knowledge(), clock=lambda: NOW)
        hashed = hash_password(PASSWORD)
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
        yield store


@pytest.fixture(scope="session")
def address(desk_store: SqlStore) -> Iterator[str]:
    """Where the desk answers."""
    manners = Manners(secure=False, hosts=("127.0.0.1",), as_of=AS_OF)
    app = create_app(Desk(desk_store, knowledge(), manners))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        server.force_exit = True
        thread.join(timeout=20)


SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in(browser: Browser, address: str) -> Iterator[SignedIn]:
    """Open a browser of a person, by their role, in light or dark."""
    opened = []

    def sign_in(role: str, *, scheme: str = "light", width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=address,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 900},
        )
        opened.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=name]", role)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#queue")
        page.wait_for_load_state()  # what listens to keys comes last
        return page

    yield sign_in
    for context in opened:
        context.close()
