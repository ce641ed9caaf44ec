"""
What is kept, table by table: the same on SQLite and PostgreSQL.

Nothing here is ever overwritten but the head of a case or of a chain, what is derived to find
duplicates, the state of a quarantined message, the mark that an outgoing message was sent,
and how far a partition is read.
Triggers of the database refuse to change or delete a row of any other table.

A column's `info` says what comparing two stores must know: `volatile` differs from
run to run (numbers the database gives, instants at which we stored, and the chain
that seals them); `origin` depends on the way a message came. A table may be `volatile` as a whole.
"""

from safety.store.tables.base import metadata
from safety.store.tables.case import case_events, case_versions, cases, drug_event_pairs
from safety.store.tables.duties import (
    acknowledgements,
    alert_deliveries,
    alerts,
    obligation_ends,
    obligations,
    submissions,
    transmissions,
)
from safety.store.tables.known import knowledge, learned_names
from safety.store.tables.messages import log_chains, message_log, outbox, quarantine, stream_offsets
from safety.store.tables.pairs import case_fingerprints, duplicate_keys, duplicate_pairs
from safety.store.tables.study import subject_assessments, subject_records, subjects
from safety.store.tables.views import (
    CREATE_CASE_VALIDITY,
    CREATE_STANDING_OBLIGATIONS,
    VIEWS,
    case_validity,
    standing_obligations,
)

__all__ = [
    "APPEND_ONLY",
    "CREATE_CASE_VALIDITY",
    "CREATE_STANDING_OBLIGATIONS",
    "VIEWS",
    "acknowledgements",
    "alert_deliveries",
    "alerts",
    "case_events",
    "case_fingerprints",
    "case_validity",
    "case_versions",
    "cases",
    "drug_event_pairs",
    "duplicate_keys",
    "duplicate_pairs",
    "knowledge",
    "learned_names",
    "log_chains",
    "message_log",
    "metadata",
    "obligation_ends",
    "obligations",
    "outbox",
    "quarantine",
    "standing_obligations",
    "stream_offsets",
    "subject_assessments",
    "subject_records",
    "subjects",
    "submissions",
    "transmissions",
]

APPEND_ONLY = tuple(table for table in metadata.sorted_tables if table.info.get("append_only"))
