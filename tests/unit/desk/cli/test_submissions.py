"""`safety submission` on a case of its own; the initial EMA report is due 22 May 2014."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli.app import run
from tests.unit.desk.cli.conftest import INITIAL, Call, Called

CASE = "SECURE-EDC:16621-03-012-AE04"
Ask = Callable[..., Called]


@pytest.fixture
def ask(call: Call, tmp_path: Path) -> Ask:
    """Call the command line on a database that may be written to."""
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    for arguments in (["migrate"], ["process", str(INITIAL)]):
        assert run(["--database", url, *arguments]) == 0
    return lambda *arguments: call("--database", url, *arguments)


def open_at_ema(ask: Ask) -> dict[str, str | None]:
    duties = ask("due", "--authority", "EMA", "--json").json
    return {duty["obligation"]: duty["state"] for duty in duties}


def record(ask: Ask, state: str, at: str, *more: str) -> Called:
    (duty,) = [d["obligation"] for d in ask("submission", "list", "--json").json][
        :1
    ] or open_at_ema(ask)
    arguments = ("--obligation", duty, "--state", state, "--by", "officer-3", "--at", at)
    return ask("submission", "record", CASE, *arguments, *more)


class TestRecord:
    def test_a_report_sent_on_its_due_day_is_on_time_and_no_longer_due(self, ask: Ask) -> None:
        told = record(ask, "submitted", "2014-05-22T23:30:00+08:00", "--zone", "Asia/Shanghai")

        assert told.code == 0
        assert "on time (due 2014-05-22)" in told.out
        assert open_at_ema(ask) == {}

    def test_a_late_one_says_by_how_many_days(self, ask: Ask) -> None:
        told = record(ask, "submitted", "2014-06-02T09:00:00+08:00")

        assert "11 days late (due 2014-05-22)" in told.out
        (step,) = ask("submission", "list", "--json").json
        assert (step["days_late"], step["by"], step["due"]) == (11, "officer-3", "2014-05-22")

    def test_a_rejected_report_is_due_again(self, ask: Ask) -> None:
        record(ask, "submitted", "2014-05-20T09:00:00+08:00")
        told = record(ask, "rejected", "2014-05-21T09:00:00+08:00", "--reason", "schema")

        assert told.code == 0
        assert list(open_at_ema(ask).values()) == ["rejected"]

    def test_a_draft_shows_among_what_is_due(self, ask: Ask) -> None:
        record(ask, "draft", "2014-05-20T09:00:00+08:00")

        assert list(open_at_ema(ask).values()) == ["draft"]
        assert "draft" in ask("due", "--authority", "EMA").out

    def test_a_step_out_of_sequence_is_refused_with_a_sentence(self, ask: Ask) -> None:
        record(ask, "draft", "2014-05-20T09:00:00+08:00")
        told = record(ask, "acknowledged", "2014-05-21T09:00:00+08:00")

        assert told.code == 2
        assert "possible next: approved, not required" in told.err

    def test_not_required_asks_for_a_reason(self, ask: Ask) -> None:
        told = record(ask, "not_required", "2014-05-20T09:00:00+08:00")

        assert told.code == 2
        assert "--reason" in told.err

    def test_what_has_not_happened_yet_is_refused(self, ask: Ask) -> None:
        told = record(ask, "submitted", "2099-05-20T09:00:00+08:00")

        assert told.code == 2
        assert "future" in told.err

    def test_an_unknown_duty_is_wrong_usage(self, ask: Ask) -> None:
        at = "2014-05-20T09:00:00+08:00"
        more = ("--obligation", "zz", "--state", "draft", "--by", "x", "--at", at)

        assert "0 standing duties" in ask("submission", "record", CASE, *more).err

    def test_a_replay_computes_the_same_record(self, ask: Ask) -> None:
        record(ask, "submitted", "2014-05-22T09:00:00+08:00")

        assert ask("replay", "--check").code == 0
        assert ask("audit", "verify").code == 0
