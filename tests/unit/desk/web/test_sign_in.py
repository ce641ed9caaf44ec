"""Nobody comes in but by their password, and not by trying many."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from desk.web.passwords import fault_of, hash_password, matches
from desk.web.throttle import FREE_TRIES, LONGEST_WAIT
from safety.store import SqlStore
from safety.store.audit import audit_entries
from tests.unit.desk.web.conftest import Browser, Browsers, Clock


class TestSignIn:
    def test_every_page_asks_for_it_and_leads_back(self, app: FastAPI) -> None:
        answer = Browser(app).client.get("/audit")

        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/audit")

    @pytest.mark.parametrize(("name", "password"), [("viewer", "wrong"), ("nobody", "wrong")])
    def test_says_the_same_whether_the_name_or_the_password_is_wrong(
        self, app: FastAPI, name: str, password: str
    ) -> None:
        answer = Browser(app).client.post("/sign-in", data={"name": name, "password": password})

        assert answer.status_code == 401
        assert "The name or the password is wrong." in answer.text
        assert not answer.cookies

    def test_makes_wait_after_some_wrong_passwords_and_also_the_right_one(
        self, app: FastAPI, clock: Clock
    ) -> None:
        browser = Browser(app)
        for _ in range(FREE_TRIES):
            assert browser.sign_in("viewer", "wrong") == 401

        assert browser.sign_in("viewer") == 429

        clock.now += LONGEST_WAIT
        assert browser.sign_in("viewer") == 303

    @pytest.mark.parametrize(
        "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "/\n/x", ""]
    )
    def test_leads_nowhere_else(self, app: FastAPI, elsewhere: str) -> None:
        answer = Browser(app).client.post(
            "/sign-in",
            data={"name": "viewer", "password": "correct-horse-battery", "next": elsewhere},
        )

        assert answer.headers["location"] == "/"

    def test_refuses_a_form_from_another_site(self, app: FastAPI) -> None:
        answer = Browser(app).client.post(
            "/sign-in",
            data={"name": "viewer", "password": "correct-horse-battery"},
            headers={"sec-fetch-site": "cross-site"},
        )

        assert answer.status_code == 403

    def test_the_cookie_is_out_of_reach_of_scripts(self, app: FastAPI) -> None:
        browser = Browser(app)

        answer = browser.client.post(
            "/sign-in", data={"name": "viewer", "password": "correct-horse-battery"}
        )

        told = answer.headers["set-cookie"].lower()
        assert "httponly" in told
        assert "samesite=lax" in told


class TestSession:
    def test_expires_and_says_so_where_something_was_sent(
        self, signed_in: Browsers, clock: Clock
    ) -> None:
        browser = signed_in("processor")
        clock.now += timedelta(minutes=31)

        status, text = browser.post("/views", title="mine")

        assert status == 401
        assert "your session has expired: nothing was recorded" in text

    def test_ends_at_signing_out(self, signed_in: Browsers) -> None:
        browser = signed_in("viewer")

        assert browser.post("/sign-out") == (303, "/sign-in")
        assert browser.get("/")[0] == 303

    def test_a_form_without_its_token_is_refused(self, signed_in: Browsers) -> None:
        browser = signed_in("processor")
        browser.csrf = "forged"

        status, text = browser.post("/views", title="mine")

        assert status == 403
        assert "was not sent from a page of this session" in text

    def test_the_trail_says_who_came_in_and_who_failed(self, app: FastAPI, store: SqlStore) -> None:
        browser = Browser(app)
        browser.sign_in("viewer", "wrong")
        browser.sign_in("viewer")

        acts = [(entry.user, entry.act) for entry in audit_entries(store)]

        assert acts[:2] == [("viewer", "sign_in"), ("viewer", "sign_in_failed")]


class TestPasswords:
    def test_are_kept_as_argon2id_and_differ_each_time(self) -> None:
        one, other = hash_password("a long passphrase"), hash_password("a long passphrase")

        assert one.startswith("$argon2id$")
        assert one != other
        assert matches(one, "a long passphrase")
        assert not matches(one, "another passphrase")

    def test_nobody_matches_nothing(self) -> None:
        assert not matches(None, "there is nobody of this name")

    @pytest.mark.parametrize(
        "password", ["short", "wang-is-my-name-1", "aaaaaaaaaaaaaaaa", "x" * 201]
    )
    def test_bad_ones_are_refused(self, password: str) -> None:
        assert fault_of(password, "wang") is not None

    def test_a_long_one_is_taken(self) -> None:
        assert fault_of("correct-horse-battery", "wang") is None
