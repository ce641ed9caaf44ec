"""How far is the consumer behind the broker? Asked by whoever looks, not by the consumer itself."""

from collections.abc import Mapping

from kafka import TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError

from consumers.settings import Settings
from consumers.wiring import build_admin
from safety.errors import BrokerUnavailableError
from safety.store.model import Partition
from schemas.topics import INCOMING

ANSWER_MS = 3_000


def ask_ends(settings: Settings) -> Mapping[Partition, int]:
    """
    Ask the broker where the records of every partition that we read end.

    Raises:
        BrokerUnavailableError: It does not say.
    """
    admin = build_admin(settings)
    wanted = {topic.name for topic in INCOMING}
    try:
        found = admin.describe_topics(sorted(wanted & set(admin.list_topics())))
        partitions = [
            TopicPartition(topic["name"], each["partition_index"])
            for topic in found
            for each in topic["partitions"]
        ]
        ends = admin.list_partition_offsets(
            dict.fromkeys(partitions, OffsetSpec.LATEST), timeout_ms=ANSWER_MS
        )
    except KafkaError as error:
        raise BrokerUnavailableError(
            f"the broker does not say where its partitions end ({type(error).__name__})"
        ) from error
    finally:
        admin.close()
    return {(each.topic, each.partition): told.offset for each, told in ends.items()}
