"""The whole flow for one message: versions, digests, changes, alerts, the trace."""

from itertools import permutations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.pipeline import Outcome, advance, begin
from safety.rulebooks import Duty
from tests.support.decisions import NOW, initial, knowledge, obligations, take
from tests.support.reports import answers, follow_up, nullification, reaction, report

CRITERIA = (
    "death",
    "life_threatening",
    "hospitalisation",
    "disability",
    "congenital_anomaly",
    "other_important",
)


def outcomes(*reports: object) -> list[Outcome]:
    live = begin("EDC:16621-01-001-AE01")
    found = []
    for one in reports:
        outcome = advance(live, one, knowledge(), now=NOW)  # type: ignore[arg-type]
        live = outcome.case
        found.append(outcome)
    return found


class TestVersions:
    def test_a_new_version_only_when_something_changed(self) -> None:
        same = follow_up("m2", reactions=[{"reaction_id": "r1", "country": "CN"}])
        told = outcomes(report(), report(), same)

        assert [one.version.version if one.version else None for one in told] == [1, None, None]

    def test_a_version_lists_what_changed_with_old_and_new(self) -> None:
        first, second = outcomes(
            report(), follow_up(reactions=[{"reaction_id": "r1", "outcome": "recovered"}])
        )

        assert second.version is not None
        assert second.version.changes == [["reactions/r1.outcome", None, "recovered"]]
        assert first.version is not None
        assert second.version.previous_chain == first.version.chain

    def test_the_same_reports_give_the_same_bytes(self) -> None:
        one, other = outcomes(report())[0].version, outcomes(report())[0].version

        assert orjson.dumps(one) == orjson.dumps(other)

    def test_a_nullified_case_says_so(self) -> None:
        last = outcomes(report(), nullification())[-1]

        assert last.version is not None
        assert last.version.status == "nullified"
        assert {end.reason for end in last.superseded} == {"the case was nullified"}

    def test_an_incomplete_case_is_pending(self) -> None:
        (only,) = outcomes(report(reporters=None))

        assert only.version is not None
        assert only.version.status == "pending"


class TestSupersession:
    def test_a_moved_day_zero_says_from_when_to_when(self) -> None:
        late = follow_up(
            "m0",
            "2026-02-23",
            reactions=reaction(),
            reporters=[{"reporter_id": "1", "qualification": "physician"}],
            patient={"initials": "WL"},
            study={"study_id": "NCT01751763", "subject_id": "01-001"},
            drugs=[{"drug_id": "d1", "role": "suspect", "name": "sorafenib"}],
            relatedness=answers(investigator="related", sponsor="related"),
        )
        last = outcomes(report(), late)[-1]
        reasons = {end.reason for end in last.superseded}

        assert reasons == {
            "day zero moved from 2026-03-02 to 2026-02-23; due 2026-03-10 instead of 2026-03-17"
        }
        assert len(last.created) == len(last.superseded) == 6


class TestAlerts:
    def test_each_new_expedited_duty_alerts_once(self) -> None:
        first, again = outcomes(report(), follow_up(narrative="More of the course is told."))

        assert {(alert.kind, alert.authority) for alert in first.alerts} == {
            ("expedited", "EMA"),
            ("expedited", "FDA"),
            ("expedited", "HC"),
            ("expedited", "MHRA"),
            ("expedited", "NMPA"),
            ("expedited", "PMDA"),
        }
        assert again.alerts == ()

    def test_a_duty_that_hangs_on_a_missing_fact_alerts_as_undecidable(self) -> None:
        (only,) = outcomes(report(relatedness=answers(investigator="related")))
        undecided = [alert for alert in only.alerts if alert.kind == "undecidable"]

        assert [alert.authority for alert in undecided] == ["FDA"]
        assert "related: relatedness of reactions/r1" in undecided[0].text


