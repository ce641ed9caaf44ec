"""The report of a study, from the store to files."""

from collections.abc import Iterator
from datetime import date, datetime

from reports.study.model import StudyData
from reports.study.read import Frame, read_study
from reports.study.read_event import CaseContent
from reports.study.read_subject import Record
from safety.errors import SafetyError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import subject_records
from safety.store.study import study_cases, study_names


class NoStudyError(SafetyError):
    """The store holds nothing of the study that was named."""


def load_study(
    store: SqlStore,
    knowledge: Knowledge,
    study: str,
    *,
    lock: date | None = None,
    as_known_at: datetime | None = None,
) -> StudyData:
    """
    Load the analysis data set of a study.

    Args:
        store: Where it is kept.

        knowledge: Profiles: other numbers of the study, its product and planned dose.

        study: Its number, or another by which a profile knows it.

        lock: The last day that counts; the last one that the data speak of unless given.

        as_known_at: As it was known at an instant; all unless given.

    Raises:
        NoStudyError: Nothing is stored of it; the message names the studies that are there.
    """
    profile = knowledge.study(study)
    names = frozenset({study}) if profile is None else profile.aliases | {study}
    records = list(_records(store, names, as_known_at))
    cases = [
        CaseContent(case.case_id, case.state, case.events, case.synthetic)
        for case in study_cases(store, names, as_known_at=as_known_at)
    ]
    if not records and not cases:
        known = ", ".join(study_names(store)) or "none"
        raise NoStudyError(f"nothing is stored of study {study}; there are subjects of: {known}")
    product = knowledge.product
    drugs = sorted({r.data["drug"] for r in records if r.kind == "pv.exposure.recorded.v1"})
    ours = bool(drugs) and all(product.is_named_in([drug]) for drug in drugs)
    frame = Frame(
        study_id=study if profile is None else profile.study_id,
        title=f"Study {study}" if profile is None else profile.title,
        product=product.name if ours else ", ".join(drugs) or "not recorded",
        planned_daily=float(max(product.plausible_daily_mg)) if ours else None,
        known_at=as_known_at,
        lock=lock,
    )
    return read_study(frame, records, cases)


def _records(
    store: SqlStore, names: frozenset[str], as_known_at: datetime | None
) -> Iterator[Record]:
    for name in sorted(names):
        for row in subject_records(store, name, as_known_at=as_known_at):
            yield Record(row.subject, row.kind, row.record_id, row.data, row.synthetic)
