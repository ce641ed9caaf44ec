"""A message of a producer that nobody listed is kept, with an alert, and does nothing else."""

from contextlib import closing
from pathlib import Path

import orjson

from consumers.backfill import process_records
from consumers.examples import incoming_examples
from consumers.handlers import Record
from consumers.settings import load_settings
from consumers.source_gate import SourceGate
from consumers.wiring import build_gate
from safety.store import migrate, open_store
from safety.store.model import Outgoing
from safety.store.parked import quarantine_list
from safety.store.queries import case_ids, unpublished
from schemas.errors import ContractError, Reason
from schemas.parse import Message, parse_record
from tests.support.decisions import NOW, knowledge
from tests.support.streams import adverse_event

LISTED = "urn:test:study-database"  # of the events of tests


def record(source: str, message_id: str = "m1") -> Record:
    value = orjson.dumps(adverse_event(message_id) | {"source": source})
    return Record("pv.adverse-events", 0, 0, None, {}, value)


def message(each: Record) -> Message:
    (found,) = parse_record(each.topic, each.value)
    assert isinstance(found, Message)
    return found


class TestSourceGate:
    def test_a_listed_producer_and_our_own_desk_get_through(self) -> None:
        gate = SourceGate([LISTED])

        assert gate.fault(message(record(LISTED))) is None
        assert gate.fault(message(record("urn:sorafenib-safety:desk"))) is None

    def test_another_is_named_by_its_field_and_not_by_its_name(self) -> None:
        fault = SourceGate([LISTED]).fault(message(record("urn:stranger")))

        assert fault is not None
        assert (fault.reason, fault.path) == (Reason.UNKNOWN_SOURCE, "source")
        assert "stranger" not in str(fault)

    def test_what_stands_behind_it_is_asked_of_those_who_get_through(self) -> None:
        class Closed:
            def fault(self, _: Message) -> ContractError:
                return ContractError(Reason.XSD_INVALID, "line 1", "no")

        gate = SourceGate([LISTED], Closed())

        told = [gate.fault(message(record(source))) for source in (LISTED, "urn:stranger")]

        assert [fault.reason for fault in told if fault] == [
            Reason.XSD_INVALID,
            Reason.UNKNOWN_SOURCE,
        ]


class TestBuildGate:
    def test_nothing_is_asked_unless_it_is_set(self) -> None:
        assert build_gate(load_settings()) is None

    def test_icsrs_are_known_by_their_sender(self) -> None:
        (icsr, *_) = [each for each in incoming_examples() if each.topic == "pv.icsr"]
        (first, *_) = [
            each for each in parse_record(icsr.topic, icsr.value) if isinstance(each, Message)
        ]
        assert first.source.startswith("e2b:")

        listed = build_gate(load_settings(sources=f"{LISTED}, {first.source}"))
        other = build_gate(load_settings(sources=LISTED))

        assert listed is not None
        assert other is not None
        assert listed.fault(first) is None
        assert other.fault(first) is not None


class TestWhileProcessing:
    def test_a_stranger_is_parked_with_an_alert_and_makes_no_case(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'safety.db'}"
        migrate(url)
        with closing(open_store(url)) as store:
            gate = SourceGate([LISTED])
            strange = record("urn:stranger", "m2")
            process_records([strange], store, knowledge(), gate=gate, clock=lambda: NOW)

            assert list(case_ids(store)) == []
            (parked,) = quarantine_list(store)
            assert parked.reason == "unknown_source"
            waiting: list[Outgoing] = list(unpublished(store))
            assert {each.topic for each in waiting} == {"pv.alerts", "pv.dead-letters"}
