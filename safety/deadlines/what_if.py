"""
What would be due under other rules, another label, another dictionary?

Two decisions about one history are laid side by side. Duties answer to each other
if they are for the same recipient, of the same kind, and start from the same report.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from safety.coding import Dictionary
from safety.deadlines.obligation import Obligation
from safety.errors import KnowledgeError
from safety.expectedness import ReferenceSafetyInformation
from safety.knowledge import Knowledge
from safety.rulebooks import Duty, Rulebook
from safety.submissions import days_late

DutyKind = tuple[str, str, Duty]  # authority, recipient, duty
Told = tuple[str, str, str, str]  # authority, recipient, duty, triggering message


@dataclass(frozen=True, slots=True)
class DutyChange:
    """
    One duty beside what the other rules make of it: the same, moved, made or lifted.

    Attributes:
        before: The duty by the rules compared with; None if it is new.
        after: The duty by the other rules; None if they lift it.
        days_late: By how many days the duty of the other rules would already be late: it was sent
            that long after its date, or is not sent and was due that long before the day asked
            about. 0 if it would be on time.
    """

    case_id: str
    before: Obligation | None
    after: Obligation | None
    days_late: int

    @property
    def late(self) -> bool:
        """Whether it would already be late."""
        return self.days_late > 0

    @property
    def differs(self) -> bool:
        """Whether the two sides differ in rule, date or certainty."""
        return (self.before and _said(self.before)) != (self.after and _said(self.after))

    @property
    def kind(self) -> DutyKind:
        """Authority, recipient and duty, which both sides share."""
        one = next(side for side in (self.before, self.after) if side is not None)
        return (one.authority, one.recipient, one.duty)


def replace_rulebook(knowledge: Knowledge, book: Rulebook) -> Knowledge:
    """Give the knowledge with one rulebook in the place of that of the same name."""
    books = tuple(book if old.name == book.name else old for old in knowledge.rulebooks)
    return replace(knowledge, rulebooks=books)


def replace_label(knowledge: Knowledge, label: ReferenceSafetyInformation) -> Knowledge:
    """Give the knowledge with the reference safety information of one region replaced."""
    return replace(knowledge, labels={**knowledge.labels, label.region: label})


def replace_dictionary(knowledge: Knowledge, dictionary: Dictionary) -> Knowledge:
    """Give the knowledge with verbatims coded to another dictionary."""
    return replace(knowledge, dictionary=dictionary)


def require_labels(knowledge: Knowledge) -> None:
    """
    Refuse rulebooks that ask what no label here can answer.

    Raises:
        KnowledgeError: Names the rulebook and the region.
    """
    for book in knowledge.rulebooks:
        if book.label not in knowledge.labels:
            known = ", ".join(sorted(knowledge.labels))
            raise KnowledgeError(
                f"rulebook {book.name} asks for the label of region {book.label}, of which there is"
                f" no reference safety information; there is that of {known}"
            )


def freeze_rules(knowledge: Knowledge, day: date) -> Knowledge:
    """
    Give the knowledge with the law of one day as the law of all days.

    Rows not in force that day are left out; those in force begin and end with time itself.
    """
    books = tuple(
        replace(
            book,
            rules=tuple(
                replace(rule, valid_from=date.min, valid_to=date.max)
                for rule in book.rules
                if rule.in_force(day)
            ),
        )
        for book in knowledge.rulebooks
    )
    return replace(knowledge, rulebooks=books)


def compare_duties(
    case_id: str,
    before: Sequence[Obligation],
    after: Sequence[Obligation],
    *,
    today: date,
    sent: Mapping[Told, date] | None = None,
) -> tuple[DutyChange, ...]:
    """
    List the duties that differ in rule, date or certainty; the others are left out.

    Args:
        case_id: The case both decisions are about.

        before: What is due by the rules compared with.

        after: What is due by the other rules.

        today: A duty of the other rules that was due before this day, and not sent, would be late.

        sent: When reports were sent, by whom they told of what; see `told_of`.
    """
    changes = pair_duties(case_id, before, after, today=today, sent=sent)
    return tuple(change for change in changes if change.differs)


def pair_duties(
    case_id: str,
    before: Sequence[Obligation],
    after: Sequence[Obligation],
    *,
    today: date,
    sent: Mapping[Told, date] | None = None,
) -> Iterator[DutyChange]:
    """Lay every duty beside the one it answers to, also where they are the same."""
    told = sent or {}
    old, new = _by_ground(before), _by_ground(after)
    for ground in sorted(old.keys() | new.keys()):
        was, now = old.get(ground), new.get(ground)
        late = 0 if now is None else days_late(now.due, told.get(told_of(now), today))
        yield DutyChange(case_id, was, now, max(0, late))


def told_of(duty: Obligation) -> Told:
    """Say whom a duty's report tells, of what, because of which message: whatever the rule."""
    return (duty.authority, duty.recipient, duty.duty.value, duty.trigger)


def _by_ground(duties: Iterable[Obligation]) -> dict[tuple[str, ...], Obligation]:
    """Key each duty by what makes it the same one; a second on one ground gets a number."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], Obligation] = {}
    for duty in duties:
        ground = told_of(duty)
        found[(*ground, str(seen[ground]))] = duty
        seen[ground] += 1
    return found


def _said(duty: Obligation) -> tuple[object, ...]:
    return (duty.rule_id, duty.day_zero, duty.due, duty.decided)
