"""How the API answers: JSON with an ETag, problems as RFC 9457 has them."""

import hashlib
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

JSON = "application/json"
PROBLEM = "application/problem+json"
TITLES = {
    400: "Not readable",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not there",
    405: "Not asked so",
    409: "Not now",
    412: "The case has changed",
    422: "Not understood",
    428: "Say which version you saw",
    503: "Not for now",
}


class Model(BaseModel):
    """What every answer is: frozen, nothing but its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class Problem(Model):
    """Why something was not done (RFC 9457)."""

    title: str = Field(description="The kind of problem, in a few words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong and what to do, in a sentence.")


def problem(status: int, detail: str) -> Response:
    """Answer with a problem."""
    told = Problem(title=TITLES.get(status, "That did not work"), status=status, detail=detail)
    return Response(told.model_dump_json(), status, media_type=PROBLEM)


def failing(*more: int) -> dict[int | str, dict[str, Any]]:
    """Give what a route can fail with, for its description; these and what any route can."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": TITLES[status], "content": content}
        for status in sorted({401, 403, 422, 503, *more})
    }


def tag_of(content: bytes) -> str:
    """Give the ETag of a content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def answer(request: Request, told: BaseModel, *, tag: str | None = None) -> Response:
    """
    Answer with JSON and its ETag, or that it is what the asker has already.

    Args:
        request: What was asked; its `If-None-Match` counts.

        told: The answer.

        tag: Its ETag; else made from the content.
    """
    content = told.model_dump_json().encode()
    return tagged(request, content, JSON, tag=tag)


def tagged(
    request: Request,
    content: bytes,
    media: str,
    *,
    tag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with bytes and their ETag, or that they are what the asker has already."""
    etag = tag or tag_of(content)
    more = {"etag": etag, **(headers or {})}
    if names(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers={"etag": etag})
    return Response(content, media_type=media, headers=more)


def names(header: str | None, tag: str) -> bool:
    """Tell whether a condition of RFC 9110 names this ETag; a weak one counts as the same."""
    if header is None:
        return False
    told = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in told or tag in told
