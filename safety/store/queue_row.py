"""
What does the desk's list say of a case? One flat row from its latest version.

A pure function of the version and of the duties that stand, so that the queue can be made anew
from what is stored and comes out the same. "Overdue" is not in it: that depends on the day
somebody looks.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from safety.case import CaseState, Fact
from safety.causality import derive_dose_at, derive_exposure, parse_days, read_doses
from safety.deadlines import Obligation
from safety.pipeline import submissions_of
from safety.store.words import words_of
from safety.submissions import SENT, SETTLED, Submission
from safety.versions import Version
from safety.workflow import VOID, Stage, derive_stage
from schemas.vocabulary import SubmissionState

NEVER = date(9999, 12, 31)  # sorts behind every date: nothing is left to send
SEVEN_DAYS, FIFTEEN_DAYS = 7, 15
GRAVEST = 9  # of a case without a criterion; the criteria are 0 to 5, death first
CRITERIA = (
    "death",
    "life_threatening",
    "hospitalisation",
    "disability",
    "congenital_anomaly",
    "other_important",
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case in the queue; the columns of the table `queue`, but its number."""

    case_id: str
    ref: str
    version: int
    changed_at: datetime
    status: str
    stage: str
    closed: bool
    owner: str
    due: date
    authority: str | None
    recipient: str | None
    duty: str | None
    rule_id: str | None
    days: int | None
    decided: bool | None
    open_duties: int
    sent: str | None
    gravity: int
    criterion: str | None
    serious: bool | None
    unexpected: bool | None
    related: bool | None
    reaction: str | None
    reactions: int
    term: str | None
    verbatim: str | None
    grade: int | None
    dose: str | None
    subject: str | None
    country: str | None
    study: str | None
    context: str
    sender: str | None
    duplicate_of: str | None
    duplicate_score: float | None
    seven: bool
    fifteen: bool
    missing: bool
    duplicate: bool
    uncoded: bool
    rejected: bool
    synthetic: bool
    words: str


def ref_of(case_id: str) -> str:
    """Give the name of a case in addresses: short, the same for ever, and telling nothing."""
    return hashlib.sha256(case_id.encode()).hexdigest()[:16]


def derive_queue_row(version: Version, duties: Sequence[Obligation]) -> QueueRow:
    """
    Give the row of a case.

    Args:
        version: Its latest version.

        duties: The duties that stand.
    """
    state = read_state(version.state)
    stage, owner = derive_stage(state.values())
    records = submissions_of(state)
    open_duties = sorted((d for d in duties if not _is_settled(d, records)), key=_urgency)
    nearest = open_duties[0] if open_duties else None
    leading = min(version.events, key=_leading) if version.events else {}
    gravity = min((gravity_of(event) for event in version.events), default=GRAVEST)
    void = version.status if version.status in VOID else None
    closed = void is not None or (stage is Stage.LOCKED and not open_duties)
    return QueueRow(
        case_id=version.case_id,
        ref=ref_of(version.case_id),
        version=version.version,
        changed_at=version.recorded_at,
        status=version.status,
        stage=void or stage.value,
        closed=closed,
        owner=owner or "",
        due=NEVER if nearest is None else nearest.due,
        authority=None if nearest is None else nearest.authority,
        recipient=None if nearest is None else nearest.recipient,
        duty=None if nearest is None else nearest.duty.value,
        rule_id=None if nearest is None else nearest.rule_id,
        days=None if nearest is None else nearest.days,
        decided=None if nearest is None else nearest.decided,
        open_duties=len(open_duties),
        sent=None if open_duties else _sent(records.values()),
        gravity=gravity,
        criterion=None if gravity == GRAVEST else CRITERIA[gravity],
        serious=_any(event["serious"] for event in version.events),
        unexpected=_any(map(_unexpected, version.events)),
        related=_any(event["related"] for event in version.events),
        reaction=leading.get("reaction"),
        reactions=len(version.events),
        term=leading.get("term"),
        verbatim=leading.get("verbatim"),
        grade=max((e["grade"] for e in version.events if e["grade"] is not None), default=None),
        dose=_dose_at_onset(state, version, leading),
        subject=leading.get("subject") or state.study.known("subject_id"),
        country=leading.get("country"),
        study=leading.get("study") or state.study.known("study_id"),
        context=version.trace["context"][0],
        sender=_sender(state, version),
        duplicate_of=None,
        duplicate_score=None,
        seven=not closed and any(duty.days <= SEVEN_DAYS for duty in open_duties),
        fifteen=not closed and any(SEVEN_DAYS < duty.days <= FIFTEEN_DAYS for duty in open_duties),
        missing=not closed
        and (any(not duty.decided for duty in open_duties) or version.status == "pending"),
        duplicate=False,
        uncoded=not closed and any(event["term"] is None for event in version.events),
        rejected=not closed and any(r.state == SubmissionState.REJECTED for r in records.values()),
        synthetic=version.synthetic,
        words=words_of(_texts(version, state, owner)),
    )


