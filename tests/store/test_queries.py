"""What people and reports read, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from safety.store import SqlStore, tables
from safety.store.model import Batch, Progress
from safety.store.parked import ParkedState
from safety.store.queries import (
    case_ids,
    case_messages,
    due,
    load_version,
    log,
    mark_published,
    quarantine_list,
    quarantine_mark,
    quarantine_show,
    subject_records,
    summary_counts,
    unpublished,
    versions_of,
)
from tests.support.reports import BASE, follow_up, nullification, reaction, report
from tests.support.stories import (
    CASE_ID,
    NOON,
    Story,
    logged,
    named,
    outgoing,
    parked,
    study_record,
)

STUDY = BASE["study"]["study_id"]
HOUR = timedelta(hours=1)
ONSET = {"value": "2026-02-20", "precision": "day"}


def save(store: SqlStore, batch: Batch) -> None:
    with store.transaction() as work:
        work.save(batch, now=NOON)


@pytest.fixture
def story(sql_store: SqlStore) -> Story:
    """A case of three versions, recorded at noon, one and two o'clock."""
    told = Story()
    save(sql_store, told.take(report(), follow_up("m2", reactions=reaction(outcome="recovering"))))
    save(sql_store, told.take(follow_up("m3", "2026-03-10", reactions=reaction(onset=ONSET))))
    return told


class TestVersions:
    def test_come_back_as_the_pipeline_made_them(self, sql_store: SqlStore, story: Story) -> None:
        made = [outcome.version for outcome in story.outcomes]

        assert list(versions_of(sql_store, CASE_ID)) == made
        assert len(made) == 3

    def test_of_an_unknown_case_there_are_none(self, sql_store: SqlStore, story: Story) -> None:
        assert list(versions_of(sql_store, f"{story.case_id}0")) == []
        assert load_version(sql_store, "nobody") is None

    def test_the_latest_is_given_unless_another_is_asked_for(
        self, sql_store: SqlStore, story: Story
    ) -> None:
        made = [outcome.version for outcome in story.outcomes]

        assert load_version(sql_store, CASE_ID) == made[2]
        assert load_version(sql_store, CASE_ID, version=2) == made[1]
        assert load_version(sql_store, CASE_ID, version=4) is None

    @pytest.mark.parametrize(
        ("instant", "version"),
        [
            (NOON - timedelta(microseconds=1), None),
            (NOON, 1),
            (NOON + HOUR - timedelta(microseconds=1), 1),
            (NOON + HOUR, 2),
            (NOON + timedelta(days=365), 3),
        ],
    )
    @pytest.mark.usefixtures("story")
    def test_one_is_known_from_the_instant_it_was_recorded_until_the_next(
        self, sql_store: SqlStore, instant: datetime, version: int | None
    ) -> None:
        found = load_version(sql_store, CASE_ID, as_known_at=instant)

        assert (found and found.version) == version

    def test_a_clock_that_was_set_back_makes_no_version_known_before_its_predecessor(
        self, sql_store: SqlStore
    ) -> None:
        told = Story()
        save(sql_store, told.take(report()))
        told.now = NOON - HOUR
        save(sql_store, told.take(follow_up("m2", reactions=reaction(outcome="recovering"))))

        assert load_version(sql_store, CASE_ID, as_known_at=NOON - HOUR) is None
        found = load_version(sql_store, CASE_ID, as_known_at=NOON)
        assert found is not None
        assert found.version == 2


class TestCaseIds:
    def test_are_given_in_order_and_all(self, sql_store: SqlStore) -> None:
        names = sorted(f"EDC:{n}" for n in range(1_100))  # more than are read at a time
        head = Story().take(report()).heads[CASE_ID][1]
        save(sql_store, Batch(heads={name: (0, replace(head, case_id=name)) for name in names}))

        assert list(case_ids(sql_store)) == names


