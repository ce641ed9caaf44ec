"""Alerts that the passing of time raises; days are counted by hand."""

from dataclasses import replace
from datetime import date

from safety.alerts import Thresholds, decide_clock_alerts
from safety.deadlines import Obligation
from tests.support.decisions import obligations
from tests.support.reports import report

THRESHOLDS = Thresholds(due_soon=(7, 3), overdue=(1, 7), undecided=(5,))
DUE = date(2024, 3, 1)


def duty(*, decided: bool = True) -> Obligation:
    missing = () if decided else ("relatedness",)
    return replace(obligations(report())[0], due=DUE, decided=decided, missing=missing)


def kinds(today: date, *, decided: bool = True) -> list[str]:
    one = duty(decided=decided)
    return [a.kind for a in decide_clock_alerts([one], today=today, thresholds=THRESHOLDS)]


class TestDecideClockAlerts:
    def test_the_due_day_itself_is_not_overdue(self) -> None:
        assert kinds(DUE) == ["due_soon"]
        assert kinds(date(2024, 3, 2)) == ["overdue"]

    def test_counts_over_the_leap_day(self) -> None:
        assert kinds(date(2024, 2, 22)) == []
        assert kinds(date(2024, 2, 23)) == ["due_soon"]

    def test_a_duty_still_undecided_is_told_of_beside(self) -> None:
        assert kinds(date(2024, 2, 25), decided=False) == ["due_soon", "undecided"]
        assert kinds(date(2024, 2, 24), decided=False) == ["due_soon"]

    def test_a_threshold_has_one_id_on_all_its_days(self) -> None:
        ids = [
            next(decide_clock_alerts([duty()], today=day, thresholds=THRESHOLDS)).alert_id
            for day in (date(2024, 2, 23), date(2024, 2, 26), date(2024, 2, 27))
        ]

        assert ids[0] == ids[1] != ids[2]
