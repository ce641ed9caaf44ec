"""
Messages with a marked secret in every field, and what must be searched for it.

Nothing here knows the contracts: every value of every example is replaced in turn. What the parser
still takes stays replaced, so that one message carries as many secrets as it can; what it refuses
becomes a message of its own, that breaks its contract with a secret in it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import orjson
from lxml import etree

from consumers.examples import packaged_examples
from consumers.handlers import Record
from schemas.parse import Message, Refused, parse_record

WORD = "Geheimnis"
MARK = f"{WORD}-\u79d8\u5bc6"  # breaks the patterns of ids; the second half looks for bad escaping
BORN = "1931-07-19"  # on which nobody of the examples was born
AMOUNT = 97.3119
# None of these may turn up: words, the day in both spellings, the figure; escaped or not.
SOUGHT = re.compile(
    rf"{WORD}|\u79d8\u5bc6|\\u79d8|%E7%A7%98|{BORN}|{BORN.replace('-', '')}|97[.,]3119",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Names like ids and codes, which are published as such: of E2B batches and messages, and of the
# term of a dictionary that a study coded an event to.
NAMES = frozenset({"as_recorded", "batch", "batch_number", "message_number", "number", "worldwide"})

Path = tuple[str | int, ...]


def found_in(text: str | bytes) -> list[str]:
    """Give the places where a secret stands in a text, with what is around it."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    return [text[max(0, m.start() - 60) : m.end() + 30] for m in SOUGHT.finditer(text)]


def marked_events() -> list[Record]:
    """
    Give each JSON example with a secret wherever it may have one.

    About cases twice: with everything marked nobody recognises our drug, and nothing is due; so
    that something is, other cases keep drugs, figures and ticks.
    """
    found = [_as_full(each) for each in _json_examples()]
    for record in _json_examples():
        event = orjson.loads(record.value or b"")
        number = event["data"].get("case", {}).get("sender_case_id", "").encode()
        if number and (record.value or b"").count(number) > 1:
            text = (record.value or b"").replace(number, number + b"-9")
            other = _put(record, orjson.loads(text) | {"id": f"{event['id']}-9"})
            if _is_taken(other):
                found.append(_as_full(other, spared=("drugs", "seriousness")))
    return found


def broken_events() -> list[Record]:
    """Give messages that break their contract, each in another field, by a secret in it."""
    seen: set[tuple[str, Path]] = set()
    found = []
    for record in _json_examples():
        event = orjson.loads(record.value or b"")
        for path, value in _leaves(event):
            field = (event["type"], tuple(step for step in path if isinstance(step, str)))
            if field in seen:
                continue
            seen.add(field)
            for secret in (_secret(path, value), MARK, {MARK: MARK}):
                broken = _put(record, _with(event, path, secret))
                if _is_refused(broken):
                    found.append(broken)
        found.append(_put(record, event | {MARK: MARK}))
        found.append(_put(record, event | {"data": event["data"] | {MARK: MARK, "extra": MARK}}))
    return found


def marked_icsrs() -> list[Record]:
    """Give each E2B example with a secret wherever it may have one."""
    return [_record(topic, _mark_xml(topic, text)[0]) for topic, text in _xml_examples()]


def broken_icsrs() -> list[Record]:
    """Give ICSRs and acknowledgements that are refused, each for a secret in another place."""
    found: dict[tuple[str, str], Record] = {}
    for topic, text in _xml_examples():
        for place in _mark_xml(topic, text)[1]:
            tree = etree.fromstring(text)
            _places(tree)[place][0](MARK)
            broken = _record(topic, etree.tostring(tree, encoding="UTF-8"))
            if _is_refused(broken):
                found.setdefault((topic, place), broken)
    return list(found.values())


def unreadable() -> list[Record]:
    """Give records that are no message at all, on every topic, with secrets in key and headers."""
    whole = orjson.dumps({"specversion": "1.0", "data": MARK})
    values = [
        MARK.encode(),
        MARK.encode("gb18030"),
        whole[:-3],
        whole,
        b"[" * 5_000 + MARK.encode(),
        f'<!DOCTYPE a [<!ENTITY {WORD} "{MARK}">]><a>&{WORD};</a>'.encode(),
        f"<{WORD} {WORD}='{MARK}'>{MARK}</{WORD}>".encode(),
        f"<a>{MARK}".encode(),
    ]
    headers = {"ce_id": MARK, "ce_source": MARK, "traceparent": MARK, WORD: MARK}
    topics = {topic for suffix in (".json", ".xml") for topic, _ in _examples(suffix)}
    return [
        Record(topic, 0, 0, MARK, told, value)
        for topic in sorted(topics)
        for value in values
        for told in ({}, headers)
    ]


