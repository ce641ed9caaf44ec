"""
What was sent of a case, in which batch, and what did the receiver make of it?

A transmission is a desk decision, an answer is a message from the receiver's gateway;
both are folded like all else of a case. Whichever of the two is folded second settles
the duties, so the order in which they arrive decides nothing.

A batch has a case once. An answer therefore finds its message by the batch number
alone; the message number only has to fit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from safety.facts import Entities, Facts, bare_values, merge_facts
from safety.submissions import FAMILY, SENT, Submission
from schemas.vocabulary import SubmissionState as State

SENT_FAMILY = "transmissions"  # where they stand among the entities of a case, by batch number
ANSWER_FAMILY = "acknowledgements"

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnsweredDuty:
    """
    A duty that a transmission is the report for, as it stood then.

    Attributes:
        ground: Whose record it is; see `safety.submissions.ground_of`.
    """

    ground: str
    obligation_id: str
    authority: str
    recipient: str
    duty: str
    rule_id: str
    trigger: str
    due: str


@dataclass(frozen=True, slots=True)
class Transmission:
    """
    One message about a case in one batch.

    Attributes:
        batch: N.1.2, never used for another batch.
        number: N.2.r.1 and C.1.1; with `worldwide` the same in every message about the case.
        version: The case version it tells.
        digest: sha256 of the file, hex.
        at: When it was written, ISO 8601 with offset; `day` is its calendar day at the office.
        counts: The duties it answers count as submitted from now on, not only when it is accepted.
        documents: What went with it: name, media type and digest of each file.
    """

    batch: str
    number: str
    worldwide: str
    profile: str
    receiver: str
    version: int
    digest: str
    at: str
    day: str
    zone: str
    by: str
    reason: str
    is_test: bool = False
    counts: bool = False
    duties: tuple[AnsweredDuty, ...] = ()
    documents: tuple[Mapping[str, str], ...] = ()

    def facts(self) -> dict[str, Any]:
        """Give it as fields of an entity."""
        fields = asdict(self)
        return fields | {
            "duties": [asdict(duty) for duty in self.duties],
            "documents": [dict(document) for document in self.documents],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a receiver said of one message.

    Attributes:
        batch: N.1.2 of the batch that is meant.
        accepted: False: the report was not taken, the duty is open again.
        code: As written: CA or CR of the message, else AA, AE or AR of the batch.
        at: When the receiver wrote it, in UTC; the newest answer counts.
        sender: The receiver's own identifier.
        reference: Its number for the report.
        errors: Its texts: errors, warnings, comments.
    """

    batch: str
    accepted: bool
    code: str
    at: str
    sender: str
    reference: str | None = None
    errors: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Give it as fields of an entity; None is a value, so that a newer answer replaces all."""
        return asdict(self) | {"errors": list(self.errors)}

    @property
    def rank(self) -> tuple[str, bool]:
        """The newest answer counts; of two of one instant the refusal."""
        return (self.at, not self.accepted)


def transmit(entities: Entities, sent: Transmission, message: str) -> Entities:
    """
    Give the entities of a case after a transmission: what was sent, and the records it moves.

    1. the duties it answers are recorded as submitted, if it counts and they are not sent already;
    2. if it is answered already, they are settled by the answer.
    """
    path = f"{SENT_FAMILY}/{sent.batch}"
    facts = sent.facts()
    after = {**entities, path: merge_facts(entities.get(path), facts, message)}
    if sent.counts:
        for duty in facts["duties"]:
            ground = duty["ground"]
            _put(after, ground, submit(_record_of(after, ground), duty, facts), message)
    _settle_all(after, facts, message)
    return after


def take_answer(entities: Entities, answer: Answer, message: str) -> tuple[Entities, bool]:
    """
    Give the entities of a case after a receiver's answer, and whether it contradicts another.

    The first that applies decides whether it counts:

    1. no answer to that batch is known: it does;
    2. it says the same as the known one: it does not; a repetition counts once;
    3. otherwise the newest counts, of two of one instant the refusal.
    """
    path = f"{ANSWER_FAMILY}/{answer.batch}"
    known = bare_values(entities.get(path))
    if known is not None and answer.accepted == known["accepted"]:
        return entities, False
    if known is not None and answer.rank < (known["at"], not known["accepted"]):
        return entities, True
    after = {**entities, path: merge_facts(entities.get(path), answer.facts(), message)}
    sent = bare_values(after.get(f"{SENT_FAMILY}/{answer.batch}"))
    if sent is not None:
        _settle_all(after, sent, message)
    return after, known is not None


def _settle_all(after: dict[str, Facts], sent: Fields, message: str) -> None:
    answers = _family(after, ANSWER_FAMILY)
    if sent["batch"] not in answers:
        return
    all_sent = list(_family(after, SENT_FAMILY).values())
    for duty in sent["duties"]:
        ground = duty["ground"]
        _put(after, ground, settle(_record_of(after, ground), ground, all_sent, answers), message)


def _put(after: dict[str, Facts], ground: str, record: Submission | None, message: str) -> None:
    if record is not None:
        path = f"{FAMILY}/{ground}"
        after[path] = merge_facts(after.get(path), record.facts(), message)


def _record_of(entities: Entities, ground: str) -> dict[str, Any] | None:
    return bare_values(entities.get(f"{FAMILY}/{ground}"))


def _family(entities: Entities, family: str) -> dict[str, dict[str, Any]]:
    return {
        path.removeprefix(f"{family}/"): {name: fact.value for name, fact in facts.items()}
        for path, facts in entities.items()
        if path.startswith(f"{family}/")
    }


def submit(before: Fields | None, duty: Fields, sent: Fields) -> Submission | None:
    """Give the record of a duty whose report counts as submitted; None if it is sent already."""
    if before is not None and before["state"] in SENT:
        return None
    return _record(
        duty,
        state=State.SUBMITTED.value,
        at=sent["at"],
        day=sent["day"],
        by=sent["by"],
        reason=sent["reason"],
        reference=sent["batch"],
        submitted_on=sent["day"],
    )


def settle(
    before: Fields | None, ground: str, sent: Iterable[Fields], answers: Mapping[str, Fields]
) -> Submission | None:
    """
    Give the record of a duty after an answer; the first that applies decides.

    1. a message that answers the duty was accepted: acknowledged, sent on that message's day, or
       on the day a person recorded;
    2. the newest message that answers it was refused: rejected, so the duty is open again;
    3. the newest is still unanswered: None, nothing changes.

    Args:
        before: Fields of the record so far; None if there is none.

        ground: The duty.

        sent: Fields of all transmissions of the case.

        answers: Fields of all answers, by batch number.
    """
    about = sorted(
        (one for one in sent if _duty(one, ground) is not None),
        key=lambda one: (one["at"], one["batch"]),
    )
    for one in about:
        answer = answers.get(one["batch"])
        if answer is not None and answer["accepted"]:
            kept = before is not None and before["state"] in SENT
            on = before["submitted_on"] if before is not None and kept else one["day"]
            return _answered(one, ground, answer, State.ACKNOWLEDGED, on)
    if about and (answer := answers.get(about[-1]["batch"])) is not None:
        return _answered(about[-1], ground, answer, State.REJECTED, None)
    return None


def _duty(sent: Fields, ground: str) -> Fields | None:
    return next((duty for duty in sent["duties"] if duty["ground"] == ground), None)


def _answered(
    sent: Fields, ground: str, answer: Fields, state: State, submitted_on: str | None
) -> Submission:
    words = "; ".join(answer["errors"]) or "no text"
    return _record(
        _duty(sent, ground) or {},
        state=state.value,
        at=answer["at"],
        day=_day(answer["at"], sent["zone"]),
        by=answer["sender"],
        reason=f"{answer['code']} for batch {sent['batch']}: {words}",
        reference=answer["reference"] or sent["batch"],
        submitted_on=submitted_on,
    )


def _day(at: str, zone: str) -> str:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).date().isoformat()


def _record(duty: Fields, **step: Any) -> Submission:  # noqa: ANN401 - the fields of a record
    named = {name: value for name, value in duty.items() if name != "ground"}
    return Submission(**named, **step)
