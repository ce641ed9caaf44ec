"""
Is this a valid case? The four minimum criteria, and which field met each.

Sources: ICH E2D 4.2, E2A III.B.4; EU GVP VI.B.2; China GVP 2021/65 article 46.
A masked value counts: somebody is there, the sender does not say who.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safety.case import CaseState, Entry, is_null

PATIENT_FIELDS = (
    "initials",
    "investigation_number",
    "hospital_record",
    "specialist_record",
    "gp_record",
    "birth_date",
    "age",
    "age_group",
    "sex",
)
REPORTER_FIELDS = ("qualification", "country", "organisation", "family_name", "given_name")


@dataclass(frozen=True, slots=True)
class Validity:
    """For each criterion the path that meets it, or None."""

    patient: str | None
    reporter: str | None
    product: str | None
    event: str | None

    @property
    def valid(self) -> bool:
        """All four are there."""
        return None not in (self.patient, self.reporter, self.product, self.event)

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be asked for."""
        criteria = {
            "identifiable_patient": self.patient,
            "identifiable_reporter": self.reporter,
            "suspect_product": self.product,
            "suspected_event": self.event,
        }
        return tuple(name for name, path in criteria.items() if path is None)


def assess_validity(state: CaseState) -> Validity:
    """Find what meets each of the four minimum criteria."""
    return Validity(
        patient=_first_told(state.patient, PATIENT_FIELDS)
        or _first_told(state.study, ("subject_id",)),
        reporter=_first(_first_told(r, REPORTER_FIELDS) for r in state.entries("reporters")),
        product=_first(
            f"{drug.path}.name"
            for drug in state.drugs
            if drug.known("role") in {"suspect", "interacting", "not_administered"}
            and (drug.known("name") is not None or state.entries(f"{drug.path}/substances"))
        ),
        event=_first(
            _first_told(reaction, ("term.text", "term.coded", "english", "desk.term"))
            for reaction in state.reactions
        ),
    )


def _first_told(entry: Entry, names: tuple[str, ...]) -> str | None:
    for name in names:
        value = entry.raw(name)
        if value is not None and (not is_null(value) or value["null"] == "MSK"):
            return f"{entry.path}.{name}"
    return None


def _first(paths: Iterable[str | None]) -> str | None:
    return next((path for path in paths if path is not None), None)
