"""
Messages drawn from the generated JSON Schema: whatever a sender may write, not what we thought of.

The schema says less than the parser checks (dates that exist, countries, zones, keys
that differ), so for those fields a few good values are listed here, and some bad ones.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]

# Letters of several scripts, and what spoils naive handling: separators, quotes, NUL, controls.
_CHARACTERS = st.sampled_from("aZ0é腹泻🙂 /|\\\"'.:{}%\n\t\x00\x7f\u202e")
_TEXT = st.text(_CHARACTERS, max_size=8)
_KEY = st.sampled_from(["r1", "r2", "d1", "d2", "1", "a.b:c-d_e"])
_INSTANT = st.sampled_from(
    ["2026-03-02T09:00:00+08:00", "2026-03-01T23:59:59.999999Z", "1996-02-29T00:00:00-12:00"]
)
_DAY = st.sampled_from(["2026-03-02", "2024-02-29", "1900-01-01"])
_PARTIAL_DATE = st.sampled_from(
    [
        {"value": "2026", "precision": "year"},
        {"value": "2026-02", "precision": "month"},
        {"value": "2026-02-27", "precision": "day"},
        {"value": "0001-01-01", "precision": "day"},
        {"value": "2026-02-27T14:30+08:00", "precision": "minute"},
        {"value": "2026-02-27T14:30:59", "precision": "second"},
    ]
)
_NUMBER = st.sampled_from([0, -1, 58, 0.1, "58", "1E+20", "-0.000", 99999999999999999999])
_ZONE = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Pacific/Kiritimati"])
_COUNTRY = st.sampled_from(["CN", "DE", "US"])

_AWARENESS = st.sampled_from(
    [
        {"channel": "affiliate", "day": "2026-03-01"},
        {"channel": "partner", "at": "2026-03-01T23:30:00-05:00", "zone": "America/New_York"},
        {"channel": "partner"},
    ]
)
_BY_DEFINITION: Mapping[str, st.SearchStrategy[Any]] = {
    "Awareness": _AWARENESS,
    "PartialDate": _PARTIAL_DATE,
}
# Where the schema alone would give values that are hardly ever right.
_BY_NAME: Mapping[str, st.SearchStrategy[Any]] = {
    "office_zone": _ZONE,
    "zone": _ZONE,
    "country": _COUNTRY,
    "obtained_in": _COUNTRY,
    "authorisation_country": _COUNTRY,
}


def events(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Draw whole events of the kind that a generated schema describes."""
    drawn: st.SearchStrategy[dict[str, Any]] = _value(schema, schema["$defs"])
    return drawn


def _value(schema: Schema, definitions: Schema) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in _BY_DEFINITION:
            return _BY_DEFINITION[name]
        return st.deferred(lambda: _value(definitions[name], definitions))
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for word in ("anyOf", "oneOf"):
        if word in schema:
            found = [_value(each, definitions) for each in schema[word]]
            numeric = {each.get("type") for each in schema[word]} >= {"number", "string"}
            return _NUMBER if numeric else st.one_of(found)
    return _typed(schema, definitions)


def _typed(schema: Schema, definitions: Schema) -> st.SearchStrategy[Any]:
    match schema["type"]:
        case "object":
            return _object(schema, definitions)
        case "array":
            least, most = schema.get("minItems", 0), min(schema.get("maxItems", 2), 2)
            return st.lists(_value(schema["items"], definitions), min_size=least, max_size=most)
        case "string":
            return _string(schema)
        case "integer":
            most = schema.get("maximum", 3)
            return st.integers(schema.get("minimum", 0), most)
        case "number":
            return _NUMBER
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case other:
            raise AssertionError(f"the schema has a type this does not know: {other}")


def _object(schema: Schema, definitions: Schema) -> st.SearchStrategy[dict[str, Any]]:
    required = set(schema.get("required", ()))
    told = {
        name: _BY_NAME[name] if name in _BY_NAME else _value(each, definitions)
        for name, each in schema.get("properties", {}).items()
    }
    return st.fixed_dictionaries(
        {name: each for name, each in told.items() if name in required},
        optional={name: each for name, each in told.items() if name not in required},
    )


def _string(schema: Schema) -> st.SearchStrategy[str]:
    match schema.get("format"):
        case "date-time":
            return _INSTANT
        case "date":
            return _DAY
    pattern: str | None = schema.get("pattern")
    if pattern is not None:
        keyed = pattern.startswith("^[A-Za-z0-9")
        return _KEY if keyed else st.from_regex(pattern, fullmatch=True)
    return st.one_of(
        _TEXT.filter(lambda text: len(text) >= schema.get("minLength", 0)),
        st.sampled_from(["sorafenib", "Diarrhea", "related", "not related", "腹泻"]),
    )
