"""
Bad input costs only itself: a reason, a place, advice; and the batch around it goes through.

The reasons are those of the contract (`schemas.errors.Reason`); which input must get
which follows from what is wrong with it.
"""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from consumers.backfill import process_records
from consumers.handlers import Record, Tally
from safety.store import SqlStore, migrate, open_store
from safety.store.model import Outgoing
from safety.store.parked import quarantine_list, quarantine_show
from safety.store.queries import case_ids, unpublished, versions_of
from safety.versions import Version
from schemas.topics import BY_NAME, event_model
from tests.support.decisions import knowledge
from tests.support.reports import BASE

NOW = datetime(2026, 4, 1, tzinfo=UTC)
TOPIC = "pv.adverse-events"
SECRET = "Geheimnis"  # noqa: S105 - a marked word that must not come out again


def event(name: str = "1", **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": name,
        "source": "urn:test",
        "type": "pv.adverse-event.reported.v1",
        "subject": "EDC:16621-01-001-AE01",
        "data": deepcopy(BASE) | changes,
    }


def without(field: str) -> dict[str, Any]:
    whole = event()
    del whole["data"][field]
    return whole


GOOD = orjson.dumps(event("good"))
BAD: dict[str, tuple[str, bytes | None, str, str]] = {
    "not JSON": (TOPIC, b"Dear sirs, " + SECRET.encode(), "not_json", ""),
    "UTF-16": (TOPIC, GOOD.decode().encode("utf-16"), "not_json", ""),
    "GB18030": (
        TOPIC,
        orjson.dumps(event(narrative="手足皮肤反应")).decode().encode("gb18030"),
        "not_utf8",
        "",
    ),
    "truncated": (TOPIC, GOOD[:-40], "truncated", ""),
    "empty": (TOPIC, b"", "empty", ""),
    "no value": (TOPIC, None, "empty", ""),
    "too large": (TOPIC, b'{"a":"' + b"x" * 50_000_000 + b'"}', "too_large", ""),
    "too deep": (TOPIC, b"[" * 100_000, "too_deep", ""),
    "a list": (TOPIC, b"[1, 2]", "not_an_envelope", ""),
    "unknown type": (TOPIC, orjson.dumps(event() | {"type": "pv.x.v9"}), "unknown_type", ""),
    "another topic's type": ("pv.study-records", orjson.dumps(event()), "unknown_type", ""),
    "unknown field": (TOPIC, orjson.dumps(event(colour=SECRET)), "unknown_field", "data.colour"),
    "missing field": (TOPIC, orjson.dumps(without("case")), "missing_field", "data.case"),
    "naive time": (
        TOPIC,
        orjson.dumps(event(received_at="2026-03-02T09:00:00")),
        "naive_time",
        "data.received_at",
    ),
    "day zero in the future": (
        TOPIC,
        orjson.dumps(event(received_at="2027-03-02T09:00:00+08:00")),
        "future_awareness",
        "data.received_at",
    ),
    "awareness in the future": (
        TOPIC,
        orjson.dumps(event(awareness=[{"channel": "partner", "day": "2026-06-01"}])),
        "future_awareness",
        "data.awareness.0",
    ),
    "unknown country": (
        TOPIC,
        orjson.dumps(event(reporters=[{"reporter_id": "1", "country": SECRET}])),
        "unknown_country",
        "data.reporters.0.country",
    ),
    "an instant before all calendars": (
        TOPIC,
        orjson.dumps(event(received_at="0001-01-01T00:00:00+14:00")),
        "invalid_value",
        "data.received_at",
    ),
    "another subject": (
        TOPIC,
        orjson.dumps(event() | {"subject": "EDC:2"}),
        "subject_mismatch",
        "subject",
    ),
    "XML bomb": (
        "pv.icsr",
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
        "forbidden_xml",
        "",
    ),
    "external entity": (
        "pv.icsr",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "forbidden_xml",
        "",
    ),
    "another document": ("pv.icsr", b"<html/>", "not_an_icsr", ""),
    "half an ICSR": ("pv.icsr", b"<MCCI_IN200100UV01 xmlns='urn:hl7-org:v3'><id", "truncated", ""),
}


@pytest.fixture
def store(tmp_path: Path) -> Any:
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    opened = open_store(url)
    yield opened
    opened.close()


def process(store: SqlStore, *values: tuple[str, bytes | None]) -> dict[str, Tally]:
    records = [Record(topic, -1, n, None, {}, value) for n, (topic, value) in enumerate(values)]
    return process_records(records, store, knowledge(), clock=lambda: NOW)


def versions(store: SqlStore) -> list[Version]:
    return [version for case in case_ids(store) for version in versions_of(store, case)]


