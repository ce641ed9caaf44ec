"""
The shape of a rule: typed criteria, calendar days, recipients, and the article it rests on.

`True`, `False` and `None` of a criterion mean "must be", "must not be" and "does
not matter".
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Related(StrEnum):
    """Whose causality answer a rule asks for."""

    ANY_PARTY = "any_party"  # investigator or sponsor: the conservative rule
    SPONSOR = "sponsor"  # the sponsor's or applicant's conclusion
    IMPLIED = "implied"  # spontaneous: implied; in studies as any_party
    NOT_RULED_OUT = "not_ruled_out"  # unless everybody asked has ruled it out


class Clock(StrEnum):
    """
    What starts the clock.

    The earliest day of any channel counts for all of them; the overseas holder is
    one of the channels.
    """

    AWARENESS = "awareness"
    DETERMINATION = "determination"  # where a person's decision makes the rule apply: its day
    AWARENESS_OF_CHANGE = "awareness_of_change"
    OVERSEAS_HOLDER = "overseas_mah_awareness"


class Duty(StrEnum):
    """What has to be sent."""

    INITIAL = "initial"
    COMPLETE = "complete_report"
    INVESTIGATION = "investigation_report"
    FOLLOW_UP = "follow_up"
    DOWNGRADE = "downgrade"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a reaction must be; None does not matter."""

    serious: bool | None = None
    unexpected: bool | None = None
    fatal: bool | None = None
    fatal_or_life_threatening: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One provision.

    Attributes:
        contexts: trial, nis_primary, nis_secondary, spontaneous, literature, compassionate.
        origin: domestic, foreign, eu or any, as seen from the authority.
        any_of: Beside `criteria`, at least one of these must be met.
        only_when_it_became: Fires only on the step that turned it fatal or life-threatening.
        days: Calendar days after day zero; the due date itself is on time.
        complete_after_days: A complete report is due this many days after `days`.
        complete_from_sending: They count from the day the initial report was sent, once it was.
        investigation_days: An investigation report is due, from day zero.
        hard_stop_days: Outer limit where `days` means "at once"; named in the reason.
        followup_days: For new significant information, from the day it was known.
        evidence: V, V2, M-high, M-med or M-low: how far the row was checked.
    """

    rule_id: str
    authority: str
    contexts: frozenset[str]
    origin: str
    related: Related
    criteria: Criteria
    days: int
    clock: Clock
    recipients: tuple[str, ...]
    provision: str
    evidence: str
    followup_days: int
    followup_note: str = ""
    any_of: tuple[Criteria, ...] = ()
    only_when_it_became: bool = False
    complete_after_days: int | None = None
    complete_from_sending: bool = False
    investigation_days: int | None = None
    hard_stop_days: int | None = None
    valid_from: date = date.min
    valid_to: date = date.max
    note: str = ""

    def in_force(self, day: date) -> bool:
        """The row is law on that day."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class OtherDuty:
    """
    A duty that no single case makes, so that no clock here can start it: a person must see to it.

    Attributes:
        what: What has to be told, or was owed to us.
        within: How fast, in words.
        recipient: Who is told.
    """

    duty_id: str
    authority: str
    what: str
    within: str
    recipient: str
    provision: str
    evidence: str
    valid_from: date = date.min
    valid_to: date = date.max


@dataclass(frozen=True, slots=True)
class Rulebook:
    """
    The rows of one jurisdiction.

    Attributes:
        home: Countries whose cases are domestic for it.
        label: Region whose reference safety information decides expectedness.
        downgrade_days: `serious` (the old limit once more) or `new` (limit of the new category).
        sponsor_or_any: Read "sponsor" as "any party" (a company may choose to be that careful).
        others: Duties that no single case makes; for people, never evaluated.
    """

    name: str
    version: str
    home: frozenset[str]
    label: str
    rules: tuple[Rule, ...]
    digest: str
    downgrade_days: str = "serious"
    sponsor_or_any: bool = False
    others: tuple[OtherDuty, ...] = ()
