"""Which events would another dictionary move to another term or class?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from safety.coding.dictionary import Dictionary
from safety.coding.verbatim import Coding, code_verbatim


@dataclass(frozen=True, slots=True)
class Move:
    """One event whose coding differs between two dictionaries."""

    case_id: str
    reaction: str
    before: Coding
    after: Coding


def find_moves(
    events: Iterable[tuple[str, str, str]], before: Dictionary, after: Dictionary
) -> Iterator[Move]:
    """
    Give the events that change their lowest level term, preferred term, class, or whether coded.

    Args:
        events: Case, reaction and verbatim of each event.

        before: The dictionary in use.

        after: The one that would follow it.
    """
    for case_id, reaction, verbatim in events:
        old, new = code_verbatim(verbatim, before), code_verbatim(verbatim, after)
        if _place(old) != _place(new):
            yield Move(case_id, reaction, old, new)


def _place(coding: Coding) -> tuple[object, ...]:
    own = (coding.method == "not_an_event", coding.llt_code, coding.code, coding.soc, coding.term)
    return (own, tuple(_place(part) for part in coding.parts))
