"""`safety due`."""

import pytest

from desk.cli import decisions
from tests.unit.desk.cli.conftest import Call


class TestDueList:
    def test_the_most_urgent_comes_first_with_the_days_that_are_left(self, ask: Call) -> None:
        duties = ask("due", "--as-of", "2014-05-20", "--json").json

        assert [d["due"] for d in duties] == sorted(d["due"] for d in duties)
        assert [(d["due"], d["days_left"]) for d in duties if d["authority"] == "EMA"] == [
            ("2014-05-22", 2),
            ("2014-06-05", 16),
        ]

    def test_narrows_by_authority_and_by_days(self, ask: Call) -> None:
        near = ("due", "--as-of", "2014-05-20", "--within", "2", "--json")

        assert {d["due"] for d in ask(*near).json} == {"2014-05-22"}
        assert [d["rule"] for d in ask(*near, "--authority", "FDA").json] == ["US-6"]

    def test_says_when_there_is_more_than_it_shows(self, ask: Call) -> None:
        shown = ask("due", "--limit", "2")

        assert "more than 2" in shown.err
        assert shown.out.count("SECURE-EDC:16621-03-012-AE04") == 2

    def test_as_json_it_leaves_nothing_out_unless_asked(
        self, ask: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(decisions, "SHOWN", 1)
        told = ask("due", "--json")

        assert len(told.json) == len(ask("due", "--json", "--limit", "1000").json) > 1
        assert "more than" not in told.err
        assert len(ask("due", "--json", "--limit", "1").json) == 1
        assert "more than 1" in ask("due").err

    def test_a_day_that_is_none_is_wrong_usage(self, ask: Call) -> None:
        shown = ask("due", "--as-of", "20 May")

        assert shown.code == 2
        assert "2014-05-06" in shown.err

    def test_an_unknown_authority_is_wrong_usage(self, ask: Call) -> None:
        shown = ask("due", "--authority", "XYZ")

        assert shown.code == 2
        assert "EMA, FDA" in shown.err
