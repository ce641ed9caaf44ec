"""What people teach the dictionary decides later messages, and earlier ones stay as they were."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consumers.backfill import process_records
from consumers.handlers import Record
from consumers.learned import NotLearnableError, learn
from consumers.replay import Difference, replay
from consumers.two_cases import propose_merge
from safety.store import SqlStore, migrate, open_store
from safety.store.queries import load_version, uncoded_verbatims
from tests.support.decisions import knowledge
from tests.support.duplicates import EDC, decided, reported

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
WORDS = "血栓堵了肺"  # no name of the open dictionary is near it
TERM = "Thromboembolic event"


def told(name: str, number: str, **changes: object) -> Record:
    """Give a report whose reaction is told in these words."""
    reaction = {"reaction_id": "r1", "term": {"text": WORDS, "language": "zh"}}
    case = {"case": {"sender": "EDC", "sender_case_id": number}}
    return reported(name, case, reactions=[reaction], **changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    with closing(open_store(url)) as opened:
        yield opened


def process(store: SqlStore, *records: Record) -> None:
    process_records(records, store, knowledge(), batch_records=1)


def term_of(store: SqlStore, case_id: str) -> str | None:
    version = load_version(store, case_id)
    assert version is not None
    term: str | None = version.events[0]["term"]
    return term


def differences(store: SqlStore) -> list[Difference]:
    found: list[Difference] = []
    replay(store, knowledge(), on_difference=found.append)
    return found


def teach(store: SqlStore, text: str, term: str | None) -> None:
    learn(store, knowledge().dictionary, text, term, by="reviewer-1", reason="means it", now=NOW)


class TestLearn:
    def test_decides_later_messages_and_leaves_earlier_versions(self, store: SqlStore) -> None:
        process(store, told("a", "1"))
        teach(store, WORDS, TERM)
        process(store, told("b", "2"))

        assert term_of(store, "EDC:1") is None
        assert term_of(store, "EDC:2") == TERM

    def test_is_part_of_the_knowledge_that_a_version_names(self, store: SqlStore) -> None:
        process(store, told("a", "1"))
        teach(store, WORDS, TERM)
        process(store, told("b", "2"))

        one, two = (load_version(store, f"EDC:{number}") for number in (1, 2))
        assert one is not None
        assert two is not None
        assert one.knowledge == knowledge().digest != two.knowledge

    def test_a_replay_decides_each_message_with_what_was_known_then(self, store: SqlStore) -> None:
        process(store, told("a", "1"), told("b", "2"))
        teach(store, WORDS, TERM)
        later = {"kind": "follow_up", "most_recent_information": "2026-03-09"}
        process(store, told("c", "1", **later), told("d", "3"))
        teach(store, WORDS, None)
        process(store, told("e", "3", **later), told("f", "4"))

        assert [term_of(store, f"EDC:{number}") for number in (1, 2, 3, 4)] == [
            TERM,
            None,
            None,
            None,
        ]
        assert differences(store) == []

    def test_folded_words_are_the_same_words(self, store: SqlStore) -> None:
        teach(store, "clot in the LUNGS!!", TERM)
        reaction = [{"reaction_id": "r1", "term": {"text": "Clot in the lungs"}}]
        process(store, reported("a", reactions=reaction))

        assert term_of(store, EDC) == TERM

    @pytest.mark.parametrize(
        ("text", "term"),
        [("!!", TERM), (WORDS, "No such term"), ("Diarrhea", TERM), (WORDS, None)],
        ids=["no word", "no term", "the name of another term", "never learned"],
    )
    def test_what_makes_no_sense_is_refused(
        self, text: str, term: str | None, store: SqlStore
    ) -> None:
        with pytest.raises(NotLearnableError):
            teach(store, text, term)


class TestRecodeAndRemember:
    def test_the_words_of_the_reaction_stand_for_the_term_from_then_on(
        self, store: SqlStore
    ) -> None:
        action = {"kind": "recode", "reaction_id": "r1", "term": TERM, "remember": True}
        process(store, told("a", "1"), decided("d", "EDC:1", action), told("b", "2"))

        with store.transaction() as transaction:
            [entry] = transaction.learned(after=0)
        assert (entry.text, entry.term, entry.by, entry.case_id) == (
            WORDS,
            TERM,
            "reviewer-1",
            "EDC:1",
        )
        assert term_of(store, "EDC:2") == TERM
        assert differences(store) == []

    def test_a_coding_that_is_not_to_be_remembered_teaches_nothing(self, store: SqlStore) -> None:
        action = {"kind": "recode", "reaction_id": "r1", "term": TERM}
        process(store, told("a", "1"), decided("d", "EDC:1", action))

        with store.transaction() as transaction:
            assert transaction.learned(after=0) == ()


class TestUncodedVerbatims:
    def test_are_those_of_the_newest_versions_the_commonest_first(self, store: SqlStore) -> None:
        other = [{"reaction_id": "r1", "term": {"text": "something nobody coded"}}]
        third = {"case": {"sender": "EDC", "sender_case_id": "3"}}
        process(store, told("a", "1"), told("b", "2"), reported("c", third, reactions=other))

        assert [(each.verbatim, each.count) for each in uncoded_verbatims(store)] == [
            (WORDS, 2),
            ("something nobody coded", 1),
        ]


class TestProposeMerge:
    def test_matches_reactions_by_what_was_taught(self, store: SqlStore) -> None:
        known = [{"reaction_id": "x1", "term": {"text": TERM, "language": "en"}}]
        case = {"case": {"sender": "HOSPITAL", "sender_case_id": "9"}}
        process(store, told("a", "1"), reported("b", case, reactions=known))
        before = propose_merge(store, knowledge(), "EDC:1", "HOSPITAL:9")
        teach(store, WORDS, TERM)

        after = propose_merge(store, knowledge(), "EDC:1", "HOSPITAL:9")

        same = {"family": "reactions", "here": "r1", "there": "x1"}
        assert same not in before
        assert same in after
