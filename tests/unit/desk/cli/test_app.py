"""The command tree, and what a failure looks like from outside."""

from pathlib import Path

import pytest
from kafka.errors import KafkaConnectionError

from consumers import wiring
from desk.cli import storage
from tests.unit.desk.cli.conftest import Call


class TestRun:
    def test_help_lists_the_commands(self, call: Call) -> None:
        shown = call("--help")

        assert shown.code == 0
        for command in ("demo", "consume", "process", "case", "narrative", "due", "quarantine"):
            assert command in shown.out

    def test_an_unknown_command_is_wrong_usage_in_one_line(self, call: Call) -> None:
        shown = call("nonsense")

        assert shown.code == 2
        assert shown.err == "safety: No such command 'nonsense'; see: safety --help\n"

    def test_a_wrong_option_value_is_wrong_usage(self, call: Call) -> None:
        shown = call("case", "list", "--limit", "many")

        assert shown.code == 2
        assert "--limit" in shown.err

    def test_a_wrong_setting_is_wrong_usage_and_its_value_is_not_shown(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAFETY_BATCH_RECORDS", "plenty")

        shown = call("settings")

        assert shown.code == 2
        assert "SAFETY_BATCH_RECORDS" in shown.err
        assert "plenty" not in shown.err

    def test_a_database_that_is_not_there_says_what_to_type(
        self, call: Call, tmp_path: Path
    ) -> None:
        shown = call("--database", f"sqlite:///{tmp_path}/none.db", "case", "list")

        assert shown.code == 4
        assert "safety migrate" in shown.err
        assert not (tmp_path / "none.db").exists()

    def test_a_broker_that_does_not_answer_is_an_unavailable_service(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**_: object) -> None:
            raise KafkaConnectionError  # what the client says after half a minute

        monkeypatch.setattr(wiring, "KafkaAdminClient", refuse)

        shown = call("--broker", "127.0.0.1:1", "topics", "create")

        assert shown.code == 3
        assert "127.0.0.1:1" in shown.err

    def test_an_unforeseen_error_shows_its_kind_and_place_but_not_its_text(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: object) -> str:
            raise KeyError("Zhang San, 0.5 kg")

        monkeypatch.setattr(storage, "migrate_store", fail)

        shown = call("migrate")

        assert shown.code == 4
        assert "KeyError at cli/test_app.py:" in shown.err
        assert "Zhang" not in shown.out + shown.err
        assert "Traceback" not in shown.err

    def test_ctrl_c_ends_with_130(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(_: object) -> str:
            raise KeyboardInterrupt

        monkeypatch.setattr(storage, "migrate_store", interrupt)

        assert call("migrate").code == 130

    def test_the_version_is_printed(self, call: Call) -> None:
        shown = call("--version")

        assert shown.code == 0
        assert shown.out.startswith("safety ")
