"""
Every case of the manual's page of due dates, run against the code that decides.

The dates of `tests/data/deadlines/*.csv` were counted by hand from the regulatory brief, sections
1.1 to 1.6; each row says how. Pulmonary embolism is in no label, diarrhoea and (also when fatal)
gastrointestinal haemorrhage are in all of them: section 4.3.
"""

from typing import Any

import pytest

from desk.cli.deadline_cases import DeadlineCase, read_cases
from safety.case import Report
from safety.deadlines import Obligation
from tests.support.decisions import obligations
from tests.support.reports import (
    BASE,
    answers,
    correction,
    follow_up,
    nullification,
    reaction,
    report,
)

CASES = tuple(read_cases())
TERMS = {
    "unlisted": "Pulmonary embolism",
    "listed": "Diarrhoea",
    "listed-fatal": "Gastrointestinal haemorrhage",
    "unknown": "xqzv wplk",
}
ANSWERS = {"yes": "related", "no": "not related", "-": None}
CONTEXTS: dict[str, dict[str, Any]] = {
    "nis": {},
    "trial": {"study": {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "1"}},
    "compassionate": {"study": {"study_id": "X-2", "study_type": "individual_use"}},
    "spontaneous": {"study": None, "report_type": "spontaneous"},
    "literature": {"study": None, "report_type": "spontaneous", "literature": True},
}


def first_report(told: dict[str, str]) -> Report:
    received = told["received"]
    investigator, _, sponsor = told["views"].partition("/")
    criteria = () if told["criteria"] == "none" else (told["criteria"],)
    return report(
        received_at=received if "T" in received else f"{received}T09:00:00+08:00",
        office_zone=told["zone"],
        most_recent_information=received[:10],
        reactions=reaction(
            term={"text": TERMS[told["event"]], "language": "en"},
            seriousness=dict.fromkeys(criteria, True) or None,
            outcome="fatal" if "death" in criteria else "unknown",
            country=told["country"],
            onset=None,
        ),
        relatedness=answers(investigator=ANSWERS[investigator], sponsor=ANSWERS[sponsor]) or None,
        **CONTEXTS[told["context"]],
    )


def later_reports(told: dict[str, str]) -> list[Report]:
    if not told["then"]:
        return []
    day, _, what = told["then"].partition(" ")
    head = {"report_type": "study"} | CONTEXTS[told["context"]]
    known = {"reaction_id": "r1"}
    harmless = [known | {"seriousness": {"hospitalisation": {"null": "NI"}}}]
    if what.startswith("nullified-"):
        return [nullification(reason=what.removeprefix("nullified-"), day=day)]
    if what == "corrected-harmless":
        return [correction(day=day, reactions=harmless)]
    if what.startswith("corrected-known-"):
        earlier = what.removeprefix("corrected-known-")
        return [correction(day=day, awareness=[{"channel": "site_monitor", "day": earlier}])]
    changes: dict[str, list[dict[str, Any]]] = {
        "new-reaction": reaction(reaction_id="r2", term={"text": "Diarrhoea", "language": "en"}),
        "recovering": [known | {"outcome": "recovering"}],
        "hospitalised": [known | {"seriousness": {"hospitalisation": True}}],
        "died": [known | {"seriousness": {"death": True}, "outcome": "fatal"}],
        "harmless": harmless,
    }
    return [follow_up(day=day, reactions=changes[what], **head)]


def expected_of(case: DeadlineCase, found: tuple[Obligation, ...]) -> list[Obligation]:
    authority, _, recipient = case.to.partition("/")
    return [
        duty
        for duty in found
        if duty.authority == authority
        and duty.duty.value == case.duty
        and recipient in {"", duty.recipient}
    ]


def test_there_are_at_least_150_cases_of_which_none_is_told_twice() -> None:
    told = [(tuple(case.told.values())[:8], case.to, case.duty, case.rule) for case in CASES]

    assert len(told) >= 150
    assert len(told) == len(set(told))
    assert all(case.counted and case.told["received"] <= "2026-11-22" for case in CASES)
    assert BASE["received_at"].startswith("2026-03-02T09:00")


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.chapter}-{c.line}-{c.to}-{c.rule}")
def test_a_duty_is_due_on_the_day_counted_by_hand(case: DeadlineCase) -> None:
    found = expected_of(case, obligations(first_report(case.told), *later_reports(case.told)))

    if case.rule == "none":
        assert found == []
        return
    rests_on_it = {
        (d.day_zero.isoformat(), d.due.isoformat(), "decided" if d.decided else "conservative")
        for d in found
        if d.rule_id == case.rule
    }
    assert rests_on_it == {(case.day_zero, case.due, case.state)}
