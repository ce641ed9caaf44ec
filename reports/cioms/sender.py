"""Band IV: whose report this is, from whom it came, and what it follows up."""

from collections.abc import Iterator, Sequence

from reports.cioms.masking import NAMES, PLACES, WITHHELD, Policy
from reports.cioms.words import UNKNOWN, joined, say_code, say_country, words_of
from reports.paper.boxes import Tick
from safety.assessment import CaseAssessment
from safety.case import CaseState, Entry, Report
from safety.deadlines import AssessedStep

FOLLOWING = frozenset({"follow_up", "correction"})
PROFESSIONALS = frozenset({"physician", "pharmacist", "other_health_professional"})


def manufacturer_lines(state: CaseState, manufacturer: str) -> Iterator[str]:
    """Give box 24a: as the house names itself, else a sender that is a company."""
    if manufacturer:
        yield from manufacturer.splitlines()
        return
    sender = Entry("sender", state.entities.get("sender", {}))
    if sender.known("type") == "company":
        yield words_of(sender, "organisation")
        yield joined(words_of(sender, name) for name in PLACES[:4])
        yield words_of(sender, "country", say_country)
    else:
        yield UNKNOWN


def source_ticks(state: CaseState, assessment: CaseAssessment, variant: str) -> tuple[Tick, ...]:
    """Give box 24d; more than one may be ticked."""
    kind, literature = state.case.known("report_type"), state.case.known("literature") is True
    sender = Entry("sender", state.entities.get("sender", {}))
    who = {reporter.known("qualification") for reporter in state.entries("reporters")}
    authority = (
        sender.known("type") == "authority" or state.case.known("first_sender") == "regulator"
    )
    study = kind == "study" or assessment.context.study is not None
    classic = (
        Tick("STUDY", study),
        Tick("LITERATURE", literature),
        Tick("HEALTH PROFESSIONAL", bool(who & PROFESSIONALS)),
    )
    if variant == "classic":
        return classic
    return (
        *classic,
        Tick("SPONTANEOUS", kind == "spontaneous"),
        Tick("CONSUMER", "consumer" in who),
        Tick("AUTHORITY", authority),
        Tick("OTHER", kind == "other" or "lawyer" in who),
    )


def study_lines(state: CaseState, assessment: CaseAssessment) -> Iterator[str]:
    """Name the study, its subject and registrations."""
    study, ours = state.study, assessment.context.study
    subject = words_of(study, "subject_id")
    named = joined(
        dict.fromkeys(
            (
                words_of(study, "study_id"),
                words_of(study, "sponsor_study_number"),
                ours.short_name if ours else "",
                *(words_of(e, "number") for e in state.entries("study/registrations")),
            )
        )
    )
    if named:
        yield f"Study {named}" + (f", subject {subject}" if subject else "")


def type_ticks(steps: Sequence[AssessedStep]) -> tuple[Tick, ...]:
    """Give box 25a: a follow-up by the number of later reports, corrections among them."""
    number = sum(step.report.kind in FOLLOWING for step in steps)
    return (
        Tick("INITIAL", number == 0),
        Tick(f"FOLLOW-UP No. {number}" if number else "FOLLOW-UP", number > 0),
    )


def last_receipt(steps: Sequence[AssessedStep]) -> Report:
    """Give the newest report that brought information from a source, or a nullification."""
    kinds = {"initial", "follow_up", "nullification"}
    return next((s.report for s in reversed(steps) if s.report.kind in kinds), steps[0].report)


def reporter_lines(state: CaseState, policy: Policy) -> Iterator[str]:
    """Give box 25b; without names where the policy withholds them."""
    for place, reporter in enumerate(state.entries("reporters"), start=1):
        names = [words_of(reporter, name) for name in ("title", *NAMES)]
        where = [words_of(reporter, name) for name in PLACES]
        told = joined((joined(names[:4], " "), *names[4:], *where))
        role = words_of(reporter, "qualification", say_code)
        country = words_of(reporter, "country", say_country)
        shown = told if policy.reporter else WITHHELD
        yield f"{place}) {joined((shown, role, country))}"


def remark_lines(
    state: CaseState, assessment: CaseAssessment, steps: Sequence[AssessedStep]
) -> Iterator[str]:
    """Give box 26: study, other numbers, first receipt, links."""
    yield from study_lines(state, assessment)
    for entry in state.entries("other_identifiers"):
        yield f"{words_of(entry, 'source')}: {words_of(entry, 'identifier')}"
    linked = state.case.known("linked_reports")
    if linked:
        yield f"Linked reports: {joined(linked)}"
    last = steps[-1].report
    if last.kind == "correction" and last.reason:
        yield f"Correction: {last.reason}"
    if state.nullified is not None:
        yield f"CASE NULLIFIED ({say_code(state.nullified.reason)})"
    documents = [words_of(entry, "title") for entry in state.entries("documents")]
    if any(documents):
        yield f"Documents held: {joined(documents, '; ')}"
