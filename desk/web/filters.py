"""Which cases does an address ask for? Filters stand in it; words that were typed do not."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from desk.web.errors import BadRequestError
from safety.store.queue import Asked, Place, Tab
from safety.workflow import Stage

FREE = ("authority", "country", "study", "context", "owner")
ANSWERS = ("serious", "unexpected", "related")
LONGEST = 200  # characters of a filter or of what is searched for


def read_filters(told: Mapping[str, str]) -> dict[str, str]:
    """
    Read the filters of an address, or of a form.

    Raises:
        BadRequestError: One says what cannot be.
    """
    found = {
        name: told[name]
        for name in ("tab", "stage", *FREE, *ANSWERS)
        if told.get(name) and told[name] != Tab.ALL
    }
    if "tab" in found and found["tab"] not in set(Tab):
        raise BadRequestError("there is no such tab")
    if "stage" in found and found["stage"] not in set(Stage):
        raise BadRequestError("there is no such state of a case")
    if any(found[name] not in {"yes", "no", "unknown"} for name in ANSWERS if name in found):
        raise BadRequestError("an answer is yes, no or unknown")
    if any(len(value) > LONGEST for value in found.values()):
        raise BadRequestError("a filter is too long")
    if any(not value.isprintable() for value in found.values()):
        raise BadRequestError("a filter holds a character that cannot be")
    return found


def asked_of(filters: Mapping[str, str], words: str) -> Asked:
    """Give the question that filters and words make."""
    rest: dict[str, Any] = {name: value for name, value in filters.items() if name != "tab"}
    return Asked(Tab(filters.get("tab", Tab.ALL)), words, **rest)


def address(filters: Mapping[str, str], **more: str | None) -> str:
    """Give the address of the queue with these filters; a filter set to None is left out."""
    told = {name: value for name, value in {**filters, **more}.items() if value}
    return f"/?{urlencode(told)}" if told else "/"


def write_place(place: Place) -> str:
    """Give a place in the queue as part of an address."""
    return f"{place.due.isoformat()}.{place.gravity}.{place.number}"


def read_place(text: str | None) -> Place | None:
    """
    Read a place in the queue.

    Raises:
        BadRequestError: It is none.
    """
    if not text:
        return None
    try:
        due, gravity, number = text.split(".")
        return Place(date.fromisoformat(due), int(gravity), int(number))
    except ValueError:
        raise BadRequestError("there is no such place in the queue") from None
