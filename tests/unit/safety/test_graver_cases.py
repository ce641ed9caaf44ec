"""
A graver input never turns what is reported into what is not, nor makes it later.

Whole cases through the whole pipeline, drawn from pinned seeds so that every run asks the same; and
the proof that the law has teeth: one wrong row of one rulebook breaks it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

import pytest

from safety.case import Report
from safety.knowledge import Knowledge
from safety.pipeline import advance, begin
from safety.rulebooks import Rule, Rulebook, load_rulebooks
from tests.support.decisions import NOW, knowledge
from tests.support.reports import answers, decision, reaction, report

SEEDS = range(48)  # pinned: every run asks the same
CRITERIA = ("death", "life_threatening", "hospitalisation", "disability", "other_important")
# listed in kind and gravity, listed up to a grade, listed nowhere, disease, of no dictionary
TERMS = (
    "Diarrhoea",
    "Hand-foot skin reaction",
    "Gastric haemorrhage",
    "Pulmonary embolism",
    "Hepatic failure",
    "Ascites",
    "xqzv wplk",
)
DAYS = ("2014-05-06", "2016-09-01", "2019-06-03", "2024-02-20", "2026-03-02")
COUNTRIES = ("CN", "DE", "US", "JP", "GB", "CA", "CH")
STUDIES: tuple[dict[str, Any], ...] = (
    {},  # SECURE
    {"study": {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "1"}},
    {"study": None, "report_type": "spontaneous"},
)
ANSWERS = ("not related", None, "related")  # from the mildest on
REGIONS = ("EU", "US", "CN", "CH")


@dataclass(frozen=True)
class Drawn:
    """One case, as far as gravity goes."""

    term: str
    day: str
    country: str
    study: int
    criteria: frozenset[str]
    grade: int | None
    fatal: bool
    investigator: int  # place in ANSWERS
    sponsor: int
    expected: frozenset[str] = field(default_factory=frozenset)  # regions, decided at the desk


def draw(seed: int) -> Drawn:
    chance = Random(seed)  # noqa: S311 - reproducible, not secret
    return Drawn(
        term=chance.choice(TERMS),
        day=chance.choice(DAYS),
        country=chance.choice(COUNTRIES),
        study=seed % len(STUDIES),
        criteria=frozenset(name for name in CRITERIA if chance.random() < 0.2),
        grade=chance.choice((None, 1, 2, 3)),
        fatal=False,
        investigator=chance.randrange(3),
        sponsor=chance.randrange(3),
        expected=frozenset(REGIONS if chance.random() < 0.3 else ()),
    )


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
        **STUDIES[case.study],
    )
    for region in sorted(case.expected):
        action = {"kind": "assess_listedness", "reaction_id": "r1", "region": region}
        yield decision(f"desk-{region}", {**action, "expected": True}, day=case.day)


def first_due(case: Drawn, known: Knowledge) -> dict[tuple[str, str], date]:
    """The earliest report to each recipient, under whatever duty."""
    live = begin("EDC:1")
    for message in messages(case):
        live = advance(live, message, known, now=NOW).case
    found: dict[tuple[str, str], date] = {}
    for duty in live.obligations:
        key = (duty.authority, duty.recipient)
        found[key] = min(duty.due, found.get(key, duty.due))
    return found


def faults(
    seeds: Sequence[int], known: Knowledge, *, country: str | None = None
) -> Iterator[tuple[int, Drawn]]:
    """Give the graver cases that are reported to fewer or later."""
    for seed in seeds:
        case = draw(seed)
        case = replace(case, country=country or case.country)
        milder = first_due(case, known)
        for worse in graver(case) if milder else ():
            now = first_due(worse, known)
            if not milder.keys() <= now.keys() or any(now[to] > due for to, due in milder.items()):
                yield seed, worse


class TestGraverCases:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_are_never_reported_to_fewer_nor_later(self, seed: int) -> None:
        assert list(faults([seed], knowledge())) == []

    def test_are_not_vacuous(self) -> None:
        reported = [bool(first_due(draw(seed), knowledge())) for seed in SEEDS]

        assert reported.count(True) >= 25


def wrong(rule: Rule) -> Rule:
    """Give the rule with its one condition on seriousness the wrong way round."""
    return replace(rule, criteria=replace(rule.criteria, serious=False))


def without(book: Rulebook, rule: Rule) -> Rulebook:
    return replace(book, rules=tuple(wrong(each) if each is rule else each for each in book.rules))


BOOKS = load_rulebooks()


# One row of each rulebook, of those that ask for a serious reaction.
ROWS = ("US-5", "EU-4", "CN-4", "JP-2a", "UK-3", "CA-3", "CH-1")


class TestOneWrongRow:
    @pytest.mark.parametrize("rule_id", ROWS)
    def test_breaks_the_law(self, rule_id: str) -> None:
        book, rule = next((b, r) for b in BOOKS for r in b.rules if r.rule_id == rule_id)
        known = replace(knowledge(), rulebooks=(without(book, rule),))

        assert next(faults(SEEDS, known, country=min(book.home)), None) is not None

    def test_is_tried_in_every_rulebook(self) -> None:
        tried = {book.name for book in BOOKS for rule in book.rules if rule.rule_id in ROWS}

        assert tried == {book.name for book in BOOKS}
