"""Forms from the stored history of a case: built, checked, and only then given out."""

from datetime import datetime

from consumers.documents import narrate, steps_of
from reports.cioms import CiomsForm, Policy, build_cioms, validate_cioms
from safety.errors import InvariantError
from safety.knowledge import Knowledge
from safety.pipeline import Version
from safety.store import SqlStore


def fill_cioms(  # noqa: PLR0913  (the case, and how the form is wanted)
    store: SqlStore,
    version: Version,
    knowledge: Knowledge,
    *,
    made_at: datetime,
    variant: str,
    policy: Policy,
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
        half_life_hours=knowledge.product.half_life_hours,
        narrative=narrate(store, version, knowledge) if with_narrative else None,
        knowledge=knowledge.digest,
    )
    if faults := validate_cioms(form, steps[-1].state):
        raise InvariantError(
            f"the CIOMS form of case {version.case_id} does not stand up to its check"
            f" ({len(faults)} faults, first: {faults[0].code} at {faults[0].path});"
            " it is not given out"
        )
    return form
