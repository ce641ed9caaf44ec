"""Cases: their heads, their versions, and one row an event and a pair of drug and event."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from safety.store.columns import TOKEN, Json, Told
from safety.store.tables.base import VOLATILE, metadata, recorded_at

# The head of each case. `messages` guards it: a writer who folded fewer is refused.
cases = Table(
    "cases",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("status", TOKEN, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("chain", TOKEN, nullable=False, info=VOLATILE),
    Column("synthetic", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id"),
)

case_versions = Table(
    "case_versions",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", TOKEN, nullable=False),
    Column("caused_by", Told, nullable=False),
    Column("received", Date),  # the first day on which anybody of the company knew of the case
    recorded_at(),
    Column("knowledge", TOKEN, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("previous_chain", TOKEN, nullable=False, info=VOLATILE),
    Column("chain", TOKEN, nullable=False, info=VOLATILE),
    Column("state", Json, nullable=False),
    Column("changes", Json, nullable=False),
    Column("findings", Json, nullable=False),
    Column("trace", Json, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id", "version"),
    info={"append_only": True},
)

# One row a reaction of a case version, as the pipeline flattens it.
case_events = Table(
    "case_events",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("reaction", Told, nullable=False),
    Column("study", Told),
    Column("subject", Told),
    Column("context", TOKEN, nullable=False),
    Column("verbatim", Told),
    Column("term", Told),
    Column("code", Told),
    Column("soc", Told),
    Column("coding_method", TOKEN, nullable=False),
    Column("coding_score", Double),
    Column("dictionary", Told),
    Column("grade", Integer),
    Column("ctcae", Told),
    Column("grade_reported", Integer),
    Column("grade_computed", Integer),
    Column("grade_confirmed", Integer),
    Column("grade_proposed", Integer),
    Column("serious", Boolean),
    Column("criteria", TOKEN, nullable=False),
    Column("fatal", Boolean),
    Column("life_threatening", Boolean),
    Column("related", Boolean),
    Column("related_reporter", Boolean),
    Column("related_sponsor", Boolean),
    Column("expected_eu", Boolean),
    Column("expected_us", Boolean),
    Column("expected_cn", Boolean),
    Column("expected_ch", Boolean),
    Column("onset", Told),
    Column("ended", Told),
    Column("outcome", Told),
    Column("country", Told),
    PrimaryKeyConstraint("case_id", "version", "reaction"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "term", "case_id", "version"),
    Index(None, "study", "subject"),
    info={"append_only": True},
)

# One row a drug and reaction of a case version.
drug_event_pairs = Table(
    "drug_event_pairs",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("drug", Told, nullable=False),
    Column("reaction", Told, nullable=False),
    Column("drug_name", Told),
    Column("role", Told),
    Column("ours", Boolean, nullable=False),
    Column("blinded", Boolean),
    Column("action_taken", Told),
    Column("rechallenge", Told),
    Column("onset_days_least", Integer),  # from the first dose
    Column("onset_days_most", Integer),
    Column("last_dose_days_least", Integer),  # from the last dose before it; 0 while it was taken
    Column("last_dose_days_most", Integer),
    Column("dose_at_onset_mg", Told),  # a day; "400-800" where the dates leave both
    Column("dechallenge", Told),
    Column("rechallenge_derived", Told),
    Column("causality_proposed", Told),
    Column("term", Told),
    PrimaryKeyConstraint("case_id", "version", "drug", "reaction"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "drug_name", "term"),
    info={"append_only": True},
)
