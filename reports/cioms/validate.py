"""
Does the form say what the case says, only that, and all of it?

Run before a form leaves the house. What was withheld is looked for again in every box, squares are
compared with the lines, and `find_lost_text` compares the text read back from a PDF with the form.
Findings name the box, never a value.
"""

import re
from collections.abc import Iterator

from reports.cioms.masking import POLICIES, find_unmasked
from reports.cioms.model import EXTENDED_ONLY, TITLES, CiomsForm
from reports.paper.readback import find_lost
from safety.case import CaseState
from safety.findings import Finding

_ARTEFACTS = re.compile(r"\b(None|null|NaN|undefined)\b|\{\{|\}\}")
_OURS = frozenset({"1a", "2", "2a", "3", "4-6", "18", "19", "20", "21", "24c", "date"})


def validate_cioms(form: CiomsForm, state: CaseState) -> tuple[Finding, ...]:
    """
    Check a form against the case it was made of.

    Args:
        form: The form.

        state: The case as it stood when the form was made.

    Returns:
        What is wrong, in the order of the form; empty if it may leave.
    """
    return (*_structure(form), *_squares(form, state), *_masking(form, state))


def _structure(form: CiomsForm) -> Iterator[Finding]:
    wanted = [n for n in TITLES if form.variant == "extended" or n not in EXTENDED_ONLY]
    if list(form.boxes) != wanted:
        yield Finding("wrong_boxes", "cioms", "the boxes of the variant are not there in order")
    for number, line in form.lines():
        if number in _OURS and _ARTEFACTS.search(line.text):
            yield Finding("artefact", f"cioms.{number}", "the box shows an unresolved value")
    for number in ("24b", "24c", "date"):
        if not any(line.text for line in form.boxes[number].lines):
            yield Finding("empty_box", f"cioms.{number}", "the box must not be empty")


def _squares(form: CiomsForm, state: CaseState) -> Iterator[Finding]:
    for number in ("20", "21", "25a"):
        if sum(tick.ticked for tick in form.boxes[number].ticks) > 1:
            yield Finding("two_ticks", f"cioms.{number}", "only one square can be true")
    died = any(tick.ticked and tick.label == "PATIENT DIED" for tick in form.boxes["8-12"].ticks)
    fatal = any(reaction.known("outcome") == "fatal" for reaction in state.reactions)
    if fatal and not died:
        yield Finding("death_not_ticked", "cioms.8-12", "an outcome is fatal, the square is empty")
    if form.nullified is not (state.nullified is not None):
        yield Finding("not_marked_void", "cioms", "the form does not show that the case is void")


def _masking(form: CiomsForm, state: CaseState) -> Iterator[Finding]:
    lines = ((number, line.text) for number, line in form.lines() if number not in {"24a", "24"})
    for number in find_unmasked(lines, POLICIES[form.policy], state, first="1"):
        yield Finding("not_masked", f"cioms.{number}", "the box shows what is withheld")


def find_lost_text(form: CiomsForm, read_back: str) -> tuple[Finding, ...]:
    """
    Find lines of a form that the text of its PDF does not hold in full.

    Args:
        form: The form.

        read_back: Text of all pages of its PDF, in reading order.
    """
    lines = ((f"cioms.{number}", line.text) for number, line in form.lines())
    return tuple(
        Finding("lost_text", where, "the document does not hold the whole line")
        for where in find_lost(lines, read_back)
    )
