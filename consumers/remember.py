"""Which words does a person's coding of one reaction teach the dictionary?"""

from collections.abc import Sequence
from typing import TypeGuard

from safety.case import CaseState
from safety.coding import Dictionary, Learned, LearnedAction, explain_not_learnable, in_force
from schemas.messages.decision import DeskDecision, Recode
from schemas.values import Closed


def is_to_be_remembered(data: Closed) -> TypeGuard[DeskDecision]:
    """Tell whether a message is a coding whose words are to be remembered."""
    return (
        isinstance(data, DeskDecision) and isinstance(data.action, Recode) and data.action.remember
    )


def remembered(
    case_id: str,
    state: CaseState,
    data: DeskDecision,
    known: Sequence[Learned],
    dictionary: Dictionary,
) -> Learned | None:
    """
    Give the entry that a coding adds to what people taught; None if it adds nothing.

    1. the reaction has no words, or the words cannot be learned: nothing;
    2. they stand for that term already: nothing;
    3. else its verbatim, or where there is none the English rendering of it.

    Args:
        case_id: The case.

        state: The case after the decision.

        data: The decision.

        known: What people taught so far.

        dictionary: The dictionary in force.
    """
    assert isinstance(data.action, Recode)  # noqa: S101 - as asked before
    told, term = data.action, data.action.term
    path = f"reactions/{told.reaction_id}"
    reaction = next((entry for entry in state.reactions if entry.path == path), None)
    text = reaction and (reaction.known("term.text") or reaction.known("english"))
    if not text or explain_not_learnable(text, term, dictionary) is not None:
        return None
    entry = Learned(
        number=len(known) + 1,
        action=LearnedAction.LEARN,
        text=text,
        term=term,
        dictionary=dictionary.label,
        by=data.decided_by,
        at=data.decided_at,
        reason=data.reason,
        case_id=case_id,
    )
    standing = in_force(known).get(entry.key)
    return None if standing is not None and standing.term == term else entry
