"""
Does the form say what the case says, only that, and all of it?

Run before a form leaves the house; findings name the box, never a value.
"""

from collections.abc import Iterator

from reports.cioms.masking import POLICIES, find_unmasked
from reports.medwatch.model import MedwatchForm, load_edition
from reports.paper.readback import find_lost
from safety.case import CaseState
from safety.findings import Finding

_ONE_TICK = ("C9", "C10", "E2")
_FILLED = ("B4", "G3", "G8")


def validate_medwatch(form: MedwatchForm, state: CaseState) -> tuple[Finding, ...]:
    """
    Check a form against the case it was made of.

    Args:
        form: The form.

        state: The case as it stood when the form was made.

    Returns:
        What is wrong, in the order of the form; empty if it may leave.
    """
    return (*_structure(form), *_ticks(form, state), *_masking(form, state))


def find_lost_text(form: MedwatchForm, read_back: str) -> tuple[Finding, ...]:
    """
    Find lines of a form that the text of its PDF does not hold in full.

    Args:
        form: The form.

        read_back: Text of all pages of its PDF, in reading order.
    """
    lines = ((f"medwatch.{number}", line.text) for number, line in form.lines())
    return tuple(
        Finding("lost_text", where, "the document does not hold the whole line")
        for where in find_lost(lines, read_back)
    )


def _structure(form: MedwatchForm) -> Iterator[Finding]:
    if list(form.boxes) != list(load_edition().titles):
        yield Finding("wrong_boxes", "medwatch", "the boxes are not there in their order")
        return
    for number in _FILLED:
        if not any(line.text for line in form.boxes[number].lines):
            yield Finding("empty_box", f"medwatch.{number}", "the box must not be empty")


def _ticks(form: MedwatchForm, state: CaseState) -> Iterator[Finding]:
    for number in _ONE_TICK:
        if sum(tick.ticked for tick in form.boxes[number].ticks) > 1:
            yield Finding("two_ticks", f"medwatch.{number}", "only one square can be true")
    died = any(tick.ticked and tick.label == "Death" for tick in form.boxes["B2"].ticks)
    fatal = any(reaction.known("outcome") == "fatal" for reaction in state.reactions)
    if fatal and not died:
        yield Finding("death_not_ticked", "medwatch.B2", "an outcome is fatal, the square is empty")
    if form.nullified is not (state.nullified is not None):
        yield Finding("not_marked_void", "medwatch", "the form does not show that the case is void")


def _masking(form: MedwatchForm, state: CaseState) -> Iterator[Finding]:
    lines = ((number, line.text) for number, line in form.lines() if number != "G1")
    for number in find_unmasked(lines, POLICIES[form.policy], state, first="A1"):
        yield Finding("not_masked", f"medwatch.{number}", "the box shows what is withheld")