class TestTrace:
    def test_every_rule_of_the_context_is_there_with_its_answer(self) -> None:
        (only,) = outcomes(report())
        assert only.version is not None
        answered = {row["rule"]: row["answer"] for row in only.version.trace["rules"]}

        assert answered == {
            "EU-4": "fired",
            "EU-5": "not_fired",
            "US-6": "fired",
            "CN-4": "fired",
            "CN-5": "not_fired",
            "CN-6": "not_fired",
            "CN-7": "not_fired",
            "CN-H1a": "not_fired",
            "CN-H1b": "not_fired",
            "CN-H1c": "not_fired",
            "CN-H2": "not_fired",
            "JP-3": "not_fired",
            "JP-4": "fired",
            "JP-5": "not_fired",
            "UK-3": "fired",
            "UK-4": "not_fired",
            "CA-3": "not_fired",
            "CA-4": "fired",
            "CH-1": "not_fired",
            "CH-2": "not_fired",
        }
        assert "EU-1" in only.version.trace["out_of_context"]

    def test_a_condition_names_value_field_and_message(self) -> None:
        (only,) = outcomes(report())
        assert only.version is not None
        (row,) = [row for row in only.version.trace["rules"] if row["rule"] == "EU-4"]
        serious = next(c for c in row["conditions"] if c[0] == "serious")

        assert serious == [
            "serious",
            "true",
            True,
            True,
            "reactions/r1.seriousness.hospitalisation",
            "test m1",
        ]


class TestLaws:
    @given(st.sets(st.sampled_from(CRITERIA), min_size=1), st.sampled_from(CRITERIA))
    def test_a_graver_case_is_never_due_later(self, criteria: set[str], added: str) -> None:
        def due(ticked: set[str]) -> dict[str, object]:
            told = reaction(seriousness=dict.fromkeys(sorted(ticked), True))
            first: dict[str, object] = {}
            for duty in obligations(report(reactions=told)):
                if duty.duty is Duty.INITIAL:
                    first.setdefault(duty.authority, duty.due)
            return first

        before, after = due(criteria), due(criteria | {added})

        assert before.keys() <= after.keys()
        assert all(after[name] <= before[name] for name in before)  # type: ignore[operator]

    @given(st.sampled_from(["investigator", "sponsor"]))
    def test_taking_an_answer_away_never_takes_a_duty_away(self, assessor: str) -> None:
        views: dict[str, str | None] = {"investigator": "related", "sponsor": "related"}
        known = {o.rule_id for o in obligations(report(relatedness=answers(**views)))}
        fewer = {
            o.rule_id
            for o in obligations(report(relatedness=answers(**(views | {assessor: None}))))
        }

        assert known <= fewer

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_the_digest_does_not_depend_on_arrival(self, order: tuple[int, ...]) -> None:
        history = (
            report(),
            follow_up("m2", "2026-03-09", reactions=[{"reaction_id": "r1", "outcome": "fatal"}]),
            nullification(),
        )
        shuffled = take(*(history[place] for place in order))

        assert shuffled.digest == take(*history).digest

    def test_initial_duties_of_the_base_report(self) -> None:
        assert initial(report()) == {
            "US-6": 15,
            "EU-4": 15,
            "CN-4": 15,
            "JP-4": 15,
            "UK-3": 15,
            "CA-4": 15,
        }


class TestIncompleteFields:
    def test_a_grade_without_its_edition_is_taken(self) -> None:
        (only,) = outcomes(report(reactions=reaction(grade={"grade": 3})))

        assert only.version is not None
        assert [(event["grade"], event["ctcae"]) for event in only.version.events] == [
            (3, "unknown")
        ]

    def test_the_name_of_an_assessor_stays_out_of_paths(self) -> None:
        told = [answers(investigator="related")[0] | {"source": "Dr Marked Name"}]
        (only,) = outcomes(report(relatedness=told))

        assert only.version is not None
        assert b"Marked" not in orjson.dumps(only.version.trace)


class TestVoidCase:
    def test_a_report_for_a_void_case_alerts_with_the_earliest_due_date(self) -> None:
        # the shortest limit of any rulebook is the same day: Chinese deaths
        late = follow_up(
            "m10", "2026-03-25", reactions=[{"reaction_id": "r1", "outcome": "unknown"}]
        )
        last = outcomes(report(), nullification(), late)[-1]

        assert [(alert.kind, str(alert.due)) for alert in last.alerts] == [
            ("report_after_nullification", "2026-03-25")
        ]
