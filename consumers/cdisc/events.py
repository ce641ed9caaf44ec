"""
What does a row of AE or ADAE say, as a report about a case?

One event of one subject is one case, numbered by study, subject and AESEQ: its clock, its outcome
and its follow-up are its own, and the two standards give the same number. What the row says twice
and differently stays as it was said, with a finding.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from consumers.cdisc.datasets import Row
from consumers.cdisc.exposure import adam_date, read_frequency_hours
from consumers.cdisc.subjects import Subject
from consumers.cdisc.told import Told
from consumers.cdisc.values import (
    Json,
    key_of,
    may_precede,
    plain_number,
    read_count,
    read_date,
    read_flag,
    whole_day,
)
from consumers.cdisc.words import ACTIONS, NOT_CODED, OUTCOMES, SEVERITIES, read_word
from schemas.topics import ADVERSE_EVENTS

REPORTED = ADVERSE_EVENTS.kinds[0].type
UNKNOWN: Json = {"null": "UNK"}

_CRITERIA = {
    "AESDTH": "death",
    "AESLIFE": "life_threatening",
    "AESHOSP": "hospitalisation",
    "AESDISAB": "disability",
    "AESCONG": "congenital_anomaly",
    "AESMIE": "other_important",
}
# Cancer and overdose: attributes of older rules (21 CFR 312 before 1997), no criteria of ICH E2A.
_OLD_CRITERIA = ("AESCAN", "AESOD")
_MOST_DOSES = _MOST_GROUPS = 50
_GROUP = re.compile(r"(SMQ|CQ)\d\dNAM")
_GRADES = ("AETOXGR", "ATOXGR", "AETOXGRN", "ATOXGRN")
_HIGHEST_GRADE = 5

# What the message carries in fields of its own; other columns are kept word for word.
READ_COLUMNS = frozenset(
    {
        *("STUDYID", "DOMAIN", "USUBJID", "SUBJID", "SITEID", "AESEQ", "ASEQ", "AETERM"),
        *("AELLT", "AELLTCD", "AEDECOD", "AEPTCD", "AEBODSYS", "AEBDSYCD", "AESOC", "AESOCCD"),
        *("AESEV", "ASEV", *_GRADES, "AESER", "AEREL", "AREL", "AEACN", "AEOUT"),
        *("AESTDTC", "AEENDTC", "AEDTC", "ASTDT", "ASTDTM", "ASTDTF", "ASTDTMF", "AENDT", "AENDTM"),
        *("AENDTF", "AENDTMF", "MEDDRAV", "AEDICTVS", "TRTA", "TRTEMFL", *_CRITERIA),
    }
)


def tell_event(
    row: Row,
    number: int,
    subject: Subject,
    sequence: str,
    *,
    file: str,
    also: Mapping[str, str],
) -> Told:
    """
    Give the report of one event.

    Args:
        row: The row of AE or ADAE; it has a term, or a coded one.

        number: Its number in the dataset.

        subject: Whose event it is.

        sequence: What tells it from the subject's other events.

        file: Name of the dataset's file.

        also: What belongs to the row in other places: SUPPAE, and columns without a field.
    """
    onset = read_date(row.get("AESTDTC")) or adam_date(row, "ASTDT")
    end = read_date(row.get("AEENDTC")) or adam_date(row, "AENDT")
    reaction = _reaction(row, subject, sequence, onset, end)
    drugs = _drugs(row, subject, onset)
    answers = list(_answers(row, drugs, reaction["reaction_id"]))
    findings = list(_findings(row, subject, onset, end))
    data: dict[str, Any] = {
        "case": {"sender": subject.study_key, "sender_case_id": f"{subject.key}-AE{sequence}"},
        "report_type": "study",
        "study": {
            "study_id": subject.study,
            "study_type": "clinical_trial",
            "subject_id": subject.key,
            "products": list(dict.fromkeys(drug["name"] for drug in drugs)),
        },
        "reporters": [_reporter(subject)],
        "patient": _patient(row, subject),
        "drugs": drugs,
        "reactions": [reaction],
    }
    if answers:
        data["relatedness"] = answers
    if findings:
        data["reading_findings"] = findings
    kept = [{"path": name, "content": text[:100_000]} for name, text in sorted(also.items())]
    if kept:
        data["kept"] = kept
    return Told(
        type=REPORTED,
        key=f"{subject.study_key}:{subject.key}-AE{sequence}",
        name=f"event/{subject.key}/{sequence}",
        day=_told_on(row, subject, onset),
        data=data,
        row=number,
        file=file,
    )


def _told_on(row: Row, subject: Subject, onset: Json | None) -> date | None:
    """
    Give the day on which the study knew of the event, as far as its data say.

    The first that is known to the day: when it was written down, when it began, and else the
    subject's first day, which is earlier and makes a duty due sooner.
    """
    return whole_day(read_date(row.get("AEDTC"))) or whole_day(onset) or subject.day


def _reaction(
    row: Row, subject: Subject, sequence: str, onset: Json | None, end: Json | None
) -> Json:
    text = row.get("AETERM") or row.get("AEDECOD") or ""
    grade = _grade(row)
    facts: dict[str, Any] = {
        "term": {"text": text[:2000]},
        "seriousness": _criteria(row) or None,
        "onset": onset,
        "end": end,
        "outcome": read_word(row.get("AEOUT"), OUTCOMES),
        "country": subject.country,
        "grade": None if grade is None else {"grade": grade},
        "as_recorded": _as_recorded(row, sequence),
    }
    told = {name: value for name, value in facts.items() if value is not None}
    return {"reaction_id": f"AE{sequence}", **told}


def _as_recorded(row: Row, sequence: str) -> Json:
    facts: dict[str, Any] = {
        "serious": read_flag(row.get("AESER")),
        "treatment_emergent": read_flag(row.get("TRTEMFL")),
        "severity": read_word(row.get("AESEV") or row.get("ASEV"), SEVERITIES),
        "action_taken": read_word(row.get("AEACN"), ACTIONS),
        "special_interest": _groups(row) or None,
        "row": f"AE.{sequence}",
    }
    name = row.get("AEDECOD")
    if name is not None and name.upper() not in NOT_CODED:
        facts |= {
            "preferred_term": name[:2000],
            "preferred_code": _code(row.get("AEPTCD")),
            "lowest_level_term": _line(row.get("AELLT")),
            "lowest_level_code": _code(row.get("AELLTCD")),
            "system_organ_class": _line(row.get("AEBODSYS") or row.get("AESOC")),
            "system_organ_class_code": _code(row.get("AEBDSYCD") or row.get("AESOCCD")),
            "dictionary": _line(row.get("MEDDRAV") or row.get("AEDICTVS")),
        }
    return {field: value for field, value in facts.items() if value is not None}


def _groups(row: Row) -> list[str]:
    """Give the groups of special interest that ADAE names: SMQ01NAM, CQ01NAM and on."""
    named = (row.cells[name] for name in sorted(row.cells) if _GROUP.fullmatch(name))
    return list(dict.fromkeys(group[:2000] for group in named))[:_MOST_GROUPS]


def _line(text: str | None) -> str | None:
    return None if text is None else text[:500]


def _code(text: str | None) -> str | None:
    return None if text is None else key_of(text.removesuffix(".0"))


def _criteria(row: Row) -> Json:
    stated: Json = {
        ours: True for flag, ours in _CRITERIA.items() if read_flag(row.get(flag)) is True
    }
    old = any(read_flag(row.get(flag)) is True for flag in _OLD_CRITERIA)
    if not stated and old and read_flag(row.get("AESER")) is True:
        stated["other_important"] = True
    return stated


def _grade(row: Row) -> int | None:
    told = (row.get(name) for name in _GRADES)
    text = (next(filter(None, told), None) or "").upper().removeprefix("GRADE").strip()
    grade = read_count(text)
    return grade if grade is not None and 1 <= grade <= _HIGHEST_GRADE else None


def _reporter(subject: Subject) -> Json:
    country = {} if subject.country is None else {"country": subject.country}
    return {"reporter_id": "investigator", "qualification": "physician", "primary": True, **country}


def _patient(row: Row, subject: Subject) -> Json:
    facts: dict[str, Any] = {
        "investigation_number": subject.key,
        "sex": subject.sex,
        "birth_date": subject.birth,
        "race": None if subject.race is None else subject.race[:500],
        "ethnicity": None if subject.ethnicity is None else subject.ethnicity[:500],
        "weight_kg": None if subject.weight_kg is None else plain_number(subject.weight_kg),
        "height_cm": None if subject.height_cm is None else plain_number(subject.height_cm),
    }
    if subject.age is not None:
        facts["age"] = {"value": plain_number(subject.age), "unit": subject.age_unit}
    fatal = read_word(row.get("AEOUT"), OUTCOMES) == "fatal" or read_flag(row.get("AESDTH"))
    if fatal and subject.died is not None:
        facts["death"] = {"date": subject.died}
    return {name: value for name, value in facts.items() if value is not None}


def _drugs(row: Row, subject: Subject, onset: Json | None) -> list[Json]:
    """
    Give the study's own treatment of the subject as the suspect drug, one entry a name.

    What is named in the row, else what the subject is known to have taken, else its arm. Of the
    dose periods only those that had begun by the onset are told, with their end only if it had
    come: a report does not change because the treatment went on.
    """
    named = row.get("TRTA")
    names = [named] if named else list(dict.fromkeys(each.treatment for each in subject.periods))
    if not names:
        names = [subject.actual_arm or subject.planned_arm or "study treatment, not named"]
    action = read_word(row.get("AEACN"), ACTIONS)
    drugs: list[Json] = []
    for place, name in enumerate(names[:_MOST_DOSES], start=1):
        drug: Json = {"drug_id": f"D{place}", "role": "suspect", "name": name[:500]}
        if action is not None:
            drug["action_taken"] = action
        doses = list(_doses(subject, name, len(names), onset))
        if doses:
            drug["doses"] = doses
        drugs.append(drug)
    return drugs


def _doses(subject: Subject, name: str, names: int, onset: Json | None) -> Iterator[Json]:
    periods = [
        each
        for each in subject.periods
        if (each.treatment == name or names == 1) and may_precede(each.start, onset)
    ]
    for period in periods[-_MOST_DOSES:]:
        dose: Json = {
            "dose_id": key_of(period.number),
            "dose": period.dose_data(),
            "start": period.start,
        }
        interval = read_frequency_hours(period)
        if interval is not None:
            dose["interval"] = interval
        if period.end is not None and onset is not None and may_precede(period.end, onset):
            dose["end"] = period.end
        if period.form:
            dose["form"] = period.form[:500]
        if period.route:
            dose["route"] = period.route[:500]
        yield dose


def _answers(row: Row, drugs: list[Json], reaction_id: str) -> Iterator[Json]:
    """Give the investigator's answer for each drug of the study; AREL where AEREL is blank."""
    result = row.get("AEREL") or row.get("AREL")
    if result is None:
        return
    for drug in drugs:
        yield {
            "drug_id": drug["drug_id"],
            "reaction_id": reaction_id,
            "assessor": "investigator",
            "source": "Investigator",
            "method": "CDISC AEREL",
            "result": result[:500],
        }


