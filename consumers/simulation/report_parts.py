"""The parts that reports of adverse events are put together from."""

from datetime import date, timedelta

from consumers.simulation.chance import Chance
from consumers.simulation.events import Happening
from consumers.simulation.laboratory import measure_at
from consumers.simulation.person import Subject
from consumers.simulation.story import Episode, Story
from consumers.simulation.telling import (
    STUDY_ID,
    Json,
    amount,
    remembered_day,
    whole_day,
)
from consumers.simulation.treatment import Period
from consumers.simulation.verbatim import say_term

SORAFENIB = "D1"
_INVESTIGATOR = "INV"

# How an investigator answers, by method: if related, if not.
_ANSWERS = {
    "six-level": (
        (("肯定", 8), ("很可能", 37), ("可能", 47), ("待评价", 5), ("无法评价", 3)),
        (("可能无关", 94), ("待评价", 4), ("无法评价", 2)),
    ),
    "binary": ((("related", 70), ("Yes", 30)), (("not related", 70), ("No", 30))),
    "WHO-UMC": (
        (("Certain", 6), ("Probable", 37), ("Possible", 53), ("Conditional", 4)),
        (("Unlikely", 95), ("Unassessable", 5)),
    ),
}
_METHODS = (("six-level", 50), ("binary", 30), ("WHO-UMC", 20))


def background(chance: Chance, story: Story) -> Json:
    """Give study, reporter and patient: what every first report of a subject says."""
    subject = story.subject
    patient: Json = {
        "initials": subject.initials if chance.percent(92) else {"null": "MSK"},
        "age": {"value": subject.age, "unit": "a"},
        "sex": subject.sex,
        "investigation_number": subject.subject_id,
    }
    if chance.percent(60):
        patient["weight_kg"] = subject.weight_kg
        patient["height_cm"] = subject.height_cm
    if subject.hbv and chance.percent(70):
        condition = {"text": "慢性乙型病毒性肝炎", "language": "zh"}
        patient["history"] = [{"history_id": "H1", "condition": condition, "continuing": True}]
    return {
        "study": {
            "study_id": STUDY_ID,
            "sponsor_study_number": "16621",
            "study_type": "other_study",
            "subject_id": subject.subject_id,
        },
        "reporters": [
            {
                "reporter_id": _INVESTIGATOR,
                "organisation": subject.site.hospital,
                "city": subject.site.city,
                "country": "CN",
                "qualification": "physician",
                "primary": True,
            }
        ],
        "patient": patient,
    }


def reactions_of(chance: Chance, episode: Episode, known: date) -> list[Json]:
    """Give the reactions of a first report, as far as they were known on the day *known*."""
    event = episode.event
    text, language = say_term(chance, event.zh, event.en, event.grade)
    main: Json = {
        "reaction_id": episode.reaction_id,
        "term": {"text": text, "language": language},
        "onset": remembered_day(chance, event.onset),
        "country": "CN",
        "medically_confirmed": True,
    } | state_of(event, known)
    reactions = [main]
    if language == "zh" and event.serious and chance.percent(40):
        main["english"] = event.en[0]
    for number, companion in enumerate(event.companions, start=episode.number + 1):
        text, language = say_term(chance, companion.zh, companion.en, companion.grade)
        reactions.append(
            {
                "reaction_id": f"AE{number:02d}",
                "term": {"text": text, "language": language},
                "seriousness": {"hospitalisation": True},
                "onset": whole_day(event.onset),
                "outcome": "unknown",
                "country": "CN",
                "grade": {"grade": companion.grade, "ctcae": "4.03"},
            }
        )
    return reactions


def state_of(event: Happening, known: date) -> Json:
    """Give outcome, end, grade and seriousness as they stood on the day *known*."""
    criteria, grade = event.criteria, event.grade
    if event.died and event.died > known:
        criteria = tuple(name for name in criteria if name != "death") or ("life_threatening",)
        grade = 4
    state: Json = {"grade": {"grade": grade, "ctcae": "4.03"}}
    if criteria:
        state["seriousness"] = dict.fromkeys(criteria, True)
    if event.died:
        state["outcome"] = "fatal" if event.died <= known else "not_recovered"
    elif event.ended and event.ended <= known:
        state |= {"outcome": event.outcome, "end": whole_day(event.ended)}
    elif event.ended:
        state["outcome"] = "not_recovered"
    else:
        state["outcome"] = event.outcome
    return state


def death_of(chance: Chance, event: Happening) -> Json:
    """Give the patient's death, told with a fatal event."""
    if event.died is None:
        raise ValueError("only a fatal event has a death to tell of")
    cause = {"cause_id": "C1", "cause": {"text": chance.pick(event.zh), "language": "zh"}}
    return {
        "death": {
            "date": whole_day(event.died),
            "autopsy": False if chance.percent(90) else {"null": "UNK"},
            "reported_causes": [cause],
        }
    }


