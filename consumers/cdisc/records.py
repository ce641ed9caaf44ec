"""What do the rows beside events say: exposure, disposition, time to event, treatment, results?"""

import re
from collections.abc import Iterator
from typing import Any

from consumers.cdisc.datasets import Row
from consumers.cdisc.exposure import Period, adam_date, exposure_data
from consumers.cdisc.subjects import ASSESSED, EXPOSED, MEASURED, TREATED, Subject, record_head
from consumers.cdisc.told import Seen, Told
from consumers.cdisc.values import (
    Json,
    key_of,
    may_precede,
    plain_number,
    read_bounded,
    read_date,
    read_flag,
    read_number,
    whole_day,
)
from consumers.cdisc.words import ENDINGS, is_against_cancer, read_endpoint

_DISPOSITION = "DISPOSITION EVENT"
_DISEASE_GONE = "recurrence"  # an endpoint of who had no evidence of disease at its beginning
_PROGRESS = re.compile(r"PROGRES|\bPD\b")


def tell_exposures(subject: Subject, *, dataset: str, file: str) -> Iterator[Told]:
    """Give the dose periods of a subject in the order of their beginnings."""
    ordered = sorted(subject.periods, key=lambda each: (each.treatment, each.start["value"]))
    last: dict[str, Period] = {}  # by treatment
    for period in ordered:
        name = f"{dataset.lower()}/{subject.key}/{key_of(period.number)}"
        yield Told(
            type=EXPOSED,
            key=subject.envelope,
            name=name,
            day=whole_day(period.end) or whole_day(period.start),
            data=record_head(subject, f"{dataset}-{period.number}")
            | exposure_data(period, last.get(period.treatment)),
            row=period.row,
            file=file,
        )
        last[period.treatment] = period


def tell_disposition(
    row: Row, number: int, subject: Subject, seen: Seen, *, file: str
) -> Iterator[Told]:
    """Give how a subject left the study; milestones and visits in DS are no ending."""
    if row.get("DSCAT", _DISPOSITION).upper() != _DISPOSITION:
        return seen.skip("a milestone or visit, not how the subject left")
    word = row.get("DSDECOD") or row.get("DSTERM")
    when = read_date(row.get("DSSTDTC") or row.get("DSDTC"))
    if word is None or when is None:
        return seen.skip("no reason or no date of leaving")
    sequence = row.get("DSSEQ", f"row{number}").removesuffix(".0")
    yield _ending(subject, f"DS-{sequence}", word, when, number, file)


def tell_end_of_study(row: Row, number: int, subject: Subject, *, file: str) -> Iterator[Told]:
    """Give how a subject left the study, from ADSL; nothing while it goes on."""
    status = (row.get("EOSSTT") or row.get("DCDECOD") or "").upper()
    if status in {"", "ONGOING"}:
        return
    reason = row.get("DCSREAS") or row.get("DCREASCD") or row.get("DCDECOD") or status
    word = "COMPLETED" if status == "COMPLETED" else reason
    when = (
        adam_date(row, "EOSDT")
        or read_date(row.get("RFENDTC"))
        or adam_date(row, "RFENDT")
        or subject.last_dose
    )
    if when is not None:
        yield _ending(subject, "end-of-study", word, when, number, file)


def _ending(subject: Subject, record: str, word: str, when: Json, number: int, file: str) -> Told:
    status = ENDINGS.get(" ".join(word.upper().split()), "discontinued")
    return Told(
        type=ASSESSED,
        key=subject.envelope,
        name=f"ending/{subject.key}/{key_of(record)}",
        day=whole_day(when),
        data=record_head(subject, record)
        | {"assessed": when, "status": status, "reason": word[:2000], "scope": "study"},
        row=number,
        file=file,
    )


def tell_time_to_event(
    row: Row, number: int, subject: Subject, seen: Seen, *, file: str
) -> Iterator[Told]:
    """
    Give what a row of ADTTE says of disease or death.

    The first that applies decides:

    1. a parameter that is not about disease or death, or that an independent committee judged:
       nothing, its source is in other rows;
    2. an event of death: dead; of progression: progression; of recurrence or relapse: recurrence;
    3. an event that is not described: what the parameter is about;
    4. any other event: nothing, for it is not said what happened;
    5. overall survival without an event: alive;
    6. others without an event: no evidence of disease, or stable where the disease was there.
    """
    code = row.get("PARAMCD", "").upper()
    endpoint = read_endpoint(code, row.get("PARAM", ""))
    if endpoint is None:
        return seen.skip("a time to something else than disease or death")
    when, censored = adam_date(row, "ADT"), read_number(row.get("CNSR"))
    if when is None or censored is None:
        return seen.skip("no date, or not said whether censored")
    status = (
        _status(endpoint, row.get("EVNTDESC", "").upper())
        if censored == 0
        else _status_without_event(endpoint)
    )
    if status is None:
        return seen.skip("an event that is neither death nor of the disease")
    yield Told(
        type=ASSESSED,
        key=subject.envelope,
        name=f"time/{subject.key}/{key_of(code)}",
        day=whole_day(when),
        data=record_head(subject, f"ADTTE-{code}")
        | {"assessed": when, "status": status, "method": f"ADTTE {code}"[:500]},
        row=number,
        file=file,
    )


