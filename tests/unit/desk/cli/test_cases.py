"""
`safety case`, on the first report of a pulmonary embolism and its follow-up.

Day zero is 7 May 2014, when the site monitor knew; 15 calendar days later is 22 May.
The follow-up of 21 May is significant: 15 days later is 5 June.
"""

from pathlib import Path

import pytest

from desk.cli import cases
from tests.unit.desk.cli.conftest import FOLLOW_UP, INITIAL, Call

CASE = "SECURE-EDC:16621-03-012-AE04"


class TestListAll:
    def test_shows_the_latest_version_with_its_nearest_due_date(self, ask: Call) -> None:
        (line,) = ask("case", "list", "--json").json

        assert line.pop("duties") >= 6  # to three authorities, and to those added since
        assert line == {
            "case": CASE,
            "version": 2,
            "status": "valid",
            "study": "NCT01751763",
            "subject": "16621-03-012",
            "synthetic": True,
            "serious": True,
            "terms": ["Pulmonary embolism"],
            "nearest_due": "2014-05-22",
        }

    def test_a_case_id_stands_on_one_line(self, ask: Call) -> None:
        assert any(line.startswith(CASE) for line in ask("case", "list").out.splitlines())

    def test_narrows_by_study_status_seriousness_and_duty(self, ask: Call) -> None:
        kept = ("--study", "NCT01751763", "--status", "valid", "--serious", "--due")

        assert len(ask("case", "list", *kept, "--json").json) == 1
        assert ask("case", "list", "--study", "NCT00000000", "--json").json == []
        assert ask("case", "list", "--status", "nullified", "--json").json == []

    def test_as_json_it_leaves_nothing_out_unless_asked(
        self, work: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = tmp_path / "other.json"
        told_of_two = FOLLOW_UP.read_text(encoding="utf-8").replace("-AE04", "-AE05")
        other.write_text(told_of_two, encoding="utf-8")
        work("process", INITIAL, other)
        monkeypatch.setattr(cases, "SHOWN", 1)
        told = work("case", "list", "--json")

        assert len(told.json) == 2
        assert "more than" not in told.err
        assert len(work("case", "list", "--json", "--limit", "1").json) == 1
        assert "more than 1" in work("case", "list").err

    def test_an_unknown_status_is_wrong_usage(self, ask: Call) -> None:
        shown = ask("case", "list", "--status", "open")

        assert shown.code == 2
        assert "valid, pending, nullified" in shown.err


class TestShow:
    def test_every_fact_names_its_message(self, ask: Call) -> None:
        state = ask("case", "show", CASE, "--json").json["state"]

        assert state["patient"]["sex"] == ["male", "urn:example-pharma:study-database edc-000481"]
        assert state["reactions/AE04"]["outcome"] == [
            "recovering",
            "urn:example-pharma:study-database edc-000502",
        ]

    def test_a_person_reads_the_reaction_and_the_facts(self, ask: Call) -> None:
        shown = ask("case", "show", CASE).out

        assert "Pulmonary" in shown
        assert "life threatening" in shown
        assert "58 a" in shown
        assert "[1]  urn:example-pharma:study-database edc-000481" in shown

    def test_an_older_version_tells_what_was_known_then(self, ask: Call) -> None:
        shown = ask("case", "show", CASE, "--version", "1", "--json").json

        assert shown["state"]["reactions/AE04"]["outcome"][0] == "not_recovered"

    def test_nothing_was_known_before_the_first_message_was_stored(self, ask: Call) -> None:
        shown = ask("case", "show", CASE, "--known-at", "2014-05-08T16:42:10+08:00")

        assert shown.code == 2
        assert "nothing was known" in shown.err

    def test_an_instant_without_offset_is_refused(self, ask: Call) -> None:
        shown = ask("case", "show", CASE, "--known-at", "2014-05-08T16:42:10")

        assert shown.code == 2
        assert "no UTC offset" in shown.err

    def test_a_case_that_does_not_exist_says_where_to_look(self, ask: Call) -> None:
        shown = ask("case", "show", "NOBODY:1")

        assert shown.code == 2
        assert shown.err == "safety: there is no case NOBODY:1; see: safety case list\n"

    def test_a_version_that_does_not_exist_is_wrong_usage(self, ask: Call) -> None:
        assert ask("case", "show", CASE, "--version", "9").code == 2


class TestTrace:
    def test_every_rule_of_the_context_is_there_with_its_conditions(self, ask: Call) -> None:
        rules = {r["rule"]: r for r in ask("case", "trace", CASE, "--json").json["rules"]}

        assert {rule for rule in rules if rule[:2] in {"EU", "US", "CN"}} == {
            *("EU-4", "EU-5", "US-6", "CN-4", "CN-5", "CN-6", "CN-7"),
            *("CN-H1a", "CN-H1b", "CN-H1c", "CN-H2"),
        }
        assert rules["EU-4"]["answer"] == "fired"
        assert rules["EU-4"]["provision"].startswith("Directive 2001/83/EC, Article 107(3)")

    def test_the_duties_are_those_of_the_report_and_its_follow_up(self, ask: Call) -> None:
        duties = ask("case", "trace", CASE, "--json").json["obligations"]

        ours = [d for d in duties if d["rule"] in {"EU-4", "US-6", "CN-H1a"}]
        assert sorted((d["recipient"], d["duty"], d["arithmetic"][-10:]) for d in ours) == [
            ("EVPM", "follow_up", "2014-06-05"),
            ("EVPM", "initial", "2014-05-22"),
            ("FDA", "follow_up", "2014-06-05"),
            ("FDA", "initial", "2014-05-22"),
            ("national_adr_system", "follow_up", "2014-06-05"),
            ("national_adr_system", "initial", "2014-05-22"),
        ]

    def test_an_undecidable_rule_names_what_would_decide_it(self, ask: Call) -> None:
        shown = ask("case", "trace", CASE, "--version", "1").out

        assert "? undecidable  US-6" in shown  # the sponsor had not yet answered
        assert "to decide it   related: relatedness of reactions/AE04" in shown

    def test_a_person_reads_provision_evidence_and_arithmetic(self, ask: Call) -> None:
        shown = " ".join(ask("case", "trace", CASE).out.split())

        assert "● fired EU-4 reaction AE04 evidence V" in shown
        assert "day zero 2014-05-07 (site_monitor: calendar day as recorded)" in shown
        assert "+ 15 calendar days = 2014-05-22" in shown

    def test_a_person_reads_whose_answer_it_was_and_which_day_the_law_is_of(
        self, ask: Call
    ) -> None:
        shown = ask("case", "trace", CASE).out

        assert "sponsor's answer on D1 x AE04" in shown
        assert "|sponsor|" not in shown
        assert "✓ law day " in shown

    def test_no_line_is_longer_than_100_columns(self, ask: Call) -> None:
        lines = ask("case", "trace", CASE).out.splitlines()

        assert max(map(len, lines)) <= 100

    def test_brief_shows_of_a_rule_that_did_not_fire_only_what_stopped_it(self, ask: Call) -> None:
        whole, brief = (ask("case", "trace", CASE, *more).out for more in ((), ("--brief",)))

        assert "CN-H2" in brief
        assert len(brief.splitlines()) < len(whole.splitlines())
        after = brief[brief.index("CN-H2") :].splitlines()[2:]
        assert after[0].split()[:4] == ["✗", "origin", "CN", "foreign"]


class TestHistory:
    def test_tells_what_the_follow_up_changed(self, ask: Call) -> None:
        first, second = ask("case", "history", CASE, "--json").json

        assert first["version"] == 1
        assert ["reactions/AE04.outcome", "not_recovered", "recovering"] in second["changes"]
        assert ["drugs/D1.action_taken", "interrupted", "withdrawn"] in second["changes"]

    def test_the_first_version_is_counted_and_not_listed(self, ask: Call) -> None:
        shown = ask("case", "history", CASE).out

        assert "fields changed; --all shows them" in shown
        assert "patient.sex" not in shown
        assert "patient.sex" in ask("case", "history", CASE, "--all").out
