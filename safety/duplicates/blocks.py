"""
Which cases are compared at all?

Two cases are compared if they share a block: a combination of facts so particular that few cases
have it, however large the store. Each block leaves out what another uses, so that a wrong birth
date, a missing subject or another onset hides a case from one block and not from all. The key of a
block is a digest: an index of keys tells nothing about anybody.
"""

import base64
import hashlib
from collections.abc import Iterator

from safety.duplicates.fingerprint import Event, Fingerprint

DAY, MONTH = len("2000-01-01"), len("2000-01")
MOST_EVENTS = 12  # of one case, the first by name; a report of more is compared by those


def derive_keys(told: Fingerprint) -> tuple[str, ...]:
    """Give the keys of the blocks of a case, sorted; none for one that is void or merged."""
    if not told.is_searched:
        return ()
    return tuple(sorted({_digest(ground) for ground in _grounds(told)}))


def _grounds(told: Fingerprint) -> Iterator[tuple[str, ...]]:
    yield from (("number", number) for number in told.numbers)
    birth = told.birth if told.birth is not None and len(told.birth) == DAY else None
    yield from _of_the_patient(told, birth)
    for event in told.events[:MOST_EVENTS]:
        yield from _of_an_event(told, birth, event)


def _of_the_patient(told: Fingerprint, birth: str | None) -> Iterator[tuple[str, ...]]:
    if told.subject is not None:
        yield "subject", told.subject
    for name, day in (("birth", birth), ("start", told.start)):
        if told.initials is not None and day is not None:
            yield "initials", told.initials, name, day
    if told.start is not None and len(told.start) == DAY and told.age is not None:
        yield "start, age, sex", told.start, str(told.age), told.sex or ""
    onsets = sorted({event.onset for event in told.events if event.onset})
    if birth is not None:
        yield from (("birth, onset", birth, onset) for onset in onsets[:MOST_EVENTS])


def _of_an_event(told: Fingerprint, birth: str | None, event: Event) -> Iterator[tuple[str, ...]]:
    if birth is not None:
        yield "birth, event", birth, event.term
    if event.onset is None or len(event.onset) < MONTH:
        return
    month = event.onset[:MONTH]
    if told.initials is not None:
        yield "initials, event, month", told.initials, event.term, month
    if told.age is not None and told.sex is not None:
        yield "age, sex, event, month", str(told.age), told.sex, event.term, month
    if len(event.onset) == DAY:
        for country in told.countries or ("",):
            yield "event, onset, country", event.term, event.onset, country


def _digest(ground: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\n".join(ground).encode()).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()
