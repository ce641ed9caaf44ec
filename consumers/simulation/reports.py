"""
What the study database and other senders tell of a subject's adverse events.

A non-serious event is told when the site enters it, and once more when it
ends. A serious one is told within days, sometimes first by the site monitor,
and followed up one to three times. Sometimes an entry is mistyped and corrected
later, a case is entered twice and nullified, a reviewer at the desk decides
something, or a hospital reports the same event on its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from consumers.simulation.chance import Chance
from consumers.simulation.person import STUDY_COMPLETION
from consumers.simulation.report_parts import (
    SORAFENIB,
    background,
    death_of,
    drug_of,
    elsewhere_patient,
    investigator_says,
    mistyped_end,
    narrative_of,
    reactions_of,
    restart_of,
    sponsor_says,
    state_of,
    tests_of,
)
from consumers.simulation.story import Episode, Story, case_id
from consumers.simulation.telling import (
    DECIDED,
    EDC,
    NULLIFIED,
    OFFICE_ZONE,
    REPORTED,
    Json,
    Told,
    office_moment,
    tell_case,
    whole_day,
)

HOSPITAL = "HOSP-ADR"  # numbers its spontaneous reports <year>-<number>
NO_GRADE_4 = "hand_foot_skin_reaction"  # CTCAE 4.03 ends at grade 3

HEPATITIS_DRUG: Json = {
    "drug_id": "D2",
    "role": "concomitant",
    "name": "恩替卡韦分散片",
    "substances": [{"substance_id": "S1", "name": "entecavir"}],
    "action_taken": "dose_not_changed",
}

Slip = Literal["end_before_onset", "impossible_grade", "onset_year"]


def tell_reports(story: Story) -> Iterator[Told]:
    """Give all messages about the adverse events of one subject, case by case."""
    for episode in story.episodes:
        yield from _Case(story, episode, slip_of(story, episode)).tell()
    if story.told_again:
        yield from _tell_twice(story)
        yield from _tell_from_elsewhere(story)


def duplicate_cases(story: Story) -> Iterator[tuple[str, str]]:
    """Give the keys of cases that tell of one event: one that tells it again, and the other."""
    if not story.told_again:
        return
    original = story.episodes[0]
    yield _key(_entered_again(story)), _key(_edc_case(story, original.number))
    serious = _first_serious(story)
    hospital = _key(_hospital_case(story, serious))
    yield hospital, _key(_edc_case(story, serious.number))
    if serious is original:
        yield hospital, _key(_entered_again(story))


def slip_of(story: Story, episode: Episode) -> Slip | None:
    """Say what, if anything, was mistyped in the first report of this event."""
    chance = Chance("secure", story.subject.seed, story.subject.number, "slip", episode.number)
    if episode.event.serious:
        return None
    if episode.event.concept == NO_GRADE_4 and chance.percent(7):
        return "impossible_grade"
    if _learned(story, episode) >= (episode.event.ended or date.max) and chance.percent(2):
        return "end_before_onset"
    return "onset_year" if chance.percent(1) else None


class _Case:
    """One case of the study database, told message by message."""

    def __init__(self, story: Story, episode: Episode, slip: Slip | None) -> None:
        subject = story.subject
        self.story = story
        self.episode = episode
        self.event = episode.event
        self.slip = slip
        self.chance = Chance("secure", subject.seed, subject.number, "case", episode.number)
        self.learned = _learned(story, episode)
        self.version = 0
        self.last_told = self.learned
        self.most_recent = self.learned

    def tell(self) -> Iterator[Told]:
        """Give all messages of the case, in the order in which they are told."""
        yield self.initial()
        if self.event.serious:
            for content in self._serious_contents():
                yield self._follow_up(content)
        elif self.event.ended and self.event.ended > self.learned:
            yield self._follow_up("outcome")
        if self.slip and (self.slip == "onset_year" or self.chance.percent(60)):
            yield self._correction(self.slip)
        yield from self._decisions()

    def initial(self) -> Told:
        """Tell the event for the first time."""
        chance, event = self.chance, self.event
        data = background(chance, self.story)
        data["reactions"] = reactions_of(chance, self.episode, self.learned)
        data["drugs"] = [drug_of(chance, self.story, self.episode, "索拉非尼片")]
        if event.serious and self.story.subject.hbv and chance.percent(60):
            data["drugs"].append(HEPATITIS_DRUG)
        data["relatedness"] = investigator_says(chance, self.episode)
        tests = tests_of(self.story, self.episode)
        if tests:
            data["tests"] = tests
        if event.serious:
            data["narrative"] = narrative_of(chance, self.story, self.episode)
            if chance.percent(55):
                data["relatedness"].append(sponsor_says(chance, self.episode))
        if event.died and event.died <= self.learned:
            data["patient"] |= death_of(chance, event)
        self._mistype(data["reactions"][0])
        received = office_moment(chance, self.learned)
        late = chance.between(0, 1) if event.serious else chance.between(0, 6)
        awareness: list[Json] = [
            {"channel": "study_database", "at": received.isoformat(), "zone": OFFICE_ZONE}
        ]
        if event.serious and chance.percent(15):
            day = max(self.learned - timedelta(days=chance.between(0, 2)), event.onset)
            awareness.append({"channel": "site_monitor", "day": day.isoformat()})
        data["awareness"] = awareness
        data["first_received"] = self.learned.isoformat()
        at = received + timedelta(days=late, minutes=chance.between(2, 50))
        return self._report("initial", at, data)

    def _mistype(self, reaction: Json) -> None:
        match self.slip:
            case "impossible_grade":
                reaction["grade"] = {"grade": 4, "ctcae": "4.03"}
            case "end_before_onset":
                reaction["onset"] = whole_day(self.event.onset)
                reaction["end"] = mistyped_end(self.chance, self.event)
            case "onset_year":
                onset = self.event.onset
                reaction["onset"] = {"value": str(onset.year - 1), "precision": "year"}

    def _serious_contents(self) -> tuple[str, ...]:
        return self.chance.weighted(
            (
                (("outcome",), 45),
                (("detail", "outcome"), 35),
                (("detail", "outcome", "late"), 20),
            )
        )

    def _follow_up(self, content: str) -> Told:
        chance, event = self.chance, self.event
        ended = event.died or event.ended or self.learned
        match content:
            case "detail":
                day = self.last_told + timedelta(days=chance.between(2, 9))
                data: Json = {"relatedness": [sponsor_says(chance, self.episode)]}
                if chance.percent(50):
                    data["patient"] = {"hospital_record": f"H{self.story.subject.number:05d}"}
            case "outcome":
                day = max(ended, self.last_told) + timedelta(days=chance.along(1, 6, 40))
                data = self._outcome(day)
            case _:
                day = self.last_told + timedelta(days=chance.between(14, 60))
                data = self._second_thoughts()
        day = min(day, STUDY_COMPLETION)
        self.most_recent = max(day, self.most_recent)
        return self._report("follow_up", office_moment(chance, self.most_recent), data)

    def _outcome(self, day: date) -> Json:
        event = self.event
        data: Json = {
            "reactions": [{"reaction_id": self.episode.reaction_id} | state_of(event, day)],
            "drugs": [{"drug_id": SORAFENIB, "action_taken": self.episode.reply.action}],
        }
        restart = restart_of(self.episode)
        if restart and self.episode.reply.resumed and self.episode.reply.resumed <= day:
            data["drug_reactions"] = [restart]
        if event.died:
            data["patient"] = death_of(self.chance, event)
        return data

    def _second_thoughts(self) -> Json:
        """Give what comes late: another opinion of the investigator's, or only a note."""
        if self.chance.percent(40):
            says = investigator_says(self.chance, self.episode)
            if says:
                return {"relatedness": says, "medical_change": True}
        return {"reporter_comments": "随访：无新的医学信息。", "medical_change": False}

    def _correction(self, slip: Slip) -> Told:
        event = self.event
        right: Json = {"reaction_id": self.episode.reaction_id}
        match slip:
            case "impossible_grade":
                right["grade"] = {"grade": event.grade, "ctcae": "4.03"}
            case "end_before_onset" if event.ended:
                right["end"] = whole_day(event.ended)
            case _:
                right["onset"] = whole_day(event.onset)
        day = self.last_told + timedelta(days=self.chance.between(3, 30))
        data = {"correction_reason": "录入错误，经源数据核对后更正", "reactions": [right]}
        return self._report("correction", office_moment(self.chance, day), data)

    def _report(self, kind: str, at: datetime, data: Json) -> Told:
        self.version += 1
        self.last_told = max(at.date(), self.last_told)
        head = {
            "kind": kind,
            "report_type": "study",
            "received_at": at.isoformat(),
            "office_zone": OFFICE_ZONE,
            "most_recent_information": self.most_recent.isoformat(),
        }
        case = _edc_case(self.story, self.episode.number) | {"sender_version": self.version}
        return tell_case(REPORTED, case, f"v{self.version}", at, head | data)

    def _decisions(self) -> Iterator[Told]:
        chance, reaction = self.chance, self.episode.reaction_id
        if self.event.serious and chance.percent(20):
            answer = sponsor_says(chance, self.episode)
            yield self._decision(
                "申办者评估：时间关系与已知安全性信息",
                {
                    "kind": "assess_causality",
                    "drug_id": SORAFENIB,
                    "reaction_id": reaction,
                    "method": "Global introspection",
                    "result": answer["result"],
                },
            )
        if chance.percent(1.5):
            term = self.event.concept.replace("_", " ")
            yield self._decision(
                "Verbatim term read against the source document",
                {"kind": "recode", "reaction_id": reaction, "term": term},
            )

    def _decision(self, reason: str, action: Json) -> Told:
        chance = self.chance
        at = office_moment(chance, self.last_told + timedelta(days=chance.between(1, 6)))
        data = {
            "decided_by": f"sim.reviewer.{chance.between(1, 3)}",
            "decided_at": at.isoformat(),
            "office_zone": OFFICE_ZONE,
            "reason": reason,
            "action": action,
        }
        case = _edc_case(self.story, self.episode.number)
        return tell_case(DECIDED, case, f"decision-{action['kind']}", at, data)


