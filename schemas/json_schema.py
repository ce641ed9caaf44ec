"""
What does each kind of message look like, for those who do not use Python?

One JSON Schema (2020-12) a kind, made from the pydantic contract, with the
examples of the kind in it. The schema says which fields there are and of which
shape; the parser checks more, such as country codes and dates that exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import orjson
from pydantic.json_schema import GenerateJsonSchema

from schemas.topics import Kind, event_model

DIALECT = GenerateJsonSchema.schema_dialect  # 2020-12
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One file of `schemas/examples`; the event's own `type` says what it is an example of."""

    name: str
    type: str
    text: bytes


class _WithoutFieldTitles(GenerateJsonSchema):
    """Leave out titles that only repeat the field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's
        return False


@lru_cache
def load_examples() -> tuple[Example, ...]:
    """Read all examples, by name."""
    folder = files("schemas") / "examples"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    examples = []
    for name in names:
        text = (folder / name).read_bytes()
        examples.append(Example(name.removesuffix(".json"), orjson.loads(text)["type"], text))
    return tuple(examples)


def schema_id(kind: Kind) -> str:
    """Give the name of a kind's schema, which an event may carry as `dataschema`."""
    return f"urn:sorafenib-safety:schema:{kind.type}"


def schema_file(kind: Kind) -> str:
    """Give the name of the file that a kind's schema is written to."""
    return f"{kind.type}.schema.json"


def build_schema(kind: Kind, examples: Iterable[Example]) -> Schema:
    """
    Build the JSON Schema of a whole event of one kind.

    Args:
        kind: The kind, as the registry has it.

        examples: Examples of all kinds; those of other kinds are left out.
    """
    schema = event_model(kind).model_json_schema(schema_generator=_WithoutFieldTitles)
    schema = _without_null_defaults(schema)
    parts = schema.pop("$defs")
    head = {
        "$schema": DIALECT,
        "$id": schema_id(kind),
        "title": kind.type,
        "description": f"{kind.says} A CloudEvents 1.0 event in JSON.",
    }
    body = {name: value for name, value in schema.items() if name not in head}
    tail = {
        "$defs": {name: parts[name] for name in sorted(parts)},
        "examples": [orjson.loads(each.text) for each in examples if each.type == kind.type],
    }
    return head | body | tail


def _without_null_defaults(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Leave out `"default": null`: a field left out says nothing, it is not set to null."""
    if isinstance(schema, dict):
        return {
            name: _without_null_defaults(value)
            for name, value in schema.items()
            if not (name == "default" and value is None)
        }
    if isinstance(schema, list):
        return [_without_null_defaults(value) for value in schema]
    return schema
