"""
Which assessments of causality are proposed for a case?

One proposal for each reaction and each drug that is our product, made of the case, its assessment
and the knowledge. A proposal changes nothing; see `safety.causality.proposal`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from safety.assessment import CaseAssessment
from safety.case import CaseState
from safety.causality import (
    Days,
    Proposal,
    check_rechallenge,
    gather_evidence,
    propose_causality,
)
from safety.dosing import company_drugs, find_interactions
from safety.findings import Finding
from safety.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class CausalityProposal:
    """
    The proposal for one drug and one reaction of a case, by their keys.

    `findings` are where the source's rechallenge and the doses disagree.
    """

    drug: str
    reaction: str
    proposal: Proposal
    findings: tuple[Finding, ...]


def propose_causalities(
    state: CaseState,
    assessment: CaseAssessment,
    knowledge: Knowledge,
    *,
    observed_until: date | None,
) -> Iterator[CausalityProposal]:
    """
    Propose an assessment for each of our drugs and each reaction.

    Args:
        state: The case.

        assessment: The same case, judged.

        knowledge: What it was judged with.

        observed_until: Most recent information date of the case; None unknown.
    """
    until = None if observed_until is None else Days(observed_until, observed_until)
    ours = company_drugs(state, knowledge.product)
    judged = {reaction.key: reaction for reaction in assessment.reactions}
    terms = {key: reaction.coding.known_as for key, reaction in judged.items()}
    effects = {
        found.drug: found.row.effect
        for found in find_interactions(state, knowledge.product)
        if not found.apart
    }
    for drug in ours:
        for reaction in state.reactions:
            evidence = gather_evidence(
                state,
                reaction,
                drug,
                terms=terms,
                company={each.path for each in ours},
                half_life_hours=knowledge.product.half_life_hours,
                unexpected={
                    region: judged[reaction.key].unexpected(region) for region in knowledge.labels
                },
                interactions=effects,
                observed_until=until,
            )
            told = f"drug_reactions/{drug.key}|{reaction.key}.rechallenge"
            yield CausalityProposal(
                drug=drug.key,
                reaction=reaction.key,
                proposal=propose_causality(evidence),
                findings=tuple(
                    check_rechallenge(evidence.rechallenge, evidence.reported_rechallenge, told)
                ),
            )
