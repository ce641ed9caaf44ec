"""
Run through the history of a case and say what is due, to whom, by when.

The history is in the order of the reports, not of their arrival, so the same set
of reports always gives the same obligations. For each recipient, at each report:

1. a rule applies for the first time: the initial report. Its day zero is the
   earliest day on which anybody knew of the case once it was valid, whichever
   report tells of it. Our own acts (a correction, a decision) bring nothing new
   from a source, so a duty they reveal counts from the same day;
2. a rule with a shorter limit applies than before (upgrade): a report by the
   shorter limit, from the day the qualifying information was known; it stands for
   the slower initial report, unless that is due before it;
3. rules still apply and the report is significant: a follow-up;
4. rules with a longer limit, or none, apply (downgrade): one more report inside
   the old limit; for rulebooks that say so, inside the limit of the new category.
   What was due stays due: nobody told us here that it was sent;
5. anything else: no new clock.

A rule that cannot be decided counts as applying, and its clock says so. Where it turns out not to
apply, the slower rule that it stood before has its own initial report, from the day it applied. Of
several rules the shortest date per recipient counts; the others are named beside it.

The law is that of day zero, until significant information starts a clock of its
own. A row that ends does not end the duties it made; its successor continues them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from safety.case import CaseState, Report
from safety.deadlines.evaluate import Answer, Evaluation
from safety.deadlines.history import AssessedStep, first_known
from safety.deadlines.obligation import (
    Applying,
    Clock,
    Obligation,
    Start,
    decided_again,
    make_obligation,
)
from safety.rulebooks import Duty, Rule, Rulebook
from safety.rulebooks.model import Clock as StartsAt
from safety.submissions import FAMILY, SENT


def decide_obligations(
    case_id: str, steps: Sequence[AssessedStep], books: Sequence[Rulebook]
) -> tuple[Obligation, ...]:
    """
    Give every obligation that the history of a case makes, in a fixed order.

    Args:
        case_id: The case.

        steps: Its whole history, in the order of the reports.

        books: The rulebooks of the destinations that concern it.
    """
    if not steps or steps[-1].state.nullified is not None or steps[-1].state.merged_into:
        return ()
    marks = {message: mark for step in steps for message, mark in step.report.marks}
    significant = [
        step.changes.significant(marks.get(step.report.message, step.report.significant))
        for step in steps
    ]
    found: list[Obligation] = []
    for book in books:
        found += _decide_book(case_id, steps, book, significant)
    return tuple(sorted(found, key=lambda o: (o.due, o.authority, o.recipient, o.obligation_id)))


def _decide_book(
    case_id: str,
    steps: Sequence[AssessedStep],
    book: Rulebook,
    significant: Sequence[tuple[str, ...]],
) -> Iterator[Obligation]:
    sent = _sent(steps[-1].state)
    standing: dict[str, Applying] = {}
    given: dict[str, list[Obligation]] = {}
    for place, step in enumerate(steps):
        asked = step.evaluations.get(book.name, ())
        now = _live(asked) if step.assessment.validity.valid else {}
        ended = {r: old for r, old in standing.items() if not old.rule.in_force(step.law_day)}
        for recipient in sorted({*(standing.keys() - ended.keys()), *now}):
            old, new = standing.get(recipient), now.get(recipient)
            if old is None and ended and not given.get(recipient):
                old = min(ended.values(), key=lambda applying: applying.rule.days)  # succession
            elif recipient in ended:
                old = ended[recipient]
            first = old is None and not given.get(recipient)
            clock = _clock(book, step.report, significant[place], old, new, first=first)
            kept = _reconsider(given.get(recipient, []), old, new, step.report)
            begun = place
            if clock is None and new is not None and _was_hidden(old, new, kept):
                reason = "a stricter limit was held for want of a fact and does not apply"
                clock = Clock(Duty.INITIAL, new.rule, new.rule.days, reason)
                begun = _since(steps, place, book, new.rule)
            applying = new or old
            started = (
                list(_obligations(case_id, book, recipient, clock, applying, (steps, begun), sent))
                if clock is not None and applying is not None
                else []
            )
            given[recipient] = [*_overtaken(kept, started, sent), *started]
        standing = now
    return (obligation for recipient in sorted(given) for obligation in given[recipient])


def _was_hidden(old: Applying | None, new: Applying, kept: Sequence[Obligation]) -> bool:
    """Whether a rule's duty never stood, because one held for want of a fact stood before it."""
    if old is None or old.decided or new.rule.days <= old.rule.days:
        return False
    return not any(o.duty is Duty.INITIAL and o.rule_id == new.rule.rule_id for o in kept)


