"""
What of patient and reporter does a recipient get to see?

A policy says it for initials, birth date and reporter. What a policy withholds in its own box is
also taken out of free text where it stands there literally: reporters' names and addresses, the
whole birth date, and Chinese identity numbers, which contain it. Initials are not sought in free
text: two letters are too often an abbreviation.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reports.cioms.words import MONTHS
from safety.case import CaseState

PRIVACY = "PRIVACY"
WITHHELD = "NAME AND ADDRESS WITHHELD"
FREE_TEXT = frozenset({"7+13", "14", "15", "16", "17", "22", "23", "26"})
NAMES = ("given_name", "middle_name", "family_name", "organisation", "department")
PLACES = ("street", "city", "state", "postcode", "telephone", "email")

_SHORTEST_NAME = 3  # letters; a shorter Latin name is a word or an abbreviation as well
_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a kind of recipient sees."""

    name: str
    initials: bool
    birth_date: Literal["full", "year", "none"]
    reporter: bool

    def clean(self, text: str, state: CaseState) -> str:
        """Take out of free text what the policy withholds."""
        for pattern in self.patterns(state):
            text = pattern.sub(f"[{PRIVACY}]", text)
        return text

    def patterns(self, state: CaseState) -> Iterator[re.Pattern[str]]:
        """Give what free text must not hold."""
        if not self.reporter:
            yield from _names(state)
        if self.birth_date != "full":
            yield _IDENTITY_NUMBER
            told = state.patient.known("birth_date")
            if told is not None and len(told["value"]) >= len("1956-05-12"):
                yield _birth_date(date.fromisoformat(told["value"][:10]))


def find_unmasked(
    lines: Iterable[tuple[str, str]], policy: Policy, state: CaseState, *, first: str
) -> Iterator[str]:
    """
    Give the box of each line that shows what the policy withholds.

    Args:
        lines: Box and text of each line; without boxes that name ourselves.

        policy: What the recipient may see.

        state: The case.

        first: The box of the patient's initials.
    """
    patterns = tuple(policy.patterns(state))
    initials = None if policy.initials else state.patient.known("initials")
    for number, text in lines:
        if any(pattern.search(text) for pattern in patterns) or (
            number == first and initials and text == initials
        ):
            yield number


POLICIES = {
    policy.name: policy
    for policy in (
        Policy("internal", initials=True, birth_date="full", reporter=True),
        Policy("authority", initials=True, birth_date="full", reporter=False),
        Policy("partner", initials=False, birth_date="year", reporter=False),
        Policy("strict", initials=False, birth_date="none", reporter=False),
    )
}


def _names(state: CaseState) -> Iterator[re.Pattern[str]]:
    """Give the reporters' names and addresses, the longest first; a city alone names nobody."""
    found: set[str] = set()
    for reporter in state.entries("reporters"):
        told = {name: reporter.known(name) for name in (*NAMES, *PLACES)}
        found |= {str(told[name]).strip() for name in told if told[name] is not None} - {
            str(told["city"]).strip(),
            str(told["state"]).strip(),
        }
        found.add(f"{told['family_name'] or ''}{told['given_name'] or ''}".strip())
    for name in sorted(found, key=lambda name: (-len(name), name)):
        if name.isascii() and len(name) >= _SHORTEST_NAME:
            yield re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", re.IGNORECASE)
        elif not name.isascii() and len(name) > 1:
            yield re.compile(re.escape(name))


def _birth_date(day: date) -> re.Pattern[str]:
    year, month, number = day.year, day.month, day.day
    name = MONTHS[month - 1]
    forms = (
        rf"{year}[-/.]0?{month}[-/.]0?{number}",
        rf"0?{number}[-/.]0?{month}[-/.]{year}",
        rf"0?{month}/0?{number}/{year}",
        rf"0?{number}[- ]{name}[a-z]*[- ]{year}",
        rf"{name}[a-z]* 0?{number},? {year}",
        rf"{year}年0?{month}月0?{number}日",
        f"{year}{month:02}{number:02}",
    )
    return re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d)", re.IGNORECASE)
