"""
An attempt at each risk of the OWASP Top 10:2025 that applies, by its number.

Source of the names: https://owasp.org/Top10/2025/. A03, software supply chain, is tried by
`make audit` and by the hashes in `requirements/`, not here.
"""

import re
from dataclasses import replace
from html import unescape
from importlib.resources import files

import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from consumers.backfill import process_records
from consumers.handlers import Record
from desk.web.app import create_app
from desk.web.context import Desk, Manners
from desk.web.export import as_csv
from desk.web.throttle import FREE_TRIES
from safety.errors import StoreUnavailableError
from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.people import find_user
from safety.store.queue import Asked, find_case, list_queue
from safety.store.queue_row import QueueRow, ref_of
from safety.store.views import keep_view
from schemas.topics import ADVERSE_EVENTS
from tests.support.decisions import knowledge
from tests.unit.desk.cli.conftest import INITIAL
from tests.unit.desk.web.conftest import AS_OF, NOW, PASSWORD, Browser, Browsers

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = ("'; DROP TABLE queue; --", '" OR 1=1 --', "*) OR (words:*", "%' OR '1'='1", "NEAR(a b)")


class TestA01BrokenAccessControl:
    def test_a_view_of_another_cannot_be_used_or_dropped(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        theirs = keep_view(store, "reviewer", title="mine", filters={}, words="diarrhoea", now=NOW)
        browser = signed_in("viewer")

        assert "diarrhoea" not in browser.get(f"/?view={theirs}")[1]
        browser.post(f"/views/{theirs}/drop")
        assert "mine" in signed_in("reviewer").get("/")[1]

    def test_a_role_cannot_be_taken_with_the_form_of_ones_own_account(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        signed_in("viewer").post("/account", zone="UTC", language="en", role="administrator")

        user = find_user(store, "viewer")
        assert user is not None
        assert user.role == "viewer"

    @pytest.mark.parametrize(
        "path", ["//evil.example", "/\\evil.example", "https://evil.example", "/%0d%0aSet-Cookie:a"]
    )
    def test_signing_in_leads_to_no_other_site(self, app: FastAPI, path: str) -> None:
        answer = Browser(app).client.post(
            "/sign-in", data={"name": "viewer", "password": PASSWORD, "next": path}
        )

        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith(("//", "/\\"))
        assert "Set-Cookie:a" not in answer.headers

    @pytest.mark.parametrize(
        "name", ["../desk.css", "..%2f..%2fapp.py", "desk.py", "%2e%2e/app.py"]
    )
    def test_no_file_beside_the_assets_is_given(self, app: FastAPI, name: str) -> None:
        assert Browser(app).get(f"/static/0/{name}")[0] == 404


class TestA02SecurityMisconfiguration:
    def test_cookies_of_a_secure_desk_go_over_https_only_and_to_no_script(
        self, store: SqlStore
    ) -> None:
        desk = Desk(store, knowledge(), Manners(hosts=("testserver",)))
        client = TestClient(create_app(desk), follow_redirects=False)
        answer = client.post("/sign-in", data={"name": "viewer", "password": PASSWORD})

        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-desk=")
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "max-age" in answer.headers["strict-transport-security"]

    @pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/.git/config", "/admin"])
    def test_nothing_is_served_that_nobody_asked_for(self, app: FastAPI, path: str) -> None:
        assert Browser(app).get(path)[0] == 404

    def test_no_other_site_may_read_answers(self, app: FastAPI) -> None:
        answer = Browser(app).client.get("/sign-in", headers={"origin": "https://evil.example"})

        assert not [name for name in answer.headers if name.startswith("access-control")]

    def test_nobody_is_there_before_somebody_is_made(self) -> None:
        text = (files("desk") / "cli" / "users.py").read_text(encoding="utf-8")

        assert "Password" in text
        assert not re.search(r"password\s*=\s*[\"']\w", text)


class TestA04CryptographicFailures:
    def test_what_is_kept_of_passwords_and_sessions_opens_nothing(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        browser = signed_in("viewer")
        with store.reading() as connection:
            hashes = connection.scalars(text("SELECT password_hash FROM users")).all()
            tokens = connection.scalars(text("SELECT token_digest FROM sessions")).all()

        assert all(each.startswith("$argon2id$") for each in hashes)
        assert browser.client.cookies["desk"] not in tokens


class TestA05Injection:
    @pytest.fixture
    def scripted(self, store: SqlStore) -> QueueRow:
        """A case whose words are a script."""
        event = orjson.loads(INITIAL.read_bytes())
        event["id"] = "scripted"
        event["subject"] = "EDC:scripted"
        event["data"]["case"] = {"sender": "EDC", "sender_case_id": "scripted"}
        event["data"]["reactions"][0]["term"]["text"] = SCRIPT
        record = Record(ADVERSE_EVENTS.name, -1, 0, event["subject"], {}, orjson.dumps(event))
        process_records([record], store, knowledge(), clock=lambda: NOW)
        found = find_case(store, ref_of("EDC:scripted"))
        assert found is not None
        return found.row

    @pytest.mark.parametrize(
        "part",
        ["", "/why", "/timeline", "/documents", "/cioms", "/versions", "/history", "/duplicates"],
    )
    def test_script_in_a_verbatim_stays_text(
        self, signed_in: Browsers, scripted: QueueRow, part: str
    ) -> None:
        status, page = signed_in("approver").get(f"/case/{scripted.ref}{part}")

        assert status == 200
        assert "<script>alert" not in page
        assert "<img src=x" not in page

    def test_script_in_a_verbatim_stays_text_in_the_queue_and_as_received(
        self, signed_in: Browsers, scripted: QueueRow
    ) -> None:
        browser = signed_in("approver")
        page = browser.get(f"/rows?refs={scripted.ref}")[1]
        received = browser.client.get(f"/case/{scripted.ref}/source/1")

        assert SCRIPT in unescape(page)
        assert "<script>alert" not in page
        assert received.headers["content-type"].startswith("text/plain")
        assert received.headers["x-content-type-options"] == "nosniff"

    def test_script_in_a_reason_stays_text(self, signed_in: Browsers, first: QueueRow) -> None:
        browser = signed_in("processor")
        told = {"reaction": first.reaction or "", "term": "Nausea", "reason": SCRIPT}
        assert browser.decide(first, "recode", **told)[0] == 303

        page = browser.get(f"/case/{first.ref}/history")[1]
        assert SCRIPT in unescape(page)
        assert "<script>alert" not in page

    @pytest.mark.parametrize("words", HOSTILE)
    def test_what_is_searched_for_is_words_and_no_query(
        self, signed_in: Browsers, store: SqlStore, words: str
    ) -> None:
        browser = signed_in("viewer")
        status, address = browser.post("/search", words=words)

        assert status == 303
        assert browser.get(address)[0] == 200
        assert list_queue(store, Asked(), user="", today=AS_OF, limit=1)

    @pytest.mark.parametrize("name", ["owner", "country", "study", "authority", "context"])
    def test_a_filter_is_a_value_and_no_query(self, signed_in: Browsers, name: str) -> None:
        browser = signed_in("viewer")
        for value in HOSTILE:
            status, page = browser.get(f"/?{name}={value.replace('%', '%25')}")
            assert status == 200
            assert "No case here" in page
        assert browser.get(f"/?{name}=%00")[0] == 422

    def test_a_text_of_a_report_is_no_formula_in_a_spreadsheet(self, scripted: QueueRow) -> None:
        formula = '=HYPERLINK("http://evil.example")'
        content, _ = as_csv([replace(scripted, verbatim=formula)])

        assert b"'=HYPERLINK" in content


class TestA06InsecureDesign:
    def test_who_approves_cannot_skip_the_review(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        browser = signed_in("approver")
        browser.decide(first, "accept")
        found = find_case(store, first.ref)
        assert found is not None

        assert browser.decide(found.row, "approve")[0] == 409
        assert browser.decide(found.row, "sign", password=PASSWORD, meaning="approved")[0] == 409

    def test_a_report_cannot_be_acknowledged_before_it_was_sent(
        self, signed_in: Browsers, first: QueueRow
    ) -> None:
        browser = signed_in("approver")
        duties = browser.client.get(f"/api/v1/cases/{first.ref}/obligations").json()
        told = {"duty": duties["obligations"][0]["obligation_id"], "reason": "they said so"}
        status, page = browser.decide(first, "record_submission", state="acknowledged", **told)

        assert status == 409
        assert "the report has no record yet, so it cannot become acknowledged" in page


class TestA07AuthenticationFailures:
    def test_passwords_cannot_be_tried_one_after_the_other(self, app: FastAPI) -> None:
        browser = Browser(app)
        tried = [browser.sign_in("viewer", f"guess-{n}") for n in range(FREE_TRIES + 1)]

        assert tried == [401] * FREE_TRIES + [429]
        assert browser.sign_in("viewer") == 429  # not even the right one, for a while

    def test_a_session_cannot_be_fixed_from_outside(self, app: FastAPI) -> None:
        client = Browser(app).client
        chosen = {"cookie": "desk=chosen-by-the-attacker"}
        answer = client.post(
            "/sign-in", data={"name": "viewer", "password": PASSWORD}, headers=chosen
        )

        assert answer.status_code == 303
        assert "chosen-by-the-attacker" not in answer.headers["set-cookie"]
        client.cookies.clear()
        assert client.get("/", headers=chosen).status_code == 303  # to the door

    def test_the_present_password_cannot_be_guessed_in_an_open_session(
        self, signed_in: Browsers
    ) -> None:
        browser = signed_in("viewer")
        for n in range(FREE_TRIES):
            browser.post("/account/password", password=f"guess-{n}", new=PASSWORD[::-1])

        status, page = browser.post("/account/password", password=PASSWORD, new=PASSWORD[::-1])
        assert status == 422
        assert "too many wrong passwords" in page


class TestA08DataIntegrityFailures:
    @pytest.mark.parametrize("path", ["/search", "/views", "/export", "/bulk", "/account"])
    def test_a_form_of_another_site_changes_nothing(self, signed_in: Browsers, path: str) -> None:
        browser = signed_in("administrator")
        browser.csrf = ""

        assert browser.post(path, words="x", title="x", format="csv", kind="accept")[0] == 403

    def test_what_is_signed_cannot_be_chosen_by_the_form(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        browser = signed_in("approver")
        for kind in ("accept", "review", "approve"):
            found = find_case(store, first.ref)
            assert found is not None
            browser.decide(found.row, kind)
        found = find_case(store, first.ref)
        assert found is not None
        told = {"content_digest": "0" * 64, "full_name": "Somebody Else"}
        browser.decide(found.row, "sign", password=PASSWORD, meaning="approved", **told)

        [signed] = browser.client.get(f"/api/v1/cases/{first.ref}").json()["signatures"]
        assert (signed["full_name"], signed["valid"]) == ("Approver Example", True)

    @pytest.mark.parametrize(
        "change", ["DELETE FROM audit_trail", "UPDATE audit_trail SET act = 'x'"]
    )
    def test_the_audit_trail_is_never_changed(
        self, signed_in: Browsers, store: SqlStore, change: str
    ) -> None:
        signed_in("viewer")
        with (
            pytest.raises(Exception, match="refused a statement"),
            store.writing() as connection,
        ):
            connection.execute(text(change))
        assert audit_entries(store)


class TestA09LoggingFailures:
    def test_what_was_tried_and_refused_is_on_record_without_what_was_typed(
        self, app: FastAPI, signed_in: Browsers, store: SqlStore
    ) -> None:
        Browser(app).sign_in("viewer", "my-other-password")
        signed_in("viewer").get("/audit")

        acts = [(each.user, each.act) for each in audit_entries(store)]
        assert ("viewer", "sign_in_failed") in acts
        assert ("viewer", "refused") in acts
        assert "my-other-password" not in str(audit_entries(store))

    def test_addresses_hold_nothing_of_a_case(self, signed_in: Browsers, first: QueueRow) -> None:
        page = signed_in("approver").get(f"/case/{first.ref}")[1]
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)

        told = [first.case_id, first.subject, first.verbatim, first.term]
        assert addresses
        assert not [a for a in addresses for each in told if each and each in unescape(a)]


class TestA10ExceptionalConditions:
    def test_a_database_that_stops_loses_no_decision_silently(
        self,
        signed_in: Browsers,
        store: SqlStore,
        first: QueueRow,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        browser = signed_in("processor")

        def stopped(*_: object, **__: object) -> None:
            raise StoreUnavailableError("the database cannot be reached")

        with monkeypatch.context() as patched:
            patched.setattr(store, "transaction", stopped)
            status, page = browser.decide(first, "accept")
            api = browser.client.post(
                f"/api/v1/cases/{first.ref}/decisions",
                json={"kind": "accept", "version": first.version},
                headers={"x-csrf-token": browser.csrf},
            )

        assert (status, api.status_code) == (503, 503)
        assert "Load the page again" in page
        assert "Traceback" not in page
        assert browser.decide(first, "accept")[0] == 303  # the same form, sent again

    @pytest.mark.parametrize(
        "content", [b"\xff" * 50, b"version=" + b"9" * 5_000, b"a=1&" * 5_000, b"--x\r\n"]
    )
    def test_a_broken_form_is_a_clear_page(
        self, signed_in: Browsers, first: QueueRow, content: bytes
    ) -> None:
        browser = signed_in("processor")
        for media in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = browser.client.post(
                f"/case/{first.ref}/decide",
                content=content,
                headers={"content-type": media, "x-csrf-token": browser.csrf},
            )
            assert answer.status_code in {403, 422}
            assert "Traceback" not in answer.text

    def test_an_expired_session_says_that_nothing_was_recorded(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        browser = signed_in("processor")
        browser.client.cookies.clear()

        status, page = browser.decide(first, "accept")

        assert status == 401
        assert "nothing was recorded" in page
        found = find_case(store, first.ref)
        assert found is not None
        assert found.row.version == first.version
