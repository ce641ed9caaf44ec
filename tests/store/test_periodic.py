"""
Reports of a period, on histories of cases that came, changed and went at any time.

The law: what was counted at the previous lock, the interval and the late changes make what is
counted now, and a report as known at an instant never changes afterwards.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from consumers.periodic_report import derive_period, load_counts
from reports.periodic import Counts, Period
from reports.periodic.classify import SOLICITED_SERIOUS, SPONTANEOUS_OTHER, SPONTANEOUS_SERIOUS
from safety.case import Report
from safety.intake import read_report
from safety.pipeline import LiveCase, advance, begin
from safety.store import SqlStore, open_store
from safety.store.model import Batch, CaseHead
from safety.store.periodic import cases_of_period
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from tests.support.decisions import knowledge
from tests.support.stories import logged

START, LOCK = date(2026, 2, 1), date(2026, 2, 28)
TERMS = ("Diarrhoea", "Rash", "Nausea")


def at(day: int, hour: int = 12) -> datetime:
    """An instant, so many days after New Year 2026."""
    return datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=day)


@dataclass(frozen=True)
class Entry:
    """One message: when it was received, how many days later it was stored, what it says."""

    case: int
    day: int
    delay: int
    term: int = 0
    serious: bool = False
    study: bool = False
    trial: Mapping[str, Any] | None = None  # the suspect drug of a trial
    void: bool = False


@dataclass
class History:
    """A store to which messages come in the order in which they are stored."""

    store: SqlStore
    live: dict[str, LiveCase] = field(default_factory=dict)
    messages: int = 0

    def tell(self, *entries: Entry) -> None:
        """Store entries by the instant at which they are stored."""
        for entry in sorted(entries, key=lambda each: (each.day + each.delay, each.case)):
            self._store(entry)

    def _store(self, entry: Entry) -> None:
        self.messages += 1
        case_id, now = f"EDC:C{entry.case}", at(entry.day + entry.delay)
        report = _report(entry, f"test m{self.messages:04d}")
        before = self.live.get(case_id) or begin(case_id)
        outcome = advance(before, report, knowledge(), now=now)
        self.live[case_id] = after = outcome.case
        batch = Batch(messages=[logged(report.message, case_id, now=now)])
        if outcome.version is not None:
            batch.versions.append(outcome.version)
            batch.created += [(outcome.version.version, duty) for duty in outcome.created]
            batch.superseded += [
                (case_id, outcome.version.version, end) for end in outcome.superseded
            ]
        status = outcome.version.status if outcome.version else "valid"
        head = CaseHead(
            case_id,
            after.version,
            len(after.steps),
            "nullified" if after.case.state.nullified else status,
            after.digest,
            after.chain,
            synthetic=False,
            obligations=after.obligations,
        )
        batch.heads[case_id] = (len(before.steps), head)
        with self.store.transaction() as transaction:
            transaction.save(batch, now=now)

    def counts(
        self, *, known_at: datetime | None = None, earlier: datetime | None = None
    ) -> Counts:
        """Count February."""
        period = derive_period(self.store, START, LOCK, known_at=known_at, earlier=earlier)
        return load_counts(self.store, period)


def _report(entry: Entry, message: str) -> Report:
    day = at(entry.day).date().isoformat()
    head: dict[str, Any] = {
        "case": {"sender": "EDC", "sender_case_id": f"C{entry.case}"},
        "received_at": at(entry.day).isoformat(),
        "office_zone": "UTC",
        "most_recent_information": day,
    }
    if entry.void:
        said = {**head, "reason": "duplicate", "explanation": "told twice"}
        return read_report(message, Nullification.model_validate(said, strict=False))
    said = {
        **head,
        "kind": "follow_up",
        "report_type": "study" if entry.study else "spontaneous",
        "reporters": [{"reporter_id": "1", "qualification": "physician", "country": "CN"}],
        "patient": {"initials": "AB", "sex": "male"},
        "drugs": [{"drug_id": "D1", "role": "suspect", "name": "sorafenib"}],
        "reactions": [
            {
                "reaction_id": "R1",
                "term": {"text": TERMS[entry.term]},
                "seriousness": {"hospitalisation": True if entry.serious else {"null": "NI"}},
            }
        ],
    }
    if entry.trial is not None:
        said["study"] = {
            "study_id": "T-1",
            "study_type": "clinical_trial",
            "subject_id": "S1",
            "products": ["sorafenib"],
        }
        said["report_type"] = "study"
        said["drugs"] = [{"drug_id": "D1", "role": "suspect", **entry.trial}]
    if entry.study:
        said["study"] = {"study_id": "NCT01751763", "subject_id": f"S{entry.case}"}
    return read_report(message, AdverseEventReport.model_validate(said, strict=False))


def totals(counts: Counts, column: str) -> tuple[int, int, int, int]:
    """Previous, interval, late and new count of a column."""
    tally = counts.tallies[column]
    parts = (tally.before, tally.interval, tally.late, tally.now)
    before, interval, late, now = (sum(each.values()) for each in parts)
    return before, interval, late, now


@pytest.fixture
def history(sql_store: SqlStore) -> History:
    return History(sql_store)


class TestCounting:
    def test_a_reaction_counts_in_the_period_in_which_its_case_became_known(
        self, history: History
    ) -> None:
        # 5 January before, 10 and 27 February within, 1 March after the lock
        history.tell(
            Entry(1, 4, 0), Entry(2, 40, 0, serious=True), Entry(3, 57, 0), Entry(4, 59, 0)
        )
        counts = history.counts()

        assert totals(counts, SPONTANEOUS_OTHER) == (1, 1, 0, 2)
        assert totals(counts, SPONTANEOUS_SERIOUS) == (0, 1, 0, 1)

    def test_of_a_study_only_serious_reactions_count(self, history: History) -> None:
        history.tell(Entry(1, 40, 0, study=True), Entry(2, 41, 0, study=True, serious=True))

        assert totals(history.counts(), SOLICITED_SERIOUS) == (0, 1, 0, 1)

    @pytest.mark.parametrize(
        ("drug", "column"),
        [
            ({"name": "sorafenib"}, "trial_product"),
            ({"name": "sorafenib", "blinded": False}, "trial_product"),
            ({"name": "sorafenib", "blinded": True}, "trial_blinded"),
            ({"name": "study drug", "blinded": True}, "trial_blinded"),
            ({"name": "Placebo matching sorafenib"}, "trial_placebo"),
            ({"name": "lenvatinib"}, "trial_other"),
        ],
    )
    def test_a_serious_event_of_a_trial_counts_under_what_was_suspected(
        self, history: History, drug: Mapping[str, Any], column: str
    ) -> None:
        history.tell(Entry(1, 40, 0, serious=True, trial=drug))
        counts = history.counts()

        told = {name: totals(counts, name)[3] for name in counts.tallies}
        assert told == {name: int(name == column) for name in counts.tallies}

    @pytest.mark.parametrize(
        ("later", "column", "expected", "reason"),
        [
            (
                Entry(1, 45, 0, serious=True),
                SPONTANEOUS_SERIOUS,
                (0, 0, 1, 1),
                "seriousness changed",
            ),
            (
                Entry(1, 45, 0, serious=True),
                SPONTANEOUS_OTHER,
                (1, 0, -1, 0),
                "seriousness changed",
            ),
            (Entry(1, 45, 0, term=1), SPONTANEOUS_OTHER, (1, 0, 0, 1), "term changed"),
            (Entry(1, 45, 0, void=True), SPONTANEOUS_OTHER, (1, 0, -1, 0), "nullified"),
            (Entry(2, 5, 50), SPONTANEOUS_OTHER, (1, 0, 1, 2), "entered after the previous lock"),
        ],
    )
    def test_what_changed_late_is_explained(
        self,
        history: History,
        later: Entry,
        column: str,
        expected: tuple[int, int, int, int],
        reason: str,
    ) -> None:
        history.tell(Entry(1, 4, 0), later)
        counts = history.counts()

        assert totals(counts, column) == expected
        assert {change.reason for change in counts.late} == {reason}

    def test_an_empty_store_gives_an_empty_report(self, history: History) -> None:
        counts = history.counts()

        assert all(not tally.now for tally in counts.tallies.values())

    def test_without_an_earlier_store_the_previous_count_is_that_of_today(
        self, history: History
    ) -> None:
        history.tell(Entry(1, 4, 100), Entry(2, 40, 64))
        period = derive_period(history.store, START, LOCK)

        assert period.earlier is None
        assert totals(history.counts(), SPONTANEOUS_OTHER) == (1, 1, 0, 2)

    def test_cases_of_the_period_come_by_class_and_term_of_the_gravest(
        self, history: History
    ) -> None:
        history.tell(Entry(1, 40, 0, term=1), Entry(2, 41, 0, term=0), Entry(3, 10, 0))

        found = [c.case_id for c in cases_of_period(history.store, start=START, lock=LOCK)]
        assert found == ["EDC:C2", "EDC:C1"]  # gastrointestinal before skin


ENTRIES = st.lists(
    st.builds(
        Entry,
        case=st.integers(1, 4),
        day=st.integers(0, 75),
        delay=st.sampled_from([0, 0, 0, 1, 20, 40]),
        term=st.integers(0, 2),
        serious=st.booleans(),
        study=st.sampled_from([False, False, True]),
        void=st.sampled_from([False, False, False, False, True]),
    ),
    min_size=1,
    max_size=8,
)


class TestLaws:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    @given(entries=ENTRIES, cut=st.integers(0, 90))
    def test_a_report_as_known_then_stays_what_it_was_and_adds_up(
        self,
        sqlite_template: Path,
        tmp_path_factory: pytest.TempPathFactory,
        entries: list[Entry],
        cut: int,
    ) -> None:
        url = f"sqlite:///{tmp_path_factory.mktemp('history') / 'safety.db'}"
        copy(sqlite_template, str(make_url(url).database))
        store = open_store(url)
        known = at(cut, hour=18)
        early = [each for each in entries if at(each.day + each.delay) <= known]
        late = [each for each in entries if at(each.day + each.delay) > known]
        history = History(store)
        try:
            history.tell(*early)
            then = history.counts()  # adds up, or it raises
            history.tell(*late)

            assert history.counts(known_at=known).tallies == then.tallies
            now = history.counts()
            assert all(Counter(tally.now) >= Counter() for tally in now.tallies.values())
            previous = _now_of(history, datetime(2026, 2, 1, tzinfo=UTC))
            if derive_period(store, START, LOCK).earlier is not None:
                for column, tally in now.tallies.items():
                    assert tally.before == previous[column]
        finally:
            store.close()


def _now_of(history: History, instant: datetime) -> dict[str, Any]:
    """What a report of January, made at an instant, gave as its cumulative counts."""
    period = Period(date(2026, 1, 1), date(2026, 1, 31), instant, None)
    counts = load_counts(history.store, period)
    return {column: tally.now for column, tally in counts.tallies.items()}
