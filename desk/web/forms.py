"""
What can be decided about a case, which fields does each form have, and what do they mean?

One entry a decision. The page shows the entries that the reader may use now; the route that takes
a form reads it by the same entry, so that page and route cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from consumers.record_submission import submission_step
from consumers.two_cases import DecisionRefusedError, propose_merge
from desk.web.actions import Action
from desk.web.casefile import CaseFile
from desk.web.errors import BadRequestError
from desk.web.scale_forms import read_naranjo, read_pair, read_rucam
from desk.web.visit import Visit
from safety.coding import code_verbatim
from safety.submissions import TRANSITIONS, explain_refusal
from schemas.vocabulary import Criterion, NullificationReason, SubmissionState

Told = Mapping[str, str]
Reader = Callable[[Told, CaseFile, Visit], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Form:
    """
    A decision as a form.

    Attributes:
        title: What it is called, a text of the desk.
        reason: Reason that is recorded where none has to be given; None: one must be given.
        read: Reads the fields into the action of the message.
        password: The password is asked for again.
    """

    action: Action
    title: str
    read: Reader
    reason: str | None = None
    password: bool = False


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form on a page, with the sentence why it cannot be used now, if so."""

    form: Form
    refusal: str | None


def _reaction(told: Told, file: CaseFile) -> str:
    key = told.get("reaction", "")
    if key not in {entry.key for entry in file.state.reactions}:
        raise BadRequestError("the case has no such reaction")
    return key