def _since(steps: Sequence[AssessedStep], place: int, book: Rulebook, rule: Rule) -> int:
    """Give the place from which on a rule has applied, or could not be decided, until now."""
    while place and _applied(steps[place - 1], book, rule):
        place -= 1
    return place


def _applied(step: AssessedStep, book: Rulebook, rule: Rule) -> bool:
    return step.assessment.validity.valid and any(
        e.rule is rule and e.answer is not Answer.NOT_FIRED
        for e in step.evaluations.get(book.name, ())
    )


def _reconsider(
    earlier: Sequence[Obligation], old: Applying | None, new: Applying | None, report: Report
) -> list[Obligation]:
    """
    Look again at the duties already given, in the light of one more report.

    1. a conservative duty that turns out not to be one is lifted;
    2. a conservative duty that turns out to be one is decided;
    3. a correction or a decision that takes the ground away lifts what is not yet
       due: nothing of the kind ever happened;
    4. all else stays, also at a downgrade by a source.
    """
    eased = old is not None and (new is None or new.rule.days > old.rule.days)
    kept: list[Obligation] = []
    for obligation in earlier:
        ungrounded = not report.from_outside and obligation.due >= report.aware
        if eased and (not obligation.decided or ungrounded):
            continue
        if not obligation.decided and new is not None and new.decided:
            kept.append(decided_again(obligation))
        else:
            kept.append(obligation)
    return kept


def _overtaken(
    kept: Sequence[Obligation], started: Sequence[Obligation], sent: Mapping[str, date]
) -> Iterator[Obligation]:
    """Leave out the slower initial reports, not sent, for which a stricter one stands now."""
    strict = [new for new in started if new.duty is Duty.INITIAL]
    for old in kept:
        slower = old.duty is Duty.INITIAL and any(new.due <= old.due for new in strict)
        if not slower or old.ground in sent:
            yield old


def _sent(state: CaseState) -> Mapping[str, date]:
    """The days on which reports were sent, by the ground of their duty."""
    return {
        entry.key: date.fromisoformat(entry.raw("submitted_on"))
        for entry in state.entries(FAMILY)
        if entry.raw("state") in SENT
    }


def _clock(
    book: Rulebook,
    report: Report,
    significant: tuple[str, ...],
    old: Applying | None,
    new: Applying | None,
    *,
    first: bool,
) -> Clock | None:
    """Take the cases of the module's docstring, in their order."""
    if new is not None and first:
        return Clock(Duty.INITIAL, new.rule, new.rule.days, "the rule applies for the first time")
    if new is not None and (old is None or new.rule.days < old.rule.days):
        return Clock(Duty.INITIAL, new.rule, new.rule.days, "upgrade: a stricter limit applies")
    if report.kind == "correction" or old is None:
        return None
    if new is not None and (new.rule.days == old.rule.days or old.rule.valid_to < report.aware):
        if not significant or report.kind == "decision":
            return None
        reason = "significant new information: " + ", ".join(significant)
        return Clock(Duty.FOLLOW_UP, new.rule, new.rule.followup_days, reason)
    if not old.decided:
        return None
    rule = new.rule if new is not None and book.downgrade_days == "new" else old.rule
    reason = "downgrade: the stricter limit no longer applies; tell those who were told before"
    return Clock(Duty.DOWNGRADE, rule, rule.followup_days, reason)


