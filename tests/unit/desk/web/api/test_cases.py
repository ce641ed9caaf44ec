"""Cases, traces and duties as JSON: what the pages show, page by page, with an ETag."""

from itertools import pairwise
from typing import Any

import pytest

from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.queries import due
from safety.store.queue import Asked, Tab, list_queue
from safety.store.queue_row import QueueRow
from tests.unit.desk.web.api.conftest import Programs
from tests.unit.desk.web.conftest import AS_OF


class TestCases:
    def test_come_in_the_order_of_the_queue_each_once_however_small_the_pages(
        self, program: Programs, store: SqlStore
    ) -> None:
        asked = program("viewer")
        found: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page = asked.get(f"/cases?limit=3{cursor}").json()
            found += [each["case_id"] for each in page["cases"]]
            cursor = f"&cursor={page['next']}" if page["next"] else None

        queue = list_queue(store, Asked(), user="", today=AS_OF, limit=1_000)
        assert found == [each.row.case_id for each in queue]
        assert len(found) > 3

    def test_a_filter_leaves_the_others_out(self, program: Programs, store: SqlStore) -> None:
        page = program("viewer").get("/cases?serious=yes&tab=seven").json()

        wanted = Asked(Tab.SEVEN, serious="yes")
        queue = list_queue(store, wanted, user="", today=AS_OF, limit=1_000)
        assert [each["ref"] for each in page["cases"]] == [each.row.ref for each in queue]
        assert page["cases"]

    @pytest.mark.parametrize(
        "query", ["tab=none", "limit=0", "cursor=behind", "serious=maybe", "launch=1", "owner="]
    )
    def test_what_cannot_be_is_a_problem(self, program: Programs, query: str) -> None:
        answer = program("viewer").get(f"/cases?{query}")

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 422

    def test_words_are_searched_for_by_number(self, program: Programs, store: SqlStore) -> None:
        asked = program("viewer")
        searched = asked.post("/searches", {"words": "diarrhoea"})
        page = asked.get(f"/cases?search={searched.json()['search']}").json()

        assert searched.status_code == 201
        found = list_queue(store, Asked(words="diarrhoea"), user="", today=AS_OF, limit=99)
        assert [each["ref"] for each in page["cases"]] == [each.row.ref for each in found]
        assert 0 < len(found) < len(list_queue(store, Asked(), user="", today=AS_OF, limit=99))

    def test_the_search_of_another_is_not_there(self, program: Programs) -> None:
        searched = program("viewer").post("/searches", {"words": "diarrhoea"}).json()["search"]

        assert program("processor").get(f"/cases?search={searched}").status_code == 404


class TestCase:
    def test_tells_facts_with_their_message_and_what_may_be_decided(
        self, program: Programs, first: QueueRow
    ) -> None:
        told = program("processor").get(f"/cases/{first.ref}").json()

        assert (told["case_id"], told["version"]) == (first.case_id, first.version)
        facts = [fact for entity in told["facts"].values() for fact in entity.values()]
        assert facts
        assert all(fact["message"] for fact in facts)
        assert told["decisions"]["accept"] is None
        assert "accept" in told["decisions"]
        assert "approve" not in told["decisions"]

    def test_is_not_sent_again_to_who_has_it_and_the_view_is_noted_all_the_same(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        asked = program("processor")
        tag = asked.get(f"/cases/{first.ref}").headers["etag"]
        again = asked.get(f"/cases/{first.ref}", **{"if-none-match": tag})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        acts = [(e.act, e.user) for e in audit_entries(store, case_id=first.case_id)]
        assert acts == [("view", "processor")] * 2

    def test_has_another_tag_after_a_decision(self, program: Programs, first: QueueRow) -> None:
        asked = program("processor")
        tag = asked.get(f"/cases/{first.ref}").headers["etag"]
        asked.decide(first, "accept")

        again = asked.get(f"/cases/{first.ref}", **{"if-none-match": tag})
        assert again.status_code == 200
        assert again.headers["etag"] != tag

    @pytest.mark.parametrize("ref", ["0" * 16, "0" * 16 + "?version=9"])
    def test_that_does_not_exist_is_not_there(self, program: Programs, ref: str) -> None:
        assert program("viewer").get(f"/cases/{ref}").status_code == 404

    def test_a_version_that_it_does_not_have_is_not_there(
        self, program: Programs, first: QueueRow
    ) -> None:
        assert program("viewer").get(f"/cases/{first.ref}?version=99").status_code == 404


class TestTrace:
    def test_says_of_every_condition_whether_it_is_met(
        self, program: Programs, first: QueueRow
    ) -> None:
        told = program("viewer").get(f"/cases/{first.ref}/trace").json()

        fired = [rule for rule in told["rules"] if rule["answer"] == "fired"]
        assert any(rule["rule"] == first.rule_id for rule in fired)
        assert all(each["met"] for rule in fired for each in rule["conditions"])
        assert all(each["arithmetic"] for each in told["obligations"])


class TestObligations:
    def test_of_a_case_say_how_far_the_report_is(self, program: Programs, first: QueueRow) -> None:
        told = program("viewer").get(f"/cases/{first.ref}/obligations").json()

        assert told["obligations"][0]["due"] == first.due.isoformat()
        assert {each["state"] for each in told["obligations"]} == {None}

    def test_of_all_cases_come_by_due_date_each_once(
        self, program: Programs, store: SqlStore
    ) -> None:
        asked = program("viewer")
        found: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page = asked.get(f"/obligations?limit=4{cursor}").json()
            found += [(each["due"], each["obligation_id"]) for each in page["obligations"]]
            cursor = f"&cursor={page['next']}" if page["next"] else None

        assert all(one < other for one, other in pairwise(found))
        assert {duty for _, duty in found} == {each.obligation_id for each in due(store)}

    def test_can_be_asked_for_by_authority_and_day(
        self, program: Programs, store: SqlStore
    ) -> None:
        nearest = due(store)[0]
        query = f"authority={nearest.authority}&until={nearest.due}"
        told = program("viewer").get(f"/obligations?{query}").json()["obligations"]

        assert {(each["authority"], each["due"]) for each in told} == {
            (nearest.authority, nearest.due.isoformat())
        }

    @pytest.mark.parametrize("cursor", ["x", "2014-05-20.", "2014-05-20.a b", "2014-13-01.ab"])
    def test_a_place_that_there_is_not_is_a_problem(self, program: Programs, cursor: str) -> None:
        assert program("viewer").get(f"/obligations?cursor={cursor}").status_code == 422


class TestSession:
    def test_nobody_is_a_problem_and_no_page(self, program: Programs) -> None:
        asked = program("viewer")
        asked.client.cookies.clear()
        answer = asked.get("/session")

        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"

    def test_says_who_is_signed_in_and_what_they_may(self, program: Programs) -> None:
        told = program("viewer").get("/session").json()

        assert (told["user"], told["role"]) == ("viewer", "viewer")
        assert told["may"] == ["view", "save_view"]
