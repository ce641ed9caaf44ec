"""Cases as far as gravity goes, what is graver by one thing, and when each is first due to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from safety.case import Report
from safety.knowledge import Knowledge
from safety.pipeline import LiveCase, advance, begin
from safety.rulebooks import Duty
from tests.support.decisions import NOW
from tests.support.reports import answers, decision, follow_up, reaction, report

CRITERIA = ("death", "life_threatening", "hospitalisation", "disability", "other_important")
CONTEXTS: Mapping[str, Mapping[str, Any]] = {
    "nis": {},  # SECURE
    "trial": {"study": {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "1"}},
    "spontaneous": {"study": None, "report_type": "spontaneous"},
}
ANSWERS = ("not related", None, "related")  # from the mildest on
REGIONS = ("EU", "US", "CN", "CH")


@dataclass(frozen=True)
class Drawn:
    """One case, as far as gravity goes; `becomes` holds criteria that a follow-up adds."""

    term: str
    day: str
    country: str
    context: str
    criteria: frozenset[str]
    grade: int | None
    fatal: bool
    investigator: int  # place in ANSWERS
    sponsor: int
    expected: frozenset[str] = field(default_factory=frozenset)  # regions, decided at the desk
    becomes: frozenset[str] = field(default_factory=frozenset)


def graver(case: Drawn) -> Iterator[Drawn]:
    """Give the same case with one thing graver."""
    for criterion in CRITERIA:
        if criterion not in case.criteria:
            yield replace(case, criteria=case.criteria | {criterion})
    yield replace(case, fatal=True)
    for grade in range((case.grade or 0) + 1, 6):
        yield replace(case, grade=grade)
    if case.investigator < 2:
        yield replace(case, investigator=case.investigator + 1)
    if case.sponsor < 2:
        yield replace(case, sponsor=case.sponsor + 1)
    if case.expected:
        yield replace(case, expected=frozenset())


def messages(case: Drawn) -> Iterator[Report]:
    told: dict[str, Any] = {
        "term": {"text": case.term, "language": "en"},
        "seriousness": dict.fromkeys(sorted(case.criteria), True) or None,
        "grade": None if case.grade is None else {"grade": case.grade, "ctcae": "4.03"},
        "outcome": "fatal" if case.fatal else None,
        "country": case.country,
        "onset": {"value": case.day, "precision": "day"},
    }
    yield report(
        received_at=f"{case.day}T09:00:00+08:00",
        most_recent_information=case.day,
        reactions=reaction(**told),
        relatedness=answers(investigator=ANSWERS[case.investigator], sponsor=ANSWERS[case.sponsor])
        or None,
        **CONTEXTS[case.context],
    )
    for region in sorted(case.expected):
        action = {"kind": "assess_listedness", "reaction_id": "r1", "region": region}
        yield decision(f"desk-{region}", {**action, "expected": True}, day=case.day)
    if case.becomes:
        later = (date.fromisoformat(case.day) + timedelta(days=3)).isoformat()
        told = {"reaction_id": "r1", "seriousness": dict.fromkeys(sorted(case.becomes), True)}
        head = {"report_type": "study"} | dict(CONTEXTS[case.context])
        yield follow_up("later", later, reactions=[told], **head)


def _decided(case: Drawn, known: Knowledge) -> LiveCase:
    live = begin("EDC:1")
    for message in messages(case):
        live = advance(live, message, known, now=NOW).case
    return live


def rules_of(case: Drawn, known: Knowledge) -> set[str]:
    """Give the rules that a duty of the case rests on."""
    return {duty.rule_id for duty in _decided(case, known).obligations}


def lost(case: Drawn, known: Knowledge) -> Iterator[Drawn]:
    """
    Give what is graver than a case by one thing and is reported to fewer, or later.

    What a downgrade leaves of the case is not asked of the graver one: it tells those who were
    told before that the case is no longer what it was.
    """
    before = first_due(case, known, downgrades=False)
    for worse in graver(case) if before else ():
        now = first_due(worse, known)
        if any(now.get(to, date.max) > due for to, due in before.items()):
            yield worse


def first_due(
    case: Drawn, known: Knowledge, *, downgrades: bool = True
) -> dict[tuple[str, str], date]:
    """The earliest report to each recipient, under whatever duty."""
    live = _decided(case, known)
    found: dict[tuple[str, str], date] = {}
    for duty in live.obligations:
        if duty.duty is Duty.DOWNGRADE and not downgrades:
            continue
        key = (duty.authority, duty.recipient)
        found[key] = min(duty.due, found.get(key, duty.due))
    return found