class TestLog:
    def test_is_given_in_the_order_it_was_recorded(self, sql_store: SqlStore) -> None:
        messages = [logged(f"EDC {n % 7}-{n}", "s") for n in range(1_100)]
        save(sql_store, Batch(messages=messages[:600]))
        save(sql_store, Batch(messages=messages[600:]))

        assert [message for _, message in log(sql_store)] == messages

    def test_goes_on_behind_a_number_for_as_long_as_wanted(self, sql_store: SqlStore) -> None:
        messages = [logged(f"EDC {n}", "s") for n in range(5)]
        save(sql_store, Batch(messages=messages))
        number, first = next(iter(log(sql_store)))

        assert first == messages[0]
        assert [m for _, m in log(sql_store, after_seq=number, limit=2)] == messages[1:3]
        assert [m for _, m in log(sql_store, after_seq=number + 3)] == messages[4:]

    def test_of_a_case_holds_its_messages_only(self, sql_store: SqlStore, story: Story) -> None:
        save(sql_store, Batch(messages=[logged("EDC 1", "other:case")]))

        found = [message.message_id for message in case_messages(sql_store, story.case_id)]
        assert found == ["m1", "m2", "m3"]
        assert list(case_messages(sql_store, "nobody")) == []


class TestDue:
    def test_gives_standing_duties_the_most_urgent_first(
        self, sql_store: SqlStore, story: Story
    ) -> None:
        assert list(due(sql_store)) == list(story.live.obligations)
        assert [duty.due for duty in due(sql_store)] == sorted(d.due for d in due(sql_store))

    def test_what_was_lifted_is_not_due(self, sql_store: SqlStore, story: Story) -> None:
        assert due(sql_store)
        save(sql_store, story.take(nullification("m4")))

        assert due(sql_store) == []

    def test_can_be_asked_for_one_authority_up_to_a_day(
        self, sql_store: SqlStore, story: Story
    ) -> None:
        # received on 2 March 2026, fifteen calendar days
        day = date(2026, 3, 17)
        of_fda = [duty for duty in story.live.obligations if duty.authority == "FDA"]

        assert of_fda[0].due == day
        assert due(sql_store, authority="FDA") == of_fda
        assert due(sql_store, authority="FDA", until=day - timedelta(days=1)) == []
        assert due(sql_store, authority="FDA", until=day)[0] == of_fda[0]
        assert due(sql_store, authority="nobody") == []
        assert len(due(sql_store, limit=1)) == 1


class TestSubjectRecords:
    def test_the_newest_of_each_record_counts_whenever_it_came(self, sql_store: SqlStore) -> None:
        newest = study_record("lab-1", "r2", order="2026-03-05")
        other = study_record("lab-2", "r3")
        save(sql_store, Batch(records=[newest, other]))
        late = study_record("lab-1", "r1", order="2026-03-01", now=NOON + HOUR)
        save(sql_store, Batch(records=[late]))

        assert list(subject_records(sql_store, STUDY)) == [newest, other]

    def test_can_be_asked_for_one_subject(self, sql_store: SqlStore) -> None:
        ours, theirs = study_record("lab-1", "r1"), study_record("lab-1", "r2")
        theirs = replace(theirs, subject="01-002")
        save(sql_store, Batch(records=[theirs, ours]))

        assert list(subject_records(sql_store, STUDY)) == [ours, theirs]
        assert list(subject_records(sql_store, STUDY, subject="01-002")) == [theirs]
        assert list(subject_records(sql_store, "other study")) == []

    def test_can_be_asked_for_as_known_at_an_instant(self, sql_store: SqlStore) -> None:
        first = study_record("lab-1", "r1", order="2026-03-01")
        later = study_record("lab-1", "r2", order="2026-03-05", now=NOON + HOUR)
        save(sql_store, Batch(records=[first, later]))

        assert list(subject_records(sql_store, STUDY, as_known_at=NOON)) == [first]
        assert list(subject_records(sql_store, STUDY, as_known_at=NOON + HOUR)) == [later]
        assert list(subject_records(sql_store, STUDY, as_known_at=NOON - HOUR)) == []

    def test_reading_may_be_stopped_early(self, sql_store: SqlStore) -> None:
        save(sql_store, Batch(records=[study_record(str(n), str(n)) for n in range(1_200)]))

        reading = subject_records(sql_store, STUDY)
        first = next(iter(reading))
        reading.close()

        assert first.record_id == "0"


class TestOutbox:
    def test_gives_the_oldest_first_until_they_are_marked(self, sql_store: SqlStore) -> None:
        messages = [outgoing(name) for name in ("z", "a", "m")]
        save(sql_store, Batch(outgoing=messages))

        assert unpublished(sql_store, limit=2) == messages[:2]
        mark_published(sql_store, [message.message_id for message in messages[:2]], now=NOON)
        assert unpublished(sql_store) == messages[2:]

    def test_marking_again_keeps_the_first_instant(self, sql_store: SqlStore) -> None:
        save(sql_store, Batch(outgoing=[outgoing("a")]))
        for now in (NOON, NOON + HOUR):
            mark_published(sql_store, [outgoing("a").message_id], now=now)
        mark_published(sql_store, [], now=NOON)

        with sql_store.reading() as connection:
            assert connection.scalars(select(tables.outbox.c.published_at)).all() == [NOON]