def _tell_twice(story: Story) -> Iterator[Told]:
    """Enter the first event a second time, then void that case as a duplicate."""
    again = replace(story.episodes[0], number=_next_number(story))
    case = _Case(story, again, slip=None)
    case.learned += timedelta(days=case.chance.between(7, 30))
    case.most_recent = case.last_told = case.learned
    yield case.initial()
    at = office_moment(case.chance, case.last_told + timedelta(days=case.chance.between(4, 20)))
    survivor = _edc_case(story, story.episodes[0].number)
    data = {
        "reason": "duplicate",
        "explanation": "同一事件重复录入，保留首次录入的病例",
        "received_at": at.isoformat(),
        "office_zone": OFFICE_ZONE,
        "most_recent_information": at.date().isoformat(),
        "surviving_case": _key(survivor),
    }
    yield tell_case(NULLIFIED, _entered_again(story), "void", at, data)


def _tell_from_elsewhere(story: Story) -> Iterator[Told]:
    """Let a hospital report the first serious event too, in its own words."""
    episode = _first_serious(story)
    event = episode.event
    chance = Chance("secure", story.subject.seed, story.subject.number, "elsewhere")
    day = _learned(story, episode) + timedelta(days=chance.between(3, 20))
    seen = replace(event, onset=event.onset + timedelta(days=chance.between(0, 2)), companions=())
    told = replace(episode, event=seen)
    [reaction] = reactions_of(chance, told, day)
    reaction["reaction_id"] = "R1"
    del reaction["grade"]  # hospitals outside studies do not grade by CTCAE
    drug = drug_of(chance, story, told, chance.pick(("多吉美", "甲苯磺酸索拉非尼片", "Nexavar")))
    at = office_moment(chance, day)
    data: Json = {
        "kind": "initial",
        "report_type": "spontaneous",
        "received_at": at.isoformat(),
        "office_zone": OFFICE_ZONE,
        "most_recent_information": day.isoformat(),
        "first_received": day.isoformat(),
        "awareness": [{"channel": "authority", "day": day.isoformat()}],
        "reporters": [
            {
                "reporter_id": "PH1",
                "organisation": story.subject.site.hospital,
                "country": "CN",
                "qualification": "pharmacist",
                "primary": True,
            }
        ],
        "patient": elsewhere_patient(story.subject),
        "reactions": [reaction],
        "drugs": [drug],
        "relatedness": [
            {
                "drug_id": SORAFENIB,
                "reaction_id": "R1",
                "assessor": "reporter",
                "source": "报告人评价",
                "method": "six-level",
                "result": "可能",
            }
        ],
    }
    yield tell_case(REPORTED, _hospital_case(story, episode), "v1", at, data)


def _learned(story: Story, episode: Episode) -> date:
    """Give the day on which the company's sphere came to know of the event."""
    subject = story.subject
    chance = Chance("secure", subject.seed, subject.number, "learned", episode.event.concept)
    event = episode.event
    days = chance.between(0, 5) if event.serious else chance.along(1, 16, 60)
    return min(event.onset + timedelta(days=days), STUDY_COMPLETION)


def _first_serious(story: Story) -> Episode:
    return next(episode for episode in story.episodes if episode.event.serious)


def _next_number(story: Story) -> int:
    last = story.episodes[-1]
    return last.number + len(last.event.companions) + 1


def _edc_case(story: Story, number: int) -> Json:
    return {"sender": EDC, "sender_case_id": case_id(story.subject, number)}


def _entered_again(story: Story) -> Json:
    return _edc_case(story, _next_number(story))


def _hospital_case(story: Story, episode: Episode) -> Json:
    year = episode.event.onset.year
    return {"sender": HOSPITAL, "sender_case_id": f"{year}-{story.subject.number:06d}"}


def _key(case: Json) -> str:
    return f"{case['sender']}:{case['sender_case_id']}"