def _obligations(
    case_id: str,
    book: Rulebook,
    recipient: str,
    clock: Clock,
    applying: Applying,
    at: tuple[Sequence[AssessedStep], int],
    sent: Mapping[str, date],
) -> Iterator[Obligation]:
    rule, completing = clock.rule, applying.completing
    start = _start(*at, clock)
    clocks = [clock]
    if clock.duty is Duty.INITIAL and rule.hard_stop_days is not None:
        limit = start.day_zero + timedelta(days=rule.hard_stop_days)
        clocks = [replace(clock, reason=f"{clock.reason}; at once, at the very latest by {limit}")]
    if clock.duty is Duty.INITIAL and completing is not None and completing.complete_after_days:
        total = completing.days + completing.complete_after_days
        reason = f"complete report: {completing.days} + {completing.complete_after_days} days"
        complete = Clock(Duty.COMPLETE, completing, total, reason)
        first = make_obligation(case_id, recipient, book, clock, start, applying)
        told = sent.get(first.ground) if completing.complete_from_sending else None
        if told is None:
            clocks.append(complete)
        else:
            days = completing.complete_after_days
            reason = f"complete report: {days} days after the first was sent"
            since = Start(told, "the initial report was sent", start.trigger)
            complete = replace(complete, days=days, reason=reason)
            yield make_obligation(case_id, recipient, book, complete, since, applying)
    if clock.duty is Duty.INITIAL and rule.investigation_days is not None:
        reason = "investigation of the death"
        clocks.append(Clock(Duty.INVESTIGATION, rule, rule.investigation_days, reason))
    for one in clocks:
        yield make_obligation(case_id, recipient, book, one, start, applying)


def _live(evaluations: Sequence[Evaluation]) -> dict[str, Applying]:
    """For each recipient the rule with the shortest limit among those that apply."""
    applying: dict[str, list[Evaluation]] = {}
    for evaluation in evaluations:
        if evaluation.answer is not Answer.NOT_FIRED:
            for recipient in evaluation.rule.recipients:
                applying.setdefault(recipient, []).append(evaluation)
    return {recipient: _shortest(found) for recipient, found in applying.items()}


def _shortest(found: list[Evaluation]) -> Applying:
    """
    The shortest limit; among equals a decided rule before an undecided one.

    A shorter limit that is undecided stands before a longer one that is decided:
    unknown is taken at its worst.
    """
    first = min(
        found,
        key=lambda e: (
            e.rule.days,
            e.answer is not Answer.FIRED,
            not e.rule.only_when_it_became,
            e.rule.rule_id,
        ),
    )
    same = [e for e in found if e.rule is first.rule]
    decided = first.answer is Answer.FIRED
    return Applying(
        rule=first.rule,
        decided=decided,
        missing=() if decided else tuple(dict.fromkeys(m for e in same for m in e.missing)),
        reactions=tuple(e.reaction for e in same),
        also=tuple(sorted({e.rule.rule_id for e in found} - {first.rule.rule_id})),
        completing=next(
            (
                e.rule
                for e in found
                if e.rule.complete_after_days and e.rule.days <= first.rule.days
            ),
            None,
        ),
    )


def _start(steps: Sequence[AssessedStep], place: int, clock: Clock) -> Start:
    """
    Find where a clock starts; the first that applies decides.

    1. a decision makes a rule apply that counts from the determination: its day;
    2. an initial report at the step that made the case valid, or revealed by a
       correction or a decision: the earliest day anybody knew of the valid case;
    3. any other: the earliest day anybody knew of this report.
    """
    report = steps[place].report
    first = next(n for n, step in enumerate(steps) if step.assessment.validity.valid)
    determined = clock.rule.clock is StartsAt.DETERMINATION and report.kind == "decision"
    initial = clock.duty is Duty.INITIAL and (place == first or not report.from_outside)
    if initial and not determined:
        reports = [step.report for step in steps]
        known, trigger = first_known(reports, first), steps[first].report.message
    else:
        known, trigger = report.awareness[0], report.message
    return Start(known.day, f"{known.channel}: {known.basis}", trigger)
