"""Any order, any repetition: the same messages give the same cases, duties and study records."""

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consumers.backfill import process_records
from consumers.handlers import Record
from safety.store import tables
from safety.store.memory import MemoryStore
from schemas.topics import ADVERSE_EVENTS
from tests.support.decisions import NOW, knowledge
from tests.support.one_case import messages_of_one_case
from tests.support.streams import event, examples, in_place, reports
from tests.support.tables import case_ids_of, rows_of

SUBJECTS = 6
MERGES = ("merge", "undo_merge")


def processed(records: Sequence[Record], batch_records: int = 500) -> MemoryStore:
    store = MemoryStore()
    process_records(
        in_place(records), store, knowledge(), batch_records=batch_records, clock=lambda: NOW
    )
    return store


def settled(store: MemoryStore) -> dict[str, Any]:
    """What must not depend on the order: heads, standing duties, newest study records."""
    with store.transaction() as transaction:
        heads = transaction.heads(case_ids_of(store))
    newest: dict[tuple[str, ...], Any] = {}
    for row in rows_of(store, tables.subject_records):
        name = (row["study"], row["subject"], row["kind"], row["record_id"])
        if name not in newest or newest[name]["record_order"] < row["record_order"]:
            newest[name] = row
    return {
        "heads": {
            case_id: (head.messages, head.status, head.digest, head.synthetic)
            for case_id, head in heads.items()
        },
        "duties": {case_id: head.obligations for case_id, head in heads.items()},
        "records": {
            name: (row["source"], row["message_id"], row["data"]) for name, row in newest.items()
        },
    }


@cache
def stream() -> tuple[Record, ...]:
    return (*examples(), *reports(7, SUBJECTS))


def caused(records: Sequence[Record]) -> list[Record]:
    """
    Put what a person decides about several cases behind what was decided about.

    A merge is one of two cases that are there, its end one of a merge that was seen: a merge into
    a case that is not known waits in quarantine. No order of anything else is kept.
    """
    merges = {kind: [each for each in records if kind_of(each) == kind] for kind in MERGES}
    others = [each for each in records if kind_of(each) not in MERGES]
    return [*others, *merges["merge"], *merges["undo_merge"]]


def kind_of(record: Record) -> str | None:
    """Give what a person decided, if the record is a decision."""
    if record.topic != ADVERSE_EVENTS.name:
        return None
    kind: str | None = event(record)["data"].get("action", {}).get("kind")
    return kind


@cache
def in_order() -> dict[str, Any]:
    return settled(processed(caused(stream())))


class TestAnyOrderAndRepetition:
    def test_the_stream_makes_cases_with_duties_and_study_records(self) -> None:
        found = in_order()

        assert len(found["heads"]) > 20
        assert sum(map(len, found["duties"].values())) > 20
        assert len(found["records"]) > 10

    @hypothesis_settings(max_examples=40)
    @given(st.data())
    def test_shuffled_and_repeated_messages_settle_the_same(self, data: st.DataObject) -> None:
        records = list(stream())
        repeated = data.draw(st.lists(st.sampled_from(records), max_size=30))
        shuffled = data.draw(st.permutations([*records, *repeated]))

        size = data.draw(st.sampled_from([1, 13, 500]))

        assert settled(processed(caused(shuffled), size)) == in_order()

    @hypothesis_settings(max_examples=250)
    @given(messages_of_one_case(), st.randoms(use_true_random=False))
    def test_the_messages_of_one_case_settle_the_same(
        self, messages: list[Record], chance: Random
    ) -> None:
        shuffled = [*messages, *chance.choices(messages, k=2)]
        chance.shuffle(shuffled)

        assert settled(processed(shuffled, 1)) == settled(processed(messages))
