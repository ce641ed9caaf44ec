"""A message that keeps its contract never stops the consumer, whatever stands in it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consumers.backfill import process_records
from consumers.handlers import Record
from safety.store.memory import MemoryStore
from schemas.json_schema import build_schema
from schemas.topics import INCOMING, Kind, Topic
from tests.support.decisions import NOW, knowledge
from tests.support.from_schema import events
from tests.support.streams import adverse_event

KINDS = [pytest.param(topic, kind, id=kind.type) for topic in INCOMING for kind in topic.kinds]


def addressed(event: dict[str, Any]) -> dict[str, Any]:
    """Let the event be about the one case or the one subject of the test."""
    data = event["data"]
    if "case" in data:
        told = adverse_event()
        return event | {"subject": told["subject"], "data": data | {"case": told["data"]["case"]}}
    return event | {"subject": f"{data['study_id']}:{data['subject_id']}"}


@pytest.mark.parametrize(("topic", "kind"), KINDS)
class TestEveryKindOfMessage:
    @hypothesis_settings(max_examples=60)
    @given(st.data())
    def test_whatever_follows_a_report_is_accepted_repeated_or_parked(
        self, topic: Topic, kind: Kind, data: st.DataObject
    ) -> None:
        drawn = data.draw(st.lists(events(build_schema(kind, ())), min_size=1, max_size=2))
        follow = [addressed(event) for event in drawn]
        messages = [("pv.adverse-events", adverse_event()), *((topic.name, e) for e in follow)]
        records = [
            Record(name, 0, place, None, {}, json.dumps(event).encode())
            for place, (name, event) in enumerate(messages)
        ]

        tallies = process_records(records, MemoryStore(), knowledge(), clock=lambda: NOW)

        assert sum(tally.messages for tally in tallies.values()) == len(records)
