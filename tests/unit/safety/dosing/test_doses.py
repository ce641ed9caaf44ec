"""Doses of a case against those of the label: 800, 400 and 200 mg a day (regulatory facts 4.4)."""

from typing import Any

import pytest

from safety.dosing import check_dosing
from safety.profiles import load_product
from tests.support.reports import fold_all, reaction, report

PRODUCT = load_product()


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "month" if len(value) == len("2026-01") else "day"}


def dose(
    start: str, end: str | None = None, mg: int = 400, hours: int | None = 12
) -> dict[str, Any]:
    told: dict[str, Any] = {"dose": {"value": mg, "unit": "mg"}, "start": day(start)}
    if hours is not None:
        told["interval"] = {"value": hours, "unit": "h"}
    if end is not None:
        told["end"] = day(end)
    return told


def codes(*doses: dict[str, Any], name: str = "sorafenib", action: str | None = None) -> list[str]:
    drug: dict[str, Any] = {
        "drug_id": "d1",
        "role": "suspect",
        "name": name,
        "doses": [told | {"dose_id": str(place)} for place, told in enumerate(doses, start=1)],
    }
    if action is not None:
        drug["action_taken"] = action
    told = reaction(onset={"value": "2026-02-10", "precision": "day"})
    state = fold_all(report(drugs=[drug], reactions=told)).state
    return [finding.code for finding in check_dosing(state, PRODUCT)]


class TestCheckDosing:
    @pytest.mark.parametrize(
        ("mg", "hours", "found"),
        [
            (400, 12, []),  # 800 mg
            (400, 24, []),  # 400 mg
            (400, 48, []),  # 200 mg
            (200, 12, []),  # 400 mg
            (0, 24, []),  # an interruption
            (200, 8, ["dose_not_of_label"]),  # 600 mg, as some hospitals give
            (800, 12, ["dose_not_of_label"]),
            (400, None, ["dose_not_understood"]),
        ],
    )
    def test_a_dose_of_a_day_that_the_label_does_not_know_is_asked_for(
        self, mg: int, hours: int | None, found: list[str]
    ) -> None:
        assert codes(dose("2026-01-01", mg=mg, hours=hours)) == found

    def test_other_drugs_are_not_checked(self) -> None:
        assert codes(dose("2026-01-01", mg=75, hours=24), name="aspirin") == []

    def test_a_unit_that_is_not_understood_is_said(self) -> None:
        told = dose("2026-01-01") | {"dose": {"value": 2, "unit": "tablets"}}

        assert codes(told) == ["dose_not_understood"]

    def test_a_dose_that_was_not_told_is_no_finding(self) -> None:
        assert codes({"start": day("2026-01-01")}) == []

    @pytest.mark.parametrize(
        ("start", "end", "found"),
        [
            ("2026-01-10", "2026-01-09", ["dose_ends_before_start"]),
            ("2026-01-10", "2026-01", []),
            ("2026-02", "2026-01-31", ["dose_ends_before_start"]),
        ],
    )
    def test_a_dose_surely_ending_before_it_begins_is_a_contradiction(
        self, start: str, end: str, found: list[str]
    ) -> None:
        assert codes(dose(start, end)) == found

    @pytest.mark.parametrize(
        ("second", "found"),
        [
            ("2026-01-21", []),
            ("2026-01-20", []),
            ("2026-01-19", ["doses_overlap"]),
            ("2026-01", []),
        ],
    )
    def test_doses_may_share_the_day_of_the_change_and_no_more(
        self, second: str, found: list[str]
    ) -> None:
        assert codes(dose("2026-01-01", "2026-01-20"), dose(second, mg=200)) == found
        assert codes(dose(second, mg=200), dose("2026-01-01", "2026-01-20")) == found

    # the reaction begins on 10 February
    STEADY = (dose("2026-01-01"),)
    STOPPED = (dose("2026-01-01", "2026-02-11"),)
    REDUCED = (dose("2026-01-01", "2026-02-11"), dose("2026-02-12", hours=24))
    RESUMED_LOWER = (dose("2026-01-01", "2026-02-11"), dose("2026-02-20", hours=24))
    RESUMED = (dose("2026-01-01", "2026-02-11"), dose("2026-02-20"))
    REDUCED_BEFORE = (dose("2026-01-01", "2026-01-20"), dose("2026-01-21", hours=24))

    @pytest.mark.parametrize(
        ("doses", "action", "agrees"),
        [
            (STEADY, "dose_not_changed", True),
            (STOPPED, "dose_not_changed", False),
            (REDUCED, "dose_not_changed", False),
            (REDUCED_BEFORE, "dose_not_changed", True),
            (REDUCED, "dose_reduced", True),
            (RESUMED_LOWER, "dose_reduced", True),
            (RESUMED, "dose_reduced", False),
            (REDUCED_BEFORE, "dose_reduced", False),
            (STEADY, "dose_reduced", True),  # the new dose may not be told yet
            (STOPPED, "withdrawn", True),
        ],
    )
    def test_the_action_taken_shows_in_the_doses(
        self, doses: tuple[dict[str, Any], ...], action: str, *, agrees: bool
    ) -> None:
        found = codes(*doses, action=action)

        assert found == ([] if agrees else ["action_taken_disagrees"])

    @pytest.mark.parametrize(
        ("doses", "onset"), [((), "2026-02-10"), ((dose("2026-01-01", "2026-02-11"),), None)]
    )
    def test_without_onset_or_doses_the_action_cannot_be_compared(
        self, doses: tuple[dict[str, Any], ...], onset: str | None
    ) -> None:
        drug = {
            "drug_id": "d1",
            "role": "suspect",
            "name": "sorafenib",
            "action_taken": "dose_not_changed",
            "doses": [told | {"dose_id": "1"} for told in doses],
        }
        told = reaction(onset=None if onset is None else day(onset))
        state = fold_all(report(drugs=[drug], reactions=told)).state

        assert check_dosing(state, PRODUCT) == ()

    def test_no_message_repeats_a_dose(self) -> None:
        drug = {
            "drug_id": "d1",
            "role": "suspect",
            "name": "Nexavar",
            "doses": [dose("2026-01-01", mg=613, hours=24) | {"dose_id": "1"}],
        }
        (found,) = check_dosing(fold_all(report(drugs=[drug])).state, PRODUCT)

        assert found.path == "drugs/d1/doses/1.dose"
        assert "613" not in found.message
