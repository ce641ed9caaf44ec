"""`safety watch --once` on a case of its own; the initial EMA report is due 22 May 2014."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli.app import run
from tests.unit.desk.cli.conftest import INITIAL, Call, Called

Ask = Callable[..., Called]
ONCE = ("watch", "--once", "--no-publish", "--json", "--as-of")


@pytest.fixture
def ask(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Call the command line on a database that may be written to."""
    for name in ("DUE_SOON", "OVERDUE", "UNDECIDED"):
        monkeypatch.delenv(f"SAFETY_WATCH_{name}", raising=False)
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    for arguments in (["migrate"], ["process", str(INITIAL)]):
        assert run(["--database", url, *arguments]) == 0
    return lambda *arguments: call("--database", url, *arguments)


def at_ema(ask: Ask, day: str) -> list[str]:
    return [told["kind"] for told in ask(*ONCE, day).json if told["authority"] == "EMA"]


class TestWatch:
    def test_each_threshold_tells_once_however_often_it_looks(self, ask: Ask) -> None:
        days = ("2014-05-14", "2014-05-15", "2014-05-15", "2014-05-16", "2014-05-19", "2014-05-22")

        assert [at_ema(ask, day) for day in days] == [
            [],  # eight days left
            ["due_soon"],  # seven
            [],
            [],
            ["due_soon"],  # three
            ["due_soon"],  # the due day itself: below one
        ]

    def test_the_day_after_the_due_day_is_overdue_and_so_is_a_week(self, ask: Ask) -> None:
        days = ("2014-05-23", "2014-05-28", "2014-05-29", "2014-07-01")

        assert [at_ema(ask, day) for day in days] == [["overdue"], [], ["overdue"], []]

    def test_what_was_submitted_raises_nothing(self, ask: Ask) -> None:
        (duty,) = ask("due", "--authority", "EMA", "--json").json
        said = ("--obligation", duty["obligation"], "--state", "submitted", "--by", "officer-3")
        ask("submission", "record", duty["case"], *said, "--at", "2014-05-20T09:00:00+08:00")

        assert at_ema(ask, "2014-07-01") == []

    def test_thresholds_are_settings(self, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SAFETY_WATCH_DUE_SOON", "10, 2")

        assert at_ema(ask, "2014-05-12") == ["due_soon"]
        assert at_ema(ask, "2014-05-19") == []

    def test_a_threshold_that_is_no_number_is_named(
        self, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAFETY_WATCH_DUE_SOON", "soon")

        told = ask(*ONCE, "2014-05-12")
        assert told.code == 2
        assert "SAFETY_WATCH_DUE_SOON" in told.err

    def test_a_day_without_one_look_is_wrong_usage(self, ask: Ask) -> None:
        assert "--once" in ask("watch", "--as-of", "2014-05-12").err
