"""The queue page: what is due first on top, filters in the address, words out of it."""

from html import unescape

import pytest

from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.queue_row import QueueRow
from tests.unit.desk.web.conftest import Browsers


class TestQueue:
    def test_shows_every_role_the_most_urgent_case_first(
        self, signed_in: Browsers, first: QueueRow
    ) -> None:
        status, text = signed_in("viewer").get("/?stage=new")

        assert status == 200
        assert text.count('<tr id="r-') > 1
        assert text.index(f'id="r-{first.ref}"') == text.index('id="r-')

    @pytest.mark.parametrize(
        "address",
        [
            "/?tab=nothing",
            "/?stage=x",
            "/?serious=perhaps",
            "/?after=1.2.3",
            f"/?study={'x' * 300}",
        ],
    )
    def test_refuses_an_address_that_says_what_cannot_be(
        self, signed_in: Browsers, address: str
    ) -> None:
        assert signed_in("viewer").get(address)[0] == 422

    def test_filters_by_the_address(self, signed_in: Browsers) -> None:
        browser = signed_in("viewer")

        assert browser.get("/?study=NCT01751763")[1].count('<tr id="r-') > 0
        assert browser.get("/?study=NCT00000000")[1].count('<tr id="r-') == 0

    def test_what_was_searched_for_is_not_in_the_address(self, signed_in: Browsers) -> None:
        browser = signed_in("viewer")

        status, location = browser.post("/search", words="出血")

        assert status == 303
        assert location.startswith("/?view=")
        text = browser.get(location)[1]
        assert "<mark>出血</mark>" in text
        assert text.count('<tr id="r-') > 0

    def test_a_search_is_its_owners_only(self, signed_in: Browsers) -> None:
        _, location = signed_in("viewer").post("/search", words="出血")

        assert "出血</mark>" not in signed_in("reviewer").get(location)[1]

    def test_a_view_is_saved_with_filters_and_forgotten(self, signed_in: Browsers) -> None:
        browser = signed_in("viewer")

        _, location = browser.post("/views", title="Chinese 15-day", tab="fifteen", country="CN")

        text = browser.get(location)[1]
        assert "Chinese 15-day" in text
        assert 'name="country" value="CN"' in text
        view = location.partition("view=")[2]
        assert browser.post(f"/views/{view}/drop") == (303, "/")
        assert "Chinese 15-day" not in browser.get("/")[1]


class TestExport:
    @pytest.mark.parametrize(("kind", "begin"), [("csv", b"\xef\xbb\xbfcase_id"), ("xlsx", b"PK")])
    def test_gives_a_file_and_notes_it(
        self, signed_in: Browsers, store: SqlStore, kind: str, begin: bytes
    ) -> None:
        browser = signed_in("processor")

        answer = browser.client.post("/export", data={"csrf": browser.csrf, "format": kind})

        assert answer.status_code == 200
        assert answer.content.startswith(begin)
        newest = audit_entries(store)[0]
        assert (newest.user, newest.act, newest.details["format"]) == ("processor", "export", kind)
        assert newest.details["cases"] > 0

    def test_is_not_for_viewers(self, signed_in: Browsers, store: SqlStore) -> None:
        status, text = signed_in("viewer").post("/export", format="csv")

        assert status == 403
        assert "your role does not allow this" in unescape(text)
        assert audit_entries(store)[0].act == "refused"


class TestBulk:
    def test_accepts_several_cases_at_once(self, signed_in: Browsers, first: QueueRow) -> None:
        browser = signed_in("processor")

        status, _ = browser.post("/bulk", kind="accept", ref=f"{first.ref}.{first.version}")

        assert status == 303
        assert f'id="r-{first.ref}"' in browser.get("/?tab=mine")[1]

    def test_says_which_could_not_be(self, signed_in: Browsers, first: QueueRow) -> None:
        browser = signed_in("processor")

        status, text = browser.post("/bulk", kind="accept", ref=f"{first.ref}.{first.version + 1}")

        assert status == 409
        assert "0 done, 1 not" in text
        assert first.case_id in text

    @pytest.mark.parametrize("kind", ["approve", "nullify", "sign", ""])
    def test_takes_only_what_can_be_decided_unseen(self, signed_in: Browsers, kind: str) -> None:
        assert signed_in("approver").post("/bulk", kind=kind, ref="x.1")[0] == 422
