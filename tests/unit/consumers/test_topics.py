"""The topics of the registry on a broker."""

import pytest
from kafka import KafkaAdminClient
from kafka.errors import KafkaTimeoutError

from consumers.embedded_broker import EmbeddedBroker
from consumers.topics import create_missing_topics
from safety.errors import BrokerUnavailableError
from schemas.topics import TOPICS

NAMES = [topic.name for topic in TOPICS]


class TestCreateMissingTopics:
    @pytest.mark.kafka
    def test_creates_what_is_missing_and_leaves_the_rest(self) -> None:
        with EmbeddedBroker() as broker:  # of its own: the topics have fixed names
            broker.create_topics(["pv.alerts"], 1)
            admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)

            created, there = create_missing_topics(admin, partitions=3)
            described = {
                each["name"]: len(each["partitions"]) for each in admin.describe_topics(NAMES)
            }
            again = create_missing_topics(admin)
            admin.close()

        assert there == ["pv.alerts"]
        assert set(created) == set(NAMES) - {"pv.alerts"}
        assert described == dict.fromkeys(NAMES, 3) | {"pv.alerts": 1}
        assert again == ([], NAMES)

    def test_a_broker_that_refuses_is_named_with_what_to_do(self) -> None:
        class Refusing:
            def list_topics(self) -> list[str]:
                raise KafkaTimeoutError("no answer")

        with pytest.raises(BrokerUnavailableError, match="may create topics"):
            create_missing_topics(Refusing())
