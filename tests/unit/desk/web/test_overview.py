"""The overview: how urgent, sent in time or not, by whom and when; counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from desk.web.kept import Kept
from desk.web.overview import Counts, derive_overview, months_before, urgency_of, with_ends
from safety.errors import BrokerUnavailableError
from safety.store import SqlStore
from safety.store.overview import (
    OpenCount,
    PartitionLag,
    Received,
    SentCount,
    oldest_undecided,
    oldest_untouched,
    open_counts,
    parked_counts,
    received_counts,
    sent_counts,
)
from safety.store.parked import count_parked
from safety.store.queries import due, duties_of
from safety.store.queue import Asked, find_case, list_queue
from safety.store.queue_row import QueueRow
from safety.store.submissions import open_duties
from tests.unit.desk.web.conftest import AS_OF, PASSWORD, Browsers

TODAY = date(2014, 5, 20)
NOTHING = Counts((), (), (), (), (), (), ())


class TestUrgency:
    @pytest.mark.parametrize(
        ("due", "expected"),
        [
            (date(2014, 5, 19), "overdue"),
            (date(2014, 5, 20), "day"),  # the due date itself is on time
            (date(2014, 5, 21), "day"),
            (date(2014, 5, 22), "soon"),
            (date(2014, 5, 23), "soon"),
            (date(2014, 5, 24), "week"),
            (date(2014, 5, 27), "week"),
            (date(2014, 5, 28), "later"),
        ],
    )
    def test_is_told_by_calendar_days(self, due: date, expected: str) -> None:
        assert urgency_of(due, TODAY) == expected


class TestMonths:
    def test_are_twelve_and_end_with_this_one(self) -> None:
        assert months_before(date(2014, 1, 31)) == [
            *(date(2013, n, 1) for n in range(2, 13)),
            date(2014, 1, 1),
        ]


class TestDeriveOverview:
    def test_the_rate_is_of_what_was_sent_or_missed(self) -> None:
        counts = Counts(
            open=[
                OpenCount("EMA", date(2014, 5, 2), 1),  # missed
                OpenCount("EMA", date(2014, 5, 25), 4),  # still time: not part of the rate
            ],
            sent=[
                SentCount("EMA", date(2014, 5, 5), on_time=True, number=2),
                SentCount("EMA", date(2014, 5, 5), on_time=False, number=1),
                SentCount("FDA", date(2014, 4, 5), on_time=True, number=3),
            ],
            received=(),
            undecided=(),
            untouched=(),
            parked=(),
            offsets=(),
        )

        ema, fda = derive_overview(counts, TODAY).offices

        may = ema.months[-1]
        assert (may.on_time, may.late, may.overdue, may.rate) == (2, 1, 1, 50.0)
        assert (ema.open["overdue"], ema.open["week"]) == (1, 4)
        assert (fda.whole.rate, fda.months[-1].rate) == (100.0, None)

    def test_intake_has_every_day_also_those_without_a_case(self) -> None:
        counts = Counts(
            (),
            (),
            [Received(date(2014, 5, 19), None, 2), Received(TODAY, serious=True, number=1)],
            (),
            (),
            (),
            (),
        )

        shown = derive_overview(counts, TODAY)

        assert shown.intake[0].day == date(2014, 4, 21)
        assert [each.count for each in shown.intake][-3:] == [0, 2, 1]
        assert shown.busiest == 2


class TestCounts:
    def test_agree_with_the_lists_of_the_store(self, store: SqlStore) -> None:
        undecided = [each for each in due(store) if not each.decided]

        assert sum(each.number for each in open_counts(store)) == len(list(open_duties(store)))
        assert sum(each.number for each in parked_counts(store)) == count_parked(store)
        assert {each.case_id for each in oldest_undecided(store, limit=999)} == {
            each.case_id for each in undecided
        }
        everything = received_counts(store, date(1900, 1, 1), date(2100, 1, 1))
        queue = list_queue(store, Asked(), user="", today=AS_OF, limit=999)
        assert sum(each.number for each in everything) >= len(queue)
        new = list_queue(store, Asked(stage="new"), user="", today=AS_OF, limit=999)
        assert {e.ref for e in oldest_untouched(store, limit=999)} == {e.row.ref for e in new}

    def test_a_report_that_was_sent_is_open_no_more_and_counts_as_late_or_in_time(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        browser = signed_in("approver")
        before = sum(each.number for each in open_counts(store))
        earlier = set(sent_counts(store, date(2014, 1, 1)))
        duty = duties_of(store, first.case_id)[0].obligation_id
        steps: dict[str, dict[str, str]] = {
            "accept": {},
            "review": {},
            "approve": {},
            "sign": {"password": PASSWORD, "meaning": "approved"},
            "record_submission": {"duty": duty, "state": "submitted", "reason": "sent"},
        }
        for kind, fields in steps.items():
            found = find_case(store, first.ref)
            assert found is not None
            status, text = browser.decide(found.row, kind, **fields)
            assert status == 303, text

        assert sum(each.number for each in open_counts(store)) == before - 1
        [sent] = set(sent_counts(store, date(2014, 1, 1))) - earlier
        assert (sent.authority, sent.due) == (first.authority, first.due)
        assert sent.on_time is False  # the clock of the test says 2026


class TestPage:
    def test_shows_due_duties_and_says_that_no_broker_is_asked(self, signed_in: Browsers) -> None:
        status, text = signed_in("viewer").get("/overview")

        assert status == 200
        assert "Due and overdue, by authority" in text
        assert "This desk does not ask a broker" in text


class TestLag:
    def test_is_what_the_broker_has_beyond_what_is_stored(self) -> None:
        found = with_ends(
            [PartitionLag("a", 0, 7), PartitionLag("a", 1, 3)], {("a", 0): 10, ("b", 0): 2}
        )

        assert [(each.topic, each.partition, each.behind) for each in found] == [
            ("a", 0, 3),
            ("a", 1, None),  # the broker says nothing of it
            ("b", 0, 2),
        ]


class TestKept:
    def test_is_found_out_once_while_it_is_fresh(self) -> None:
        found = iter(range(9))
        kept = Kept(lambda: next(found), timedelta(minutes=1))
        now = datetime(2026, 4, 1, tzinfo=UTC)

        assert kept.wait(now).value == 0
        assert kept.wait(now + timedelta(seconds=59)).value == 0
        kept.get(now + timedelta(seconds=61))
        with kept._lock:  # until it was found out again
            pass
        assert kept.wait(now + timedelta(seconds=62)).value == 1

    def test_a_fault_is_a_sentence_and_the_next_try_may_succeed(self) -> None:
        answers = iter([BrokerUnavailableError("no broker lets us in"), None])

        def find() -> str:
            fault = next(answers)
            if fault:
                raise fault
            return "well"

        kept = Kept(find, timedelta(minutes=1))
        now = datetime(2026, 4, 1, tzinfo=UTC)

        assert kept.wait(now).fault == "no broker lets us in"
        kept.get(now + timedelta(seconds=61))
        with kept._lock:
            pass
        assert kept.wait(now + timedelta(seconds=62)).value == "well"
