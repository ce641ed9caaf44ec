"""What becomes of a record whose bytes or dates are odd."""

import codecs
from typing import Any

import orjson
import pytest

from schemas.errors import ContractError, Reason
from schemas.json_schema import load_examples
from schemas.parse import Message, Refused, parse_logged, parse_record
from schemas.topics import INCOMING

TEXTS = {example.name: example.text for example in load_examples()}
TOPIC_OF = {kind.type: topic.name for topic in INCOMING for kind in topic.kinds}

REPORT = "adverse-event.initial"


def read(text: bytes, **further: Any) -> Message | Refused:
    topic = TOPIC_OF[orjson.loads(text.removeprefix(codecs.BOM_UTF8))["type"]]
    [found] = parse_record(topic, text, **further)
    return found


def refusal(text: bytes) -> ContractError:
    found = read(text)
    assert isinstance(found, Refused)
    return found.error


def with_value(name: str, path: str, value: object) -> bytes:
    """Give an example with another value at a path; the path has to be there."""
    event = orjson.loads(TEXTS[name])
    place = event
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        place = place[step]
    assert place[last] is not None
    place[last] = value
    return orjson.dumps(event)


INSTANTS = [
    (REPORT, "time"),
    (REPORT, "data.received_at"),
    (REPORT, "data.awareness.0.at"),
    ("adverse-event.nullified", "data.received_at"),
    ("decision.accept", "data.decided_at"),
    ("exposure.started", "data.recorded_at"),
    ("laboratory.baseline", "data.recorded_at"),
    ("subject.enrolled", "data.recorded_at"),
    ("disease.death", "data.recorded_at"),
    ("concomitant.medication", "data.recorded_at"),
]
DAYS = [
    (REPORT, "data.most_recent_information"),
    (REPORT, "data.first_received"),
    (REPORT, "data.awareness.1.day"),
    ("adverse-event.nullified", "data.most_recent_information"),
    ("subject.enrolled", "data.consent"),
]
PARTIAL = [
    (REPORT, "data.reactions.0.onset"),
    (REPORT, "data.drugs.0.doses.0.start"),
    ("exposure.started", "data.start"),
    ("laboratory.baseline", "data.collected"),
    ("disease.death", "data.assessed"),
]


class TestDatesThatNobodyCanMean:
    @pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
    @pytest.mark.parametrize(("name", "path"), INSTANTS)
    def test_an_instant_that_no_zone_can_be_applied_to_is_refused_where_it_stands(
        self, name: str, path: str, value: str
    ) -> None:
        error = refusal(with_value(name, path, value))

        assert (error.reason, error.path) == (Reason.INVALID_VALUE, path)
        assert error.advice == "the year must be 1900 to 2100; check the date"

    @pytest.mark.parametrize("value", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
    @pytest.mark.parametrize(("name", "path"), DAYS)
    def test_so_is_a_day(self, name: str, path: str, value: str) -> None:
        error = refusal(with_value(name, path, value))

        assert (error.reason, error.path) == (Reason.INVALID_VALUE, path)
        assert error.advice == "the year must be 1900 to 2100; check the date"

    @pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31"])
    @pytest.mark.parametrize(("name", "path"), PARTIAL)
    def test_so_is_a_partial_date(self, name: str, path: str, value: str) -> None:
        error = refusal(with_value(name, path, {"value": value, "precision": "day"}))

        assert (error.reason, error.path) == (Reason.INVALID_VALUE, path)
        assert error.advice == "the year must be 1900 to 2100; check the date"

    @pytest.mark.parametrize("value", ["1900-01-01", "2100-12-31"])
    def test_the_first_and_last_day_are_taken(self, value: str) -> None:
        for name, path in DAYS:
            assert isinstance(read(with_value(name, path, value)), Message)


class TestBytes:
    @pytest.mark.parametrize("name", [REPORT, "decision.accept", "laboratory.baseline"])
    def test_a_byte_order_mark_in_front_is_passed_over(self, name: str) -> None:
        found = read(codecs.BOM_UTF8 + TEXTS[name])

        assert isinstance(found, Message)
        assert found.payload == TEXTS[name]

    def test_it_is_passed_over_in_the_binary_binding(self) -> None:
        event = orjson.loads(TEXTS[REPORT])
        data = event.pop("data")
        headers = {f"ce_{name}": value for name, value in event.items()}

        [found] = parse_record(
            "pv.adverse-events", codecs.BOM_UTF8 + orjson.dumps(data), headers=headers
        )

        assert isinstance(found, Message)
        assert found.message_id == event["id"]

    def test_a_field_that_stands_twice_is_refused_by_name(self) -> None:
        text = TEXTS[REPORT].replace(
            b'"kind": "initial"', b'"kind": "follow_up", "kind": "initial"'
        )

        error = refusal(text)

        assert (error.reason, error.path) == (Reason.INVALID_VALUE, "kind")
        assert error.advice == "the field stands twice in one object of the JSON; send it once"

    def test_what_was_accepted_is_read_from_the_log_again(self) -> None:
        found = read(codecs.BOM_UTF8 + TEXTS[REPORT])
        assert isinstance(found, Message)

        again = parse_logged("pv.adverse-events", found.payload, found.media_type)

        assert again == (f"{found.source} {found.message_id}", found.data)


class TestMagnitudes:
    def test_a_number_beyond_any_measurement_is_refused_where_it_stands(self) -> None:
        error = refusal(with_value("laboratory.baseline", "data.result.value", "1E+20"))

        assert (error.reason, error.path) == (Reason.INVALID_VALUE, "data.result.value")