def _findings(
    row: Row, subject: Subject, onset: Json | None, end: Json | None
) -> Iterator[dict[str, str]]:
    """Find what contradicts itself between the columns, beyond what is found in every case."""
    outcome = read_word(row.get("AEOUT"), OUTCOMES)
    died = read_flag(row.get("AESDTH"))
    resolved = outcome in {"recovered", "recovered_with_sequelae"}
    began = subject.first_dose
    checks = (
        (
            not subject.known,
            *("subject_not_in_study", "USUBJID", "no row tells of this subject; ask for it"),
        ),
        (
            outcome == "fatal" and read_flag(row.get("AESER")) is False,
            *("fatal_outcome_not_serious", "AESER", "fatal, yet marked not serious; ask which"),
        ),
        (
            died is False and outcome == "fatal",
            *("fatal_outcome_death_denied", "AESDTH", "the outcome is fatal, the flag denies it"),
        ),
        (
            outcome == "fatal" and subject.known and subject.died is None,
            *("fatal_outcome_subject_alive", "DTHFL", "the subject is not told to have died"),
        ),
        (
            resolved and "AEENDTC" not in row and "AENDT" not in row and "AENDTM" not in row,
            *("resolved_without_end", "AEENDTC", "resolved, yet no end is told"),
        ),
        (
            outcome == "not_recovered" and end is not None,
            *("end_of_unresolved_event", "AEOUT", "not resolved, yet an end is told"),
        ),
        (
            subject.died is not None
            and "value" in subject.died
            and not may_precede(onset, subject.died),
            *("onset_after_death", "AESTDTC", "the event begins after the subject's death"),
        ),
        (
            read_flag(row.get("TRTEMFL")) is True and not may_precede(began, onset),
            *("emergent_before_treatment", "TRTEMFL", "before the first dose, yet called emergent"),
        ),
        (
            "AEOUT" in row and outcome is None,
            *("word_not_known", "AEOUT", "the outcome is no word of the list; it is left open"),
        ),
        (
            "AEACN" in row and read_word(row.get("AEACN"), ACTIONS) is None,
            *("word_not_known", "AEACN", "the action is no word of the list; it is left open"),
        ),
        (
            "AESTDTC" in row and onset is None,
            *("date_not_read", "AESTDTC", "the onset names no year that can be read"),
        ),
        (
            "AEENDTC" in row and end is None,
            *("date_not_read", "AEENDTC", "the end names no year that can be read"),
        ),
    )
    for is_so, code, path, message in checks:
        if is_so:
            yield {"code": code, "path": path, "message": message}
