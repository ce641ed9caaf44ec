"""`safety settings`."""

from pathlib import Path

import pytest

from consumers.settings import Settings
from tests.unit.desk.cli.conftest import Call


class TestShowSettings:
    def test_shows_every_setting(self, call: Call) -> None:
        assert set(call("settings", "--json").json) == set(Settings.model_fields)

    def test_masks_passwords_wherever_they_stand(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAFETY_KAFKA_PASSWORD", "hunter2")
        for url in (
            "postgresql://safety:hunter2@db.example/safety",
            "postgresql://db.example/safety?user=safety&password=hunter2",
        ):
            machine = call("--database", url, "settings", "--json").out
            person = "".join(call("--database", url, "settings").out.split())

            assert "db.example/safety" in machine
            assert "hunter2" not in machine + person

    def test_the_command_line_stands_above_the_environment(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAFETY_KAFKA_BOOTSTRAP", "there:9092")

        shown = call("--broker", "here:9092", "settings", "--json").json

        assert shown["kafka_bootstrap"] == "here:9092"

    def test_a_secret_may_be_a_file(
        self, call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "safety_kafka_group").write_text("night")
        monkeypatch.setenv("SAFETY_SECRETS_DIR", str(tmp_path))

        assert call("settings", "--json").json["kafka_group"] == "night"
