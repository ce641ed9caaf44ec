"""A case version as rows for aggregation: one a reaction, one a drug and reaction."""

from collections.abc import Iterator
from typing import Any

from safety.assessment import CaseAssessment, ReactionAssessment
from safety.case import CaseState, Entry
from safety.causality import DayCount, DoseAtOnset
from safety.clinical import ClinicalAssessment, PairAssessment, plain


def flatten_reaction(
    state: CaseState, reaction: ReactionAssessment, assessment: CaseAssessment
) -> dict[str, Any]:
    """Flatten one reaction."""
    entry = Entry(reaction.path, state.entities[reaction.path])
    seriousness, computed = reaction.seriousness, reaction.computed_grade
    return {
        "reaction": reaction.key,
        "study": assessment.context.study.study_id
        if assessment.context.study
        else state.study.known("study_id") or state.study.known("sponsor_study_number"),
        "subject": state.study.known("subject_id") or state.patient.known("investigation_number"),
        "context": assessment.context.kind,
        "verbatim": entry.known("term.text") or entry.known("english"),
        "term": reaction.coding.term,
        "code": reaction.coding.code,
        "soc": reaction.coding.soc,
        "coding_method": reaction.coding.method.value,
        "coding_score": reaction.coding.score,
        "dictionary": reaction.coding.dictionary,
        "grade": reaction.grade,
        "ctcae": reaction.ctcae,
        "grade_reported": reaction.reported_grade,
        "grade_computed": None if computed is None else computed.grade,
        "grade_confirmed": reaction.confirmed_grade,
        "grade_proposed": reaction.proposed_grade,
        "serious": seriousness.serious,
        "criteria": " ".join(seriousness.criteria),
        "fatal": seriousness.fatal,
        "life_threatening": seriousness.life_threatening,
        "related": reaction.relatedness.any_party,
        "related_reporter": reaction.relatedness.reporter,
        "related_sponsor": reaction.relatedness.sponsor,
        "expected_eu": reaction.expected("EU"),
        "expected_us": reaction.expected("US"),
        "expected_cn": reaction.expected("CN"),
        "expected_ch": reaction.expected("CH"),
        "onset": (entry.known("onset") or {}).get("value"),
        "ended": (entry.known("end") or {}).get("value"),
        "outcome": entry.known("outcome"),
        "country": reaction.country,
    }


def flatten_pairs(
    state: CaseState, assessment: CaseAssessment, clinical: ClinicalAssessment
) -> Iterator[dict[str, Any]]:
    """Flatten each drug with each reaction; what is derived stands with suspect drugs only."""
    derived = {(pair.drug, pair.reaction): pair for pair in clinical.pairs}
    for drug in state.drugs:
        for reaction in assessment.reactions:
            told = state.entities.get(f"drug_reactions/{drug.key}|{reaction.key}", {})
            rechallenge = told.get("rechallenge")
            yield {
                "drug": drug.key,
                "reaction": reaction.key,
                "drug_name": drug.known("name"),
                "role": drug.known("role"),
                "ours": drug.path in assessment.company_drugs,
                "blinded": drug.known("blinded"),
                "action_taken": drug.known("action_taken"),
                "rechallenge": rechallenge.value if rechallenge else None,
                **_derived(derived.get((drug.key, reaction.key))),
                "term": reaction.coding.term,
            }


def _derived(pair: PairAssessment | None) -> dict[str, Any]:
    if pair is None:
        return dict.fromkeys(_DERIVED)
    evidence, proposal = pair.evidence, pair.proposal
    again = evidence.rechallenge.answer
    values = (
        *_days(evidence.from_first),
        *_days(evidence.from_last),
        _dose(evidence.dose_at_onset),
        evidence.dechallenge.answer,
        None if again is None else again.value,
        None if proposal is None else proposal.category,
    )
    return dict(zip(_DERIVED, values, strict=True))


_DERIVED = (
    "onset_days_least",
    "onset_days_most",
    "last_dose_days_least",
    "last_dose_days_most",
    "dose_at_onset_mg",
    "dechallenge",
    "rechallenge_derived",
    "causality_proposed",
)


def _days(count: DayCount | None) -> tuple[int | None, int | None]:
    return (None, None) if count is None else (count.fewest, count.most)


def _dose(dose: DoseAtOnset | None) -> str | None:
    if dose is None:
        return None
    low, high = plain(dose.lowest_mg), plain(dose.highest_mg)
    return low if low == high else f"{low}-{high}"
