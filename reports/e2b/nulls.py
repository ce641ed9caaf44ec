"""Which field is which element, where that decides whether a null flavour may be sent."""

from collections.abc import Mapping

from schemas.icsr.elements import load_elements
from schemas.vocabulary import NullFlavor

_PERSON = {
    "title": "1.1",
    "given_name": "1.2",
    "middle_name": "1.3",
    "family_name": "1.4",
    "organisation": "2.1",
    "department": "2.2",
    "street": "2.3",
    "city": "2.4",
    "state": "2.5",
    "postcode": "2.6",
    "telephone": "2.7",
    "country": "3",
    "qualification": "4",
}
_PERIOD = {"start": "4", "end": "5"}

# List or object of the contract: field to element. A field that is not here takes no null flavour.
_ELEMENTS: Mapping[str, Mapping[str, str]] = {
    "": {"expedited_by_sender": "C.1.7"},
    "reporters": {field: f"C.2.r.{number}" for field, number in _PERSON.items()},
    "literature": {"title": "C.4.r.1"},
    "study": {"sponsor_study_number": "C.5.3", "title": "C.5.2"},
    "registrations": {"number": "C.5.1.r.1", "country": "C.5.1.r.2"},
    "patient": {
        "initials": "D.1",
        "gp_record": "D.1.1.1",
        "specialist_record": "D.1.1.2",
        "hospital_record": "D.1.1.3",
        "investigation_number": "D.1.1.4",
        "birth_date": "D.2.1",
        "sex": "D.5",
        "last_menstrual_period": "D.6",
        "history_text": "D.7.2",
    },
    "death": {"date": "D.9.1", "autopsy": "D.9.3"},
    "parent": {
        "initials": "D.10.1",
        "birth_date": "D.10.2.1",
        "last_menstrual_period": "D.10.3",
        "sex": "D.10.6",
    },
    "history": {"start": "D.7.1.r.2", "continuing": "D.7.1.r.3", "end": "D.7.1.r.4"},
    "past_drugs": {"name": "D.8.r.1", "start": "D.8.r.4", "end": "D.8.r.5"},
    "reactions": {"onset": "E.i.4", "end": "E.i.5"},
    "tests": {"date": "F.r.1"},
    "doses": {
        **{field: f"G.k.4.r.{number}" for field, number in _PERIOD.items()},
        "form": "G.k.4.r.9.1",
        "route": "G.k.4.r.10.1",
        "parent_route": "G.k.4.r.11.1",
    },
    "indications.term": {"text": "G.k.7.r.1"},
}


def admits(place: str, field: str, flavor: str, extra: Mapping[str, frozenset[str]]) -> bool:
    """
    Tell whether a field may be sent with a null flavour.

    Args:
        place: List or object that the field is of, such as "doses"; empty for the case.

        field: Its name.

        flavor: Such as "UNK".

        extra: What a receiver admits beyond ICH: element to flavours.
    """
    element = _ELEMENTS.get(place, {}).get(field)
    if element is None:
        return False
    allowed = load_elements()[element].null_flavors
    return NullFlavor(flavor) in allowed or flavor in extra.get(element, frozenset())
