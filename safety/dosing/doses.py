"""
Are the doses of our product doses that the label knows, and do they fit together?

What does not is a finding that asks; a dose is never changed. Messages name the field, never the
dose.
"""

from collections.abc import Iterator, Sequence

from safety.case import CaseState, Entry
from safety.causality import (
    ExposureHistory,
    Period,
    derive_exposure,
    parse_days,
    read_doses,
)
from safety.findings import Finding
from safety.profiles import Product


def company_drugs(state: CaseState, product: Product) -> tuple[Entry, ...]:
    """Give the drugs of a case that are our product, in whatever role."""
    return tuple(drug for drug in state.drugs if product.is_named_in(names_of(state, drug)))


def names_of(state: CaseState, drug: Entry) -> tuple[str, ...]:
    """Give the names that a case has for a drug: its own and those of its substances."""
    told = [drug, *state.entries(f"{drug.path}/substances")]
    return tuple(name for name in (entry.known("name") for entry in told) if name is not None)


def check_dosing(state: CaseState, product: Product) -> tuple[Finding, ...]:
    """
    Check the doses of our product that a case tells.

    1. a total daily dose that the label does not know: query;
    2. a dose whose interval or unit is not told or not understood: note;
    3. a dose that ends before it begins: contradiction;
    4. two doses over more than the day of the change: query;
    5. an action taken that the doses contradict: query.

    Sources:
        Label doses of the product profile; regulatory facts 4.4.
    """
    return tuple(
        finding
        for drug in company_drugs(state, product)
        for finding in _check(state, drug, product)
    )


def _check(state: CaseState, drug: Entry, product: Product) -> Iterator[Finding]:
    periods = read_doses(state, drug)
    for dose, period in zip(state.entries(f"{drug.path}/doses"), periods, strict=True):
        yield from _check_dose(dose, period, product)
    yield from _overlaps(periods)
    yield from _check_action(state, drug, derive_exposure(periods))


def _check_dose(dose: Entry, period: Period, product: Product) -> Iterator[Finding]:
    daily = period.daily_mg
    if daily is None and dose.known("dose") is not None:
        yield Finding(
            "dose_not_understood",
            f"{dose.path}.interval",
            "the dose of a day does not follow from dose, unit and interval; ask for them",
            "note",
        )
    if daily is not None and period.dosed and daily not in product.plausible_daily_mg:
        yield Finding(
            "dose_not_of_label",
            f"{dose.path}.dose",
            "the dose of a day is none that the label knows; ask whether it is right",
        )
    if period.start and period.end and period.end.surely_before(period.start):
        yield Finding(
            "dose_ends_before_start",
            f"{dose.path}.end",
            "the dose ends before it begins; ask for the right dates",
            "contradiction",
        )


def _overlaps(periods: Sequence[Period]) -> Iterator[Finding]:
    for place, one in enumerate(periods):
        for other in periods[place + 1 :]:
            first, second = sorted((one, other), key=_begins)
            if (
                first.end is not None
                and second.start is not None
                and first.start is not None
                and second.start.latest < first.end.earliest
                and not (second.end is not None and second.end.surely_before(second.start))
            ):
                yield Finding(
                    "doses_overlap",
                    f"{second.source}.start",
                    "two dose periods of the drug overlap; ask which dose was taken",
                )


def _begins(period: Period) -> tuple[bool, str]:
    start = period.start
    return (start is None, "" if start is None else start.latest.isoformat())


def _check_action(state: CaseState, drug: Entry, history: ExposureHistory) -> Iterator[Finding]:
    """Compare the action taken with the steps in the dose from the first onset on."""
    onsets = [parse_days(reaction.known("onset")) for reaction in state.reactions]
    known = [onset for onset in onsets if onset is not None]
    if not known or len(known) < len(onsets) or len(history.stays) + len(history.undated) == 0:
        return
    first = min(known, key=lambda onset: onset.earliest)
    after = {change.kind for change in history.changes if not change.on.surely_before(first)}
    action = drug.known("action_taken")
    unchanged = action == "dose_not_changed" and after & {"reduced", "stopped"}
    unreduced = action == "dose_reduced" and len(history.stays) > 1 and "reduced" not in after
    resumed_lower = any(
        change.kind == "restarted"
        and change.before_mg is not None
        and change.after_mg is not None
        and change.after_mg < change.before_mg
        for change in history.changes
    )
    if unchanged or (unreduced and not resumed_lower):
        yield Finding(
            "action_taken_disagrees",
            f"{drug.path}.action_taken",
            "the doses told do not show the action that is told; ask which is right",
        )
