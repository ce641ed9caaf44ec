"""Forms from the stored history of a case: built, checked, and only then given out."""

from collections.abc import Sequence
from datetime import datetime

from consumers.documents import narrate, steps_of
from consumers.logged import read_logged
from reports.cioms import CiomsForm, Policy, build_cioms, validate_cioms
from reports.e2b.identity import give_identity
from reports.e2b.model import Identity, OwnSender
from reports.medwatch import MedwatchForm, build_medwatch, validate_medwatch
from safety.deadlines import AssessedStep
from safety.errors import InvariantError
from safety.findings import Finding
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import case_messages
from safety.versions import Version


def fill_cioms(  # noqa: PLR0913  (the case, and how the form is wanted)
    store: SqlStore,
    version: Version,
    knowledge: Knowledge,
    *,
    made_at: datetime,
    variant: str,
    policy: Policy,
    sender: OwnSender | None = None,
    manufacturer: str = "",
    with_narrative: bool = False,
) -> CiomsForm:
    """
    Fill in the CIOMS I form of a case version, and check it against the case.

    Args:
        store: Where the messages are.

        version: The version it is for.

        knowledge: What to assess with; the form names its digest.

        made_at: The instant on the document, with its offset.

        variant: classic or extended.

        policy: What the recipient may see of patient and reporter.

        sender: Who we are in case numbers, the same as of the E2B message; without it the form
            carries the numbers that the source gave.

        manufacturer: Name and address for box 24a.

        with_narrative: Add the written narrative to box 7 + 13.

    Raises:
        UnresolvedPlaceholderError: The narrative asks for what the case does not have.
        InvariantError: The form does not stand up to its check, or the log does not lead to that
            version.
    """
    steps = steps_of(store, version, knowledge)
    form = build_cioms(
        version.case_id,
        version.version,
        steps,
        made_at=made_at,
        variant=variant,
        policy=policy,
        manufacturer=manufacturer,
        identity=_identity(store, steps[-1], sender, version),
        half_life_hours=knowledge.product.half_life_hours,
        narrative=narrate(store, version, knowledge) if with_narrative else None,
        knowledge=knowledge.digest,
    )
    _hold_back("CIOMS form", version, validate_cioms(form, steps[-1].state))
    return form


def fill_medwatch(  # noqa: PLR0913  (the case, and how the form is wanted)
    store: SqlStore,
    version: Version,
    knowledge: Knowledge,
    *,
    made_at: datetime,
    policy: Policy,
    sender: OwnSender | None = None,
    manufacturer: str = "",
    with_narrative: bool = False,
) -> MedwatchForm:
    """
    Fill in the MedWatch 3500A of a case version, and check it against the case.

    Args:
        store: Where the messages are.

        version: The version it is for.

        knowledge: What to assess with; the form names its digest.

        made_at: The instant on the document, with its offset.

        policy: What the recipient may see of patient and reporter.

        sender: Who we are in case numbers, the same as of the E2B message; without it the form
            carries the numbers that the source gave.

        manufacturer: Contact office for box G1.

        with_narrative: Add the written narrative to box B5.

    Raises:
        UnresolvedPlaceholderError: The narrative asks for what the case does not have.
        InvariantError: The form does not stand up to its check, or the log does not lead to that
            version.
    """
    steps = steps_of(store, version, knowledge)
    form = build_medwatch(
        version.case_id,
        version.version,
        steps,
        made_at=made_at,
        half_life_hours=knowledge.product.half_life_hours,
        policy=policy,
        manufacturer=manufacturer,
        identity=_identity(store, steps[-1], sender, version),
        narrative=narrate(store, version, knowledge) if with_narrative else None,
        knowledge=knowledge.digest,
    )
    _hold_back("MedWatch form", version, validate_medwatch(form, steps[-1].state))
    return form


def _identity(
    store: SqlStore, last: AssessedStep, sender: OwnSender | None, version: Version
) -> Identity | None:
    """Give the numbers of a case: paper and E2B message of it carry the same."""
    if sender is None:
        return None
    first = read_logged(case_messages(store, version.case_id)[0])
    return give_identity(version.case_id, last.state, first, sender)


def _hold_back(what: str, version: Version, faults: Sequence[Finding]) -> None:
    """Stop a document that has faults; the message names no value."""
    if faults:
        raise InvariantError(
            f"the {what} of case {version.case_id} does not stand up to its check"
            f" ({len(faults)} faults, first: {faults[0].code} at {faults[0].path});"
            " it is not given out"
        )
