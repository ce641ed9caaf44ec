"""Decisions of a program: the same way, the same refusals, nothing overwritten."""

from typing import get_args

import pytest

from desk.web.api.asked import AskedDecision
from desk.web.forms import FORMS
from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.queue import find_case
from safety.store.queue_row import QueueRow
from tests.unit.desk.web.api.conftest import Programs
from tests.unit.desk.web.conftest import PASSWORD


def again(store: SqlStore, row: QueueRow) -> QueueRow:
    found = find_case(store, row.ref)
    assert found is not None
    return found.row


class TestAsked:
    def test_every_form_of_the_desk_can_be_sent_and_nothing_else(self) -> None:
        models = get_args(get_args(AskedDecision)[0])
        kinds = [kind for each in models for kind in get_args(each.model_fields["kind"].annotation)]

        assert sorted(kinds) == sorted(FORMS)


class TestDecide:
    def test_is_recorded_as_the_desk_records_it(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        answer = program("processor").decide(first, "accept")

        assert answer.status_code == 201
        assert answer.json()["version"] == first.version + 1
        now = again(store, first)
        assert (now.stage, now.owner) == ("accepted", "processor")
        assert audit_entries(store, case_id=first.case_id)[0].act == "decide"

    def test_what_the_case_says_already_makes_no_version(
        self, program: Programs, first: QueueRow
    ) -> None:
        asked = program("processor")
        asked.decide(first, "assign", assignee="viewer")

        again = asked.decide(first, "assign", assignee="viewer", version=first.version + 1)

        assert (again.status_code, again.json()["version"]) == (200, None)

    def test_out_of_sequence_is_refused_with_the_sentence_of_the_desk(
        self, program: Programs, first: QueueRow
    ) -> None:
        answer = program("approver").decide(first, "approve")

        assert answer.status_code == 409
        assert (
            answer.json()["detail"]
            == "the case is new; it can be approved only when it is reviewed"
        )

    def test_an_old_version_is_a_conflict_and_nothing_is_overwritten(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        asked = program("processor")
        asked.decide(first, "accept")

        late = asked.decide(
            first, "recode", reaction=first.reaction, term="Nausea", reason="read it again"
        )

        assert late.status_code == 409
        assert "you saw version" in late.json()["detail"]
        assert again(store, first).term == first.term

    def test_the_tag_of_the_case_stands_for_its_version(
        self, program: Programs, first: QueueRow
    ) -> None:
        asked = program("processor")
        tag = asked.get(f"/cases/{first.ref}").headers["etag"]
        path, body = f"/cases/{first.ref}/decisions", {"kind": "accept"}

        assert asked.post(path, body, **{"if-match": tag}).status_code == 201
        late = asked.post(path, body, **{"if-match": tag})
        assert (late.status_code, late.json()["title"]) == (412, "The case has changed")

    def test_says_which_version_was_seen(self, program: Programs, first: QueueRow) -> None:
        answer = program("processor").decide(first, "accept", version=None)

        assert answer.status_code == 428

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "launch"},
            {"kind": "recode", "reaction": "no-such", "term": "Nausea", "reason": "r"},
            {"kind": "recode", "reaction": "AE01", "term": "Nausea"},
            {"kind": "confirm_grade", "reaction": "AE01", "grade": 6, "reason": "r"},
            {"kind": "accept", "surprise": "field"},
            {"kind": "accept", "reason": "r" * 2_001},
        ],
    )
    def test_what_cannot_be_is_a_problem(
        self, program: Programs, store: SqlStore, first: QueueRow, fields: dict[str, object]
    ) -> None:
        body = {"version": first.version, **fields}
        answer = program("approver").post(f"/cases/{first.ref}/decisions", body)

        assert answer.status_code == 422
        assert again(store, first).version == first.version

    def test_what_is_no_json_is_a_problem(self, program: Programs, first: QueueRow) -> None:
        asked = program("processor")
        answer = asked.client.post(
            f"/api/v1/cases/{first.ref}/decisions",
            content=b'{"kind": "acc',
            headers={"x-csrf-token": asked.csrf, "content-type": "application/json"},
        )

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"

    def test_without_the_token_of_the_session_nothing_is_recorded(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        asked = program("processor")
        asked.csrf = "guessed"

        assert asked.decide(first, "accept").status_code == 403
        assert again(store, first).version == first.version

    def test_who_may_not_is_refused_and_that_is_noted(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        assert program("viewer").decide(first, "accept").status_code == 403
        newest = audit_entries(store)[0]
        assert (newest.act, newest.user, newest.details["action"]) == (
            "refused",
            "viewer",
            "accept",
        )

    def test_a_case_goes_to_the_signature_and_the_wrong_password_signs_nothing(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        asked = program("approver")
        for kind in ("accept", "review", "approve"):
            assert asked.decide(again(store, first), kind).status_code == 201
        now = again(store, first)
        wrong = asked.decide(now, "sign", meaning="approved", password=PASSWORD[::-1])
        right = asked.decide(now, "sign", meaning="approved", password=PASSWORD)

        assert wrong.status_code == 422
        assert right.status_code == 201
        [signed] = asked.get(f"/cases/{first.ref}").json()["signatures"]
        assert (signed["by"], signed["valid"]) == ("approver", True)


class TestDecisions:
    def test_are_listed_and_can_be_taken_back_by_their_number(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        asked = program("processor")
        told = {"reaction": first.reaction, "term": "Nausea", "reason": "read it again"}
        asked.decide(first, "recode", **told)
        [taken] = asked.get(f"/cases/{first.ref}/decisions").json()["decisions"]
        assert (taken["by"], taken["reason"], taken["undone"]) == (
            "processor",
            "read it again",
            False,
        )

        undone = asked.decide(
            again(store, first), "undo", message=taken["number"], reason="mistaken"
        )

        assert undone.status_code == 201
        assert again(store, first).term == first.term
        one, other = asked.get(f"/cases/{first.ref}/decisions").json()["decisions"]
        assert (one["undone"], other["undoes"]) == (True, one["message"])
