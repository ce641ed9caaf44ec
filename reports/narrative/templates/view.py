"""
What does a template see of the case?

An entity is seen through a `View`. What a view hands out is noted as a source of
the sentence being written; what it is only asked about (`told`, `reason`, `says`)
is not.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from jinja2 import TemplateRuntimeError

from reports.narrative.templates.scribe import Scribe
from safety.case import CaseState, Entry, Value, is_null

_CLOCK = re.compile(r"([\d:]*)([+-].*)?")
_HOURS = {"min": Decimal(1) / 60, "h": Decimal(1), "d": Decimal(24), "wk": Decimal(168)}


class Views:
    """
    One state of a case, and what was derived of it, as templates see it.

    `as_of` goes before the names of facts of an earlier state that no longer stand.
    """

    __slots__ = ("_as_of", "_derived", "_scribe", "_state")

    def __init__(
        self, state: CaseState, derived: CaseState, scribe: Scribe, as_of: str = ""
    ) -> None:
        self._state = state
        self._derived = derived
        self._scribe = scribe
        self._as_of = as_of

    @property
    def reactions(self) -> tuple["View", ...]:
        """The reactions that stand."""
        return tuple(map(self.show, self._state.reactions))

    @property
    def drugs(self) -> tuple["View", ...]:
        """All drugs, whatever their role."""
        return tuple(map(self.show, self._state.drugs))

    def at(self, state: CaseState, as_of: str) -> "Views":
        """Give the same for another state of the case."""
        return Views(state, self._derived, self._scribe, as_of)

    def show(self, entry: Entry) -> "View":
        """Show an entity of this state."""
        return View(entry, self, self._scribe, self._as_of)

    def view(self, path: str) -> "View":
        """Show one entity, of the case or derived; empty where there is none."""
        entities = self._state.entities if path in self._state.entities else self._derived.entities
        return self.show(Entry(path, entities.get(path, {})))

    def views(self, family: str) -> tuple["View", ...]:
        """Show all entries of one list."""
        return tuple(map(self.show, self._state.entries(family) or self._derived.entries(family)))

    def pairs(self, family: str, drug: "View") -> tuple["View", ...]:
        """Show what a list says of a drug and each reaction that stands."""
        standing = {reaction.key for reaction in self._state.reactions}
        return tuple(
            view
            for view in self.views(family)
            if view.entry.raw("drug_id") == drug.key and view.entry.raw("reaction_id") in standing
        )


class Amount(NamedTuple):
    """A number with its unit; `number` and `unit` stand for the source's own characters."""

    number: str
    unit: str
    plain: str
    code: str
    hours: Decimal | None


class When(NamedTuple):
    """A date as far as it is known."""

    year: str
    month: int | None
    day: str
    time: str
    zone: str


class Gap(NamedTuple):
    """Something not told: why, what it is called, and what to note when the sentence says so."""

    reason: str
    label: str
    notes: tuple[Callable[[], object], ...]

    def note(self) -> str:
        """Note where it is missing."""
        for note in self.notes:
            note()
        return ""


