"""What a process counts and times, and that a label can hold nothing of a message."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest

from consumers import metrics
from consumers.metrics import METRICS, NAME, OTHER, Metrics, plain_name

PAGE = Path(__file__).parents[3] / "docs/reference/generated/metrics.md"


def value(made: Metrics, name: str, **labels: str) -> Any:
    """A sample as Prometheus would read it; None where there is none."""
    return made.registry.get_sample_value(name, labels)


class TestMetrics:
    def test_a_counter_counts_each_series_for_itself(self) -> None:
        made = Metrics()

        made.count(metrics.MESSAGES, "pv.icsr", "accepted", amount=3)
        made.count(metrics.MESSAGES, "pv.icsr", "accepted")
        made.count(metrics.MESSAGES, "pv.icsr", "repeated")

        assert value(made, "safety_messages_total", topic="pv.icsr", result="accepted") == 4
        assert value(made, "safety_messages_total", topic="pv.icsr", result="repeated") == 1

    def test_nothing_counted_makes_no_series(self) -> None:
        made = Metrics()

        made.count(metrics.MESSAGES, "pv.icsr", "quarantined", amount=0)

        assert value(made, "safety_messages_total", topic="pv.icsr", result="quarantined") is None

    def test_a_gauge_that_is_forgotten_shows_only_what_is_set_after(self) -> None:
        made = Metrics()
        made.set(metrics.LAG, "pv.icsr", "0", value=7)

        made.forget(metrics.LAG)
        made.set(metrics.LAG, "pv.icsr", "1", value=2)

        assert value(made, "safety_consumer_lag_records", topic="pv.icsr", partition="0") is None
        assert value(made, "safety_consumer_lag_records", topic="pv.icsr", partition="1") == 2

    def test_a_clock_that_was_set_back_counts_as_no_time(self) -> None:
        made = Metrics()

        made.observe(metrics.DECISION_SECONDS, -3.0)

        assert value(made, "safety_decision_seconds_sum") == 0
        assert value(made, "safety_decision_seconds_count") == 1

    def test_two_processes_in_one_do_not_share_a_registry(self) -> None:
        Metrics().count(metrics.BATCHES)

        assert value(Metrics(), "safety_batches_total") == 0


class TestPlainName:
    @pytest.mark.parametrize(
        "name", ["pv.adverse-events", "accepted", "StoreUnavailableError", "0", "11", "FDA"]
    )
    def test_names_of_our_making_stay(self, name: str) -> None:
        assert plain_name(name) == name

    @pytest.mark.parametrize(
        "told", ["", "张三", "severe diarrhoea", "a\nb", 'x="y"', "1962-03-04", "x" * 65]
    )
    def test_what_a_message_might_say_does_not(self, told: str) -> None:
        assert plain_name(told) == OTHER

    @given(st.text())
    def test_whatever_is_shown_is_a_plain_name(self, told: str) -> None:
        made = Metrics()
        made.count(metrics.ALERTS, told)

        (sample,) = [
            each
            for family in made.registry.collect()
            for each in family.samples
            if each.name == "safety_alerts_total"
        ]
        assert NAME.fullmatch(sample.labels["kind"])


class TestTheRegistry:
    def test_names_are_unique_and_of_this_project(self) -> None:
        names = [metric.name for metric in METRICS]

        assert len(set(names)) == len(names)
        assert all(name.startswith("safety_") for name in names)

    def test_is_whole(self) -> None:
        defined = {each for each in vars(metrics).values() if isinstance(each, metrics.Metric)}

        assert defined == set(METRICS)

    def test_each_has_a_row_in_the_manual(self) -> None:
        page = PAGE.read_text()

        assert all(f"| `{metric.name}" in page for metric in METRICS)

    def test_each_is_shown_to_prometheus_with_what_it_says(self) -> None:
        shown = generate_latest(Metrics().registry).decode()

        assert all(f"# HELP {metric.name}" in shown for metric in METRICS)
