"""What is compared of a case, for tests: one case, with some of it told otherwise."""

from dataclasses import replace
from typing import Any

from safety.duplicates import Event, Fingerprint

TOLD = Fingerprint(
    case_id="A",
    numbers=("a",),
    subject="nct01751763|01-001",
    initials="wl",
    birth="1967-05-03",
    age=58,
    sex="male",
    countries=("CN",),
    events=(Event("Thromboembolic event", "2026-02-27"),),
    drugs=(),
    start=None,
    death=None,
    reporters=(),
    distinct=(),
    merged_into=None,
    void=False,
)
ANOTHER = replace(TOLD, case_id="B", numbers=("b",))


def told(**changes: Any) -> Fingerprint:
    """Give case A with some of it told otherwise."""
    return replace(TOLD, **changes)


def another(**changes: Any) -> Fingerprint:
    """Give case B, which tells the same, with some of it told otherwise."""
    return replace(ANOTHER, **changes)
