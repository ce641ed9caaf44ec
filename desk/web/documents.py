"""The documents of a case as the desk draws them, for its pages and for its API."""

from collections.abc import Collection

from consumers.e2b import Sending, icsr_of
from consumers.forms import fill_cioms
from desk.web.casefile import CaseFile
from desk.web.errors import BadRequestError
from desk.web.visit import Visit
from reports.cioms import CiomsForm
from reports.cioms.masking import POLICIES
from reports.e2b.model import Icsr
from reports.e2b.profiles import load_profile, profile_names

VARIANTS = ("classic", "extended")


def cioms_of(visit: Visit, file: CaseFile, policy: str, variant: str) -> CiomsForm:
    """
    Fill the CIOMS I form of a case in.

    Raises:
        BadRequestError: There is no such policy or variant.
    """
    known(policy, POLICIES)
    known(variant, VARIANTS)
    return fill_cioms(
        visit.desk.store,
        file.version,
        visit.desk.knowledge,
        made_at=visit.now.astimezone(visit.zone),
        variant=variant,
        policy=POLICIES[policy],
        manufacturer=visit.desk.manners.manufacturer,
    )


def message_of(visit: Visit, file: CaseFile, receiver: str) -> tuple[Icsr, Sending]:
    """
    Build the E2B(R3) message of a case for a receiver.

    Raises:
        BadRequestError: There is no such receiver.
    """
    known(receiver, profile_names())
    sending = Sending(load_profile(receiver), visit.desk.manners.sender, visit.now)
    return icsr_of(visit.desk.store, file.version, visit.desk.knowledge, sending), sending


def note_given(visit: Visit, file: CaseFile, name: str, **details: object) -> None:
    """Note that a file with a document left the desk, before it does."""
    visit.note(
        "export", case_id=file.row.case_id, version=file.version.version, file=name, **details
    )


def known(name: str, names: Collection[str]) -> None:
    """
    Refuse a choice that there is not.

    Raises:
        BadRequestError: There is none of that name.
    """
    if name not in names:
        raise BadRequestError("there is no such choice")
