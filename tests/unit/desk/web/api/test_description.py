"""
The API keeps its description: schemathesis makes requests from it and checks every answer.

Requests are made from the description, as it allows and as it forbids, with the session of an
approver and about a case of the desk.
"""

from copy import deepcopy
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from desk.web.api.session import describe_api
from desk.web.visit import COOKIE
from safety.store.queue_row import QueueRow
from tests.unit.desk.web.conftest import Browser

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
HEADER = "X-CSRF-Token"


def described() -> dict[str, Any]:
    """Give the description without what signs a request: every request here is signed."""
    told = deepcopy(describe_api())
    del told["security"]
    for methods in told["paths"].values():
        for operation in methods.values():
            asked = operation.get("parameters", [])
            operation["parameters"] = [each for each in asked if each["name"] != HEADER]
    return told


BARE = frozenset({"/api/v1/session", "/api/v1/openapi.json"})  # take nothing that could be wrong
OPERATIONS = sorted(
    (method.upper(), path, mode)
    for path, methods in described()["paths"].items()
    for method in methods
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or path not in BARE
)


@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS)
def test_every_answer_is_as_described(
    app: FastAPI, first: QueueRow, method: str, path: str, mode: GenerationMode
) -> None:
    browser = Browser(app)
    browser.sign_in("approver")
    schema = schemathesis.openapi.from_dict(described())
    schema.app = app
    answered = []

    @hypothesis.settings(
        max_examples=10,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=schema[path][method].as_strategy(generation_mode=mode))
    def answers(case: "schemathesis.Case[Any]") -> None:
        if mode is GenerationMode.POSITIVE and "ref" in case.path_parameters:
            case.path_parameters["ref"] = first.ref
        answer = case.call(
            cookies={COOKIE: browser.client.cookies[COOKIE]},
            headers={HEADER: browser.csrf, "host": "testserver"},
        )
        case.validate_response(answer, checks=CHECKS)
        answered.append(answer.status_code)

    answers()

    assert 401 not in answered
    assert 403 not in answered
    assert answered
