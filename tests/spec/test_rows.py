"""
Every row of every rulebook is pinned by a case counted by hand.

A row is broken in each way that a slip of the pen could break it; at least one case of the manual's
page of due dates must notice.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from safety.deadlines import Obligation
from safety.deadlines.what_if import replace_rulebook
from safety.knowledge import Knowledge
from safety.pipeline import advance, begin
from safety.rulebooks import Rule, load_rulebooks
from safety.rulebooks.model import Criteria, Related
from tests.spec.test_deadlines import CASES, expected_of, first_report, later_reports
from tests.support.decisions import NOW, knowledge

RULES = {rule.rule_id: rule for book in load_rulebooks() for rule in book.rules}
ONE_DAY = timedelta(days=1)


def criteria_of(rule: Rule) -> Iterator[tuple[str, bool]]:
    for name in Criteria.__dataclass_fields__:
        value = getattr(rule.criteria, name)
        if value is not None:
            yield name, value


def slips(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Give the row broken in every way."""
    yield "a day more", replace(rule, days=rule.days + 1)
    if rule.days:
        yield "a day less", replace(rule, days=rule.days - 1)
    for name, value in criteria_of(rule):
        turned = replace(rule.criteria, **{name: not value})
        yield f"{name} turned round", replace(rule, criteria=turned)
    if rule.origin != "any":
        other = "domestic" if rule.origin == "foreign" else "foreign"
        yield "origin turned round", replace(rule, origin=other)
    yield "never law", replace(rule, valid_from=rule.valid_to, valid_to=rule.valid_to - ONE_DAY)
    if rule.complete_after_days is not None:
        yield "complete a day more", replace(rule, complete_after_days=rule.complete_after_days + 1)
    if rule.investigation_days is not None:
        yield (
            "investigation a day more",
            replace(rule, investigation_days=rule.investigation_days + 1),
        )
    if rule.related is Related.SPONSOR:
        yield "anybody relates it", replace(rule, related=Related.ANY_PARTY)


def broken(rule: Rule) -> Knowledge:
    (book,) = [each for each in knowledge().rulebooks if each.name == rule.authority]
    rules = tuple(rule if each.rule_id == rule.rule_id else each for each in book.rules)
    return replace_rulebook(knowledge(), replace(book, rules=rules))


def notices(rule: Rule) -> bool:
    """Whether a case expects something else than the broken row gives."""
    rules = broken(rule)
    for case in CASES:
        if case.to.partition("/")[0] != rule.authority:
            continue
        live = begin("EDC:16621-01-001-AE01")
        for told in (first_report(case.told), *later_reports(case.told)):
            live = advance(live, told, rules, now=NOW).case
        if _differs(expected_of(case, live.obligations), case.rule, case.due):
            return True
    return False


def _differs(found: list[Obligation], rule: str, due: str) -> bool:
    if rule == "none":
        return found != []
    return {duty.due.isoformat() for duty in found if duty.rule_id == rule} != {due}


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_a_case_rests_on_every_row(rule_id: str) -> None:
    assert rule_id in {case.rule for case in CASES}


@pytest.mark.parametrize(
    ("rule_id", "slip"),
    [(rule_id, slip) for rule_id in sorted(RULES) for slip, _ in slips(RULES[rule_id])],
)
def test_a_slip_in_a_row_is_noticed(rule_id: str, slip: str) -> None:
    wrong = dict(slips(RULES[rule_id]))[slip]

    assert notices(wrong)
