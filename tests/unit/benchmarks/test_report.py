"""
The page about performance.

`sample.json` holds invented figures, round enough to work out the page's by hand.
"""

from pathlib import Path

import pytest

from benchmarks.report import render
from benchmarks.results import Results, load_results, save_results
from benchmarks.tables import step_shares

SAMPLE = Path(__file__).with_name("sample.json")


@pytest.fixture
def sample() -> Results:
    return load_results(SAMPLE)


def row(page: str, name: str) -> list[str]:
    """Give the cells of the first row of that name, without the name."""
    line = next(line for line in page.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")[1:]]


class TestRender:
    def test_says_how_on_what_and_with_what_it_was_measured(self, sample: Results) -> None:
        page = render(sample)

        assert sample.command in page
        assert "2 cores (an invented processor), 16 GiB" in page
        assert "Python 3.11.0, PostgreSQL 18.0. PostgreSQL: fsync on." in page
        assert "900 on `pv.study-records`, 100 on `pv.adverse-events`" in page

    def test_gives_the_median_of_the_runs_with_the_least_and_the_most(
        self, sample: Results
    ) -> None:
        # 1,000 messages in 0.05 s and in 0.1 s, with 0.02 s of CPU each time
        assert row(render(sample), "bare kafka-python poll loop") == [
            "1,000",
            "15,000 (10,000 to 20,000)",
            "0.020 (0.020 to 0.020)",
            "0.30 (0.20 to 0.40)",
        ]

    def test_divides_pair_by_pair_within_a_run(self, sample: Results) -> None:
        # 2,500 by 20,000 in the one run, 1,250 by 10,000 in the other; 0.3 s of CPU by 0.02 s
        name = "whole pipeline, Kafka to PostgreSQL / bare kafka-python poll loop"

        assert row(render(sample), name) == [
            "0.125 (0.125 to 0.125)",
            "15.0 (15.0 to 15.0)",
        ]

    def test_holds_the_target_against_the_median(self, sample: Results) -> None:
        # 2,500 and 1,250 messages a second on 0.75 and 0.375 cores
        assert "missed on PostgreSQL with 1,875 on 0.56 cores" in " ".join(render(sample).split())

    def test_compares_the_peak_memory_of_the_longest_stream_with_the_shortest(
        self, sample: Results
    ) -> None:
        page = render(sample)
        memory = page[page.index("## Peak memory") :]

        name = "whole pipeline, file to SQLite, no Kafka"
        assert row(memory, name) == ["80", "100", "110", "1.10"]

    def test_leaves_out_what_was_not_measured(self, sample: Results) -> None:
        sample.memory.clear()
        page = render(sample)

        assert "Peak memory" not in page
        assert row(page, "1 / 5 late") == ["500", "20", "", "", "", "", ""]

    def test_is_the_same_after_the_figures_were_saved_and_loaded(
        self, sample: Results, tmp_path: Path
    ) -> None:
        save_results(tmp_path / "var" / "again.json", sample)

        assert render(load_results(tmp_path / "var" / "again.json")) == render(sample)


class TestStepShares:
    def test_a_step_holds_its_parts_and_the_rest_is_named(self, sample: Results) -> None:
        shares = step_shares(sample.runs[0]["steps PostgreSQL"])

        # of 1.0 s of CPU and 1.5 s of wall time
        assert shares["decide"] == pytest.approx((0.2, 0.2 / 1.5))
        assert shares["decide/fold"] == pytest.approx((0.15, 0.15 / 1.5))
        assert shares["decide/rest"] == pytest.approx((0.05, 0.05 / 1.5))
        assert shares["publish"] == pytest.approx((0.15, 0.2))
        assert shares["none"] == pytest.approx((0.05, 0.2 / 1.5))
