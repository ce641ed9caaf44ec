"""How a value of a case is written for a reader: on the command line and at the desk."""

from collections.abc import Mapping
from typing import Any

import orjson

ANSWER = {True: "yes", False: "no", None: "unknown"}


def value_text(value: object) -> str:
    """Give a value of the case as a reader writes it; what has no short form is shown as JSON."""
    match value:
        case None:
            return "-"
        case bool():
            return ANSWER[value]
        case str() | int() | float():
            return str(value)
        case dict():
            return _object_text(value)
        case _:
            return _as_json(value)


def spaced(name: str) -> str:
    """Give a name of ours as words."""
    return name.replace("_", " ")


def _object_text(value: Mapping[str, Any]) -> str:
    match sorted(value):
        case ["null"]:
            return f"unknown ({value['null']})"
        case ["precision", "value"]:
            return str(value["value"])
        case ["unit", "value"]:
            return f"{value['value']} {value['unit']}"
        case ["ctcae", "grade"]:
            return f"grade {value['grade']} (CTCAE {value['ctcae']})"
        case _:
            return _as_json(value)


def _as_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
