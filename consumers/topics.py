"""Create on a broker the topics of the registry, and leave alone those it has."""

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from safety.errors import BrokerUnavailableError
from schemas.topics import TOPICS


def create_missing_topics(
    admin: KafkaAdminClient, *, partitions: int | None = None, replicas: int = -1
) -> tuple[list[str], list[str]]:
    """
    Create the topics that are not there yet.

    Args:
        admin: The caller closes it.

        partitions: For each of them; the registry's number unless given.

        replicas: Copies of each partition; -1 leaves it to the broker.

    Returns:
        Names of the topics created, and of those that were there already.

    Raises:
        BrokerUnavailableError: The broker did not create them.
    """
    try:
        there = set(admin.list_topics())
        missing = {
            topic.name: {
                "num_partitions": partitions or topic.partitions,
                "replication_factor": replicas,
            }
            for topic in TOPICS
            if topic.name not in there
        }
        if missing:
            admin.create_topics(missing, wait_for_metadata=True)
    except KafkaError as error:
        raise BrokerUnavailableError(
            f"the broker did not create the topics ({type(error).__name__}); check that it runs and"
            " that this user may create topics"
        ) from error
    return list(missing), [topic.name for topic in TOPICS if topic.name in there]
