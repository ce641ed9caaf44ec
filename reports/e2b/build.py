"""
From the history of a case to its outgoing ICSR.

Pure: clock, sender and receiver come as arguments. What every message must have and no
source said is filled where the standard names the value for "not known"; nothing else is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from reports.e2b.canonical import Canon
from reports.e2b.identity import give_identity
from reports.e2b.model import Amendment, Icsr, OwnSender
from reports.e2b.profiles import Profile
from reports.e2b.told import Told, collect_told
from safety.case import CaseState, Report
from schemas.icsr.keys import key_of
from schemas.icsr.nullification import decide_nullification_reason
from schemas.messages.adverse_event import AdverseEventReport
from schemas.vocabulary import ReportKind

_CRITERIA = (
    *("death", "life_threatening", "hospitalisation"),
    *("disability", "congenital_anomaly", "other_important"),
)
# Words that a receiver understands as the reason, for explanations that do not have them.
_REASONS = {
    "duplicate": "Duplicate of another case",
    "no_exposure": "The patient was not exposed to the drug",
    "never_valid": "The minimum criteria of a valid case were never met",
    "data_entry_error": "Entered in error",
}
_WITHDRAWN = "withdrawn"


class Step(Protocol):
    """One report of a case and the state after it."""

    @property
    def report(self) -> Report:
        """The report."""

    @property
    def state(self) -> CaseState:
        """The state."""


@dataclass(frozen=True, slots=True)
class Choices:
    """
    What is chosen for one sending, beside the case.

    Attributes:
        narrative: H.1 for a case whose sources told none.
        expedited: C.1.7, where the case does not say.
        amendment: Reason (C.1.11.2) for amending a report that was sent before.
        regional: Values of the receiver's regional elements, by number.
        attachments: Bytes of documents by digest.
        study_type: C.5.4, where the case does not say and the study is known.
    """

    narrative: str | None = None
    expedited: bool | None = None
    amendment: str | None = None
    regional: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    study_type: str | None = None


def build_icsr(
    case_id: str,
    steps: Sequence[Step],
    first: Report,
    profile: Profile,
    sender: OwnSender,
    *,
    created: datetime,
    choices: Choices | None = None,
) -> Icsr:
    """
    Build the message about a case as its history stands.

    Args:
        case_id: The case.

        steps: Its whole history in the order of the reports, at least one.

        first: The report that arrived first; it gives the numbers, for life.

        profile: Whom it is for.

        sender: Who we are.

        created: Moment of creation, with its offset.

        choices: What was chosen for this sending.
    """
    chosen = choices or Choices()
    state = steps[-1].state
    canon = Canon(case_id, profile.null_flavors)
    told = canon.report(collect_told(state))
    _fill(told, chosen, sender)
    _drop_absent(told, canon, chosen.attachments, profile)
    identity = give_identity(case_id, state, first, sender)
    first_received, most_recent = _dates([step.report for step in steps])
    head = {
        "kind": ReportKind.INITIAL if first_received == most_recent else ReportKind.FOLLOW_UP,
        "case": {
            "sender": key_of(sender.identifier),
            "sender_case_id": key_of(identity.safety_report_id),
            "worldwide_id": key_of(identity.worldwide_id),
        },
        "received_at": created.isoformat(),
        "office_zone": "UTC",
        "most_recent_information": most_recent.isoformat(),
        "first_received": first_received.isoformat(),
        "complete": True,
        "synthetic": steps[-1].report.synthetic,
    }
    report = AdverseEventReport.model_validate(head | told, strict=False)
    return Icsr(
        case_id=case_id,
        identity=identity,
        report=report,
        first_received=first_received,
        most_recent=most_recent,
        created=created,
        amendment=_amendment(state, [step.report for step in steps], chosen),
        regional=profile.regional_values(report, chosen.regional),
        attachments=chosen.attachments,
        left_out=tuple(canon.left_out),
    )


def _fill(told: Told, chosen: Choices, sender: OwnSender) -> None:
    """Give what every message must have, where the standard has a value for "not known"."""
    told.setdefault("report_type", "not_available")
    told.setdefault("first_sender", "other")
    if chosen.expedited is not None:
        told.setdefault("expedited_by_sender", chosen.expedited)
    told["documents_available"] = bool(told.get("documents")) or told.get(
        "documents_available", False
    )
    if chosen.narrative is not None:
        told.setdefault("narrative", chosen.narrative.strip())
    _fill_sender(told, sender)
    _fill_study(told, chosen)
    patient = told.setdefault("patient", {})
    patient.setdefault("initials", {"null": "UNK"})
    if not patient.get("history"):
        patient.setdefault("history_text", {"null": "UNK"})
    for test in told.get("tests", ()):
        if "name" in test or "coded" in test:
            test.setdefault("date", {"null": "UNK"})
    for reaction in told.get("reactions", ()):
        reaction.setdefault("outcome", "unknown")
        serious = reaction.setdefault("seriousness", {})
        for criterion in _CRITERIA:
            serious.setdefault(criterion, {"null": "NI"})
    _fill_reporters(told.get("reporters", []))


def _fill_reporters(reporters: list[Told]) -> None:
    """One source is primary: the one told, else the first whose country is known."""
    for reporter in reporters:
        reporter.setdefault("qualification", {"null": "UNK"})
        if reporter.get("primary") is False:
            del reporter["primary"]
    if reporters and not any(reporter.get("primary") for reporter in reporters):
        known = (one for one in reporters if isinstance(one.get("country"), str))
        next(known, reporters[0])["primary"] = True


def _fill_sender(told: Told, sender: OwnSender) -> None:
    own: Told = {}
    if sender.organisation is not None:
        own["organisation"] = sender.organisation
        own["type"] = str(sender.type or "company")
        if sender.country is not None:
            own["country"] = sender.country
        told["sender"] = own
    told.setdefault("sender", {}).setdefault("type", "company")


def _fill_study(told: Told, chosen: Choices) -> None:
    study, patient = told.get("study"), told.get("patient", {})
    if study is None:
        return
    numbers = [one.get("number") for one in study.get("registrations", ())]
    numbers.append(study.get("sponsor_study_number"))
    named = study.pop("study_id", None)
    if named is not None and named not in numbers:
        if study.get("sponsor_study_number") is None and not _is_registry_number(named):
            study["sponsor_study_number"] = named
        else:
            entries = [{"number": named}, *study.get("registrations", ())]
            for number, entry in enumerate(entries, start=1):
                entry["registration_id"] = f"g{number}"
            study["registrations"] = entries
    numbers = [one.get("number") for one in study.get("registrations", ())]
    numbers.append(study.get("sponsor_study_number"))
    known = next((number for number in numbers if isinstance(number, str)), None)
    if known is not None:
        study["study_id"] = known
    if chosen.study_type is not None:
        study.setdefault("study_type", chosen.study_type)
    subject = study.pop("subject_id", None)
    if subject is not None:
        patient.setdefault("investigation_number", subject)
        told["patient"] = patient
    if isinstance(patient.get("investigation_number"), str):
        study["subject_id"] = patient["investigation_number"]


def _is_registry_number(name: str) -> bool:
    return name.upper().startswith(("NCT", "EUCTR", "CTR", "CHICTR", "ISRCTN", "JRCT"))


def _drop_absent(
    told: Told, canon: Canon, attachments: Mapping[str, bytes], profile: Profile
) -> None:
    """Take away what is not held or not taken, and note it."""
    for document in told.get("documents", ()):
        document.setdefault("literature", False)
        if document.get("digest") not in attachments:
            if document.pop("digest", None) is not None:
                canon.note("attachment_not_held", "documents.digest")
            if document.pop("media_type", None) is not None:
                canon.note("attachment_not_held", "documents.media_type")
    if any(document["literature"] for document in told.get("documents", ())):
        told["literature"] = True
    _drop_unsayable(told, canon, profile)


def _drop_unsayable(told: Told, canon: Canon, profile: Profile) -> None:
    for drug in told.get("drugs", ()):
        if drug.get("action_taken") == "interrupted":
            drug["action_taken"] = _WITHDRAWN
            canon.note("interrupted_as_withdrawn", "drugs.action_taken")
        if drug.get("blinded") is False:
            del drug["blinded"]
    patient = told.get("patient", {})
    for name in ("race", "ethnicity"):
        if name in patient and not profile.takes_regional(patient[name]):
            canon.note("regional_element", f"patient.{name}")
            del patient[name]


def _dates(reports: Iterable[Report]) -> tuple[date, date]:
    """C.1.4, the first day of all, and C.1.5, the newest information; our decisions have none."""
    given = list(reports)
    told = [report for report in given if report.kind != "decision"] or given
    latest = max(date.fromisoformat(report.order[0]) for report in told)
    outside = [report for report in told if report.from_outside] or told
    first = min(report.first_received or report.aware for report in outside)
    return min(first, latest), latest


def _amendment(state: CaseState, reports: Sequence[Report], chosen: Choices) -> Amendment | None:
    """
    Say whether the message amends or takes back an earlier one; the first that applies decides.

    1. the case is void: a nullification, in words that receivers understand;
    2. a reason was given for this sending: an amendment;
    3. the last report corrects earlier ones: an amendment; what we did at the desk is no report.
    """
    void = state.nullified
    if void is not None:
        words = void.explanation.strip()
        if decide_nullification_reason(words) != void.reason:
            words = f"{_REASONS[void.reason]}. {words}"
        return Amendment("nullification", words)
    if chosen.amendment is not None:
        return Amendment("amendment", chosen.amendment)
    told = [report for report in reports if report.kind != "decision"]
    last = told[-1] if told else None
    if last is not None and last.kind == "correction" and len(told) > 1:
        return Amendment("amendment", last.reason or "Correction of what was sent before")
    return None