def read_state(stored: Mapping[str, Mapping[str, Sequence[Any]]]) -> CaseState:
    """Read the state of a stored version."""
    return CaseState(
        {
            path: {name: Fact(value, message) for name, (value, message) in facts.items()}
            for path, facts in stored.items()
        }
    )


def gravity_of(event: Mapping[str, Any]) -> int:
    """Give how grave a reaction is: 0 death, 1 life-threatening, ... 9 no criterion."""
    told = set(event["criteria"].split())
    if event["fatal"]:
        return 0
    return next((rank for rank, name in enumerate(CRITERIA) if name in told), GRAVEST)


def _urgency(duty: Obligation) -> tuple[date, int, str]:
    return duty.due, duty.days, duty.obligation_id


def _is_settled(duty: Obligation, records: Mapping[str, Submission]) -> bool:
    record = records.get(duty.ground) if records else None
    return record is not None and record.state in SETTLED


def _sent(records: Any) -> str | None:  # noqa: ANN401 - the values of a mapping
    """Give what became of the reports of a case with nothing open: the least that is certain."""
    states = {record.state for record in records}
    if not states & SENT:
        return SubmissionState.NOT_REQUIRED.value if states else None
    waiting = SubmissionState.SUBMITTED in states
    return (SubmissionState.SUBMITTED if waiting else SubmissionState.ACKNOWLEDGED).value


def _leading(event: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Order the reactions: the gravest first, then the serious, then the higher grade."""
    serious = {True: 0, None: 1, False: 2}[event["serious"]]
    return gravity_of(event), serious, -(event["grade"] or 0), event["reaction"]


def _any(answers: Any) -> bool | None:  # noqa: ANN401 - an iterator of answers
    """True if any is; unknown if none is but one may be."""
    told = set(answers)
    return True if True in told else (None if None in told or not told else False)


def _unexpected(event: Mapping[str, Any]) -> bool | None:
    told = {event["expected_eu"], event["expected_us"], event["expected_cn"]}
    return True if False in told else (None if None in told else False)


def _dose_at_onset(state: CaseState, version: Version, leading: Mapping[str, Any]) -> str | None:
    """Give the daily dose of our drug on the day the leading reaction began, in words."""
    entity = state.entities.get(f"reactions/{leading.get('reaction')}", {})
    onset = entity.get("onset")
    day = None if onset is None or "null" in onset.value else parse_days(onset.value)
    if day is None:
        return None
    ours = {pair["drug"] for pair in version.pairs if pair["ours"]}
    for drug in state.drugs:
        if drug.key in ours:
            found = derive_dose_at(derive_exposure(read_doses(state, drug)), day)
            if found is not None:
                low, high = _milligrams(found.lowest_mg), _milligrams(found.highest_mg)
                return f"{low} mg/d" if low == high else f"{low}-{high} mg/d"
    return None


def _milligrams(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _sender(state: CaseState, version: Version) -> str | None:
    """Give who told of the case: the owner of its first reaction, else of its number."""
    for reaction in state.reactions:
        owner = reaction.raw("owner")
        if owner:
            return str(owner)
    return version.case_id.partition(":")[0] if ":" in version.case_id else None


def _texts(version: Version, state: CaseState, owner: str | None) -> list[str | None]:
    events = version.events
    told = chain.from_iterable((e["verbatim"], e["term"], e["subject"], e["study"]) for e in events)
    english = (reaction.known("english") for reaction in state.reactions)
    return [
        version.case_id,
        owner,
        state.study.known("subject_id"),
        *told,
        *english,
        *(e["country"] for e in events),
    ]
