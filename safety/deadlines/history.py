"""
The history of a case, judged step by step: what each report changed, which law it falls under.

Every step asks each rule that fits the context about each reaction. Steps that did
not change keep their judgement, so that one more report costs one more step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from safety.assessment import CaseAssessment
from safety.case import Awareness, CaseState, Report, Step
from safety.deadlines.evaluate import Answer, Evaluation, evaluate
from safety.deadlines.significance import NOTHING, Changes, derive_changes
from safety.rulebooks import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class AssessedStep:
    """
    One report of a case, with the state and the judgement after it.

    Attributes:
        changes: What of significance it changed.
        law_day: The day whose law counts for it.
        evaluations: What each rule of each rulebook says, by the rulebook's name.
    """

    report: Report
    state: CaseState
    assessment: CaseAssessment
    changes: Changes
    law_day: date
    evaluations: Mapping[str, tuple[Evaluation, ...]]


def last_told(steps: Sequence[AssessedStep]) -> date | None:
    """Give the last day of which a report from outside tells; None without one."""
    told = [step.report.order[0] for step in steps if step.report.from_outside]
    return date.fromisoformat(told[-1]) if told else None


def assess_steps(
    steps: Sequence[Step],
    known: Sequence[AssessedStep],
    assess: Callable[[CaseState], CaseAssessment],
    books_of: Callable[[CaseAssessment], Sequence[Rulebook]],
) -> tuple[AssessedStep, ...]:
    """
    Judge every step of a history, taking over what is known of those that did not change.

    Args:
        steps: The history.

        known: The history as judged before, which may share a beginning with it.

        assess: Judges a state.

        books_of: Gives the rulebooks that concern a case.
    """
    shared = _shared(steps, known)
    assessments = [k.assessment for k in known[:shared]]
    assessments += [assess(step.state) for step in steps[shared:]]
    changes = [k.changes for k in known[:shared]]
    changes += [_changes(steps, assessments, place) for place in range(shared, len(steps))]
    days = _law_days([step.report for step in steps], assessments, changes)
    judged: list[AssessedStep] = []
    for place, step in enumerate(steps):
        same = place < shared and known[place].law_day == days[place]
        if same and (place == 0 or judged[-1] is known[place - 1]):
            judged.append(known[place])
            continue
        before = judged[-1] if judged else None
        evaluations = {
            book.name: _ask(book, assessments[place], before, days[place])
            for book in books_of(assessments[place])
        }
        judged.append(
            AssessedStep(
                step.report,
                step.state,
                assessments[place],
                changes[place],
                days[place],
                evaluations,
            )
        )
    return tuple(judged)


def _changes(steps: Sequence[Step], assessments: Sequence[CaseAssessment], place: int) -> Changes:
    if place == 0:
        return NOTHING
    before, after = steps[place - 1], steps[place]
    return derive_changes((before.state, assessments[place - 1]), (after.state, assessments[place]))


def _shared(steps: Sequence[Step], known: Sequence[AssessedStep]) -> int:
    count = 0
    while count < min(len(steps), len(known)) and known[count].state is steps[count].state:
        count += 1
    return count


def _ask(
    book: Rulebook, case: CaseAssessment, before: AssessedStep | None, day: date
) -> tuple[Evaluation, ...]:
    """Ask every rule that fits the context about every reaction."""
    earlier = before.evaluations.get(book.name, ()) if before is not None else ()
    was = before.assessment if before is not None else None
    return tuple(
        evaluate(
            rule,
            book,
            reaction,
            case,
            law_day=day,
            became_worse=rule.only_when_it_became
            and _became_worse(rule, earlier, was, reaction.key, case),
        )
        for rule in book.rules
        if case.context.kind in rule.contexts
        for reaction in case.reactions
    )


def _law_days(
    reports: Sequence[Report],
    assessments: Sequence[CaseAssessment],
    changes: Sequence[Changes],
) -> list[date]:
    """
    Find for each step the day whose law counts.

    1. until the case is valid, and when it becomes so: its day zero;
    2. a report from outside with significant information: the day it was known;
    3. any other: the day of the step before.
    """
    first = next((n for n, judged in enumerate(assessments) if judged.validity.valid), None)
    days: list[date] = []
    for place, report in enumerate(reports):
        if first is None or place < first:
            days.append(report.aware)
        elif place == first:
            days.append(first_known(reports, first).day)
        elif report.from_outside and changes[place].significant(report.significant):
            days.append(max(report.aware, days[-1]))
        else:
            days.append(days[-1])
    return days


def first_known(reports: Sequence[Report], first: int) -> Awareness:
    """
    Give the earliest day on which anybody knew of the case, once it was valid.

    Every report from then on may tell of an earlier day: another channel, or the
    day its sender first heard of the case (E2B C.1.4). The latter says nothing of
    a criterion that was still missing, so it counts only for a case that was valid
    from its first report.
    """
    known = [
        told for report in reports[first:] if report.kind != "decision" for told in report.awareness
    ]
    if first == 0:
        known += [
            Awareness(report.first_received, "first received by the sender", "C.1.4")
            for report in reports
            if report.first_received is not None
        ]
    if not known:  # only decisions: the case is ours alone
        known = list(reports[first].awareness)
    return min(known, key=lambda told: told.day)


def _became_worse(
    rule: Rule,
    earlier: Sequence[Evaluation],
    was: CaseAssessment | None,
    key: str,
    case: CaseAssessment,
) -> bool:
    """
    Whether this report turned a known reportable reaction fatal or life-threatening.

    Known and reportable: another rule for the same recipients already applied to it.
    """
    if was is None or not was.validity.valid:
        return False
    reportable = any(
        e.reaction == key
        and e.answer is not Answer.NOT_FIRED
        and e.rule.recipients == rule.recipients
        for e in earlier
    )
    before = next((r for r in was.reactions if r.key == key), None)
    now = next(r for r in case.reactions if r.key == key)
    return (
        reportable
        and before is not None
        and before.seriousness.fatal_or_life_threatening is False
        and now.seriousness.fatal_or_life_threatening is not False
    )
