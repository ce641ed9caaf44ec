"""
Does this rule apply to this reaction? Yes, no, or: it depends on a fact we do not have.

Three-valued: a condition is true, false or unknown. One false condition and the
rule does not fire; no false and one unknown, and it is undecidable; it then names
what would decide it. All conditions are about the same reaction: a serious
unrelated reaction and a related harmless one do not make a serious related case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from safety.assessment import CaseAssessment, ReactionAssessment
from safety.rulebooks import Rule, Rulebook
from safety.rulebooks.model import Criteria, Related


class Answer(StrEnum):
    """What a rule says of a reaction."""

    FIRED = "fired"
    UNDECIDABLE = "undecidable"
    NOT_FIRED = "not_fired"


class Condition(NamedTuple):
    """
    One condition of a rule; a tuple, for a message makes a hundred of them.

    Attributes:
        name: serious, related, unexpected, fatal, fatal_or_life_threatening, origin...
        wanted: What the rule asks for, in a word.
        value: What the case says: true, false, or None for unknown.
        met: Whether it is met; None for unknown.
        path: The field that says so.
    """

    name: str
    wanted: str
    value: bool | str | None
    met: bool | None
    path: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A rule's answer for one reaction, with every condition."""

    rule: Rule
    reaction: str
    answer: Answer
    conditions: tuple[Condition, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that would decide an undecidable rule."""
        return tuple(f"{c.name}: {c.path}" for c in self.conditions if c.met is None)


def evaluate(
    rule: Rule,
    book: Rulebook,
    reaction: ReactionAssessment,
    case: CaseAssessment,
    *,
    law_day: date,
    became_worse: bool,
) -> Evaluation:
    """
    Ask one rule about one reaction.

    Args:
        rule: The rule; its context is already known to fit.

        book: The rulebook it stands in.

        reaction: The reaction as assessed.

        case: The case around it.

        law_day: The day whose law counts: day zero of the report.

        became_worse: This report turned a known reaction fatal or life-threatening.
    """
    conditions = tuple(_conditions(rule, book, reaction, case, law_day, became_worse=became_worse))
    answers = [condition.met for condition in conditions]
    if False in answers:
        answer = Answer.NOT_FIRED
    elif None in answers:
        answer = Answer.UNDECIDABLE
    else:
        answer = Answer.FIRED
    return Evaluation(rule, reaction.key, answer, conditions)


def _conditions(
    rule: Rule,
    book: Rulebook,
    reaction: ReactionAssessment,
    case: CaseAssessment,
    law_day: date,
    *,
    became_worse: bool,
) -> Iterator[Condition]:
    day, since = law_day.isoformat(), rule.valid_from.isoformat()
    in_force = rule.in_force(law_day)
    yield Condition("in_force", since, day, in_force, "law day")
    if not in_force:
        return  # it is not law on that day: there is nothing else to ask
    ours = bool(case.company_drugs)
    yield Condition("our_product", "true", ours, ours, "drugs")
    if rule.origin != "any":
        met = _origin(rule.origin, book, reaction.country)
        yield Condition("origin", rule.origin, reaction.country, met, reaction.country_path)
    value = _related(rule.related, book, reaction)
    path = _related_path(rule.related, book, reaction)
    yield Condition("related", rule.related.value, value, value, path)
    yield from _criteria(rule.criteria, book, reaction)
    if rule.any_of:
        yield _any_of(rule.any_of, book, reaction)
    if rule.only_when_it_became:
        yield Condition(
            "became_fatal_or_life_threatening",
            "true",
            became_worse,
            became_worse,
            f"{reaction.path}.seriousness",
        )


def _criteria(
    criteria: Criteria, book: Rulebook, reaction: ReactionAssessment
) -> Iterator[Condition]:
    seriousness = reaction.seriousness
    told = seriousness.paths[0]
    asked: tuple[tuple[str, bool | None, bool | None, str], ...] = (
        ("serious", criteria.serious, seriousness.serious, told),
        (
            "unexpected",
            criteria.unexpected,
            None if criteria.unexpected is None else reaction.unexpected(book.label),
            _label_path(reaction, book),
        ),
        ("fatal", criteria.fatal, seriousness.fatal, told),
        (
            "fatal_or_life_threatening",
            criteria.fatal_or_life_threatening,
            seriousness.fatal_or_life_threatening,
            told,
        ),
    )
    for name, wanted, value, path in asked:
        if wanted is not None:
            met = None if value is None else value is wanted
            yield Condition(name, str(wanted).lower(), value, met, path)


def _any_of(
    alternatives: tuple[Criteria, ...], book: Rulebook, reaction: ReactionAssessment
) -> Condition:
    """True if one alternative holds, false if none can, else unknown."""
    named, results, paths = [], [], []
    for one in alternatives:
        parts = tuple(_criteria(one, book, reaction))
        met = [part.met for part in parts]
        results.append(False if False in met else (None if None in met else True))
        named.append(" and ".join(f"{part.name} {part.wanted}" for part in parts))
        paths += [part.path for part in parts]
    met_any = True if True in results else (None if None in results else False)
    return Condition("any_of", " or ".join(named), met_any, met_any, "; ".join(paths))


def _related(mode: Related, book: Rulebook, reaction: ReactionAssessment) -> bool | None:
    answers = reaction.relatedness
    if mode is Related.SPONSOR and not book.sponsor_or_any:
        return answers.sponsor
    if mode is Related.NOT_RULED_OUT:
        return answers.any_party is not False
    return answers.any_party


def _related_path(mode: Related, book: Rulebook, reaction: ReactionAssessment) -> str:
    """Name the answer that decided, or whose is missing."""
    answers = reaction.relatedness
    value = _related(mode, book, reaction)
    of_sponsor = mode is Related.SPONSOR and not book.sponsor_or_any
    for judgement in answers.judgements:
        counts = not of_sponsor or judgement.answer.assessor == "sponsor"
        if counts and value is not None and judgement.reading.related is value:
            return judgement.answer.source
    if value is True:
        return f"relatedness of {reaction.path}: implied by the kind of report"
    silent = "sponsor" if of_sponsor else " and ".join(answers.missing)
    return f"relatedness of {reaction.path}: no usable answer of the {silent}"


def _label_path(reaction: ReactionAssessment, book: Rulebook) -> str:
    if book.label in reaction.desk_expected:
        return f"{reaction.path}.desk.expected.{book.label}"
    listed = reaction.listedness[book.label]
    return f"label {listed.label_id} {listed.label_version}: {listed.reason_code.value}"


def _origin(wanted: str, book: Rulebook, country: str | None) -> bool | None:
    if country is None:
        return None
    at_home = country in book.home
    return at_home if wanted in {"domestic", "eu"} else not at_home
