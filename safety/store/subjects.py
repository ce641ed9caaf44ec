"""What do the study records of subjects say? As the desk, the reports and the replay ask."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, FromClause, and_, select, tuple_

from safety.store import tables
from safety.store.bulk import keys_table
from safety.store.model import LoggedMessage, SubjectHead, SubjectKey
from safety.store.rows import (
    read_assessment,
    read_message,
    read_subject_head,
    read_subject_record,
)
from safety.store.sql import STREAMED, SqlStore
from safety.subjects import RELEVANT, Held, SubjectVersion, hold, read_fact

EMPTY: Held = {}


def subject_keys(store: SqlStore, *, study: str | None = None) -> Iterator[SubjectKey]:
    """All subjects, by study and subject."""
    held = tables.subjects.c
    after = ("", "")
    asked = select(held.study, held.subject).order_by(held.study, held.subject).limit(STREAMED)
    if study is not None:
        asked = asked.where(held.study == study)
    while True:
        later = asked.where(tuple_(held.study, held.subject) > tuple_(*after))
        with store.reading() as connection:
            found = [(row.study, row.subject) for row in connection.execute(later)]
        yield from found
        if len(found) < STREAMED:
            return
        after = found[-1]


def held_records(store: SqlStore, study: str, subject: str) -> Held:
    """Give the records of a subject that count, of the kinds that are assessed."""
    held = EMPTY
    records = tables.subject_records.c
    asked = select(tables.subject_records).where(
        records.study == study, records.subject == subject, records.kind.in_(RELEVANT)
    )
    with store.reading() as connection:
        for row in connection.execute(asked).mappings():
            told = read_subject_record(row)
            fact = read_fact(
                f"{told.source} {told.message_id}",
                kind=told.kind,
                record_id=told.record_id,
                order=told.order,
                data=told.data,
                synthetic=told.synthetic,
            )
            held = hold(held, fact) or held
    return held


def load_subject(store: SqlStore, study: str, subject: str) -> SubjectHead | None:
    """Give the head of a subject; None if nothing is known of it."""
    held = tables.subjects
    asked = select(held).where(held.c.study == study, held.c.subject == subject)
    with store.reading() as connection:
        row = connection.execute(asked).mappings().first()
    return None if row is None else read_subject_head(row)


def latest_assessments(
    store: SqlStore, *, study: str | None = None, liver: str | None = None
) -> Sequence[SubjectVersion]:
    """
    Give what the records of each subject say now, where they ever said anything.

    Args:
        store: Where to look.

        study: Only the subjects of this study.

        liver: Only those whose liver screen is so: met, undecided or none.
    """
    said, heads = tables.subject_assessments, tables.subjects
    newest = and_(
        said.c.study == heads.c.study,
        said.c.subject == heads.c.subject,
        said.c.version == heads.c.version,
    )
    asked = select(said).join(heads, newest).order_by(said.c.study, said.c.subject)
    if study is not None:
        asked = asked.where(said.c.study == study)
    if liver is not None:
        asked = asked.where(said.c.liver == liver)
    with store.reading() as connection:
        return [read_assessment(row) for row in connection.execute(asked).mappings()]


def assessments_of(
    connection: Connection, keys: Sequence[SubjectKey]
) -> Mapping[SubjectKey, Sequence[SubjectVersion]]:
    """Give all versions of some subjects, oldest first."""
    said = tables.subject_assessments
    given = _given(connection, keys)
    this = and_(said.c.study == given.c.study, said.c.subject == given.c.subject)
    asked = select(said).join(given, this).order_by(*said.primary_key)
    found: dict[SubjectKey, list[SubjectVersion]] = {}
    for row in connection.execute(asked).mappings():
        version = read_assessment(row)
        found.setdefault((version.study, version.subject), []).append(version)
    return found


def log_of_subjects(
    connection: Connection, keys: Sequence[SubjectKey]
) -> Mapping[SubjectKey, Sequence[LoggedMessage]]:
    """Give the messages of some subjects, in the order they were recorded."""
    records, log = tables.subject_records, tables.message_log
    given = _given(connection, keys)
    this = and_(records.c.study == given.c.study, records.c.subject == given.c.subject)
    same = and_(log.c.source == records.c.source, log.c.message_id == records.c.message_id)
    asked = (
        select(records.c.study.label("of_study"), records.c.subject.label("of_subject"), log)
        .select_from(records.join(given, this).join(log, same))
        .order_by(log.c.seq)
    )
    found: dict[SubjectKey, list[LoggedMessage]] = {}
    for row in connection.execute(asked).mappings():
        found.setdefault((row["of_study"], row["of_subject"]), []).append(read_message(row))
    return found


def _given(connection: Connection, keys: Sequence[SubjectKey]) -> FromClause:
    studies, subjects = zip(*keys, strict=True)
    return keys_table(connection, study=studies, subject=subjects)
