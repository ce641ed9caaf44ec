"""The clinical assessment as plain JSON: stored with the trace of the version it belongs to."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from safety.assessment import CaseAssessment, ReactionAssessment
from safety.causality import Argument, DayCount, DoseAtOnset, Proposal
from safety.clinical.assess import ClinicalAssessment
from safety.clinical.forms import FormResult
from safety.clinical.pairs import PairAssessment
from safety.liver import LiverScreen


def build_clinical_trace(
    assessment: CaseAssessment, clinical: ClinicalAssessment
) -> dict[str, Any]:
    """
    Lay out what supports the reviewer.

    Returns:
        `{"grades": [{"reaction", "term", "reported", "confirmed", "computed", "proposed",
        "available", "computed_by"}], "pairs": [{"drug", "reaction", "from_first_dose",
        "from_last_dose", "dose_at_onset", "dechallenge", "rechallenge", "proposal"}], "forms":
        [...], "liver": {...} or null}`. Days are `[fewest, most]`, an argument is
        `[code, path, text]`.
    """
    return {
        "grades": [_grade(reaction) for reaction in assessment.reactions],
        "pairs": [_pair(pair) for pair in clinical.pairs],
        "forms": [_form(form) for form in clinical.forms],
        "liver": None if clinical.liver is None else build_liver_trace(clinical.liver),
    }


def _count(count: DayCount | None) -> list[int] | None:
    """Give a number of days as `[fewest, most]`; None unknown."""
    return None if count is None else [count.fewest, count.most]


def _grade(reaction: ReactionAssessment) -> dict[str, Any]:
    computed = reaction.computed_grade
    return {
        "reaction": reaction.key,
        "term": reaction.coding.known_as,
        "reported": reaction.reported_grade,
        "confirmed": reaction.confirmed_grade,
        "computed": None if computed is None else computed.grade,
        "proposed": reaction.proposed_grade,
        "available": None
        if reaction.available_grades is None
        else sorted(reaction.available_grades),
        "computed_by": None
        if computed is None
        else {
            "ctcae": computed.ctcae,
            "source": computed.source,
            "reason": computed.reason,
            "at_least": computed.at_least,
        },
    }


def _pair(pair: PairAssessment) -> dict[str, Any]:
    evidence = pair.evidence
    stop, again = evidence.dechallenge, evidence.rechallenge
    return {
        "drug": pair.drug,
        "reaction": pair.reaction,
        "from_first_dose": _count(evidence.from_first),
        "from_last_dose": _count(evidence.from_last),
        "dose_at_onset": _dose(evidence.dose_at_onset),
        "dechallenge": {
            "answer": stop.answer,
            "reason": stop.reason,
            "confounded": stop.confounded,
        },
        "rechallenge": {
            "answer": None if again.answer is None else again.answer.value,
            "reason": again.reason,
            "at_lower_dose": again.at_lower_dose,
            "reported": evidence.reported_rechallenge,
        },
        "proposal": None if pair.proposal is None else _proposal(pair.proposal),
    }


def _dose(dose: DoseAtOnset | None) -> dict[str, Any] | None:
    if dose is None:
        return None
    return {
        "lowest_mg": plain(dose.lowest_mg),
        "highest_mg": plain(dose.highest_mg),
        "sources": list(dose.sources),
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "category": proposal.category,
        "reason": proposal.reason,
        "for": _arguments(proposal.for_),
        "against": _arguments(proposal.against),
        "open": _arguments(proposal.open),
    }


def _arguments(arguments: Sequence[Argument]) -> list[list[str]]:
    return [[argument.code, argument.path, argument.text] for argument in arguments]


def _form(form: FormResult) -> dict[str, Any]:
    return {
        "form": form.form,
        "drug": form.drug,
        "reaction": form.reaction,
        "path": form.path,
        "score": form.score,
        "category": form.category,
        "items": [list(item) for item in form.items],
        "refused": list(form.refused),
    }


def build_liver_trace(screen: LiverScreen) -> dict[str, Any]:
    """Lay out what the liver tests of a case or a subject say."""
    ground = screen.ground
    return {
        "met": screen.met,
        "criterion": None if ground is None else ground.criterion,
        "evidence": None if ground is None else ground.evidence,
        "results": []
        if ground is None
        else [each for each in (ground.transaminase, ground.bilirubin, ground.alp) if each],
        "missing": list(screen.missing),
        "actions": [
            {
                "proposed": action.proposed,
                "row": action.row,
                "evidence": action.evidence,
                "result": action.source,
                "missing": list(action.missing),
            }
            for action in screen.actions
        ],
        "peaks": {test: plain(peak.of_limit) for test, peak in sorted(screen.peaks.items())},
        "r_value": None if screen.r_value is None else plain(screen.r_value),
        "pattern": screen.pattern,
        "mostly_indirect": screen.mostly_indirect,
        "unusable": list(screen.unusable),
        "notes": list(screen.notes),
    }


def plain(number: Decimal) -> str:
    """Write a number as a reader does: no exponent, no zeros behind, at most four decimals."""
    text = f"{round(number, 4):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
