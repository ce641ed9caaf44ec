"""
What supports the medical reviewer of a case, beside the judgement that decides duties?

Derived from the case and the knowledge, and stored with the version it was derived for; it has no
part in what is due. Drug and reaction in time, proposals, scored forms, the liver, and doses that
do not fit the label. What a person should look at is a finding.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from safety.assessment import CaseAssessment
from safety.case import CaseState
from safety.clinical.forms import FormResult, assess_forms, check_forms
from safety.clinical.liver import check_liver, mentions_of, screen_case
from safety.clinical.pairs import PairAssessment, assess_pairs
from safety.dosing import check_dosing, check_interactions, check_modifications
from safety.findings import Finding
from safety.knowledge import Knowledge
from safety.liver import LiverScreen


@dataclass(frozen=True, slots=True)
class ClinicalAssessment:
    """What supports the reviewer of one state of a case; `liver` is None without liver tests."""

    pairs: tuple[PairAssessment, ...]
    forms: tuple[FormResult, ...]
    liver: LiverScreen | None
    findings: tuple[Finding, ...]

    def pair(self, drug: str, reaction: str) -> PairAssessment | None:
        """Give what is known of one drug and one reaction; None if the drug is not suspect."""
        return next((p for p in self.pairs if (p.drug, p.reaction) == (drug, reaction)), None)


def assess_clinical(
    state: CaseState,
    assessment: CaseAssessment,
    knowledge: Knowledge,
    *,
    observed_until: date | None,
) -> ClinicalAssessment:
    """
    Derive what supports the reviewer.

    Args:
        state: The case.

        assessment: The same case, judged.

        knowledge: What it was judged with.

        observed_until: Most recent information date of the case; None unknown.
    """
    pairs = tuple(assess_pairs(state, assessment, knowledge, observed_until=observed_until))
    terms = {reaction.key: reaction.coding.known_as for reaction in assessment.reactions}
    liver = screen_case(state, knowledge.product, terms)
    forms = tuple(assess_forms(state, pairs, liver))
    clinical = ClinicalAssessment(pairs, forms, liver, ())
    found = _findings(state, assessment, knowledge, clinical)
    return ClinicalAssessment(pairs, forms, liver, tuple(dict.fromkeys(found)))


def _findings(
    state: CaseState,
    assessment: CaseAssessment,
    knowledge: Knowledge,
    clinical: ClinicalAssessment,
) -> Iterator[Finding]:
    terms = {reaction.key: reaction.coding.known_as for reaction in assessment.reactions}
    yield from check_dosing(state, knowledge.product)
    yield from check_modifications(state, knowledge.product, terms)
    yield from check_interactions(state, knowledge.product)
    for pair in clinical.pairs:
        yield from pair.findings
    yield from check_forms(clinical.forms)
    yield from check_liver(clinical.liver, tuple(mentions_of(state)))
