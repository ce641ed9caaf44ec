"""The columns of a study's tables: its arms beside each other, and all of them together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from reports.statistics import fisher_p
from reports.study.model import Event, StudyData, Subject
from reports.tables import Cell, Column, Row, count_cell
from safety.errors import SafetyError

TOTAL = "total"


class UnknownArmError(SafetyError):
    """No subject of the safety population is in the arm that was named."""


@dataclass(frozen=True, slots=True)
class Arms:
    """
    Arms and who is in them.

    Attributes:
        columns: A column an arm, in the study's order, then the total where there are several.
        members: Subjects of each column.
        arm_of: The column of each subject's arm.
        compared: The arm to compare, and with which one; None: no comparison.
    """

    columns: tuple[Column, ...]
    members: Mapping[str, frozenset[str]]
    arm_of: Mapping[str, str]
    compared: tuple[str, str] | None = None

    @property
    def several(self) -> bool:
        """Whether there is more than one arm."""
        return len(self.columns) > 1

    @property
    def single(self) -> tuple[Column, ...]:
        """The arms without the total."""
        return tuple(c for c in self.columns if c.column_id != TOTAL)

    def columns_of(self, subject: str) -> tuple[str, ...]:
        """The columns that a subject counts in."""
        arm = self.arm_of.get(subject)
        if arm is None:
            return ()
        return (arm, TOTAL) if self.several else (arm,)


def arms_of(data: StudyData, compare: tuple[str, str] | None = None) -> Arms:
    """
    Give the arms of the safety population.

    Args:
        data: The study.

        compare: Two arms by name, in any case of letters: the first is compared with the second.

    Raises:
        UnknownArmError: An arm to compare has no subject; the message names those that have.
    """
    found: dict[str, list[Subject]] = {}
    for subject in data.safety:
        found.setdefault(subject.arm, []).append(subject)
    ranked = sorted(found, key=lambda arm: (_rank(found[arm]), arm.casefold(), arm))
    ids = {arm: f"{arm} (arm)" if arm == TOTAL else arm for arm in ranked}
    members = {ids[arm]: frozenset(subject.subject_id for subject in found[arm]) for arm in ranked}
    columns = [Column(ids[arm], arm, len(members[ids[arm]])) for arm in ranked]
    if not columns:  # nobody was treated: one column that says so
        columns.append(Column(TOTAL, "All subjects", 0))
        members[TOTAL] = frozenset()
    if len(columns) > 1:
        members[TOTAL] = frozenset().union(*members.values())
        columns.append(Column(TOTAL, "Total", len(members[TOTAL])))
    return Arms(
        columns=tuple(columns),
        members=members,
        arm_of={subject.subject_id: ids[subject.arm] for subject in data.safety},
        compared=None if compare is None else _named(compare, columns),
    )


def _rank(subjects: Iterable[Subject]) -> float:
    return min((s.rank for s in subjects if s.rank is not None), default=inf)


def _named(compare: tuple[str, str], columns: Iterable[Column]) -> tuple[str, str]:
    by_name = {c.label.casefold(): c.column_id for c in columns if c.column_id != TOTAL}
    for name in compare:
        if name.casefold() not in by_name:
            known = ", ".join(c.label for c in columns if c.column_id != TOTAL) or "none"
            raise UnknownArmError(
                f"one of the arms to compare is not in the study; it has: {known}"
            )
    first, other = (by_name[name.casefold()] for name in compare)
    if first == other:
        raise UnknownArmError("an arm is compared with itself; name two arms")
    return first, other


def count_row(
    level: str, label: str, events: Iterable[Event], arms: Arms, within: tuple[str, ...] = ()
) -> Row:
    """Count subjects and events in each column, and compare arms where that was asked for."""
    subjects: dict[str, set[str]] = {column.column_id: set() for column in arms.columns}
    totals = dict.fromkeys(subjects, 0)
    for event in events:
        for column in arms.columns_of(event.subject_id):
            subjects[column].add(event.subject_id)
            totals[column] += 1
    cells = {
        c.column_id: count_cell(subjects[c.column_id], c.size, totals[c.column_id])
        for c in arms.columns
    }
    return Row(level, label, cells, within, probabilities(cells, arms))


def subject_row(
    level: str, label: str, subjects: Iterable[str], arms: Arms, within: tuple[str, ...] = ()
) -> Row:
    """Count subjects in each column."""
    asked = frozenset(subjects)
    cells = {
        c.column_id: count_cell(asked & arms.members[c.column_id], c.size) for c in arms.columns
    }
    return Row(level, label, cells, within)


def probabilities(cells: Mapping[str, Cell], arms: Arms) -> dict[str, float]:
    """Give Fisher's exact p of the compared arm, where arms are compared."""
    if arms.compared is None:
        return {}
    first, other = arms.compared
    p = fisher_p(
        cells[first].n or 0,
        len(arms.members[first]),
        cells[other].n or 0,
        len(arms.members[other]),
    )
    return {} if p is None else {first: p}


def comparison_note(arms: Arms) -> tuple[str, ...]:
    """Say in a footnote what p means, where there is one."""
    if arms.compared is None:
        return ()
    labels = {column.column_id: column.label for column in arms.columns}
    first, other = arms.compared
    return (f"p: Fisher's exact test, two-sided, {labels[first]} against {labels[other]}.",)
