"""The deployment files name only what exists, and hold no password."""

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from consumers.metrics import METRICS, Sort
from consumers.settings import Settings
from desk.cli.manual import command_names

ROOT = Path(__file__).parents[3]
COMPOSE = ROOT / "docker-compose.yml"
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
DASHBOARD = ROOT / "deploy/grafana/dashboards/safety.json"
RUNBOOK = ROOT / "docs/runbook.md"

OURS = ("migrate", "topics", "consumer", "watch", "desk")


@cache
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


class TestCompose:
    def test_runs_every_process_of_the_system(self) -> None:
        assert set(OURS) | {"kafka", "postgres", "prometheus", "grafana"} == set(services())

    @pytest.mark.parametrize("name", OURS)
    def test_runs_commands_that_exist(self, name: str) -> None:
        words = [word for word in services()[name]["command"] if word.isalpha()]

        assert any(
            known.removeprefix("safety ").split() == words[: len(known.split()) - 1]
            for known in command_names()
            if known != "safety"
        )

    @pytest.mark.parametrize("name", OURS)
    def test_sets_settings_that_exist(self, name: str) -> None:
        told = services()[name]["environment"].keys() - {"SAFETY_SECRETS_DIR"}

        assert {each.removeprefix("SAFETY_").lower() for each in told} <= set(Settings.model_fields)

    @pytest.mark.parametrize("name", sorted(services()))
    def test_no_process_may_gain_rights(self, name: str) -> None:
        service = services()[name]

        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]

    @pytest.mark.parametrize("name", sorted(services().keys() - {"migrate", "topics"}))
    def test_what_keeps_running_has_a_health_check_and_a_limit(self, name: str) -> None:
        assert services()[name]["healthcheck"]["test"]
        assert services()[name]["mem_limit"]

    def test_listens_on_this_host_only(self) -> None:
        ports = [port for service in services().values() for port in service.get("ports", ())]

        assert ports
        assert all(port.startswith("127.0.0.1:") for port in ports)

    def test_only_the_migration_is_the_owner_of_the_tables(self) -> None:
        owners = [
            name
            for name, service in services().items()
            if any("owner_database_url" in str(each) for each in service.get("secrets", ()))
        ]

        assert owners == ["migrate"]

    def test_holds_no_password(self) -> None:
        told = re.findall(r"(?im)^\s*(\S*(?:password|secrets?_)\S*):\s*(\S+)", COMPOSE.read_text())

        assert told
        assert all(value == "{" or value.startswith("/run/secrets") for _, value in told)


class TestMakeSecrets:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        script = tmp_path / "deploy" / "make-secrets"
        script.parent.mkdir()
        script.write_bytes((ROOT / "deploy/make-secrets").read_bytes())
        subprocess.run(["bash", script], check=True, capture_output=True)
        return script.parent / "secrets"

    def test_makes_every_secret_that_the_services_use(self, folder: Path) -> None:
        wanted = {Path(each["file"]).name for each in self.declared().values()}

        assert {path.name for path in folder.iterdir()} == wanted

    def declared(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["secrets"]
        return found

    def test_passwords_are_long_and_differ(self, folder: Path) -> None:
        passwords = [path.read_text() for path in folder.glob("*_password")]

        assert len(set(passwords)) == len(passwords) == 3
        assert all(re.fullmatch("[A-Za-z0-9]{40}", password) for password in passwords)

    def test_the_application_gets_its_own_role_and_password(self, folder: Path) -> None:
        password = (folder / "application_password").read_text()

        url = (folder / "safety_database_url").read_text()

        assert url == f"postgresql://safety_app:{password}@postgres/safety"

    def test_leaves_what_is_there(self, folder: Path) -> None:
        before = {path.name: path.read_bytes() for path in folder.iterdir()}

        subprocess.run(["bash", folder.parent / "make-secrets"], check=True, capture_output=True)

        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


NAMES = {
    **{metric.name: metric for metric in METRICS if metric.sort is Sort.GAUGE},
    **{f"{metric.name}_total": metric for metric in METRICS if metric.sort is Sort.COUNTER},
    **{
        f"{metric.name}_{part}": metric
        for metric in METRICS
        if metric.sort is Sort.HISTOGRAM
        for part in ("bucket", "sum", "count")
    },
}


def expressions(path: Path) -> list[str]:
    if path is ALERTS:
        groups = yaml.safe_load(path.read_text())["groups"]
        return [rule["expr"] for group in groups for rule in group["rules"]]
    panels = orjson.loads(path.read_bytes())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


@pytest.mark.parametrize("path", [ALERTS, DASHBOARD], ids=lambda path: path.name)
class TestQueries:
    def test_ask_for_metrics_that_exist(self, path: Path) -> None:
        asked = {name for each in expressions(path) for name in re.findall(r"safety_\w+", each)}

        assert asked
        assert asked <= NAMES.keys()

    def test_tell_series_apart_by_labels_that_exist(self, path: Path) -> None:
        for each in expressions(path):
            labels = {label for name in NAMES if name in each for label in NAMES[name].labels}
            grouped = re.findall(r"by \(([^)]*)\)", each)
            asked = {label.strip() for group in grouped for label in group.split(",")}
            asked |= set(re.findall(r"(\w+)=~?\"", each))
            assert asked <= labels | {"le", "job"}, each


class TestAlerts:
    def test_each_has_its_place_in_the_runbook(self) -> None:
        groups = yaml.safe_load(ALERTS.read_text())["groups"]
        named = [rule["alert"] for group in groups for rule in group["rules"]]

        headings = re.findall(r"^## (\w+)$", RUNBOOK.read_text(), re.MULTILINE)

        assert set(named) <= set(headings)
