"""`safety what-if`, over one case of 2014: an initial report of 7 May and a follow-up of 21 May."""

from importlib.resources import files
from pathlib import Path

import pytest

from tests.unit.desk.cli.conftest import Call

EMA = (Path(str(files("safety.rulebooks"))) / "ema.toml").read_text(encoding="utf-8")
TODAYS = ("what-if", "--under-rules-of", "2026-01-01", "--as-of", "2014-05-30")


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    """The European rulebook with 7 days where serious reports have 15."""
    head, row, rest = EMA.partition('id = "EU-4"')
    file = tmp_path / "ema-7.toml"
    file.write_text(head + row + rest.replace("days = 15", "days = 7", 1), encoding="utf-8")
    return file


class TestStudyQuestion:
    def test_says_who_would_be_told_under_todays_law_and_who_no_more(self, ask: Call) -> None:
        told = ask(*TODAYS, "--study", "SECURE", "--json")

        assert told.code == 1
        assert (told.json["cases"], told.json["changed"]) == (1, 1)
        moved = {
            (duty["recipient"], duty["duty"]): (duty["installed"], duty["other"])
            for duty in told.json["duties"]
            if duty["installed"] != duty["other"]
        }
        # by hand: Decree 81 and No. 66 both give 15 days; the British row began in 2021
        assert moved == {
            (recipient, duty): ({"15": 1}, {}) if recipient.startswith("nat") else ({}, {"15": 1})
            for recipient in ("national_adr_system", "CDR", "MHRA")
            for duty in ("initial", "follow_up")
        }

    def test_counts_what_would_be_late(self, ask: Call) -> None:
        # on 30 May: the two initial reports due on the 22nd, not the follow-ups due on 5 June
        assert ask(*TODAYS, "--json").json["late"] == 2

    def test_an_unknown_study_is_wrong_usage(self, ask: Call) -> None:
        assert ask(*TODAYS, "--study", "NCT00000000").code == 2


class TestRulebook:
    def test_shows_from_which_date_to_which(self, ask: Call, shorter: Path) -> None:
        told = ask("what-if", "--rulebook", shorter, "--as-of", "2014-05-15", "--json")
        (change,) = told.json["changes"]

        assert told.code == 1
        assert (change["from"]["due"], change["to"]["due"]) == ("2014-05-22", "2014-05-14")
        assert change["late"]

    def test_since_a_later_day_zero_nothing_changes(self, ask: Call, shorter: Path) -> None:
        told = ask("what-if", "--rulebook", shorter, "--since", "2014-05-08")

        assert told.code == 0
        assert "0 would change" in told.out

    def test_the_table_names_the_case(self, ask: Call, shorter: Path) -> None:
        told = ask("what-if", "--rulebook", shorter)

        assert "SECURE-EDC:16621-03-012-AE04" in told.out
        assert "1 would change" in told.out

    def test_a_file_that_is_not_there_is_bad_input(self, ask: Call, tmp_path: Path) -> None:
        assert ask("what-if", "--rulebook", tmp_path / "none.toml").code == 5

    def test_a_faulty_file_halts(self, ask: Call, tmp_path: Path) -> None:
        faulty = tmp_path / "faulty.toml"
        faulty.write_text("not = = toml")

        assert ask("what-if", "--rulebook", faulty).code == 4

    def test_without_other_rules_it_is_wrong_usage(self, ask: Call) -> None:
        assert ask("what-if").code == 2

    def test_a_rulebook_of_nobody_is_wrong_usage(self, ask: Call, tmp_path: Path) -> None:
        other = tmp_path / "x.toml"
        other.write_text(EMA.replace('name = "EMA"', 'name = "XYZ"'), encoding="utf-8")

        assert ask("what-if", "--rulebook", other).code == 2
