"""T10: deaths, when and of what."""

from collections.abc import Sequence
from datetime import timedelta

from reports.study.arms import Arms, subject_row
from reports.study.definitions import WINDOW_DAYS
from reports.study.event_tables import SAFETY
from reports.study.model import Event, StudyData, Subject
from reports.tables import Row, Table

_DISEASE = (
    "progress",
    "carcinoma",
    "hcc",
    "tumour",
    "tumor",
    "cancer",
    "recurren",
    "disease under",
    "进展",
    "肝细胞癌",
    "肿瘤",
    "肝癌",
    "复发",
)
_UNKNOWN = ("unknown", "not known", "不明", "未知")
CAUSES = (
    "Adverse event, related",
    "Adverse event, not related",
    "Disease under study",
    "Other",
    "Unknown",
)


def death_table(data: StudyData, arms: Arms) -> Table:
    """T10: deaths under treatment with 30 days after it, later, by primary cause."""
    fatal = fatal_events(data)
    dead = [s for s in data.safety if s.dead]
    told = {s.subject_id for s in data.safety if any(t.status == "dead" for t in s.statuses)}
    alive = sum(not s.dead and s.subject_id in fatal.keys() | told for s in data.safety)
    under = [s for s in dead if _when(s) == "under"]
    later = [s for s in dead if _when(s) == "later"]
    dateless = [s for s in dead if _when(s) == "unknown"]
    rows = [
        subject_row("overall", "All deaths", _ids(dead), arms),
        *_part("Under treatment or at most 30 days after the last dose", under, fatal, arms),
        *_part("More than 30 days after the last dose", later, fatal, arms),
    ]
    if dateless:
        rows += _part("On an unknown day", dateless, fatal, arms)
    return Table(
        "T10",
        "Deaths",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            "n (%): subjects who died.",
            (
                f"{alive} subjects were told to have died, or had a fatal event, but were seen"
                " alive later: a query to the study, not counted as dead."
            ),
            (
                "Primary cause: as the study gives it, else a fatal adverse event, else by the"
                " words of the cause; related if the fatal event is."
            ),
        ),
        "Time / primary cause",
    )


def fatal_events(data: StudyData) -> dict[str, list[Event]]:
    """Give the fatal events of each subject."""
    found: dict[str, list[Event]] = {}
    for event in data.events:
        if event.fatal:
            found.setdefault(event.subject_id, []).append(event)
    return found


def cause_of_death(subject: Subject, fatal: dict[str, list[Event]]) -> str:
    """
    Give the primary cause; the first line that applies decides.

    1. the study calls it disease, other or unknown: that;
    2. a fatal event, or the study calls it an adverse event: adverse event, related if one is;
    3. the words of the cause name the disease: the disease; or that it is not known: unknown;
    4. no words: unknown; else other.
    """
    told = [status for status in subject.statuses if status.status == "dead"]
    category = next((s.cause_category for s in told if s.cause_category), None)
    if category in _BY_CATEGORY:
        return _BY_CATEGORY[category]
    events = fatal.get(subject.subject_id, [])
    if events or category == "adverse_event":
        related = any(event.related for event in events)
        return CAUSES[0] if related or not events else CAUSES[1]
    words = " ".join(filter(None, (s.cause or s.reason for s in told))).casefold()
    if any(word in words for word in _DISEASE):
        return CAUSES[2]
    return CAUSES[4] if not words or any(word in words for word in _UNKNOWN) else CAUSES[3]


_BY_CATEGORY = {"disease": CAUSES[2], "other": CAUSES[3], "unknown": CAUSES[4]}


def _when(subject: Subject) -> str:
    if subject.died is None:
        return "unknown"
    if subject.last_dose is None or subject.died <= subject.last_dose + timedelta(days=WINDOW_DAYS):
        return "under"
    return "later"


def _part(
    label: str, subjects: Sequence[Subject], fatal: dict[str, list[Event]], arms: Arms
) -> list[Row]:
    rows = [subject_row("time", label, _ids(subjects), arms)]
    for cause in CAUSES:
        own = [s for s in subjects if cause_of_death(s, fatal) == cause]
        rows.append(subject_row("cause", cause, _ids(own), arms, (label,)))
    return rows


def _ids(subjects: Sequence[Subject]) -> list[str]:
    return [subject.subject_id for subject in subjects]
