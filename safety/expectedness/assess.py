"""
Is this reaction expected, that is, in nature, severity and outcome as the label describes it?

Listed is not enough. The label that counts is the one in force on the day of onset. What the label
does not settle goes to a person, and until then is taken as unexpected by whoever decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from safety.expectedness.label import (
    LabelRow,
    LabelVersion,
    Listing,
    ReferenceSafetyInformation,
    key_of_term,
)

_FATAL_GRADE = 5


class Outcome(StrEnum):
    """What the comparison with the label gives."""

    EXPECTED = "expected"
    UNEXPECTED = "unexpected"
    NEEDS_PERSON = "needs_person"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """The case that decided, in the order of `assess_expectedness()`."""

    OTHER_PRODUCT = "other_product"
    NOT_CODED = "not_coded"
    NO_LABEL_IN_FORCE = "no_label_in_force"
    NOT_A_REACTION = "not_a_reaction"
    DISEASE_RELATED = "disease_related"
    NOT_LISTED = "not_listed"
    GRAVER_THAN_LISTED = "graver_than_listed"
    CLASS_LANGUAGE = "class_language"
    FATAL_NOT_LISTED = "fatal_not_listed"
    ABOVE_LISTED_GRADE = "above_listed_grade"
    FATAL_UNCLEAR = "fatal_unclear"
    GRADE_UNCLEAR = "grade_unclear"
    WARNING_ONLY = "warning_only"
    NOT_SETTLED = "not_settled"
    GRADE_MISSING = "grade_missing"
    LISTED = "listed"


_SENTENCES: dict[Reason, str] = {
    Reason.OTHER_PRODUCT: "the label is of another product than the study's own",
    Reason.NOT_CODED: "the event is not coded, so it cannot be compared with the label",
    Reason.NO_LABEL_IN_FORCE: "no text of this label was in force on the day of onset",
    Reason.NOT_A_REACTION: "the term names no reaction; describe what happened",
    Reason.DISEASE_RELATED: "the label does not list it, and the disease brings it about",
    Reason.NOT_LISTED: "the label does not list it",
    Reason.GRAVER_THAN_LISTED: "graver than what the label lists",
    Reason.CLASS_LANGUAGE: "the label only anticipates it, from its class or from animals",
    Reason.FATAL_NOT_LISTED: "fatal, and the label does not say that it can be",
    Reason.ABOVE_LISTED_GRADE: "graver in grade than the label describes",
    Reason.FATAL_UNCLEAR: "fatal, and the label is not clear whether it can be",
    Reason.GRADE_UNCLEAR: "of a grade of which the label is not clear that it covers it",
    Reason.WARNING_ONLY: "the label warns of it without listing it as a reaction",
    Reason.NOT_SETTLED: "near a listed concept, and the label does not settle if it is covered",
    Reason.GRADE_MISSING: "listed up to a grade, and the grade of the event is not known",
    Reason.LISTED: "listed, and no worse than listed",
}

_OUTCOMES: dict[Reason, Outcome] = {
    Reason.OTHER_PRODUCT: Outcome.UNKNOWN,
    Reason.NOT_CODED: Outcome.UNKNOWN,
    Reason.NO_LABEL_IN_FORCE: Outcome.NEEDS_PERSON,
    Reason.NOT_A_REACTION: Outcome.NEEDS_PERSON,
    Reason.DISEASE_RELATED: Outcome.NEEDS_PERSON,
    Reason.NOT_LISTED: Outcome.UNEXPECTED,
    Reason.GRAVER_THAN_LISTED: Outcome.UNEXPECTED,
    Reason.CLASS_LANGUAGE: Outcome.UNEXPECTED,
    Reason.FATAL_NOT_LISTED: Outcome.UNEXPECTED,
    Reason.ABOVE_LISTED_GRADE: Outcome.UNEXPECTED,
    Reason.FATAL_UNCLEAR: Outcome.NEEDS_PERSON,
    Reason.GRADE_UNCLEAR: Outcome.NEEDS_PERSON,
    Reason.WARNING_ONLY: Outcome.NEEDS_PERSON,
    Reason.NOT_SETTLED: Outcome.NEEDS_PERSON,
    Reason.GRADE_MISSING: Outcome.NEEDS_PERSON,
    Reason.LISTED: Outcome.EXPECTED,
}

_WORST_FIRST = (Outcome.UNEXPECTED, Outcome.UNKNOWN, Outcome.NEEDS_PERSON, Outcome.EXPECTED)


@dataclass(frozen=True, slots=True)
class Expectedness:
    """
    The comparison of one event with one label.

    `evidence` gives for each fact of the row that was used how well it is known.
    """

    outcome: Outcome
    reason_code: Reason
    reason: str
    row: str | None
    concept: str | None
    label_id: str
    label_version: str | None
    evidence: tuple[tuple[str, str], ...]

    @property
    def unexpected(self) -> bool | None:
        """True or False where the label decides; None where a person must, or nothing is coded."""
        match self.outcome:
            case Outcome.EXPECTED:
                return False
            case Outcome.UNEXPECTED:
                return True
            case _:
                return None


def assess_expectedness(
    term: str | None,
    *,
    grade: int | None,
    fatal: bool | None,
    on: date | None,
    rsi: ReferenceSafetyInformation,
) -> Expectedness:
    """
    Compare an event with the label in force on the day of its onset.

    Taken in this order, the first that applies decides:

    1. not coded: unknown;
    2. no text of the label in force on that day: a person;
    3. no row names the term: a person if the term names no reaction or belongs to the disease, else
       unexpected;
    4. the row names the term as graver than what is listed: unexpected;
    5. the row is class language or comes from animals: unexpected;
    6. fatal, and the row does not say that it can be: unexpected;
    7. above the gravest grade described: unexpected;
    8. fatal, or above the grade, and the row is unclear on that: a person;
    9. the row is a warning only: a person;
    10. the row names the term as near to the concept (narrower, wider, a sign of it): a person;
    11. the row describes a gravest grade and the grade is not known: a person;
    12. listed: expected.

    Args:
        term: The coded term, None if uncoded.

        grade: The CTCAE grade; 5 is fatal.

        fatal: Whether the outcome was fatal. None means that no fatal outcome was stated, which is
            not taken for a death.

        on: Day of onset; None where it is not known, then the current text counts.

        rsi: The reference safety information of the region.

    Sources:
        21 CFR 312.32(a); ICH E2D 2.4; Regulation (EU) 536/2014 Annex III 2.2; regulatory facts 4.3.
    """
    if term is None:
        return _conclude(Reason.NOT_CODED, rsi, rsi.version_on(on), None)
    version = rsi.version_on(on)
    if version is None:
        return _conclude(Reason.NO_LABEL_IN_FORCE, rsi, None, None)
    listing = rsi.find(term, on)
    if listing is None:
        return _conclude(_reason_not_listed(term, rsi), rsi, version, None)
    reason = _compare(listing, grade, is_fatal=fatal is True or grade == _FATAL_GRADE)
    return _conclude(reason, rsi, version, listing.row)


def no_label_of(rsi: ReferenceSafetyInformation) -> Expectedness:
    """Give the answer for a product that this label is not about, such as another study's own."""
    return _conclude(Reason.OTHER_PRODUCT, rsi, None, None)


