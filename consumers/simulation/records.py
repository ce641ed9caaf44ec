"""What the study database tells of a subject beside adverse events."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from consumers.simulation.chance import Chance
from consumers.simulation.laboratory import Measured, measure_at, measure_series
from consumers.simulation.person import STUDY_COMPLETION
from consumers.simulation.story import Story
from consumers.simulation.tables import OtherTreatment, load_other_treatments
from consumers.simulation.telling import (
    ASSESSED,
    ENROLLED,
    EXPOSED,
    MEASURED,
    TREATED,
    Json,
    Told,
    amount,
    office_moment,
    remembered_day,
    tell_record,
    whole_day,
)
from consumers.simulation.treatment import Period, last_dose_day

UNKNOWN: Json = {"null": "UNK"}
_DOSES_A_DAY = (2, 1, 1)  # by level; at the lowest level every other day


def tell_study_records(story: Story) -> Iterator[Told]:
    """Give all study records of one subject, kind by kind."""
    chance = Chance("secure", story.subject.seed, story.subject.number, "records")
    yield _enrolment(chance, story)
    yield from _exposure(chance, story)
    yield from _disease(chance, story)
    yield from _other_treatment(chance, story)
    yield from _laboratory(chance, story)


def _entered(chance: Chance, day: date) -> datetime:
    """Give the moment at which something seen on *day* was entered into the database."""
    return office_moment(
        chance, min(day + timedelta(days=chance.along(0, 4, 45)), STUDY_COMPLETION)
    )


def _enrolment(chance: Chance, story: Story) -> Told:
    subject = story.subject
    characteristics = {
        "child_pugh": subject.child_pugh,
        "bclc": subject.bclc,
        "ecog": str(subject.ecog),
        "hbv": "positive" if subject.hbv else "negative",
        "hcv": "positive" if subject.hcv else "negative",
        "cirrhosis": "yes" if subject.cirrhosis else "no",
        "residual_disease": subject.residual_disease,
        "smoker": "yes" if subject.smoker else "no",
    }
    rows: list[Json] = [{"name": name, "value": value} for name, value in characteristics.items()]
    days = (subject.first_dose - subject.surgery).days
    rows.append({"name": "surgery_to_sorafenib", "value": str(days), "unit": "d"})
    if chance.percent(4):
        rows.append({"name": "edmondson_grade", "value": UNKNOWN})
    history: list[Json] = []
    if subject.hbv:
        history.append({"text": "慢性乙型病毒性肝炎", "language": "zh"})
    if subject.cirrhosis:
        history.append({"text": "liver cirrhosis", "language": "en"})
    data: Json = {
        "site": f"CN-{subject.site.number:02d}",
        "country": "CN",
        "consent": subject.enrolled.isoformat(),
        "enrolled": whole_day(subject.enrolled),
        "birth_date": {"value": str(subject.born), "precision": "year"},
        "age_years": subject.age,
        "sex": subject.sex,
        "weight_kg": UNKNOWN if chance.percent(3) else subject.weight_kg,
        "height_cm": subject.height_cm,
        "planned_arm": "sorafenib",
        "actual_arm": "sorafenib",
        "populations": ["safety"],
        "diagnosis": {"text": "肝细胞癌", "language": "zh"},
        "surgery_date": whole_day(subject.surgery),
        "characteristics": rows,
        "history": history,
    }
    # Before the first dose, whatever the office hours: everything else refers to it.
    at = office_moment(chance, subject.enrolled)
    return tell_record(ENROLLED, subject.subject_id, "enrolment", at, data)


def _exposure(chance: Chance, story: Story) -> Iterator[Told]:
    subject = story.subject
    for number, period in enumerate(story.periods, start=1):
        record = f"EX{number:02d}"
        began = min(_entered(chance, period.start), office_moment(chance, STUDY_COMPLETION))
        if period.end and period.level is not None and chance.percent(35):
            # First seen while it went on; the later record of the same id replaces this one.
            early = _period(story, period, ended=False)
            yield tell_record(EXPOSED, subject.subject_id, f"{record}#1", began, early)
        seen = _entered(chance, period.end) if period.end else began
        final = _period(story, period, ended=True)
        yield tell_record(EXPOSED, subject.subject_id, f"{record}#2", max(seen, began), final)


def _period(story: Story, period: Period, *, ended: bool) -> Json:
    level = period.level
    data: Json = {
        "drug": "sorafenib",
        "dose": {"value": 0 if level is None else 400, "unit": "mg"},
        "per_day": 0 if level is None else _DOSES_A_DAY[level],
        "every_days": 2 if level == 2 else 1,  # noqa: PLR2004 - the lowest level
        "start": whole_day(period.start),
        "change": period.change,
    }
    if ended and period.end:
        data["end"] = whole_day(period.end)
    elif level is not None:
        if ended and story.course.ending == "lost_to_follow_up":
            data["end"] = UNKNOWN
        else:
            data["ongoing"] = True
    if period.reason is not None:
        data["reason"] = period.reason
    if period.event is not None:
        data["related_reaction"] = story.episodes[period.event].reaction_id
    return data


def _disease(chance: Chance, story: Story) -> Iterator[Told]:
    subject, course = story.subject, story.course
    seen: list[tuple[date, str, Json]] = []
    day = subject.first_dose + timedelta(days=84)
    before = course.recurrence or course.observed_until
    while day < before:
        seen.append(
            (day, "no_evidence_of_disease", {"method": chance.pick(("CT", "MRI", "增强CT"))})
        )
        day += timedelta(days=chance.between(84, 180))
    if course.recurrence:
        seen.append((course.recurrence, "recurrence", {"method": chance.pick(("CT", "MRI"))}))
    if course.progression:
        seen.append((course.progression, "progression", {"method": "CT"}))
    ending: Json = {}
    if course.ending == "dead":
        ending["cause_of_death"] = _cause_of_death(chance, story)
    seen.append((course.observed_until, course.ending.replace("completed", "alive"), ending))
    if course.ending == "completed":
        seen.append((course.observed_until, "completed", {}))
    for number, (day, status, details) in enumerate(seen, start=1):
        at = _entered(chance, day)
        data = {"assessed": whole_day(day), "status": status} | details
        yield tell_record(ASSESSED, subject.subject_id, f"DA{number:02d}", at, data)


def _cause_of_death(chance: Chance, story: Story) -> Json:
    fatal = [each.event for each in story.episodes if each.event.died]
    if story.course.death_by_event and fatal:
        return {"text": chance.pick(fatal[0].zh), "language": "zh"}
    if story.course.progression is None and chance.percent(30):
        return {"text": "不明原因死亡", "language": "zh"}
    return chance.pick(
        (
            {"text": "肝细胞癌进展", "language": "zh"},
            {"text": "肿瘤进展", "language": "zh"},
            {"text": "progression of hepatocellular carcinoma", "language": "en"},
        )
    )


def _other_treatment(chance: Chance, story: Story) -> Iterator[Told]:
    subject = story.subject
    last = last_dose_day(list(story.periods), story.course.observed_until)
    number = 0
    for row in load_other_treatments():
        if (row.hbv_only and not subject.hbv) or not chance.percent(row.percent):
            continue
        start, end = _times(chance, row, story, last)
        if start is None:
            continue
        number += 1
        data: Json = {
            "treatment": row.name,
            "kind": row.kind,
            "start": remembered_day(chance, start),
        }
        if end:
            data["end"] = whole_day(end)
        if row.dose:
            data["dose"] = {"value": amount(row.dose[0], row.dose[1]), "unit": row.dose[2]}
        if row.route:
            data["route"] = row.route
        data["indication"] = _indication(row)
        at = _entered(chance, end or start if start > subject.enrolled else subject.enrolled)
        yield tell_record(TREATED, subject.subject_id, f"CM{number:02d}", at, data)


def _times(
    chance: Chance, row: OtherTreatment, story: Story, last: date
) -> tuple[date | None, date | None]:
    subject, course = story.subject, story.course
    if row.when == "baseline":
        return subject.enrolled - timedelta(days=chance.between(20, 2000)), None
    if row.when == "treatment":
        start = subject.first_dose + timedelta(
            days=chance.between(5, max((last - subject.first_dose).days, 5))
        )
    elif course.recurrence is None:
        return None, None
    else:
        start = course.recurrence + timedelta(days=chance.between(3, 40))
    if start > course.observed_until:
        return None, None
    if row.kind == "medication":
        return start, min(start + timedelta(days=chance.between(3, 60)), course.observed_until)
    return start, start


def _indication(row: OtherTreatment) -> Json:
    return {"text": row.indication, "language": "en" if row.indication.isascii() else "zh"}


def _laboratory(chance: Chance, story: Story) -> Iterator[Told]:
    subject = story.subject
    last = last_dose_day(list(story.periods), story.course.observed_until)
    results = list(measure_series(subject, last, story.course.observed_until))
    for episode in story.episodes:
        results += measure_at(subject, episode.number, episode.event)
    entered: dict[date, datetime] = {}
    for number, measured in enumerate(results, start=1):
        if measured.day not in entered:  # one visit is entered in one go
            entered[measured.day] = _entered(chance, max(measured.day, subject.enrolled))
        at = entered[measured.day] + timedelta(seconds=number)
        data = _result(measured)
        yield tell_record(MEASURED, subject.subject_id, f"LB{number:03d}", at, data)


def _result(measured: Measured) -> Json:
    analyte = measured.analyte
    data: Json = {
        "test": analyte.name,
        "coded": analyte.coded,
        "collected": whole_day(measured.day),
        "result": {"value": amount(measured.value, analyte.step), "unit": analyte.unit},
        "low": amount(analyte.low, analyte.step),
        "high": amount(analyte.high, analyte.step),
        "visit": measured.visit,
    }
    if measured.baseline:
        data["baseline"] = True
    return data
