"""Timers around the steps: whose time is whose, and does it add up?"""

from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import steps
from benchmarks.environment import write_stream
from benchmarks.steps import StepTimers
from benchmarks.tables import STEPS, step_shares
from benchmarks.tasks import Task, measure
from safety.store import migrate

MESSAGES = 400


class Clock:
    """A clock that goes only when told to; both of a process's clocks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(steps, "time", SimpleNamespace(process_time=clock, perf_counter=clock))
    return clock


class TestStepTimers:
    def test_a_step_is_not_charged_with_the_step_inside_it(self, clock: Clock) -> None:
        timers = StepTimers()

        def read() -> None:
            clock.now += 2

        timed_read = timers.timed("read", read)

        def book() -> None:
            clock.now += 1
            timed_read()
            clock.now += 4

        timers.timed("book", book)()

        assert {name: spent.cpu for name, spent in timers.spent.items()} == {"book": 5, "read": 2}

    def test_a_step_inside_a_whole_is_a_part_of_it(self, clock: Clock) -> None:
        timers = StepTimers()

        def fold() -> None:
            clock.now += 1

        timers.timed("decide", timers.timed("fold", fold))()

        assert timers.spent["decide/fold"].wall == 1
        assert timers.spent["decide"].wall == 0

    def test_time_outside_all_steps_is_charged_to_none(self, clock: Clock) -> None:
        timers = StepTimers()
        step = timers.timed("read", lambda: None)
        step()
        clock.now += 7
        step()

        assert timers.spent["read"].cpu == 0

    def test_a_failing_step_is_closed(self, clock: Clock) -> None:
        timers = StepTimers()

        def fail() -> None:
            clock.now += 1
            raise LookupError

        with pytest.raises(LookupError):
            timers.timed("read", fail)()
        clock.now += 7
        timers.timed("save", lambda: None)()

        assert timers.spent["read"].cpu == 1

    def test_drawing_charges_only_the_getting_of_items(self, clock: Clock) -> None:
        timers = StepTimers()

        def lines() -> list[int]:
            return [1, 2, 3]

        for _ in timers.drawing("read file", lines()):
            clock.now += 1

        assert timers.spent["read file"].cpu == 0
        assert timers.spent["read file"].calls == 4  # three items and the end


class TestMeasure:
    def test_the_timers_account_for_nine_tenths_of_the_cpu_of_the_pipeline(
        self, tmp_path: Path
    ) -> None:
        stream = write_stream(tmp_path / "stream.jsonl", seed=1, messages=MESSAGES)
        url = f"sqlite:///{tmp_path / 'safety.db'}"
        migrate(url)

        figure = measure(
            Task("process", MESSAGES, file=tmp_path / "stream.jsonl", database=url, timers=True)
        )

        assert stream.messages == figure.messages == sum(figure.counts.values()) == MESSAGES
        assert sum(spent.cpu for spent in figure.steps.values()) >= 0.9 * figure.cpu_seconds
        assert set(step_shares(figure)) <= set(STEPS)
