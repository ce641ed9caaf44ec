"""
What only two fields together show: a fatal outcome without death, an end before its start.

Works on the report as read, so that every comparison is one of typed values.
"""

from collections.abc import Iterable

from schemas.icsr.texts import TextReader
from schemas.messages.adverse_event import AdverseEventReport
from schemas.messages.clinical import Reaction
from schemas.messages.people import Patient
from schemas.values import Explicit, PartialDate
from schemas.vocabulary import Criterion, DrugRole, Highlight, Outcome, ReportType, SenderType

Dates = PartialDate | Explicit | None

_DAY = len("2014-05-06")
_SUSPECTED = frozenset({DrugRole.SUSPECT, DrugRole.INTERACTING, DrugRole.NOT_ADMINISTERED})
_MARKED_SERIOUS = frozenset({Highlight.YES_SERIOUS, Highlight.NO_SERIOUS})


def check_report(reader: TextReader, report: AdverseEventReport) -> None:
    """Note the contradictions and gaps of a whole report."""
    reader.require(report.narrative, "H.1", "missing_narrative")
    reader.require(report.reactions, "E.i", "missing_reaction")
    reader.require(report.drugs, "G.k", "missing_drug")
    if report.drugs and not any(drug.role in _SUSPECTED for drug in report.drugs):
        reader.note("no_suspect_drug", "G.k.1")
    if report.report_type is ReportType.STUDY and (
        report.study is None or report.study.study_type is None
    ):
        reader.note("missing_conditional", "C.5.4")
    if len(reader.gathered.meddra_versions) > 1:
        reader.note("several_meddra_versions", "E.i.2.1a")
    _check_sources(reader, report)
    _check_dates(reader, report)
    _check_order(reader, report)
    if report.patient is not None:
        _check_patient(reader, report.patient)
    for position, reaction in enumerate(report.reactions or (), start=1):
        _check_reaction(reader.at(position), reaction)


def _check_sources(reader: TextReader, report: AdverseEventReport) -> None:
    primary = [reporter for reporter in report.reporters or () if reporter.primary]
    if not report.reporters:
        reader.note("missing_mandatory", "C.2.r")
    if not primary:
        reader.note("no_primary_source", "C.2.r.5")
    if len(primary) > 1:
        reader.note("several_primary_sources", "C.2.r.5")
    if any(reporter.country is None for reporter in primary):
        reader.note("missing_conditional", "C.2.r.3")
    sender = report.sender
    if sender is not None and sender.organisation is None and sender.type is not SenderType.PATIENT:
        reader.note("missing_conditional", "C.3.2")
    if report.documents_available and not report.documents:
        reader.note("missing_conditional", "C.1.6.1.r.1")


def _check_dates(reader: TextReader, report: AdverseEventReport) -> None:
    first, latest = report.first_received, report.most_recent_information
    if first is not None and latest < first:
        reader.note("dates_out_of_order", "C.1.5")


def _check_patient(reader: TextReader, patient: Patient) -> None:
    if not patient.history and patient.history_text is None:
        reader.note("missing_conditional", "D.7.2")
    death = patient.death
    if death is not None and death.date is not None and death.autopsy is None:
        reader.note("missing_conditional", "D.9.3")
    if death is not None and is_before(death.date, patient.birth_date):
        reader.note("death_before_birth", "D.9.1")


def _check_order(reader: TextReader, report: AdverseEventReport) -> None:
    patient = report.patient or Patient()
    periods: list[tuple[str, tuple[int, ...], Dates, Dates]] = [
        *(
            ("D.7.1.r.4", (n,), one.start, one.end)
            for n, one in enumerate(patient.history or (), start=1)
        ),
        *(
            ("D.8.r.5", (n,), one.start, one.end)
            for n, one in enumerate(patient.past_drugs or (), start=1)
        ),
        *(
            ("G.k.4.r.5", (k, r), dose.start, dose.end)
            for k, drug in enumerate(report.drugs or (), start=1)
            for r, dose in enumerate(drug.doses or (), start=1)
        ),
    ]
    for element, position, start, end in periods:
        if is_before(end, start):
            reader.at(*position).note("end_before_start", element)


def _check_reaction(reader: TextReader, reaction: Reaction) -> None:
    ticked = set(_ticked(reaction))
    if reaction.outcome is Outcome.FATAL and Criterion.DEATH not in ticked:
        reader.note("fatal_without_death_criterion", "E.i.3.2a")
    if reaction.highlight is not None and bool(ticked) != (reaction.highlight in _MARKED_SERIOUS):
        reader.note("highlight_contradicts_seriousness", "E.i.3.1")
    if is_before(reaction.end, reaction.onset):
        reader.note("end_before_start", "E.i.5")


def _ticked(reaction: Reaction) -> Iterable[Criterion]:
    for criterion in Criterion:
        if getattr(reaction.seriousness, criterion.value, None) is True:
            yield criterion


def is_before(one: Dates, other: Dates) -> bool:
    """Tell whether a date is certainly before another, as far as both are known, by the day."""
    if not isinstance(one, PartialDate) or not isinstance(other, PartialDate):
        return False
    known = min(len(one.value), len(other.value), _DAY)
    return one.value[:known] < other.value[:known]
