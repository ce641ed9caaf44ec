"""Everybody can use every page: axe finds nothing, in light and dark, at every width."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from safety.store import SqlStore
from safety.store.people import Role
from safety.store.queue import Asked, Tab, list_queue
from tests.browser.conftest import AS_OF, SignedIn

OF_A_CASE = ("", "/why", "/timeline", "/documents", "/versions", "/history", "/duplicates")
PAGES = (
    "/",
    "/?tab=missing",
    "/overview",
    "/quarantine",
    "/audit",
    "/account",
    "/help",
    "/no-such-page",
)


def faults(page: Page) -> list[Any]:
    """Give what axe objects to: the rule, and where."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found]


class TestAxe:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_finds_nothing_on_any_page(
        self, signed_in: SignedIn, desk_store: SqlStore, scheme: str
    ) -> None:
        page = signed_in(Role.APPROVER, scheme=scheme)
        asked = Asked(Tab.SEVEN)
        [first, *_] = list_queue(desk_store, asked, user="", today=AS_OF, limit=1)
        found = {}
        for path in (*PAGES, *(f"/case/{first.row.ref}{part}" for part in OF_A_CASE)):
            page.goto(path)
            found[path] = faults(page)

        assert {path: each for path, each in found.items() if each} == {}

    def test_finds_nothing_on_the_page_of_a_refusal(
        self, signed_in: SignedIn, desk_store: SqlStore
    ) -> None:
        page = signed_in(Role.APPROVER)
        asked = Asked(stage="new")
        [first] = list_queue(desk_store, asked, user="", today=AS_OF, limit=1)
        page.goto(f"/case/{first.row.ref}")
        page.evaluate("document.querySelector('#form-accept [name=version]').value = '0'")
        page.locator("#form-accept summary").click()
        page.locator("#form-accept button.primary").click()
        page.wait_for_selector("#h-refused")

        assert faults(page) == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_finds_nothing_on_the_page_of_people(self, signed_in: SignedIn, scheme: str) -> None:
        page = signed_in(Role.ADMINISTRATOR, scheme=scheme)
        page.goto("/users")

        assert faults(page) == []

    def test_finds_nothing_at_the_door(self, browser: Browser, address: str) -> None:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{address}/sign-in")

            assert faults(page) == []


class TestWidths:
    @pytest.mark.parametrize("width", [820, 1280, 1920])
    def test_no_page_is_wider_than_the_window(
        self, signed_in: SignedIn, desk_store: SqlStore, width: int
    ) -> None:
        page = signed_in(Role.APPROVER, width=width)
        [first] = list_queue(desk_store, Asked(), user="", today=AS_OF, limit=1)
        for path in ("/", "/overview", f"/case/{first.row.ref}", f"/case/{first.row.ref}/why"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
