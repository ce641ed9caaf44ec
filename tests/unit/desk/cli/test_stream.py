"""`publish`, `consume` and `topics`, with a broker of the tests' own."""

import orjson
import pytest

from consumers.embedded_broker import EmbeddedBroker
from schemas.topics import TOPICS
from tests.unit.desk.cli.conftest import FOLLOW_UP, INITIAL, Call


class TestListTopics:
    def test_lists_the_registry(self, call: Call) -> None:
        listed = call("topics", "list", "--json").json

        assert [each["topic"] for each in listed] == [topic.name for topic in TOPICS]


class TestPublishFiles:
    def test_an_unknown_topic_is_wrong_usage(self, call: Call) -> None:
        shown = call("publish", "--topic", "pv.gossip", INITIAL)

        assert shown.code == 2
        assert "safety topics list" in shown.err


@pytest.mark.kafka
class TestConsume:
    def test_reads_what_was_published_and_counts_it(
        self, work: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAFETY_SESSION_TIMEOUT_MS", "6000")
        monkeypatch.setenv("SAFETY_HEARTBEAT_INTERVAL_MS", "500")
        with EmbeddedBroker() as broker:  # of its own: the topics have fixed names
            on_broker = ("--broker", broker.bootstrap)
            assert "created" in work(*on_broker, "topics", "create", "--partitions", "2").out
            assert "was there already" in work(*on_broker, "topics", "create").out
            sent = work(*on_broker, "publish", INITIAL, FOLLOW_UP, "--json")
            assert sent.json == {"files": 2, "records": {"pv.adverse-events": 2}}

            shown = work(*on_broker, "consume", "--until-end")
            again = work(*on_broker, "consume", "--until-end")

        assert shown.code == 0
        assert "Read 2 records with 2 messages: 2 accepted, 0 repeated, 0 quarantined." in shown.out
        assert "Read 0 records" in again.out
        (case,) = work("case", "list", "--json").json
        assert case["version"] == 2

        lines = [orjson.loads(line) for line in shown.err.splitlines()]
        assert [line["event"] for line in lines][-1] == "consumer ended"
        assert "pulmonary" not in shown.err
