"""
What every store promises its writer: all or nothing, once, and never over another's work.

Each test runs on the store in memory, on SQLite and on PostgreSQL.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from safety.case import Report
from safety.errors import InvariantError, OffsetConflictError, StoreUnavailableError
from safety.store import SqlStore
from safety.store.canonical import canonical_digests
from safety.store.memory import MemoryStore
from safety.store.model import Batch, CaseHead, Progress
from tests.support.reports import follow_up, nullification, report
from tests.support.stories import (
    CASE_ID,
    NOON,
    Story,
    alert,
    logged,
    named,
    outgoing,
    parked,
    study_record,
)

AnyStore = MemoryStore | SqlStore


def onset(day: str) -> list[dict[str, Any]]:
    return [{"reaction_id": "r1", "onset": {"value": day, "precision": "day"}}]


def told_late(new: str, old: str) -> tuple[Report, Report, Report]:
    """
    Give a follow-up with a new onset, and two that arrive after it but are older.

    The second tells the same onset first, so the first changes nothing any more; the third
    takes it back in between, so the first changes it again.
    """
    return (
        follow_up("m5", "2026-03-12", reactions=onset(new)),
        follow_up("m3", "2026-03-10", reactions=onset(new)),
        follow_up("m4", "2026-03-11", reactions=onset(old)),
    )


def follow_ups_after(story: Story, cause: Report) -> set[str]:
    return {d.obligation_id for d in story.live.obligations if d.trigger == cause.message}


def save(store: AnyStore, batch: Batch, *, now: datetime = NOON) -> None:
    with store.transaction() as work:
        work.save(batch, now=now)


def save_and_stop(store: AnyStore, batch: Batch) -> None:
    with store.transaction() as work:
        work.save(batch, now=NOON)
        work.advance(None, progress(1))
        raise KeyboardInterrupt


def save_and_move(store: AnyStore, before: Progress | None) -> None:
    with store.transaction() as work:
        work.save(Batch(messages=[logged("EDC 1", "s")]), now=NOON)
        work.advance(before, progress(9))


def save_in_spite_of_a_refusal(store: AnyStore) -> None:
    with store.transaction() as work:
        work.save(Batch(messages=[logged("EDC 2", "s")]), now=NOON)
        with suppress(StoreUnavailableError):
            work.save(Batch(messages=[logged("EDC 1", "s")]), now=NOON)


def head_of(store: AnyStore, case_id: str = CASE_ID) -> CaseHead | None:
    with store.transaction() as work:
        return work.heads([case_id]).get(case_id)


def rows_in(store: AnyStore) -> dict[str, int]:
    return {name: rows for name, (rows, _) in canonical_digests(store).items() if rows}


class TestKnownMessages:
    def test_a_message_is_known_by_source_and_id_together(self, store: AnyStore) -> None:
        save(store, Batch(messages=[logged("EDC 1", "s", text="one")]))

        with store.transaction() as work:
            known = work.known_messages({("EDC", "1"), ("EDC", "2"), ("other", "1")})

        assert known == {
            # printf one | sha256sum
            ("EDC", "1"): "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
        }

    def test_nothing_is_asked_where_nothing_is_wanted(self, store: AnyStore) -> None:
        with store.transaction() as work:
            assert work.known_messages([]) == {}
            assert work.heads([]) == {}
            assert work.log_of([]) == {}
            assert work.progress([]) == {}

    def test_takes_a_thousand_at_once(self, store: AnyStore) -> None:
        save(store, Batch(messages=[logged(f"EDC {n}", "s") for n in range(1_000)]))

        with store.transaction() as work:
            known = work.known_messages({("EDC", str(n)) for n in range(500, 1_500)})

        assert len(known) == 500


class TestHeads:
    def test_a_case_that_was_never_stored_has_none(self, store: AnyStore) -> None:
        assert head_of(store) is None

    def test_gives_the_head_as_it_was_saved_with_its_duties(self, store: AnyStore) -> None:
        story = Story()
        save(store, story.take(report()))

        assert story.head.obligations  # or the test would say nothing
        assert head_of(store) == story.head

    def test_only_duties_that_stand_are_given(self, store: AnyStore) -> None:
        story = Story()
        save(store, story.take(report()))
        save(store, story.take(nullification()))

        assert story.outcomes[1].superseded
        assert head_of(store) == story.head
        assert story.head.obligations == ()

    def test_a_duty_that_was_lifted_comes_back_under_the_same_id(self, store: AnyStore) -> None:
        story = Story()
        first, lifted, back = told_late("2026-02-28", "2026-02-27")
        save(store, story.take(report(), first))
        duties = follow_ups_after(story, first)
        save(store, story.take(lifted))
        assert duties.isdisjoint(follow_ups_after(story, first))
        save(store, story.take(back))

        assert duties == follow_ups_after(story, first)
        assert head_of(store) == story.head

    def test_duties_that_come_go_and_come_in_one_batch_end_as_the_pipeline_says(
        self, store: AnyStore
    ) -> None:
        story = Story()
        save(store, story.take(report(), *told_late("2026-02-28", "2026-02-27")))

        assert head_of(store) == story.head

    def test_a_duty_whose_reason_changed_has_the_newest(self, store: AnyStore) -> None:
        story = Story()
        drug = [{"drug_id": "d1", "action_taken": "withdrawn"}]
        later = follow_up("m5", "2026-03-12", reactions=onset("2026-02-28"), drugs=drug)
        save(store, story.take(report(), later))
        before = {duty.obligation_id: duty.reason for duty in story.live.obligations}
        save(store, story.take(follow_up("m3", "2026-03-10", drugs=drug)))
        after = {duty.obligation_id: duty.reason for duty in story.live.obligations}

        assert any(before[name] != after[name] for name in before.keys() & after.keys())
        assert head_of(store) == story.head

    def test_each_case_gets_its_own_duties(self, store: AnyStore) -> None:
        one, other = Story("A:1"), Story("B:1")
        save(store, one.take(report()))
        save(store, other.take(named(report(), "test other")))

        with store.transaction() as work:
            heads = work.heads(["A:1", "B:1", "C:1"])

        assert heads == {"A:1": one.head, "B:1": other.head}


class TestLogOf:
    def test_gives_a_cases_messages_in_the_order_they_were_recorded(self, store: AnyStore) -> None:
        later, earlier = logged("EDC 9", "A:1", text="first in"), logged("EDC 1", "A:1")
        save(store, Batch(messages=[later, logged("EDC 5", "B:1")]))
        save(store, Batch(messages=[earlier]))

        with store.transaction() as work:
            assert work.log_of(["A:1", "C:1"]) == {"A:1": [later, earlier]}

    def test_study_records_are_not_messages_of_a_case(self, store: AnyStore) -> None:
        save(store, Batch(messages=[logged("EDC 1", "A:1", about="subject")]))

        with store.transaction() as work:
            assert work.log_of(["A:1"]) == {}


class TestSave:
    def test_an_exception_leaves_nothing(self, store: AnyStore) -> None:
        story = Story()
        save(store, story.take(report()))
        before = canonical_digests(store)
        batch = story.take(follow_up("m2", reactions=onset("2026-02-28")))
        batch.records.append(study_record("lab-1", "r1"))
        batch.quarantined.append(parked("q1"))

        with pytest.raises(KeyboardInterrupt):
            save_and_stop(store, batch)

        assert canonical_digests(store) == before

    def test_what_was_undone_can_be_saved_again(self, store: AnyStore) -> None:
        story = Story()
        batch = story.take(report())
        with pytest.raises(KeyboardInterrupt):
            save_and_stop(store, batch)

        save(store, batch)

        assert head_of(store) == story.head

    def test_a_head_that_another_writer_moved_is_refused_with_the_whole_batch(
        self, store: AnyStore
    ) -> None:
        ours, theirs = Story(), Story()
        save(store, ours.take(report()))
        theirs.take(report())
        save(store, theirs.take(follow_up("m2", reactions=onset("2026-02-28"))))
        before = canonical_digests(store)
        stale = ours.take(follow_up("m3", "2026-03-10", reactions=onset("2026-02-26")))
        stale.records.append(study_record("lab-1", "r1"))

        with pytest.raises(StoreUnavailableError, match="another writer changed"):
            save(store, stale)

        assert canonical_digests(store) == before

    def test_one_stale_head_among_many_refuses_them_all(self, store: AnyStore) -> None:
        one, other = Story("A:1"), Story("B:1")
        save(store, one.take(report()))
        save(store, other.take(named(report(), "test other")))
        before = canonical_digests(store)
        heads = {
            "A:1": (1, replace(one.head, messages=2)),
            "B:1": (2, replace(other.head, messages=3)),
        }

        with pytest.raises(StoreUnavailableError, match="another writer changed"):
            save(store, Batch(heads=heads))

        assert canonical_digests(store) == before

    def test_a_case_that_another_writer_began_is_refused(self, store: AnyStore) -> None:
        save(store, Story().take(report()))

        with pytest.raises(StoreUnavailableError, match="another writer"):
            save(store, Story().take(named(report(), "test other")))

        assert rows_in(store)["message_log"] == 1

    def test_a_message_that_another_writer_stored_is_refused(self, store: AnyStore) -> None:
        save(store, Batch(messages=[logged("EDC 1", "s", about="subject")]))

        with pytest.raises(StoreUnavailableError, match="another writer stored the same row"):
            save(store, Batch(messages=[logged("EDC 1", "s", about="subject")]))

    def test_a_version_that_is_there_already_is_a_fault_of_ours(self, store: AnyStore) -> None:
        batch = Story().take(report())
        save(store, batch)
        again = Batch(versions=batch.versions)

        with pytest.raises(InvariantError, match="case_versions"):
            save(store, again)

    def test_going_on_after_a_refusal_stores_nothing(self, store: AnyStore) -> None:
        save(store, Batch(messages=[logged("EDC 1", "s")]))

        with pytest.raises(InvariantError, match="went on after an error"):
            save_in_spite_of_a_refusal(store)

        assert rows_in(store) == {"message_log": 1}

    def test_the_same_ground_alerts_once(self, store: AnyStore) -> None:
        twice = Batch(alerts=[alert("a1"), alert("a1")], outgoing=[outgoing("a1"), outgoing("a1")])
        save(store, twice)
        save(store, Batch(alerts=[alert("a1"), alert("a2")], outgoing=[outgoing("a1")]))

        assert rows_in(store) == {"alerts": 2, "outbox": 1}

    def test_the_same_bytes_at_the_same_place_are_parked_once(self, store: AnyStore) -> None:
        save(store, Batch(quarantined=[parked("q1"), parked("q2", offset=2)]))
        save(store, Batch(quarantined=[parked("q1")]))

        assert rows_in(store) == {"quarantine": 2}

    def test_an_instant_without_offset_is_refused(self, store: AnyStore) -> None:
        naive = datetime(2026, 4, 1, 12)  # noqa: DTZ001 - that is the point

        with pytest.raises(ValueError, match="without UTC offset"):
            save(store, Batch(alerts=[alert("a1")]), now=naive)

        assert rows_in(store) == {}

    def test_every_character_comes_back_as_it_was_sent(self, store: AnyStore) -> None:
        told = "手足综合征 \x00 \u2400 \u24000 \x00\x00 \U0001f489 'quoted' \\N \t"
        message = logged(f"{told} {told}", f"A:{told}", text=told)
        story = Story(f"A:{told}")
        initial = report(
            reactions=[
                {
                    "reaction_id": "r1",
                    "term": {"text": told, "language": "zh"},
                    "seriousness": {"hospitalisation": True},
                }
            ]
        )
        save(store, Batch(messages=[message]))
        save(store, story.take(initial))

        with store.transaction() as work:
            assert work.known_messages({(message.source, message.message_id)})
            assert work.log_of([story.case_id])[story.case_id][0] == message
            assert work.heads([story.case_id]) == {story.case_id: story.head}

    def test_takes_a_thousand_rows_of_each_kind(self, store: AnyStore) -> None:
        count = range(1_000)
        batch = Batch(
            messages=[logged(f"EDC {n}", "s", about="subject") for n in count],
            records=[study_record(str(n), str(n)) for n in count],
            alerts=[alert(f"a{n}") for n in count],
            outgoing=[outgoing(f"a{n}") for n in count],
            quarantined=[parked(f"q{n}", offset=n) for n in count],
        )

        save(store, batch)

        assert set(rows_in(store).values()) == {1_000}
        assert len(rows_in(store)) == 5


def progress(next_offset: int, partition: int = 0) -> Progress:
    return Progress("pv.icsr", partition, next_offset, next_offset, next_offset, 0, 0)


class TestAdvance:
    def test_a_partition_is_unknown_until_it_is_first_moved(self, store: AnyStore) -> None:
        with store.transaction() as work:
            work.advance(None, progress(5))
            work.advance(None, progress(7, partition=1))

        with store.transaction() as work:
            found = work.progress([("pv.icsr", 0), ("pv.icsr", 1), ("pv.icsr", 2), ("other", 0)])
        assert found == {("pv.icsr", 0): progress(5), ("pv.icsr", 1): progress(7, partition=1)}

    def test_moves_from_where_it_is(self, store: AnyStore) -> None:
        with store.transaction() as work:
            work.advance(None, progress(5))
            work.advance(progress(5), progress(9))

        with store.transaction() as work:
            assert work.progress([("pv.icsr", 0)]) == {("pv.icsr", 0): progress(9)}

    @pytest.mark.parametrize(
        "before",
        [None, progress(4), progress(6), replace(progress(5), repeated=1)],
        ids=["as if never read", "behind", "ahead", "other counts"],
    )
    def test_is_refused_from_anywhere_else_with_the_whole_batch(
        self, store: AnyStore, before: Progress | None
    ) -> None:
        with store.transaction() as work:
            work.advance(None, progress(5))

        with pytest.raises(OffsetConflictError, match=r"pv\.icsr"):
            save_and_move(store, before)

        assert rows_in(store) == {"stream_offsets": 1}

    def test_a_partition_never_read_cannot_be_moved_from_somewhere(self, store: AnyStore) -> None:
        with pytest.raises(OffsetConflictError), store.transaction() as work:
            work.advance(progress(5), progress(9))

        assert rows_in(store) == {}


class TestKeepKnowledge:
    def test_a_digest_is_recorded_once(self, store: AnyStore) -> None:
        later = datetime(2027, 1, 1, tzinfo=UTC)
        store.keep_knowledge("k1", {"dictionary": "d", "label:EU": "e"}, now=NOON)
        store.keep_knowledge("k1", {"dictionary": "d", "label:EU": "e"}, now=later)
        store.keep_knowledge("k2", {"dictionary": "d2"}, now=later)

        assert rows_in(store) == {"knowledge": 3}
