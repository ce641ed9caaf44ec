"""
What would be due under other rules?

Two decisions about one history are laid side by side. Duties answer to each other
if they are for the same recipient, of the same kind, and start from the same report.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from safety.deadlines.obligation import Obligation
from safety.knowledge import Knowledge
from safety.rulebooks import Duty, Rulebook

DutyKind = tuple[str, str, Duty]  # authority, recipient, duty


@dataclass(frozen=True, slots=True)
class DutyChange:
    """
    One duty that the other rules make, lift or move.

    Attributes:
        before: The duty by the rules compared with; None if it is new.
        after: The duty by the other rules; None if they lift it.
        late: The other rules ask for it, and its last day was over before the day asked about.
    """

    case_id: str
    before: Obligation | None
    after: Obligation | None
    late: bool

    @property
    def kind(self) -> DutyKind:
        """Authority, recipient and duty, which both sides share."""
        one = next(side for side in (self.before, self.after) if side is not None)
        return (one.authority, one.recipient, one.duty)


def replace_rulebook(knowledge: Knowledge, book: Rulebook) -> Knowledge:
    """Give the knowledge with one rulebook in the place of that of the same name."""
    books = tuple(book if old.name == book.name else old for old in knowledge.rulebooks)
    return replace(knowledge, rulebooks=books)


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
    case_id: str, before: Sequence[Obligation], after: Sequence[Obligation], *, today: date
) -> tuple[DutyChange, ...]:
    """
    List the duties that differ in rule, date or certainty; the others are left out.

    Args:
        case_id: The case both decisions are about.

        before: What is due by the rules compared with.

        after: What is due by the other rules.

        today: A duty of the other rules that was due before this day would be late.
    """
    return tuple(_differences(case_id, before, after, today))


def _differences(
    case_id: str, before: Sequence[Obligation], after: Sequence[Obligation], today: date
) -> Iterator[DutyChange]:
    old, new = _by_ground(before), _by_ground(after)
    for ground in sorted(old.keys() | new.keys()):
        was, now = old.get(ground), new.get(ground)
        if was is None or now is None or _said(was) != _said(now):
            yield DutyChange(case_id, was, now, late=now is not None and now.due < today)


def _by_ground(duties: Iterable[Obligation]) -> dict[tuple[str, ...], Obligation]:
    """Key each duty by what makes it the same one; a second on one ground gets a number."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], Obligation] = {}
    for duty in duties:
        ground = (duty.authority, duty.recipient, duty.duty.value, duty.trigger)
        found[(*ground, str(seen[ground]))] = duty
        seen[ground] += 1
    return found


def _said(duty: Obligation) -> tuple[object, ...]:
    return (duty.rule_id, duty.day_zero, duty.due, duty.decided)
