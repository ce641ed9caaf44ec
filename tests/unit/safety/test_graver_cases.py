"""
A graver input never turns what is reported into what is not, nor makes it later.

Whole cases through the whole pipeline, drawn from pinned seeds so that every run asks the same; and
the proof that the law has teeth: one wrong row of one rulebook breaks it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from safety.knowledge import Knowledge
from safety.rulebooks import Rule, Rulebook, load_rulebooks
from tests.support.decisions import knowledge
from tests.support.gravity import CONTEXTS, CRITERIA, REGIONS, Drawn, first_due, lost

SEEDS = range(48)  # pinned: every run asks the same
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


def draw(seed: int) -> Drawn:
    chance = Random(seed)  # noqa: S311 - reproducible, not secret
    return Drawn(
        term=chance.choice(TERMS),
        day=chance.choice(DAYS),
        country=chance.choice(COUNTRIES),
        context=tuple(CONTEXTS)[seed % len(CONTEXTS)],
        criteria=frozenset(name for name in CRITERIA if chance.random() < 0.2),
        grade=chance.choice((None, 1, 2, 3)),
        fatal=False,
        investigator=chance.randrange(3),
        sponsor=chance.randrange(3),
        expected=frozenset(REGIONS if chance.random() < 0.3 else ()),
    )


def faults(
    seeds: Sequence[int], known: Knowledge, *, country: str | None = None
) -> Iterator[tuple[int, Drawn]]:
    """Give the graver cases that are reported to fewer or later."""
    for seed in seeds:
        case = draw(seed)
        case = replace(case, country=country or case.country)
        yield from ((seed, worse) for worse in lost(case, known))


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
