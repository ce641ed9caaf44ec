"""
From the bytes of a Kafka record to typed messages, or the reason why not.

A record holds one JSON event (CloudEvents, structured or binary binding) or one
E2B(R3) batch with any number of ICSRs. Each logical message stands or falls
alone: one unusable ICSR does not take its batch with it.
"""

import codecs
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Union

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from schemas.envelope import Event
from schemas.errors import ContractError, Reason
from schemas.icsr.acknowledgement import ACKNOWLEDGED, parse_acknowledgement
from schemas.icsr.keys import key_of
from schemas.icsr.read import parse_icsr_batch
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.messages.carried import CARRIED, CARRIED_BACK, CarriedBack, CarriedReport
from schemas.messages.decision import DeskDecision
from schemas.messages.study_record import SubjectRecord
from schemas.repeated_keys import find_repeated_key
from schemas.topics import ACKNOWLEDGEMENTS, BY_NAME, ICSR, Topic, event_model
from schemas.values import Closed

MAX_JSON_BYTES = 8 * 1024 * 1024
MAX_XML_BYTES = 32 * 1024 * 1024

STRUCTURED = "application/cloudevents+json"

# Senders use batch and message numbers again for other content, against the standard. The content
# is therefore part of an ICSR's id: the same file is a repetition, another file never is.
CONTENT = "#"
_CONTEXT = ("specversion", "id", "source", "type", "subject", "time", "dataschema")


