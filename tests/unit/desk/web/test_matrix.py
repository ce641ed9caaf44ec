"""
Who may ask for what: every route by every role, counted out by hand.

A route that is not in the table fails the test, so a new one says here who may. V, P, R, A and D
are viewer, case processor, medical reviewer, approver and administrator; `docs/desk.md` has the
same table in words.
"""

from collections.abc import Iterator, Mapping

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from desk.web.actions import NEEDS, Action
from desk.web.app import every_route
from desk.web.forms import FORMS
from desk.web.visit import GATES
from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.people import Role
from safety.store.queue_row import QueueRow
from tests.unit.desk.web.conftest import Browsers

LETTERS = {
    "V": Role.VIEWER,
    "P": Role.PROCESSOR,
    "R": Role.REVIEWER,
    "A": Role.APPROVER,
    "D": Role.ADMINISTRATOR,
}
EVERYBODY, EXPORTING, AUDITING = "VPRAD", "PRAD", "RAD"
OPEN = "open to all"

ROUTES: Mapping[str, str] = {
    "GET /static/{digest}/{name}": OPEN,
    "GET /alive": OPEN,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "POST /sign-out": EVERYBODY,
    "GET /": EVERYBODY,
    "GET /rows": EVERYBODY,
    "POST /search": EVERYBODY,
    "POST /views": EVERYBODY,
    "POST /views/{view_id}/drop": EVERYBODY,
    "GET /overview": EVERYBODY,
    "GET /events": EVERYBODY,
    "POST /bulk": EVERYBODY,  # and the action in it, see DECISIONS
    "POST /export": EXPORTING,
    "GET /case/{ref}": EVERYBODY,
    "GET /case/{ref}/why": EVERYBODY,
    "GET /case/{ref}/timeline": EVERYBODY,
    "GET /case/{ref}/documents": EVERYBODY,
    "GET /case/{ref}/cioms": EVERYBODY,
    "GET /case/{ref}/cioms.pdf": EXPORTING,
    "GET /case/{ref}/e2b.xml": EXPORTING,
    "GET /case/{ref}/duplicates": EVERYBODY,
    "GET /case/{ref}/versions": EVERYBODY,
    "GET /case/{ref}/history": EVERYBODY,
    "GET /case/{ref}/source/{number}": EVERYBODY,
    "POST /case/{ref}/decide": EVERYBODY,  # and the action in it, see DECISIONS
    "GET /quarantine": EVERYBODY,
    "GET /audit": AUDITING,
    "GET /users": "D",
    "POST /users": "D",
    "POST /users/change": "D",
    "GET /account": EVERYBODY,
    "POST /account": EVERYBODY,
    "POST /account/password": EVERYBODY,
    "GET /help": EVERYBODY,
    "GET /api/v1/session": EVERYBODY,
    "POST /api/v1/searches": EVERYBODY,
    "GET /api/v1/openapi.json": EVERYBODY,
    "GET /api/v1/cases": EVERYBODY,
    "GET /api/v1/cases/{ref}": EVERYBODY,
    "GET /api/v1/cases/{ref}/trace": EVERYBODY,
    "GET /api/v1/cases/{ref}/obligations": EVERYBODY,
    "GET /api/v1/obligations": EVERYBODY,
    "GET /api/v1/cases/{ref}/decisions": EVERYBODY,
    "POST /api/v1/cases/{ref}/decisions": EVERYBODY,  # and the action in it, see DECISIONS
    "GET /api/v1/cases/{ref}/documents/cioms.pdf": EXPORTING,
    "GET /api/v1/cases/{ref}/documents/e2b.xml": EXPORTING,
    "GET /api/v1/cases/{ref}/documents/narrative": EVERYBODY,
}
DECISIONS: Mapping[str, str] = {
    "accept": "PRA",
    "assign": "PRA",
    "recode": "PRA",
    "confirm_grade": "PRA",
    "confirm_seriousness": "PRA",
    "plan_admission": "PRA",
    "assess_causality": "RA",
    "answer_naranjo": "RA",
    "answer_rucam": "RA",
    "assess_listedness": "RA",
    "mark_significance": "RA",
    "request_information": "PRA",
    "review": "RA",
    "approve": "A",
    "sign": "RA",
    "record_submission": "PRA",
    "lock": "A",
    "reopen": "RA",
    "nullify": "A",
    "undo": "PRA",
    "merge": "PRA",
    "undo_merge": "PRA",
    "not_a_duplicate": "PRA",
}


