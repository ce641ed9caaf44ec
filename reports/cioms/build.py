"""
From the stored history of a case to its CIOMS I form.

Pure: the same history, policy and instant give the same form. A form is a draft until the case is
approved, and again once a report comes after the approval. A follow-up marks each line that the
form before its newest report did not give.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from reports.cioms.drugs import (
    NO,
    NOT_APPLICABLE,
    YES,
    challenge_answers,
    concomitant_lines,
    history_lines,
    suspect_lines,
)
from reports.cioms.masking import FREE_TEXT, POLICIES, Policy
from reports.cioms.model import DATES, EXTENDED_ONLY, TITLES, CiomsForm
from reports.cioms.reactions import patient_lines, reaction_lines, stated_criteria
from reports.cioms.sender import (
    FOLLOWING,
    last_receipt,
    manufacturer_lines,
    remark_lines,
    reporter_lines,
    source_ticks,
    study_lines,
    type_ticks,
)
from reports.cioms.words import say_day
from reports.e2b.model import Identity
from reports.narrative import Narrative
from reports.paper.boxes import Box, Line, Tick, mark_new, paragraphs
from safety.case import CaseState, Report
from safety.deadlines import AssessedStep, last_told
from safety.workflow import FAMILY, FINISHED, OFFICE, derive_stage

_HALF_LIFE_HOURS = (25, 48)  # sorafenib; a product profile gives its own
_SERIOUSNESS = {
    "death": "PATIENT DIED",
    "hospitalisation": "INVOLVED OR PROLONGED INPATIENT HOSPITALISATION",
    "disability": "INVOLVED PERSISTENCE OR SIGNIFICANT DISABILITY OR INCAPACITY",
    "life_threatening": "LIFE THREATENING",
    "congenital_anomaly": "CONGENITAL ANOMALY",
    "other_important": "OTHER MEDICALLY IMPORTANT CONDITION",
}
_CLASSIC_TICKS = 4  # the classic form ends with life threatening
_NEVER_NEW = frozenset({"24c", "date", "25a"})  # each report has its own


def build_cioms(  # noqa: PLR0913  (the case, and how the form is wanted)
    case_id: str,
    version: int,
    steps: Sequence[AssessedStep],
    *,
    made_at: datetime,
    variant: str = "classic",
    policy: Policy = POLICIES["authority"],
    manufacturer: str = "",
    identity: Identity | None = None,
    half_life_hours: tuple[int, int] = _HALF_LIFE_HOURS,
    narrative: Narrative | None = None,
    knowledge: str = "",
) -> CiomsForm:
    """
    Fill in the form of a case as its history stands.

    Args:
        case_id: The case.

        version: The version that these steps gave.

        steps: Its whole history in the order of the reports, at least one.

        made_at: When the document is made, with its offset; gives the date of this report.

        variant: classic or extended.

        policy: What the recipient may see of patient and reporter.

        manufacturer: Name and address for box 24a, a line each; empty takes a sending company's.

        identity: Numbers under which the case goes out, the same as in its E2B message; else those
            that its source gave.

        half_life_hours: Shortest and longest half-life of the product.

        narrative: The written narrative, to stand in box 7 + 13 before the source's own.

        knowledge: Digest of the knowledge the assessments were made with.
    """
    state = steps[-1].state
    numbers = identity or source_identity(case_id, state)
    desk = _Desk(numbers, made_at, variant, policy, manufacturer, half_life_hours)
    boxes = desk.fill(steps, narrative)
    before = history_before(steps)
    if before:
        earlier = desk.fill(before, None)
        told = _texts(narrative)
        boxes = {
            number: box if number in _NEVER_NEW else mark_new(box, earlier[number], told)
            for number, box in boxes.items()
        }
    return CiomsForm(
        case_id=case_id,
        version=version,
        variant=variant,
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


def source_identity(case_id: str, state: CaseState) -> Identity:
    """Give the numbers that the source gave a case."""
    told = state.case
    return Identity(
        str(told.known("sender_case_id") or case_id), str(told.known("worldwide_id") or case_id)
    )


def is_approved(steps: Sequence[AssessedStep]) -> bool:
    """
    Tell whether the case stands approved.

    It does if its workflow says so, and nothing that says more than its place in the workflow
    was received after the approval.
    """
    stage, _ = derive_stage(steps[-1].state.values())
    if stage not in FINISHED:
        return False
    moves = (step.report for step in steps if FAMILY in step.report.entities)
    approved = [move for move in moves if move.entities[FAMILY].get("state") == "approve"]
    return bool(approved) and not any(
        step.report.received_at > approved[-1].received_at
        and (step.report.kind != "decision" or not _is_bookkeeping(step.report))
        for step in steps
    )


def _is_bookkeeping(report: Report) -> bool:
    """Tell whether a decision only notes what the office did: stage, signature, query."""
    return all(path.partition("/")[0] in OFFICE for path in report.entities)


class _Desk:
    """Fills in forms of one case, each for a part of its history."""

    def __init__(
        self,
        numbers: Identity,
        made_at: datetime,
        variant: str,
        policy: Policy,
        manufacturer: str,
        half_life_hours: tuple[int, int],
    ) -> None:
        self._numbers = numbers
        self._made_at = made_at
        self._variant = variant
        self._policy = policy
        self._manufacturer = manufacturer
        self._half_life_hours = half_life_hours

    def fill(self, steps: Sequence[AssessedStep], narrative: Narrative | None) -> dict[str, Box]:
        """Give the boxes of the variant, in the order of the form."""
        lines = self._lines(steps, narrative)
        ticks = self._ticks(steps)
        state = steps[-1].state
        boxes = {}
        for number, title in TITLES.items():
            if number in EXTENDED_ONLY and self._variant == "classic":
                continue
            texts: Sequence[str] = lines.get(number, ())
            if number in FREE_TEXT:
                texts = [self._policy.clean(text, state) for text in texts]
            # The cells of a date keep their places when empty.
            told = tuple(map(Line, texts)) if number in DATES else paragraphs(texts)
            boxes[number] = Box(number, title, told, ticks.get(number, ()))
        return boxes

    def _lines(
        self, steps: Sequence[AssessedStep], narrative: Narrative | None
    ) -> Mapping[str, Sequence[str]]:
        state, assessment = steps[-1].state, steps[-1].assessment
        study = tuple(study_lines(state, assessment))
        challenge = self._challenge(steps)
        return {
            **dict(patient_lines(state, assessment, self._policy)),
            "7+13": (*reaction_lines(state, assessment), *_texts(narrative)),
            **dict(suspect_lines(state)),
            **{box: lines for box, (_, lines) in challenge.items()},
            "22": tuple(concomitant_lines(state)),
            "23": tuple(history_lines(state)),
            "24a": tuple(manufacturer_lines(state, self._manufacturer)),
            "24": (self._numbers.safety_report_id,),
            "24b": (self._numbers.worldwide_id,),
            "24c": (say_day(last_receipt(steps).aware),),
            "24d": study if self._variant == "classic" else (),
            "date": (say_day(self._made_at.date()),),
            "25b": tuple(reporter_lines(state, self._policy)),
            "26": (
                *remark_lines(state, assessment, steps),
                f"First received: {say_day(steps[0].report.aware)}",
            ),
        }

    def _ticks(self, steps: Sequence[AssessedStep]) -> Mapping[str, tuple[Tick, ...]]:
        state, assessment = steps[-1].state, steps[-1].assessment
        stated = stated_criteria(state, assessment)
        serious = tuple(Tick(label, name in stated) for name, label in _SERIOUSNESS.items())
        classic = self._variant == "classic"
        return {
            "8-12": serious[:_CLASSIC_TICKS] if classic else serious,
            **{
                box: tuple(Tick(label, answer == label) for label in (YES, NO, NOT_APPLICABLE))
                for box, (answer, _) in self._challenge(steps).items()
            },
            "24d": source_ticks(state, assessment, self._variant),
            "25a": type_ticks(steps),
        }

    def _challenge(self, steps: Sequence[AssessedStep]) -> dict[str, tuple[str, tuple[str, ...]]]:
        return challenge_answers(
            steps[-1].state,
            steps[-1].assessment,
            observed_until=last_told(steps),
            half_life_hours=self._half_life_hours,
        )


def _texts(narrative: Narrative | None) -> tuple[str, ...]:
    if narrative is None:
        return ()
    return tuple(narrative.text_of(part) for part in narrative.paragraphs)


def history_before(steps: Sequence[AssessedStep]) -> Sequence[AssessedStep]:
    """Give the history before its newest report; empty for a case with one report only."""
    marked = {*FOLLOWING, "nullification", "initial"}
    newest = max((i for i, step in enumerate(steps) if step.report.kind in marked), default=0)
    return steps[:newest]
