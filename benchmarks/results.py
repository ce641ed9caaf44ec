"""What a benchmark run leaves behind: plain values, kept as JSON."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks.steps import Spent


@dataclass(frozen=True, slots=True)
class Machine:
    """What it was measured on: names and versions, never a host's name."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    load: float  # processes that wanted to run when the measuring began, over a minute
    versions: dict[str, str]
    postgresql: dict[str, str]  # settings of the server that bear on speed


@dataclass(frozen=True, slots=True)
class Stream:
    """What was measured with."""

    seed: int
    messages: int
    mean_bytes: float
    by_topic: dict[str, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One measurement of one program.

    Attributes:
        messages: Messages it went through.
        seconds: Wall time.
        cpu_seconds: User and system time of the measured process; not of broker or PostgreSQL.
        peak_mib: Most memory resident in it, from its start on.
        before_mib: The same before the first message.
        counts: What else it can tell, by name.
        steps: CPU and wall time by step, where timers were on.
    """

    messages: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    before_mib: float
    counts: dict[str, int] = field(default_factory=dict)
    steps: dict[str, Spent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Growth:
    """What one case message costs; microseconds of CPU by part, where the case is so large."""

    reactions: int
    reports: int
    late: bool  # the message is older than all that the case has
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Results:
    """
    Everything of one call.

    Attributes:
        command: What was typed.
        started: UTC, ISO 8601.
        stream: The stream of `runs`.
        runs: One a repetition: measurements by name.
        memory: Measurements by program and number of messages.
        growth: What a case message costs as cases grow.
    """

    command: str
    started: str
    machine: Machine
    stream: Stream
    runs: list[dict[str, Figure]]
    memory: dict[str, dict[int, Figure]]
    growth: list[Growth]


_RESULTS = TypeAdapter(Results)


def save_results(path: Path, results: Results) -> None:
    """Write them as JSON; the folder is made if absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_RESULTS.dump_json(results, indent=1) + b"\n")


def load_results(path: Path) -> Results:
    """Read what `save_results` wrote."""
    return _RESULTS.validate_json(path.read_bytes())
