"""
Do the liver tests that a case tells look like Hy's law?

The tests of the case are screened as those of a study subject are. What was surely taken before the
first dose of our product is the baseline.
"""

from collections.abc import Iterator

from safety.case import CaseState
from safety.causality import Days, find_first_dose
from safety.dosing import company_drugs
from safety.findings import Finding
from safety.laboratory import parse_case_tests
from safety.liver import LiverResult, LiverScreen, read_liver_result, screen_liver
from safety.profiles import Product

_PATH = "tests"


def screen_case(state: CaseState, product: Product) -> LiverScreen | None:
    """Screen the liver tests of a case; None where it has none, or does not name our product."""
    ours = company_drugs(state, product)
    if not ours or not state.entries("tests"):
        return None
    results = tuple(_results(state, find_first_dose(state, ours)))
    return screen_liver(results) if results else None


def check_liver(screen: LiverScreen | None) -> Iterator[Finding]:
    """
    Give what a person has to look at.

    1. potential Hy's law: rule out other causes;
    2. both rises, and something keeps it undecided: get what is missing.

    Sources:
        FDA guidance on drug-induced liver injury 2009; regulatory facts 3.5.
    """
    if screen is None or screen.ground is None:
        return
    if screen.met:
        yield Finding(
            "potential_hys_law",
            _PATH,
            f"the tests meet the laboratory part of Hy's law ({screen.ground.criterion},"
            f" {screen.ground.evidence}): rule out other causes; if none is found, treat it as"
            " medically important",
        )
    elif screen.ground.both_rises:
        yield Finding(
            "hys_law_undecided",
            _PATH,
            f"transaminase and bilirubin rose ({screen.ground.criterion}); whether it may be Hy's"
            f" law is decided by {'; '.join(screen.missing)}",
        )


def _results(state: CaseState, first_dose: Days | None) -> Iterator[LiverResult]:
    for source, record in parse_case_tests(state, first_dose):
        if (result := read_liver_result(source, record)) is not None:
            yield result
