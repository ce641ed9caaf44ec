"""
What do doses and dates tell of one drug and one reaction of a case, and what is proposed?

Time to onset, dose at onset, dechallenge and rechallenge for each suspect drug and each reaction;
for our product besides a proposal for the sponsor's assessment. A proposal changes nothing; see
`safety.causality.proposal`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from safety.assessment import CaseAssessment, ReactionAssessment
from safety.case import CaseState, Entry
from safety.causality import (
    Days,
    Evidence,
    Proposal,
    check_rechallenge,
    gather_evidence,
    propose_causality,
)
from safety.dosing import company_drugs, find_interactions
from safety.findings import Finding
from safety.knowledge import Knowledge

_SUSPECT = frozenset({"suspect", "interacting"})


@dataclass(frozen=True, slots=True)
class PairAssessment:
    """
    One drug and one reaction of a case, by their keys.

    Attributes:
        proposal: For our product; None for another drug.
        findings: Where the source's rechallenge and the doses disagree.
    """

    drug: str
    reaction: str
    evidence: Evidence
    proposal: Proposal | None
    findings: tuple[Finding, ...]


def assess_pairs(
    state: CaseState,
    assessment: CaseAssessment,
    knowledge: Knowledge,
    *,
    observed_until: date | None,
) -> Iterator[PairAssessment]:
    """
    Assess each reaction with each suspect drug, and with our product in whatever role.

    Args:
        state: The case.

        assessment: The same case, judged.

        knowledge: What it was judged with.

        observed_until: Most recent information date of the case; None unknown.
    """
    judged = {reaction.key: reaction for reaction in assessment.reactions}
    told = _Told(
        state=state,
        judged=judged,
        terms={key: reaction.coding.known_as for key, reaction in judged.items()},
        ours=frozenset(drug.path for drug in company_drugs(state, knowledge.product)),
        effects={
            found.drug: found.row.effect
            for found in find_interactions(state, knowledge.product)
            if not found.apart
        },
        until=None if observed_until is None else Days(observed_until, observed_until),
    )
    for drug in state.drugs:
        if drug.path in told.ours or drug.known("role") in _SUSPECT:
            for reaction in state.reactions:
                yield _assess(told, drug, reaction, knowledge)


@dataclass(frozen=True, slots=True)
class _Told:
    """What all pairs of a case share."""

    state: CaseState
    judged: Mapping[str, ReactionAssessment]
    terms: Mapping[str, str | None]
    ours: frozenset[str]
    effects: Mapping[str, str]
    until: Days | None


def _assess(told: _Told, drug: Entry, reaction: Entry, knowledge: Knowledge) -> PairAssessment:
    own = drug.path in told.ours
    judged = told.judged[reaction.key]
    evidence = gather_evidence(
        told.state,
        reaction,
        drug,
        terms=told.terms,
        company=told.ours if own else {drug.path},
        half_life_hours=knowledge.product.half_life_hours if own else None,
        unexpected={region: judged.unexpected(region) for region in knowledge.labels}
        if own
        else {},
        interactions=told.effects if own else {},
        observed_until=told.until,
    )
    path = f"drug_reactions/{drug.key}|{reaction.key}.rechallenge"
    return PairAssessment(
        drug=drug.key,
        reaction=reaction.key,
        evidence=evidence,
        proposal=propose_causality(evidence) if own else None,
        findings=tuple(
            check_rechallenge(evidence.rechallenge, evidence.reported_rechallenge, path)
        ),
    )