def _status(endpoint: str, told: str) -> str | None:
    if "DEATH" in told or "DIED" in told or endpoint == "survival":
        return "dead"
    if _PROGRESS.search(told):
        return "progression"
    if "RECUR" in told or "RELAPSE" in told:
        return "recurrence"
    return endpoint if not told and endpoint in {"progression", "recurrence"} else None


def _status_without_event(endpoint: str) -> str:
    if endpoint == "survival":
        return "alive"
    return "no_evidence_of_disease" if endpoint == _DISEASE_GONE else "stable"


def tell_treatment(
    row: Row, number: int, subject: Subject, seen: Seen, *, dataset: str, file: str
) -> Iterator[Told]:
    """Give another treatment, from CM, ADCM or PR."""
    mark = "PR" if dataset == "PR" else "CM"
    name = row.get(f"{mark}TRT") or row.get(f"{mark}DECOD")
    if name is None:
        return seen.skip("no name of the treatment")
    start = read_date(row.get(f"{mark}STDTC")) or adam_date(row, "ASTDT")
    end = read_date(row.get(f"{mark}ENDTC")) or adam_date(row, "AENDT")
    if not may_precede(start, end):
        seen.findings["treatment_ends_before_it_begins"] += 1
    categories = (row.get(f"{mark}CAT"), row.get(f"{mark}SCAT"), row.get(f"{mark}CLAS"))
    kind = "procedure" if dataset == "PR" else "medication"
    dose, indication = read_number(row.get("CMDOSE")), row.get(f"{mark}INDC")
    data: dict[str, Any] = {
        "treatment": name[:2000],
        "kind": "anti_cancer" if is_against_cancer(*categories) else kind,
    }
    facts = {
        "start": start,
        "end": end,
        "dose": None
        if dose is None or "CMDOSU" not in row
        else {"value": plain_number(dose), "unit": row.get("CMDOSU", "")[:50]},
        "route": row.get("CMROUTE", "")[:500] or None,
        "indication": None if indication is None else {"text": indication[:2000]},
    }
    data |= {field: value for field, value in facts.items() if value is not None}
    sequence = row.get(f"{mark}SEQ", row.get("ASEQ", f"row{number}")).removesuffix(".0")
    yield Told(
        type=TREATED,
        key=subject.envelope,
        name=f"{mark.lower()}/{subject.key}/{key_of(sequence)}",
        day=whole_day(read_date(row.get(f"{mark}DTC"))) or whole_day(start),
        data=record_head(subject, f"{mark}-{sequence}") | data,
        row=number,
        file=file,
    )


def tell_result(
    row: Row, number: int, subject: Subject, seen: Seen, *, file: str
) -> Iterator[Told]:
    """Give one laboratory result, from LB or ADLB; one in words is no number, and is counted."""
    name = row.get("LBTEST") or row.get("PARAM") or row.get("LBTESTCD") or row.get("PARAMCD")
    collected = read_date(row.get("LBDTC")) or adam_date(row, "ADT")
    result = (
        read_bounded(row.get("LBSTRESN"))
        or read_bounded(row.get("LBSTRESC"))
        or read_bounded(row.get("AVAL"))
        or read_bounded(row.get("LBORRES"))
    )
    if row.get("LBSTAT", "").upper() == "NOT DONE":
        return seen.skip("not done")
    if name is None or collected is None:
        return seen.skip("no name of the test, or no date")
    if result is None:
        return seen.skip("a result that is no number")
    value, comparator = result
    unit = row.get("LBSTRESU") or row.get("AVALU") or _unit_in(row.get("PARAM", ""))
    found: Json = {"value": plain_number(value), "unit": (unit or "")[:50]}
    if comparator is not None:
        found["comparator"] = comparator
    low = read_number(row.get("LBSTNRLO") or row.get("ANRLO") or row.get("A1LO"))
    high = read_number(row.get("LBSTNRHI") or row.get("ANRHI") or row.get("A1HI"))
    code = row.get("LBTESTCD") or row.get("PARAMCD")
    facts: dict[str, Any] = {
        "coded": None if code is None else key_of(code),
        "low": None if low is None else plain_number(low),
        "high": None if high is None else plain_number(high),
        "visit": (row.get("VISIT") or row.get("AVISIT") or "")[:500] or None,
        "baseline": read_flag(row.get("LBBLFL") or row.get("LBLOBXFL") or row.get("ABLFL")),
    }
    sequence = row.get("LBSEQ", row.get("ASEQ", f"row{number}")).removesuffix(".0")
    yield Told(
        type=MEASURED,
        key=subject.envelope,
        name=f"lb/{subject.key}/{key_of(sequence)}",
        day=whole_day(collected),
        data=record_head(subject, f"LB-{sequence}")
        | {"test": _without_unit(name)[:500], "collected": collected, "result": found}
        | {field: value for field, value in facts.items() if value is not None},
        row=number,
        file=file,
    )


def _unit_in(parameter: str) -> str | None:
    """Give the unit that ADLB writes in brackets behind the name of a parameter."""
    if not parameter.endswith(")"):
        return None
    return parameter[:-1].rpartition("(")[2].strip() or None


def _without_unit(parameter: str) -> str:
    return parameter.rpartition("(")[0].strip() or parameter if _unit_in(parameter) else parameter
