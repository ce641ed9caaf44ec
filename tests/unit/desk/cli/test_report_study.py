"""
`safety report study` on a simulated SECURE study.

The truth is the story of each subject, before anything is told, and not what the product made of
what was told.
"""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from consumers.simulation.story import Story, make_story
from consumers.simulation.treatment import last_dose_day
from desk.cli.app import run
from tests.unit.desk.cli.conftest import Call

SEED, SUBJECTS = 7, 16
LOCK = date(2016, 12, 31)


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small simulated study; do not write to it."""
    folder = tmp_path_factory.mktemp("study")
    database, told = folder / "study.db", folder / "study.jsonl"
    of_study = ["--seed", str(SEED), "--subjects", str(SUBJECTS)]
    for arguments in (
        ["simulate", "secure", "--out", str(told), *of_study],
        ["migrate"],
        ["process", str(told)],
    ):
        assert run(["--database", f"sqlite:///{database}", *arguments]) == 0
    return database


@pytest.fixture(scope="session")
def report(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    asked = ["report", "study", "--study", "NCT01751763", "--out", str(out)]
    assert run(["--database", f"sqlite:///{stored}", *asked, "--data-lock", LOCK.isoformat()]) == 0
    return out


@cache
def stories() -> list[Story]:
    return [make_story(SEED, number, SUBJECTS) for number in range(1, SUBJECTS + 1)]


def table(report: Path, table_id: str) -> dict[str, Any]:
    tables = orjson.loads((report / "tables.json").read_bytes())["tables"]
    [found] = [one for one in tables if one["id"] == table_id]
    assert isinstance(found, dict)
    return found


def figure(report: Path, table_id: str, label: str, key: str = "n") -> Any:
    [found] = [row for row in table(report, table_id)["rows"] if row["label"] == label]
    return found["cells"]["sorafenib"][key]


class TestAgainstTheTruth:
    def test_holds_every_subject(self, report: Path) -> None:
        assert [c["N"] for c in table(report, "T1")["columns"]] == [SUBJECTS]

    def test_counts_who_has_a_serious_event(self, report: Path) -> None:
        had = [story for story in stories() if any(e.event.serious for e in story.episodes)]

        assert figure(report, "O3", "Serious adverse event") == len(had)

    def test_counts_who_died(self, report: Path) -> None:
        dead = [story for story in stories() if story.course.ending == "dead"]

        assert figure(report, "T10", "All deaths") == len(dead)
        assert figure(report, "O7", "With death") == len(dead)

    def test_counts_who_had_a_recurrence(self, report: Path) -> None:
        had = [story for story in stories() if story.course.recurrence is not None]

        assert figure(report, "O8", "With recurrence or progression") == len(had)

    def test_counts_changes_of_dose(self, report: Path) -> None:
        told: Counter[str] = Counter(
            change for story in stories() for change in {period.change for period in story.periods}
        )

        for change, label in (
            ("reduced", "Dose reduced"),
            ("interrupted", "Interrupted"),
            ("stopped", "Stopped"),
        ):
            assert figure(report, "T14", label) == told[change]

    def test_measures_how_long_treatment_lasted(self, report: Path) -> None:
        days = sorted(
            (
                last_dose_day(list(s.periods), min(s.course.observed_until, LOCK))
                - s.subject.first_dose
            ).days
            + 1
            for s in stories()
            if s.course.ending != "lost_to_follow_up"
        )
        told = [
            row["cells"]["sorafenib"]
            for row in table(report, "T14")["rows"]
            if row["label"] == "Range" and row["within"] == ["Duration of treatment, days"]
        ]

        assert (told[0]["low"], told[0]["high"]) == (days[0], days[-1])

    def test_counts_the_worst_grade_of_each_subject(self, report: Path) -> None:
        worst: Counter[int] = Counter()
        for story in stories():
            until = last_dose_day(list(story.periods), story.course.observed_until)
            grades = [
                each.event.grade
                for each in story.episodes
                if each.event.onset <= until + timedelta(days=30)
            ]
            if grades:
                worst[max(grades)] += 1

        severe = figure(report, "T1", "Worst grade 3 to 5")
        assert severe == worst[3] + worst[4] + worst[5]


class TestCommand:
    def test_gives_the_subjects_behind_a_number(self, call: Call, stored: Path) -> None:
        asked = ("report", "study", "--study", "16621", "--drill", "O3: Serious adverse event")

        found = call("--database", f"sqlite:///{stored}", *asked, "--json")

        truth = {
            s.subject.subject_id for s in stories() if any(e.event.serious for e in s.episodes)
        }
        assert found.code == 0
        assert set(found.json[0]["subjects"]) == truth

    def test_knows_the_study_as_it_was_at_an_instant(self, call: Call, stored: Path) -> None:
        asked = ("report", "study", "--study", "NCT01751763", "--drill", "T1: Any TEAE")

        found = call(
            "--database", f"sqlite:///{stored}", *asked, "--as-known-at", "2001-01-01T00:00:00Z"
        )

        assert found.code == 2
        assert "nothing is stored of study NCT01751763" in found.err

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("--study", "NCT0"), "with --out, or a number with --drill"),
            (("--study", "NCT0", "--drill", "T1: x"), "there are subjects of: NCT01751763"),
            (("--study", "16621", "--drill", "T1: Any"), "near ones"),
            (("--study", "16621", "--out", "x", "--profile", "nobody"), "no subject of the id"),
            (("--study", "16621", "--out", "x", "--compare", "a", "b"), "it has: sorafenib"),
        ],
    )
    def test_says_what_is_wrong(
        self, call: Call, stored: Path, arguments: tuple[str, ...], told: str
    ) -> None:
        found = call("--database", f"sqlite:///{stored}", "report", "study", *arguments)

        assert found.code == 2
        assert told in found.err
