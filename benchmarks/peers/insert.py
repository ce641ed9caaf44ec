"""
What the other stream processors do with a message: read its envelope, insert one row.

Runs in an environment of their own (`requirements/peers.txt`), so it imports nothing of the
product. The task is JSON on the command line, the figure JSON on the output.
"""

import json
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError

CREATE = """
CREATE TABLE IF NOT EXISTS arrived (
    source text, id text, type text NOT NULL, subject text NOT NULL, time timestamptz,
    payload bytea NOT NULL, PRIMARY KEY (source, id)
)"""
INSERT = "INSERT INTO arrived VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"


class Event(BaseModel):
    """A CloudEvents envelope; its data as they come."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime | None = None
    data: dict[str, Any]


@dataclass(frozen=True)
class Task:
    """Which messages, from where, into which database (a psycopg connection string)."""

    bootstrap: str
    topics: list[str]
    messages: int
    database: str
    batch: int


def read_task() -> Task:
    """Read the task of the command line."""
    return Task(**json.loads(sys.argv[1]))


def row_of(payload: bytes) -> tuple[Any, ...] | None:
    """Parse a message into its row; None for one that cannot be read, which is dropped."""
    try:
        event = Event.model_validate_json(payload)
    except ValidationError:
        return None
    return (event.source, event.id, event.type, event.subject, event.time, payload)


class Count:
    """Counts messages, and time from the first that came to the last that was stored."""

    def __init__(self, task: Task) -> None:
        self._wanted = task.messages
        self._begun: tuple[float, float] | None = None
        self.seen = 0
        self.seconds = self.cpu_seconds = 0.0

    def begin(self) -> None:
        """Note that messages come."""
        if self._begun is None:
            self._begun = time.perf_counter(), time.process_time()

    def stored(self, messages: int) -> bool:
        """Count messages that are done with; True when all are."""
        self.begin()
        assert self._begun is not None  # noqa: S101 - begun just now
        self.seen += messages
        self.seconds = time.perf_counter() - self._begun[0]
        self.cpu_seconds = time.process_time() - self._begun[1]
        return self.seen >= self._wanted

    def report(self) -> None:
        """Write the figure."""
        told = {"messages": self.seen, "seconds": self.seconds, "cpu_seconds": self.cpu_seconds}
        print(json.dumps(told))
