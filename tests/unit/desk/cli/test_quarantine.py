"""`safety quarantine`: look, try again, put aside."""

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from consumers import backfill
from consumers.handlers import Record
from schemas.errors import ContractError, Reason
from schemas.parse import Refused
from tests.unit.desk.cli.conftest import FOLLOW_UP, INITIAL, Call, changed_copy


@pytest.fixture
def parked(work: Call, tmp_path: Path) -> str:
    """Put one message in quarantine that claims to come from the future; give its id."""
    tomorrow = changed_copy(INITIAL, tmp_path / "future.json", received_at="2099-01-01T00:00:00Z")
    work("process", tomorrow)
    (entry,) = work("quarantine", "list", "--json").json
    return str(entry["id"])


class TestListEntries:
    def test_says_why_where_and_by_when_it_could_be_due(self, work: Call, parked: str) -> None:
        (entry,) = work("quarantine", "list", "--json").json

        assert entry["id"] == parked
        assert entry["reason"] == "future_awareness"
        assert entry["path"] == "data.received_at"
        assert entry["may_be_due"] == "2014-05-08"  # the earliest date in it, and a limit of 0 days

    def test_a_message_of_a_file_is_found_by_its_place_in_it(self, work: Call, parked: str) -> None:
        (line,) = [each for each in work("quarantine", "list").out.splitlines() if parked in each]

        assert "file record 1" in " ".join(line.split())

    def test_an_id_stands_on_one_line(self, work: Call, parked: str) -> None:
        assert any(parked in line for line in work("quarantine", "list").out.splitlines())


class TestShowEntry:
    def test_the_message_is_written_only_on_request(self, work: Call, parked: str) -> None:
        assert "pulmonary" not in work("quarantine", "show", parked).out

        whole = work("quarantine", "show", parked, "--payload").out

        assert orjson.loads(whole)["data"]["received_at"] == "2099-01-01T00:00:00Z"

    def test_an_unknown_id_is_wrong_usage(self, work: Call) -> None:
        assert work("quarantine", "show", "0" * 24).code == 2


class TestRedriveEntries:
    def test_what_is_still_refused_stays_and_is_a_finding(self, work: Call, parked: str) -> None:
        shown = work("quarantine", "redrive", parked)

        assert shown.code == 1
        assert "0 of 1 messages accepted, 1 refused again" in shown.out
        assert len(work("quarantine", "list", "--json").json) == 1

    def test_what_is_accepted_now_becomes_part_of_its_case(
        self, work: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parked_by_an_older_version(work, monkeypatch)

        shown = work("quarantine", "redrive", "--reason", "unknown_field", "--json")

        assert shown.code == 0
        assert (shown.json["accepted"], shown.json["refused"]) == (1, 0)
        assert work("quarantine", "list", "--json").json == []
        (case,) = work("case", "list", "--json").json
        assert case["case"] == "SECURE-EDC:16621-03-012-AE04"
        (entry,) = work("quarantine", "list", "--all", "--json").json
        assert entry["state"] == "redriven"

    def test_a_dry_run_changes_nothing(self, work: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        parked_by_an_older_version(work, monkeypatch)

        shown = work("quarantine", "redrive", "--reason", "unknown_field", "--dry-run")

        assert "1 of 1 messages would be accepted" in shown.out
        assert work("case", "list", "--json").json == []
        assert len(work("quarantine", "list", "--json").json) == 1

    def test_takes_no_more_than_was_asked_for(self, work: Call, tmp_path: Path) -> None:
        files = [
            changed_copy(example, tmp_path / example.name, received_at="2099-01-01T00:00:00Z")
            for example in (INITIAL, FOLLOW_UP)
        ]
        work("process", *files)

        shown = work(
            "quarantine", "redrive", "--reason", "future_awareness", "--max", "1", "--json"
        )

        assert len(shown.json["messages"]) == 1

    def test_ids_and_a_reason_at_once_are_wrong_usage(self, work: Call) -> None:
        assert work("quarantine", "redrive").code == 2
        assert work("quarantine", "redrive", "1", "--reason", "empty").code == 2

    def test_an_unknown_reason_is_wrong_usage(self, work: Call) -> None:
        shown = work("quarantine", "redrive", "--reason", "bored")

        assert shown.code == 2
        assert "future_awareness" in shown.err

    def test_an_id_that_is_not_parked_is_wrong_usage(self, work: Call) -> None:
        assert work("quarantine", "redrive", "0" * 24).code == 2


class TestDiscardEntry:
    def test_keeps_the_message_with_the_reason(self, work: Call, parked: str) -> None:
        shown = work("quarantine", "discard", parked, "--reason", "sent again, corrected")

        assert shown.code == 0
        (entry,) = work("quarantine", "list", "--all", "--json").json
        assert entry["state"] == "discarded"
        assert entry["note"].startswith("sent again, corrected (")
        assert work("quarantine", "show", parked, "--payload").out

    def test_without_a_reason_nothing_is_discarded(self, work: Call, parked: str) -> None:
        assert work("quarantine", "discard", parked, "--reason", " ").code == 2
        assert work("quarantine", "discard", parked).code == 2
        assert len(work("quarantine", "list", "--json").json) == 1


def parked_by_an_older_version(work: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Process a good message with a software that does not know one of its fields yet."""
    fault = ContractError(Reason.UNKNOWN_FIELD, "data.narrative", "remove it")

    def refuse(records: Sequence[Record], _: object = None) -> list[tuple[Record, Refused]]:
        return [(record, Refused(0, fault, record.value or b"")) for record in records]

    with monkeypatch.context() as older:
        older.setattr(backfill, "parse_all", refuse)
        work("process", INITIAL)
