"""
Study records of one subject, folded. Figures by hand.

The criterion is FDA's of 2009 (regulatory facts 3.5): ALT from 3 x ULN, bilirubin above 2 x ULN on
the same day or later, ALP below 2 x ULN.
"""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.alerts import Alert
from safety.subjects import (
    LiveSubject,
    SubjectFact,
    SubjectVersion,
    advance_subject,
    begin_subject,
    read_fact,
)
from tests.support.decisions import NOW, knowledge

LABORATORY = "pv.laboratory.recorded.v1"
EXPOSURE = "pv.exposure.recorded.v1"
CONCOMITANT = "pv.concomitant.recorded.v1"


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def fact(kind: str, record_id: str, order: int = 1, **data: Any) -> SubjectFact:
    return read_fact(
        f"test {record_id}-{order}",
        kind=kind,
        record_id=record_id,
        order=f"2026-03-0{order}",
        data=data,
        synthetic=False,
    )


def laboratory(test: str, times_uln: str, on: str = "2026-03-02", **changes: Any) -> SubjectFact:
    unit = "umol/L" if test == "BILI" else "U/L"
    order = changes.pop("order", 1)
    data = {
        "test": test,
        "collected": day(on),
        "result": {"value": str(float(times_uln) * 40), "unit": unit},
        "high": "40",
        **changes,
    }
    return fact(LABORATORY, f"{test}-{on}", order, **data)


def dose(value: int, record_id: str = "EX1", start: str = "2026-02-01") -> SubjectFact:
    return fact(
        EXPOSURE,
        record_id,
        drug="sorafenib",
        dose={"value": str(value), "unit": "mg"},
        per_day=2,
        every_days=1,
        start=day(start),
    )


ALT, BILIRUBIN, ALP = laboratory("ALT", "8"), laboratory("BILI", "2.5"), laboratory("ALP", "1.1")
WARFARIN = fact(CONCOMITANT, "CM1", treatment="Warfarin 2.5 mg")


def run(*facts: SubjectFact) -> tuple[LiveSubject, list[SubjectVersion], list[Alert]]:
    live = begin_subject("NCT01751763", "01-001")
    versions: list[SubjectVersion] = []
    alerts: list[Alert] = []
    for one in facts:
        outcome = advance_subject(live, one, knowledge(), now=NOW)
        live = outcome.subject
        alerts += outcome.alerts
        if outcome.version is not None:
            versions.append(outcome.version)
    return live, versions, alerts


class TestAdvanceSubject:
    def test_results_that_look_like_hys_law_are_a_version_and_an_alert(self) -> None:
        live, versions, alerts = run(ALT, ALP, BILIRUBIN)

        assert [each.liver for each in versions] == ["none", "met"]
        assert versions[1].said["transaminase"] == "ALT-2026-03-02"
        assert [alert.kind for alert in alerts] == ["potential_hys_law"]
        assert "NCT01751763/01-001" in alerts[0].text
        assert (live.version, live.records) == (2, 3)

    def test_what_lacks_a_sample_asks_for_it_first(self) -> None:
        _, versions, alerts = run(ALT, BILIRUBIN, ALP)

        assert [each.liver for each in versions] == ["none", "undecided", "met"]
        assert len(alerts) == 2

    def test_a_correction_takes_it_back(self) -> None:
        corrected = laboratory("ALT", "0.8", order=2)

        _, versions, _ = run(ALT, ALP, BILIRUBIN, corrected)

        assert [each.liver for each in versions] == ["none", "met", "none"]

    def test_an_older_record_of_an_id_changes_nothing(self) -> None:
        corrected = laboratory("ALT", "0.8", order=2)

        _, versions, _ = run(corrected, ALP, BILIRUBIN, ALT)

        assert versions == []

    def test_a_liver_test_corrected_to_another_test_counts_no_more(self) -> None:
        other = fact(
            LABORATORY,
            "ALT-2026-03-02",
            2,
            test="sodium",
            collected=day("2026-03-02"),
            result={"value": "140", "unit": "mmol/L"},
        )

        states = [each.liver for each in run(ALT, ALP, BILIRUBIN, other)[1]]

        assert states == ["none", "met", "none"]
        assert run(other, ALP, BILIRUBIN, ALT)[1] == []

    def test_doses_and_interactions_are_findings(self) -> None:
        # 2 x 300 mg is no dose of the label; warfarin is listed: regulatory facts 4.4 and 4.5
        _, versions, _ = run(dose(300), WARFARIN)

        assert [f["code"] for f in versions[-1].findings] == ["dose_not_of_label", "interaction"]
        assert versions[-1].findings[1]["path"] == "pv.concomitant.recorded.v1/CM1.treatment"

    def test_a_transaminase_alone_proposes_to_interrupt_and_asks_of_other_causes(self) -> None:
        # ALT 8 x ULN with a normal baseline: regulatory facts 3.5
        tace = fact(
            CONCOMITANT,
            "CM2",
            treatment="TACE",
            start=day("2026-02-27"),
        )
        hepatitis = fact(
            "pv.subject.enrolled.v1",
            "EN",
            characteristics=[{"name": "HBsAg", "value": "positive"}],
        )

        _, versions, _ = run(tace, hepatitis, ALT)

        assert [(f["code"], f["path"]) for f in versions[-1].findings] == [
            ("liver_interrupt", f"{LABORATORY}/ALT-2026-03-02"),
            ("liver_tace", f"{CONCOMITANT}/CM2.treatment"),
            ("liver_hbv", "pv.subject.enrolled.v1/EN.characteristics.HBsAg"),
        ]

    @pytest.mark.parametrize(
        ("facts", "versions"),
        [
            ((dose(400),), 0),
            ((WARFARIN,), 0),  # without our product there is no interaction
            ((laboratory("sodium", "1"),), 0),
            ((fact("pv.subject.enrolled.v1", "EN", sex="male"),), 0),
        ],
    )
    def test_what_says_nothing_makes_no_version(
        self, facts: tuple[SubjectFact, ...], versions: int
    ) -> None:
        live, found, _ = run(*facts)

        assert len(found) == versions
        assert live.records == len(facts)

    def test_results_before_the_first_dose_are_the_baseline_marked_or_not(self) -> None:
        # baseline ALT 4 x ULN, bilirubin 1.6 x ULN: 5 and 2.5 are no doubling of either
        before = (
            laboratory("ALT", "4", "2026-01-20"),
            laboratory("BILI", "1.6", "2026-01-20"),
        )
        under = (laboratory("ALT", "5"), laboratory("BILI", "2.5"), ALP)

        assert [each.liver for each in run(*before, *under)[1]][-1:] == ["met"]
        assert [each.liver for each in run(dose(400), *before, *under)[1]] == []


RECORDS = (
    ALT,
    laboratory("ALT", "0.8", order=2),
    BILIRUBIN,
    ALP,
    laboratory("ALT", "4", "2026-01-20"),
    dose(400),
    dose(300, "EX2", "2026-02-20"),
    WARFARIN,
)


class TestOrder:
    @given(st.permutations(RECORDS))
    def test_the_same_records_say_the_same_in_every_order(self, order: list[SubjectFact]) -> None:
        expected, _, _ = run(*RECORDS)

        live, versions, _ = run(*order)

        assert (live.held, live.digest) == (expected.held, expected.digest)
        assert versions[-1].digest == expected.digest

    def test_each_version_is_sealed_with_the_one_before(self) -> None:
        for order in permutations((ALT, BILIRUBIN, ALP)):
            _, versions, _ = run(*order)
            chain = ""
            for version in versions:
                assert version.previous_chain == chain
                chain = version.chain
