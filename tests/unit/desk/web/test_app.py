"""What holds for every page: a gate, headers, a known name, a clear failure."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from desk.web.actions import NEEDS, Action, is_allowed
from desk.web.app import OPEN, check_gates, every_route
from safety.errors import InvariantError, StoreUnavailableError
from safety.store import SqlStore
from safety.store.people import Role
from tests.unit.desk.web.conftest import Browser, Browsers


class TestGates:
    def test_a_route_without_one_is_refused_at_the_start(self) -> None:
        router = APIRouter()

        @router.get("/forgotten")
        def forgotten() -> str:
            return "open to all"

        with pytest.raises(InvariantError, match="/forgotten has 0 gates"):
            check_gates(each for each in router.routes if isinstance(each, APIRoute))

    def test_nothing_but_the_door_is_open(self, app: FastAPI) -> None:
        client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)

        for route in every_route(app):
            path = route.path.format(ref="0" * 16, number=1, view_id="x", digest="0", name="x")
            for method in route.methods or ():
                answer = client.request(method, path)
                if route.path not in OPEN:
                    assert answer.status_code in {303, 401}, (method, route.path)

    def test_every_action_names_its_roles_and_what_is_not_named_nobody_may(self) -> None:
        assert set(NEEDS) == set(Action)
        assert not is_allowed(Role.APPROVER, "launch")  # type: ignore[arg-type]

    def test_an_administrator_decides_nothing_about_cases(self) -> None:
        allowed = {action for action in Action if is_allowed(Role.ADMINISTRATOR, action)}

        assert allowed == {
            Action.VIEW,
            Action.SAVE_VIEW,
            Action.EXPORT,
            Action.READ_AUDIT,
            Action.MANAGE_USERS,
        }


class TestHeaders:
    @pytest.mark.parametrize("path", ["/sign-in", "/", "/no-such-page", "/case/x"])
    def test_every_answer_has_them(self, app: FastAPI, path: str) -> None:
        headers = Browser(app).client.get(path).headers

        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"

    def test_another_host_name_is_refused(self, app: FastAPI) -> None:
        assert Browser(app).client.get("/", headers={"host": "evil.example"}).status_code == 400

    def test_no_page_has_style_or_script_of_its_own(self, signed_in: Browsers) -> None:
        text = signed_in("approver").get("/")[1]

        assert "style=" not in text
        assert "<style" not in text
        assert " onclick" not in text


class TestFailures:
    def test_a_stopped_database_is_a_clear_page(
        self, signed_in: Browsers, store: SqlStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser = signed_in("viewer")

        def stopped(*_: object, **__: object) -> None:
            raise StoreUnavailableError("the database cannot be reached")

        monkeypatch.setattr(store, "reading", stopped)

        status, text = browser.get("/")

        assert status == 503
        assert "Nothing is lost" in text

    def test_what_nobody_foresaw_shows_neither_its_text_nor_a_trace(
        self, signed_in: Browsers, store: SqlStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser = signed_in("viewer")

        def broken(*_: object, **__: object) -> None:
            raise RuntimeError("patient WL, born 1950")

        monkeypatch.setattr(store, "reading", broken)

        status, text = browser.get("/")

        assert status == 500
        assert "WL" not in text
        assert "Traceback" not in text
