"""
Which topics, kinds and fields are there, for people?

A page of Markdown from the registry and the JSON Schemas: a table of topics, a
section a kind, and each shared shape once.
"""

from collections.abc import Iterable, Mapping, Sequence

from schemas.json_schema import Schema, build_schema, load_examples, schema_file
from schemas.topics import Kind, Topic

_HEAD = """\
# Topics and messages

What travels on each Kafka topic. Written by `python -m schemas.generate` from the registry in
`schemas/topics.py`; do not edit. The same in machine-readable form is in `schemas/generated/`.

Every JSON message is a CloudEvents 1.0 event; the tables below show its `data`. Objects are
closed: a field that is not listed is refused. A field left out says nothing; `{"null": "UNK"}`
says that the value is unknown. A number may stand in quotation marks. A key is made of letters,
digits and `_ . : -`, 100 at most."""
_KEY = r"^[A-Za-z0-9_.:\-]{1,100}$"  # `schemas.values.Key`
_FORMATS = {"date-time": "instant with UTC offset", "date": "calendar day"}
_LIMITS = {"minimum": "from", "maximum": "to", "maxLength": "of length up to"}


def render_topics(topics: Iterable[Topic]) -> str:
    """Write the page."""
    topics = tuple(topics)
    shapes: dict[str, Schema] = {}
    for topic in topics:
        for kind in topic.kinds:
            shapes |= build_schema(kind, ())["$defs"]
    roots = {kind.data.__name__ for topic in topics for kind in topic.kinds}
    shared = {name: shapes[name] for name in sorted(shapes) if name not in roots}
    sections = [_HEAD, _topic_table(topics)]
    for topic in topics:
        sections += _topic_sections(topic, shapes)
    sections += ["## Shapes", *(_shape(name, shape) for name, shape in shared.items())]
    return "\n\n".join(sections) + "\n"


def _topic_table(topics: Sequence[Topic]) -> str:
    rows = [
        [
            f"[`{topic.name}`](#{_anchor(topic.name)})",
            topic.direction,
            ", ".join(topic.producers),
            ", ".join(topic.consumers),
            str(topic.partitions),
            str(topic.version),
            topic.compatibility,
        ]
        for topic in topics
    ]
    head = ["topic", "direction", "producers", "consumers", "partitions", "version", "changes"]
    return _table(head, rows)


def _topic_sections(topic: Topic, shapes: Mapping[str, Schema]) -> list[str]:
    sections = [f"## {topic.name}", topic.says]
    if not topic.kinds:
        sections.append(f"Each record is a file of {topic.compatibility} (`{topic.media_type}`).")
    for kind in topic.kinds:
        sections += [
            f"### {kind.type}",
            f"{kind.says} Schema: `schemas/generated/{schema_file(kind)}`.{_examples(kind)}",
            _fields(shapes[kind.data.__name__]),
        ]
    return sections


def _examples(kind: Kind) -> str:
    names = [f"`{each.name}`" for each in load_examples() if each.type == kind.type]
    return f" Examples in `schemas/examples`: {', '.join(names)}." if names else ""


def _shape(name: str, shape: Schema) -> str:
    says = " ".join(shape.get("description", "").split())
    parts = [f"### {name}"]
    if says:
        parts.append(says)
    if "enum" in shape:
        parts.append("One of " + ", ".join(f"`{value}`" for value in shape["enum"]) + ".")
    else:
        parts.append(_fields(shape))
    return "\n\n".join(parts)


def _fields(shape: Schema) -> str:
    required = shape.get("required", [])
    rows = [
        [f"`{name}`", _type(field), "yes" if name in required else ""]
        for name, field in shape["properties"].items()
    ]
    return _table(["field", "what", "required"], rows)


def _type(field: Schema) -> str:
    """Say in a few words what a field may hold."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{_anchor(name)})"
    for choice in ("anyOf", "oneOf"):
        if choice in field:
            texts = [_type(each) for each in field[choice] if not _is_unsaid(each, field[choice])]
            return " or ".join(dict.fromkeys(texts))
    if "const" in field:
        return f"`{_literal(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{_literal(value)}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    return _plain(field)


def _is_unsaid(each: Schema, choices: Sequence[Schema]) -> bool:
    """Say whether a choice goes without saying: null, and a number in quotation marks."""
    is_number_too = any(choice.get("type") == "number" for choice in choices)
    quoted = each.get("type") == "string" and is_number_too
    return quoted or each.get("type") == "null"


def _plain(field: Schema) -> str:
    if field.get("pattern") == _KEY:
        return "key"
    kind: str = field.get("type", "any value")
    said = [_FORMATS.get(field.get("format", ""), kind)]
    if "pattern" in field:
        said.append(f"matching `{field['pattern']}`".replace("|", "\\|"))
    said += [f"{word} {field[name]}" for name, word in _LIMITS.items() if name in field]
    return " ".join(said)


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _anchor(heading: str) -> str:
    """Give the anchor that Markdown viewers make from a heading."""
    return heading.lower().replace(".", "").replace(" ", "-")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
