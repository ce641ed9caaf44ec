"""
The network between a client and a server, to be cut, made slow, or to lose what is answered.

A proxy on the loopback that only passes bytes on. What it stands before is asked for with each
connection, because a broker that is started anew has another port.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from functools import partial
from select import select
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
CHUNK = 65_536
LOOK_S = 0.02

Connect = Callable[[], socket.socket]


class Network(Enum):
    """How the network is."""

    WELL = "well"
    CUT = "cut"  # what is open breaks, nothing new gets through
    DEAF = "deaf"  # what we say arrives, what is answered does not


class Proxy:
    """
    Passes on what it gets, for as long as the `with` block lasts.

    Args:
        connect: Connects to the server.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._network = Network.WELL
        self._delay_s = 0.0
        self._asked: bytes | None = None
        self._broken = 0  # how often all connections were broken
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server((HOST, 0))
        self._listening.settimeout(LOOK_S)
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def cut(self) -> None:
        """Break all connections; from now on none comes about."""
        self._network = Network.CUT
        self._broken += 1

    def lose_answers(self) -> None:
        """Let through what is asked, and nothing of what is answered."""
        self._network = Network.DEAF

    def lose_answer_to(self, asked: bytes) -> None:
        """Let through what is asked next with these bytes, and nothing of what is answered then."""
        self._asked = asked

    @property
    def is_deaf(self) -> bool:
        """Answers are being lost."""
        return self._network is Network.DEAF

    def slow_down(self, seconds: float) -> None:
        """Hold back every piece, in both directions, for so long."""
        self._delay_s = seconds

    def mend(self) -> None:
        """Let everything through again; who waits for an answer that was lost is cut off."""
        if self._network is Network.DEAF:
            self._broken += 1
        self._network, self._delay_s = Network.WELL, 0.0

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ending.is_set():
            with suppress(OSError):  # a time-out too: nobody came
                client, _ = self._listening.accept()
                client.settimeout(None)
                self._run(partial(self._serve, client))

    def _serve(self, client: socket.socket) -> None:
        begun = self._broken
        with client, suppress(OSError):
            if self._network is Network.CUT:
                return
            with self._connect() as server:
                while not self._ending.is_set() and self._broken == begun:
                    ready, _, _ = select([client, server], [], [], LOOK_S)
                    if not all(self._pass(each, client, server) for each in ready):
                        return

    def _pass(self, source: socket.socket, client: socket.socket, server: socket.socket) -> bool:
        """Pass a piece on; False if its sender has gone."""
        data = source.recv(CHUNK)
        if self._delay_s:
            time.sleep(self._delay_s)
        if source is client:
            if self._asked is not None and self._asked in data:
                self._network, self._asked = Network.DEAF, None
            server.sendall(data)
        elif self._network is not Network.DEAF:
            client.sendall(data)
        return bool(data)
