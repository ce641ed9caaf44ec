"""`safety rules`."""

from pathlib import Path

import pytest

from desk.cli import rules
from safety.errors import KnowledgeError
from tests.unit.desk.cli.conftest import Call
from tests.unit.safety.rulebooks.test_load import HEAD, ROW


class TestListRules:
    def test_lists_the_rules_of_one_authority(self, call: Call) -> None:
        listed = call("rules", "list", "--authority", "FDA", "--json").json

        assert {rule["authority"] for rule in listed} == {"FDA"}
        assert "US-6" in {rule["rule"] for rule in listed}

    def test_of_two_editions_gives_the_one_in_force(self, call: Call) -> None:
        # MoH Decree 81 governed China until the end of 2018, announcement No. 66 from 2019.
        before, after = (
            {rule["rule"] for rule in call("rules", "list", "--on", day, "--json").json}
            for day in ("2018-12-31", "2019-01-01")
        )

        assert ("CN-H1a" in before, "CN-4" in before) == (True, False)
        assert ("CN-H1a" in after, "CN-4" in after) == (False, True)

    def test_an_unknown_authority_is_wrong_usage(self, call: Call) -> None:
        assert call("rules", "list", "--authority", "XYZ").code == 2

    def test_every_rule_id_stands_on_one_line(self, call: Call) -> None:
        shown = call("rules", "list").out.splitlines()

        assert any(line.startswith("CN-H1b ") for line in shown)


class TestShowRule:
    def test_says_what_it_asks_for_and_where_it_stands(self, call: Call) -> None:
        shown = " ".join(call("rules", "show", "EU-1").out.split())

        assert "serious, unexpected, fatal or life-threatening, related (any party)" in shown
        assert "Regulation (EU) No 536/2014, Article 42(2)(a)" in shown
        assert "within 7 calendar days of day zero" in shown
        assert "complete report 8 days after that" in shown

    def test_alternatives_are_in_brackets(self, call: Call) -> None:
        asked = call("rules", "show", "CN-H1a", "--json").json["asks"]

        assert "(serious or unexpected)" in asked

    def test_an_unknown_rule_says_where_to_look(self, call: Call) -> None:
        shown = call("rules", "show", "EU-99")

        assert shown.code == 2
        assert "safety rules list" in shown.err


class TestCheckRules:
    def test_counts_the_rules_of_each_rulebook(self, call: Call) -> None:
        checked = call("rules", "check", "--json")

        assert checked.code == 0
        assert set(checked.json["rulebooks"]) >= {"EMA", "FDA", "NMPA"}
        assert checked.json["rules"] == len(call("rules", "list", "--json").json)

    def test_a_faulty_file_halts_with_the_row(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> None:
            raise KnowledgeError("ema.toml, rule EU-1: unknown field dayz")

        monkeypatch.setattr(rules, "load_rulebooks", fail)

        shown = call("rules", "check")

        assert shown.code == 4
        assert "ema.toml, rule EU-1" in shown.err


class TestCheckFile:
    def test_a_sound_rulebook_of_ones_own_is_listed(self, call: Call, tmp_path: Path) -> None:
        file = tmp_path / "own.toml"
        file.write_text(HEAD + ROW, encoding="utf-8")

        assert call("rules", "check", file, "--json").json["rulebooks"] == {"X": "1"}

    def test_a_faulty_one_is_refused_with_its_row(self, call: Call, tmp_path: Path) -> None:
        file = tmp_path / "own.toml"
        file.write_text(HEAD + ROW + "fatal = true\nfatal_or_lt = false\n", encoding="utf-8")
        told = call("rules", "check", file)

        assert told.code == 4
        assert "X-1 is unreachable" in told.err

    def test_a_label_that_is_not_built_in_is_told(self, call: Call, tmp_path: Path) -> None:
        file = tmp_path / "own.toml"
        file.write_text(HEAD.replace('"EU"', '"ZZ"') + ROW, encoding="utf-8")
        told = call("rules", "check", file)

        assert told.code == 0
        assert "label ZZ is not built in" in told.err

    def test_one_that_is_not_there_is_bad_input(self, call: Call, tmp_path: Path) -> None:
        assert call("rules", "check", tmp_path / "none.toml").code == 5


class TestOthers:
    def test_lists_what_no_single_case_makes(self, call: Call) -> None:
        told = call("rules", "others", "--authority", "NMPA", "--json").json

        assert [each["duty"] for each in told] == ["CN-3", "CN-8", "CN-9", "CN-INV"]
        assert "CN-8" in call("rules", "others").out
        assert call("rules", "others", "--authority", "X").code == 2