def worst_expectedness(answers: Iterable[Expectedness]) -> Expectedness:
    """
    Give the answer that counts for several events told as one: the worst of them.

    The first that applies decides: one is unexpected; one is not coded; one needs a person; else
    all are expected.

    Args:
        answers: One for each event, at least one.
    """
    worst = min(answers, key=lambda answer: _WORST_FIRST.index(answer.outcome))
    return replace(worst, reason=f"the worst of several events told in one: {worst.reason}")


def _compare(listing: Listing, grade: int | None, *, is_fatal: bool) -> Reason:
    """Give cases 4 to 12 of `assess_expectedness()`, in their order."""
    row = listing.row
    above = row.max_grade is not None and grade is not None and grade > row.max_grade
    cases = (
        (listing.relation == "graver", Reason.GRAVER_THAN_LISTED),
        (row.basis == "anticipated", Reason.CLASS_LANGUAGE),
        (is_fatal and row.fatal == "not_listed", Reason.FATAL_NOT_LISTED),
        (above and row.above_max_grade == "unexpected", Reason.ABOVE_LISTED_GRADE),
        (is_fatal and row.fatal == "ask", Reason.FATAL_UNCLEAR),
        (above, Reason.GRADE_UNCLEAR),
        (row.basis == "warning", Reason.WARNING_ONLY),
        (listing.relation == "ask", Reason.NOT_SETTLED),
        (row.max_grade is not None and grade is None, Reason.GRADE_MISSING),
    )
    return next((reason for applies, reason in cases if applies), Reason.LISTED)


def _reason_not_listed(term: str, rsi: ReferenceSafetyInformation) -> Reason:
    key = key_of_term(term)
    if key in rsi.not_a_reaction:
        return Reason.NOT_A_REACTION
    return Reason.DISEASE_RELATED if key in rsi.disease_related else Reason.NOT_LISTED


def _conclude(
    reason: Reason,
    rsi: ReferenceSafetyInformation,
    version: LabelVersion | None,
    row: LabelRow | None,
) -> Expectedness:
    outcome = _OUTCOMES[reason]
    notes = [_SENTENCES[reason]]
    if row is not None and row.note and outcome is not Outcome.EXPECTED:
        notes.append(row.note)
    if rsi.expected_note and outcome is Outcome.EXPECTED:
        notes.append(rsi.expected_note)
    return Expectedness(
        outcome=outcome,
        reason_code=reason,
        reason="; ".join(notes),
        row=None if row is None else row.id,
        concept=None if row is None else row.concept,
        label_id=rsi.label_id,
        label_version=None if version is None else version.id,
        evidence=() if row is None else row.evidence,
    )
