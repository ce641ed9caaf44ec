"""`safety causality`: answers read, forms scored; expected points from the published forms."""

import json
from pathlib import Path

import pytest

from desk.cli.app import run
from desk.cli.failures import ExitCode

# onset day 31 under treatment +2, half within 8 days +3, age 58 +1, labelled +2; of the causes of
# group I one ruled out: fewer than 5, -2. Danan and Teschke 2016.
FORM = {
    "alt_times_uln": 8.24,
    "alp_times_uln": 1.12,
    "course": "half_in_8_days",
    "alcohol": False,
    "hepatotoxicity": "labelled",
    "causes": {"hav": "ruled_out"},
    "days_from_first_dose": 31,
    "days_from_last_dose": 0,
    "age_years": 58,
}


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert run(["causality", *arguments, "--json"]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


class TestRead:
    @pytest.mark.parametrize(
        ("arguments", "category", "related"),
        [
            (["Possible"], "possible", True),
            (["可能无关"], "possibly_unrelated", False),
            (["unlikely"], "unlikely", False),
            (["unlikely", "--unlikely-is-related"], "unlikely", True),
            (["2", "--method", "KRCT"], "not_related", False),
            (["2"], "unrecognised", None),
        ],
    )
    def test_gives_category_and_binary_reading(
        self,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        category: str,
        *,
        related: bool | None,
    ) -> None:
        found = told(capsys, "read", *arguments)

        assert (found["category"], found["related"]) == (category, related)


class TestNaranjo:
    def test_scores_by_number(self, capsys: pytest.CaptureFixture[str]) -> None:
        found = told(capsys, "naranjo", "--yes", "1,2,3,10", "--no", "5")

        assert (found["score"], found["category"]) == (7, "probable")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ([], "answer question 2 and 5 first"),
            (["--yes", "2"], "answer question 5 first"),
            (["--yes", "2,5", "--no", "5"], "both yes and no"),
            (["--yes", "11"], "numbers of questions from 1 to 10"),
            (["--yes", "two"], "numbers of questions from 1 to 10"),
        ],
    )
    def test_refuses_what_cannot_be_scored(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
    ) -> None:
        assert run(["causality", "naranjo", *arguments]) == ExitCode.USAGE
        assert sentence in capsys.readouterr().err


class TestRucam:
    def test_scores_a_file(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        file = tmp_path / "form.json"
        file.write_text(json.dumps(FORM))

        found = told(capsys, "rucam", str(file))

        assert (found["score"], found["category"], found["form"]) == (
            6,
            "probable",
            "hepatocellular",
        )
        assert run(["causality", "rucam", str(file)]) == ExitCode.OK
        assert "6, probable" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("content", "code", "sentence"),
        [
            (json.dumps({**FORM, "alt_times_uln": 2}), ExitCode.USAGE, "below the entry criteria"),
            (json.dumps({**FORM, "course": "fell"}), ExitCode.BAD_INPUT, "form.json, course:"),
            ("{", ExitCode.BAD_INPUT, "form.json, the file:"),
        ],
    )
    def test_refuses_what_cannot_be_scored(
        self,
        capsys: pytest.CaptureFixture[str],
        tmp_path: Path,
        content: str,
        code: ExitCode,
        sentence: str,
    ) -> None:
        file = tmp_path / "form.json"
        file.write_text(content)

        assert run(["causality", "rucam", str(file)]) == code
        assert sentence in capsys.readouterr().err.replace("\n", " ")

    def test_refuses_a_file_that_is_not_there(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        assert run(["causality", "rucam", str(tmp_path / "none.json")]) == ExitCode.BAD_INPUT
        assert "cannot be read" in capsys.readouterr().err


class TestScales:
    def test_lists_each_scale_with_its_source(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["causality", "scales"]) == ExitCode.OK
        shown = capsys.readouterr().out
        for name in ("WHO-UMC", "Naranjo", "China, six values", "Korea", "Binary"):
            assert name in shown

        assert run(["causality", "scales", "--json"]) == ExitCode.OK
        assert {each["scale"] for each in json.loads(capsys.readouterr().out)} == {
            "who_umc",
            "binary",
            "naranjo",
            "china",
            "korea_who_umc",
            "krct",
            "study_database",
        }