@dataclass(frozen=True, slots=True)
class Message:
    """
    One logical message.

    Attributes:
        source, message_id: Together unique for ever; what makes a repetition recognisable.
        type: The CloudEvents type; ICSRs get that of an adverse event report.
        subject: Case key or study subject key; empty for an acknowledgement, which names a batch.
        part: Position inside the record, 0 but for the later ICSRs of a batch.
        data: The validated contract.
        payload: The bytes this message can be read from again, alone.
        media_type: What those bytes are.
    """

    source: str
    message_id: str
    type: str
    subject: str
    part: int
    data: Closed
    payload: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One logical message that broke its contract."""

    part: int
    error: ContractError
    payload: bytes


def parse_record(
    topic: str,
    value: bytes | None,
    *,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[Message | Refused, ...]:
    """
    Read one Kafka record.

    Args:
        topic: Where it came from; decides which kinds are welcome.

        value: The record's bytes.

        key: The record's key; for JSON it must name the same subject as the envelope.

        headers: The record's headers, for the binary binding.
    """
    headers = headers or {}
    registered = BY_NAME[topic]
    if not value:
        return (Refused(0, ContractError(Reason.EMPTY, "", "the record has no value"), b""),)
    try:
        if registered is ICSR:
            return _parse_xml(value)
        if registered is ACKNOWLEDGEMENTS:
            return (_parse_acknowledgement(value),)
        return (_parse_json(registered, value, key, headers),)
    except ContractError as error:
        return (Refused(0, error, value),)


def parse_logged(topic: str, payload: bytes, media_type: str) -> tuple[str, Closed]:
    """
    Read one message of the log again: its name, which is source and id, and what it says.

    What a merge wrote, and what an acknowledgement says of one case, has no name of its own in its
    bytes; its row in the log has one.

    Raises:
        ContractError: It cannot be read, though it was accepted once.
    """
    if media_type in _OWN:
        try:
            return "", _OWN[media_type].model_validate_json(payload)
        except ValidationError as error:
            raise contract_error(error) from None
    found: Message | Refused
    if media_type == STRUCTURED:
        found = _parse_json(BY_NAME[topic], payload, None, {})
    elif topic == ACKNOWLEDGEMENTS.name:
        return "", _parse_acknowledgement(payload).data
    else:
        found = _parse_xml(payload)[0]
    if isinstance(found, Refused):
        raise found.error
    return f"{found.source} {found.message_id}", found.data


_OWN: Mapping[str, type[CarriedReport | CarriedBack]] = {
    CARRIED: CarriedReport,
    CARRIED_BACK: CarriedBack,
}


def _parse_xml(value: bytes) -> tuple[Message | Refused, ...]:
    if len(value) > MAX_XML_BYTES:
        raise ContractError(Reason.TOO_LARGE, "", f"an E2B file may have {MAX_XML_BYTES} bytes")
    found: list[Message | Refused] = []
    for part, icsr in enumerate(parse_icsr_batch(value, received=None)):
        if isinstance(icsr, ContractError):
            found.append(Refused(part, icsr, value))
        else:
            found.append(
                Message(
                    source=icsr.source,
                    message_id=f"{icsr.message_id}{CONTENT}{_digest(icsr.payload)}",
                    type=icsr.type,
                    subject=icsr.subject,
                    part=part,
                    data=icsr.data,
                    payload=icsr.payload,
                    media_type="application/xml",
                )
            )
    return tuple(found)


def _parse_acknowledgement(value: bytes) -> Message:
    if len(value) > MAX_XML_BYTES:
        raise ContractError(Reason.TOO_LARGE, "", f"an E2B file may have {MAX_XML_BYTES} bytes")
    data = parse_acknowledgement(value)
    return Message(
        source=f"e2b-ack:{key_of(data.sender)}",
        message_id=f"{key_of(data.batch_number)}{CONTENT}{_digest(value)}",
        type=ACKNOWLEDGED,
        subject="",
        part=0,
        data=data,
        payload=value,
        media_type="application/xml",
    )


def _digest(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()[:16]


def _parse_json(topic: Topic, value: bytes, key: str | None, headers: Mapping[str, str]) -> Message:
    if len(value) > MAX_JSON_BYTES:
        raise ContractError(Reason.TOO_LARGE, "", f"a JSON message may have {MAX_JSON_BYTES} bytes")
    value = value.removeprefix(codecs.BOM_UTF8)  # some editors and exports put it there
    if "ce_id" in headers:
        value = _structured_from_binary(value, headers)
    try:
        event = _events_of(topic.name).validate_json(value)
    except ValidationError as error:
        raise contract_error(error) from None
    if (repeated := find_repeated_key(value)) is not None:
        raise ContractError(
            Reason.INVALID_VALUE,
            repeated,
            "the field stands twice in one object of the JSON; send it once",
        )
    _check_subject(event, key)
    return Message(
        source=event.source,
        message_id=event.id,
        type=event.type,
        subject=event.subject,
        part=0,
        data=event.data,
        payload=value,
        media_type=STRUCTURED,
    )


def _structured_from_binary(value: bytes, headers: Mapping[str, str]) -> bytes:
    """Put the context attributes of the binary Kafka binding in front of the data."""
    context = {name: headers[f"ce_{name}"] for name in _CONTEXT if f"ce_{name}" in headers}
    try:
        return orjson.dumps(context | {"data": orjson.Fragment(value)})
    except (TypeError, ValueError):
        raise ContractError(Reason.NOT_JSON, "data", "the data of the event is not JSON") from None


def _check_subject(event: Event[Any, Any], key: str | None) -> None:
    data = event.data
    if isinstance(data, SubjectRecord):
        names = {f"{data.study_id}:{data.subject_id}"}
    else:
        case = data.case
        names = {f"{case.sender}:{case.sender_case_id}"}
        if case.worldwide_id is not None:
            names.add(case.worldwide_id)
    if event.subject not in names:
        raise ContractError(
            Reason.SUBJECT_MISMATCH,
            "subject",
            "must be the worldwide case id, or <sender>:<sender case id>; for study records"
            " <study id>:<subject id>",
        )
    if key is not None and key != event.subject:
        raise ContractError(
            Reason.SUBJECT_MISMATCH, "subject", "the record's key and the subject must be equal"
        )


@lru_cache
def _events_of(topic: str) -> TypeAdapter[Any]:
    models: list[Any] = [event_model(kind) for kind in BY_NAME[topic].kinds]
    union: Any = Union[tuple(models)]  # noqa: UP007 - built at run time from the registry
    tagged: Any = Annotated[union, Field(discriminator="type")]
    return TypeAdapter(tagged if len(models) > 1 else union)


def _is_of_the_message(part: int | str) -> bool:
    """Leave out of a path what pydantic puts between fields: types, tags, functions."""
    return isinstance(part, int) or (_FIELD.fullmatch(part) is not None and part not in _TAGS)


_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_TAGS = frozenset({"bool", "decimal", "enum", "int", "str"})

_REASONS: dict[str, tuple[Reason, str]] = {
    "extra_forbidden": (
        Reason.UNKNOWN_FIELD,
        "the contract has no such field; remove it or ask for a new contract version",
    ),
    "missing": (Reason.MISSING_FIELD, "this field is required"),
    "union_tag_not_found": (Reason.MISSING_FIELD, "the envelope needs a `type`"),
    "union_tag_invalid": (
        Reason.UNKNOWN_TYPE,
        "this topic carries no such type; see the topic registry",
    ),
    "timezone_aware": (
        Reason.NAIVE_TIME,
        "give the UTC offset, such as 2014-05-06T08:00:00+08:00",
    ),
    "unknown_country": (
        Reason.UNKNOWN_COUNTRY,
        "use an ISO 3166-1 alpha-2 country code, two capitals such as CN",
    ),
}


def contract_error(error: ValidationError) -> ContractError:
    """Give the first fault of a pydantic error as a reason, a path and advice, without values."""
    first = error.errors(include_url=False, include_input=False, include_context=True)[0]
    kind = first["type"]
    path = ".".join(str(part) for part in first["loc"] if _is_of_the_message(part))
    if kind == "json_invalid":
        detail = str(first.get("ctx", {}).get("error", ""))
        if "EOF" in detail:
            return ContractError(Reason.TRUNCATED, "", "the JSON text ends too early")
        if "recursion" in detail:
            return ContractError(Reason.TOO_DEEP, "", "the JSON is nested too deeply")
        if "unicode" in detail or "UTF-8" in detail:
            return ContractError(Reason.NOT_UTF8, "", "the text must be UTF-8")
        return ContractError(Reason.NOT_JSON, "", "the value is not JSON")
    if kind in _REASONS:
        reason, advice = _REASONS[kind]
        return ContractError(reason, path, advice)
    if not path:
        return ContractError(Reason.NOT_AN_ENVELOPE, "", "send a CloudEvents 1.0 JSON object")
    if kind in {"enum", "literal_error"}:
        return ContractError(
            Reason.INVALID_VALUE, path, f"must be one of {first['ctx']['expected']}"
        )
    return ContractError(Reason.INVALID_VALUE, path, first["msg"])


__all__ = [
    "AdverseEventReport",
    "DeskDecision",
    "Message",
    "Nullification",
    "Refused",
    "contract_error",
    "parse_logged",
    "parse_record",
]