def _number(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit():
        raise BadRequestError("that is no number")
    return int(text)


def _only(kind: str) -> Reader:
    return lambda *_: {"kind": kind}


def _accept(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del told
    owner = file.standing.owner or visit.user.name
    return {"kind": "accept", "assignee": owner}


def _assign(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del file, visit
    assignee = told.get("assignee")
    return {"kind": "assign", **({"assignee": assignee} if assignee else {})}


def _recode(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    term = told.get("term", "").strip()
    known = visit.desk.knowledge.dictionary.find(term)
    if known is None:
        raise BadRequestError("the dictionary has no such term; choose one that it offers")
    return {
        "kind": "recode",
        "reaction_id": _reaction(told, file),
        "term": known.name,
        "remember": told.get("remember") == "yes",
    }


def _grade(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    return {
        "kind": "confirm_grade",
        "reaction_id": _reaction(told, file),
        "grade": _number(told.get("grade")),
        "ctcae": told.get("ctcae", "5.0"),
    }


def _seriousness(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    criterion = told.get("criterion", "")
    if criterion not in set(Criterion):
        raise BadRequestError("there is no such criterion")
    applies = told.get("applies") == "yes"
    return {
        "kind": "confirm_seriousness",
        "reaction_id": _reaction(told, file),
        "criterion": criterion,
        "value": True if applies else {"null": "NI"},
    }


def _planned(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    planned = told.get("planned")
    return {
        "kind": "plan_admission",
        "reaction_id": _reaction(told, file),
        **({"planned": planned} if planned else {}),
    }


def _naranjo(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    return {"kind": "answer_naranjo", **read_pair(told, file), "answers": read_naranjo(told)}


def _rucam(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    return {"kind": "answer_rucam", **read_pair(told, file), "answers": read_rucam(told)}


def _causality(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    return {
        "kind": "assess_causality",
        **read_pair(told, file),
        "method": told.get("method", "global introspection"),
        "result": told.get("result", ""),
    }


def _listedness(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    return {
        "kind": "assess_listedness",
        "reaction_id": _reaction(told, file),
        "region": told.get("region", ""),
        "expected": told.get("expected") == "yes",
    }


def _significance(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    number = _number(told.get("message"))
    if not 1 <= number <= len(file.messages):
        raise BadRequestError("the case has no such message")
    message = file.messages[number - 1]
    return {
        "kind": "mark_significance",
        "message_id": f"{message.source} {message.message_id}",
        "significant": told.get("significant") == "yes",
    }


def _request(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del file, visit
    questions = [line.strip() for line in told.get("questions", "").splitlines() if line.strip()]
    if not questions:
        raise BadRequestError("a letter needs at least one question, one a line")
    by = told.get("answer_by")
    return {
        "kind": "request_information",
        "asked_of": told.get("asked_of", "").strip(),
        "questions": questions,
        **({"answer_by": _day(by)} if by else {}),
    }


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadRequestError("that is no date; write it as 2014-05-06") from None


def _nullify(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del file, visit
    ground = told.get("ground", "")
    if ground not in set(NullificationReason):
        raise BadRequestError("there is no such reason for voiding a case")
    surviving = told.get("surviving", "").strip()
    return {
        "kind": "nullify",
        "ground": ground,
        **({"surviving_case": surviving} if surviving else {}),
    }


def _submission(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    duty = next((d for d in file.duties if d.obligation_id == told.get("duty")), None)
    if duty is None:
        raise BadRequestError("the case has no such duty any more")
    state = told.get("state", "")
    if state not in set(SubmissionState):
        raise BadRequestError("there is no such state of a report")
    record = file.submissions.get(duty.ground)
    before = None if record is None else SubmissionState(record.state)
    if SubmissionState(state) not in TRANSITIONS[before]:
        raise DecisionRefusedError(explain_refusal(before, SubmissionState(state)))
    return submission_step(
        duty, SubmissionState(state), at=visit.now, reference=told.get("reference") or None
    )


def _sign(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    return {
        "kind": "sign",
        "meaning": told.get("meaning", ""),
        "full_name": visit.user.full_name,
        "content_digest": file.content_digest,
    }


def _undo(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del visit
    number = _number(told.get("message"))
    if not 1 <= number <= len(file.messages):
        raise BadRequestError("the case has no such message")
    message = file.messages[number - 1]
    return {"kind": "undo", "message_id": f"{message.source} {message.message_id}"}


def _merge(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    into = told.get("other", "")
    case_id = file.row.case_id
    same = propose_merge(visit.desk.store, visit.desk.knowledge, case_id, into)
    return {"kind": "merge", "into": into, "same": same}


def _two_events(told: Told, file: CaseFile, visit: Visit) -> dict[str, Any]:
    del file, visit
    return {"kind": "not_a_duplicate", "other": told.get("other", ""), "distinct": True}


FORMS: Mapping[str, Form] = {
    form.action.value: form
    for form in (
        Form(Action.ACCEPT, "Accept", _accept, reason="accepted for work"),
        Form(Action.ASSIGN, "Assign", _assign, reason="assigned"),
        Form(Action.RECODE, "Recode", _recode),
        Form(Action.CONFIRM_GRADE, "Confirm grade", _grade),
        Form(Action.CONFIRM_SERIOUSNESS, "Seriousness", _seriousness),
        Form(Action.ASSESS_LISTEDNESS, "Expectedness", _listedness),
        Form(Action.PLAN_ADMISSION, "Planned admission", _planned),
        Form(Action.ASSESS_CAUSALITY, "Sponsor causality", _causality),
        Form(Action.ANSWER_NARANJO, "Naranjo", _naranjo),
        Form(Action.ANSWER_RUCAM, "RUCAM", _rucam),
        Form(Action.MARK_SIGNIFICANCE, "Significance", _significance),
        Form(Action.REQUEST_INFORMATION, "Ask for information", _request),
        Form(Action.REVIEW, "Medical review", _only("review"), reason="reviewed"),
        Form(Action.APPROVE, "Approve", _only("approve"), reason="approved"),
        Form(Action.SIGN, "Sign", _sign, reason="signed", password=True),
        Form(Action.RECORD_SUBMISSION, "Report", _submission),
        Form(Action.LOCK, "Lock", _only("lock"), reason="locked"),
        Form(Action.REOPEN, "Reopen", _only("reopen")),
        Form(Action.NULLIFY, "Nullify", _nullify),
        Form(Action.UNDO, "Undo", _undo),
        Form(Action.MERGE, "Merge into the other", _merge),
        Form(Action.UNDO_MERGE, "Undo the merge", _only("undo_merge")),
        Form(Action.JUDGE_DUPLICATE, "Two events", _two_events),
    )
}


def nearest_terms(file: CaseFile, visit: Visit) -> list[str]:
    """Give the terms that the words of the reactions may stand for, to choose one from."""
    if not visit.may(Action.RECODE) or file.refusal(Action.RECODE) is not None:
        return []
    found: dict[str, None] = {}
    for event in file.version.events:
        if event["verbatim"]:
            coding = code_verbatim(event["verbatim"], visit.desk.knowledge.dictionary)
            terms = (coding.term, *(other.term for other in coding.runners_up))
            found |= dict.fromkeys(term for term in terms if term is not None)
    return list(found)


def open_forms(file: CaseFile, visit: Visit) -> Mapping[str, OpenForm]:
    """Give the forms that the reader's role may use, each with why it cannot be used now."""
    return {
        kind: OpenForm(form, file.refusal(kind))
        for kind, form in FORMS.items()
        if visit.may(form.action)
    }
