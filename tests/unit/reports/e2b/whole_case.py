"""A made-up case with something to say for every element; its codes are placeholders."""

from typing import Any

from safety.case import Report
from safety.intake import read_report
from schemas.messages.adverse_event import AdverseEventReport

DAY = {"value": "2026-05-02", "precision": "day"}
YEAR = {"value": "2019", "precision": "year"}
WEEK = {"value": "7", "unit": "d"}
TERM = {
    "text": "头痛",
    "language": "zho",
    "coded": {"system": "MedDRA", "code": "10099999", "version": "28.1"},
}
DIAGNOSIS = {"coded": TERM["coded"]}
HISTORY = [
    {"history_id": "h1", "condition": TERM, "start": YEAR, "end": {"null": "MSK"}}
    | {"continuing": False, "comments": "treated", "family_history": True}
]
PAST = [
    {"past_drug_id": "p1", "name": "entecavir", "start": YEAR, "end": {"null": "ASKU"}}
    | {"indication": TERM, "reaction": TERM}
]
CAUSE = [{"cause_id": "c1", "cause": TERM}]
SERIOUS = {"death": True} | {
    criterion: {"null": "NI"}
    for criterion in (
        *("life_threatening", "hospitalisation", "disability"),
        *("congenital_anomaly", "other_important"),
    )
}
DATA: dict[str, Any] = {
    "kind": "initial",
    "case": {"sender": "US-TEST", "sender_case_id": "CN-TEST-1", "worldwide_id": "CN-TEST-1"},
    "report_type": "study",
    "received_at": "2026-05-11T08:00:00+00:00",
    "office_zone": "UTC",
    "most_recent_information": "2026-05-11",
    "first_received": "2026-05-10",
    "complete": True,
    "expedited_by_sender": True,
    "first_sender": "other",
    "documents_available": True,
    "study": {
        "study_id": "NCT00000000",
        "sponsor_study_number": "S-1",
        "title": "A study",
        "study_type": "clinical_trial",
        "registrations": [{"registration_id": "g1", "number": "NCT00000000", "country": "CN"}],
    },
    "sender": {"type": "company", "organisation": "Example Pharma", "department": "Safety"}
    | {"country": "CN", "telephone": "+8610", "fax": "+8611", "email": "pv@example.org"},
    "reporters": [
        {"reporter_id": "s1", "qualification": "physician", "primary": True, "country": "CN"}
        | {"middle_name": "M", "family_name": {"null": "MSK"}, "organisation": "医院"}
    ],
    "patient": {
        "initials": "LW",
        "hospital_record": "_x4F4F__x9662_1",
        "birth_date": {"value": "1968-05", "precision": "month"},
        "age": {"value": "58", "unit": "a"},
        "gestation": {"value": "12", "unit": "wk"},
        "age_group": "adult",
        "weight_kg": "64.5",
        "height_cm": "168",
        "sex": "female",
        "last_menstrual_period": YEAR,
        "history": HISTORY,
        "history_text": "none other",
        "concomitant_therapies": True,
        "past_drugs": PAST,
        "death": {"date": DAY, "autopsy": True, "reported_causes": CAUSE, "autopsy_causes": CAUSE},
    },
    "parent": {
        "initials": {"null": "MSK"},
        "birth_date": YEAR,
        "age": {"value": "30", "unit": "a"},
        "last_menstrual_period": YEAR,
        "weight_kg": "60",
        "height_cm": "160",
        "sex": "female",
        "history": HISTORY,
        "history_text": "none",
        "past_drugs": PAST,
    },
    "reactions": [
        {"reaction_id": "r1", "term": TERM, "english": "headache", "highlight": "yes_serious"}
        | {"seriousness": SERIOUS, "onset": DAY, "end": DAY, "duration": WEEK}
        | {"outcome": "fatal", "medically_confirmed": True, "country": "CN"}
    ],
    "tests": [
        {"test_id": "t1", "name": "ALT", "coded": TERM["coded"], "date": DAY}
        | {"result": {"value": "0.5", "unit": "U/L", "comparator": "<"}, "comments": "fell"}
        | {"low": {"value": "5", "unit": "U/L"}, "high": {"value": "40", "unit": "U/L"}}
        | {"interpretation": "negative", "more_available": True}
    ],
    "drugs": [
        {"drug_id": "d1", "role": "suspect", "name": "sorafenib", "obtained_in": "CN"}
        | {"authorisation_number": "H1", "authorisation_country": "CN"}
        | {"authorisation_holder": "Example Pharma", "blinded": True, "action_taken": "withdrawn"}
        | {"cumulative_dose": {"value": "5", "unit": "g"}, "gestation_at_exposure": WEEK}
        | {"additional_information_codes": ["1"], "additional_information": "none"}
        | {"product_code": {"system": "WHODrug", "code": "1", "version": "2026"}}
        | {
            "substances": [
                {"substance_id": "1", "name": "sorafenib tosylate"}
                | {"strength": {"value": "200", "unit": "mg"}}
            ],
            "doses": [
                {"dose_id": "1", "dose": {"value": "400", "unit": "mg"}, "batch": "L1"}
                | {"interval": {"value": "12", "unit": "h"}, "start": DAY, "end": DAY}
                | {"duration": WEEK, "text": "400 mg bid", "form": "tablet", "route": "oral"}
                | {"parent_route": {"null": "UNK"}},
                {"dose_id": "2", "dose": {"value": "9", "unit": "g"}}
                | {"interval": {"value": "1", "unit": "{total}"}},
            ],
            "indications": [{"indication_id": "1", "term": TERM}],
        },
    ],
    "relatedness": [
        {"drug_id": "d1", "reaction_id": "r1", "assessor": "sponsor", "source": "Sponsor"}
        | {"method": "FDA", "result": "Suspected"}
    ],
    "drug_reactions": [
        {"drug_id": "d1", "reaction_id": "r1", "rechallenge": "not_done"}
        | {"from_first_dose": WEEK, "from_last_dose": {"value": "0", "unit": "d"}}
    ],
    "narrative": "A woman took sorafenib.",
    "reporter_comments": "possible",
    "sender_diagnoses": [{"diagnosis_id": "1", "term": DIAGNOSIS}],
    "sender_comments": "expected",
    "summaries": [{"summary_id": "1", "text": "病例摘要", "language": "zho"}],
    "documents": [{"document_id": "a1", "title": "letter", "literature": False}],
    "other_identifiers": [{"source": "NMPA", "identifier": "国药 1"}],
    "linked_reports": ["CN-TEST-2"],
}


def whole_case(**changes: Any) -> Report:
    """The case as a report, with fields of the report replaced."""
    return read_report("m", AdverseEventReport.model_validate(DATA | changes, strict=False))
