"""
For every row of every rulebook: what is graver than a case of the row is reported as soon at least.

The cases are made from the rows themselves, so a new row has its own at once; each row's case and
the ones milder by one thing are followed by all that are graver by one thing. One book at a time,
so that no other authority's duty hides a loss. What the law cannot see, as it leaves nothing milder
reported, the cases counted by hand of `tests/spec/test_rows.py` must; that is shown here too.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from safety.knowledge import Knowledge
from safety.rulebooks import Rule, Rulebook, load_rulebooks
from tests.spec.test_rows import notices
from tests.support.decisions import knowledge
from tests.support.gravity import REGIONS, Drawn, lost, rules_of
from tests.unit.safety.test_graver_cases import without

BOOKS = {rule.rule_id: book for book in load_rulebooks() for rule in book.rules}
RULES = {rule.rule_id: rule for book in load_rulebooks() for rule in book.rules}
DAYS = tuple(
    map(date.fromisoformat, ("2026-03-02", "2024-02-20", "2019-06-03", "2016-09-01", "2014-05-06"))
)

# What is milder than their cases is reported no sooner without them, so nothing breaks the law.
# US-1: serious at all is 15 days by US-2. EU-3: EU-1 applies from the same step. JP-3: a death is
# 15 days by JP-4 too. JP-2b: what is expected and not life-threatening is not reported in a trial.
NO_LOSS_BELOW = frozenset({"US-1", "JP-2b", "JP-3", "EU-3"})
CONTEXT_NAMES = ("trial", "spontaneous", "nis_primary")


def case_of(rule: Rule) -> Drawn:
    """Make a case for which a row fires."""
    asked = rule.criteria
    criteria = {"hospitalisation"} if asked.serious else set()
    if asked.fatal_or_life_threatening:
        criteria = {"life_threatening"}
    if asked.fatal:
        criteria = {"death"}
    home = min(BOOKS[rule.rule_id].home)
    return Drawn(
        term="Diarrhoea" if asked.unexpected is False else "Pulmonary embolism",
        day=next(day for day in (*DAYS, rule.valid_from) if rule.in_force(day)).isoformat(),
        country={"foreign": "DE" if home != "DE" else "CN", "eu": "DE"}.get(rule.origin, home),
        context=next(name for name in CONTEXT_NAMES if name in rule.contexts).removesuffix(
            "_primary"
        ),
        criteria=frozenset({"hospitalisation"} if rule.only_when_it_became else criteria),
        grade=None,
        fatal=bool(asked.fatal),
        investigator=2,
        sponsor=2,
        becomes=frozenset(criteria) if rule.only_when_it_became else frozenset(),
    )


def milder(case: Drawn) -> Iterator[Drawn]:
    """Give the case, and the same with one thing milder."""
    yield case
    for criterion in case.criteria:
        yield replace(case, criteria=case.criteria - {criterion}, fatal=False)
    if case.criteria & {"death", "life_threatening"}:
        yield replace(case, criteria=frozenset({"hospitalisation"}), fatal=False)
    yield replace(case, investigator=case.investigator - 1)
    yield replace(case, sponsor=0)
    yield replace(case, expected=frozenset(REGIONS))
    yield replace(case, expected=frozenset(REGIONS), criteria=frozenset(), fatal=False)


def only(book: Rulebook) -> Knowledge:
    """Give the knowledge with one rulebook."""
    return replace(knowledge(), rulebooks=(book,))


def losses(rule: Rule, known: Knowledge) -> Iterator[tuple[Drawn, Drawn]]:
    """Give each case with a graver one that is reported to fewer, or later."""
    for case in milder(case_of(rule)):
        yield from ((case, worse) for worse in lost(case, known))


class TestEveryRow:
    @pytest.mark.parametrize("rule_id", sorted(RULES))
    def test_has_a_case_for_which_it_fires(self, rule_id: str) -> None:
        assert rule_id in rules_of(case_of(RULES[rule_id]), only(BOOKS[rule_id]))

    @pytest.mark.parametrize("rule_id", sorted(RULES))
    def test_reports_what_is_graver_to_as_many_and_as_soon(self, rule_id: str) -> None:
        assert list(losses(RULES[rule_id], only(BOOKS[rule_id]))) == []


SERIOUS = sorted(rule.rule_id for rule in RULES.values() if rule.criteria.serious)


class TestOneWrongRow:
    @pytest.mark.parametrize("rule_id", SERIOUS)
    def test_breaks_the_law_or_a_case_counted_by_hand(self, rule_id: str) -> None:
        rule, book = RULES[rule_id], BOOKS[rule_id]
        broken = without(book, next(each for each in book.rules if each.rule_id == rule_id))
        by_law = next(losses(rule, only(broken)), None) is not None
        (wrong,) = [each for each in broken.rules if each.rule_id == rule_id]

        assert by_law is (rule_id not in NO_LOSS_BELOW)
        assert notices(wrong)
