"""`safety what-if`, over one case of 2014: an initial report of 7 May and a follow-up of 21 May."""

import csv
from importlib.resources import files
from io import StringIO
from pathlib import Path

import pytest

from tests.support.meddra import RELEASES
from tests.unit.desk.cli.conftest import Call

EMA = (Path(str(files("safety.rulebooks"))) / "ema.toml").read_text(encoding="utf-8")
US_LABEL = Path(str(files("safety.expectedness"))) / "data" / "us-uspi.toml"
LISTED = """
[[row]]
id = "pulmonary-embolism"
concept = "Pulmonary embolism"
soc = "Respiratory, thoracic and mediastinal disorders"
frequency = "not known"
basis = "reaction"
terms = ["Pulmonary embolism"]
fatal = "not_listed"
valid_from = 2005-12-20
evidence = { terms = "M-low", frequency = "M-low", fatal = "M-low", dates = "M-low" }
"""
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


class TestLabel:
    def test_a_reaction_that_another_label_lists_is_no_alert_report_any_more(
        self, ask: Call, tmp_path: Path
    ) -> None:
        file = tmp_path / "us-new.toml"
        file.write_text(US_LABEL.read_text(encoding="utf-8") + LISTED, encoding="utf-8")
        told = ask("what-if", "--rsi", file, "--json")

        # 21 CFR 314.80(c)(1) asks for what is unlisted only; the others judge by other labels
        assert told.code == 1
        assert [(c["authority"], c["duty"], c["to"]) for c in told.json["changes"]] == [
            ("FDA", "follow_up", None),
            ("FDA", "initial", None),
        ]

    def test_the_installed_label_changes_nothing(self, ask: Call) -> None:
        assert ask("what-if", "--rsi", US_LABEL).code == 0

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not = = toml",
            b"\xff\xfe",
            b'region = "XX"\nlabel_id = "x"\ntitle = "x"\nbase = "EU"\nversion = []',
            b'region = "US"\nlabel_id = "x"\ntitle = "x"\nversion = []',
        ],
        ids=["empty", "no TOML", "no UTF-8", "no region of ours", "no lists"],
    )
    def test_a_label_that_is_none_is_named(self, ask: Call, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "label.toml"
        file.write_bytes(content)
        told = ask("what-if", "--rsi", file)

        assert told.code == 4
        assert "label.toml: " in told.err

    def test_a_file_that_is_not_there_is_bad_input(self, ask: Call, tmp_path: Path) -> None:
        assert ask("what-if", "--rsi", tmp_path / "none.toml").code == 5


class TestDictionary:
    def test_a_term_that_another_dictionary_does_not_know_makes_duties_conservative(
        self, ask: Call
    ) -> None:
        told = ask("what-if", "--dictionary", RELEASES / "99.0", "--json")

        # pulmonary embolism stays uncoded, so what asks for "unexpected" is undecidable
        assert told.code == 1
        assert {
            (change["authority"], change["from"]["decided"], change["to"]["decided"])
            for change in told.json["changes"]
        } == {(authority, True, False) for authority in ("FDA", "HC", "PMDA")}

    def test_a_folder_without_a_release_is_bad_input(self, ask: Call, tmp_path: Path) -> None:
        assert ask("what-if", "--dictionary", tmp_path / "none").code == 5


class TestKnowledgeOfThen:
    def test_what_was_not_recorded_by_then_is_not_decided(self, ask: Call) -> None:
        told = ask(*TODAYS, "--as-known-at", "2014-06-01T00:00:00+00:00", "--json")

        assert (told.code, told.json["cases"]) == (0, 0)


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

    def test_a_label_that_nobody_has_is_named_before_anything_is_decided(
        self, ask: Call, tmp_path: Path
    ) -> None:
        other = tmp_path / "x.toml"
        other.write_text(EMA.replace('label = "EU"', 'label = "ZZ"'), encoding="utf-8")
        told = ask("what-if", "--rulebook", other)

        assert told.code == 4
        assert "EMA asks for the label of region ZZ" in told.err


class TestLedger:
    def test_lists_every_duty_by_both_laws(self, ask: Call, tmp_path: Path) -> None:
        file = tmp_path / "ledger.csv"
        ask(*TODAYS, "--study", "SECURE", "--ledger", file)
        rows = list(csv.DictReader(StringIO(file.read_text(encoding="utf-8"))))

        # by hand: five recipients by each law, an initial report and a follow-up to each
        initial = {
            row["recipient"]: (row["change"], row["installed_due"], row["other_due"])
            for row in rows
            if row["duty"] == "initial"
        }
        same = ("same", "2014-05-22", "2014-05-22")
        assert initial == {
            "EVPM": same,
            "FDA": same,
            "HC": same,
            "PMDA": same,
            "national_adr_system": ("lifted", "2014-05-22", ""),
            "CDR": ("made", "", "2014-05-22"),
            "MHRA": ("made", "", "2014-05-22"),
        }
        assert len(rows) == 14
        (ema,) = [r for r in rows if (r["recipient"], r["duty"]) == ("EVPM", "initial")]
        assert ema["other_provision"] == "Directive 2001/83/EC, Article 107(3); GVP VI.C.3"
        assert ema["days_late"] == "8"

    def test_says_what_moved(self, ask: Call, shorter: Path, tmp_path: Path) -> None:
        file = tmp_path / "ledger.csv"
        ask("what-if", "--rulebook", shorter, "--as-of", "2014-05-15", "--ledger", file)
        rows = list(csv.DictReader(StringIO(file.read_text(encoding="utf-8"))))

        moved = [row for row in rows if row["change"] == "moved"]
        assert [(r["authority"], r["other_due"], r["days_late"]) for r in moved] == [
            ("EMA", "2014-05-14", "1")
        ]