def roles(letters: str) -> frozenset[Role]:
    return frozenset(LETTERS[each] for each in letters)


def routes(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    for route in every_route(app):
        for method in route.methods or ():
            yield f"{method} {route.path}", route


def gates(route: APIRoute) -> list[Action]:
    return [GATES[d.call] for d in route.dependant.dependencies if d.call in GATES]


class TestRoutes:
    def test_every_one_is_in_the_table(self, app: FastAPI) -> None:
        assert sorted(name for name, _ in routes(app)) == sorted(ROUTES)

    def test_the_gate_of_each_lets_in_whom_the_table_names(self, app: FastAPI) -> None:
        found = {
            name: NEEDS[gates(route)[0]] if gates(route) else OPEN for name, route in routes(app)
        }
        expected = {name: told if told is OPEN else roles(told) for name, told in ROUTES.items()}
        assert found == expected

    @pytest.mark.parametrize("role", list(Role))
    def test_whom_the_table_does_not_name_gets_nothing_and_that_is_noted(
        self, app: FastAPI, signed_in: Browsers, store: SqlStore, role: Role
    ) -> None:
        browser = signed_in(role)
        for name, _ in routes(app):
            told = ROUTES[name]
            if told is OPEN or role in roles(told):
                continue
            method, path = name.split()
            asked = path.format(ref="0" * 16)
            answer = browser.client.request(method, asked, data={"csrf": browser.csrf})
            assert answer.status_code == 403, name
            assert audit_entries(store)[0].act == "refused", name


class TestDecisions:
    def test_every_form_is_in_the_table(self) -> None:
        assert sorted(FORMS) == sorted(DECISIONS)

    def test_every_action_is_asked_for_by_a_route_or_a_form(self, app: FastAPI) -> None:
        by_route = {
            GATES[d.call]
            for _, r in routes(app)
            for d in r.dependant.dependencies
            if d.call in GATES
        }

        assert by_route | {form.action for form in FORMS.values()} == set(Action)

    @pytest.mark.parametrize("role", list(Role))
    def test_whoever_may_not_is_refused_on_the_page_and_in_the_api(
        self, signed_in: Browsers, first: QueueRow, role: Role
    ) -> None:
        browser = signed_in(role)
        for kind, told in DECISIONS.items():
            status, _ = browser.post(f"/case/{first.ref}/decide", kind=kind, version="0")
            api = browser.client.post(
                f"/api/v1/cases/{first.ref}/decisions",
                json=EXAMPLES.get(kind, {}) | {"kind": kind, "version": first.version + 9},
                headers={"x-csrf-token": browser.csrf},
            )
            refused = role not in roles(told)
            assert (status == 403) is refused, kind
            assert (api.status_code == 403) is refused, kind


EXAMPLES: Mapping[str, dict[str, object]] = {
    "recode": {"reaction": "r", "term": "t", "reason": "r"},
    "confirm_grade": {"reaction": "r", "grade": 1, "reason": "r"},
    "confirm_seriousness": {"reaction": "r", "criterion": "death", "applies": "no"},
    "plan_admission": {"reaction": "r"},
    "assess_causality": {"drug": "d", "reaction": "r", "result": "possible"},
    "answer_naranjo": {"drug": "d", "reaction": "r", "answers": {}},
    "answer_rucam": {"drug": "d", "reaction": "r", "answers": {}},
    "assess_listedness": {"reaction": "r", "region": "EU", "expected": "no"},
    "mark_significance": {"message": 1, "significant": "no"},
    "request_information": {"asked_of": "a", "questions": ["q"]},
    "sign": {"meaning": "approved", "password": ""},
    "record_submission": {"duty": "d", "state": "draft"},
    "nullify": {"ground": "duplicate"},
    "undo": {"message": 1},
    "merge": {"other": "o"},
    "not_a_duplicate": {"other": "o"},
}
