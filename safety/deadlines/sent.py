"""
What becomes of a duty whose report was sent, when the case changes afterwards?

What was sent was sent: its duty stands for ever as it stood then, with the date it was held to be
due. What is learnt later makes no silent change to it; one of these says what it means:

1. significant new information is a duty of its own, a follow-up (`safety.deadlines.clocks`);
2. an older awareness makes the true due date earlier: the report was late by so many days, also if
   it was on time against the date then known; a finding says so, and compliance counts it late;
3. a correction or a decision of ours takes the ground away: a finding asks to tell the recipient;
4. a correction or a decision of ours changes what was told: a finding asks for an amendment, which
   opens no clock of its own (E2B(R3) C.1.11.1, code 2);
5. the case is void: a finding asks to send the nullification to those who were told.

A finding of 3 to 5 is gone when a later report to the same recipient is recorded as sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from safety.case import CaseState, Report
from safety.deadlines.history import AssessedStep
from safety.deadlines.obligation import Obligation
from safety.findings import Finding
from safety.rulebooks import Duty, Rule, Rulebook
from safety.submissions import FAMILY, SENT, days_late, identify_duty
from safety.transmissions import SENT_FAMILY


@dataclass(frozen=True, slots=True)
class SentReport:
    """
    A report that was sent, beside what is known of its duty now.

    Attributes:
        duty: The duty as it stood when the report was sent.
        ground: The record's, which is the duty's then.
        sent_at: When it was sent.
        submitted_on: Its calendar day at the office.
        true_due: The due date by what is known now; None if no rule asks for it any more.
    """

    duty: Obligation
    ground: str
    sent_at: datetime
    submitted_on: date
    true_due: date | None

    @property
    def hidden_days_late(self) -> int:
        """Days late by what is known now, where the date then known was kept or missed by fewer."""
        if self.true_due is None or self.true_due >= self.duty.due:
            return 0
        return max(0, days_late(self.true_due, self.submitted_on))


def keep_sent(
    case_id: str,
    steps: Sequence[AssessedStep],
    duties: Sequence[Obligation],
    books: Sequence[Rulebook],
) -> tuple[tuple[Obligation, ...], tuple[SentReport, ...]]:
    """
    Put what was sent in the place of what the same duty would be now.

    Args:
        case_id: The case.

        steps: Its whole history, in the order of the reports.

        duties: What the history makes due by what is known now.

        books: All rulebooks, to read again a rule that does not apply any more.

    Returns:
        The duties with those that were sent as they stood then, and each sent report.
    """
    records = list(_sent_records(steps))
    if not records:
        return tuple(duties), ()
    places = {step.report.message: place for place, step in enumerate(steps)}
    rules = {(rule.authority, rule.rule_id): rule for book in books for rule in book.rules}
    versions = {book.name: f"{book.name} {book.version}" for book in books}
    left = {duty.obligation_id: duty for duty in duties}
    sent: list[SentReport] = []
    for ground, record, sent_at in records:
        asked = _asked(ground, record, duties, places)
        rule = rules.get((record["authority"], record["rule_id"]))
        if asked is None and rule is None:
            continue  # neither asked for nor a rule we know: the record itself still stands
        if asked is not None:
            left.pop(asked.obligation_id, None)
        kept = _as_sent(case_id, record, asked, rule, versions)
        left[kept.obligation_id] = kept
        sent.append(
            SentReport(
                kept,
                ground,
                sent_at,
                date.fromisoformat(record["submitted_on"]),
                None if asked is None else asked.due,
            )
        )
    order = sorted(left.values(), key=lambda o: (o.due, o.authority, o.recipient, o.obligation_id))
    return tuple(order), tuple(sent)


def find_after_sending(
    steps: Sequence[AssessedStep], sent: Sequence[SentReport]
) -> Iterator[Finding]:
    """Say what a person has to do about reports that were sent, because the case changed since."""
    newest: dict[tuple[str, str], SentReport] = {}
    for each in sorted(sent, key=lambda each: each.sent_at):
        newest[each.duty.authority, each.duty.recipient] = each
        if days := each.hidden_days_late:
            yield _late(each, days)
    last = steps[-1].state if steps else None
    void = last is not None and (last.nullified is not None or last.merged is not None)
    for each in newest.values():
        told = f"the report to {_to(each)} under {each.duty.rule_id} sent on {each.submitted_on}"
        path = f"{FAMILY}/{each.ground}"
        if void:
            yield Finding(
                "nullification_to_send",
                path,
                f"{told} is of a case that is {'merged' if last and last.merged else 'void'} now:"
                " send the nullification (C.1.11.1 = 1)",
            )
        elif each.true_due is None:
            yield Finding(
                "sent_without_ground",
                path,
                f"{told} rests on what does not hold any more, no rule asks for it: tell the"
                " recipient with an amendment or a follow-up",
            )
        elif any(_ours(steps, place, each) for place in range(len(steps))):
            yield Finding(
                "amendment_to_send",
                path,
                f"{told} says otherwise than the case since a correction or decision of ours: send"
                " an amendment (C.1.11.1 = 2); it opens no clock",
            )


def _sent_records(
    steps: Sequence[AssessedStep],
) -> Iterator[tuple[str, Mapping[str, Any], datetime]]:
    """Give ground, record and instant of sending of each report that was sent."""
    if not steps:
        return
    state = steps[-1].state
    told = {step.report.message: step.report for step in steps}
    for entry in state.entries(FAMILY):
        report = told.get(entry.source("submitted_on") or "")
        sent_at = None if report is None else _sent_at(report, state)
        if sent_at is not None and entry.raw("state") in SENT:
            record = {name: fact.value for name, fact in entry.facts.items()}
            yield entry.key, record, sent_at


def _sent_at(report: Report, state: CaseState) -> datetime | None:
    """
    Give when a report was sent that this message records; the first that applies decides.

    1. a person recorded it: the instant recorded;
    2. a transmission counts as submitted: when it was written;
    3. a receiver accepted a transmission: when that was written.
    """
    if report.submission is not None:
        return datetime.fromisoformat(report.submission.submission.at)
    if report.transmission is not None:
        return datetime.fromisoformat(report.transmission.at)
    if report.answer is None:
        return None
    written = state.entities.get(f"{SENT_FAMILY}/{report.answer.batch}")
    return None if written is None else datetime.fromisoformat(written["at"].value)


def _asked(
    ground: str,
    record: Mapping[str, Any],
    duties: Sequence[Obligation],
    places: Mapping[str, int],
) -> Obligation | None:
    """
    Find the duty that the case makes now in the place of the one that was sent.

    1. the one on the same ground, whatever its date and certainty;
    2. for an initial report: the one under the same rule because of an older report that came
       later; the recipient has been told, only not by the day that counts now.
    """
    same = next((duty for duty in duties if duty.ground == ground), None)
    if same is not None or record["duty"] != Duty.INITIAL:
        return same
    since = places.get(record["trigger"], len(places))
    return next(
        (
            duty
            for duty in duties
            if duty.duty is Duty.INITIAL
            and (duty.authority, duty.recipient, duty.rule_id)
            == (record["authority"], record["recipient"], record["rule_id"])
            and places[duty.trigger] < since
        ),
        None,
    )


def _as_sent(
    case_id: str,
    record: Mapping[str, Any],
    asked: Obligation | None,
    rule: Rule | None,
    versions: Mapping[str, str],
) -> Obligation:
    """Give the duty as it stood when its report was sent."""
    if asked is not None and asked.obligation_id == record["obligation_id"]:
        return asked
    due = date.fromisoformat(record["due"])
    if asked is not None:
        days, reason, reactions, also = asked.days, asked.reason, asked.reactions, asked.also
        provision, evidence, rulebook = asked.provision, asked.evidence, asked.rulebook
    else:
        assert rule is not None  # noqa: S101 - the caller has one of the two
        days, reason, reactions, also = _days(rule, Duty(record["duty"])), "sent", (), ()
        provision, evidence = rule.provision, rule.evidence
        rulebook = versions[rule.authority]
    why = (record["authority"], record["recipient"], record["duty"], record["rule_id"])
    decided = record["obligation_id"] == identify_duty(
        (case_id, *why, record["trigger"]), due, decided=True
    )
    day_zero = due - timedelta(days=days)
    return Obligation(
        obligation_id=record["obligation_id"],
        case_id=case_id,
        authority=record["authority"],
        recipient=record["recipient"],
        duty=Duty(record["duty"]),
        rule_id=record["rule_id"],
        rulebook=rulebook,
        provision=provision,
        evidence=evidence,
        day_zero=day_zero,
        days=days,
        due=due,
        decided=decided,
        missing=(),
        trigger=record["trigger"],
        reactions=reactions,
        reason=f"{reason}; its report was sent on {record['submitted_on']} and it stays as it was",
        arithmetic=f"day zero {day_zero} as it was known when the report was sent + {days} calendar"
        f" days = {due}",
        also=also,
    )


def _days(rule: Rule, duty: Duty) -> int:
    match duty:
        case Duty.INITIAL:
            return rule.days
        case Duty.COMPLETE:
            return rule.days + (rule.complete_after_days or 0)
        case Duty.INVESTIGATION:
            return rule.investigation_days or rule.days
        case Duty.FOLLOW_UP | Duty.DOWNGRADE:
            return rule.followup_days


def _late(each: SentReport, days: int) -> Finding:
    return Finding(
        "sent_late_by_older_awareness",
        f"{FAMILY}/{each.ground}",
        f"the report to {_to(each)} under {each.duty.rule_id} was sent on {each.submitted_on}"
        f" against {each.duty.due}; an older awareness became known: it was due {each.true_due},"
        f" so it was {days} days late; record why",
        "contradiction",
    )


def _to(each: SentReport) -> str:
    return f"{each.duty.authority} {each.duty.recipient}"


def _ours(steps: Sequence[AssessedStep], place: int, sent: SentReport) -> bool:
    """Whether a step after the sending is an act of ours that changed what was told."""
    step = steps[place]
    report: Report = step.report
    about_sending = (report.submission, report.transmission, report.answer)
    if report.from_outside or any(about_sending) or report.received_at <= sent.sent_at:
        return False
    before = steps[place - 1].state.values() if place else {}
    after = step.state.values()
    return any(
        before.get(path) != after.get(path)
        for path in before.keys() | after.keys()
        if path != "workflow" and not path.startswith(f"{FAMILY}/")
    )
