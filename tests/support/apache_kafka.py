"""
Apache Kafka itself, in KRaft mode on the loopback: one node, or three that can be killed.

The jars come from KAFKA_HOME or from where `make test-kafka` puts them. Every node is broker and
controller, keeps its log in a folder of its own, and finds it again when it is started anew.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient

from consumers.embedded_broker import HOST, find_free_port, watch_for_our_death

FETCHED = Path(__file__).parents[2] / "var/kafka/libs"
START_S = 60.0
MOST_BYTES = 64 * 1024 * 1024  # as in production: our own limits refuse what is too large
JAVA = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"


def jars() -> Path | None:
    """The folder with Apache Kafka's jars, if there is one."""
    home = os.environ.get("KAFKA_HOME")
    folder = Path(home) / "libs" if home else FETCHED
    return folder if any(folder.glob("kafka_*.jar")) else None


def needs_apache_kafka() -> Path:
    """Give the folder with the jars; skips the test where Apache Kafka or Java is absent."""
    folder = jars()
    if folder is None or shutil.which("java") is None:
        pytest.skip("needs Java and Apache Kafka: make test-kafka fetches it")
    return folder


@dataclass(frozen=True, slots=True)
class Secured:
    """
    A second listener of a single node, for TLS and SASL/SCRAM; tests look on through the first.

    Attributes:
        identity: The node's key and certificate, in PEM.
        user: Who may connect.
        password: With what.
    """

    identity: Path
    user: str
    password: str
    port: int = field(default_factory=find_free_port)

    @property
    def bootstrap(self) -> str:
        """Where it listens."""
        return f"{HOST}:{self.port}"

    def properties(self) -> dict[str, object]:
        """What the node has to be told."""
        scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        return {
            "listener.security.protocol.map": (
                "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL"
            ),
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": scram,
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": self.identity,
        }


class ApacheKafka:
    """
    A cluster for as long as the `with` block lasts.

    Args:
        folder: Where its logs lie; its own.

        nodes: One or three.

        secured: Who may connect, and with which certificate; else anybody, in the clear.
    """

    def __init__(self, folder: Path, nodes: int = 1, secured: Secured | None = None) -> None:
        self._secured = secured
        self._jars = needs_apache_kafka()
        self._folder = folder
        self._ports = {node: (find_free_port(), find_free_port()) for node in range(1, nodes + 1)}
        self._running: dict[int, tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]] = {}

    def __enter__(self) -> Self:
        cluster = uuid4().hex[:22]
        try:
            for node in self._ports:
                self._format(node, cluster)
            for node in self._ports:
                self._spawn(node)
            for node in self._ports:
                self._wait(node)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def bootstrap(self) -> str:
        """All nodes, as `host:port,host:port`."""
        return ",".join(f"{HOST}:{port}" for port, _ in self._ports.values())

    def create_topics(self, names: Iterable[str], partitions: int) -> None:
        """Create topics with a replica on every node and wait until each partition has a leader."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        copies = len(self._ports)
        try:
            admin.create_topics(
                {
                    name: {"num_partitions": partitions, "replication_factor": copies}
                    for name in names
                },
                wait_for_metadata=True,
            )
        finally:
            admin.close()

    def leader(self, topic: str, partition: int) -> int:
        """The node that leads a partition."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            (told,) = admin.describe_topics([topic])
            found: int = next(
                each["leader_id"]
                for each in told["partitions"]
                if each["partition_index"] == partition
            )
            return found
        finally:
            admin.close()

    def start(self, node: int) -> None:
        """Start a node that was killed, with the log it has, and wait until it answers."""
        self._spawn(node)
        self._wait(node)

    def kill(self, node: int) -> None:
        """Kill a node with SIGKILL."""
        broker, watcher = self._running.pop(node)
        broker.kill()
        broker.wait()
        watcher.kill()
        watcher.communicate()

    def stop(self) -> None:
        """Kill all nodes: nothing of them is kept."""
        for node in list(self._running):
            self.kill(node)

    def _format(self, node: int, cluster: str) -> None:
        self._settings(node).parent.mkdir(parents=True)
        self._settings(node).write_text(self._properties(node))
        format_log = [*self._java("kafka.tools.StorageTool"), "format", "-t", cluster, "-c"]
        format_log.append(str(self._settings(node)))
        if (who := self._secured) is not None:
            known = f"SCRAM-SHA-512=[name={who.user},password={who.password}]"
            format_log += ["--add-scram", known]
        subprocess.run(format_log, check=True, capture_output=True)

    def _spawn(self, node: int) -> None:
        with (self._folder / str(node) / "printed").open("ab") as printed:
            broker = subprocess.Popen(
                [*self._java("kafka.Kafka"), str(self._settings(node))],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running[node] = broker, watch_for_our_death(broker.pid)

    def _wait(self, node: int) -> None:
        until = time.monotonic() + START_S
        port, _ = self._ports[node]
        while time.monotonic() < until and self._running[node][0].poll() is None:
            try:
                socket.create_connection((HOST, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        printed = (self._folder / str(node) / "printed").read_text(errors="replace")[-2000:]
        pytest.fail(f"node {node} of Apache Kafka did not start; it printed: {printed}")

    def _settings(self, node: int) -> Path:
        return self._folder / str(node) / "server.properties"

    def _java(self, main: str) -> list[str]:
        return ["java", *JAVA, QUIET, "-cp", f"{self._jars}/*", main]

    def _properties(self, node: int) -> str:
        port, controller = self._ports[node]
        voters = ",".join(f"{n}@{HOST}:{own}" for n, (_, own) in self._ports.items())
        copies = len(self._ports)
        own = f"PLAINTEXT://{HOST}:{port}"
        if self._secured is not None:
            own += f",SASL_SSL://{self._secured.bootstrap}"
        settings: dict[str, object] = {
            "process.roles": "broker,controller",
            "node.id": node,
            "controller.quorum.voters": voters,
            "controller.listener.names": "CONTROLLER",
            "listeners": f"{own},CONTROLLER://{HOST}:{controller}",
            "advertised.listeners": own,
            "log.dirs": self._folder / str(node) / "log",
            "auto.create.topics.enable": "false",
            "message.max.bytes": MOST_BYTES,
            "replica.fetch.max.bytes": MOST_BYTES,
            "min.insync.replicas": 2 if copies > 1 else 1,
            "offsets.topic.replication.factor": copies,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 500,  # the tests' sessions are short
            "broker.session.timeout.ms": 3_000,  # a killed leader is missed soon
            "broker.heartbeat.interval.ms": 500,
        }
        if self._secured is not None:
            settings |= self._secured.properties()
        return "".join(f"{name}={value}\n" for name, value in settings.items())
