"""A duty to report: what, to whom, by when, why. Never overwritten, only superseded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from safety.rulebooks import Duty, Rule, Rulebook
from safety.submissions import ground_of, identify_duty


@dataclass(frozen=True, slots=True)
class Obligation:
    """
    One duty.

    Attributes:
        day_zero: The calendar day the clock starts; counts as day 0.
        days: Calendar days allowed.
        due: The last day that is on time.
        decided: False while held on a conservative clock for want of a fact.
        missing: The facts that would decide it.
        trigger: The message that started this clock.
        reactions: Keys of the reactions that make it due.
        also: Other rules that ask the same recipient for the same, with a later date.
    """

    obligation_id: str
    case_id: str
    authority: str
    recipient: str
    duty: Duty
    rule_id: str
    rulebook: str
    provision: str
    evidence: str
    day_zero: date
    days: int
    due: date
    decided: bool
    missing: tuple[str, ...]
    trigger: str
    reactions: tuple[str, ...]
    reason: str
    arithmetic: str
    also: tuple[str, ...] = ()

    @property
    def ground(self) -> str:
        """What the duty rests on, whatever its date and certainty: the submission's record."""
        return ground_of(*_ground(self))


@dataclass(frozen=True, slots=True)
class Superseded:
    """An obligation that no longer stands, and why."""

    obligation_id: str
    reason: str
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class Applying:
    """
    What a recipient's rules say after one report: the one with the shortest limit, and the rest.

    Attributes:
        decided: False if a fact is missing to be sure.
        also: Other rules that apply for the same recipient, with the same or a longer limit.
        completing: The rule among them that asks for a complete report after the first.
    """

    rule: Rule
    decided: bool
    missing: tuple[str, ...]
    reactions: tuple[str, ...]
    also: tuple[str, ...]
    completing: Rule | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock to start: what for, under which rule, how many days, why."""

    duty: Duty
    rule: Rule
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Start:
    """When a clock starts: day zero, how it was found, the message that set it."""

    day_zero: date
    basis: str
    trigger: str


def make_obligation(
    case_id: str, recipient: str, book: Rulebook, clock: Clock, start: Start, applying: Applying
) -> Obligation:
    """Build an obligation; the same duty on the same ground always gets the same id."""
    due = start.day_zero + timedelta(days=clock.days)
    return _with_identity(
        Obligation(
            obligation_id="",
            case_id=case_id,
            authority=book.name,
            recipient=recipient,
            duty=clock.duty,
            rule_id=clock.rule.rule_id,
            rulebook=f"{book.name} {book.version}",
            provision=clock.rule.provision,
            evidence=clock.rule.evidence,
            day_zero=start.day_zero,
            days=clock.days,
            due=due,
            decided=applying.decided,
            missing=applying.missing,
            trigger=start.trigger,
            reactions=applying.reactions,
            reason=clock.reason,
            arithmetic=f"day zero {start.day_zero} ({start.basis}) + {clock.days} calendar days"
            f" = {due}",
            also=applying.also,
        )
    )


def decided_again(obligation: Obligation) -> Obligation:
    """Give the same duty after the missing fact became known and confirmed it."""
    return _with_identity(replace(obligation, decided=True, missing=()))


def identity_of(obligation: Obligation) -> str:
    """Give the id that the ground of a duty makes."""
    return identify_duty(_ground(obligation), obligation.due, decided=obligation.decided)


def _ground(obligation: Obligation) -> tuple[str, str, str, str, str, str]:
    return (
        obligation.case_id,
        obligation.authority,
        obligation.recipient,
        obligation.duty.value,
        obligation.rule_id,
        obligation.trigger,
    )


def _with_identity(obligation: Obligation) -> Obligation:
    return replace(obligation, obligation_id=identity_of(obligation))


def supersede(
    standing: Iterable[Obligation], now: Iterable[Obligation], *, because: str
) -> tuple[Superseded, ...]:
    """
    Tell which standing obligations the new decision replaces or lifts.

    Args:
        standing: Open obligations stored for the case.

        now: The obligations that the case gives now.

        because: Why a duty that has no successor is lifted.
    """
    current = {obligation.obligation_id: obligation for obligation in now}
    gone: list[Superseded] = []
    for old in standing:
        if old.obligation_id in current:
            continue
        heir = next((new for new in current.values() if _continues(old, new)), None)
        if heir is None:
            gone.append(Superseded(old.obligation_id, because, None))
        else:
            gone.append(Superseded(old.obligation_id, _change(old, heir), heir.obligation_id))
    return tuple(gone)


def _continues(old: Obligation, new: Obligation) -> bool:
    """Whether the new duty stands for the old one: same purpose, or what a downgrade left of it."""
    if (old.authority, old.recipient) != (new.authority, new.recipient):
        return False
    if old.duty is new.duty:
        return old.duty is Duty.INITIAL or old.trigger == new.trigger
    return new.duty is Duty.DOWNGRADE and old.duty is not Duty.DOWNGRADE


def _change(old: Obligation, new: Obligation) -> str:
    changes = []
    if old.duty != new.duty:
        changes.append(f"{new.duty.value} report instead of {old.duty.value}")
    if old.day_zero != new.day_zero:
        changes.append(f"day zero moved from {old.day_zero} to {new.day_zero}")
    if old.rule_id != new.rule_id:
        changes.append(f"rule {new.rule_id} applies instead of {old.rule_id}")
    if old.decided != new.decided:
        changes.append("now decided" if new.decided else "now depends on a missing fact")
    if old.due != new.due:
        changes.append(f"due {new.due} instead of {old.due}")
    return "; ".join(changes) or "another message is its ground now"
