"""
Can every row of a rulebook ever decide, and is there no hole between editions?

The rows are asked about every kind of reaction there is: seriousness, expectedness,
whose answer relates it, where it occurred, whether it has just become worse. A row
that never has the shortest limit for any of its recipients is unreachable. Where
rows decide a kind of reaction in an earlier and in a later time but not between, a
day is missing in somebody's dates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from safety.rulebooks.model import Criteria, Related, Rule


@dataclass(frozen=True, slots=True)
class _Reaction:
    """One kind of reaction, with every fact known."""

    context: str
    at_home: bool
    answers: frozenset[Related]  # the questions about the relation that it answers with yes
    unexpected: bool
    serious: bool
    fatal: bool
    fatal_or_life_threatening: bool
    became: bool


_ANSWERS = (
    frozenset(Related),
    frozenset(Related) - {Related.SPONSOR},
    frozenset({Related.NOT_RULED_OUT}),
)
_GRAVITY = (  # serious, fatal, fatal or life-threatening, became so: what can be together
    (False, False, False, False),
    (True, False, False, False),
    (True, False, True, False),
    (True, False, True, True),
    (True, True, True, False),
    (True, True, True, True),
)


def find_rule_faults(rules: Sequence[Rule]) -> Iterator[str]:
    """Name each row that can never decide, and each hole in time between editions."""
    reachable: set[str] = set()
    holes: dict[tuple[date, date], str] = {}
    for reaction in _reactions(rules):
        firing = [rule for rule in rules if _fires(rule, reaction)]
        for recipient in {each for rule in firing for each in rule.recipients}:
            told = [rule for rule in firing if recipient in rule.recipients]
            reachable.update(rule.rule_id for rule in told if _decides(rule, told))
        for hole in _holes(firing):
            holes.setdefault(hole, reaction.context)
    for rule in rules:
        if rule.rule_id not in reachable:
            yield (
                f"row {rule.rule_id} is unreachable: its criteria exclude each other, or another"
                " row for the same recipients always stands before it"
            )
    for (first, last), context in sorted(holes.items()):
        yield f"no row decides a report of context {context} from {first} to {last}: close the gap"


def _reactions(rules: Sequence[Rule]) -> Iterator[_Reaction]:
    contexts = sorted({context for rule in rules for context in rule.contexts})
    home = unexpected = (True, False)
    for context, here, answers, new, gravity in product(
        contexts, home, _ANSWERS, unexpected, _GRAVITY
    ):
        yield _Reaction(context, here, answers, new, *gravity)


def _fires(rule: Rule, reaction: _Reaction) -> bool:
    return (
        reaction.context in rule.contexts
        and (rule.origin == "any" or (rule.origin == "foreign") is not reaction.at_home)
        and rule.related in reaction.answers
        and _meets(rule.criteria, reaction)
        and (not rule.any_of or any(_meets(one, reaction) for one in rule.any_of))
        and (reaction.became or not rule.only_when_it_became)
    )


def _meets(criteria: Criteria, reaction: _Reaction) -> bool:
    asked = (
        (criteria.serious, reaction.serious),
        (criteria.unexpected, reaction.unexpected),
        (criteria.fatal, reaction.fatal),
        (criteria.fatal_or_life_threatening, reaction.fatal_or_life_threatening),
    )
    return all(wanted is None or wanted is value for wanted, value in asked)


def _decides(rule: Rule, told: Sequence[Rule]) -> bool:
    """Whether the row has the shortest limit on at least one day; see `deadlines.clocks`."""
    before = [other for other in told if _place(other) < _place(rule)]
    day = rule.valid_from
    while True:
        over = [other for other in before if other.in_force(day)]
        if not over:
            return True
        last = max(other.valid_to for other in over)
        if last >= rule.valid_to:
            return False
        day = last + timedelta(days=1)


def _place(rule: Rule) -> tuple[int, bool, str]:
    return (rule.days, not rule.only_when_it_became, rule.rule_id)


def _holes(firing: Sequence[Rule]) -> Iterator[tuple[date, date]]:
    """Give the first and last day of each hole between the rows' times."""
    reached: date | None = None
    for rule in sorted(firing, key=lambda rule: rule.valid_from):
        if reached is not None and rule.valid_from - reached > timedelta(days=1):
            yield reached + timedelta(days=1), rule.valid_from - timedelta(days=1)
        reached = rule.valid_to if reached is None else max(reached, rule.valid_to)
