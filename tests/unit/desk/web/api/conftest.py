"""Programs that are signed in."""

from collections.abc import Callable

import httpx
import pytest

from safety.store.queue_row import QueueRow
from tests.unit.desk.web.conftest import Browsers

V1 = "/api/v1"


class Program:
    """A program that acts for a person."""

    def __init__(self, client: httpx.Client, csrf: str) -> None:
        self.client = client
        self.csrf = csrf

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for something."""
        return self.client.get(f"{V1}{path}", headers=headers)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Send JSON with the token of the session."""
        told = {"x-csrf-token": self.csrf, **headers}
        return self.client.post(f"{V1}{path}", json=body, headers=told)

    def decide(self, row: QueueRow, kind: str, **fields: object) -> httpx.Response:
        """Decide about a case as this row shows it."""
        body = {"version": row.version, **fields, "kind": kind}
        return self.post(f"/cases/{row.ref}/decisions", body)


Programs = Callable[[str], Program]


@pytest.fixture
def program(signed_in: Browsers) -> Programs:
    """Give the program of a person, by their role."""

    def opened(role: str) -> Program:
        browser = signed_in(role)
        return Program(browser.client, browser.csrf)

    return opened
