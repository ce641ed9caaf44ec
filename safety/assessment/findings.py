"""What in a case does not fit together, or has to be asked: findings of the assessment."""

from collections.abc import Iterator

from safety.case import CaseState, Entry
from safety.coding import Coding, CodingMethod
from safety.findings import Finding
from safety.knowledge import Knowledge
from safety.seriousness import Seriousness


def check_coding(reaction: Entry, coding: Coding) -> Iterator[Finding]:
    """Ask about a term that was not coded, or not surely."""
    path = f"{reaction.path}.term"
    match coding.method:
        case CodingMethod.UNCODED if coding.parts:
            yield Finding(
                "several_events_in_one",
                path,
                "the words name several events; split them into one reaction each",
            )
        case CodingMethod.UNCODED:
            yield Finding("uncoded", path, "no term of the dictionary is near enough; code it")
        case CodingMethod.NOT_AN_EVENT:
            yield Finding(
                "not_an_event", path, "the words deny the event or name an indication; confirm"
            )
        case CodingMethod.FUZZY:
            yield Finding(
                "coded_by_similarity", path, "coded to the most similar term; confirm it", "note"
            )
        case _:
            return


def check_dates(reaction: Entry) -> Iterator[Finding]:
    """Find a reaction that ends before it begins."""
    onset, end = reaction.known("onset"), reaction.known("end")
    if onset and end:
        shared = min(len(onset["value"]), len(end["value"]), 10)
        if end["value"][:shared] < onset["value"][:shared]:
            yield Finding(
                "end_before_onset",
                f"{reaction.path}.end",
                "the reaction ends before it begins; ask for the right dates",
                "contradiction",
            )


def check_death(state: CaseState, seriousness: Seriousness) -> Iterator[Finding]:
    """
    Ask for day and cause of a death (regulatory facts 2.3).

    A fatal reaction asks for the cause, or an autopsy's, and the day. Where a fatal outcome or
    grade 5 lacks the death criterion, `assess_seriousness()` first asks which of them holds.
    """
    if seriousness.fatal is not True:
        return
    if state.patient.known("death.date") is None:
        yield Finding(
            "death_without_date",
            "patient.death.date",
            "a reaction was fatal and the day of death is not told; ask for it",
        )
    causes = ("reported_causes", "autopsy_causes")
    if not any(state.entries(f"patient/{name}") for name in causes):
        yield Finding(
            "death_without_cause",
            "patient/reported_causes",
            "a reaction was fatal and no cause of death is told; ask for it",
        )


def check_case(state: CaseState, company: tuple[str, ...]) -> Iterator[Finding]:
    """Find what does not fit together between drugs, answers, birth and death."""
    if not company and state.drugs:
        yield Finding(
            "no_company_suspect",
            "drugs",
            "no suspect or interacting drug is our product; nothing is due from us",
            "note",
        )
    reactions = {entry.key for entry in state.entries("reactions")}
    drugs = {entry.key for entry in state.entries("drugs")}
    for family in ("relatedness", "drug_reactions"):
        for entry in state.entries(family):
            if entry.raw("reaction_id") not in reactions or entry.raw("drug_id") not in drugs:
                yield Finding(
                    "dangling_reference",
                    family,
                    "an answer names a drug or a reaction that the case does not have",
                    "contradiction",
                )
    death = state.patient.known("death.date")
    birth = state.patient.known("birth_date")
    if death and birth:
        shared = min(len(death["value"]), len(birth["value"]), 10)
        if death["value"][:shared] < birth["value"][:shared]:
            yield Finding(
                "death_before_birth",
                "patient.death.date",
                "the patient's death lies before the birth; ask for the right dates",
                "contradiction",
            )


def check_importance(
    reaction: Entry, coding: Coding, seriousness: Seriousness, knowledge: Knowledge
) -> Iterator[Finding]:
    """Ask about a term of the user's list of important medical events that nobody calls serious."""
    listed = knowledge.important
    if listed is None or seriousness.criteria:
        return
    if listed.holds(coding.code, coding.term, coding.known_as):
        yield Finding(
            "important_medical_event",
            f"{reaction.path}.seriousness",
            f"the term is on the list of important medical events ({listed.name}) and no criterion"
            " is stated; assess whether it was medically important",
        )
