"""`safety subject`, and what the records of the study say beside a case; figures by hand."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from desk.cli.app import run
from desk.cli.failures import ExitCode

STUDY, SUBJECT = "NCT01751763", "01-001"


def record(number: int, test: str, value: float, high: float) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"lab-{number}",
        "source": "urn:test",
        "type": "pv.laboratory.recorded.v1",
        "subject": f"{STUDY}:{SUBJECT}",
        "data": {
            "study_id": STUDY,
            "subject_id": SUBJECT,
            "record_id": f"LB{number}",
            "recorded_at": "2026-03-02T09:00:00Z",
            "test": test,
            "collected": {"value": "2026-03-01", "precision": "day"},
            "result": {"value": value, "unit": "umol/L" if test == "BILI" else "U/L"},
            "high": high,
        },
    }


# ALT 8.24 x ULN, bilirubin 2.85 x ULN, ALP 1.12 x ULN; 8.24 x ULN is grade 3 (> 5.0 - 20.0 x ULN)
RECORDS = [
    record(1, "ALT", 412, 50),
    record(2, "BILI", 58.425, 20.5),
    record(3, "ALP", 140, 125),
]
CASE = {
    "specversion": "1.0",
    "id": "case-1",
    "source": "urn:test",
    "type": "pv.adverse-event.reported.v1",
    "subject": "EDC:1",
    "data": {
        "kind": "initial",
        "case": {"sender": "EDC", "sender_case_id": "1"},
        "report_type": "study",
        "received_at": "2026-03-02T09:00:00+08:00",
        "office_zone": "Asia/Shanghai",
        "most_recent_information": "2026-03-02",
        "study": {"study_id": STUDY, "subject_id": SUBJECT},
        "reactions": [
            {
                "reaction_id": "r1",
                "term": {"text": "ALT increased", "language": "en"},
                "onset": {"value": "2026-02-27", "precision": "day"},
                "grade": {"grade": 2, "ctcae": "5.0"},
            }
        ],
    },
}


@pytest.fixture
def database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    file = tmp_path / "stream.jsonl"
    lines = [orjson.dumps(each).decode() for each in (*RECORDS, CASE)]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert run(["--database", url, "migrate"]) == ExitCode.OK
    assert run(["--database", url, "process", str(file)]) == ExitCode.OK
    capsys.readouterr()
    return url


def shown(capsys: pytest.CaptureFixture[str], database: str, *arguments: str) -> Any:
    assert run(["--database", database, *arguments, "--json"]) == ExitCode.OK
    return json.loads(capsys.readouterr().out)


class TestSubject:
    def test_list_names_those_whose_records_say_something(
        self, database: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (found,) = shown(capsys, database, "subject", "list", "--liver", "met")

        assert (found["subject"], found["said"]["criterion"]) == (SUBJECT, "FDA-2009")
        assert run(["--database", database, "subject", "list"]) == ExitCode.OK
        assert SUBJECT in capsys.readouterr().out
        assert run(["--database", database, "subject", "list", "--liver", "x"]) == ExitCode.USAGE

    def test_show_gives_the_figures(
        self, database: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = shown(capsys, database, "subject", "show", STUDY, SUBJECT)

        assert found["liver"]["peaks"] == {"ALP": "1.12", "ALT": "8.24", "TBL": "2.85"}
        assert run(["--database", database, "subject", "show", STUDY, SUBJECT]) == ExitCode.OK
        assert "met by FDA-2009" in capsys.readouterr().out
        assert run(["--database", database, "subject", "show", STUDY, "x"]) == ExitCode.USAGE

    def test_edish_gives_the_points(
        self, database: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (point,) = shown(capsys, database, "subject", "edish", STUDY)

        assert point == {
            "subject": SUBJECT,
            "alt": "8.24",
            "tbl": "2.85",
            "quadrant": "hys_law_range",
            "hys_law": True,
        }
        assert run(["--database", database, "subject", "edish", STUDY]) == ExitCode.OK
        assert "hys law range" in capsys.readouterr().out


class TestBesideACase:
    def test_the_studys_laboratory_grades_its_reactions(
        self, database: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = shown(capsys, database, "case", "show", "EDC:1")

        (grade,) = found["study_records"]["grades"]
        assert (grade["computed"], grade["source"], grade["differs"]) == (3, "LB1", True)
        assert found["events"][0]["grade_computed"] is None  # the case itself has no test
        assert found["study_records"]["liver"]["met"] is True
        assert run(["--database", database, "case", "show", "EDC:1"]) == ExitCode.OK
        assert "3: ask which holds" in capsys.readouterr().out
