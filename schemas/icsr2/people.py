"""Sections A.2, A.3 and B.1: sources, sender, patient, parent, study."""

from collections.abc import Mapping

from schemas.icsr.node import Node
from schemas.icsr.vocabulary import QUALIFICATIONS, SENDER_TYPES, SEXES, STUDY_TYPES
from schemas.icsr2.values import R2Reader
from schemas.icsr2.vocabulary import AGE_GROUPS, CONTINUES, TIME_UNITS, YES_NO_UNKNOWN
from schemas.messages.people import (
    CauseOfDeath,
    Death,
    HistoryEntry,
    Parent,
    PastDrug,
    Patient,
    Reporter,
    Sender,
    Study,
)
from schemas.values import Explicit
from schemas.vocabulary import NullFlavor

INITIALS = 60

_REPORTER = {
    "title": ("reportertitle", "C.2.r.1.1"),
    "given_name": ("reportergivename", "C.2.r.1.2"),
    "middle_name": ("reportermiddlename", "C.2.r.1.3"),
    "family_name": ("reporterfamilyname", "C.2.r.1.4"),
    "organisation": ("reporterorganization", "C.2.r.2.1"),
    "department": ("reporterdepartment", "C.2.r.2.2"),
    "street": ("reporterstreet", "C.2.r.2.3"),
    "city": ("reportercity", "C.2.r.2.4"),
    "state": ("reporterstate", "C.2.r.2.5"),
    "postcode": ("reporterpostcode", "C.2.r.2.6"),
}
_SENDER = {
    "title": ("sendertitle", "C.3.3.2"),
    "given_name": ("sendergivename", "C.3.3.3"),
    "middle_name": ("sendermiddlename", "C.3.3.4"),
    "family_name": ("senderfamilyname", "C.3.3.5"),
    "organisation": ("senderorganization", "C.3.2"),
    "department": ("senderdepartment", "C.3.3.1"),
    "street": ("senderstreetaddress", "C.3.4.1"),
    "city": ("sendercity", "C.3.4.2"),
    "state": ("senderstate", "C.3.4.3"),
    "postcode": ("senderpostcode", "C.3.4.4"),
    "email": ("senderemailaddress", "C.3.4.8"),
}


def read_reporters(reader: R2Reader, report: Node) -> list[Reporter]:
    """Read the sources; the first is the primary one, whose country may stand beside the case."""
    found = []
    for position, node in enumerate(report.all("primarysource"), start=1):
        here = reader.at(position)
        country = here.country(node, "reportercountry", "C.2.r.3")
        if position == 1:
            of_case = reader.country(report, "primarysourcecountry", "C.2.r.3")
            country = country or of_case
        qualification = here.choice(node, "qualification", "C.2.r.4", QUALIFICATIONS.values)
        found.append(
            Reporter(
                reporter_id=f"s{position}",
                qualification=qualification or Explicit(null=NullFlavor.UNK),
                primary=True if position == 1 else None,
                country=country,
                **_person(here, node, _REPORTER),
            )
        )
    return found


def read_sender(reader: R2Reader, report: Node) -> Sender | None:
    """Read the sender of the report."""
    node = report.find("sender")
    if not node:
        return None
    return Sender(
        type=reader.choice(node, "sendertype", "C.3.1", SENDER_TYPES.values),
        country=reader.country(node, "sendercountrycode", "C.3.4.5"),
        telephone=_telephone(reader, node, "sendertel", "C.3.4.6"),
        fax=_telephone(reader, node, "senderfax", "C.3.4.7"),
        **_person(reader, node, _SENDER),
    )


def _telephone(reader: R2Reader, node: Node, tag: str, element: str) -> str | None:
    country = reader.named(node, f"{tag}countrycode", element)
    number = reader.named(node, tag, element)
    extension = reader.named(node, f"{tag}extension", element)
    prefix = None if country is None else f"+{country.lstrip('+')}"
    return " ".join(part for part in (prefix, number, extension) if part) or None


def _person(
    reader: R2Reader, node: Node, fields: Mapping[str, tuple[str, str]]
) -> dict[str, str | None]:
    return {name: reader.named(node, tag, element) for name, (tag, element) in fields.items()}


def read_study(reader: R2Reader, report: Node, subject_id: object) -> Study | None:
    """Read the study, which R2 tells with the first source that names one."""
    for node in report.all("primarysource"):
        number = reader.named(node, "sponsorstudynumb", "C.5.3")
        title = reader.line(node, "studyname", "C.5.2")
        kind = reader.choice(node, "observestudytype", "C.5.4", STUDY_TYPES.values)
        if number is not None or title is not None or kind is not None:
            return Study(
                study_id=number,
                sponsor_study_number=number,
                title=title,
                study_type=kind,
                subject_id=subject_id if isinstance(subject_id, str) else None,
            )
    return None


