"""Documents from the stored history of a case."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from consumers import documents
from consumers.backfill import process_records
from consumers.documents import narrate, steps_of
from consumers.input_files import read_records
from safety.errors import InvariantError
from safety.knowledge import Knowledge, load_knowledge
from safety.store import SqlStore, migrate, open_store
from safety.store.queries import case_messages, versions_of
from safety.versions import Version

EXAMPLES = Path(str(files("schemas"))) / "examples"
CASE = "SECURE-EDC:16621-03-012-AE04"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def store(tmp_path: Path, knowledge: Knowledge) -> Iterator[SqlStore]:
    """A store with a first report and its follow-up."""
    url = f"sqlite:///{tmp_path}/documents.db"
    migrate(url)
    opened = open_store(url)
    paths = [EXAMPLES / f"adverse-event.{name}.json" for name in ("initial", "follow-up")]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    process_records(read_records(paths), opened, knowledge, clock=lambda: now)
    yield opened
    opened.close()


@pytest.fixture
def versions(store: SqlStore) -> tuple[Version, ...]:
    return tuple(versions_of(store, CASE))


class TestStepsOf:
    def test_gives_the_history_as_it_stood_at_that_version(
        self, store: SqlStore, versions: tuple[Version, ...], knowledge: Knowledge
    ) -> None:
        first, second = (steps_of(store, version, knowledge) for version in versions)

        assert [step.report.kind for step in first] == ["initial"]
        assert [step.report.kind for step in second] == ["initial", "follow_up"]

    def test_a_version_that_the_log_does_not_lead_to_is_not_invented(
        self,
        store: SqlStore,
        versions: tuple[Version, ...],
        knowledge: Knowledge,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        log = case_messages(store, CASE)
        monkeypatch.setattr(documents, "case_messages", lambda *_: log[:1])

        with pytest.raises(InvariantError, match="safety replay"):
            steps_of(store, versions[1], knowledge)


class TestNarrate:
    def test_a_narrative_that_fails_its_check_is_not_given_out(
        self,
        store: SqlStore,
        versions: tuple[Version, ...],
        knowledge: Knowledge,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(documents, "validate_narrative", lambda *_: ["a sentence"])

        with pytest.raises(InvariantError, match="does not stand up to its check"):
            narrate(store, versions[0], knowledge)

    def test_names_the_knowledge_it_rests_on(
        self, store: SqlStore, versions: tuple[Version, ...], knowledge: Knowledge
    ) -> None:
        assert narrate(store, versions[0], knowledge).knowledge == knowledge.digest
