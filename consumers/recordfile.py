"""
How are Kafka records kept in a file, one a line, so that they come back byte for byte?

A line is a JSON object `{"topic", "key", "headers", "value"}`. `value` is the
record's own JSON text where it has one, and `{"base64": "..."}` where it does
not: bytes that are not JSON, are no text, or are spread over several lines.

A file written by hand may hold bare CloudEvents instead; then the registry says
which topic carries that type. A line that can be read in neither way is given
as a record all the same, with the line as its value, on the topic of adverse
events: what cannot be read might have been one, and is quarantined there.
"""

import base64
import binascii
import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson

from schemas.topics import ADVERSE_EVENTS, INCOMING


class Record(Protocol):
    """What a file keeps of a Kafka record."""

    @property
    def topic(self) -> str: ...  # noqa: D102 - as Kafka says, like the three below

    @property
    def key(self) -> str | None: ...  # noqa: D102

    @property
    def value(self) -> bytes: ...  # noqa: D102

    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One record read from a file; `line` counts from 1."""

    topic: str
    key: str | None
    value: bytes
    headers: Mapping[str, str]
    line: int


def write_jsonl(path: Path, records: Iterable[Record]) -> int:
    """Write *records* to *path*, one a line, and give their number."""
    written = 0
    with path.open("wb") as file:
        for record in records:
            file.write(render_line(record))
            written += 1
    return written


def read_jsonl(path: Path) -> Iterator[FileRecord]:
    """
    Give the records of a file, by line; blank lines are skipped.

    What `write_jsonl()` wrote comes back with the same bytes. The value of a line written
    by hand, in another order or with spaces, comes back as compact JSON.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            text = line.rstrip(b"\r\n")
            if text.strip():
                yield parse_line(text, number)


def render_line(record: Record) -> bytes:
    """Give the line of one record, with its line feed."""
    head = orjson.dumps({"topic": record.topic, "key": record.key, "headers": dict(record.headers)})
    value = record.value if _can_be_embedded(record.value) else _encoded(record.value)
    return head[:-1] + b',"value":' + value + b"}\n"


def parse_line(line: bytes, number: int) -> FileRecord:
    """Read one line, without its line feed; see the module for the ways a line may look."""
    line = line.removeprefix(codecs.BOM_UTF8)
    try:
        content = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _unread(line, number)
    if not isinstance(content, dict):
        return _unread(line, number)
    if "topic" not in content or "value" not in content:
        return _bare_event(line, content, number)
    topic, key, headers = content["topic"], content.get("key"), content.get("headers") or {}
    known = any(topic == each.name for each in INCOMING)
    if not known or not isinstance(key, str | None) or not _all_text(headers):
        return _unread(line, number)
    value = _value_of(line, content)
    return (
        _unread(line, number) if value is None else FileRecord(topic, key, value, headers, number)
    )


def _can_be_embedded(value: bytes) -> bool:
    if not value or b"\n" in value or b"\r" in value:
        return False
    try:
        content = orjson.loads(value)
    except orjson.JSONDecodeError:
        return False
    return not _is_encoded(content)


def _encoded(value: bytes) -> bytes:
    return orjson.dumps({"base64": base64.b64encode(value).decode()})


def _is_encoded(content: object) -> bool:
    return isinstance(content, dict) and list(content) == ["base64"]


def _value_of(line: bytes, content: dict[str, Any]) -> bytes | None:
    value = content["value"]
    if _is_encoded(value):
        try:
            return base64.b64decode(value["base64"], validate=True)
        except (binascii.Error, TypeError, ValueError):
            return None
    # A line of ours has the value last, after a head that can be rendered again: cut it out.
    head = {name: content.get(name) for name in ("topic", "key", "headers")}
    start = orjson.dumps(head)[:-1] + b',"value":'
    if list(content)[-1] == "value" and line.startswith(start) and line.endswith(b"}"):
        return line[len(start) : -1]
    return orjson.dumps(value)


def _bare_event(line: bytes, event: dict[str, Any], number: int) -> FileRecord:
    topics = (
        topic for topic in INCOMING if event.get("type") in [each.type for each in topic.kinds]
    )
    topic = next(topics, ADVERSE_EVENTS)
    subject = event.get("subject")
    return FileRecord(topic.name, subject if isinstance(subject, str) else None, line, {}, number)


def _all_text(headers: object) -> bool:
    return isinstance(headers, dict) and all(isinstance(each, str) for each in headers.values())


def _unread(line: bytes, number: int) -> FileRecord:
    return FileRecord(ADVERSE_EVENTS.name, None, line, {}, number)