def data_of(message: Outgoing) -> dict[str, Any]:
    data: dict[str, Any] = orjson.loads(message.payload)["data"]
    return data


class TestQuarantine:
    @pytest.mark.parametrize("what", BAD)
    def test_it_is_parked_with_reason_and_place_and_its_neighbours_are_stored(
        self, store: SqlStore, what: str
    ) -> None:
        topic, value, reason, path = BAD[what]
        before, after = orjson.dumps(event("before")), orjson.dumps(event("after", narrative="x"))
        tallies = process(store, (TOPIC, before), (topic, value), (TOPIC, after))
        (parked,) = quarantine_list(store)

        assert sum(tally.accepted for tally in tallies.values()) == 2
        assert [version.version for version in versions(store)] == [1, 2]
        assert parked.reason == reason
        assert parked.path.startswith(path) if path else True
        assert parked.advice
        shown = quarantine_show(store, parked.quarantine_id)
        assert shown is not None
        assert shown[1].payload == (value or b"")

    @pytest.mark.parametrize("what", BAD)
    def test_what_is_said_of_it_holds_nothing_of_it(self, store: SqlStore, what: str) -> None:
        topic, value, _, _ = BAD[what]
        process(store, (topic, value))
        (parked,) = quarantine_list(store)
        letter, alert = (data_of(message) for message in unpublished(store))

        assert SECRET not in parked.path + parked.advice + parked.reason
        assert SECRET not in str({**letter, "payload_base64": None})
        assert SECRET not in str(alert)
        assert alert["due"] == letter["earliest_due"] == str(parked.earliest_due)

    def test_an_id_used_again_for_other_content_is_parked(self, store: SqlStore) -> None:
        tallies = process(
            store, (TOPIC, GOOD), (TOPIC, GOOD), (TOPIC, orjson.dumps(event("good", narrative="x")))
        )

        assert (tallies[TOPIC].accepted, tallies[TOPIC].repeated) == (1, 1)
        assert tallies[TOPIC].reasons == {"id_reused": 1}

    def test_a_key_that_is_not_the_subject_is_parked(self, store: SqlStore) -> None:
        record = Record(TOPIC, -1, 0, "EDC:another", {}, GOOD)
        tally = process_records([record], store, knowledge(), clock=lambda: NOW)[TOPIC]

        assert tally.reasons == {"subject_mismatch": 1}


class TestFindings:
    """What a valid message says wrongly is for a person to see, not for the quarantine."""

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"end": {"value": "2026-02-20", "precision": "day"}}, "end_before_onset"),
            (
                {
                    "term": {"text": "手足皮肤反应", "language": "zh"},
                    "grade": {"grade": 4, "ctcae": "5.0"},
                },
                "grade_not_available",
            ),
            ({"outcome": "fatal"}, "fatal_outcome_without_death_criterion"),
        ],
    )
    def test_it_becomes_a_finding_of_the_case(
        self, store: SqlStore, changes: dict[str, Any], code: str
    ) -> None:
        told = [deepcopy(BASE["reactions"][0]) | changes]
        process(store, (TOPIC, orjson.dumps(event(reactions=told))))
        (version,) = versions(store)

        assert code in {finding["code"] for finding in version.findings}

    def test_an_answer_about_an_unknown_drug_is_a_finding(self, store: SqlStore) -> None:
        told = [{"drug_id": "d9", "reaction_id": "r1", "assessor": "sponsor", "result": "related"}]
        process(store, (TOPIC, orjson.dumps(event(relatedness=told))))
        (version,) = versions(store)

        assert "dangling_reference" in {finding["code"] for finding in version.findings}


class TestWhatWeSend:
    def test_every_outgoing_message_keeps_its_contract(self, store: SqlStore) -> None:
        process(store, (TOPIC, GOOD), *((topic, value) for topic, value, _, _ in BAD.values()))
        sent = unpublished(store, limit=10_000)
        kinds = {kind.type: kind for topic in BY_NAME.values() for kind in topic.kinds}

        assert {message.topic for message in sent} == {
            "pv.case-decisions",
            "pv.alerts",
            "pv.dead-letters",
        }
        for message in sent:
            kind = kinds[orjson.loads(message.payload)["type"]]
            assert event_model(kind).model_validate_json(message.payload).subject == message.key

    def test_a_payload_too_large_for_a_record_stays_in_the_store(self, store: SqlStore) -> None:
        process(store, BAD["too large"][:2])
        letter = next(m for m in unpublished(store) if m.topic == "pv.dead-letters")

        assert data_of(letter)["payload_base64"] is None
        assert data_of(letter)["payload_bytes"] == 50_000_008
