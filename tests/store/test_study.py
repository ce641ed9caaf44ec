"""What a study report reads, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consumers.backfill import process_records
from safety.store import SqlStore
from safety.store.model import Batch
from safety.store.study import study_cases, study_names
from tests.support.decisions import knowledge
from tests.support.duplicates import EDC, HOSPITAL, OF_HOSPITAL, merge, reported
from tests.support.reports import BASE, follow_up, nullification, reaction, report
from tests.support.stories import CASE_ID, NOON, Story, study_record

STUDY = BASE["study"]["study_id"]
HOUR = timedelta(hours=1)


def save(store: SqlStore, batch: Batch) -> None:
    with store.transaction() as work:
        work.save(batch, now=NOON)


@pytest.fixture
def story(sql_store: SqlStore) -> Story:
    """A case of two versions, recorded at noon and one o'clock."""
    told = Story()
    save(sql_store, told.take(report(), follow_up("m2", reactions=reaction(outcome="recovering"))))
    return told


class TestStudyCases:
    def test_come_in_their_latest_version_with_state_and_events(
        self, sql_store: SqlStore, story: Story
    ) -> None:
        [case] = study_cases(sql_store, [STUDY, "16621"])

        latest = story.outcomes[-1].version
        assert latest is not None
        assert (case.case_id, case.version) == (CASE_ID, 2)
        assert case.state == latest.state
        assert [event["outcome"] for event in case.events] == ["recovering"]

    def test_come_in_the_version_known_at_an_instant(
        self, sql_store: SqlStore, story: Story
    ) -> None:
        assert story.outcomes
        [case] = study_cases(sql_store, [STUDY], as_known_at=NOON)
        before = study_cases(sql_store, [STUDY], as_known_at=NOON - HOUR)

        assert case.version == 1
        assert list(before) == []

    def test_of_other_studies_are_left_out(self, sql_store: SqlStore, story: Story) -> None:
        assert story.outcomes
        assert list(study_cases(sql_store, ["NCT00000000"])) == []

    def test_that_are_nullified_are_left_out(self, sql_store: SqlStore, story: Story) -> None:
        save(sql_store, story.take(nullification("m9")))

        assert list(study_cases(sql_store, [STUDY])) == []
        assert [case.version for case in study_cases(sql_store, [STUDY], as_known_at=NOON)] == [1]

    def test_that_gave_way_to_another_are_left_out(self, sql_store: SqlStore) -> None:
        process_records([reported("one"), reported("other", OF_HOSPITAL)], sql_store, knowledge())
        both = [case.case_id for case in study_cases(sql_store, [STUDY])]

        process_records([merge()], sql_store, knowledge())

        assert both == [EDC, HOSPITAL]
        assert [case.case_id for case in study_cases(sql_store, [STUDY])] == [EDC]


class TestStudyNames:
    def test_are_those_of_subjects_on_record(self, sql_store: SqlStore) -> None:
        records = [study_record("r1", "m1"), replace(study_record("r2", "m2"), study="NCT2")]
        save(sql_store, Batch(records=records))

        assert study_names(sql_store) == sorted({records[0].study, "NCT2"})
