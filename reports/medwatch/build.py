"""
From the stored history of a case to its MedWatch 3500A.

Pure: the same history, policy and instant give the same form. It tells the facts of the CIOMS form
in the boxes of this one, so that two papers of one case cannot differ. A report of a drug leaves
the sections of devices empty and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from reports.cioms.build import history_before, is_approved, source_identity
from reports.cioms.drugs import (
    NO,
    NOT_APPLICABLE,
    YES,
    challenge_answers,
    concomitant_lines,
    history_lines,
    suspect_lines,
)
from reports.cioms.masking import POLICIES, Policy
from reports.cioms.reactions import (
    event_lines,
    patient_lines,
    principal_reaction,
    stated_criteria,
    suspect_drugs,
    test_lines,
    text_lines,
)
from reports.cioms.sender import (
    FOLLOWING,
    PROFESSIONALS,
    last_receipt,
    manufacturer_lines,
    reporter_lines,
    study_lines,
)
from reports.cioms.words import joined, say_code, say_date, say_day, words_of
from reports.e2b.model import Identity
from reports.medwatch.model import MedwatchForm, load_edition
from reports.narrative import Narrative
from reports.paper.boxes import Box, Tick, mark_new, paragraphs
from safety.assessment import CaseAssessment
from safety.case import CaseState, Entry
from safety.deadlines import Answer, AssessedStep

DEVICES_ONLY = "Not applicable: the product is a drug."
_AUTHORITY, _HOME = "FDA", "US"
_FREE_TEXT = frozenset({"B5", "B6", "B7", "C1", "C2", "C3", "C5", "G5"})
_NEVER_NEW = frozenset({"B4", "G3", "G6"})  # each report has its own
_OUTCOMES = {
    "death": "Death",
    "life_threatening": "Life-threatening",
    "hospitalisation": "Hospitalization - initial or prolonged",
    "disability": "Disability or Permanent Damage",
    "congenital_anomaly": "Congenital Anomaly/Birth Defect",
    "other_important": "Other Serious (Important Medical Events)",
    "": "Required Intervention (Devices)",
}
_DAYS = (5, 7, 10, 15, 30)
_ABATED = {YES: "Yes", NO: "No", NOT_APPLICABLE: "Doesn't apply"}


def build_medwatch(  # noqa: PLR0913  (the case, and how the form is wanted)
    case_id: str,
    version: int,
    steps: Sequence[AssessedStep],
    *,
    made_at: datetime,
    half_life_hours: tuple[int, int],
    policy: Policy = POLICIES["authority"],
    manufacturer: str = "",
    identity: Identity | None = None,
    narrative: Narrative | None = None,
    knowledge: str = "",
) -> MedwatchForm:
    """
    Fill in the form of a case as its history stands.

    Args:
        case_id: The case.

        version: The version that these steps gave.

        steps: Its whole history in the order of the reports, at least one.

        made_at: When the document is made, with its offset; gives the date of this report.

        half_life_hours: Shortest and longest half-life of the product.

        policy: What the recipient may see of patient and reporter.

        manufacturer: Contact office for box G1, a line each; empty takes a sending company's.

        identity: Numbers under which the case goes out, the same as in its E2B message; else those
            that its source gave.

        narrative: The written narrative, to stand in box B5 behind the reactions.

        knowledge: Digest of the knowledge the assessments were made with.
    """
    state = steps[-1].state
    numbers = identity or source_identity(case_id, state)
    desk = _Desk(numbers, made_at, half_life_hours, policy, manufacturer)
    boxes = desk.fill(steps, narrative)
    if before := history_before(steps):
        earlier = desk.fill(before, None)
        told = _texts(narrative)
        boxes = {
            number: box if number in _NEVER_NEW else mark_new(box, earlier[number], told)
            for number, box in boxes.items()
        }
    return MedwatchForm(
        case_id=case_id,
        version=version,
        edition=load_edition().name,
        control_number=numbers.worldwide_id,
        made_at=made_at,
        draft=not is_approved(steps),
        nullified=state.nullified is not None,
        synthetic=any(step.report.synthetic for step in steps),
        marks_new=bool(before),
        policy=policy.name,
        knowledge=knowledge,
        boxes=boxes,
    )


class _Desk:
    """Fills in forms of one case, each for a part of its history."""

    def __init__(
        self,
        numbers: Identity,
        made_at: datetime,
        half_life_hours: tuple[int, int],
        policy: Policy,
        manufacturer: str,
    ) -> None:
        self._numbers = numbers
        self._made_at = made_at
        self._half_life_hours = half_life_hours
        self._policy = policy
        self._manufacturer = manufacturer

    def fill(self, steps: Sequence[AssessedStep], narrative: Narrative | None) -> dict[str, Box]:
        """Give all boxes, in the order of the form."""
        state, assessment = steps[-1].state, steps[-1].assessment
        challenge = challenge_answers(
            state,
            assessment,
            observed_until=date.fromisoformat(max(step.report.order[0] for step in steps)),
            half_life_hours=self._half_life_hours,
        )
        lines = {
            **_patient(state, assessment, self._policy),
            **_event(state, assessment, narrative, self._made_at),
            **_products(state),
            **_manufacturer(state, assessment, steps),
            "C9": challenge["20"][1],
            "C10": challenge["21"][1],
            "E1": tuple(reporter_lines(state, self._policy)),
            "G1": tuple(manufacturer_lines(state, self._manufacturer)),
            "G8": (self._numbers.worldwide_id,),
            **dict.fromkeys(("D0", "F0", "H0"), (DEVICES_ONLY,)),
        }
        ticks = {
            **_event_ticks(state, assessment),
            **_reporter_ticks(state),
            **_report_ticks(state, assessment, steps),
            **dict.fromkeys(("C6", "C7"), (Tick("Yes", ticked=False), Tick("No", ticked=False))),
            "C9": _abated(challenge["20"][0]),
            "C10": _abated(challenge["21"][0]),
        }
        boxes = {}
        for number, title in load_edition().titles.items():
            texts = lines.get(number, ())
            if number in _FREE_TEXT:
                texts = tuple(self._policy.clean(text, state) for text in texts)
            boxes[number] = Box(number, title, paragraphs(texts), ticks.get(number, ()))
        return boxes


def _texts(narrative: Narrative | None) -> tuple[str, ...]:
    return () if narrative is None else tuple(map(narrative.text_of, narrative.paragraphs))


def _patient(
    state: CaseState, assessment: CaseAssessment, policy: Policy
) -> Mapping[str, tuple[str, ...]]:
    told = dict(patient_lines(state, assessment, policy))
    birth = joined(told["2"], "-")
    ethnicity = words_of(state.patient, "ethnicity")
    race = words_of(state.patient, "race")
    return {
        "A1": told["1"],
        "A2": (*told["2a"], f"Date of birth: {birth}" if birth else ""),
        "A3": told["3"],
        "A4": told["3a"],
        "A5": (
            f"Ethnicity: {ethnicity}" if ethnicity else "",
            f"Race: {race}" if race else "",
        ),
    }


def _event(
    state: CaseState, assessment: CaseAssessment, narrative: Narrative | None, made_at: datetime
) -> Mapping[str, tuple[str, ...]]:
    died = words_of(state.patient, "death.date", say_date)
    principal = principal_reaction(assessment)
    onset = "" if principal is None else words_of(_at(state, principal.path), "onset", say_date)
    return {
        "B2": (f"Date of death: {died}" if died else "",),
        "B3": (onset,),
        "B4": (say_day(made_at.date()),),
        "B5": (*event_lines(state, assessment), *text_lines(state), *_texts(narrative)),
        "B6": tuple(test_lines(state)),
        "B7": tuple(history_lines(state)),
    }


def _products(state: CaseState) -> Mapping[str, tuple[str, ...]]:
    told = dict(suspect_lines(state))
    return {
        "C1": told["14"],
        "C2": tuple(concomitant_lines(state)),
        "C3": (*told["15"], *told["16"]),
        "C4": (*told["18"], *told["19"]),
        "C5": told["17"],
    }


def _manufacturer(
    state: CaseState, assessment: CaseAssessment, steps: Sequence[AssessedStep]
) -> Mapping[str, tuple[str, ...]]:
    terms = (
        f"{place}) {judged.coding.term or words_of(_at(state, judged.path), 'term.text')}"
        for place, judged in enumerate(assessment.reactions, start=1)
    )
    trial = assessment.context.kind == "trial"
    return {
        "G3": (say_day(last_receipt(steps).aware),),
        "G4": tuple(_applications(state)),
        "G5": tuple(study_lines(state, assessment)) if trial else (),
        "G7": tuple(terms),
    }


def _applications(state: CaseState) -> Iterator[str]:
    """Give the authorisation number of each suspect drug, with the country it was given for."""
    for place, drug in enumerate(suspect_drugs(state), start=1):
        number = words_of(drug, "authorisation_number")
        if number:
            country = words_of(drug, "authorisation_country")
            yield f"#{place}: {number}" + (f" ({country})" if country else "")


def _event_ticks(state: CaseState, assessment: CaseAssessment) -> Mapping[str, tuple[Tick, ...]]:
    stated = stated_criteria(state, assessment)
    return {
        "B1": (
            Tick("Adverse Event", bool(assessment.reactions)),
            Tick("Product Problem", ticked=False),
        ),
        "B2": tuple(Tick(label, name in stated) for name, label in _OUTCOMES.items()),
    }


def _reporter_ticks(state: CaseState) -> Mapping[str, tuple[Tick, ...]]:
    """Tick what reporters are; what none told has no tick, and nobody tells us of the FDA."""
    who = {reporter.known("qualification") for reporter in state.entries("reporters")} - {None}
    professional = bool(who & PROFESSIONALS)
    return {
        "E2": (Tick("Yes", professional), Tick("No", bool(who) and not professional)),
        "E3": tuple(Tick(say_code(name), ticked=True) for name in sorted(who)),
        "E4": tuple(Tick(label, ticked=False) for label in ("Yes", "No", "Unk")),
    }


def _report_ticks(
    state: CaseState, assessment: CaseAssessment, steps: Sequence[AssessedStep]
) -> Mapping[str, tuple[Tick, ...]]:
    who = {reporter.known("qualification") for reporter in state.entries("reporters")}
    sender = Entry("sender", state.entities.get("sender", {}))
    kind = state.case.known("report_type")
    countries = {reaction.country for reaction in assessment.reactions} - {None}
    days = _expedited_days(steps[-1])
    number = sum(step.report.kind in FOLLOWING for step in steps)
    return {
        "G2": (
            Tick("Foreign", bool(countries - {_HOME})),
            Tick("Study", kind == "study" or assessment.context.study is not None),
            Tick("Literature", state.case.known("literature") is True),
            Tick("Consumer", "consumer" in who),
            Tick("Health Professional", bool(who & PROFESSIONALS)),
            Tick("User Facility", ticked=False),
            Tick("Company Representative", ticked=False),
            Tick("Distributor", ticked=False),
            Tick("Other", "lawyer" in who or sender.known("type") == "authority"),
        ),
        "G6": (
            *(Tick(f"{allowed}-day", allowed in days) for allowed in _DAYS),
            Tick("Periodic", ticked=False),
            Tick("Initial", number == 0),
            Tick(f"Follow-up # {number}" if number else "Follow-up #", number > 0),
        ),
    }


def _expedited_days(step: AssessedStep) -> frozenset[int]:
    """Give the shortest clock that a rule of the FDA's rulebook starts for this report."""
    days = [e.rule.days for e in step.evaluations.get(_AUTHORITY, ()) if e.answer is Answer.FIRED]
    return frozenset(sorted(days)[:1])


def _abated(answer: str) -> tuple[Tick, ...]:
    return tuple(Tick(label, answer == name) for name, label in _ABATED.items())


def _at(state: CaseState, path: str) -> Entry:
    return Entry(path, state.entities.get(path, {}))
