"""
What follows from the facts of a case without any source saying so?

Days of receipt, day of onset counted from the first dose, dose at onset, what
stopping a drug showed, and the conclusions of the assessment. Each is derived
under a name of its own, with the fields it follows from; what cannot be derived
from complete facts is left out.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reports.narrative.model import SubjectContext
from safety.assessment import CaseAssessment, ReactionAssessment
from safety.case import CaseState, Entry, Fact, Value
from safety.deadlines import AssessedStep

_NAMES = ("term.text", "english", "desk.term")
_CODED_FROM = ("desk.term", "term.text", "english")
_MEASURED = re.compile(r"(\d+(?:\.\d+)?) (\S+)")  # "81 d"
_SUSPECT = frozenset({"suspect", "interacting"})
_ABATED = frozenset({"recovered", "recovering", "recovered_with_sequelae"})
_SOURCES = frozenset({"reporter", "investigator"})
_STOPPED = frozenset({"withdrawn", "dose_reduced", "interrupted"})


def derive_facts(
    steps: Sequence[AssessedStep],
    context: SubjectContext,
    regions: Collection[str] = (),
    term_names: Mapping[str, str] | None = None,
) -> "Derived":
    """
    Derive all that the narrative may say beside the facts.

    Args:
        steps: The history of the case, at least one report.

        context: What the study recorded of the subject beside the event.

        regions: Regions whose labels are told of; empty for all.

        term_names: Terms of the dictionary by their names in the language of the narrative.
    """
    derived = Derived()
    _derive_reports(derived, steps)
    _derive_assessments(derived, steps[-1], regions)
    _derive_subject(derived, context)
    _derive_death(derived, steps[-1])
    for judged in steps[-1].assessment.reactions:
        named = (term_names or {}).get(judged.coding.term or "")
        because = derived.because.get(f"assessment/{judged.key}.term", ())
        derived.add(f"assessment/{judged.key}", "term_here", named, because)
    return derived


@dataclass(slots=True)
class Derived:
    """Facts that follow from others, as entities, and what each follows from."""

    entities: dict[str, dict[str, Fact]] = field(default_factory=dict)
    because: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, path: str, name: str, value: Value, because: tuple[str, ...] = ()) -> None:
        """Add one; what could not be derived (None) is left out."""
        if value is not None:
            self.entities.setdefault(path, {})[name] = Fact(value, "derived")
            self.because[f"{path}.{name}"] = because


def _derive_reports(derived: Derived, steps: Sequence[AssessedStep]) -> None:
    """Give each report its kind and days, and the nullification that stands."""
    told = steps[-1].state.case.known("first_received")
    if isinstance(told, str):
        day = _whole(date.fromisoformat(told[:10]))
        derived.add("report/1", "first_received", day, ("case.first_received",))
    for place, step in enumerate(steps, start=1):
        report = step.report
        path = f"report/{place}"
        received = next((a.day for a in report.awareness if a.channel == "received"), report.aware)
        derived.add(path, "kind", report.kind)
        derived.add(path, "received", _whole(received))
        derived.add(path, "aware", _whole(report.aware))
        derived.add(path, "synthetic", report.synthetic or None)
        derived.add(path, "reason", report.reason)
        refused = step.state.nullified is not report.nullified
        if refused and report.nullified is not None:
            derived.add(path, "refused", report.nullified.reason)
        if report.nullified is not None and steps[-1].state.nullified is report.nullified:
            derived.add("nullification", "received", _whole(received))
            derived.add("nullification", "reason", report.nullified.reason)
            derived.add("nullification", "explanation", report.nullified.explanation)
            derived.add("nullification", "surviving_case", report.nullified.surviving_case)


def _derive_subject(derived: Derived, context: SubjectContext) -> None:
    derived.add("subject", "diagnosis", context.diagnosis)
    derived.add("subject", "surgery_date", context.surgery_date and dict(context.surgery_date))
    for place, (name, value) in enumerate(context.characteristics, start=1):
        derived.add(f"subject/characteristics/{place}", "name", name)
        measured = _MEASURED.fullmatch(value)
        derived.add(
            f"subject/characteristics/{place}",
            "value",
            {"value": measured[1], "unit": measured[2]} if measured else value,
        )
    for place, condition in enumerate(context.history, start=1):
        derived.add(f"subject/history/{place}", "condition", condition)


def _derive_assessments(derived: Derived, step: AssessedStep, regions: Collection[str]) -> None:
    state, case = step.state, step.assessment
    derived.add("assessment", "serious", case.serious)
    derived.add("assessment", "kind", case.context.kind, _standing(state, case.context.path))
    derived.add("assessment", "study", case.context.study and case.context.study.short_name)
    derived.add("assessment", "company_drugs", list(case.company_drugs) or None)
    timed = _timing_drug(state, case)
    reactions = {entry.key: entry for entry in state.reactions}
    shared = Counter(_name(entry) for entry in state.reactions)
    for place, judged in enumerate(case.reactions, start=1):
        entry = reactions[judged.key]
        _derive_reaction(derived, state, judged, entry, regions)
        if shared[_name(entry)] > 1:
            derived.add(f"assessment/{judged.key}", "number", place)
        if timed is not None:
            _derive_timing(derived, state, entry, timed)
        for drug in state.drugs:
            _derive_dechallenge(derived, state, entry, drug)
    named = Counter(drug.known("name") for drug in state.drugs)
    for place, drug in enumerate(state.drugs, start=1):
        if drug.known("name") is not None and named[drug.known("name")] > 1:
            derived.add(f"assessment/{drug.key}", "number", place)


def _name(entry: Entry) -> str | None:
    return next((entry.known(name) for name in _NAMES if entry.known(name) is not None), None)


def _derive_reaction(
    derived: Derived,
    state: CaseState,
    judged: ReactionAssessment,
    entry: Entry,
    regions: Collection[str],
) -> None:
    """Give what the assessment said of one reaction."""
    path = f"assessment/{judged.key}"
    named = tuple(
        f"{entry.path}.{n}" for n in ("desk.term", *_NAMES[:2]) if entry.known(n) is not None
    )
    derived.add(path, "term", judged.coding.term, named[:1])
    stated = tuple(p for each in judged.seriousness.paths for p in _standing(state, each))
    derived.add(path, "serious", judged.seriousness.serious, stated)
    derived.add(path, "criteria", list(judged.seriousness.criteria) or None, stated)
    answers = [a for a in state.entries("relatedness") if a.raw("reaction_id") == judged.key]
    given_by = {answer.raw("assessor") for answer in answers}
    derived.add(path, "reporter_silent", given_by.isdisjoint(_SOURCES) or None)
    derived.add(path, "sponsor_silent", "sponsor" not in given_by or None)
    related = {True: "yes", False: "no", None: "undecided"}[judged.relatedness.any_party]
    derived.add(path, "related", related, tuple(f"{answer.path}.result" for answer in answers))
    compared: list[Value] = []  # events alike in it share a sentence
    for region, label in judged.listedness.items():
        if regions and region not in {*regions, *judged.desk_expected}:
            continue
        place = f"{path}/labels/{region}"
        decided = _standing(state, f"{entry.path}.desk.expected.{region}")
        derived.add(place, "reaction", judged.path)
        derived.add(place, "region", region)
        derived.add(place, "label", label.label_id)
        # The year only: what is loaded are editions, revisions between them are not told apart.
        derived.add(place, "edition", label.label_version and label.label_version[:4])
        unexpected = judged.unexpected(region)
        derived.add(place, "unexpected", unexpected, (*named, *decided))
        derived.add(place, "reason", None if unexpected is not None else label.reason_code.value)
        derived.add(place, "decided", bool(decided) or None, decided)
        compared.append([region, label.label_version, unexpected, label.reason_code.value, decided])
    derived.add(path, "expectedness", compared)


def _derive_timing(derived: Derived, state: CaseState, reaction: Entry, drug: Entry) -> None:
    """
    Give the day of onset counted from the first dose, where every date in it is complete.

    Day 1 is the day of the first dose; before it there is no day, only a distance.
    The dose at onset is given where exactly one dose period holds the day of onset.
    """
    path = f"assessment/{reaction.key}"
    doses = state.entries(f"{drug.path}/doses")
    onset = _day(reaction.known("onset"))
    starts = {dose.path: _day(dose.known("start")) for dose in doses}
    began = [day for day in starts.values() if day is not None]
    if onset is None or not doses or len(began) < len(doses):
        return
    because = (f"{reaction.path}.onset", *(f"{dose}.start" for dose in starts))
    distance = (onset - min(began)).days
    derived.add(path, "timed_by", drug.path, because)
    if distance >= 0:
        derived.add(path, "day", distance + 1, because)
    else:
        derived.add(path, "days_before", -distance, because)
    holding = [
        dose
        for dose in doses
        if (end := _day(dose.known("end"))) is not None
        and (starts[dose.path] or end) <= onset <= end
    ]
    if len(holding) == 1:
        dose = holding[0]
        ends = (f"{dose.path}.start", f"{dose.path}.end", f"{reaction.path}.onset")
        derived.add(path, "dose", dose.path, ends)


def _derive_death(derived: Derived, step: AssessedStep) -> None:
    """Give how long after first and last dose the patient died, where every date is complete."""
    state = step.state
    died = _day(state.patient.known("death.date"))
    drug = _timing_drug(state, step.assessment)
    doses = () if drug is None else state.entries(f"{drug.path}/doses")
    if drug is None or died is None or not doses:
        return
    for name, field_name, pick in (("from_first", "start", min), ("from_last", "end", max)):
        days = [_day(dose.known(field_name)) for dose in doses]
        known = [day for day in days if day is not None and day <= died]
        if len(known) < len(doses):
            continue
        because = ("patient.death.date", *(f"{dose.path}.{field_name}" for dose in doses))
        derived.add("death", name, {"value": str((died - pick(known)).days), "unit": "d"}, because)
        derived.add("death", "timed_by", drug.path, because)


def _timing_drug(state: CaseState, case: CaseAssessment) -> Entry | None:
    """Give the drug that days are counted from: ours, else the first suspect."""
    return next(
        (d for d in state.drugs if d.path in case.company_drugs),
        next((d for d in state.drugs if d.known("role") in _SUSPECT), None),
    )


def _derive_dechallenge(derived: Derived, state: CaseState, reaction: Entry, drug: Entry) -> None:
    """
    Give what stopping or reducing a drug showed. The first line that applies decides.

    1. not a suspect drug, not stopped or reduced, or no outcome that tells: nothing;
    2. the reaction had ended before the drug was stopped or the dose reduced, or began
       only after it: nothing;
    3. not recovered: negative;
    4. recovered, recovering or recovered with sequelae: positive.
    """
    action, outcome = drug.known("action_taken"), reaction.known("outcome")
    if drug.known("role") not in _SUSPECT or action not in _STOPPED:
        return
    because = (f"{drug.path}.action_taken", f"{reaction.path}.outcome")
    path = f"assessment/{drug.key}|{reaction.key}"
    changed = _changed_on(drug, state.entries(f"{drug.path}/doses"))
    began, ended = _day(reaction.known("onset")), _day(reaction.known("end"))
    if changed is not None and (
        (ended is not None and ended < changed) or (began is not None and began > changed)
    ):
        return
    if outcome == "not_recovered":
        derived.add(path, "dechallenge", "negative", because)
    elif outcome in _ABATED:
        derived.add(path, "dechallenge", "positive", because)


def _changed_on(drug: Entry, doses: Sequence[Entry]) -> date | None:
    """Day on which a drug was stopped, or its last dose period began; None if not known."""
    if drug.known("action_taken") != "dose_reduced":
        days = [_day(dose.known("end")) for dose in doses]
    else:
        days = [_day(dose.known("start")) for dose in doses] if len(doses) > 1 else []
    return max((day for day in days if day is not None), default=None)


def _standing(state: CaseState, path: str) -> tuple[str, ...]:
    """The path, if the case has a fact there; ids and names of fields may both hold dots."""
    dots = (place for place, letter in enumerate(path) if letter == ".")
    found = any(path[dot + 1 :] in state.entities.get(path[:dot], {}) for dot in dots)
    return (path,) if found else ()


def _day(partial: Mapping[str, str] | None) -> date | None:
    """A complete date; a partial one has no day to count with."""
    if partial is None or len(partial["value"]) < len("2014-05-06"):
        return None
    return date.fromisoformat(partial["value"][:10])


def _whole(day: date) -> dict[str, str]:
    return {"value": day.isoformat(), "precision": "day"}
