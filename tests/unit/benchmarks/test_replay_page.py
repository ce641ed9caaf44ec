"""The page about replay says what is in its figures, and works ratios out from them."""

from typing import Any

import pytest

from benchmarks.replay_page import render


def history(messages: int, cpu: float, peak: int) -> dict[str, Any]:
    counts = {"messages": messages, "cases": messages // 10, "versions": messages // 5}
    topics = {"pv.adverse-events": {"messages": messages}, "pv.study-records": {"messages": 10}}

    def run(command: str, times: float, said: dict[str, Any]) -> dict[str, Any]:
        return {
            "command": f"safety {command}",
            "seconds": 2 * times * cpu,
            "cpu_seconds": times * cpu,
            "peak_mib": peak,
            "said": said,
        }

    return {
        "load": 3.0,
        "load_after": 5.2,
        "subjects": 7,
        "runs": [
            run("process --json /tmp/x/study.jsonl", 2, {"topics": topics}),
            run("replay --check --json --processes 1", 1, counts | {"differences": 0}),
            run("replay --check --json --processes 2", 1.5, counts | {"differences": 3}),
            run("what-if --json", 0.5, {"cases": messages // 10, "changed": 4, "changes": 9}),
        ],
    }


@pytest.fixture
def page() -> str:
    return render(
        {
            "day": "2026-11-26",
            "command": "python -m benchmarks.replay",
            "cores": 2,
            "nice": 19,
            "seed": 1,
            "law": "2026-11-26",
            "histories": [history(1_000, 10, 300), history(4_000, 20, 330)],
        }
    )


class TestRender:
    def test_gives_each_command_a_line_with_its_rate(self, page: str) -> None:
        assert "| `safety replay --check --processes 1` | 20 | 10 | 100 | 300 |" in page
        assert "| `safety replay --check --processes 2` | 60 | 30 | 133 | 330 |" in page
        assert "| `safety process` | 80 | 40 | 100 | 330 |" in page

    def test_counts_what_was_told_beside_what_was_accepted(self, page: str) -> None:
        assert "## 4,010 messages about 7 subjects" in page
        assert "4,000 of them were accepted" in page

    def test_hides_no_difference(self, page: str) -> None:
        assert page.count("Differences found by the replays: 3.") == 2

    def test_works_out_the_ratios(self, page: str) -> None:
        assert "over 4.0 times the messages took 2.0 times the CPU and 1.10 times the" in page
        assert "Two processes took 1.50 times the CPU of one" in page
        assert "the load was\n3 to 5" in page
