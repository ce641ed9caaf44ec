"""Time left: days counted by hand from 2014-05-20."""

from datetime import date

import pytest

from desk.web.timeleft import SHAPES, tell_time_left
from safety.store.queue_row import NEVER

TODAY = date(2014, 5, 20)


class TestTellTimeLeft:
    @pytest.mark.parametrize(
        ("due", "urgency", "days"),
        [
            (date(2014, 5, 18), "overdue", -2),
            (date(2014, 5, 19), "overdue", -1),
            (date(2014, 5, 20), "day", 0),  # the due date itself is on time
            (date(2014, 5, 21), "day", 1),
            (date(2014, 5, 22), "soon", 2),
            (date(2014, 5, 23), "soon", 3),
            (date(2014, 5, 24), "later", 4),
            (date(2014, 6, 4), "later", 15),
        ],
    )
    def test_by_calendar_days(self, due: date, urgency: str, days: int) -> None:
        found = tell_time_left(due, 15, None, TODAY)

        assert (found.urgency, found.days) == (urgency, days)

    @pytest.mark.parametrize(
        ("sent", "urgency"),
        [
            ("submitted", "submitted"),
            ("acknowledged", "acknowledged"),
            ("not_required", "none"),
            (None, "none"),
        ],
    )
    def test_is_green_only_where_the_report_is_with_the_authority(
        self, sent: str | None, urgency: str
    ) -> None:
        assert tell_time_left(NEVER, None, sent, TODAY).urgency == urgency

    def test_every_urgency_has_a_shape_of_its_own(self) -> None:
        assert len(set(SHAPES.values())) == len(SHAPES)

    @pytest.mark.parametrize(
        ("due", "words"),
        [
            (date(2014, 5, 19), "1 day overdue"),
            (date(2014, 5, 10), "{n} days overdue"),
            (TODAY, "today"),
            (date(2014, 5, 21), "tomorrow"),
            (date(2014, 5, 30), "in {n} days"),
        ],
    )
    def test_says_it_in_words(self, due: date, words: str) -> None:
        assert tell_time_left(due, 15, None, TODAY).words == words