class View:
    """
    One entity as templates see it.

    Attributes:
        entry: The entity itself, for conditions on bare values.
        key: Its id in its list.
        path: Its path in the case.
    """

    __slots__ = ("_as_of", "_case", "_scribe", "entry", "key", "path")

    def __init__(self, entry: Entry, case: Views, scribe: Scribe, as_of: str) -> None:
        self.entry = entry
        self.key = entry.key
        self.path = entry.path
        self._case = case
        self._scribe = scribe
        self._as_of = as_of

    def told(self, *names: str) -> bool:
        """Whether one of these is known."""
        return any(is_told(self.entry, name) for name in names)

    def reason(self, name: str) -> str:
        """Why a value is not known: its null flavour; empty where nothing was said."""
        value = self.entry.raw(name)
        return str(value["null"]) if is_null(value) else ""

    def says(self, name: str, *values: Value) -> bool:
        """Whether a field has one of these values."""
        return self.told(name) and self.entry.known(name) in values

    def note(self, *names: str) -> str:
        """Note fields that the sentence rests on without showing them."""
        for name in names:
            value = self.entry.raw(name)
            if value is None or (isinstance(value, str) and not value.strip()):
                self._scribe.note_absent(f"{self.path}.{name}", self._as_of)
            else:
                self._scribe.note(self.path, name, value, self._as_of)
        return ""

    def point(self, *names: str) -> str:
        """Note fields by name only: what is never told, as a reporter's name, is not copied."""
        for name in names:
            self._scribe.point(self.path, name, self._as_of)
        return ""

    def fact(self, name: str) -> Any:  # noqa: ANN401  (JSON, an amount or a date)
        """Give a value; dates and quantities ready to be put in words."""
        if not is_told(self.entry, name):
            raise TemplateRuntimeError(f"{self.path}.{name} is not there")
        self.note(name)
        value = self.entry.known(name)
        match value:
            case {"precision": _, "value": str(moment)}:
                return _read_date(moment)
            case {"value": number}:
                unit = str(value.get("unit") or "")
                return self._amount(str(number), unit, value.get("comparator") or "")
            case _:
                return value

    def words(self, name: str) -> str:
        """Give the source's own characters, whatever they are."""
        if not is_told(self.entry, name):
            raise TemplateRuntimeError(f"{self.path}.{name} is not there")
        self.note(name)
        return self._scribe.keep(str(self.entry.known(name)).strip())

    def code(self, name: str) -> str:
        """Give a code with its system and version."""
        coded = self.fact(name)
        parts = (coded["system"], coded.get("version"), coded["code"])
        return self._scribe.keep(" ".join(part for part in parts if part))

    def number(self, name: str) -> str:
        """Give a number in plain figures."""
        return self._scribe.keep(_plain(self.fact(name)))

    def entries(self, family: str) -> tuple["View", ...]:
        """Show the entries of a list of this entity."""
        return self._case.views(f"{self.path}/{family}")

    def told_in(self, family: str, *names: str) -> bool:
        """Whether an entry of a list tells one of these."""
        return any(entry.told(*names) for entry in self.entries(family))

    def lacks(self, label: str, *names: str) -> Gap | None:
        """Give the gap where none of these is told."""
        if self.told(*names):
            return None
        reasons = [reason for name in names if (reason := self.reason(name))]
        return Gap((reasons or [""])[0], label, (lambda: self.note(*names),))

    def lacks_in(self, label: str, family: str, *names: str) -> Gap | None:
        """Give the gap where no entry of a list tells any of these."""
        if self.told_in(family, *names):
            return None
        unknown = [(e, name) for e in self.entries(family) for name in names if e.reason(name)]
        if unknown:
            notes = tuple(partial(entry.note, name) for entry, name in unknown)
            return Gap(unknown[0][0].reason(unknown[0][1]), label, notes)
        where = f"{self.path}/{family}"
        note = self._scribe.note_none_of
        return Gap("", label, tuple(partial(note, where, name) for name in names))

    def judged(self, beside: "View | None" = None) -> "View":
        """Show what was derived of this entity, or of it and another."""
        key = self.key if beside is None else f"{self.key}|{beside.key}"
        return self._case.view(f"assessment/{key}")

    def at(self, path: str) -> "View":
        """Show another entity of the same state of the case."""
        return self._case.view(path)

    def owner(self) -> "View":
        """Show the entity in whose list this one stands: the drug of a dose."""
        return self._case.view(self.path.rsplit("/", 2)[0])

    def _amount(self, number: str, unit: str, comparator: str) -> Amount:
        plain = _plain(number)
        factor = _HOURS.get(unit)
        return Amount(
            number=self._scribe.keep(comparator + plain),
            unit=self._scribe.keep(unit),
            plain=plain,
            code=unit,
            hours=None if factor is None else Decimal(number) * factor,
        )


def is_told(entry: Entry, name: str) -> bool:
    """Whether a field says something: known, and not blank."""
    value = entry.known(name)
    return value is not None and not (isinstance(value, str) and not value.strip())


def alike(views: Iterable[View], *names: str) -> tuple[tuple[View, ...], ...]:
    """Put together what is the same in these fields; groups in order of first appearance."""
    groups: dict[str, list[View]] = {}
    for view in views:
        groups.setdefault(repr([view.entry.raw(name) for name in names]), []).append(view)
    return tuple(map(tuple, groups.values()))


def by_date(views: Iterable[View], name: str) -> tuple[View, ...]:
    """Put into order of a date as far as it is known; those without it last."""
    return tuple(
        sorted(views, key=lambda view: (view.entry.known(name) or {"value": "9999"})["value"])
    )


def _plain(number: object) -> str:
    return f"{Decimal(str(number)):f}"


def _read_date(moment: str) -> When:
    day, _, time = moment.partition("T")
    year, month, number = (*day.split("-"), "", "")[:3]
    told = _CLOCK.fullmatch(time)
    clock, zone = told.groups("") if told else ("", "")
    return When(year, int(month) if month else None, number, clock, zone)
