"""
Do the liver tests that a case tells look like Hy's law, or call for something by themselves?

The tests of the case are screened as those of a study subject are. What was surely taken before the
first dose of our product is the baseline.
"""

from collections.abc import Callable, Iterator, Mapping

from safety.case import CaseState, Entry
from safety.causality import Days, find_first_dose, parse_days
from safety.dosing import company_drugs
from safety.dosing.doses import names_of
from safety.findings import Finding
from safety.laboratory import parse_case_tests
from safety.liver import (
    LiverAction,
    LiverResult,
    LiverScreen,
    Mention,
    find_prompts,
    load_liver_criteria,
    read_liver_result,
    screen_liver,
)
from safety.profiles import Product

_PATH = "tests"


def screen_case(
    state: CaseState, product: Product, terms: Mapping[str, str | None] | None = None
) -> LiverScreen | None:
    """
    Screen the liver tests of a case; None where it has none, or does not name our product.

    Args:
        state: The case.

        product: Ours.

        terms: Of its reactions by their ids, to know symptoms of liver injury by.
    """
    ours = company_drugs(state, product)
    if not ours or not state.entries("tests"):
        return None
    results = tuple(_results(state, find_first_dose(state, ours)))
    symptoms = tuple(_symptoms(state, terms or {}))
    return screen_liver(results, symptoms=symptoms) if results else None


def _symptoms(state: CaseState, terms: Mapping[str, str | None]) -> Iterator[Days]:
    known = load_liver_criteria().symptoms
    for reaction in state.reactions:
        began = parse_days(reaction.known("onset")) if terms.get(reaction.key) in known else None
        if began is not None:
            yield began


def check_liver(screen: LiverScreen | None, told: tuple[Mention, ...] = ()) -> Iterator[Finding]:
    """
    Give what a person has to look at.

    1. potential Hy's law: rule out other causes;
    2. both rises, and something keeps it undecided: get what is missing;
    3. a transaminase that calls for interrupting the drug, or for closer observation;
    4. with any of these, what to think of first: TACE at the time, hepatitis B.

    Args:
        screen: What the tests say.

        told: What is told of the patient, to find what to think of first.

    Sources:
        FDA guidance on drug-induced liver injury 2009; regulatory facts 3.5.
    """
    if screen is not None:
        yield from _check_hys_law(screen)
        yield from check_actions(screen, told)


def check_actions(
    screen: LiverScreen, told: tuple[Mention, ...], *, path_of: Callable[[str], str] = str
) -> Iterator[Finding]:
    """
    Give what transaminases call for by themselves, and what to think of where a test is raised.

    Args:
        screen: What the tests say.

        told: What is told of the patient.

        path_of: Gives the path of a finding from the id of a result.
    """
    for action in screen.actions:
        yield _proposal(action, path_of(action.source))
    rises = screen.ground is not None and screen.ground.both_rises
    if not screen.actions and not rises:
        return
    raised = [*screen.raised_days, *(action.day for action in screen.actions)]
    for prompt in find_prompts(told, raised):
        yield Finding(
            f"liver_{prompt.row.id.lower()}",
            prompt.mention.path,
            f"{prompt.row.about} ({prompt.row.evidence})",
            "note",
        )


def _proposal(action: LiverAction, path: str) -> Finding:
    by = f"({action.row}, {action.evidence})"
    if action.proposed == "observe":
        return Finding(
            "liver_close_observation",
            path,
            f"a transaminase reaches the level of closer observation {by}: repeat the liver tests"
            " within days, and look at bilirubin and INR",
            "note",
        )
    wants = f"; it is decided by {'; '.join(action.missing)}" if action.missing else ""
    return Finding(
        "liver_interrupt",
        path,
        "a transaminase reaches the level at which the drug is interrupted and the liver"
        f" evaluated {by}{wants}",
    )


def _check_hys_law(screen: LiverScreen) -> Iterator[Finding]:
    if screen.ground is None:
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


def mentions_of(state: CaseState) -> Iterator[Mention]:
    """Give what a case tells of the patient: history, earlier drugs, other drugs."""
    for entry in state.entries("patient/history"):
        if text := entry.known("condition.text"):
            yield Mention(text, parse_days(entry.known("start")), f"{entry.path}.condition.text")
    for family in ("patient/past_drugs", "drugs"):
        for entry in state.entries(family):
            for name in names_of(state, entry):
                yield Mention(name, _began(state, entry), f"{entry.path}.name")


def _began(state: CaseState, drug: Entry) -> Days | None:
    """Give when a drug was first taken; None where a part of it is not dated."""
    doses = [*state.entries(f"{drug.path}/doses"), drug]
    days = [day for entry in doses if (day := parse_days(entry.known("start"))) is not None]
    return min(days, key=lambda day: day.earliest, default=None)
