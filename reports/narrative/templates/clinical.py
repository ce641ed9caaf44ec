"""
What of that which supports the reviewer does a narrative tell?

The grade that the tests give, the time to onset where dates are partial, what stopping the drug
and giving it again showed by the dates, and how the liver tests stand to Hy's law. Each under a
name of its own, with the fields it follows from; what is unknown is left out, save where a drug was
stopped and the dates do not tell what that showed.
"""

from collections.abc import Iterator
from decimal import Decimal

from reports.narrative.templates.derived import Derived
from safety.assessment import CaseAssessment
from safety.case import CaseState, Entry
from safety.causality import DayCount, DoseAtOnset
from safety.clinical import ClinicalAssessment, PairAssessment
from safety.liver import LiverScreen

_LOWERED = frozenset({"withdrawn", "dose_reduced", "interrupted"})
_SUSPECT = frozenset({"suspect", "interacting"})
_OF_A_TEST = ("date", "result", "high")
_PLACES = Decimal("0.1")


def derive_computed_grades(derived: Derived, state: CaseState, assessment: CaseAssessment) -> None:
    """Give the grade that the tests of the case give for each reaction; 0 meets no criterion."""
    for judged in assessment.reactions:
        computed = judged.computed_grade
        if computed is None or computed.grade is None:
            continue
        because = tuple(
            f"{computed.source}.{name}"
            for name in ("result", "low", "high")
            if Entry(computed.source, state.entities.get(computed.source, {})).known(name)
        )
        grade = {"grade": computed.grade, "ctcae": computed.ctcae}
        path = f"assessment/{judged.key}"
        derived.add(path, "computed_grade", grade, because)
        derived.add(path, "computed_by", computed.source, because)
        derived.add(path, "computed_at_least", computed.at_least or None, because)


def derive_clinical(derived: Derived, state: CaseState, clinical: ClinicalAssessment) -> None:
    """Give what dates and doses show of each suspect drug and reaction, and the liver screen."""
    drugs = {drug.key: drug for drug in state.drugs}
    reactions = {reaction.key: reaction for reaction in state.reactions}
    for pair in clinical.pairs:
        _derive_pair(derived, state, pair, drugs[pair.drug], reactions[pair.reaction])
    if clinical.liver is not None:
        _derive_screen(derived, state, clinical.liver)


def _derive_pair(
    derived: Derived, state: CaseState, pair: PairAssessment, drug: Entry, reaction: Entry
) -> None:
    evidence = pair.evidence
    path = f"assessment/{drug.key}|{reaction.key}"
    told = Entry("", derived.entities.get(f"assessment/{reaction.key}", {}))
    dates = tuple(_dates_of(state, drug, reaction))
    link = f"drug_reactions/{drug.key}|{reaction.key}"
    source = Entry(link, state.entities.get(link, {}))
    derived.add(path, "reaction", reaction.path)
    counted = told.known("timed_by") == drug.path and told.known("day") is not None
    if not counted and source.known("from_first_dose") is None:
        _add_days(derived, path, "from_first", evidence.from_first, dates)
    last = evidence.from_last
    if last is not None and last.most > 0 and source.known("from_last_dose") is None:
        _add_days(derived, path, "from_last", last, dates)  # 0: it was being taken
    if not (told.known("timed_by") == drug.path and told.known("dose") is not None):
        _add_dose(derived, path, evidence.dose_at_onset, dates)
    if drug.known("role") not in _SUSPECT:
        return
    stop, action = evidence.dechallenge, f"{drug.path}.action_taken"
    because = tuple(_standing(state, (action, f"{reaction.path}.outcome", f"{reaction.path}.end")))
    if stop.answer in {"positive", "negative"}:
        derived.add(path, "dechallenge_shown", stop.answer, (*dates, *because))
        derived.add(path, "dechallenge_confounded", stop.confounded or None)
    elif stop.answer == "unknown" and drug.known("action_taken") in _LOWERED:
        derived.add(path, "dechallenge_shown", "unknown", because)
    again = evidence.rechallenge
    if evidence.reported_rechallenge is None and again.answer not in {None, "not_done"}:
        derived.add(path, "rechallenge_shown", again.answer and again.answer.value, dates)
        derived.add(path, "rechallenge_lower", again.at_lower_dose or None)


def _add_days(
    derived: Derived, path: str, name: str, count: DayCount | None, because: tuple[str, ...]
) -> None:
    """Give a number of days, or the fewest and the most; nothing before the first dose."""
    if count is None or count.fewest < 0:
        return
    for end, days in (("fewest", count.fewest), ("most", count.most)):
        derived.add(path, f"{name}.{end}", {"value": str(days), "unit": "d"}, because)


def _add_dose(
    derived: Derived, path: str, dose: DoseAtOnset | None, because: tuple[str, ...]
) -> None:
    exact = None if dose is None else dose.exact_mg
    if exact:
        derived.add(path, "daily_dose", {"value": f"{exact.normalize():f}", "unit": "mg"}, because)


def _dates_of(state: CaseState, drug: Entry, reaction: Entry) -> Iterator[str]:
    """Give the fields of the dates that drug and reaction are compared by."""
    doses = state.entries(f"{drug.path}/doses")
    names = (f"{dose.path}.{name}" for dose in doses for name in ("start", "end"))
    return _standing(state, (f"{reaction.path}.onset", *names))


def _standing(state: CaseState, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        path, _, name = field.rpartition(".")
        if state.entities.get(path, {}).get(name) is not None:
            yield field


def _derive_screen(derived: Derived, state: CaseState, screen: LiverScreen) -> None:
    """
    Give how the liver tests stand to the laboratory part of Hy's law.

    1. met, or not met: that;
    2. both rises, and something is missing that would decide it: undecided;
    3. anything else: nothing.
    """
    ground = screen.ground
    results: dict[str, str] = {}
    if ground is not None and (screen.met or ground.both_rises):
        named = {"transaminase": ground.transaminase, "bilirubin": ground.bilirubin}
        named["alp"] = ground.alp
        results = {name: path for name, path in named.items() if path is not None}
        answer = "met" if screen.met else "undecided"
    elif screen.met is False:
        answer = "not_met"
    else:
        return
    tests = tuple(results.values()) or tuple(peak.source for peak in screen.peaks.values())
    because = tuple(_standing(state, tuple(f"{test}.{n}" for test in tests for n in _OF_A_TEST)))
    derived.add("hys_law", "answer", answer, because)
    for name, path in results.items():
        derived.add("hys_law", name, path, because)
    if screen.r_value is not None:
        figure = {"value": f"{screen.r_value.quantize(_PLACES):f}"}
        derived.add("hys_law", "r_value", figure, because)
        derived.add("hys_law", "pattern", screen.pattern, because)
