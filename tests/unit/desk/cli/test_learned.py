"""What people teach the dictionary, typed."""

import csv
import io
from pathlib import Path

import orjson
import pytest

from desk.cli.app import run
from tests.support.duplicates import reported

WORDS, TERM = "血栓堵了肺", "Thromboembolic event"
WHO = ("--by", "reviewer-1", "--reason", "means it")


@pytest.fixture
def one_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with one case that has a verbatim no term was found for."""
    monkeypatch.setenv("SAFETY_DATABASE_URL", f"sqlite:///{tmp_path / 'safety.db'}")
    message = tmp_path / "a.json"
    reaction = {"reaction_id": "r1", "term": {"text": WORDS, "language": "zh"}}
    message.write_bytes(reported("a", reactions=[reaction]).value or b"")
    assert run(["migrate"]) == 0
    assert run(["process", str(message)]) == 0
    return tmp_path


@pytest.mark.usefixtures("one_case")
class TestDictionaryLearn:
    def test_the_queue_holds_what_nobody_coded_until_it_is_learned(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        capsys.readouterr()
        assert run(["dictionary", "queue", "--json"]) == 0
        [waiting] = orjson.loads(capsys.readouterr().out)
        assert (waiting["verbatim"], waiting["count"], waiting["codes_now"]) == (WORDS, 1, None)

        assert run(["dictionary", "learn", WORDS, "--term", TERM, *WHO]) == 0
        capsys.readouterr()
        assert run(["dictionary", "queue", "--json"]) == 0
        [now] = orjson.loads(capsys.readouterr().out)
        assert now["codes_now"] == TERM

    def test_the_list_says_who_and_why_and_can_be_exported(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["dictionary", "learn", WORDS, "--term", TERM, *WHO]) == 0
        assert run(["dictionary", "withdraw", WORDS, *WHO]) == 0
        capsys.readouterr()

        assert run(["dictionary", "learned", "--json"]) == 0
        assert orjson.loads(capsys.readouterr().out) == []
        assert run(["dictionary", "learned", "--all", "--csv"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert [(row["action"], row["text"], row["by"]) for row in rows] == [
            ("learn", WORDS, "reviewer-1"),
            ("withdraw", WORDS, "reviewer-1"),
        ]

    @pytest.mark.parametrize(
        "typed",
        [
            ("learn", WORDS, "--term", "No such term", *WHO),
            ("learn", "Diarrhea", "--term", TERM, *WHO),
            ("withdraw", WORDS, *WHO),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, typed: tuple[str, ...]) -> None:
        assert run(["dictionary", *typed]) == 2