class TestQuarantine:
    def test_lists_what_is_parked_the_first_due_first(self, sql_store: SqlStore) -> None:
        soon = replace(parked("q2"), earliest_due=date(2026, 3, 9))
        late = replace(parked("q1", offset=2), earliest_due=date(2026, 4, 9))
        save(sql_store, Batch(quarantined=[late, soon]))

        found = quarantine_list(sql_store)

        assert [entry.quarantine_id for entry in found] == ["q2", "q1"]
        assert found[1].origin.offset == 2
        assert found[0].payload_bytes == len("not json q2")
        assert found[0].attempts == 0
        assert len(quarantine_list(sql_store, limit=1)) == 1

    def test_shows_the_message_as_received(self, sql_store: SqlStore) -> None:
        save(sql_store, Batch(quarantined=[parked("q1")]))

        shown = quarantine_show(sql_store, "q1")

        assert shown is not None
        assert shown[1] == parked("q1")
        assert quarantine_show(sql_store, "q2") is None

    def test_a_redriven_message_leaves_the_list_and_counts_the_attempt(
        self, sql_store: SqlStore
    ) -> None:
        save(sql_store, Batch(quarantined=[parked("q1")]))

        assert quarantine_mark(sql_store, "q1", ParkedState.REDRIVEN, note="parser mended")

        (entry,) = quarantine_list(sql_store, state=None)
        assert quarantine_list(sql_store) == []
        assert (entry.state, entry.attempts, entry.note) == ("redriven", 1, "parser mended")

    def test_who_comes_second_is_refused(self, sql_store: SqlStore) -> None:
        save(sql_store, Batch(quarantined=[parked("q1")]))

        assert quarantine_mark(sql_store, "q1", ParkedState.DISCARDED)
        assert not quarantine_mark(sql_store, "q1", ParkedState.REDRIVEN)
        assert quarantine_mark(sql_store, "q1", ParkedState.PARKED)
        assert not quarantine_mark(sql_store, "q1", ParkedState.PARKED)
        assert not quarantine_mark(sql_store, "q2", ParkedState.DISCARDED)


class TestSummaryCounts:
    def test_of_an_empty_store_is_nothing(self, sql_store: SqlStore) -> None:
        found = summary_counts(sql_store)

        assert (found.progress, found.standing, found.serious, found.unpublished) == ((), (), 0, 0)
        assert (found.cases, found.messages, found.quarantine) == ({}, {}, {})

    @pytest.mark.usefixtures("story")
    def test_counts_what_is_stored(self, sql_store: SqlStore) -> None:
        unknown = reaction(seriousness=None, outcome="fatal")  # contradicts
        void = Story("A:1")
        save(sql_store, void.take(named(report(), "test v1"), nullification("v2")))
        save(sql_store, Story("B:1").take(named(report(reactions=unknown), "test u1")))
        save(sql_store, Batch(quarantined=[parked("q1"), parked("q2")], outgoing=[outgoing("x")]))
        save(sql_store, Batch(messages=[logged("EDC 1", "s", about="subject")]))
        quarantine_mark(sql_store, "q2", ParkedState.DISCARDED)
        read = Progress(
            "pv.icsr", 0, next_offset=9, records=9, accepted=6, repeated=2, quarantined=1
        )
        with sql_store.transaction() as work:
            work.advance(None, read)

        found = summary_counts(sql_store)

        assert found.progress == (read,)
        assert found.messages == {"case": 6, "subject": 1}
        assert found.cases == {"nullified": 1, "valid": 2}
        assert (found.serious, found.unassessed) == (1, 1)
        assert found.quarantine == {"discarded": 1, "parked": 1}
        fda = next(standing for standing in found.standing if standing.authority == "FDA")
        assert fda.nearest == date(2026, 3, 17)
        assert fda.obligations == len(due(sql_store, authority="FDA"))
        assert sum(s.undecided for s in found.standing) == sum(
            not duty.decided for duty in due(sql_store)
        )
        # one a version: three of the story, two of the void case, one of the other; and one more
        assert found.unpublished == 7
