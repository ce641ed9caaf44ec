"""
What stood at an instant, on SQLite and on PostgreSQL.

The case is told at noon; at one o'clock its EMA report is recorded as sent; at two an earlier
awareness is told, which moves the day zero of every duty from 2 March to 27 February 2026.
"""

from datetime import date, timedelta

import pytest

from safety.store import SqlStore
from safety.store.listing import list_cases
from safety.store.queries import due
from safety.store.submissions import duty_outcomes, newest_submissions, open_duties
from tests.support.reports import correction, report
from tests.support.stories import NOON, Story
from tests.support.submitting import submitted

MINUTES = timedelta(minutes=59)
HOUR = timedelta(hours=1)


@pytest.fixture
def told(sql_store: SqlStore) -> SqlStore:
    story = Story()
    batches = [story.take(report())]
    ema = next(duty for duty in story.live.obligations if duty.authority == "EMA")
    batches.append(story.take(submitted(ema)))
    earlier = [{"channel": "affiliate", "day": "2026-02-27"}]
    batches.append(story.take(correction(day="2026-03-25", awareness=earlier)))
    for batch in batches:
        with sql_store.transaction() as work:
            work.save(batch, now=NOON)
    return sql_store


def dates_at_nmpa(store: SqlStore, hours: float) -> list[date]:
    known = NOON + hours * HOUR
    return [duty.due for duty in due(store, authority="NMPA", as_known_at=known)]


class TestKnownAt:
    def test_before_the_first_message_nothing_was_known(self, told: SqlStore) -> None:
        before = NOON - HOUR

        assert list_cases(told, as_known_at=before) == []
        assert due(told, as_known_at=before) == []
        assert list(duty_outcomes(told, as_known_at=before)) == []

    def test_duties_stand_as_they_were_known(self, told: SqlStore) -> None:
        # 2 March + 15 days; 27 February + 15 days
        assert dates_at_nmpa(told, 0) == [date(2026, 3, 17)]
        assert dates_at_nmpa(told, 1.9) == [date(2026, 3, 17)]
        assert dates_at_nmpa(told, 2) == [date(2026, 3, 14)]

    def test_the_latest_knowledge_is_what_stands_now(self, told: SqlStore) -> None:
        assert due(told, as_known_at=NOON + 9 * HOUR) == due(told)
        assert list_cases(told, as_known_at=NOON + 9 * HOUR) == list_cases(told)

    def test_a_list_of_cases_shows_version_and_nearest_date_of_then(self, told: SqlStore) -> None:
        (then,) = list_cases(told, as_known_at=NOON + MINUTES)
        (now,) = list_cases(told)

        assert (then.version, then.nearest_due) == (1, date(2026, 3, 17))
        assert (now.version, now.nearest_due) == (3, date(2026, 3, 14))

    def test_a_report_that_was_not_yet_sent_was_open(self, told: SqlStore) -> None:
        def open_at_ema(hours: float) -> int:
            known = NOON + hours * HOUR
            return len(list(open_duties(told, authority="EMA", as_known_at=known)))

        assert [open_at_ema(0.9), open_at_ema(1)] == [1, 0]
        assert newest_submissions(told, as_known_at=NOON) == {}
        assert len(newest_submissions(told, as_known_at=NOON + HOUR)) == 1

    def test_the_true_date_of_what_was_sent_is_the_one_known_then(self, told: SqlStore) -> None:
        def at_ema(hours: float) -> list[tuple[date, date]]:
            outcomes = duty_outcomes(told, as_known_at=NOON + hours * HOUR)
            return [(each.due, each.held) for each in outcomes if each.authority == "EMA"]

        assert at_ema(1) == [(date(2026, 3, 17), date(2026, 3, 17))]
        assert at_ema(2) == [(date(2026, 3, 14), date(2026, 3, 17))]
        assert at_ema(0) == at_ema(1)