def drug_of(chance: Chance, story: Story, episode: Episode, name: str) -> Json:
    """Give sorafenib with the dose periods up to the event, and what was done with it."""
    periods = [each for each in story.periods if each.start <= episode.event.onset]
    doses = [
        _dose(f"P{number}", period, episode.event.onset)
        for number, period in enumerate(periods, start=1)
        if period.level is not None
    ]
    return {
        "drug_id": SORAFENIB,
        "role": "suspect",
        "name": name,
        "substances": [{"substance_id": "S1", "name": "sorafenib tosylate"}],
        "obtained_in": "CN",
        "doses": doses,
        "indications": [
            {"indication_id": "I1", "term": {"text": "肝细胞癌", "language": "zh"}}
            if chance.percent(60)
            else {"indication_id": "I1", "term": {"text": "HCC after resection", "language": "en"}}
        ],
        "action_taken": episode.reply.action,
    }


def _dose(dose_id: str, period: Period, onset: date) -> Json:
    hours = (12, 24, 48)[period.level or 0]
    dose: Json = {
        "dose_id": dose_id,
        "dose": {"value": 400, "unit": "mg"},
        "interval": {"value": hours, "unit": "h"},
        "start": whole_day(period.start),
        "route": "oral",
    }
    if period.end and period.end < onset:
        dose["end"] = whole_day(period.end)
    return dose


def investigator_says(chance: Chance, episode: Episode) -> list[Json]:
    """Give the investigator's answers, one a reaction; a few stay silent."""
    if chance.percent(3):
        return []
    method = chance.weighted(_METHODS)
    related, unrelated = _ANSWERS[method]
    answers = [_answer(episode.reaction_id, "investigator", method)]
    answers[0]["result"] = chance.weighted(related if episode.event.related else unrelated)
    for number, _ in enumerate(episode.event.companions, start=episode.number + 1):
        answer = _answer(f"AE{number:02d}", "investigator", method)
        answer["result"] = chance.weighted(related if chance.percent(50) else unrelated)
        answers.append(answer)
    return answers


def sponsor_says(chance: Chance, episode: Episode) -> Json:
    """Give the sponsor's answer, which contradicts what truly was one time in five."""
    agrees = chance.percent(80)
    answer = _answer(episode.reaction_id, "sponsor", "binary")
    answer["result"] = "Related" if episode.event.related == agrees else "Not related"
    return answer


def _answer(reaction_id: str, assessor: str, method: str) -> Json:
    return {
        "drug_id": SORAFENIB,
        "reaction_id": reaction_id,
        "assessor": assessor,
        "source": assessor.capitalize(),
        "method": method,
    }


def restart_of(episode: Episode) -> Json | None:
    """Give what came of the restart, where the drug was interrupted for this event."""
    if episode.reply.resumed is None:
        return None
    return {
        "drug_id": SORAFENIB,
        "reaction_id": episode.reaction_id,
        "rechallenge": "recurred" if episode.reply.recurred else "did_not_recur",
    }


def tests_of(story: Story, episode: Episode) -> list[Json]:
    """Give the laboratory results behind a laboratory event."""
    tests: list[Json] = []
    for measured in measure_at(story.subject, episode.number, episode.event):
        analyte = measured.analyte
        unit = analyte.unit
        tests.append(
            {
                "test_id": f"T{len(tests) + 1}",
                "date": whole_day(measured.day),
                "name": analyte.name,
                "result": {"value": amount(measured.value, analyte.step), "unit": unit},
                "low": {"value": amount(analyte.low, analyte.step), "unit": unit},
                "high": {"value": amount(analyte.high, analyte.step), "unit": unit},
            }
        )
    return tests


def narrative_of(chance: Chance, story: Story, episode: Episode) -> str:
    """Give the investigator's own short account of a serious event."""
    subject, event = story.subject, episode.event
    if chance.percent(60):
        sex = "男性" if subject.sex == "male" else "女性"
        return (
            f"受试者，{sex}，{subject.age}岁，肝细胞癌切除术后。{subject.first_dose.isoformat()}"
            f"开始口服索拉非尼400 mg每日两次。{event.onset.isoformat()}出现{event.zh[0]}。"
        )
    return (
        f"A {subject.age}-year-old {subject.sex} subject with resected hepatocellular carcinoma"
        f" took sorafenib 400 mg twice daily from {subject.first_dose.isoformat()} and had"
        f" {event.en[0]} on {event.onset.isoformat()}."
    )


def elsewhere_patient(subject: Subject) -> Json:
    """Give the patient as a hospital outside the study describes the same person."""
    return {
        "initials": ".".join(subject.initials) + ".",
        "age": {"value": subject.age, "unit": "a"},
        "sex": subject.sex,
    }


def mistyped_end(chance: Chance, event: Happening) -> Json:
    """Give an end date that precedes the onset, as a slip of the pen makes it."""
    return whole_day(event.onset - timedelta(days=chance.between(2, 25)))