def _json_examples() -> Iterator[Record]:
    yield from (_record(topic, text) for topic, text in _examples(".json"))


def _xml_examples() -> Iterator[tuple[str, bytes]]:
    yield from _examples(".xml")


def _examples(suffix: str) -> Iterator[tuple[str, bytes]]:
    for example in packaged_examples():
        if example.direction == "in" and example.path.suffix == suffix:
            yield example.topic, example.path.read_bytes()


def _record(topic: str, value: bytes) -> Record:
    return Record(topic, 0, 0, None, {}, value)


def _put(record: Record, event: Mapping[str, Any]) -> Record:
    return replace(record, value=orjson.dumps(event))


def _is_taken(record: Record) -> bool:
    """Tell whether the parser takes all of a record, under the names that it had."""
    parsed = parse_record(record.topic, record.value)
    return all(isinstance(each, Message) and not found_in(_names(each)) for each in parsed)


def _is_refused(record: Record) -> bool:
    return any(isinstance(each, Refused) for each in parse_record(record.topic, record.value))


def _names(message: Message) -> str:
    """Give what names a message and its case: an id, which stands in logs and keys on purpose."""
    return f"{message.source} {message.message_id} {message.subject}"


def _as_full(record: Record, *, spared: Collection[str] = ()) -> Record:
    event = orjson.loads(record.value or b"")
    for path, value in list(_leaves(event)):
        if NAMES & set(path) or (
            spared and (set(spared) & set(path) or not isinstance(value, str))
        ):
            continue
        changed = _with(event, path, _secret(path, value))
        if _is_taken(_put(record, changed)):
            event = changed
    assert found_in(orjson.dumps(event["data"])) or "pv.decision" in event["type"]
    return _put(record, event)


def _secret(path: Path, value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return AMOUNT
    if _DAY.fullmatch(str(value)) and "birth" in str(path):
        return BORN
    return f"{MARK} {'.'.join(map(str, path))}"


def _leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    match value:
        case dict():
            for name, each in value.items():
                yield from _leaves(each, (*path, name))
        case list():
            for place, each in enumerate(value):
                yield from _leaves(each, (*path, place))
        case _:
            yield path, value


def _with(event: Mapping[str, Any], path: Path, value: object) -> dict[str, Any]:
    changed: Any = deepcopy(event)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    told: dict[str, Any] = changed
    return told


Put = Callable[[str | None], str | None]  # sets a value and gives the one before


def _places(tree: etree._Element) -> Mapping[str, list[Put]]:
    """Give all attributes and texts of a document, by the tags that lead there."""
    found: dict[str, list[Put]] = {}
    for element in tree.iter(etree.Element):
        above = [*element.iterancestors(), element]
        names = [str(etree.QName(each.tag).localname) for each in above]
        where = "/".join(names)
        for name in map(str, element.attrib):
            found.setdefault(f"{where}@{name}", []).append(_putter(element, name))
        if (element.text or "").strip():
            found.setdefault(where, []).append(_putter(element, None))
    return found


def _putter(element: etree._Element, name: str | None) -> Put:
    def put(value: str | None) -> str | None:
        before = element.text if name is None else element.get(name)
        if name is None:
            element.text = value
        elif value is not None:
            element.set(name, value)
        return before

    return put


@cache
def _mark_xml(topic: str, text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Mark a document wherever that is taken; gives it, and the places where it is not."""
    tree = etree.fromstring(text)
    refused: list[str] = []

    def mark(places: Sequence[tuple[str, list[Put]]]) -> None:
        before = [
            (put, put(BORN.replace("-", "") if "birthTime" in place else f"{MARK} {place[-40:]}"))
            for place, puts in places
            for put in puts
        ]
        if _is_taken(_record(topic, etree.tostring(tree, encoding="UTF-8"))):
            return
        for put, value in before:
            put(value)
        if len(places) == 1:
            refused.append(places[0][0])
            return
        mark(places[: len(places) // 2])
        mark(places[len(places) // 2 :])

    mark(list(_places(tree).items()))
    return etree.tostring(tree, encoding="UTF-8"), tuple(refused)