def read_patient(reader: R2Reader, node: Node) -> Patient:
    """Read the patient."""
    initials = reader.line(node, "patientinitial", "D.1", INITIALS)
    reader.require(initials, "D.1")
    return Patient(
        initials=initials,
        gp_record=reader.identifier(node, "patientgpmedicalrecordnumb", "D.1.1.1"),
        specialist_record=reader.identifier(node, "patientspecialistrecordnumb", "D.1.1.2"),
        hospital_record=reader.identifier(node, "patienthospitalrecordnumb", "D.1.1.3"),
        investigation_number=reader.identifier(node, "patientinvestigationnumb", "D.1.1.4"),
        birth_date=reader.moment(node, "patientbirthdate", "D.2.1"),
        age=reader.quantity(node, "patientonsetage", "patientonsetageunit", "D.2.2", TIME_UNITS),
        gestation=reader.quantity(
            node, "gestationperiod", "gestationperiodunit", "D.2.2.1", TIME_UNITS
        ),
        age_group=reader.choice(node, "patientagegroup", "D.2.3", AGE_GROUPS),
        weight_kg=reader.decimal(node, "patientweight", "D.3"),
        height_cm=reader.decimal(node, "patientheight", "D.4"),
        sex=reader.choice(node, "patientsex", "D.5", SEXES.values),
        last_menstrual_period=reader.moment(node, "patientlastmenstrualdate", "D.6"),
        history=_history(reader, node, "medicalhistoryepisode", "D.7.1.r") or None,
        history_text=reader.free(node, "patientmedicalhistorytext", "D.7.2"),
        past_drugs=_past_drugs(reader, node, "patientpastdrugtherapy", "D.8.r") or None,
        death=_death(reader, node.find("patientdeath")),
    )


def read_parent(reader: R2Reader, patient: Node) -> Parent | None:
    """Read the parent, if there is one."""
    node = patient.find("parent")
    if not node:
        return None
    return Parent(
        initials=reader.named(node, "parentidentification", "D.10.1"),
        birth_date=reader.moment(node, "parentbirthdate", "D.10.2.1"),
        age=reader.quantity(node, "parentage", "parentageunit", "D.10.2.2", TIME_UNITS),
        last_menstrual_period=reader.moment(node, "parentlastmenstrualdate", "D.10.3"),
        weight_kg=reader.decimal(node, "parentweight", "D.10.4"),
        height_cm=reader.decimal(node, "parentheight", "D.10.5"),
        sex=reader.choice(node, "parentsex", "D.10.6", SEXES.values),
        history=_history(reader, node, "parentmedicalhistoryepisode", "D.10.7.1.r") or None,
        history_text=reader.free(node, "parentmedicalrelevanttext", "D.10.7.2"),
        past_drugs=_past_drugs(reader, node, "parentpastdrugtherapy", "D.10.8.r") or None,
    )


def _history(reader: R2Reader, node: Node, tag: str, group: str) -> list[HistoryEntry]:
    who = "patient" if tag == "medicalhistoryepisode" else "parent"
    name, version = {
        "patient": ("patientepisodename", "patientepisodenamemeddraversion"),
        "parent": ("parentmedicalepisodename", "parentmdepisodemeddraversion"),
    }[who]
    found = []
    for position, episode in enumerate(node.all(tag), start=1):
        here = reader.at(position)
        continues = here.choice(episode, f"{who}medicalcontinue", f"{group}.3", CONTINUES)
        found.append(
            HistoryEntry(
                history_id=f"h{position}",
                condition=here.term(episode, name, version, f"{group}.1b"),
                start=here.moment(episode, f"{who}medicalstartdate", f"{group}.2"),
                end=here.moment(episode, f"{who}medicalenddate", f"{group}.4"),
                continuing=continues,
                comments=here.line(episode, f"{who}medicalcomment", f"{group}.5"),
            )
        )
    return found


def _past_drugs(reader: R2Reader, node: Node, tag: str, group: str) -> list[PastDrug]:
    who = tag.removesuffix("pastdrugtherapy")
    # the names in the DTD are shortened: patientindication..., parentdrgindication...
    indication_version = {
        "patient": "patientindicationmeddraversion",
        "parent": "parentdrgindicationmeddraversion",
    }[who]
    return [
        PastDrug(
            past_drug_id=f"p{position}",
            name=reader.at(position).line(drug, f"{who}drugname", f"{group}.1"),
            start=reader.at(position).moment(drug, f"{who}drugstartdate", f"{group}.4"),
            end=reader.at(position).moment(drug, f"{who}drugenddate", f"{group}.5"),
            indication=reader.at(position).term(
                drug, f"{who}drugindication", indication_version, f"{group}.6b"
            ),
            reaction=reader.at(position).term(
                drug, f"{who}drugreaction", f"{who}drgreactionmeddraversion", f"{group}.7b"
            ),
        )
        for position, drug in enumerate(node.all(tag), start=1)
    ]


def _death(reader: R2Reader, node: Node) -> Death | None:
    if not node:
        return None
    return Death(
        date=reader.moment(node, "patientdeathdate", "D.9.1"),
        autopsy=reader.choice(node, "patientautopsyyesno", "D.9.3", YES_NO_UNKNOWN),
        reported_causes=_causes(
            reader,
            node.all("patientdeathcause"),
            ("patientdeathreport", "patientdeathreportmeddraversion"),
            "D.9.2.r.1b",
        )
        or None,
        autopsy_causes=_causes(
            reader,
            node.all("patientautopsy"),
            ("patientdetermineautopsy", "patientdetermautopsmeddraversion"),
            "D.9.4.r.1b",
        )
        or None,
    )


def _causes(
    reader: R2Reader, nodes: list[Node], tags: tuple[str, str], element: str
) -> list[CauseOfDeath]:
    return [
        CauseOfDeath(cause_id=f"c{position}", cause=reader.at(position).term(node, *tags, element))
        for position, node in enumerate(nodes, start=1)
    ]
